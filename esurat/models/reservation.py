from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class Reservation(models.Model):
    """A number taken out of a series beforehand, for a letter that is made outside the system."""

    _name = "esurat.reservation"
    _description = "Reserved number"
    _order = "series_id, year desc, serial desc"
    _rec_name = "serial"
    _allow_sudo_commands = False

    series_id = fields.Many2one("esurat.series", required=True, ondelete="restrict", readonly=True)
    company_id = fields.Many2one(
        related="series_id.company_id", store=True, precompute=True, index=True, string="Agency"
    )
    year = fields.Integer(required=True, readonly=True)
    serial = fields.Integer(required=True, readonly=True, aggregator=None)
    reason = fields.Char(required=True)
    user_id = fields.Many2one("res.users", string="Reserved by", default=lambda self: self.env.uid, readonly=True)
    released = fields.Boolean(readonly=True, help="Given back: the next letter of the series gets it.")
    letter_ids = fields.One2many("esurat.letter", "reservation_id", string="Used by", readonly=True)
    state = fields.Selection(
        [("reserved", "Reserved"), ("released", "Released"), ("used", "Used")],
        compute="_compute_state",
        # a number is used whether the reader may see its letter or not
        compute_sudo=True,
        search="_search_state",
    )

    _serial_uniq = models.UniqueIndex("(series_id, year, serial)", "This number is reserved already.")

    @api.depends("released", "letter_ids")
    def _compute_state(self):
        for reservation in self:
            if reservation.letter_ids:
                reservation.state = "used"
            else:
                reservation.state = "released" if reservation.released else "reserved"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        used = Domain("letter_ids", "any!", Domain.TRUE)
        domains = {
            "used": used,
            "released": ~used & Domain("released", "=", True),
            "reserved": ~used & Domain("released", "=", False),
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.depends("series_id", "year", "serial")
    def _compute_display_name(self):
        for reservation in self:
            reservation.display_name = f"{reservation.series_id.name} {reservation.serial}/{reservation.year}"

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A reserved number leaves a trace: release it instead of deleting it."))

    def action_release(self):
        """Give reserved numbers back to their series, which offers them next.

        :raises UserError: where a number is used by a letter
        """
        self.check_access("read")
        if self.filtered(lambda reservation: reservation.state == "used"):
            raise UserError(self.env._("A number that a letter bears cannot be released."))
        # sudo: nobody may write reserved numbers but by reserving and releasing
        self.sudo().released = True

    @api.model
    def _reserve(self, series, year, count, reason):
        """Take the next *count* serials of *series* in *year* out of the register.

        :return: the new reservations, in order
        """
        self.check_access("read")
        series.check_access("read")
        pair = (series.id, year)
        last, _free = series._registers([pair])
        # released numbers stay for the letters of the series: a block is taken from its end, so that it is contiguous
        # sudo: a serial out of order would leave a gap, so nobody may create reservations but here
        created = self.sudo().create(
            [
                {"series_id": series.id, "year": year, "serial": last[pair] + step, "reason": reason}
                for step in range(1, count + 1)
            ]
        )
        return created.sudo(self.env.su)
