from odoo import fields, models


class Department(models.Model):
    """A unit of the agency, with the code that stands for it in numbers."""

    _inherit = "hr.department"

    esurat_code = fields.Char(string="Unit code", help="Stands for {unit} in a number pattern.")
