"""From a page of HTML to paper."""


def render_pdf(html):
    """Return the PDF of a page of HTML, and how many sides of paper it fills.

    :param html: the page (str or bytes), its pictures inline as ``data:`` addresses; nothing else is fetched
    :return: ``(bytes of a PDF, number of its pages)``
    """
    # imported here: WeasyPrint takes over a second, and most workers never print
    from weasyprint import HTML, URLFetcher

    text = html if isinstance(html, str) else html.decode()
    document = HTML(string=text, url_fetcher=URLFetcher(allowed_protocols=("data",))).render()
    return document.write_pdf(), len(document.pages)
