import io

from odoo import fields, models
from odoo.exceptions import AccessError

from ..tools.paper import render_pdf
from .selections import CONFIDENTIAL


class IrActionsReport(models.Model):
    """Lets a report be printed with WeasyPrint: page numbers and repeated table heads need no patched Qt."""

    _inherit = "ir.actions.report"

    weasyprint = fields.Boolean(string="Print with WeasyPrint", help="The template is a whole page with its own style.")

    def _render_qweb_html(self, report_ref, docids, data=None):
        self._check_printable(report_ref, docids)
        return super()._render_qweb_html(report_ref, docids, data=data)

    def _render_qweb_text(self, report_ref, docids, data=None):
        self._check_printable(report_ref, docids)
        return super()._render_qweb_text(report_ref, docids, data=data)

    def _check_printable(self, report_ref, docids):
        """Make sure that the user may print these letters in this way: secret ones as PDF alone, which bears her name.

        :raises AccessError: where she may not
        """
        report = self._get_report(report_ref)
        if report.model != "esurat.letter" or self.env.su:
            return
        self._check_printer(report)
        letters = self.env["esurat.letter"].browse(docids or ())
        letters.check_access("read")
        if not self.env.context.get("esurat_as_pdf") and set(letters.mapped("security_class")) & set(CONFIDENTIAL):
            raise AccessError(self.env._("A secret letter is printed as PDF alone."))

    def _check_printer(self, report):
        if report.group_ids and not report.group_ids & self.env.user.all_group_ids:
            raise AccessError(self.env._("%(name)s is printed by others than you.", name=report.name))

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        report = self._get_report(report_ref)
        if not report.weasyprint:
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=res_ids)
        self._check_printer(report)
        records = self.env[report.model].browse(res_ids or [])
        records.check_access("read")
        html, _kind = self.with_context(esurat_as_pdf=True)._render_qweb_html(report_ref, res_ids, data=data)
        content, pages = render_pdf(html)
        if report.model == "esurat.letter":
            content = records._marked(content)
        # whatever is made to be mailed or kept is not printed
        if not self.env.context.get("esurat_on_screen"):
            self.env["esurat.printing"]._note(report.name, records, pages)
        return {False: {"stream": io.BytesIO(content), "attachment": None}}
