import math
from bisect import bisect_right
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from statistics import median
from typing import NamedTuple

import pytz

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.date_utils import float_to_time

from ..tools.working_time import WorkingTime
from .selections import CONFIDENTIAL

# Upper ends, in working days, of the ages by which a backlog is told.
AGES = (5, 10, 20)
# Working hours are looked up from so long before the period on; what waited longer waited that long at least.
LONGEST_WAIT = timedelta(days=400)

# Who somebody is among the heads of an agency.
HEAD_OF_AGENCY, HEAD_OF_UNIT, HEAD_BELOW, STAFF = range(4)

_COUNTED = Domain("security_class", "not in", CONFIDENTIAL) & Domain("from_register", "=", False)
_HELD = (
    Domain("role", "in", ("responsible", "copy"))
    & Domain("state", "not in", ("waiting", "recalled"))
    & Domain("letter_id", "any", _COUNTED & Domain("state", "not in", ("draft", "cancelled")))
)


class Figure(NamedTuple):
    """One figure of an agency and a period, as it is shown."""

    key: str
    section: str  # "letters", "speed", "people", "paper"
    unit: str  # "count", "percent", "hours", "days", "money", "kg"
    good: int  # 1: more is better, -1: less is better, 0: neither


FIGURES = [
    Figure("letters_incoming", "letters", "count", 0),
    Figure("letters_outgoing", "letters", "count", 0),
    Figure("letters_internal", "letters", "count", 0),
    Figure("holds", "letters", "count", 0),
    Figure("by_deputies", "letters", "count", 0),
    Figure("read_same_day", "speed", "percent", 1),
    Figure("read_median", "speed", "hours", -1),
    Figure("read_p90", "speed", "hours", -1),
    Figure("dispose_median", "speed", "hours", -1),
    Figure("dispose_p90", "speed", "hours", -1),
    Figure("complete_median", "speed", "hours", -1),
    Figure("complete_p90", "speed", "hours", -1),
    Figure("due", "speed", "count", 0),
    Figure("on_time", "speed", "percent", 1),
    Figure("written_off", "letters", "count", 0),
    Figure("backlog", "letters", "count", -1),
    Figure("backlog_oldest", "letters", "days", -1),
    Figure("people", "people", "count", 0),
    Figure("opened_days", "people", "percent", 1),
    Figure("opened_mornings", "people", "percent", 1),
    Figure("unit_heads", "people", "count", 0),
    Figure("unit_heads_regular", "people", "count", 1),
    Figure("sheets_avoided", "paper", "count", 1),
    Figure("sheets_used", "paper", "count", -1),
    Figure("sheets_saved", "paper", "count", 1),
    Figure("reams_saved", "paper", "count", 1),
    Figure("money_saved", "paper", "money", 1),
    Figure("kg_saved", "paper", "kg", 1),
    Figure("co2_low", "paper", "kg", 1),
    Figure("co2_high", "paper", "kg", 1),
    Figure("spending", "paper", "money", -1),
    Figure("spending_before", "paper", "money", 0),
]


