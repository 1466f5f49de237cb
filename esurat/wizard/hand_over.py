from markupsafe import Markup

from odoo import api, fields, models


class HandOver(models.TransientModel):
    """The dialogue that hands everything open of somebody who leaves or changes post to a successor."""

    _name = "esurat.hand.over"
    _description = "Hand over"

    company_id = fields.Many2one("res.company", string="Agency", required=True, default=lambda self: self.env.company)
    leaver_id = fields.Many2one(
        "res.users",
        string="From",
        required=True,
        # who has left may be archived already
        context={"active_test": False},
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    successor_id = fields.Many2one(
        "res.users",
        string="To",
        required=True,
        domain="[('share', '=', False), ('employee_ids.company_id', '=', company_id), ('id', '!=', leaver_id)]",
    )
    preview = fields.Html(string="What changes hands", compute="_compute_preview", sanitize=False)

    @api.depends("company_id", "leaver_id", "successor_id")
    @api.depends_context("lang", "uid")
    def _compute_preview(self):
        for dialogue in self:
            if not dialogue.leaver_id:
                dialogue.preview = False
                continue
            estate = self.env["esurat.holder"]._estate(
                dialogue.company_id, dialogue.leaver_id, dialogue.successor_id
            )
            lines = [
                (self.env._("Letters and dispositions to deal with"), estate.inbox),
                (self.env._("Letters to approve or sign"), estate.review),
                (self.env._("Letters being written or to be sent"), estate.written),
                (self.env._("Dispositions whose answers come back"), estate.awaited),
                (self.env._("Routing rules"), estate.routing),
                (self.env._("Groups of recipients"), estate.lists),
                (self.env._("Delegations that end"), estate.delegations),
            ]
            rows = Markup().join(
                Markup('<tr><td>%s</td><td class="text-end fw-bold">%s</td></tr>') % (name, len(records))
                for name, records in lines
            )
            dialogue.preview = Markup('<table class="table table-sm mb-0"><tbody>%s</tbody></table>') % rows
            if estate.left:
                dialogue.preview += Markup('<div class="alert alert-warning mt-2 mb-0">%s</div>') % self.env._(
                    "%s stay where they are: the successor has no clearance for them, reviews the letter already, or "
                    "the page names who signs.",
                    len(estate.left),
                )

    def action_confirm(self):
        """Hand over what the preview shows."""
        self.ensure_one()
        self.env["esurat.holder"]._hand_over(self.company_id, self.leaver_id, self.successor_id)
        return {"type": "ir.actions.client", "tag": "esurat.acted", "params": {"message": self.env._("Handed over.")}}
