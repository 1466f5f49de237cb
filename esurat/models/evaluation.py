from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools.misc import format_date

from ..tools.spreadsheet import download

FIRST_DAYS = 30

# What an evaluation is about, and what is given by measuring and confirming it; followers come and go.
FIXED = {
    "company_id",
    "kind",
    "date_from",
    "date_to",
    "state",
    "figures",
    "previous",
    "goals",
    "measured_date",
    "confirmed_by_id",
    "confirmed_date",
    "confirmed_name",
    "confirmed_position",
}


class Evaluation(models.Model):
    """One period of one agency, in figures: the answers that its head asked for after the first month.

    It is a draft until somebody confirms it; from then on it stays as it is, whatever becomes of the letters.

    =============  ==============================  ===========================================
    who            reads                           may
    =============  ==============================  ===========================================
    administrator  those of her agencies           make one, measure it again, confirm it,
                                                   delete a draft, name followers
    head of the    those that she follows, which   confirm it, measure it again
    agency         are all that are made
    follower       those that she follows          nothing
    =============  ==============================  ===========================================
    """

    _name = "esurat.evaluation"
    _inherit = ["esurat.agency.record", "esurat.evaluation.page", "mail.thread"]
    _description = "Evaluation"
    _order = "date_to desc, id desc"
    _mail_post_access = "read"

    kind = fields.Selection([("month", "Month"), ("first", "First 30 days")], required=True, default="month")
    date_from = fields.Date(
        string="From",
        compute="_compute_date_from",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        help="A month begins on its first day, or on the day from which on the agency uses E-Surat.",
    )
    date_to = fields.Date(string="Until", compute="_compute_date_to", store=True, precompute=True)
    state = fields.Selection(
        [("draft", "Draft"), ("confirmed", "Confirmed")], required=True, default="draft", readonly=True, copy=False
    )
    figures = fields.Json(readonly=True, copy=False, help="What ``esurat.figures`` measured.")
    previous = fields.Json(readonly=True, copy=False, help="The same of the period before, where there was one.")
    goals = fields.Json(readonly=True, copy=False, help="The goals and the morning hour of the agency.")
    measured_date = fields.Datetime(string="Measured on", readonly=True, copy=False)
    confirmed_by_id = fields.Many2one("res.users", string="Confirmed by", readonly=True, copy=False)
    confirmed_date = fields.Datetime(string="Confirmed on", readonly=True, copy=False)
    confirmed_name = fields.Char(readonly=True, copy=False)
    confirmed_position = fields.Char(readonly=True, copy=False)
    may_confirm = fields.Boolean(compute="_compute_may_confirm")

    _period_uniq = models.UniqueIndex("(company_id, kind, date_to)", "This period has its evaluation already: open it.")

    @api.depends("kind", "company_id")
    def _compute_date_from(self):
        for evaluation in self:
            company = evaluation.company_id
            if evaluation.kind == "first":
                evaluation.date_from = company._esurat_start()
            else:
                last_month = fields.Date.subtract(fields.Date.context_today(evaluation), months=1)
                evaluation.date_from = self._first_day(company, last_month)

    @api.depends("kind", "date_from")
    def _compute_date_to(self):
        for evaluation in self:
            start = evaluation.date_from
            if not start:
                evaluation.date_to = False
            elif evaluation.kind == "first":
                evaluation.date_to = start + timedelta(days=FIRST_DAYS - 1)
            else:
                evaluation.date_to = fields.Date.end_of(start, "month")

    @api.depends("company_id", "state")
    @api.depends_context("uid")
    def _compute_may_confirm(self):
        for evaluation in self:
            evaluation.may_confirm = evaluation.state == "draft" and evaluation._is_in_charge()

    @api.depends("kind", "date_from", "company_id")
    def _compute_display_name(self):
        for evaluation in self:
            period = self.env._("First 30 days") if evaluation.kind == "first" else evaluation._month_name()
            evaluation.display_name = f"{evaluation.company_id.sudo().name}: {period}"

    def _is_in_charge(self):
        """Tell whether the user administers E-Surat, or is the head of this evaluation's agency."""
        self.ensure_one()
        return (
            self.env.su
            or self.env.user.has_group("esurat.group_admin")
            or self.env.user == self.company_id._esurat_head()
        )

    # ------------------------------------------------------------
    # Making one
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        for vals in vals_list:
            self._check_given(vals.keys() - {"company_id", "kind", "date_from"})
            start = fields.Date.to_date(vals.get("date_from"))
            if start and vals.get("kind", "month") == "month":
                company = self.env["res.company"].browse(vals.get("company_id")) or self.env.company
                vals["date_from"] = self._first_day(company, start)
        evaluations = super(Evaluation, self.with_context(mail_create_nosubscribe=True, mail_create_nolog=True)).create(
            vals_list
        )
        evaluations = evaluations.with_env(self.env)
        for evaluation in evaluations:
            evaluation._check_begun()
            head = evaluation.company_id._esurat_head()
            # sudo: followers are named by whoever may write; the head follows from the start
            evaluation.sudo().message_subscribe(partner_ids=(head | self.env.user).partner_id.ids)
        evaluations._measure()
        return evaluations

    @api.model
    def _first_day(self, company, day):
        """Return the first day of the month of *day* (date) on which *company* used E-Surat."""
        first, start = day.replace(day=1), company._esurat_start()
        return max(first, start) if start and start <= fields.Date.end_of(day, "month") else first

    def _check_begun(self):
        self.ensure_one()
        if not self.company_id._esurat_start():
            raise UserError(
                self.env._("%(company)s has no letter yet: there is nothing to measure.", company=self.company_id.name)
            )
        if self.date_from > fields.Date.context_today(self):
            raise ValidationError(self.env._("The period begins in the future. Choose one that has begun."))

    def write(self, vals):
        self._check_given(vals.keys())
        return super().write(vals)

    @api.model
    def _check_given(self, names):
        """Refuse values that measuring and confirming give.

        :param set names: of fields
        """
        forbidden = names & FIXED
        if forbidden and not self.env.su:
            raise AccessError(
                self.env._(
                    "%(fields)s: set by measuring or confirming an evaluation, never directly.",
                    fields=", ".join(sorted(forbidden)),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_confirmed(self):
        if self.filtered(lambda evaluation: evaluation.state == "confirmed"):
            raise UserError(self.env._("A confirmed evaluation is kept."))

    def _measure(self):
        """Measure these drafts, and the period before each of them."""
        # sudo: figures are of the whole agency; whoever may read the evaluation reads no letters by them
        Figures = self.env["esurat.figures"].sudo()
        for evaluation in self.sudo():
            company = evaluation.company_id
            before = evaluation._period_before()
            evaluation.write(
                {
                    "figures": Figures._measure(company, evaluation.date_from, evaluation.date_to),
                    "previous": Figures._measure(company, *before) if before else False,
                    "goals": {
                        "days": company.esurat_goal_days,
                        "heads": company.esurat_goal_heads,
                        "same_day": company.esurat_goal_same_day,
                        "on_time": company.esurat_goal_on_time,
                        "morning_hour": company.esurat_morning_hour,
                    },
                    "measured_date": fields.Datetime.now(),
                }
            )

    def _period_before(self):
        """Return ``(first day, last day)`` of the month before, or ``None`` before the agency used E-Surat."""
        self.ensure_one()
        start = self.company_id._esurat_start()
        last = self.date_from.replace(day=1) - timedelta(days=1)
        if self.kind == "first" or not start or last < start:
            return None
        return max(last.replace(day=1), start), last

    # ------------------------------------------------------------
    # Acts
    # ------------------------------------------------------------

    def _check_act(self):
        """Make sure that the user may measure and confirm these evaluations.

        :raises UserError: where one of them is confirmed, or the user is not in charge of its agency
        """
        self.check_access("read")
        if self.filtered(lambda evaluation: evaluation.state != "draft"):
            raise UserError(self.env._("This evaluation is confirmed: its figures no longer change."))
        if not all(evaluation._is_in_charge() for evaluation in self):
            raise UserError(self.env._("An evaluation is confirmed by the head of the agency or by an administrator."))

    def action_measure(self):
        """Measure these drafts again, with the goals and prices of today."""
        self._check_act()
        self._measure()

    def action_confirm(self):
        """Freeze these evaluations, and send each to its followers with its PDF."""
        self._check_act()
        for evaluation in self:
            if evaluation.date_to >= evaluation.company_id._esurat_now().date():
                raise UserError(
                    self.env._(
                        "The period lasts until %(date)s: confirm it afterwards.",
                        date=format_date(self.env, evaluation.date_to),
                    )
                )
        for evaluation in self:
            post = self.env.user._esurat_posts(evaluation.company_id).get((evaluation.company_id.id, self.env.uid))
            # sudo: confirmed by this act alone, which _check_act has allowed
            evaluation.sudo().write(
                {
                    "state": "confirmed",
                    "confirmed_by_id": self.env.uid,
                    "confirmed_date": fields.Datetime.now(),
                    "confirmed_name": post.name if post else self.env.user.name,
                    "confirmed_position": post.position if post else False,
                }
            )
            evaluation._send()

    def _for_head(self):
        """Return this evaluation as the agency's head reads it: in her language."""
        self.ensure_one()
        return self.with_context(lang=self.company_id._esurat_head().lang or self.env.lang)

    def _send(self):
        """Tell the followers of this evaluation that it is confirmed, with its PDF."""
        reader = self._for_head()
        printer = reader.env["ir.actions.report"].with_context(esurat_on_screen=True)
        content, _kind = printer._render_qweb_pdf("esurat.report_evaluation", reader.ids)
        reader._tell(
            reader.env._("The evaluation is confirmed: %(name)s", name=reader.display_name),
            attachments=[(f"{reader.display_name.replace('/', '-')}.pdf", content)],
        )

    def _announce(self):
        """Tell the followers of these drafts that they wait to be confirmed."""
        for evaluation in self:
            reader = evaluation._for_head()
            reader._tell(reader.env._("%(name)s: look at it and confirm it.", name=reader.display_name))

    def _tell(self, body, attachments=None):
        self.message_post(
            body=body,
            subject=self.display_name,
            attachments=attachments,
            message_type="notification",
            subtype_xmlid="mail.mt_comment",
        )

    def action_print(self):
        """Print this evaluation."""
        return self.env.ref("esurat.report_evaluation").report_action(self)

    def action_xlsx(self):
        """Download the figures behind this evaluation as a spreadsheet."""
        self.ensure_one()
        return download(self, "xlsx", f"{self.env._('Evaluation')} {self.date_to}.xlsx")

    def action_open_paper(self):
        """Show the rows of the paper ledger behind this evaluation's sums."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("esurat.action_paper_ledger")
        return {
            **action,
            "context": {},
            "domain": [
                ("company_id", "=", self.company_id.id),
                ("date", ">=", self.date_from),
                ("date", "<=", self.date_to),
            ],
        }

    # ------------------------------------------------------------
    # Scheduled action
    # ------------------------------------------------------------

    @api.model
    def _cron_make(self):
        """Make what is due on the first working day after a period: of each month, and of the first 30 days."""
        self.env["res.company"].search([], order="id")._esurat_each(lambda company: self._make_due(company)._announce())

    @api.model
    def _make_due(self, company):
        """Make the evaluations of *company* whose period has ended and that nobody has made."""
        today, start = company._esurat_now().date(), company._esurat_start()
        if not start or not company._esurat_working_days(today, today):
            return self.browse()
        month = today.replace(day=1) - timedelta(days=1)
        periods = [("first", start, start + timedelta(days=FIRST_DAYS - 1)), ("month", month.replace(day=1), month)]
        ended = [period for period in periods if start <= period[2] < today]
        known = {
            (evaluation.kind, evaluation.date_to)
            for evaluation in self.search([("company_id", "=", company.id), ("date_to", "in", [p[2] for p in ended])])
        }
        if self.search([("company_id", "=", company.id), ("kind", "=", "first")], limit=1):
            # made once, whatever the start of use is set to afterwards
            ended = [period for period in ended if period[0] != "first"]
        return self.create(
            [
                {"company_id": company.id, "kind": kind, "date_from": first}
                for kind, first, last in ended
                if (kind, last) not in known
            ]
        )
