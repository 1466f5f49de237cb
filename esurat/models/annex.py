import base64
import hashlib
from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import UserError


class Annex(models.Model):
    """An annex (*lampiran*) of a letter that is written here: a text printed behind it, or a file within its PDF."""

    _name = "esurat.annex"
    _inherit = ["esurat.said"]
    _description = "Annex"
    _order = "letter_id, sequence, id"
    _said = frozenset({"name", "body", "file"})
    _allow_sudo_commands = False

    letter_id = fields.Many2one("esurat.letter", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="letter_id.company_id", store=True, precompute=True, string="Agency")
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Title", required=True)
    body = fields.Html(string="Text")
    file = fields.Binary(
        string="Annexed file",
        attachment=True,
        help="A PDF or a picture. It is signed and sent together with the letter.",
    )
    file_name = fields.Char()

    @api.model_create_multi
    def create(self, vals_list):
        letters = self.env["esurat.letter"].browse({vals.get("letter_id") for vals in vals_list} - {None, False})
        with self._seen_as_before(letters):
            annexes = super().create(vals_list)
            annexes._check_letter()
        return annexes

    def write(self, vals):
        self._check_letter()
        with self._seen_as_before(self.letter_id):
            result = super().write(vals)
            if "letter_id" in vals:
                self._check_letter()
        return result

    def unlink(self):
        self._check_letter()
        with self._seen_as_before(self.letter_id):
            return super().unlink()

    @contextmanager
    def _seen_as_before(self, letters):
        """Whoever has looked at *letters* and changes annexes of theirs has looked at these too."""
        seen = letters._seen_by_user()
        yield
        seen._note_seen()

    def _check_letter(self):
        """Make sure that the user may change the letters of these annexes now.

        :raises AccessError: where she may not
        :raises UserError: where a letter is fixed
        """
        self.letter_id.check_access("write")
        if self.letter_id.filtered("is_fixed"):
            raise UserError(self.env._("The annexes of a letter that is under review or signed stay as they are."))

    @api.constrains("body")
    def _check_body(self):
        for annex in self:
            annex.letter_id._check_length(annex.body)

    @api.constrains("file")
    def _check_file(self):
        for annex in self.with_context(bin_size=False):
            content = annex._content()
            if content is None:
                continue
            self.env["esurat.letter"]._check_scan(content)
            self.env["esurat.letter"]._inspect_scan(content, annex.file_name)

    def _digest(self):
        """Return the SHA-256 (hex) of the file, empty where there is none."""
        content = self._content()
        return hashlib.sha256(content).hexdigest() if content else ""

    def _content(self):
        """Return the bytes of the file, ``None`` where there is none."""
        self.ensure_one()
        file = self.with_context(bin_size=False).file
        return base64.b64decode(file) if file else None
