from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.modules.module import get_module_icon

from .clearance import classes_up_to
from .selections import ACTING


class Post(NamedTuple):
    """Who somebody is in an agency at this moment."""

    name: str
    position: str
    department_id: int  # 0 for none
    employee_id: int
    rank: str
    number: str


class ResUsers(models.Model):
    """What e-surat asks of users: their place in an agency, what they may read, and what waits for them."""

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

    # ------------------------------------------------------------
    # Up to which class somebody reads, for whom she acts at this moment, and who acts for her
    # ------------------------------------------------------------

    def _esurat_standing(self):
        """Return what decides which letters this user sees at this moment.

        :return: tuple of ``(user id, security classes, agency)``, first her own, of all agencies (0), then those of the
            people she acts for, each in one agency
        """
        if not self.id:
            return ()
        mandates = self.env["esurat.delegation"]._in_force("deputy_id", self.id)
        return (
            (self.id, classes_up_to(self.env["esurat.clearance"]._of(self.id)), 0),
            *((mandate.principal_id, self._esurat_reads(mandate), mandate.company_id) for mandate in mandates),
        )

    def _esurat_principals(self):
        """Return those for whom this user acts at this moment (``res.users``)."""
        return self.browse(user_id for user_id, *_rest in self._esurat_standing()[1:])

    def _esurat_reads(self, mandate):
        """Return the security classes that *mandate* lets this user read: none that one of the two may not read."""
        clearance = self.env["esurat.clearance"]._of
        highest = (mandate.security_class, clearance(self.id), clearance(mandate.principal_id))
        return min(map(classes_up_to, highest), key=len)

    def _esurat_mandate(self, principal, scope, letter):
        """Return the mandate (``delegation.Mandate``) under which this user acts for *principal* now, or ``None``.

        :param principal: ``res.users``, one
        :param str scope: a key of ``selections.SCOPES``
        :param letter: ``esurat.letter``, one
        """
        # sudo: how secret it is, and whose
        security_class, company = letter.sudo().security_class, letter.sudo().company_id
        found = [
            mandate
            for mandate in self.env["esurat.delegation"]._in_force("deputy_id", self.id)
            if mandate.principal_id == principal.id
            and mandate.company_id == company.id
            and mandate.allows(scope)
            and security_class in self._esurat_reads(mandate)
        ]
        # who acts in the post comes before who assists
        return min(found, key=lambda mandate: mandate.kind not in ACTING, default=None)

    def _esurat_deputies(self, letter):
        """Return those who act in the posts of these users now on *letter* (``res.users``)."""
        # sudo: how secret it is, and whose
        security_class, company = letter.sudo().security_class, letter.sudo().company_id
        in_force = self.env["esurat.delegation"]._in_force
        return self.browse(
            mandate.deputy_id
            for user in self
            for mandate in in_force("principal_id", user.id)
            if mandate.kind in ACTING
            and mandate.company_id == company.id
            and mandate.allows("dispose")
            and security_class in self.browse(mandate.deputy_id)._esurat_reads(mandate)
        )

    def _esurat_uncleared(self, security_class):
        """Return those of these users who may not read letters of *security_class*."""
        clearance = self.env["esurat.clearance"]._of
        return self.filtered(lambda user: security_class not in classes_up_to(clearance(user.id)))

    def _esurat_forget_hidden(self):
        """Withdraw what these users were told of letters that they do not see any more."""
        for user in self:
            # sudo: of which letters somebody was told
            told = self.env["mail.notification"].sudo()
            told = told.search(
                [("res_partner_id", "=", user.sudo().partner_id.id), ("mail_message_id.model", "=", "esurat.letter")]
            )
            letters = self.env["esurat.letter"].browse(set(told.mail_message_id.mapped("res_id"))).exists()
            seen = letters._seen_by(user)._filtered_access("read")
            hidden = letters.browse(set(letters.ids) - set(seen.ids))
            if hidden:
                hidden._dismiss_notifications(user, withdraw=True)

    def _esurat_check_cleared(self, security_class):
        """Make sure that these users may read letters of *security_class*.

        :raises UserError: naming those who may not
        """
        uncleared = self._esurat_uncleared(security_class)
        if uncleared:
            raise UserError(
                self.env._(
                    "%(name)s has no clearance for letters of this class. Choose somebody else, or let an "
                    "administrator of E-Surat give the clearance.",
                    name=uncleared._esurat_names(),
                )
            )

    # ------------------------------------------------------------
    # What waits
    # ------------------------------------------------------------

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
