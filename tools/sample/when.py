"""Days relative to the day of installation, as expressions of a data file.

A day is named by *ago*: how many working days it lies before today (0: today, or the Friday before a weekend; negative:
ahead). Which date that is depends on the weekday of the installation: an expression carries a table of seven offsets.
"""


def _offset(ago, weekday):
    """Return the calendar days from a *weekday* (0 is Monday) to the working day *ago*."""
    offset = -max(0, weekday - 4)
    step = -1 if ago > 0 else 1
    for _ in range(abs(ago)):
        offset += step
        while (weekday + offset) % 7 > 4:
            offset += step
    return offset


def day(ago, minutes=None):
    """Return the expression of a working day.

    :param int ago: which
    :param int minutes: minutes behind midnight UTC, for a moment; without it the day starts
    :rtype: str
    """
    offsets = [_offset(ago, weekday) for weekday in range(7)]
    # in data files today has the time of day of the installation
    clock = "" if minutes is None else f", hour=0, minute=0, second=0, microsecond=0, minutes={minutes}"
    return f"DateTime.today() + relativedelta(days={offsets}[DateTime.today().weekday()]{clock})"


def any_day(ago):
    """Return the expression of the midnight that begins a working day up to today.

    :param str ago: the expression of how many working days ago
    """
    back = f"{ago} + 2 * max(0, -((min(DateTime.today().weekday(), 4) - {ago}) // 5))"
    weekend = "max(0, DateTime.today().weekday() - 4)"
    return f"DateTime.today() + relativedelta(days=-({weekend} + {back}), hour=0, minute=0, second=0, microsecond=0)"


def moment(ago, clock):
    """Return the expression of a moment of office hours.

    :param int ago: the working day; today's moments are "now", since the clock may not have come so far
    :param int clock: minutes behind midnight in Makassar (UTC+8), not before 08.00
    :rtype: str
    """
    if ago <= 0:
        return "DateTime.now()"
    return day(ago, clock - 8 * 60)


def year(ago):
    """Return the expression of the year in which a working day lies."""
    return f"({day(ago)}).year"


def today():
    """Return the expression of today, whichever weekday it is."""
    return "DateTime.today()"


def text(template, ago):
    """Return a text, or its expression where the template has ``{year}`` or ``{roman}`` (the month) of a working day.

    :return: ``(whether it is an expression, text)``
    """
    tokens = {
        "{roman}": f"'I II III IV V VI VII VIII IX X XI XII'.split()[({day(ago)}).month - 1]",
        "{year}": year(ago),
    }
    used = sorted((token for token in tokens if token in template), key=template.index)
    if not used:
        return False, template
    for token in used:
        template = template.replace(token, "%s")
    return True, f"{template!r} % ({', '.join(tokens[token] for token in used)},)"
