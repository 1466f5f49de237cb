from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import EsuratCase


@tagged("post_install", "-at_install")
class TestWriteOff(EsuratCase):
    """Nothing is left lying: what is registered is backlog until it is written off."""

    def backlog(self, domain=()):
        return self.env["esurat.letter"].with_user(self.registrar).search([("is_backlog", "=", True), *domain])

    def test_backlog_until_written_off(self):
        draft, letter = self.draft(), self.letter()
        self.assertEqual(self.backlog(), letter)
        self.assertTrue(letter.is_backlog)
        self.assertFalse(draft.is_backlog)
        letter._write_off("noted")
        self.assertFalse(self.backlog())
        self.assertEqual(letter.write_off_user_id, self.registrar)

    def test_proposed_once_everybody_has_answered(self):
        letter = self.letter()
        proposed = [("is_proposed", "=", True)]
        self.assertFalse(self.backlog(proposed))
        self.dispose(letter, self.head, self.chief, self.secretary)
        self.assertFalse(self.backlog(proposed))
        self.hold(letter, self.chief)._follow_up("Done")
        self.assertEqual(self.backlog(proposed), letter)
        self.assertTrue(letter.is_proposed)

    def test_a_letter_that_came_back_is_not_proposed(self):
        letter = self.letter()
        self.hold(letter, self.head)._return("Bukan untuk kami")
        self.assertTrue(letter.is_backlog)
        self.assertFalse(letter.is_proposed)
        self.assertFalse(self.backlog([("is_proposed", "=", True)]))
        letter.recipient_ids = self.chief
        self.assertTrue(self.hold(letter, self.chief))

    def test_answered_by_a_letter_of_the_register(self):
        letter = self.letter()
        reply = self.draft(direction="outgoing", sender_id=False, subject="Jawaban")
        reply.action_register()
        form = Form(self.env["esurat.write.off"].with_user(self.registrar).with_context(default_letter_ids=letter.ids))
        self.assertEqual(form.still_open, "Head")
        form.kind = "answered"
        form.reply_id = reply
        form.save().action_confirm()
        self.assertEqual((letter.state, letter.write_off_kind), ("done", "answered"))
        self.assertEqual(letter.write_off_note, reply.number)
        self.assertEqual(reply.reply_to_id, letter)
        self.assertEqual(self.hold(letter, self.head).state, "done")

    def test_answered_by_nothing_is_refused(self):
        letter = self.letter()
        with self.assertRaisesRegex(UserError, "which letter answers"):
            letter._write_off("answered")
        letter._write_off("answered", note="005/77/DC/2026")
        self.assertEqual(letter.write_off_note, "005/77/DC/2026")

    def test_the_addressee_may_write_off_and_others_may_not(self):
        letter = self.letter()
        self.dispose(letter, self.head, self.chief)
        with self.assertRaises(UserError):
            letter.with_user(self.chief)._write_off("noted")
        letter.with_user(self.head)._write_off("noted")
        self.assertEqual(letter.state, "done")

    def test_unread_copies_stay_to_be_read(self):
        letter = self.letter()
        self.dispose(letter, self.head, self.chief, self.secretary)
        letter._write_off("followed_up")
        self.assertEqual(self.hold(letter, self.chief).state, "done")
        self.assertEqual(self.hold(letter, self.secretary).tray, "unread_copy")

    def test_nothing_goes_on_after_it(self):
        letter = self.letter()
        letter._write_off("noted")
        with self.assertRaises(UserError):
            self.dispose(letter, self.head, self.chief)
        with self.assertRaises(UserError):
            letter._write_off("noted")

    def test_many_at_once(self):
        letters = self.letter() + self.letter()
        letters._write_off("noted")
        self.assertEqual(set(letters.mapped("state")), {"done"})
