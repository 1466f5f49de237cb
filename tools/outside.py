"""The tests from outside: pytest over `tests/`, which meets esurat as people and other systems do."""

import os
import subprocess
from xml.etree import ElementTree

from tools import browser
from tools.paths import LOGS, OUTSIDE, ROOT
from tools.proc import quiet
from tools.result import Result
from tools.say import say

REPORT = LOGS / "test-outside.xml"
PYTEST = ["python", "-m", "pytest", "-p", "no:cacheprovider"]


def everything():
    """Run all tests of the folder.

    :rtype: Result
    """
    if not any(OUTSIDE.rglob("test_*.py")):
        result = Result()
        result.trouble("tests/ has no tests")
        return result
    listing = quiet([*PYTEST, "--collect-only", "-q", OUTSIDE], cwd=ROOT)
    collected = sum("::" in line for line in listing.splitlines())
    result, ran = _run(str(OUTSIDE))
    if not collected or ran < collected:
        result.trouble(f"tests/ ran {ran} of {collected} tests")
    return result


def some(*arguments):
    """Run pytest with arguments of the developer's choice.

    :param arguments: files, node ids and options of pytest
    :rtype: Result
    """
    result, ran = _run(*(arguments or (str(OUTSIDE),)))
    if not ran:
        result.trouble("no test ran")
    return result


def _run(*arguments):
    browser.ensure()
    say("tests from outside")
    REPORT.unlink(missing_ok=True)
    options = ["--verbose", f"--junit-xml={REPORT}", "-o", "junit_family=xunit2"]
    with (LOGS / "test-outside.log").open("w") as copy:
        process = subprocess.Popen(
            [*PYTEST, *options, *arguments],
            cwd=ROOT,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        for line in process.stdout:
            copy.write(line)
            say(line.rstrip("\n"))
    status = process.wait()
    result, ran = _read()
    if status and not result.failed:
        result.trouble(f"pytest ended with {status}")
    return result, ran


def _read():
    if not REPORT.exists():
        return Result(), 0
    counts = [suite.attrib for suite in ElementTree.parse(REPORT).getroot().iter("testsuite")]
    total, failures, errors, skipped = (
        sum(int(suite[name]) for suite in counts) for name in ("tests", "failures", "errors", "skipped")
    )
    result = Result(passed=max(0, total - failures - errors - skipped), failed=failures + errors)
    for _ in range(skipped):
        result.trouble("a test from outside was skipped")
    return result, total
