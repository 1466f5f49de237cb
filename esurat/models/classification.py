from odoo import api, fields, models

from .selections import SECURITY_CLASSES


class Classification(models.Model):
    """A node of the tree of archive codes, with what is to become of its letters.

    Source: Permendagri 83/2022 (codes); the retention schedule (JRA) is the agency's own.
    """

    _name = "esurat.classification"
    _description = "Archive classification"
    _parent_store = True
    _order = "code"
    _rec_names_search = ["code", "name"]

    name = fields.Char(string="Title", required=True)
    code = fields.Char(required=True)
    parent_id = fields.Many2one("esurat.classification", string="Above", index=True, ondelete="restrict")
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("esurat.classification", "parent_id", string="Below")
    active = fields.Boolean(default=True)
    active_years = fields.Integer(help="Years in the active store, from the retention schedule (JRA).")
    inactive_years = fields.Integer(help="Years in the inactive store, from the retention schedule (JRA).")
    fate = fields.Selection(
        [("destroy", "Destroy"), ("permanent", "Permanent"), ("reappraise", "Reappraise")],
        help="What becomes of the letters once both periods are over.",
    )
    security_class = fields.Selection(SECURITY_CLASSES, default="open", required=True)

    _code_uniq = models.Constraint("UNIQUE(code)", "This classification code exists already.")
    _years_positive = models.Constraint(
        "CHECK(active_years >= 0 AND inactive_years >= 0)", "Retention periods cannot be negative."
    )

    @api.depends("code", "name")
    def _compute_display_name(self):
        for classification in self:
            classification.display_name = f"{classification.code} {classification.name}"
