"""Several letters are signed at once, on a phone and on a desk."""

import base64
import re

import pytest
from conftest import in_shell
from playwright.sync_api import expect
from test_answering import PASSPHRASE, certificate

# Several letters of the secretary wait for the head, who has looked at them all but the last.
WAITING = """
from odoo.addons.esurat.models.letter_review import Step
import base64
author, head = env.ref("esurat.user_sekretaris"), env.ref("esurat.user_kadis")
letters = env["esurat.letter"].with_user(author).create(
    [
        {
            "direction": "outgoing",
            "written_here": True,
            "sender_id": False,
            "subject": f"Surat uji {number:03}",
            "body": "<p>Isi</p>" * 20,
            "addressee_ids": env.ref("esurat.partner_disdik").ids,
            "classification_id": env.ref("esurat.classification_500_12").id,
        }
        for number in range(values["letters"])
    ]
)
for letter in letters:
    letter._submit([Step("sign", head.id)])
letters[:-1].with_user(head).action_open()
file = {"file": values["certificate"], "passphrase": values["passphrase"]}
env["esurat.certificate"].with_user(head).create(file)
result = letters.ids
"""
OPENED = """
env["esurat.letter"].with_user(env.ref("esurat.user_kadis")).browse(values["ids"]).action_open()
result = True
"""
NUMBERS = "result = env['esurat.letter'].browse(values['ids']).mapped('serial')"


def choose_all(page, size, text):
    """Choose all letters with *text* in a list: on a desk by their boxes, on a phone by a long touch on each card."""
    if size == "desk":
        for row in page.locator(f".o_data_row:has-text('{text}')").all():
            row.locator(".o_list_record_selector input").check()
        return
    for card in page.locator(f".o_kanban_record:has-text('{text}')").all():
        card.dispatch_event("touchstart")
        # as long as it takes: a busy machine counts the time of a touch late
        expect(card).to_have_class(re.compile("o_record_selected"), timeout=60_000)
        card.dispatch_event("touchend")
    page.locator(".o_cp_action_menus button").first.click()


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_many_are_signed_and_what_stops_is_taken_up(sign_in, server, database, size):
    """All that were looked at are chosen at once; what one letter lacks holds up no other."""
    content = base64.b64encode(certificate()["buffer"]).decode()
    ids = in_shell(database, WAITING, letters=4, certificate=content, passphrase=PASSPHRASE)
    head = sign_in("kadis", size)

    def sign_all():
        head.goto("/odoo/esurat")
        head.locator("[data-tray=to_sign]").click()
        head.wait_for_selector(".o_data_row, .o_kanban_record")
        choose_all(head, size, "Surat uji")
        head.locator("button[name=action_sign]:visible, .o-dropdown-item:text-is('Tandatangani')").first.click()

    sign_all()
    # one of them has not been looked at
    head.wait_for_selector(".o_error_dialog, .modal:has-text('Surat uji 003')")
    head.locator(".modal .btn-primary").first.click()
    in_shell(database, OPENED, ids=ids)
    sign_all()
    head.fill("#esurat_passphrase", PASSPHRASE)
    head.locator(".o_esurat_sign button[type=submit]").click()
    head.wait_for_selector(".o_esurat_sign", state="detached")
    serials = in_shell(database, NUMBERS, ids=ids)
    assert all(serials)
    assert max(serials) - min(serials) == len(ids) - 1
