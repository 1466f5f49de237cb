from odoo import api, fields, models

from .letter_template import LAYOUTS


class LetterType(models.Model):
    """A kind of official document (*jenis naskah dinas*): Permendagri 1/2023, Peraturan ANRI 5/2021."""

    _name = "esurat.letter.type"
    _description = "Letter type"
    _order = "sequence, name"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Stands for {type} in a number pattern.")
    kind = fields.Selection(
        [
            ("directive", "Directive"),
            ("correspondence", "Correspondence"),
            ("special", "Special"),
        ],
        string="Group",
        required=True,
        default="correspondence",
    )
    deadline_days = fields.Integer(
        string="Days to answer",
        default=5,
        help="Working days from receipt within which a letter of this type is dealt with; 0 proposes no deadline.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    template_ids = fields.One2many("esurat.letter.template", "type_id", string="Templates", readonly=True)
    template_id = fields.Many2one(
        "esurat.letter.template", compute="_compute_template", help="New letters begin with this version."
    )
    layout = fields.Selection(LAYOUTS, compute="_compute_layout", inverse="_inverse_template", readonly=False)
    body = fields.Html(
        string="Text",
        compute="_compute_layout",
        inverse="_inverse_template",
        readonly=False,
        help="What a letter of this type begins with. Each change makes a new version.",
    )
    signed_by = fields.Selection(
        [("head", "The head of the agency"), ("unit", "The head of the author's unit"), ("author", "The author")],
        required=True,
        default="head",
        help="Who is proposed to sign. Up to three heads of units between the author and the signatory initial.",
    )
    coordination_ids = fields.Many2many(
        "hr.job",
        string="Coordinated with",
        help="Positions whose holders are proposed to see each letter of this type.",
    )

    _code_uniq = models.Constraint("UNIQUE(code)", "This type code exists already.")
    _days_positive = models.Constraint("CHECK(deadline_days >= 0)", "The days to answer cannot be negative.")

    @api.depends("template_ids.version")
    def _compute_template(self):
        for kind in self:
            kind.template_id = kind.template_ids.sorted("version")[-1:]

    @api.depends("template_id")
    def _compute_layout(self):
        for kind in self:
            kind.layout = kind.template_id.layout or "letter"
            kind.body = kind.template_id.body

    def _inverse_template(self):
        # one call for each of the two fields: the second finds nothing changed
        changed = self.filtered(
            lambda kind: (kind.layout, kind.body or "") != (kind.template_id.layout, kind.template_id.body or "")
        )
        # sudo: a version is made by changing its type alone, which the caller may do
        self.env["esurat.letter.template"].sudo().create(
            [
                {
                    "type_id": kind.id,
                    "version": kind.template_id.version + 1,
                    "layout": kind.layout or "letter",
                    "body": kind.body,
                }
                for kind in changed
            ]
        )
