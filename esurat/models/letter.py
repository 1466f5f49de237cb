import uuid
from datetime import date, timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools.misc import format_date

from ..tools.counting import count_each
from .consignment import IS_FAILED
from .holder import OUTSIDE_STATES, RECIPIENTS, REVIEWERS
from .letter_acts import LETTER_ACTS, SECRET_ACTS
from .letter_text import CONTENT
from .selections import CONFIDENTIAL, DIRECTIONS, SECURITY_CLASSES, URGENCIES
from .trail import Noted

IS_BACKLOG = Domain("direction", "=", "incoming") & Domain("state", "in", ("registered", "in_progress"))
IS_UNSCANNED = Domain("state", "=", "to_sign") & Domain("signed_on_paper", "=", True)
IS_UNSENT = (
    Domain("direction", "=", "outgoing") & Domain("state", "=", "registered") & Domain("written_here", "=", True)
)
_IS_INCOMING_DRAFT = Domain("direction", "=", "incoming") & Domain("state", "=", "draft")
# Everybody who had to answer for it has done so.
_RESPONSIBLE = Domain("role", "=", "responsible")
IS_PROPOSED = (
    IS_BACKLOG
    & Domain("holder_ids", "any", _RESPONSIBLE & Domain("state", "=", "done"))
    & Domain("holder_ids", "not any", _RESPONSIBLE & Domain("state", "in", ("unread", "read")))
)
IS_LATE = IS_BACKLOG & Domain("deadline", "<", "today")

# What acts alone may set; see ``_check_given``.
GIVEN_BY_ACTS = {
    "state",
    "series_id",
    "year",
    "serial",
    "agenda_number",
    "uuid",
    "register_date",
    "last_act_date",
    "write_off_kind",
    "write_off_note",
    "answer_id",
    "write_off_date",
    "write_off_user_id",
    "cancel_reason",
    "message_ids",
    "from_register",
    "mail_sender",
    "verify_token",
    "numbered_digest",
    "template_id",
    "signed_on_paper",
    "signature_ids",
    "version_ids",
    "holder_ids",
    "consignment_uuid",
    "consignment_ids",
    "sealed",
}
# What signing gives to a letter that is written here; its file is what was signed.
GIVEN_BY_SIGNING = {"number", "letter_date", "scan", "message_main_attachment_id", "reservation_id"}
# What the number of a registered letter rests on.
FIXED_ONCE_REGISTERED = {"company_id", "direction", "type_id", "reservation_id", "written_here"}
# Letters that stay as they were, and what of them does.
SETTLED_STATES = ("sent", "done", "cancelled")
FIXED_ONCE_SETTLED = {
    "subject",
    "summary",
    "number",
    "letter_date",
    "received_date",
    "deadline",
    "sender_id",
    "recipient_ids",
    "position_ids",
    "addressee_ids",
    "classification_id",
    "urgency",
    "security_class",
    "scan",
    "message_main_attachment_id",
    "page_count",
    "medium",
    "department_id",
    "reply_to_id",
    "body",
    "annex_ids",
    "copy_partner_ids",
    "copy_position_ids",
}


