"""Letters as an office scanner delivers them: a letterhead, a text, a stamp, a signature; slightly askew and specked.

The day of a letter is written by hand, illegibly: the data are relative to the day of installation, a picture is not.
"""

import io
import math
import random
import zlib
from functools import cache

import pikepdf
from PIL import Image, ImageChops, ImageDraw, ImageFont

from tools.paths import DEV

from . import emblem
from .people import AGENCIES, CITY, PEOPLE, UNITS
from .setup import GOVERNMENT, SENDERS, Sender

A4 = (8.27, 11.69)
MARGIN = 0.95
FONTS = [
    "/usr/share/fonts/truetype/dejavu",
    DEV / "odoo/usr/share/fonts/truetype/dejavu",
    DEV / "libs/usr/share/fonts/truetype/dejavu",
]

OPENINGS = {
    "invitation": "Dengan hormat,",
    "request": "Dengan hormat,",
    "notice": "Dengan hormat disampaikan hal-hal sebagai berikut.",
    "complaint": "Dengan hormat, saya yang bertanda tangan di bawah ini, warga kota, menyampaikan hal berikut.",
    "answer": "Memperhatikan surat Saudara mengenai hal tersebut di atas, dengan ini disampaikan sebagai berikut.",
}
CLOSINGS = {
    "invitation": [
        "Sehubungan dengan hal tersebut, kami mengundang Saudara untuk hadir pada:",
        ("Hari", "Rabu pekan depan"),
        ("Pukul", "09.00 WITA sampai dengan selesai"),
        ("Tempat", "Ruang Rapat Utama"),
        ("Acara", "{subject}"),
        "Mengingat pentingnya acara dimaksud, diharapkan hadir tepat waktu. Atas perhatian dan kehadiran Saudara "
        "diucapkan terima kasih.",
    ],
    "request": [
        "Sebagai bahan koordinasi lebih lanjut, Saudara dapat menghubungi petugas kami pada jam kerja.",
        "Demikian permohonan ini disampaikan. Atas perhatian dan kerja sama Saudara diucapkan terima kasih.",
    ],
    "notice": [
        "Hal-hal yang belum jelas dapat dikoordinasikan dengan kami pada jam kerja.",
        "Demikian disampaikan untuk diketahui dan dilaksanakan dengan penuh tanggung jawab.",
    ],
    "complaint": [
        "Besar harapan saya agar hal ini segera ditindaklanjuti. Foto keadaan di lapangan dapat saya kirimkan bila "
        "diperlukan.",
        "Atas perhatian Bapak/Ibu saya ucapkan terima kasih.",
    ],
    "answer": ["Demikian disampaikan. Atas perhatian dan kerja sama Saudara diucapkan terima kasih."],
}


def scan(letter, serial):
    """Return the scan of a letter as a PDF.

    :param story.Letter letter: with its look, ``bw`` (black and white) or ``grey``
    :param int serial: its number in the register, stamped on incoming letters
    :rtype: bytes
    """
    rng = random.Random(f"scan {letter.subject}")
    return _pdf([_Page(letter, serial, rng, number).finish() for number in range(letter.pages)], letter.scan)


