from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import EsuratCase


@tagged("post_install", "-at_install")
class TestBadInput(EsuratCase):
    """Whatever comes in, the message is clear and nothing is half-written."""

    def assert_untouched(self, letter):
        """The refused act has left no trace on *letter*."""
        self.env.invalidate_all()
        self.assertFalse(letter.disposition_ids)
        self.assertEqual(self.hold(letter, self.head).state, "unread")

    def test_texts_beyond_measure(self):
        with self.assertRaisesRegex(ValidationError, "at most 100 characters"):
            self.draft(number="9" * 500)
        with self.assertRaisesRegex(ValidationError, "at most 500 characters"):
            self.draft(subject="x" * 501)

    def test_any_script_and_any_alphabet_stay_what_they_are(self):
        for subject in (
            "<script>alert(1)</script>",
            "Undangan 🎉 للاجتماع",
            "'; DROP TABLE esurat_letter; --",
            "{{7*7}}",
        ):
            letter = self.letter(subject=subject)
            self.assertEqual(letter.subject, subject)
            self.dispose(letter, self.head, self.chief, note=subject)
            body = letter.message_ids[0].body
            self.assertNotIn("<script>", body)

    def test_an_unknown_classification(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.draft(classification_id=999999).flush_recordset()

    def test_a_disposition_to_nobody(self):
        letter = self.letter()
        with self.assertRaisesRegex(UserError, "at least one person"):
            self.dispose(letter, self.head)
        self.assert_untouched(letter)

    def test_a_disposition_to_somebody_who_is_no_employee(self):
        letter = self.letter()
        self.employee(self.staff).unlink()
        with self.assertRaisesRegex(UserError, "Staff: is no employee"):
            self.dispose(letter, self.head, self.staff)
        self.assert_untouched(letter)

    def test_a_disposition_to_an_archived_user(self):
        letter = self.letter()
        self.staff.active = False
        with self.assertRaisesRegex(UserError, "Staff: the user is archived"):
            self.dispose(letter, self.head, self.staff)
        self.assert_untouched(letter)

    def test_a_disposition_to_somebody_without_access(self):
        letter = self.letter()
        self.staff.group_ids = self.env.ref("base.group_user")
        with self.assertRaisesRegex(UserError, "has no access to E-Surat"):
            self.dispose(letter, self.head, self.staff)
        self.assert_untouched(letter)

    def test_a_disposition_to_another_agency(self):
        letter = self.letter()
        with self.assertRaisesRegex(UserError, "is no employee"):
            self.dispose(letter, self.head, self.neighbour)
        self.assert_untouched(letter)

    def test_a_deadline_in_the_past(self):
        letter = self.letter()
        with self.assertRaisesRegex(UserError, "is past"):
            self.dispose(letter, self.head, self.chief, deadline=fields.Date.today() - timedelta(days=3))
        self.assert_untouched(letter)

    def test_a_hold_that_was_dealt_with_in_the_meantime(self):
        letter = self.letter()
        self.hold(letter, self.head)._follow_up("Selesai")
        with self.assertRaisesRegex(UserError, "dealt with in the meantime"):
            self.hold(letter, self.head)._follow_up("Sekali lagi")

    def test_no_hold_at_all(self):
        with self.assertRaisesRegex(UserError, "at least one letter"):
            self.env["esurat.holder"].with_user(self.head)._follow_up("Done")
        letter = self.letter()
        with self.assertRaises(UserError):
            letter.action_follow_up() and self.env["esurat.respond"].with_user(self.registrar).create(
                {"holder_ids": [], "act": "follow_up", "response": "x"}
            ).action_confirm()

    def test_holds_of_letters_that_one_does_not_see(self):
        hold = self.hold(self.letter(), self.head)
        with self.assertRaises(AccessError):
            self.env["esurat.dispose"].with_user(self.stranger).create(
                {"holder_ids": hold.ids, "responsible_id": self.staff.id}
            ).action_confirm()

    def test_files_of_others_are_not_attached(self):
        file = self.env["ir.attachment"].with_user(self.head).create({"name": "rahasia.txt", "raw": b"x"})
        letter = self.letter()
        self.dispose(letter, self.head, self.chief)
        with self.assertRaises(AccessError):
            self.env["esurat.respond"].with_user(self.chief).create(
                {
                    "holder_ids": self.hold(letter, self.chief).ids,
                    "act": "follow_up",
                    "response": "x",
                    "attachment_ids": file.ids,
                }
            ).action_confirm()

    def test_negative_pages(self):
        with self.assertRaisesRegex(ValidationError, "cannot be negative"):
            self.draft(page_count=-1)

    def test_a_letterhead_of_four_lines(self):
        with self.assertRaisesRegex(ValidationError, "at most three lines"):
            self.agency.esurat_letterhead = "a\nb\nc\nd"

    def test_two_people_dispose_the_same_letter_to_the_same_person(self):
        """The second of two dialogues that were open at the same time is told, and writes nothing."""
        letter = self.draft(recipient_ids=(self.head + self.secretary).ids)
        letter.action_register()
        self.dispose(letter, self.head, self.chief)
        with self.assertRaisesRegex(UserError, "Chief: holds the letter already"):
            self.dispose(letter, self.secretary, self.chief)

    def test_the_database_itself_keeps_one_hold_a_person(self):
        letter = self.letter()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.env["esurat.holder"].create({"letter_id": letter.id, "user_id": self.head.id, "role": "copy"})
