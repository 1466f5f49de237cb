from bisect import bisect_right
from statistics import median

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import format_date, formatLang

from ..tools import chart
from ..tools.counting import count_each
from ..tools.working_time import WorkingTime
from .figures import LONGEST_WAIT
from .holder import IS_LATE, IS_OPEN
from .letter import IS_BACKLOG

WEEKS = 8  # of the trend


class Desk(models.AbstractModel):
    """What the head of an agency sees at a glance, of the letters that she sees."""

    _name = "esurat.desk"
    _description = "Desk of the head"

    @api.model
    def _overview(self):
        """Return the head's figures of the agency in which she works now, or ``False`` for anybody else.

        :return: ``{"company": id, "tiles": [{"figure", "name", "total"}], "trend": SVG, "units": [{"id", "name",
            "open", "late", "wait"}]}``; units by how long half of their open letters have waited, longest first
        """
        company = self.env.company
        if self.env.user != company._esurat_head():
            return False
        return {
            "company": company.id,
            "tiles": self._tiles(company),
            "trend": self._trend(company),
            "units": self._units(company),
        }

    @api.model
    def _tiles(self, company):
        mine = Domain("company_id", "=", company.id)
        holds = count_each(
            self.env["esurat.holder"],
            mine & IS_OPEN & Domain("role", "in", ("responsible", "copy")),
            {"unread": Domain("state", "=", "unread"), "late": IS_LATE},
        )
        backlog = self.env["esurat.letter"].search_count(mine & IS_BACKLOG)
        opened = self._opened_today(company)
        tiles = [
            {"figure": "unread", "name": self.env._("Unread in the agency"), "total": holds["unread"]},
            {"figure": "late", "name": self.env._("Late in the agency"), "total": holds["late"]},
            {"figure": "backlog", "name": self.env._("Backlog"), "total": backlog},
        ]
        if opened:
            tiles.append(
                {"figure": "opened", "name": self.env._("Opened it today"), "total": " / ".join(map(str, opened))}
            )
        return tiles

    @api.model
    def _opened_today(self, company):
        """Return ``(people who opened E-Surat today, people)`` of *company*, or ``False`` on a day without work."""
        today = company._esurat_now().date()
        if not company._esurat_working_days(today, today):
            return False
        # sudo: how many it were is the head's to know; nobody is named here
        people = self.env["esurat.figures"].sudo()._people(company).user_id
        opened = (
            self.env["esurat.presence"]
            .sudo()
            .search_count([("company_id", "=", company.id), ("date", "=", today), ("user_id", "in", people.ids)])
        )
        return opened, len(people)

    @api.model
    def _trend(self, company):
        """Return a chart of the letters that came and were written off, week by week."""
        since = fields.Date.subtract(company._esurat_now().date(), weeks=WEEKS - 1)
        since = fields.Date.start_of(since, "week")
        base = Domain("company_id", "=", company.id) & Domain("direction", "=", "incoming")
        begins, _ends = company._esurat_bounds(since, since)
        Letter = self.env["esurat.letter"].with_context(tz=company._esurat_timezone().zone)
        came = Letter._read_group(
            base & Domain("register_date", ">=", since) & Domain("state", "not in", ("draft", "cancelled")),
            ["register_date:day"],
            ["__count"],
        )
        done = Letter._read_group(
            base & Domain("write_off_date", ">=", begins) & Domain("state", "=", "done"),
            ["write_off_date:day"],
            ["__count"],
        )
        weeks = [fields.Date.add(since, weeks=number) for number in range(WEEKS)]
        labels = [format_date(self.env, week, date_format="d MMM") for week in weeks]
        return chart.columns(
            labels,
            [(self.env._("Came"), chart.MAIN, _by_week(weeks, came))],
        ) + chart.columns(labels, [(self.env._("Written off"), chart.LIGHT, _by_week(weeks, done))])

    @api.model
    def _units(self, company):
        """Return the units with open letters, by how long half of these have waited in working hours."""
        rows = self.env["esurat.holder"]._read_group(
            Domain("company_id", "=", company.id) & IS_OPEN & Domain("role", "=", "responsible"),
            ["department_id"],
            ["create_date:array_agg", "deadline:array_agg"],
        )
        if not rows:
            return []
        now, today = fields.Datetime.now(), company._esurat_now().date()
        work = WorkingTime(company._esurat_working_intervals(today - LONGEST_WAIT, today))
        units = []
        for unit, came, deadlines in rows:
            wait = median(work.hours(moment, now) for moment in came)
            units.append(
                {
                    "id": unit.id,
                    # sudo: names of units are no secret
                    "name": unit.sudo().name or self.env._("Without a unit"),
                    "open": len(came),
                    "late": sum(bool(day) and day < today for day in deadlines),
                    "hours": wait,
                    "wait": self.env._("%s hours", formatLang(self.env, wait, digits=1)),
                }
            )
        return sorted(units, key=lambda unit: -unit["hours"])


def _by_week(weeks, counts):
    """Return how many of ``(day, count)`` fall into each of *weeks* (their first days, in order)."""
    totals = [0] * len(weeks)
    for day, count in counts:
        totals[bisect_right(weeks, fields.Date.to_date(day)) - 1] += count
    return totals
