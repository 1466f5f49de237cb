"""The floor: the rows that an act of esurat writes, or a list of it shows, by plain SQL without any check or right."""

import hashlib
import json
from functools import partial

from bench import acts
from bench.acts import BATCH, PEOPLE
from bench.lab import COUNT_LIMIT, PAGE, Case
from bench.people import CHIEF, HEAD, REGISTRAR

NAME = "floor"

# The page first, then what its rows refer to: the planner would sometimes join before it cuts.
HOLDS = """
SELECT h.id, h.state, h.role, h.urgency, h.deadline, l.subject, l.agenda_number, p.complete_name, d.note
  FROM ({page}) h
  JOIN esurat_letter l ON l.id = h.letter_id
  LEFT JOIN res_partner p ON p.id = l.sender_id
  LEFT JOIN esurat_disposition d ON d.id = h.disposition_id
"""
HOLDS_ORDER = "h.urgency DESC, h.deadline, h.id DESC"
OPEN_HOLDS = "h.user_id = %(user)s AND h.state IN ('unread', 'read')"
LETTERS = """
SELECT l.id, l.state, l.agenda_number, l.register_date, l.number, l.letter_date, l.subject, l.urgency, l.deadline,
       p.complete_name
  FROM ({page}) l
  LEFT JOIN res_partner p ON p.id = l.sender_id
"""
LETTERS_ORDER = "l.register_date DESC, l.id DESC"
MY_HOLDS = "h.user_id = %(user)s AND h.state NOT IN ('waiting', 'recalled')"
MINE = f"EXISTS (SELECT FROM esurat_holder h WHERE h.letter_id = l.id AND {MY_HOLDS})"
REGISTER = "l.company_id = %(company)s AND l.direction = 'incoming' AND l.security_class IN ('open', 'restricted')"
OF_SENDER = "l.sender_id IN (SELECT id FROM res_partner WHERE complete_name ILIKE %(text)s)"


def cases(lab):
    """Return the cases of the floor.

    :param Lab lab: the database
    :rtype: list[Case]
    """
    number, topic, sender = (f"%{text}%" for text in (lab.letter["number"], acts.topic(lab), acts.sender()))

    def letters(*conditions, text=None):
        return partial(
            page, "esurat_letter l", LETTERS, LETTERS_ORDER, " AND ".join(conditions), company=lab.company_id, text=text
        )

    return [
        Case("register", NAME, REGISTRAR, partial(register, lab), acts.drafts),
        Case(
            f"register {BATCH} in a batch", NAME, REGISTRAR, partial(register, lab), partial(acts.drafts, count=BATCH)
        ),
        *(
            Case(f"dispose to {n}", NAME, CHIEF, partial(dispose, lab, people=lab.colleagues[:n]), acts.opened)
            for n in PEOPLE
        ),
        Case("dispose by the dialogue", NAME, CHIEF, partial(dispose, lab, people=lab.colleagues[:30]), acts.opened),
        Case("open and mark read", NAME, CHIEF, partial(open_letter, lab), acts.addressed),
        Case("complete", NAME, "bench_staff_0", partial(follow_up, lab), acts.disposed),
        Case("complete by the dialogue", NAME, "bench_staff_0", partial(follow_up, lab), acts.disposed),
        Case("read the form", NAME, HEAD, partial(read_form, letter_id=lab.letter["id"])),
        Case("inbox page", NAME, HEAD, partial(page, "esurat_holder h", HOLDS, HOLDS_ORDER, OPEN_HOLDS)),
        Case("inbox counters", NAME, HEAD, count_inbox),
        Case("my letters page", NAME, HEAD, letters("l.company_id = %(company)s", MINE)),
        Case("my letters count", NAME, HEAD, count_mine),
        Case("register page", NAME, REGISTRAR, letters(REGISTER)),
        Case("search a number", NAME, REGISTRAR, letters(REGISTER, "l.number ILIKE %(text)s", text=number)),
        Case("search a subject", NAME, REGISTRAR, letters(REGISTER, "l.subject ILIKE %(text)s", text=topic)),
        Case("search a sender", NAME, REGISTRAR, letters(REGISTER, OF_SENDER, text=sender)),
    ]


def page(source, select, order, where, env, _subject, **values):
    """Read the first page of a list, and count what there is as far as a web client does."""
    values["user"] = env.uid
    first = f"SELECT * FROM {source} WHERE {where} ORDER BY {order} LIMIT {PAGE}"
    env.cr.execute(f"{select.format(page=first)} ORDER BY {order}", values)
    if len(env.cr.fetchall()) == PAGE:
        count(env, f"SELECT FROM {source} WHERE {where}", values)


