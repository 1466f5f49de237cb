from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import html_sanitize

from odoo.addons.html_editor.models.diff_utils import generate_comparison

from ..tools import page_text


class Version(models.Model):
    """One round of a letter that is written here: its text and its PDF, who left it so, and when."""

    _name = "esurat.version"
    _inherit = ["esurat.said"]
    _description = "Version of a letter"
    _order = "letter_id, number desc"
    _rec_name = "number"
    _said = frozenset({"subject", "body", "comparison", "pdf"})
    _allow_sudo_commands = False

    letter_id = fields.Many2one("esurat.letter", required=True, index=True, ondelete="cascade", readonly=True)
    company_id = fields.Many2one(related="letter_id.company_id", store=True, precompute=True, string="Agency")
    number = fields.Integer(required=True, readonly=True, aggregator=None)
    occasion = fields.Selection(
        [
            ("submitted", "Submitted"),
            ("corrected", "Corrected in review"),
            ("released", "Numbered"),
            ("signed", "Signed"),
        ],
        required=True,
        readonly=True,
    )
    user_id = fields.Many2one("res.users", string="By", required=True, readonly=True, ondelete="restrict")
    digest = fields.Char(required=True, readonly=True, help="SHA-256 of what was approved or signed.")
    subject = fields.Char(readonly=True)
    body = fields.Html(string="Text", readonly=True)
    pdf = fields.Binary(string="PDF", attachment=True, readonly=True)
    pdf_name = fields.Char(compute="_compute_pdf_name")
    comparison = fields.Html(
        compute="_compute_comparison", sanitize=False, help="What came in since the version before."
    )

    _number_uniq = models.Constraint("UNIQUE(letter_id, number)", "Somebody saved a version at this very moment.")

    @api.depends("number")
    def _compute_pdf_name(self):
        for version in self:
            version.pdf_name = f"{version.letter_id.display_name or ''} v{version.number}.pdf".replace("/", "-")

    @api.depends("letter_id", "number", "body")
    def _compute_comparison(self):
        for version in self:
            before = version.letter_id.version_ids.filtered(lambda v, version=version: v.number < version.number)
            version.comparison = version._compared_with(before.sorted("number")[-1:])

    def _compared_with(self, earlier):
        """Return the text of this version with what it has more or less than *earlier* marked (Markup)."""
        self.ensure_one()
        if not earlier:
            return self.body
        # as they are printed: what an editor notes in its tags is no change
        before, after = (str(page_text.printable(version.body, {})) for version in (earlier, self))
        # the helper marks what leads from its first text to its second
        compared = generate_comparison(before, after)
        for name, tag in (("added", "ins"), ("removed", "del")):
            compared = compared.replace(f"<{name}>", f"<{tag}>").replace(f"</{name}>", f"</{tag}>")
        # once more: what is cut and joined is another text than the two that were sanitized
        return html_sanitize(compared)

    @api.depends("number", "create_date", "user_id")
    def _compute_display_name(self):
        for version in self:
            version.display_name = f"v{version.number}"

    def action_compare(self):
        """Open the dialogue that compares two versions.

        :raises UserError: for more or fewer than two, or of two letters
        """
        if len(self) != 2 or len(self.letter_id) != 1:
            raise UserError(self.env._("Choose two versions of the letter."))
        earlier, later = self.sorted("number")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("%(earlier)s → %(later)s", earlier=earlier.display_name, later=later.display_name),
            "res_model": "esurat.compare",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_earlier_id": earlier.id, "default_later_id": later.id},
        }
