from markupsafe import Markup

from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.http import request
from odoo.tools.misc import format_datetime

from ..tools.watermark import mark
from .clearance import classes_up_to
from .holder import OUTSIDE_STATES
from .selections import CONFIDENTIAL
from .trail import Noted

# What a letter says: whoever reads one of these of a secret letter has read it.
SAID = {
    *("subject", "summary", "body", "preview", "number", "sender_id", "addressee_ids", "annex_ids", "version_ids"),
    *("message_main_attachment_id", "message_ids", "disposition_ids", "chain_ids", "my_brief", "reply_to_id"),
}
_TEXTS = {"subject", "summary", "body", "number"}


class LetterSecrecy(models.AbstractModel):
    """What is special of secret letters: they come as closed envelopes, are named by nothing of their content wherever
    they are not opened, and whoever reads them is noted."""

    _name = "esurat.letter.secrecy"
    _description = "Secrecy of a letter"

    sealed = fields.Boolean(
        string="Closed envelope",
        readonly=True,
        copy=False,
        help="Registered without having been opened; whoever it is for opens it.",
    )
    reading_ids = fields.One2many("esurat.reading", "letter_id", string="Read by", readonly=True)

    @api.onchange("security_class")
    def _onchange_sealed(self):
        self.sealed = self._comes_closed(self.security_class)
        if self.sealed:
            # what stands there would keep the envelope from being registered, and is not shown any more
            self.subject = self.summary = False

    def _comes_closed(self, security_class):
        """Tell whether this letter is registered closed as one of *security_class*: its registrar may not read it."""
        return (
            security_class in CONFIDENTIAL
            and self.direction == "incoming"
            and self.state == "draft"
            and bool(self.env.user._esurat_uncleared(security_class))
        )

    @api.constrains("sealed", "subject", "summary", "message_main_attachment_id")
    def _check_sealed(self):
        if self.filtered(
            lambda letter: letter.sealed and (letter.subject or letter.summary or letter.message_main_attachment_id)
        ):
            raise ValidationError(
                self.env._(
                    "You have no clearance for secret letters: register the envelope closed, with sender, number and "
                    "date. Subject, summary and scan are added by whoever it is for. If you have scanned it, delete "
                    "this draft and begin again with its security class."
                )
            )

    def action_unseal(self):
        """Open the dialogue in which whoever opens this envelope says what is in it."""
        self.ensure_one()
        self._check_act("unseal")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Open the envelope"),
            "res_model": "esurat.unseal",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_letter_id": self.id},
        }

    def _unseal(self, subject, summary="", content=b"", name=""):
        """Note what is in this envelope.

        :param str subject: of the letter
        :param str summary: what it is about
        :param bytes content: its scan, or nothing where it stays on paper
        :param str name: of the file
        :raises UserError: where it is opened already, the subject is missing, or the file is no scan
        """
        self.ensure_one()
        self._check_act("unseal")
        if not (subject or "").strip():
            raise UserError(self.env._("Say what the letter is about."))
        mimetype = pages = None
        if content:
            self._check_scan(content)
            mimetype, pages = self._inspect_scan(content, name)
        # sudo: what a registered letter says is added by this act alone, which _check_act has allowed
        letter = self.sudo().with_context(tracking_disable=True)
        letter.write({"sealed": False, "subject": subject, "summary": summary})
        if content:
            letter._keep_pdf(content, pages, name=name, mimetype=mimetype)
        letter._release_registrars()
        self._post_acts({self: self.env._("Envelope opened")}, principals=self._principals())

    def _release_registrars(self):
        """Who has registered these envelopes closed sees no more of them once they are read. Call it as superuser."""
        for letter in self.filtered(lambda letter: letter.security_class in CONFIDENTIAL):
            holds = letter._author_holds().filtered(
                lambda hold, letter=letter: hold.user_id._esurat_uncleared(letter.security_class)
            )
            if letter.direction == "incoming" and holds:
                holds.write({"state": "recalled", "done_date": fields.Datetime.now()})
                letter._dismiss_notifications(holds.user_id, withdraw=True)
                words = self.env._("Not seen any more by who has registered it")
                self.env["esurat.trail"]._note([Noted("act", letter.id, words)])

    # ------------------------------------------------------------
    # Who has read it
    # ------------------------------------------------------------

    def _read_format(self, fnames, load="_classic_read"):
        if not self.env.su and not SAID.isdisjoint(fnames):
            self.env["esurat.reading"]._note(self, "read")
        return super()._read_format(fnames, load)

    def _determine_fields_to_fetch(self, field_names, ignore_when_in_cache=False):
        found = super()._determine_fields_to_fetch(field_names, ignore_when_in_cache)
        if field_names and not SAID.isdisjoint(field_names) and self._fields["security_class"] not in found:
            # how secret they are is asked for next: by the same query
            found = [*found, self._fields["security_class"]]
        return found

    def _export_rows(self, names, **options):
        if not self.env.su:
            self.env["esurat.reading"]._note(self, "export")
        return super()._export_rows(names, **options)

    @api.model
    def _read_group(self, domain, groupby=(), aggregates=(), *args, **options):
        named = {str(name).split(":")[0].split(".")[0] for name in (*groupby, *aggregates)}
        if not self.env.su and not _TEXTS.isdisjoint(named):
            # secret letters stand in no group by what they say
            domain = Domain(domain) & Domain("security_class", "not in", CONFIDENTIAL)
        return super()._read_group(domain, groupby, aggregates, *args, **options)

    def copy_data(self, default=None):
        copies = super().copy_data(default)
        if not self.env.su:
            self.env["esurat.reading"]._note(self, "read")
            for letter, vals in zip(self, copies, strict=True):
                if vals.get("security_class", "open") in classes_up_to(letter.security_class):
                    # what it says is as secret as before
                    vals["security_class"] = letter.security_class
        return copies

    def _read_for(self):
        """Return for whom the user reads this letter (``res.users``), or nobody. Call it as superuser."""
        self.ensure_one()
        users = self.holder_ids.filtered(lambda hold: hold.state not in OUTSIDE_STATES).user_id
        if self.env.user in users:
            return users.browse()
        return (users & self.env.user._esurat_principals())[:1]

    def action_open_readings(self):
        """Show who has read this letter."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Read by"),
            "res_model": "esurat.reading",
            "views": [(False, "list"), (False, "kanban")],
            "domain": [("letter_id", "=", self.id)],
        }

    def _mark_words(self):
        """Return what stands across the pages of this letter for the user: her name, and the moment."""
        self.ensure_one()
        zone = self.sudo().company_id._esurat_timezone()
        moment = format_datetime(self.env, fields.Datetime.now(), tz=zone.zone, dt_format="d MMM y HH:mm")
        return f"{self.env.user._esurat_names()} · {moment}"

    def _marked(self, content):
        """Return what was printed of these letters (bytes of a PDF); where one is secret, that is noted, the pages say
        by whom they were printed, and no browser keeps them."""
        secret = self.filtered(lambda letter: letter.security_class in CONFIDENTIAL)
        if not secret:
            return content
        self.env["esurat.reading"]._note(secret, "print")
        if request:
            request.future_response.headers["Cache-Control"] = "no-store"
        return mark(content, "application/pdf", secret[0]._mark_words())

    # ------------------------------------------------------------
    # Named by nothing of its content
    # ------------------------------------------------------------

    def _label(self):
        """Return how this letter is called, whoever asks: by number and subject, a secret one by its number alone."""
        self.ensure_one()
        what = self.env._("a secret letter") if self.security_class in CONFIDENTIAL else self.subject
        return ": ".join(filter(None, (self.agenda_number, what))) or self.env._("New letter")

    def _is_unspoken(self):
        """Tell whether nothing of this letter leaves the system by mail or push but that there is something."""
        # sudo: how secret it is
        return bool(self) and self.sudo().security_class in CONFIDENTIAL

    def _notify_thread_by_email(self, message, recipients_data, *, msg_vals=False, **options):
        if not self._is_unspoken():
            return super()._notify_thread_by_email(message, recipients_data, msg_vals=msg_vals, **options)
        # a mail of its own: one that belongs to the message would take its files along
        partner_ids = [one["id"] for one in recipients_data if one["id"] and one["notif"] == "email"]
        link = Markup('<p>%s</p><p><a href="%s/odoo/esurat.letter/%s">%s</a></p>') % (
            self.env._("There is something new about a secret letter."),
            self.get_base_url(),
            self.id,
            self.env._("Open it in E-Surat"),
        )
        author = self.env.user.sudo().partner_id
        # sudo: to notify is the purpose
        mails = (
            self.env["mail.mail"]
            .sudo()
            .create(
                [
                    {
                        "subject": self._label(),
                        "body_html": link,
                        "email_from": author.email_formatted,
                        "reply_to": author.email_formatted,
                        "recipient_ids": [Command.set([partner_id])],
                        "auto_delete": True,
                    }
                    for partner_id in partner_ids
                ]
            )
        )
        self.env["mail.notification"].sudo().create(
            [
                {
                    "author_id": author.id,
                    "mail_message_id": message.id,
                    "mail_mail_id": mail.id,
                    "is_read": True,
                    "notification_status": "ready",
                    "notification_type": "email",
                    "res_partner_id": partner_id,
                }
                for mail, partner_id in zip(mails, partner_ids, strict=True)
            ]
        )
        mails.send_after_commit()
        return True

    def _notify_by_web_push_prepare_payload(self, message, msg_vals=False, force_record_name=False):
        if self._is_unspoken():
            words = self.env._("There is something new about a secret letter.")
            msg_vals = {**(msg_vals or {}), "body": Markup("<p>%s</p>") % words}
            force_record_name = self._label()
        return super()._notify_by_web_push_prepare_payload(message, msg_vals, force_record_name=force_record_name)
