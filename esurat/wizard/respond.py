from odoo import fields, models


class Respond(models.TransientModel):
    """The dialogue of all acts that are words: follow up, return, reopen."""

    _name = "esurat.respond"
    _description = "Follow up, return or reopen"

    holder_ids = fields.Many2many("esurat.holder", string="Letters", required=True, readonly=True)
    act = fields.Selection(
        [("follow_up", "Follow up"), ("return", "Return"), ("reopen", "Reopen")], required=True, readonly=True
    )
    response = fields.Text(required=True)
    # Odoo searches attachments by looking at all of them; whether the user may attach these is checked by the act
    attachment_ids = fields.Many2many("ir.attachment", string="Files", bypass_search_access=True)

    def action_confirm(self):
        """Do the act with what was written."""
        self.ensure_one()
        acts = {
            "follow_up": self.holder_ids._follow_up,
            "return": self.holder_ids._return,
            "reopen": self.holder_ids._reopen,
        }
        acts[self.act](self.response, self.attachment_ids)
        return {
            "type": "ir.actions.client",
            "tag": "esurat.acted",
            "params": {
                "message": {
                    "follow_up": self.env._("Reported."),
                    "return": self.env._("Returned."),
                    "reopen": self.env._("Reopened."),
                }[self.act]
            },
        }
