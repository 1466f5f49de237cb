from odoo import models

from ..tools.spreadsheet import harmless


class Base(models.AbstractModel):
    """What Odoo exports of our records is opened in spreadsheets: no text becomes a formula there."""

    _inherit = "base"

    def export_data(self, fields_to_export):
        """Export data as Odoo does; of our models, with texts that no spreadsheet works out."""
        exported = super().export_data(fields_to_export)
        if self._name.startswith("esurat."):
            exported["datas"] = [[harmless(value) for value in row] for row in exported["datas"]]
        return exported
