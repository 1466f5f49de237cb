from odoo import fields, models


class Cancel(models.TransientModel):
    """The dialogue that cancels letters with a reason."""

    _name = "esurat.cancel"
    _description = "Cancel letters"

    letter_ids = fields.Many2many("esurat.letter", string="Letters", required=True, readonly=True)
    reason = fields.Char(required=True)

    def action_confirm(self):
        """Cancel the letters."""
        self.ensure_one()
        self.letter_ids._cancel(self.reason)
        return {"type": "ir.actions.client", "tag": "esurat.acted", "params": {"message": self.env._("Cancelled.")}}
