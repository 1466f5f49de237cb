from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

_KEPT = ("esurat.letter", "esurat.consignment")


class MailMessage(models.Model):
    """The chatter of a letter is the record of what was done with it: it names its true author, stays as it is, and is
    read by whoever sees the letter at that moment.

    Odoo lets whoever may post name any author, and rewrite what others have said; and whoever was told of a message, or
    wrote it, read it for ever. One's own comments are edited and deleted in the chatter, which Odoo does with sudo
    after its own checks.
    """

    _inherit = "mail.message"

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            # sudo: one's own name and address
            me = self.env.user.sudo().partner_id
            # a context names the model as well as the values
            proposed = self.env.context.get("default_model")
            named = {"author_id": me.id, "email_from": me.email_formatted, "date": fields.Datetime.now()}
            vals_list = [{**vals, **named} if vals.get("model", proposed) in _KEPT else vals for vals in vals_list]
        return super().create(vals_list)

    @api.model
    def _search(self, domain, *args, bypass_access=False, **options):
        query = super()._search(domain, *args, bypass_access=bypass_access, **options)
        if self.env.su or bypass_access:
            return query
        # Odoo has looked at each of them already: there are as many as a page shows
        messages = self.browse(query)
        hidden = messages._hidden()
        return (messages - hidden)._as_query() if hidden else query

    def _get_forbidden_access(self, operation):
        forbidden = super()._get_forbidden_access(operation)
        return forbidden | self._hidden() if operation != "create" else forbidden

    def _hidden(self):
        """Return those of these messages that are of letters which the user does not see (any more).

        The others she reads, which of secret letters is noted.
        """
        rows = self.env.execute_query(
            SQL(
                "SELECT id, model, res_id FROM mail_message WHERE id = ANY(%s) AND model = ANY(%s)",
                list(self.ids),
                list(_KEPT),
            )
        )
        hidden = self.browse()
        for model in {model for _id, model, _res_id in rows}:
            found = {message_id: res_id for message_id, its_model, res_id in rows if its_model == model}
            documents = self.env[model].browse(set(found.values())).exists()._filtered_access("read")
            if model == "esurat.letter":
                self.env["esurat.reading"]._note(documents, "read")
            seen = set(documents.ids)
            hidden |= self.browse(message_id for message_id, res_id in found.items() if res_id not in seen)
        return hidden

    def write(self, vals):
        self._check_chatter()
        return super().write(vals)

    def unlink(self):
        self._check_chatter()
        return super().unlink()

    def _check_chatter(self):
        """Make sure that no message of a letter is touched but by Odoo itself.

        :raises AccessError: where one is
        """
        # sudo: only of what they are messages
        if not self.env.su and set(_KEPT) & set(self.sudo().mapped("model")):
            raise AccessError(self.env._("What was said about a letter stays. Edit your own comments in the chatter."))
