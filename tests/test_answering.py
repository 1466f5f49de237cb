"""A letter leaves the house: written, initialled by two, signed, sent to two agencies, checked by a stranger."""

import base64
import datetime
import io
import re

import pypdfium2
import pytest
import zxingcpp
from client import act
from conftest import free_port, in_shell, serving
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12

PASSPHRASE = "kata sandi kepala"
SUBJECT = "Jawaban Undangan Uji Coba"

# The city's other server has the agency DPK, which knows the certificate of Diskominfo here.
HERE = """
company = env.ref("esurat.company_diskominfo")
company._esurat_make_exchange_certificate()
env["ir.config_parameter"].set_param("web.base.url", values["address"])
partner = env["res.partner"].create(
    {"name": "Dinas di Server Lain", "esurat_server": values["other"], "esurat_code": "DPK"}
)
author = env.ref("esurat.user_agendaris")
letter = env["esurat.letter"].with_user(author).create(
    {
        "subject": "Undangan Uji Coba",
        "sender_id": env.ref("esurat.company_dpk").partner_id.id,
        "number": "005/1/UJI",
        "classification_id": env.ref("esurat.classification_500_12").id,
    }
)
letter.action_register()
result = {"certificate": company.esurat_exchange_certificate, "letter": letter.id}
"""
THERE = """
env["res.partner"].create(
    {"name": "Diskominfo di Server Lain", "esurat_code": "Diskominfo", "esurat_certificate": values["certificate"]}
)
result = True
"""
RECEIVED = """
letters = env["esurat.letter"].search([("consignment_uuid", "!=", False)])
result = [[one.subject, one.number, one.company_id.esurat_code, one.page_count] for one in letters]
"""

ANSWERED = """
letter = env["esurat.letter"].browse(values["id"])
result = [letter.state, letter.write_off_note]
"""
FILE = """
import base64
letter = env["esurat.letter"].search([("subject", "=", values["subject"]), ("direction", "=", "outgoing")])
result = base64.b64encode(letter.message_main_attachment_id.raw).decode()
"""


