from odoo import api, models
from odoo.exceptions import AccessError

# What makes a file what it is, and whose it is.
_FIXED = {
    "raw",
    "datas",
    "db_datas",
    "store_fname",
    "url",
    "type",
    "name",
    "mimetype",
    "res_model",
    "res_id",
    "res_field",
}


class IrAttachment(models.Model):
    """Files of letters: those of a registered one stay, and a scan that comes twice is found by its content."""

    _inherit = "ir.attachment"

    # without looking at all attachments of the database
    _esurat_scan_idx = models.Index("(checksum) WHERE res_model = 'esurat.letter'")

    @api.model_create_multi
    def create(self, vals_list):
        files = super().create(vals_list)
        # what came of it: a context says whose a file is as well as the values
        # sudo: only whether they are an annex's
        if not self.env.su and "esurat.annex" in files.sudo().mapped("res_model"):
            raise AccessError(self.env._("Files of an annex are changed with the annex."))
        return files

    def write(self, vals):
        if vals.get("res_model") == "esurat.annex" and not self.env.su:
            raise AccessError(self.env._("Files of an annex are changed with the annex."))
        if vals.keys() & _FIXED:
            self._check_letters()
        return super().write(vals)

    def unlink(self):
        self._check_letters()
        return super().unlink()

    def _delete_and_notify(self, message=None):
        # the chatter asks with sudo; the files of one's own comment go with it
        me = self.env.user.partner_id
        if not (message and message.message_type == "comment" and message.author_id == me):
            self.sudo(False)._check_letters()
        return super()._delete_and_notify(message)

    def _check_letters(self):
        """Make sure that none of these files belongs to a registered letter.

        :raises AccessError: where one does
        """
        if self.env.su:
            return
        # sudo: only whether they are a letter's, and whether it is registered
        if any(file.res_model == "esurat.annex" for file in self.sudo()):
            raise AccessError(self.env._("Files of an annex are changed with the annex."))
        ids = [file.res_id for file in self.sudo() if file.res_model == "esurat.letter"]
        letters = self.env["esurat.letter"].sudo()
        if ids and letters.search_count([("id", "in", ids), ("state", "!=", "draft")], limit=1):
            raise AccessError(self.env._("Files of a registered letter stay as they are."))
