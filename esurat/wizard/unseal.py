import base64

from odoo import fields, models
from odoo.exceptions import UserError


class Unseal(models.TransientModel):
    """The dialogue in which whoever opens a closed envelope says what is in it."""

    _name = "esurat.unseal"
    _description = "Open an envelope"

    letter_id = fields.Many2one("esurat.letter", readonly=True)
    subject = fields.Char()
    summary = fields.Text()
    scan = fields.Binary(attachment=False, help="PDF, JPEG, PNG or TIFF. Empty: the letter stays on paper.")
    scan_name = fields.Char()

    def action_confirm(self):
        """Keep what was found in the envelope; the dialogue keeps nothing of it."""
        self.ensure_one()
        if not self.letter_id:
            raise UserError(self.env._("Open the envelope on its letter."))
        try:
            content = base64.b64decode(self.scan or b"")
        except ValueError as error:
            raise UserError(self.env._("The scan did not arrive whole. Choose it again.")) from error
        self.letter_id._unseal(self.subject, self.summary or "", content, self.scan_name or "")
        self.unlink()
        return {"type": "ir.actions.client", "tag": "esurat.acted", "params": {"message": self.env._("Opened.")}}
