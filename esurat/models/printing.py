from odoo import api, fields, models

from .selections import CONFIDENTIAL


class Printing(models.Model):
    """One print of what E-Surat prints: paper that was used.

    Every PDF that is made to be printed counts once, whether it reached a printer or not.

    =============  ===============================
    who            reads
    =============  ===============================
    registrar      the prints of her agencies
    anybody else   nothing
    =============  ===============================
    """

    _name = "esurat.printing"
    _description = "Print"
    _order = "create_date desc, id desc"

    name = fields.Char(string="Printed matter", required=True, readonly=True)
    company_id = fields.Many2one("res.company", string="Agency", required=True, readonly=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", string="Printed by", required=True, readonly=True, ondelete="restrict")
    letter_id = fields.Many2one(
        "esurat.letter",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="Where a single letter was printed, and it is not secret.",
    )
    page_count = fields.Integer(string="Pages", required=True, readonly=True)

    _agency_idx = models.Index("(company_id, create_date)")

    @api.model
    def _note(self, name, records, pages):
        """Note that the user has printed.

        :param str name: of the printed matter
        :param records: what was printed, of a model with a ``company_id``, all of one agency or of the user's own
        :param int pages: of the PDF
        """
        agency = records.company_id if len(records.company_id) == 1 else self.env.company
        letter = records if records._name == "esurat.letter" and len(records) == 1 else self.env["esurat.letter"]
        # sudo: prints are noted by printing alone
        self.sudo().create(
            {
                "name": name,
                "company_id": agency.id,
                "user_id": self.env.uid,
                "letter_id": letter.id if letter.security_class not in CONFIDENTIAL else False,
                "page_count": pages,
            }
        )
