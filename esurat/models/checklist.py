from odoo import api, models
from odoo.tools.misc import format_date


class Checklist(models.AbstractModel):
    """What is missing before an agency can go live: looked up, never ticked by hand."""

    _name = "esurat.checklist"
    _description = "Start checklist"

    @api.model
    def _items(self, company):
        """Look at the set-up of *company*. Call it as superuser.

        :return: list of ``{"name", "done": bool, "needed": bool, "detail"}``; without what is needed no letter reaches
            anybody, the rest makes it work well
        """
        units = self.env["hr.department"].search([("company_id", "=", company.id)])
        employees = self.env["hr.employee"].search([("company_id", "=", company.id)])
        users = employees.user_id
        workers = self.env["res.users"].browse(user_id for _company, user_id in users._esurat_posts(company))
        registrars = workers.filtered(lambda user: user.has_group("esurat.group_registrar"))
        directions = set(self.env["esurat.series"].search([("company_id", "=", company.id)]).mapped("direction"))
        without_login = employees - employees.filtered(lambda employee: employee.user_id in workers)
        headless = units.filtered(lambda unit: not unit.manager_id)
        today = company._esurat_now().date()
        holidays = self.env["resource.calendar.leaves"].search_count(
            [
                ("resource_id", "=", False),
                ("company_id", "=", company.id),
                ("date_from", ">=", today.replace(month=1, day=1)),
            ],
            limit=1,
        )
        phones = self.env["mail.push.device"].search([("partner_id", "in", workers.partner_id.ids)]).partner_id
        servers = self.env["ir.mail_server"].search_count([], limit=1)
        prices = self.env["esurat.paper.year"].search_count(
            [("company_id", "=", company.id), ("year", "=", today.year)], limit=1
        )
        letters = self.env["esurat.letter"].search_count(
            [("company_id", "=", company.id), ("serial", "!=", False), ("from_register", "=", False)], limit=1
        )
        head = company._esurat_head()
        current = self.env["esurat.certificate"]._current(head)
        ending = self.env["esurat.certificate"]._ending(workers)
        silent = workers.filtered(lambda user: not user.email)
        return [
            self._item(
                self.env._("Head of the agency"),
                head,
                head.name or self.env._("Name a manager with a login in the root unit."),
            ),
            self._item(
                self.env._("Registrar"),
                registrars,
                _names(registrars) or self.env._("Give somebody the role Registrar."),
            ),
            self._item(
                self.env._("Number series"),
                {"incoming", "outgoing"} <= directions,
                self.env._("One for incoming and one for outgoing letters."),
            ),
            self._item(
                self.env._("Everybody has a login"),
                employees and not without_login,
                _names(without_login) or self.env._("Import the people of the agency."),
            ),
            self._item(self.env._("Every unit has a head"), units and not headless, _names(headless), needed=False),
            self._item(
                self.env._("Letterhead"),
                company.logo and company.street and company.esurat_code,
                self.env._("Logo, address and code of the agency."),
                needed=False,
            ),
            self._item(
                self.env._("Working time"),
                company.resource_calendar_id.tz not in (False, "UTC"),
                company.resource_calendar_id.tz or self.env._("Choose a calendar with the time zone of the agency."),
            ),
            self._item(
                self.env._("Public holidays of this year"),
                holidays,
                self.env._("Enter them in the calendar."),
                needed=False,
            ),
            self._item(
                self.env._("E-mail"),
                servers and not silent,
                self.env._("An outgoing server, and an address for everybody: %(names)s", names=_names(silent) or "–"),
                needed=False,
            ),
            self._item(
                self.env._("Phones with notifications"),
                workers and len(phones) == len(workers),
                self.env._("%(phones)s of %(people)s people", phones=len(phones), people=len(workers)),
                needed=False,
            ),
            self._item(
                self.env._("Certificates of signatories"),
                current and not ending,
                self._certificate_words(ending or current),
                needed=False,
            ),
            self._item(self.env._("Price of paper"), prices, self.env._("Enter it under Paper Prices."), needed=False),
            self._item(
                self.env._("First letter"),
                letters,
                self.env._("Register a letter, and see whether it reaches the head."),
            ),
        ]

    @api.model
    def _certificate_words(self, certificates):
        """Return whose certificates these are and until when, or what to do where there is none."""
        named = [
            self.env._("%(name)s until %(date)s", name=one.user_id.name, date=format_date(self.env, one.valid_until))
            for one in certificates
        ]
        return ", ".join(named) or self.env._(
            "The head adds hers under My Certificates; until then letters are signed on paper."
        )

    @api.model
    def _item(self, name, done, detail, needed=True):
        return {"name": name, "done": bool(done), "needed": needed, "detail": detail}


def _names(records, most=5):
    """Return the names of the first of *records*, and that there are more."""
    more = f" (+{len(records) - most})" if len(records) > most else ""
    return ", ".join(records[:most].mapped("name")) + more
