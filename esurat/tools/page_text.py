"""A text as it may be printed.

What is looked at before a signature and what is printed with its number have to be the same page, so a text may say how
it is set, but not where: nothing is hidden, laid over something else, or taken for a part of the page that is not text.
"""

import base64
import re

from lxml import etree, html
from markupsafe import Markup

from . import merge

MOST_CELLS = 60  # that a cell spans; no page holds more
DEEPEST = 40  # elements within one another
LONGEST_WORD = 100  # characters; a longer one may be broken there

_TAGS = set(
    "a b blockquote br caption code del div em font h1 h2 h3 h4 h5 h6 hr i img ins li ol p pre s small span strong sub "
    "sup table tbody td tfoot th thead tr u ul".split()
)
# once within one another they are still read, and not a second time
_SMALL = {"small", "sub", "sup"}
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
    "margin-left": r"1?\d{1,2}px",
    "padding-left": r"1?\d{1,2}px",
    "width": r"(\d{1,2}(\.\d+)?|100)%|[1-5]?\d{1,2}(\.\d+)?px",
}
_ADDRESS = re.compile(r"(https?://|mailto:|tel:)", re.IGNORECASE)
# an attachment shown in a text, as the editor writes it
_PICTURE = re.compile(r"/web/(?:image|content)/(\d{1,9})(?!\d)")
_PICTURE_ALONE = re.compile(_PICTURE.pattern + r"(?:[-/?][\x21-\x7e]*)?")
_INLINE = re.compile(r"data:image/[a-z]+;base64,([A-Za-z0-9+/=\s]+)")
_LONG = re.compile(rf"(\S{{{LONGEST_WORD}}})(?=\S)")
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


def printable(text, contents, words=None):
    """Return a text as it may be printed, its merge fields filled in and its pictures within it.

    Merge fields are filled in between tags alone, so that what they say makes no other page of it.

    :param str text: sanitized HTML
    :param dict contents: ``{attachment id: bytes}`` of the pictures that it may show; others are left out
    :param dict words: ``{merge field: text}``; without it merge fields stay as they are
    :return: ``Markup``
    """
    if not text:
        return Markup()
    root = html.fragment_fromstring(merge.tidy(str(text)), create_parent="div")
    for element in list(root.iterdescendants()):
        if element.getparent() is None:
            continue
        if not isinstance(element.tag, str) or element.tag in _SILENT:
            element.drop_tree()
        elif element.tag not in _TAGS or _is_too_deep(element):
            element.drop_tag()
        else:
            kept = _kept(element, contents)
            element.attrib.clear()
            element.attrib.update(kept)
    for element in root.iter():
        element.text = _filled(element.text, words)
        element.tail = _filled(element.tail, words)
    inner = "".join(etree.tostring(child, encoding="unicode", method="html") for child in root)
    return Markup.escape(root.text or "") + Markup(inner)  # noqa: S704 - serialized from the elements above


def _is_too_deep(element):
    above = [one.tag for one in element.iterancestors()]
    return len(above) > DEEPEST or element.tag in _SMALL and bool(_SMALL.intersection(above))


def _filled(text, words):
    if not text:
        return text
    filled = text if words is None else merge.fill(text, words)
    # a break where none is seen
    return _LONG.sub("\\1\u200b", filled)


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
    found, inline = _PICTURE_ALONE.fullmatch(source), _INLINE.fullmatch(source)
    content = contents.get(int(found[1])) if found else None
    if inline:
        try:
            content = base64.b64decode(inline[1])
        except ValueError:
            content = None
    # what it is stands in its bytes; what somebody says of it is not believed
    kind = next((kind for magic, kind in _KINDS if (content or b"").startswith(magic)), None)
    return f"data:{kind};base64,{base64.b64encode(content).decode()}" if kind else ""
