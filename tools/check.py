"""`./dev check`: whether a database and its files are whole, as ``esurat.integrity`` and ``esurat.audit`` say."""

import json
import subprocess

from tools import database, environment
from tools.say import Failure, say

_SCRIPT = """
import json
audit = env["esurat.audit"]._check()
found = env["esurat.integrity"]._broken(contents=True) + (audit.findings or "").splitlines()
counted = {
    "esurat.letter": [],
    "esurat.holder": [],
    "esurat.disposition": [],
    "esurat.signature": [("state", "=", "signed")],
    "esurat.consignment": [],
    "esurat.trail": [],
}
counts = {name: env[name].with_context(active_test=False).search_count(domain) for name, domain in counted.items()}
env.cr.commit()
print("FOUND " + json.dumps({"broken": found, "counts": counts, "seal": audit.digest}))
"""


def check(name=database.SAMPLE):
    """Check a database, every file of a letter included, and print what does not hold.

    :param str name: the database
    :return: 0 where everything holds, else 1
    :rtype: int
    """
    environment.activate()
    if name == database.SAMPLE:
        database.ensure_sample()
    found = look(name)
    for line in found["broken"]:
        say(f"broken: {line}")
    say(f"{len(found['broken'])} broken; " + ", ".join(f"{count} {key}" for key, count in found["counts"].items()))
    say(f"seal of the trail: {found['seal'] or 'none yet'}")
    return 1 if found["broken"] else 0


def look(name):
    """Return what the check of a database finds.

    :param str name: the database
    :return: ``{"broken": [str], "counts": {model: int}, "seal": str}``
    :raises Failure: where the check cannot run
    """
    if not database.exists(name):
        raise Failure(f"there is no database {name}")
    command = database.odoo("shell", "-d", name, "--no-http", "--log-level=error")
    done = subprocess.run(command, input=_SCRIPT, capture_output=True, text=True)
    lines = [line for line in done.stdout.splitlines() if "FOUND " in line]
    if not lines:
        raise Failure(f"the check of {name} did not run:\n{done.stderr[-2000:]}")
    return json.loads(lines[-1].partition("FOUND ")[2])
