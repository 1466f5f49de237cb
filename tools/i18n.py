"""`./dev i18n`: the terms of esurat, exported and merged into the Indonesian translation."""

import subprocess

from tools import database, environment
from tools.paths import ADDON, ROOT
from tools.proc import quiet


def i18n():
    """Write `esurat.pot` anew from the sample agency's database, and merge it into `id.po`.

    :return: exit status
    :rtype: int
    """
    environment.activate()
    database.ensure_sample()
    (ADDON / "i18n").mkdir(exist_ok=True)
    quiet(database.odoo("i18n", "export", "-d", database.SAMPLE, "esurat", "-l", "pot"))
    return subprocess.run(["python", "-m", "tools.translations", "merge"], cwd=ROOT).returncode
