"""What the morning message costs: many people of one agency, beside the same rows of mails by plain SQL."""

from datetime import date, datetime
from statistics import median
from unittest.mock import patch

import pytz

from bench.lab import Case, once
from tools import crowd

NAME = "morning message"
MONDAY = date(2026, 6, 1)
MOMENT = pytz.utc.localize(datetime(2026, 6, 1, 8))

# The same mails without a right asked or a language known: the same holds counted, five of them named, by SQL alone.
FLOOR = """
WITH told AS (
    SELECT h.user_id, h.letter_id, COUNT(*) OVER mine AS total, ROW_NUMBER() OVER mine_in_order AS place
      FROM esurat_holder h
     WHERE h.user_id IN (SELECT id FROM res_users WHERE esurat_digest) AND h.state IN ('unread', 'read')
    WINDOW mine AS (PARTITION BY h.user_id),
           mine_in_order AS (PARTITION BY h.user_id ORDER BY h.urgency DESC, h.deadline, h.id)
),
texts AS (
    SELECT told.user_id, MAX(total) AS total,
           STRING_AGG(FORMAT(%(item)s, l.id, l.agenda_number, l.subject), '' ORDER BY place) AS body
      FROM told JOIN esurat_letter l ON l.id = told.letter_id WHERE place <= 5 GROUP BY told.user_id
),
messages AS (
    INSERT INTO mail_message (subject, email_from, reply_to, message_type, author_id, date, message_id,
                              create_uid, write_uid, create_date, write_date)
    SELECT texts.total || ' unread', 'agency@example.com', texts.user_id, 'email_outgoing', 2, now(),
           '<' || gen_random_uuid() || '.' || gen_random_uuid() || '-openerp-private@bench>', 1, 1, now(), now()
      FROM texts
    RETURNING id, reply_to
)
INSERT INTO mail_mail (mail_message_id, body_html, email_to, state, auto_delete, headers,
                       create_uid, write_uid, create_date, write_date)
SELECT messages.id, FORMAT(%(page)s, texts.total, texts.body), FORMAT('"%%s" <%%s>', p.name, p.email), 'outgoing', TRUE,
       %(headers)s, 1, 1, now(), now()
  FROM messages JOIN texts ON texts.user_id::text = messages.reply_to
  JOIN res_users u ON u.id = texts.user_id JOIN res_partner p ON p.id = u.partner_id
"""
ITEM = (
    '<li style="margin:4px 0"><a href="http://localhost:8069/odoo/esurat.letter/%s" style="color:#017e84">%s: %s</a> '
    "due 06/01/2026</li>"
)
HEADERS = "{'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All'}"
PAGE = "<div>" + " " * 400 + "<h3>%s unread</h3><ul>%s</ul></div>"


def measure(lab, people, rounds):
    """Write to *people* people, and insert the same mails by SQL.

    :param Lab lab: a database of its own, whose agency they join
    :param int people: how many
    :param int rounds: repetitions
    :rtype: dict
    """
    with lab.env() as env:
        env["res.company"].search([]).esurat_digest = False
        env["res.company"].browse(lab.company_id).write({"esurat_digest": True, "esurat_digest_hour": 7.25})
        env.cr.execute("UPDATE res_users SET esurat_digest = FALSE")
        crowd.gather(env.cr, people, lab.company_id, MONDAY)
        env.cr.execute("ANALYZE")
    ours, floor = [], []
    with patch.object(lab.registry["res.company"], "_esurat_now", lambda company: MOMENT):
        for _round in range(rounds):
            with lab.env() as env:
                env.cr.execute("DELETE FROM mail_message WHERE id IN (SELECT mail_message_id FROM mail_mail)")
                env.cr.execute("DELETE FROM esurat_morning")
            ours.append(once(lab, Case(NAME, "esurat", None, write)))
            floor.append(once(lab, Case(NAME, "floor", None, insert)))
    seconds, least = (median(sample.seconds for sample in samples) for samples in (ours, floor))
    queries = median(sample.queries + sample.others for sample in ours)
    return {
        "people": people,
        "seconds": round(seconds, 2),
        "floor_seconds": round(least, 2),
        "floor_ratio": round(seconds / least, 1),
        "queries": queries,
        "queries_per_person": round(queries / people, 4),
    }


def write(env, _subject):
    """Run the scheduled action."""
    env["esurat.morning"]._cron_write()


def insert(env, _subject):
    """Write the same by SQL alone."""
    env.cr.execute(FLOOR, {"item": ITEM, "page": PAGE, "headers": HEADERS})


def show(rows):
    """Print what was measured.

    :param list rows: of :func:`measure`
    """
    print(f"\nMorning message, {crowd.HOLDS} holds a person; floor: the same mails by one INSERT … SELECT\n")
    print(f"{'people':>8}{'seconds':>10}{'floor s':>10}{'× floor':>9}{'queries':>9}{'a person':>10}")
    for row in rows:
        print(
            f"{row['people']:>8,}{row['seconds']:>10.2f}{row['floor_seconds']:>10.2f}{row['floor_ratio']:>9.1f}"
            f"{row['queries']:>9.0f}{row['queries_per_person']:>10.4f}"
        )
