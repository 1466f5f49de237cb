"""What a scan has to be before it is taken into the register."""

import io

import pikepdf
from PIL import Image

from odoo.tools.mimetypes import guess_mimetype

MIMETYPES = ("application/pdf", "image/jpeg", "image/png", "image/tiff")
# of a picture, as it unfolds: A3 at 600 dpi has 70 million
MOST_PIXELS = 150_000_000
# of what one stream of a PDF unfolds to, in bytes
_UNFOLDED = 128 * 1024**2

# a small file that unfolds to gigabytes would take the whole server with it; the limits are the process's
pikepdf.settings.set_qpdf_limits(
    flate_max_memory=_UNFOLDED,
    run_length_max_memory=_UNFOLDED,
    png_max_memory=_UNFOLDED,
    tiff_max_memory=_UNFOLDED,
    dct_max_memory=_UNFOLDED,
)


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
        _inspect_picture(content)
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


def _inspect_picture(content):
    """Look at the head of a picture, which says how large it unfolds.

    :raises ScanError: where it is no picture, or larger than any page
    """
    try:
        with Image.open(io.BytesIO(content)) as picture:
            width, height = picture.size
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise ScanError("broken") from error
    if width * height > MOST_PIXELS:
        raise ScanError("broken")
