import io
import socket
import struct
import threading
import zipfile
import zlib

import openpyxl
from PIL import Image

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools import clamd
from ..tools.scan import ScanError, inspect
from ..tools.spreadsheet import SheetError, harmless, rows
from .common import EsuratCase, encoded, pdf, picture
from .test_letter_mail import GATEWAY, MailCase

EICAR = b"%PDF-1.4\n%" + b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def pdf_bomb(size):
    """Return a small PDF (bytes) whose list of pages lies in a stream that unfolds to *size* bytes."""
    squeeze = zlib.compressobj(9)
    inside = squeeze.compress(b"2 0 <</Type/Pages/Kids[3 0 R]/Count 1>>")
    for _piece in range(size // 1_000_000):
        inside += squeeze.compress(b" " * 1_000_000)
    inside += squeeze.flush()
    out, places = bytearray(b"%PDF-1.5\n"), {}

    def add(number, text):
        places[number] = len(out)
        out.extend(b"%d 0 obj\n%s\nendobj\n" % (number, text))

    add(1, b"<</Type/Catalog/Pages 2 0 R>>")
    add(3, b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 10 10]>>")
    head = b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>\nstream\n" % len(inside)
    add(4, head + inside + b"\nendstream")
    start = len(out)
    table = [(0, 0, 65535), (1, places[1], 0), (2, 4, 0), (1, places[3], 0), (1, places[4], 0), (1, start, 0)]
    packed = zlib.compress(b"".join(struct.pack(">BIH", *row) for row in table))
    head = b"<</Type/XRef/Size 6/W[1 4 2]/Root 1 0 R/Filter/FlateDecode/Length %d>>\nstream\n" % len(packed)
    add(5, head + packed + b"\nendstream")
    return bytes(out) + b"startxref\n%d\n%%%%EOF" % start


class Daemon(threading.Thread):
    """A look-alike of clamd on a port of its own: it finds EICAR, or says whatever it is told to."""

    def __init__(self, answer=None):
        super().__init__(daemon=True)
        self.server = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.server.getsockname()[1]}"
        self.answer = answer
        self.asked = 0
        self.start()

    def run(self):
        """Answer until the socket is closed."""
        while True:
            try:
                client, _address = self.server.accept()
            except OSError:
                return
            with client, client.makefile("rb") as stream:
                self.asked += 1
                if stream.read(10) != b"zINSTREAM\0":
                    continue
                content = b""
                while size := struct.unpack("!I", stream.read(4))[0]:
                    content += stream.read(size)
                found = b"stream: Eicar-Signature FOUND\0" if b"EICAR" in content else b"stream: OK\0"
                client.sendall(found if self.answer is None else self.answer)

    def close(self):
        """Answer no more."""
        self.server.shutdown(socket.SHUT_RDWR)
        self.server.close()


