"""The main job in the web client, on a phone and on a desk: receive, dispose, follow up, write off."""

import io

import pikepdf
import psycopg2
import pytest
from client import Taps, act, choose

HEAD, CHIEF, STAFF, REGISTRAR = "kadis", "kabid.ikp", "rina.oktaviani", "agendaris"
SUBJECT = "Undangan Rapat Uji Coba"


def scan():
    """Return a letter of two pages as a file to be chosen in a form."""
    document = pikepdf.new()
    document.add_blank_page()
    document.add_blank_page()
    content = io.BytesIO()
    document.save(content)
    return {"name": "undangan.pdf", "mimeType": "application/pdf", "buffer": content.getvalue()}


def register(page):
    """Take the letter in: the scan first, then what is written on it."""
    page.goto("/odoo/esurat-incoming/new")
    page.locator("div[name=scan] input[type=file]").set_input_files(scan())
    page.wait_for_selector(".o_attachment_preview iframe")
    assert page.locator("div[name=page_count] input").input_value() == "2"
    page.fill("div[name=subject] input", SUBJECT)
    choose(page, "sender_id", "Dinas Kesehatan")
    page.fill("div[name=number] input", "005/999/UJI")
    act(page, "action_register")
    page.wait_for_selector("div[name=agenda_number] >> text=/^00\\d\\d$/")


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_receive_dispose_follow_up_write_off(sign_in, size):
    registrar = sign_in(REGISTRAR, size)
    register(registrar)
    address = registrar.url

    # the head is told in Odoo's inbox; from there to a finished disposition
    head = sign_in(HEAD, size)
    head.goto("/odoo/action-mail.action_discuss?active_id=mail.box_inbox")
    head.wait_for_selector(f".o-mail-Message >> text={SUBJECT}")
    taps = Taps(head)
    taps(f".o-mail-Message :text('{SUBJECT}')")
    head.wait_for_selector(".o_esurat_letter button[name=action_dispose]:visible")
    head.wait_for_selector(".o_attachment_preview iframe")
    taps(".o_esurat_letter button[name=action_dispose]:visible")
    taps(".o_esurat_person:has-text('Dewi Anggraeni')")
    head.wait_for_selector(".o_esurat_person[aria-pressed=true]")
    taps(".modal-footer button[name=action_confirm]")
    head.wait_for_selector(".o_esurat_chain :text('Dewi Anggraeni')")
    assert taps.count == 4

    # the division head finds it first thing in her inbox and passes it on, with a copy
    chief = sign_in(CHIEF, size)
    chief.goto("/odoo/esurat")
    before = int(chief.locator("[data-tray=unread_disposition] .fs-1").inner_text())
    chief.locator("[data-tray=unread_disposition]").click()
    chief.locator(
        f".o_data_row:has-text('{SUBJECT}') td[name=subject], .o_kanban_record:has-text('{SUBJECT}')"
    ).first.click()
    chief.wait_for_selector("div[name=my_brief]")
    chief.locator("button[name=action_dispose]:visible").click()
    people = chief.locator(".o_esurat_person")
    people.filter(has_text="Rina Oktaviani").click()
    people.filter(has_text="Nurul Hidayati").click()
    chief.wait_for_selector(".o_esurat_person[aria-pressed=true] >> nth=1")
    chief.fill("div[name=note] textarea", "Siapkan bahan presentasi")
    chief.locator(".modal-footer button[name=action_confirm]").click()
    chief.wait_for_selector(".o_esurat_chain :text('Siapkan bahan presentasi')")
    chief.goto("/odoo/esurat")
    assert int(chief.locator("[data-tray=unread_disposition] .fs-1").inner_text()) == before - 1

    # the member of staff answers for it
    staff = sign_in(STAFF, size)
    staff.goto("/odoo/esurat-inbox")
    staff.locator(
        f".o_data_row:has-text('{SUBJECT}') td[name=subject], .o_kanban_record:has-text('{SUBJECT}')"
    ).first.click()
    staff.wait_for_selector("button[name=action_dispose]:visible")
    act(staff, "action_follow_up")
    staff.fill("div[name=response] textarea", "Bahan sudah disiapkan")
    staff.locator(".modal-footer button[name=action_confirm]:visible").click()
    staff.wait_for_selector(".o_esurat_chain :text('Bahan sudah disiapkan')")

    # the division head confirms on the chain
    chief.goto("/odoo/esurat-given")
    chief.locator(
        f".o_data_row:has-text('{SUBJECT}') td[name=subject], .o_kanban_record:has-text('{SUBJECT}')"
    ).first.click()
    chief.locator(".o_esurat_chain button[name=action_confirm]").click()
    chief.wait_for_selector(".o_esurat_chain button[name=action_confirm]", state="detached")

    # the registrar sees that everybody has answered, and writes it off
    registrar.goto(address)
    registrar.wait_for_selector(".alert-success:visible")
    act(registrar, "action_write_off")
    registrar.fill("div[name=note] input", "Rapat dihadiri")
    registrar.locator(".modal-footer button[name=action_confirm]").click()
    registrar.wait_for_selector("div[name=write_off_note] >> text=Rapat dihadiri")


