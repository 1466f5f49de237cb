from datetime import datetime
from typing import NamedTuple

import pytz

from odoo import api, fields, models, tools
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools.misc import format_datetime

from .clearance import classes_up_to
from .selections import ACTING, KINDS, SCOPES, SECURITY_CLASSES

_WEIGHT = {key: weight for weight, (key, _name) in enumerate(SCOPES)}

# What the head of a unit may arrange herself, by the choice of the agency.
ARRANGED = {"none": (), "assistant": ("assistant",), "daily": ("assistant", "daily_acting")}


class Mandate(NamedTuple):
    """What one delegation gives, as the access rules use it."""

    company_id: int
    principal_id: int
    deputy_id: int
    kind: str
    scope: str
    security_class: str
    begins: datetime
    ends: datetime

    def allows(self, scope):
        """Tell whether *scope* (a key of ``SCOPES``) is given."""
        return _WEIGHT[self.scope] >= _WEIGHT[scope]


class Delegation(models.Model):
    """Who acts for whom, from when to when, and for what.

    It begins and ends by itself: rules and acts compare its times with the moment in which they are asked, and no
    scheduled action has to run. A deputy acts on the letters of her principal alone, never on those of whomever the
    principal acts for.
    """

    _name = "esurat.delegation"
    _inherit = ["esurat.agency.record"]
    _description = "Delegation"
    _order = "date_from desc, id desc"
    _rec_name = "deputy_id"

    principal_id = fields.Many2one(
        "res.users",
        string="In the place of",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('employee_ids.company_id', '=', company_id)]",
    )
    deputy_id = fields.Many2one(
        "res.users",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('share', '=', False), ('employee_ids.company_id', '=', company_id), ('id', '!=', principal_id)]",
    )
    kind = fields.Selection(KINDS, string="As", required=True, default="daily_acting")
    scope = fields.Selection(SCOPES, string="May", required=True, default="dispose")
    security_class = fields.Selection(SECURITY_CLASSES, string="Letters up to", required=True, default="restricted")
    date_from = fields.Datetime(string="From", required=True, default=fields.Datetime.now)
    date_to = fields.Datetime(string="Until", required=True)
    decree = fields.Char(help="Number of the letter that appoints the deputy (SPRIN, SK).")
    state = fields.Selection(
        [("coming", "To come"), ("in_force", "In force"), ("over", "Over")], compute="_compute_state"
    )
    period = fields.Char(compute="_compute_period", help="From when to when, in the time zone of the agency.")

    _period_valid = models.Constraint("CHECK(date_from <= date_to)", "A delegation ends after it has begun.")
    _not_oneself = models.Constraint("CHECK(principal_id != deputy_id)", "Nobody is her own deputy.")

    @api.depends("date_from", "date_to")
    def _compute_state(self):
        now = fields.Datetime.now()
        for delegation in self:
            begun = (delegation.date_from or now) <= now
            over = delegation.date_to and delegation.date_to <= now
            delegation.state = "over" if over else "in_force" if begun else "coming"

    @api.depends("date_from", "date_to", "company_id")
    @api.depends_context("lang")
    def _compute_period(self):
        for delegation in self:
            zone = delegation.company_id._esurat_timezone()
            moments = [
                format_datetime(self.env, moment, tz=zone.zone, dt_format="d MMM y HH:mm")
                for moment in (delegation.date_from, delegation.date_to)
                if moment
            ]
            offset = pytz.utc.localize(delegation.date_from or fields.Datetime.now()).astimezone(zone).strftime("%Z")
            delegation.period = f"{' – '.join(moments)} {offset}"

    @api.depends("kind", "principal_id", "deputy_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for delegation in self:
            delegation.display_name = self.env._(
                "%(deputy)s for %(principal)s, %(kind)s",
                deputy=delegation.deputy_id.sudo().name or "",
                principal=delegation.principal_id.sudo().name or "",
                kind=kinds.get(delegation.kind, ""),
            )

    # ------------------------------------------------------------
    # What it may be
    # ------------------------------------------------------------

    @api.constrains("kind", "scope", "decree")
    def _check_kind(self):
        for delegation in self:
            if delegation.scope == "sign" and delegation.kind not in ACTING:
                raise ValidationError(self.env._("Only who acts in a post (Plt. or Plh.) initials and signs for it."))
            if delegation.kind in ACTING and not (delegation.decree or "").strip():
                raise ValidationError(self.env._("Give the number of the letter that appoints the Plt. or Plh."))

    @api.constrains("principal_id", "deputy_id", "security_class", "company_id")
    def _check_people(self):
        Clearance = self.env["esurat.clearance"]
        for delegation in self:
            people = delegation.principal_id + delegation.deputy_id
            people._esurat_check_workers(delegation.company_id, people._esurat_posts(delegation.company_id))
            for user in people:
                if delegation.security_class not in classes_up_to(Clearance._of(user.id)):
                    raise ValidationError(
                        self.env._(
                            "%(name)s has no clearance for letters of this class. Choose a lower class, or let an "
                            "administrator give the clearance first.",
                            name=user._esurat_names(),
                        )
                    )

    @api.constrains("principal_id", "kind", "date_from", "date_to", "company_id")
    def _check_overlap(self):
        for delegation in self.filtered(lambda one: one.kind in ACTING):
            other = self.search(
                [
                    ("id", "!=", delegation.id),
                    ("principal_id", "=", delegation.principal_id.id),
                    ("company_id", "=", delegation.company_id.id),
                    ("kind", "in", ACTING),
                    ("date_from", "<", delegation.date_to),
                    ("date_to", ">", delegation.date_from),
                ],
                limit=1,
            )
            if other:
                raise ValidationError(
                    self.env._(
                        "%(name)s acts in this post at that time already (%(period)s). Only one can.",
                        name=other.deputy_id._esurat_names(),
                        period=other.period,
                    )
                )

    def _check_appoints(self):
        """Make sure that the user may appoint these deputies: administrators of the agency others, and whoever is
        represented herself, as far as the agency allows it.

        :raises AccessError: where she may not
        """
        if self.env.su:
            return
        for delegation in self:
            if delegation.deputy_id == self.env.user:
                raise AccessError(self.env._("Nobody appoints herself: ask another administrator."))
            if self.env.user._esurat_administers(delegation.company_id):
                continue
            # sudo: what the agency has chosen
            allowed = ARRANGED[delegation.company_id.sudo().esurat_own_deputies]
            if delegation.principal_id != self.env.user or delegation.kind not in allowed:
                raise AccessError(
                    self.env._("You cannot appoint this deputy yourself: ask the administrator of E-Surat.")
                )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        delegations = super().create(vals_list)
        delegations._check_appoints()
        self.env["esurat.clearance"]._forget_given()
        return delegations

    def write(self, vals):
        self._check_appoints()
        now = fields.Datetime.now()
        begun = self.filtered(lambda one: one.date_from <= now)
        try:
            until = fields.Datetime.to_datetime(vals.get("date_to"))
        except (TypeError, ValueError) as error:
            raise ValidationError(self.env._("This is no moment.")) from error
        if begun and (vals.keys() - {"date_to"} or until and until < now.replace(second=0)):
            raise UserError(
                self.env._("What has been done under a delegation stays as it was: end it, and make another one.")
            )
        if self.filtered(lambda one: one.date_to <= now):
            raise UserError(self.env._("This delegation is over. Make another one."))
        result = super().write(vals)
        self._check_appoints()
        self.env["esurat.clearance"]._forget_given()
        return result

    def unlink(self):
        result = super().unlink()
        self.env["esurat.clearance"]._forget_given()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_begun(self):
        self._check_appoints()
        now = fields.Datetime.now()
        if self.filtered(lambda one: one.date_from <= now):
            raise UserError(self.env._("A delegation that has begun is not deleted: end it."))

    def action_end(self):
        """End these delegations now; those to come never begin. Either of the two may, and administrators.

        :raises AccessError: for anybody else
        """
        now = fields.Datetime.now()
        for delegation in self:
            if self.env.user not in delegation.principal_id + delegation.deputy_id:
                delegation._check_appoints()
        # sudo: whoever acts for somebody may give it back, and whoever is represented take it back
        coming = self.sudo().filtered(lambda one: one.date_from > now)
        (self.sudo() - coming).filtered(lambda one: one.date_to > now).write({"date_to": now})
        coming.unlink()

    @api.autovacuum
    def _gc_notifications(self):
        """Withdraw what deputies were told while they acted for somebody: it counts as unread, and opens no more."""
        now = fields.Datetime.now()
        over = [("date_to", "<=", now), ("date_to", ">", fields.Datetime.subtract(now, days=7))]
        self.search(over).deputy_id._esurat_forget_hidden()

    # ------------------------------------------------------------
    # What it gives
    # ------------------------------------------------------------

    @api.model
    @tools.ormcache()
    def _mandates(self):
        """Return the mandates that are not over, by whom they concern: ``{(field, user id): [Mandate]}``.

        Cached, since each access rule on letters asks for them; how long they last is asked by :meth:`_in_force`.
        """
        # sudo: who acts for whom decides on rights, whoever asks
        found = self.sudo().search([("date_to", ">", fields.Datetime.now())], order="id")
        mandates = {}
        for one in found:
            people = one.principal_id.id, one.deputy_id.id
            mandate = Mandate(
                one.company_id.id, *people, one.kind, one.scope, one.security_class, one.date_from, one.date_to
            )
            for field, user_id in zip(("principal_id", "deputy_id"), people, strict=True):
                mandates.setdefault((field, user_id), []).append(mandate)
        return mandates

    @api.model
    def _in_force(self, field, user_id):
        """Return the mandates (list of :class:`Mandate`) of one user at this moment.

        :param str field: ``deputy_id``: those that she has; ``principal_id``: those that others have from her
        """
        mandates = self._mandates().get((field, user_id), ())
        now = fields.Datetime.now() if mandates else None
        return [one for one in mandates if one.begins <= now < one.ends]
