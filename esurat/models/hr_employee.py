from odoo import models


class Employee(models.Model):
    """The hierarchy along which dispositions go down: the tree of departments and their managers."""

    _inherit = "hr.employee"

    def _esurat_subordinates(self):
        """Return those directly below this employee: members of the units it manages and the heads of their sub-units.

        :return: ``hr.employee`` records, heads of units first, the employee itself not among them
        """
        self.ensure_one()
        managed = self.env["hr.department"].search([("manager_id", "=", self.id)])
        below = self.env["hr.department"].search([("parent_id", "in", managed.ids), ("id", "not in", managed.ids)])
        members = self.search([("department_id", "in", managed.ids)])
        return (below.manager_id.filtered("active") | members) - self
