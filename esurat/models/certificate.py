import base64
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import NO_ACCESS, Domain
from odoo.tools.misc import format_date

from ..tools import pades

WARNED_DAYS = 30


class Certificate(models.Model):
    """The certificate with which somebody signs: her PKCS#12 file, locked by a passphrase that is kept nowhere.

    =============  =================================  ======================
    who            reads                              writes
    =============  =================================  ======================
    its owner      whose it is and until when         adds and removes it
    administrator  the same, of her agencies          nothing
    anybody        the file: nobody, but the signing of its owner
    =============  =================================  ======================
    """

    _name = "esurat.certificate"
    _description = "Certificate for signing"
    _order = "valid_until desc, id desc"
    _allow_sudo_commands = False

    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.uid,
    )
    content = fields.Binary(attachment=False, groups=NO_ACCESS)
    file = fields.Binary(
        string="Certificate file",
        compute="_compute_file",
        inverse="_inverse_file",
        help="A PKCS#12 file (.p12 or .pfx) with your key.",
    )
    passphrase = fields.Char(
        compute="_compute_file",
        inverse="_inverse_file",
        help="Opens the file this once. It is asked at each signing and kept nowhere.",
    )
    name = fields.Char(readonly=True)
    subject = fields.Char(string="Certificate Subject", readonly=True)
    issuer = fields.Char(readonly=True)
    serial = fields.Char(string="Certificate Serial", readonly=True)
    valid_from = fields.Datetime(readonly=True)
    valid_until = fields.Datetime(readonly=True)
    warned = fields.Boolean(readonly=True, help="Its owner was told that it ends soon.")
    health = fields.Selection(
        [("valid", "Valid"), ("ending", "Ends soon"), ("expired", "Expired")], compute="_compute_health"
    )

    def _compute_file(self):
        # write-only: neither the key nor what opens it is ever given out
        self.file = False
        self.passphrase = False

    def _inverse_file(self):
        for certificate in self.filtered("file"):
            try:
                content = base64.b64decode(certificate.file)
            except ValueError:
                raise self._error("type") from None
            try:
                found = pades.identity(content, certificate.passphrase or "")
            except pades.CertificateError as error:
                raise self._error(error.reason) from None
            # sudo: the owner adds her own, but reads it no more; what it says of itself is read from it alone
            certificate.sudo().write({"content": base64.b64encode(content), **found._asdict()})

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                self._check_file_alone({name for name, value in vals.items() if value})
                if not vals.get("file"):
                    raise UserError(self.env._("Choose the file of your certificate, and give its passphrase."))
            # one's own, whatever a client proposes
            vals_list = [{**vals, "user_id": self.env.uid} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._check_file_alone(vals.keys())
        return super().write(vals)

    @api.model
    def _check_file_alone(self, names):
        """What a certificate says of itself is read from its file, never written.

        :param set names: of the fields that somebody gives
        :raises AccessError: for any other one
        """
        if names - {"file", "passphrase"}:
            raise AccessError(self.env._("What a certificate says is read from its file. Add the file itself."))

    @api.depends("valid_until")
    def _compute_health(self):
        now = fields.Datetime.now()
        for certificate in self:
            until = certificate.valid_until
            if not until or until < now:
                certificate.health = "expired"
            else:
                certificate.health = "ending" if until < now + timedelta(days=WARNED_DAYS) else "valid"

    @api.model
    def _error(self, reason):
        """Return the ``UserError`` that says what is wrong, by ``CertificateError.reason``."""
        return UserError(
            {
                "passphrase": self.env._("The passphrase does not open the certificate. Nothing was signed."),
                "type": self.env._("This is no PKCS#12 file. Choose the .p12 or .pfx file that you were given."),
                "key": self.env._("The file has no key of its certificate. Ask for a PKCS#12 file with the key."),
                "early": self.env._("The certificate is not valid yet."),
                "expired": self.env._(
                    "The certificate has expired. Ask for a new one, and add it under My Certificates."
                ),
            }[reason]
        )

    @api.model
    def _ending(self, users):
        """Return the certificates (as superuser) of those of *users* whose last one ends in 30 days or has ended."""
        # sudo: the checklist of an administrator names them
        last = self.sudo().search([("user_id", "in", users.ids)]).grouped("user_id")
        return self.sudo().union(*(owned[:1] for owned in last.values())).filtered(lambda one: one.health != "valid")

    @api.model
    def _current(self, user):
        """Return the certificate (as superuser) with which *user* signs now: the one that is valid for longest."""
        # sudo: callers sign in the name of its owner
        return self.sudo().search(
            Domain("user_id", "=", user.id) & Domain("valid_until", ">", fields.Datetime.now()), limit=1
        )

    @api.model
    def _cron_warn(self):
        """Tell those whose last certificate ends within 30 days, once."""
        everybody = self.search([("warned", "=", False)]).user_id
        for certificate in self._ending(everybody).filtered(lambda one: not one.warned):
            owner = certificate.user_id
            words = self.with_context(lang=owner.lang).env._(
                "Your certificate for signing ends on %(date)s. Ask for a new one, and add it under My Certificates.",
                date=format_date(self.with_context(lang=owner.lang).env, certificate.valid_until),
            )
            self.env["mail.thread"].message_notify(
                partner_ids=owner.partner_id.ids, subject=certificate.name, body=words
            )
            certificate.warned = True
