from urllib.parse import urlsplit

import requests

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools import envelope
from .consignment import DeliveryError

TIMEOUT = 60  # seconds
_EXCHANGE = {"esurat_server", "esurat_code", "esurat_certificate"}
_LOCAL = ("127.0.0.1", "localhost")


def _is_safe(address):
    """Tell whether letters may be handed over at *address* (str): encrypted, or on this machine."""
    try:
        parts = urlsplit(address)
        return bool(parts.hostname) and (parts.scheme == "https" or parts.scheme == "http" and parts.hostname in _LOCAL)
    except ValueError:
        return False


class Partner(models.Model):
    """A correspondent whose letters come and go over an E-Surat server of its own."""

    _inherit = "res.partner"

    esurat_server = fields.Char(
        string="E-Surat server",
        groups="esurat.group_user",
        copy=False,
        help="Address of its E-Surat, as in https://surat.example. Letters are handed over there.",
    )
    esurat_code = fields.Char(
        string="Agency code there", groups="esurat.group_user", copy=False, help="As its own E-Surat has it."
    )
    esurat_certificate = fields.Text(
        string="Certificate of its server",
        groups="esurat.group_admin",
        copy=False,
        help="In PEM, as the agency gave it to you. Letters signed with it are taken as the agency's.",
    )

    @api.constrains("esurat_server", "esurat_code", "esurat_certificate")
    def _check_esurat_server(self):
        # sudo: fields that administrators alone see
        for partner in self.sudo():
            server = partner.esurat_server or ""
            if server and not _is_safe(server):
                raise ValidationError(self.env._("The address of an E-Surat server begins with https://."))
            if server and not partner.esurat_code:
                raise ValidationError(self.env._("An E-Surat server needs the code of the agency there."))
            try:
                if partner.esurat_certificate:
                    envelope.check_certificate(partner.esurat_certificate)
            except ValueError as error:
                raise ValidationError(
                    self.env._("The certificate cannot be read. Paste it in PEM, from BEGIN to END.")
                ) from error

    def write(self, vals):
        if vals.keys() & _EXCHANGE:
            self._check_esurat_exchange()
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        # what came of it: a context may say more than the values
        if any(partner[name] for partner in partners.sudo() for name in _EXCHANGE):
            self._check_esurat_exchange()
        return partners

    @api.model
    def _check_esurat_exchange(self):
        """Whom letters are sent to and taken from is decided by administrators alone."""
        if not self.env.su and not self.env.user.has_group("esurat.group_admin"):
            raise UserError(self.env._("Only administrators of E-Surat say which servers letters are exchanged with."))


