"""Two servers exchange letters while one or the other is killed: nothing is lost, nothing comes twice."""

import random
import time

from conftest import free_port, in_shell, start, wait_until_up

LETTERS = 8
ROUNDS = 5

HERE = """
import base64, io, pikepdf
document = pikepdf.new()
document.add_blank_page()
content = io.BytesIO()
document.save(content)
company = env.ref("esurat.company_diskominfo")
company._esurat_make_exchange_certificate()
partner = env["res.partner"].create(
    {"name": "Dinas di Server Lain", "esurat_server": values["other"], "esurat_code": "DPK"}
)
author, head = env.ref("esurat.user_agendaris"), env.ref("esurat.user_kadis")
from odoo.addons.esurat.models.letter_review import Step
uuids = []
for number in range(values["letters"]):
    letter = env["esurat.letter"].with_user(author).with_company(company).create(
        {
            "direction": "outgoing",
            "written_here": True,
            "subject": f"Surat {number}",
            "sender_id": False,
            "addressee_ids": partner.ids,
            "classification_id": env.ref("esurat.classification_500_12").id,
            "body": "<p>Isi</p>",
        }
    )
    letter._submit([Step("sign", head.id)])
    letter.action_release()
    letter._take_signed_scan(content.getvalue(), "scan.pdf")
    uuids += letter._send().mapped("uuid")
result = {"certificate": company.esurat_exchange_certificate, "uuids": uuids}
"""
THERE = """
env["res.partner"].create(
    {"name": "Diskominfo di Server Lain", "esurat_code": "Diskominfo", "esurat_certificate": values["certificate"]}
)
result = True
"""
# what failed is due at once, so that the test need not wait for the pauses
HURRY = """
queue = env["esurat.consignment"].search([("state", "=", "queued")])
queue.write({"next_attempt": "2026-01-01", "attempts": 0})
env.ref("esurat.cron_consignment")._trigger()
result = len(queue)
"""
SENT = "result = env['esurat.consignment'].search([('uuid', 'in', values['uuids'])]).mapped('state')"
RECEIVED = "result = env['esurat.letter'].search([('consignment_uuid', '!=', False)]).mapped('consignment_uuid')"


def test_killed_servers_lose_and_double_nothing(database, other_database):
    port, other_port = free_port(), free_port()
    made = in_shell(database, HERE, other=f"http://127.0.0.1:{other_port}", letters=LETTERS)
    in_shell(other_database, THERE, certificate=made["certificate"])
    chance, processes = random.Random(4), {}

    def up(name):
        options = (database, port, "--max-cron-threads=1") if name == "here" else (other_database, other_port)
        processes[name] = start(*options)
        wait_until_up(f"http://127.0.0.1:{options[1]}", processes[name])

    def down(name):
        process = processes.pop(name)
        process.kill()
        process.wait()

    try:
        up("here")
        up("there")
        for _round in range(ROUNDS):
            if not in_shell(database, HURRY):
                break
            time.sleep(chance.uniform(0, 0.6))
            victim = chance.choice(["here", "there"])
            down(victim)
            up(victim)
        # undisturbed, the rest arrives
        for _try in range(10):
            in_shell(database, HURRY)
            time.sleep(5)
            states = in_shell(database, SENT, uuids=made["uuids"])
            if set(states) == {"delivered"}:
                break
        assert set(states) == {"delivered"}
    finally:
        for name in list(processes):
            down(name)
    received = in_shell(other_database, RECEIVED)
    assert sorted(received) == sorted(made["uuids"])
