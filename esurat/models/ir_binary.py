from odoo import models
from odoo.http import Stream

from ..tools.watermark import mark
from .selections import CONFIDENTIAL


class MarkedStream(Stream):
    """A file of a secret letter: marked with its reader, and kept by no browser."""

    def get_response(self, **options):
        """Return the response; no cache on its way keeps it."""
        response = super().get_response(**{**options, "immutable": False})
        response.headers["Cache-Control"] = "no-store"
        response.headers.pop("ETag", None)
        response.headers.pop("Last-Modified", None)
        return response


class IrBinary(models.AbstractModel):
    """Files of letters are given to who sees the letter, by no token; those of secret ones are marked and noted."""

    _inherit = "ir.binary"

    def _find_record(self, *args, **kwargs):
        record = super()._find_record(*args, **kwargs)
        if self._letter_of(record):
            # Odoo gives what has a token, or hangs on a page, to whoever has the address
            record.with_env(self.env).check_access("read")
        return record

    def _get_stream_from(self, record, field_name="raw", *args, **kwargs):
        stream = super()._get_stream_from(record, field_name, *args, **kwargs)
        letter = self._letter_of(record)
        if not letter or letter.security_class not in CONFIDENTIAL or stream.type == "url":
            return stream
        letter = letter.with_env(self.env)
        self.env["esurat.reading"]._note(letter, "file")
        content = mark(stream.read(), stream.mimetype, letter._mark_words())
        return MarkedStream(
            type="data",
            data=content,
            mimetype=stream.mimetype,
            download_name=stream.download_name,
            size=len(content),
            etag=False,
            conditional=False,
        )

    def _letter_of(self, record):
        """Return the letter (``esurat.letter``, as superuser) whose file *record* is or holds, or nothing."""
        record, seen = record.sudo()[:1], 0
        while record._name == "ir.attachment" and record.res_model in self.env and record.res_id and seen < 3:
            # a thumbnail is a file of a file
            record, seen = self.env[record.res_model].sudo().browse(record.res_id), seen + 1
        if record._name == "esurat.letter":
            return record.exists()
        if record._name in ("esurat.annex", "esurat.version"):
            return record.exists().letter_id
        return self.env["esurat.letter"].sudo()