def test_a_letter_that_arrives_is_counted_at_once(sign_in):
    head = sign_in(HEAD, "desk")
    head.goto("/odoo/esurat")
    unread = head.locator("[data-tray=unread_letter] .fs-1")
    before = int(unread.inner_text())
    registrar = sign_in(REGISTRAR, "desk")
    register(registrar)
    head.wait_for_function(
        "expected => document.querySelector('[data-tray=unread_letter] .fs-1').innerText == expected",
        arg=str(before + 1),
    )


def test_the_clock_opens_a_tray(sign_in):
    chief = sign_in(CHIEF, "phone")
    chief.locator(".o_menu_systray button:has(.fa-clock-o)").click()
    group = chief.locator(".o-mail-ActivityGroup[data-model_name='esurat.holder']").first
    group.click()
    chief.wait_for_selector(".o_kanban_record:not(.o_kanban_ghost)")


def test_each_figure_behind_the_clock_opens_what_it_counts(sign_in):
    head = sign_in(HEAD, "desk")

    def figures():
        """Open the clock and return ``{(tray, column): (total of the tray, count of the column, its locator)}``."""
        head.goto("/odoo/esurat")
        head.locator(".o_menu_systray button:has(.fa-clock-o)").click()
        head.wait_for_selector(".o-mail-ActivityGroup")
        found = {}
        for row, tray in enumerate(head.locator(".o-mail-ActivityGroup[data-model_name='esurat.holder']").all()):
            columns = tray.locator("span.text-truncate").all()
            counts = [int(column.inner_text().split()[0]) for column in columns]
            found |= {(row, n): (sum(counts), count, columns[n]) for n, count in enumerate(counts) if count}
        return found

    parts = 0
    for place in figures():
        total, count, figure = figures()[place]
        figure.click()
        head.wait_for_selector(".o_data_row")
        assert head.locator(".o_data_row").count() == count
        parts += count < total
    assert parts, "the sample has no tray of which a part is late"


def test_opening_e_surat_is_noted_once(sign_in, database):
    def days():
        with psycopg2.connect(dbname=database) as connection, connection.cursor() as cr:
            cr.execute(
                "SELECT COUNT(*) FROM esurat_presence p JOIN res_users u ON u.id = p.user_id WHERE login = %s", [STAFF]
            )
            return cr.fetchone()[0]

    # the sample has days of hers already
    with psycopg2.connect(dbname=database) as connection, connection.cursor() as cr:
        cr.execute("DELETE FROM esurat_presence p USING res_users u WHERE u.id = p.user_id AND login = %s", [STAFF])
    # signing in leads to home
    staff = sign_in(STAFF, "phone")
    for path in ("/odoo/esurat-inbox", "/odoo/esurat"):
        with staff.expect_response("**/note_opening"):
            staff.goto(path)
        assert days() == 1
    staff.goto("/odoo/esurat-days")
    staff.wait_for_selector(".o_kanban_record:has-text('Rina Oktaviani')")


def test_a_sheet_is_printed(sign_in):
    registrar = sign_in(REGISTRAR, "desk")
    registrar.goto("/odoo/esurat-incoming")
    registrar.locator(".o_data_row:has-text('0046') td[name=subject]").click()
    registrar.wait_for_selector(".o_esurat_letter")
    registrar.locator(".o_cp_action_menus button").first.click()
    registrar.locator(".o-dropdown--menu button:has(.fa-print)").click()
    with registrar.expect_download() as download:
        registrar.locator(".o-dropdown-item:has-text('Tanda Terima')").click()
    with open(download.value.path(), "rb") as file:
        assert file.read(5) == b"%PDF-"
