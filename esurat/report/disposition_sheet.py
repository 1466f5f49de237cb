from odoo import api, models


class DispositionSheet(models.AbstractModel):
    """The disposition sheet (*lembar disposisi*): filled from the chain, or blank for a disposition on paper."""

    _name = "report.esurat.disposition_sheet"
    _description = "Disposition sheet"

    @api.model
    def _get_report_values(self, docids, data=None):
        return {
            "docs": self.env["esurat.letter"].browse(docids),
            "instructions": self.env["esurat.instruction"].search([]),
            "blank": False,
        }


class BlankDispositionSheet(models.AbstractModel):
    """The same sheet with the letter's facts alone, to be written on by hand."""

    _name = "report.esurat.disposition_sheet_blank"
    _inherit = "report.esurat.disposition_sheet"
    _description = "Blank disposition sheet"

    @api.model
    def _get_report_values(self, docids, data=None):
        return {**super()._get_report_values(docids, data), "blank": True}
