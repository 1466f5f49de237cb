from odoo import models


class IrAttachment(models.Model):
    """A scan that comes twice is found by its content, without looking at all attachments of the database."""

    _inherit = "ir.attachment"

    _esurat_scan_idx = models.Index("(checksum) WHERE res_model = 'esurat.letter'")
