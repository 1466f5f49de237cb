"""Merge fields of a letter's text, such as ``{{ number }}``.

A template is data typed in by people, so nothing in it is ever worked out: a known name is replaced by a ready text,
escaped. There is no expression, no attribute and no record behind it.
"""

import re

from markupsafe import Markup, escape

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


def merge(html, values):
    """Replace the merge fields of a text.

    :param html: sanitized HTML (str)
    :param dict values: ``{name: text}``; a name of :data:`FIELDS` that is missing is left empty
    :return: ``Markup``; names that are no merge fields stay as they are
    """

    def replace(match):
        name = _name(match[1])
        return str(escape(values.get(name) or "")) if name in FIELDS else match[0]

    return Markup(_TOKEN.sub(replace, html or ""))  # noqa: S704 - sanitized by its field, the rest is escaped


def _name(token):
    return re.sub(r"<[^>]*>|&nbsp;|\s", "", token)
