from odoo import fields, models
from odoo.exceptions import UserError


class Reserve(models.TransientModel):
    """The dialogue that takes numbers out of a series for letters made outside the system."""

    _name = "esurat.reserve"
    _description = "Reserve numbers"

    series_id = fields.Many2one("esurat.series", required=True, default=lambda self: self._default_series())
    year = fields.Integer(required=True, default=lambda self: fields.Date.context_today(self).year)
    count = fields.Integer(string="How many", required=True, default=1)
    reason = fields.Char(required=True)

    def _default_series(self):
        return self.env["esurat.series"].search(
            [("direction", "=", "outgoing"), ("company_id", "=", self.env.company.id)], limit=1
        )

    def action_confirm(self):
        """Reserve the numbers and show them."""
        self.ensure_one()
        this_year = fields.Date.context_today(self).year
        if not 1 <= self.count <= 100:
            raise UserError(self.env._("Reserve between 1 and 100 numbers at a time."))
        if not this_year - 1 <= self.year <= this_year + 1:
            raise UserError(self.env._("Numbers are reserved for last year, this year or the next."))
        reservations = self.env["esurat.reservation"]._reserve(self.series_id, self.year, self.count, self.reason)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reserved numbers"),
            "res_model": "esurat.reservation",
            "views": [(False, "list")],
            "domain": [("id", "in", reservations.ids)],
        }
