from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools.misc import format_date, format_datetime

from ..tools.counting import count_each
from .clearance import classes_up_to
from .selections import ACTING, CAPACITIES, CONFIDENTIAL, SECURITY_CLASSES


class Act(NamedTuple):
    """One line of the table of transitions: what may be done with a hold, when, by whom."""

    before: tuple  # states in which the act is offered
    after: str  # state it leads to, empty where the act itself decides or nothing changes
    actor: str  # "holder", "issuer", or "author" of the letter
    roles: tuple  # of the hold
    during: tuple = ("registered", "in_progress")  # states of the letter; an internal one is worked on once it is sent
    scope: str = "dispose"  # what a deputy of the actor has to be allowed, a key of ``selections.SCOPES``


RECIPIENTS = ("responsible", "copy")
# Who initials, is consulted and signs, in this order.
REVIEWERS = ("initial", "coordinate", "sign")
# Those who have to answer for the letter; a copy is done once it is read.
_RESPONSIBLE = ("responsible",)
_REVIEW = ("review", "to_sign")
_ANY_STATE = ("draft", *_REVIEW, "registered", "in_progress", "sent", "done", "cancelled")

ACTS = {
    "open": Act(("unread",), "", "holder", (*RECIPIENTS, *REVIEWERS, "author"), _ANY_STATE),
    "dispose": Act(("unread", "read", "done"), "done", "holder", RECIPIENTS),
    "follow_up": Act(("unread", "read"), "done", "holder", _RESPONSIBLE),
    "return": Act(("unread", "read"), "returned", "holder", _RESPONSIBLE),
    "recall": Act(("unread",), "recalled", "issuer", RECIPIENTS),
    "amend": Act(("unread", "read"), "", "issuer", _RESPONSIBLE),
    "confirm": Act(("done",), "", "issuer", _RESPONSIBLE),
    "reopen": Act(("done",), "read", "issuer", _RESPONSIBLE),
    # whoever approves or signs has looked at the letter
    "approve": Act(("read",), "done", "holder", ("initial", "coordinate"), ("review",), "sign"),
    "sign": Act(("read",), "done", "holder", ("sign",), ("to_sign",), "sign"),
    "reject": Act(("unread", "read"), "returned", "holder", REVIEWERS, _REVIEW, "sign"),
    "replace": Act(("waiting", "unread", "read"), "recalled", "author", REVIEWERS, _REVIEW),
}

# States of those who do not hold the letter (yet, or any more) and so do not see it. The record rules name them too.
OUTSIDE_STATES = ("waiting", "recalled")

IS_HOLDING = Domain("role", "in", RECIPIENTS) & Domain("state", "not in", ("returned", "recalled"))
IS_OPEN = Domain("state", "in", ("unread", "read"))
IS_LATE = IS_OPEN & Domain("role", "!=", "copy") & Domain("deadline", "<", "today")

_ADDRESSED = Domain("role", "=", "responsible") & Domain("disposition_id", "=", False)
_DISPOSED = Domain("role", "=", "responsible") & Domain("disposition_id", "!=", False)
# The counters of the national application's home page (SRIKANDI). They are disjoint: their sum is what waits.
TRAYS = {
    "unread_letter": _ADDRESSED & Domain("state", "=", "unread"),
    "open_letter": _ADDRESSED & Domain("state", "=", "read"),
    "unread_disposition": _DISPOSED & Domain("state", "=", "unread"),
    "open_disposition": _DISPOSED & Domain("state", "=", "read"),
    "unread_copy": Domain("role", "=", "copy") & Domain("state", "=", "unread"),
    "to_verify": Domain("role", "in", ("initial", "coordinate")) & IS_OPEN,
    "to_sign": Domain("role", "=", "sign") & IS_OPEN,
    "to_send": Domain("role", "=", "author") & IS_OPEN & Domain("letter_id.state", "!=", "draft"),
    "draft": Domain("role", "=", "author") & IS_OPEN & Domain("letter_id.state", "=", "draft"),
}
# all trays together: what is open waits, but for copies that were read
IS_TO_DO = IS_OPEN & (Domain("role", "!=", "copy") | Domain("state", "=", "unread"))


