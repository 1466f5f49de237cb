from odoo import api, fields, models

from ..models.consignment import CHANNELS


class Send(models.TransientModel):
    """The dialogue that sends signed letters: how each destination is reached."""

    _name = "esurat.send"
    _description = "Send letters"

    letter_ids = fields.Many2many("esurat.letter", string="Letters", required=True, readonly=True)
    is_batch = fields.Boolean(compute="_compute_is_batch")
    line_ids = fields.One2many(
        "esurat.send.line", "send_id", string="Destinations", compute="_compute_lines", store=True, readonly=False
    )

    @api.depends("letter_ids")
    def _compute_is_batch(self):
        for dialogue in self:
            dialogue.is_batch = len(dialogue.letter_ids) > 1

    @api.depends("letter_ids")
    def _compute_lines(self):
        # sudo: which channel is the surest follows from the destination
        Consignment = self.env["esurat.consignment"].sudo()
        for dialogue in self:
            # whoever may not see a letter learns nothing of where it goes
            letters = dialogue.letter_ids._origin.sudo(False)
            letters.check_access("read")
            channels = Consignment._channels(self.env["res.partner"].union(*letters._partners()))
            dialogue.line_ids = [
                fields.Command.create(
                    {
                        "letter_id": letter.id,
                        "partner_id": partner.id,
                        "is_copy": is_copy,
                        "channel": Consignment._proposed(letter, channels[partner]),
                    }
                )
                for letter in letters
                for partner, is_copy in letter._destinations()
            ]

    def action_confirm(self):
        """Send the letters as the dialogue says."""
        self.ensure_one()
        self.letter_ids._send({(line.letter_id, line.partner_id): line.channel for line in self.line_ids})
        return {"type": "ir.actions.client", "tag": "esurat.acted", "params": {"message": self.env._("Sent.")}}


class SendLine(models.TransientModel):
    """One destination in the dialogue."""

    _name = "esurat.send.line"
    _description = "Destination of a letter to send"

    send_id = fields.Many2one("esurat.send", required=True, ondelete="cascade")
    letter_id = fields.Many2one("esurat.letter", required=True, readonly=True, ondelete="cascade")
    partner_id = fields.Many2one("res.partner", string="To", required=True, readonly=True, ondelete="cascade")
    is_copy = fields.Boolean(string="Copy", readonly=True)
    channel = fields.Selection(CHANNELS, required=True)
