from odoo import api, fields, models


class Reject(models.TransientModel):
    """The dialogue that sends letters under review back, with what has to be changed."""

    _name = "esurat.reject"
    _description = "Send back a letter under review"

    holder_ids = fields.Many2many("esurat.holder", string="Letters", required=True, readonly=True)
    earlier_ids = fields.Many2many("esurat.holder", compute="_compute_earlier")
    is_signed = fields.Boolean(compute="_compute_earlier", help="Somebody has signed one of the letters.")
    back_to_id = fields.Many2one(
        "esurat.holder",
        string="Back to",
        domain="[('id', 'in', earlier_ids)]",
        help="Empty: to the author.",
    )
    response = fields.Text(string="What has to be changed", required=True)

    @api.depends("holder_ids")
    def _compute_earlier(self):
        for dialogue in self:
            holds = dialogue.holder_ids
            dialogue.is_signed = bool(holds.letter_id.filtered("serial"))
            dialogue.earlier_ids = (
                holds.letter_id.route_ids.filtered(lambda hold, holds=holds: hold.sequence < holds.sequence)
                if len(holds) == 1 and not dialogue.is_signed
                else False
            )

    def action_confirm(self):
        """Send the letters back."""
        self.ensure_one()
        self.holder_ids._reject(self.response, self.back_to_id)
        return {"type": "ir.actions.client", "tag": "esurat.acted", "params": {"message": self.env._("Sent back.")}}
