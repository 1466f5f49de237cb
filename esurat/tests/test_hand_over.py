from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import pdf
from .test_review import WritingCase


@tagged("post_install", "-at_install")
class TestHandOver(WritingCase):
    """The chief leaves, and the other chief takes over what is open with her."""

    def hand_over(self, leaver=None, successor=None, by=None):
        """Hand over in the dialogue and return it."""
        dialogue = Form(self.env["esurat.hand.over"].with_user(by or self.admin).with_company(self.agency))
        dialogue.leaver_id = leaver or self.chief
        dialogue.successor_id = successor or self.other_chief
        record = dialogue.save()
        record.action_confirm()
        return record

    def test_what_is_open_goes_to_the_successor(self):
        letter = self.letter()
        self.dispose(letter, self.head, self.chief)
        hold = self.hold(letter, self.chief)
        hold._open()
        self.chief.active = False
        self.hand_over()
        hold = hold.sudo()
        self.assertEqual((hold.user_id, hold.holder_name), (self.other_chief, "Other Chief"))
        self.assertEqual((hold.holder_position, hold.state), ("Kepala Bidang Lain", "unread"))
        self.assertIn("Handed over from Chief to Other Chief", letter.message_ids[0].body)
        self.assertEqual(letter.sudo().message_ids[0].notified_partner_ids, self.other_chief.partner_id)
        self.hold(letter, self.other_chief)._follow_up("Sudah")

    def test_what_is_done_stays_under_the_old_name(self):
        letter = self.letter()
        self.dispose(letter, self.head, self.chief)
        disposition = self.dispose(letter, self.chief, self.leader)
        done = self.letter()
        self.dispose(done, self.head, self.chief)
        self.hold(done, self.chief)._follow_up("Selesai")
        self.hand_over()
        old = done.sudo().holder_ids.filtered(lambda hold: hold.holder_name == "Chief")
        self.assertEqual((old.user_id, old.response), (self.chief, "Selesai"))
        # what she passed on says her name, and its answer comes to the successor
        self.assertEqual((disposition.sudo().issuer_name, disposition.sudo().source_id.holder_name), ("Chief", "Chief"))
        below = self.hold(letter, self.leader)
        below._follow_up("Beres")
        self.assertEqual(letter.sudo().message_ids[0].notified_partner_ids, self.other_chief.partner_id)
        below.with_user(self.other_chief)._confirm()

    def test_what_comes_back_comes_back_to_the_successor(self):
        letter = self.letter()
        self.dispose(letter, self.head, self.chief)
        self.dispose(letter, self.chief, self.leader)
        self.hand_over()
        self.hold(letter, self.leader)._return("Bukan bidang kami")
        hold = self.hold(letter, self.other_chief)
        self.assertEqual((hold.state, hold.is_to_do), ("read", True))

    def test_a_letter_that_the_successor_holds_already(self):
        letter = self.letter()
        self.dispose(letter, self.head, self.chief, self.other_chief, deadline=date(2099, 1, 5))
        self.hand_over()
        hold = self.hold(letter, self.other_chief)
        self.assertEqual((hold.role, hold.state, hold.deadline), ("responsible", "unread", date(2099, 1, 5)))
        self.assertFalse(self.hold(letter, self.chief))

    def test_what_the_successor_has_passed_on_is_with_her_again(self):
        letter = self.letter()
        self.dispose(letter, self.head, self.chief)
        self.dispose(letter, self.chief, self.leader)
        self.hand_over(self.leader, self.chief)
        hold = self.hold(letter, self.chief)
        self.assertEqual((hold.role, hold.state, hold.is_to_do), ("responsible", "read", True))

    def test_whom_a_letter_was_addressed_to_writes_it_off(self):
        letter = self.letter(security_class="secret", recipient_ids=[Command.set(self.chief.ids)])
        self.hold(letter, self.chief)._follow_up("Sudah")
        self.hand_over()
        letter.with_user(self.other_chief)._write_off("noted")

    def test_answers_to_a_memo_come_to_the_successor(self):
        memo = self.text(
            self.chief,
            direction="internal",
            type_id=self.env.ref("esurat.type_memo").id,
            addressee_ids=False,
            recipient_ids=[Command.set(self.leader.ids)],
        )
        self.submit(memo, [("sign", self.chief)])
        self.review(memo, self.chief)
        memo.action_release()
        memo.with_user(self.registrar)._take_signed_scan(pdf(), "a.pdf")
        self.hand_over()
        hold = self.env["esurat.holder"].with_user(self.other_chief)
        hold = hold.search([("letter_id", "=", memo.id), ("user_id", "=", self.leader.id)])
        self.assertEqual(hold.issuer_id, self.other_chief)

    def test_who_approved_may_be_asked_again(self):
        letter = self.text()
        self.submit(letter, [("initial", self.chief), ("initial", self.leader), ("sign", self.head)])
        self.review(letter, self.chief)._approve()
        self.hand_over()
        letter.with_user(self.leader).action_open()
        letter.with_user(self.leader).body = "<p>Diperbaiki</p>"
        self.review(letter, self.leader)._approve()
        self.assertEqual(self.route(letter)[0], ("initial", self.other_chief, "unread"))

    def test_nobody_initials_her_own_letter(self):
        letter = self.text(self.other_chief)
        self.submit(letter, [("initial", self.chief), ("sign", self.head)])
        dialogue = self.hand_over()
        self.assertIn("1 stay where they are", dialogue.preview)

    def test_nobody_hands_over_to_herself_nor_behind_backs(self):
        letter = self.letter()
        self.dispose(letter, self.head, self.chief)
        with self.assertRaises(AccessError):
            self.hand_over(self.chief, self.admin)
        self.hand_over()
        message = self.env["mail.message"].search([("partner_ids", "in", self.chief.partner_id.ids)], limit=1)
        self.assertIn("Handed over from Chief", message.subject)
        self.assertIn(self.head.partner_id, message.partner_ids)

    def test_reviews_and_drafts(self):
        letter = self.text()
        self.submit(letter, [("initial", self.leader), ("initial", self.chief), ("sign", self.head)])
        self.review(letter, self.leader)._approve()
        draft = self.text(self.chief)
        self.hand_over()
        states = [("initial", self.leader, "done"), ("initial", self.other_chief, "unread")]
        self.assertEqual(self.route(letter), [*states, ("sign", self.head, "waiting")])
        self.review(letter, self.other_chief)._approve()
        self.assertEqual(letter.state, "to_sign")
        self.assertEqual(draft.sudo()._author_holds().user_id, self.other_chief)
        draft.with_user(self.other_chief).subject = "Diteruskan"

    def test_another_signatory_is_another_page(self):
        letter = self.text()
        self.submit(letter, [("initial", self.leader), ("sign", self.chief)])
        self.review(letter, self.leader)._approve()
        self.hand_over()
        # whoever initialled the page of the old signatory looks at that of the new one
        self.assertEqual(
            self.route(letter), [("initial", self.leader, "unread"), ("sign", self.other_chief, "waiting")]
        )

    def test_routing_groups_and_delegations(self):
        rule = self.env["esurat.routing"].create(
            {"name": "Semua", "company_id": self.agency.id, "user_ids": [Command.set(self.chief.ids)]}
        )
        group = self.env["esurat.recipient.list"].create(
            {"name": "Kabid", "company_id": self.agency.id, "user_ids": [Command.set(self.chief.ids)]}
        )
        delegation = self.env["esurat.delegation"].create(
            {
                "company_id": self.agency.id,
                "principal_id": self.chief.id,
                "deputy_id": self.leader.id,
                "kind": "assistant",
                "date_to": "2099-01-01",
            }
        )
        preview = self.hand_over().preview
        self.assertIn("Routing rules", preview)
        self.assertEqual((rule.user_ids, group.user_ids), (self.other_chief, self.other_chief))
        self.assertEqual(delegation.state, "over")

    def test_the_preview_counts_and_names_nothing(self):
        secret = self.letter(security_class="secret", subject="Rahasia sekali")
        self.dispose(secret, self.head, self.chief)
        Dialogue = self.env["esurat.hand.over"].with_user(self.admin)
        dialogue = Dialogue.create(
            {"company_id": self.agency.id, "leaver_id": self.chief.id, "successor_id": self.stranger.id}
        )
        self.assertNotIn("Rahasia", dialogue.preview)
        self.assertIn("1 stay where they are", dialogue.preview)
        dialogue.action_confirm()
        self.assertEqual(self.hold(secret, self.chief).state, "unread")

    def test_administrators_of_the_agency_alone(self):
        Dialogue = self.env["esurat.hand.over"]
        for user in (self.registrar, self.chief):
            with self.subTest(user.login), self.assertRaises(AccessError):
                Dialogue.with_user(user).create({})
        with self.assertRaises(AccessError):
            self.env["esurat.hand.over"].with_user(self.registrar)._hand_over(self.agency, self.chief, self.secretary)
        with self.assertRaises(AccessError):
            self.env["esurat.hand.over"].with_user(self.admin)._hand_over(
                self.neighbour_agency, self.neighbour, self.neighbour_registrar
            )
        with self.assertRaises(UserError):
            self.hand_over(self.chief, self.neighbour)
