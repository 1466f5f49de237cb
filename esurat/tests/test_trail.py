from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import EsuratCase


@tagged("post_install", "-at_install")
class TestTrail(EsuratCase):
    """Everything that is done stays on record, and a check finds whatever somebody changes in the database."""

    def entries(self, letter):
        """Return the trail of *letter*, the first entry first."""
        self.env.cr.flush()
        return self.env["esurat.trail"].sudo().search([("letter_uuid", "=", letter.sudo().uuid)], order="number")

    def check(self):
        """Return what a check by the administrator finds, in words."""
        action = self.env["esurat.audit"].with_user(self.admin).action_check()
        audit = self.env["esurat.audit"].with_user(self.admin).browse(action["res_id"])
        self.assertEqual(audit.state, "broken" if audit.findings else "whole")
        return audit.findings or ""

    def tamper(self, query, *values):
        """Change the database as somebody would who has it in hand."""
        self.env.flush_all()
        self.env.cr.execute(query, values)
        self.env.invalidate_all()

    def worked_on(self):
        """Return a letter with some acts on it."""
        letter = self.letter()
        self.dispose(letter, self.head, self.chief)
        # as in requests of their own
        self.env.cr.flush()
        self.hold(letter, self.chief)._follow_up("Sudah dilaksanakan")
        return letter

    def test_who_what_when_before_and_after(self):
        with self.moment("2026-03-02 01:00"):
            letter = self.letter()
            self.env.cr.flush()
        with self.moment("2026-03-02 02:00"):
            self.dispose(letter, self.head, self.chief)
        entries = self.entries(letter)
        self.assertEqual(entries.mapped("words")[0], "Letter from Dinas Pendidikan received")
        disposed = entries[-1]
        self.assertEqual((disposed.user_id, disposed.user_name, disposed.letter_id), (self.head, "Head", letter))
        self.assertEqual(str(disposed.date), "2026-03-02 02:00:00")
        self.assertIn("Disposed to Chief", disposed.words)
        self.assertEqual((disposed.before["state"], disposed.after["state"]), ("registered", "in_progress"))
        self.assertIn("State: Registered → In progress", disposed.change)
        self.assertIn([self.chief.id, "responsible", "unread", None], disposed.after["holds"])

    def test_for_whom_it_was_done(self):
        letter = self.letter()
        self.env["esurat.delegation"].with_user(self.admin).create(
            {
                "company_id": self.agency.id,
                "principal_id": self.head.id,
                "deputy_id": self.secretary.id,
                "decree": "800/1",
                "date_to": "2099-01-01",
            }
        )
        hold = self.env["esurat.holder"].with_user(self.secretary).search([("letter_id", "=", letter.id)])
        hold._dispose(self.chief, self.env["res.users"], self.process)
        entry = self.entries(letter)[-1]
        self.assertEqual((entry.user_id, entry.principal_id), (self.secretary, self.head))

    def test_changes_and_deleted_drafts_too(self):
        letter = self.letter()
        self.env.cr.flush()
        letter.subject = "Perihal lain"
        entry = self.entries(letter)[-1]
        self.assertEqual((entry.kind, entry.words), ("edit", "Changed: Subject"))
        self.assertIn("Subject: Undangan rapat → Perihal lain", entry.change)
        draft = self.draft()
        entries = self.entries(draft)
        draft.unlink()
        self.env.cr.flush()
        entries = entries.search([("letter_uuid", "=", entries.letter_uuid)], order="number")
        self.assertEqual(entries.mapped("kind"), ["begin", "delete"])
        self.assertFalse(entries.letter_id)
        self.assertFalse(self.check())

    def test_what_was_undone_was_not_done(self):
        letter = self.letter()
        self.env.cr.flush()
        with self.cr.savepoint() as savepoint:
            letter._cancel("Salah catat")
            savepoint.rollback()
        self.env.invalidate_all()
        self.assertEqual(self.entries(letter).mapped("kind"), ["act"])
        self.assertFalse(self.check())

    def test_one_query_an_act(self):
        letter = self.letter()
        hold = self.hold(letter, self.head)
        self.env.cr.flush()
        before = self.cr.sql_log_count
        hold._follow_up("Sudah")
        self.env.flush_all()
        acted = self.cr.sql_log_count
        trail = self.env.cr.precommit.data["esurat.trail"]
        self.assertEqual(len(trail), 1)
        self.env["esurat.trail"].sudo()._write_noted()
        self.assertGreater(acted, before)
        self.assertEqual(self.cr.sql_log_count, acted + 1)

    def test_nobody_changes_it(self):
        entries = self.entries(self.letter())
        for user in (self.head, self.registrar, self.admin):
            for act in (lambda e: e.write({"words": "x"}), lambda e: e.unlink(), lambda e: e.create({})):
                with self.subTest(user.login), self.assertRaises(AccessError):
                    act(entries.with_user(user))
        for act in (lambda e: e.write({"words": "x"}), lambda e: e.unlink()):
            with self.assertRaises(AccessError):
                act(entries.sudo())

    def test_it_is_read_by_whoever_reads_the_letter(self):
        letter = self.letter(security_class="secret")
        self.dispose(letter, self.head, self.chief)
        entries = self.entries(letter)
        for user, reads in ((self.head, True), (self.chief, True), (self.leader, False), (self.admin, False)):
            with self.subTest(user.login):
                found = self.env["esurat.trail"].with_user(user).search([("id", "in", entries.ids)])
                self.assertEqual(found, entries if reads else entries.browse())

    def test_it_is_exported(self):
        self.head.group_ids += self.env.ref("base.group_allow_export")
        letter = self.worked_on()
        entries = self.entries(letter)
        rows = entries.with_user(self.head).export_data(["number", "user_name", "words", "previous", "digest"])["datas"]
        self.assertEqual([row[0] for row in rows], [1, 2, 3])
        # each carries the one before it
        self.assertEqual([row[3] for row in rows[1:]], [row[4] for row in rows[:-1]])

    def test_a_whole_trail_is_whole(self):
        self.worked_on()
        self.assertFalse(self.check())
        self.assertFalse(self.check())

    def test_a_changed_entry_is_found(self):
        letter = self.worked_on()
        entry = self.entries(letter)[1]
        for column, value in (
            ("words", "nothing"),
            ("user_id", self.clerk.id),
            ("date", "2020-01-01"),
            ("before", None),
            ("after", "{}"),
            ("principal_id", self.clerk.id),
        ):
            with self.subTest(column), self.cr.savepoint() as savepoint:
                self.tamper(f"UPDATE esurat_trail SET {column} = %s WHERE id = %s", value, entry.id)
                self.assertIn(f"Entry 2 of letter {letter.sudo().uuid}", self.check())
                savepoint.rollback()

    def test_an_entry_hashed_anew_is_found_by_those_after_it(self):
        letter = self.worked_on()
        entry = self.entries(letter)[1]
        self.tamper("UPDATE esurat_trail SET words = 'nothing', digest = 'x' WHERE id = %s", entry.id)
        self.env.cr.execute("SELECT id FROM esurat_trail WHERE id = %s", [entry.id])
        self.assertIn("Entry 3", self.check())

    def test_a_missing_entry_is_found(self):
        letter = self.worked_on()
        entries = self.entries(letter)
        with self.cr.savepoint() as savepoint:
            self.tamper("DELETE FROM esurat_trail WHERE id = %s", entries[1].id)
            self.assertIn("Entry 3", self.check())
            savepoint.rollback()
        letter._cancel("Salah")
        self.env.cr.flush()
        self.tamper("DELETE FROM esurat_trail WHERE letter_uuid = %s AND number = %s", letter.sudo().uuid, 4)
        self.assertIn(f"Letter {letter.sudo().uuid} is not what the trail says", self.check())

    def test_the_last_entry_is_missed_too(self):
        letter = self.worked_on()
        last = self.entries(letter)[-1]
        self.tamper("DELETE FROM esurat_trail WHERE id = %s", last.id)
        self.assertIn("is not what the trail says", self.check())

    def test_an_entry_that_was_given_to_another_letter_is_found(self):
        letter, other = self.worked_on(), self.letter()
        entry = self.entries(letter)[0]
        for column, value in (("letter_id", other.id), ("company_id", self.neighbour_agency.id)):
            with self.subTest(column), self.cr.savepoint() as savepoint:
                self.tamper(f"UPDATE esurat_trail SET {column} = %s WHERE id = %s", value, entry.id)
                self.assertIn("Entry 1", self.check())
                savepoint.rollback()

    def test_reading_is_no_change(self):
        letter = self.letter()
        self.dispose(letter, self.head, self.chief, self.secretary)
        self.env.cr.flush()
        self.hold(letter, self.chief)._open()
        self.hold(letter, self.secretary)._open()
        self.assertFalse(self.check())

    def test_a_letter_changed_behind_the_trail_is_found(self):
        letter = self.worked_on()
        self.env.cr.flush()
        for column, value in (("agenda_number", "9999"), ("subject", "Lain"), ("deadline", "2030-01-01")):
            with self.subTest(column), self.cr.savepoint() as savepoint:
                self.tamper(f"UPDATE esurat_letter SET {column} = %s WHERE id = %s", value, letter.id)
                self.assertIn("is not what the trail says", self.check())
                savepoint.rollback()

    def test_what_was_sealed_cannot_be_taken_out_whole(self):
        with self.moment("2026-03-02 01:00"):
            letter = self.draft()
            entries = self.entries(letter)
        with self.moment("2026-03-02 03:00"):
            self.assertFalse(self.check())
        self.tamper("DELETE FROM esurat_trail WHERE id IN %s", tuple(entries.ids))
        self.tamper("DELETE FROM esurat_holder WHERE letter_id = %s", letter.id)
        self.tamper("DELETE FROM esurat_letter WHERE id = %s", letter.id)
        self.assertIn("does not hold", self.check())

    @mute_logger("odoo.addons.mail.models.mail_thread")
    def test_administrators_are_told(self):
        letter = self.worked_on()
        self.env.cr.flush()
        self.tamper("UPDATE esurat_letter SET number = '1' WHERE id = %s", letter.id)
        self.env["esurat.audit"]._cron_check()
        message = self.env["mail.message"].search([("partner_ids", "in", self.admin.partner_id.ids)], limit=1)
        self.assertIn("broken", message.subject)

    def test_administrators_alone_check(self):
        for user in (self.head, self.registrar):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.env["esurat.audit"].with_user(user).action_check()
