from . import agenda_book, disposition_sheet, receipt