class Figures(models.AbstractModel):
    """What an agency did in a period, in figures: the one place where each of them is defined.

    All of them are of the days of the period in the agency's time zone and calendar. What happened after its end does
    not count, so that a period says the same whenever it is measured. Secret letters stay out of all figures, and so do
    letters of an old register, letters that were cancelled and holds that were recalled.
    """

    _name = "esurat.figures"
    _description = "Figures of an agency"

    @api.model
    def _definitions(self):
        """Return what each figure is called and how it is defined: ``{key: (name, definition)}``."""
        return {
            "letters_incoming": (self.env._("Incoming letters"), self.env._("Letters registered in the period.")),
            "letters_outgoing": (
                self.env._("Outgoing letters"),
                self.env._("Outgoing letters numbered in the period."),
            ),
            "letters_internal": (
                self.env._("Internal letters"),
                self.env._("Internal letters numbered in the period."),
            ),
            "holds": (
                self.env._("Handed to people"),
                self.env._("How often a letter reached somebody in the period, to answer for it or as a copy."),
            ),
            "by_deputies": (
                self.env._("Done by deputies"),
                self.env._("Dispositions, and letters completed without one, that a Plt., Plh. or assistant has done."),
            ),
            "read_same_day": (
                self.env._("Read the same day"),
                self.env._("Share of these that were read on the day on which they came."),
            ),
            "read_median": (
                self.env._("Hours to reading, median"),
                self.env._("Working hours from receipt to reading; half of those that were read took no longer."),
            ),
            "read_p90": (
                self.env._("Hours to reading, nine in ten"),
                self.env._("Working hours within which nine in ten of those that were read were read."),
            ),
            "dispose_median": (
                self.env._("Hours to disposing, median"),
                self.env._("Working hours from receipt to the first disposition; half took no longer."),
            ),
            "dispose_p90": (
                self.env._("Hours to disposing, nine in ten"),
                self.env._("Working hours within which nine in ten of the first dispositions were made."),
            ),
            "complete_median": (
                self.env._("Hours to completing, median"),
                self.env._(
                    "Working hours from receipt to follow-up, return or write-off, for those who answer for a letter "
                    "and did not pass it on; half took no longer."
                ),
            ),
            "complete_p90": (
                self.env._("Hours to completing, nine in ten"),
                self.env._("Working hours within which nine in ten of these were completed."),
            ),
            "due": (self.env._("Due"), self.env._("What people had to answer for with a deadline in the period.")),
            "on_time": (
                self.env._("On time"),
                self.env._(
                    "Share of what was due that was passed on or completed on the day of its deadline or before."
                ),
            ),
            "written_off": (
                self.env._("Written off"),
                self.env._("Incoming letters written off in the period, whenever they came."),
            ),
            "backlog": (
                self.env._("Backlog"),
                self.env._("Incoming letters not written off at the end of the period."),
            ),
            "backlog_oldest": (
                self.env._("Oldest of the backlog"),
                self.env._("Working days since the registration of the oldest letter of the backlog."),
            ),
            "people": (
                self.env._("People"),
                self.env._("Employees with access to E-Surat who had a working day in the period."),
            ),
            "opened_days": (
                self.env._("Days opened"),
                self.env._("Share of people's working days, without their absences, on which they opened E-Surat."),
            ),
            "opened_mornings": (
                self.env._("Opened in the morning"),
                self.env._(
                    "Share of people's working days, without their absences, on which they did before the morning hour."
                ),
            ),
            "unit_heads": (
                self.env._("Heads of units"),
                self.env._(
                    "Managers of the units directly below the root department, the agency's head not among them."
                ),
            ),
            "unit_heads_regular": (
                self.env._("Heads who open it every morning"),
                self.env._(
                    "Those of them who opened it in the morning on the share of their working days that is the goal."
                ),
            ),
            "sheets_avoided": (
                self.env._("Sheets avoided"),
                self.env._(
                    "For each hold the pages of its letter and one disposition sheet, that would have been paper."
                ),
            ),
            "sheets_used": (
                self.env._("Sheets used"),
                self.env._("Pages of letters that came or left on paper, and of everything that was printed."),
            ),
            "sheets_saved": (self.env._("Sheets saved"), self.env._("Sheets avoided less sheets used.")),
            "reams_saved": (self.env._("Reams saved"), self.env._("Sheets saved, 500 to the ream.")),
            "money_saved": (
                self.env._("Money saved"),
                self.env._("Reams saved at the agency's price of a ream in that year."),
            ),
            "kg_saved": (self.env._("Kilograms of paper saved"), self.env._("Reams saved, at 2.17 kg (A4, 70 g/m²).")),
            "co2_low": (
                self.env._("kg of CO₂ saved, at least"),
                self.env._("Sheets saved, at 4.2 g a sheet, the lowest of the sources."),
            ),
            "co2_high": (
                self.env._("kg of CO₂ saved, at most"),
                self.env._("Sheets saved, at 11 g a sheet, the highest of the sources."),
            ),
            "spending": (
                self.env._("Office supplies a month"),
                self.env._("What the agency has entered as its spending, on average of the months of the period."),
            ),
            "spending_before": (
                self.env._("Office supplies a month before the start"),
                self.env._("The same, on average of the entered months before the agency used E-Surat."),
            ),
        }

    @api.model
    def _measure(self, company, start, end):
        """Measure an agency in a period. Call it as superuser.

        :param company: ``res.company``
        :param date start: the first day
        :param date end: the last day; days to come count for nothing
        :return: dict of values for JSON: ``values`` ``{key of FIGURES: number or None}``; ``ages`` ``[[days or None,
            letters]]`` of the backlog; ``posts`` (who opens it, by unit and position); ``units`` (where letters wait,
            longest first); ``days`` (people and openings of each working day); ``weeks`` (letters); ``paper`` (sheets
            by kind); ``counts`` (what the shares are of)
        """
        period = _Period(company.sudo(), start, min(end, company._esurat_now().date()))
        result = {"from": str(start), "to": str(end), "working_days": len(period.days)}
        parts = (
            self._measure_letters(period),
            self._measure_holds(period),
            self._measure_deputies(period),
            self._measure_due(period),
            self._measure_backlog(period),
            self._measure_mornings(period),
            self._measure_paper(period),
            self._measure_spending(period),
        )
        result |= {"values": {}, "counts": {}}
        for part in parts:
            result["values"].update(part.pop("values"))
            result["counts"].update(part.pop("counts", {}))
            result.update(part)
        return result

    @api.model
    def _measure_letters(self, period):
        domain = (
            Domain("company_id", "=", period.company.id)
            & Domain("register_date", ">=", period.start)
            & Domain("register_date", "<=", period.end)
            & Domain("serial", "!=", False)
            & Domain("state", "!=", "cancelled")
            & _COUNTED
        )
        rows = self.env["esurat.letter"]._read_group(domain, ["direction", "register_date:week"], ["__count"])
        totals, weeks = Counter(), defaultdict(Counter)
        for direction, week, count in rows:
            totals[direction] += count
            weeks[str(week)][direction] += count
        values = {f"letters_{kind}": totals[kind] for kind in ("incoming", "outgoing", "internal")}
        return {"values": values, "weeks": [[week, dict(weeks[week])] for week in sorted(weeks)]}

    @api.model
    def _measure_holds(self, period):
        domain = (
            Domain("company_id", "=", period.company.id)
            & Domain("create_date", ">=", period.begins)
            & Domain("create_date", "<", period.ends)
            & _HELD
        )
        hours, units = defaultdict(list), defaultdict(lambda: defaultdict(list))
        received = same_day = 0
        for role, unit, came, read, done, passed in self._hold_rows(domain):
            received += 1
            read, done, passed = (period.until_end(moment) for moment in (read, done, passed))
            if read:
                hours["read"].append(period.hours(came, read))
                same_day += period.date(came) == period.date(read)
            if passed:
                hours["dispose"].append(period.hours(came, passed))
            elif done and role == "responsible":
                hours["complete"].append(period.hours(came, done))
            if role == "responsible":
                left = min(filter(None, (passed, done)), default=None)
                units[unit]["wait"].append(period.hours(came, left or period.last_moment))
                units[unit]["open"].append(not left)
        values = {"holds": received, "read_same_day": _percent(same_day, received)}
        for key in ("read", "dispose", "complete"):
            values[f"{key}_median"], values[f"{key}_p90"] = _median(hours[key]), _nine_in_ten(hours[key])
        names = self._unit_names(units)
        rows = [
            {
                "unit": names[unit],
                "department_id": unit or False,
                "received": len(found["wait"]),
                "open": sum(found["open"]),
                "median": _median(found["wait"]),
                "p90": _nine_in_ten(found["wait"]),
            }
            for unit, found in units.items()
        ]
        rows.sort(key=lambda row: (-row["median"], -row["p90"], row["unit"]))
        return {"values": values, "units": rows, "counts": {"received": received, "same_day": same_day}}

    @api.model
    def _measure_deputies(self, period):
        domain = (
            Domain("company_id", "=", period.company.id)
            & Domain("acted_as", "!=", False)
            & Domain("letter_id", "any", _COUNTED & Domain("state", "not in", ("draft", "cancelled")))
        )
        passed = domain & Domain("create_date", ">=", period.begins) & Domain("create_date", "<", period.ends)
        done = domain & Domain("done_date", ">=", period.begins) & Domain("done_date", "<", period.ends)
        done &= Domain("state", "!=", "recalled") & Domain("child_ids", "=", False)
        total = self.env["esurat.disposition"].search_count(passed) + self.env["esurat.holder"].search_count(done)
        return {"values": {"by_deputies": total}}

    @api.model
    def _hold_rows(self, domain):
        """Return ``(role, unit id, came, read, done, first passed on)`` of each hold of *domain*."""
        Holder = self.env["esurat.holder"].sudo()
        Holder.flush_model()
        self.env["esurat.disposition"].flush_model(["source_id"])
        query = Holder._search(domain)
        columns = [
            Holder._field_to_sql(query.table, name, query)
            for name in ("role", "department_id", "create_date", "read_date", "done_date")
        ]
        # raw SQL: a month of a large agency has tens of thousands of holds, which as records would fill the memory
        passed = SQL(
            "(SELECT MIN(passed.create_date) FROM esurat_disposition passed WHERE passed.source_id = %s)",
            SQL.identifier(query.table, "id"),
        )
        return self.env.execute_query(query.select(*columns, passed))

    @api.model
    def _unit_names(self, ids):
        """Return ``{id: name}`` of units (``hr.department`` ids, or ``None``)."""
        units = self.env["hr.department"].sudo().with_context(active_test=False).browse(filter(None, ids))
        return {None: self.env._("Without a unit"), **{unit.id: unit.name for unit in units}}

    @api.model
    def _measure_due(self, period):
        # on the day of the deadline there is still time
        last = min(period.end, period.company._esurat_now().date() - timedelta(days=1))
        domain = (
            Domain("company_id", "=", period.company.id)
            & Domain("deadline", ">=", period.start)
            & Domain("deadline", "<=", last)
            & _HELD
            & Domain("role", "=", "responsible")
        )
        rows = self.env["esurat.holder"].sudo().search_fetch(domain, ["deadline", "done_date"])
        kept = sum(bool(hold.done_date) and period.date(hold.done_date) <= hold.deadline for hold in rows)
        return {"values": {"due": len(rows), "on_time": _percent(kept, len(rows))}, "counts": {"kept": kept}}

    @api.model
    def _measure_backlog(self, period):
        Letter = self.env["esurat.letter"].sudo()
        incoming = Domain("company_id", "=", period.company.id) & Domain("direction", "=", "incoming") & _COUNTED
        written_off = Letter.search_count(
            incoming
            & Domain("state", "=", "done")
            & Domain("write_off_date", ">=", period.begins)
            & Domain("write_off_date", "<", period.ends)
        )
        waiting = Domain("state", "in", ("registered", "in_progress"))
        since = Domain("state", "=", "done") & Domain("write_off_date", ">=", period.ends)
        dates = Letter._read_group(
            incoming & Domain("register_date", "<=", period.end) & (waiting | since), ["register_date:day"], ["__count"]
        )
        ages = Counter()
        oldest = None
        days = period.company._esurat_working_days(min((day for day, _n in dates), default=period.end), period.end)
        for day, count in dates:
            age = len(days) - bisect_right(days, day)
            ages[next((limit for limit in AGES if age <= limit), None)] += count
            oldest = max(oldest or 0, age)
        return {
            "values": {"written_off": written_off, "backlog": ages.total(), "backlog_oldest": oldest},
            "ages": [[limit, ages[limit]] for limit in (*AGES, None)],
        }

    @api.model
    def _measure_mornings(self, period):
        people = self._people(period.company)
        absences = self._absences(period, people)
        days = {employee: period.days_of(employee.user_id) - absences[employee.resource_id.id] for employee in people}
        opened = defaultdict(dict)
        for day in (
            self.env["esurat.presence"]
            .sudo()
            .search_fetch(
                [
                    ("company_id", "=", period.company.id),
                    ("date", ">=", period.start),
                    ("date", "<=", period.end),
                    ("user_id", "in", people.user_id.ids),
                ],
                ["user_id", "date", "moment"],
            )
        ):
            opened[day.user_id][day.date] = day.moment
        goal = period.company.esurat_goal_days
        posts, chart = {}, {day: [0, 0, 0] for day in period.days}
        for employee in people:
            counted = days[employee]
            moments = {day: opened[employee.user_id][day] for day in counted if day in opened[employee.user_id]}
            early = sum(moment == "morning" for moment in moments.values())
            rank = self._rank(employee)
            key = rank, employee.department_id.id, employee.job_title or ""
            row = posts.setdefault(
                key,
                {
                    "rank": rank,
                    "unit": employee.department_id.name or self.env._("Without a unit"),
                    "position": employee.job_title or self.env._("Without a position"),
                    "people": 0,
                    "regular": 0,
                    "days": 0,
                    "opened": 0,
                    "mornings": 0,
                },
            )
            row["people"] += bool(counted)
            row["regular"] += bool(counted) and early * 100 >= goal * len(counted)
            row["days"] += len(counted)
            row["opened"] += len(moments)
            row["mornings"] += early
            for day in counted:
                chart[day][0] += 1
                chart[day][1] += moments.get(day) == "morning"
                chart[day][2] += moments.get(day) == "later"
        rows = sorted(
            (row for row in posts.values() if row["people"]),
            key=lambda row: (row["rank"], row["unit"], row["position"]),
        )
        counts = {
            "person_days": sum(row["days"] for row in rows),
            "opened": sum(row["opened"] for row in rows),
            "mornings": sum(row["mornings"] for row in rows),
        }
        heads = [row for row in rows if row["rank"] == HEAD_OF_UNIT]
        values = {
            "people": sum(row["people"] for row in rows),
            "opened_days": _percent(counts["opened"], counts["person_days"]),
            "opened_mornings": _percent(counts["mornings"], counts["person_days"]),
            "unit_heads": sum(row["people"] for row in heads),
            "unit_heads_regular": sum(row["regular"] for row in heads),
        }
        days = [[str(day), *chart[day]] for day in period.days]
        return {"values": values, "posts": rows, "days": days, "counts": counts}

    @api.model
    def _people(self, company):
        """Return the employees of *company* who can work with E-Surat."""
        employees = self.env["hr.employee"].sudo()
        users = employees.search([("company_id", "=", company.id), ("user_id", "!=", False)]).user_id
        return employees.browse(post.employee_id for post in users._esurat_posts(company).values())

    @api.model
    def _rank(self, employee):
        unit = employee.department_id
        if unit.manager_id != employee:
            return STAFF
        if not unit.parent_id:
            return HEAD_OF_AGENCY
        return HEAD_OF_UNIT if not unit.parent_id.parent_id else HEAD_BELOW

    @api.model
    def _absences(self, period, people):
        """Return on which working days people were absent at the agency's morning hour: ``{resource id: dates}``."""
        absences = defaultdict(set)
        if not period.days:
            return absences
        leaves = (
            self.env["resource.calendar.leaves"]
            .sudo()
            .search_fetch(
                [
                    ("resource_id", "in", people.resource_id.ids),
                    ("date_from", "<", period.ends),
                    ("date_to", ">=", period.begins),
                ],
                ["resource_id", "date_from", "date_to"],
            )
        )
        for leave in leaves:
            absences[leave.resource_id.id].update(
                day for day, moment in period.mornings.items() if leave.date_from <= moment <= leave.date_to
            )
        return absences

    @api.model
    def _measure_paper(self, period):
        rows = (
            self.env["esurat.paper.ledger"]
            .sudo()
            ._read_group(
                Domain("company_id", "=", period.company.id)
                & Domain("date", ">=", period.start)
                & Domain("date", "<=", period.end),
                ["kind"],
                [f"{name}:sum" for name in ("avoided", "used", "reams", "cost", "weight", "co2_low", "co2_high")],
            )
        )
        sums = [sum(float(row[column]) for row in rows) for column in range(1, 8)]
        names = ("sheets_avoided", "sheets_used", "reams_saved", "money_saved", "kg_saved", "co2_low", "co2_high")
        values = {name: round(value, 3) for name, value in zip(names, sums, strict=True)}
        values |= {
            "sheets_avoided": int(sums[0]),
            "sheets_used": int(sums[1]),
            "sheets_saved": int(sums[0] - sums[1]),
        }
        return {"values": values, "paper": {row[0]: int(row[1] or row[2]) for row in rows}}

    @api.model
    def _measure_spending(self, period):
        bills = (
            self.env["esurat.spending"]
            .sudo()
            .search_fetch(
                [("company_id", "=", period.company.id), ("month", "<=", period.end)],
                ["month", "amount"],
                order="month",
            )
        )
        began = (period.company._esurat_start() or period.start).replace(day=1)
        now = [bill.amount for bill in bills if bill.month >= period.start.replace(day=1)]
        before = [bill.amount for bill in bills if bill.month < began]
        values = {"spending": _mean(now), "spending_before": _mean(before)}
        return {"values": values}


