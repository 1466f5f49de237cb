from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The agency's own settings of e-surat."""

    _inherit = "res.config.settings"

    esurat_code = fields.Char(related="company_id.esurat_code", readonly=False)
    esurat_letterhead = fields.Text(related="company_id.esurat_letterhead", readonly=False)
    esurat_urgent_days = fields.Integer(related="company_id.esurat_urgent_days", readonly=False)
    esurat_very_urgent_days = fields.Integer(related="company_id.esurat_very_urgent_days", readonly=False)
    esurat_digest = fields.Boolean(related="company_id.esurat_digest", readonly=False)
    esurat_digest_hour = fields.Float(related="company_id.esurat_digest_hour", readonly=False)
    esurat_issuer_days = fields.Integer(related="company_id.esurat_issuer_days", readonly=False)
    esurat_head_days = fields.Integer(related="company_id.esurat_head_days", readonly=False)
    esurat_morning_hour = fields.Float(related="company_id.esurat_morning_hour", readonly=False)
    esurat_scan_limit = fields.Integer(string="Largest scan (MB)", config_parameter="esurat.scan_limit", default=25)
