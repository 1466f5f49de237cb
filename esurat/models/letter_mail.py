from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import email_normalize

ADDRESS_LENGTH = 320  # RFC 3696, with its erratum 1690
SUBJECT_LENGTH = 500


class LetterMail(models.AbstractModel):
    """A letter that comes by e-mail, at the address of an agency: a draft, which a registrar looks at and registers.

    Whom a mail comes from is its own claim. So it gives nothing but the text, the files and that claim; nobody becomes
    an author or a reader by it, and no mail reaches a letter that is there already.
    """

    _name = "esurat.letter.mail"
    _inherit = ["mail.thread"]
    _description = "Letter that comes by e-mail"

    # not email_from: Odoo would write to whoever stands there
    mail_sender = fields.Char(
        string="Came by e-mail from",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="What the mail says of its sender. Anybody can write that.",
    )

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Take a mail to an agency's address in as a draft.

        :param dict msg_dict: of Odoo's mail gateway
        :param dict custom_values: defaults of the alias, of which the agency alone counts
        :return: the letter
        :raises AccessError: for anybody but the gateway, and where the mail came to no agency
        """
        if not self.env.su:
            raise AccessError(self.env._("Mails are taken in by the mail server, or by a system administrator."))
        company = self.env["res.company"].browse((custom_values or {}).get("company_id")).exists()
        if not company.active:
            raise AccessError(self.env._("Letters come by e-mail to the address of an agency alone."))
        # in the chatter stands what the mail says of its sender, never the person of that address
        msg_dict["author_id"] = False
        sender = msg_dict.get("email_from") or ""
        address = (email_normalize(sender) or sender)[:ADDRESS_LENGTH]
        # superuser: Odoo would make the letter in the name of the user whose address the mail claims
        letters = self.with_user(SUPERUSER_ID).with_context(tz=company._esurat_timezone().zone)
        return letters.create(
            {
                "company_id": company.id,
                "direction": "incoming",
                "medium": "electronic",
                "subject": (msg_dict.get("subject") or "")[:SUBJECT_LENGTH],
                "mail_sender": address,
                "sender_id": self._mail_sender(company, address).id,
            }
        )

    @api.model
    def _mail_sender(self, company, address):
        """Return the partner that a letter from *address* (str) is proposed to be from, where just one has it."""
        partners = address and (
            self.env["res.partner"]
            .sudo()
            .search(
                [
                    ("email_normalized", "=", address),
                    ("partner_share", "=", True),
                    ("company_id", "in", [False, company.id]),
                ]
            )
            .commercial_partner_id
        )
        return partners if len(partners) == 1 else self.env["res.partner"]

    def message_update(self, msg_dict, update_vals=None):
        """Refuse answers by e-mail.

        :raises AccessError: always
        """
        raise AccessError(self.env._("Letters are not answered by e-mail: open the letter and write there."))

    @api.model
    def _detect_loop_sender_domain(self, email_from_normalized):
        return [("mail_sender", "=", email_from_normalized)]

    def _message_get_suggested_recipients_batch(self, *args, **options):
        """Suggest nobody: whoever stands in a mail holds no letter by it."""
        return {letter.id: [] for letter in self}
