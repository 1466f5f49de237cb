import base64
import binascii
from typing import NamedTuple

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools import spreadsheet

LIMIT = 20_000  # rows of one file
SHOWN = 100  # errors that the preview lists; the others are counted

_ERROR_ROW = Markup("<tr><td>{}</td><td>{}</td><td>{}</td></tr>")
_TABLE = Markup('<table class="table table-sm"><thead><tr><th>{}</th><th>{}</th><th>{}</th></tr></thead>{}</table>')


class Fault(NamedTuple):
    """What is wrong with one cell."""

    row: int
    column: str
    text: str


class TableImport(models.AbstractModel):
    """A dialogue that takes in a spreadsheet: a template to fill, a preview with every error, then all or nothing."""

    _name = "esurat.table.import"
    _description = "Import of a spreadsheet"

    company_id = fields.Many2one(
        "res.company",
        string="Agency",
        required=True,
        default=lambda self: self.env.company,
        domain="[('id', 'in', allowed_company_ids)]",
    )
    file = fields.Binary(string="Filled template", help="XLSX, with the columns of the template.")
    file_name = fields.Char()
    template = fields.Binary(compute="_compute_template")
    preview = fields.Html(compute="_compute_preview", sanitize=False)
    ready = fields.Boolean(compute="_compute_preview")

    def _columns(self):
        """Return the columns: list of ``(key, title, width, whether it has to be filled)``."""
        raise NotImplementedError

    def _examples(self):
        """Return the rows that the template shows, each a list in the order of the columns."""
        raise NotImplementedError

    def _look(self, rows):
        """Look at *rows* without writing anything.

        :param list rows: ``(row number, {key: value})``
        :return: ``(faults, text that says what would be done)``
        """
        raise NotImplementedError

    def _take(self, rows):
        """Write *rows*, in which :meth:`_look` has found no fault. Call it as superuser."""
        raise NotImplementedError

    @api.depends_context("lang")
    def _compute_template(self):
        for dialogue in self:
            columns = [(f"{title} *" if needed else title, width) for _key, title, width, needed in self._columns()]
            content = spreadsheet.workbook([(self._description, columns, self._examples())])
            dialogue.template = base64.b64encode(content)

    @api.depends("file", "company_id")
    @api.depends_context("lang")
    def _compute_preview(self):
        for dialogue in self:
            dialogue.preview, dialogue.ready = False, False
            if not dialogue.file:
                continue
            try:
                rows = dialogue._rows()
            except UserError as error:
                dialogue.preview = Markup('<div class="text-danger">{}</div>').format(error.args[0])
                continue
            faults, summary = dialogue._check(rows)
            dialogue.ready = not faults
            dialogue.preview = dialogue._fault_table(faults) if faults else Markup("<p>{}</p>").format(summary)

    def _rows(self):
        """Return the rows of the file.

        :return: list of ``(row number, {key: value})``
        :raises UserError: where there is no file, or it cannot be read
        """
        self.ensure_one()
        if not self.file:
            raise UserError(self.env._("Choose the filled spreadsheet first."))
        titles = {key: f"{title} *" if needed else title for key, title, _width, needed in self._columns()}
        # the web client reads with the sizes of files in the place of their content
        stored = self.with_context(bin_size=False).file
        try:
            content = base64.b64decode(stored)
        except binascii.Error:
            # what no browser sends is no spreadsheet either
            content = b""
        try:
            table = spreadsheet.rows(content, titles.values(), LIMIT)
        except spreadsheet.SheetError as error:
            if error.too_long:
                message = self.env._("This file has more than %(most)s rows. Divide it.", most=LIMIT)
            elif error.column:
                message = self.env._(
                    "The column “%(column)s” is missing in the first row. Use the template and keep its first row.",
                    column=error.column,
                )
            else:
                message = self.env._("This file is no spreadsheet (XLSX). Download the template, fill it and save it.")
            raise UserError(message) from error
        if not table:
            raise UserError(self.env._("There is no row below the titles."))
        return [(number, {key: row[title] for key, title in titles.items()}) for number, row in table]

    def _check(self, rows):
        """Return ``(faults, summary)`` of *rows*: cells that are empty but have to be filled, and what a look finds."""
        titles = {key: title for key, title, _width, _needed in self._columns()}
        empty = [
            Fault(number, titles[key], self.env._("has to be filled"))
            for number, row in rows
            for key, _title, _width, needed in self._columns()
            if needed and row[key] in (None, "")
        ]
        # a spreadsheet keeps 15 digits of a number: the others of an employee number would be made up
        empty += [
            Fault(number, titles[key], self.env._("is not written as text: format the column as text, write it anew"))
            for number, row in rows
            for key, value in row.items()
            if isinstance(value, bool) or (isinstance(value, int | float) and abs(value) >= 10**15)
        ]
        blank = {fault.row for fault in empty}
        # sudo: a look compares with people and letters of the agency, which _check_right has allowed
        self._check_right()
        faults, summary = self.sudo()._look([(number, row) for number, row in rows if number not in blank])
        faults = [fault._replace(column=titles[fault.column]) for fault in faults]
        return sorted(empty + faults), summary

    def _fault_table(self, faults):
        shown = Markup("").join(_ERROR_ROW.format(*fault) for fault in faults[:SHOWN])
        table = _TABLE.format(self.env._("Row"), self.env._("Column"), self.env._("What is wrong"), shown)
        words = self.env._("%(count)s errors. Nothing has been written: mend them and choose the file again.")
        return Markup('<p class="text-danger">{}</p>{}').format(words % {"count": len(faults)}, table)

    def _check_right(self):
        """Make sure that the user administers the agency.

        :raises AccessError: otherwise
        """
        if not self.env.user._esurat_administers(self.company_id):
            raise AccessError(self.env._("Only an administrator of the agency may do this."))

    def action_import(self):
        """Take in the spreadsheet, all of it or nothing, and say what was taken in."""
        self.ensure_one()
        self._check_right()
        rows = self._rows()
        faults, summary = self._check(rows)
        if faults:
            first = faults[0]
            raise UserError(
                self.env._(
                    "Row %(row)s, %(column)s: %(text)s. Nothing has been written.",
                    row=first.row,
                    column=first.column,
                    text=first.text,
                )
            )
        # sudo: an administrator of the agency takes in its people or letters, checked above and by the look
        self.sudo()._take(rows)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "success", "message": summary, "next": {"type": "ir.actions.act_window_close"}},
        }

    def action_template(self):
        """Download the template."""
        self.ensure_one()
        return spreadsheet.download(self, "template", f"{self._name}.xlsx")
