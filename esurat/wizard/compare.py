from odoo import api, fields, models


class Compare(models.TransientModel):
    """Two versions of a letter, and what differs between them."""

    _name = "esurat.compare"
    _description = "Compare two versions"

    earlier_id = fields.Many2one("esurat.version", required=True, readonly=True, ondelete="cascade")
    later_id = fields.Many2one("esurat.version", required=True, readonly=True, ondelete="cascade")
    comparison = fields.Html(compute="_compute_comparison", sanitize=False)

    @api.depends("earlier_id", "later_id")
    def _compute_comparison(self):
        for dialogue in self:
            # with the user's own rights: a client may name any version
            versions = (dialogue.earlier_id | dialogue.later_id).sudo(False)
            versions.check_access("read")
            self.env["esurat.reading"]._note(versions.letter_id, "read")
            dialogue.comparison = versions and dialogue.later_id._compared_with(dialogue.earlier_id)