class Holder(models.Model):
    """One person's hold on a letter.

    This table is everybody's inbox, the access rule of letters, and the chain of who passed what on to whom. Holds are
    written by the acts below alone: nobody has the right to write this table.

    =============  ==============================  =========================================
    who            reads                           acts
    =============  ==============================  =========================================
    holder         all holds of the letter         dispose, follow up, return
    issuer         all holds of the letter         recall, amend, confirm, reopen
    reviewer       all holds of the letter,        approve, sign, reject, when it is her turn
                   once it is her turn
    author         all holds of the letter         replace a reviewer
    registrar      holds of open and restricted    those of an issuer on holds that nobody
                   letters of her agency           issued (letters addressed directly)
    deputy         what her principal reads, up    those of her principal, as far as the
                   to the class of the delegation  delegation goes (``esurat.delegation``)
    anybody else   nothing                         nothing
    =============  ==============================  =========================================
    """

    _name = "esurat.holder"
    _inherit = ["esurat.acted"]
    _description = "Hold on a letter"
    _order = "urgency desc, deadline, id desc"
    _rec_name = "holder_name"
    _allow_sudo_commands = False

    letter_id = fields.Many2one("esurat.letter", required=True, index=True, ondelete="cascade", readonly=True)
    user_id = fields.Many2one("res.users", string="Holder", required=True, readonly=True, ondelete="restrict")
    role = fields.Selection(
        [
            ("author", "Author"),
            ("responsible", "Responsible"),
            ("copy", "Copy"),
            ("initial", "Initials"),
            ("coordinate", "Coordination"),
            ("sign", "Signature"),
        ],
        required=True,
        readonly=True,
    )
    sequence = fields.Integer(readonly=True, help="Order of the reviewers.")
    disposition_id = fields.Many2one(
        "esurat.disposition",
        index="btree_not_null",
        ondelete="cascade",
        readonly=True,
        help="Empty: addressed directly.",
    )
    parent_id = fields.Many2one(
        "esurat.holder",
        string="Passed on from",
        related="disposition_id.source_id",
        store=True,
        precompute=True,
        index="btree_not_null",
    )
    child_ids = fields.One2many("esurat.holder", "parent_id", string="Passed on to")
    issuer_id = fields.Many2one("res.users", string="Issued by", index=True, readonly=True)
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("unread", "Unread"),
            ("read", "Read"),
            ("done", "Done"),
            ("returned", "Returned"),
            ("recalled", "Recalled"),
        ],
        required=True,
        default="unread",
        readonly=True,
    )
    read_date = fields.Datetime(string="Read on", readonly=True)
    done_date = fields.Datetime(string="Done on", readonly=True)
    confirmed_date = fields.Datetime(string="Confirmed on", readonly=True)
    deadline = fields.Date(readonly=True)
    response = fields.Text(readonly=True, help="Follow-up report, or the reason of a return.")
    holder_name = fields.Char(string="Name", readonly=True)
    holder_position = fields.Char(string="Position", readonly=True)
    holder_rank = fields.Char(string="Rank", readonly=True)
    holder_number = fields.Char(string="Employee number", readonly=True)
    capacity = fields.Selection(CAPACITIES, readonly=True, help="In whose place the letter is signed.")
    principal = fields.Char(string="Signs for", readonly=True, help="The post in whose place the letter is signed.")
    mandated = fields.Char(readonly=True, help="Sub-mandate: the post that has the mandate.")
    digest = fields.Char(readonly=True, help="SHA-256 of what was approved or signed.")
    seen_digest = fields.Char(readonly=True, help="SHA-256 of what a reviewer has looked at.")
    seen_by_id = fields.Many2one("res.users", readonly=True, help="Who of the reviewer and her deputies looked at it.")
    company_id = fields.Many2one(related="letter_id.company_id", store=True, precompute=True, string="Agency")
    department_id = fields.Many2one("hr.department", string="Unit", readonly=True, index=True)
    urgency = fields.Selection(related="letter_id.urgency", store=True, precompute=True)
    # the access rules ask for it: who holds a letter reads it up to her clearance
    security_class = fields.Selection(related="letter_id.security_class", store=True, precompute=True)

    late_told = fields.Boolean(readonly=True, help="Named to its holder as late.")
    owed_told = fields.Boolean(readonly=True, help="Named to its issuer as late.")
    unit_told = fields.Boolean(readonly=True, help="Named to the head of the unit as late.")

    # What an inbox shows of its letters.
    subject = fields.Char(compute="_compute_subject", help="Of a secret letter, that it is one: it is read by opening.")
    inbox_sender_id = fields.Many2one("res.partner", string="From, in the inbox", compute="_compute_subject")
    inbox_brief = fields.Char(string="Instruction, in the inbox", compute="_compute_subject")
    sender_id = fields.Many2one(related="letter_id.sender_id")
    type_id = fields.Many2one(related="letter_id.type_id", store=True, precompute=True)
    agenda_number = fields.Char(related="letter_id.agenda_number")
    letter_state = fields.Selection(related="letter_id.state", string="State of the letter")
    brief = fields.Char(related="disposition_id.brief")

    is_open = fields.Boolean(string="Pending", compute="_compute_figures", search="_search_is_open")
    is_late = fields.Boolean(string="Late", compute="_compute_figures", search="_search_is_late")
    is_to_do = fields.Boolean(string="To do", compute="_compute_figures", search="_search_is_to_do")
    is_acted_for = fields.Boolean(
        compute="_compute_is_acted_for",
        search="_search_is_acted_for",
        help="The user acts for its holder at this moment.",
    )
    tray = fields.Selection(
        [
            ("draft", "Drafts"),
            ("to_sign", "To sign"),
            ("to_send", "To send"),
            ("to_verify", "To verify"),
            ("unread_letter", "Unread letters"),
            ("open_letter", "Letters without follow-up"),
            ("unread_disposition", "Unread dispositions"),
            ("open_disposition", "Dispositions without follow-up"),
            ("unread_copy", "Unread copies"),
        ],
        compute="_compute_figures",
        search="_search_tray",
    )
    my_acts = fields.Char(compute="_compute_my_acts", help="What the user may do with this hold now.")
    depth = fields.Integer(compute="_compute_depth", help="How many dispositions lie above this hold.")

    _holder_uniq = models.UniqueIndex(
        "(letter_id, user_id) WHERE role IN ('responsible', 'copy') AND state NOT IN ('returned', 'recalled')",
        "One of these people holds the letter already.",
    )
    _reviewer_uniq = models.UniqueIndex(
        "(letter_id, user_id) WHERE role IN ('initial', 'coordinate', 'sign') AND state != 'recalled'",
        "Somebody stands twice in the review of this letter.",
    )
    # The two lists that everybody opens: what is open with me, and everything I hold.
    _inbox_idx = models.Index("(user_id, urgency DESC, deadline, id DESC) WHERE state IN ('unread', 'read')")
    _holds_idx = models.Index("(user_id, letter_id, state, security_class, role)")
    # what people got in a month, and what was due
    _received_idx = models.Index("(company_id, create_date)")
    _due_idx = models.Index("(company_id, deadline) WHERE deadline IS NOT NULL")

    @api.depends("state", "role", "deadline", "disposition_id", "letter_id.state")
    def _compute_figures(self):
        late, to_do = self.filtered_domain(IS_LATE), self.filtered_domain(IS_TO_DO)
        trays = {tray: self.filtered_domain(domain) for tray, domain in TRAYS.items()}
        for hold in self:
            hold.is_open = hold.state in ("unread", "read")
            hold.is_late = hold in late
            hold.is_to_do = hold in to_do
            hold.tray = next((tray for tray, holds in trays.items() if hold in holds), False)

    @api.depends_context("uid")
    def _compute_is_acted_for(self):
        principals = self.env.user._esurat_principals()
        for hold in self:
            hold.is_acted_for = hold.user_id in principals

    def _search_is_acted_for(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("user_id", "in", self.env.user._esurat_principals().ids)]

    def _search_is_open(self, operator, value):
        return IS_OPEN if operator == "in" else NotImplemented

    def _search_is_late(self, operator, value):
        return IS_LATE if operator == "in" else NotImplemented

    def _search_is_to_do(self, operator, value):
        return IS_TO_DO if operator == "in" else NotImplemented

    def _search_tray(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain.OR(TRAYS[tray] for tray in value if tray in TRAYS)

    @api.depends(
        "state", "role", "user_id", "issuer_id", "response", "confirmed_date", "letter_id.state", "security_class"
    )
    @api.depends_context("uid")
    def _compute_my_acts(self):
        for hold in self:
            hold.my_acts = ",".join(act for act in ACTS if hold._offers(act))

    @api.depends("letter_id.subject", "letter_id.sender_id", "brief", "security_class")
    @api.depends_context("lang")
    def _compute_subject(self):
        for hold in self:
            secret = hold.security_class in CONFIDENTIAL
            hold.subject = self.env._("A secret letter") if secret else hold.letter_id.subject
            hold.inbox_sender_id = False if secret else hold.letter_id.sender_id
            hold.inbox_brief = False if secret else hold.brief

    @api.depends("parent_id")
    def _compute_depth(self):
        for hold in self:
            depth, above = 0, hold.parent_id
            while above:
                depth, above = depth + 1, above.parent_id
            hold.depth = depth

    @api.depends("holder_name", "holder_position")
    def _compute_display_name(self):
        for hold in self:
            hold.display_name = ", ".join(filter(None, (hold.holder_name, hold.holder_position)))

    def write(self, vals):
        if "deadline" in vals:
            # a new deadline has reminders of its own
            vals = {"late_told": False, "owed_told": False, "unit_told": False, **vals}
        return super().write(vals)

    # ------------------------------------------------------------
    # Never made up
    # ------------------------------------------------------------

    # Odoo fills lines that a form sends without asking for rights, and computes related fields with sudo: a line that
    # names a letter would show it to whoever sends it.

    def _update_cache(self, values, validate=True):
        self._check_not_made_up()
        return super()._update_cache(values, validate=validate)

    def update(self, values):
        """Refuse values of a hold that are not given by an act.

        :raises AccessError: for anybody but the superuser
        """
        self._check_not_made_up()
        return super().update(values)

    def _check_not_made_up(self):
        if not self.env.su:
            raise AccessError(self.env._("Letters get their holders by acts alone: dispose of the letter instead."))

    # ------------------------------------------------------------
    # Who may do what, when
    # ------------------------------------------------------------

    def _offers(self, act):
        """Tell whether the user may do *act* (a key of ``ACTS``) with this hold now."""
        self.ensure_one()
        rule, letter = ACTS[act], self.letter_id
        if self.state not in rule.before or self.role not in rule.roles:
            return False
        # what is written here is worked on in the house once it is signed
        worked_on = letter.state in rule.during or (
            letter.written_here and letter.state == "sent" and "registered" in rule.during
        )
        if not worked_on:
            return False
        if letter.sealed and act == "follow_up" or act == "return" and self._is_all_there_is():
            # nobody answers what is not opened
            return False
        if act in ("sign", "reject") and (letter.signed_on_paper or act == "reject" and letter.sudo()._attempt()):
            return False
        if act == "replace" and letter.serial:
            # its page names who signs
            return False
        if act in ("confirm", "reopen") and not self.response or act == "confirm" and self.confirmed_date:
            return False
        if rule.actor == "holder":
            return self._is_of_user(self.user_id, act)
        if rule.actor == "author":
            return letter._is_author() or letter._is_kept_by_user()
        if self._is_of_user(self.issuer_id, act):
            # who took in a secret letter sees it no more once it is opened, unless by reading for another
            secret = self.security_class in CONFIDENTIAL and self.issuer_id == self.env.user
            return not secret or letter._is_held_by_user()
        return not self.disposition_id and letter._is_kept_by_user()

    def _is_all_there_is(self):
        """Tell whether nobody would have this letter if its addressee returned it: of what came closed, its registrar
        sees no more."""
        self.ensure_one()
        # sudo: what others hold
        return (
            not self.disposition_id
            and self.security_class in CONFIDENTIAL
            and not self.letter_id.sudo().holder_ids.filtered(
                lambda hold: hold.user_id == self.issuer_id and hold.state not in OUTSIDE_STATES
            )
        )

    def _is_of_user(self, principal, act):
        """Tell whether the user does *act* with this hold as *principal* (``res.users``), or as her deputy."""
        if act == "sign" and self.letter_id.serial:
            # its page names who signs
            principal = self._signs_by()
            return principal == self.env.user
        if principal == self.env.user:
            return True
        mandate = self.env.user._esurat_mandate(principal, ACTS[act].scope, self.letter_id)
        # what an assistant has opened is still new to whom she assists
        return bool(mandate) and (act != "open" or mandate.kind in ACTING)

    def _actor(self, act):
        """Return whose act it is when the user does *act* with these holds: her own, or that of her principal.

        :raises UserError: where they are of several people
        """
        held = ACTS[act].actor == "holder"
        actors = self.env["res.users"]
        for hold in self:
            principal = hold.user_id if held else hold.issuer_id
            actors |= principal if hold._is_of_user(principal, act) else self.env.user
        if len(actors) > 1:
            raise UserError(self.env._("These letters are of several people: act for one of them at a time."))
        return actors

    def _acting(self, act, posts):
        """Return the values that say who does *act* with these holds, all of one agency, class and person.

        :param dict posts: what ``res.users._esurat_posts`` says of the user
        """
        actor, user = self._actor(act), self.env.user
        mandate = user._esurat_mandate(actor, ACTS[act].scope, self[:1].letter_id) if actor != user else None
        post = posts.get((self.company_id.id, user.id))
        return {
            "acted_by_id": user.id,
            "acted_by_name": post.name if post and mandate else False,
            "acted_as": mandate.kind if mandate else False,
        }

    def _post_acts(self, act, bodies, recipients=None, attachments=None):
        """Write one message for each letter of these holds, which says for whom the user has acted.

        :param str act: a key of ``ACTS``
        :param dict bodies: as ``esurat.letter._post_acts`` takes them, and the rest
        """
        letters, actor = self.letter_id, self._actor(act)
        principals = dict.fromkeys(letters, actor) if actor != self.env.user else None
        return letters._post_acts(bodies, recipients, attachments, principals)

    def _check_act(self, act):
        """Make sure that the user may do *act* with each of these holds.

        Each act writes its letters first, so that two at the same moment do not both go through.

        :param str act: a key of ``ACTS``
        :raises AccessError: for a hold that the user does not see
        :raises UserError: where it is not her turn (any more)
        """
        self._check_offered(act)
        self.letter_id._lock_for_act()

    def _check_offered(self, act):
        """Make sure that the user may do *act* with each of these holds, as :meth:`_check_act` does before it."""
        self.check_access("read")
        if not self:
            raise UserError(self.env._("Choose at least one letter."))
        refused = self.filtered(lambda hold: not hold._offers(act))
        if refused:
            raise UserError(
                self.env._(
                    "This cannot be done with %(letters)s: it is not your turn, or it was dealt with in the meantime. "
                    "Open the letter again to see where it stands.",
                    letters=", ".join(refused.letter_id.mapped("display_name")[:5]),
                )
            )

    # ------------------------------------------------------------
    # Acts of the holder
    # ------------------------------------------------------------

    def action_open_letter(self):
        """Open the letter of this hold."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "esurat.letter",
            "res_id": self.letter_id.id,
            "views": [(False, "form")],
            "target": "current",
            # whoever holds it herself as well acts for whom she has opened it
            "context": {"create": False, "esurat_principal": self.user_id.id},
        }

    def action_dispose(self):
        """Open the dialogue that passes these letters on."""
        return self._dialogue("dispose", "esurat.dispose", self.env._("Dispose"))

    def action_follow_up(self):
        """Open the dialogue that reports what was done."""
        return self._dialogue("follow_up", "esurat.respond", self.env._("Follow up"), default_act="follow_up")

    def action_return(self):
        """Open the dialogue that gives these letters back to whoever passed them on."""
        return self._dialogue("return", "esurat.respond", self.env._("Return"), default_act="return")

    def action_reopen(self):
        """Open the dialogue that sends a follow-up back with a comment."""
        return self._dialogue("reopen", "esurat.respond", self.env._("Reopen"), default_act="reopen")

    def action_amend(self):
        """Open the dialogue that changes the deadline or who is responsible."""
        return self._dialogue("amend", "esurat.amend", self.env._("Change"))

    def action_recall(self):
        """Take back what nobody has read yet."""
        self._recall()

    def action_confirm(self):
        """Accept the follow-up of these holds."""
        self._confirm()

    def _dialogue(self, act, model, name, **context):
        """Return the action that opens the dialogue *model* on these holds, for *act* (a key of ``ACTS``).

        :raises UserError: where the act cannot be done
        """
        self._check_offered(act)
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "views": [(False, "form")],
            "target": "new",
            "context": {**context, "default_holder_ids": self.ids},
        }

    def _open(self):
        """Note that the user has opened the letters of these holds; only the first time counts."""
        unread = self.filtered(lambda hold: hold._offers("open"))
        if not unread:
            return
        now = fields.Datetime.now()
        # sudo: reading is noted on the user's own holds, which _offers has made sure of
        copies = unread.filtered(lambda hold: hold.role == "copy").sudo()
        copies.write({"state": "done", "read_date": now, "done_date": now})
        (unread.sudo() - copies).write({"state": "read", "read_date": now})
        unread.letter_id.sudo()._begin()

    def _dispose(self, responsible, copies, instructions, note="", deadline=False):
        """Pass the letters of these holds on.

        :param responsible: ``res.users``, who answers for it: one person, or nobody where no action is asked
        :param copies: ``res.users`` who get to know
        :param instructions: ``esurat.instruction``
        :param str note: free text
        :param date deadline: for whoever is responsible
        :return: the new ``esurat.disposition``, one for each hold
        :raises UserError: where nobody is named, somebody holds the letter already, stands above the issuer or cannot
            work with e-surat; where an action has nobody responsible; where the deadline is past
        """
        self._check_act("dispose")
        copies -= responsible
        letters, actor = self.letter_id, self._actor("dispose")
        posts = (actor | self.env.user | responsible | copies)._esurat_posts(letters.company_id)
        self._check_recipients(responsible, copies, posts, actor)
        if instructions.filtered("requires_action") and len(responsible) != 1:
            raise UserError(self.env._("These instructions ask for action: name exactly one responsible person."))
        self._check_deadline(deadline)
        now = fields.Datetime.now()
        # sudo: dispositions and holds are written by acts alone; everything has been checked above
        dispositions = (
            self.env["esurat.disposition"]
            .sudo()
            .create(
                [
                    {
                        "letter_id": hold.letter_id.id,
                        "source_id": hold.id,
                        "issuer_id": actor.id,
                        "issuer_name": posts[hold.company_id.id, actor.id].name,
                        "issuer_position": posts[hold.company_id.id, actor.id].position,
                        **hold._acting("dispose", posts),
                        "instruction_ids": instructions.ids,
                        "note": note,
                        "deadline": deadline,
                    }
                    for hold in self
                ]
            )
        )
        roles = [(user, "responsible") for user in responsible] + [(user, "copy") for user in copies]
        self._create_holds(
            [
                {
                    "letter_id": disposition.letter_id.id,
                    "disposition_id": disposition.id,
                    "user_id": user.id,
                    "role": role,
                    "deadline": deadline if role == "responsible" else False,
                    "issuer_id": actor.id,
                }
                for disposition in dispositions
                for user, role in roles
            ],
            posts,
        )
        self._note_reading(now)
        # sudo: the user's own holds, checked above
        open_holds = self.filtered(lambda hold: hold.state != "done")
        for holds in open_holds.grouped(lambda hold: (hold.company_id, hold.security_class)).values():
            acting = holds._acting("dispose", posts)
            holds.sudo().write({"state": ACTS["dispose"].after, "done_date": now, **acting})
        letters.sudo()._begin()
        people = ", ".join(posts[letters[0].company_id.id, user.id].name for user in responsible + copies)
        self._post_acts(
            "dispose",
            {
                disposition.letter_id: (
                    self.env._("Disposed to %(people)s: %(brief)s", people=people, brief=disposition.brief)
                    if disposition.brief
                    else self.env._("Disposed to %(people)s", people=people)
                )
                for disposition in dispositions
            },
            dict.fromkeys(letters, responsible + copies),
        )
        return dispositions

    def _follow_up(self, response, attachments=None):
        """Report what was done and complete these holds; the issuers are told.

        :param str response: the report
        :param attachments: ``ir.attachment`` of the user, copied to each letter
        """
        self._check_act("follow_up")
        self._complete("follow_up", response)
        self._tell_issuers("follow_up", self.env._("Followed up: %(response)s"), response, attachments)

    def _return(self, response, attachments=None):
        """Give these letters back to whoever passed them on, who holds them again.

        :param str response: the reason
        """
        self._check_act("return")
        self._complete("return", response)
        self._give_back()
        self._tell_issuers("return", self.env._("Returned: %(response)s"), response, attachments)

    def _give_back(self):
        """Put letters that came back into the inbox of whoever passed them on, unless somebody else answers for her.

        Who had a copy alone answers for what was returned to her, not for what she took back herself.
        """
        # sudo: the issuer's hold is somebody else's; only acts write it
        holds = self.sudo()
        returned = holds.filtered(lambda hold: hold.state == "returned").parent_id
        asked = holds.filtered(lambda hold: hold.role == "responsible").parent_id
        issuers = holds.parent_id.filtered(
            lambda hold: hold.state == "done" and not hold.response and (hold.role == "responsible" or hold in returned)
        )
        below = issuers.search(Domain("parent_id", "in", issuers.ids) & IS_HOLDING)
        # where copies alone came back, another copy will do
        answered = below.filtered(lambda hold: hold.role == "responsible" or hold.parent_id not in asked).parent_id
        (issuers - answered).write({"role": "responsible", "state": "read", "done_date": False})

    def _check_words(self, response):
        if not (response or "").strip():
            raise UserError(self.env._("Say it in a few words: whoever reads it has nothing else."))

    def _complete(self, act, response):
        """Close these holds with words."""
        self._check_words(response)
        self._close(act, response=response, confirmed_date=False)
        self.letter_id.sudo()._begin()

    def _close(self, act, **values):
        """Close these holds by *act*, freezing names and positions of their holders as they are now.

        :param values: what else is written on them
        """
        now = fields.Datetime.now()
        people = self._actor(act) | self.env.user
        posts = people._esurat_posts(self.company_id)
        people._esurat_check_workers(self.company_id, posts)
        self._note_reading(now)
        for (company, _class), holds in self.grouped(lambda hold: (hold.company_id, hold.security_class)).items():
            # sudo: holds are written by acts alone, which _check_act has allowed
            holds.sudo().write(
                {
                    "state": ACTS[act].after,
                    "done_date": now,
                    **holds._acting(act, posts),
                    **self._frozen(posts[company.id, holds.user_id.id]),
                    **values,
                }
            )

    def _note_reading(self, now):
        """Whoever acts has read: note it where opening the letter has not."""
        # sudo: own holds, checked by the acts
        self.sudo().filtered(lambda hold: not hold.read_date).write({"read_date": now})

    def _tell_issuers(self, act, template, response, attachments):
        letters = self.letter_id
        self._post_acts(
            act,
            dict.fromkeys(letters, template % {"response": response}),
            {letter: self.filtered(lambda h, letter=letter: h.letter_id == letter).issuer_id for letter in letters},
            attachments,
        )

    # ------------------------------------------------------------
    # Acts of the issuer
    # ------------------------------------------------------------

    def _recall(self):
        """Take these holds back while they are unread; their holders see the letters no more."""
        self._check_act("recall")
        names = {
            letter: ", ".join(self.filtered(lambda h, letter=letter: h.letter_id == letter).mapped("holder_name"))
            for letter in self.letter_id
        }
        # sudo: holds are written by acts alone, which _check_act has allowed
        self.sudo().write(
            {"state": ACTS["recall"].after, "done_date": fields.Datetime.now(), "acted_by_id": self.env.uid}
        )
        self._give_back()
        for letter, holds in self.grouped("letter_id").items():
            letter._dismiss_notifications(holds.user_id, withdraw=True)
        self._post_acts(
            "recall",
            {letter: self.env._("Recalled from %(people)s", people=people) for letter, people in names.items()},
        )

    def _confirm(self):
        """Accept these follow-ups; who passed the letter on to the issuer is told of them."""
        self._check_act("confirm")
        # sudo: holds are written by acts alone, which _check_act has allowed
        self.sudo().write({"confirmed_date": fields.Datetime.now()})
        holds = self.grouped("letter_id")
        self._post_acts(
            "confirm",
            {
                letter: self.env._(
                    "Follow-up by %(people)s confirmed: %(response)s",
                    people=", ".join(group.mapped("holder_name")),
                    response="; ".join(group.mapped("response")),
                )
                for letter, group in holds.items()
            },
            {letter: group.parent_id.issuer_id for letter, group in holds.items()},
        )

    def _reopen(self, response, attachments=None):
        """Send these follow-ups back to their holders.

        :param str response: what is missing
        """
        self._check_act("reopen")
        self._check_words(response)
        # sudo: holds are written by acts alone, which _check_act has allowed; the old answer stays in the chatter
        self.sudo().write(
            {"state": ACTS["reopen"].after, "done_date": False, "confirmed_date": False, "response": False}
        )
        holds = self.grouped("letter_id")
        self._post_acts(
            "reopen",
            {letter: self.env._("Reopened: %(response)s", response=response) for letter in holds},
            {letter: group.user_id for letter, group in holds.items()},
            attachments,
        )

    def _amend(self, deadline, responsible):
        """Change the deadline of these holds, or who is responsible.

        :param date deadline: the new one, ``False`` for none any more, ``None`` to leave it
        :param responsible: ``res.users``: the new responsible person; the old one keeps a copy. Empty: no change
        :raises UserError: as :meth:`_dispose` does
        """
        self._check_act("amend")
        moved = self.filtered(lambda hold: responsible and hold.user_id != responsible)
        if deadline is None and not moved:
            raise UserError(self.env._("Choose a new deadline or another responsible person."))
        self._check_deadline(deadline)
        deadlines = {hold.letter_id: hold.deadline if deadline is None else deadline for hold in moved}
        # sudo: holds are written by acts alone, which _check_act has allowed
        successors = moved.letter_id.sudo().holder_ids.filtered_domain(
            Domain("user_id", "=", responsible.id)
            & Domain("role", "=", "copy")
            & IS_HOLDING
            & Domain("disposition_id", "in", moved.disposition_id.ids)
        )
        handed_on = moved.filtered(lambda hold: hold.letter_id not in successors.letter_id)
        actor = self._actor("amend")
        posts = (actor | responsible)._esurat_posts(handed_on.company_id) if handed_on else {}
        for disposed, holds in handed_on.grouped(lambda hold: bool(hold.disposition_id)).items():
            # those addressed directly stand where the sender wanted them, not below the registrar
            holds._check_recipients(responsible, self.env["res.users"], posts, actor, downward=disposed)
        moved.sudo().write({"role": "copy", "deadline": False})
        moved.sudo().filtered("read_date").write({"state": "done", "done_date": fields.Datetime.now()})
        for hold in successors:
            hold.write(
                {
                    "role": "responsible",
                    "state": "unread",
                    "deadline": deadlines[hold.letter_id],
                    "read_date": False,
                    "done_date": False,
                }
            )
        self._create_holds(
            [
                {
                    "letter_id": hold.letter_id.id,
                    "disposition_id": hold.disposition_id.id,
                    "user_id": responsible.id,
                    "role": "responsible",
                    "deadline": deadlines[hold.letter_id],
                    "issuer_id": actor.id,
                }
                for hold in handed_on
            ],
            posts,
        )
        words = []
        if moved:
            words.append(self.env._("Now responsible: %(name)s", name=responsible._esurat_names()))
        if deadline is not None:
            (self - moved).sudo().write({"deadline": deadline})
            words.append(
                self.env._("Deadline: %(date)s", date=format_date(self.env, deadline))
                if deadline
                else self.env._("No deadline any more")
            )
        holds = self.grouped("letter_id")
        self._post_acts(
            "amend",
            dict.fromkeys(holds, "; ".join(words)),
            {
                letter: group.user_id | (responsible if group & moved else responsible.browse())
                for letter, group in holds.items()
            },
        )

    # ------------------------------------------------------------
    # Checks and helpers
    # ------------------------------------------------------------

    def _check_deadline(self, deadline):
        if deadline and deadline < fields.Date.context_today(self):
            raise UserError(
                self.env._(
                    "The deadline %(date)s is past. Choose today or a later day.", date=format_date(self.env, deadline)
                )
            )

    def _check_recipients(self, responsible, copies, posts, actor, downward=True):
        """Make sure that these people may get the letters of these holds from *actor*.

        :param dict posts: what ``res.users._esurat_posts`` says of *actor* and of them
        :param actor: ``res.users``, one: the user, or for whom she acts
        :param bool downward: whether nobody of them may stand above *actor*
        :raises UserError: naming whoever may not, and why
        """
        recipients = responsible + copies
        if not recipients:
            raise UserError(self.env._("Choose at least one person to pass the letter on to."))
        if len(responsible) > 1:
            raise UserError(self.env._("Only one person can be responsible; give the others a copy."))
        letters = self.letter_id
        recipients._esurat_check_workers(letters.company_id, posts)
        if downward:
            actor._esurat_check_workers(letters.company_id, posts)
        for company in letters.company_id if downward else ():
            unit = self.env["hr.department"].browse(posts[company.id, actor.id].department_id or ())
            upward = unit._esurat_above(recipients) if unit else recipients & company._esurat_head()
            if upward:
                raise UserError(
                    self.env._(
                        "A disposition goes down the hierarchy: %(people)s stands above %(issuer)s.",
                        people=upward._esurat_names(),
                        issuer=actor._esurat_names(),
                    )
                )
        # sudo: names whoever holds the letter already, to somebody who holds it herself
        holding = self.sudo().search([("letter_id", "in", letters.ids), ("user_id", "in", recipients.ids), *IS_HOLDING])
        if holding:
            raise UserError(
                self.env._(
                    "%(people)s: holds the letter already (%(letter)s).",
                    people=holding.user_id._esurat_names(),
                    letter=holding[0].letter_id.display_name,
                )
            )

    @api.model
    def _frozen(self, post):
        """Return the values of a hold that say who acted, as of now, from *post* (``res_users.Post``)."""
        return {
            "holder_name": post.name,
            "holder_position": post.position,
            "holder_rank": post.rank,
            "holder_number": post.number,
        }

    @api.model
    def _create_holds(self, vals_list, posts):
        """Create holds, freezing the names and positions of their holders.

        :param list vals_list: values with ``letter_id``, ``user_id`` and ``role`` at least
        :param dict posts: what ``res.users._esurat_posts`` says of the holders; who is not in it has a name alone
        :return: the new holds, as superuser
        """
        self._check_cleared(vals_list)
        for vals in vals_list:
            company = self.env["esurat.letter"].browse(vals["letter_id"]).company_id
            post = posts.get((company.id, vals["user_id"]))
            vals.setdefault("issuer_id", self.env.uid)
            if post:
                vals.update(self._frozen(post), department_id=post.department_id)
            else:
                vals.update(holder_name=self.env["res.users"].browse(vals["user_id"])._esurat_names())
        # sudo: nobody may write this table; callers have checked the act
        return self.sudo().create(vals_list)

    @api.model
    def _check_cleared(self, vals_list):
        """Make sure that who gets a letter may read it; its author has written it.

        :param list vals_list: as :meth:`_create_holds` takes them
        :raises UserError: naming who has no clearance
        """
        for vals in vals_list:
            if vals["role"] == "author":
                continue
            # sudo: how secret it is decides whether it can be passed on, whoever does
            letter = self.env["esurat.letter"].sudo().browse(vals["letter_id"])
            self.env["res.users"].browse(vals["user_id"])._esurat_check_cleared(letter.security_class)

    @api.model
    def _held_by_user(self, others=True):
        """Return what the user holds at this moment: a domain (list), as access rules say it.

        One selects her own holds up to her clearance (what she has written is hers whatever she is cleared for); each
        delegation adds the holds of a principal in its agency, up to its class.

        :param bool others: whether the holds of those count for whom she acts
        """
        if self.env.su:
            # whoever loads the rules: what they say is all that matters
            standing = ((self.env.uid, classes_up_to(SECURITY_CLASSES[-1][0]), 0),)
        else:
            standing = self.env.user._esurat_standing()
        held = []
        for user_id, classes, company_id in standing if others else standing[:1]:
            domain = Domain("user_id", "=", user_id) & Domain("state", "not in", OUTSIDE_STATES)
            if len(classes) < len(SECURITY_CLASSES):
                cleared = Domain("security_class", "in", classes)
                domain &= cleared if company_id else cleared | Domain("role", "=", "author")
            if company_id:
                domain &= Domain("company_id", "=", company_id)
            held.append(domain)
        return list(Domain.OR(held))

    # ------------------------------------------------------------
    # Counters
    # ------------------------------------------------------------

    @api.model
    @api.readonly
    def retrieve_home(self):
        """Return what the home screen shows: ``{"trays", "principals", "desk", "team", "register"}`` of the user's
        inbox, of those she acts for, for the head of the agency, for heads of their people, for registrars of the
        register (see :meth:`_count_trays`, :meth:`_count_principals`, ``esurat.desk._overview``,
        ``esurat.presence._count_team`` and ``esurat.letter._count_register``).
        """
        return {
            "trays": self._count_trays(),
            "principals": self._count_principals(),
            "desk": self.env["esurat.desk"]._overview(),
            "team": self.env["esurat.presence"]._count_team(),
            "register": self.env["esurat.letter"]._count_register(),
        }

    @api.model
    def _count_principals(self):
        """Count what waits for those whom the user acts for now.

        :return: list of ``{"id", "name", "role", "trays"}``; ``role`` says as what she acts, and until when
        """
        kinds = dict(self.env["esurat.delegation"]._fields["kind"]._description_selection(self.env))
        mandates = {
            mandate.principal_id: mandate
            for mandate in self.env["esurat.delegation"]._in_force("deputy_id", self.env.uid)
        }
        zone = self.env.company._esurat_timezone().zone
        return [
            {
                "id": user.id,
                "name": user._esurat_names(),
                "role": self.env._(
                    "%(kind)s until %(moment)s",
                    kind=kinds[mandates[user.id].kind],
                    moment=format_datetime(self.env, mandates[user.id].ends, tz=zone, dt_format="d MMM HH:mm"),
                ),
                # an assistant sees what is read and disposed; drafts stay with who writes them
                "trays": [tray for tray in self._count_trays(user) if tray["tray"] not in ("draft", "to_send")],
            }
            for user in self.env["res.users"].browse(mandates)
        ]

    @api.model
    def _count_trays(self, user=None):
        """Count what waits for the user, or for *user* (``res.users``) as far as the user sees it, tray by tray.

        :return: list of ``{"tray", "name", "total", "late", "today", "planned"}`` in the order of ``TRAYS``, empty
            trays included: how many holds lie there, and how many are late, due today, or due later or never
        """
        self.check_access("read")
        due = {
            "total": Domain.TRUE,
            "late": IS_LATE,
            "today": Domain("deadline", "=", "today"),
        }
        counts = count_each(
            self,
            Domain("user_id", "=", (user or self.env.user).id) & IS_TO_DO,
            {(tray, key): domain & extra for tray, domain in TRAYS.items() for key, extra in due.items()},
        )
        names = dict(self._fields["tray"]._description_selection(self.env))
        trays = []
        for tray in TRAYS:
            found = {key: counts[tray, key] for key in due}
            trays.append(
                {"tray": tray, "name": names[tray], **found, "planned": found["total"] - found["late"] - found["today"]}
            )
        return trays
