"""Databases of Odoo: asking for one, dropping one, and keeping the sample agency's up to date."""

import shutil
import subprocess

from tools.paths import ADDON, DATA, LOGS
from tools.proc import quiet
from tools.say import Failure, say
from tools.steps import digest_tree, stamp, stamped

SAMPLE = "esurat_sample"


def exists(name):
    """Tell whether the server has a database.

    :param str name: its name, one of ours
    :rtype: bool
    """
    query = f"SELECT 1 FROM pg_database WHERE datname = '{name}'"
    return bool(quiet(["psql", "-d", "postgres", "-tAc", query]).strip())


def drop(name):
    """Remove a database, if it is there, with its files.

    :param str name: its name
    """
    quiet(["dropdb", "--if-exists", "--force", "--maintenance-db=postgres", name])
    shutil.rmtree(DATA / "filestore" / name, ignore_errors=True)


def odoo(*arguments):
    """Return the command line of Odoo with arguments, in the environment already entered.

    :rtype: list[str]
    """
    return ["python", "-m", "odoo", *arguments]


def ensure_sample():
    """Have the sample agency's database, made on first use and updated when the addon changed since."""
    wanted = digest_tree(ADDON)
    done = stamped(SAMPLE)
    if done == wanted and exists(SAMPLE):
        return
    if done and exists(SAMPLE):
        say("sample agency: updating")
        _load("-u", "esurat")
    else:
        say("sample agency: creating the database")
        drop(SAMPLE)
        _load("-i", "esurat", "--with-demo", "--load-language=id_ID")
    stamp(SAMPLE, wanted)


def _load(*arguments):
    log = LOGS / "sample.log"
    with log.open("w") as stream:
        done = subprocess.run(
            odoo("-d", SAMPLE, *arguments, "--stop-after-init", "--no-http"),
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
        )
    if done.returncode:
        raise Failure(f"Odoo could not load the sample agency: see {log}")
