"""`./dev i18n`: the terms of esurat, exported and merged into the Indonesian translation."""

import subprocess

from tools import database, environment
from tools.paths import ADDON, ROOT
from tools.proc import quiet

TERMS = "esurat_terms"


def i18n():
    """Write `esurat.pot` anew, and merge it into `id.po`.

    :return: exit status
    :rtype: int
    """
    environment.activate()
    # a fresh database: one that was updated keeps terms that the addon has no more
    database.drop(TERMS)
    quiet(database.odoo("-d", TERMS, "-i", "esurat", "--stop-after-init", "--no-http"))
    (ADDON / "i18n").mkdir(exist_ok=True)
    quiet(database.odoo("i18n", "export", "-d", TERMS, "esurat", "-l", "pot"))
    database.drop(TERMS)
    return subprocess.run(["python", "-m", "tools.translations", "merge"], cwd=ROOT).returncode
