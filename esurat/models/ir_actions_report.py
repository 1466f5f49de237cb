import io

from odoo import fields, models
from odoo.exceptions import AccessError

from ..tools.paper import render_pdf


class IrActionsReport(models.Model):
    """Lets a report be printed with WeasyPrint: page numbers and repeated table heads need no patched Qt."""

    _inherit = "ir.actions.report"

    weasyprint = fields.Boolean(string="Print with WeasyPrint", help="The template is a whole page with its own style.")

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        report = self._get_report(report_ref)
        if not report.weasyprint:
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=res_ids)
        if report.group_ids and not report.group_ids & self.env.user.all_group_ids:
            raise AccessError(self.env._("%(name)s is printed by others than you.", name=report.name))
        records = self.env[report.model].browse(res_ids or [])
        records.check_access("read")
        html, _kind = self._render_qweb_html(report_ref, res_ids, data=data)
        content, pages = render_pdf(html)
        if report.model == "esurat.letter":
            content = records._marked(content)
        # whatever is made to be mailed or kept is not printed
        if not self.env.context.get("esurat_on_screen"):
            self.env["esurat.printing"]._note(report.name, records, pages)
        return {False: {"stream": io.BytesIO(content), "attachment": None}}
