from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import UserError
from odoo.modules.module import get_module_icon


class Post(NamedTuple):
    """Who somebody is in an agency at this moment."""

    name: str
    position: str
    department: models.BaseModel


class ResUsers(models.Model):
    """What e-surat asks of users: their place in an agency, and what waits for them."""

    _inherit = "res.users"

    def _esurat_employee(self, company):
        """Return the employee of this user in *company*, or an empty ``hr.employee``. Call it as superuser."""
        self.ensure_one()
        return self.env["hr.employee"].search([("user_id", "=", self.id), ("company_id", "=", company.id)], limit=1)

    def _esurat_posts(self, companies):
        """Return names and positions, to be frozen on records.

        :param companies: ``res.company``, the agencies in question
        :return: dict ``{(company, user): Post}`` for each company and each of these users; who is no employee there has the
            user's name and no position
        """
        # sudo: employees are readable by personnel officers alone; name, position and unit go onto the record
        users = self.sudo()
        employees = self.env["hr.employee"].sudo().search_fetch(
            [("user_id", "in", self.ids), ("company_id", "in", companies.ids)],
            ["user_id", "company_id", "name", "job_title", "department_id"],
        )
        posts = {
            (company, user): Post(user.name, "", self.env["hr.department"]) for company in companies for user in users
        }
        for employee in employees:
            posts[employee.company_id, employee.user_id] = Post(
                employee.name, employee.job_title or "", employee.department_id
            )
        return posts

    def _esurat_check_workers(self, companies):
        """Make sure that these users can work on letters of *companies*.

        :raises UserError: naming whoever is archived, has no access to e-surat, or is no employee there
        """
        # sudo: whether somebody can get letters is no secret among colleagues
        users = self.sudo()
        archived = users.filtered(lambda user: not user.active)
        if archived:
            raise UserError(
                self.env._("%(people)s: the user is archived.", people=", ".join(archived.mapped("name")))
            )
        group = self.env.ref("esurat.group_user")
        outsiders = users - users.search([("id", "in", users.ids), ("all_group_ids", "in", group.ids)])
        if outsiders:
            raise UserError(
                self.env._(
                    "%(people)s: has no access to E-Surat. Ask the administrator to give the role User.",
                    people=", ".join(outsiders.mapped("name")),
                )
            )
        for company in companies:
            employed = (
                self.env["hr.employee"]
                .sudo()
                .search_fetch([("user_id", "in", self.ids), ("company_id", "=", company.id)], ["user_id"])
                .user_id
            )
            if users - employed:
                raise UserError(
                    self.env._(
                        "%(people)s: is no employee of %(company)s. Ask the administrator to link the user to an employee.",
                        people=", ".join((users - employed).mapped("name")),
                        company=company.sudo().name,
                    )
                )

    @api.model
    def _get_activity_groups(self):
        """Show the trays of e-surat behind the clock: a hold is its own activity."""
        groups = super()._get_activity_groups()
        if not self.env.user.has_group("esurat.group_user"):
            return groups
        model_id = self.env["ir.model"]._get_id("esurat.holder")
        return groups + [
            {
                "id": f"esurat.{tray['tray']}",
                "esurat_tray": tray["tray"],
                "model_id": model_id,
                "name": tray["name"],
                "model": "esurat.holder",
                "type": "activity",
                "icon": get_module_icon("esurat"),
                "domain": [("user_id", "=", self.env.uid), ("tray", "=", tray["tray"])],
                "total_count": tray["total"],
                "overdue_count": tray["late"],
                "today_count": tray["today"],
                "planned_count": tray["planned"],
                "view_type": "list",
            }
            for tray in self.env["esurat.holder"]._count_trays()
            if tray["total"]
        ]
