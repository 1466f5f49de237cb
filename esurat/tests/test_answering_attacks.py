from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..models.letter_review import Step
from .common import encoded, pdf, picture
from .pki import PASSPHRASE
from .test_dispatch import DispatchCase


@tagged("post_install", "-at_install")
class TestAnsweringAttacks(DispatchCase):
    """Whoever may write a letter tries to have something else signed, sent or read."""

    def test_nobody_brings_a_number_or_a_file_of_her_own(self):
        letter = self.text()
        for values in (
            {"number": "000/PALSU"},
            {"letter_date": "2020-01-01"},
            {"scan": encoded(pdf()), "scan_name": "a.pdf"},
            {"written_here": False},
            {"direction": "incoming"},
            {"reservation_id": self.env["esurat.reservation"]._reserve(self.outgoing_series, 2025, 1, "x").id},
        ):
            with self.subTest(values), self.assertRaises(UserError), self.cr.savepoint():
                letter.write(values)
            if "direction" not in values and "written_here" not in values:
                with self.subTest(values), self.assertRaises(UserError), self.cr.savepoint():
                    self.text(**values)

    def test_a_reviewer_does_not_take_a_letter_out_of_its_way(self):
        letter = self.text()
        self.submit(letter)
        with self.assertRaises(UserError):
            letter.with_user(self.leader).written_here = False

    def test_files_of_annexes_are_changed_with_the_annex(self):
        letter = self.ready(annex_ids=[(0, 0, {"name": "Denah", "file": encoded(pdf()), "file_name": "a.pdf"})])
        annex = letter.annex_ids
        files = self.env["ir.attachment"].sudo()
        file = files.search([("res_model", "=", annex._name), ("res_id", "=", annex.id), ("res_field", "!=", False)])
        for user in (self.staff, self.head, self.registrar):
            with self.subTest(user.login), self.assertRaises(AccessError):
                file.with_user(user).sudo(False).write({"raw": b"x"})
            with self.subTest(user.login), self.assertRaises(AccessError):
                file.with_user(user).sudo(False).unlink()
        with self.assertRaises(AccessError):
            self.env["ir.attachment"].with_user(self.staff).create(
                {"name": "x", "raw": b"x", "res_model": annex._name, "res_id": annex.id, "res_field": "file"}
            )

    def test_pictures_are_part_of_what_is_approved(self):
        shown = self.env["ir.attachment"].with_user(self.staff).create({"name": "a.png", "raw": picture()})
        letter = self.text(body=f'<p><img src="/web/image/{shown.id}"></p>')
        self.submit(letter, [("initial", self.leader), ("sign", self.head)])
        self.review(letter, self.leader).action_approve()
        hold = self.review(letter, self.head)
        shown.sudo().write({"res_model": letter._name, "res_id": letter.id})
        with self.assertRaises(UserError):
            hold.sign(PASSPHRASE)

    def test_whoever_signs_signs_what_she_has_seen(self):
        letter = self.ready()
        hold = self.review(letter, self.head)
        letter.sudo().body = "<p>Lain</p>"
        with self.assertRaisesRegex(UserError, "changed since"):
            hold.sign(PASSPHRASE)
        self.review(letter, self.head).sign(PASSPHRASE)

    def test_the_consulted_approve_what_they_have_seen(self):
        letter = self.text()
        self.submit(letter, [("coordinate", self.secretary), ("coordinate", self.other_chief), ("sign", self.head)])
        first, second = (self.review(letter, user) for user in (self.secretary, self.other_chief))
        letter.with_user(self.other_chief).body = "<p>Lain</p>"
        with self.assertRaisesRegex(UserError, "changed since"):
            first.action_approve()
        second.action_approve()

    def test_the_words_of_a_mandate_are_approved_too(self):
        letter = self.text()
        steps = [Step("initial", self.leader.id), Step("sign", self.head.id, "sub_mandate", "Wali Kota", "Sekda")]
        letter._submit(steps)
        self.review(letter, self.leader).action_approve()
        letter.action_withdraw()
        letter._submit([steps[0], steps[1]._replace(mandated="Presiden")])
        self.assertEqual(self.route(letter)[0][2], "unread")

    def test_certificates_say_what_their_files_say(self):
        certificate = self.env["esurat.certificate"]._current(self.secretary).with_user(self.secretary).sudo(False)
        for values in ({"valid_until": "2099-01-01"}, {"subject": "CN=Wali Kota"}, {"user_id": self.head.id}):
            with self.subTest(values), self.assertRaises(AccessError):
                certificate.write(values)
            with self.subTest(values), self.assertRaises(UserError):
                self.env["esurat.certificate"].with_user(self.secretary).create(values)
        planted = self.env["esurat.certificate"].with_user(self.staff).with_context(default_user_id=self.head.id)
        made = planted.create({"file": encoded(self.pki.files["head"]), "passphrase": PASSPHRASE})
        self.assertEqual(made.user_id, self.staff)

    def test_the_route_of_another_letter(self):
        letter = self.text(security_class="secret")
        self.submit(letter)
        spec = {"step_ids": {"fields": {"user_id": {"fields": {"display_name": {}}}}}}
        for user in (self.stranger, self.neighbour, self.registrar):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.env["esurat.submit"].with_user(user).onchange({"letter_id": letter.id}, ["letter_id"], spec)

    def propose(self, user, **defaults):
        """Let *user* set defaults of her own, as Odoo lets everybody: ``model__field=value``."""
        for name, value in defaults.items():
            model, _sign, field = name.partition("__")
            model = {"partner": "res.partner"}.get(model, f"esurat.{model}")
            self.env["ir.default"].with_user(user).set(model, field, value, user_id=True)

    def test_nobodys_defaults_stand_for_acts(self):
        letter = self.text()
        self.submit(letter, [("sign", self.head)])
        digest = letter.version_ids.digest
        letter.action_withdraw()
        secret = self.letter(security_class="secret", subject="Rahasia sekali")
        self.propose(
            self.staff,
            holder__digest=digest,
            holder__state="done",
            letter__state="sent",
            letter__serial=999999,
            letter__number="000/PALSU",
            letter__verify_token="x" * 32,
            letter__reply_to_id=secret.id,
        )
        self.submit(letter, [("initial", self.leader), ("sign", self.head)])
        self.assertEqual([state for _role, _user, state in self.route(letter)], ["unread", "waiting"])
        other = self.text(body="<p>{{ reply_subject }}</p>")
        self.assertEqual(other.state, "draft")
        self.assertFalse(other.serial or other.number or other.sudo().verify_token or other.reply_to_id)
        self.assertNotIn("Rahasia", self.page(other))
        self.propose(self.registrar, partner__esurat_certificate="x", partner__esurat_code="DC")
        self.assertFalse(self.env["res.partner"].with_user(self.registrar).create({"name": "x"}).sudo().esurat_code)

    def test_a_context_stands_for_nothing_either(self):
        letter = self.text(annex_ids=[(0, 0, {"name": "Daftar", "body": "<p>1</p>"})])
        context = {
            "default_res_model": "esurat.annex",
            "default_res_id": letter.annex_ids.id,
            "default_res_field": "file",
        }
        files = self.env["ir.attachment"].with_user(self.staff).with_context(**context)
        with self.assertRaises(AccessError), self.cr.savepoint():
            files.create({"name": "file", "raw": pdf()})
        partners = self.env["res.partner"].with_user(self.registrar)
        with self.assertRaises(UserError), self.cr.savepoint():
            partners.with_context(default_esurat_server="https://x.example", default_esurat_code="X").create(
                {"name": "x"}
            )
        context = {"default_model": "esurat.letter", "default_res_id": letter.id}
        message = (
            self.env["mail.message"]
            .with_user(self.staff)
            .with_context(**context)
            .create({"body": "Setuju", "author_id": self.head.partner_id.id, "date": "2020-01-01 00:00:00"})
        )
        self.assertEqual(message.sudo().author_id, self.staff.partner_id)
        self.assertGreater(message.sudo().date.year, 2020)

    def test_a_dispatch_is_talked_of_by_those_who_see_its_letter(self):
        consignment = self.send(self.signed(self.village))
        with self.assertRaises(UserError):
            consignment.message_post(body="Rahasia", partner_ids=self.neighbour.partner_id.ids)
        with self.assertRaises(AccessError):
            consignment.message_notify(body="x", partner_ids=self.neighbour.partner_id.ids)

    def test_a_picture_is_no_way_into_the_page(self):
        shown = self.env["ir.attachment"].with_user(self.staff).create({"name": "a.png", "raw": picture()})
        letter = self.text(body=f'<p><img src="/web/image/{shown.id}"></p>')
        shown.write({"res_model": letter._name, "res_id": letter.id})
        shown.write({"mimetype": 'image/png;base64,"><style>p{display:none}</style><img src="x'})
        page = self.page(letter)
        self.assertIn("data:image/png;base64,", page)
        self.assertNotIn("p{display:none}", page)

    def test_nothing_of_the_text_moves_once_it_is_numbered(self):
        text = '<div style="position:absolute;top:-21mm;overflow:hidden" class="anchor">{{ number }} satu milyar</div>'
        main = self.page(self.text(body=text)).partition("<main")[2].partition("</main>")[0]
        self.assertIn("satu milyar", main)
        for word in ("position", "anchor", "overflow"):
            self.assertNotIn(word, main)

    def test_what_is_answered_is_part_of_what_is_approved(self):
        incoming = self.letter(number="005/17", subject="Undangan")
        letter = self.text(self.head, reply_to_id=incoming.id, body="<p>{{ reply_number }}</p>")
        self.submit(letter, [("coordinate", self.leader), ("sign", self.head)])
        self.review(letter, self.leader).action_approve()
        incoming.number = "LAIN/99"
        with self.assertRaises(UserError):
            self.review(letter, self.head).sign(PASSPHRASE)

    def test_another_kind_of_document_is_another_letter(self):
        letter = self.text(type_id=self.env.ref("esurat.type_assignment").id)
        template = letter.template_id
        self.submit(letter, [("initial", self.leader), ("sign", self.head)])
        self.review(letter, self.leader).action_approve()
        letter.action_withdraw()
        letter.type_id = self.env.ref("esurat.type_decree")
        with self.assertRaises(AccessError):
            letter.template_id = template
        self.submit(letter)
        self.assertEqual(self.route(letter)[0][2], "unread")

    def test_a_change_of_ones_own_is_no_look_at_anothers(self):
        letter = self.text()
        self.submit(letter, [("coordinate", self.secretary), ("coordinate", self.other_chief), ("sign", self.head)])
        first, _second = (self.review(letter, user) for user in (self.secretary, self.other_chief))
        letter.with_user(self.other_chief).body = "<p>Lain</p>"
        letter.with_user(self.secretary).urgency = "1"
        with self.assertRaisesRegex(UserError, "changed since"):
            first.action_approve()
        self.review(letter, self.secretary)
        # what she changes after she has looked, she has seen
        letter.with_user(self.secretary).urgency = "2"
        first.action_approve()

    def test_once_numbered_nobody_else_signs(self):
        letter = self.ready([("sign", self.secretary), ("sign", self.head)])
        self.sign(letter, self.secretary)
        second = letter.sudo().route_ids[1].with_user(self.staff)
        self.assertNotIn("replace", second.my_acts)
        with self.assertRaises(UserError):
            second._replace(self.chief)

    def test_a_contact_renamed_between_two_signatures(self):
        letter = self.ready([("sign", self.secretary), ("sign", self.head)])
        self.sign(letter, self.secretary)
        self.sender.name = "Dinas Lain"
        self.sign(letter)
        self.assertEqual(letter.state, "registered")

    def test_nobody_signs_by_hand_for_another(self):
        letter = self.ready()
        letter.action_release()
        self.assertIn(self.head.partner_id, letter.message_ids[0].sudo().notified_partner_ids)
        with self.assertRaises(UserError):
            letter.action_take_scan()
        file = self.env["ir.attachment"].with_user(self.staff).create({"name": "a.pdf", "raw": pdf()})
        dialogue = self.env["esurat.signed.scans"].with_user(self.staff)
        dialogue = dialogue.create({"letter_id": letter.id, "attachment_ids": file.ids})
        dialogue.action_confirm()
        self.assertTrue(dialogue.trouble)
        letter.with_user(self.registrar)._take_signed_scan(pdf(), "scan.pdf")
        self.assertIn(self.head.partner_id, letter.message_ids[0].sudo().notified_partner_ids)
        letter.with_user(self.registrar)._take_signed_scan(pdf(2), "scan.pdf")
        self.assertIn(self.head.partner_id, letter.message_ids[0].sudo().notified_partner_ids)
        with self.assertRaises(UserError):
            letter._take_signed_scan(pdf(3), "scan.pdf")

    def test_a_contact_is_copied_without_its_server(self):
        admin = self.env["res.partner"].with_user(self.admin)
        admin.browse(self.outside.id).write({"esurat_server": "https://x.example", "esurat_code": "X"})
        self.assertFalse(self.outside.with_user(self.registrar).sudo(False).copy().sudo().esurat_server)

    def test_an_archived_contact_is_addressed_all_the_same(self):
        letter = self.text()
        self.submit(letter, [("initial", self.leader), ("sign", self.head)])
        self.review(letter, self.leader).action_approve()
        self.sender.active = False
        self.assertIn("Dinas Pendidikan", self.page(letter))
        letter.with_user(self.head)._check_approved()

    def test_a_server_is_this_machine_or_encrypted(self):
        admin = self.env["res.partner"].with_user(self.admin)
        for address in (
            "http://localhost.jahat.example",
            "http://127.0.0.1.jahat.example",
            "http://x.example",
            "https://",
        ):
            with self.subTest(address), self.assertRaises(ValidationError), self.cr.savepoint():
                admin.browse(self.outside.id).write({"esurat_server": address, "esurat_code": "X"})
        admin.browse(self.outside.id).write({"esurat_server": "http://localhost:8069", "esurat_code": "X"})

    def test_whom_one_signs_for_is_for_everybody_to_see(self):
        letter = self.text()
        letter._submit([Step("sign", self.head.id, "on_behalf", "Wali Kota")])
        self.sign(letter)
        self.assertEqual(letter.sudo()._public_facts()["signatories"], [("Head", "a.n. Wali Kota, Kepala Dinas")])

    def test_a_text_beyond_any_page(self):
        letter = self.text(body="<p>a</p>")
        for text in ("<p>" + "x " * 100_001 + "</p>",):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                letter.body = text
            with self.assertRaises(ValidationError), self.cr.savepoint():
                letter.annex_ids = [Command.create({"name": "Daftar", "body": text})]
        self.assertEqual(self.text(body="<div>" * 250 + "a" + "</div>" * 250)._render_letter()[1], 1)

    def test_a_table_beyond_any_page(self):
        letter = self.text(body='<table><tr><td colspan="1000000">x</td></tr></table>')
        self.assertEqual(letter._render_letter()[1], 1)

    def test_what_was_cancelled_is_not_delivered(self):
        letter = self.signed(self.outside)
        consignment = self.send(letter)
        letter.with_user(self.registrar)._cancel("Keliru")
        self.assertEqual(consignment.state, "failed")
        consignment.with_user(self.registrar).action_try_again()
        with self.mock_mail_gateway():
            consignment.sudo()._attempt()
        self.assertFalse(self._mails)
        self.assertEqual(consignment.state, "failed")

    def test_after_a_bounce_it_is_sent_again(self):
        letter = self.signed(self.outside)
        consignment = self.send(letter)
        with self.mock_mail_gateway(mail_unlink_sent=False):
            self.deliver()
            consignment.sudo()._message_receive_bounce("surat@maju.example", self.outside)
            consignment.action_try_again()
            self.deliver()
        self.assertEqual(len(self._mails), 2)

    def test_the_registrar_frees_a_letter_whose_author_has_left(self):
        letter = self.text()
        self.submit(letter)
        self.staff.sudo().active = False
        letter.with_user(self.registrar).action_withdraw()
        self.assertEqual(letter.state, "draft")

    def test_lines_of_a_dialogue_are_no_way_in(self):
        letter = self.text()
        with self.assertRaises(UserError), self.cr.savepoint():
            letter.write({"holder_ids": [Command.create({"user_id": self.clerk.id, "role": "copy"})]})
