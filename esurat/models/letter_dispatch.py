import hashlib
import re

from odoo import api, fields, models
from odoo.exceptions import UserError

from .selections import CONFIDENTIAL

# What is given out of a letter, as the national system asks for it (domain facts, section 6).
EXPORTED = (
    "number",
    "agenda_number",
    "date",
    "received",
    "direction",
    "state",
    "type",
    "subject",
    "summary",
    "urgency",
    "classification",
    "security_class",
    "from",
    "to",
    "agency",
    "active_years",
    "inactive_years",
    "fate",
    "srikandi_number",
    "uuid",
    "files",
    "sha256",
)


# what no system takes in the name of a file
_ILLEGAL = re.compile(r'[\x00-\x1f/\\:*?"<>|\u200b-\u202f\u2060-\u206f\ufeff]')


def _file_name(name, taken):
    """Return *name* (str) as any system takes it, and another one than those of *taken* (set), to which it is added."""
    stem, dot, ending = (_ILLEGAL.sub("-", name or "").strip(" .")[-140:].lstrip(" .-") or "file").rpartition(".")
    if not dot:
        stem, ending = ending, ""
    found, number = f"{stem}{dot}{ending}", 1
    while found.casefold() in taken:
        number += 1
        found = f"{stem} ({number}){dot}{ending}"
    taken.add(found.casefold())
    return found


