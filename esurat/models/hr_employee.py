from odoo import models


class Employee(models.Model):
    """The hierarchy along which dispositions go down: the tree of departments and their managers."""

    _inherit = "hr.employee"

    def _esurat_superiors(self):
        """Return the employees above this one: managers of its unit and of all units around it.

        :return: ``hr.employee`` records, the employee itself not among them
        """
        self.ensure_one()
        path = [int(i) for i in (self.department_id.parent_path or "").split("/") if i]
        return self.env["hr.department"].browse(path).manager_id - self

    def _esurat_subordinates(self):
        """Return those directly below this employee: members of the units it manages and the heads of their sub-units.

        :return: active ``hr.employee`` records, the employee itself not among them
        """
        self.ensure_one()
        managed = self.env["hr.department"].search([("manager_id", "=", self.id)])
        below = self.env["hr.department"].search([("parent_id", "in", managed.ids), ("id", "not in", managed.ids)])
        return (below.manager_id | self.search([("department_id", "in", managed.ids)])).filtered("active") - self

    def _esurat_is_manager(self):
        """Tell whether this employee heads its own unit."""
        self.ensure_one()
        return self.department_id.manager_id == self
