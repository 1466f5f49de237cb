from odoo import api, fields, models, tools

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
    Administrators give clearances to the people of their agencies.
    """

    _name = "esurat.clearance"
    _description = "Clearance"
    _rec_name = "user_id"
    _order = "security_class desc, user_id"

    user_id = fields.Many2one(
        "res.users", string="Person", required=True, ondelete="cascade", domain="[('share', '=', False)]"
    )
    security_class = fields.Selection(SECURITY_CLASSES, string="Reads up to", required=True, default="secret")
    reason = fields.Char(string="By", required=True, help="The decree or the order that clears her, with its number.")

    _user_uniq = models.UniqueIndex("(user_id)", "This person has a clearance already: change it instead.")

    @api.model
    @tools.ormcache()
    def _given(self):
        """Return all clearances: ``{user id: security class}``. Cached: each access rule on letters asks for one."""
        # sudo: clearances decide on rights, whoever asks
        return {one.user_id.id: one.security_class for one in self.sudo().search([])}

    @api.model
    def _of(self, user_id):
        """Return up to which security class the user with this id may read."""
        return self._given().get(user_id, USUAL)

    @api.model_create_multi
    def create(self, vals_list):
        clearances = super().create(vals_list)
        self._forget_given()
        return clearances

    def write(self, vals):
        result = super().write(vals)
        self._forget_given()
        return result

    def unlink(self):
        result = super().unlink()
        self._forget_given()
        return result

    def _forget_given(self):
        """Let everybody ask anew what is given: now, and once it is committed, if somebody has asked in between."""
        self.env.registry.clear_cache()
        self.env.cr.postcommit.add(self.env.registry.clear_cache)
