"""Set-up as a whole, and the environment in which Odoo runs after it."""

import os

from tools import conf, libs, odoo, postgres, venv
from tools.paths import DATA, LOGS
from tools.steps import locked


def ensure():
    """Bring whatever is missing, start the database server, and return what leads to it all.

    :return: environment variables to be added to the present ones
    :rtype: dict[str, str]
    """
    with locked():
        for folder in (DATA, LOGS):
            folder.mkdir(exist_ok=True)
        odoo.ensure()
        libs.ensure()
        venv.ensure()
        access = postgres.ensure()
        conf.write(access)
    return {
        "PATH": _front("PATH", venv.MAIN / "bin", postgres.programs(), libs.programs()),
        "PYTHONPATH": _front("PYTHONPATH", odoo.LINK.parent),
        "LD_LIBRARY_PATH": _front("LD_LIBRARY_PATH", *libs.folders()),
        "FONTCONFIG_FILE": str(libs.FONTS),
        "ODOO_RC": str(conf.CONF),
        **access,
    }


def activate():
    """Set the project up and enter its environment.

    :return: the complete environment for programs to be started
    :rtype: dict[str, str]
    """
    os.environ.update(ensure())
    return dict(os.environ)


def _front(name, *folders):
    first = [str(folder) for folder in folders]
    rest = [part for part in os.environ.get(name, "").split(os.pathsep) if part and part not in first]
    return os.pathsep.join(first + rest)
