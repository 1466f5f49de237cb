"""Codes on scanned pages."""

import io

import pypdfium2
from PIL import Image

from .pades import pdfium

# enough for a code of 20 mm on a slanted scan
_DPI = 150
_MOST_PAGES = 50
# a page of a square metre and more is no letter
_LARGEST = 3000  # points, each side


def find_codes(content):
    """Return the texts of all QR codes in a scan, without doubles, in the order of the pages.

    :param bytes content: a PDF or a picture that ``tools.scan.inspect`` has let through
    """
    # imported here: most workers never read a scan
    import zxingcpp

    texts = []
    try:
        for picture in _pictures(content):
            texts += [code.text for code in zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)]
    except (OSError, ValueError, Image.DecompressionBombError):
        # what cannot be shown has no codes
        return []
    return list(dict.fromkeys(texts))


def _pictures(content):
    if not content.startswith(b"%PDF"):
        with Image.open(io.BytesIO(content)) as picture:
            yield picture.convert("L")
        return
    with pdfium, pypdfium2.PdfDocument(content) as document:
        for number in range(min(len(document), _MOST_PAGES)):
            if max(document[number].get_size()) > _LARGEST:
                continue
            yield document[number].render(scale=_DPI / 72, grayscale=True).to_pil()
