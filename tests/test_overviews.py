"""What the head, the city and administrators look at, in the web client, on a phone and on a desk."""

import io

import openpyxl
import pytest
from client import act, menu

HEAD, ADMIN, SYSTEM = "kadis", "admin.esurat", "admin"
SIZES = pytest.mark.parametrize("size", ["phone", "desk"])
ROWS = ".o_data_row, .o_kanban_record:not(.o_kanban_ghost)"


def filled(template, *rows):
    """Return a template (path) with *rows* below its titles, as a file to be chosen in a form."""
    with open(template, "rb") as file:
        titles = [cell.value for cell in openpyxl.load_workbook(file).active[1]]
    book = openpyxl.Workbook()
    for row in (titles, *rows):
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return {"name": "pegawai.xlsx", "mimeType": kind, "buffer": content.getvalue()}


@SIZES
def test_each_tile_of_the_head_opens_what_it_counts(sign_in, size):
    head = sign_in(HEAD, size)
    head.goto("/odoo/esurat")
    tiles = {"unread": 0, "late": 0, "backlog": 0}
    for tile in tiles:
        tiles[tile] = int(head.locator(f"[data-desk={tile}] .fs-1").inner_text())
        head.locator(f"[data-desk={tile}]").click()
        head.wait_for_selector(ROWS)
        assert head.locator(ROWS).count() == tiles[tile], tile
        head.goto("/odoo/esurat")
    assert all(tiles.values()), "the sample leaves a tile empty"
    head.wait_for_selector(".o_esurat_home svg >> nth=1")
    unit = head.locator("[data-unit]").first
    waiting = int(unit.locator(".text-nowrap").first.inner_text().split()[0])
    unit.click()
    head.wait_for_selector(ROWS)
    assert head.locator(ROWS).count() == waiting


@SIZES
def test_an_evaluation_is_made_confirmed_and_sent(sign_in, size):
    admin = sign_in(ADMIN, size)
    admin.goto("/odoo/esurat-evaluations/new")
    admin.locator(".o_form_button_save").click()
    admin.wait_for_selector("div[name=body] table >> nth=2")
    address = admin.url
    head = sign_in(HEAD, size)
    head.goto(address)
    head.wait_for_selector("div[name=body] svg >> nth=0")
    act(head, "action_confirm")
    head.locator(".modal-footer .btn-primary").click()
    head.wait_for_selector("div[name=confirmed_name] >> text=/./")
    head.wait_for_selector(".o-mail-Message .o-mail-AttachmentContainer")
    with head.expect_download() as download:
        act(head, "action_print")
    with open(download.value.path(), "rb") as file:
        assert file.read(5) == b"%PDF-"


@SIZES
def test_people_come_from_a_spreadsheet_once_it_has_no_error(sign_in, size):
    person = ["Sri Lestari", "sri.lestari", "sri@contoh.go.id", "Analis", "Sekretariat"]
    admin = sign_in(ADMIN, size)
    menu(admin, "Konfigurasi", "Impor Pegawai")
    with admin.expect_download() as download:
        admin.locator(".modal-footer button[name=action_template]").click()
    template = download.value.path()
    chosen = admin.locator(".modal div[name=file] input[type=file]")
    chosen.set_input_files(filled(template, person, ["Tanpa Nama Akun", "", "", "Analis", "Sekretariat"]))
    admin.wait_for_selector(".modal div[name=preview] td:text-is('3')")
    assert not admin.locator(".modal-footer button[name=action_import]:visible").count()
    chosen.set_input_files(filled(template, person))
    admin.locator(".modal-footer button[name=action_import]:visible").click()
    admin.wait_for_selector(".modal", state="detached")
    admin.wait_for_selector(".o_notification")


@SIZES
def test_the_next_agency_is_added_and_says_what_it_lacks(sign_in, size):
    system = sign_in(SYSTEM, size, password=SYSTEM)
    system.goto("/odoo/esurat")
    menu(system, "Konfigurasi", "Tambah Instansi")
    values = {
        "name": "Dinas Perhubungan",
        "code": "Dishub",
        "admin_name": "Budi",
        "admin_login": "budi.dishub",
    }
    for field, text in values.items():
        system.fill(f".modal div[name={field}] input", text)
    system.locator(".modal-footer button[name=action_add]").click()
    system.wait_for_selector(".o_esurat_checklist .text-danger")
    assert system.locator("div[name=company_id] input").input_value() == values["name"]
