"""What was measured, as facts for JSON and as tables to be read."""

from statistics import median, quantiles

from bench import morning
from bench.acts import NAME as ESURAT
from bench.floor import NAME as FLOOR


def figures(samples):
    """Sum the repetitions of cases up.

    :param dict samples: ``{case: [Sample]}``
    :return: list of ``{"operation", "contestant", "n", "queries", "other_queries", "median_ms", "p95_ms",
        "floor_ratio"}``, contestants of one operation together; without a floor the ratio is ``None``
    :rtype: list[dict]
    """
    rows = [
        {
            "operation": case.operation,
            "contestant": case.contestant,
            "n": len(done),
            "queries": round(median(sample.queries for sample in done)),
            "other_queries": round(median(sample.others for sample in done)),
            **_times([sample.seconds for sample in done]),
        }
        for case, done in samples.items()
    ]
    floors = {row["operation"]: row["median_ms"] for row in rows if row["contestant"] == FLOOR}
    for row in rows:
        least = floors.get(row["operation"])
        row["floor_ratio"] = round(row["median_ms"] / least, 1) if least else None
    order = list(dict.fromkeys(row["operation"] for row in rows))
    return sorted(rows, key=lambda row: order.index(row["operation"]))


def http_figures(found):
    """Sum the acts over HTTP up.

    :param list found: what :func:`bench.http_load.run` returned
    :return: list of ``{"clients", "act", "n", "median_ms", "p95_ms", "per_second"}``
    :rtype: list[dict]
    """
    return [
        {
            "clients": one["clients"],
            "act": one["act"],
            "n": len(one["seconds"]),
            **_times(one["seconds"]),
            "per_second": round(len(one["seconds"]) / one["elapsed"], 1),
        }
        for one in found
    ]


def growth(sizes):
    """Compare the medians between the smallest and the largest table.

    :param dict sizes: ``{letters: {"operations", "plans"}}``
    :return: list of ``{"operation", "contestant", "medians_ms": {letters: ms}, "ratio"}``, empty for one size
    :rtype: list[dict]
    """
    if len(sizes) < 2:
        return []
    medians = {
        letters: {(row["operation"], row["contestant"]): row["median_ms"] for row in found["operations"]}
        for letters, found in sizes.items()
    }
    first, last = min(sizes), max(sizes)
    return [
        {
            "operation": operation,
            "contestant": contestant,
            "medians_ms": {letters: found[operation, contestant] for letters, found in medians.items()},
            "ratio": round(medians[last][operation, contestant] / medians[first][operation, contestant], 1),
        }
        for operation, contestant in medians[first]
        if (operation, contestant) in medians[last]
    ]


def show(results):
    """Print all tables.

    :param dict results: as they go to JSON
    """
    for letters, found in results["sizes"].items():
        print(f"\n{letters:,} letters, {3 * letters:,} holds; {results['transactions']}\n")
        _show_operations(found)
    if results["growth"]:
        print("\nAs the table grows (median ms); a search finds more in a larger table\n")
        _show_growth(results["growth"])
    if results["http"]:
        http = results["http"]
        print(f"\nHTTP, {http['workers']} workers, {http['letters']:,} letters\n")
        print(f"{'act':18}{'clients':>8}{'n':>6}{'median ms':>11}{'p95 ms':>9}{'acts/s':>9}")
        for row in http["acts"]:
            print(
                f"{row['act']:18}{row['clients']:>8}{row['n']:>6}{row['median_ms']:>11.1f}{row['p95_ms']:>9.1f}"
                f"{row['per_second']:>9.1f}"
            )

    if results["mornings"]:
        morning.show(results["mornings"])


def _show_operations(found):
    plans = {}
    for plan in found["plans"]:
        plans.setdefault((plan["operation"], plan["contestant"]), []).append(plan)
    print(f"{'operation':26}{'contestant':21}{'queries':>9}{'median ms':>11}{'p95 ms':>9}{'× floor':>9}{'n':>5}")
    before = None
    for row in found["operations"]:
        operation, contestant = row["operation"], row["contestant"]
        queries = f"{row['queries']}+{row['other_queries']}" if row["other_queries"] else row["queries"]
        print(
            f"{operation if operation != before else '':26}{contestant:21}{queries:>9}{row['median_ms']:>11.1f}"
            f"{row['p95_ms']:>9.1f}{row['floor_ratio'] or '':>9}{row['n']:>5}"
        )
        before = operation
    print(
        "\nqueries: of the act's own cursor, + of others (numbers, bus)\n\n"
        "What the lists read (plan of the ORM's query)\n"
    )
    for (operation, contestant), steps in plans.items():
        label = f"{operation:18}{contestant:21}"
        for step in steps:
            words = ", ".join([*step["indexes"], *(f"ALL OF {table}" for table in dict.fromkeys(step["scanned"]))])
            print(f"{label:39}{step['kind']:6}{step['ms']:>8.1f} ms  {words or 'no index'}")
            label = ""


def _show_growth(rows):
    sizes = list(rows[0]["medians_ms"])
    print(f"{'operation':26}{'contestant':21}{''.join(f'{size:>12,}' for size in sizes)}{'ratio':>8}")
    for row in rows:
        if row["contestant"] == FLOOR:
            continue
        medians = "".join(f"{ms:>12.1f}" for ms in row["medians_ms"].values())
        grows = "  grows" if row["contestant"] == ESURAT and row["ratio"] >= 2 else ""
        print(f"{row['operation']:26}{row['contestant']:21}{medians}{row['ratio']:>8.1f}{grows}")


def _times(seconds):
    p95 = quantiles(seconds, n=20, method="inclusive")[-1] if len(seconds) > 1 else seconds[0]
    return {"median_ms": round(1000 * median(seconds), 2), "p95_ms": round(1000 * p95, 2)}