class LetterDispatch(models.AbstractModel):
    """How a signed letter leaves the house, and how one comes in from another E-Surat."""

    _name = "esurat.letter.dispatch"
    _description = "Dispatch of a letter"

    consignment_ids = fields.One2many("esurat.consignment", "letter_id", string="Dispatch", readonly=True)
    consignment_uuid = fields.Char(
        readonly=True, copy=False, help="Of the consignment with which the letter came from another agency's E-Surat."
    )
    srikandi_number = fields.Char(
        string="SRIKANDI number",
        copy=False,
        index="btree_not_null",
        help="Under which the national system has the letter.",
    )

    _consignment_uniq = models.UniqueIndex("(consignment_uuid) WHERE consignment_uuid IS NOT NULL")

    def action_send(self):
        """Open the dialogue that sends these letters; what was made outside is noted as sent."""
        self._check_act("send")
        written = self.filtered("written_here")
        outside = self - written
        if outside:
            outside._note_sent()
        if not written:
            return None
        return self._dialogue("esurat.send", self.env._("Send"))

    def action_open_consignments(self):
        """Show what became of this letter at each destination."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Dispatch"),
            "res_model": "esurat.consignment",
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "mobile_view_mode": "kanban",
            "domain": [("letter_id", "=", self.id)],
        }

    def _destinations(self):
        """Return where this letter goes: list of ``(res.partner, whether it is a copy)``."""
        self.ensure_one()
        addressees, copies = self._partners()
        return [*((partner, False) for partner in addressees), *((partner, True) for partner in copies - addressees)]

    def _partners(self):
        """Return the contacts to whom these letters and their copies go, archived ones too: two ``res.partner``."""
        # a contact that was archived meanwhile is sent to all the same
        letters = self.with_context(active_test=False)
        return letters.addressee_ids.with_env(self.env), letters.copy_partner_ids.with_env(self.env)

    def _send(self, channels=None):
        """Send these letters to their destinations, and write off what they answer.

        :param dict channels: ``{(letter, partner): channel}`` where it is not the proposed one
        :return: the new ``esurat.consignment``, as superuser
        """
        self._check_act("send")
        for (letter, _partner), channel in (channels or {}).items():
            if letter.security_class in CONFIDENTIAL and channel != "paper":
                raise UserError(self.env._("A secret letter goes on paper, in a sealed envelope."))
        # sudo: consignments are made by sending alone
        Consignment = self.env["esurat.consignment"].sudo()
        reached = Consignment._channels(self.env["res.partner"].union(*self._partners()))
        for (_letter, partner), channel in (channels or {}).items():
            if channel not in reached.get(partner, ()):
                raise UserError(
                    self.env._("%(name)s cannot be reached in this way. Choose another.", name=partner.display_name)
                )
        consignments = Consignment.create(
            [
                {
                    "letter_id": letter.id,
                    "partner_id": partner.id,
                    "partner_name": partner.display_name,
                    "is_copy": is_copy,
                    "channel": (channels or {}).get((letter, partner))
                    or Consignment._proposed(letter, reached[partner]),
                    "next_attempt": fields.Datetime.now(),
                }
                for letter in self
                for partner, is_copy in letter._destinations()
            ]
        )
        self._note_sent()
        consignments.filtered(lambda one: one.channel == "same")._attempt()
        if consignments.filtered(lambda one: one.channel in ("server", "email")):
            self.env.ref("esurat.cron_consignment").sudo()._trigger()
        return consignments

    def _call_back(self, reason):
        """Stop what is under way of these letters, which were cancelled for *reason* (str). Call it as superuser."""
        self.consignment_ids.filtered(lambda one: one.state == "queued").write(
            {"state": "failed", "next_attempt": False, "trouble": reason}
        )
        received = self.consignment_ids.received_letter_id
        received._post_acts(
            dict.fromkeys(received, self.env._("The sender has cancelled this letter: %(reason)s", reason=reason)),
            {
                letter: letter.holder_ids.filtered(lambda hold: hold.state in ("unread", "read")).user_id
                for letter in received
            },
        )

    def _note_sent(self):
        """Note that these letters have left the house; what they answer is written off by them."""
        # sudo: states are set by acts alone
        letters = self.sudo().with_context(tracking_disable=True)
        letters.write({"state": "sent"})
        letters._author_holds().write({"state": "done", "done_date": fields.Datetime.now()})
        self._post_acts(dict.fromkeys(self, self.env._("Sent")))
        for letter in letters:
            answered = letter.reply_to_id.filtered(lambda one: one.state in ("registered", "in_progress"))
            if answered:
                # sudo: whoever sends the answer settles the question, whether she holds it or not
                answered._settle("answered", letter.agenda_number, letter)

    def _data(self):
        """Return the facts of this letter that are given out, ``{name: value}`` for each of ``EXPORTED``."""
        self.ensure_one()
        self.check_access("read")
        # sudo: names of what the letter points at, for whoever sees the letter
        letter, code = self.sudo(), self.sudo().classification_id
        files = letter._files()
        return {
            "number": letter.number or "",
            "agenda_number": letter.agenda_number or "",
            "date": letter.letter_date or "",
            "received": letter.received_date if letter.direction == "incoming" else "",
            "direction": letter.direction,
            "state": letter.state,
            "type": letter.type_id.name,
            "subject": letter.subject or "",
            "summary": letter.summary or "",
            "urgency": letter.urgency,
            "classification": code.code or "",
            "security_class": letter.security_class,
            "from": letter.sender_id.display_name if letter.direction == "incoming" else letter.company_id.name,
            "to": letter._addressee_names() if letter.direction != "incoming" else letter.recipient_ids.mapped("name"),
            "agency": letter.company_id.name,
            "active_years": code.active_years or 0,
            "inactive_years": code.inactive_years or 0,
            "fate": code.fate or "",
            "srikandi_number": letter.srikandi_number or "",
            "uuid": letter.uuid,
            "files": [name for name, _content, _mimetype in files],
            "sha256": [hashlib.sha256(content).hexdigest() for _name, content, _mimetype in files],
        }

    def _files(self):
        """Return the files of this letter that whoever sees it may have, itself first: ``(name, bytes, mimetype)``."""
        self.ensure_one()
        self.check_access("read")
        # sudo: the files of a letter that the user sees
        return self.sudo()._files_to_send()

    def _files_to_send(self):
        """Return the files of this letter, itself first: list of ``(name, bytes, mimetype)``. Call it as superuser."""
        self.ensure_one()
        main = self.message_main_attachment_id
        files = [(main.name, main.raw, main.mimetype)] if main else []
        for annex in self.annex_ids.filtered("file"):
            content = annex._content()
            name = annex.file_name or annex.name
            files.append((name, content, self._inspect_scan(content, name)[0]))
        names = set()
        return [(_file_name(name, names), content, mimetype) for name, content, mimetype in files]

    @api.model
    def _receive(self, company, consignment, values, files):
        """Take a letter in that another E-Surat has sent: a draft for the registrar. Twice is once. As superuser.

        :param company: the agency that it is for
        :param str consignment: uuid of the consignment
        :param dict values: of the letter
        :param list files: ``(name, bytes, mimetype)``, the letter itself first
        :return: the letter
        """
        known = self.search([("consignment_uuid", "=", consignment)])
        if known:
            return known
        agency = self.with_company(company).with_context(
            allowed_company_ids=company.ids, tz=company._esurat_timezone().zone
        )
        letter = agency.create(
            {
                **values,
                "company_id": company.id,
                "direction": "incoming",
                "medium": "electronic",
                "consignment_uuid": consignment,
            }
        )
        attachments = agency.env["ir.attachment"].create(
            [
                {"name": name, "raw": content, "mimetype": mimetype, "res_model": self._name, "res_id": letter.id}
                for name, content, mimetype in files
            ]
        )
        letter.with_context(tracking_disable=True).write(
            {
                "message_main_attachment_id": attachments[:1].id,
                "page_count": self._inspect_scan(files[0][1], files[0][0])[1] if files else 0,
            }
        )
        return letter

    def _note_read_by_receiver(self):
        """Whoever got these letters has read them: their senders see it. Call it as superuser."""
        received = self.filtered("consignment_uuid")
        if received:
            self.env["esurat.consignment"].search(
                [("received_letter_id", "in", received.ids), ("state", "=", "delivered")]
            ).write({"state": "read", "read_date": fields.Datetime.now()})

    def _state_for_sender(self):
        """Return what the sender of this letter may know of it: ``delivered`` or ``read``."""
        self.ensure_one()
        return "delivered" if self.state in ("draft", "registered", "cancelled") else "read"
