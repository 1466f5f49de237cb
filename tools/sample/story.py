"""The life of one letter, act by act, as the models would have recorded it.

Each method is an act: who does it, how many working days *ago*. It keeps the rules of the models (whose turn it is,
what becomes of the hold) and fails on a story that could not have happened.
"""

import random
from dataclasses import dataclass, field

from .people import PEOPLE, UNITS

OPEN = ("unread", "read")
OFFICE = (8 * 60 + 20, 15 * 60 + 50)


def superiors(login):
    """Return the logins of those above somebody: heads of the unit and of all units around it."""
    found, unit = set(), PEOPLE[login].unit
    while unit:
        *_, unit, head = UNITS[unit]
        found.add(head)
    return found - {login}


@dataclass
class Hold:
    """A hold of the letter, with the moments at which something happened to it."""

    login: str
    role: str
    issuer: str
    made: tuple
    disposition: int | None = None
    due: int | None = None
    state: str = "unread"
    read: tuple | None = None
    done: tuple | None = None
    confirmed: tuple | None = None
    response: str = ""
    actor: str = ""


@dataclass
class Disposition:
    """A disposition: the hold it comes from, and its words."""

    source: int
    issuer: str
    made: tuple
    instructions: list
    note: str
    due: int | None


@dataclass
class Letter:
    """A letter and what became of it. *received* is in working days ago, *written* in working days before that."""

    received: int
    partner: str
    number: str
    type: str
    code: str
    subject: str
    text: str = ""
    direction: str = "incoming"
    agency: str = "diskominfo"
    registrar: str = "agendaris"
    to: tuple = ("kadis",)
    unit: str = ""
    urgency: str = "0"
    security: str = "open"
    written: int = 2
    pages: int = 1
    medium: str = "paper"
    scan: str = ""
    form: str = "request"
    annex: tuple = ()
    reservation: str = ""
    state: str = "registered"
    answers: "Letter | None" = None
    answer: "Letter | None" = None
    sent: tuple | None = None
    write_off: tuple = ()
    cancel_reason: str = ""
    holds: list = field(default_factory=list)
    dispositions: list = field(default_factory=list)

    def __post_init__(self):
        assert not self.scan or self.pages == (2 if self.annex else 1), self.subject
        self._random = random.Random(f"{self.partner} {self.number} {self.subject}")
        self._now = (self.received, self._random.randrange(OFFICE[0], OFFICE[0] + 90))
        self.made = self._now
        self.registered = self.state != "draft"
        if self.direction == "incoming" and self.state == "registered":
            self.holds = [Hold(login, "responsible", self.registrar, self._now) for login in self.to]

    # ------------------------------------------------------------
    # Acts of holders
    # ------------------------------------------------------------

    def read(self, login, ago):
        """The holder opens the letter; a copy is done with that."""
        self._open(self._hold(login, ("unread",)), self._at(ago))
        return self

    def dispose(self, login, ago, to, *instructions, copies=(), note="", due=None):
        """The holder passes the letter on, due in so many working days from today (negative: overdue)."""
        hold, at = self._hold(login, (*OPEN, "done")), self._at(ago)
        people = [*([to] if to else []), *copies]
        assert not {h.login for h in self.holds if h.state not in ("returned", "recalled")} & set(people), people
        assert not set(people) & superiors(login), f"{self.subject}: {login} disposes upward"
        assert all(PEOPLE[person].agency == self.agency for person in people), people
        assert due is None or -due <= ago, f"{self.subject}: due before it was disposed"
        self.dispositions.append(Disposition(self.holds.index(hold), login, at, instructions, note, due))
        for person in people:
            role = "responsible" if person == to else "copy"
            self.holds.append(
                Hold(person, role, login, at, len(self.dispositions) - 1, due if role == "responsible" else None)
            )
        self._read_at_last(hold, at)
        if hold.state != "done":
            hold.state, hold.done, hold.actor = "done", at, login
        self._begin()
        return self

    def follow_up(self, login, ago, response):
        """The holder reports what was done."""
        return self._complete(login, ago, "done", response)

    def give_back(self, login, ago, response):
        """The holder returns the letter to whoever passed it on, who holds it again."""
        hold = self._hold(login, OPEN)
        self._complete(login, ago, "returned", response)
        if hold.disposition is not None:
            source = self.holds[self.dispositions[hold.disposition].source]
            if source.state == "done":
                source.state, source.done = "read", None
        return self

    # ------------------------------------------------------------
    # Acts of issuers
    # ------------------------------------------------------------

    def recall(self, login, ago):
        """The issuer takes back what this person has not read."""
        hold = self._hold(login, ("unread",))
        hold.state, hold.done, hold.actor = "recalled", self._at(ago), hold.issuer
        return self

    def confirm(self, login, ago):
        """The issuer accepts the follow-up of this person."""
        hold = self._hold(login, ("done",))
        assert hold.response
        hold.confirmed = self._at(ago)
        return self

    def reopen(self, login, ago):
        """The issuer sends the follow-up of this person back."""
        hold = self._hold(login, ("done",))
        assert hold.response
        self._at(ago)
        hold.state, hold.done, hold.confirmed = "read", None, None
        return self

    def amend(self, login, ago, successor):
        """The registrar makes somebody else responsible; this person keeps a copy."""
        hold = self._hold(login, OPEN)
        hold.role, at = "copy", self._at(ago)
        self.holds.append(Hold(successor, "responsible", self.registrar, at))
        return self

    # ------------------------------------------------------------
    # Acts on the letter
    # ------------------------------------------------------------

    def settle(self, ago, kind, note="", by="", reply=None):
        """Somebody writes the letter off, perhaps answered by *reply*; who is still responsible is done with it."""
        assert self.direction == "incoming" and self.state in ("registered", "in_progress")
        assert kind != "answered" or note or reply
        login, at = by or self.registrar, self._at(ago)
        self.write_off, self.answer = (kind, note, at, login), reply
        self._close(at, login, ("responsible",))
        self.state = "done"
        return self

    def cancel(self, ago, reason):
        """The registrar cancels the letter; a number that it bears stays taken."""
        assert self.state in ("draft", "registered", "in_progress", "sent")
        self._close(self._at(ago), self.registrar, ("responsible", "copy"))
        self.cancel_reason, self.state = reason, "cancelled"
        return self

    def send(self, ago):
        """The outgoing letter leaves the house."""
        assert self.direction != "incoming" and self.state == "registered"
        self.sent = self._at(ago)
        self.state = "sent"
        return self

    # ------------------------------------------------------------
    # Helpers
    # ------------------------------------------------------------

    def _at(self, ago):
        """Return the next moment: later the same day, or in the morning of a later one."""
        last, clock = self._now
        assert ago <= last, f"{self.subject}: an act {ago} days ago follows one of {last}"
        if ago == last:
            clock = min(clock + self._random.randrange(9, 48), OFFICE[1])
        else:
            clock = self._random.randrange(OFFICE[0], OFFICE[0] + 200)
        self._now = (ago, clock)
        return self._now

    def _hold(self, login, states):
        found = [hold for hold in self.holds if hold.login == login and hold.state in states]
        assert len(found) == 1, f"{self.subject}: {login} has {len(found)} such holds"
        return found[0]

    def _open(self, hold, at):
        hold.state, hold.read = "read", at
        if hold.role == "copy":
            hold.state, hold.done = "done", at
        self._begin()

    def _read_at_last(self, hold, at):
        hold.read = hold.read or at

    def _complete(self, login, ago, state, response):
        hold, at = self._hold(login, OPEN), self._at(ago)
        assert hold.role == "responsible"
        self._read_at_last(hold, at)
        hold.state, hold.done, hold.response, hold.confirmed, hold.actor = state, at, response, None, login
        self._begin()
        return self

    def _close(self, at, login, roles):
        for hold in self.holds:
            if hold.state in OPEN and hold.role in roles:
                hold.state, hold.done, hold.actor = "done", at, login

    def _begin(self):
        if self.state == "registered":
            self.state = "in_progress"
