from . import agenda_book, disposition_sheet, evaluation, paper_ledger, receipt
