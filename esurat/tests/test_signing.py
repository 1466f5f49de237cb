import io
import logging
import shutil
import subprocess
import tempfile
from pathlib import Path
from unittest.mock import patch

import pikepdf
import pypdf
import pypdfium2

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..models.letter_review import Step
from ..tools import pades
from .common import encoded, pdf, picture
from .pki import PASSPHRASE, Infrastructure
from .test_review import WritingCase


class SigningCase(WritingCase):
    """Signatories with certificates of the tests' own authority."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pki = Infrastructure()
        cls.addClassCleanup(cls.pki.close)
        cls.agency.esurat_roots = cls.pki.root
        cls.roots = pades.trusted_roots(cls.pki.root)
        for user in (cls.head, cls.secretary):
            cls.certify(user, user.login)

    @classmethod
    def certify(cls, user, name):
        """Give *user* the certificate *name* of the tests' authority, through the form."""
        form = Form(cls.env["esurat.certificate"].with_user(user))
        form.file = encoded(cls.pki.files[name])
        form.passphrase = PASSPHRASE
        return form.save()

    def ready(self, steps=None, **values):
        """Return a letter that waits for its signature."""
        letter = self.text(**values)
        self.submit(letter, steps or [("sign", self.head)])
        return letter

    def sign(self, letter, user=None, passphrase=PASSPHRASE):
        """Let *user* (the head) sign *letter*, and return its number."""
        return self.review(letter, user or self.head).sign(passphrase)["number"]

    def file(self, letter):
        """Return the bytes of the PDF that *letter* is."""
        return letter.sudo().message_main_attachment_id.raw


