from odoo import fields, models


class Routing(models.Model):
    """Fills in the addressees of an incoming letter; the first rule that fits is taken."""

    _name = "esurat.routing"
    _inherit = ["esurat.agency.record"]
    _description = "Routing rule"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    sender_id = fields.Many2one("res.partner", string="From", help="Empty: from anybody.")
    type_id = fields.Many2one("esurat.letter.type", help="Empty: of any type.")
    classification_id = fields.Many2one("esurat.classification", help="This code and all below it. Empty: any.")
    position_ids = fields.Many2many("hr.job", string="To positions", check_company=True)
    user_ids = fields.Many2many("res.users", string="To people", domain="[('share', '=', False)]")

    def _fits(self, letter):
        """Tell whether this rule speaks of *letter* (one record, saved or not)."""
        self.ensure_one()
        above = (letter.classification_id.parent_path or "").split("/")
        return (
            self.company_id == letter.company_id
            and self.sender_id in (letter.sender_id, self.env["res.partner"])
            and self.type_id in (letter.type_id, self.env["esurat.letter.type"])
            and (not self.classification_id or str(self.classification_id.id) in above)
        )
