"""The databases of the benchmark: one template with the agency, one filled copy for each number of letters."""

from pathlib import Path

from odoo import SUPERUSER_ID, api, sql_db
from odoo.modules.registry import Registry
from odoo.tools import config

from bench import fill, people
from tools import database, venv
from tools.paths import ADDON, DEV, ROOT
from tools.proc import quiet
from tools.say import say
from tools.steps import digest, digest_tree, stamp, stamped

TEMPLATE = "esurat_bench_base"
MODULES = "esurat,project,maintenance,bench_tier"
REQUIREMENTS = ROOT / "bench" / "requirements.txt"
PEERS = DEV / "peers"
OURS = ROOT / "bench" / "addons"


def boot():
    """Have the peers' addons, and make Odoo in this process ready to open databases; warnings alone are logged."""
    venv.ensure_packages(PEERS, "peers for the benchmark", REQUIREMENTS)
    options = ["--log-handler=:WARNING", "--log-handler=py.warnings:ERROR", "--no-http"]
    config.parse_config(options, setup_logging=True)
    config.parse_config([*options, *addons()])


def addons():
    """Return the option of Odoo that shows it the peers' addons beside its own.

    :rtype: list[str]
    """
    folders = [*config["addons_path"], str(PEERS / "odoo" / "addons"), str(OURS)]
    return ["--addons-path", ",".join(dict.fromkeys(folders))]


def ensure_template():
    """Have the template: made anew when the agency changed since, updated when the addon did.

    :raises Failure: when Odoo cannot install or update the addon
    """
    agency = digest(MODULES, REQUIREMENTS, digest_tree(OURS), Path(people.__file__).resolve())
    wanted = f"{agency} {digest_tree(ADDON)}"
    done = stamped(TEMPLATE)
    if done == wanted and database.exists(TEMPLATE):
        return
    options = ("-d", TEMPLATE, "--stop-after-init", "--no-http", "--log-level=error", *addons())
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
