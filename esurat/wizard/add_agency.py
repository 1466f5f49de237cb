from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import email_normalize

# What a new agency takes over from the one that it is modelled on.
TAKEN_OVER = (
    "esurat_urgent_days",
    "esurat_very_urgent_days",
    "esurat_own_deputies",
    "esurat_digest",
    "esurat_digest_hour",
    "esurat_issuer_days",
    "esurat_head_days",
    "esurat_morning_hour",
    "esurat_goal_days",
    "esurat_goal_heads",
    "esurat_goal_same_day",
    "esurat_goal_on_time",
)


class AddAgency(models.TransientModel):
    """Adds the next agency: company, root unit, calendar, series, settings and administrator, after one that works."""

    _name = "esurat.add.agency"
    _description = "Add an agency"

    name = fields.Char(required=True)
    code = fields.Char(required=True, help="Stands in its numbers where the code of the model agency does.")
    letterhead = fields.Text(help="At most three lines. Empty: the agency's name.")
    street = fields.Char()
    city = fields.Char()
    email = fields.Char(string="E-mail", help="The agency's own address, from which its messages come.")
    alias_name = fields.Char(
        string="Letters by e-mail to",
        help="What comes to this address is a draft for the registrar. Empty: letters do not come by e-mail.",
    )
    alias_domain = fields.Char(related="model_id.alias_domain_id.name", string="Domain of letters by e-mail")
    model_id = fields.Many2one(
        "res.company",
        string="Like",
        required=True,
        default=lambda self: self.env.company,
        domain="[('id', 'in', allowed_company_ids)]",
        help="Calendar, holidays, number series and settings are taken over from it.",
    )
    timezone = fields.Selection(
        [("Asia/Jakarta", "WIB"), ("Asia/Makassar", "WITA"), ("Asia/Jayapura", "WIT")],
        required=True,
        default="Asia/Makassar",
    )
    admin_name = fields.Char(string="Administrator", required=True)
    admin_login = fields.Char(string="Login", required=True)
    admin_email = fields.Char(string="E-mail of the administrator")

    @api.constrains("email", "admin_email")
    def _check_emails(self):
        for dialogue in self:
            for address in filter(None, (dialogue.email, dialogue.admin_email)):
                if not email_normalize(address):
                    raise ValidationError(self.env._("%(address)s is no e-mail address.", address=address))

    def action_add(self):
        """Make the agency with everything that it needs, and open its settings with what is still missing."""
        self.ensure_one()
        self._check_free()
        # sudo: administrators of the whole system alone have this dialogue; they need not be personnel officers
        maker = self.sudo()
        company = maker._add_company()
        maker._add_series(company)
        maker._add_administrator(company)
        return {
            "type": "ir.actions.act_window",
            "name": company.name,
            "res_model": "esurat.agency.settings",
            "views": [(False, "form")],
            "target": "current",
            "context": {
                "default_company_id": company.id,
                "allowed_company_ids": [*self.env.companies.ids, company.id],
            },
        }

    def _check_free(self):
        """Make sure that neither name nor code nor login is taken.

        :raises UserError: naming what is
        """
        Company = self.env["res.company"].sudo()
        if Company.search_count([("name", "=ilike", self.name)], limit=1):
            raise UserError(self.env._("There is an agency %(name)s already.", name=self.name))
        if Company.search_count([("esurat_code", "=ilike", self.code)], limit=1):
            raise UserError(self.env._("Another agency has the code %(code)s.", code=self.code))
        users = self.env["res.users"].sudo().with_context(active_test=False)
        if users.search_count([("login", "=ilike", self.admin_login)], limit=1):
            raise UserError(self.env._("The login %(login)s is taken.", login=self.admin_login))

    def _add_company(self):
        model = self.model_id
        company = self.env["res.company"].create(
            {
                "name": self.name,
                "esurat_code": self.code,
                "esurat_letterhead": self.letterhead,
                "street": self.street,
                "city": self.city,
                "email": self.email,
                "country_id": model.country_id.id,
                "currency_id": model.currency_id.id,
                "logo": model.logo,
                "alias_domain_id": model.alias_domain_id.id,
                **{name: model[name] for name in TAKEN_OVER},
            }
        )
        calendar = model.resource_calendar_id.copy(
            {
                "name": self.env._("Working time of %(code)s", code=self.code),
                "company_id": company.id,
                "tz": self.timezone,
            }
        )
        company.write({"resource_calendar_id": calendar.id, "esurat_alias_name": self.alias_name})
        self._copy_holidays(company, calendar)
        self.env["hr.department"].create({"name": self.code, "company_id": company.id, "esurat_code": self.code})
        return company

    def _copy_holidays(self, company, calendar):
        """Give *calendar* the model agency's holidays that are to come, on the same local days."""
        holidays = self.env["resource.calendar.leaves"].search(
            [
                ("resource_id", "=", False),
                ("calendar_id", "in", [False, self.model_id.resource_calendar_id.id]),
                ("company_id", "=", self.model_id.id),
                ("date_to", ">=", fields.Date.context_today(self).replace(month=1, day=1)),
            ]
        )
        self.env["resource.calendar.leaves"].create(
            [
                {
                    "name": holiday.name,
                    "calendar_id": calendar.id,
                    "company_id": company.id,
                    **dict(zip(("date_from", "date_to"), self._same_days(company, holiday), strict=True)),
                }
                for holiday in holidays
            ]
        )

    def _same_days(self, company, holiday):
        """Return the bounds of *holiday* as they are on the clock of *company* (naive, in UTC)."""
        shift = (
            self.model_id._esurat_local(holiday.date_from).utcoffset()
            - company._esurat_local(holiday.date_from).utcoffset()
        )
        return holiday.date_from + shift, holiday.date_to + shift

    def _add_series(self, company):
        """Copy the series of the model agency, its code in their patterns replaced."""
        code = self.model_id.esurat_code
        for series in self.env["esurat.series"].search([("company_id", "=", self.model_id.id)]):
            pattern = series.pattern.replace(code, self.code) if code else series.pattern
            series.copy({"company_id": company.id, "name": series.name, "pattern": pattern})

    def _add_administrator(self, company):
        user = self.env["res.users"].create(
            {
                "name": self.admin_name,
                "login": self.admin_login,
                "email": self.admin_email,
                "lang": self.env.user.lang,
                "tz": self.timezone,
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
                "group_ids": [Command.set([self.env.ref("base.group_user").id, self.env.ref("esurat.group_admin").id])],
            }
        )
        self.env["hr.employee"].create(
            {
                "name": self.admin_name,
                "user_id": user.id,
                "company_id": company.id,
                "department_id": self.env["hr.department"].search([("company_id", "=", company.id)], limit=1).id,
                "work_email": self.admin_email,
            }
        )
