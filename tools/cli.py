"""The commands of `./dev`."""

import importlib
import os
import shlex
import sys

from tools.say import Failure, say

# name: (module under tools, function, what it is for). A module is loaded when its command is given.
COMMANDS = {
    "run": ("run", "run", "start the sample agency on http://127.0.0.1:8069 (ESURAT_PORT changes the port)"),
    "test": ("test", "test", "run all tests; --tags TAGS or --outside [PYTEST ARGS] runs some of them"),
    "lint": ("lint", "lint", "run the linters"),
    "shell": ("launch", "shell", "Odoo's shell on the sample agency; a FILE is run as a script in it"),
    "env": ("cli", "env", 'print the environment: eval "$(./dev env)"'),
    "check": ("check", "check", "check a database and its files: check [DATABASE]"),
    "backup": ("backup", "backup", "keep a database and its files: backup DATABASE FOLDER"),
    "restore": ("backup", "restore", "bring a backup back, neutralised: restore FOLDER DATABASE [--original]"),
    "rehearse": ("backup", "rehearse", "back up, restore beside it and check: rehearse [DATABASE]"),
    "bench": ("launch", "bench", "run the benchmarks: bench/run.py ARGS"),
    "i18n": ("i18n", "i18n", "export the terms to translate and merge them into the Indonesian translation"),
    "clean": ("clean", "clean", "stop the database server and remove .dev"),
}


def main(arguments):
    """Carry out one command line.

    :param list[str] arguments: what follows `./dev`
    :return: exit status
    :rtype: int
    """
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print("usage: ./dev COMMAND [ARGS]\n")
        print("\n".join(f"  {name:8} {purpose}" for name, (*_, purpose) in COMMANDS.items()))
        return 0
    name, *rest = arguments
    if name not in COMMANDS:
        say(f"dev: no command {name!r}; `./dev` lists them")
        return 2
    module, function, _ = COMMANDS[name]
    try:
        return getattr(importlib.import_module(f"tools.{module}"), function)(*rest) or 0
    except Failure as failure:
        say(f"dev {name}: {failure}")
        return 1
    except KeyboardInterrupt:
        return 130


def env():
    """Print what the environment adds, as exports for a shell."""
    from tools import environment

    for name, value in environment.ensure().items():
        if value != os.environ.get(name, ""):
            sys.stdout.write(f"export {name}={shlex.quote(value)}\n")
