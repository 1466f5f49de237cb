"""What an agency and a city look at: figures over many letters, beside the same sums by plain SQL."""

from datetime import timedelta
from functools import partial

from odoo import fields

from bench.acts import NAME, page
from bench.floor import NAME as FLOOR
from bench.lab import Case
from bench.people import HEAD, MAYOR, REGISTRAR

SHARES = ("opened_mornings", "opened_days", "read_same_day", "on_time")
SHEETS = ("avoided", "used", "saved", "cost")


def cases(lab):
    """Return the cases of both contestants, in the order of the table.

    :param Lab lab: the database
    :rtype: list[Case]
    """
    start, end = last_month()
    of_month = [("date", ">=", str(start)), ("date", "<=", str(end))]
    ledger = partial(
        page, "esurat.paper.ledger", of_month, specification=lab.specification("esurat.paper.ledger", "list")
    )
    months = partial(page, "esurat.agency.month", [], specification=lab.specification("esurat.agency.month", "list"))
    period = {"company": lab.company_id, "start": start, "end": end}
    return [
        Case("evaluate a month", NAME, None, partial(evaluate, start=start, end=end)),
        Case("evaluate a month", FLOOR, None, partial(read, MONTH, period)),
        Case("head's home", NAME, HEAD, lambda env, _: env["esurat.desk"]._overview()),
        Case("head's home", FLOOR, HEAD, partial(read, DESK, period)),
        Case("paper of a month", NAME, REGISTRAR, ledger),
        Case("paper of a month", FLOOR, REGISTRAR, partial(read, [PAPER], period)),
        Case("paper of all years", NAME, REGISTRAR, partial(group, "esurat.paper.ledger", "date:month", SHEETS)),
        Case("paper of all years", FLOOR, REGISTRAR, partial(read, [PAPER_OF_ALL_YEARS], period)),
        Case("measure all agencies", NAME, None, lambda env, _: env["esurat.agency.month"]._cron_measure()),
        Case("measure all agencies", FLOOR, None, partial(read_each, MONTH, period)),
        Case("city's view", NAME, MAYOR, partial(of_the_city, act=months)),
        Case("city's view", FLOOR, MAYOR, partial(read, [AGENCIES], period)),
        Case(
            "city's view by month",
            NAME,
            MAYOR,
            partial(of_the_city, act=partial(group, "esurat.agency.month", "month:month", SHARES)),
        ),
        Case("city's view by month", FLOOR, MAYOR, partial(read, [AGENCIES_BY_MONTH], period)),
    ]


def last_month():
    """Return the first and last day of the month that is over."""
    end = fields.Date.today().replace(day=1) - timedelta(days=1)
    return end.replace(day=1), end


def evaluate(env, _subject, start, end):
    """Measure the agency in a period, as its evaluation does."""
    env["esurat.figures"]._measure(env.ref("base.main_company"), start, end)


def group(model, by, columns, env, _subject):
    """Read what a graph or pivot shows: columns by one group."""
    aggregates = ["__count", *(f"{column}:{env[model]._fields[column].aggregator}" for column in columns)]
    env[model].formatted_read_group([], [by], aggregates)


def of_the_city(env, subject, act):
    """Look with all agencies of the user chosen."""
    act(env(context={**env.context, "allowed_company_ids": env.user.company_ids.ids}), subject)


def read(queries, values, env, _subject):
    """Execute queries and fetch their rows."""
    for query in queries:
        env.cr.execute(query, {**values, "user": env.uid})
        env.cr.fetchall()


def read_each(queries, values, env, subject):
    """Execute queries for each agency."""
    for company in env["res.company"].search([]):
        read(queries, {**values, "company": company.id}, env, subject)


