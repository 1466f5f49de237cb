import re

from odoo import fields, models
from odoo.exceptions import UserError

from ..tools.codes import find_codes

_TOKEN = re.compile(r"/esurat/verify/([A-Za-z0-9_-]{20,})")


class SignedScans(models.TransientModel):
    """The dialogue that takes scans of letters signed by hand in: each finds its letter by the QR code on it."""

    _name = "esurat.signed.scans"
    _description = "Scans of letters signed by hand"

    letter_id = fields.Many2one("esurat.letter", readonly=True, help="The letter from which the dialogue was opened.")
    attachment_ids = fields.Many2many("ir.attachment", string="Scans", bypass_search_access=True)
    trouble = fields.Text(readonly=True)

    def action_confirm(self):
        """Take these scans in. What finds no letter stays in the dialogue, with the reason."""
        self.ensure_one()
        self.attachment_ids.check_access("read")
        trouble, taken = [], self.attachment_ids.browse()
        for attachment in self.attachment_ids:
            try:
                with self.env.cr.savepoint():
                    self._take(attachment)
                taken += attachment
            except UserError as error:
                trouble.append(f"{attachment.name}: {error}")
        self.attachment_ids -= taken
        self.trouble = "\n".join(trouble)
        if not trouble:
            message = self.env._("Scans taken in: %(count)s", count=len(taken))
            return {"type": "ir.actions.client", "tag": "esurat.acted", "params": {"message": message}}
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Scans of letters signed by hand"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _take(self, attachment):
        """Find the letter of this scan and give it to it.

        :raises UserError: where there is none, or it waits for no scan
        """
        content = attachment.raw or b""
        Letter = self.env["esurat.letter"]
        Letter._inspect_scan(content, attachment.name)
        tokens = [match[1] for match in map(_TOKEN.search, find_codes(content)) if match]
        letter = Letter.search([("verify_token", "in", tokens)])
        if not tokens and self.env.user.has_group("esurat.group_registrar"):
            # the register answers for it where a code cannot be read
            letter = self.letter_id
        if len(letter) > 1:
            raise UserError(self.env._("More than one letter is in this scan. Scan each by itself."))
        if self.letter_id and letter != self.letter_id:
            raise UserError(self.env._("The code on it is of another letter."))
        if not letter:
            raise UserError(
                self.env._("No letter of yours is found by a code on it. Scan the page with the QR code, straight.")
            )
        letter._take_signed_scan(content, attachment.name)