class Letter(models.Model):
    """A letter of either direction: one record however many people work on it.

    =============  =====================================  =====================================
    who            reads                                  writes
    =============  =====================================  =====================================
    holder         letters that she holds                 through acts alone
    author         the same                               drafts of her own
    reviewer       the same, once it is her turn          text and annexes, while she initials
    registrar      open and restricted letters of her     the same, and registers, cancels,
                   agency                                 writes off
    anybody else   nothing                                nothing
    =============  =====================================  =====================================

    Secret letters are seen by their holders alone, whoever registered them among these as the author.
    """

    _name = "esurat.letter"
    _description = "Letter"
    _inherit = [
        "esurat.agency.record",
        # before what is a thread, whose mails it holds back
        "esurat.letter.secrecy",
        "esurat.letter.scan",
        "esurat.letter.mail",
        "esurat.letter.notification",
        "esurat.letter.text",
        "esurat.letter.addressees",
        "esurat.letter.review",
        "esurat.letter.signing",
        "esurat.letter.bsre",
        "esurat.letter.dispatch",
        "esurat.letter.ending",
    ]
    _order = "register_date desc, id desc"
    _rec_names_search = ["agenda_number", "number", "subject", "sender_id"]
    _check_company_auto = True
    _mail_post_access = "read"
    # whatever Odoo makes with sudo brings no line of ours along
    _allow_sudo_commands = False

    direction = fields.Selection(DIRECTIONS, required=True, default="incoming", readonly=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("review", "In review"),
            ("to_sign", "To sign"),
            ("registered", "Registered"),
            ("in_progress", "In progress"),
            ("sent", "Sent"),
            ("done", "Written off"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
    )
    company_id = fields.Many2one(readonly=True, index=False)
    department_id = fields.Many2one(
        "hr.department",
        string="Processing unit",
        compute="_compute_department",
        store=True,
        copy=True,
        precompute=True,
        readonly=False,
        check_company=True,
        index="btree_not_null",
        tracking=True,
    )
    type_id = fields.Many2one(
        "esurat.letter.type",
        required=True,
        ondelete="restrict",
        default=lambda self: self._default_type(),
    )
    classification_id = fields.Many2one("esurat.classification", ondelete="restrict", tracking=True)
    urgency = fields.Selection(URGENCIES, required=True, default="0", tracking=True)
    security_class = fields.Selection(SECURITY_CLASSES, required=True, default="open", tracking=True)
    subject = fields.Char(tracking=True, index="trigram")
    summary = fields.Text(help="What the letter is about, for those who cannot open the scan.")
    number = fields.Char(
        string="Letter number", index="trigram", copy=False, tracking=True, help="As it is written on the letter."
    )
    letter_date = fields.Date(tracking=True)
    received_date = fields.Date(default=fields.Date.context_today, copy=False)
    deadline = fields.Date(
        compute="_compute_deadline",
        store=True,
        readonly=False,
        copy=False,
        tracking=True,
        help="Proposed from type and urgency, in working days of the agency.",
    )
    sender_id = fields.Many2one(
        "res.partner", string="From", index="btree_not_null", ondelete="restrict", tracking=True
    )
    addressee_ids = fields.Many2many("res.partner", string="To", help="To whom an outgoing letter goes.")
    position_ids = fields.Many2many(
        "hr.job",
        string="To positions",
        compute="_compute_recipients",
        store=True,
        readonly=False,
        check_company=True,
        copy=False,
    )
    recipient_ids = fields.Many2many(
        "res.users",
        string="To people",
        compute="_compute_recipients",
        store=True,
        readonly=False,
        copy=False,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Proposed by the routing rules; without one, the head of the agency.",
    )
    page_count = fields.Integer(string="Pages", copy=False)
    medium = fields.Selection(
        [("paper", "Paper"), ("electronic", "Electronic")], required=True, default="paper", help="How it reached us."
    )
    uuid = fields.Char(copy=False, readonly=True, default=lambda self: str(uuid.uuid4()))
    reply_to_id = fields.Many2one(
        "esurat.letter",
        string="Answers",
        index="btree_not_null",
        check_company=True,
        domain="""[
            '|', '&', ('direction', '=', 'incoming'), ('state', 'in', ('registered', 'in_progress', 'done')),
            '&', ('direction', '=', 'internal'), ('state', '=', 'sent'),
        ]""",
    )
    reply_ids = fields.One2many("esurat.letter", "reply_to_id", string="Answered by")

    register_date = fields.Date(string="Registered on", default=fields.Date.context_today, readonly=True, copy=False)
    series_id = fields.Many2one(
        "esurat.series", readonly=True, check_company=True, copy=False, ondelete="restrict", index="btree_not_null"
    )
    year = fields.Integer(readonly=True, copy=False, aggregator=None)
    serial = fields.Integer(readonly=True, copy=False, aggregator=None)
    agenda_number = fields.Char(readonly=True, copy=False, index="trigram")
    reservation_id = fields.Many2one(
        "esurat.reservation",
        string="Reserved number",
        check_company=True,
        copy=False,
        domain="[('state', '=', 'reserved'), ('company_id', '=', company_id), ('series_id.direction', '=', direction)]",
        help="Take this number instead of the next one.",
    )

    from_register = fields.Boolean(
        string="From an old register", readonly=True, copy=False, help="Taken in with its number; nobody holds it."
    )

    write_off_kind = fields.Selection(
        [("followed_up", "Followed up"), ("noted", "Noted"), ("answered", "Answered")],
        string="Written off as",
        readonly=True,
        copy=False,
    )
    write_off_note = fields.Char(readonly=True, copy=False, help="The number of the answer, or what was done.")
    answer_id = fields.Many2one(
        "esurat.letter",
        string="Answer letter",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The letter that answers this one, where it was written off by it.",
    )
    write_off_date = fields.Datetime(string="Written off on", readonly=True, copy=False)
    write_off_user_id = fields.Many2one("res.users", string="Written off by", readonly=True, copy=False)
    cancel_reason = fields.Char(readonly=True, copy=False)
    last_act_date = fields.Datetime(string="Last act on", readonly=True, copy=False)

    holder_ids = fields.One2many("esurat.holder", "letter_id", string="Holders")
    chain_ids = fields.One2many("esurat.holder", compute="_compute_chain", help="Who passed it on to whom.")
    disposition_ids = fields.One2many("esurat.disposition", "letter_id", string="Dispositions")
    my_hold_id = fields.Many2one("esurat.holder", compute="_compute_mine")
    my_acts = fields.Char(compute="_compute_mine", help="What the user may do with this letter now.")
    my_brief = fields.Char(string="Asked of me", compute="_compute_mine")
    my_principal_id = fields.Many2one(
        "res.users", compute="_compute_mine", help="For whom the user acts on this letter, if not for herself."
    )
    twin_id = fields.Many2one(
        "esurat.letter",
        string="Same letter as",
        compute="_compute_twin",
        help="Registered already with this sender, number and date.",
    )
    is_backlog = fields.Boolean(string="Backlog", compute="_compute_figures", search="_search_is_backlog")
    is_proposed = fields.Boolean(string="To write off", compute="_compute_figures", search="_search_is_proposed")
    is_late = fields.Boolean(string="Late", compute="_compute_figures", search="_search_is_late")
    is_unscanned = fields.Boolean(
        string="Signed on paper, without scan", compute="_compute_figures", search="_search_is_unscanned"
    )
    is_unsent = fields.Boolean(string="Signed, not sent", compute="_compute_figures", search="_search_is_unsent")

    _serial_uniq = models.UniqueIndex(
        "(series_id, year, serial) WHERE serial IS NOT NULL", "This number is given already. Try again."
    )
    _reservation_uniq = models.UniqueIndex(
        "(reservation_id) WHERE reservation_id IS NOT NULL", "A letter bears this reserved number already."
    )
    _register_idx = models.Index("(company_id, register_date DESC, id DESC)")
    _written_off_idx = models.Index("(company_id, write_off_date) WHERE write_off_date IS NOT NULL")
    _twin_idx = models.Index("(sender_id, number, letter_date) WHERE number IS NOT NULL")

    # ------------------------------------------------------------
    # Proposals and figures
    # ------------------------------------------------------------

    @api.model
    def _default_type(self):
        """Return the first ``esurat.letter.type``; for an internal letter, the first that looks like a memo."""
        kinds = self.env["esurat.letter.type"].search([])
        if self.env.context.get("default_direction") == "internal":
            return kinds.filtered(lambda kind: kind.layout == "memo")[:1] or kinds[:1]
        return kinds[:1]

    @api.depends("written_here", "company_id")
    def _compute_department(self):
        posts = self.env.user._esurat_posts(self.company_id) if self.filtered("written_here") else {}
        for letter in self:
            post = posts.get((letter.company_id.id, self.env.uid))
            if letter.written_here and not letter.department_id and post:
                # what somebody writes is made in her unit
                letter.department_id = post.department_id
            else:
                letter.department_id = letter.department_id

    @api.depends("type_id", "urgency", "received_date", "company_id")
    def _compute_deadline(self):
        due = {}
        for letter in self:
            if letter.state != "draft" and letter.deadline:
                # proposed once: from then on a deadline changes by hand alone
                letter.deadline = letter.deadline
                continue
            if letter.direction != "incoming" or not letter.received_date:
                letter.deadline = False
                continue
            key = letter.company_id, letter.received_date, letter._answer_days()
            if key not in due:
                due[key] = letter.company_id._esurat_due_date(letter.received_date, key[-1])
            letter.deadline = due[key]

    def _answer_days(self):
        """Return within how many working days this letter is due, by type or urgency, the shorter; 0: no limit."""
        self.ensure_one()
        company = self.company_id
        by_urgency = {"1": company.esurat_urgent_days, "2": company.esurat_very_urgent_days}.get(self.urgency, 0)
        return min(filter(None, (self.type_id.deadline_days, by_urgency)), default=0)

    @api.depends("sender_id", "type_id", "classification_id", "company_id", "direction")
    def _compute_recipients(self):
        incoming = self.filtered(lambda letter: letter.direction == "incoming" and letter.state == "draft")
        # sudo: routing is the agency's, whoever registers
        rules = self.env["esurat.routing"].sudo().search([("company_id", "in", incoming.company_id.ids)])
        heads = {company: company._esurat_head() for company in incoming.company_id}
        for letter in incoming:
            rule = rules.filtered(lambda rule, letter=letter: rule._fits(letter))[:1]
            letter.position_ids = rule.position_ids.ids
            letter.recipient_ids = rule.user_ids.ids if rule else heads[letter.company_id].ids
        for letter in self - incoming:
            letter.position_ids = letter.position_ids
            letter.recipient_ids = letter.recipient_ids

    @api.depends("holder_ids.parent_id")
    def _compute_chain(self):
        for letter in self:
            holds = letter.holder_ids.filtered(lambda hold: hold.role in RECIPIENTS).sorted("id")
            below = holds.grouped("parent_id")
            order, stack = [], list(reversed(holds.filtered(lambda hold, holds=holds: hold.parent_id not in holds)))
            while stack:
                hold = stack.pop()
                order.append(hold)
                stack.extend(reversed(below.get(hold, holds.browse())))
            letter.chain_ids = holds.browse().concat(*order)

    @api.depends("holder_ids.state", "state", "security_class", "direction", "written_here")
    @api.depends_context("uid", "esurat_principal")
    def _compute_mine(self):
        holds = self._holds_of_user(RECIPIENTS + REVIEWERS)
        mine = {hold.letter_id: hold for hold in holds if hold.role in RECIPIENTS}
        reviewing = {hold.letter_id: hold for hold in holds if hold.role in REVIEWERS}
        for letter in self:
            hold = mine.get(letter._origin) or reviewing.get(letter._origin, holds.browse())
            acts = [act for act in LETTER_ACTS if letter._offers(act, hold)]
            letter.my_hold_id = hold
            letter.my_principal_id = hold.user_id if hold.user_id != self.env.user else False
            letter.my_brief = hold.brief
            # a reviewer may be an addressee as well
            letter.my_acts = ",".join(filter(None, [*acts, hold.my_acts, reviewing.get(letter._origin, hold).my_acts]))

    def _holds_of_user(self, roles):
        """Return the holds that the user acts on; of several of a letter and of a kind, the last counts.

        Where she holds a letter herself and for others, it is the one of whom she has opened it for, or else her own.

        :param tuple roles: of the holds
        """
        holds = self.env["esurat.holder"].search(
            [
                ("letter_id", "in", self.ids),
                ("user_id", "in", (self.env.user | self.env.user._esurat_principals()).ids),
                ("role", "in", roles),
                ("state", "not in", OUTSIDE_STATES),
            ],
            order="id",
        )
        chosen = self.env.context.get("esurat_principal")

        def weight(hold):
            return hold.user_id.id == chosen, hold.user_id == self.env.user, hold.state in ("unread", "read")

        return holds.sorted(weight)

    @api.depends("sender_id", "number", "letter_date", "direction")
    def _compute_twin(self):
        complete = self.filtered(
            lambda letter: letter.direction == "incoming" and letter.sender_id and letter.number and letter.letter_date
        )
        found = (
            self.search(
                [
                    ("sender_id", "in", complete.sender_id.ids),
                    ("number", "in", complete.mapped("number")),
                    ("letter_date", "in", complete.mapped("letter_date")),
                    ("state", "!=", "cancelled"),
                    ("direction", "=", "incoming"),
                ],
                order="id",
            )
            if complete
            else self.browse()
        )
        for letter in self:
            letter.twin_id = (
                found.filtered(
                    lambda other, letter=letter: (
                        other != letter._origin
                        and other.company_id == letter.company_id
                        and (other.sender_id, other.number, other.letter_date)
                        == (letter.sender_id, letter.number, letter.letter_date)
                    )
                )[:1]
                if letter in complete
                else False
            )

    @api.depends("state", "direction", "deadline", "holder_ids.state", "signed_on_paper", "written_here")
    def _compute_figures(self):
        backlog, late, proposed, unscanned, unsent = (
            self.filtered_domain(domain) for domain in (IS_BACKLOG, IS_LATE, IS_PROPOSED, IS_UNSCANNED, IS_UNSENT)
        )
        for letter in self:
            letter.is_backlog = letter in backlog
            letter.is_late = letter in late
            letter.is_proposed = letter in proposed
            letter.is_unscanned = letter in unscanned
            letter.is_unsent = letter in unsent

    def _search_is_backlog(self, operator, value):
        return IS_BACKLOG if operator == "in" else NotImplemented

    def _search_is_late(self, operator, value):
        return IS_LATE if operator == "in" else NotImplemented

    def _search_is_proposed(self, operator, value):
        return IS_PROPOSED if operator == "in" else NotImplemented

    def _search_is_unscanned(self, operator, value):
        return IS_UNSCANNED if operator == "in" else NotImplemented

    def _search_is_unsent(self, operator, value):
        return IS_UNSENT if operator == "in" else NotImplemented

    @api.model
    def _count_register(self):
        """Count what lies in the register, for whoever keeps it.

        :return: list of ``{"filter", "name", "total"}``, empty for others; ``filter`` is the one of the search view
        """
        if not self.env.user.has_group("esurat.group_registrar"):
            return []
        figures = {
            "draft": (self.env._("To register"), _IS_INCOMING_DRAFT),
            "backlog": (self.env._("Backlog"), IS_BACKLOG),
            "late": (self.env._("Late"), IS_LATE),
            "proposed": (self.env._("To write off"), IS_PROPOSED),
            "unscanned": (self.env._("Signed on paper, without scan"), IS_UNSCANNED),
            "unsent": (self.env._("Signed, not sent"), IS_UNSENT),
        }
        counts = count_each(
            self,
            IS_BACKLOG | _IS_INCOMING_DRAFT | IS_UNSCANNED | IS_UNSENT,
            {key: domain for key, (_name, domain) in figures.items()},
        )
        failed = self.env["esurat.consignment"].search_count(IS_FAILED)
        return [
            *({"filter": key, "name": name, "total": counts[key]} for key, (name, _domain) in figures.items()),
            {"filter": "failed", "name": self.env._("Not delivered"), "total": failed},
        ]

    @api.depends("agenda_number", "subject", "state", "security_class")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_display_name(self):
        # Odoo shows the name of whatever a field points at with sudo: the user's own rights decide what it says.
        hidden = self.browse()
        if self.env.uid != SUPERUSER_ID:
            saved = self.filtered("id").sudo(False)
            hidden = (saved - saved._filtered_access("read")).sudo(self.env.su)
        for letter in self:
            letter.display_name = self.env._("Another letter") if letter in hidden else letter._label()

    # ------------------------------------------------------------
    # Constraints and CRUD
    # ------------------------------------------------------------

    @api.constrains("letter_date", "received_date", "direction")
    def _check_dates(self):
        for letter in self:
            # a mail comes on the day of the agency, whatever day the registrar has
            today = max(fields.Date.context_today(self), letter.company_id._esurat_now().date())
            if letter.received_date and letter.received_date > today:
                raise ValidationError(
                    self.env._(
                        "The letter cannot be received on %(date)s, a day to come.",
                        date=format_date(self.env, letter.received_date),
                    )
                )
            if letter.consignment_uuid:
                # east of us it may be tomorrow already
                today += timedelta(days=1)
            if letter.letter_date and letter.letter_date > today and letter.direction == "incoming":
                raise ValidationError(
                    self.env._(
                        "The letter is dated %(date)s, a day to come. Check the date.",
                        date=format_date(self.env, letter.letter_date),
                    )
                )
            if letter.direction == "incoming" and letter.letter_date and letter.received_date:
                if letter.letter_date > letter.received_date and not letter.consignment_uuid:
                    raise ValidationError(
                        self.env._(
                            "The letter is dated %(written)s but was received on %(received)s, before it was written.",
                            written=format_date(self.env, letter.letter_date),
                            received=format_date(self.env, letter.received_date),
                        )
                    )

    @api.constrains("number", "subject")
    def _check_lengths(self):
        for letter in self:
            if len(letter.number or "") > 100:
                raise ValidationError(self.env._("A letter number has at most 100 characters."))
            if len(letter.subject or "") > 500:
                raise ValidationError(self.env._("A subject has at most 500 characters; use the summary for more."))

    @api.constrains("page_count")
    def _check_page_count(self):
        if self.filtered(lambda letter: letter.page_count < 0):
            raise ValidationError(self.env._("The number of pages cannot be negative."))

    @api.model_create_multi
    def create(self, vals_list):
        prefix = "default_"
        defaults = {
            key.removeprefix(prefix): value for key, value in self.env.context.items() if key.startswith(prefix)
        }
        for vals in vals_list:
            self._check_given(vals.keys() | defaults.keys())
            self.browse()._check_written_here({**defaults, **vals}, {**defaults, **vals}.get("written_here"))
            self._check_answered(vals.get("reply_to_id") or defaults.get("reply_to_id"))
        if "security_class" in defaults:
            vals_list = [{"security_class": defaults["security_class"], **vals} for vals in vals_list]
        # A secret letter is seen, and any written on, through the author's hold alone, which needs the letter first:
        # its class and its annexes come last.
        classes = [vals.get("security_class") for vals in vals_list]
        annexes = [vals.get("annex_ids") for vals in vals_list]
        vals_list = [
            {**vals, "security_class": "restricted"} if vals.get("security_class") in CONFIDENTIAL else {**vals}
            for vals in vals_list
        ]
        for vals in vals_list:
            vals.pop("annex_ids", None)
        # Holders are told by acts: nobody follows a letter, and its registration is the first entry of its chatter.
        quiet = self.with_context(mail_create_nosubscribe=True, mail_create_nolog=True)
        letters = super(Letter, quiet).create(vals_list).with_env(self.env)
        secret = {letter: kind for letter, kind in zip(letters, classes, strict=True) if kind in CONFIDENTIAL}
        # An incoming letter has no author in the house; but who takes in a secret one keeps seeing it.
        authored = letters.filtered(
            lambda letter: (letter.direction != "incoming" and not letter.from_register) or letter in secret
        )
        authored._keep_for_author()
        for letter, kind in secret.items():
            # sudo: from here on the author's hold decides, not the registrar's rule
            letter.sudo().with_context(tracking_disable=True).write(
                {"security_class": kind, "sealed": not self.env.su and letter._comes_closed(kind)}
            )
        for letter, commands in zip(letters, annexes, strict=True):
            if commands:
                letter.annex_ids = commands
        self.env["esurat.trail"]._note([Noted("begin", letter.id, self.env._("Begun")) for letter in letters])
        return letters

    def _keep_for_author(self):
        """Make the user an author of those of these letters that she does not hold."""
        # sudo: one's own holds, whatever else one may see
        letters = self.filtered(
            lambda letter: (
                not letter.sudo().holder_ids.filtered(
                    lambda hold: hold.user_id == self.env.user and hold.state not in OUTSIDE_STATES
                )
            )
        )
        if not letters:
            return
        now = fields.Datetime.now()
        self.env["esurat.holder"]._create_holds(
            [
                {
                    "letter_id": letter.id,
                    "user_id": self.env.uid,
                    "role": "author",
                    # a text waits to be written and submitted
                    "state": "read" if letter.written_here and letter.state == "draft" else "done",
                    "read_date": now,
                    "done_date": False if letter.written_here and letter.state == "draft" else now,
                }
                for letter in letters
            ],
            self.env.user._esurat_posts(letters.company_id),
        )

    def write(self, vals):
        self._check_given(vals.keys())
        self._check_written_here(vals, any(letter.written_here for letter in self))
        self._check_answered(vals.get("reply_to_id"))
        registered = self.filtered(lambda letter: letter.state != "draft")
        fixed = vals.keys() & FIXED_ONCE_REGISTERED if registered else set()
        if registered.filtered(lambda letter: letter.direction != "incoming"):
            # what we number ourselves bears the number of the register
            fixed |= vals.keys() & {"number"}
        if fixed and not self.env.su:
            raise AccessError(
                self.env._(
                    "%(fields)s: cannot be changed once the letter is registered.", fields=self._labels(sorted(fixed))
                )
            )
        if vals.keys() & FIXED_ONCE_SETTLED and not self.env.su:
            if self.filtered(lambda letter: letter._is_settled()):
                raise UserError(self.env._("A letter that is signed, sent, written off or cancelled stays as it is."))
            if vals.keys() & set(CONTENT) and any(map(type(self)._is_under_review, self)):
                raise UserError(
                    self.env._(
                        "This letter is under review: who initials it may correct it, or its author takes it back."
                    )
                )
        if "security_class" in vals and not self.env.su:
            self._prepare_class(vals["security_class"])
        seen = self._seen_by_user() if vals.keys() & set(CONTENT) else self.browse()
        registered = registered.filtered(lambda letter: letter.state in ("registered", "in_progress"))
        before = {letter: letter.recipient_ids for letter in registered if "recipient_ids" in vals}
        result = super().write(vals)
        seen._note_seen()
        if vals and not self.env.su:
            self._note_edited(vals)
        if "security_class" in vals:
            # sudo: what others hold
            self.sudo().filtered(lambda letter: letter.state != "draft" and not letter.sealed)._release_registrars()
        if vals.keys() & {"subject", "sender_id"}:
            registered._check_complete()
        if vals.keys() & {"position_ids", "recipient_ids"}:
            told = registered._give_to_addressees(
                {letter: letter.recipient_ids - people for letter, people in before.items()}
            )
            registered._post_acts(
                {
                    letter: self.env._("Also addressed to %(people)s", people=users._esurat_names())
                    for letter, users in told.items()
                },
                told,
            )
        if "deadline" in vals and registered:
            # sudo: those addressed directly answer within the letter's deadline
            registered.sudo().holder_ids.filtered(
                lambda hold: hold.role == "responsible" and not hold.disposition_id and hold.state in ("unread", "read")
            ).write({"deadline": vals["deadline"]})
        return result

    def _prepare_class(self, security_class):
        """Make sure that the user may change the class of these letters: of a secret one, whoever may read it; of one
        under review, its author alone, who takes it back first. Whoever raises it goes on working with the letter, if
        she may read it.

        :param str security_class: the new one
        :raises UserError: where she may not
        """
        for letter in self:
            if letter.state == "review":
                raise UserError(self.env._("The security class is its author's to change: send the letter back."))
            secret = letter.security_class in CONFIDENTIAL and letter.state != "draft"
            if secret and (letter.sealed or self.env.user._esurat_uncleared(letter.security_class)):
                raise UserError(
                    self.env._("The class of a secret letter is changed by whoever may read it, once it is opened.")
                )
        if security_class in CONFIDENTIAL:
            self.check_access("write")
            cleared = not self.env.user._esurat_uncleared(security_class)
            self.filtered(
                lambda letter: cleared or letter.state == "draft" or letter.direction != "incoming"
            )._keep_for_author()
            self._forget_uncleared(security_class)

    def _note_edited(self, vals):
        """Note that the user has changed these letters, and whether they come closed now.

        :param dict vals: what was written
        """
        if "security_class" in vals:
            for letter in self.filtered(lambda letter: letter.state == "draft"):
                # sudo: whether it comes closed follows from who takes it in
                letter.sudo().sealed = letter._comes_closed(letter.security_class)
        words = self.env._("Changed: %(fields)s", fields=self._labels(sorted(vals)))
        self.env["esurat.trail"]._note([Noted("edit", letter.id, words) for letter in self])

    def _forget_uncleared(self, security_class):
        """Withdraw what those of the holders of these letters were told who may not read *security_class*."""
        # sudo: what others hold
        for letter in self.sudo():
            uncleared = letter.holder_ids.user_id._esurat_uncleared(security_class) - self.env.user
            if uncleared:
                letter._dismiss_notifications(uncleared, withdraw=True)

    @api.model
    def _labels(self, names):
        """Return the names of fields (list of str) as the user reads them, separated by commas."""
        return ", ".join(self._fields[name]._description_string(self.env) for name in names)

    @api.model
    def _check_given(self, names):
        """Refuse values that acts alone may give, whoever sends them over the interface or the API.

        :param set names: of fields
        """
        forbidden = names & GIVEN_BY_ACTS
        if forbidden and not self.env.su:
            raise AccessError(
                self.env._(
                    "%(fields)s: set by registering, writing off or cancelling the letter, never directly.",
                    fields=self._labels(sorted(forbidden)),
                )
            )

    def _is_settled(self):
        """Tell whether this letter stays as it is, whoever asks: what is signed, sent, written off or cancelled."""
        self.ensure_one()
        return self.state in SETTLED_STATES or self.written_here and (self.state == "registered" or bool(self.serial))

    def _check_written_here(self, vals, written):
        """Make sure that nobody gives a letter that is written here what its signature gives it, nor makes it another.

        :param dict vals: of a letter to be created (no records) or of these letters
        :param bool written: whether one of them is written here
        :raises AccessError: where somebody tries
        """
        if self.env.su:
            return
        given = {name for name in GIVEN_BY_SIGNING if vals.get(name)} if written or vals.get("written_here") else set()
        if self and "written_here" in vals:
            # made outside or written here is said before there is anything of it, by whoever keeps the register
            if not self.env.user.has_group("esurat.group_registrar") or any(
                letter.number or letter.message_main_attachment_id or letter.version_ids for letter in self
            ):
                given.add("written_here")
        if self and written and "direction" in vals:
            given.add("direction")
        if given:
            raise AccessError(
                self.env._(
                    "%(fields)s: set by signing a letter that is written here, never directly.",
                    fields=self._labels(sorted(given)),
                )
            )

    @api.model
    def _check_answered(self, letter_id):
        """Make sure that the user sees the letter that is answered: its words stand in the answer, which settles it."""
        if letter_id and not self.env.su:
            self.browse(letter_id).check_access("read")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_registered(self):
        if self.filtered(lambda letter: letter.state != "draft"):
            raise UserError(
                self.env._("A registered letter is never deleted: cancel it with a reason; its number stays taken.")
            )
        self.env["esurat.trail"]._note(
            [Noted("delete", letter.id, self.env._("Draft deleted"), uuid=letter.uuid) for letter in self]
        )

    @api.onchange("classification_id")
    def _onchange_classification_id(self):
        """A code with a security class lends it to the letter, where that is stricter."""
        weight = [kind for kind, _name in SECURITY_CLASSES].index
        if weight(self.classification_id.security_class or "open") > weight(self.security_class):
            self.security_class = self.classification_id.security_class

    def _message_set_main_attachment_id(self, attachments, force=False, filter_xml=True):
        # the scan is what the registrar took in, not the picture of a later comment
        if not force and (self.state != "draft" or self.written_here):
            return None
        return super()._message_set_main_attachment_id(attachments, force=force, filter_xml=filter_xml)

    def message_post(self, *, partner_ids=None, **options):
        """Comment on a letter; whoever is mentioned has to be able to see it, since a message is read for ever.

        :raises UserError: naming whoever does not see the letter
        """
        if partner_ids and not self.env.su:
            self._check_mentioned(partner_ids)
        if options.get("attachment_ids"):
            # they belong to nothing yet
            self.env["ir.attachment"].browse(options["attachment_ids"])._look_through(anyway=True)
        return super().message_post(partner_ids=partner_ids, **options)

    def _message_subscribe(self, partner_ids=None, subtype_ids=None, customer_ids=None):
        """People are told by acts; a follower would outlive her hold."""
        return True

    # ------------------------------------------------------------
    # Acts
    # ------------------------------------------------------------

    def _offers(self, act, hold=None):
        """Tell whether the user may do *act* (a key of ``LETTER_ACTS``) with this letter now.

        :param hold: her ``esurat.holder`` on it, where it is known
        """
        self.ensure_one()
        rule = LETTER_ACTS[act]
        if not self._is_ripe_for(act):
            return False
        if not self._origin:
            # whoever begins a letter is its author, or keeps the register; the button saves it first
            return act == "submit" or act == "register" and self.env.user.has_group("esurat.group_registrar")
        if "registrar" in rule.actors and self._is_kept_by_user():
            return True
        if "author" in rule.actors and self._is_author():
            return True
        if self.security_class in CONFIDENTIAL and self.state in SECRET_ACTS.get(act, ()) and self._is_author():
            return True
        hold = self.my_hold_id if hold is None else hold
        scope = "sign" if "signatory" in rule.actors else "dispose"
        if hold.user_id != self.env.user and not self.env.user._esurat_mandate(hold.user_id, scope, self):
            return False
        if "signatory" in rule.actors and hold.role == "sign" and hold.state in ("unread", "read"):
            return True
        if "holder" in rule.actors and hold.state in ("unread", "read", "done"):
            return True
        # whoever a letter is addressed to may say that it is settled
        return (
            "addressee" in rule.actors
            and hold.role == "responsible"
            and not hold.disposition_id
            and hold.state in ("unread", "read", "done")
        )

    def _is_kept_by_user(self):
        """Tell whether the user keeps the register of this letter; that of a secret one only who holds it herself."""
        self.ensure_one()
        if not self.env.user.has_group("esurat.group_registrar"):
            return False
        return self.security_class not in CONFIDENTIAL or self._is_held_by_user()

    def _is_held_by_user(self):
        """Tell whether the user holds this letter herself."""
        self.ensure_one()
        # sudo: her own holds
        holds = self.sudo().holder_ids
        return bool(holds.filtered(lambda hold: hold.user_id == self.env.user and hold.state not in OUTSIDE_STATES))

    def _is_ripe_for(self, act):
        """Tell whether *act* (a key of ``LETTER_ACTS``) can be done with this letter as it stands, whoever does it."""
        self.ensure_one()
        rule = LETTER_ACTS[act]
        if (
            self.state not in rule.before
            or self.direction not in rule.directions
            or rule.written_here not in (None, self.written_here)
        ):
            return False
        match act:
            case "forget":
                return self._attempt()._is_given_up()
            case "release":
                # nobody has signed
                return not self.serial
            case "withdraw":
                return not self.serial or self.signed_on_paper
            case "take_scan":
                return self.signed_on_paper
            case "answer":
                return self._is_answerable()
            case "unseal":
                return self.sealed
            case "write_off":
                return not self.sealed
        return True

    def _is_answerable(self):
        """Tell whether this letter is one to be answered: an incoming one in work, or a memo that was sent."""
        self.ensure_one()
        return not self.sealed and (self.state == "sent") == (self.direction == "internal")

    def _check_act(self, act):
        """Make sure that the user may do *act* with each of these letters.

        :raises AccessError: for a letter that the user does not see
        :raises UserError: naming those with which it cannot be done
        """
        self.check_access("read")
        refused = self.filtered(lambda letter: not letter._offers(act))
        if refused or not self:
            raise UserError(
                self.env._(
                    "This cannot be done with %(letters)s: it was dealt with already, or it is for the registrar.",
                    letters=", ".join(refused.mapped("display_name")[:5]) or self.env._("no letter"),
                )
            )

    def _lock_for_act(self):
        """Write these letters at once: of two acts at the same moment the database lets one go first, and Odoo repeats
        the other, which then sees what has become of the letter. Call it before anything else is written."""
        # sudo: the letter is written by acts alone; with nothing done yet
        letters = self.sudo().with_context(tracking_disable=True)
        letters.last_act_date = fields.Datetime.now()
        letters.flush_recordset(["last_act_date"])

    def action_open(self):
        """Note that the user has opened this letter as a holder. The form calls it; only the first time counts."""
        self.check_access("read")
        holds = self._holds_of_user(RECIPIENTS + REVIEWERS + ("author",))
        # of several people, it is opened for one
        readers = {hold.letter_id: hold.user_id for hold in holds}
        unread = holds.filtered(lambda hold: hold.state == "unread" and hold.user_id == readers[hold.letter_id])
        self._note_seen()
        if not unread:
            return False
        unread._open()
        self._note_seen()
        self._dismiss_notifications(self.env.user)
        return True

    def action_register(self):
        """Register these drafts: address them, tell the addressees, give the numbers."""
        self._check_act("register")
        self._take_in()
        sealed = self.filtered("sealed")
        if not sealed:
            return None
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "sticky": True,
                "title": self.env._("Registered closed"),
                "message": self.env._(
                    "Write %(numbers)s on the envelope. Once it is opened, you see it no more.",
                    numbers=", ".join(sealed.mapped("agenda_number")),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_dispose(self):
        """Open the dialogue that passes these letters on."""
        return self.my_hold_id.action_dispose()

    def action_follow_up(self):
        """Open the dialogue that reports what was done."""
        return self.my_hold_id.action_follow_up()

    def action_return(self):
        """Open the dialogue that gives these letters back."""
        return self.my_hold_id.action_return()

    def action_open_chain(self):
        """Show who passed this letter on to whom, as a chart."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Chain"),
            "res_model": "esurat.holder",
            "views": [(False, "hierarchy"), (False, "list")],
            "domain": [("letter_id", "=", self.id), ("role", "in", RECIPIENTS)],
            "context": {"create": False},
        }

    def action_open_trail(self):
        """Show everything that was done with this letter."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("esurat.action_trail"),
            "domain": [("letter_id", "=", self.id)],
            "context": {"of_one_letter": True},
        }

    def _dialogue(self, model, name):
        """Return the action that opens the dialogue *model* on these letters."""
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_letter_ids": self.ids},
        }

    def _take_in(self):
        """Register these drafts. The numbers come last, since the series is locked from then on."""
        self._check_complete()
        series = self._series()
        told = self._give_to_addressees()
        self._post_acts(
            {
                letter: (
                    self.env._("Letter from %(sender)s received", sender=letter.sender_id.display_name)
                    if letter.sender_id
                    else self.env._("Registered")
                )
                for letter in self
            },
            told,
        )
        self._give_numbers(series, {"state": LETTER_ACTS["register"].after})
        # a numbered letter that goes out has to be sent by whoever made it
        outgoing = self.filtered(lambda letter: letter.direction != "incoming")
        outgoing.sudo().holder_ids.filtered(lambda hold: hold.role == "author").write(
            {"state": "read", "done_date": False}
        )

    def _series(self):
        """Return the series that number these letters, ``{letter: series}``.

        :raises UserError: where there is none, or a reserved number is of another
        """
        series = self.env["esurat.series"]._for_letters(self)
        for letter in self.filtered("reservation_id"):
            if letter.reservation_id.series_id != series[letter] or letter.reservation_id.released:
                raise UserError(
                    self.env._(
                        "The reserved number %(name)s is not of the series of this letter, or was released.",
                        name=letter.reservation_id.display_name,
                    )
                )
        return series

    def _give_numbers(self, series, values):
        """Give these letters their numbers: what is reserved for them, or the next ones. This locks the series.

        :param dict series: ``{letter: series}``
        :param dict values: what is written together with the numbers
        """
        # of the agency, wherever the user is
        days = {company: company._esurat_now().date() for company in self.company_id}
        counted = self.filtered(lambda letter: not letter.reservation_id)
        taken = self.env["esurat.series"]._take(
            [(series[letter].id, days[letter.company_id].year) for letter in counted]
        )
        given = dict(zip(counted, taken, strict=True))
        for letter in self:
            today = days[letter.company_id]
            reservation = letter.reservation_id
            serial, reservation_id = given.get(letter) or (reservation.serial, reservation.id)
            year = reservation.year or today.year
            # a number reserved in another year belongs to that year, whatever the day
            day = min(max(today, date(year, 1, 1)), date(year, 12, 31))
            numbered = {
                **values,
                "register_date": today,
                "series_id": series[letter].id,
                "year": year,
                "serial": serial,
                "reservation_id": reservation_id,
                "agenda_number": series[letter]._number(letter, serial, day),
            }
            if letter.direction != "incoming":
                numbered["number"] = numbered["agenda_number"]
            # sudo: states and numbers are given by acts alone
            letter.sudo().with_context(tracking_disable=True).write(numbered)

    def _check_complete(self):
        """Make sure that these letters have what the register needs.

        :raises UserError: naming what is missing
        """
        for letter in self:
            # what is in a closed envelope is not known yet
            needed = () if letter.sealed else ("subject",)
            needed += ("sender_id",) if letter.direction == "incoming" else ()
            missing = [name for name in needed if not letter[name]]
            if missing:
                raise UserError(
                    self.env._("Fill in what the register needs first: %(fields)s.", fields=self._labels(missing))
                )

    def _begin(self):
        """Somebody has read these letters or disposed of them: they are in progress. Call it as superuser."""
        begun = self.filtered(lambda letter: letter.state == "registered" and letter.direction == "incoming")
        begun.with_context(tracking_disable=True).write({"state": "in_progress"})
        begun._release_registrars()
        begun._note_read_by_receiver()
