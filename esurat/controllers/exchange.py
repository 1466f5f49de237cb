import logging
import re

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ..tools.envelope import LIMIT, EnvelopeError
from ..tools.throttle import Throttle

_logger = logging.getLogger(__name__)

_UUID = re.compile(r"[0-9a-f-]{36}")
LARGEST = 200 * 1024**2
_throttle = Throttle(most=120, seconds=60)


class Exchange(http.Controller):
    """Where another E-Surat server hands its letters over. What it says is believed by its signature alone."""

    @http.route(
        "/esurat/exchange/1/letters", type="http", auth="public", methods=["POST"], csrf=False, save_session=False
    )
    def take(self, **_ignored):
        """Take a letter: the field ``envelope`` with the XML, and each file in a field ``file``.

        :return: JSON ``{"uuid", "state"}``: the receipt. 400 with ``{"reason"}`` where it is refused
        """
        if (request.httprequest.content_length or LARGEST + 1) > LARGEST:
            return self._refuse("size", 413)
        if not _throttle.allows(request.httprequest.remote_addr or ""):
            return self._refuse("busy", 429)
        uploads = request.httprequest.files
        envelope = uploads.get("envelope")
        data = envelope.read(LIMIT + 1) if envelope else b""
        files = [(file.filename, file.read()) for file in uploads.getlist("file")]
        try:
            # sudo: the signature says who writes; what she may do is to give us a letter
            with request.env.cr.savepoint():
                letter = request.env["esurat.consignment"].sudo()._take_envelope(data, files)
        except EnvelopeError as error:
            _logger.warning("An envelope was refused: %s", error.reason)
            return self._refuse(error.reason)
        except UserError as error:
            _logger.warning("A letter from another server was refused: %r", str(error)[:300])
            return self._refuse("letter")
        return request.make_json_response({"uuid": letter.consignment_uuid, "state": letter._state_for_sender()})

    @http.route(
        "/esurat/exchange/1/letters/<string:uuid>", type="http", auth="public", methods=["GET"], save_session=False
    )
    def state(self, uuid, **_ignored):
        """Tell the sender of a letter whether it is read; the uuid, which nobody else has, is the key.

        :return: JSON ``{"uuid", "state"}``, or 404
        """
        if not _throttle.allows(request.httprequest.remote_addr or ""):
            return self._refuse("busy", 429)
        # sudo: only whether it is read is given out
        letter = (
            request.env["esurat.letter"].sudo().search([("consignment_uuid", "=", uuid)])
            if _UUID.fullmatch(uuid)
            else None
        )
        if not letter:
            return self._refuse("unknown", 404)
        return request.make_json_response({"uuid": uuid, "state": letter._state_for_sender()})

    def _refuse(self, reason, status=400):
        return request.make_json_response({"reason": reason}, status=status)
