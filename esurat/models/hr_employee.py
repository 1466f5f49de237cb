from odoo import fields, models


class Employee(models.Model):
    """The hierarchy along which dispositions go down: the tree of departments and their managers."""

    _inherit = "hr.employee"

    esurat_rank = fields.Char(
        string="Rank", groups="hr.group_hr_user,esurat.group_admin", help="As it stands below a signature."
    )
    esurat_number = fields.Char(
        string="Employee number (NIP)",
        groups="hr.group_hr_user,esurat.group_admin",
        help="As it stands below a signature.",
    )

    def _esurat_subordinates(self):
        """Return those directly below this employee: members of the units it manages and the heads of their sub-units.

        :return: ``hr.employee`` records, heads of units first, the employee itself not among them
        """
        self.ensure_one()
        managed = self.env["hr.department"].search([("manager_id", "=", self.id)])
        below = self.env["hr.department"].search([("parent_id", "in", managed.ids), ("id", "not in", managed.ids)])
        members = self.search([("department_id", "in", managed.ids)])
        return (below.manager_id.filtered("active") | members) - self
