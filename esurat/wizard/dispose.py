from odoo import api, fields, models

from ..models.holder import IS_HOLDING


class Dispose(models.TransientModel):
    """The dialogue that passes letters on: one screen on a phone, one tap for a direct subordinate."""

    _name = "esurat.dispose"
    _description = "Dispose"

    holder_ids = fields.Many2many("esurat.holder", string="Letters", required=True, readonly=True)
    company_id = fields.Many2one("res.company", compute="_compute_letters")
    holding_ids = fields.Many2many(
        "res.users", compute="_compute_letters", help="Who holds one of the letters already."
    )
    suggestions = fields.Json(
        string="People", compute="_compute_suggestions", help="Direct subordinates: id, name and position of each."
    )
    responsible_id = fields.Many2one(
        "res.users",
        domain="[('id', 'not in', holding_ids), ('employee_ids.company_id', '=', company_id), ('share', '=', False)]",
    )
    copy_ids = fields.Many2many(
        "res.users",
        string="Copies",
        domain="[('id', 'not in', holding_ids), ('employee_ids.company_id', '=', company_id), ('share', '=', False)]",
    )
    list_id = fields.Many2one(
        "esurat.recipient.list",
        string="Add a group",
        domain="[('company_id', '=', company_id)]",
        help="Everybody in the group gets a copy.",
    )
    instruction_ids = fields.Many2many(
        "esurat.instruction",
        string="Instructions",
        default=lambda self: self.env["esurat.instruction"].search([("preselected", "=", True)]),
    )
    note = fields.Text()
    # stored fields are computed with sudo unless told otherwise, and a user may send holds that are not hers
    deadline = fields.Date(compute="_compute_deadline", compute_sudo=False, store=True, readonly=False)

    @api.depends("holder_ids")
    def _compute_letters(self):
        for dialogue in self:
            letters = dialogue.holder_ids.letter_id
            dialogue.company_id = letters.company_id[:1]
            dialogue.holding_ids = letters.holder_ids.filtered_domain(IS_HOLDING).user_id

    @api.depends("holder_ids")
    def _compute_suggestions(self):
        for dialogue in self:
            # sudo: employees are readable by personnel officers alone; subordinates' names and positions are given out
            actor = dialogue.holder_ids._actor("dispose")
            post = actor._esurat_posts(dialogue.company_id).get((dialogue.company_id.id, actor.id))
            me = self.env["hr.employee"].sudo().browse(post.employee_id if post else ())
            below = me._esurat_subordinates() if me else me
            dialogue.suggestions = [
                {"id": employee.user_id.id, "name": employee.name, "position": employee.job_title or ""}
                for employee in below
                if employee.user_id and employee.user_id not in dialogue.holding_ids.sudo()
            ]

    @api.depends("holder_ids")
    def _compute_deadline(self):
        today = fields.Date.context_today(self)
        for dialogue in self:
            letters = dialogue.holder_ids.letter_id
            days = min(filter(None, (letter._answer_days() for letter in letters)), default=0)
            proposed = dialogue.company_id._esurat_due_date(today, days) if letters else False
            given = [hold.deadline for hold in dialogue.holder_ids if hold.deadline and hold.deadline >= today]
            dialogue.deadline = min(filter(None, (proposed, *given)), default=False)

    @api.onchange("list_id")
    def _onchange_list_id(self):
        self.copy_ids |= self.list_id.user_ids - self.responsible_id - self.holding_ids - self.env.user
        self.list_id = False

    def action_confirm(self):
        """Pass the letters on as the dialogue says."""
        self.ensure_one()
        self.holder_ids._dispose(
            self.responsible_id, self.copy_ids, self.instruction_ids, self.note or "", self.deadline
        )
        return {"type": "ir.actions.client", "tag": "esurat.acted", "params": {"message": self.env._("Passed on.")}}