HELD = "hold.role IN ('responsible', 'copy') AND hold.state NOT IN ('waiting', 'recalled')"
COUNTED = "letter.security_class IN ('open', 'restricted') AND letter.state NOT IN ('draft', 'cancelled')"
PAPER = f"""
SELECT COUNT(*), SUM(letter.page_count + 1)
  FROM esurat_holder hold JOIN esurat_letter letter ON letter.id = hold.letter_id
 WHERE hold.company_id = %(company)s AND hold.create_date >= %(start)s AND hold.create_date < %(end)s::date + 1
   AND {HELD} AND {COUNTED}
"""
PAPER_OF_ALL_YEARS = f"""
SELECT date_trunc('month', hold.create_date), COUNT(*), SUM(letter.page_count + 1)
  FROM esurat_holder hold JOIN esurat_letter letter ON letter.id = hold.letter_id
 WHERE hold.company_id = %(company)s AND {HELD} AND {COUNTED}
 GROUP BY 1
"""
# hours of the clock stand for working hours, which no sum of the database can say
MONTH = [
    """
    SELECT direction, date_trunc('week', register_date), COUNT(*)
      FROM esurat_letter letter
     WHERE company_id = %(company)s AND register_date BETWEEN %(start)s AND %(end)s GROUP BY 1, 2
    """,
    f"""
    SELECT COUNT(*), COUNT(*) FILTER (WHERE hold.read_date::date = hold.create_date::date),
           percentile_disc(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY hold.read_date - hold.create_date),
           percentile_disc(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY hold.done_date - hold.create_date)
      FROM esurat_holder hold JOIN esurat_letter letter ON letter.id = hold.letter_id
     WHERE hold.company_id = %(company)s AND hold.create_date >= %(start)s AND hold.create_date < %(end)s::date + 1
       AND {HELD} AND {COUNTED}
    """,
    f"""
    SELECT COUNT(*), COUNT(*) FILTER (WHERE hold.done_date::date <= hold.deadline)
      FROM esurat_holder hold JOIN esurat_letter letter ON letter.id = hold.letter_id
     WHERE hold.company_id = %(company)s AND hold.deadline BETWEEN %(start)s AND %(end)s AND {HELD} AND {COUNTED}
    """,
    """
    SELECT COUNT(*) FROM esurat_letter
     WHERE company_id = %(company)s AND write_off_date >= %(start)s AND write_off_date < %(end)s::date + 1
    """,
    """
    SELECT COUNT(*), MIN(register_date) FROM esurat_letter
     WHERE company_id = %(company)s AND direction = 'incoming' AND register_date <= %(end)s
       AND (state IN ('registered', 'in_progress') OR write_off_date > %(end)s::date + 1)
    """,
    """
    SELECT user_id, COUNT(*), COUNT(*) FILTER (WHERE moment = 'morning') FROM esurat_presence
     WHERE company_id = %(company)s AND date BETWEEN %(start)s AND %(end)s GROUP BY 1
    """,
    PAPER,
]
DESK = [
    """
    SELECT COUNT(*) FILTER (WHERE state = 'unread'), COUNT(*) FILTER (WHERE deadline < CURRENT_DATE),
           percentile_disc(0.5) WITHIN GROUP (ORDER BY create_date)
      FROM esurat_holder WHERE company_id = %(company)s AND state IN ('unread', 'read')
    """,
    """
    SELECT COUNT(*) FROM esurat_letter
     WHERE company_id = %(company)s AND direction = 'incoming' AND state IN ('registered', 'in_progress')
    """,
    """
    SELECT COUNT(*) FROM esurat_letter WHERE company_id = %(company)s AND register_date > CURRENT_DATE - 56
    """,
    """
    SELECT COUNT(*) FROM esurat_letter WHERE company_id = %(company)s AND write_off_date > CURRENT_DATE - 56
    """,
]
AGENCIES = "SELECT * FROM esurat_agency_month ORDER BY month DESC, opened_mornings LIMIT 80"
AGENCIES_BY_MONTH = """
SELECT month, 100.0 * SUM(mornings) / NULLIF(SUM(person_days), 0), 100.0 * SUM(kept) / NULLIF(SUM(due), 0)
  FROM esurat_agency_month GROUP BY 1
"""
