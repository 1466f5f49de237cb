"""Spreadsheets to download."""

import io
from datetime import date, datetime, time

import xlsxwriter


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
