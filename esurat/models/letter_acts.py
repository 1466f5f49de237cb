from typing import NamedTuple


class LetterAct(NamedTuple):
    """One line of the table of transitions: what may be done with a letter, when, by whom."""

    before: tuple  # states in which the act is offered
    after: str  # state it leads to, empty where the act itself decides
    # who may: "registrar", "author", "signatory", any "holder", or "addressee", to whom it came directly
    actors: tuple = ("registrar",)
    directions: tuple = ("incoming", "outgoing", "internal")
    written_here: bool | None = None  # None: whether it is or not


_OURS = ("outgoing", "internal")
LETTER_ACTS = {
    # numbered without a text: incoming, or made outside
    "register": LetterAct(("draft",), "registered", written_here=False),
    "submit": LetterAct(("draft",), "review", ("author",), _OURS, True),
    "withdraw": LetterAct(("review", "to_sign"), "draft", ("registrar", "author"), _OURS, True),
    "send": LetterAct(("registered",), "sent", ("registrar", "author"), _OURS),
    "write_off": LetterAct(("registered", "in_progress"), "done", ("registrar", "addressee"), ("incoming",)),
    "release": LetterAct(("to_sign",), "", ("registrar", "author", "signatory"), _OURS, True),
    "forget": LetterAct(("to_sign",), "", ("registrar", "signatory"), _OURS, True),
    # again, where a page was missing
    "take_scan": LetterAct(("to_sign", "registered"), "registered", directions=_OURS, written_here=True),
    "cancel": LetterAct(("draft", "review", "to_sign", "registered", "in_progress", "sent"), "cancelled"),
    "answer": LetterAct(("registered", "in_progress", "sent"), "", ("registrar", "holder"), ("incoming", "internal")),
    # who is the first to read what came closed
    "unseal": LetterAct(("registered", "in_progress"), "", ("holder",), ("incoming",)),
    "take_up": LetterAct(("done",), "in_progress", ("registrar",), ("incoming",)),
    "write_anew": LetterAct(("cancelled", "sent", "done"), "", ("registrar", "author"), _OURS, True),
}
# What the author of a secret letter does in the place of the register, which does not see it, and in which states.
SECRET_ACTS = {
    "take_scan": ("to_sign",),
    "cancel": ("review", "to_sign", "registered", "in_progress", "sent"),
}
