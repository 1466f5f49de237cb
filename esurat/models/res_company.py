import logging
import re
from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import NO_ACCESS

from ..tools import envelope, pades

_logger = logging.getLogger(__name__)

# what stands before the @ of an address of letters
ALIAS = re.compile(r"[A-Za-z0-9]([A-Za-z0-9. -]{0,62}[A-Za-z0-9])?")

# of an agency without fixed days
_USUAL_HOURS = ((time(7, 30), time(12)), (time(13), time(16)))


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
    esurat_paper = fields.Selection(
        [("a4", "A4"), ("f4", "F4 (215 × 330 mm)")], string="Paper of letters", required=True, default="a4"
    )
    esurat_provider = fields.Selection(
        [("certificate", "Own certificates of the signatories"), ("bsre", "The service of BSrE")],
        string="Electronic signatures by",
        required=True,
        default="certificate",
    )
    esurat_bsre_url = fields.Char(string="Address of the BSrE service")
    esurat_bsre_version = fields.Selection(
        [("1", "Version 1"), ("2", "Version 2")], string="Version of the BSrE service", required=True, default="2"
    )
    esurat_bsre_user = fields.Char(string="User at the BSrE service", groups="esurat.group_admin")
    esurat_bsre_password = fields.Char(groups=NO_ACCESS)
    esurat_signature_level = fields.Selection(
        [("b", "PAdES B-B"), ("t", "PAdES B-T: with a time stamp"), ("lt", "PAdES B-LT: provable for long")],
        string="Signatures",
        required=True,
        default="b",
    )
    esurat_timestamp_url = fields.Char(string="Time-stamp authority", help="Address of an RFC 3161 service.")
    esurat_roots = fields.Text(
        string="Trusted certificates",
        help="In PEM, one below the other: of those who issue the certificates of signatories.",
    )
    esurat_exchange_key = fields.Text(groups=NO_ACCESS)
    esurat_exchange_certificate = fields.Text(
        string="Certificate of our server",
        readonly=True,
        help="Give it to the agencies with which you exchange letters.",
    )
    esurat_urgent_days = fields.Integer(string="Days for urgent letters", default=2)
    esurat_very_urgent_days = fields.Integer(string="Days for very urgent letters", default=1)

    esurat_alias_id = fields.Many2one("mail.alias", string="Address of letters", readonly=True, copy=False)
    esurat_alias_name = fields.Char(
        string="Letters by e-mail to",
        compute="_compute_esurat_alias_name",
        inverse="_inverse_esurat_alias_name",
        help="What comes to this address is a draft for the registrar. Empty: letters do not come by e-mail.",
    )

    esurat_own_deputies = fields.Selection(
        [
            ("none", "Nobody: administrators appoint deputies"),
            ("assistant", "Everybody, an assistant of her own"),
            ("daily", "Everybody, an assistant or a Plh. of her own"),
        ],
        string="Who appoints deputies",
        required=True,
        default="assistant",
        help="Administrators appoint deputies of everybody, but never themselves.",
    )

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

    esurat_start_date = fields.Date(
        string="Start of use", help="From here on it is measured who opens E-Surat. Empty: the day of the first letter."
    )
    esurat_goal_days = fields.Integer(
        string="Goal: working days", default=80, help="% of her working days on which somebody opens it in the morning."
    )
    esurat_goal_heads = fields.Integer(
        string="Goal: heads of units", default=75, help="% of the heads of units who reach the goal of working days."
    )
    esurat_goal_same_day = fields.Integer(
        string="Goal: read the same day", default=70, help="% of what people get that they read on the same day."
    )
    esurat_goal_on_time = fields.Integer(
        string="Goal: on time", default=80, help="% of what is due that is done by its deadline."
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

    _esurat_goals_valid = models.Constraint(
        "CHECK(esurat_goal_days BETWEEN 0 AND 100 AND esurat_goal_heads BETWEEN 0 AND 100"
        " AND esurat_goal_same_day BETWEEN 0 AND 100 AND esurat_goal_on_time BETWEEN 0 AND 100)",
        "A goal lies between 0 and 100 %.",
    )

    @api.depends("esurat_alias_id.alias_name")
    def _compute_esurat_alias_name(self):
        for company in self:
            company.esurat_alias_name = company.esurat_alias_id.alias_name

    def _inverse_esurat_alias_name(self):
        # sudo: addresses are made by administrators of the system alone, but this one is her agency's
        model = self.env["ir.model"].sudo()._get
        for company in self.sudo():
            name = company.esurat_alias_name
            if name and (not ALIAS.fullmatch(name) or f"{name}@{company.alias_domain_id.name}" in self._alias_taken()):
                raise ValidationError(
                    self.env._(
                        "%(name)s cannot be an address of letters. Choose another one, of letters, digits, dots and "
                        "hyphens, at most 64.",
                        name=name,
                    )
                )
            if company.esurat_alias_id:
                company.esurat_alias_id.alias_name = name
            elif name:
                values = {
                    "alias_name": name,
                    "alias_domain_id": company.alias_domain_id.id,
                    "alias_model_id": model("esurat.letter").id,
                    "alias_parent_model_id": model("res.company").id,
                    "alias_parent_thread_id": company.id,
                    "alias_defaults": repr({"company_id": company.id}),
                }
                company.esurat_alias_id = self.env["mail.alias"].sudo().create(values)

    def _alias_taken(self):
        """Return the addresses from which Odoo itself writes."""
        return set(self.env["mail.alias.domain"].sudo().search([]).mapped("default_from_email"))

    @api.constrains("esurat_letterhead")
    def _check_esurat_letterhead(self):
        # Permendagri 1/2023: the letterhead names the agency in three lines at most.
        for company in self:
            if len((company.esurat_letterhead or "").strip().splitlines()) > 3:
                raise ValidationError(self.env._("A letterhead has at most three lines."))

    def write(self, vals):
        result = super().write(vals)
        if "alias_domain_id" in vals:
            # sudo: as in the inverse
            self.sudo().esurat_alias_id.alias_domain_id = vals["alias_domain_id"]
        return result

    def _esurat_each(self, work):
        """Do *work* for each of these agencies in a scheduled action, as long as the scheduler gives time.

        :param work: function of one agency; what it did is committed when it returns, and rolled back when it raises,
            which stops no other agency. ``False``: the time is up before it is done, and it has committed that
        :raises Exception: the first trouble, after all agencies have had their turn: the scheduler notes it and tries
            again
        """
        cron, failures = self.env["ir.cron"], []
        cron._commit_progress(remaining=len(self))
        for left, company in zip(reversed(range(len(self))), self, strict=True):
            try:
                if work(company) is False or not cron._commit_progress(1, remaining=left):
                    break
            except Exception as error:  # noqa: BLE001 - whatever it is, the other agencies have their turn
                self.env.cr.rollback()
                _logger.exception("A scheduled action failed for %s", company.name)
                failures.append(error)
        if failures:
            raise failures[0]

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

    def _esurat_occupants(self, positions):
        """Return the users of whoever holds one of *positions* (``hr.job``) in this agency."""
        self.ensure_one()
        # sudo: employees are readable by personnel officers alone; only their users are given out
        employees = self.env["hr.employee"].sudo()
        return employees.search([("job_id", "in", positions.ids), ("company_id", "=", self.id)]).user_id.with_env(
            self.env
        )

    def _esurat_timezone(self):
        """Return the agency's time zone: that of its calendar, else that of its address."""
        self.ensure_one()
        # sudo: the agency's calendar decides, whoever asks
        agency = self.sudo()
        return pytz.timezone(agency.resource_calendar_id.tz or agency.partner_id.tz or "UTC")

    def _esurat_now(self):
        """Return the present moment in the agency's time zone."""
        return pytz.utc.localize(fields.Datetime.now()).astimezone(self._esurat_timezone())

    def _esurat_start(self):
        """Return the day (date) from which on the agency uses E-Surat, or ``None`` before its first letter."""
        self.ensure_one()
        # sudo: the agency's own first day, whoever asks
        agency = self.sudo()
        if agency.esurat_start_date:
            return agency.esurat_start_date
        # a letter of an old register has no holds
        first = agency.env["esurat.holder"].search([("company_id", "=", self.id)], order="create_date", limit=1)
        return self._esurat_local(first.create_date).date() if first else None

    def _esurat_local(self, moment):
        """Return *moment* (datetime, naive, in UTC) in the agency's time zone."""
        return pytz.utc.localize(moment).astimezone(self._esurat_timezone())

    def _esurat_bounds(self, start, end):
        """Return when the days from *start* to *end* (dates) begin and end.

        :return: ``(first moment, first moment after them)``, datetimes, naive, in UTC
        """
        timezone = self._esurat_timezone()
        return tuple(
            timezone.localize(datetime.combine(day, time.min)).astimezone(pytz.utc).replace(tzinfo=None)
            for day in (start, end + timedelta(days=1))
        )

    def _esurat_working_intervals(self, start, end):
        """Return when the agency works from *start* to *end* (dates, both included).

        Public holidays are the calendar's leaves that name nobody. An agency without fixed days works as Perpres
        21/2023 has it: Monday to Friday from 07.30, 37.5 hours a week.

        :return: list of ``(begin, end)``, datetimes in the agency's time zone, in order
        """
        self.ensure_one()
        # sudo: the agency's calendar decides, whoever asks
        calendar = self.sudo().resource_calendar_id
        timezone = self._esurat_timezone()
        if not calendar or calendar.flexible_hours:
            days = (start + timedelta(days=number) for number in range((end - start).days + 1))
            return [
                tuple(timezone.localize(datetime.combine(day, hour)) for hour in part)
                for day in days
                if day.weekday() < 5
                for part in _USUAL_HOURS
            ]
        bounds = [timezone.localize(datetime.combine(day, time.min)) for day in (start, end + timedelta(days=1))]
        # by itself Odoo counts the holidays that name no calendar for all companies
        holidays = ["|", ("calendar_id", "!=", False), ("company_id", "=", self.id), ("time_type", "=", "leave")]
        intervals = calendar._work_intervals_batch(*bounds, domain=holidays)[False]
        return [(begin.astimezone(timezone), stop.astimezone(timezone)) for begin, stop, _attendance in intervals]

    def _esurat_working_days(self, start, end):
        """Return the agency's working days from *start* to *end* (dates, both included), in order."""
        return sorted({begin.date() for begin, _stop in self._esurat_working_intervals(start, end)})

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

    @api.constrains("esurat_roots")
    def _check_esurat_roots(self):
        for company in self:
            try:
                company._esurat_trusted_roots()
            except ValueError as error:
                raise ValidationError(
                    self.env._("The trusted certificates cannot be read. Paste them in PEM, from BEGIN to END.")
                ) from error

    @api.constrains("esurat_provider", "esurat_bsre_url")
    def _check_esurat_bsre(self):
        for company in self:
            if company.esurat_provider == "bsre" and not (company.esurat_bsre_url or "").startswith(
                ("https://", "http://")
            ):
                raise ValidationError(self.env._("The service of BSrE needs its address."))

    @api.constrains("esurat_signature_level", "esurat_timestamp_url")
    def _check_esurat_timestamp(self):
        for company in self:
            url = company.esurat_timestamp_url or ""
            if company.esurat_signature_level != "b" and not url.startswith(("https://", "http://")):
                raise ValidationError(self.env._("Signatures with a time stamp need the address of an authority."))

    def _esurat_trusted_roots(self):
        """Return the certificates that the agency trusts, as ``tools.pades`` takes them."""
        self.ensure_one()
        return pades.trusted_roots(self.sudo().esurat_roots)

    def _esurat_make_exchange_certificate(self):
        """Make a new key and certificate for envelopes; the other side has to be given the certificate."""
        # sudo: the key is readable by nobody
        for company in self.sudo():
            host = company.get_base_url().split("//")[-1].split("/")[0].split(":")[0]
            key, certificate = envelope.make_certificate(host, company.name)
            company.write({"esurat_exchange_key": key, "esurat_exchange_certificate": certificate})

    def _esurat_paper_size(self):
        """Return the size of the agency's letters as CSS has it."""
        self.ensure_one()
        return {"a4": "A4", "f4": "215mm 330mm"}[self.esurat_paper]

    def _esurat_letterhead_lines(self):
        """Return the lines of the agency's letterhead as a list of texts."""
        self.ensure_one()
        return (self.esurat_letterhead or self.name).strip().splitlines()
