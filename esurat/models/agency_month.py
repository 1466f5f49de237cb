from odoo import api, fields, models
from odoo.tools import SQL

KEPT_MONTHS = 24  # that are measured where they are missing

# share: (what counts, of what)
SHARES = {
    "opened_mornings": ("mornings", "person_days"),
    "opened_days": ("opened", "person_days"),
    "read_same_day": ("same_day", "received"),
    "on_time": ("kept", "due"),
}


class AgencyMonth(models.Model):
    """One month of one agency, for whoever looks at several: those that do not use it stand on top.

    The figures are those of ``esurat.figures``, measured anew each hour until the month is over, then kept: so do the
    sums of days of use that are deleted.

    =============  ===================================
    who            reads
    =============  ===================================
    user           the months of her agencies
    =============  ===================================
    """

    _name = "esurat.agency.month"
    _description = "Month of an agency"
    _order = "month desc, opened_mornings, letters_incoming, id"
    _rec_name = "company_id"

    company_id = fields.Many2one("res.company", string="Agency", required=True, readonly=True, ondelete="cascade")
    month = fields.Date(required=True, readonly=True)
    measured_date = fields.Datetime(string="Measured on", required=True, readonly=True)

    letters_incoming = fields.Integer(string="Incoming letters", readonly=True)
    letters_outgoing = fields.Integer(string="Outgoing letters", readonly=True)
    letters_internal = fields.Integer(string="Internal letters", readonly=True)
    written_off = fields.Integer(readonly=True)
    backlog = fields.Integer(readonly=True, help="At the end of the month.")
    people = fields.Integer(readonly=True)
    sheets_saved = fields.Integer(readonly=True)
    money_saved = fields.Monetary(readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    opened_mornings = fields.Float(string="Opened in the morning (%)", readonly=True, aggregator="avg", digits=(5, 1))
    opened_days = fields.Float(string="Days opened (%)", readonly=True, aggregator="avg", digits=(5, 1))
    read_same_day = fields.Float(string="Read the same day (%)", readonly=True, aggregator="avg", digits=(5, 1))
    on_time = fields.Float(string="On time (%)", readonly=True, aggregator="avg", digits=(5, 1))

    # what the shares are of
    person_days = fields.Integer(string="Working days of people", readonly=True)
    opened = fields.Integer(string="Days on which people opened it", readonly=True)
    mornings = fields.Integer(string="Mornings on which people opened it", readonly=True)
    received = fields.Integer(string="Handed to people", readonly=True)
    same_day = fields.Integer(string="Of these read the same day", readonly=True)
    due = fields.Integer(readonly=True)
    kept = fields.Integer(string="Of these on time", readonly=True)

    _month_uniq = models.UniqueIndex("(company_id, month)", "This month has been measured already.")

    def _read_group_select(self, aggregate_spec, query):
        """Weigh shares by what they are of: the mean of two agencies is not that of their percentages."""
        name, _colon, function = aggregate_spec.partition(":")
        if function == "avg" and name in SHARES:
            part, whole = (self._field_to_sql(query.table, column, query) for column in SHARES[name])
            return SQL("100.0 * SUM(%s) / NULLIF(SUM(%s), 0)", part, whole)
        return super()._read_group_select(aggregate_spec, query)

    @api.model
    def _cron_measure(self):
        """Measure the months of all agencies that are not over, or have not been measured since."""
        self.env["res.company"].search([], order="id")._esurat_each(self._measure)

    @api.model
    def _measure(self, company):
        """Measure the months of *company* that may have changed."""
        this = company._esurat_now().date().replace(day=1)
        start = company._esurat_start() or this
        known = {row.month: row for row in self.search([("company_id", "=", company.id)])}
        for ago in range(KEPT_MONTHS):
            month = fields.Date.subtract(this, months=ago)
            end = fields.Date.end_of(month, "month")
            if end < start:
                break
            row = known.get(month)
            if row and row.measured_date >= company._esurat_bounds(month, end)[1]:
                # measured after its end, and so were those before it
                break
            values = self._values(company, max(month, start), end)
            if row:
                row.write(values)
            else:
                self.create({"company_id": company.id, "month": month, **values})

    @api.model
    def _values(self, company, start, end):
        measured = self.env["esurat.figures"]._measure(company, start, end)
        found = {**measured["counts"], **measured["values"]}
        names = [
            name
            for name, field in self._fields.items()
            if field.type in ("integer", "float", "monetary") and name in found
        ]
        return {"measured_date": fields.Datetime.now(), **{name: found[name] or 0 for name in names}}
