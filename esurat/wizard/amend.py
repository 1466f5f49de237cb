from odoo import api, fields, models


class Amend(models.TransientModel):
    """The dialogue in which an issuer changes the deadline or who is responsible."""

    _name = "esurat.amend"
    _description = "Change a disposition"

    holder_ids = fields.Many2many("esurat.holder", string="Holds", required=True, readonly=True)
    company_id = fields.Many2one("res.company", compute="_compute_company_id")
    # stored fields are computed with sudo unless told otherwise, and a user may send holds that are not hers
    deadline = fields.Date(compute="_compute_deadline", compute_sudo=False, store=True, readonly=False)
    responsible_id = fields.Many2one(
        "res.users",
        string="Now responsible",
        domain="[('employee_ids.company_id', '=', company_id), ('share', '=', False)]",
        help="Empty: nobody else. Whoever was responsible keeps a copy.",
    )

    @api.depends("holder_ids")
    def _compute_company_id(self):
        for dialogue in self:
            dialogue.company_id = dialogue.holder_ids.company_id[:1]

    @api.depends("holder_ids")
    def _compute_deadline(self):
        for dialogue in self:
            dialogue.deadline = dialogue._common_deadline()

    def _common_deadline(self):
        """Return the deadline of all these holds, or ``False`` where they differ."""
        deadlines = set(self.holder_ids.mapped("deadline"))
        return deadlines.pop() if len(deadlines) == 1 else False

    def action_confirm(self):
        """Change what the dialogue says."""
        self.ensure_one()
        changed = self.deadline != self._common_deadline()
        self.holder_ids._amend(self.deadline if changed else None, self.responsible_id)
        return {"type": "ir.actions.client", "tag": "esurat.acted", "params": {"message": self.env._("Changed.")}}
