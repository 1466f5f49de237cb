from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import merge

LAYOUTS = [
    ("letter", "Letter: place and date, addressee, subject"),
    ("memo", "Memo: to, from, subject in a table"),
    ("titled", "Title, number and subject above the text"),
    ("headed", "Title and number above the text, which says it all"),
]
# Layouts that name addressees; a decree goes to nobody.
ADDRESSED = ("letter", "memo")


class LetterTemplate(models.Model):
    """One version of the text and layout that letters of a type begin with.

    It never changes: whoever changes the text of a type makes the next version, and a letter keeps the one that it was
    written with.
    """

    _name = "esurat.letter.template"
    _description = "Letter template"
    _order = "type_id, version desc"
    _rec_name = "version"
    _allow_sudo_commands = False

    type_id = fields.Many2one("esurat.letter.type", required=True, readonly=True, ondelete="cascade", index=True)
    version = fields.Integer(required=True, readonly=True, aggregator=None)
    layout = fields.Selection(LAYOUTS, required=True, readonly=True, default="letter")
    body = fields.Html(string="Text", readonly=True)

    _version_uniq = models.Constraint("UNIQUE(type_id, version)", "This version of the template exists already.")

    @api.constrains("body")
    def _check_body(self):
        for template in self:
            self._check_merge_fields(template.body)

    @api.model
    def _check_merge_fields(self, text):
        """Make sure that a text (HTML) names merge fields alone.

        :raises ValidationError: with the first that is none
        """
        unknown = merge.unknown(text)
        if unknown:
            raise ValidationError(
                self.env._(
                    "{{ %(unknown)s }} is no merge field. Known are: %(known)s.",
                    unknown=unknown[0],
                    known=", ".join(merge.FIELDS),
                )
            )

    @api.depends("type_id", "version")
    def _compute_display_name(self):
        for template in self:
            template.display_name = self.env._("version %(number)s", number=template.version)
