"""`./dev bench`: what esurat costs, beside stock peers and the raw SQL floor."""

import argparse
import fcntl
import json
import os
import platform
import sys
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from odoo import release  # noqa: E402

from bench import acts, answering, database, floor, http_load, lab, morning, overviews, peers, plans, table  # noqa: E402
from tools.paths import DEV  # noqa: E402
from tools.say import Failure, say  # noqa: E402

SIZES = [10_000, 100_000]
CROWDS = [1_000, 10_000]
CROWD_LETTERS = 1_000  # of the database that a crowd joins
LISTS = {
    "inbox page": "esurat.holder",
    "inbox counters": "esurat.holder",
    "my letters page": "esurat.letter",
    "my letters count": "esurat.letter",
    "register page": "esurat.letter",
    "search a number": "esurat.letter",
    "search a subject": "esurat.letter",
    "search a sender": "esurat.letter",
}


def main(arguments):
    """Measure, print the tables and write the JSON.

    :param list[str] arguments: of the command line
    :return: exit status
    :rtype: int
    """
    options = _parser().parse_args(arguments)
    results = {
        "machine": {"cpus": os.cpu_count(), "python": platform.python_version(), "odoo": release.version},
        "transactions": "every act is committed, by all contestants",
        "sizes": {},
        "http": None,
        "mornings": [],
    }
    with _alone():
        database.boot()
        database.ensure_template()
        try:
            _fill_results(results, sorted(set(options.letters)), options.quick)
            _fill_mornings(results, sorted(set(options.people)), options.quick)
        finally:
            # what was measured before something went wrong is worth having
            results["growth"] = table.growth(results["sizes"])
            options.json.write_text(json.dumps(results, indent=1))
            table.show(results)
    return 0


@contextmanager
def _alone():
    """Keep a second benchmark away: it would take our databases, and our time."""
    with (DEV / "bench.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Failure("another ./dev bench is running; two would measure each other") from error
        yield


def _fill_results(results, sizes, quick):
    rounds, budget, requests = (8, 2, 40) if quick else (30, 15, 200)
    for letters in sizes:
        name = database.make(letters)
        try:
            where = lab.Lab(name)
            say(f"bench: measuring {name}")
            results["sizes"][letters] = _measure(where, rounds, budget)
            if letters == sizes[-1]:
                say("bench: HTTP")
                found = table.http_figures(http_load.run(where, requests))
                results["http"] = {"workers": http_load.WORKERS, "letters": letters, "acts": found}
        finally:
            database.drop(name)


def _fill_mornings(results, crowds, quick):
    for people in crowds:
        name = database.make(CROWD_LETTERS)
        try:
            say(f"bench: the morning of {people} people")
            results["mornings"].append(morning.measure(lab.Lab(name), people, 1 if quick else 3))
        finally:
            database.drop(name)


def _measure(where, rounds, budget):
    cases = [
        *acts.cases(where),
        *answering.cases(where),
        *peers.cases(where),
        *floor.cases(where),
        *overviews.cases(where),
    ]
    # one operation after the other, its contestants side by side
    order = list(dict.fromkeys(case.operation for case in cases))
    cases.sort(key=lambda case: order.index(case.operation))
    samples = lab.run(where, cases, rounds, budget)
    operations = table.figures(samples)
    explained = []
    for case in samples:
        if case.operation in LISTS and case.contestant != floor.NAME:
            model = LISTS[case.operation] if case.contestant == acts.NAME else case.contestant
            for plan in plans.explain(where, case, where.registry[model]._table):
                explained.append({"operation": case.operation, "contestant": case.contestant, **plan})
    return {"operations": operations, "plans": explained}


def _parser():
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument(
        "--letters", type=int, nargs="*", default=SIZES, metavar="N", help="sizes of the register: 1000 to 1000000"
    )
    parser.add_argument(
        "--people", type=int, nargs="*", default=CROWDS, metavar="N", help="people written to on a morning"
    )
    parser.add_argument("--json", type=Path, default=DEV / "bench.json", metavar="FILE", help="where the figures go")
    parser.add_argument("--quick", action="store_true", help="few repetitions: for a look, not for figures")
    return parser


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Failure as failure:
        say(f"dev bench: {failure}")
        sys.exit(1)
