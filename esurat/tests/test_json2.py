import json

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import EsuratCase, encoded, pdf


@tagged("post_install", "-at_install")
class TestJson2(EsuratCase, HttpCase):
    """The same rules over the external API, for whoever has a key and bad intentions."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.a_letter = cls(methodName="test_reading").letter(scan=encoded(pdf()), scan_name="a.pdf").sudo()
        cls.keys = {
            user: cls.env(user=user)["res.users.apikeys"]
            .with_user(user)
            ._generate("rpc", user.login, fields.Datetime.add(fields.Datetime.now(), days=1))
            for user in (cls.head, cls.stranger, cls.registrar, cls.neighbour_registrar)
        }

    def call(self, user, model, method, /, **body):
        """Return ``(status, answer)`` of a call over JSON-2."""
        response = self.url_open(
            f"/json/2/{model}/{method}",
            data=json.dumps(body),
            headers={"Authorization": f"Bearer {self.keys[user]}", "Content-Type": "application/json"},
        )
        return response.status_code, response.json()

    def read_as(self, user):
        return self.call(user, "esurat.letter", "read", ids=self.a_letter.ids, fields=["subject"])

    def test_reading(self):
        self.assertEqual(self.read_as(self.head)[0], 200)
        self.assertEqual(self.read_as(self.registrar)[0], 200)
        self.assertEqual(self.read_as(self.stranger)[0], 403)
        self.assertEqual(self.read_as(self.neighbour_registrar)[0], 403)

    def test_finding(self):
        for user, expected in ((self.head, 1), (self.stranger, 0), (self.neighbour_registrar, 0)):
            domain = [["subject", "ilike", "undangan"], ["id", "=", self.a_letter.id]]
            self.assertEqual(self.call(user, "esurat.letter", "search_count", domain=domain), (200, expected))

    def test_writing(self):
        writes = {"ids": self.a_letter.ids, "vals": {"subject": "x"}}
        self.assertEqual(self.call(self.head, "esurat.letter", "write", **writes)[0], 403)
        self.assertEqual(self.call(self.registrar, "esurat.letter", "write", **writes)[0], 200)
        for values in ({"state": "done"}, {"serial": 99}):
            body = {"ids": self.a_letter.ids, "vals": values}
            self.assertEqual(self.call(self.registrar, "esurat.letter", "write", **body)[0], 403)

    def test_taking_a_letter_in_changes_no_user(self):
        for security_class in ("open", "secret"):
            for command in ([0, 0, {"name": "x", "login": "x"}], [1, self.head.id, {"login": "x"}]):
                values = {"subject": "x", "security_class": security_class, "recipient_ids": [command]}
                self.assertEqual(self.call(self.registrar, "esurat.letter", "create", vals_list=[values])[0], 403)

    def test_holds_are_nobodys_to_write(self):
        hold = self.hold(self.a_letter, self.head)
        for user in (self.head, self.registrar):
            for method, body in (
                ("write", {"ids": hold.ids, "vals": {"state": "done"}}),
                ("unlink", {"ids": hold.ids}),
                ("create", {"vals_list": [{"letter_id": self.a_letter.id, "user_id": user.id, "role": "copy"}]}),
            ):
                self.assertEqual(self.call(user, "esurat.holder", method, **body)[0], 403)

    def test_acts_cannot_be_called_past_their_checks(self):
        hold = self.hold(self.a_letter, self.head)
        for method in ("_dispose", "_complete", "_create_holds", "_open", "_take_in", "_write_off"):
            for model, ids in (("esurat.holder", hold.ids), ("esurat.letter", self.a_letter.ids)):
                self.assertIn(self.call(self.stranger, model, method, ids=ids)[0], (403, 404))
        self.assertEqual(self.call(self.stranger, "esurat.letter", "action_open", ids=self.a_letter.ids)[0], 403)
        self.assertEqual(self.call(self.stranger, "esurat.letter", "action_register", ids=self.a_letter.ids)[0], 403)
        self.assertEqual(self.call(self.stranger, "esurat.holder", "action_recall", ids=hold.ids)[0], 403)
        status, dialogue = self.call(
            self.stranger, "esurat.dispose", "create", vals_list=[{"holder_ids": [[6, 0, hold.ids]]}]
        )
        if status == 200:
            self.assertEqual(self.call(self.stranger, "esurat.dispose", "action_confirm", ids=dialogue)[0], 403)
        self.assertEqual(hold.state, "unread")

    def test_made_up_lines_tell_nothing(self):
        body = {
            "values": {"holder_ids": [[0, "x", {"letter_id": self.a_letter.id}]]},
            "field_names": [],
            "fields_spec": {"holder_ids": {"fields": {"subject": {}}}},
        }
        for user, model in (
            (self.stranger, "esurat.amend"),
            (self.stranger, "esurat.dispose"),
            (self.stranger, "esurat.respond"),
            (self.neighbour_registrar, "esurat.letter"),
        ):
            status, answer = self.call(user, model, "onchange", **body)
            self.assertEqual(status, 403)
            self.assertNotIn(self.a_letter.subject, str(answer))

    def test_the_mail_gateway_makes_no_letters(self):
        grab = [[0, 0, {"user_id": self.stranger.id, "role": "copy", "state": "read"}]]
        body = {"model": "esurat.letter", "message": "From: x@y.example\nTo: a@b.example\nMessage-Id: <1@x>\n\nIsi"}
        for values in ({"custom_values": {"reply_ids": [[1, self.a_letter.id, {"holder_ids": grab}]]}}, {}):
            status, _answer = self.call(self.stranger, "esurat.letter", "message_process", **body, **values)
            self.assertEqual(status, 403)
        self.assertEqual(self.read_as(self.stranger)[0], 403)

    def test_a_refusal_is_clear_and_no_server_fault(self):
        hold = self.hold(self.a_letter, self.head)
        status, dialogue = self.call(
            self.head, "esurat.dispose", "create", vals_list=[{"holder_ids": [[6, 0, hold.ids]], "instruction_ids": []}]
        )
        self.assertEqual(status, 200)
        status, answer = self.call(self.head, "esurat.dispose", "action_confirm", ids=dialogue)
        self.assertEqual(status, 422)
        self.assertIn("at least one person", answer["message"])

    def test_the_scan_by_its_address(self):
        attachment = self.a_letter.message_main_attachment_id
        for user, status in ((self.head, 200), (self.stranger, 404)):
            self.authenticate(user.login, user.login)
            self.assertEqual(self.url_open(f"/web/content/{attachment.id}").status_code, status)

    def test_the_chatter_deletes_the_files_of_ones_own_comments_alone(self):
        letter = self.a_letter.with_user(self.registrar)
        comment = letter.message_post(body="x", message_type="comment", attachments=[("salah.pdf", pdf())])
        self.authenticate("registrar", "registrar")
        for attachment, stays in ((letter.message_main_attachment_id, True), (comment.attachment_ids, False)):
            self.url_open(
                "/mail/attachment/delete",
                data=json.dumps({"params": {"attachment_id": attachment.id}}),
                headers={"Content-Type": "application/json"},
            )
            self.env.invalidate_all()
            self.assertEqual(bool(attachment.sudo().exists()), stays)

    def test_printing_what_one_does_not_see(self):
        address = f"/report/pdf/esurat.disposition_sheet/{self.a_letter.id}"
        self.authenticate("stranger", "stranger")
        answer = self.url_open(address)
        self.assertNotEqual(answer.headers["Content-Type"], "application/pdf")
        self.assertNotIn(self.a_letter.subject, answer.text)
        self.authenticate("head", "head")
        self.assertEqual(self.url_open(address).headers["Content-Type"], "application/pdf")
