from odoo import models

from .clearance import classes_up_to
from .selections import ACTING


class ResUsersStanding(models.Model):
    """Up to which class somebody reads, for whom she acts at this moment, and who acts for her."""

    _inherit = "res.users"

    def _esurat_standing(self):
        """Return what decides which letters this user sees at this moment.

        :return: tuple of ``(user id, security classes)``, first her own, then those of the people she acts for
        """
        if not self.id:
            return ()
        mandates = self.env["esurat.delegation"]._in_force("deputy_id", self.id)
        return (
            (self.id, classes_up_to(self.env["esurat.clearance"]._of(self.id))),
            *((mandate.principal_id, self._esurat_reads(mandate)) for mandate in mandates),
        )

    def _esurat_reads(self, mandate):
        """Return the security classes that *mandate* lets this user read: none that one of the two may not read."""
        clearance = self.env["esurat.clearance"]._of
        highest = (mandate.security_class, clearance(self.id), clearance(mandate.principal_id))
        return min(map(classes_up_to, highest), key=len)

    def _esurat_mandate(self, principal, scope, security_class):
        """Return the mandate (``delegation.Mandate``) under which this user acts for *principal* now, or ``None``.

        :param principal: ``res.users``, one
        :param str scope: a key of ``selections.SCOPES``
        :param str security_class: of the letter
        """
        found = [
            mandate
            for mandate in self.env["esurat.delegation"]._in_force("deputy_id", self.id)
            if mandate.principal_id == principal.id
            and mandate.allows(scope)
            and security_class in self._esurat_reads(mandate)
        ]
        # who acts in the post comes before who assists
        return min(found, key=lambda mandate: mandate.kind not in ACTING, default=None)

    def _esurat_deputies(self, security_class):
        """Return those who act in the posts of these users now on letters of *security_class* (``res.users``)."""
        in_force = self.env["esurat.delegation"]._in_force
        return self.browse(
            mandate.deputy_id
            for user in self
            for mandate in in_force("principal_id", user.id)
            if mandate.kind in ACTING
            and mandate.allows("dispose")
            and security_class in self.browse(mandate.deputy_id)._esurat_reads(mandate)
        )

    def _esurat_uncleared(self, security_class):
        """Return those of these users who may not read letters of *security_class*."""
        clearance = self.env["esurat.clearance"]._of
        return self.filtered(lambda user: security_class not in classes_up_to(clearance(user.id)))
