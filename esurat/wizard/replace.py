from odoo import fields, models


class Replace(models.TransientModel):
    """The dialogue that names another reviewer."""

    _name = "esurat.replace"
    _description = "Name another reviewer"

    holder_ids = fields.Many2many("esurat.holder", string="Reviewer", required=True, readonly=True)
    company_id = fields.Many2one(related="holder_ids.company_id")
    user_id = fields.Many2one(
        "res.users",
        string="Instead",
        required=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )

    def action_confirm(self):
        """Let this person review instead."""
        self.ensure_one()
        self.holder_ids._replace(self.user_id)
        return {"type": "ir.actions.client", "tag": "esurat.acted", "params": {"message": self.env._("Changed.")}}
