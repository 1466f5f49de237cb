from odoo import fields, models


class Instruction(models.Model):
    """What the issuer of a disposition wants done, in the words of the disposition sheet."""

    _name = "esurat.instruction"
    _description = "Disposition instruction"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    requires_action = fields.Boolean(
        string="Asks for action", help="Somebody has to answer for it: exactly one recipient is responsible."
    )
    preselected = fields.Boolean(help="Chosen already when the dialogue opens.")
    active = fields.Boolean(default=True)
