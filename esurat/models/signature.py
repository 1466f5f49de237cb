from datetime import timedelta

from odoo import fields, models
from odoo.fields import NO_ACCESS


class Signature(models.Model):
    """One signature on a letter: who, with what, when, and the SHA-256 of its PDF. Made by acts alone."""

    _name = "esurat.signature"
    _description = "Signature"
    _order = "letter_id, id"
    _allow_sudo_commands = False

    letter_id = fields.Many2one("esurat.letter", required=True, index=True, ondelete="restrict", readonly=True)
    company_id = fields.Many2one(related="letter_id.company_id", store=True, precompute=True, string="Agency")
    hold_id = fields.Many2one("esurat.holder", required=True, readonly=True, ondelete="restrict", index=True)
    user_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="restrict", index=True)
    provider = fields.Selection(
        [("certificate", "Own certificate"), ("bsre", "BSrE"), ("paper", "By hand, on paper")],
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        [("pending", "Waits for the scan"), ("under_way", "Under way"), ("signed", "Signed")],
        required=True,
        readonly=True,
    )
    date = fields.Datetime(string="Signed on", readonly=True)
    name = fields.Char(readonly=True)
    position = fields.Char(readonly=True)
    certificate_subject = fields.Char(readonly=True)
    certificate_issuer = fields.Char(readonly=True)
    certificate_serial = fields.Char(readonly=True)
    certificate_until = fields.Datetime(readonly=True)
    digest = fields.Char(readonly=True, help="SHA-256 of the signed PDF.")
    # of an attempt at a service: kept before it is asked, so that it is never asked twice
    ticket = fields.Char(readonly=True, groups=NO_ACCESS)
    prepared = fields.Binary(attachment=True, readonly=True, groups=NO_ACCESS)
    reservation_id = fields.Many2one("esurat.reservation", readonly=True, help="The number that the attempt took.")
    document = fields.Char(readonly=True, help="The service's own id of the signed PDF.")

    _hold_uniq = models.Constraint("UNIQUE(hold_id)", "This signature was given already.")

    def _is_given_up(self):
        """Tell whether this is an attempt of which nobody waits for an answer any more. Nothing is none."""
        # a service has two minutes to answer
        return bool(self) and (not self.ticket or self.create_date < fields.Datetime.now() - timedelta(minutes=5))