@tagged("post_install", "-at_install")
class TestSigning(SigningCase):
    """A letter gets its number and its signature in one transaction, and its PDF proves both."""

    def test_signed_numbered_and_valid(self):
        letter = self.ready()
        number = self.sign(letter)
        self.assertEqual((letter.state, letter.number), ("registered", number))
        content = self.file(letter)
        verdict = pades.verify(content, self.roots)
        self.assertTrue(verdict.valid)
        self.assertEqual([one.name for one in verdict.findings], ["Test head"])
        words = pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text()
        self.assertIn(number, words)
        self.assertIn("Pembina Utama Muda", words)
        with pikepdf.open(io.BytesIO(content)) as document:
            self.assertEqual(document.open_metadata().pdfa_status, "3B")
        signature = letter.signature_ids
        self.assertEqual((signature.user_id, signature.state), (self.head, "signed"))
        self.assertEqual(letter.version_ids.sorted("number").mapped("occasion"), ["submitted", "signed"])

    def test_pdfsig_says_so_too(self):
        letter = self.ready()
        self.sign(letter)
        self.assertTrue(shutil.which("pdfsig"), "poppler-utils is needed")
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "letter.pdf"
            file.write_bytes(self.file(letter))
            said = subprocess.run(["pdfsig", "-nocert", str(file)], capture_output=True, text=True, check=True).stdout
        self.assertIn("Signature is Valid", said)
        self.assertIn("Total document signed", said)

    def test_two_signatures_one_after_the_other(self):
        letter = self.ready([("sign", self.secretary), ("sign", self.head)])
        number = self.sign(letter, self.secretary)
        first = self.file(letter)
        self.assertEqual(letter.state, "to_sign")
        self.assertEqual(self.sign(letter), number)
        content = self.file(letter)
        self.assertTrue(content.startswith(first))
        verdict = pades.verify(content, self.roots)
        self.assertTrue(verdict.valid)
        self.assertEqual([one.name for one in verdict.findings], ["Test secretary", "Test head"])
        self.assertEqual(letter.state, "registered")

    def test_with_time_stamps(self):
        for level in ("t", "lt"):
            with self.subTest(level):
                self.agency.write({"esurat_signature_level": level, "esurat_timestamp_url": self.pki.authority})
                letter = self.ready()
                self.sign(letter)
                verdict = pades.verify(self.file(letter), self.roots)
                self.assertTrue(verdict.valid)
                self.assertTrue(verdict.findings[0].stamped_at)

    def test_what_fails_leaves_nothing_and_takes_no_number(self):
        letter, other = self.ready(), self.ready(subject="Lain")
        hold = self.review(letter, self.head)
        with self.assertRaisesRegex(UserError, "passphrase"), self.cr.savepoint():
            hold.sign("salah")
        self.assertFalse(letter.number or letter.signature_ids or letter.message_main_attachment_id)
        self.agency.write({"esurat_signature_level": "t", "esurat_timestamp_url": "http://127.0.0.1:9/"})
        with self.assertRaisesRegex(UserError, "time-stamp"), self.cr.savepoint():
            hold.sign(PASSPHRASE)
        self.agency.esurat_signature_level = "b"
        self.assertEqual(letter.state, "to_sign")
        first = self.sign(other)
        self.assertEqual(other.serial, 1, first)
        self.sign(letter)
        self.assertEqual(letter.serial, 2)

    def test_the_passphrase_is_kept_nowhere(self):
        letter = self.ready()
        with self.assertLogs(level=logging.DEBUG) as logs:
            self.sign(letter)
            with self.assertRaises(UserError), self.cr.savepoint():
                self.review(self.ready(), self.head).sign(PASSPHRASE + "x")
        self.assertNotIn(PASSPHRASE, "\n".join(logs.output))
        self.env.flush_all()
        self.env.cr.execute("SELECT c::text FROM esurat_certificate c")
        self.assertNotIn(PASSPHRASE, str(self.env.cr.fetchall()))

    def test_certificates_are_their_owners_alone(self):
        certificate = self.env["esurat.certificate"]._current(self.head).sudo(False)
        self.assertFalse(self.env["esurat.certificate"].with_user(self.staff).search([("user_id", "=", self.head.id)]))
        self.assertEqual(certificate.with_user(self.admin).name, "Test head")
        for user in (self.head, self.admin):
            with self.assertRaises(AccessError):
                certificate.with_user(user).read(["content"])
            self.assertFalse(certificate.with_user(user).file)
        with self.assertRaises(AccessError):
            certificate.with_user(self.admin).unlink()
        with self.assertRaises(UserError):
            self.env["esurat.certificate"].with_user(self.staff).create({"user_id": self.head.id})

    def test_what_is_no_certificate(self):
        for name, message in (("expired", "expired"), ("early", "not valid yet")):
            with self.subTest(name), self.assertRaisesRegex(UserError, message):
                self.certify(self.chief, name)
        form = Form(self.env["esurat.certificate"].with_user(self.chief))
        form.file, form.passphrase = encoded(pdf()), PASSPHRASE
        with self.assertRaisesRegex(UserError, "PKCS#12"):
            form.save()

    def test_a_revoked_certificate_does_not_sign_for_long(self):
        self.agency.write({"esurat_signature_level": "lt", "esurat_timestamp_url": self.pki.authority})
        self.certify(self.chief, "revoked")
        letter = self.ready([("sign", self.chief)])
        with mute_logger("pyhanko"), self.assertRaisesRegex(UserError, "revoked"), self.cr.savepoint():
            self.sign(letter, self.chief)

    def test_tampering_is_seen(self):
        letter = self.ready()
        self.sign(letter)
        content = self.file(letter)
        with pikepdf.open(io.BytesIO(content)) as document:
            stream = document.pages[0].Contents.read_raw_bytes()
            rewritten = io.BytesIO()
            document.save(rewritten)
        middle = content.index(stream) + len(stream) // 2
        flipped = bytearray(content)
        flipped[middle] ^= 1
        writer, drawn = pypdf.PdfWriter(io.BytesIO(content), incremental=True), io.BytesIO()
        writer.pages[0].merge_page(pypdf.PdfReader(io.BytesIO(letter._stamp(letter._signatories()))).pages[0])
        writer.write(drawn)
        for name, changed in (
            ("byte", bytes(flipped)),
            ("drawing", drawn.getvalue()),
            ("rewritten", rewritten.getvalue()),
            ("tail", content + b"\n% more\n"),
            ("nothing", b""),
            ("unsigned", pdf()),
        ):
            with self.subTest(name):
                self.assertFalse(pades.verify(changed, self.roots).unchanged)

    def test_only_whose_turn_it_is(self):
        letter = self.ready([("initial", self.chief), ("sign", self.head)])
        with self.assertRaises(UserError):
            self.sign(letter)
        self.review(letter, self.chief).action_approve()
        for user in (self.chief, self.staff, self.secretary, self.registrar):
            with self.subTest(user.login), self.assertRaises(UserError):
                letter.sudo()._signatories().with_user(user).sign(PASSPHRASE)
        hold = letter.sudo()._signatories().with_user(self.head)
        with self.assertRaisesRegex(UserError, "looked at"):
            hold.sign(PASSPHRASE)
        self.sign(letter)
        with self.assertRaises(UserError):
            self.sign(letter)

    def test_a_signed_letter_stays(self):
        letter = self.ready()
        self.sign(letter)
        for user in (self.staff, self.registrar, self.head):
            with self.subTest(user.login), self.assertRaises(UserError):
                letter.with_user(user).write({"body": "<p>Lain</p>"})
        with self.assertRaises(UserError):
            letter.action_withdraw()
        with self.assertRaises(UserError):
            self.review(letter, self.head)._reject("Tidak jadi")

    def test_the_signatory_of_a_changed_text_refuses(self):
        letter = self.ready([("initial", self.chief), ("sign", self.head)])
        self.review(letter, self.chief).action_approve()
        letter.sudo().body = "<p>Diubah di belakang</p>"
        with self.assertRaisesRegex(UserError, "changed after"):
            self.sign(letter)

    def test_a_memo_reaches_its_addressees(self):
        letter = self.memo(
            recipient_ids=[self.other_chief.id], copy_position_ids=[self.employee(self.secretary).job_id.id]
        )
        self.sign(letter)
        self.assertEqual(letter.state, "sent")
        self.assertEqual(self.hold(letter, self.other_chief).role, "responsible")
        self.assertEqual(self.hold(letter, self.secretary).role, "copy")
        hold = self.hold(letter, self.other_chief)
        self.assertEqual((hold.deadline, hold.sudo().issuer_id), (letter.deadline, self.head))
        self.assertTrue(letter.deadline)
        hold._follow_up("Sudah dilaksanakan")

    def memo(self, steps=None, **values):
        """Return a memo of the staff that waits for its signatures."""
        kind = self.env.ref("esurat.type_memo").id
        return self.ready(steps, direction="internal", type_id=kind, addressee_ids=False, **values)

    def test_a_memo_is_answered_with_a_memo(self):
        letter = self.memo(recipient_ids=[self.other_chief.id])
        with self.assertRaises(UserError):
            letter.action_answer()
        self.sign(letter)
        letter = letter.with_user(self.other_chief)
        answer = letter.browse(letter.action_answer()["res_id"])
        self.assertEqual((answer.direction, answer.reply_to_id), ("internal", letter))
        self.assertEqual((answer.recipient_ids, answer.type_id), (self.head, letter.type_id))

    def test_whoever_is_to_get_it_can_before_it_is_signed(self):
        vacant = self.env["hr.job"].create({"name": "Kosong", "company_id": self.agency.id})
        with self.assertRaisesRegex(UserError, "no addressee"):
            self.memo(position_ids=vacant.ids)
        letter = self.memo(
            [("sign", self.secretary), ("sign", self.head)],
            recipient_ids=[self.other_chief.id],
            copy_position_ids=self.employee(self.clerk).job_id.ids,
        )
        self.sign(letter, self.secretary)
        # who leaves after that goes without
        (self.other_chief | self.clerk).sudo().active = False
        self.sign(letter)
        self.assertEqual(letter.state, "sent")
        self.assertEqual(set(letter.sudo().holder_ids.mapped("role")), {"author", "sign"})

    # a way out

    def test_the_second_signatory_sends_it_back(self):
        shown = self.env["ir.attachment"].with_user(self.staff).create({"name": "a.png", "raw": picture()})
        letter = self.text(annex_ids=[(0, 0, {"name": "Denah", "file": encoded(pdf()), "file_name": "a.pdf"})])
        shown.write({"res_model": letter._name, "res_id": letter.id})
        letter.body = f'<p>Isi <img src="/web/image/{shown.id}"></p>'
        self.submit(letter, [("sign", self.secretary), ("sign", self.head)])
        number = self.sign(letter, self.secretary)
        dialogue = Form.from_action(self.env(user=self.head), self.review(letter, self.head).action_reject())
        self.assertTrue(dialogue.is_signed)
        dialogue.response = "Angkanya keliru"
        dialogue.save().action_confirm()
        self.assertEqual((letter.state, letter.cancel_reason, letter.number), ("cancelled", "Angkanya keliru", number))
        self.assertIn(self.staff.partner_id, letter.message_ids[0].sudo().notified_partner_ids)
        self.assertEqual(letter.sudo()._public_facts()["verdict"], "cancelled")
        again = letter.browse(letter.action_write_anew()["res_id"])
        self.assertEqual((again.state, again.number, again.subject), ("draft", False, letter.subject))
        self.assertEqual(
            (again.addressee_ids, again.classification_id), (letter.addressee_ids, letter.classification_id)
        )
        self.assertEqual(again.annex_ids._content(), pdf())
        self.assertEqual(len(again._pictures()), 1)
        self.assertNotEqual(again._pictures(), letter._pictures())

    def test_taken_back_from_paper_the_number_is_the_next(self):
        letter, other = self.ready(), self.ready(subject="Lain")
        letter.action_release()
        number, token = letter.number, letter.sudo().verify_token
        letter.action_withdraw()
        self.assertEqual(letter.state, "draft")
        self.assertFalse(letter.number or letter.serial or letter.signature_ids or letter.message_main_attachment_id)
        self.assertFalse(self.env["esurat.letter"].sudo()._by_verify_token(token))
        self.assertEqual(self.sign(other), number)
        letter.body = "<p>Diperbaiki</p>"
        self.submit(letter, [("sign", self.head)])
        letter.action_release()
        self.assertEqual(letter.serial, 2)
        letter.with_user(self.registrar)._take_signed_scan(pdf(), "scan.pdf")
        with self.assertRaises(UserError):
            letter.action_withdraw()

    def test_a_number_of_ones_own_stays_with_the_letter(self):
        letter = self.ready()
        reservation = (
            self.env["esurat.reservation"].sudo()._reserve(self.outgoing_series, fields.Date.today().year, 1, "x")
        )
        letter.sudo().reservation_id = reservation
        letter.action_release()
        letter.action_withdraw()
        self.assertEqual((letter.reservation_id, reservation.state), (reservation, "used"))

    def test_a_number_of_a_year_that_is_over_stays_with_the_letter(self):
        letter = self.ready()
        with self.moment("2026-12-31 02:00:00"):
            letter.action_release()
        with self.moment("2027-01-04 02:00:00"):
            number = letter.number
            letter.action_withdraw()
            self.assertFalse(letter.number)
            letter.body = "<p>Diperbaiki</p>"
            self.submit(letter, [("sign", self.head)])
            letter.action_release()
        self.assertEqual((letter.number, letter.year), (number, 2026))

    def test_the_register_answers_for_a_scan_without_a_code(self):
        letter = self.ready()
        letter.action_release()
        file = self.env["ir.attachment"].with_user(self.registrar).create({"name": "a.pdf", "raw": pdf()})
        dialogue = self.env["esurat.signed.scans"].with_user(self.registrar)
        dialogue = dialogue.create({"letter_id": letter.id, "attachment_ids": file.ids})
        dialogue.action_confirm()
        self.assertEqual(letter.state, "registered")

    def test_a_secret_letter_on_paper_is_its_authors(self):
        letter = self.ready(security_class="secret")
        letter.action_release()
        action = letter.action_take_scan()
        dialogue = self.env["esurat.signed.scans"].with_user(self.staff).with_context(**action["context"]).create({})
        file = self.env["ir.attachment"].with_user(self.staff).create({"name": "a.pdf", "raw": self.scan(letter)})
        dialogue.attachment_ids = file
        dialogue.action_confirm()
        self.assertEqual(letter.state, "registered")
        dialogue = Form.from_action(letter.env, letter.action_cancel())
        dialogue.reason = "Keliru"
        dialogue.save().action_confirm()
        self.assertEqual(letter.state, "cancelled")
        with self.assertRaises(UserError):
            self.ready()._cancel("Keliru")

    def test_the_day_is_the_agencys(self):
        letter = self.ready()
        self.head.tz = "America/New_York"
        # in Makassar it is the new year
        with self.moment("2026-12-31 23:30:00"):
            self.sign(letter.with_context(tz="America/New_York"))
        self.assertEqual((letter.year, str(letter.letter_date)), (2027, "2027-01-01"))

    def test_a_stamp_names_its_signatory_however_long_the_post(self):
        long = "Kepala Bidang Pengelolaan Infrastruktur dan Layanan Teknologi Informasi Komunikasi"
        letter = self.text()
        letter._submit([Step("sign", self.head.id, "acting", long)])
        stamp = letter._stamp(letter._signatories())
        words = pypdf.PdfReader(io.BytesIO(stamp)).pages[0].extract_text()
        self.assertIn("Head", words)
        self.assertEqual(len(pypdf.PdfReader(io.BytesIO(stamp)).pages), 1)
        self.assertIn(f"Plt. {long},", self.page(letter))

    # on paper

    def test_signed_by_hand_by_two(self):
        letter = self.ready([("sign", self.secretary), ("sign", self.head)])
        letter.action_release()
        self.assertEqual(letter.signature_ids.user_id, self.secretary | self.head)
        # they see it, and it waits for neither of them here
        for user in (self.secretary, self.head):
            self.assertTrue(letter.with_user(user).number)
            trays = {one["tray"]: one["total"] for one in self.env["esurat.holder"].with_user(user)._count_trays()}
            self.assertFalse(trays["to_sign"])
        register = self.env["esurat.letter"].with_user(self.registrar)._count_register()
        self.assertEqual([figure["total"] for figure in register if figure["filter"] == "unscanned"], [1])
        letters = self.env["esurat.letter"].with_user(self.registrar)
        self.assertEqual(letters.search([("is_unscanned", "=", True)]), letter)
        self.assertTrue(letter.is_unscanned and not letter.is_unsent)
        letter.with_user(self.registrar)._take_signed_scan(pdf(), "scan.pdf")
        names = [name for name, _position in letter.sudo()._public_facts()["signatories"]]
        self.assertEqual(names, ["Secretary", "Head"])
        register = self.env["esurat.letter"].with_user(self.registrar)._count_register()
        self.assertEqual([figure["total"] for figure in register if figure["filter"] == "unsent"], [1])
        self.assertEqual(letters.search([("is_unsent", "=", True)]), letter)

    def test_signed_on_paper(self):
        letter = self.ready()
        letter.action_release()
        self.assertTrue(letter.number)
        self.assertEqual(letter.state, "to_sign")
        with self.assertRaises(UserError):
            self.sign(letter)
        with self.assertRaises(UserError):
            letter.with_user(self.staff).write({"body": "<p>x</p>"})
        letter.with_user(self.registrar)._take_signed_scan(pdf(2, "tertanda"), "scan.pdf")
        self.assertEqual(letter.state, "registered")
        self.assertEqual(letter.signature_ids.state, "signed")
        self.assertEqual(self.file(letter), pdf(2, "tertanda"))

    def scan(self, letter, angle=2):
        """Return the printed *letter* as a scanner gives it: a picture in a PDF, a little askew."""
        with pypdfium2.PdfDocument(self.file(letter)) as document:
            picture = document[0].render(scale=200 / 72, grayscale=True).to_pil()
        content = io.BytesIO()
        picture.rotate(angle, fillcolor=255).save(content, "PDF", resolution=200)
        return content.getvalue()

    def test_a_scan_finds_its_letter(self):
        letters = [self.ready(subject=f"Surat {number}") for number in range(2)]
        for letter in letters:
            letter.action_release()
        files = (
            self.env["ir.attachment"]
            .with_user(self.registrar)
            .create(
                [
                    {"name": "satu.pdf", "raw": self.scan(letters[0])},
                    {"name": "dua.pdf", "raw": self.scan(letters[1], angle=-3)},
                    {"name": "lain.pdf", "raw": pdf()},
                ]
            )
        )
        dialogue = self.env["esurat.signed.scans"].with_user(self.registrar).create({"attachment_ids": files.ids})
        dialogue.action_confirm()
        self.assertEqual({letter.state for letter in letters}, {"registered"})
        self.assertEqual(dialogue.attachment_ids.mapped("name"), ["lain.pdf"])
        self.assertIn("lain.pdf", dialogue.trouble)
        # another scan takes the place of the first, until the letter is sent
        dialogue.attachment_ids = files[:1]
        dialogue.action_confirm()
        self.assertFalse(dialogue.trouble)
        self.assertEqual(letters[0].sudo()._public_facts()["verdict"], "paper")
        letters[0]._send()
        dialogue.attachment_ids = files[:1]
        dialogue.action_confirm()
        self.assertIn("dealt with already", dialogue.trouble)

    def test_two_letters_in_one_scan(self):
        letters = [self.ready(subject=f"Surat {number}") for number in range(2)]
        with pikepdf.new() as both:
            for letter in letters:
                letter.action_release()
                with pikepdf.open(io.BytesIO(self.scan(letter))) as one:
                    both.pages.extend(one.pages)
            content = io.BytesIO()
            both.save(content)
        file = self.env["ir.attachment"].with_user(self.registrar).create({"name": "a.pdf", "raw": content.getvalue()})
        dialogue = self.env["esurat.signed.scans"].with_user(self.registrar).create({"attachment_ids": file.ids})
        dialogue.action_confirm()
        self.assertIn("each by itself", dialogue.trouble)
        dialogue.letter_id = letters[0]
        dialogue.action_confirm()
        self.assertEqual(letters[0].state, "to_sign")

    # certificates that end

    def test_the_checklist_names_certificates_that_end(self):
        items = self.env["esurat.checklist"].sudo()._items(self.agency)
        item = next(item for item in items if item["name"] == "Certificates of signatories")
        self.assertFalse(item["done"])
        self.assertIn("Secretary", item["detail"])
        self.env["esurat.certificate"]._current(self.secretary).unlink()
        items = self.env["esurat.checklist"].sudo()._items(self.agency)
        self.assertTrue(next(item for item in items if item["name"] == "Certificates of signatories")["done"])

    def test_whoever_has_to_renew_is_told_once(self):
        def told(user):
            return self.env["mail.notification"].search_count(
                [
                    ("res_partner_id", "=", user.partner_id.id),
                    ("mail_message_id.body", "like", "certificate for signing"),
                ]
            )

        for _day in range(2):
            self.env["esurat.certificate"].sudo()._cron_warn()
        self.assertEqual((told(self.secretary), told(self.head)), (1, 0))

    def test_many_are_signed_one_by_one(self):
        letters = [self.ready(subject=f"Surat {number}") for number in range(3)]
        holds = self.env["esurat.holder"].with_user(self.head).union(*(self.review(one, self.head) for one in letters))
        action = holds.action_sign()
        self.assertEqual(len(action["params"]["letters"]), 3)
        with patch.object(
            type(self.env["esurat.letter"]), "_stamp", side_effect=[b"", *[letters[0]._stamp(holds[0])] * 2]
        ):
            signed = 0
            for line in action["params"]["letters"]:
                try:
                    with self.cr.savepoint():
                        self.env["esurat.holder"].with_user(self.head).browse(line["hold"]).sign(PASSPHRASE)
                        signed += 1
                except UserError as error:
                    self.assertIn("PDF", str(error))
        self.assertEqual(signed, 2)
        self.assertEqual(sorted(one.serial for one in letters if one.serial), [1, 2])