def count(env, query, values):
    """Count the rows of a query as far as a web client does."""
    env.cr.execute(f"SELECT COUNT(*) FROM ({query} LIMIT {COUNT_LIMIT}) t", values)
    env.cr.fetchall()


def count_mine(env, _subject):
    """Count the letters that the user holds."""
    count(env, f"SELECT DISTINCT letter_id FROM esurat_holder h WHERE {MY_HOLDS}", {"user": env.uid})


def count_inbox(env, _subject):
    """Count the open holds of the user, and the late ones, by kind."""
    env.cr.execute(
        f"""
        SELECT role, state, disposition_id IS NULL, COUNT(*), COUNT(*) FILTER (WHERE deadline < CURRENT_DATE)
          FROM esurat_holder h WHERE {OPEN_HOLDS} GROUP BY 1, 2, 3
        """,
        {"user": env.uid},
    )
    env.cr.fetchall()


def read_form(env, _subject, letter_id):
    """Read a letter with its holders."""
    for query in (
        "SELECT l.*, p.complete_name FROM esurat_letter l LEFT JOIN res_partner p ON p.id = l.sender_id"
        " WHERE l.id = %s",
        "SELECT h.*, d.note FROM esurat_holder h LEFT JOIN esurat_disposition d ON d.id = h.disposition_id"
        " WHERE h.letter_id = %s",
    ):
        env.cr.execute(query, [letter_id])
        env.cr.fetchall()


def insert(env, table, rows, returning=None):
    """Insert rows by one statement.

    :param list rows: dicts with the same keys
    :param str returning: a column to be returned of each row
    """
    columns = ", ".join(rows[0])
    cell = f"({', '.join(['%s'] * len(rows[0]))})"
    query = f"INSERT INTO {table} ({columns}) VALUES {', '.join([cell] * len(rows))}"
    env.cr.execute(
        f"{query} RETURNING {returning}" if returning else query, [value for row in rows for value in row.values()]
    )
    return [value for (value,) in env.cr.fetchall()] if returning else None


def stamped(env):
    """Return what the ORM writes into each row."""
    now = env.cr.now()
    return {"create_uid": env.uid, "write_uid": env.uid, "create_date": now, "write_date": now}


def register(lab, env, drafts):
    """Insert letters with file, addressees, holds, message, notifications and pushes."""
    taken = f"(SELECT MAX(serial) FROM esurat_letter WHERE series_id = {lab.series_id} AND year = 2026)"
    env.cr.execute(f"SELECT COALESCE({taken}, 0)")
    [last] = env.cr.fetchone()
    common = {"company_id": lab.company_id, "type_id": lab.type_id, "urgency": "0"}
    letter_ids = insert(
        env,
        "esurat_letter",
        [
            {
                **common,
                **stamped(env),
                "direction": "incoming",
                "state": "registered",
                "security_class": "open",
                "medium": "paper",
                "subject": draft["subject"],
                "sender_id": draft["sender_id"],
                "number": draft["number"],
                "letter_date": draft["letter_date"],
                "received_date": env.cr.now(),
                "register_date": env.cr.now(),
                "series_id": lab.series_id,
                "year": 2026,
                "serial": last + index,
                "agenda_number": f"{last + index:05d}",
                "uuid": draft["number"],
            }
            for index, draft in enumerate(drafts, 1)
        ],
        "id",
    )
    letters = list(zip(letter_ids, drafts, strict=True))
    insert(
        env,
        "ir_attachment",
        [
            {
                **stamped(env),
                "res_model": "esurat.letter",
                "res_id": letter_id,
                "name": draft["scan_name"],
                "type": "binary",
                "mimetype": "application/pdf",
                "file_size": len(draft["scan"]),
                "checksum": hashlib.sha1(draft["number"].encode()).hexdigest(),
                "store_fname": draft["number"],
            }
            for letter_id, draft in letters
        ],
    )
    env.cr.execute(
        "UPDATE esurat_letter l SET message_main_attachment_id = a.id FROM ir_attachment a"
        " WHERE a.res_model = 'esurat.letter' AND a.res_id = l.id AND l.id = ANY(%s)",
        [letter_ids],
    )
    addressed = [(letter_id, user_id) for letter_id, draft in letters for user_id in draft["recipient_ids"]]
    rows = [{"esurat_letter_id": letter_id, "res_users_id": user_id} for letter_id, user_id in addressed]
    insert(env, "esurat_letter_res_users_rel", rows)
    insert(env, "esurat_holder", [{**hold(env, letter_id, user_id), **common} for letter_id, user_id in addressed])
    tell(lab, env, [(letter_id, draft["recipient_ids"]) for letter_id, draft in letters])


