import itertools
import json
import os
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.exceptions import AccessError, MissingError, UserError, ValidationError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..models.letter_review import Step
from .common import encoded, pdf
from .test_review import WritingCase

# ESURAT_FUZZ says how many cases; what CI runs is the same each time.
CASES = int(os.environ.get("ESURAT_FUZZ", 500))
CLASSES = ["open", "restricted", "secret", "top_secret"]
BEGINNING = datetime(2026, 3, 2, 1)


# ----------------------------------------------------------------------------------------------------------------------
# Who may read what: written from the two pages of the design, and nothing of it from the code
# ----------------------------------------------------------------------------------------------------------------------


@dataclass
class Hold:
    """Somebody's hold on a letter."""

    user: str
    role: str
    seen: bool  # whether the letter is hers to see: it is her turn, and nobody has taken it back
    issuer: str = ""
    open: bool = True


@dataclass
class Letter:
    """A letter as far as it matters who sees it."""

    security_class: int
    incoming: bool
    begun: bool = False
    closed: bool = False
    holds: list = field(default_factory=list)


@dataclass
class World:
    """What is known of people and letters."""

    registrars: set
    strangers: set  # of other agencies
    clearance: dict
    now: datetime = BEGINNING
    letters: dict = field(default_factory=dict)
    delegations: list = field(default_factory=list)  # (principal, deputy, scope, class, begins, ends, kind)

    def acts_for(self, user, letter, scope=0):
        """Yield *user* and those she acts for at this moment on *letter*, with a *scope* of 0 (read) to 2 (sign)."""
        yield user
        for principal, deputy, allowed, up_to, begins, ends, _kind in self.delegations:
            highest = min(up_to, self.clearance[principal], self.clearance[user])
            if deputy == user and begins <= self.now < ends and allowed >= scope and letter.security_class <= highest:
                yield principal

    def sees(self, user, letter):
        """Tell whether *user* sees *letter*."""
        if user in self.strangers:
            return False
        if user in self.registrars and letter.security_class <= 1:
            return True
        people = list(self.acts_for(user, letter))
        return any(
            hold.user in people
            and hold.seen
            and (hold.user != user or hold.role == "author" or letter.security_class <= self.clearance[user])
            for hold in letter.holds
        )

    def release(self, letter):
        """Who has taken a letter in and may not read it sees it no more, unless it is a closed envelope still."""
        for hold in letter.holds:
            if letter.incoming and not letter.closed and hold.role == "author":
                hold.seen = hold.seen and (
                    letter.security_class < 2 or self.clearance[hold.user] >= letter.security_class
                )

    def begin(self, letter):
        """Somebody whom *letter* is for has read it: an envelope that was registered closed is closed no more."""
        if letter.incoming and not letter.begun:
            for hold in letter.holds:
                if (
                    hold.role == "author"
                    and letter.security_class >= 2
                    and self.clearance[hold.user] < (letter.security_class)
                ):
                    hold.seen = False
        letter.begun = True


# ----------------------------------------------------------------------------------------------------------------------


