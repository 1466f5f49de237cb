"""The signing service of BSrE ("Esign Client Service"), version 1 and 2.

Gathered from public clients, which differ in units and in a few names: all of that stands in this file (domain facts,
section 5). Places are in points from the lower left corner, pages count from 1.
"""

import base64
import io
from typing import NamedTuple

import requests

from . import pades

TIMEOUT = 120  # seconds
MAY_SIGN = "ISSUE"
_REASONS = {2031: "passphrase", 2011: "unknown", 4014: "unknown", 4015: "unknown"}
_GONE = 4044


class BsreError(Exception):
    """A signature that did not come about, as the service says or since it was not reached.

    ``reason`` is ``passphrase``, ``unknown`` (it does not know the signatory), ``reach`` or ``refused``.
    """

    def __init__(self, reason, detail=""):
        super().__init__(detail or reason)
        self.reason = reason


class UnclearError(Exception):
    """Nobody knows whether the service has signed; ``document`` is its id of the signed PDF, where it told one."""

    def __init__(self, document=""):
        super().__init__(document)
        self.document = document


class Signed(NamedTuple):
    """What came of it."""

    content: bytes
    document: str  # the service's id, empty in version 2


class Client:
    """One agency's access to the service.

    :param str address: of the service
    :param str version: ``1`` or ``2``
    :param str user: for HTTP Basic, as is *password*
    """

    def __init__(self, address, version, user, password):
        self._address, self._version = address.rstrip("/"), version
        self._access = (user, password)

    def status(self, nik):
        """Return what the service says of a signatory: ``ISSUE`` is the only one who may sign.

        :param str nik: her national identity number
        :raises BsreError: where it does not say
        """
        try:
            if self._version == "1":
                answer = self._ask("GET", f"/api/user/status/{nik}")
            else:
                answer = self._ask("POST", "/api/v2/user/check/status", json={"nik": nik})
        except requests.RequestException as error:
            raise BsreError("reach") from error
        said = _json(answer)
        if answer.status_code != 200 or not said.get("status"):
            raise _error(said)
        return str(said["status"])

    def sign(self, content, nik, passphrase, place, picture):
        """Have a PDF signed.

        :param bytes content: the PDF
        :param str nik: the signatory's national identity number
        :param str passphrase: it is used here and nowhere kept
        :param pades.Place place: where the signature is seen
        :param bytes picture: a PNG that is seen there
        :return: :class:`Signed`
        :raises BsreError: where it is certain that nothing was signed
        :raises UnclearError: where it is not
        """
        left, bottom, right, top = place.box
        try:
            # half of a pair, which no keyboard types, would be named in an error, and the passphrase with it
            passphrase.encode()
        except UnicodeEncodeError:
            raise BsreError("passphrase") from None
        try:
            if self._version == "1":
                answer = self._ask(
                    "POST",
                    "/api/sign/pdf",
                    data={
                        "nik": nik,
                        "passphrase": passphrase,
                        "tampilan": "visible",
                        "image": "true",
                        "page": place.page + 1,
                        "xAxis": round(left),
                        "yAxis": round(bottom),
                        "width": round(right - left),
                        "height": round(top - bottom),
                    },
                    files={
                        "file": ("letter.pdf", content, "application/pdf"),
                        "imageTTD": ("stamp.png", picture, "image/png"),
                    },
                )
            else:
                answer = self._ask(
                    "POST",
                    "/api/v2/sign/pdf",
                    json={
                        "nik": nik,
                        "passphrase": passphrase,
                        "file": [base64.b64encode(content).decode()],
                        "signatureProperties": [
                            {
                                "tampilan": "VISIBLE",
                                "imageBase64": base64.b64encode(picture).decode(),
                                "page": place.page + 1,
                                "originX": round(left),
                                "originY": round(bottom),
                                "width": round(right - left),
                                "height": round(top - bottom),
                            }
                        ],
                    },
                )
        except requests.ConnectTimeout as error:
            raise BsreError("reach") from error
        except requests.ConnectionError as error:
            # refused: the request was never sent; broken later: it may have been
            if "NewConnectionError" in repr(error) or "refused" in repr(error):
                raise BsreError("reach") from error
            raise UnclearError from error
        except requests.RequestException as error:
            raise UnclearError from error
        document = answer.headers.get("id_dokumen", "")
        signed = answer.content if self._version == "1" else _first_file(answer)
        # whatever the status says: a PDF or none
        if signed.startswith(b"%PDF-"):
            return Signed(signed, document)
        said = _json(answer)
        if answer.status_code >= 500 or not said.get("status_code"):
            raise UnclearError(document)
        raise _error(said)

    def download(self, document):
        """Return a PDF that was signed before, or ``None`` where the service has none by this id.

        :param str document: the service's id
        :raises UnclearError: where it does not say
        """
        try:
            answer = self._ask("GET", f"/api/sign/download/{document}")
        except requests.RequestException as error:
            raise UnclearError(document) from error
        if answer.content.startswith(b"%PDF-"):
            return answer.content
        if answer.status_code == 404 or _json(answer).get("status_code") == _GONE:
            return None
        raise UnclearError(document)

    def _ask(self, method, path, **options):
        return requests.request(
            method, self._address + path, auth=self._access, timeout=TIMEOUT, allow_redirects=False, **options
        )


def picture(stamp, dpi=300):
    """Return a PNG of a PDF of one page, for a service that takes pictures alone."""
    import pypdfium2

    with pades.pdfium, pypdfium2.PdfDocument(stamp) as document:
        image = document[0].render(scale=dpi / 72).to_pil()
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def _json(answer):
    try:
        said = answer.json()
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _first_file(answer):
    files = _json(answer).get("file")
    try:
        return base64.b64decode(files[0]) if isinstance(files, list) and files else b""
    except (TypeError, ValueError):
        return b""


def _error(said):
    # the service's words may be shown; the passphrase is never among them
    return BsreError(_REASONS.get(said.get("status_code"), "refused"), str(said.get("error") or "")[:300])
