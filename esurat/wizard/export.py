import base64
import io
import json
import zipfile

from odoo import fields, models
from odoo.exceptions import UserError

from ..models.letter_dispatch import EXPORTED
from ..tools.spreadsheet import download, workbook

MOST = 500


class Export(models.TransientModel):
    """The dialogue that gives letters out: one ZIP with each letter's files and data, and a table of all."""

    _name = "esurat.export"
    _description = "Give letters out"

    letter_ids = fields.Many2many("esurat.letter", string="Letters", required=True, readonly=True)
    file = fields.Binary(attachment=False, readonly=True)

    def action_confirm(self):
        """Make the ZIP and download it.

        :raises UserError: for more letters than fit into one
        """
        self.ensure_one()
        letters = self.letter_ids
        letters.check_access("read")
        if not letters:
            raise UserError(self.env._("Choose at least one letter."))
        if len(letters) > MOST:
            raise UserError(self.env._("At most %(most)s letters at once. Choose fewer.", most=MOST))
        self.env["esurat.reading"]._note(letters, "export")
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            rows = []
            for letter in letters:
                data = letter._data()
                rows.append(
                    [data[name] if not isinstance(data[name], list) else "; ".join(data[name]) for name in EXPORTED]
                )
                # the id keeps apart what bears the same number
                folder = f"{letter.id:08d}"
                for name, content, _mimetype in letter._files():
                    archive.writestr(f"{folder}/{name}", content)
                # sudo: the envelopes of a letter that the user sees
                for consignment in letter.sudo().consignment_ids.filtered(lambda one: one.channel == "server"):
                    archive.writestr(f"{folder}/envelope-{consignment.uuid}.xml", consignment._envelope())
                archive.writestr(f"{folder}/letter.json", json.dumps(data, ensure_ascii=False, indent=1, default=str))
            titles = [(name, 24) for name in EXPORTED]
            archive.writestr("letters.xlsx", workbook([(self.env._("Letters"), titles, rows)]))
        self.file = base64.b64encode(buffer.getvalue())
        return download(self, "file", "letters.zip")
