from odoo import fields, models


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

    _code_uniq = models.Constraint("UNIQUE(code)", "This type code exists already.")
    _days_positive = models.Constraint("CHECK(deadline_days >= 0)", "The days to answer cannot be negative.")
