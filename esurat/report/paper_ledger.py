from datetime import datetime, time, timedelta

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# Declared rules of the ledger; docs/figures.md says the same in words.
DISPOSITION_SHEET = 1  # sheets that went with each paper copy (lembar disposisi)
SHEETS_PER_REAM = 500
KG_PER_REAM = 2.17  # A4 of 70 g/m²
CO2_LOW, CO2_HIGH = 0.0042, 0.011  # kg a sheet; sources differ, so it is told as a range


class PaperLedger(models.Model):
    """The paper that E-Surat avoided and the paper that was used all the same, row by row.

    =============================  =========  ========================================================
    a row for                      counts as  sheets
    =============================  =========  ========================================================
    each hold of a letter          avoided    the letter's pages, and its disposition sheet
    each letter that came on       used       its pages
    paper
    each letter that left on       used       its pages
    paper
    each print                     used       its pages
    =============================  =========  ========================================================

    A letter whose pages nobody counted has one. Holds that were recalled or wait for their turn, cancelled letters,
    those of an old register and secret ones stay out of it.

    =============  ===============================
    who            reads
    =============  ===============================
    registrar      the rows of her agencies
    anybody else   nothing
    =============  ===============================
    """

    _name = "esurat.paper.ledger"
    _description = "Paper ledger"
    _auto = False
    _order = "moment desc, id desc"
    _rec_name = "date"
    _depends = {
        "esurat.holder": ["letter_id", "user_id", "role", "state", "company_id"],
        "esurat.letter": [
            "direction",
            "state",
            "security_class",
            "medium",
            "page_count",
            "register_date",
            "company_id",
        ],
        "esurat.printing": ["company_id", "user_id", "letter_id", "page_count"],
        "esurat.paper.year": ["company_id", "year", "ream_price", "duplex"],
        "res.company": ["currency_id", "resource_calendar_id", "partner_id"],
        "resource.calendar": ["tz"],
    }

    kind = fields.Selection(
        [
            ("hold", "Held electronically"),
            ("original", "Came on paper"),
            ("reply", "Left on paper"),
            ("print", "Printed"),
        ],
        readonly=True,
    )
    company_id = fields.Many2one("res.company", string="Agency", readonly=True)
    date = fields.Date(readonly=True, help="In the agency's time zone.")
    moment = fields.Datetime(readonly=True)
    letter_id = fields.Many2one("esurat.letter", readonly=True)
    user_id = fields.Many2one("res.users", string="Person", readonly=True, help="Who holds the letter, or printed.")
    page_count = fields.Integer(string="Pages", readonly=True)
    avoided = fields.Integer(string="Sheets avoided", readonly=True)
    used = fields.Integer(string="Sheets used", readonly=True)
    saved = fields.Integer(string="Sheets saved", readonly=True, help="Avoided less used.")
    reams = fields.Float(string="Reams saved", readonly=True, digits=(16, 3))
    cost = fields.Monetary(string="Money saved", readonly=True, aggregator="sum")
    currency_id = fields.Many2one("res.currency", readonly=True)
    weight = fields.Float(string="Kilograms saved", readonly=True, digits=(16, 3))
    co2_low = fields.Float(string="kg of CO₂, at least", readonly=True, digits=(16, 3))
    co2_high = fields.Float(string="kg of CO₂, at most", readonly=True, digits=(16, 3))

    def _search(self, domain, *args, **options):
        # The day of a row is worked out in its agency's time zone; the moment is a column, for which there is an index.
        return super()._search(Domain(domain).optimize_full(self).map_conditions(_with_moments), *args, **options)

    @property
    def _table_query(self):
        # SQL: a ledger is the union of what several tables hold.
        return SQL(
            """
            WITH agency AS (
                SELECT c.id, c.currency_id, COALESCE(calendar.tz, partner.tz, 'UTC') AS tz
                  FROM res_company c
                  JOIN res_partner partner ON partner.id = c.partner_id
                  LEFT JOIN resource_calendar calendar ON calendar.id = c.resource_calendar_id
            )
            SELECT piece.id, piece.kind, piece.company_id, piece.date, piece.moment, piece.letter_id, piece.user_id,
                   piece.page_count, piece.currency_id, sheets.avoided, sheets.used,
                   sheets.avoided - sheets.used AS saved,
                   (sheets.avoided - sheets.used) / %(ream)s::numeric AS reams,
                   (sheets.avoided - sheets.used) / %(ream)s::numeric * COALESCE(paper.ream_price, 0) AS cost,
                   (sheets.avoided - sheets.used) / %(ream)s::numeric * %(weight)s AS weight,
                   (sheets.avoided - sheets.used) * %(low)s::numeric AS co2_low,
                   (sheets.avoided - sheets.used) * %(high)s::numeric AS co2_high
              FROM (
                SELECT hold.id * 3 AS id, 'hold' AS kind, hold.company_id, agency.currency_id,
                       (hold.create_date AT TIME ZONE 'UTC' AT TIME ZONE agency.tz)::date AS date,
                       hold.create_date AS moment, hold.letter_id, hold.user_id,
                       GREATEST(letter.page_count, 1) AS page_count
                  FROM esurat_holder hold
                  JOIN agency ON agency.id = hold.company_id
                  JOIN esurat_letter letter ON letter.id = hold.letter_id
                 WHERE hold.role IN ('responsible', 'copy') AND hold.state NOT IN ('waiting', 'recalled')
                   AND letter.state NOT IN ('draft', 'cancelled') AND letter.security_class IN ('open', 'restricted')
                UNION ALL
                SELECT letter.id * 3 + 1, CASE letter.direction WHEN 'incoming' THEN 'original' ELSE 'reply' END,
                       letter.company_id, agency.currency_id, letter.register_date,
                       letter.register_date::timestamp AT TIME ZONE agency.tz AT TIME ZONE 'UTC',
                       letter.id, NULL, GREATEST(letter.page_count, 1)
                  FROM esurat_letter letter JOIN agency ON agency.id = letter.company_id
                 WHERE letter.medium = 'paper' AND letter.security_class IN ('open', 'restricted')
                   AND letter.from_register IS NOT TRUE
                   AND CASE letter.direction WHEN 'incoming' THEN letter.state NOT IN ('draft', 'cancelled')
                                             ELSE letter.state IN ('sent', 'done') END
                UNION ALL
                SELECT print.id * 3 + 2, 'print', print.company_id, agency.currency_id,
                       (print.create_date AT TIME ZONE 'UTC' AT TIME ZONE agency.tz)::date,
                       print.create_date, print.letter_id, print.user_id, print.page_count
                  FROM esurat_printing print JOIN agency ON agency.id = print.company_id
                  LEFT JOIN esurat_letter letter ON letter.id = print.letter_id
                 WHERE letter.id IS NULL OR letter.security_class IN ('open', 'restricted')
              ) piece
              LEFT JOIN LATERAL (
                SELECT ream_price, duplex
                  FROM esurat_paper_year
                 WHERE company_id = piece.company_id
                 ORDER BY year > EXTRACT(year FROM piece.date), ABS(year - EXTRACT(year FROM piece.date))
                 LIMIT 1
              ) paper ON TRUE
              CROSS JOIN LATERAL (
                SELECT CASE WHEN paper.duplex THEN (piece.page_count + 1) / 2 ELSE piece.page_count END AS copy
              ) one
              CROSS JOIN LATERAL (
                SELECT CASE WHEN piece.kind = 'hold' THEN one.copy + %(disposition)s ELSE 0 END AS avoided,
                       CASE WHEN piece.kind = 'hold' THEN 0 ELSE one.copy END AS used
              ) sheets
            """,
            ream=SHEETS_PER_REAM,
            weight=KG_PER_REAM,
            low=CO2_LOW,
            high=CO2_HIGH,
            disposition=DISPOSITION_SHEET,
        )


def _with_moments(condition):
    """Return *condition*, and where it bounds the day, a bound of the moment that follows from it in any time zone."""
    if condition.field_expr != "date" or condition.operator not in (">", ">=", "<", "<=") or not condition.value:
        return condition
    later = condition.operator in (">", ">=")
    try:
        moment = datetime.combine(condition.value, time.min) + timedelta(days=-1 if later else 2)
    except OverflowError:
        # at the end of all days
        return condition
    return condition & Domain("moment", ">=" if later else "<", moment)
