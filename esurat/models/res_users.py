from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.modules.module import get_module_icon


class Post(NamedTuple):
    """Who somebody is in an agency at this moment."""

    name: str
    position: str
    department_id: int  # 0 for none
    employee_id: int
    rank: str
    number: str


class ResUsers(models.Model):
    """What e-surat asks of users: their place in an agency, and what waits for them."""

    _inherit = "res.users"

    esurat_digest = fields.Boolean(
        string="Morning message",
        default=True,
        help="On working mornings: what is unread, due and late in E-Surat, if there is something.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return super().SELF_READABLE_FIELDS + ["esurat_digest"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return super().SELF_WRITEABLE_FIELDS + ["esurat_digest"]

    def _esurat_posts(self, companies):
        """Return the posts of those of these users who can work on letters: with access to e-surat and an employee.

        :param companies: ``res.company``, the agencies in question
        :return: dict ``{(company id, user id): Post}``; who cannot work in a company is not in it
        """
        group_id = self.env["ir.model.data"]._xmlid_to_res_id("esurat.group_user")
        # sudo: employees are readable by personnel officers alone; name, position and unit go onto the record
        Employee = self.env["hr.employee"].sudo()
        query = Employee._search(
            [
                ("user_id", "in", self.ids),
                ("company_id", "in", companies.ids),
                ("user_id.active", "=", True),
                ("user_id.all_group_ids", "in", [group_id]),
            ],
            order="id",
        )
        # raw SQL: reading would take a query for employees and one for their versions, in each act
        columns = (
            "company_id",
            "user_id",
            "name",
            "job_title",
            "department_id",
            "id",
            "esurat_rank",
            "esurat_number",
        )
        rows = self.env.execute_query(
            query.select(*(Employee._field_to_sql(query.table, column, query) for column in columns))
        )
        return {
            (company_id, user_id): Post(name, position or "", department_id or 0, employee_id, rank or "", number or "")
            for company_id, user_id, name, position, department_id, employee_id, rank, number in rows
        }

    def _esurat_check_workers(self, companies, posts):
        """Make sure that these users can work on letters of *companies*.

        :param dict posts: what :meth:`_esurat_posts` says of them
        :raises UserError: naming whoever is archived, has no access to e-surat, or is no employee there
        """
        missing = [(company, user) for company in companies for user in self if (company.id, user.id) not in posts]
        if not missing:
            return
        # sudo: whether somebody can get letters is no secret among colleagues
        users = self.browse(user.id for _company, user in missing).sudo()
        archived = users.filtered(lambda user: not user.active)
        outsiders = users.filtered(lambda user: not user.has_group("esurat.group_user"))
        if archived:
            reason = self.env._("%(people)s: the user is archived.", people=archived._esurat_names())
        elif outsiders:
            reason = self.env._(
                "%(people)s: has no access to E-Surat. Ask the administrator to give the role User.",
                people=outsiders._esurat_names(),
            )
        else:
            reason = self.env._(
                "%(people)s: is no employee of %(company)s. Ask the administrator to link the user to an employee.",
                people=users._esurat_names(),
                company=missing[0][0].sudo().name,
            )
        raise UserError(reason)

    def _esurat_administers(self, company):
        """Tell whether this user administers E-Surat in *company*."""
        self.ensure_one()
        return self.has_group("esurat.group_admin") and company in self.company_ids

    def _esurat_names(self):
        """Return the names of these users, separated by commas."""
        # sudo: colleagues know each other's names
        return ", ".join(self.sudo().mapped("name"))

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
