from odoo import api, fields, models

from .selections import KINDS, PREFIXES


class Acted(models.AbstractModel):
    """Who has done an act, and for whom: frozen, as everything that says what was true then."""

    _name = "esurat.acted"
    _description = "Act done by somebody, perhaps for another"

    acted_by_id = fields.Many2one("res.users", string="Completed by", readonly=True)
    acted_by_name = fields.Char(readonly=True, help="Name of the deputy who has acted.")
    acted_as = fields.Selection(KINDS, string="Acted as", readonly=True, help="Empty: in her own name.")
    acted_words = fields.Char(string="Done by", compute="_compute_acted_words", help="The deputy, where it was one.")

    @api.depends("acted_by_name", "acted_as")
    @api.depends_context("lang")
    def _compute_acted_words(self):
        for act in self:
            if not act.acted_as:
                act.acted_words = False
            elif act.acted_as in PREFIXES:
                act.acted_words = f"{PREFIXES[act.acted_as]} {act.acted_by_name}"
            else:
                act.acted_words = self.env._("assisted by %(name)s", name=act.acted_by_name)
