from ast import literal_eval

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import email_split


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
        by_mail = self.with_context(esurat_by_mail=True)
        return super(MailThread, by_mail).message_process(model, message, **options)

    @api.model
    def message_route(self, message, message_dict, model=None, thread_id=None, custom_values=None):
        routes = super().message_route(message, message_dict, model, thread_id, custom_values)
        if message_dict.get("is_bounce"):
            return routes
        # Each agency to which a mail goes gets a letter of its own, whatever the mail answers: Odoo would add what
        # somebody sends on after her letter to that letter, of one agency alone.
        aliases = self.env["mail.alias"].search(
            [
                ("alias_model_id.model", "=", "esurat.letter"),
                ("alias_full_name", "in", [one.lower() for one in email_split(message_dict["recipients"])]),
            ]
        )
        if aliases:
            routes = [route for route in routes if route[0] != "esurat.letter" or not route[1]]
        known = [route[4] for route in routes]
        for alias in aliases.filtered(lambda alias: alias not in known):
            route = ("esurat.letter", 0, literal_eval(alias.alias_defaults), self.env.uid, alias)
            route = self._routing_check_route(message, message_dict, route, raise_exception=False)
            routes += [route] if route else []
        return routes

    def _message_parse_post_process(self, message, message_dict, routes):
        values = super()._message_parse_post_process(message, message_dict, routes)
        if any(route[0] == "esurat.letter" for route in routes or ()):
            # they could read the message for ever, whoever holds the letter
            values["partner_ids"] = []
        return values

    def message_notify(self, *, model=False, **options):
        """Notify people, but not of letters: acts do that, for those who hold them.

        :raises AccessError: for a letter
        """
        if {"esurat.letter", "esurat.consignment"} & {model, self._name} and not self.env.su:
            raise AccessError(self.env._("People hear of letters by acts alone."))
        return super().message_notify(model=model, **options)
