"""The same work done with stock models of Odoo: what an agency without esurat would use."""

from functools import partial

from bench.acts import BATCH, PEOPLE, page, topic
from bench.lab import COUNT_LIMIT, Case
from bench.people import CHIEF, HEAD, REGISTRAR

TASK, REQUEST, NOTIFY = "project.task", "maintenance.request", "message_notify"

NO_TEMPLATES = ("has_template_ancestor", "=", False)
MY_REQUESTS = [("archive", "=", False), ("stage_id.done", "=", False)]
TEAM_COUNTERS = [
    "todo_request_count",
    "todo_request_count_date",
    "todo_request_count_high_priority",
    "todo_request_count_block",
    "todo_request_count_unscheduled",
]


def cases(lab):
    """Return the cases of the peers.

    :param Lab lab: the database
    :rtype: list[Case]
    """
    my_tasks = lab.specification(TASK, "list", "project.open_view_my_tasks_list_view")
    all_tasks = lab.specification(TASK, "list", "project.open_view_all_tasks_list_view")
    requests = lab.specification(REQUEST, "list")
    forms = {model: lab.specification(model, "form") for model in (TASK, REQUEST)}
    tasks = partial(page, TASK, specification=all_tasks)

    def read(model, record_id):
        return lambda env, _: env[model].browse(record_id).web_read(forms[model])

    return [
        Case("register", TASK, REGISTRAR, create, tasks_to_be),
        Case("register", REQUEST, REGISTRAR, create, requests_to_be),
        Case(f"register {BATCH} in a batch", TASK, REGISTRAR, create, partial(tasks_to_be, count=BATCH)),
        Case(f"register {BATCH} in a batch", REQUEST, REGISTRAR, create, partial(requests_to_be, count=BATCH)),
        *(Case(f"dispose to {n}", TASK, CHIEF, partial(assign, people=lab.colleagues[:n]), task) for n in PEOPLE),
        *(
            Case(
                f"dispose to {n}",
                NOTIFY,
                CHIEF,
                partial(notify, partner_ids=[lab.partners[user] for user in lab.colleagues[:n]]),
                task,
            )
            for n in PEOPLE
        ),
        Case("open and mark read", TASK, CHIEF, mark_read, task),
        Case("complete", TASK, CHIEF, partial(finish_task, stage_id=lab.done_task_stage_id), task),
        Case("complete", REQUEST, CHIEF, partial(finish_request, stage_id=lab.done_request_stage_id), request),
        Case("read the form", TASK, HEAD, read(TASK, lab.task_id)),
        Case("read the form", REQUEST, HEAD, read(REQUEST, lab.request_id)),
        Case("inbox page", TASK, HEAD, partial(page, TASK, my_open_tasks, specification=my_tasks)),
        Case("inbox page", REQUEST, HEAD, partial(page, REQUEST, my_open_requests, specification=requests)),
        Case("inbox counters", TASK, HEAD, count_tasks),
        Case("inbox counters", REQUEST, HEAD, lambda env, _: env["maintenance.team"].search([]).read(TEAM_COUNTERS)),
        Case("my letters page", TASK, HEAD, partial(page, TASK, my_tasks_of, specification=all_tasks)),
        Case("my letters page", REQUEST, HEAD, partial(page, REQUEST, [], specification=requests)),
        Case("my letters count", TASK, HEAD, lambda env, _: env[TASK].search_count(my_tasks_of(env), COUNT_LIMIT)),
        Case("my letters count", REQUEST, HEAD, lambda env, _: env[REQUEST].search_count([], COUNT_LIMIT)),
        Case("register page", TASK, REGISTRAR, partial(tasks, [NO_TEMPLATES])),
        Case("search a number", TASK, REGISTRAR, partial(tasks, [NO_TEMPLATES, ("name", "ilike", last_word(lab))])),
        Case("search a subject", TASK, REGISTRAR, partial(tasks, [NO_TEMPLATES, ("name", "ilike", topic(lab))])),
    ]


def my_tasks_of(env):
    """Return the domain of "My Tasks", open or not."""
    return [("user_ids", "in", env.uid), NO_TEMPLATES]


def my_open_tasks(env):
    """Return the domain of "My Tasks" with the filter it opens with."""
    return [*my_tasks_of(env), ("is_closed", "=", False)]


def my_open_requests(env):
    """Return the domain of the requests somebody is responsible for, with the filter their menu opens with."""
    return [("user_id", "=", env.uid), *MY_REQUESTS]


def last_word(lab):
    """Return the end of a subject, which no other subject has."""
    return " ".join(lab.letter["subject"].split()[-2:])


def count_tasks(env, _subject):
    """Count the tasks of each personal stage, as "My Tasks" does."""
    env[TASK].formatted_read_group(my_open_tasks(env), ["personal_stage_type_id"], ["__count"])


def tasks_to_be(lab, count=1):
    """Return the values of tasks with three assignees, and their files."""
    values = {
        "name": "Undangan rapat koordinasi",
        "project_id": lab.project_id,
        "user_ids": [(6, 0, [lab.users[f"bench_chief_{index}"] for index in (1, 2, 3)])],
    }
    return TASK, [dict(values) for _index in range(count)], [lab.scan() for _index in range(count)]


def requests_to_be(lab, count=1):
    """Return the values of maintenance requests, and their files."""
    values = {"name": "Undangan rapat koordinasi", "user_id": lab.users["bench_chief_1"]}
    return REQUEST, [dict(values) for _index in range(count)], [lab.scan() for _index in range(count)]


def create(env, subject):
    """Create records with a file each."""
    model, values, files = subject
    records = env[model].create(values)
    env["ir.attachment"].create(
        [
            {"name": "scan.pdf", "raw": content, "res_model": model, "res_id": record.id}
            for record, content in zip(records, files, strict=True)
        ]
    )


def task(lab):
    """Create a task that is assigned to the chief and return its id; not measured."""
    with lab.env(REGISTRAR) as env:
        values = {"name": "Undangan", "project_id": lab.project_id, "user_ids": [(6, 0, [lab.users[CHIEF]])]}
        return env[TASK].create(values).id


def request(lab):
    """Create a maintenance request that the chief is responsible for and return its id; not measured."""
    with lab.env(REGISTRAR) as env:
        return env[REQUEST].create({"name": "Undangan", "user_id": lab.users[CHIEF]}).id


def assign(env, task_id, people):
    """Assign a task to further people."""
    env[TASK].browse(task_id).write({"user_ids": [(4, user_id) for user_id in people]})


def notify(env, task_id, partner_ids):
    """Notify people of a task and nothing else."""
    env[TASK].browse(task_id).message_notify(partner_ids=partner_ids, subject="Disposisi", body="Segera")


def mark_read(env, task_id):
    """Look at a task and mark what one was told of it as read."""
    env[TASK].browse(task_id).read(["name", "state"])
    told = [("model", "=", TASK), ("res_id", "=", task_id), ("needaction", "=", True)]
    env["mail.message"].search(told).set_message_done()


def finish_task(env, task_id, stage_id):
    """Complete a task, with a word on it for those who follow."""
    env[TASK].browse(task_id).write({"stage_id": stage_id, "state": "1_done"})
    env[TASK].browse(task_id).message_post(body="Sudah dilaksanakan", subtype_xmlid="mail.mt_comment")


def finish_request(env, request_id, stage_id):
    """Complete a maintenance request, with a word on it for those who follow."""
    env[REQUEST].browse(request_id).write({"stage_id": stage_id})
    env[REQUEST].browse(request_id).message_post(body="Sudah dilaksanakan", subtype_xmlid="mail.mt_comment")
