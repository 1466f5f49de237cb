import io

import pypdf

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, HttpCase, tagged

from .common import EsuratCase, encoded, pdf, picture

PASSWORD = "rahasia-sekali-1"


class SecrecyCase(EsuratCase):
    """A registrar without a clearance beside the one who has it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.doorkeeper = cls._person("doorkeeper", "Penerima Surat", cls.secretariat, groups="esurat.group_registrar")

    def envelope(self, **values):
        """Return a draft of the doorkeeper: a closed envelope for the head."""
        return self.draft(
            self.doorkeeper,
            **{"subject": False, "security_class": "secret", "number": "R-7/2026", **values},
        )

    def readings(self, letter):
        """Return what was noted of the readings of *letter*, the first one first."""
        self.env.flush_all()
        return self.env["esurat.reading"].sudo().search([("letter_id", "=", letter.id)], order="id")


@tagged("post_install", "-at_install")
class TestClearance(SecrecyCase):
    """Who reads secret letters holds them, and is cleared for them."""

    def test_nobody_gets_what_she_may_not_read(self):
        letter = self.letter(security_class="secret")
        with self.assertRaisesRegex(UserError, "Clerk has no clearance"):
            self.dispose(letter, self.head, self.clerk)
        with self.assertRaisesRegex(UserError, "Clerk has no clearance"):
            self.dispose(letter, self.head, self.chief, self.clerk)
        self.dispose(letter, self.head, self.chief)
        with self.assertRaisesRegex(UserError, "Stranger has no clearance"):
            self.letter(security_class="secret", recipient_ids=[Command.set(self.stranger.ids)])

    def test_up_to_her_class(self):
        self.clear(self.chief, "secret")
        self.dispose(self.letter(security_class="secret"), self.head, self.chief)
        with self.assertRaisesRegex(UserError, "Chief has no clearance"):
            self.dispose(self.letter(security_class="top_secret"), self.head, self.chief)

    def test_who_loses_it_reads_no_more(self):
        letter, other = self.letter(security_class="secret"), self.letter()
        for one in (letter, other):
            self.dispose(one, self.head, self.chief)
        self.clear(self.chief)
        self.assertFalse(self.hold(letter, self.chief))
        with self.assertRaises(AccessError):
            letter.with_user(self.chief).read(["subject"])
        self.assertTrue(other.with_user(self.chief).subject)
        # nor by what she was told of it
        Message = self.env["mail.message"].with_user(self.chief)
        self.assertFalse(Message.search([("model", "=", "esurat.letter"), ("res_id", "=", letter.id)]))
        self.assertTrue(Message.search([("model", "=", "esurat.letter"), ("res_id", "=", other.id)]))
        totals = {
            tray["tray"]: tray["total"] for tray in self.env["esurat.holder"].with_user(self.chief)._count_trays()
        }
        self.assertEqual(totals["unread_disposition"], 1)

    def test_a_letter_that_becomes_secret(self):
        letter = self.letter()
        self.dispose(letter, self.head, self.clerk)
        notification = self.env["mail.notification"].search(
            [("res_partner_id", "=", self.clerk.partner_id.id), ("mail_message_id.res_id", "=", letter.id)]
        )
        self.assertTrue(notification)
        letter.security_class = "secret"
        with self.assertRaises(AccessError):
            letter.with_user(self.clerk).read(["subject"])
        # nor does a message tell her of it
        self.assertFalse(notification.exists())

    def test_less_than_usual(self):
        letter = self.letter(security_class="restricted")
        self.dispose(letter, self.head, self.clerk)
        self.clear(self.clerk, "open")
        self.assertFalse(self.hold(letter, self.clerk))

    def test_given_by_administrators_of_her_agency(self):
        Clearance = self.env["esurat.clearance"]
        values = {"security_class": "secret", "reason": "SK 2"}
        Clearance.with_user(self.admin).create({**values, "user_id": self.clerk.id})
        with self.assertRaises(AccessError):
            Clearance.with_user(self.admin).create({**values, "user_id": self._outsider().id})
        for user, of in ((self.registrar, self.stranger), (self.admin, self.admin)):
            with self.subTest(user.login), self.assertRaises(AccessError), self.cr.savepoint():
                Clearance.with_user(user).create({**values, "user_id": of.id})
        # what was given stays on record
        given = Clearance.search([("user_id", "=", self.clerk.id)])
        for act in (lambda one: one.write({"security_class": "open"}), lambda one: one.unlink()):
            with self.assertRaises(AccessError), self.cr.savepoint():
                act(given)

    def _outsider(self):
        return self._person("other_neighbour", "Staf", self.neighbour_root)


@tagged("post_install", "-at_install")
class TestEnvelope(SecrecyCase):
    """A registrar without a clearance registers the envelope closed, and sees no more of it once it is opened."""

    def test_registered_closed(self):
        form = Form(self.env["esurat.letter"].with_user(self.doorkeeper).with_company(self.agency))
        form.security_class = "secret"
        self.assertTrue(form.sealed)
        form.sender_id = self.sender
        form.number = "R-7/2026"
        letter = form.save()
        action = letter.action_register()
        self.assertEqual((letter.state, letter.agenda_number), ("registered", "0001"))
        self.assertIn("0001", action["params"]["message"])
        self.assertEqual(letter.display_name, "0001: a secret letter")

    def test_what_is_in_it_is_not_hers_to_say(self):
        for values in (
            {"subject": "Isi"},
            {"summary": "Isi"},
            {"scan": encoded(pdf()), "scan_name": "a.pdf"},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.envelope(**values)
        letter = self.envelope()
        with self.assertRaises(ValidationError):
            letter.subject = "Isi"
        with self.assertRaises(ValidationError):
            letter.scan = encoded(pdf())

    def test_opened_by_whom_it_is_for(self):
        letter = self.envelope()
        letter.action_register()
        head = letter.with_user(self.head)
        self.assertTrue(letter.with_user(self.doorkeeper).has_access("read"))
        head.action_open()
        # from here on there is something to be seen
        self.assertFalse(letter.with_user(self.doorkeeper).has_access("read"))
        self.assertIn("unseal", head.my_acts)
        self.assertNotIn("answer", head.my_acts)
        dialogue = Form.from_action(head.env, head.action_unseal())
        dialogue.subject = "Pemeriksaan khusus"
        dialogue.scan = encoded(pdf(3))
        record = dialogue.save()
        record.action_confirm()
        self.assertFalse(record.exists())
        self.assertEqual((head.subject, head.page_count, head.sealed), ("Pemeriksaan khusus", 3, False))
        self.assertIn("answer", head.my_acts)
        with self.assertRaises(UserError):
            head._unseal("Lagi")
        self.assertFalse(letter.with_user(self.doorkeeper).has_access("read"))

    def test_no_stranger_opens_it(self):
        letter = self.envelope()
        letter.action_register()
        for user in (self.doorkeeper, self.registrar, self.chief):
            with self.subTest(user.login), self.assertRaises(UserError):
                letter.with_user(user)._unseal("Isi")

    def test_its_class_is_no_way_in(self):
        letter = self.envelope()
        letter.action_register()
        with self.assertRaises(UserError):
            letter.security_class = "restricted"
        letter.with_user(self.head).action_open()
        letter.with_user(self.head)._unseal("Isi")
        with self.assertRaises(UserError):
            letter.with_user(self.doorkeeper).security_class = "open"

    def test_what_nobody_else_has_is_not_returned_nor_written_off_closed(self):
        letter = self.envelope()
        letter.action_register()
        head = letter.with_user(self.head)
        head.action_open()
        acts = head.my_acts.split(",")
        self.assertFalse({"return", "write_off", "follow_up"} & set(acts), acts)
        head._unseal("Isi")
        head.invalidate_recordset()
        self.assertIn("write_off", head.my_acts)

    def test_the_agenda_book_has_no_hole(self):
        letter = self.envelope()
        letter.action_register()
        letter.with_user(self.head).action_open()
        today = letter.sudo().register_date
        book = self.env["esurat.agenda.book"].with_user(self.doorkeeper).with_company(self.agency)
        [row] = book.create({"direction": "incoming", "date_from": today, "date_to": today})._rows()
        self.assertEqual((row[0], row[-1]), ("0001", "a secret letter"))
        self.assertFalse(any(row[1:-1]))

    def test_who_loses_her_clearance_has_no_letters_that_she_took_in(self):
        letter = self.letter(security_class="secret")
        self.assertTrue(letter.has_access("read"))
        self.clear(self.registrar)
        self.env.invalidate_all()
        self.assertFalse(letter.has_access("read"))

    def test_a_cleared_registrar_registers_it_open(self):
        letter = self.letter(security_class="secret", scan=encoded(pdf()), scan_name="a.pdf")
        self.assertFalse(letter.sealed)
        self.assertEqual(letter.subject, "Undangan rapat")

    def test_bad_files_leave_it_closed(self):
        letter = self.envelope()
        letter.action_register()
        with self.assertRaises(UserError), self.cr.savepoint():
            letter.with_user(self.head)._unseal("Isi", content=b"MZ not a scan", name="a.pdf")
        self.assertTrue(letter.sudo().sealed)


@tagged("post_install", "-at_install")
class TestOutside(SecrecyCase):
    """Wherever a secret letter is not opened, it is named by nothing of its content."""

    def setUp(self):
        super().setUp()
        self.secret = self.letter(security_class="secret", subject="Penangkapan besok", number="R-1/X/2026")
        self.words = ("Penangkapan", "R-1/X", "jangan bocor")

    def test_the_inbox_and_the_name(self):
        hold = self.hold(self.secret, self.head)
        self.assertEqual(hold.subject, "A secret letter")
        self.assertEqual(self.secret.with_user(self.head).display_name, "0001: a secret letter")
        self.assertEqual(self.secret.with_user(self.clerk).display_name, "Another letter")
        self.assertFalse(self.env["esurat.letter"].with_user(self.clerk).name_search("Penangkapan"))

    def test_mails(self):
        self.chief.notification_type = "email"
        self.dispose(self.secret, self.head, self.chief, note="jangan bocor")
        self.secret.with_user(self.head).message_post(
            body="jangan bocor", partner_ids=self.chief.partner_id.ids, subtype_xmlid="mail.mt_comment"
        )
        mails = self.env["mail.mail"].sudo().search([("recipient_ids", "in", self.chief.partner_id.ids)])
        self.assertEqual(len(mails), 2)
        for mail in mails:
            said = f"{mail.subject} {mail.body_html} {mail.headers}"
            self.assertIn("secret letter", said)
            for word in self.words:
                self.assertNotIn(word, said)
            self.assertFalse(mail.attachment_ids)

    def test_the_bus(self):
        payload = self.secret.sudo()._inbox_payload(
            self.secret.sudo().message_ids[:1], self.head.partner_id, "jangan bocor"
        )
        for word in self.words:
            self.assertNotIn(word, str(payload))

    def test_groups_and_copies(self):
        Letter = self.env["esurat.letter"].with_user(self.head)
        mine = [("id", "=", self.secret.id)]
        for groups, sums in ((["subject"], ["__count"]), ([], ["subject:array_agg"]), ([], ["summary:array_agg"])):
            self.assertNotIn("Penangkapan", str(Letter.formatted_read_group(mine, groups, sums)))
        [values] = self.secret.with_user(self.head).copy_data({"security_class": "open"})
        self.assertEqual(values["security_class"], "secret")

    def test_pages_that_bear_no_name(self):
        report = self.env["ir.actions.report"].with_user(self.head)
        for name in ("esurat.report_disposition_sheet", "esurat.report_disposition_sheet_blank"):
            with self.subTest(name), self.assertRaises(AccessError):
                report._render_qweb_html(name, self.secret.ids)
        with self.assertRaises(AccessError):
            # of the registrars alone
            report._render_qweb_html("esurat.report_receipt", self.letter().ids)

    def test_push(self):
        message = self.secret.sudo().message_ids[:1]
        payload = str(self.secret.sudo()._notify_by_web_push_prepare_payload(message))
        for word in self.words:
            self.assertNotIn(word, payload)


@tagged("post_install", "-at_install")
class TestReadings(SecrecyCase, HttpCase):
    """Who has read a secret letter is on record; what she is shown bears her name and is kept by no browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.head + cls.clerk + cls.secretary).password = PASSWORD

    def setUp(self):
        super().setUp()
        self.secret = self.letter(security_class="secret", scan=encoded(pdf(2)), scan_name="a.pdf")
        self.file = self.secret.sudo().message_main_attachment_id

    def fetch(self, user, address):
        """Return the response of *address* for *user*."""
        self.authenticate(user.login, PASSWORD)
        return self.url_open(address, allow_redirects=False)

    def noted(self):
        """Return ``[(user, kind, for whom)]`` of the readings by others than the registrar."""
        found = self.readings(self.secret).filtered(lambda one: one.user_id != self.registrar)
        return [(one.user_id, one.kind, one.principal_id) for one in found]

    def test_reading_is_noted_once_a_minute(self):
        nobody, head = self.env["res.users"], self.secret.with_user(self.head)
        with self.moment("2026-03-02 01:00:00"):
            head.read(["subject"])
            head.web_read({"summary": {}})
        self.assertEqual(self.noted(), [(self.head, "read", nobody)])
        with self.moment("2026-03-02 01:02:00"):
            self.env["esurat.letter"].with_user(self.head).search_read([("id", "=", self.secret.id)], ["subject"])
        self.assertEqual(len(self.noted()), 2)
        self.head.group_ids += self.env.ref("base.group_allow_export")
        head.export_data(["agenda_number"])
        self.assertEqual(self.noted()[-1][1], "export")

    def test_what_is_not_secret_is_not_noted(self):
        letter = self.letter()
        letter.with_user(self.head).read(["subject"])
        self.assertFalse(self.readings(letter))

    def test_for_whom(self):
        self.env["esurat.delegation"].with_user(self.admin).create(
            {
                "company_id": self.agency.id,
                "principal_id": self.head.id,
                "deputy_id": self.secretary.id,
                "security_class": "secret",
                "decree": "800/1",
                "date_to": "2099-01-01",
            }
        )
        self.secret.with_user(self.secretary).read(["subject"])
        self.assertEqual(self.noted(), [(self.secretary, "read", self.head)])

    def test_the_file_bears_the_name_of_its_reader(self):
        response = self.fetch(self.head, f"/web/content/{self.file.id}")
        self.assertEqual((response.status_code, response.headers["Cache-Control"]), (200, "no-store"))
        self.assertNotIn("ETag", response.headers)
        pages = pypdf.PdfReader(io.BytesIO(response.content)).pages
        self.assertEqual(len(pages), 2)
        for page in pages:
            self.assertIn("Head", page.extract_text())
        [reading] = self.readings(self.secret).filtered(lambda one: one.user_id == self.head)
        self.assertEqual((reading.kind, reading.origin), ("file", "127.0.0.1"))
        # what was taken in stays as it is
        self.assertEqual(self.file.raw, pdf(2))

    def test_nor_does_an_address_that_never_changes_keep_it(self):
        for address in (f"/web/content/{self.file.id}-{self.file.checksum[:8]}", f"/web/image/{self.file.id}"):
            response = self.fetch(self.head, address)
            self.assertNotIn("max-age", response.headers.get("Cache-Control", ""))

    def test_by_whatever_says_something_of_it(self):
        disposition = self.dispose(self.secret, self.head, self.secretary, note="Rahasia")
        self.env.cr.flush()
        trail = self.env["esurat.trail"].with_user(self.secretary).search([("letter_id", "=", self.secret.id)])
        for read in (
            lambda: disposition.with_user(self.secretary).read(["note"]),
            lambda: trail.read(["words"]),
            lambda: (
                self.env["mail.message"]
                .with_user(self.secretary)
                .search_read([("model", "=", "esurat.letter"), ("res_id", "=", self.secret.id)], ["body"])
            ),
        ):
            self.env.cr.execute("DELETE FROM esurat_reading")
            self.env.invalidate_all()
            read()
            self.assertEqual(self.noted()[0][0], self.secretary)

    def test_files_stay_with_their_letter(self):
        file = self.file.with_user(self.head)
        with self.assertRaises(AccessError):
            file.copy_data()
        with self.assertRaises(AccessError):
            file.copy({"res_model": False, "res_id": 0})
        other = self.letter()
        with self.assertRaises(AccessError):
            self.hold(other, self.head)._follow_up("Sudah", file)

    def test_a_file_that_cannot_be_marked_is_given_all_the_same(self):
        for name, content in (("bad.pdf", b"%PDF-1.4 junk"), ("bad.png", b"\x89PNG\r\n\x1a\n junk")):
            file = self.env["ir.attachment"].create(
                {"name": name, "raw": content, "res_model": "esurat.letter", "res_id": self.secret.id}
            )
            response = self.fetch(self.head, f"/web/content/{file.id}")
            self.assertEqual((response.status_code, response.content), (200, content))

    def test_pictures_are_marked_too(self):
        letter = self.letter(security_class="secret", scan=encoded(picture()), scan_name="a.png")
        file = letter.sudo().message_main_attachment_id
        response = self.fetch(self.head, f"/web/image/{file.id}")
        self.assertEqual((response.status_code, response.headers["Cache-Control"]), (200, "no-store"))

    def test_an_open_file_is_given_as_it_is(self):
        file = self.letter(scan=encoded(pdf(1)), scan_name="b.pdf").sudo().message_main_attachment_id
        self.assertEqual(self.fetch(self.head, f"/web/content/{file.id}").content, pdf(1))

    def test_prints_are_marked_and_noted(self):
        report = self.env["ir.actions.report"].with_user(self.head)
        report = report.with_context(force_report_rendering=True)
        content, _kind = report._render_qweb_pdf("esurat.report_disposition_sheet", self.secret.ids)
        self.assertIn("Head", pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text())
        self.assertEqual(self.noted()[-1][1], "print")

    def test_no_token_opens_a_file_of_a_letter(self):
        for letter in (self.secret, self.letter(scan=encoded(pdf(1)), scan_name="b.pdf")):
            file = letter.sudo().message_main_attachment_id
            token = file.generate_access_token()[0]
            limited = file._get_raw_access_token()
            for address in (
                f"/web/content/{file.id}?access_token={token}",
                f"/web/content/{file.id}?access_token={limited}",
                f"/web/image/{file.id}?access_token={token}",
            ):
                with self.subTest(address):
                    self.assertNotEqual(self.fetch(self.clerk, address).content[:4], b"%PDF")
                    self.logout()
                    self.assertNotEqual(self.url_open(address).content[:4], b"%PDF")

    def test_holders_see_who_has_read_it_and_nobody_changes_it(self):
        self.secret.with_user(self.head).read(["subject"])
        Reading = self.env["esurat.reading"]
        mine = [("letter_id", "=", self.secret.id), ("user_id", "=", self.head.id)]
        self.assertTrue(Reading.with_user(self.head).search(mine))
        for user in (self.clerk, self.admin, self.doorkeeper):
            self.assertFalse(Reading.with_user(user).search(mine))
        for act in (lambda one: one.write({"kind": "print"}), lambda one: one.unlink()):
            with self.assertRaises(AccessError):
                act(Reading.with_user(self.head).search(mine))
        with self.assertRaises(AccessError):
            Reading.sudo().search(mine).write({"kind": "print"})
