from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import EsuratCase


@tagged("post_install", "-at_install")
class TestDisposition(EsuratCase):
    """A letter goes down the hierarchy, any number of times."""

    def test_the_head_opens_and_passes_on(self):
        letter = self.letter()
        seen = letter.with_user(self.head)
        self.assertTrue(seen.action_open())
        hold = self.hold(letter, self.head)
        self.assertEqual((hold.state, seen.state), ("read", "in_progress"))
        self.assertTrue(hold.read_date)
        disposition = self.dispose(letter, self.head, self.chief, self.secretary, note="Segera")
        self.assertEqual(hold.state, "done")
        self.assertEqual(disposition.issuer_position, "Kepala Dinas")
        self.assertEqual(self.hold(letter, self.chief).role, "responsible")
        self.assertEqual(self.hold(letter, self.secretary).role, "copy")
        self.assertEqual(self.hold(letter, self.chief).brief, "Process further; Segera")

    def test_opening_counts_once(self):
        letter = self.letter()
        self.assertTrue(letter.with_user(self.head).action_open())
        first = self.hold(letter, self.head).read_date
        self.assertFalse(letter.with_user(self.head).action_open())
        self.assertEqual(self.hold(letter, self.head).read_date, first)

    def test_opening_empties_the_bell(self):
        letter = self.letter()
        letter.with_user(self.head).action_open()
        self.assertTrue(all(letter.message_ids.sudo().notification_ids.mapped("is_read")))

    def test_a_registrar_who_looks_reads_for_nobody(self):
        letter = self.letter()
        self.assertFalse(letter.action_open())
        self.assertEqual(self.hold(letter, self.head).state, "unread")

    def test_a_copy_is_done_once_read(self):
        letter = self.letter()
        self.dispose(letter, self.head, self.chief, self.secretary)
        letter.with_user(self.secretary).action_open()
        self.assertEqual(self.hold(letter, self.secretary).state, "done")

    def test_down_four_levels(self):
        letter = self.letter()
        self.dispose(letter, self.head, self.chief)
        self.dispose(letter, self.chief, self.leader)
        self.dispose(letter, self.leader, self.staff, self.clerk)
        self.assertEqual(
            [(hold.user_id, hold.depth) for hold in letter.chain_ids],
            [(self.head, 0), (self.chief, 1), (self.leader, 2), (self.staff, 3), (self.clerk, 3)],
        )

    def test_each_recipient_is_told_once_and_the_issuer_is_not(self):
        letter = self.letter()
        before = letter.message_ids
        self.dispose(letter, self.head, self.chief, self.secretary)
        message = letter.message_ids - before
        self.assertEqual(len(message), 1)
        self.assertEqual(
            message.sudo().notification_ids.res_partner_id, self.chief.partner_id + self.secretary.partner_id
        )

    def test_the_dialogue_proposes_subordinates_instruction_and_deadline(self):
        letter = self.letter(urgency="2")
        hold = self.hold(letter, self.head)
        form = Form(self.env["esurat.dispose"].with_user(self.head).with_context(default_holder_ids=hold.ids))
        self.assertEqual(
            {person["id"] for person in form.suggestions},
            {self.secretary.id, self.chief.id, self.other_chief.id},
        )
        self.assertEqual(form.instruction_ids[:], self.process)
        self.assertEqual(form.deadline, letter.deadline)
        form.responsible_id = self.chief
        form.save().action_confirm()
        self.assertEqual(self.hold(letter, self.chief).state, "unread")
        self.assertEqual(self.hold(letter, self.chief).deadline, letter.deadline)

    def test_a_saved_group_is_added_at_once(self):
        group = self.env["esurat.recipient.list"].create(
            {"name": "Seksi", "company_id": self.agency.id, "user_ids": (self.staff + self.clerk + self.head).ids}
        )
        hold = self.hold(self.letter(), self.head)
        form = Form(self.env["esurat.dispose"].with_user(self.head).with_context(default_holder_ids=hold.ids))
        form.responsible_id = self.staff
        form.list_id = group
        self.assertEqual(form.copy_ids[:], self.clerk)

    def test_many_letters_at_once(self):
        letters = self.letter() + self.letter() + self.letter()
        holds = self.env["esurat.holder"].with_user(self.head).search([("user_id", "=", self.head.id)])
        dialogue = (
            self.env["esurat.dispose"]
            .with_user(self.head)
            .create({"holder_ids": holds.ids, "responsible_id": self.chief.id})
        )
        dialogue.action_confirm()
        self.assertEqual(letters.holder_ids.filtered(lambda h: h.user_id == self.chief).letter_id, letters)

    def test_an_action_needs_exactly_one_responsible(self):
        letter = self.letter()
        with self.assertRaisesRegex(UserError, "exactly one responsible"):
            self.dispose(letter, self.head, copies=self.chief)
        with self.assertRaisesRegex(UserError, "Only one person"):
            self.dispose(letter, self.head, self.chief + self.secretary)
        self.dispose(letter, self.head, copies=self.chief, instructions=self.inform)
        self.assertEqual(self.hold(letter, self.chief).role, "copy")

    def test_never_upwards(self):
        letter = self.letter()
        self.dispose(letter, self.head, self.chief)
        letter.recipient_ids += self.leader
        for above in (self.head, self.chief):
            with self.assertRaisesRegex(UserError, f"{above.name} stands above Leader|{above.name}: holds the letter"):
                self.dispose(letter, self.leader, above)

    def test_never_upwards_to_somebody_without_the_letter(self):
        letter = self.draft()
        letter.recipient_ids = self.leader
        letter.action_register()
        with self.assertRaisesRegex(UserError, "Chief stands above Leader"):
            self.dispose(letter, self.leader, self.chief)

    def test_never_to_who_holds_it_already(self):
        letter = self.letter()
        self.dispose(letter, self.head, self.chief, self.secretary)
        with self.assertRaisesRegex(UserError, "Secretary: holds the letter already"):
            self.dispose(letter, self.head, self.other_chief, self.secretary)

    def test_a_second_disposition_of_the_same_hold(self):
        letter = self.letter()
        self.dispose(letter, self.head, self.chief)
        self.dispose(letter, self.head, self.other_chief)
        self.assertEqual(
            letter.holder_ids.filtered(lambda h: h.user_id == self.head and h.role != "author").child_ids.user_id,
            self.chief + self.other_chief,
        )

    def test_not_somebody_elses_hold(self):
        letter = self.letter()
        self.dispose(letter, self.head, self.chief, self.secretary)
        hold = self.hold(letter, self.chief)
        with self.assertRaisesRegex(UserError, "not your turn"):
            hold.with_user(self.secretary)._dispose(self.staff, self.env["res.users"], self.process)

    def test_what_was_true_then_stays_true(self):
        letter = self.letter()
        self.dispose(letter, self.head, self.chief)
        self.employee(self.chief).job_title = "Kepala Dinas Lain"
        self.employee(self.chief).name = "New Name"
        self.assertEqual(self.hold(letter, self.chief).holder_position, "Kepala Bidang")
        self.assertEqual(self.hold(letter, self.chief).holder_name, "Chief")

    def test_recall_while_unread(self):
        letter = self.letter()
        self.dispose(letter, self.head, self.chief, self.secretary)
        hold = letter.holder_ids.filtered(lambda h: h.user_id == self.chief).with_user(self.head)
        hold.action_recall()
        self.assertEqual(hold.state, "recalled")
        self.assertFalse(self.hold(letter, self.chief))
        self.assertFalse(self.env["esurat.letter"].with_user(self.chief).search([("id", "=", letter.id)]))
        self.dispose(letter, self.head, self.chief)
        self.assertTrue(self.hold(letter, self.chief))

    def test_a_recalled_letter_is_back_with_the_issuer(self):
        letter = self.letter()
        self.dispose(letter, self.head, self.chief)
        letter.holder_ids.filtered(lambda h: h.user_id == self.chief).with_user(self.head).action_recall()
        self.assertEqual(self.hold(letter, self.head).state, "read")
        self.assertFalse(letter.is_proposed)

    def test_the_last_copy_that_is_recalled_brings_the_letter_back(self):
        letter = self.letter()
        self.dispose(letter, self.head, copies=self.secretary + self.other_chief, instructions=self.inform)
        holds = letter.holder_ids.with_user(self.head)
        holds.filtered(lambda h: h.user_id == self.secretary).action_recall()
        self.assertEqual(self.hold(letter, self.head).state, "done")
        holds.filtered(lambda h: h.user_id == self.other_chief).action_recall()
        self.assertEqual(self.hold(letter, self.head).state, "read")

    def test_who_has_a_copy_and_recalls_what_she_passed_on_still_has_a_copy(self):
        letter = self.letter()
        self.dispose(letter, self.head, copies=self.chief, instructions=self.inform)
        for roles in ({"responsible": self.staff}, {"copies": self.clerk, "instructions": self.inform}):
            self.dispose(letter, self.chief, **roles)
            child = self.hold(letter, self.chief).child_ids.filtered(lambda h: h.state == "unread")
            child.with_user(self.chief).action_recall()
            self.assertEqual(
                (self.hold(letter, self.chief).role, self.hold(letter, self.chief).state), ("copy", "done")
            )

    def test_a_recall_leaves_alone_what_else_its_holders_were_told(self):
        first, second = self.letter(), self.letter()
        for letter, one, other in ((first, self.chief, self.secretary), (second, self.secretary, self.chief)):
            self.dispose(letter, self.head, one, other)
        holds = (first + second).holder_ids.filtered(lambda h: h.role == "responsible" and h.disposition_id)
        holds.with_user(self.head).action_recall()
        for letter, kept in ((first, self.secretary), (second, self.chief)):
            told = letter.sudo().message_ids.notification_ids.res_partner_id
            self.assertEqual(told & (self.chief + self.secretary).partner_id, kept.partner_id)

    def test_no_recall_once_read(self):
        letter = self.letter()
        self.dispose(letter, self.head, self.chief)
        letter.with_user(self.chief).action_open()
        hold = letter.holder_ids.filtered(lambda h: h.user_id == self.chief).with_user(self.head)
        with self.assertRaises(UserError):
            hold.action_recall()

    def test_amend_the_deadline(self):
        letter = self.letter()
        self.dispose(letter, self.head, self.chief)
        hold = letter.holder_ids.filtered(lambda h: h.user_id == self.chief).with_user(self.head)
        day = fields.Date.add(fields.Date.context_today(hold), days=9)
        self.env["esurat.amend"].with_user(self.head).create({"holder_ids": hold.ids, "deadline": day}).action_confirm()
        self.assertEqual(hold.deadline, day)
        self.assertEqual(letter.message_ids[0].sudo().notification_ids.res_partner_id, self.chief.partner_id)

    def test_amend_who_is_responsible(self):
        letter = self.letter()
        self.dispose(letter, self.head, self.chief, self.secretary)
        holds = letter.holder_ids.with_user(self.head)
        holds.filtered(lambda h: h.user_id == self.chief)._amend(False, self.secretary)
        self.assertEqual(self.hold(letter, self.chief).role, "copy")
        self.assertEqual(self.hold(letter, self.secretary).role, "responsible")
        holds.filtered(lambda h: h.user_id == self.secretary)._amend(None, self.other_chief)
        self.assertEqual(self.hold(letter, self.other_chief).role, "responsible")
        self.assertEqual(
            self.hold(letter, self.other_chief).disposition_id, self.hold(letter, self.chief).disposition_id
        )

    def test_a_change_that_changes_nothing_says_so(self):
        letter = self.letter()
        self.dispose(letter, self.head, self.chief, self.secretary)
        holds = letter.holder_ids.with_user(self.head)
        responsible, copy = (holds.filtered(lambda h, u=user: h.user_id == u) for user in (self.chief, self.secretary))
        with self.assertRaisesRegex(UserError, "Choose a new deadline"):
            responsible._amend(None, self.chief)
        self.assertNotIn("amend", copy.my_acts)
        with self.assertRaisesRegex(UserError, "not your turn"):
            copy._amend(None, self.staff)
