"""Patterns of letter numbers, such as ``{classification}/{serial:04d}/{unit}/{year}``.

A pattern is data typed in by an administrator, so only the tokens below are ever replaced: no attribute, index or
conversion of Python's format language is let through.
"""

import re
from string import Formatter

NUMERIC = ("serial", "month", "year")
TOKENS = ("classification", "serial", "unit", "type", "month_roman", "month", "year", "security")
ROMAN_MONTHS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")

_SPEC = re.compile(r"0?[1-9]d|d?")


class PatternError(ValueError):
    """A pattern that cannot be used; ``token`` is the part at fault, empty where the braces do not match."""

    def __init__(self, token=""):
        super().__init__(token)
        self.token = token


def check(pattern):
    """Check a number pattern.

    :param str pattern: text with tokens in braces
    :raises PatternError: for braces that do not match, an unknown token, a format that is not ``0Nd``, or a pattern
        without ``{serial}`` (``token`` is then ``"serial"``)
    """
    try:
        parts = list(Formatter().parse(pattern))
    except ValueError as error:
        raise PatternError() from error
    seen = set()
    for _literal, token, spec, conversion in parts:
        if token is None:
            continue
        numeric = token in NUMERIC
        if token not in TOKENS or conversion or (spec and not (numeric and _SPEC.fullmatch(spec))):
            raise PatternError(token)
        seen.add(token)
    if "serial" not in seen:
        raise PatternError("serial")


def render(pattern, values):
    """Return the number that *pattern* makes of *values*.

    :param str pattern: a pattern that passed :func:`check`
    :param dict values: ``serial`` (int), ``date`` (:class:`datetime.date`), and the texts ``classification``, ``unit``,
        ``type`` and ``security``
    :return: the number; an empty text leaves no doubled separator behind
    """
    date = values["date"]
    filled = pattern.format(
        serial=values["serial"],
        month=date.month,
        month_roman=ROMAN_MONTHS[date.month - 1],
        year=date.year,
        **{token: values.get(token) or "" for token in ("classification", "unit", "type", "security")},
    )
    return re.sub(r"([/.-])\1+", r"\1", filled).strip("/.- ")
