from odoo import fields, models
from odoo.exceptions import UserError

from .letter_acts import LETTER_ACTS


class LetterEnding(models.AbstractModel):
    """How a letter ends: written off or cancelled, and taken up again where that does not hold."""

    _name = "esurat.letter.ending"
    _description = "End of a letter"

    def action_write_off(self):
        """Open the dialogue that writes these letters off."""
        return self._dialogue("esurat.write.off", self.env._("Write off"))

    def action_cancel(self):
        """Open the dialogue that cancels these letters."""
        return self._dialogue("esurat.cancel", self.env._("Cancel the letter"))

    def action_take_up(self):
        """Take up these letters again: they were written off, but are not settled."""
        self._check_act("take_up")
        self._take_up(self.env._("Taken up again"))

    def _write_off(self, kind, note="", reply=None):
        """Settle these incoming letters. Those still responsible are done with it; unread copies stay to be read.

        :param str kind: a key of ``write_off_kind``
        :param str note: what was done, or the number of an answer that is not in the register
        :param reply: the ``esurat.letter`` that answers, or nothing
        """
        self._check_act("write_off")
        if reply and (reply.direction != "outgoing" or reply.state not in ("registered", "sent")):
            raise UserError(self.env._("A letter is answered by a registered outgoing letter."))
        if kind == "answered" and not (note or reply):
            raise UserError(self.env._("Say which letter answers: choose it, or give its number."))
        detail = " ".join(filter(None, (reply.agenda_number if reply else "", note)))
        if reply:
            # sudo: the answer is written by acts alone
            reply.sudo().with_context(tracking_disable=True).filtered(lambda r: not r.reply_to_id).reply_to_id = self[
                :1
            ]
        self._settle(kind, detail, reply, self._principals())

    def _principals(self):
        """Return for whom the user acts on those of these letters on which she acts for somebody: ``{letter: user}``.

        Who keeps the register acts in her own name.
        """
        if self.env.user.has_group("esurat.group_registrar"):
            return {}
        return {letter: letter.my_principal_id for letter in self if letter.my_principal_id}

    def _settle(self, kind, detail, answer=None, principals=None):
        """Write these incoming letters off, as *kind* and *detail* (str) say; callers have checked that it may be.

        :param answer: the ``esurat.letter`` that answers them, or nothing
        :param dict principals: ``{letter: res.users}`` for whom the user does it
        """
        now = fields.Datetime.now()
        words = dict(self._fields["write_off_kind"]._description_selection(self.env))[kind]
        # sudo: states are set by acts alone, and other people's holds end with the letter
        letters = self.sudo().with_context(tracking_disable=True)
        letters.write(
            {
                "state": LETTER_ACTS["write_off"].after,
                "write_off_kind": kind,
                "write_off_note": detail,
                "answer_id": answer.id if answer else False,
                "write_off_date": now,
                "write_off_user_id": self.env.uid,
            }
        )
        letters._close_holds(now, lambda hold: hold.role == "responsible")
        for letter, principal in (principals or {}).items():
            holds = letter.sudo().holder_ids
            holds = holds.filtered(lambda hold, user=principal: hold.user_id == user and hold.done_date == now)
            holds.write(holds._acting("dispose", self.env.user._esurat_posts(letter.company_id)) if holds else {})
        words = self.env._("Written off as %(kind)s. %(detail)s", kind=words.lower(), detail=detail)
        self._post_acts(dict.fromkeys(self, words), principals=principals)

    def _take_up(self, words):
        """Take up these incoming letters again, whose write-off does not hold; those whose holds it ended are told.

        :param str words: what the chatter says
        """
        # sudo: states and holds are written by acts alone, which the caller has checked
        letters, told = self.sudo().with_context(tracking_disable=True), {}
        for letter in letters:
            ended = letter.holder_ids.filtered(
                lambda hold, letter=letter: (
                    hold.role == "responsible" and hold.state == "done" and hold.done_date == letter.write_off_date
                )
            )
            ended.write({"state": "read", "done_date": False, "acted_by_id": False})
            told[letter.sudo(False)] = ended.user_id.sudo(False)
        written_off = ("write_off_kind", "write_off_note", "answer_id", "write_off_date", "write_off_user_id")
        letters.write({"state": LETTER_ACTS["take_up"].after, **dict.fromkeys(written_off, False)})
        self._post_acts(dict.fromkeys(self, words), told)

    def _cancel(self, reason):
        """Cancel these letters; their numbers stay taken.

        :param str reason: shown on the letter and told to whoever holds it, and to its author
        """
        self._check_act("cancel")
        self._void(reason)

    def _void(self, reason):
        """Cancel these letters for *reason* (str); callers have checked that it may be."""
        # sudo: states are set by acts alone, and other people's holds end with the letter
        letters = self.sudo().with_context(tracking_disable=True)
        open_users = {
            letter: letter.holder_ids.filtered(
                lambda hold: hold.state in ("unread", "read") or hold.role == "author"
            ).user_id.sudo(False)
            for letter in letters
        }
        # a draft that was never numbered gives its reserved number back
        letters.filtered(lambda letter: not letter.serial).reservation_id = False
        letters.write({"state": LETTER_ACTS["cancel"].after, "cancel_reason": reason})
        letters._close_holds(fields.Datetime.now(), lambda hold: True)
        self._post_acts(dict.fromkeys(self, self.env._("Cancelled: %(reason)s", reason=reason)), open_users)
        letters._call_back(reason)
        # sudo: whoever cancels an answer opens the questions again, whether she holds them or not
        answered = letters.search([("answer_id", "in", letters.ids), ("state", "=", "done")])
        for answer, questions in answered.grouped("answer_id").items():
            questions._take_up(self.env._("The answer %(number)s was cancelled", number=answer.agenda_number))

    def _close_holds(self, now, which):
        """End the open holds of these letters for which ``which(hold)`` is true. Call it as superuser."""
        self.holder_ids.filtered(lambda hold: hold.state in ("unread", "read") and which(hold)).write(
            {"state": "done", "done_date": now, "acted_by_id": self.env.uid, "acted_as": False, "acted_by_name": False}
        )
