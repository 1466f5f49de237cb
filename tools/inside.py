"""The tests inside Odoo: those of `esurat/tests`, browser tours and JavaScript unit tests among them."""

import subprocess

from tools import browser, database
from tools.paths import ADDON, LOGS
from tools.postgres import free_port
from tools.result import Result
from tools.say import say
from tools.suite import declared
from tools.testlog import TestLog

DATABASE = "esurat_test"
FOLDER = ADDON / "tests"


def everything():
    """Install esurat into a fresh database and run all its tests.

    :rtype: Result
    """
    suite = declared(FOLDER)
    browser.ensure()
    database.drop(DATABASE)
    result, started = _run("-i", "esurat", "--load-language=id_ID", "--test-tags", "/esurat")
    if not suite:
        result.trouble("esurat/tests has no tests")
    for missing in sorted(suite - started):
        result.trouble(f"did not run: {missing}")
    return result


def some(tags):
    """Run the tests with the given tags in the database of the last run, updated.

    :param str tags: as Odoo's `--test-tags` takes them
    :rtype: Result
    """
    browser.ensure()
    action = "-u" if database.exists(DATABASE) else "-i"
    result, started = _run(action, "esurat", "--load-language=id_ID", "--test-tags", tags)
    if not started:
        result.trouble(f"no test has the tags {tags}")
    return result


def _run(*arguments):
    say("tests inside Odoo")
    command = database.odoo("-d", DATABASE, *arguments, "--stop-after-init", "--http-port", str(free_port()))
    log = TestLog(say)
    path = LOGS / "test-inside.log"
    with path.open("w") as copy:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        for line in process.stdout:
            copy.write(line)
            log.feed(line.rstrip("\n"))
    result = Result(passed=len(log.started) - len(log.failed) - len(log.skipped), failed=len(log.failed) + log.errors)
    for name in sorted(log.skipped):
        result.trouble(f"skipped: {name}")
    if process.wait() and not result.failed:
        result.trouble(f"Odoo ended with {process.returncode}: see {path}")
    return result, set(log.started)
