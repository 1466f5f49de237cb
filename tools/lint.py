"""`./dev lint`: what can be said about the code without running it."""

import os
import subprocess

from tools import venv
from tools.paths import ADDON, LOGS, ROOT
from tools.say import Failure, say
from tools.steps import locked

PROGRAMS = venv.LINT / "bin"
CHECKS = {
    "ruff check": ["ruff", "check", "--no-cache", "."],
    "ruff format": ["ruff", "format", "--no-cache", "--check", "."],
    "pylint-odoo": ["pylint", "--rcfile=.pylintrc-mandatory", "esurat"],
    "oca-checks-odoo-module": ["oca-checks-odoo-module", "esurat"],
    # po-pretty-format empties what reads the same in both languages, and an empty entry looks forgotten
    "oca-checks-po": ["oca-checks-po", "--disable=po-pretty-format", "esurat/i18n/esurat.pot", "esurat/i18n/id.po"],
    "translations": ["python", "-m", "tools.translations", "check"],
}
ADVICE = ["pylint", "--rcfile=.pylintrc", "--exit-zero", "esurat"]


def lint():
    """Run every linter, one line each; what a failing one says follows its line.

    Advice that binds nobody goes to `.dev/logs/lint-advice.log`.

    :return: 0 when all pass
    :rtype: int
    :raises Failure: when there is no addon to look at
    """
    if not ADDON.is_dir():
        raise Failure("there is no esurat/")
    with locked():
        LOGS.mkdir(exist_ok=True)
        venv.ensure_lint()
    passed = [_passes(name, command) for name, command in CHECKS.items()]
    (LOGS / "lint-advice.log").write_text(_run(ADVICE).stdout)
    return 0 if all(passed) else 1


def _passes(name, command):
    done = _run(command)
    say(f"{name}: {'FAILED' if done.returncode else 'ok'}")
    if done.returncode:
        say(done.stdout.rstrip())
    return not done.returncode


def _run(command):
    return subprocess.run(
        [PROGRAMS / command[0], *command[1:]],
        cwd=ROOT,
        env={**os.environ, "PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
