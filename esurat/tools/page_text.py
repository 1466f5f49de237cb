"""A text as it may be printed.

What is looked at before a signature and what is printed with its number have to be the same page, so a text may say how
it is set, but not where: nothing is hidden, laid over something else, or taken for a part of the page that is not text.
"""

import base64
import re

from lxml import etree, html
from markupsafe import Markup

MOST_CELLS = 60  # that a cell spans; no page holds more

_TAGS = set(
    "a b blockquote br caption code del div em font h1 h2 h3 h4 h5 h6 hr i img ins li ol p pre s small span strong sub "
    "sup table tbody td tfoot th thead tr u ul".split()
)
# goes with all that it holds
_SILENT = set("canvas embed form head iframe link meta noscript object script style svg template title video".split())
_STYLES = {
    "text-align": r"left|right|center|justify|start|end",
    "vertical-align": r"top|middle|bottom|baseline|sub|super",
    "font-weight": r"normal|bold|bolder|[1-9]00",
    "font-style": r"normal|italic",
    "text-decoration": r"none|underline|line-through",
    "text-decoration-line": r"none|underline|line-through",
    "list-style-type": r"decimal|lower-alpha|upper-alpha|lower-roman|upper-roman|disc|circle|square|none",
    "margin-left": r"\d{1,3}px",
    "padding-left": r"\d{1,3}px",
    "width": r"\d{1,3}(\.\d+)?%|\d{1,4}(\.\d+)?px",
}
_ADDRESS = re.compile(r"(https?://|mailto:|tel:)", re.IGNORECASE)
# an attachment shown in a text, as the editor writes it
_PICTURE = re.compile(r"/web/(?:image|content)/(\d+)(?!\d)")
_KINDS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"RIFF", "image/webp"),
)


def pictures(text):
    """Return the ids of the attachments that a text shows (set of int).

    :param str text: HTML
    """
    return {int(found) for found in _PICTURE.findall(str(text or ""))}


def with_pictures(text, others):
    """Return a text that shows other attachments.

    :param str text: HTML
    :param dict others: ``{attachment id: id of the one in its place}``
    """
    return _PICTURE.sub(
        lambda found: found[0].replace(found[1], str(others.get(int(found[1]), found[1]))), str(text or "")
    )


def printable(text, contents):
    """Return a text as it may be printed, its pictures within it.

    :param str text: sanitized HTML
    :param dict contents: ``{attachment id: bytes}`` of the pictures that it may show; others are left out
    :return: ``Markup``
    """
    if not text:
        return Markup()
    root = html.fragment_fromstring(str(text), create_parent="div")
    for element in list(root.iterdescendants()):
        if not isinstance(element.tag, str) or element.tag in _SILENT:
            element.drop_tree()
        elif element.tag not in _TAGS:
            element.drop_tag()
        else:
            kept = _kept(element, contents)
            element.attrib.clear()
            element.attrib.update(kept)
    inner = "".join(etree.tostring(child, encoding="unicode", method="html") for child in root)
    return Markup.escape(root.text or "") + Markup(inner)  # noqa: S704 - serialized from the elements above


def _kept(element, contents):
    """Return what an element keeps of its attributes (dict)."""
    kept = {}
    style = "; ".join(_declarations(element.get("style") or ""))
    if style:
        kept["style"] = style
    for name in ("colspan", "rowspan", "start"):
        number = re.fullmatch(r"\s*(\d{1,9})\s*", element.get(name) or "")
        if number:
            kept[name] = str(int(number[1]) if name == "start" else min(max(int(number[1]), 1), MOST_CELLS))
    if element.tag == "table" and "table-bordered" in (element.get("class") or "").split():
        kept["class"] = "table-bordered"
    if element.tag == "ol" and element.get("type") in {"1", "a", "A", "i", "I"}:
        kept["type"] = element.get("type")
    if element.tag == "a" and _ADDRESS.match(element.get("href") or ""):
        kept["href"] = element.get("href")
    if element.tag == "img":
        kept |= {"src": _data_address(element.get("src") or "", contents), "alt": element.get("alt") or ""}
    return kept


def _declarations(style):
    for declaration in style.split(";"):
        name, _colon, value = (part.strip().lower() for part in declaration.partition(":"))
        if name in _STYLES and re.fullmatch(_STYLES[name], value):
            yield f"{name}: {value}"


def _data_address(source, contents):
    """Return the address that holds a picture itself, empty where there is none that may be shown."""
    found = _PICTURE.search(source)
    content = contents.get(int(found[1])) if found else None
    # what it is stands in its bytes; what somebody says of it is not believed
    kind = next((kind for magic, kind in _KINDS if (content or b"").startswith(magic)), None)
    return f"data:{kind};base64,{base64.b64encode(content).decode()}" if kind else ""
