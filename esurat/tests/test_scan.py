import io
import zipfile

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import EsuratCase, encoded, pdf


def zipped():
    """Return a small ZIP archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("surat.txt", "x")
    return buffer.getvalue()


@tagged("post_install", "-at_install")
class TestScan(EsuratCase):
    """The scan is taken in by the form, and only if it is one."""

    def test_a_scan_is_attached_and_its_pages_counted(self):
        letter = self.draft(scan=encoded(pdf(3)), scan_name="undangan.pdf")
        attachment = letter.message_main_attachment_id
        self.assertEqual((attachment.name, attachment.mimetype), ("undangan.pdf", "application/pdf"))
        self.assertEqual((attachment.res_model, attachment.res_id), ("esurat.letter", letter.id))
        self.assertEqual(letter.page_count, 3)
        self.assertTrue(letter.has_scan)

    def test_a_letter_without_scan_says_so(self):
        self.assertFalse(self.letter().has_scan)

    def test_the_form_counts_pages_before_saving(self):
        form = Form(self.env["esurat.letter"].with_user(self.registrar))
        form.scan = encoded(pdf(2))
        self.assertEqual(form.page_count, 2)

    def test_the_very_same_file_is_named(self):
        first = self.letter(scan=encoded(pdf(text="A")), scan_name="a.pdf")
        form = Form(self.env["esurat.letter"].with_user(self.registrar))
        form.scan = encoded(pdf(text="A"))
        self.assertEqual(form.scan_twin_id, first)
        self.assertEqual(self.draft(scan=encoded(pdf(text="A")), scan_name="b.pdf").scan_twin_id, first)
        self.assertFalse(self.draft(scan=encoded(pdf(text="B")), scan_name="c.pdf").scan_twin_id)

    def test_the_same_file_of_another_agency_is_not_revealed(self):
        self.draft(user=self.neighbour_registrar, scan=encoded(pdf(text="A")), scan_name="a.pdf")
        self.assertFalse(self.draft(scan=encoded(pdf(text="A")), scan_name="a.pdf").scan_twin_id)

    def test_the_holder_sees_the_scan_and_others_do_not(self):
        letter = self.letter(scan=encoded(pdf()), scan_name="a.pdf")
        attachment = letter.message_main_attachment_id
        self.assertEqual(attachment.with_user(self.head).raw, pdf())
        with self.assertRaises(AccessError):
            attachment.with_user(self.stranger).read(["raw"])

    def test_files_that_are_no_scans_are_refused_by_what_they_are(self):
        for content, reason in (
            (b"<html><script>alert(1)</script></html>", "no PDF and no picture"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "no PDF and no picture"),
            (zipped(), "no PDF and no picture"),
            (b"%PDF-1.7\nbroken", "damaged"),
            (pdf(password="secret"), "protected by a password"),
        ):
            with self.subTest(content=content[:12]), self.assertRaisesRegex(UserError, reason), self.cr.savepoint():
                self.draft(scan=encoded(content), scan_name="surat.pdf")
        self.assertFalse(self.env["esurat.letter"].search([("company_id", "=", self.agency.id)]))

    def test_a_file_that_was_cut_off_on_its_way_is_refused(self):
        scan = encoded(pdf())[:-3]
        with self.assertRaisesRegex(UserError, "damaged"):
            self.draft(scan=scan, scan_name="a.pdf")
        with self.assertRaisesRegex(UserError, "damaged"):
            Form(self.env["esurat.letter"].with_user(self.registrar)).scan = scan

    def test_an_empty_file_is_refused(self):
        with self.assertRaisesRegex(UserError, "is empty"):
            self.env["esurat.letter"]._inspect_scan(b"", "kosong.pdf")

    def test_a_scan_beyond_the_limit_is_refused_with_a_hint(self):
        self.env["ir.config_parameter"].set_param("esurat.scan_limit", 1)
        with self.assertRaisesRegex(UserError, "at most 1 MB"):
            self.draft(scan=encoded(pdf() + bytes(2 * 1024**2)), scan_name="besar.pdf")
