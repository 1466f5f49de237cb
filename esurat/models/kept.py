from odoo import api, models
from odoo.exceptions import AccessError


class Kept(models.AbstractModel):
    """Records that are added and never changed, by nobody."""

    _name = "esurat.kept"
    _description = "Record that is never changed"
    _allow_sudo_commands = False

    def write(self, vals):
        self._refuse_change()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_kept(self):
        self._refuse_change()

    def _refuse_change(self):
        """Refuse a change of these records.

        :raises AccessError: always
        """
        raise AccessError(self.env._("What was done stays as it was."))
