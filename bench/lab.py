"""Measuring: what a case is, how it is run once, and how all of them are run in turn."""

import gc
import io
import itertools
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from typing import NamedTuple

import pikepdf
from lxml import etree
from psycopg2.errors import QueryCanceled

from odoo import SUPERUSER_ID, api, sql_db
from odoo.modules.registry import Registry

from bench.people import CHIEF, HEAD, REGISTRAR
from tools.say import say

SCAN_BYTES = 100_000
PAGE = 80
COUNT_LIMIT = 10_001  # what the web client counts up to
LEAST = 3  # repetitions of a case, however slow
PATIENCE = 60_000  # milliseconds that one query may take


class Case(NamedTuple):
    """One contestant in one operation."""

    operation: str
    contestant: str
    user: str  # login of whoever acts
    act: Callable  # act(env, subject), with a record cache that is empty
    prepare: Callable = None  # prepare(lab): makes the subject of one repetition, committed and not measured


class Sample(NamedTuple):
    """One measured repetition."""

    seconds: float  # until the transaction is committed and what follows a commit has run
    queries: int  # of the act's own cursor
    others: int  # queries of further cursors: numbers, bus


class Lab:
    """One filled database: its registry, its people, and the records that cases refer to."""

    def __init__(self, name):
        """:param str name: the database"""
        self.name = name
        self.registry = Registry(name)
        self._serial = itertools.count(1)
        with self.env() as env:
            users = env["res.users"].search([("login", "=like", "bench%")], order="id")
            self.users = dict(zip(users.mapped("login"), users.ids, strict=True))
            self.partners = dict(zip(users.ids, users.partner_id.ids, strict=True))
            chief = env["hr.department"].search([("manager_id.user_id", "=", self.users[CHIEF])], limit=1)
            below = env["hr.employee"].search([("department_id", "child_of", chief.id)], order="id").user_id
            self.colleagues = [user.id for user in below if user.login.startswith("bench_staff")]
            self.company_id = env.ref("base.main_company").id
            self.type_id = env.ref("esurat.type_official").id
            self.instruction_id = env.ref("esurat.instruction_process").id
            self.series_id = env["esurat.series"]._id_for(self.company_id, "incoming", self.type_id)
            self.senders = env["res.partner"].search([("ref", "=like", "bench%")], order="id").ids
            self.project_id = env["project.project"].search([("name", "=like", "Bench%")], limit=1).id
            self.done_task_stage_id = env["project.task.type"].search([("name", "=", "Done")], limit=1).id
            self.done_request_stage_id = env["maintenance.stage"].search([("done", "=", True)], limit=1).id
            held = [("user_id", "=", self.users[HEAD]), ("letter_id.state", "=", "done")]
            self.letter = env["esurat.holder"].search([*held, ("urgency", "=", "0")], order="id", limit=1).letter_id
            self.letter = {"id": self.letter.id, "number": self.letter.number, "subject": self.letter.subject}
            assigned = [("user_ids", "in", self.users[HEAD]), ("project_id", "!=", False)]
            self.task_id = env["project.task"].search(assigned, order="id", limit=1).id
            self.request_id = (
                env["maintenance.request"].search([("user_id", "=", self.users[HEAD])], order="id", limit=1).id
            )

    @contextmanager
    def env(self, login=None):
        """Give an environment with a cursor of its own, committed at the end.

        :param str login: whose; nobody's means the superuser's
        """
        with self.registry.cursor() as cr:
            yield self.environment(cr, login)

    def environment(self, cr, login=None):
        """Return an environment as a request of a web client has it.

        :param str login: whose; nobody's means the superuser's
        """
        if not login:
            return api.Environment(cr, SUPERUSER_ID, {})
        context = {"lang": "en_US", "tz": "Asia/Jakarta", "allowed_company_ids": [self.company_id]}
        return api.Environment(cr, self.users[login], {**context, "uid": self.users[login]})

    def number(self):
        """Return a number that this database has not seen from us."""
        return f"B/{next(self._serial)}/{time.time_ns()}"

    def scan(self):
        """Return a PDF (bytes) of the size of a scanned page, unlike any other."""
        document = pikepdf.new()
        document.add_blank_page()
        document.Root.Noise = document.make_stream(self.number().encode().ljust(SCAN_BYTES, b"\x91"))
        buffer = io.BytesIO()
        document.save(buffer, compress_streams=False)
        return buffer.getvalue()

    def specification(self, model, view_type, view=None):
        """Return the specification with which a web client reads for a view.

        :param str model: the model
        :param str view_type: "list" or "form"
        :param str view: external id of the view, none for the default one
        :rtype: dict
        """
        with self.env(REGISTRAR if view_type == "list" else HEAD) as env:
            arch = env[model].get_view(view and env.ref(view).id, view_type)["arch"]
            return _specification(env[model], etree.fromstring(arch))


def _specification(model, node):
    """Return what the fields in *node* ask of *model*, those of inline views for their own model."""
    found = {}
    for element in node.iterdescendants("field"):
        field = model._fields.get(element.get("name"))
        if next(element.iterancestors("field", node.tag)) is not node or not field:
            continue
        found[field.name] = {}
        if field.relational and field.type != "many2one":
            inline = next(iter(element), None)
            below = {} if inline is None else _specification(model.env[field.comodel_name], inline)
            if "tags" in element.get("widget", ""):
                below["display_name"] = {}
            found[field.name] = {"fields": below} if below else {}
        elif field.type == "many2one":
            found[field.name] = {"fields": {"display_name": {}}}
    return found


def once(lab, case):
    """Run a case once, in a new transaction that is committed.

    :rtype: Sample
    """
    subject = case.prepare(lab) if case.prepare else None
    with lab.registry.cursor() as cr:
        cr.execute("SET LOCAL statement_timeout = %s", [PATIENCE])
        before = cr.sql_log_count
        counted = sql_db.sql_counter
        start = time.perf_counter()
        case.act(lab.environment(cr, case.user), subject)
        cr.commit()
        seconds = time.perf_counter() - start
        own = cr.sql_log_count - before
        return Sample(seconds, own, sql_db.sql_counter - counted - own)


def run(lab, cases, rounds, budget):
    """Run all cases in turn, round after round, so that whatever slows the machine down for a while hits all alike.

    :param list cases: in the order of the turns
    :param int rounds: repetitions of each case, after one that only warms
    :param float budget: seconds after which a slow case sits the remaining rounds out
    :return: ``{case: [Sample]}``; a case that loses patience is not in it
    """
    cases = [case for case in cases if _ends(lab, case)]
    # what is loaded by now stays: the collector need not walk through it during the acts
    gc.collect()
    gc.freeze()
    samples = {case: [] for case in cases}
    for _round in range(rounds):
        for case in cases:
            done = samples[case]
            if len(done) < LEAST or sum(sample.seconds for sample in done) < budget:
                done.append(once(lab, case))
    return samples


def _ends(lab, case):
    """Run a case for the first time and tell whether it comes to its end."""
    try:
        once(lab, case)
    except QueryCanceled:
        say(f"bench: {case.operation} of {case.contestant} takes over {PATIENCE // 1000} s; left out")
        return False
    return True


def queries(lab, case):
    """Return the queries that a case executes: ``[(SQL, parameters)]``."""
    seen = []
    thread = threading.current_thread()
    subject = case.prepare(lab) if case.prepare else None
    with lab.env(case.user) as env:
        thread.query_hooks = [lambda _cr, query, params, *_times: seen.append((query, params))]
        try:
            case.act(env, subject)
        finally:
            del thread.query_hooks
    return seen
