"""Python environments under `.dev`, made by a Python that may have neither pip nor ensurepip."""

import os
import platform
import shutil
import sys

from tools.apt import Apt
from tools.paths import DEV, REQUIREMENTS
from tools.proc import quiet
from tools.say import Failure
from tools.steps import replacing, stamp, step

PIP = DEV / "pip"
MAIN = DEV / "venv"
LINT = DEV / "lint"


def ensure():
    """Have the environment in which Odoo, esurat and their tests run."""
    _ensure(MAIN, "Odoo's Python requirements", "odoo.txt", "dev.txt")


def ensure_lint():
    """Have the environment of the linters."""
    _ensure(LINT, "linters", "lint.txt")


def ensure_packages(folder, words, *files):
    """Have the packages of *files* in a folder that no environment looks into by itself.

    :param Path folder: made anew when the files change
    :param str words: what the developer reads while it is filled
    :param Path files: requirements with hashes
    """

    def fetch():
        with replacing(folder) as root:
            _install(MAIN, files, "--target", root)

    step(folder.name, words, fetch, *files)


def _ensure(home, words, *names):
    files = [REQUIREMENTS / name for name in names]

    def build():
        _build(home, files)

    # The Python it was made from may be gone.
    if not os.access(home / "bin" / "python", os.X_OK):
        stamp(home.name, "")
    step(home.name, words, build, *files)


def _build(home, files):
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        raise Failure(f"Python 3.11, 3.12 or 3.13 is needed; this is {platform.python_version()}")
    # From nothing each time: an interrupted install, or a package no longer wanted, must leave no trace.
    shutil.rmtree(home, ignore_errors=True)
    quiet([sys.executable, "-m", "venv", "--without-pip", home])
    _install(home, files)


def _install(home, files, *more):
    wanted = [part for file in files for part in ("-r", file)]
    options = ["--quiet", "--no-deps", "--no-compile", "--require-hashes", "--only-binary", ":all:", *more]
    environment = {**os.environ, "PYTHONPATH": str(_pip()), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    quiet([home / "bin" / "python", "-m", "pip", "install", *options, *wanted], env=environment)


def _pip():
    def fetch():
        with replacing(PIP) as root:
            folder = Apt("machine").download("python3-pip-whl")
            for package in folder.glob("*.deb"):
                quiet(["dpkg", "-x", package, root])
                package.unlink()

    step("pip", "pip", fetch)
    return next(PIP.glob("usr/share/python-wheels/pip-*.whl"))