class Consignment(models.Model):
    """The exchange with other E-Surat servers: an envelope signed with XAdES, and the files beside it."""

    _inherit = "esurat.consignment"

    def _envelope(self):
        """Return the signed envelope of this consignment (bytes of XML).

        :raises UserError: where the agency has no certificate for it, or a text cannot travel
        """
        self.ensure_one()
        letter, company, partner = self.letter_id, self.company_id.sudo(), self.partner_id.commercial_partner_id
        if not company.esurat_exchange_certificate:
            raise UserError(self.env._("The agency has no certificate for the exchange yet: make it under Agency."))
        signature = letter.signature_ids[-1:]
        files = [
            envelope.describe(name, content, mimetype, "annex" if number else "letter")
            for number, (name, content, mimetype) in enumerate(letter._files_to_send())
        ]
        try:
            return envelope.sign(
                envelope.build(
                    {
                        "uuid": self.uuid,
                        "sent": fields.Datetime.now(),
                        "from": {"code": company.esurat_code, "name": company.name, "server": company.get_base_url()},
                        "to": {"code": partner.esurat_code, "name": partner.name},
                        "letter": {
                            "number": letter.number,
                            "date": letter.letter_date,
                            "subject": " ".join((letter.subject or "").split()),
                            "type": {"code": letter.type_id.code, "name": letter.type_id.name},
                            "urgency": letter.urgency,
                            "security": letter.security_class,
                            "classification": letter.classification_id.code,
                            "summary": letter.summary,
                            "reply_to": letter.reply_to_id.number,
                            "signatory": {"name": signature.name, "position": (signature.position or "")[:200]},
                            "verification": letter._verify_url() if letter.verify_token else "",
                        },
                    },
                    files,
                ),
                company.esurat_exchange_key,
                company.esurat_exchange_certificate,
            )
        except envelope.EnvelopeError as error:
            raise UserError(self.env._("The letter cannot be put into an envelope: %(error)s", error=error)) from error

    def _deliver_server(self):
        """Hand the letter to the other server; its answer is the receipt. Handing it over twice gives it once."""
        address = f"{self._server()}/esurat/exchange/1/letters"
        parts = [("envelope", ("envelope.xml", self._envelope(), "application/xml"))]
        parts += [("file", file) for file in self.letter_id._files_to_send()]
        answer = self._ask(requests.post, address, files=parts)
        if answer.get("uuid") != self.uuid or answer.get("state") not in ("delivered", "read"):
            raise DeliveryError(self.env._("The other server did not say that it has the letter."))
        self._delivered()
        self._note_state(answer["state"])

    def _server(self):
        server = (self.partner_id.commercial_partner_id.esurat_server or "").rstrip("/")
        if not server:
            raise UserError(self.env._("%(name)s has no E-Surat server any more.", name=self.partner_name))
        return server

    def _ask(self, method, address, **options):
        """Return what the other server answers (dict).

        :raises DeliveryError: where it does not answer, or refuses
        """
        try:
            answer = method(address, timeout=TIMEOUT, allow_redirects=False, **options)
            said = answer.json()
        except (requests.RequestException, ValueError) as error:
            raise DeliveryError(self.env._("The other server does not answer.")) from error
        if answer.status_code != 200 or not isinstance(said, dict):
            reason = said.get("reason") if isinstance(said, dict) else answer.status_code
            raise DeliveryError(self.env._("The other server refuses the letter: %(reason)s", reason=reason))
        return said

    def _note_state(self, state):
        if state == "read" and self.state == "delivered":
            self.write({"state": "read", "read_date": fields.Datetime.now()})

    def _ask_whether_read(self):
        """Ask the other server whether somebody there has read the letter.

        :raises DeliveryError: where it does not say
        """
        self.ensure_one()
        answer = self._ask(requests.get, f"{self._server()}/esurat/exchange/1/letters/{self.uuid}")
        self._note_state(answer.get("state"))

    @api.model
    def _cron_ask_for_reading(self):
        """Ask other servers whether what they got lately is read."""
        since = fields.Datetime.subtract(fields.Datetime.now(), days=30)
        delivered = self.search(
            [("channel", "=", "server"), ("state", "=", "delivered"), ("delivered_date", ">=", since)]
        )
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(delivered))
        for one in delivered:
            try:
                one._ask_whether_read()
            except (DeliveryError, UserError):
                # it is asked again next time
                continue
            finally:
                more = cron._commit_progress(1)
            if not more:
                break

    @api.model
    def _take_envelope(self, data, files):
        """Take a letter in from another server. Call it as superuser.

        :param bytes data: the envelope
        :param list files: ``(name, bytes)``
        :return: the ``esurat.letter``, the one that is there already where it comes twice
        :raises EnvelopeError: where it is refused
        :raises UserError: where a file is no letter
        """
        senders = self.env["res.partner"].search([("esurat_certificate", "!=", False)])
        values, certificate = envelope.read(data, senders.mapped("esurat_certificate"))
        sender = senders.filtered(
            lambda one: one.esurat_certificate == certificate and one.esurat_code == values["from"]["code"]
        )[:1]
        company = self.env["res.company"].search([("esurat_code", "=", values["to"]["code"])])
        if not sender:
            raise envelope.EnvelopeError("sender")
        if len(company) != 1:
            raise envelope.EnvelopeError("recipient")
        contents = dict(files)
        if len(contents) != len(files):
            raise envelope.EnvelopeError("file_extra")
        envelope.check_files(values, contents)
        Letter = self.env["esurat.letter"]
        known = Letter.search([("consignment_uuid", "=", values["uuid"])])
        if known and known.sender_id != sender:
            raise envelope.EnvelopeError("uuid")
        said = values["letter"]
        checked = []
        for file in sorted(values["files"], key=lambda file: file["role"] != "letter"):
            content = contents[file["name"]]
            Letter._check_scan(content)
            checked.append((file["name"], content, Letter._inspect_scan(content, file["name"])[0]))
        kind = self.env["esurat.letter.type"].search([("code", "=", said["type"]["code"])], limit=1)
        return Letter._receive(
            company,
            values["uuid"],
            {
                "sender_id": sender.id,
                "number": said["number"],
                "letter_date": said["date"],
                "subject": said["subject"],
                "summary": said["summary"],
                "urgency": said["urgency"],
                "security_class": said["security"],
                **({"type_id": kind.id} if kind else {}),
            },
            checked,
        )
