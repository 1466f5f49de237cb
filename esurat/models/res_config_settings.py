from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """What is the same for all agencies; the rest is in ``esurat.agency.settings``."""

    _inherit = "res.config.settings"

    esurat_scan_limit = fields.Integer(string="Largest scan (MB)", config_parameter="esurat.scan_limit", default=25)
