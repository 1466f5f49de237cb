import hashlib
import hmac

from odoo import http
from odoo.http import request

from ..tools.throttle import Throttle

LARGEST = 30 * 1024**2
LANGUAGES = {"id": "id_ID", "en": "en_US"}
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}

_throttle = Throttle(most=30, seconds=60)


class Verify(http.Controller):
    """What is behind the QR code of a letter: whether it is genuine. No login, no cookie, nothing kept of who asks."""

    @http.route("/esurat/verify/<string:token>", type="http", auth="public", methods=["GET"], save_session=False)
    def verify(self, token, lang="id", **_ignored):
        """Tell whether the letter with this token is genuine.

        :param str token: from the QR code
        :param str lang: ``id`` or ``en``
        """
        return self._answer(token, lang)

    # it changes nothing, so it needs no proof that our own page has sent it, which would take a cookie
    @http.route(
        "/esurat/verify/<string:token>", type="http", auth="public", methods=["POST"], csrf=False, save_session=False
    )
    def compare(self, token, lang="id", file=None, **_ignored):
        """Tell whether a file is the letter with this token, byte for byte. The file is not kept.

        :param file: the upload
        """
        content = file.read(LARGEST + 1) if hasattr(file, "read") else b""
        return self._answer(token, lang, content)

    def _answer(self, token, lang, content=None):
        # as the proxy names it where Odoo trusts one
        if not _throttle.allows(request.httprequest.remote_addr or ""):
            return self._page("esurat.verify_busy", {}, lang, 429)
        # sudo: a stranger sees what _public_facts gives out, and no more
        letter = request.env["esurat.letter"].sudo()._by_verify_token(token)
        if not letter:
            return self._page("esurat.verify_unknown", {}, lang, 404)
        facts = letter._public_facts()
        same = None
        if content is not None:
            digest = hashlib.sha256(content).hexdigest()
            same = hmac.compare_digest(digest, letter._public_digest())
        return self._page("esurat.verify_letter", {**facts, "token": token, "same": same}, lang)

    def _page(self, template, values, lang, status=200):
        code = LANGUAGES.get(lang, "id_ID")
        installed = {name for name, _words in request.env["res.lang"].sudo().get_installed()}
        qweb = request.env["ir.qweb"].with_context(lang=code if code in installed else "en_US")
        html = qweb._render(template, {**values, "language": lang if lang in LANGUAGES else "id"})
        return request.make_response(
            html, headers=[("Content-Type", "text/html; charset=utf-8"), *HEADERS.items()], status=status
        )
