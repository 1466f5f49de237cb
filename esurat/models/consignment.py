import logging
import uuid
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .selections import CONFIDENTIAL

_logger = logging.getLogger(__name__)

# How long after each failure it is tried again; after the last one a person is told.
PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(hours=24),
)

CHANNELS = [
    ("same", "In this system"),
    ("server", "To another E-Surat server"),
    ("email", "By e-mail"),
    ("paper", "On paper"),
]


IS_FAILED = Domain("state", "=", "failed") & Domain("letter_id.state", "=", "sent")


class DeliveryError(Exception):
    """A consignment that did not arrive now, and may arrive later; its text is shown to people."""


class Consignment(models.Model):
    """One dispatch of a letter to one destination. Made by sending the letter alone.

    It is delivered only when the other side has said so: a letter registered there, a receipt, an e-mail that the mail
    server took, a hand that took the paper. What fails is tried again five times, then its author is told.

    =============  ====================================  ==============================
    who            reads                                 acts
    =============  ====================================  ==============================
    holder         those of the letters that she holds   tries again (the author)
    registrar      those of open and restricted letters  tries again, keeps the dispatch
                   of her agency                         book of paper
    =============  ====================================  ==============================
    """

    _name = "esurat.consignment"
    _inherit = ["mail.thread"]
    _description = "Dispatch of a letter"
    _order = "id desc"
    _rec_name = "partner_name"
    _mail_post_access = "read"
    _allow_sudo_commands = False

    letter_id = fields.Many2one("esurat.letter", required=True, index=True, ondelete="restrict", readonly=True)
    company_id = fields.Many2one(related="letter_id.company_id", store=True, precompute=True, string="Agency")
    partner_id = fields.Many2one("res.partner", string="To", required=True, ondelete="restrict", readonly=True)
    partner_name = fields.Char(string="Destination", required=True, readonly=True, help="As it was when it was sent.")
    is_copy = fields.Boolean(string="Copy", readonly=True)
    channel = fields.Selection(CHANNELS, required=True, readonly=True)
    state = fields.Selection(
        [("queued", "Queued"), ("delivered", "Delivered"), ("read", "Read"), ("failed", "Failed")],
        required=True,
        readonly=True,
        default="queued",
    )
    uuid = fields.Char(required=True, readonly=True, default=lambda self: str(uuid.uuid4()))
    attempts = fields.Integer(readonly=True, aggregator=None)
    next_attempt = fields.Datetime(readonly=True)
    trouble = fields.Char(readonly=True)
    is_failed = fields.Boolean(string="Not delivered", compute="_compute_is_failed", search="_search_is_failed")
    delivered_date = fields.Datetime(string="Delivered on", readonly=True)
    read_date = fields.Datetime(string="Read on", readonly=True)
    received_letter_id = fields.Many2one(
        "esurat.letter", string="Letter there", readonly=True, ondelete="set null", index="btree_not_null"
    )
    mail_id = fields.Many2one("mail.mail", readonly=True, ondelete="set null", groups="base.group_system")

    # The dispatch book (buku ekspedisi): what went by hand or by post.
    handed_to = fields.Char(help="Who took it.")
    tracking_number = fields.Char(help="Of the courier.")
    receipt = fields.Binary(string="Photo of the receipt", attachment=True)
    subject = fields.Char(related="letter_id.subject")
    number = fields.Char(related="letter_id.number")

    _uuid_uniq = models.UniqueIndex("(uuid)")
    _queue_idx = models.Index("(next_attempt) WHERE state = 'queued'")
    _failed_idx = models.Index("(company_id) WHERE state = 'failed'")

    @api.depends("state", "letter_id.state")
    def _compute_is_failed(self):
        failed = self.filtered_domain(IS_FAILED)
        for one in self:
            one.is_failed = one in failed

    def _search_is_failed(self, operator, value):
        return IS_FAILED if operator == "in" else NotImplemented

    def write(self, vals):
        if not self.env.su and (vals.keys() - {"handed_to", "tracking_number", "receipt"}):
            raise UserError(self.env._("Of a dispatch only the dispatch book is kept by hand."))
        return super().write(vals)

    def message_post(self, *, partner_ids=None, **options):
        """Comment on a dispatch; whoever is mentioned has to be able to see its letter.

        :raises UserError: naming whoever does not see the letter
        """
        if partner_ids and not self.env.su:
            self.letter_id._check_mentioned(partner_ids)
        return super().message_post(partner_ids=partner_ids, **options)

    # ------------------------------------------------------------
    # Acts
    # ------------------------------------------------------------

    def action_try_again(self):
        """Try to deliver these consignments again at once."""
        self._check_may_act()
        failed = self.filtered(
            lambda one: (
                one.state in ("failed", "queued") and one.channel != "paper" and one.letter_id.state != "cancelled"
            )
        )
        # sudo: consignments are written by acts alone
        failed.sudo().write(
            {
                "state": "queued",
                "attempts": 0,
                "next_attempt": fields.Datetime.now(),
                "trouble": False,
                "mail_id": False,
            }
        )
        self.env.ref("esurat.cron_consignment")._trigger()

    def action_on_paper(self):
        """Let what did not arrive go on paper instead: it stands in the dispatch book from now on."""
        self._check_may_act()
        failed = self.filtered(lambda one: one.state == "failed" and one.letter_id.state != "cancelled")
        # sudo: consignments are written by acts alone
        failed.sudo().write({"channel": "paper", "state": "queued", "next_attempt": False, "trouble": False})

    def action_delivered(self):
        """Note in the dispatch book that these letters reached their destinations on paper."""
        self._check_may_act()
        if self.filtered(lambda one: one.channel != "paper"):
            raise UserError(self.env._("Only what goes on paper is noted as delivered by hand."))
        # sudo: as above
        self.sudo().filtered(lambda one: one.state == "queued")._delivered()

    def _check_may_act(self):
        self.check_access("read")
        registrar = self.env.user.has_group("esurat.group_registrar")
        if not all(registrar or one.letter_id._is_author() for one in self):
            raise UserError(self.env._("Letters are sent by their authors and by registrars."))

    # ------------------------------------------------------------
    # Delivery
    # ------------------------------------------------------------

    @api.model
    def _channels(self, partners):
        """Return the channels by which *partners* are reached, the surest first: ``{res.partner: [channel]}``."""
        agencies = self._agencies_of(partners)
        found = {}
        for partner in partners:
            has = {
                "same": partner.commercial_partner_id in agencies,
                "server": partner.commercial_partner_id.esurat_server,
                "email": partner.email,
                "paper": True,
            }
            found[partner] = [channel for channel, there in has.items() if there]
        return found

    @api.model
    def _proposed(self, letter, channels):
        """Return by which of *channels* (of :meth:`_channels`) *letter* goes."""
        # a sealed double envelope: nobody but the addressee may see that there is such a letter
        return "paper" if letter.security_class in CONFIDENTIAL else channels[0]

    @api.model
    def _agencies_of(self, partners):
        """Return which agencies of this database *partners* are: ``{res.partner: res.company}``."""
        # sudo: agencies of a city know of each other
        companies = self.env["res.company"].sudo()
        found = companies.search(
            [("partner_id", "in", partners.commercial_partner_id.ids), ("esurat_code", "!=", False)]
        )
        return {company.partner_id: company for company in found}

    def _deliver(self):
        """Try to deliver this consignment. Call it as superuser.

        :raises DeliveryError: where it did not arrive now
        """
        self.ensure_one()
        if self.letter_id.state == "cancelled":
            raise UserError(self.env._("The letter was cancelled."))
        {"same": self._deliver_here, "server": self._deliver_server, "email": self._deliver_mail}[self.channel]()

    def _attempt(self):
        """Deliver these consignments as far as it goes now; what fails waits for its turn. Call it as superuser."""
        for one in self:
            try:
                with self.env.cr.savepoint():
                    one._deliver()
            except DeliveryError as error:
                one._failed(str(error))
            except UserError as error:
                # waiting does not mend it
                one.trouble = str(error)[:500]
                one._give_up()
            except psycopg2.Error:
                # two at the same moment: the request or the scheduler repeats it
                raise
            except Exception:  # whatever it is, the others have their turn
                _logger.exception("Consignment %s failed", one.uuid)
                one._failed(self.env._("Unexpected trouble; the server's log has more."))

    def _failed(self, trouble):
        """Note that it did not arrive: it is tried again after a pause, and after the last one somebody is told."""
        self.ensure_one()
        # mail servers answer in several lines
        trouble = " ".join(trouble.split())
        self.write({"attempts": self.attempts + 1, "trouble": trouble[:500]})
        if self.attempts <= len(PAUSES):
            self.next_attempt = fields.Datetime.now() + PAUSES[self.attempts - 1]
            self.env.ref("esurat.cron_consignment")._trigger(at=self.next_attempt)
            return
        self._give_up()

    def _give_up(self):
        """Note that it does not arrive, and tell the letter's authors."""
        self.write({"state": "failed", "next_attempt": False})
        for one in self:
            one.letter_id._post_acts(
                {
                    one.letter_id: self.env._(
                        "Could not be delivered to %(name)s: %(trouble)s", name=one.partner_name, trouble=one.trouble
                    )
                },
                {one.letter_id: one.letter_id._author_holds().user_id.sudo(False)},
            )

    def _delivered(self, **values):
        """Note that these arrived. Call it as superuser."""
        self.write(
            {
                "state": "delivered",
                "delivered_date": fields.Datetime.now(),
                "next_attempt": False,
                "trouble": False,
                **values,
            }
        )

    def _deliver_here(self):
        """Give the letter to the registrar of an agency of this database; the bytes of its file are stored once."""
        company = self._agencies_of(self.partner_id).get(self.partner_id.commercial_partner_id)
        if not company:
            raise UserError(self.env._("%(name)s is no agency of this system any more.", name=self.partner_name))
        letter, sender = self.letter_id, self.company_id
        received = self.env["esurat.letter"]._receive(
            company,
            self.uuid,
            {
                "sender_id": sender.partner_id.id,
                "number": letter.number,
                "letter_date": letter.letter_date,
                "subject": letter.subject,
                "urgency": letter.urgency,
                "security_class": letter.security_class,
                "type_id": letter.type_id.id,
                "classification_id": letter.classification_id.id,
            },
            letter._files_to_send(),
        )
        self._delivered(received_letter_id=received.id)

    def _deliver_mail(self):
        """Hand the letter to the mail server as an attachment; it is delivered once that server has taken it."""
        mail = self.mail_id
        if not mail:
            letter = self.letter_id
            files = letter._files_to_send()
            message = self.with_context(lang=self.partner_id.lang or self.env.lang)
            mail = self.env["mail.mail"].create(
                {
                    "subject": f"{letter.number}: {letter.subject}",
                    "body_html": message._mail_body(),
                    "email_to": self.partner_id.email_formatted,
                    "email_from": letter.company_id.email_formatted or self.env.user.email_formatted,
                    "model": self._name,
                    "res_id": self.id,
                    "auto_delete": False,
                    "attachment_ids": [
                        fields.Command.create(
                            {
                                "name": name,
                                "raw": content,
                                "mimetype": mimetype,
                                "res_model": self._name,
                                "res_id": self.id,
                            }
                        )
                        for name, content, mimetype in files
                    ],
                }
            )
            self.mail_id = mail
        if mail.state == "exception":
            mail.state = "outgoing"
        if mail.state == "outgoing":
            # it notes on itself whether the server has taken it
            mail.send(raise_exception=False)
        if mail.state != "sent":
            raise DeliveryError(mail.failure_reason or self.env._("The mail server does not take it."))
        self._delivered()

    def _mail_body(self):
        letter = self.letter_id
        return self.env["ir.qweb"]._render(
            "esurat.consignment_mail",
            {"letter": letter, "address": letter._verify_url() if letter.verify_token else ""},
        )

    def _message_receive_bounce(self, email, partner):
        """The mail came back: it was not delivered after all."""
        result = super()._message_receive_bounce(email, partner)
        # sudo: the gateway notes what became of it
        for one in self.sudo().filtered(lambda one: one.channel == "email"):
            one.trouble = self.env._("The mail to %(email)s came back.", email=email)
            one._give_up()
        return result

    @api.model
    def _cron_deliver(self):
        """Deliver what is due, one by one; what is done is done, whatever stops the rest."""
        due = self.search(
            Domain("state", "=", "queued")
            & Domain("channel", "!=", "paper")
            & Domain("next_attempt", "<=", fields.Datetime.now()),
            order="next_attempt, id",
        )
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(due))
        for one in due:
            one = one.try_lock_for_update().filtered(lambda one: one.state == "queued")
            if one:
                one._attempt()
            if not cron._commit_progress(1):
                break
