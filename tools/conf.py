"""The configuration file of Odoo, `.dev/odoo.conf`."""

import re
import secrets

from tools import odoo
from tools.paths import DATA, DEV, ROOT

CONF = DEV / "odoo.conf"


def write(access):
    """Write the configuration when it is not yet what it has to be.

    :param dict access: the `PG*` variables
    """
    text = _text(access, _master_password())
    if not CONF.exists() or CONF.read_text() != text:
        CONF.touch(mode=0o600)
        CONF.write_text(text)


def _master_password():
    found = re.search(r"^admin_passwd = (.+)$", CONF.read_text(), re.M) if CONF.exists() else None
    return found[1] if found else secrets.token_urlsafe(24)


def _text(access, master_password):
    options = {
        "addons_path": ",".join(str(folder) for folder in (*odoo.addons(), ROOT)),
        "admin_passwd": master_password,
        "data_dir": DATA,
        "db_host": access.get("PGHOST"),
        "db_port": access.get("PGPORT"),
        "db_user": access.get("PGUSER"),
        "db_password": access.get("PGPASSWORD"),
        "http_interface": "127.0.0.1",
        "limit_time_real": 600,
        "list_db": False,
        "log_level": "info",
        "workers": 0,
    }
    return "[options]\n" + "".join(f"{name} = {value}\n" for name, value in options.items() if value is not None)