@tagged("post_install", "-at_install")
class TestAccessFuzz(WritingCase, HttpCase):
    """People register, pass on, take back, write, review, appoint deputies and change classes in any order: each sees
    what the model above says, by every way in which a letter or anything of it can be found or fetched."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.doorkeeper = cls._person("doorkeeper", "Penerima Surat", cls.secretariat, groups="esurat.group_registrar")
        names = (
            *("head", "secretary", "chief", "other_chief", "leader", "staff", "clerk", "stranger"),
            *("registrar", "doorkeeper", "admin", "neighbour", "neighbour_registrar"),
        )
        cls.people = {name: getattr(cls, name) for name in names}
        cls.names = {user: name for name, user in cls.people.items()}
        for user in cls.people.values():
            user.password = "kata-sandi-uji-1"
        expiry = fields.Datetime.add(fields.Datetime.now(), days=1)
        cls.keys = {
            name: cls.env(user=user)["res.users.apikeys"].with_user(user)._generate("rpc", name, expiry)
            for name, user in cls.people.items()
        }
        cls.workers = [name for name in names if name not in ("neighbour", "neighbour_registrar")]

    # what people do: each returns nothing where it is refused, and changes the model where it is done

    def do_register(self, world, pick):
        """A registrar takes a letter in for one or two people."""
        by = pick(["registrar", "doorkeeper", "stranger", "neighbour_registrar"])
        kind, people = pick(range(4)), {pick(self.workers), pick(self.workers)}
        closed = kind >= 2 and world.clearance[by] < kind
        values = {
            "subject": False if closed else f"Perihal {len(world.letters)}",
            "security_class": CLASSES[kind],
            "recipient_ids": [Command.set([self.people[name].id for name in people])],
            "company_id": self.agency.id,
        }
        if not closed:
            values |= {"scan": encoded(pdf(1, str(len(world.letters)))), "scan_name": "a.pdf"}
        letter = self.draft(self.people[by], **values)
        letter.action_register()
        assert by in world.registrars, f"{by} registers"
        model = Letter(kind, incoming=True, closed=closed)
        model.holds = [Hold(name, "responsible", True, by) for name in people]
        if kind >= 2 and by not in people:
            model.holds.append(Hold(by, "author", True))
        world.letters[letter.id] = model

    def _hold(self, world, pick, roles):
        found = [
            (letter_id, hold)
            for letter_id, letter in world.letters.items()
            for hold in letter.holds
            if hold.role in roles
        ]
        return pick(found) if found else (0, None)

    def _record(self, letter_id, hold, by):
        return (
            self.env["esurat.holder"]
            .with_user(self.people[by])
            .search([("letter_id", "=", letter_id), ("user_id", "=", self.people[hold.user].id)])
            .filtered(lambda one: one.role == hold.role)[:1]
        )

    def do_open(self, world, pick):
        """Somebody opens a letter."""
        letter_id, hold = self._hold(world, pick, ("responsible", "copy", "initial", "sign"))
        if not hold:
            return
        by = pick([hold.user, hold.user, pick(self.workers)])
        letter = world.letters[letter_id]
        sees = world.sees(by, letter)
        self.env["esurat.letter"].with_user(self.people[by]).browse(letter_id).action_open()
        assert sees, f"{by} opens {letter}"
        people = [one[0] for one in world.delegations if one[1] == by and one[6] != "assistant"]
        if any(one.role in ("responsible", "copy") and one.seen and one.user == by for one in letter.holds):
            if letter.security_class <= world.clearance[by]:
                world.begin(letter)
        elif any(one.user in people and one.seen for one in letter.holds):
            self._begin_as_stored(world, letter_id)

    def _begin_as_stored(self, world, letter_id):
        """Whether a deputy's opening was a reading depends on her kind; the state of the letter says so."""
        if self.env["esurat.letter"].sudo().browse(letter_id).state == "in_progress":
            world.begin(world.letters[letter_id])

    def do_dispose(self, world, pick):
        """Somebody passes a letter on."""
        letter_id, hold = self._hold(world, pick, ("responsible", "copy"))
        if not hold:
            return
        by = pick([hold.user, hold.user, pick(self.workers)])
        to, copy = pick(self.workers), pick(self.workers)
        letter = world.letters[letter_id]
        may = hold.seen and hold.user in list(world.acts_for(by, letter, scope=1))
        record = self._record(letter_id, hold, by)
        users = self.env["res.users"].with_user(self.people[by])
        record._dispose(
            users.browse(self.people[to].id),
            users.browse(self.people[copy].id if copy != to else ()),
            self.process.with_user(self.people[by]),
        )
        assert may, f"{by} passes on {letter}"
        assert all(world.clearance[name] >= letter.security_class for name in (to, copy))
        world.begin(letter)
        letter.holds.append(Hold(to, "responsible", True, hold.user))
        if copy != to:
            letter.holds.append(Hold(copy, "copy", True, hold.user))

    def do_recall(self, world, pick):
        """An issuer takes back what was not read."""
        letter_id, hold = self._hold(world, pick, ("responsible", "copy"))
        if not hold:
            return
        by = pick([hold.issuer, hold.issuer, pick(self.workers)])
        letter = world.letters[letter_id]
        direct = hold.issuer in ("registrar", "doorkeeper")
        may = hold.issuer in list(world.acts_for(by, letter, scope=1)) or direct and by in world.registrars
        record = self._record(letter_id, hold, by)
        record._recall()
        assert may and world.sees(by, letter), f"{by} recalls {hold} of {letter}"
        hold.seen = False
        hold.role = "gone"

    def do_change_class(self, world, pick):
        """Somebody changes the class of a letter."""
        if not world.letters:
            return
        letter_id = pick(sorted(world.letters))
        by, kind = pick(["registrar", "doorkeeper", *self.workers]), pick(range(4))
        letter = world.letters[letter_id]
        sees = world.sees(by, letter)
        record = self.env["esurat.letter"].with_user(self.people[by]).browse(letter_id)
        record.security_class = CLASSES[kind]
        assert sees and (by in world.registrars or not letter.incoming), f"{by} changes the class of {letter}"
        secret = letter.security_class >= 2 and letter.incoming
        assert not secret or not letter.closed and world.clearance[by] >= letter.security_class
        assert not secret or any(one.user == by and one.seen for one in letter.holds), "who reads for others changes it"
        own = any(one.user == by and one.seen for one in letter.holds)
        if kind >= 2 and not own and (world.clearance[by] >= kind or not letter.incoming):
            letter.holds.append(Hold(by, "author", True))
        letter.security_class = kind
        world.release(letter)

    def do_clear(self, world, pick):
        """An administrator changes what somebody may read."""
        by, name, kind = pick(["admin", "admin", "head", "registrar"]), pick(self.workers), pick(range(4))
        Clearance = self.env["esurat.clearance"].with_user(self.people[by])
        Clearance.create({"user_id": self.people[name].id, "security_class": CLASSES[kind], "reason": "SK 1"})
        assert by == "admin" != name, f"{by} gives a clearance"
        world.clearance[name] = kind
        for letter in world.letters.values():
            world.release(letter)

    def do_appoint(self, world, pick):
        """Somebody appoints a deputy."""
        by = pick(["admin", "admin", pick(self.workers)])
        principal, deputy, kind, scope = pick(self.workers), pick(self.workers), pick(range(3)), pick(range(3))
        up_to, begins, lasts = pick(range(4)), pick(range(0, 5)), pick(range(1, 6))
        begins = world.now + timedelta(hours=begins)
        ends = begins + timedelta(hours=lasts)
        kinds = ["acting", "daily_acting", "assistant"]
        self.env["esurat.delegation"].with_user(self.people[by]).create(
            {
                "company_id": self.agency.id,
                "principal_id": self.people[principal].id,
                "deputy_id": self.people[deputy].id,
                "kind": kinds[kind],
                "scope": ["read", "dispose", "sign"][scope],
                "security_class": CLASSES[up_to],
                "date_from": begins,
                "date_to": ends,
                "decree": "800/1",
            }
        )
        assert deputy not in (by, principal) and (by == "admin" or by == principal and kind == 2)
        assert up_to <= min(world.clearance[principal], world.clearance[deputy])
        world.delegations.append((principal, deputy, scope, up_to, begins, ends, kinds[kind]))

    def do_wait(self, world, pick):
        """Time passes."""
        world.now += timedelta(hours=pick(range(1, 5)), seconds=pick([0, 1, 59 * 60 + 59]))

    def do_write(self, world, pick):
        """Somebody writes a letter and submits it to one who initials and one who signs."""
        by, initials, signs = pick(self.workers), pick(self.workers), pick(self.workers)
        kind = pick(range(4))
        letter = self.text(
            self.people[by], security_class=CLASSES[kind], company_id=self.agency.id, subject=f"Jawaban {kind}"
        )
        model = Letter(kind, incoming=False)
        model.holds = [Hold(by, "author", True)]
        world.letters[letter.id] = model
        try:
            with self.env.cr.savepoint():
                letter._submit([Step("initial", self.people[initials].id), Step("sign", self.people[signs].id)])
        except UserError:
            # it stays a draft
            self.env.invalidate_all()
            return
        assert all(world.clearance[name] >= kind for name in (initials, signs))
        model.holds += [Hold(initials, "initial", True, by), Hold(signs, "sign", False, by)]

    def do_approve(self, world, pick):
        """Somebody initials a letter: it goes on to who signs."""
        letter_id, hold = self._hold(world, pick, ("initial",))
        if not hold:
            return
        by = pick([hold.user, hold.user, pick(self.workers)])
        letter = world.letters[letter_id]
        may = hold.seen and hold.user in list(world.acts_for(by, letter, scope=2)) and world.sees(by, letter)
        self.env["esurat.letter"].with_user(self.people[by]).browse(letter_id).action_open()
        record = self._record(letter_id, hold, by)
        record._approve()
        assert may, f"{by} approves {letter}"
        for one in letter.holds:
            one.seen = one.seen or one.role == "sign"

    # how a letter, or anything of it, can be found or fetched: each returns the ids of letters that it gives away

    def by_search(self, env, ids):
        return set(env["esurat.letter"].search([("id", "in", ids)]).ids)

    def by_count(self, env, ids):
        return {one for one in ids if env["esurat.letter"].search_count([("id", "=", one)])}

    def by_read(self, env, ids):
        return {one for one in ids if self._allowed(lambda one=one: env["esurat.letter"].browse(one).read(["subject"]))}

    def by_name(self, env, ids):
        told = {one: env["esurat.letter"].browse(one).display_name for one in ids}
        return {one for one, name in told.items() if name != "Another letter"}

    def by_group(self, env, ids):
        groups = env["esurat.letter"].formatted_read_group([("id", "in", ids)], ["type_id"], ["id:array_agg"])
        return {one for group in groups for one in group["id:array_agg"]}

    def by_export(self, env, ids):
        return {
            one
            for one in ids
            if self._allowed(lambda one=one: env["esurat.letter"].browse(one)._export_rows([["agenda_number"]]))
        }

    def by_opening(self, env, ids):
        return {
            one for one in ids if self._allowed(lambda one=one: env["esurat.letter"].browse(one).check_access("read"))
        }

    def by_holds(self, env, ids):
        return set(env["esurat.holder"].search([("letter_id", "in", ids)]).letter_id.ids)

    def by_files(self, env, ids):
        return set(
            env["ir.attachment"].search([("res_model", "=", "esurat.letter"), ("res_id", "in", ids)]).mapped("res_id")
        )

    def by_file_contents(self, env, ids):
        files = env["ir.attachment"].sudo().search([("res_model", "=", "esurat.letter"), ("res_id", "in", ids)])
        return {
            file.res_id for file in files if self._allowed(lambda file=file: file.with_env(env).read(["raw", "name"]))
        }

    def by_messages(self, env, ids):
        found = env["mail.message"].search([("model", "=", "esurat.letter"), ("res_id", "in", ids)])
        return set(found.mapped("res_id"))

    def by_versions(self, env, ids):
        return set(env["esurat.version"].search([("letter_id", "in", ids)]).letter_id.ids)

    def by_trail(self, env, ids):
        return set(env["esurat.trail"].search([("letter_id", "in", ids)]).letter_id.ids)

    def by_print(self, env, ids):
        report = env["ir.actions.report"].with_context(force_report_rendering=True)
        return {
            one
            for one in ids
            if self._allowed(lambda one=one: report._render_qweb_pdf("esurat.report_disposition_sheet", [one]))
        }

    def by_json2(self, env, ids):
        self.authenticate(None, None)
        response = self.url_open(
            "/json/2/esurat.letter/search_read",
            data=json.dumps({"domain": [["id", "in", ids]], "fields": ["subject"]}),
            headers={
                "Authorization": f"Bearer {self.keys[self.names[env.user]]}",
                "Content-Type": "application/json",
            },
        )
        self.assertEqual(response.status_code, 200, response.text[:300])
        return {row["id"] for row in response.json()}

    def by_address(self, env, ids):
        self.authenticate(env.user.login, "kata-sandi-uji-1")
        found = set()
        for file in env["ir.attachment"].sudo().search([("res_model", "=", "esurat.letter"), ("res_id", "in", ids)]):
            if self.url_open(f"/web/content/{file.id}", allow_redirects=False).content[:4] == b"%PDF":
                found.add(file.res_id)
        return found

    def by_mail_gateway(self, env, ids):
        """Nobody but mail servers takes in mails: a mail to a letter's thread reads and writes nothing."""
        for one in ids:
            mail = f"From: {env.user.email}\nTo: x@example.com\nMessage-Id: <{one}@x>\nSubject: x\n\nx"
            if self._allowed(
                lambda one=one, mail=mail: env["mail.thread"].message_process("esurat.letter", mail, thread_id=one)
            ):
                return set(ids) | {0}
        return None

    def _allowed(self, call):
        try:
            with self.env.cr.savepoint():
                call()
        except (AccessError, MissingError, UserError):
            return False
        return True

    # which letters have anything to be found by that way
    PARTS = {
        "by_files": "ir.attachment",
        "by_file_contents": "ir.attachment",
        "by_address": "ir.attachment",
        "by_versions": "esurat.version",
        "by_messages": "mail.message",
    }

    def _with_parts(self, channel, ids):
        model = self.PARTS.get(channel)
        if not model:
            return set(ids)
        Part = self.env[model].sudo()
        if model == "esurat.version":
            return set(Part.search([("letter_id", "in", ids)]).letter_id.ids)
        of_letters = "model" if model == "mail.message" else "res_model"
        return set(Part.search([(of_letters, "=", "esurat.letter"), ("res_id", "in", ids)]).mapped("res_id"))

    @mute_logger(
        *("odoo.http", "odoo.addons.base.models.ir_rule", "odoo.models", "odoo.sql_db"),
        *("odoo.addons.mail.models.mail_thread", "odoo.addons.rpc.controllers.json2", "odoo.addons.esurat.tests"),
    )
    def test_everybody_sees_what_is_hers_and_nothing_else(self):
        """See the class."""
        acts = [getattr(self, name) for name in dir(self) if name.startswith("do_")]
        # what happens most has to happen most
        acts += [self.do_register, self.do_dispose, self.do_dispose, self.do_appoint, self.do_wait, self.do_open]
        channels = [name for name in dir(self) if name.startswith("by_")]
        turn, refusals, done = itertools.count(), 0, 0

        @settings(
            max_examples=CASES,
            deadline=None,
            database=None,
            derandomize="ESURAT_FUZZ" not in os.environ,
            suppress_health_check=list(HealthCheck),
        )
        @given(st.lists(st.integers(0, 2**31), min_size=6, max_size=120))
        def explore(numbers):
            nonlocal refusals, done
            drawn = iter(numbers)

            def pick(choices):
                choices = list(choices)
                return choices[next(drawn, 0) % len(choices)]

            world = World(
                registrars={"registrar", "doorkeeper", "admin"},
                strangers={"neighbour", "neighbour_registrar"},
                clearance={name: 3 if self.people[name] in self.cleared else 1 for name in self.people},
            )
            with self.env.cr.savepoint() as savepoint:
                try:
                    for _act in range(2 + next(drawn, 0) % 9):
                        with self.moment(world.now.strftime("%Y-%m-%d %H:%M:%S")):
                            try:
                                with self.env.cr.savepoint():
                                    pick(acts)(world, pick)
                                    self.env.flush_all()
                                done += 1
                            except (AccessError, UserError, ValidationError, MissingError, IntegrityError):
                                refusals += 1
                                self.env.invalidate_all()
                    self._compare(world, channels, next(turn))
                finally:
                    self.env.cr.precommit.clear()
                    savepoint.rollback()
                    self.env.invalidate_all()
                    self.env.registry.clear_cache()

        explore()
        # a fuzz whose acts are all refused finds nothing
        self.assertGreater(done, refusals / 4)

    def _compare(self, world, channels, turn):
        """Let three people try three ways each to get at the letters of *world*."""
        ids = sorted(world.letters)
        if not ids:
            return
        names = list(self.people)
        with self.moment(world.now.strftime("%Y-%m-%d %H:%M:%S")):
            self.env.cr.precommit.run()
            for step in range(3):
                name = names[(turn * 3 + step) % len(names)]
                env = self.env["esurat.letter"].with_user(self.people[name]).env
                expected = {one for one in ids if world.sees(name, world.letters[one])}
                for offset in range(3):
                    channel = channels[(turn + step * 5 + offset * 7) % len(channels)]
                    # as in a request of her own: what others have read lies in no cache
                    self.env.invalidate_all()
                    found = getattr(self, channel)(env, ids)
                    if found is None:
                        continue
                    there = self._with_parts(channel, ids)
                    self.assertEqual(
                        found & there, expected & there, f"{name} {channel} at {world.now}: {world.letters}, {world}"
                    )
                    self.assertFalse(found - there - expected, f"{name} {channel}")
