from datetime import date

from odoo import api, models


class AgendaBook(models.AbstractModel):
    """The agenda book of a period, with the rows and columns of its dialogue."""

    _name = "report.esurat.agenda_book"
    _description = "Agenda book"

    @api.model
    def _get_report_values(self, docids, data=None):
        books = self.env["esurat.agenda.book"].browse(docids)
        return {
            "docs": books,
            "columns": {book: book._columns() for book in books},
            "rows": {
                book: [
                    [cell.strftime("%d/%m/%Y") if isinstance(cell, date) else cell for cell in row]
                    for row in book._rows()
                ]
                for book in books
            },
            "directions": dict(books._fields["direction"]._description_selection(self.env)),
        }
