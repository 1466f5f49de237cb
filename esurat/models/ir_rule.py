from odoo import models
from odoo.exceptions import AccessError


class IrRule(models.Model):
    """Rules on letters may say ``my_holds``: what the user holds at this moment, herself or for others; and
    ``own_holds``: what she holds herself.
    """

    _inherit = "ir.rule"

    def _eval_context(self):
        Holder = self.env["esurat.holder"]
        holds = {"my_holds": Holder._held_by_user(), "own_holds": Holder._held_by_user(others=False)}
        return {**super()._eval_context(), **holds}

    def _compute_domain_context_values(self):
        # what is cached of the rules holds for as long as the user acts for the same people
        yield from super()._compute_domain_context_values()
        yield self.env.user._esurat_standing()

    def _make_access_error(self, operation, records):
        if records._name in ("esurat.letter", "esurat.holder") and operation == "read":
            return AccessError(
                self.env._(
                    "This letter is not with you (any more): it was taken back or passed into other hands, or you act "
                    "for its holder no more."
                )
            )
        return super()._make_access_error(operation, records)
