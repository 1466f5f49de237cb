from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import EsuratCase


@tagged("post_install", "-at_install")
class TestPaper(EsuratCase):
    """The paper ledger: declared rules, row by row."""

    def rows(self, user=None, **values):
        domain = [("company_id", "=", self.agency.id), *((name, "=", value) for name, value in values.items())]
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["esurat.paper.ledger"].with_user(user or self.registrar).search(domain)

    def test_each_hold_avoids_the_pages_and_the_disposition_sheet(self):
        letter = self.letter(page_count=5, medium="electronic")
        self.dispose(letter, self.head, self.chief, self.secretary)
        rows = self.rows()
        self.assertEqual(set(rows.mapped("kind")), {"hold"})
        self.assertEqual(rows.mapped("avoided"), [6, 6, 6])
        self.assertEqual(rows.user_id, self.head + self.chief + self.secretary)
        self.hold(letter, self.chief).with_user(self.head)._recall()
        self.assertEqual(len(self.rows()), 2)

    def test_paper_originals_paper_replies_and_prints_are_used(self):
        letter = self.letter(page_count=5)
        reply = self.draft(direction="outgoing", sender_id=False, page_count=2)
        reply.action_register()
        self.assertFalse(self.rows(kind="reply"))
        reply.action_send()
        report = self.env["ir.actions.report"].with_user(self.registrar).with_context(force_report_rendering=True)
        report._render_qweb_pdf("esurat.report_disposition_sheet", letter.ids)
        report._render_qweb_pdf("esurat.report_disposition_sheet_blank", (letter + letter.copy()).ids[:1])
        used = {row.kind: row.used for row in self.rows() if row.kind != "hold"}
        self.assertEqual(used, {"original": 5, "reply": 2, "print": 1})
        self.assertEqual(len(self.rows(kind="print")), 2)
        self.assertEqual(self.rows(kind="print").letter_id, letter)

    def test_money_goes_by_the_price_of_the_year_and_sheets_by_how_it_prints(self):
        self.letter(page_count=5, medium="electronic")
        row = self.rows(kind="hold")
        self.assertEqual((row.saved, row.cost), (6, 0))
        Year = self.env["esurat.paper.year"].with_user(self.admin)
        Year.create({"company_id": self.agency.id, "year": row.date.year - 3, "ream_price": 40000, "source": "a"})
        self.assertEqual(self.rows(kind="hold").cost, 6 / 500 * 40000)
        Year.create(
            {
                "company_id": self.agency.id,
                "year": row.date.year,
                "ream_price": 60000,
                "source": "b",
                "duplex": True,
            }
        )
        row = self.rows(kind="hold")
        self.assertEqual((row.saved, row.cost), (4, 4 / 500 * 60000))
        self.assertAlmostEqual(row.weight, 4 / 500 * 2.17)
        self.assertAlmostEqual(row.co2_low, 4 * 0.0042)

    def test_secret_letters_are_not_in_it(self):
        letter = self.letter(security_class="secret", page_count=5)
        self.env["ir.actions.report"].with_user(self.registrar).with_context(
            force_report_rendering=True
        )._render_qweb_pdf("esurat.report_disposition_sheet", letter.ids)
        [row] = self.rows(user=self.env.ref("base.user_root"))
        self.assertEqual((row.kind, row.letter_id.id), ("print", False))

    def test_who_reads_and_writes(self):
        self.letter()
        for user in (self.staff, self.head):
            with self.assertRaises(AccessError):
                self.rows(user=user)
        found = self.env["esurat.paper.ledger"].with_user(self.neighbour_registrar).with_company(self.neighbour_agency)
        self.assertFalse(found.search([]))
        values = {"company_id": self.agency.id, "month": "2026-06-17", "amount": 10}
        for user, allowed in ((self.registrar, False), (self.admin, True)):
            Spending = self.env["esurat.spending"].with_user(user)
            self.assertEqual(Spending.has_access("create"), allowed)
        spending = self.env["esurat.spending"].with_user(self.admin).create(values)
        self.assertEqual(str(spending.month), "2026-06-01")
        with mute_logger("odoo.addons.base.models.ir_rule"), self.assertRaises(AccessError):
            self.env["esurat.spending"].with_user(self.admin).create({**values, "company_id": self.neighbour_agency.id})