def certificate():
    """Return a PKCS#12 file of the head as a file to be chosen in a form."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Surya Adiwinata")])
    today = datetime.datetime.now(datetime.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=365))
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                content_commitment=True,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=False,
                crl_sign=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .sign(key, hashes.SHA256())
    )
    lock = serialization.BestAvailableEncryption(PASSPHRASE.encode())
    content = pkcs12.serialize_key_and_certificates(b"kepala", key, signed, None, lock)
    return {"name": "kepala.p12", "mimeType": "application/x-pkcs12", "buffer": content}


def code_on(pdf):
    """Return the text of the QR code on the first page of a PDF (bytes)."""
    with pypdfium2.PdfDocument(io.BytesIO(pdf)) as document:
        # signatures are fields of a form
        document.init_forms()
        [code] = zxingcpp.read_barcodes(document[0].render(scale=200 / 72, grayscale=True).to_pil())
    return code.text


def open_tray(page, tray, subject=SUBJECT):
    """Open the letter *subject* from a tray of the home screen."""
    page.goto("/odoo/esurat")
    page.locator(f"[data-tray={tray}]").click()
    page.locator(
        f".o_data_row:has-text('{subject}') td[name=subject], .o_kanban_record:has-text('{subject}')"
    ).first.click()
    page.wait_for_selector(f".o_esurat_letter h2:has-text('{subject}'), .o_esurat_letter div[name=subject] input")


@pytest.fixture
def servers(database, other_database):
    """Two servers that know each other: ``(address here, address there, id of a letter to be answered)``."""
    port, other_port = free_port(), free_port()
    address, other = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{other_port}"
    made = in_shell(database, HERE, address=address, other=other)
    in_shell(other_database, THERE, certificate=made["certificate"])
    with serving(database, "--max-cron-threads=1", port=port), serving(other_database, port=other_port):
        yield address, other, made["letter"]


@pytest.fixture
def server(servers):
    """The address at which people sign in."""
    return servers[0]


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_answer_initial_sign_send_verify(sign_in, browser, servers, other_database, database, size):
    author = sign_in("agendaris", size)
    author.goto(f"/odoo/esurat.letter/{servers[2]}")
    author.wait_for_selector(".o_esurat_letter .o_form_statusbar")
    act(author, "action_answer")
    author.wait_for_selector(".o_esurat_preview iframe")
    author.fill("div[name=subject] input", SUBJECT)
    addressees = author.locator("div[name=addressee_ids]")
    assert "Perpustakaan" in addressees.inner_text()
    entry = addressees.locator("input")
    if entry.get_attribute("readonly") is None:
        entry.fill("Dinas di Server Lain")
        author.locator(".o-autocomplete--dropdown-item:has-text('Dinas di Server Lain')").first.click()
    else:
        entry.click()
        author.locator(".modal .o_kanban_record:has-text('Dinas di Server Lain'), .modal .o_data_row").first.click()
    text = author.locator("div[name=body] .odoo-editor-editable")
    text.click()
    author.keyboard.press("Control+End")
    author.keyboard.type(" Kami akan hadir.")
    author.locator(".o_esurat_writing .o_esurat_preview button").click()
    author.wait_for_selector(".o_form_status_indicator_buttons.invisible", state="attached")
    act(author, "action_submit")
    author.wait_for_selector(".modal :text('Surya Adiwinata')")
    author.locator(".modal-footer button[name=action_confirm]").click()
    author.wait_for_selector(".o_esurat_route")

    for login in ("kasubbag.umum", "sekretaris"):
        reviewer = sign_in(login, size)
        open_tray(reviewer, "to_verify")
        reviewer.wait_for_selector(".o_esurat_page iframe")
        act(reviewer, "action_approve")
        reviewer.wait_for_selector(".o_esurat_route .badge.text-bg-success >> nth=0")

    head = sign_in("kadis", size)
    head.goto("/odoo/esurat-certificates/new")
    head.locator("div[name=file] input[type=file]").set_input_files(certificate())
    head.fill("div[name=passphrase] input", PASSPHRASE)
    head.locator(".o_form_button_save").click()
    head.wait_for_selector("div[name=valid_until]")
    open_tray(head, "to_sign")
    head.wait_for_selector(".o_esurat_page iframe")
    act(head, "action_sign")
    head.fill("#esurat_passphrase", "salah")
    head.locator(".o_esurat_sign button[type=submit]").click()
    head.wait_for_selector(".o_esurat_sign .text-danger")
    head.fill("#esurat_passphrase", PASSPHRASE)
    head.locator(".o_esurat_sign button[type=submit]").click()
    head.wait_for_selector(".o_attachment_preview iframe")
    number = head.locator("div[name=agenda_number]").inner_text()
    assert re.fullmatch(r"500\.12/\d+/UK/\d{4}", number), number

    open_tray(author, "to_send")
    act(author, "action_send")
    author.wait_for_selector(".modal :text('Dinas di Server Lain')")
    author.locator(".modal-footer button[name=action_confirm]").click()
    author.wait_for_selector(".modal", state="detached")
    author.goto("/odoo/esurat-dispatch")
    for _turn in range(40):
        delivered = author.locator(
            ".o_data_row .text-bg-success, .o_kanban_record:not(.o_kanban_ghost) .text-bg-success"
        )
        if delivered.count() == 2:
            break
        author.wait_for_timeout(1500)
        author.reload()
        author.wait_for_selector(".o_data_row, .o_kanban_record")
    assert delivered.count() == 2
    assert in_shell(database, RECEIVED) == [[SUBJECT, number, "DPK", 1]]
    assert in_shell(other_database, RECEIVED) == [[SUBJECT, number, "DPK", 1]]
    assert in_shell(database, ANSWERED, id=servers[2]) == ["done", number]

    # whoever has the letter in hand, without a login
    pdf = base64.b64decode(in_shell(database, FILE, subject=SUBJECT))
    address = code_on(pdf)
    assert address.startswith(servers[0])
    stranger = browser.new_context(viewport={"width": 390, "height": 844}, is_mobile=True).new_page()
    stranger.goto(address)
    assert number in stranger.locator("dl").inner_text()
    assert stranger.locator(".verdict.bad").count() == 0
    stranger.locator("input[type=file]").set_input_files(
        {"name": "a.pdf", "mimeType": "application/pdf", "buffer": pdf + b" "}
    )
    stranger.locator("button").click()
    stranger.wait_for_selector(".verdict.bad")
    stranger.context.close()
