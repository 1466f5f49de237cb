import base64
import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.scan import ScanError, inspect


class LetterScan(models.AbstractModel):
    """The scan of a letter: taken in by the form, checked, shown beside the fields, found again when it comes twice."""

    _name = "esurat.letter.scan"
    _inherit = ["mail.thread.main.attachment"]
    _description = "Scan of a letter"

    scan = fields.Binary(
        compute="_compute_scan",
        inverse="_inverse_scan",
        help="PDF, JPEG, PNG or TIFF; shown beside the form once saved.",
    )
    scan_name = fields.Char(compute="_compute_scan", inverse="_inverse_scan")
    has_scan = fields.Boolean(compute="_compute_has_scan")
    scan_twin_id = fields.Many2one(
        "esurat.letter", string="Same file as", compute="_compute_scan_twin", help="A letter with the very same scan."
    )

    def _compute_scan(self):
        # write-only: the stored scan is an attachment, shown by the preview
        self.scan = False
        self.scan_name = False

    @api.depends("message_main_attachment_id", "scan")
    def _compute_has_scan(self):
        for letter in self:
            letter.has_scan = bool(letter.message_main_attachment_id or letter.scan)

    def _inverse_scan(self):
        values, letters = [], self.browse()
        for letter in self.filtered("scan"):
            content = letter._scan_content()
            self._check_scan(content)
            mimetype, pages = self._inspect_scan(content, letter.scan_name)
            letters |= letter
            values.append(
                {
                    "name": letter.scan_name or self.env._("Scan"),
                    "raw": content,
                    "mimetype": mimetype,
                    "res_model": self._name,
                    "res_id": letter.id,
                }
            )
            if not letter.page_count:
                letter.page_count = pages
        for letter, attachment in zip(letters, self.env["ir.attachment"].create(values), strict=True):
            letter.with_context(tracking_disable=True).message_main_attachment_id = attachment

    def _scan_content(self):
        """Return the bytes of the scan that was just chosen.

        :raises UserError: where it did not arrive whole
        """
        self.ensure_one()
        try:
            return base64.b64decode(self.scan)
        except ValueError as error:
            raise self._scan_error("broken", self.scan_name) from error

    @api.model
    def _check_scan(self, content):
        """Refuse a scan beyond the limit.

        :param bytes content: the file
        :raises UserError: with the size and the limit
        """
        size = len(content) / 1024**2
        # sudo: the limit is the same for everybody
        limit = int(self.env["ir.config_parameter"].sudo().get_param("esurat.scan_limit", 25))
        if size > limit:
            raise UserError(
                self.env._(
                    "The scan has %(size).0f MB; at most %(limit)s MB are taken. "
                    "Scan it in black and white or at 200 dpi.",
                    size=size,
                    limit=limit,
                )
            )

    @api.model
    def _inspect_scan(self, content, name):
        """Return ``(mimetype, pages)`` of a scan.

        :raises UserError: naming the file and what is wrong with it
        """
        try:
            return inspect(content)
        except ScanError as error:
            raise self._scan_error(error.reason, name) from error

    @api.model
    def _scan_error(self, reason, name):
        """Return the ``UserError`` that says what is wrong with the file *name* (str), by ``ScanError.reason``."""
        message = {
            "empty": self.env._("The file %(name)s is empty. Scan the letter again."),
            "type": self.env._(
                "The file %(name)s is no PDF and no picture, whatever its name says. "
                "Scan the letter as PDF, JPEG, PNG or TIFF."
            ),
            "password": self.env._(
                "The file %(name)s is protected by a password. Save it without the password and try again."
            ),
            "broken": self.env._("The file %(name)s is damaged and cannot be read. Scan the letter again."),
        }[reason]
        return UserError(message % {"name": name or self.env._("Scan")})

    def _message_set_main_attachment_id(self, attachments, force=False, filter_xml=True):
        pages = {}
        # sudo: the author of a message may be anybody; only which pictures stand in its text is looked up
        messages = self.env["mail.message"].sudo().search([("attachment_ids", "in", attachments.ids)])
        texts = "".join(messages.mapped("body"))
        for attachment in attachments:
            if f"/web/image/{attachment.id}?" in texts:
                # the logo of a signature, say
                continue
            content = attachment.raw or b""
            try:
                self._check_scan(content)
                pages[attachment.id] = inspect(content)[1]
            except (ScanError, UserError):
                # a file of the chatter, but no scan
                continue
        result = super()._message_set_main_attachment_id(attachments.browse(pages), force=force, filter_xml=filter_xml)
        if not self.page_count:
            self.page_count = pages.get(self.message_main_attachment_id.id, 0)
        return result

    @api.constrains("message_main_attachment_id")
    def _check_main_attachment(self):
        # sudo: only whose file it is matters; nothing of it is told
        for letter in self:
            attachment = letter.message_main_attachment_id.sudo()
            if attachment and (attachment.res_model, attachment.res_id) != (self._name, letter.id):
                raise ValidationError(self.env._("This file belongs to something else than the letter."))

    @api.onchange("scan")
    def _onchange_scan(self):
        if self.scan:
            content = self._scan_content()
            self._check_scan(content)
            self.page_count = self._inspect_scan(content, self.scan_name)[1]

    @api.depends("message_main_attachment_id.checksum", "scan")
    def _compute_scan_twin(self):
        checksums = {}
        for letter in self:
            checksums[letter] = letter.message_main_attachment_id.checksum
            if letter.scan:
                checksums[letter] = hashlib.sha1(letter._scan_content()).hexdigest()
        wanted = [checksum for checksum in checksums.values() if checksum]
        # sudo: attachments are found by content; the letters behind them are read with the user's own rights
        attachments = (
            self.env["ir.attachment"]
            .sudo()
            .search_fetch([("res_model", "=", self._name), ("checksum", "in", wanted)], ["res_id", "checksum"])
        )
        visible = self.search([("id", "in", attachments.mapped("res_id")), ("state", "!=", "cancelled")])
        for letter in self:
            twins = visible.browse(a.res_id for a in attachments if a.checksum == checksums[letter])
            letter.scan_twin_id = ((twins & visible) - letter._origin).sorted("id")[:1]
