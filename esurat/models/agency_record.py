from odoo import fields, models


class AgencyRecord(models.AbstractModel):
    """What belongs to one agency: it moves to another only by the hand of somebody who works there."""

    _name = "esurat.agency.record"
    _description = "Record of an agency"

    company_id = fields.Many2one(
        "res.company", string="Agency", required=True, index=True, default=lambda self: self.env.company
    )

    def write(self, vals):
        result = super().write(vals)
        if "company_id" in vals:
            # Odoo asks for the right to write what a record was, not what it becomes
            self.check_access("write")
        return result