class _Page:
    """One page being drawn, in pixels from the top left corner.

    :param int number: 0 for the letter itself, 1 for its annex
    """

    DPI = 118

    def __init__(self, letter, serial, rng, number):
        self.letter, self.serial, self.rng = letter, serial, rng
        self.width, self.height = (round(side * self.DPI) for side in A4)
        self.left, self.right = self._inch(MARGIN), self.width - self._inch(MARGIN)
        self.picture = Image.new("L", (self.width, self.height), 255)
        self.pen = ImageDraw.Draw(self.picture)
        self.y = self._inch(0.55)
        self.sender = _sender(letter)
        self.family = "Sans" if self.sender.letterhead[:1] == (GOVERNMENT,) else "Serif"
        if number:
            self._annex()
        else:
            self._letter()

    def finish(self):
        """Return the page as it comes out of the scanner."""
        picture = self.picture.rotate(
            self.rng.uniform(-0.7, 0.7), resample=Image.Resampling.BICUBIC, fillcolor=255, expand=False
        )
        pen = ImageDraw.Draw(picture)
        for _ in range(600 if self.letter.scan == "grey" else 60):
            x, y = self.rng.randrange(self.width), self.rng.randrange(self.height)
            size = self.rng.choice((0, 0, 0, 1))
            pen.ellipse((x, y, x + size, y + size), fill=self.rng.choice((0, 120, 200, 200, 200)))
        # the lid was not quite shut
        edge = self.rng.randrange(3, 9)
        pen.polygon([(0, 0), (edge, 0), (edge // 3, self.height), (0, self.height)], fill=80)
        return picture

    # ------------------------------------------------------------
    # What stands on it
    # ------------------------------------------------------------

    def _letter(self):
        self._letterhead()
        self._address()
        for part in [OPENINGS[self.letter.form], self.letter.text, *CLOSINGS[self.letter.form]]:
            if isinstance(part, tuple):
                self._pair(self.left + self._inch(0.5), *(text.format(subject=self.letter.subject) for text in part))
            else:
                self.y += self._inch(0.09)
                self._paragraph(part, indent=self._inch(0.5))
        self._signature()
        if self.serial and self.letter.direction == "incoming":
            self._received_stamp()

    def _letterhead(self):
        lines = self.sender.letterhead
        if not lines:
            self.y += self._inch(0.5)
            return
        if lines[0] == GOVERNMENT:
            mark = emblem.draw(self._inch(0.95)).convert("RGBA")
            self.picture.paste(mark.convert("L"), (self.left - self._inch(0.1), self.y), mark.getchannel("A"))
        for index, line in enumerate(lines):
            self._centred(line, 12.5 if index == 0 and len(lines) > 1 else 15, bold=True)
        self._centred(f"{self.sender.street}, {self.sender.city}", 8.5)
        self.y = max(self.y, self._inch(1.55)) + self._inch(0.06)
        for gap, width in ((0, 3), (5, 1)):
            self.pen.line((self.left, self.y + gap, self.right, self.y + gap), fill=0, width=width)
        self.y += self._inch(0.22)

    def _address(self):
        letter = self.letter
        column, top = self.width // 2 + self._inch(0.65), self.y
        place = f"{self.sender.city},"
        self.pen.text((column, self.y), place, font=self._font(10), fill=0)
        self._scribble(column + self._font(10).getlength(place) + self._inch(0.1), self.y + self._inch(0.08), 1.1)
        number, gap, _rest = letter.number.partition("{")
        manner = ("Biasa", "Segera", "Sangat Segera")[int(letter.urgency)]
        if letter.direction == "outgoing":
            number, gap = f"{letter.code.replace('_', '.')}/{self.serial}/{UNITS[letter.unit][2]}/", "{"
        pairs = [
            ("Nomor", number or "-"),
            ("Sifat", f"Terbatas / {manner}" if letter.security == "restricted" else manner),
            ("Lampiran", "1 (satu) berkas" if letter.pages > 1 else "-"),
            ("Hal", letter.subject),
        ]
        for label, text in pairs if letter.form != "complaint" else pairs[-1:]:
            row = self.y
            self._pair(self.left, label, text, column - self._inch(0.25))
            if label == "Nomor" and gap:
                x = self.left + self._inch(1.05) + self._font(10).getlength(number)
                self._scribble(x + 4, row + self._inch(0.08), 0.35)
        bottom, self.y = self.y, top + self._inch(0.42)
        for line in ["Kepada", "Yth.", *self._addressee(), "di -", f"    {CITY}"]:
            self._paragraph(line, column, self.right + self._inch(0.35))
        self.y = max(self.y, bottom) + self._inch(0.2)

    def _addressee(self):
        letter = self.letter
        if letter.direction == "outgoing":
            return [SENDERS[letter.partner].name]
        agency = next(agency for agency in AGENCIES if agency.key == letter.agency)
        post = PEOPLE[letter.to[0]].position
        return [f"{post if post != 'Kepala Dinas' else 'Kepala'} {agency.name}"]

    def _signature(self):
        self.y += self._inch(0.3)
        x = self.width // 2 + self._inch(0.5)
        if self.sender.post:
            self._paragraph(f"{self.sender.post},", x)
        else:
            self._paragraph("Hormat saya,", x)
        middle = self.y + self._inch(0.42)
        if self.sender.letterhead:
            self._round_stamp(x + self._inch(0.1), middle)
        self._scribble(x + self._inch(0.3), middle, 1.4, 0.28, 3)
        self.y += self._inch(0.95)
        name = self.sender.head or self.sender.name
        font = self._font(10, bold=True)
        self.pen.text((x, self.y), name, font=font, fill=0)
        line = self.y + self._inch(0.18)
        self.pen.line((x, line, x + font.getlength(name), line), fill=0)
        self.y = line

    def _annex(self):
        self._paragraph(f"Lampiran surat: {self.letter.subject}", self.width // 2, bold=True)
        self.y += self._inch(0.3)
        columns = [self.left, self.left + self._inch(0.5), self.left + self._inch(3.9), self.right]
        rows = [row.split("|") for row in self.letter.annex]
        heights = [self.y + self._inch(0.32) * row for row in range(len(rows) + 1)]
        for x in columns:
            self.pen.line((x, heights[0], x, heights[-1]), fill=0)
        for y in heights:
            self.pen.line((self.left, y, self.right, y), fill=0)
        for index, (row, y) in enumerate(zip(rows, heights, strict=False)):
            font = self._font(9.5, bold=not index)
            for x, text in zip(columns, (f"{index}." if index else "No.", *row), strict=False):
                self.pen.text((x + self._inch(0.08), y + self._inch(0.07)), text, font=font, fill=0)

    def _received_stamp(self):
        """Put the stamp of our own reception on the paper, with the number in the register."""
        width, height = self._inch(2.3), self._inch(0.95)
        stamp = Image.new("L", (width, height))
        pen = ImageDraw.Draw(stamp)
        pen.rectangle((1, 1, width - 2, height - 2), outline=255, width=3)
        code = next(agency.code for agency in AGENCIES if agency.key == self.letter.agency)
        for row, text in enumerate((f"DITERIMA  {code.upper()}", f"Agenda : {self.serial:04d}", "Tanggal :")):
            pen.text((self._inch(0.15), self._inch(0.1 + 0.27 * row)), text, font=self._font(9.5, bold=True), fill=255)
        stamp = stamp.rotate(self.rng.uniform(-6, 4), expand=True, resample=Image.Resampling.BICUBIC)
        y = self.height - self._inch(1.75)
        self._ink(stamp, self.left - self._inch(0.1), y)
        self._scribble(self.left + self._inch(1.05), y + self._inch(0.76), 0.9, 0.08)

    def _round_stamp(self, x, y):
        """Put the round stamp of the sender left over the signature."""
        size = self._inch(1.25)
        stamp = Image.new("L", (size, size))
        pen = ImageDraw.Draw(stamp)
        pen.ellipse((2, 2, size - 3, size - 3), outline=255, width=3)
        pen.ellipse((size * 0.2, size * 0.2, size * 0.8, size * 0.8), outline=255, width=2)
        words = self.sender.letterhead[-1][:30].center(30)
        for index, letter in enumerate(words):
            glyph = Image.new("L", (size, size))
            ImageDraw.Draw(glyph).text(
                (size / 2, size * 0.055), letter, font=self._font(6.5, bold=True), fill=255, anchor="mt"
            )
            stamp = ImageChops.lighter(stamp, glyph.rotate(170 - index * 340 / 29, resample=Image.Resampling.BICUBIC))
        pen = ImageDraw.Draw(stamp)
        star = [
            (
                size / 2 + size * (0.16, 0.07)[point % 2] * math.sin(point * math.pi / 5),
                size / 2 - size * (0.16, 0.07)[point % 2] * math.cos(point * math.pi / 5),
            )
            for point in range(10)
        ]
        pen.polygon(star, outline=255)
        stamp = stamp.rotate(self.rng.uniform(-25, 25), resample=Image.Resampling.BICUBIC)
        self._ink(stamp, x - size // 2, y - size // 2)

    # ------------------------------------------------------------
    # Tools
    # ------------------------------------------------------------

    def _inch(self, length):
        return round(length * self.DPI)

    def _font(self, points, bold=False):
        return _font(self.family, round(points * self.DPI / 72), bold)

    def _centred(self, text, points, bold=False):
        font = self._font(points, bold)
        self.pen.text((self.width // 2 + self._inch(0.3), self.y), text, font=font, fill=0, anchor="ma")
        self.y += round(points * 1.35 * self.DPI / 72)

    def _paragraph(self, text, left=None, right=None, indent=0, bold=False):
        """Write a text in lines between *left* and *right*."""
        left, right = left or self.left, right or self.right
        font, line, x = self._font(10, bold), "", left + indent
        lead = text[: len(text) - len(text.lstrip())]
        for word in [*text.split(), None]:
            longer = word and (f"{line} {word}" if line else lead + word)
            if word and x + font.getlength(longer) <= right:
                line = longer
                continue
            self.pen.text((x, self.y), line, font=font, fill=0)
            self.y += self._inch(0.2)
            line, x = word, left

    def _pair(self, x, label, text, right=None):
        font = self._font(10)
        self.pen.text((x, self.y), label, font=font, fill=0)
        self.pen.text((x + self._inch(0.92), self.y), ":", font=font, fill=0)
        self._paragraph(text, x + self._inch(1.05), right)

    def _scribble(self, x, y, width, height=0.09, stroke=2):
        """Write something by hand that nobody can read, *width* by *height* inches around the line *y*."""
        steps = round(width * 42)
        phase, points = self.rng.uniform(0, 6), []
        for step in range(steps + 1):
            angle = phase + step * 0.62
            swing = self.rng.uniform(0.55, 1) * height
            points.append(
                (
                    x + self._inch(width) * step / steps + self._inch(0.05) * math.cos(angle),
                    y + self._inch(swing) * math.sin(angle * 1.13),
                )
            )
        self.pen.line(points, fill=30, width=stroke, joint="curve")

    def _ink(self, stamp, x, y):
        """Press a stamp (white is ink) on the page; what is below stays readable."""
        self.picture.paste(90, (round(x), round(y)), stamp.point(lambda value: value * 4 // 5))


def _sender(letter):
    if letter.direction == "incoming":
        return SENDERS[letter.partner]
    agency = next(agency for agency in AGENCIES if agency.key == letter.agency)
    head = PEOPLE[UNITS[letter.agency][-1]]
    return Sender(agency.name, agency.street, head.name, head.position, tuple(agency.letterhead.splitlines()))


@cache
def _font(family, size, bold):
    name = f"DejaVu{family}{'-Bold' if bold else ''}.ttf"
    for folder in FONTS:
        try:
            return ImageFont.truetype(f"{folder}/{name}", size, layout_engine=ImageFont.Layout.BASIC)
        except OSError:
            continue
    raise FileNotFoundError(name)


def _pdf(pictures, look):
    """Return pictures of grey as a PDF, one a page: of two bits a pixel, or of one bit packed as a fax."""
    pdf = pikepdf.new()
    for picture in pictures:
        width, height = picture.size
        stream = _grey(pdf, picture) if look == "grey" else _fax(pdf, picture)
        stream.Type, stream.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        stream.Width, stream.Height, stream.ColorSpace = width, height, pikepdf.Name.DeviceGray
        size = [round(side * 72, 2) for side in A4]
        page = pikepdf.Dictionary(
            Type=pikepdf.Name.Page,
            MediaBox=[0, 0, *size],
            Resources=pikepdf.Dictionary(XObject=pikepdf.Dictionary(Scan=stream)),
            Contents=pdf.make_stream(f"{size[0]} 0 0 {size[1]} 0 0 cm /Scan Do".encode()),
        )
        pdf.pages.append(pikepdf.Page(page))
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _fax(pdf, picture):
    tiff = io.BytesIO()
    picture.point(lambda value: 255 if value > 150 else 0).convert("1").save(
        tiff, "TIFF", compression="group4", strip_size=2**24
    )
    with Image.open(tiff) as reread:
        start, length, photometric = reread.tag_v2[273][0], reread.tag_v2[279][0], reread.tag_v2[262]
    return pikepdf.Stream(
        pdf,
        tiff.getvalue()[start : start + length],
        Filter=pikepdf.Name.CCITTFaxDecode,
        DecodeParms=pikepdf.Dictionary(K=-1, Columns=picture.width, Rows=picture.height, BlackIs1=photometric == 1),
        BitsPerComponent=1,
    )


def _grey(pdf, picture):
    width, height = picture.size
    levels = picture.point(lambda value: min(3, (value + 42) // 85)).tobytes()
    row = -(-width // 4)
    packed = bytearray(row * height)
    for y in range(height):
        line = levels[y * width : (y + 1) * width].ljust(row * 4, b"\x03")
        packed[y * row : (y + 1) * row] = bytes(
            a << 6 | b << 4 | c << 2 | d
            for a, b, c, d in zip(line[::4], line[1::4], line[2::4], line[3::4], strict=True)
        )
    return pikepdf.Stream(pdf, zlib.compress(bytes(packed), 9), Filter=pikepdf.Name.FlateDecode, BitsPerComponent=2)
