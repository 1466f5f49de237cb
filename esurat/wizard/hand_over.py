from typing import NamedTuple

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain

from ..models.holder import IS_HOLDING, IS_OPEN, RECIPIENTS, REVIEWERS

_ANSWER_AWAITED = (Domain("role", "in", RECIPIENTS) & IS_OPEN) | (
    Domain("state", "=", "done") & Domain("response", "!=", False) & Domain("confirmed_date", "=", False)
)


class Estate(NamedTuple):
    """What is open with somebody who leaves or changes post."""

    inbox: models.Model  # ``esurat.holder`` to be dealt with
    review: models.Model  # ``esurat.holder`` to be approved or signed, now or later
    written: models.Model  # ``esurat.holder`` of what she writes or has to send
    awaited: models.Model  # ``esurat.holder`` that she has passed on and whose answers come back to her
    left: models.Model  # ``esurat.holder`` that the successor cannot take over
    routing: models.Model  # ``esurat.routing`` that name her
    lists: models.Model  # ``esurat.recipient.list`` that name her
    delegations: models.Model  # ``esurat.delegation`` from her or to her


class HandOver(models.TransientModel):
    """The dialogue that hands everything open of somebody who leaves or changes post to a successor.

    What is open changes hands and names its new holder; what is done stays under the old name and position.
    """

    _name = "esurat.hand.over"
    _description = "Hand over"

    company_id = fields.Many2one("res.company", string="Agency", default=lambda self: self.env.company)
    leaver_id = fields.Many2one(
        "res.users",
        string="From",
        # who has left may be archived already
        context={"active_test": False},
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    successor_id = fields.Many2one(
        "res.users",
        string="To",
        domain="[('share', '=', False), ('employee_ids.company_id', '=', company_id), ('id', '!=', leaver_id)]",
    )
    preview = fields.Html(string="What changes hands", compute="_compute_preview", sanitize=False)

    @api.depends("company_id", "leaver_id", "successor_id")
    @api.depends_context("lang", "uid")
    def _compute_preview(self):
        for dialogue in self:
            if not dialogue.leaver_id:
                dialogue.preview = False
                continue
            estate = self._estate(dialogue.company_id, dialogue.leaver_id, dialogue.successor_id)
            lines = [
                (self.env._("Letters and dispositions to deal with"), estate.inbox),
                (self.env._("Letters to approve or sign"), estate.review),
                (self.env._("Letters being written or to be sent"), estate.written),
                (self.env._("Dispositions whose answers come back"), estate.awaited),
                (self.env._("Routing rules"), estate.routing),
                (self.env._("Groups of recipients"), estate.lists),
                (self.env._("Delegations that end"), estate.delegations),
            ]
            rows = Markup().join(
                Markup('<tr><td>%s</td><td class="text-end fw-bold">%s</td></tr>') % (name, len(records))
                for name, records in lines
            )
            dialogue.preview = Markup('<table class="table table-sm mb-0"><tbody>%s</tbody></table>') % rows
            if estate.left:
                dialogue.preview += Markup('<div class="alert alert-warning mt-2 mb-0">%s</div>') % self.env._(
                    "%s stay where they are: the successor has no clearance for them, reviews the letter already, or "
                    "the page names who signs.",
                    len(estate.left),
                )

    def action_confirm(self):
        """Hand over what the preview shows."""
        self.ensure_one()
        self._hand_over(self.company_id, self.leaver_id, self.successor_id)
        return {"type": "ir.actions.client", "tag": "esurat.acted", "params": {"message": self.env._("Handed over.")}}

    # ------------------------------------------------------------
    # The act
    # ------------------------------------------------------------

    @api.model
    def _estate(self, company, leaver, successor):
        """Return what is open with *leaver* in *company*, split by whether *successor* can take it (:class:`Estate`).

        :param leaver: ``res.users``, one
        :param successor: ``res.users``, one, or nobody yet
        :raises AccessError: for anybody but an administrator of the agency
        """
        if not self.env.user._esurat_administers(company):
            raise AccessError(self.env._("Only an administrator of the agency hands over what is open of somebody."))
        # sudo: an administrator of the agency moves what she may not read; only numbers of it are shown
        Holder = self.env["esurat.holder"].sudo()
        own = Domain("company_id", "=", company.id) & Domain("user_id", "=", leaver.id)
        direct = Domain("role", "in", RECIPIENTS) & Domain("disposition_id", "=", False)
        unsettled = Domain("letter_id.state", "in", ("registered", "in_progress"))
        unsettled &= Domain("letter_id.direction", "=", "incoming")
        inbox = Holder.search(own & Domain("role", "in", RECIPIENTS) & IS_OPEN)
        review = Holder.search(
            own
            & Domain("role", "in", REVIEWERS)
            # who has approved or sent back may be asked again
            & Domain("state", "!=", "recalled")
            & Domain("letter_id.state", "in", ("draft", "review", "to_sign"))
        )
        unfinished = Domain("letter_id.state", "in", ("draft", "review", "to_sign")) | (
            Domain("letter_id.state", "=", "registered") & Domain("letter_id.direction", "!=", "incoming")
        )
        written = Holder.search(own & Domain("role", "=", "author") & Domain("state", "!=", "recalled") & unfinished)
        awaited = Holder.search(
            own
            & Domain("role", "in", RECIPIENTS)
            & Domain("state", "=", "done")
            & (
                Domain("child_ids", "any", Domain("issuer_id", "=", leaver.id) & _ANSWER_AWAITED)
                # whom a letter was addressed to writes it off
                | direct & unsettled
            )
        )
        # a memo's answers come to who has signed it
        memos = Holder.search(
            Domain("company_id", "=", company.id)
            & Domain("issuer_id", "=", leaver.id)
            & direct
            & Domain("letter_id.direction", "=", "internal")
            & _ANSWER_AWAITED
        ).letter_id
        awaited |= memos._signatories().filtered(lambda hold: hold.user_id == leaver)
        left = Holder.browse()
        if successor:
            everything = inbox | review | written | awaited
            authored = review.letter_id._author_holds().filtered(lambda hold: hold.user_id == successor).letter_id
            left = everything.filtered(lambda hold: successor._esurat_uncleared(hold.security_class))
            reviewed = Holder.search(
                Domain("letter_id", "in", review.letter_id.ids)
                & Domain("user_id", "=", successor.id)
                & Domain("role", "in", REVIEWERS)
                & Domain("state", "!=", "recalled")
            ).letter_id
            left |= review.filtered(
                # its page names who signs, or she reviews the letter already
                lambda hold: hold.letter_id.serial or hold.letter_id._attempt() or hold.letter_id in reviewed | authored
            )
        in_agency, now = [("company_id", "=", company.id)], fields.Datetime.now()
        return Estate(
            inbox - left,
            review - left,
            written - left,
            awaited - left,
            left,
            self.env["esurat.routing"].sudo().search([*in_agency, ("user_ids", "in", leaver.ids)]),
            self.env["esurat.recipient.list"].sudo().search([*in_agency, ("user_ids", "in", leaver.ids)]),
            self.env["esurat.delegation"]
            .sudo()
            .search(
                [
                    *in_agency,
                    ("date_to", ">", now),
                    "|",
                    ("principal_id", "=", leaver.id),
                    ("deputy_id", "=", leaver.id),
                ]
            ),
        )

    @api.model
    def _hand_over(self, company, leaver, successor):
        """Give what is open with *leaver* in *company* to *successor*; both are told by the chatter of each letter.

        :return: the :class:`Estate` that has changed hands
        :raises UserError: where the successor is the leaver, or cannot work in the agency
        """
        if not successor or successor == leaver:
            raise UserError(self.env._("Name somebody else who takes over."))
        if self.env.user == successor:
            raise AccessError(self.env._("Nobody hands over to herself: ask another administrator."))
        posts = successor._esurat_posts(company)
        successor._esurat_check_workers(company, posts)
        estate = self._estate(company, leaver, successor)
        post = posts[company.id, successor.id]
        Holder = self.env["esurat.holder"].sudo()
        named = {"user_id": successor.id, **Holder._frozen(post), "department_id": post.department_id}
        moved = estate.inbox | estate.review | estate.written | estate.awaited
        # sudo: as the estate; an administrator tells of letters that she may not read
        letters = moved.letter_id
        letters._lock_for_act()
        letters._dismiss_notifications(leaver)
        holding = Holder.search(
            Domain("letter_id", "in", letters.ids)
            & Domain("user_id", "=", successor.id)
            & Domain("role", "in", RECIPIENTS)
            & IS_HOLDING
        )
        awaited = estate.awaited.filtered(lambda hold: hold.letter_id not in holding.letter_id)
        twice = estate.inbox.filtered(lambda hold: hold.letter_id in holding.letter_id)
        self._merge_holds(twice, holding.grouped("letter_id"))
        (estate.inbox - twice).write({**named, "state": "unread", "read_date": False})
        done = estate.review.filtered(lambda hold: hold.state in ("done", "returned"))
        # what she has approved stays approved by her, as long as it says the same
        done.write({"user_id": successor.id})
        (estate.review - done).write({**named, "digest": False, "seen_digest": False, "seen_by_id": False})
        estate.review.filtered(lambda hold: hold.state == "read").write({"state": "unread", "read_date": False})
        estate.written.write(named)
        # done stays done, under the name of who did it: what is to come of it is the successor's
        below = (
            estate.awaited.child_ids | estate.awaited.filtered(lambda hold: hold.role == "sign").letter_id.holder_ids
        )
        below.filtered(lambda hold: hold.issuer_id == leaver).write({"issuer_id": successor.id})
        awaited.write({"user_id": successor.id})
        under_review = estate.review.letter_id.filtered(lambda letter: letter.state in ("review", "to_sign"))
        turns = under_review._advance()
        in_her_place = {"user_ids": [Command.unlink(leaver.id), Command.link(successor.id)]}
        estate.routing.write(in_her_place)
        estate.lists.write(in_her_place)
        estate.delegations.action_end()
        words = self.env._(
            "Handed over from %(leaver)s to %(successor)s",
            leaver=leaver._esurat_names(),
            successor=successor._esurat_names(),
        )
        told = {letter: successor | turns.get(letter, self.env["res.users"]) for letter in letters}
        letters._post_acts(dict.fromkeys(letters, words), told)
        # so that nobody loses what is hers behind her back
        heads = company._esurat_head() | leaver
        self.env["mail.thread"].sudo().message_notify(
            partner_ids=heads.sudo().partner_id.ids,
            subject=words,
            body=self.env._("%(number)s letters changed hands.", number=len(letters)),
        )
        return estate

    @api.model
    def _merge_holds(self, holds, others):
        """End these holds of letters that the successor holds already; where one asked for an answer, hers does.

        :param dict others: ``{letter: her hold}``
        """
        for hold in holds:
            other = others[hold.letter_id]
            hold.write({"state": "recalled", "done_date": fields.Datetime.now(), "acted_by_id": self.env.uid})
            if hold.role != "responsible" or other.role == "responsible" and other.response:
                continue
            # where she has passed it on herself, it is with her again
            state = "unread" if other.role == "copy" else "read"
            values = {"role": "responsible", "state": state, "done_date": False, "deadline": hold.deadline}
            other.write({**values, "read_date": False} if other.role == "copy" else values)
