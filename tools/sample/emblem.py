"""The emblem of the city: a shield with sun, hill and water."""

from PIL import Image, ImageDraw

SIZE, SCALE = 192, 4
NAVY, GOLD, WATER, HILL, WHITE = "#14406b", "#e8b52a", "#2f86c5", "#2f7d4f", "#ffffff"


def draw(size=SIZE):
    """Return the emblem as a picture with a transparent ground.

    :param int size: width and height in pixels
    """
    big = SIZE * SCALE
    picture = Image.new("RGBA", (big, big))
    pen = ImageDraw.Draw(picture)
    shield = _shield(big, 0)
    pen.polygon(shield, fill=NAVY)
    inner = Image.new("L", (big, big))
    ImageDraw.Draw(inner).polygon(_shield(big, 0.045), fill=255)
    field = Image.new("RGBA", (big, big), WHITE)
    pen = ImageDraw.Draw(field)
    middle = big / 2
    pen.ellipse((middle - big * 0.17, big * 0.16, middle + big * 0.17, big * 0.5), fill=GOLD)
    pen.polygon(
        [
            (0, big * 0.62),
            (big * 0.33, big * 0.33),
            (big * 0.55, big * 0.56),
            (big * 0.7, big * 0.42),
            (big, big * 0.64),
        ],
        fill=HILL,
    )
    pen.rectangle((0, big * 0.56, big, big), fill=WATER)
    for row in range(3):
        y, step = big * (0.62 + 0.1 * row), big / 8
        for column in range(-1, 9):
            x = column * step + (row % 2) * step / 2
            pen.arc((x, y, x + step, y + step * 0.7), 0, 180, fill=WHITE, width=big // 60)
    picture.paste(field, mask=inner)
    return picture.resize((size, size), Image.Resampling.LANCZOS).quantize(64)


def _shield(size, margin):
    """Return the outline of a shield within a margin, both as parts of its width."""
    left, right, top = (0.12 + margin) * size, (0.88 - margin) * size, (0.06 + margin) * size
    half, straight, bottom = (right - left) / 2, 0.5 * size, (0.96 - margin) * size
    curve = [
        (left + half + half * (1 - (step / 24) ** 2.2), straight + (bottom - straight) * step / 24)
        for step in range(25)
    ]
    return [(left, top), (right, top), *curve, *((2 * (left + half) - x, y) for x, y in reversed(curve))]