def hold(env, letter_id, user_id):
    """Return the row of an unread hold."""
    return {
        **stamped(env),
        "letter_id": letter_id,
        "user_id": user_id,
        "role": "responsible",
        "state": "unread",
        "issuer_id": env.uid,
        "holder_name": "Pegawai",
        "holder_position": "Pelaksana",
    }


def tell(lab, env, told):
    """Insert a message on each letter, with notifications and pushes: *told* is a list of ``(letter id, user ids)``."""
    messages = insert(
        env,
        "mail_message",
        [
            {
                **stamped(env),
                "model": "esurat.letter",
                "res_id": letter_id,
                "message_type": "notification",
                "author_id": lab.partners[env.uid],
                "body": "<p>Segera</p>",
                "date": env.cr.now(),
                "message_id": f"<{lab.number()}@bench>",
            }
            for letter_id, _user_ids in told
        ],
        "id",
    )
    people = [
        (message_id, lab.partners[user_id])
        for message_id, (_letter_id, user_ids) in zip(messages, told, strict=True)
        for user_id in user_ids
    ]
    insert(
        env,
        "mail_notification",
        [
            {
                "mail_message_id": message_id,
                "res_partner_id": partner_id,
                "author_id": lab.partners[env.uid],
                "notification_type": "inbox",
                "notification_status": "sent",
                "is_read": False,
            }
            for message_id, partner_id in people
        ],
    )
    push(env, [(partner_id, {"message_id": message_id}) for message_id, partner_id in people])


def push(env, people):
    """Insert what the bus carries to people: *people* is a list of ``(partner id, payload)``."""
    insert(
        env,
        "bus_bus",
        [
            {
                **stamped(env),
                "channel": json.dumps([env.cr.dbname, "res.partner", partner_id]),
                "message": json.dumps({"type": "mail.message/inbox", "payload": payload}),
            }
            for partner_id, payload in people
        ],
    )


def dispose(lab, env, hold_id, people):
    """Insert a disposition with its holds, message, notifications and pushes."""
    env.cr.execute("SELECT letter_id FROM esurat_holder WHERE id = %s FOR UPDATE", [hold_id])
    [letter_id] = env.cr.fetchone()
    common = {"letter_id": letter_id, "company_id": lab.company_id}
    disposition = {**stamped(env), **common, "source_id": hold_id, "issuer_id": env.uid, "note": "Segera"}
    [disposition_id] = insert(env, "esurat_disposition", [disposition], "id")
    chosen = {"esurat_disposition_id": disposition_id, "esurat_instruction_id": lab.instruction_id}
    insert(env, "esurat_disposition_esurat_instruction_rel", [chosen])
    given = {**common, "disposition_id": disposition_id, "parent_id": hold_id, "urgency": "0", "type_id": lab.type_id}
    insert(env, "esurat_holder", [{**hold(env, letter_id, user_id), **given} for user_id in people])
    env.cr.execute("UPDATE esurat_holder SET state = 'done', done_date = now() WHERE id = %s", [hold_id])
    env.cr.execute("UPDATE esurat_letter SET state = 'in_progress' WHERE id = %s", [letter_id])
    tell(lab, env, [(letter_id, people)])


def open_letter(lab, env, letter_ids):
    """Update a hold, its letter and its notifications, with one push."""
    env.cr.execute(
        "UPDATE esurat_holder SET state = 'read', read_date = now() WHERE letter_id = ANY(%s) AND user_id = %s",
        [letter_ids, env.uid],
    )
    env.cr.execute("UPDATE esurat_letter SET state = 'in_progress' WHERE id = ANY(%s)", [letter_ids])
    env.cr.execute(
        """
        UPDATE mail_notification n SET is_read = true, read_date = now() FROM mail_message m
         WHERE m.id = n.mail_message_id AND m.model = 'esurat.letter' AND m.res_id = ANY(%s) AND n.res_partner_id = %s
        """,
        [letter_ids, lab.partners[env.uid]],
    )
    push(env, [(lab.partners[env.uid], {"message_ids": letter_ids})])


def follow_up(lab, env, hold_id):
    """Update a hold and tell its issuer."""
    env.cr.execute(
        "UPDATE esurat_holder SET state = 'done', read_date = now(), done_date = now(), response = 'Sudah dilaksanakan'"
        " WHERE id = %s RETURNING letter_id, issuer_id",
        [hold_id],
    )
    letter_id, issuer_id = env.cr.fetchone()
    tell(lab, env, [(letter_id, [issuer_id])])
