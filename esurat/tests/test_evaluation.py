import base64
import io
import math
from datetime import date, timedelta
from statistics import median
from zoneinfo import ZoneInfo

import openpyxl
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..models.figures import FIGURES
from .common import EsuratCase

MAKASSAR = ZoneInfo("Asia/Makassar")
UTC = ZoneInfo("UTC")
# June 2026 begins on a Monday; the 16th is made a holiday.
HOLIDAY = date(2026, 6, 16)


def at(day, clock="08:00"):
    """Return a moment of June 2026 in Makassar."""
    return f"2026-06-{day:02d} {clock}:00+08:00"


@tagged("post_install", "-at_install")
class TestEvaluation(EsuratCase):
    """One month of one agency: measured, said in words, confirmed, frozen, sent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["resource.calendar.leaves"].create(
            {
                "name": "Libur",
                "calendar_id": cls.calendar.id,
                "company_id": cls.agency.id,
                "date_from": "2026-06-15 16:00:00",
                "date_to": "2026-06-16 15:59:59",
            }
        )
        cls.agency.esurat_start_date = "2026-06-01"
        cls.env.cr.execute("UPDATE res_users SET create_date = '2026-05-01'")
        cls.env.invalidate_all()

    def month(self):
        """Let the agency live through June: letters, dispositions, follow-ups, prints and mornings."""
        with self.moment(at(1, "08:10")):
            first = self.letter(page_count=3)
            secret = self.letter(security_class="secret", page_count=9, subject="Rahasia")
        with self.moment(at(1, "09:40")):
            self.dispose(first, self.head, self.chief, self.secretary, deadline=date(2026, 6, 4))
        with self.moment(at(3, "10:00")):
            self.hold(first, self.secretary)._open()
            self.hold(first, self.chief)._open()
            self.dispose(first, self.chief, self.staff, deadline=date(2026, 6, 5))
        with self.moment(at(8, "11:15")):
            self.hold(first, self.staff)._follow_up("Sudah")
            second = self.letter(page_count=1, medium="electronic")
            self.dispose(second, self.head, self.other_chief, deadline=date(2026, 6, 9))
        with self.moment(at(9, "15:30")):
            self.hold(second, self.other_chief)._follow_up("Selesai")
            first._write_off("followed_up", "Sudah")
        with self.moment(at(15, "13:00")):
            third = self.letter()
            self.env["ir.actions.report"].with_user(self.registrar).with_context(
                force_report_rendering=True
            )._render_qweb_pdf("esurat.report_disposition_sheet", first.ids)
            reply = self.draft(direction="outgoing", sender_id=False, page_count=2)
            reply.action_register()
            reply.action_send()
            cancelled = self.letter()
            cancelled._cancel("Salah")
        with self.moment(at(25, "08:00")):
            self.dispose(third, self.head, self.chief)
            recalled = self.letter()
            self.dispose(recalled, self.head, self.leader)
            self.hold(recalled, self.leader).with_user(self.head)._recall()
        with self.moment(at(26, "09:00")):
            for principal, deputy in ((self.head, self.secretary), (self.leader, self.staff)):
                self.env["esurat.delegation"].with_user(self.admin).create(
                    {
                        "company_id": self.agency.id,
                        "principal_id": principal.id,
                        "deputy_id": deputy.id,
                        "date_to": "2026-06-27",
                        "decree": "800/1",
                    }
                )
            fourth = self.letter()
            Holder = self.env["esurat.holder"].with_user(self.secretary)
            passed = Holder.search([("letter_id", "=", fourth.id), ("user_id", "=", self.head.id)])
            passed._dispose(self.leader, self.secretary, self.process)
            Holder = self.env["esurat.holder"].with_user(self.staff)
            Holder.search([("letter_id", "=", fourth.id), ("user_id", "=", self.leader.id)])._follow_up("Sudah")
        for day in range(1, 31):
            people = {self.head: "07:50", self.chief: "08:30", self.other_chief: "10:00", self.staff: "08:59"}
            if day % 2:
                people[self.secretary] = "07:40"
            if date(2026, 6, day).weekday() < 5 and date(2026, 6, day) != HOLIDAY:
                for user, clock in people.items():
                    with self.moment(at(day, clock)):
                        self.env["esurat.presence"].with_user(user).with_company(self.agency).note_opening()
        self.env.flush_all()
        return secret

    def june(self, moment="2026-07-01 01:00:00", user=None):
        """Return the evaluation of June, made by the administrator."""
        with self.moment(moment):
            return (
                self.env["esurat.evaluation"]
                .with_user(user or self.admin)
                .with_company(self.agency)
                .create({"company_id": self.agency.id, "date_from": "2026-06-01"})
            )

    # ------------------------------------------------------------
    # The figures, computed once more in plain Python
    # ------------------------------------------------------------

    @staticmethod
    def local(moment):
        return moment.replace(tzinfo=UTC).astimezone(MAKASSAR)

    def working_hours(self, start, end):
        """Count the working minutes between two moments one by one (8 to 12 and 13 to 17)."""
        minutes, moment, last = 0, self.local(start), self.local(end)
        while moment < last:
            step = min(timedelta(minutes=1), last - moment)
            if moment.weekday() < 5 and moment.date() != HOLIDAY and moment.hour in (8, 9, 10, 11, 13, 14, 15, 16):
                minutes += step.total_seconds() / 60
            moment += step
        return minutes / 60

    def recount(self):
        """Return June's figures from the records, by loops and nothing else."""
        letters = [
            letter
            for letter in self.env["esurat.letter"].search([("company_id", "=", self.agency.id)])
            if letter.security_class in ("open", "restricted") and letter.state not in ("draft", "cancelled")
        ]
        holds = [
            hold
            for letter in letters
            for hold in letter.holder_ids
            if hold.role in ("responsible", "copy") and hold.state not in ("waiting", "recalled")
        ]
        read, passed, completed = [], [], []
        for hold in holds:
            dispositions = [one.create_date for one in hold.letter_id.disposition_ids if one.source_id == hold]
            if hold.read_date:
                read.append(self.working_hours(hold.create_date, hold.read_date))
            if dispositions:
                passed.append(self.working_hours(hold.create_date, min(dispositions)))
            elif hold.done_date and hold.role == "responsible":
                completed.append(self.working_hours(hold.create_date, hold.done_date))
        due = [hold for hold in holds if hold.role == "responsible" and hold.deadline and hold.deadline.month == 6]
        kept = [hold for hold in due if hold.done_date and self.local(hold.done_date).date() <= hold.deadline]
        same_day = [
            hold
            for hold in holds
            if hold.read_date and self.local(hold.read_date).date() == self.local(hold.create_date).date()
        ]
        backlog = [
            letter
            for letter in letters
            if letter.direction == "incoming" and letter.state in ("registered", "in_progress")
        ]
        avoided = sum(max(hold.letter_id.page_count, 1) + 1 for hold in holds)
        used = sum(max(letter.page_count, 1) for letter in letters if letter.medium == "paper") + 1  # one print
        days = [
            date(2026, 6, day)
            for day in range(1, 31)
            if date(2026, 6, day).weekday() < 5 and date(2026, 6, day) != HOLIDAY
        ]
        oldest = min(letter.register_date for letter in backlog)
        saved = avoided - used
        people = 10
        openings = 4 * len(days) + sum(day.day % 2 for day in days)
        return {
            "letters_incoming": sum(letter.direction == "incoming" for letter in letters),
            "letters_outgoing": sum(letter.direction == "outgoing" for letter in letters),
            "letters_internal": 0,
            "holds": len(holds),
            "by_deputies": sum(bool(one.acted_as) for letter in letters for one in letter.disposition_ids)
            + sum(bool(hold.acted_as) and not hold.child_ids for letter in letters for hold in letter.holder_ids),
            "read_same_day": 100 * len(same_day) / len(holds),
            "read_median": median(read),
            "read_p90": sorted(read)[math.ceil(0.9 * len(read)) - 1],
            "dispose_median": median(passed),
            "dispose_p90": sorted(passed)[math.ceil(0.9 * len(passed)) - 1],
            "complete_median": median(completed),
            "complete_p90": sorted(completed)[math.ceil(0.9 * len(completed)) - 1],
            "due": len(due),
            "on_time": 100 * len(kept) / len(due),
            "written_off": sum(letter.direction == "incoming" and letter.state == "done" for letter in letters),
            "backlog": len(backlog),
            "backlog_oldest": sum(day > oldest for day in days),
            "people": people,
            "opened_days": 100 * openings / (people * len(days)),
            "opened_mornings": 100 * (openings - len(days)) / (people * len(days)),
            "unit_heads": 3,
            "unit_heads_regular": 1,
            "sheets_avoided": avoided,
            "sheets_used": used,
            "sheets_saved": saved,
            "reams_saved": saved / 500,
            "money_saved": saved / 500 * 54000,
            "kg_saved": saved / 500 * 2.17,
            "co2_low": saved * 0.0042,
            "co2_high": saved * 0.011,
            "spending": 900,
            "spending_before": 1500,
        }

    def test_all_figures_are_what_loops_over_the_records_find(self):
        self.env["esurat.paper.year"].create(
            {"company_id": self.agency.id, "year": 2026, "ream_price": 54000, "source": "Nota"}
        )
        self.env["esurat.spending"].create(
            [
                {"company_id": self.agency.id, "month": month, "amount": amount}
                for month, amount in (("2026-04-10", 1000), ("2026-05-01", 2000), ("2026-06-20", 900))
            ]
        )
        self.month()
        with self.moment("2026-07-01 01:00:00"):
            expected = self.recount()
        values = self.june().figures["values"]
        self.assertEqual(set(values), {figure.key for figure in FIGURES})
        self.assertEqual(values["by_deputies"], 2)
        for key, value in expected.items():
            with self.subTest(key):
                self.assertAlmostEqual(values[key], value, delta=0.051)

    def test_what_happens_after_the_period_changes_nothing(self):
        self.month()
        before = self.june().figures
        with self.moment("2026-07-02 02:00:00"):
            for letter in self.env["esurat.letter"].search(
                [("company_id", "=", self.agency.id), ("state", "in", ("registered", "in_progress"))]
            ):
                letter.with_user(self.registrar)._write_off("noted")
            self.letter()
            self.env["esurat.evaluation"].search([]).with_user(self.admin).action_measure()
        self.assertEqual(self.env["esurat.evaluation"].search([("company_id", "=", self.agency.id)]).figures, before)

    def test_absence_and_a_late_login_count_against_nobody(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Cuti",
                "resource_id": self.employee(self.secretary).resource_id.id,
                "calendar_id": self.calendar.id,
                "company_id": self.agency.id,
                "date_from": "2026-06-01 16:00:00",
                "date_to": "2026-06-30 15:59:59",
            }
        )
        self.env.cr.execute("UPDATE res_users SET create_date = '2026-06-29 03:00' WHERE id = %s", [self.staff.id])
        self.env.invalidate_all()
        with self.moment(at(1, "07:45")):
            self.env["esurat.presence"].with_user(self.secretary).with_company(self.agency).note_opening()
            self.letter()
        rows = {row["position"]: row for row in self.june().figures["posts"] if row["people"] == 1}
        self.assertEqual((rows["Sekretaris"]["days"], rows["Sekretaris"]["mornings"]), (1, 1))
        self.assertEqual(rows["Sekretaris"]["regular"], 1)
        staff = next(row for row in self.june_posts() if row["position"] == "Pelaksana" and row["unit"] == "Seksi")
        self.assertEqual((staff["people"], staff["days"]), (2, 21 + 2))

    def june_posts(self):
        return self.env["esurat.evaluation"].search([("company_id", "=", self.agency.id)]).figures["posts"]

    # ------------------------------------------------------------
    # Words
    # ------------------------------------------------------------

    def test_it_says_in_words_what_it_found(self):
        self.month()
        evaluation = self.june()
        words = " ".join(evaluation._sentences())
        self.assertIn("1 of 3 heads of units opened E-Surat before 09.00 on at least 80 %", words)
        self.assertIn("sheets saved", words)
        readiness = evaluation._readiness()
        self.assertFalse(readiness["ready"])
        self.assertIn("Heads of units", readiness["text"])
        with self.moment("2026-07-01 02:00:00"):
            self.agency.write({"esurat_goal_heads": 30, "esurat_goal_same_day": 10, "esurat_goal_on_time": 10})
            evaluation.action_measure()
        self.assertTrue(evaluation._readiness()["ready"])

    def test_secret_letters_and_names_are_nowhere_in_it(self):
        self.month()
        evaluation = self.june()
        self.assertNotIn("Rahasia", str(evaluation.body))
        for person in (self.head, self.chief, self.staff):
            self.assertNotIn(person.name, str(evaluation.figures))

    def test_it_has_no_period_before_the_start_and_compares_with_the_month_before(self):
        self.month()
        self.assertFalse(self.june().previous)
        with self.moment("2026-08-03 01:00:00"):
            july = (
                self.env["esurat.evaluation"]
                .with_user(self.admin)
                .create({"company_id": self.agency.id, "date_from": "2026-07-20"})
            )
        self.assertEqual((july.date_from, july.date_to), (date(2026, 7, 1), date(2026, 7, 31)))
        self.assertEqual(july.previous, self.june_figures())

    def june_figures(self):
        return self.env["esurat.evaluation"].search([("date_to", "=", "2026-06-30")]).figures

    # ------------------------------------------------------------
    # Draft, confirmed, sent
    # ------------------------------------------------------------

    def test_confirmed_it_no_longer_changes_and_is_sent_with_its_pdf(self):
        self.month()
        evaluation = self.june()
        self.assertIn(self.head.partner_id, evaluation.message_partner_ids)
        with self.moment("2026-07-01 03:00:00"):
            evaluation.with_user(self.head).with_context(force_report_rendering=True).action_confirm()
        self.assertEqual((evaluation.state, evaluation.confirmed_position), ("confirmed", "Kepala Dinas"))
        message = evaluation.sudo().message_ids[0]
        self.assertTrue(message.attachment_ids.raw.startswith(b"%PDF-"))
        self.assertIn(self.head.partner_id, message.notified_partner_ids + message.author_id)
        for act in (evaluation.action_measure, evaluation.action_confirm, evaluation.unlink):
            with self.assertRaises(UserError):
                act()
        # what is mailed is not printed
        self.assertFalse(self.env["esurat.printing"].search([("name", "=", "Evaluation")]))

    def test_a_period_is_confirmed_when_it_is_over(self):
        self.month()
        evaluation = self.june(moment="2026-06-20 01:00:00")
        with self.moment("2026-06-30 03:00:00"), self.assertRaises(UserError):
            evaluation.action_confirm()

    def test_what_was_frozen_before_a_figure_was_thought_of_can_still_be_read(self):
        self.month()
        evaluation = self.june()
        figures = {**evaluation.figures, "values": dict(evaluation.figures["values"])}
        for key in ("spending", "spending_before", "on_time"):
            del figures["values"][key]
        evaluation.sudo().figures = figures
        self.assertIn("o_esurat_evaluation", str(evaluation.body))
        self.assertTrue(evaluation.xlsx)

    def test_who_reads_it(self):
        self.month()
        evaluation = self.june()
        readers = {self.admin: True, self.head: True, self.chief: False, self.registrar: False, self.neighbour: False}
        for user, reads in readers.items():
            with self.subTest(user.login):
                self.assertEqual(
                    evaluation.with_user(user)
                    .with_context(allowed_company_ids=user.company_ids.ids)
                    .has_access("read"),
                    reads,
                )
        evaluation.message_subscribe(self.chief.partner_id.ids)
        self.assertTrue(evaluation.with_user(self.chief).has_access("read"))
        with self.assertRaises(UserError):
            evaluation.with_user(self.chief).action_confirm()
        for values in ({"figures": {}}, {"state": "confirmed"}, {"date_from": "2026-05-01"}):
            with self.assertRaises(AccessError):
                evaluation.write(values)
            with self.assertRaises(AccessError):
                evaluation.create({"company_id": self.agency.id, "date_from": "2026-05-01", "state": "draft", **values})

    def test_the_form_makes_one_by_a_click(self):
        self.month()
        with self.moment("2026-07-01 01:00:00"):
            form = Form(self.env["esurat.evaluation"].with_user(self.admin).with_company(self.agency))
            self.assertEqual((form.date_from, form.date_to), (date(2026, 6, 1), date(2026, 6, 30)))
            form.kind = "first"
            self.assertEqual((form.date_from, form.date_to), (date(2026, 6, 1), date(2026, 6, 30)))
            form.save()

    def test_the_spreadsheet_has_all_figures_as_numbers(self):
        self.month()
        evaluation = self.june()
        book = openpyxl.load_workbook(io.BytesIO(base64.b64decode(evaluation.xlsx)))
        rows = list(book.worksheets[0].iter_rows(min_row=2, values_only=True))
        self.assertEqual([row[1] for row in rows], [evaluation.figures["values"][figure.key] for figure in FIGURES])

    # ------------------------------------------------------------
    # By itself
    # ------------------------------------------------------------

    def run_cron(self, moment):
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref("esurat.cron_evaluation").method_direct_trigger()
        return self.env["esurat.evaluation"].search([("company_id", "=", self.agency.id)])

    def test_it_is_made_on_the_first_working_day_after_the_period_and_once(self):
        self.month()
        self.env["res.company"].search([("id", "!=", self.agency.id)]).esurat_start_date = False
        self.assertFalse(self.run_cron("2026-06-30 02:00:00"))
        made = self.run_cron("2026-07-01 02:00:00")
        self.assertEqual(sorted(made.mapped("kind")), ["first", "month"])
        self.assertTrue(made[0].message_ids)
        self.assertEqual(self.run_cron("2026-07-02 02:00:00"), made)
        # 1 August 2026 is a Saturday
        self.assertEqual(self.run_cron("2026-08-01 02:00:00"), made)
        self.assertEqual(len(self.run_cron("2026-08-03 02:00:00")), 3)

    def test_the_first_month_counts_from_the_start_of_use(self):
        self.agency.esurat_start_date = "2026-06-10"
        self.month()
        evaluation = self.june()
        self.assertEqual(evaluation.date_from, date(2026, 6, 10))
        self.assertEqual(evaluation.figures["working_days"], 14)
