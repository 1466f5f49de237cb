from odoo import api, models


class Evaluation(models.AbstractModel):
    """The evaluation of a period, to be signed by the head of the agency."""

    _name = "report.esurat.evaluation"
    _description = "Evaluation"

    @api.model
    def _get_report_values(self, docids, data=None):
        evaluations = self.env["esurat.evaluation"].browse(docids)
        heads = {}
        for evaluation in evaluations:
            company, head = evaluation.company_id, evaluation.company_id._esurat_head()
            heads[evaluation] = head._esurat_posts(company).get((company.id, head.id))
        return {"docs": evaluations, "heads": heads}