@tagged("post_install", "-at_install")
class TestFiles(EsuratCase):
    """Files that were made to do harm are refused in words, and take nothing with them."""

    def test_a_pdf_that_unfolds_to_gigabytes(self):
        bomb = pdf_bomb(400_000_000)
        self.assertLess(len(bomb), 1_000_000)
        with self.assertRaises(ScanError):
            inspect(bomb)
        with self.assertRaisesRegex(UserError, "damaged"):
            self.draft(scan=encoded(bomb), scan_name="bom.pdf")
        # what is large and honest goes through
        self.assertEqual(inspect(pdf_bomb(50_000_000)), ("application/pdf", 1))

    def test_a_picture_that_unfolds_to_gigabytes(self):
        # a head that claims 60,000 by 60,000 pixels
        head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
        chunk = struct.pack(">I", len(head)) + b"IHDR" + head + struct.pack(">I", zlib.crc32(b"IHDR" + head))
        body = zlib.compress(bytes(1000))
        data = struct.pack(">I", len(body)) + b"IDAT" + body + struct.pack(">I", zlib.crc32(b"IDAT" + body))
        bomb = b"\x89PNG\r\n\x1a\n" + chunk + data + struct.pack(">I", 0) + b"IEND" + struct.pack(">I", 0xAE426082)
        with self.assertRaisesRegex(UserError, "damaged"):
            self.draft(scan=encoded(bomb), scan_name="bom.png")

    def test_a_file_that_is_two_things_is_what_its_beginning_is(self):
        script = b"<script>alert(1)</script>"
        for content, kind in (
            (pdf() + script, "application/pdf"),
            (picture() + script, "image/png"),
            (pdf() + b"PK\x03\x04" + script, "application/pdf"),
        ):
            letter = self.draft(scan=encoded(content), scan_name="surat.html")
            attachment = letter.sudo().message_main_attachment_id
            # whatever its name says, no browser takes it for a page
            self.assertEqual(attachment.mimetype, kind)
        for content in (script + pdf(), b"GIF89a" + script, b"MZ" + pdf()):
            with self.subTest(content[:8]), self.assertRaises(UserError), self.cr.savepoint():
                self.draft(scan=encoded(content), scan_name="surat.pdf")

    def test_names_of_files_lead_nowhere(self):
        for name in ("../../etc/passwd", "/etc/passwd", "a\x00b.pdf", "C:\\x.pdf", "‮fdp.exe", "a\r\nX: y.pdf"):
            with self.subTest(name):
                letter = self.letter(scan=encoded(pdf(1, name)), scan_name=name.replace("\x00", ""))
                attachment = letter.sudo().message_main_attachment_id
                self.assertRegex(attachment.store_fname, r"^[0-9a-f]{2}/[0-9a-f]{40}$")
                [(given, _content, _kind)] = letter._files()
                self.assertNotRegex(given, r"[/\\:\r\n\x00\u202e]|^\.")

    def test_a_spreadsheet_that_unfolds_to_gigabytes(self):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(3):
                archive.writestr(f"xl/worksheets/sheet{number}.xml", bytes(100_000_000))
        with self.assertRaises(SheetError):
            rows(buffer.getvalue(), ["Nama"], 10)

    def test_a_spreadsheet_fetches_nothing(self):
        book = openpyxl.Workbook()
        book.active.append(["Nama"])
        book.active.append(["x"])
        buffer = io.BytesIO()
        book.save(buffer)
        poisoned = io.BytesIO()
        with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(poisoned, "w") as target:
            for part in source.namelist():
                content = source.read(part)
                if part == "xl/worksheets/sheet1.xml":
                    entity = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
                    content = content.replace(b"<worksheet", entity + b"<worksheet", 1)
                    content = content.replace(b"<row", b"<!--&e;--><row", 1)
                target.writestr(part, content)
        try:
            found = rows(poisoned.getvalue(), ["Nama"], 10)
        except SheetError:
            return
        self.assertNotIn("root:", str(found))

    def test_a_picture_is_a_picture(self):
        buffer = io.BytesIO()
        Image.new("RGB", (10, 10)).save(buffer, "JPEG")
        self.assertEqual(inspect(buffer.getvalue()), ("image/jpeg", 1))
        with self.assertRaises(ScanError):
            inspect(b"\xff\xd8\xff\xe0 no picture at all")


@tagged("post_install", "-at_install")
class TestTexts(EsuratCase):
    """What somebody writes into a field stays what it is."""

    TEXTS = (
        "<script>alert(1)</script>",
        "'; DROP TABLE esurat_letter; --",
        "%s %(name)s {0} {{ 7 * 7 }}",
        "<t t-out='user.password'/>",
        "${7*7} #{7*7}",
        '=HYPERLINK("http://x")',
    )

    def test_in_fields_and_pages(self):
        for text in self.TEXTS:
            with self.subTest(text):
                letter = self.letter(subject=text)
                self.assertEqual(letter.subject, text)
                self.dispose(letter, self.head, self.chief, note=text)
                self.hold(letter, self.chief)._follow_up(text)
                page = str(self.env["ir.qweb"]._render("esurat.disposition_sheet", {"docs": letter}))
                self.assertNotIn("<script>", page)
                self.assertNotIn(" 49 ", page)
                body = letter.sudo().message_ids[0].body
                self.assertNotIn("<script>", body)
                found = self.env["esurat.letter"].with_user(self.registrar).search([("subject", "=", text)])
                self.assertEqual(found, letter)

    def test_in_spreadsheets(self):
        self.registrar.group_ids += self.env.ref("base.group_allow_export")
        for text in ("=1+1", "+1", "-1", "@x", "\tx"):
            letter = self.letter(subject=text)
            [[exported, _number]] = letter.export_data(["subject", "agenda_number"])["datas"]
            self.assertEqual(exported, f"'{text}")
        self.assertEqual(harmless("biasa"), "biasa")
        self.assertEqual(harmless(-1), -1)


