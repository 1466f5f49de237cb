from odoo import api, fields, models


class Disposition(models.Model):
    """One act: somebody passes a letter on, with instructions. Written by ``esurat.holder._dispose`` alone."""

    _name = "esurat.disposition"
    _inherit = ["esurat.acted", "esurat.said"]
    _description = "Disposition"
    _order = "id desc"
    _rec_name = "letter_id"
    _said = frozenset({"note", "brief"})
    _allow_sudo_commands = False

    letter_id = fields.Many2one("esurat.letter", required=True, index=True, ondelete="cascade", readonly=True)
    company_id = fields.Many2one(
        related="letter_id.company_id", store=True, precompute=True, index=True, string="Agency"
    )
    source_id = fields.Many2one(
        "esurat.holder", string="Hold of the issuer", index=True, ondelete="cascade", readonly=True
    )
    issuer_id = fields.Many2one("res.users", string="Issued by", required=True, index=True, readonly=True)
    issuer_name = fields.Char(readonly=True)
    issuer_position = fields.Char(readonly=True)
    instruction_ids = fields.Many2many("esurat.instruction", string="Instructions", readonly=True)
    note = fields.Text(readonly=True)
    deadline = fields.Date(readonly=True)
    holder_ids = fields.One2many("esurat.holder", "disposition_id", string="Recipients", readonly=True)
    brief = fields.Char(string="Instruction", compute="_compute_brief", help="Instructions and note in one line.")

    @api.depends("instruction_ids.name", "note")
    @api.depends_context("lang")
    def _compute_brief(self):
        for disposition in self:
            words = disposition.instruction_ids.mapped("name") + [disposition.note]
            disposition.brief = "; ".join(filter(None, words))