class _Period:
    """The days of a period in an agency, and the working time in and before it."""

    def __init__(self, company, start, end):
        self.company, self.start, self.end = company, start, end
        self.begins, self.ends = company._esurat_bounds(start, end)
        self.last_moment = min(self.ends, fields.Datetime.now())
        self._timezone = company._esurat_timezone()
        intervals = company._esurat_working_intervals(start - LONGEST_WAIT, end)
        self._work = WorkingTime(intervals)
        self.days = sorted({begin.date() for begin, _stop in intervals if begin.date() >= start})
        hour = float_to_time(company.esurat_morning_hour)
        self.mornings = {day: self._moment(datetime.combine(day, hour)) for day in self.days}

    def _moment(self, local):
        """Return *local* (naive, in the agency's time zone) as Odoo stores it: naive, in UTC."""
        return self._timezone.localize(local).astimezone(pytz.utc).replace(tzinfo=None)

    def date(self, moment):
        """Return the agency's day of *moment* (naive, in UTC)."""
        return pytz.utc.localize(moment).astimezone(self._timezone).date()

    def hours(self, start, end):
        """Return the working hours between two moments (naive, in UTC)."""
        return self._work.hours(start, end)

    def until_end(self, moment):
        """Return *moment* (naive, in UTC, or ``None``) where it lies before the end of the period, else ``None``."""
        return moment if moment and moment < self.ends else None

    def days_of(self, user):
        """Return the working days (set of dates) on which *user* had a login."""
        first = self.date(user.create_date)
        return {day for day in self.days if day >= first}


def _percent(part, whole):
    return round(100 * part / whole, 1) if whole else None


def _mean(amounts):
    return round(sum(amounts) / len(amounts), 2) if amounts else None


def _median(hours):
    return round(median(hours), 2) if hours else None


def _nine_in_ten(hours):
    """Return the value that nine in ten of *hours* do not exceed (nearest rank)."""
    return round(sorted(hours)[math.ceil(len(hours) * 0.9) - 1], 2) if hours else None
