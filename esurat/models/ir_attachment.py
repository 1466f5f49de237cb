import contextlib
import logging
import os
import secrets

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ..tools import clamd

_logger = logging.getLogger(__name__)

_LOOKED_THROUGH = ("esurat.letter", "esurat.annex", "esurat.respond", "mail.compose.message")

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

    @api.model
    def _file_write(self, bin_value, checksum):
        """Keep a file whole or not at all, and on the disk before the database says that it is there.

        Odoo writes it under its final name: where the disk is full or the server is killed, a part of it stays
        there, and the same file is refused from then on.

        :raises UserError: where there is no room for it
        """
        name = f"{checksum[:2]}/{checksum}"
        path = self._full_path(name)
        if not os.path.exists(path) or os.path.getsize(path) < len(bin_value):
            part = f"{path}.{secrets.token_hex(8)}"
            try:
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(part, "wb") as file:
                    file.write(bin_value)
                    file.flush()
                    os.fsync(file.fileno())
                os.replace(part, path)
            except OSError as error:
                with contextlib.suppress(OSError):
                    os.unlink(part)
                raise UserError(
                    self.env._("The server has no room for this file. Nothing was kept; tell the administrator.")
                ) from error
            self._mark_for_gc(name)
        return super()._file_write(bin_value, checksum)

    @api.model_create_multi
    def create(self, vals_list):
        files = super().create(vals_list)
        files._look_through()
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
        result = super().write(vals)
        if vals.keys() & {"raw", "datas", "db_datas", "res_model", "res_id"} and not self.env.context.get(
            "esurat_seen"
        ):
            self._look_through()
        return result

    def _look_through(self, anyway=False):
        """Let the virus scanner look through those of these files that belong to letters, where there is one.

        What comes by mail comes without the file in which something was found: the letter itself is not lost by it.

        :param bool anyway: whether they are about to belong to a letter
        :raises UserError: where something was found, or the scanner does not answer
        """
        # sudo: the address is the same for everybody
        address = self.env["ir.config_parameter"].sudo().get_param("esurat.clamd")
        # sudo: whatever they are, they are looked through
        for file in self.sudo() if address else ():
            if not file.raw or not (anyway or file.res_model in _LOOKED_THROUGH):
                continue
            try:
                found = clamd.scan(address, file.raw)
            except clamd.ClamdError as error:
                _logger.error("the virus scanner at %s does not answer: %s", address, error)
                raise UserError(
                    self.env._(
                        "The virus scanner does not answer, so the file %(name)s is not taken in. Try again later, or "
                        "tell the administrator.",
                        name=file.name,
                    )
                ) from error
            if found and self.env.context.get("esurat_by_mail"):
                file.with_context(esurat_seen=True).write(
                    {
                        "name": f"{file.name}.txt",
                        "raw": self.env._("Not taken in: %(found)s was found in it.", found=found).encode(),
                        "mimetype": "text/plain",
                    }
                )
            elif found:
                raise UserError(
                    self.env._(
                        "The file %(name)s is not taken in: the virus scanner has found %(found)s in it.",
                        name=file.name,
                        found=found,
                    )
                )

    def copy_data(self, default=None):
        self._check_kept()
        return super().copy_data(default)

    def _export_rows(self, names, **options):
        self._check_kept()
        return super()._export_rows(names, **options)

    def _check_kept(self):
        """Make sure that none of these files belongs to a letter: it is read there, where its reading is noted.

        :raises AccessError: where one does
        """
        if not self.env.su and any(map(self.env["ir.binary"]._letter_of, self)):
            raise AccessError(self.env._("Files of a letter stay with it."))

    def _read_format(self, fnames, load="_classic_read"):
        if not self.env.su and not {"raw", "datas", "db_datas", "index_content"}.isdisjoint(fnames):
            letter_of = self.env["ir.binary"]._letter_of
            self.env["esurat.reading"]._note(self.env["esurat.letter"].union(*map(letter_of, self)), "file")
        return super()._read_format(fnames, load)

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
