"""Marks a file with who reads it."""

import io
from html import escape

import pikepdf
from PIL import Image, ImageDraw, ImageFont

from .paper import render_pdf

_STYLE = """
    @page { margin: 0; size: 210mm 210mm }
    body { margin: 0; font: 13pt "Liberation Sans", "DejaVu Sans", sans-serif; color: rgba(160, 0, 0, .22) }
    div { position: absolute; white-space: nowrap; transform: rotate(-30deg); transform-origin: left }
"""
# where the words stand on a square of 210 mm
_PLACES = ((12, 60), (12, 110), (12, 160), (12, 205), (112, 60), (112, 110), (112, 160), (112, 205))


def mark(content, mimetype, words):
    """Return a file with *words* across each of its pages; what cannot be marked stays as it is.

    :param bytes content: a PDF, or a picture (JPEG, PNG)
    :param str mimetype: of it
    :param str words: a line
    """
    try:
        if mimetype == "application/pdf":
            return _mark_pdf(content, words)
        if mimetype in ("image/jpeg", "image/png"):
            return _mark_picture(content, words)
    except (pikepdf.PdfError, OSError, ValueError, RuntimeError, Image.DecompressionBombError):
        # whatever the comment of somebody brought along: no reader shows it either
        return content
    return content


def _mark_pdf(content, words):
    lines = "".join(f'<div style="left: {x}mm; top: {y}mm">{escape(words)}</div>' for x, y in _PLACES)
    layer = render_pdf(f"<html><head><style>{_STYLE}</style></head><body>{lines}</body></html>")[0]
    with pikepdf.open(io.BytesIO(content)) as document, pikepdf.open(io.BytesIO(layer)) as mark_of_reader:
        for page in document.pages:
            page.add_overlay(mark_of_reader.pages[0], pikepdf.Rectangle(page.trimbox))
        buffer = io.BytesIO()
        document.save(buffer)
    return buffer.getvalue()


def _mark_picture(content, words):
    with Image.open(io.BytesIO(content)) as picture:
        kind, marked = picture.format, picture.convert("RGB")
    draw = ImageDraw.Draw(marked)
    size = max(12, marked.width // 40)
    font = ImageFont.load_default(size)
    for top in range(size, marked.height, size * 8):
        draw.text((size, top), words, fill=(190, 60, 60), font=font)
    buffer = io.BytesIO()
    marked.save(buffer, kind)
    return buffer.getvalue()
