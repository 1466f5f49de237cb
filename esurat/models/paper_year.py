from odoo import api, fields, models


class PaperYear(models.Model):
    """What paper costs an agency in a year, and how it prints: from this the ledger makes sheets and money.

    A year without one of its own goes by the last one before it, else by the first one after it.

    =============  =================================
    who            may
    =============  =================================
    registrar      read those of her agencies
    administrator  read and write them
    =============  =================================
    """

    _name = "esurat.paper.year"
    _inherit = ["esurat.agency.record"]
    _description = "Paper of a year"
    _order = "company_id, year desc"
    _rec_name = "year"

    year = fields.Integer(required=True, default=lambda self: fields.Date.context_today(self).year, aggregator=None)
    ream_price = fields.Monetary(string="Price of a ream", required=True, help="500 sheets, as the agency buys them.")
    currency_id = fields.Many2one(related="company_id.currency_id")
    source = fields.Char(required=True, help="Where the price stands: an invoice, a standard price list.")
    duplex = fields.Boolean(string="Both sides", help="The agency prints on both sides of a sheet.")

    _year_uniq = models.UniqueIndex("(company_id, year)", "This year has its paper already: change that line.")
    _year_valid = models.Constraint("CHECK(year BETWEEN 2000 AND 2100)", "Give the year with four digits.")
    _price_positive = models.Constraint("CHECK(ream_price >= 0)", "A ream cannot cost less than nothing.")

    @api.depends("year", "company_id")
    def _compute_display_name(self):
        for paper in self:
            paper.display_name = f"{paper.company_id.name} {paper.year}"
