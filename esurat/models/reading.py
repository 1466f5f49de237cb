from psycopg2.errors import ReadOnlySqlTransaction

from odoo import api, fields, models
from odoo.http import request
from odoo.tools import SQL

from .selections import CONFIDENTIAL


class Reading(models.Model):
    """Somebody has read, downloaded, printed or given out a secret letter: who, for whom, when, and from where.

    What is read again within a minute counts once: a web client asks for a letter several times to show it.

    =============  =============================================  =============
    who            reads                                          writes
    =============  =============================================  =============
    holder         who has read the letters that she holds        nothing
    anybody else   nothing                                        nothing
    =============  =============================================  =============
    """

    _name = "esurat.reading"
    _inherit = ["esurat.kept"]
    _description = "Reading of a secret letter"
    _order = "date desc, id desc"
    _rec_name = "user_id"
    _log_access = False

    letter_id = fields.Many2one("esurat.letter", readonly=True, index=True, ondelete="set null")
    letter_uuid = fields.Char(string="Letter's id", readonly=True, help="Of a deleted draft, too.")
    company_id = fields.Many2one(related="letter_id.company_id", string="Agency")
    user_id = fields.Many2one("res.users", string="Read by", required=True, readonly=True, ondelete="restrict")
    principal_id = fields.Many2one("res.users", string="Acting for", readonly=True, ondelete="restrict")
    date = fields.Datetime(required=True, readonly=True)
    kind = fields.Selection(
        [("read", "Read"), ("file", "File opened"), ("print", "Printed"), ("export", "Given out")],
        string="What was done",
        required=True,
        readonly=True,
    )
    origin = fields.Char(string="From", readonly=True, help="Address of the device, as the server sees it.")

    @api.model
    def _note(self, letters, kind):
        """Note that the user reads those of *letters* that are secret.

        :param letters: ``esurat.letter``
        :param str kind: a key of ``kind``
        """
        # sudo: how secret they are, and who holds them
        secret = letters.sudo().filtered(lambda letter: letter.id and letter.security_class in CONFIDENTIAL)
        if not secret:
            return
        if self.env.cr.readonly:
            # Odoo repeats the request with a cursor that writes
            raise ReadOnlySqlTransaction("who reads a secret letter is noted")
        origin = request.httprequest.remote_addr if request else ""
        # raw SQL: what was noted within a minute is looked for by the query that notes it
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO esurat_reading (letter_id, letter_uuid, user_id, principal_id, date, kind, origin)
                SELECT noted.letter_id, noted.uuid, %(user)s, NULLIF(noted.principal_id, 0), %(now)s, %(kind)s,
                       %(origin)s
                  FROM unnest(%(letters)s::int[], %(uuids)s::varchar[], %(principals)s::int[])
                       AS noted (letter_id, uuid, principal_id)
                 WHERE NOT EXISTS (
                        SELECT FROM esurat_reading r
                         WHERE r.letter_id = noted.letter_id AND r.user_id = %(user)s AND r.kind = %(kind)s
                           AND r.origin = %(origin)s AND r.date > %(now)s::timestamp - INTERVAL '1 minute'
                       )
                """,
                user=self.env.uid,
                now=fields.Datetime.now(),
                kind=kind,
                origin=origin,
                letters=secret.ids,
                uuids=secret.mapped("uuid"),
                principals=[letter._read_for().id or 0 for letter in secret],
            )
        )
