"""What a scan has to be before it is taken into the register."""

import io

import pikepdf

from odoo.tools.mimetypes import guess_mimetype

MIMETYPES = ("application/pdf", "image/jpeg", "image/png", "image/tiff")


class ScanError(ValueError):
    """A file that is no usable scan; ``reason`` is one of ``empty``, ``type``, ``password`` and ``broken``."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


def inspect(content):
    """Look into a scan.

    :param bytes content: the whole file
    :return: ``(mimetype, pages)``: what the bytes are, whatever the file is called, and the number of pages (a picture
        has one)
    :raises ScanError: where the file is empty, of another type, protected by a password, or cannot be read
    """
    if not content:
        raise ScanError("empty")
    mimetype = guess_mimetype(content, default="application/octet-stream")
    if mimetype not in MIMETYPES:
        raise ScanError("type")
    if mimetype != "application/pdf":
        return mimetype, 1
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            pages = len(pdf.pages)
    except pikepdf.PasswordError as error:
        raise ScanError("password") from error
    except (pikepdf.PdfError, RuntimeError, ValueError) as error:
        raise ScanError("broken") from error
    if not pages:
        raise ScanError("broken")
    return mimetype, pages
