from odoo import api, fields, models

from ..models.letter_review import Step
from ..models.selections import CAPACITIES


class Submit(models.TransientModel):
    """The dialogue that sends a draft into review: the proposed route, to be changed before it starts."""

    _name = "esurat.submit"
    _description = "Submit a letter"

    letter_id = fields.Many2one("esurat.letter", required=True, readonly=True)
    company_id = fields.Many2one(related="letter_id.company_id")
    step_ids = fields.One2many(
        "esurat.submit.step", "submit_id", string="Reviewers", compute="_compute_steps", store=True, readonly=False
    )

    @api.depends("letter_id")
    def _compute_steps(self):
        for dialogue in self:
            # whoever may not see the letter learns nothing of its route
            letter = dialogue.letter_id._origin.sudo(False)
            letter.check_access("read")
            dialogue.step_ids = [
                fields.Command.create({"sequence": number, **step._asdict()})
                for number, step in enumerate(letter._route() if letter else ())
            ]

    def action_confirm(self):
        """Submit the letter to these reviewers."""
        self.ensure_one()
        self.letter_id._submit(
            [
                Step(step.role, step.user_id.id, step.capacity, step.principal or "", step.mandated or "")
                for step in self.step_ids.sorted("sequence")
            ]
        )
        return {"type": "ir.actions.client", "tag": "esurat.acted", "params": {"message": self.env._("Submitted.")}}


class SubmitStep(models.TransientModel):
    """One reviewer in the dialogue."""

    _name = "esurat.submit.step"
    _description = "Reviewer of a letter to submit"
    _order = "sequence, id"

    submit_id = fields.Many2one("esurat.submit", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="submit_id.company_id")
    sequence = fields.Integer(default=100)
    role = fields.Selection(
        [("initial", "Initials"), ("coordinate", "Coordination"), ("sign", "Signature")],
        required=True,
        default="initial",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Who",
        required=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    capacity = fields.Selection(CAPACITIES, required=True, default="own")
    principal = fields.Char(string="Signs for", help="The post in whose place the letter is signed.")
    mandated = fields.Char(string="By way of", help="u.b. alone: the post that has the mandate.")
