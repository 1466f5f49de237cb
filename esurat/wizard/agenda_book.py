import base64

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.selections import DIRECTIONS
from ..tools.spreadsheet import download, workbook


class AgendaBook(models.TransientModel):
    """The dialogue that prints the agenda book (*buku agenda*) of a period, on paper or as a spreadsheet."""

    _name = "esurat.agenda.book"
    _description = "Agenda book"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        domain="[('id', 'in', allowed_company_ids)]",
    )
    direction = fields.Selection(DIRECTIONS, required=True, default="incoming")
    date_from = fields.Date(
        string="From", required=True, default=lambda self: fields.Date.context_today(self).replace(day=1)
    )
    date_to = fields.Date(string="Until", required=True, default=fields.Date.context_today)
    xlsx = fields.Binary(readonly=True)
    file_name = fields.Char(compute="_compute_file_name")

    @api.depends("direction", "date_from", "date_to")
    def _compute_file_name(self):
        for book in self:
            book.file_name = f"{self.env._('Agenda book')} {book.date_from} {book.date_to}.xlsx"

    def _letters(self):
        """Return the letters of the period in the order of their numbers, as far as the user may see them."""
        self.ensure_one()
        if self.date_from > self.date_to:
            raise UserError(self.env._("The period ends before it begins."))
        return self.env["esurat.letter"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("direction", "=", self.direction),
                ("register_date", ">=", self.date_from),
                ("register_date", "<=", self.date_to),
                ("serial", "!=", False),
            ],
            order="series_id, year, serial",
        )

    def _columns(self):
        """Return the columns of the book: ``(title, width in characters, function of a letter)``."""
        partner = "sender_id" if self.direction == "incoming" else "addressee_ids"
        columns = [
            (self.env._("Agenda number"), 16, lambda letter: letter.agenda_number),
            (self.env._("Registered on"), 20, lambda letter: letter.register_date),
        ]
        if self.direction == "incoming":
            columns += [(self.env._("Received"), 20, lambda letter: letter.received_date)]
        columns += [
            (self.env._("Dated"), 20, lambda letter: letter.letter_date),
            (self.env._("Letter number"), 24, lambda letter: letter.number),
            (
                self.env._("From") if self.direction == "incoming" else self.env._("To"),
                30,
                lambda letter: ", ".join(letter[partner].mapped("display_name")),
            ),
            (self.env._("Gist"), 48, lambda letter: letter.subject),
            (self.env._("Unit"), 24, lambda letter: letter.department_id.name or self._addressees(letter)),
            (self.env._("Remarks"), 24, self._remarks),
        ]
        return columns

    def _addressees(self, letter):
        direct = letter.holder_ids.filtered(lambda hold: hold.role == "responsible" and not hold.disposition_id)
        return ", ".join(hold.holder_position or hold.holder_name or "" for hold in direct)

    def _remarks(self, letter):
        states = dict(letter._fields["state"]._description_selection(self.env))
        return ": ".join(filter(None, (states[letter.state], letter.cancel_reason or letter.write_off_note)))

    def _rows(self):
        """Return the rows of the book: a list of texts and dates for each letter, in the order of :meth:`_columns`."""
        columns, letters = self._columns(), self.sudo()._letters().sudo(False)
        seen = letters._filtered_access("read")
        return [
            [value(letter) or "" for _title, _width, value in columns]
            if letter in seen
            # sudo: of a secret letter that the user does not see, its number alone: the book has no holes
            else [letter.sudo().agenda_number, *[""] * (len(columns) - 2), self.env._("a secret letter")]
            for letter in letters
        ]

    def action_print(self):
        """Print the book as PDF."""
        self.ensure_one()
        self._letters()
        return self.env.ref("esurat.report_agenda_book").report_action(self)

    def action_xlsx(self):
        """Download the book as a spreadsheet."""
        self.ensure_one()
        columns = [(title, width) for title, width, _value in self._columns()]
        self.xlsx = base64.b64encode(workbook([(self.env._("Agenda book"), columns, self._rows())]))
        return download(self, "xlsx", self.file_name)
