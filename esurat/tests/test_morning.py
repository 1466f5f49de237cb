import re
from datetime import date, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from odoo.addons.esurat.models import morning

from .common import EsuratCase

# 2026-06-01 is a Monday; it is 07.15 in Makassar (UTC+8) at 23.15 UTC of the day before.
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY, NEXT_MONDAY, NEXT_TUESDAY = (
    date(2026, 6, day) for day in range(1, 10)
)


@tagged("post_install", "-at_install")
class TestMorning(EsuratCase):
    """One message on a working morning to each for whom something waits, and each reminder once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # the sample agency sleeps while ours is looked at
        cls.env["res.company"].search([("id", "!=", cls.agency.id)]).esurat_digest = False
        for user in cls.env["res.users"].search([("company_id", "=", cls.agency.id)]):
            user.email = f"{user.login}@example.com"
        cls.env["ir.config_parameter"].set_param("web.base.url", "https://surat.example.com")

    def run_cron(self, moment):
        """Let the scheduled action run at *moment* (UTC) and return ``{login: message}`` of what it wrote."""
        before = self.env["mail.mail"].sudo().search([])
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref("esurat.cron_morning").method_direct_trigger()
        mails = self.env["mail.mail"].sudo().search([]) - before
        found = {re.search(r"<(\w+)@example.com>", mail.email_to)[1]: mail for mail in mails}
        self.assertEqual(len(found), len(mails), "somebody got two messages")
        return found

    def morning_of(self, day):
        """Run it on the morning of *day*: 07.20 in Makassar."""
        return self.run_cron(f"{day} 07:20:00+08:00")

    def test_who_has_something_waiting_is_told_and_nobody_else(self):
        with freeze_time(MONDAY):
            letter = self.letter(subject="Undangan", urgency="0")
        mails = self.morning_of(TUESDAY)
        self.assertEqual(set(mails), {"head"})
        mail = mails["head"]
        self.assertIn("1 unread", mail.subject)
        self.assertIn(f"https://surat.example.com/odoo/esurat.letter/{letter.id}", mail.body_html)
        self.assertIn("0001: Undangan", mail.body_html)
        self.assertEqual(mail.state, "outgoing")

    def test_at_the_hour_of_the_agency_and_once(self):
        with freeze_time(MONDAY):
            self.letter()
        for timezone, hour in (("Asia/Jakarta", "00"), ("Asia/Makassar", "23"), ("Asia/Jayapura", "22")):
            self.calendar.tz = timezone
            day = MONDAY if hour != "00" else TUESDAY
            with self.subTest(timezone):
                self.assertFalse(self.run_cron(f"{day} {hour}:14:00"))
                self.assertEqual(set(self.run_cron(f"{day} {hour}:15:00")), {"head"})
                self.assertFalse(self.run_cron(f"{day} {hour}:30:00"))
            self.env["esurat.morning"].search([]).unlink()

    def test_not_on_days_without_work(self):
        with freeze_time(FRIDAY):
            self.letter()
        self.assertFalse(self.morning_of(SATURDAY))
        self.assertFalse(self.morning_of(SUNDAY))
        self.holiday(NEXT_MONDAY, self.agency, self.calendar)
        self.assertFalse(self.morning_of(NEXT_MONDAY))
        self.assertEqual(set(self.morning_of(NEXT_TUESDAY)), {"head"})

    def test_each_reminder_comes_once(self):
        """Due on Tuesday: the holder hears then and on Wednesday, the issuer on Thursday, the unit's head on Monday."""
        with freeze_time(MONDAY):
            letter = self.letter(subject="Laporan")
            self.dispose(letter, self.head, self.chief)
            self.dispose(letter, self.chief, self.staff, deadline=TUESDAY)
            letter.with_user(self.staff).action_open()
        named = {}
        for day in (MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, NEXT_MONDAY, NEXT_TUESDAY):
            for login, mail in self.morning_of(day).items():
                if "<li" in mail.body_html:
                    named.setdefault(login, []).append((day, mail.subject.split(": ")[1]))
        self.assertEqual(
            named,
            {
                "staff": [(TUESDAY, "1 due today"), (WEDNESDAY, "1 late")],
                "chief": [(THURSDAY, "1 owed to you")],
                "leader": [(NEXT_MONDAY, "1 late in your unit")],
            },
        )

    def test_what_is_late_is_counted_on_the_mornings_after(self):
        with freeze_time(MONDAY):
            self.letter(deadline=MONDAY)
        self.assertIn("<li", self.morning_of(TUESDAY)["head"].body_html)
        mail = self.morning_of(WEDNESDAY)["head"]
        self.assertIn("1 late", mail.subject)
        self.assertNotIn("<li", mail.body_html)

    def test_what_is_late_when_it_comes_is_named(self):
        with freeze_time(TUESDAY):
            self.letter(deadline=MONDAY)
        mail = self.morning_of(WEDNESDAY)["head"]
        self.assertIn("1 late", mail.subject)
        self.assertIn("<li", mail.body_html)

    def test_a_new_deadline_has_reminders_of_its_own(self):
        with freeze_time(MONDAY):
            letter = self.letter()
            self.dispose(letter, self.head, self.chief, deadline=MONDAY)
        self.assertIn("<li", self.morning_of(TUESDAY)["chief"].body_html)
        with freeze_time(TUESDAY):
            letter.holder_ids.filtered(lambda h: h.user_id == self.chief).with_user(self.head)._amend(
                TUESDAY, self.chief
            )
        self.assertIn("<li", self.morning_of(WEDNESDAY)["chief"].body_html)

    def test_no_reminder_is_repeated_or_lost_when_rules_change(self):
        with freeze_time(MONDAY):
            for days in (3, 2):
                letter = self.letter(subject=f"Batas {days}")
                self.dispose(letter, self.head, self.chief, deadline=MONDAY)
        self.agency.write({"esurat_issuer_days": 2, "esurat_head_days": 0})
        self.assertIn("2 owed to you", self.morning_of(WEDNESDAY)["head"].subject)
        # Wednesday becomes a holiday afterwards, and more days are given
        self.holiday(WEDNESDAY, self.agency, self.calendar)
        self.agency.esurat_issuer_days = 3
        self.assertNotIn("head", self.morning_of(THURSDAY))
        self.assertNotIn("head", self.morning_of(FRIDAY))

    def test_more_than_a_message_names_are_named_the_next_morning(self):
        with freeze_time(MONDAY):
            for _letter in range(7):
                self.letter(deadline=MONDAY)
        for day, named in ((TUESDAY, 5), (WEDNESDAY, 2), (THURSDAY, 0)):
            mail = self.morning_of(day)["head"]
            self.assertIn("7 late", mail.subject)
            self.assertEqual(mail.body_html.count("<li"), named)

    def holiday(self, day, company, calendar):
        """Make *day* a public holiday of *company*, in one calendar or (empty) in all."""
        leave = self.env["resource.calendar.leaves"].with_company(company)
        leave = leave.create(
            {
                "name": "Libur",
                "calendar_id": calendar and calendar.id,
                "date_from": f"{day - timedelta(days=1)} 16:00:00",
                "date_to": f"{day} 15:59:59",
            }
        )
        # Odoo works the company out from the calendar, or from where one works at that moment
        self.assertTrue(calendar or leave.company_id == company)

    def test_the_holiday_of_another_agency_is_none_here(self):
        self.holiday(TUESDAY, self.neighbour_agency, False)
        with freeze_time(MONDAY):
            self.letter()
        self.assertEqual(set(self.morning_of(TUESDAY)), {"head"})

    def test_who_works_in_two_agencies_hears_of_both_in_one_message(self):
        self.neighbour.write({"company_ids": [Command.link(self.agency.id)], "email": "neighbour@example.com"})
        self.env["hr.employee"].create(
            {
                "name": "Neighbour",
                "user_id": self.neighbour.id,
                "company_id": self.agency.id,
                "department_id": self.other_division.id,
            }
        )
        self.neighbour_agency.esurat_digest = True
        self.neighbour_agency.resource_calendar_id.tz = "Asia/Makassar"
        with freeze_time(MONDAY):
            letter = self.letter(recipient_ids=self.neighbour.ids)
            self.dispose(letter, self.neighbour, self.stranger, deadline=MONDAY)
        self.assertEqual(self.morning_of(WEDNESDAY)["neighbour"].subject.split(": ")[1], "1 owed to you")

    def test_the_mail_leaves_at_the_hour(self):
        with freeze_time(MONDAY):
            self.letter()
        queue = self.env.ref("mail.ir_cron_mail_scheduler_action")
        before = self.env["ir.cron.trigger"].search_count([("cron_id", "=", queue.id)])
        self.morning_of(TUESDAY)
        self.assertGreater(self.env["ir.cron.trigger"].search_count([("cron_id", "=", queue.id)]), before)

    def test_a_morning_that_was_missed_is_made_up_for(self):
        with freeze_time(MONDAY):
            letter = self.letter()
            self.dispose(letter, self.head, self.chief, deadline=MONDAY)
        self.morning_of(MONDAY)
        # two working days late on Wednesday; nobody was told, since the server was down
        self.assertIn("1 owed to you", self.morning_of(FRIDAY)["head"].subject)

    def test_the_head_of_a_unit_learns_who_is_late_but_not_with_what(self):
        with freeze_time(MONDAY):
            letter = self.letter(subject="Perihal")
            self.dispose(letter, self.head, self.staff, deadline=MONDAY)
        self.agency.write({"esurat_issuer_days": 0, "esurat_head_days": 1})
        body = self.morning_of(TUESDAY)["leader"].body_html
        self.assertIn("Staff", body)
        self.assertNotIn("Perihal", body)
        self.assertNotIn(f"esurat.letter/{letter.id}", body)

    def test_of_the_head_of_a_unit_the_one_above_hears(self):
        with freeze_time(MONDAY):
            letter = self.letter(recipient_ids=self.secretary.ids)
            self.dispose(letter, self.secretary, self.registrar, deadline=MONDAY)
            self.letter(recipient_ids=self.leader.ids, deadline=MONDAY)
        self.agency.write({"esurat_issuer_days": 0, "esurat_head_days": 1})
        mails = self.morning_of(TUESDAY)
        self.assertIn("1 late in your unit", mails["chief"].subject)
        self.assertIn("1 late in your unit", mails["secretary"].subject)

    def test_a_unit_without_a_head_has_that_of_the_unit_around_it(self):
        with freeze_time(MONDAY):
            letter = self.letter()
            self.dispose(letter, self.head, self.staff, deadline=MONDAY)
        self.agency.write({"esurat_issuer_days": 0, "esurat_head_days": 1})
        self.leader.active = False
        self.assertIn("1 late in your unit", self.morning_of(TUESDAY)["chief"].subject)

    def test_nobody_is_told_of_her_own_letters_as_of_her_unit(self):
        self.division.manager_id = self.employee(self.leader)
        with freeze_time(MONDAY):
            self.letter(recipient_ids=self.leader.ids, deadline=MONDAY)
        self.agency.write({"esurat_issuer_days": 0, "esurat_head_days": 1})
        mails = self.morning_of(TUESDAY)
        self.assertNotIn("unit", mails["leader"].subject)
        self.assertIn("1 late in your unit", mails["head"].subject)

    def test_that_a_secret_letter_lies_in_the_unit_is_not_told(self):
        with freeze_time(MONDAY):
            letter = self.letter(security_class="secret")
            self.dispose(letter, self.head, self.staff, deadline=MONDAY)
        self.agency.write({"esurat_issuer_days": 0, "esurat_head_days": 1})
        self.assertNotIn("leader", self.morning_of(TUESDAY))

    def test_a_secret_letter_is_not_named(self):
        with freeze_time(MONDAY):
            letter = self.letter(subject="Perihal", security_class="secret", deadline=MONDAY)
            self.dispose(letter, self.head, self.chief, deadline=MONDAY)
        self.agency.esurat_issuer_days = 1
        mails = self.morning_of(TUESDAY)
        for login in ("head", "chief"):
            self.assertIn("a secret letter", mails[login].body_html)
            for secret in ("Perihal", letter.agenda_number):
                self.assertNotIn(secret, mails[login].body_html + mails[login].subject)

    def test_many_letters_are_counted_and_some_are_named(self):
        with freeze_time(MONDAY):
            for _letter in range(7):
                self.letter()
        mail = self.morning_of(TUESDAY)["head"]
        self.assertIn("7 unread", mail.subject)
        self.assertEqual(mail.body_html.count("<li"), 5)

    def test_people_and_agencies_switch_it_off(self):
        with freeze_time(MONDAY):
            letter = self.letter()
            self.dispose(letter, self.head, self.chief, self.secretary)
        self.secretary.with_user(self.secretary).esurat_digest = False
        self.assertEqual(set(self.morning_of(MONDAY)), {"chief"})
        self.agency.esurat_digest = False
        self.assertFalse(self.morning_of(TUESDAY))

    def test_who_left_the_agency_hears_no_more_of_its_letters(self):
        with freeze_time(MONDAY):
            self.letter(company_id=self.neighbour_agency.id, user=self.neighbour_registrar)
        self.neighbour.write(
            {
                "company_ids": [Command.set(self.agency.ids)],
                "company_id": self.agency.id,
                "email": "neighbour@example.com",
            }
        )
        self.assertFalse(self.morning_of(TUESDAY))

    def test_in_the_language_of_whoever_reads(self):
        self.env["res.lang"]._activate_lang("id_ID")
        self.head.lang = "id_ID"
        with freeze_time(MONDAY):
            self.letter()
        mail = self.morning_of(TUESDAY)["head"]
        self.assertIn("Selasa, 2 Juni 2026: 1 belum dibaca", mail.subject)
        self.assertIn("Buka kotak masuk", mail.body_html)

    def test_phones_are_told_as_well(self):
        self.env["mail.push.device"].get_web_push_vapid_public_key()
        with freeze_time(MONDAY):
            letter = self.letter()
        # who has no e-mail is still reached on her phone
        self.head.email = False
        self.env["mail.push.device"].create(
            {"partner_id": self.head.partner_id.id, "endpoint": "https://push.example.com/1", "keys": "{}"}
        )
        self.assertFalse(self.morning_of(TUESDAY))
        push = self.env["mail.push"].sudo().search([])
        self.assertIn("1 unread", push.payload)
        self.assertIn(f'"res_id": {letter.id}', push.payload)

    def test_what_is_interrupted_goes_on_where_it_was(self):
        with freeze_time(MONDAY):
            letter = self.letter()
            copies = self.secretary + self.other_chief + self.leader + self.staff
            self.dispose(letter, self.head, self.chief, copies)
        batches, send = [], morning.Morning._send

        def failing(self, users, told):
            batches.append(users)
            if len(batches) == 2:
                raise RuntimeError("power failure")
            return send(self, users, told)

        with patch.object(morning, "BATCH", 4), patch.object(morning.Morning, "_send", failing):
            # the scheduler begins again by itself, where something was done
            with self.assertLogs("odoo.addons", "ERROR"):
                mails = self.morning_of(MONDAY)
        self.assertEqual(set(mails), {"chief", "secretary", "other_chief", "leader", "staff"})
        self.assertEqual(batches[1], batches[2])
        self.assertFalse(batches[0] & batches[1])
        self.assertFalse(self.run_cron(f"{MONDAY} 07:35:00+08:00"))
        [log] = self.env["esurat.morning"].search([("company_id", "=", self.agency.id)])
        self.assertEqual((log.message_count, log.done), (5, True))

    def test_what_goes_wrong_in_one_agency_stops_no_other(self):
        self.neighbour_agency.esurat_digest = True
        self.neighbour.email = "neighbour@example.com"
        with freeze_time(MONDAY):
            self.letter()
            self.draft(user=self.neighbour_registrar).action_register()
        plan = morning.Morning._plan

        def failing(self):
            if self.company_id.name == "Dinas Contoh":
                raise ValueError("broken calendar")
            return plan(self)

        self.neighbour_agency.resource_calendar_id.tz = "Asia/Makassar"
        with patch.object(morning.Morning, "_plan", failing):
            with self.assertLogs("odoo.addons", "ERROR"):
                mails = self.morning_of(TUESDAY)
        self.assertEqual(set(mails), {"neighbour"})
        self.assertEqual(set(self.morning_of(TUESDAY)), {"head"})

    def test_the_administrator_sees_her_own_mornings_alone(self):
        with freeze_time(MONDAY):
            self.letter()
        self.morning_of(TUESDAY)
        [log] = self.env["esurat.morning"].search([("company_id", "=", self.agency.id)])
        self.assertTrue(log.with_user(self.admin).has_access("read"))
        for user, operation in ((self.admin, "write"), (self.registrar, "read"), (self.neighbour_registrar, "read")):
            self.assertFalse(log.with_user(user).has_access(operation))
