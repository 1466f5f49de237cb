"""Work goes on while somebody is away, and a secret letter comes as a closed envelope, on a phone and on a desk."""

import io

import pikepdf
import pytest
from client import act, choose
from conftest import in_shell

SUBJECT = "Undangan yang ditangani Plh."

# a letter lies with the head of a division, whose Plh. is another one
DISPOSED = """
company = env.ref("esurat.company_diskominfo")
author = env.ref("esurat.user_agendaris")
letter = env["esurat.letter"].with_user(author).with_company(company).create(
    {"subject": values["subject"], "sender_id": env.ref("esurat.partner_disdik").id}
)
letter.action_register()
head, absent = env.ref("esurat.user_kadis"), env.ref("esurat.user_kabid_statistik")
hold = env["esurat.holder"].with_user(head).search([("letter_id", "=", letter.id), ("user_id", "=", head.id)])
users = env["res.users"].with_user(head)
hold._dispose(users.browse(absent.id), users, env["esurat.instruction"].with_user(head), "Mohon ditangani")
result = absent.id
"""
SEALED = """
letter = env["esurat.letter"].search([("number", "=", "R-77/UJI")])
readings = env["esurat.reading"].search([("letter_id", "=", letter.id)])
result = [letter.subject, letter.sealed, letter.page_count, sorted(set(readings.user_id.mapped("login")))]
"""


def row(text):
    """Return the selector of a line of a list or a card with *text*."""
    return f".o_data_row:has-text('{text}') td[name=subject], .o_kanban_record:has-text('{text}')"


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_a_deputy_works_in_the_other_inbox(sign_in, database, size):
    absent = in_shell(database, DISPOSED, subject=SUBJECT)
    deputy = sign_in("kabid.infra", size)
    deputy.goto("/odoo/esurat")
    deputy.locator(f"[data-principal='{absent}']").click()
    deputy.locator("[data-tray=unread_disposition]").click()
    deputy.locator(row(SUBJECT)).first.click()
    deputy.wait_for_selector(".alert:has-text('Lestari Wulandari'):visible")
    act(deputy, "action_follow_up")
    deputy.fill("div[name=response] textarea", "Sudah dihadiri")
    deputy.locator(".modal-footer button[name=action_confirm]:visible").click()
    deputy.wait_for_selector(".o_esurat_chain :text('Plh. Ir. Rudi Hartanto')")
    # whoever was away finds what was done, and by whom
    back = sign_in("kabid.statistik", size)
    back.goto("/odoo/esurat-inbox")
    back.wait_for_selector(".o_list_view, .o_kanban_view")
    assert not back.locator(row(SUBJECT)).count()


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_a_closed_envelope_is_opened_by_the_head(sign_in, database, size):
    registrar = sign_in("agendaris", size)
    registrar.goto("/odoo/esurat-incoming/new")
    registrar.wait_for_selector(".o_esurat_letter")
    field = registrar.locator("div[name=security_class]")
    if field.locator("select").count():
        field.locator("select").select_option(label="Rahasia")
    else:
        field.locator("input").click()
        registrar.locator(".o_select_menu_item:has-text('Rahasia')").first.click()
    registrar.wait_for_selector("h2:has-text('Sampul tertutup'):visible")
    assert not registrar.locator("div[name=subject] input:visible, div[name=summary] textarea:visible").count()
    choose(registrar, "sender_id", "Dinas Kesehatan")
    registrar.fill("div[name=number] input", "R-77/UJI")
    act(registrar, "action_register")
    registrar.wait_for_selector(".o_notification:has-text('pada sampul')")

    head = sign_in("kadis", size)
    head.goto("/odoo/esurat")
    head.locator("[data-tray=unread_letter]").click()
    head.locator(row("Surat rahasia")).first.click()
    head.wait_for_selector("h2:has-text('Sampul tertutup'):visible")
    act(head, "action_unseal")
    head.fill(".modal div[name=subject] input", "Pemeriksaan khusus")
    document, buffer = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    document.save(buffer)
    file = {"name": "isi.pdf", "mimeType": "application/pdf", "buffer": buffer.getvalue()}
    head.set_input_files(".modal div[name=scan] input[type=file]", file)
    head.locator(".modal-footer button[name=action_confirm]:visible").click()
    head.wait_for_selector("div[name=subject]:has-text('Pemeriksaan khusus'), div[name=subject] input:visible")
    subject, sealed, pages, readers = in_shell(database, SEALED)
    assert (subject, sealed, pages) == ("Pemeriksaan khusus", False, 1)
    assert "kadis" in readers

    # the registrar finds nothing of it any more
    registrar.goto("/odoo/esurat-incoming")
    registrar.wait_for_selector(".o_list_view, .o_kanban_view")
    registrar.wait_for_selector(".o_data_row, .o_kanban_record")
    assert not registrar.locator(":text('R-77/UJI')").count()
