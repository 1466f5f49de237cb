import base64
import io

import openpyxl
import pypdfium2

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools.paper import render_pdf
from .common import EsuratCase


@tagged("post_install", "-at_install")
class TestPrinting(EsuratCase):
    """Printed matter, read back from the PDF."""

    def text(self, report, records):
        """Return the text of a printed report, page by page, with spaces folded."""
        content, kind = (
            self.env["ir.actions.report"].with_user(self.registrar)._render_qweb_pdf(f"esurat.{report}", records.ids)
        )
        self.assertEqual(kind, "pdf")
        document = pypdfium2.PdfDocument(content)
        return [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]

    def setUp(self):
        super().setUp()
        # tests print HTML unless told otherwise
        self.env = self.env(context={**self.env.context, "force_report_rendering": True})

    def test_a_filled_disposition_sheet(self):
        letter = self.letter(number="005/12", subject="Undangan <b>penting</b>")
        self.dispose(letter, self.head, self.chief, self.secretary, note="Hadir tepat waktu")
        self.hold(letter, self.chief)._follow_up("Sudah hadir")
        [page] = self.text("disposition_sheet", letter)
        for words in (
            "DINAS CONTOH",
            "Dinas Pendidikan",
            "005/12",
            "0001",
            "Undangan <b>penting</b>",
            "Chief",
            "Kepala Bidang",
            "Process further",
            "Hadir tepat waktu",
            "Head, Kepala Dinas",
            "Sudah hadir",
            "1 / 1",
        ):
            self.assertIn(words, page)

    def test_a_blank_sheet_offers_all_instructions(self):
        letter = self.letter()
        self.dispose(letter, self.head, self.chief)
        [page] = self.text("disposition_sheet_blank", letter)
        for instruction in self.env["esurat.instruction"].search([]):
            self.assertIn(instruction.with_user(self.registrar).name, page)
        self.assertNotIn("Chief", page)

    def test_each_letter_has_a_sheet_of_its_own(self):
        self.assertEqual(len(self.text("disposition_sheet", self.letter() + self.letter())), 2)

    def test_the_receipt(self):
        letter = self.letter(number="005/12")
        [page] = self.text("receipt", letter)
        for words in ("0001", "Dinas Pendidikan", "005/12", "Registrar"):
            self.assertIn(words, page)

    def book(self, **values):
        return (
            self.env["esurat.agenda.book"]
            .with_user(self.registrar)
            .create({"company_id": self.agency.id, "date_from": "2020-01-01", **values})
        )

    def test_the_agenda_book_repeats_its_head_on_every_page(self):
        letters = self.env["esurat.letter"].concat(*(self.draft(subject=f"Perihal {n}") for n in range(60)))
        letters.action_register()
        pages = self.text("agenda_book", self.book())
        self.assertGreater(len(pages), 1)
        for page in pages:
            self.assertIn("Agenda number", page)
        self.assertIn("0060", pages[-1])
        self.assertIn(f"1 / {len(pages)}", pages[0])

    def test_the_agenda_book_as_a_spreadsheet(self):
        self.letter(subject="=1+1", number="+62")
        self.letter()._cancel("Salah alamat")
        self.draft()
        book = self.book()
        self.assertIn(f"/{book.id}/xlsx/", book.action_xlsx()["url"])
        sheet = openpyxl.load_workbook(io.BytesIO(base64.b64decode(book.xlsx))).active
        rows = list(sheet.iter_rows(values_only=True))
        self.assertEqual([row[0] for row in rows], ["Agenda number", "0001", "0002"])
        self.assertEqual(rows[1][6], "=1+1")
        self.assertEqual(sheet.cell(2, 7).data_type, "s")
        self.assertIn("Salah alamat", rows[2][8])

    def test_a_sender_without_a_name_of_its_own(self):
        sender = self.env["res.partner"].create({"parent_id": self.sender.id, "type": "other"})
        letter = self.letter(sender_id=sender.id)
        self.assertIn("Dinas Pendidikan", letter.message_ids[0].body)
        for report, records in (("receipt", letter), ("disposition_sheet", letter), ("agenda_book", self.book())):
            self.assertIn("Dinas Pendidikan", " ".join(self.text(report, records)[-1].split()))

    def test_a_period_that_ends_before_it_begins(self):
        with self.assertRaisesRegex(UserError, "ends before it begins"):
            self.book(date_from="2026-02-01", date_to="2026-01-01").action_print()

    @mute_logger("weasyprint")
    def test_nothing_is_fetched_for_printing(self):
        page = "<img src='file:///etc/hostname'/><img src='http://127.0.0.1:1/x.png'/><p>Isi</p>"
        self.assertTrue(render_pdf(page)[0].startswith(b"%PDF-"))
