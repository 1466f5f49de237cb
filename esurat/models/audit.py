from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL
from odoo.tools.misc import format_datetime

from .trail import SNAPSHOT, digest_of

# Entries are dated when something is done and seen when its transaction is over: what is younger is sealed next time.
SETTLED = timedelta(hours=1)
NAMED = 20


def _apart_from_reading(snapshot):
    """Return the expression (SQL) of a snapshot of a letter as it is whether people have read it or not."""
    return SQL(
        """
        regexp_replace(
            replace((%s - 'file')::text, '"in_progress"', '"registered"'),
            '"(unread|read)"|(?<="copy", )"done"', '"open"', 'g'
        )
        """,
        snapshot,
    )


def _seal(before, since, until):
    """Return the expression (SQL) of the seal on the entries from *since* to *until* (ids), and on the one *before*."""
    return SQL(
        """
        encode(sha256(convert_to(COALESCE(%s::text, '') || COALESCE((
            SELECT STRING_AGG(t.digest, '' ORDER BY t.id) FROM esurat_trail t WHERE t.id > %s AND t.id <= %s
        ), ''), 'UTF8')), 'hex')
        """,
        before,
        since,
        until,
    )


class Audit(models.Model):
    """One check of the whole trail, and its seal over what was added since the one before.

    A check finds entries that were changed, put in between or taken out; letters whose state or number is not what the
    trail says; and seals that do not hold any more. The digest of the last seal stands for everything before it: kept
    outside the database, it shows even that somebody has written the whole trail anew.

    =============  ============  =============================
    who            reads         writes
    =============  ============  =============================
    administrator  all checks    nothing; she runs them
    anybody else   nothing       nothing
    =============  ============  =============================
    """

    _name = "esurat.audit"
    _inherit = ["esurat.kept"]
    _description = "Check of the trail"
    _order = "id desc"
    _rec_name = "date"

    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one("res.users", string="By", required=True, readonly=True, default=lambda self: self.env.uid)
    since_entry = fields.Integer(string="Sealed after entry", readonly=True, aggregator=None)
    until_entry = fields.Integer(
        string="Sealed up to entry",
        readonly=True,
        aggregator=None,
        help="By the ids of the entries: whatever the clock of the server did, they go on.",
    )
    entry_count = fields.Integer(string="Entries", readonly=True, aggregator=None)
    letter_count = fields.Integer(string="Letters", readonly=True, aggregator=None)
    digest = fields.Char(string="Seal", readonly=True, help="SHA-256 of the seal before and of all entries since.")
    state = fields.Selection([("whole", "Whole"), ("broken", "Broken")], required=True, readonly=True)
    findings = fields.Text(readonly=True)

    def action_check(self):
        """Check the whole trail now and show what was found.

        :raises AccessError: for anybody but an administrator
        """
        if not self.env.user.has_group("esurat.group_admin"):
            raise AccessError(self.env._("Only an administrator of E-Surat checks the trail."))
        audit = self._check()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Check of the trail"),
            "res_model": "esurat.audit",
            "res_id": audit.id,
            "views": [(False, "form")],
        }

    @api.model
    def _cron_check(self):
        """Check the trail; administrators are told where it is broken."""
        audit = self._check()
        if audit.state == "broken":
            admins = self.env.ref("esurat.group_admin").all_user_ids
            self.env["mail.thread"].message_notify(
                partner_ids=admins.partner_id.ids,
                subject=self.env._("E-Surat: the trail is broken"),
                body=self.env._("The check of the trail has found something. Look under Configuration, Checks."),
            )

    @api.model
    def _check(self):
        """Check the trail and seal what was added.

        :return: the new ``esurat.audit``
        """
        self.env.cr.flush()
        findings = self._findings()
        last = self.sudo().search([], limit=1)
        settled = fields.Datetime.now() - SETTLED
        [[until]] = self.env.execute_query(
            SQL("SELECT COALESCE(MAX(id), 0) FROM esurat_trail WHERE date <= %s", settled)
        )
        until = max(until, last.until_entry)
        [[digest]] = self.env.execute_query(SQL("SELECT %s", _seal(last.digest or "", last.until_entry, until)))
        [[entries, letters]] = self.env.execute_query(
            SQL("SELECT COUNT(*), COUNT(DISTINCT letter_uuid) FROM esurat_trail")
        )
        # sudo: checks are kept by checking alone
        return (
            self.sudo()
            .create(
                {
                    "since_entry": last.until_entry,
                    "until_entry": until,
                    "entry_count": entries,
                    "letter_count": letters,
                    # where nothing is old enough, there is nothing to be written down
                    "digest": digest if until else False,
                    "state": "broken" if findings else "whole",
                    "findings": "\n".join(findings),
                }
            )
            .with_env(self.env)
        )

    @api.model
    def _findings(self):
        """Return what is wrong with the trail, in words (list of str), nothing of what a letter says."""
        # raw SQL: every entry is hashed where it lies; of a million the ORM would read each
        broken = self.env.execute_query(
            SQL(
                """
                SELECT id, letter_uuid, number FROM (
                    SELECT id, letter_id, letter_uuid, number, previous, digest, %(right)s AS right_digest,
                           LAG(digest) OVER letter AS before_digest, ROW_NUMBER() OVER letter AS place
                      FROM esurat_trail trail WINDOW letter AS (PARTITION BY letter_uuid ORDER BY number)
                ) entry
                WHERE digest IS DISTINCT FROM right_digest OR previous IS DISTINCT FROM COALESCE(before_digest, '')
                   OR number != place OR EXISTS (
                        SELECT FROM esurat_letter l WHERE l.id = entry.letter_id AND l.uuid != entry.letter_uuid)
                ORDER BY id
                """,
                right=digest_of("trail"),
            )
        )
        # Reading is no act: it begins a letter, and ends copies. Nor is a draft's file, which Odoo chooses by itself.
        differing = self.env.execute_query(
            SQL(
                """
                SELECT l.id, l.uuid FROM esurat_letter l
                LEFT JOIN LATERAL (
                    SELECT after FROM esurat_trail WHERE letter_uuid = l.uuid ORDER BY number DESC LIMIT 1
                ) last ON TRUE
                WHERE last.after IS NULL OR %(then)s IS DISTINCT FROM %(now)s
                ORDER BY l.id
                """,
                then=_apart_from_reading(SQL("last.after")),
                now=_apart_from_reading(SNAPSHOT),
            )
        )
        findings = [
            self.env._(
                "Entry %(number)s of letter %(letter)s was changed, or what came before it is missing.",
                number=number,
                letter=uuid,
            )
            for _id, uuid, number in broken[:NAMED]
        ]
        findings += [
            self.env._(
                "Letter %(letter)s is not what the trail says: somebody has changed it in the database.", letter=uuid
            )
            for _id, uuid in differing[:NAMED]
        ]
        # the first that does not hold says enough: those after it stand on it
        unsealed = self.env.execute_query(
            SQL(
                """
                SELECT date FROM (
                    SELECT *, LAG(digest) OVER (ORDER BY id) AS before FROM esurat_audit
                ) audit
                WHERE until_entry > 0 AND digest IS DISTINCT FROM %s
                ORDER BY id LIMIT 1
                """,
                _seal(SQL("audit.before"), SQL("audit.since_entry"), SQL("audit.until_entry")),
            )
        )
        findings += [
            self.env._(
                "The seal of %s does not hold: entries were taken out or put in.", format_datetime(self.env, date)
            )
            for (date,) in unsealed
        ]
        more = max(0, len(broken) - NAMED) + max(0, len(differing) - NAMED)
        if more:
            findings.append(self.env._("And %s more.", more))
        return findings
