from odoo import api, models
from odoo.exceptions import AccessError


class MailThread(models.AbstractModel):
    """Who may use Odoo's mail gateway, and who may notify of letters.

    Odoo offers both methods to every user over its API.
    """

    _inherit = "mail.thread"

    @api.model
    def message_process(self, model, message, **options):
        """Take in a mail, as Odoo does, from its own mail servers or from a system administrator.

        The record that a mail makes is made with sudo, in the name of whomever the mail claims to come from.

        :raises AccessError: for anybody else
        """
        if not (self.env.su or self.env.user.has_group("base.group_system")):
            raise AccessError(self.env._("Mails are taken in by the mail server, or by a system administrator."))
        return super().message_process(model, message, **options)

    def message_notify(self, *, model=False, **options):
        """Notify people, but not of letters: acts do that, for those who hold them.

        :raises AccessError: for a letter
        """
        if "esurat.letter" in (model, self._name) and not self.env.su:
            raise AccessError(self.env._("People hear of letters by acts alone."))
        return super().message_notify(model=model, **options)
