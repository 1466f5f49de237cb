from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..models.letter_review import Step
from .common import encoded, pdf
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
        picture = self.env["ir.attachment"].with_user(self.staff).create({"name": "a.png", "raw": b"a"})
        letter = self.text(body=f'<p><img src="/web/image/{picture.id}"></p>')
        self.submit(letter, [("initial", self.leader), ("sign", self.head)])
        self.review(letter, self.leader).action_approve()
        hold = self.review(letter, self.head)
        picture.sudo().write({"res_model": letter._name, "res_id": letter.id})
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
