from datetime import datetime, time

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError


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

    _esurat_days_positive = models.Constraint(
        "CHECK(esurat_urgent_days >= 0 AND esurat_very_urgent_days >= 0)", "Days to answer cannot be negative."
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

    def _esurat_due_date(self, start, days):
        """Return the date *days* working days after *start*, by the agency's calendar and public holidays.

        :param date start: the day that is not counted
        :param int days: working days, 0 or less gives ``False``
        """
        self.ensure_one()
        if days <= 0:
            return False
        # sudo: the agency's calendar decides, whoever asks
        calendar = self.sudo().resource_calendar_id
        timezone = pytz.timezone(calendar.tz or "UTC")
        # plan_days counts the day it starts on, so it starts behind the last working minute of *start*
        end_of_start = timezone.localize(datetime.combine(start, time.max))
        planned = calendar.plan_days(days, end_of_start, compute_leaves=True)
        return planned.date() if planned else False

    def _esurat_letterhead_lines(self):
        """Return the lines of the agency's letterhead as a list of texts."""
        self.ensure_one()
        return (self.esurat_letterhead or self.name).strip().splitlines()
