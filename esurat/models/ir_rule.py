from odoo import models


class IrRule(models.Model):
    """Rules on letters may say ``my_holds``: what the user holds at this moment, herself or for others."""

    _inherit = "ir.rule"

    def _eval_context(self):
        return {**super()._eval_context(), "my_holds": self.env["esurat.holder"]._held_by_user()}

    def _compute_domain_context_values(self):
        # what is cached of the rules holds for as long as the user acts for the same people
        yield from super()._compute_domain_context_values()
        yield self.env.user._esurat_standing()
