"""Commands that only start a program in the project's environment."""

import os
import subprocess
from pathlib import Path

from tools import database, environment
from tools.paths import ROOT
from tools.say import Failure


def shell(script=None, *arguments):
    """Open Odoo's shell on the sample agency, or run a script in it.

    :param str script: a file to be run instead of an interactive shell
    :param arguments: further options of Odoo's shell
    :return: exit status
    :raises Failure: when there is no such file
    """
    if script and not Path(script).is_file():
        raise Failure(f"there is no file {script}")
    environment.activate()
    database.ensure_sample()
    command = database.odoo("shell", "-d", database.SAMPLE, "--no-http", *arguments)
    if not script:
        os.execvp(command[0], command)
    with open(script) as stream:
        return subprocess.run(command, stdin=stream).returncode


def bench(*arguments):
    """Run the benchmarks.

    :param arguments: options of `bench/run.py`
    """
    environment.activate()
    os.chdir(ROOT)
    os.execvp("python", ["python", "bench/run.py", *arguments])
