"""One process that writes the morning messages of a database as the scheduler would; see test_morning.py."""

import os
import sys

from freezegun import freeze_time

import odoo
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry

# a Tuesday, 07.20 in Makassar
MOMENT = "2026-06-01 23:20:00"


def main(database, send=""):
    """Run the scheduled action to its end.

    :param str database: its name
    :param str send: anything: send what is queued as well
    """
    odoo.tools.config.parse_config(["-c", os.environ["ODOO_RC"], "-d", database, "--log-level=error"])
    registry = Registry(database)
    with registry.cursor() as cr, freeze_time(MOMENT, tick=True):
        env = api.Environment(cr, SUPERUSER_ID, {})
        env["esurat.morning"]._cron_write()
        if send:
            env["mail.mail"].process_email_queue()


if __name__ == "__main__":
    main(*sys.argv[1:])
