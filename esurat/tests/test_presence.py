from datetime import date

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import EsuratCase

MONDAY = "2026-06-01"


@tagged("post_install", "-at_install")
class TestPresence(EsuratCase):
    """Who opens it in the morning: noted once a day, seen by herself and by those above her."""

    def open(self, user, moment, company=None):
        """Let *user* open E-Surat at *moment* (UTC unless it says otherwise) in her agency."""
        with freeze_time(moment):
            self.env["esurat.presence"].with_user(user).with_company(company or user.company_id).note_opening()

    def days(self, user=None):
        """Return the days that are noted, of *user* or of everybody in the agency."""
        domain = [("user_id", "=", user.id)] if user else [("company_id", "=", self.agency.id)]
        return self.env["esurat.presence"].search(domain)

    def test_the_first_opening_of_a_day_counts(self):
        self.open(self.chief, f"{MONDAY} 07:40:00+08:00")
        self.open(self.chief, f"{MONDAY} 10:00:00+08:00")
        day = self.days(self.chief)
        self.assertEqual((day.date, day.moment), (date(2026, 6, 1), "morning"))
        self.assertEqual(fields.Datetime.to_string(day.opened_at), "2026-05-31 23:40:00")
        self.assertEqual((day.company_id, day.department_id), (self.agency, self.division))

    def test_the_morning_ends_at_the_hour_of_the_agency_in_its_time_zone(self):
        for timezone, offset in (("Asia/Jakarta", "07"), ("Asia/Makassar", "08"), ("Asia/Jayapura", "09")):
            self.calendar.tz = timezone
            for user, hour, part in ((self.chief, "08:59", "morning"), (self.staff, "09:00", "later")):
                with self.subTest(timezone=timezone, hour=hour):
                    self.open(user, f"{MONDAY} {hour}:00+{offset}:00")
                    self.assertEqual(self.days(user).moment, part)
                    self.days(user).unlink()
        self.agency.esurat_morning_hour = 8
        self.open(self.chief, f"{MONDAY} 08:30:00+09:00")
        self.assertEqual(self.days(self.chief).moment, "later")

    def test_what_was_true_on_that_day_stays(self):
        self.open(self.staff, f"{MONDAY} 08:00:00+08:00")
        self.employee(self.staff).department_id = self.other_division
        self.agency.esurat_morning_hour = 7
        self.assertEqual((self.days(self.staff).department_id, self.days(self.staff).moment), (self.section, "morning"))

    def test_who_is_no_employee_of_the_agency_is_not_counted(self):
        self.neighbour.company_ids += self.agency
        self.open(self.neighbour, f"{MONDAY} 00:00:00", company=self.agency)
        self.assertFalse(self.days())

    def test_each_agency_counts_for_itself(self):
        self.neighbour.company_ids += self.agency
        self.env["hr.employee"].create(
            {"name": "x", "user_id": self.neighbour.id, "company_id": self.agency.id, "department_id": self.root.id}
        )
        for company in (self.agency, self.neighbour_agency):
            self.open(self.neighbour, f"{MONDAY} 00:00:00", company=company)
        self.assertEqual(self.days(self.neighbour).company_id, self.agency + self.neighbour_agency)

    def test_heads_see_their_units_and_others_themselves(self):
        people = (self.head, self.chief, self.leader, self.staff, self.stranger, self.registrar)
        for user in people:
            self.open(user, f"{MONDAY} 00:00:00")
        seen = {
            self.head: people,
            self.chief: (self.chief, self.leader, self.staff),
            self.leader: (self.leader, self.staff),
            self.staff: (self.staff,),
            self.other_chief: (self.stranger,),
            self.secretary: (self.registrar,),
            self.registrar: (self.registrar,),
            self.admin: (),
            self.neighbour: (),
        }
        for user, expected in seen.items():
            with self.subTest(user.login):
                Presence = self.env["esurat.presence"].with_user(user).with_company(user.company_id)
                found = Presence.search([("date", "=", MONDAY)])
                self.assertEqual(set(found.user_id.ids), {one.id for one in expected})
                self.assertFalse(any(Presence.has_access(operation) for operation in ("write", "create", "unlink")))

    def test_who_has_no_access_to_e_surat_notes_nothing(self):
        outsider = self._person("outsider", "Tamu", self.section, groups="base.group_user")
        with self.assertRaises(AccessError):
            self.open(outsider, f"{MONDAY} 00:00:00")

    def test_days_are_kept_for_two_years(self):
        for moment in ("2024-05-20", "2024-06-20", MONDAY):
            self.open(self.staff, f"{moment} 00:00:00")
        with freeze_time(MONDAY):
            self.env["esurat.presence"]._gc_days()
        self.assertEqual(self.days(self.staff).mapped("date"), [date(2026, 6, 1), date(2024, 6, 20)])

    def team(self, user, moment=f"{MONDAY} 09:30:00+08:00"):
        with freeze_time(moment):
            return self.env["esurat.holder"].with_user(user).with_company(self.agency).retrieve_home()["team"]

    def test_a_head_sees_who_of_her_people_has_not_opened_it_yet(self):
        self.open(self.chief, f"{MONDAY} 08:00:00+08:00")
        self.open(self.staff, f"{MONDAY} 08:00:00+08:00")
        self.assertEqual(self.team(self.head), {"opened": 1, "people": 3, "missing": ["Other Chief", "Secretary"]})
        self.assertEqual(self.team(self.leader), {"opened": 1, "people": 2, "missing": ["Clerk"]})
        for user in (self.staff, self.registrar):
            self.assertFalse(self.team(user))

    def test_nobody_is_missed_on_a_day_without_work_or_while_absent(self):
        self.assertFalse(self.team(self.head, "2026-06-07 09:30:00+08:00"))
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Cuti",
                "resource_id": self.employee(self.secretary).resource_id.id,
                "calendar_id": self.calendar.id,
                "company_id": self.agency.id,
                "date_from": "2026-05-31 16:00:00",
                "date_to": "2026-06-01 15:59:59",
            }
        )
        self.assertEqual(self.team(self.head)["missing"], ["Chief", "Other Chief"])
