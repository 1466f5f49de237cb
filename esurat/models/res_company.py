from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError


def _stretch(days):
    """Return a span (timedelta) in which so many working days lie, long holidays included."""
    return timedelta(days=3 * days + 45)


class ResCompany(models.Model):
    """A company is an agency (OPD): its letterhead, its deadlines and its head."""

    _inherit = "res.company"

    esurat_code = fields.Char(string="Agency code", help="Stands for {unit} in numbers of letters without a unit.")
    esurat_letterhead = fields.Text(
        string="Letterhead",
        help="At most three lines that name the agency on printed matter. Empty: the agency's name.",
    )
    esurat_urgent_days = fields.Integer(string="Days for urgent letters", default=2)
    esurat_very_urgent_days = fields.Integer(string="Days for very urgent letters", default=1)

    esurat_digest = fields.Boolean(
        string="Morning message", default=True, help="Tells people each working morning what waits for them."
    )
    esurat_digest_hour = fields.Float(string="Hour of the morning message", default=7.25)
    esurat_issuer_days = fields.Integer(
        string="Days until the issuer is told",
        default=2,
        help="Working days after the deadline. 0: never.",
    )
    esurat_head_days = fields.Integer(
        string="Days until the head of the unit is told",
        default=4,
        help="Working days after the deadline. 0: never.",
    )

    esurat_morning_hour = fields.Float(
        string="Morning hour", default=9.0, help="Whoever opens E-Surat before it has opened it in the morning."
    )

    _esurat_days_positive = models.Constraint(
        "CHECK(esurat_urgent_days >= 0 AND esurat_very_urgent_days >= 0)", "Days to answer cannot be negative."
    )
    _esurat_digest_hour_valid = models.Constraint(
        "CHECK(esurat_digest_hour >= 0 AND esurat_digest_hour <= 23.5)",
        "The hour of the morning message lies between 0.00 and 23.30.",
    )
    _esurat_morning_hour_valid = models.Constraint(
        "CHECK(esurat_morning_hour > 0 AND esurat_morning_hour < 24)", "The morning hour is of one day."
    )
    _esurat_reminder_days_valid = models.Constraint(
        "CHECK(esurat_issuer_days BETWEEN 0 AND 60 AND esurat_head_days BETWEEN 0 AND 60)",
        "Somebody is told at most 60 working days after the deadline.",
    )

    @api.constrains("esurat_letterhead")
    def _check_esurat_letterhead(self):
        # Permendagri 1/2023: the letterhead names the agency in three lines at most.
        for company in self:
            if len((company.esurat_letterhead or "").strip().splitlines()) > 3:
                raise ValidationError(self.env._("A letterhead has at most three lines."))

    def _esurat_head(self):
        """Return the agency's head: the user of whoever manages its root department, or an empty ``res.users``."""
        self.ensure_one()
        # sudo: employees are readable by personnel officers alone; only the user is given out
        root = (
            self.env["hr.department"]
            .sudo()
            .search([("company_id", "=", self.id), ("parent_id", "=", False), ("manager_id", "!=", False)], limit=1)
        )
        return root.manager_id.user_id.sudo(self.env.su)

    def _esurat_timezone(self):
        """Return the agency's time zone: that of its calendar, else that of its address."""
        self.ensure_one()
        # sudo: the agency's calendar decides, whoever asks
        agency = self.sudo()
        return pytz.timezone(agency.resource_calendar_id.tz or agency.partner_id.tz or "UTC")

    def _esurat_now(self):
        """Return the present moment in the agency's time zone."""
        return pytz.utc.localize(fields.Datetime.now()).astimezone(self._esurat_timezone())

    def _esurat_working_days(self, start, end):
        """Return the agency's working days from *start* to *end* (dates, both included), in order.

        Public holidays are the calendar's leaves that name nobody. An agency without fixed days works from Monday to
        Friday.
        """
        self.ensure_one()
        # sudo: the agency's calendar decides, whoever asks
        calendar = self.sudo().resource_calendar_id
        if not calendar or calendar.flexible_hours:
            days = (start + timedelta(days=number) for number in range((end - start).days + 1))
            return [day for day in days if day.weekday() < 5]
        timezone = self._esurat_timezone()
        bounds = [timezone.localize(datetime.combine(day, time.min)) for day in (start, end + timedelta(days=1))]
        # by itself Odoo counts the holidays that name no calendar for all companies
        holidays = ["|", ("calendar_id", "!=", False), ("company_id", "=", self.id), ("time_type", "=", "leave")]
        intervals = calendar._work_intervals_batch(*bounds, domain=holidays)[False]
        return sorted({begin.astimezone(timezone).date() for begin, _end, _attendance in intervals})

    def _esurat_working_day_back(self, day, count):
        """Return the *count*-th working day (1: the last one) up to and including *day*, or ``None``.

        What was due before it has been late for *count* working days or more on *day*.
        """
        days = self._esurat_working_days(day - _stretch(count), day)
        return days[-count] if len(days) >= count else None

    def _esurat_due_date(self, start, days):
        """Return the date *days* working days after *start*, by the agency's calendar and public holidays.

        :param date start: the day that is not counted
        :param int days: working days, 0 or less gives ``False``
        """
        self.ensure_one()
        if days <= 0:
            return False
        following = self._esurat_working_days(start + timedelta(days=1), start + _stretch(days))
        return following[days - 1] if len(following) >= days else False

    def _esurat_letterhead_lines(self):
        """Return the lines of the agency's letterhead as a list of texts."""
        self.ensure_one()
        return (self.esurat_letterhead or self.name).strip().splitlines()
