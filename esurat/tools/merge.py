"""Merge fields of a letter's text, such as ``{{ number }}``.

A template is data typed in by people, so nothing in it is ever worked out: a known name is replaced by a ready text.
There is no expression, no attribute and no record behind it.
"""

import re

FIELDS = (
    "number",
    "date",
    "subject",
    "sender",
    "addressee",
    "position",
    "signatory",
    "reply_sender",
    "reply_number",
    "reply_date",
    "reply_subject",
)

_TOKEN = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")


def unknown(html):
    """Return the names in double braces that are no merge fields, as a sorted list.

    :param str html: a text or template
    """
    # an editor may put a tag or a hard space between the braces and the name
    return sorted({_name(token) for token in _TOKEN.findall(html or "")} - set(FIELDS))


def tidy(html):
    """Return a text whose merge fields stand in one piece, whatever an editor has put between their braces.

    :param str html: sanitized HTML
    """
    return _TOKEN.sub(lambda match: f"{{{{ {_name(match[1])} }}}}" if _name(match[1]) in FIELDS else match[0], html)


def fill(text, values):
    """Replace the merge fields of a plain text.

    :param str text: no HTML
    :param dict values: ``{name: text}``; a name of :data:`FIELDS` that is missing is left empty
    :return: str; names that are no merge fields stay as they are
    """
    return _TOKEN.sub(lambda match: (values.get(match[1]) or "") if match[1] in FIELDS else match[0], text)


def _name(token):
    return re.sub(r"<[^>]*>|&nbsp;|\s", "", token)
