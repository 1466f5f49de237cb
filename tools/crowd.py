"""Many people with something in their inbox, made by SQL at once: for what has to hold at a size that no sample has."""

ADDRESS = "orang{}@example.com"
HOLDS = 4  # that each of them has: two copies and two to answer for, one of these late

# Raw SQL: the ORM takes minutes for ten thousand users, and how they come to be is not what is looked at.
_CROWD = """
WITH partners AS (
    INSERT INTO res_partner (name, email, email_normalized, active, company_id, complete_name, lang, type)
    SELECT 'Orang ' || n, address, address, TRUE, %(company)s, 'Orang ' || n, %(lang)s, 'contact'
      FROM generate_series(1, %(people)s) n, replace(%(address)s, '{}', n::text) address
    RETURNING id, name
),
users AS (
    INSERT INTO res_users (login, partner_id, company_id, active, share, notification_type, esurat_digest)
    SELECT name, id, %(company)s, TRUE, FALSE, 'inbox', TRUE FROM partners
    RETURNING id
),
agencies AS (INSERT INTO res_company_users_rel (user_id, cid) SELECT id, %(company)s FROM users),
roles AS (
    INSERT INTO res_groups_users_rel (uid, gid)
    SELECT users.id, res_id FROM users, ir_model_data WHERE module = 'esurat' AND name = 'group_user'
),
letters AS (
    SELECT id, ROW_NUMBER() OVER (ORDER BY id DESC) AS place FROM esurat_letter
     WHERE company_id = %(company)s AND state IN ('registered', 'in_progress') AND security_class = 'open'
     LIMIT %(holds)s
)
INSERT INTO esurat_holder (letter_id, user_id, role, state, company_id, urgency, security_class, holder_name, deadline)
SELECT letters.id, users.id, CASE WHEN place %% 2 = 0 THEN 'responsible' ELSE 'copy' END, 'unread', %(company)s, '0',
       'open', 'Orang', CASE place WHEN 2 THEN %(day)s::date - 30 END
  FROM users, letters
"""


def gather(cr, people, company_id, day, lang="en_US"):
    """Add *people* users of an agency who hold its letters.

    :param cr: cursor of psycopg2 or Odoo
    :param int people: how many; each has the address ``ADDRESS`` with her number
    :param int company_id: the agency; it has ``HOLDS`` open letters that are registered at least
    :param day: date on which one of their letters is late
    :param str lang: code of their language
    """
    values = {"people": people, "company": company_id, "day": day, "lang": lang, "holds": HOLDS, "address": ADDRESS}
    cr.execute(_CROWD, values)
