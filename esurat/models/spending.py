from odoo import api, fields, models


class Spending(models.Model):
    """What an agency spent on office supplies (*ATK*) in a month: the bills beside the estimate of the ledger.

    =============  =================================
    who            may
    =============  =================================
    registrar      read those of her agencies
    administrator  read and write them
    =============  =================================
    """

    _name = "esurat.spending"
    _inherit = ["esurat.agency.record"]
    _description = "Spending on office supplies"
    _order = "month desc, company_id"
    _rec_name = "month"

    month = fields.Date(
        required=True,
        default=lambda self: fields.Date.context_today(self).replace(day=1),
        help="Any day of it; months before the start of E-Surat show what it has changed.",
    )
    amount = fields.Monetary(required=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    source = fields.Char(help="The bill, or the report that it is taken from.")

    _month_uniq = models.UniqueIndex("(company_id, month)", "This month has been entered already: change that line.")
    _amount_positive = models.Constraint("CHECK(amount >= 0)", "An amount cannot be negative.")

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._first_day(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._first_day(vals))

    @api.model
    def _first_day(self, vals):
        """Return *vals* with the first day of the month."""
        month = fields.Date.to_date(vals.get("month"))
        return {**vals, "month": month.replace(day=1)} if month else vals
