"""What people do with esurat, each as the web client asks for it."""

import base64
from functools import partial

from bench.lab import COUNT_LIMIT, PAGE, Case
from bench.people import CHIEF, HEAD, REGISTRAR

BATCH = 100
PEOPLE = (1, 30, 100)

NAME = "esurat"


def cases(lab):
    """Return the cases of esurat, in the order of the table.

    :param Lab lab: the database
    :rtype: list[Case]
    """
    holds = lab.specification("esurat.holder", "list", "esurat.holder_view_list")
    letters = lab.specification("esurat.letter", "list", "esurat.letter_view_list")
    form = lab.specification("esurat.letter", "form")
    register = partial(page, "esurat.letter", specification=letters)
    incoming = [("direction", "=", "incoming")]
    return [
        Case("register", NAME, REGISTRAR, register_letters, drafts),
        Case(f"register {BATCH} in a batch", NAME, REGISTRAR, register_letters, partial(drafts, count=BATCH)),
        *(Case(f"dispose to {n}", NAME, CHIEF, partial(dispose, people=lab.colleagues[:n]), opened) for n in PEOPLE),
        Case("dispose by the dialogue", NAME, CHIEF, confirm, partial(dispose_dialogue, people=lab.colleagues[:30])),
        Case("open and mark read", NAME, CHIEF, open_letter, addressed),
        Case("complete", NAME, "bench_staff_0", follow_up, disposed),
        Case("complete by the dialogue", NAME, "bench_staff_0", confirm, follow_up_dialogue),
        Case("read the form", NAME, HEAD, lambda env, _: env["esurat.letter"].browse(lab.letter["id"]).web_read(form)),
        Case("inbox page", NAME, HEAD, partial(page, "esurat.holder", my_inbox, specification=holds)),
        Case("inbox counters", NAME, HEAD, lambda env, _: env["esurat.holder"]._count_trays()),
        Case("my letters page", NAME, HEAD, partial(register, [])),
        Case("my letters count", NAME, HEAD, lambda env, _: env["esurat.letter"].search_count([], COUNT_LIMIT)),
        Case("register page", NAME, REGISTRAR, partial(register, incoming)),
        Case("search a number", NAME, REGISTRAR, partial(register, [*incoming, *words(lab.letter["number"])])),
        Case("search a subject", NAME, REGISTRAR, partial(register, [*incoming, *words(topic(lab))])),
        Case("search a sender", NAME, REGISTRAR, partial(register, [*incoming, ("sender_id", "ilike", sender())])),
    ]


def page(model, domain, env, _subject, specification):
    """Read the first page of a list, and count what there is as far as a web client does.

    :param domain: a domain, or a function of the environment that returns one
    """
    domain = domain(env) if callable(domain) else domain
    return env[model].web_search_read(domain, specification, limit=PAGE, count_limit=COUNT_LIMIT)


def my_inbox(env):
    """Return the domain of the inbox."""
    return [("user_id", "=", env.uid), ("is_to_do", "=", True)]


def words(text):
    """Return what the search box of the register makes of *text*."""
    return ["|", "|", ("subject", "ilike", text), ("number", "ilike", text), ("agenda_number", "ilike", text)]


def topic(lab):
    """Return words that one letter in a hundred has in its subject."""
    return lab.letter["subject"].split(" ", 1)[1].split(" tahun")[0]


def sender():
    """Return the name of one of the senders."""
    return "Dinas 07 Kabupaten 03"


def drafts(lab, count=1):
    """Return the values of letters to be registered, each with a scan and three addressees."""
    addressees = [lab.users[f"bench_chief_{index}"] for index in (1, 2, 3)]
    return [
        {
            "subject": "Undangan rapat koordinasi",
            "sender_id": lab.senders[0],
            "number": lab.number(),
            "letter_date": "2026-01-05",
            "type_id": lab.type_id,
            "recipient_ids": addressees,
            "scan": base64.b64encode(lab.scan()).decode(),
            "scan_name": "scan.pdf",
        }
        for _index in range(count)
    ]


def register_letters(env, values):
    """Take letters in and register them."""
    env["esurat.letter"].create(values).action_register()


def addressed(lab, users=None, count=1):
    """Register letters and return their ids; not measured.

    :param list users: ids of whom each is addressed to, in turn; the chief without it
    """
    users = users or [lab.users[CHIEF]]
    with lab.env(REGISTRAR) as env:
        letters = env["esurat.letter"].create(
            [
                {
                    "subject": "Undangan rapat koordinasi",
                    "sender_id": lab.senders[0],
                    "type_id": lab.type_id,
                    "recipient_ids": [users[index % len(users)]],
                }
                for index in range(count)
            ]
        )
        letters.action_register()
        return letters.ids


def opened(lab):
    """Return the hold of a chief who has opened her letter; not measured."""
    letter_ids = addressed(lab)
    with lab.env(CHIEF) as env:
        letter = env["esurat.letter"].browse(letter_ids)
        letter.action_open()
        return letter.my_hold_id.id


def disposed(lab):
    """Return the hold of somebody to whom a letter was passed on; not measured."""
    hold_id = opened(lab)
    with lab.env(CHIEF) as env:
        dispose(env, hold_id, [lab.users["bench_staff_0"]])
        return env["esurat.holder"].browse(hold_id).child_ids.id


def dispose(env, hold_id, people):
    """Pass a letter on to one who answers for it and to copies."""
    users = env["res.users"].browse(people)
    instructions = env.ref("esurat.instruction_process")
    env["esurat.holder"].browse(hold_id)._dispose(users[0], users[1:], instructions, note="Segera")


def dispose_dialogue(lab, people):
    """Fill the dialogue that passes a letter on and return it; not measured."""
    hold_id = opened(lab)
    with lab.env(CHIEF) as env:
        values = {
            "holder_ids": [(4, hold_id)],
            "responsible_id": people[0],
            "copy_ids": [(6, 0, people[1:])],
            "instruction_ids": [(6, 0, [lab.instruction_id])],
            "note": "Segera",
        }
        return "esurat.dispose", env["esurat.dispose"].create(values).id


def follow_up_dialogue(lab):
    """Fill the dialogue that reports what was done and return it; not measured."""
    hold_id = disposed(lab)
    with lab.env("bench_staff_0") as env:
        values = {"holder_ids": [(4, hold_id)], "act": "follow_up", "response": "Sudah dilaksanakan"}
        return "esurat.respond", env["esurat.respond"].create(values).id


def confirm(env, dialogue):
    """Do what a dialogue says: *dialogue* is its model and id."""
    model, record_id = dialogue
    env[model].browse(record_id).action_confirm()


def open_letter(env, letter_ids):
    """Note that a letter was opened."""
    env["esurat.letter"].browse(letter_ids).action_open()


def follow_up(env, hold_id):
    """Report that a disposition was carried out."""
    env["esurat.holder"].browse(hold_id)._follow_up("Sudah dilaksanakan")
