from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError, ValidationError
from odoo.tools import SQL, ormcache

from ..tools import numbering
from .selections import DIRECTIONS, SECURITY_CODES


class Register(NamedTuple):
    """Where one series stands in one year."""

    last: int  # the highest serial given or reserved
    released: set  # (serial, reservation id) of what was given back
    used: set  # ids of those reservations that a letter bears


class Series(models.Model):
    """A register (*buku agenda*) with its numbering: no gap and no double, per calendar year.

    A serial is taken under an advisory lock that lasts until the transaction ends, so that the next writer sees what
    the last one committed. A row lock or a counter row would not do: Odoo works in REPEATABLE READ, where whoever
    waited for the row fails once the winner commits.
    """

    _name = "esurat.series"
    _inherit = ["esurat.agency.record"]
    _description = "Number series"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, help="The first series that fits a letter numbers it.")
    active = fields.Boolean(default=True)
    direction = fields.Selection(DIRECTIONS, required=True, default="incoming")
    type_ids = fields.Many2many("esurat.letter.type", string="Types", help="Empty: letters of every type.")
    pattern = fields.Char(
        required=True,
        default="{serial:04d}",
        help="Tokens: {classification} {serial:04d} {unit} {type} {month_roman} {month} {year} {security}",
    )
    example = fields.Char(compute="_compute_example", help="What the pattern makes of a letter of today.")
    reservation_ids = fields.One2many("esurat.reservation", "series_id", string="Reserved numbers")

    @api.depends("pattern", "company_id")
    def _compute_example(self):
        for series in self:
            try:
                numbering.check(series.pattern or "")
            except numbering.PatternError:
                series.example = False
                continue
            series.example = numbering.render(
                series.pattern,
                {
                    "serial": 15,
                    "date": fields.Date.context_today(series),
                    "classification": "000.8.3.3",
                    "unit": series.company_id.esurat_code or "OR",
                    "type": "SD",
                    "security": "B",
                },
            )

    @api.constrains("pattern")
    def _check_pattern(self):
        for series in self:
            try:
                numbering.check(series.pattern)
            except numbering.PatternError as error:
                tokens = " ".join(f"{{{token}}}" for token in numbering.TOKENS)
                if error.token == "serial" and "{serial" not in series.pattern:
                    message = self.env._("The pattern %(pattern)s needs {serial}, for instance {serial:04d}.")
                elif error.token:
                    message = self.env._(
                        "The pattern %(pattern)s has an unknown part {%(token)s}. Known are: %(tokens)s. "
                        "Numbers may be padded, as in {serial:04d}."
                    )
                else:
                    message = self.env._("The braces in the pattern %(pattern)s do not match.")
                raise ValidationError(
                    message % {"pattern": series.pattern, "token": error.token, "tokens": tokens}
                ) from error

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: a series is used by letters, whether the administrator may see them or not
        used = self.env["esurat.letter"].sudo().search_count([("series_id", "in", self.ids)], limit=1)
        if used or self.sudo().reservation_ids:
            raise UserError(self.env._("A series that has given numbers cannot be deleted; archive it instead."))

    @api.model
    def _for_letters(self, letters):
        """Return the series of each letter, ``{letter: series}``, one that names the type before one for all types.

        :param letters: ``esurat.letter`` records of any companies and directions
        :raises UserError: where an agency has no series for such a letter
        """
        found = {}
        for letter in letters:
            series_id = self._id_for(letter.company_id.id, letter.direction, letter.type_id.id)
            if not series_id:
                raise UserError(
                    self.env._(
                        "%(company)s has no number series for this kind of letter. "
                        "Ask the administrator to add one under Configuration, Number Series.",
                        company=letter.company_id.name,
                    )
                )
            found[letter] = series_id
        # sudo: numbering follows the agency's settings, whoever registers
        series = self.sudo().browse(found.values())
        return dict(zip(found, series, strict=True))

    @api.model
    @ormcache("company_id", "direction", "type_id")
    def _id_for(self, company_id, direction, type_id):
        """Return the id of the series for such letters: one that names the type before one for all, or ``False``."""
        # sudo: numbering follows the agency's settings, whoever registers
        # the cache knows no context: archived series number nothing, whatever the caller looks at
        fitting = (
            self.sudo()
            .with_context(active_test=True)
            .search([("company_id", "=", company_id), ("direction", "=", direction)])
        )
        return (
            fitting.filtered(lambda series: type_id in series.type_ids.ids)[:1]
            or fitting.filtered(lambda series: not series.type_ids)[:1]
        ).id

    def _lock(self):
        """Hold these series until the transaction ends.

        Locks are taken in the order of their ids. A transaction that already holds a later one may not wait for an
        earlier one, since two such transactions would wait for each other: it is tried, and the request repeated if
        taken.

        :raises ConcurrencyError: the signal on which Odoo repeats the request
        """
        # cleared by the cursor at commit and rollback, as the locks are
        held = self.env.cr.cache.setdefault("esurat.series.held", set())
        wanted = sorted(set(self.ids) - held)
        if not wanted:
            return
        # raw SQL: the ORM has no advisory locks
        if not held or wanted[0] > max(held):
            self.env.execute_query(
                SQL(
                    "SELECT pg_advisory_xact_lock('esurat_series'::regclass::oid::int, id) FROM unnest(%s) AS id",
                    wanted,
                )
            )
        else:
            rows = self.env.execute_query(
                SQL(
                    "SELECT pg_try_advisory_xact_lock('esurat_series'::regclass::oid::int, id) FROM unnest(%s) AS id",
                    wanted,
                )
            )
            if not all(got for (got,) in rows):
                raise ConcurrencyError("another registration holds the series")
        held.update(wanted)

    def _take(self, wanted):
        """Return serials that are free for good, released ones first. Call it last: it locks until the commit.

        :param list wanted: a ``(series id, year)`` for each serial, in the order in which they are to be given
        :return: list of ``(serial, reservation id or False)``, one for each of *wanted*
        """
        taken = []
        if not wanted:
            return taken
        last, free = self.browse({series: None for series, _year in wanted})._registers(sorted(set(wanted)))
        for pair in wanted:
            if free[pair]:
                taken.append(free[pair].pop(0))
            else:
                last[pair] += 1
                taken.append((last[pair], False))
        return taken

    def _registers(self, pairs):
        """Lock these series and return where their registers stand.

        :param list pairs: ``(series id, year)``
        :return: ``({pair: last serial}, {pair: [(serial, reservation id)]})``, the released numbers in order
        :raises ConcurrencyError: the signal on which Odoo repeats the request
        """
        self._lock()
        own = self._registers_seen_by(self.env.cr, pairs)
        # Our snapshot may be older than the lock: a second cursor sees what was committed before we got it.
        with self.env.registry.cursor() as cr:
            committed = self._registers_seen_by(cr, pairs)
        if any(committed[pair].released - own[pair].released for pair in pairs):
            # given back meanwhile: what we do not see we cannot take
            raise ConcurrencyError("a number was given back at this moment")
        last = {pair: max(own[pair].last, committed[pair].last) for pair in pairs}
        free = {
            pair: sorted(
                (serial, reservation_id)
                for serial, reservation_id in own[pair].released
                if reservation_id not in own[pair].used | committed[pair].used
            )
            for pair in pairs
        }
        return last, free

    @api.model
    def _registers_seen_by(self, cr, pairs):
        """Return what *cr*, our own cursor or a fresh one, sees of some registers.

        :param list pairs: ``(series id, year)``
        :return: ``{pair: Register}``
        """
        if cr is self.env.cr:
            self.env["esurat.letter"].flush_model(["series_id", "year", "serial", "reservation_id"])
            self.env["esurat.reservation"].flush_model(["series_id", "year", "serial", "released"])
        # raw SQL: runs on a second cursor too, where there is no environment
        cr.execute(
            SQL(
                """
                SELECT pair.series_id, pair.year,
                       GREATEST(
                           (SELECT MAX(serial) FROM esurat_letter l
                             WHERE l.series_id = pair.series_id AND l.year = pair.year AND l.serial IS NOT NULL),
                           (SELECT MAX(serial) FROM esurat_reservation r
                             WHERE r.series_id = pair.series_id AND r.year = pair.year),
                           0),
                       ARRAY(SELECT ARRAY[r.serial, r.id] FROM esurat_reservation r
                              WHERE r.series_id = pair.series_id AND r.year = pair.year AND r.released),
                       ARRAY(SELECT l.reservation_id FROM esurat_letter l
                               JOIN esurat_reservation r ON r.id = l.reservation_id
                              WHERE r.series_id = pair.series_id AND r.year = pair.year AND r.released)
                  FROM unnest(%s::int[], %s::int[]) AS pair (series_id, year)
                """,
                [series for series, _year in pairs],
                [year for _series, year in pairs],
            )
        )
        return {
            (series, year): Register(last, {tuple(one) for one in released}, set(used))
            for series, year, last, released, used in cr.fetchall()
        }

    def _number(self, letter, serial, date):
        """Return the number that this series gives *letter* under *serial* (int) on *date*."""
        self.ensure_one()
        texts = {
            "classification": lambda: letter.classification_id.code,
            "unit": lambda: letter.department_id.esurat_code or letter.company_id.esurat_code,
            "type": lambda: letter.type_id.code,
            "security": lambda: SECURITY_CODES[letter.security_class],
        }
        # what the pattern does not name is not read
        named = {token: text() for token, text in texts.items() if f"{{{token}}}" in self.pattern}
        return numbering.render(self.pattern, {"serial": serial, "date": date, **named})
