"""From a page of HTML to paper."""

import logging
from typing import NamedTuple

# It tells of eight steps of each PDF; its warnings stay.
logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)


class File(NamedTuple):
    """A file that lies within a PDF."""

    name: str
    content: bytes


def render_pdf(html, files=(), archival=False):
    """Return the PDF of a page of HTML, and how many sides of paper it fills.

    :param html: the page (str or bytes), its pictures inline as ``data:`` addresses; nothing else is fetched
    :param files: of :class:`File`, put into the PDF
    :param bool archival: whether it is to be kept: PDF/A-3b (ISO 19005-3), with the fonts and colours it needs
    :return: ``(bytes of a PDF, number of its pages)``
    """
    # imported here: WeasyPrint takes over a second, and most workers never print
    from weasyprint import HTML, Attachment, URLFetcher

    text = html if isinstance(html, str) else html.decode()
    document = HTML(string=text, url_fetcher=URLFetcher(allowed_protocols=("data",))).render()
    if not archival:
        return document.write_pdf(), len(document.pages)
    document.metadata.attachments = [
        Attachment(string=file.content, name=file.name, relationship="Supplement") for file in files
    ]
    return document.write_pdf(pdf_variant="pdf/a-3b"), len(document.pages)
