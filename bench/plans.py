"""Which indexes the plans of a list use: its own queries, captured and explained."""

import re

from bench.lab import queries

# Reading a whole table is worth a word once it has this many rows.
LARGE = 5_000


def explain(lab, case, table):
    """Return what the database does for the queries of a case that page or count *table*.

    :param Lab lab: the database
    :param Case case: a case that only reads
    :param str table: the table that the list shows
    :return: list of ``{"query", "kind": "page" | "count", "ms", "indexes", "scanned"}``; ``scanned`` names large tables
        that were read from end to end
    :rtype: list[dict]
    """
    found = []
    with lab.registry.cursor() as cr:
        for query, params in queries(lab, case):
            kind = _kind(query, table)
            if not kind:
                continue
            cr.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {query}", params)
            [[answer]] = cr.fetchone()
            nodes = list(_nodes(answer["Plan"]))
            found.append(
                {
                    "query": cr.mogrify(query, params).decode(),
                    "kind": kind,
                    "ms": answer["Planning Time"] + answer["Execution Time"],
                    "indexes": list(dict.fromkeys(node["Index Name"] for node in nodes if "Index Name" in node)),
                    "scanned": [node["Relation Name"] for node in nodes if _reads_all(node)],
                }
            )
    return found


def _kind(query, table):
    if not re.search(rf'FROM "?{table}\b', query):
        return None
    if re.match(r"\s*SELECT COUNT\(", query):
        return "count"
    return "page" if re.search(r"ORDER BY .* LIMIT ", query, re.S) else None


def _nodes(node):
    yield node
    for below in node.get("Plans", ()):
        yield from _nodes(below)


def _reads_all(node):
    rows = node.get("Actual Rows", 0) + node.get("Rows Removed by Filter", 0)
    return node["Node Type"] == "Seq Scan" and rows * node["Actual Loops"] >= LARGE
