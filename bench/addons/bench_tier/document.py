from odoo import fields, models


class Document(models.Model):
    """A text that is reviewed: what a letter is to its reviewers, without page, versions or holders."""

    _name = "bench.document"
    _description = "Document under review"
    _inherit = ["tier.validation", "mail.thread"]

    name = fields.Char(required=True, tracking=True)
    body = fields.Html()
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    state = fields.Selection([("draft", "Draft"), ("confirmed", "Signed"), ("cancel", "Cancelled")], default="draft")


class TierDefinition(models.Model):
    _inherit = "tier.definition"

    def _get_tier_validation_model_names(self):
        return [*super()._get_tier_validation_model_names(), "bench.document"]
