import segno

from odoo import api, models


class Receipt(models.AbstractModel):
    """The receipt for whoever brought the letter."""

    _name = "report.esurat.receipt"
    _description = "Receipt"

    @api.model
    def _get_report_values(self, docids, data=None):
        letters = self.env["esurat.letter"].browse(docids)
        return {
            "docs": letters,
            # the number alone: whoever asks what became of the letter need not spell it
            "codes": {
                letter: segno.make_qr(letter.agenda_number or letter.uuid).svg_data_uri(scale=3, border=1)
                for letter in letters
            },
        }
