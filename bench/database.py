"""The databases of the benchmark: one template with the agency, one filled copy for each number of letters."""

from pathlib import Path

from odoo import SUPERUSER_ID, api, sql_db
from odoo.modules.registry import Registry
from odoo.tools import config

from bench import fill, people
from tools import database
from tools.paths import ADDON
from tools.proc import quiet
from tools.say import say
from tools.steps import digest, stamp, stamped

TEMPLATE = "esurat_bench_base"
MODULES = "esurat,project,maintenance"


def boot():
    """Make Odoo in this process ready to open databases; warnings alone are logged."""
    config.parse_config(["--log-handler=:WARNING", "--log-handler=py.warnings:ERROR", "--no-http"], setup_logging=True)


def ensure_template():
    """Have the template: made anew when the agency changed since, updated when the addon did.

    :raises Failure: when Odoo cannot install or update the addon
    """
    agency = digest(Path(people.__file__).resolve())
    wanted = f"{agency} {_addon_digest()}"
    done = stamped(TEMPLATE)
    if done == wanted and database.exists(TEMPLATE):
        return
    options = ("-d", TEMPLATE, "--stop-after-init", "--no-http", "--log-level=error")
    if done.startswith(agency) and database.exists(TEMPLATE):
        say("bench: updating the template")
        stamp(TEMPLATE, agency)
        quiet(database.odoo(*options, "-u", "esurat"))
    else:
        say("bench: making the template")
        stamp(TEMPLATE, "")
        database.drop(TEMPLATE)
        quiet(database.odoo(*options, "-i", MODULES))
        with Registry(TEMPLATE).cursor() as cr:
            people.create(api.Environment(cr, SUPERUSER_ID, {}))
        forget(TEMPLATE)
    stamp(TEMPLATE, wanted)


def make(letters):
    """Copy the template and fill the copy.

    :param int letters: how many letters, and how many tasks and requests of the peers
    :return: name of the database
    :rtype: str
    """
    name = f"esurat_bench_{letters}"
    database.drop(name)
    quiet(database.odoo("db", "duplicate", TEMPLATE, name))
    say(f"bench: filling {name}")
    with sql_db.db_connect(name).cursor() as cr:
        fill.fill(cr, letters)
    # as autovacuum would do it in time, and not in the middle of a measurement
    quiet(["vacuumdb", "--analyze", "--quiet", "-d", name])
    return name


def drop(name):
    """Remove a database that was measured.

    :param str name: its name
    """
    forget(name)
    database.drop(name)


def forget(name):
    """Close what this process has open in a database.

    :param str name: its name
    """
    Registry.delete(name)
    sql_db.close_db(name)


def _addon_digest():
    files = sorted(path for path in ADDON.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return digest(*(part for path in files for part in (path.relative_to(ADDON), path)))
