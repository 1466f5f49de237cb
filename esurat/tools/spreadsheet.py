"""Spreadsheets to download."""

import io
import zipfile
from datetime import date, datetime, time

import xlsxwriter

# of what a spreadsheet unfolds to, in bytes
_UNFOLDED = 64 * 1024**2
# what a spreadsheet takes for the beginning of a formula
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def harmless(value):
    """Return a cell as no spreadsheet works it out: a text that looks like a formula is marked as one that is none."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def workbook(sheets):
    """Return the bytes of an XLSX file.

    :param list sheets: ``(title, columns, rows)``; columns are ``(title, width in characters)``, cells are texts,
        numbers, dates, or ``None`` and ``False`` for nothing
    """
    buffer = io.BytesIO()
    # strings stay strings: what somebody wrote never becomes a formula
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        day = book.add_format({"num_format": "dd/mm/yyyy", "valign": "top"})
        text = book.add_format({"text_wrap": True, "valign": "top"})
        number = book.add_format({"valign": "top"})
        for title, columns, rows in sheets:
            sheet = book.add_worksheet(title[:31])
            for column, (name, width) in enumerate(columns):
                sheet.set_column(column, column, width)
                sheet.write_string(0, column, name, head)
            for line, cells in enumerate(rows, start=1):
                for column, cell in enumerate(cells):
                    if isinstance(cell, date):
                        moment = cell if isinstance(cell, datetime) else datetime.combine(cell, time.min)
                        sheet.write_datetime(line, column, moment, day)
                    elif isinstance(cell, int | float) and not isinstance(cell, bool):
                        sheet.write_number(line, column, cell, number)
                    elif cell:
                        sheet.write_string(line, column, cell, text)
            sheet.freeze_panes(1, 0)
    return buffer.getvalue()


def download(record, field, name):
    """Return the action that downloads a file which *record* holds in a binary field.

    :param str field: its name
    :param str name: of the file
    """
    return {
        "type": "ir.actions.act_url",
        "url": f"/web/content/{record._name}/{record.id}/{field}/{name}?download=true",
        "target": "download",
    }


class SheetError(Exception):
    """A file that is no spreadsheet, lacks a column, or has too many rows.

    :ivar str column: the missing column, empty where the trouble is another
    :ivar bool too_long: whether it has too many rows
    """

    def __init__(self, column="", too_long=False):
        super().__init__(column)
        self.column = column
        self.too_long = too_long


def rows(content, columns, limit):
    """Read the first sheet of an XLSX file.

    :param bytes content: the file
    :param list columns: the titles that its first row has, in any order and case
    :param int limit: of rows
    :return: list of ``(number of the row as the spreadsheet counts it, {title: value})``, empty rows left out; texts
        are stripped, whole numbers are ``int``, days are ``date``
    :raises SheetError: where it cannot be read, a column is missing, or there are more rows
    """
    import openpyxl

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > _UNFOLDED:
                raise SheetError
        # values alone, read as they come: no formula is worked out, nothing is fetched
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        lines = book.worksheets[0].iter_rows(values_only=True, max_row=limit + 2, max_col=50)
        head = [str(cell or "").strip().casefold() for cell in next(lines, ())]
        table = list(enumerate(lines, start=2))
    except Exception as error:  # whatever a broken file makes the library raise
        raise SheetError from error
    if len(table) > limit:
        raise SheetError(too_long=True)
    places = {}
    for column in columns:
        if column.casefold() not in head:
            raise SheetError(column)
        places[column] = head.index(column.casefold())
    found = ((number, {name: _value(cells, place) for name, place in places.items()}) for number, cells in table)
    return [(number, row) for number, row in found if any(value not in (None, "") for value in row.values())]


def _value(cells, place):
    value = cells[place] if place < len(cells) else None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value.strip() if isinstance(value, str) else value
