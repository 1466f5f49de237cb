from odoo import api, fields, models, tools
from odoo.exceptions import AccessError

from .selections import SECURITY_CLASSES

# Who has no clearance reads what is not secret.
USUAL = "restricted"


def classes_up_to(security_class):
    """Return the keys of the security classes that are at most *security_class* (a key), the lowest first."""
    keys = [key for key, _name in SECURITY_CLASSES]
    return tuple(keys[: keys.index(security_class) + 1])


class Clearance(models.Model):
    """Up to which security class somebody may read the letters that she holds.

    Nobody sees a letter by her clearance: that takes a hold. Without a clearance one reads restricted letters.
    Administrators give clearances to the people of their agencies, and never to themselves. A clearance is never
    changed: the last one that somebody was given counts, and those before it say what was true then.
    """

    _name = "esurat.clearance"
    _inherit = ["esurat.kept"]
    _description = "Clearance"
    _rec_name = "user_id"
    _order = "id desc"

    user_id = fields.Many2one(
        "res.users", string="Person", required=True, ondelete="cascade", domain="[('share', '=', False)]"
    )
    security_class = fields.Selection(SECURITY_CLASSES, string="Reads up to", required=True, default="secret")
    reason = fields.Char(string="By", required=True, help="The decree or the order that clears her, with its number.")

    counts = fields.Boolean(compute="_compute_counts", help="No later one of this person takes its place.")

    def _compute_counts(self):
        # sudo: which is the last one, whoever asks
        last = dict(self.sudo()._read_group([("user_id", "in", self.user_id.ids)], ["user_id"], ["id:max"]))
        for clearance in self:
            clearance.counts = last.get(clearance.user_id) == clearance.id

    @api.model
    @tools.ormcache()
    def _given(self):
        """Return all clearances: ``{user id: security class}``. Cached: each access rule on letters asks for one."""
        # sudo: clearances decide on rights, whoever asks
        return {one.user_id.id: one.security_class for one in self.sudo().search([], order="id")}

    @api.model
    def _of(self, user_id):
        """Return up to which security class the user with this id may read."""
        return self._given().get(user_id, USUAL)

    @api.model_create_multi
    def create(self, vals_list):
        clearances = super().create(vals_list)
        if not self.env.su and self.env.user in clearances.user_id:
            raise AccessError(self.env._("Nobody clears herself: ask another administrator."))
        self._forget_given()
        clearances._end_registering()
        clearances.user_id._esurat_forget_hidden()
        return clearances

    def _end_registering(self):
        """Who has registered secret letters sees no more of those above her clearance."""
        # sudo: what others hold
        holds = self.env["esurat.holder"].sudo()
        holds = holds.search(
            [
                ("user_id", "in", self.user_id.ids),
                ("role", "=", "author"),
                ("state", "!=", "recalled"),
                (
                    "letter_id",
                    "any",
                    [("direction", "=", "incoming"), ("state", "!=", "draft"), ("sealed", "=", False)],
                ),
            ]
        )
        holds.letter_id._release_registrars()

    def _forget_given(self):
        """Let everybody ask anew what is given: now, and once it is committed, if somebody has asked in between."""
        self.env.registry.clear_cache()
        self.env.cr.postcommit.add(self.env.registry.clear_cache)
