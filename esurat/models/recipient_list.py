from odoo import fields, models


class RecipientList(models.Model):
    """People of a unit who often get the same disposition, added to it at once."""

    _name = "esurat.recipient.list"
    _inherit = ["esurat.agency.record"]
    _description = "Group of recipients"
    _order = "name"
    _check_company_auto = True

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    department_id = fields.Many2one("hr.department", string="Unit", check_company=True, help="Empty: the whole agency.")
    user_ids = fields.Many2many("res.users", string="People", required=True, domain="[('share', '=', False)]")
