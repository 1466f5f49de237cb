from odoo import fields, models
from odoo.exceptions import UserError

from .holder import ACTS


class HolderReview(models.Model):
    """What those do who review a letter that is written here: approve, send back, sign, and under which post."""

    _inherit = "esurat.holder"

    def action_approve(self):
        """Approve these letters: they go on to whoever is next."""
        self._approve()

    def action_reject(self):
        """Open the dialogue that sends these letters back with a comment."""
        return self._dialogue("reject", "esurat.reject", self.env._("Send back"))

    def action_replace(self):
        """Open the dialogue that names another reviewer."""
        return self._dialogue("replace", "esurat.replace", self.env._("Name another reviewer"))

    def _approve(self):
        """Initial these letters as they are now. Who has approved another text before is asked again."""
        self._check_act("approve")
        self._check_seen()
        self._close("approve", response=False)
        for hold in self:
            # sudo: holds are written by acts alone, which _check_act has allowed
            hold.sudo().digest = hold.letter_id._content_digest()
        letters = self.letter_id
        for letter in letters:
            letter._keep_version("corrected")
        turns = letters.sudo()._advance()
        self._post_acts("approve", dict.fromkeys(letters, self.env._("Approved")), turns)

    def _reject(self, response, back_to=None):
        """Send these letters back, to their authors or to an earlier reviewer. What others have signed is cancelled.

        :param str response: what has to be changed
        :param back_to: ``esurat.holder`` of a reviewer before the user, where it is one letter; nobody: the author
        :raises UserError: where that reviewer does not come before the user
        """
        self._check_act("reject")
        if back_to and (
            len(self) > 1
            or self.letter_id.serial
            or back_to.letter_id != self.letter_id
            or back_to not in self.letter_id.route_ids
            or back_to.sequence >= self.sequence
        ):
            raise UserError(self.env._("A letter is sent back to its author, or to somebody who came before you."))
        self._complete("reject", response)
        numbered = self.letter_id.filtered("serial")
        # somebody has signed the page already: it stays as it is, and its author writes another
        numbered._void(response)
        letters = self.letter_id - numbered
        if back_to:
            back_to.sudo().digest = False
            told = letters.sudo()._advance()
            # it waits for its turn with what she has said
            self.sudo().write({"state": ACTS["reject"].after, "done_date": fields.Datetime.now()})
        else:
            letters._back_to_draft()
            told = {letter: letter.sudo()._author_holds().user_id.sudo(False) for letter in letters}
        if letters:
            self._post_acts(
                "reject", dict.fromkeys(letters, self.env._("Sent back: %(response)s", response=response)), told
            )

    def action_sign(self):
        """Open the dialogue that signs these letters, one after the other.

        :raises UserError: where one has not been looked at, or is not the user's turn
        """
        for hold in self:
            hold._check_signs()
        if not self:
            raise UserError(self.env._("Choose at least one letter."))
        return {
            "type": "ir.actions.client",
            "tag": "esurat.sign",
            "name": self.env._("Sign"),
            "target": "new",
            "params": {
                "letters": [{"hold": hold.id, "name": hold.letter_id.display_name} for hold in self],
                **self.letter_id[:1]._signing_means(),
            },
        }

    def prepare_signature(self):
        """Get this letter ready to be signed by a service: numbered, its PDF made, the attempt kept. Call it, then
        :meth:`sign`, each in a request of its own, so that the attempt is kept whatever happens to the second.

        Where an earlier attempt was left open, the service is asked what became of it, and nothing is signed twice.

        :return: ``{"ticket", "number", "trouble"}``: for :meth:`sign`; the number where it is signed already; or what
            stands in the way
        :raises UserError: where it is not the user's turn
        """
        self.ensure_one()
        self._check_signs()
        letter = self.letter_id
        if letter._signing_provider() != "bsre":
            return {"ticket": "", "number": "", "trouble": ""}
        self._check_act("sign")
        letter._check_approved()
        return letter._prepare_bsre(self)

    def sign(self, passphrase, ticket=""):
        """Sign this letter: one letter, one transaction.

        :param str passphrase: opens the certificate; it is used here and nowhere kept
        :param str ticket: of :meth:`prepare_signature`, where a service signs
        :return: ``{"number", "trouble"}``: the number of the letter, or why a service has not signed
        :raises UserError: where it does not come about: nothing is signed then, and no number taken
        """
        self.ensure_one()
        self._check_signs()
        self._check_act("sign")
        letter = self.letter_id
        letter._check_approved()
        if letter._signing_provider() == "bsre":
            return letter._sign_bsre(self, str(passphrase or ""), str(ticket or ""))
        letter._sign_with_certificate(self, str(passphrase or ""))
        return {"number": letter.number, "trouble": ""}

    def _is_seen(self):
        """Tell whether the user has looked at what the letter of this hold says now."""
        self.ensure_one()
        return self.seen_by_id == self.env.user and self.seen_digest == self.letter_id._content_digest()

    def _signs_by(self):
        """Return who signs by this hold (``res.users``), once the page names her: its holder, or her deputy."""
        self.ensure_one()
        return self.acted_by_id if self.acted_as else self.user_id

    def _check_seen(self):
        """Make sure that these letters say what their reviewer has looked at.

        :raises UserError: naming those that were changed since
        """
        changed = self.filtered(lambda hold: not hold._is_seen())
        if changed:
            raise UserError(
                self.env._(
                    "%(letters)s: changed since you opened it. Open it again.",
                    letters=", ".join(changed.letter_id.mapped("display_name")[:5]),
                )
            )

    def _check_signs(self):
        """Make sure that this letter can be signed by the user now, having been looked at.

        :raises UserError: saying why not
        """
        self.check_access("read")
        if self.role == "sign" and self.state == "unread" and self._is_of_user(self.user_id, "sign"):
            raise UserError(
                self.env._("Open %(letter)s first: whoever signs has looked at it.", letter=self.letter_id.display_name)
            )
        if not self._offers("sign"):
            raise UserError(self.env._("%(letter)s: it is not your turn to sign.", letter=self.letter_id.display_name))
        self._check_seen()

    def _replace(self, user):
        """Let *user* review in the place of the holders of these holds.

        :param user: ``res.users``, one
        :raises UserError: where she reviews the letter already or cannot work with it
        """
        self._check_act("replace")
        letters = self.letter_id
        posts = user._esurat_posts(letters.company_id)
        user._esurat_check_workers(letters.company_id, posts)
        # sudo: holds are written by acts alone, which _check_act has allowed
        if letters.sudo()._reviewers().filtered(lambda hold: hold.user_id == user):
            raise UserError(self.env._("Somebody stands twice in the review of this letter."))
        self._create_holds(
            [
                {
                    "letter_id": hold.letter_id.id,
                    "user_id": user.id,
                    "role": hold.role,
                    "sequence": hold.sequence,
                    "capacity": hold.capacity,
                    "principal": hold.principal,
                    "mandated": hold.mandated,
                    "state": "waiting",
                }
                for hold in self
            ],
            posts,
        )
        self.sudo().write({"state": ACTS["replace"].after, "done_date": fields.Datetime.now()})
        for letter, holds in self.grouped("letter_id").items():
            letter._dismiss_notifications(holds.user_id, withdraw=True)
        turns = letters.sudo()._advance()
        letters._post_acts(
            dict.fromkeys(letters, self.env._("Now reviewed by %(name)s", name=user._esurat_names())), turns
        )

    def _signs_as(self):
        """Return the post under which this signatory signs, whomever she signs for."""
        self.ensure_one()
        match self.capacity:
            case "acting":
                return f"Plt. {self.principal}"
            case "daily_acting":
                return f"Plh. {self.principal}"
        return self.holder_position or ""

    def _capacity_lines(self):
        """Return what stands above a signature, line by line: the post, and for whom it signs.

        a.n.: the officer one level below by mandate; u.b.: one level further down; Plt. and Plh. stand before the post
        (Permendagri 1/2023).
        """
        self.ensure_one()
        post = f"{self._signs_as()},"
        match self.capacity:
            case "on_behalf":
                return [f"a.n. {self.principal}", post]
            case "sub_mandate":
                return [f"a.n. {self.principal}", self.mandated, "u.b.", post]
        return [post]

    def _capacity_words(self):
        """Return the post under which this signatory signs and for whom, on one line."""
        return ", ".join(line.rstrip(",") for line in self._capacity_lines())
