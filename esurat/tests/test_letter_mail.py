import base64
from email.message import EmailMessage
from itertools import count

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import EsuratCase, pdf

GATEWAY = "odoo.addons.mail.models.mail_thread"


class MailCase(EsuratCase):
    """An agency with an address for letters."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agency.alias_domain_id = cls.env["mail.alias.domain"].create({"name": "contoh.go.id"})
        cls.neighbour_agency.alias_domain_id = cls.agency.alias_domain_id
        cls.agency.esurat_alias_name = "surat"
        cls.numbers = count(1)

    def arrive(
        self, sender="Dinas Kesehatan <surat@dinkes.example.go.id>", answers=None, files=(), to="surat", **fields
    ):
        """Let a mail arrive at the gateway, and return the letters that there are since."""
        before = self.env["esurat.letter"].search([])
        mail = EmailMessage()
        mail["To"] = ", ".join(f"{name}@contoh.go.id" for name in to.split())
        for header, value in (("From", sender), ("Cc", fields.get("cc"))):
            if value:
                mail[header] = value
        if fields.get("subject", True):
            mail["Subject"] = fields.get("subject", "Permintaan data")
        mail["Message-Id"] = fields.get("message_id", f"<{next(self.numbers)}@example.go.id>")
        if answers:
            mail["In-Reply-To"] = mail["References"] = answers
        mail.set_content("Mohon data terlampir.")
        for name, kind, content in files:
            main, sub = kind.split("/")
            mail.add_attachment(content, maintype=main, subtype=sub, filename=name)
        self.env["mail.thread"].message_process(False, mail.as_bytes())
        return self.env["esurat.letter"].search([]) - before


@tagged("post_install", "-at_install")
class TestLetterMail(MailCase):
    """A letter that comes by e-mail is a draft: what it claims gives nobody anything."""

    def test_a_mail_is_a_draft_which_the_registrar_registers(self):
        self.sender.email = "surat@dinkes.example.go.id"
        tiles = self.env["esurat.letter"].with_user(self.registrar)._count_register()
        files = [("logo.png", "image/png", b"no picture"), ("surat.pdf", "application/pdf", pdf(3))]
        letter = self.arrive(files=files).with_user(self.registrar)
        self.assertEqual((letter.state, letter.direction, letter.company_id), ("draft", "incoming", self.agency))
        self.assertEqual((letter.subject, letter.medium), ("Permintaan data", "electronic"))
        self.assertEqual(letter.mail_sender, "surat@dinkes.example.go.id")
        self.assertEqual(letter.sender_id, self.sender)
        self.assertEqual((letter.message_main_attachment_id.name, letter.page_count), ("surat.pdf", 3))
        self.assertIn("Mohon data", letter.message_ids.body)
        self.assertFalse(letter.with_user(self.head).has_access("read"))
        self.assertFalse(letter.with_user(self.neighbour).has_access("read"))
        now = self.env["esurat.letter"].with_user(self.registrar)._count_register()
        more = {after["filter"]: after["total"] - before["total"] for before, after in zip(tiles, now, strict=True)}
        self.assertEqual({name for name, number in more.items() if number}, {"draft"})
        self.assertEqual(more["draft"], 1)
        letter.action_register()
        self.assertEqual(self.hold(letter, self.head).state, "unread")

    def test_an_address_that_several_have_names_no_sender(self):
        self.sender.email = "surat@dinkes.example.go.id"
        self.sender.copy({"email": "surat@dinkes.example.go.id"})
        self.assertFalse(self.arrive().sender_id)

    def test_whose_address_a_mail_claims_to_come_from_gets_nothing(self):
        letter = self.arrive(f"Kepala Dinas <{self.head.email}>")
        self.assertFalse(letter.holder_ids)
        self.assertFalse(letter.sender_id)
        self.assertFalse(letter.with_user(self.head).has_access("read"))
        self.assertNotEqual(letter.create_uid, self.head)
        self.assertFalse(letter.message_ids.author_id)
        self.assertFalse(letter.message_partner_ids)

    def test_a_second_mail_about_a_letter_is_a_letter_of_its_own(self):
        first = self.arrive(message_id="<first@example.go.id>")
        first.with_user(self.registrar).write({"sender_id": self.sender.id})
        first.with_user(self.registrar).action_register()
        messages = first.message_ids
        second = self.arrive(answers="<first@example.go.id>", subject="Re: Permintaan data")
        self.assertEqual((len(second), second.state, second.company_id), (1, "draft", self.agency))
        self.assertEqual(first.message_ids, messages)

    def test_each_agency_to_which_a_mail_goes_gets_its_letter(self):
        self.neighbour_agency.esurat_alias_name = "tetangga"
        both = self.agency + self.neighbour_agency
        self.assertEqual(self.arrive(message_id="<a@x.id>", to="surat tetangga").company_id, both)
        self.assertEqual(self.arrive(answers="<a@x.id>", to="surat tetangga").company_id, both)
        # a mail that answers something else, with the agency in copy
        talk = self.sender.message_post(body="x", message_type="email", message_id="<b@x.id>")
        letter = self.arrive(answers=talk.message_id, to="nobody", cc="surat@contoh.go.id")
        self.assertEqual(letter.company_id, self.agency)

    def test_whoever_stands_in_a_mail_reads_nothing_of_it(self):
        people = self.stranger + self.neighbour + self.staff
        letter = self.arrive(cc=", ".join(people.mapped("email")))
        letter.with_user(self.registrar).security_class = "secret"
        for user in people:
            found = self.env["mail.message"].with_user(user).search([("res_id", "=", letter.id)])
            self.assertFalse(found.filtered(lambda message: message.model == "esurat.letter"))
        self.assertFalse(letter.with_user(self.registrar)._message_get_suggested_recipients(reply_discussion=True))

    def test_a_mail_without_subject_or_sender_is_a_letter_too(self):
        self.sender.email = False
        letter = self.arrive(subject="")
        self.assertEqual((letter.state, letter.subject), ("draft", ""))
        self.assertFalse(self.arrive(sender="").sender_id)

    def test_only_the_gateway_takes_mails_in(self):
        mail = {"subject": "x", "email_from": "x@example.com"}
        for user in (self.stranger, self.staff, self.registrar, self.admin):
            with self.assertRaises(AccessError):
                self.env["esurat.letter"].with_user(user).message_new(dict(mail), {"company_id": self.agency.id})

    @mute_logger(GATEWAY, "odoo.addons.mail.models.mail_alias")
    def test_no_mail_reaches_a_letter_that_is_there(self):
        letter = self.letter()
        act = letter.message_ids[:1]
        with self.assertRaises(AccessError):
            self.arrive(self.head.email, answers=act.message_id, to="nobody")
        self.assertEqual(letter.message_ids, act)

    def test_what_is_no_scan_stays_in_the_chatter(self):
        files = [
            ("a.svg", "image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
            ("b.pdf", "application/pdf", b"%PDF-1.7 broken"),
            ("c.txt", "text/plain", b"Isi"),
            ("d.pdf", "application/pdf", pdf(password="x")),
        ]
        letter = self.arrive(files=files)
        self.assertFalse(letter.message_main_attachment_id)
        self.assertEqual(len(letter.message_ids.attachment_ids), 4)

    def test_a_picture_within_the_text_is_no_scan(self):
        logo = base64.b64decode(
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
        )
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = "x@example.com", "surat@contoh.go.id", "Dengan logo"
        mail["Message-Id"] = "<logo@example.com>"
        mail.set_content("Isi")
        mail.add_alternative('<p>Isi</p><img src="cid:logo@x">', subtype="html")
        mail.get_payload()[1].add_related(logo, "image", "png", cid="<logo@x>", filename="logo.png")
        self.env["mail.thread"].message_process(False, mail.as_bytes())
        letter = self.env["esurat.letter"].search([("subject", "=", "Dengan logo")])
        self.assertEqual(letter.message_ids.attachment_ids.mapped("name"), ["logo.png"])
        self.assertFalse(letter.message_main_attachment_id)
        # the same picture, attached, may be the photo of a letter
        self.assertTrue(self.arrive(files=[("a.png", "image/png", logo)]).message_main_attachment_id)

    def test_an_alias_gives_the_agency_alone(self):
        values = {"company_id": self.agency.id, "state": "done", "holder_ids": [(0, 0, {"user_id": self.stranger.id})]}
        self.agency.esurat_alias_id.alias_defaults = repr(values)
        letter = self.arrive(subject="x" * 900)
        self.assertEqual((letter.state, len(letter.subject)), ("draft", 500))
        self.assertFalse(letter.holder_ids)
        letter = self.env["esurat.letter"]
        for defaults in ({}, {"company_id": 0}, {"company_id": 10**8}, None):
            with self.assertRaises(AccessError):
                letter.message_new({"subject": "x", "email_from": "x@example.com"}, defaults)

    @mute_logger(GATEWAY)
    def test_a_machine_that_answers_itself_is_not_taken_in_for_ever(self):
        self.env["ir.config_parameter"].set_param("mail.gateway.loop.threshold", 3)
        taken = [self.arrive("robot@example.com") for _number in range(5)]
        self.assertEqual([len(letters) for letters in taken], [1, 1, 1, 0, 0])

    def test_the_administrator_of_an_agency_sets_its_address(self):
        settings = self.env["esurat.agency.settings"].with_user(self.admin)
        with Form(settings.with_context(allowed_company_ids=self.agency.ids)) as form:
            self.assertEqual(form.alias_domain, "contoh.go.id")
            form.alias_name = "Surat Masuk"
        self.assertEqual(self.agency.esurat_alias_id.display_name, "surat-masuk@contoh.go.id")
        self.assertTrue(self.arrive(to="surat-masuk"))
        # nobody else's address, and not that of another agency
        self.neighbour_agency.esurat_alias_name = "tetangga"
        with self.assertRaises(UserError):
            self.agency.esurat_alias_name = "tetangga"
        for name in ("文件", "a" * 65, "notifications"):
            with self.assertRaises(UserError):
                self.agency.esurat_alias_name = name
        # it follows the domain of the agency
        self.agency.alias_domain_id = self.env["mail.alias.domain"].create({"name": "baru.go.id"})
        self.assertEqual(self.agency.esurat_alias_id.alias_full_name, "surat-masuk@baru.go.id")
        self.agency.esurat_alias_name = False
        self.assertFalse(self.agency.esurat_alias_id.alias_name)
