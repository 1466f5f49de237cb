from odoo import api, models


class IrDefault(models.Model):
    """Nobody's own defaults reach letters: what acts give is proposed by no user.

    Odoo lets every user set defaults of any field for herself, and takes them in all that she creates, with sudo too.
    """

    _inherit = "ir.default"

    @api.model
    def _get_model_defaults(self, model_name, condition=False):
        # files and messages are made by acts, too
        if model_name.startswith("esurat.") or model_name in ("ir.attachment", "mail.message"):
            return {}
        defaults = super()._get_model_defaults(model_name, condition)
        return {name: value for name, value in defaults.items() if not name.startswith("esurat_")}
