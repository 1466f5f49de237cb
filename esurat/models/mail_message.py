from odoo import api, fields, models
from odoo.exceptions import AccessError

_KEPT = ("esurat.letter", "esurat.consignment")


class MailMessage(models.Model):
    """The chatter of a letter is the record of what was done with it: it names its true author and stays as it is.

    Odoo lets whoever may post name any author, and rewrite what others have said. One's own comments are edited and
    deleted in the chatter, which Odoo does with sudo after its own checks.
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
