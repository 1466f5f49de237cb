import base64
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty

from .holder import IS_HOLDING, REVIEWERS
from .letter_template import ADDRESSED

# Permendagri 1/2023: at most three officers initial a draft.
MOST_INITIALS = 3


class Step(NamedTuple):
    """One reviewer of a letter, before the review starts."""

    role: str  # of REVIEWERS
    user_id: int
    capacity: str = "own"  # of CAPACITIES, for a signature
    principal: str = ""
    mandated: str = ""


class LetterReview(models.AbstractModel):
    """The review of a letter that is written here: initials in order, coordination side by side, signatures in order.

    Where it stands follows from the holds of the reviewers alone: whoever has approved what the letter says now (her
    digest is the letter's) is done; of the others it is the turn of the first. So a correction asks those again who had
    approved before it, and a letter that comes back unchanged asks nobody twice.
    """

    _name = "esurat.letter.review"
    _description = "Review of a letter"

    route_ids = fields.One2many("esurat.holder", compute="_compute_route", string="Review")

    @api.depends("holder_ids.role", "holder_ids.state", "holder_ids.sequence")
    def _compute_route(self):
        for letter in self:
            letter.route_ids = letter._reviewers().sorted(lambda hold: (hold.sequence, hold.id))

    def _reviewers(self):
        """Return the holds of the reviewers of these letters, those who were replaced left out."""
        return self.holder_ids.filtered(lambda hold: hold.role in REVIEWERS and hold.state != "recalled")

    def _is_author(self):
        """Tell whether the user is an author of this letter."""
        self.ensure_one()
        return bool(self._author_holds().filtered(lambda hold: hold.user_id == self.env.user))

    def _author_holds(self):
        """Return the holds of the authors of these letters."""
        return self.holder_ids.filtered(lambda hold: hold.role == "author" and hold.state != "recalled")

    def _reading_holds(self):
        """Return the user's holds, as superuser, on those of these letters that she has opened to review, for herself
        or for others."""
        # sudo: her own holds
        letters = self.sudo().filtered(lambda letter: letter.state in ("review", "to_sign"))
        return letters._reviewers().filtered(
            lambda hold: hold.state == "read" and hold._is_of_user(hold.user_id, "approve")
        )

    def _seen_by_user(self):
        """Return those of these letters under review which say what the user has looked at as a reviewer."""
        seen = self._reading_holds().filtered(lambda hold: hold._is_seen())
        return seen.letter_id.sudo(self.env.su)

    def _note_seen(self):
        """Note what the user has looked at of these letters, where it is her turn to review them."""
        for hold in self._reading_holds():
            if not hold._is_seen():
                hold.write({"seen_digest": hold.letter_id._content_digest(), "seen_by_id": self.env.uid})

    # ------------------------------------------------------------
    # The route
    # ------------------------------------------------------------

    def _propose_route(self):
        """Return who should review this letter, by its type and the author's place in the hierarchy.

        The signatory is whom the type names. Heads of the units between the author and her initial, the nearest to the
        author first, at most three of them, nobody where the author signs (Permendagri 1/2023); the positions that the
        type names are consulted.

        :return: list of :class:`Step`
        """
        self.ensure_one()
        company, author = self.company_id, self.env.user
        post = author._esurat_posts(company).get((company.id, author.id))
        unit = self.env["hr.department"].browse(post.department_id or () if post else ())
        # sudo: heads of units are readable by personnel officers alone; their users are named to the author
        units = unit.sudo()
        while units and units[-1].parent_id:
            units += units[-1].parent_id
        heads = [user for user in (u.manager_id.user_id for u in units) if user]
        above = [user for user in dict.fromkeys(heads) if user != author]
        kind = self.type_id
        if kind.signed_by == "author":
            signatory = author
        elif kind.signed_by == "unit":
            signatory = heads[0] if heads else company._esurat_head()
        else:
            signatory = company._esurat_head()
        initials = []
        if signatory != author:
            for user in above:
                if user == signatory:
                    break
                initials.append(user)
            # those nearest to the signatory answer to her
            initials = initials[-MOST_INITIALS:]
        consulted = company._esurat_occupants(kind.coordination_ids)
        taken = {author, signatory, *initials}
        return [
            *(Step("initial", user.id) for user in initials),
            *(Step("coordinate", user.id) for user in consulted if user not in taken),
            *(Step("sign", user.id) for user in signatory),
        ]

    def _route(self):
        """Return the route of this letter as it stands, or as it is proposed: list of :class:`Step`."""
        self.ensure_one()
        holds = self.sudo().route_ids
        if not holds:
            return self._propose_route()
        return [
            Step(hold.role, hold.user_id.id, hold.capacity or "own", hold.principal or "", hold.mandated or "")
            for hold in holds
        ]

    def _submit(self, steps):
        """Send this draft on its way through *steps*; who has approved this very text before is not asked again.

        :param list steps: of :class:`Step`, in order; consulted people stand side by side whatever their order
        :raises UserError: where something is missing, nobody signs, somebody stands there twice or cannot work with it,
            there are more than three initials, or any where the author alone signs
        """
        self.ensure_one()
        self._check_act("submit")
        self._check_written()
        users = self.env["res.users"].browse(step.user_id for step in steps)
        signing = [step for step in steps if step.role == "sign"]
        if not signing:
            raise UserError(self.env._("Name somebody who signs the letter."))
        if len(set(users.ids)) < len(steps):
            raise UserError(self.env._("Somebody stands twice in the review of this letter."))
        initials = [step for step in steps if step.role == "initial"]
        if len(initials) > MOST_INITIALS:
            raise UserError(self.env._("At most three officers initial a letter (Permendagri 1/2023)."))
        if initials and [step.user_id for step in signing] == [self.env.uid]:
            raise UserError(self.env._("Nobody initials a letter that its author signs (Permendagri 1/2023)."))
        for step in signing:
            if step.capacity != "own" and not step.principal or step.capacity == "sub_mandate" and not step.mandated:
                raise UserError(self.env._("Say in whose place the letter is signed."))
        posts = users._esurat_posts(self.company_id)
        users._esurat_check_workers(self.company_id, posts)
        self._lay_route(steps, posts)
        # sudo: states are set by acts alone
        self.sudo()._author_holds().write({"state": "done", "done_date": fields.Datetime.now()})
        turns = self.sudo()._advance()
        self._keep_version("submitted")
        self._post_acts({self: self.env._("Submitted for review")}, turns)

    def _check_written(self):
        """Make sure that this letter can be reviewed, signed and handed out.

        :raises UserError: naming what is missing
        """
        self._check_complete()
        if is_html_empty(self.body):
            raise UserError(self.env._("Write the text of the letter first."))
        if self.template_id.layout in ADDRESSED and not self._addressee_names():
            raise UserError(self.env._("Name an addressee of the letter."))
        series = self._series()[self]
        if "{classification}" in series.pattern and not self.classification_id:
            # the code is the legal basis of the number (Permendagri 83/2022 art. 3(6))
            raise UserError(self.env._("Choose the classification of the letter: its number contains the code."))
        people = self._addressed_people()
        if people[self] or self.direction == "internal" and self.template_id.layout in ADDRESSED:
            self._check_addressed(people, people[self]._esurat_posts(self.company_id))

    def _lay_route(self, steps, posts):
        """Make *steps* the reviewers of this letter. Holds of those who are in it already are kept, with what they
        approved; who is in it no more holds the letter no more."""
        order = {"initial": 0, "coordinate": 1, "sign": 2}
        # sudo: holds are written by acts alone, which the caller has checked
        had = {hold.user_id.id: hold for hold in self.sudo()._reviewers()}
        new, sequence, last = [], 0, None
        for step in sorted(steps, key=lambda step: order[step.role]):
            if step.role != "coordinate" or last != "coordinate":
                sequence += 1
            last = step.role
            values = {"role": step.role, "sequence": sequence}
            if step.role == "sign":
                values |= {"capacity": step.capacity, "principal": step.principal, "mandated": step.mandated}
            hold = had.pop(step.user_id, None)
            if hold:
                hold.write(values)
            else:
                new.append({**values, "letter_id": self.id, "user_id": step.user_id, "state": "waiting"})
        for hold in had.values():
            hold.write({"state": "recalled", "done_date": fields.Datetime.now()})
            self._dismiss_notifications(hold.user_id, withdraw=True)
        self.env["esurat.holder"]._create_holds(new, posts)

    def _advance(self):
        """Work out whose turn it is. Call it as superuser.

        :return: ``{letter: res.users}`` whose turn has come
        """
        told, moves = {}, {}
        for letter in self:
            digest = letter._content_digest()
            holds = letter._reviewers().sorted("sequence")
            open_holds = holds.filtered(lambda hold, digest=digest: hold.digest != digest)
            turn = open_holds[:1].sequence
            for hold in open_holds:
                if hold.sequence != turn:
                    state = "waiting"
                elif hold.state in ("unread", "read"):
                    continue
                else:
                    state = "unread"
                    told[letter] = told.get(letter, self.env["res.users"]) | hold.user_id
                moves.setdefault(state, self.env["esurat.holder"])
                moves[state] |= hold
            after = "to_sign" if open_holds[:1].role == "sign" else "review"
            if open_holds and letter.state != after:
                letter.with_context(tracking_disable=True).state = after
        for state, holds in moves.items():
            values = {"state": state, "done_date": False}
            if state == "unread":
                # whoever is asked again reads it again
                values |= {"read_date": False, "deadline": False}
            holds.write(values)
        return {letter: users.sudo(False) for letter, users in told.items()}

    def _give_copies(self):
        """Give copies of this letter to whoever holds the positions that it names; who holds it already is left alone.

        :return: ``res.users`` of the new holders
        """
        self.ensure_one()
        users = self.company_id._esurat_occupants(self.copy_position_ids)
        posts = users._esurat_posts(self.company_id)
        # a copy holds nothing up: who cannot work with it goes without
        users = users.filtered(lambda user: (self.company_id.id, user.id) in posts)
        users -= users._esurat_uncleared(self.security_class)
        users -= self.sudo().holder_ids.filtered_domain(IS_HOLDING).user_id.sudo(False)
        self.env["esurat.holder"]._create_holds(
            [{"letter_id": self.id, "user_id": user.id, "role": "copy"} for user in users], posts
        )
        return users

    # ------------------------------------------------------------
    # Acts
    # ------------------------------------------------------------

    def action_submit(self):
        """Open the dialogue that sends this draft into review."""
        self.ensure_one()
        self._check_act("submit")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Submit"),
            "res_model": "esurat.submit",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_letter_id": self.id},
        }

    def action_withdraw(self):
        """Take these letters back from review to be written on. What was approved stays approved if nothing changes.

        The number of one that was to be signed by hand goes back as the next to be used.
        """
        self._check_act("withdraw")
        for letter in self.filtered("serial"):
            # sudo: numbers and signatures are taken back by acts alone
            letter.sudo()._take_back_from_paper()
        self._back_to_draft()
        self._post_acts(dict.fromkeys(self, self.env._("Taken back from review")))

    def action_approve(self):
        """Approve these letters as the user's turn has it."""
        return self._hold_in_review().action_approve()

    def action_reject(self):
        """Open the dialogue that sends this letter back."""
        return self._hold_in_review().action_reject()

    def _hold_in_review(self):
        """Return the user's holds as a reviewer of these letters, one each, empty where she is none."""
        chosen = {hold.letter_id: hold for hold in self._holds_of_user(REVIEWERS)}
        return self.env["esurat.holder"].union(*chosen.values())

    def _back_to_draft(self):
        """Give these letters back to their authors."""
        # sudo: holds and states are written by acts alone, which the caller has checked
        letters = self.sudo()
        letters._reviewers().filtered(lambda hold: hold.state in ("unread", "read")).write({"state": "waiting"})
        letters._author_holds().write({"state": "unread", "done_date": False, "read_date": False})
        letters._author_holds().filtered(lambda hold: hold.user_id == self.env.user).write(
            {"state": "read", "read_date": fields.Datetime.now()}
        )
        letters.with_context(tracking_disable=True).write({"state": "draft"})

    def _keep_version(self, occasion, pdf=None):
        """Keep this letter's text and PDF as its next version, unless it says what the last one says.

        :param str occasion: a key of ``esurat.version.occasion``
        :param bytes pdf: the PDF where it is made already
        """
        self.ensure_one()
        # sudo: versions are kept by acts alone
        letter = self.sudo()
        last = letter.env["esurat.version"].search([("letter_id", "=", letter.id)], limit=1)
        digest = letter._content_digest()
        if last.digest == digest and occasion in ("submitted", "corrected"):
            return
        letter.env["esurat.version"].create(
            {
                "letter_id": letter.id,
                "number": last.number + 1,
                "occasion": occasion,
                "user_id": self.env.uid,
                "digest": digest,
                "subject": letter.subject,
                "body": letter.body,
                "pdf": base64.b64encode(pdf or self._render_letter()[0]),
            }
        )
