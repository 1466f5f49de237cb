from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import EsuratCase, pdf


@tagged("post_install", "-at_install")
class TestFollowUp(EsuratCase):
    """Whoever is responsible answers for the letter; the issuer has the last word."""

    def setUp(self):
        super().setUp()
        self.a_letter = self.letter()
        self.dispose(self.a_letter, self.head, self.chief)
        self.dispose(self.a_letter, self.chief, self.staff)

    def respond(self, user, act, response="Done", hold_of=None, **values):
        """Let *user* do *act* through its dialogue."""
        hold = self.hold(self.a_letter, hold_of or user)
        return (
            self.env["esurat.respond"]
            .with_user(user)
            .create({"holder_ids": hold.ids, "act": act, "response": response, **values})
            .action_confirm()
        )

    def told(self):
        """Return whom the last message of the chatter told."""
        return self.a_letter.message_ids[0].sudo().notification_ids.res_partner_id

    def test_a_report_completes_the_hold_and_tells_the_issuer(self):
        self.respond(self.staff, "follow_up", "Sudah dijawab")
        hold = self.hold(self.a_letter, self.staff)
        self.assertEqual((hold.state, hold.response), ("done", "Sudah dijawab"))
        self.assertTrue(hold.done_date and hold.read_date)
        self.assertEqual(self.told(), self.chief.partner_id)

    def test_a_report_brings_its_files(self):
        file = self.env["ir.attachment"].with_user(self.staff).create({"name": "laporan.pdf", "raw": pdf()})
        self.respond(self.staff, "follow_up", attachment_ids=file.ids)
        attached = self.a_letter.message_ids[0].attachment_ids
        self.assertEqual((attached.res_model, attached.res_id), ("esurat.letter", self.a_letter.id))
        self.assertEqual(attached.with_user(self.head).raw, pdf())

    def test_the_issuer_confirms_and_who_asked_her_hears_of_it(self):
        self.respond(self.staff, "follow_up", "Sudah dijawab")
        self.hold(self.a_letter, self.staff).with_user(self.chief).action_confirm()
        self.assertTrue(self.hold(self.a_letter, self.staff).confirmed_date)
        self.assertEqual(self.told(), self.head.partner_id)
        with self.assertRaises(UserError):
            self.hold(self.a_letter, self.staff).with_user(self.chief).action_confirm()

    def test_the_issuer_reopens(self):
        self.respond(self.staff, "follow_up")
        self.respond(self.chief, "reopen", "Lampirkan data", hold_of=self.staff)
        self.assertEqual(self.hold(self.a_letter, self.staff).state, "read")
        self.assertEqual(self.told(), self.staff.partner_id)
        self.respond(self.staff, "follow_up", "Dengan data")

    def test_a_return_gives_it_back_to_the_issuer(self):
        self.respond(self.staff, "return", "Bukan tugas kami")
        self.assertEqual(self.hold(self.a_letter, self.staff).state, "returned")
        self.assertEqual(self.hold(self.a_letter, self.chief).state, "read")
        self.assertEqual(self.told(), self.chief.partner_id)
        self.dispose(self.a_letter, self.chief, self.clerk)

    def test_a_return_to_the_holder_of_a_copy_reaches_her(self):
        letter = self.letter()
        self.dispose(letter, self.head, copies=self.chief, instructions=self.inform)
        self.dispose(letter, self.chief, self.staff)
        self.hold(letter, self.staff)._return("Bukan tugas kami")
        self.assertEqual(self.hold(letter, self.chief).tray, "open_disposition")

    def test_an_empty_answer_is_none(self):
        with self.assertRaisesRegex(UserError, "a few words"):
            self.hold(self.a_letter, self.staff)._follow_up("  ")

    def test_nobody_confirms_her_own_report(self):
        self.respond(self.staff, "follow_up")
        with self.assertRaises(UserError):
            self.hold(self.a_letter, self.staff).action_confirm()

    def test_a_copy_has_nothing_to_report(self):
        self.dispose(self.a_letter, self.chief, copies=self.clerk, instructions=self.inform)
        with self.assertRaises(UserError):
            self.respond(self.clerk, "follow_up")

    def test_many_reports_at_once(self):
        other = self.letter()
        self.dispose(other, self.head, self.chief)
        holds = (
            self.env["esurat.holder"]
            .with_user(self.chief)
            .search([("user_id", "=", self.chief.id), ("state", "in", ("unread", "read"))])
        )
        self.dispose(self.letter(), self.head, self.chief)
        third = self.env["esurat.holder"].with_user(self.chief).search([("user_id", "=", self.chief.id)]) - holds
        both = holds + third.filtered(lambda h: h.state == "unread")
        both._follow_up("Selesai")
        self.assertEqual(set(both.mapped("state")), {"done"})
        self.assertEqual(
            both.letter_id.message_ids.filtered(lambda m: "Selesai" in m.body).mapped("res_id").__len__(), 2
        )
