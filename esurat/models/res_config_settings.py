from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """What is the same for all agencies; the rest is in ``esurat.agency.settings``."""

    _inherit = "res.config.settings"

    esurat_scan_limit = fields.Integer(string="Largest scan (MB)", config_parameter="esurat.scan_limit", default=25)
    esurat_clamd = fields.Char(
        string="Virus scanner",
        config_parameter="esurat.clamd",
        help="Address of a ClamAV daemon: host:port, or the path of its socket. Empty: files are not looked through.",
    )