@tagged("post_install", "-at_install")
class TestVirusScanner(MailCase):
    """Where a ClamAV daemon is named, no file comes in that it has not seen; where it is silent, that is said."""

    def daemon(self, answer=None):
        """Name a daemon of the test's own and return it."""
        daemon = Daemon(answer)
        self.addCleanup(daemon.server.close)
        self.env["ir.config_parameter"].set_param("esurat.clamd", daemon.address)
        return daemon

    def test_nobody_asks_where_there_is_none(self):
        self.assertTrue(self.draft(scan=encoded(pdf()), scan_name="a.pdf"))

    def test_what_is_clean_comes_in(self):
        daemon = self.daemon()
        self.assertTrue(self.draft(scan=encoded(pdf()), scan_name="a.pdf"))
        self.assertEqual(daemon.asked, 1)

    def test_what_is_not_does_not(self):
        self.daemon()
        letter = self.letter()
        with self.assertRaisesRegex(UserError, "Eicar-Signature"), self.cr.savepoint():
            self.env["ir.attachment"].with_user(self.registrar).create(
                {"name": "a.pdf", "raw": EICAR, "res_model": "esurat.letter", "res_id": letter.id}
            )
        with self.assertRaisesRegex(UserError, "Eicar-Signature"), self.cr.savepoint():
            self.draft(scan=encoded(pdf() + EICAR), scan_name="a.pdf")

    def test_no_way_around_it(self):
        self.daemon()
        draft = self.draft()
        File = self.env["ir.attachment"].with_user(self.registrar)
        loose = File.create({"name": "a.pdf", "raw": EICAR})
        clean = File.create({"name": "b.pdf", "raw": pdf(), "res_model": "esurat.letter", "res_id": draft.id})
        for act in (
            lambda: loose.write({"res_model": "esurat.letter", "res_id": draft.id}),
            lambda: clean.write({"raw": EICAR}),
            lambda: draft.message_post(body="x", attachment_ids=loose.ids),
        ):
            with self.assertRaisesRegex(UserError, "Eicar-Signature"), self.cr.savepoint():
                act()

    @mute_logger("odoo.addons.esurat.models.ir_attachment")
    def test_a_silent_scanner_lets_nothing_in(self):
        daemon = self.daemon()
        daemon.close()
        with self.assertRaisesRegex(UserError, "does not answer"), self.cr.savepoint():
            self.draft(scan=encoded(pdf()), scan_name="a.pdf")
        # letters without files go on
        self.assertTrue(self.letter())

    @mute_logger("odoo.addons.esurat.models.ir_attachment")
    def test_nor_does_one_that_talks_nonsense(self):
        for answer in (b"", b"stream: ERROR\0", b"x" * 10_000, b"\xff\xfe\0"):
            self.daemon(answer)
            with self.subTest(answer[:10]), self.assertRaisesRegex(UserError, "does not answer"), self.cr.savepoint():
                self.draft(scan=encoded(pdf()), scan_name="a.pdf")

    def test_a_mail_comes_without_the_file(self):
        self.daemon()
        letter = self.arrive(files=[("surat.pdf", "application/pdf", pdf()), ("b.pdf", "application/pdf", EICAR)])
        names = self.env["ir.attachment"].search([("res_model", "=", "esurat.letter"), ("res_id", "=", letter.id)])
        self.assertEqual(sorted(names.mapped("name")), ["b.pdf.txt", "surat.pdf"])
        self.assertIn(b"Eicar-Signature", names.filtered(lambda one: one.name == "b.pdf.txt").raw)

    def test_any_address(self):
        for address in ("nowhere", "host:port", "/no/such/socket", "127.0.0.1:1", ":"):
            with self.subTest(address), self.assertRaises(clamd.ClamdError):
                clamd.scan(address, b"x")


@tagged("post_install", "-at_install")
class TestMails(MailCase):
    """Mails that were made to do harm."""

    @mute_logger(GATEWAY)
    def test_ten_thousand_recipients(self):
        crowd = ", ".join(f"orang{number}@example.com" for number in range(10_000))
        letter = self.arrive(cc=crowd)
        self.assertEqual(len(letter), 1)
        message = letter.message_ids.filtered(lambda one: one.message_type == "email")
        self.assertFalse(message.partner_ids)
        self.assertFalse(letter.message_follower_ids)
        # nobody is written to
        self.assertFalse(self.env["mail.mail"].search([("mail_message_id", "in", letter.message_ids.ids)]))

    def test_headers_that_go_on_where_they_should_end(self):
        letter = self.arrive(
            sender="Kepala <head@example.com>\\r\\nBcc: x@example.com", subject="Surat =?utf-8?q?=0D=0ABcc=3A_x?="
        )
        self.assertEqual(letter.state, "draft")
        self.assertNotIn("\n", letter.mail_sender or "")
        self.assertFalse(
            letter.message_ids.filtered("author_id")
            - letter.message_ids.filtered(lambda one: one.author_id == self.env.ref("base.partner_root"))
        )
