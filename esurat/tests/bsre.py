"""A look-alike of the signing service of BSrE, version 1 and 2, over HTTP (domain facts, section 5)."""

import base64
import json
import socket
import threading
import uuid

from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from ..tools import pades
from ..tools.pades import Place

ACCESS = ("esurat", "kunci layanan")


class _Quiet(WSGIRequestHandler):
    def log(self, *_args):
        """Say nothing in the log of the tests."""


class Service:
    """Signs with a certificate of the tests' authority; ``mood`` is how it behaves: ``well``, ``silent`` (signs, never
    answers), ``torn`` (signs, answers with its id and no PDF), ``down``, ``lying`` (another PDF) or ``stale`` (nothing
    can be downloaded).

    :param bytes certificate: PKCS#12 of the signatory
    :param str passphrase: of it, which is hers at the service too
    :param str nik: whom it knows
    """

    def __init__(self, certificate, passphrase, nik):
        self._certificate, self._passphrase, self._nik = certificate, passphrase, nik
        self.mood, self.state = "well", "ISSUE"
        self.signed, self.asked = {}, []
        self._server = make_server("127.0.0.1", 0, self._answer, threaded=True, request_handler=_Quiet)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        """Stop the service."""
        self._server.shutdown()
        self._server.server_close()

    @Request.application
    def _answer(self, request):
        self.asked.append(request.path)
        if not request.authorization or (request.authorization.username, request.authorization.password) != ACCESS:
            return Response("", 401)
        if self.mood == "down":
            return Response("Bad gateway", 502)
        if request.path.startswith("/api/user/status/"):
            return self._status(request.path.rpartition("/")[2])
        if request.path == "/api/v2/user/check/status":
            return self._status(request.get_json()["nik"])
        if request.path.startswith("/api/sign/download/"):
            content = self.signed.get(request.path.rpartition("/")[2])
            if self.mood == "stale" or content is None:
                return self._error(4044, "Berkas tidak ditemukan", 404)
            return Response(content, mimetype="application/pdf")
        if request.path == "/api/sign/pdf":
            form = request.form
            box = [float(form[name]) for name in ("xAxis", "yAxis", "width", "height")]
            content = request.files["file"].read()
            return self._sign(request, content, form["nik"], form["passphrase"], int(form["page"]), box, version="1")
        if request.path == "/api/v2/sign/pdf":
            said = request.get_json()
            properties = said["signatureProperties"][0]
            box = [properties[name] for name in ("originX", "originY", "width", "height")]
            content = base64.b64decode(said["file"][0])
            return self._sign(request, content, said["nik"], said["passphrase"], properties["page"], box, version="2")
        return Response("", 404)

    def _status(self, nik):
        if nik != self._nik:
            return self._error(2011, "User tidak terdaftar")
        return self._json({"status": self.state})

    def _sign(self, request, content, nik, passphrase, page, box, version):
        if nik != self._nik:
            return self._error(2011, "User tidak terdaftar")
        if passphrase != self._passphrase:
            return self._error(2031, "Passphrase anda salah")
        left, bottom, width, height = box
        place = Place(page - 1, (left, bottom, left + width, bottom + height))
        field = f"bsre{content.count(b'/ByteRange') + 1}"
        signed = pades.sign(content, self._certificate, passphrase, field, place, content)
        document = str(uuid.uuid4())
        self.signed[document] = signed
        if self.mood == "silent":
            request.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
        if self.mood == "lying":
            signed = b"%PDF-1.7 another"
        headers = {"id_dokumen": document} if version == "1" else {}
        if self.mood == "torn":
            return Response("", 200, headers=headers)
        if version == "1":
            return Response(signed, mimetype="application/pdf", headers=headers)
        return self._json({"file": [base64.b64encode(signed).decode()]})

    def _error(self, code, words, status=400):
        return self._json({"status_code": code, "error": words}, status)

    def _json(self, said, status=200):
        return Response(json.dumps(said), status, mimetype="application/json")
