from ast import literal_eval

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

    @api.model
    def _routing_check_route(self, message, message_dict, route, raise_exception=True):
        model, thread_id, _values, user_id, alias = route
        if model == "esurat.letter" and thread_id and alias:
            # what somebody sends on after her letter is a letter of its own: no mail reaches one that is there
            route = (model, 0, literal_eval(alias.alias_defaults), user_id, alias)
        return super()._routing_check_route(message, message_dict, route, raise_exception=raise_exception)

    def message_notify(self, *, model=False, **options):
        """Notify people, but not of letters: acts do that, for those who hold them.

        :raises AccessError: for a letter
        """
        if "esurat.letter" in (model, self._name) and not self.env.su:
            raise AccessError(self.env._("People hear of letters by acts alone."))
        return super().message_notify(model=model, **options)
