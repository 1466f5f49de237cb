"""One process that registers letters as fast as it can; see test_concurrency.py. Prints one JSON line at its end."""

import json
import os
import random
import sys
import time

import odoo
from odoo import api
from odoo.modules.registry import Registry


def main(database, writer, registrations):
    """Register letters and report.

    :param str database: name of the database
    :param int writer: its number decides the habit: even ones take incoming letters first, odd ones last
    :param int registrations: how often; a third is rolled back
    """
    odoo.tools.config.parse_config(["-c", os.environ["ODOO_RC"], "-d", database, "--log-level=error"])
    registry = Registry(database)
    chance = random.Random(writer)
    waits, committed, errors = [], [], []
    print("ready", flush=True)
    sys.stdin.readline()
    for turn in range(registrations):
        try:
            with registry.cursor() as cr:
                env = api.Environment(cr, registrar(cr), {"lang": "id_ID"})
                rolled_back = chance.random() < 1 / 3
                letters = draft(env, writer, turn)
                before = time.monotonic()
                letters.action_register()
                serials = [(letter.series_id.id, letter.year, letter.serial) for letter in letters]
                if rolled_back:
                    cr.rollback()
                else:
                    cr.commit()
                    committed += serials
                waits.append(time.monotonic() - before)
        except Exception as error:  # noqa: BLE001 - whatever goes wrong is what the test looks for
            errors.append(repr(error))
    print(json.dumps({"waits": waits, "committed": committed, "errors": errors}), flush=True)


def registrar(cr):
    """Return the id of the sample agency's registrar."""
    cr.execute("SELECT id FROM res_users WHERE login = 'agendaris'")
    return cr.fetchone()[0]


def draft(env, writer, turn):
    """Return an incoming and an outgoing draft, in the order of the writer's habit."""
    values = {"subject": f"Surat {writer}/{turn}", "sender_id": env.company.partner_id.id}
    directions = ["incoming", "outgoing"] if writer % 2 == 0 else ["outgoing", "incoming"]
    return env["esurat.letter"].create([{**values, "direction": direction} for direction in directions])


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
