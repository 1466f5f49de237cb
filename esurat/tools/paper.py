"""From a page of HTML to paper."""


def _refuse(url, *_args, **_kwargs):
    # A template may show what it brings itself; nothing is fetched from a server or a disk.
    raise ValueError(f"not fetched for printing: {url[:80]}")


def render_pdf(html):
    """Return the PDF of a page.

    :param html: the page (str or bytes), its pictures inline as ``data:`` addresses
    :return: bytes of a PDF
    """
    # imported here: WeasyPrint takes over a second, and most workers never print
    from weasyprint import HTML, default_url_fetcher

    def fetch(url, *args, **kwargs):
        return default_url_fetcher(url, *args, **kwargs) if url.startswith("data:") else _refuse(url)

    page = HTML(string=html if isinstance(html, str) else html.decode(), url_fetcher=fetch)
    return page.write_pdf()
