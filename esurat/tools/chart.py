"""Charts as SVG: the same on a screen and on paper."""

from markupsafe import Markup

INK, MAIN, LIGHT, FAINT = "#444", "#1f6f78", "#9ccdd2", "#e4e9ea"

_SVG = Markup(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="100%" role="img"'
    ' font-family="Liberation Sans, DejaVu Sans, sans-serif" font-size="{size}">{parts}</svg>'
)
_RECT = Markup('<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{fill}"/>')
_TEXT = Markup('<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{fill}">{text}</text>')
_JOIN = Markup("").join

WIDTH = 640


def columns(labels, series, whole=None):
    """Return a chart of stacked columns, one for each label.

    :param list labels: texts under the columns; an empty one leaves its place bare
    :param list series: ``(name, colour, numbers)`` from the bottom up, as many numbers as labels
    :param list whole: how high each column could be, drawn faint behind it
    :return: ``Markup`` of an SVG, 640 units wide
    """
    left, bottom, height, top = 28, 22, 120, 20
    stacks = [sum(parts) for parts in zip(*(numbers for _n, _c, numbers in series), strict=True)]
    most = max([*(whole or []), *stacks, 1])
    step = (WIDTH - left) / max(len(labels), 1)
    thick = min(step * 0.72, 36)
    parts = [
        _TEXT.format(x=left - 5, y=top + 4, anchor="end", fill=INK, text=most),
        _TEXT.format(x=left - 5, y=top + height, anchor="end", fill=INK, text=0),
    ]
    for index, label in enumerate(labels):
        x, base = left + step * index + (step - thick) / 2, top + height
        if whole:
            tall = height * whole[index] / most
            parts.append(_RECT.format(x=x, y=base - tall, width=thick, height=tall, fill=FAINT))
        for _name, colour, numbers in series:
            tall = height * numbers[index] / most
            base -= tall
            parts.append(_RECT.format(x=x, y=base, width=thick, height=tall, fill=colour))
        parts.append(_TEXT.format(x=x + thick / 2, y=top + height + 12, anchor="middle", fill=INK, text=label))
    x = left
    for name, colour, _numbers in series:
        parts.append(_RECT.format(x=x, y=2, width=9, height=9, fill=colour))
        parts.append(_TEXT.format(x=x + 13, y=10, anchor="start", fill=INK, text=name))
        x += 26 + 6 * len(name)
    return _SVG.format(width=WIDTH, height=top + height + bottom, size=10, parts=_JOIN(parts))


def bars(rows):
    """Return a chart of lying bars.

    :param list rows: ``(label, number, text of the number)`` from the top down
    :return: ``Markup`` of an SVG, 640 units wide
    """
    most, line, left, right = max([number for _l, number, _t in rows] + [1]), 22, 250, 90
    parts = []
    for index, (label, number, text) in enumerate(rows):
        y, long = line * index, (WIDTH - left - right) * number / most
        short = label if len(label) <= 42 else f"{label[:41]}…"
        parts.append(_TEXT.format(x=left - 8, y=y + 14, anchor="end", fill=INK, text=short))
        parts.append(_RECT.format(x=left, y=y + 4, width=max(long, 1), height=14, fill=MAIN))
        parts.append(_TEXT.format(x=left + max(long, 1) + 6, y=y + 14, anchor="start", fill=INK, text=text))
    return _SVG.format(width=WIDTH, height=max(line * len(rows), 1), size=11, parts=_JOIN(parts))
