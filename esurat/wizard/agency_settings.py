from odoo import api, fields, models
from odoo.exceptions import AccessError


class AgencySettings(models.TransientModel):
    """The settings of one agency, for its own administrator, and what is missing before it can go live.

    Odoo lets administrators of the whole system alone change a company; here the administrator of an agency changes
    what is E-Surat's of her own.
    """

    _name = "esurat.agency.settings"
    _description = "Settings of an agency"
    _rec_name = "company_id"

    company_id = fields.Many2one(
        "res.company",
        string="Agency",
        required=True,
        default=lambda self: self.env.company,
        domain="[('id', 'in', allowed_company_ids)]",
    )
    checklist = fields.Html(compute="_compute_checklist", sanitize=False)

    code = fields.Char(related="company_id.esurat_code", readonly=False)
    letterhead = fields.Text(related="company_id.esurat_letterhead", readonly=False)
    alias_name = fields.Char(related="company_id.esurat_alias_name", readonly=False)
    alias_domain = fields.Char(related="company_id.alias_domain_id.name", string="Domain of letters by e-mail")
    paper = fields.Selection(related="company_id.esurat_paper", readonly=False)
    provider = fields.Selection(related="company_id.esurat_provider", readonly=False)
    bsre_url = fields.Char(related="company_id.esurat_bsre_url", readonly=False)
    bsre_version = fields.Selection(related="company_id.esurat_bsre_version", readonly=False)
    bsre_user = fields.Char(related="company_id.esurat_bsre_user", readonly=False)
    bsre_password = fields.Char(
        string="Password at the BSrE service",
        compute="_compute_bsre_password",
        inverse="_inverse_bsre_password",
        help="Empty: the one that is set stays.",
    )
    signature_level = fields.Selection(related="company_id.esurat_signature_level", readonly=False)
    timestamp_url = fields.Char(related="company_id.esurat_timestamp_url", readonly=False)
    roots = fields.Text(related="company_id.esurat_roots", readonly=False)
    exchange_certificate = fields.Text(related="company_id.esurat_exchange_certificate")
    urgent_days = fields.Integer(related="company_id.esurat_urgent_days", readonly=False)
    very_urgent_days = fields.Integer(related="company_id.esurat_very_urgent_days", readonly=False)
    own_deputies = fields.Selection(related="company_id.esurat_own_deputies", readonly=False)
    digest = fields.Boolean(related="company_id.esurat_digest", readonly=False)
    digest_hour = fields.Float(related="company_id.esurat_digest_hour", readonly=False)
    issuer_days = fields.Integer(related="company_id.esurat_issuer_days", readonly=False)
    head_days = fields.Integer(related="company_id.esurat_head_days", readonly=False)
    morning_hour = fields.Float(related="company_id.esurat_morning_hour", readonly=False)
    start_date = fields.Date(related="company_id.esurat_start_date", readonly=False)
    goal_days = fields.Integer(related="company_id.esurat_goal_days", readonly=False)
    goal_heads = fields.Integer(related="company_id.esurat_goal_heads", readonly=False)
    goal_same_day = fields.Integer(related="company_id.esurat_goal_same_day", readonly=False)
    goal_on_time = fields.Integer(related="company_id.esurat_goal_on_time", readonly=False)

    @api.depends("company_id")
    @api.depends_context("lang", "uid")
    def _compute_checklist(self):
        for settings in self:
            settings.checklist = False
            if self.env.user._esurat_administers(settings.company_id):
                # sudo: the administrator of an agency sees who in it has no login yet, and no more
                items = self.env["esurat.checklist"].sudo()._items(settings.company_id.sudo())
                settings.checklist = self.env["ir.qweb"]._render("esurat.checklist", {"items": items})

    def _compute_bsre_password(self):
        # write-only: it is given out to nobody
        self.bsre_password = False

    def _inverse_bsre_password(self):
        for settings in self.filtered("bsre_password"):
            # sudo: as other settings; whose agency it is was checked by create and write
            settings.company_id.sudo().esurat_bsre_password = settings.bsre_password

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            company = self.env["res.company"].browse(vals.get("company_id") or self.env.company.id)
            if not self.env.user._esurat_administers(company):
                raise AccessError(self.env._("Only an administrator of the agency may change its settings."))
        # sudo: related fields write the company, of which these are E-Surat's own; whose it is was checked above
        return super(AgencySettings, self.sudo()).create(vals_list).with_env(self.env)

    def action_make_certificate(self):
        """Make the certificate with which the agency signs what it sends to other E-Surat servers."""
        self.ensure_one()
        self.check_access("write")
        if not self.env.user._esurat_administers(self.company_id):
            raise AccessError(self.env._("Only an administrator of the agency may change its settings."))
        self.company_id._esurat_make_exchange_certificate()

    def write(self, vals):
        self.check_access("write")
        if "company_id" in vals or not all(self.env.user._esurat_administers(settings.company_id) for settings in self):
            raise AccessError(self.env._("Only an administrator of the agency may change its settings."))
        # sudo: as in create
        return super(AgencySettings, self.sudo()).write(vals)
