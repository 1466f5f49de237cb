from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import EsuratCase


@tagged("post_install", "-at_install")
class TestAgencies(EsuratCase):
    """The city's view: each month of each agency, those that do not use it on top."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.cr.execute("UPDATE res_users SET create_date = '2026-05-01'")
        cls.env.invalidate_all()
        cls.mayor = cls._person("mayor", "Wali Kota", cls.root)
        cls.mayor.company_ids += cls.neighbour_agency

    def run_cron(self, moment):
        with self.moment(moment):
            for company in self.agency + self.neighbour_agency:
                self.env["esurat.agency.month"]._measure(company)
        self.env.flush_all()

    def live(self):
        """Let both agencies live through two days of June; only the first one opens it."""
        with self.moment("2026-06-01 08:00:00+08:00"):
            letter = self.letter()
            self.env["esurat.letter"].with_user(self.neighbour_registrar).with_company(self.neighbour_agency).create(
                {"subject": "Surat", "sender_id": self.sender.id}
            ).action_register()
            self.env["esurat.presence"].with_user(self.chief).with_company(self.agency).note_opening()
        with self.moment("2026-06-02 08:00:00+08:00"):
            letter._write_off("noted")
            self.env["esurat.presence"].with_user(self.head).with_company(self.agency).note_opening()

    def months(self, user, **context):
        companies = (self.agency + self.neighbour_agency) & user.company_ids
        return (
            self.env["esurat.agency.month"]
            .with_user(user)
            .with_context(allowed_company_ids=companies.ids, **context)
            .search([("month", "=", "2026-06-01")])
        )

    def test_who_does_not_use_it_stands_on_top(self):
        self.live()
        self.run_cron("2026-06-02 09:00:00+08:00")
        rows = self.months(self.mayor)
        self.assertEqual(rows.company_id.ids, [self.neighbour_agency.id, self.agency.id])
        ours = rows[1]
        self.assertEqual((ours.letters_incoming, ours.written_off, ours.backlog), (1, 1, 0))
        # ten people (the mayor got her login later), two working days, two mornings
        self.assertEqual((ours.person_days, ours.mornings, ours.opened_mornings), (20, 2, 10.0))

    def test_everybody_sees_her_own_agencies(self):
        self.live()
        self.run_cron("2026-06-02 09:00:00+08:00")
        self.assertEqual(self.months(self.staff).company_id, self.agency)
        self.assertEqual(self.months(self.neighbour).company_id, self.neighbour_agency)
        with self.assertRaises(AccessError):
            self.months(self.admin).write({"backlog": 0})

    def test_shares_of_several_agencies_are_weighed(self):
        self.live()
        self.run_cron("2026-06-02 09:00:00+08:00")
        [[share]] = self.months(self.mayor)._read_group([("month", "=", "2026-06-01")], [], ["opened_mornings:avg"])
        days = sum(self.months(self.mayor).mapped("person_days"))
        self.assertAlmostEqual(float(share), 100 * 2 / days)

    def test_a_month_is_measured_until_it_is_over_and_missing_ones_are_made_up(self):
        self.live()
        self.run_cron("2026-06-02 09:00:00+08:00")
        self.run_cron("2026-08-03 09:00:00+08:00")
        months = self.env["esurat.agency.month"].search([("company_id", "=", self.agency.id)], order="month")
        self.assertEqual(months.mapped("month"), [date(2026, 6, 1), date(2026, 7, 1), date(2026, 8, 1)])
        # in June there were 22 working days
        self.assertEqual(months[0].person_days, 10 * 22)
        measured = months[0].measured_date
        self.run_cron("2026-08-04 09:00:00+08:00")
        self.assertEqual(months[0].measured_date, measured)

    def test_trouble_in_one_agency_stops_no_other_and_is_not_swallowed(self):
        self.live()
        measure = type(self.env["esurat.figures"])._measure

        def fail_for_the_first(figures, company, *days):
            if company == self.agency:
                raise ValueError("broken")
            return measure(figures, company, *days)

        companies = self.agency + self.neighbour_agency
        Month = self.env["esurat.agency.month"]
        with (
            self.moment("2026-06-02 09:00:00+08:00"),
            patch.object(type(self.env["esurat.figures"]), "_measure", fail_for_the_first),
            patch.object(self.env.cr, "rollback"),
            patch.object(self.env.cr, "commit"),
            mute_logger("odoo.addons.esurat.models.res_company"),
            self.assertRaisesRegex(ValueError, "broken"),
        ):
            companies._esurat_each(Month._measure)
        self.assertEqual(Month.search([("company_id", "in", companies.ids)]).company_id, self.neighbour_agency)
