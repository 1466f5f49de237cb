from odoo import api, fields, models


class WriteOff(models.TransientModel):
    """The dialogue that settles incoming letters: followed up, noted, or answered by letter N."""

    _name = "esurat.write.off"
    _description = "Write off"

    letter_ids = fields.Many2many("esurat.letter", string="Letters", required=True, readonly=True)
    company_id = fields.Many2one("res.company", compute="_compute_letters")
    still_open = fields.Char(compute="_compute_letters", help="Who has not answered for it yet.")
    kind = fields.Selection(
        [("followed_up", "Followed up"), ("noted", "Noted"), ("answered", "Answered")],
        required=True,
        default="followed_up",
    )
    reply_id = fields.Many2one(
        "esurat.letter",
        string="Answered by",
        domain="[('direction', '=', 'outgoing'), ('company_id', '=', company_id), "
        "('state', 'in', ('registered', 'sent'))]",
    )
    note = fields.Char(help="What was done, or the number of an answer that is not in the register.")

    @api.depends("letter_ids")
    def _compute_letters(self):
        for dialogue in self:
            dialogue.company_id = dialogue.letter_ids.company_id[:1]
            waiting = dialogue.letter_ids.holder_ids.filtered(
                lambda hold: (
                    hold.role == "responsible" and hold.state in ("unread", "read") and hold.user_id != self.env.user
                )
            )
            dialogue.still_open = ", ".join(waiting.mapped("holder_name"))

    def action_confirm(self):
        """Write the letters off as the dialogue says."""
        self.ensure_one()
        self.letter_ids._write_off(self.kind, self.note or "", self.reply_id if self.kind == "answered" else None)
        return {"type": "ir.actions.client", "tag": "esurat.acted", "params": {"message": self.env._("Written off.")}}
