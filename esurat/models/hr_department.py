from odoo import fields, models


class Department(models.Model):
    """A unit of the agency: its code in numbers, and who stands above whom."""

    _inherit = "hr.department"

    esurat_code = fields.Char(string="Unit code", help="Stands for {unit} in a number pattern.")

    def _esurat_above(self, users):
        """Return those of *users* who manage this unit or one around it: whoever works here stands below them.

        :param users: ``res.users``
        :return: ``res.users``, a part of *users*
        """
        # sudo: employees are readable by personnel officers alone; only the given users are looked for
        # an archived unit still stands where it stood
        unit = self.sudo().with_context(active_test=False)
        path = [int(part) for part in (unit.parent_path or "").split("/") if part]
        above = unit.search_fetch([("id", "in", path), ("manager_id.user_id", "in", users.ids)], ["manager_id"])
        return users & above.manager_id.user_id.sudo(users.env.su)
