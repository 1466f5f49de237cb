from collections import defaultdict
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

# What is hashed of an entry, in this order, as one JSON array: whoever has the table can check it with SQL alone.
HASHED = (
    *(
        "previous",
        "company_id",
        "letter_uuid",
        "number",
        "date",
        "user_id",
        "user_name",
        "principal_id",
        "kind",
        "words",
    ),
    *("before", "after"),
)


def digest_of(alias):
    """Return the expression (SQL) that hashes the entry *alias*: SHA-256 of the JSON array of ``HASHED``, in hex."""
    columns = SQL(", ").join(SQL.identifier(alias, name) for name in HASHED)
    return SQL("encode(sha256(convert_to(jsonb_build_array(%s)::text, 'UTF8')), 'hex')", columns)


# What of a letter is kept before and after each act, from the tables themselves; none of it is a text of the letter
# but its subject. *l* is the letter.
SNAPSHOT = SQL(
    """
    jsonb_build_object(
        'state', l.state, 'number', l.number, 'agenda_number', l.agenda_number, 'letter_date', l.letter_date,
        'subject', l.subject, 'sender', l.sender_id, 'type', l.type_id, 'classification', l.classification_id,
        'urgency', l.urgency, 'security_class', l.security_class, 'deadline', l.deadline, 'file', (
            SELECT a.checksum FROM ir_attachment a WHERE a.id = l.message_main_attachment_id
        ),
        'text', CASE WHEN l.body IS NOT NULL THEN md5(l.body) END, 'holds', (
            SELECT jsonb_agg(jsonb_build_array(h.user_id, h.role, h.state, h.deadline) ORDER BY h.id)
              FROM esurat_holder h WHERE h.letter_id = l.id
        )
    )
    """
)


# what of it is shown: the field of the letter whose name and words it has
_SHOWN = {
    **{name: name for name in ("state", "number", "agenda_number", "letter_date", "subject", "urgency", "deadline")},
    "security_class": "security_class",
    "sender": "sender_id",
    "type": "type_id",
    "classification": "classification_id",
    "file": "message_main_attachment_id",
}


class Noted(NamedTuple):
    """One act of a transaction on its way into the trail."""

    kind: str  # of ``esurat.trail.kind``
    letter_id: int
    words: str
    principal_id: int = 0
    message_id: int = 0  # what the chatter says of it: where that was undone, so is the act
    uuid: str = ""  # of a letter that is deleted


class Trail(models.Model):
    """Everything that was done with letters, one entry after the other: who, for whom, what, when, before and after.

    Entries are added at the end of the transaction in which something was done, by one query, and never changed. Each
    carries the SHA-256 of itself and of the entry before it of the same letter, so that whatever is changed, put in
    between or taken out is found (``esurat.audit``).

    =============  ==============================  ===================================
    who            reads                           writes
    =============  ==============================  ===================================
    holder         the trail of her letters        nothing
    registrar      that of open and restricted     nothing
                   letters of her agency
    anybody else   nothing                         nothing, not even the superuser
    =============  ==============================  ===================================
    """

    _name = "esurat.trail"
    _inherit = ["esurat.kept", "esurat.said"]
    _description = "Trail"
    _order = "id desc"
    _rec_name = "words"
    _said = frozenset({"words", "before", "after", "change"})
    _log_access = False

    letter_id = fields.Many2one("esurat.letter", readonly=True, index="btree_not_null", ondelete="set null")
    letter_uuid = fields.Char(string="Letter's id", required=True, readonly=True)
    company_id = fields.Many2one("res.company", string="Agency", readonly=True, ondelete="restrict")
    number = fields.Integer(string="Entry", required=True, readonly=True, aggregator=None)
    date = fields.Datetime(required=True, readonly=True, index=True)
    user_id = fields.Many2one("res.users", string="By", required=True, readonly=True, ondelete="restrict")
    user_name = fields.Char(string="Name", readonly=True)
    principal_id = fields.Many2one("res.users", string="Acting for", readonly=True, ondelete="restrict")
    kind = fields.Selection(
        [
            ("begin", "Begun"),
            ("act", "Act"),
            ("edit", "Change"),
            ("delete", "Draft deleted"),
            ("found", "There before the trail"),
        ],
        string="Sort of entry",
        required=True,
        readonly=True,
    )
    words = fields.Text(string="What", readonly=True)
    before = fields.Json(readonly=True)
    after = fields.Json(readonly=True)
    change = fields.Text(
        string="Before and after", compute="_compute_change", help="What differs before and after, line by line."
    )
    previous = fields.Char(string="SHA-256 before", readonly=True)
    digest = fields.Char(string="SHA-256", readonly=True)

    _place_uniq = models.UniqueIndex("(letter_uuid, number)", "The trail was written twice at once. Try again.")

    @api.depends("before", "after")
    def _compute_change(self):
        for entry in self:
            before, after = entry.before or {}, entry.after or {}
            entry.change = "\n".join(
                f"{entry._label_of(name)}: {entry._shown(name, before.get(name))} → {entry._shown(name, value)}"
                for name, value in after.items()
                if name in _SHOWN and before and before.get(name) != value
            )

    def _label_of(self, name):
        """Return what *name* of a snapshot is called."""
        return self.env["esurat.letter"]._fields[_SHOWN[name]]._description_string(self.env)

    def _shown(self, name, value):
        """Return *value* of a snapshot as people read it: names for ids, words for keys, nothing of a file's digest."""
        field = self.env["esurat.letter"]._fields[_SHOWN[name]]
        if value in (None, False, ""):
            return "–"
        if name == "file":
            return value[:8]
        if field.type == "many2one":
            # sudo: what it pointed at then, for whoever reads the trail
            return self.env[field.comodel_name].sudo().browse(value).exists().display_name or str(value)
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, value)
        return str(value)

    @api.model
    def _note(self, acts):
        """Keep what was done; it is written when the transaction ends, with what came of it by then.

        :param list acts: of :class:`Noted`
        """
        precommit = self.env.cr.precommit
        if "esurat.trail" not in precommit.data:
            precommit.data["esurat.trail"] = []
            precommit.add(self.sudo()._write_noted)
        now = fields.Datetime.now()
        precommit.data["esurat.trail"] += [(now, self.env.uid, act) for act in acts]

    def _write_noted(self):
        """Write what the transaction has noted: of each letter one act after the other."""
        acts = self.env.cr.precommit.data.pop("esurat.trail", ())
        done = {act.letter_id for _now, _uid, act in acts if act.kind != "begin"}
        rounds, place = defaultdict(list), defaultdict(int)
        for now, uid, act in acts:
            if act.kind == "begin" and act.letter_id in done:
                # what it was begun for says so
                continue
            rounds[place[act.letter_id]].append((now, uid, act))
            place[act.letter_id] += 1
        self.env.flush_all()
        for noted in rounds.values():
            self._insert(noted)

    def _insert(self, noted):
        """Add one entry for each of some letters.

        :param list noted: ``(moment, user id, Noted)``, each of another letter
        """
        columns = list(zip(*((now, uid, *act) for now, uid, act in noted), strict=True))
        dates, uids, kinds, letters, words, principals, messages, uuids = map(list, columns)
        # raw SQL: what was before is read, hashed and written by the query that adds the entry, at a cost of one
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO esurat_trail (letter_id, %(names)s, digest)
                SELECT letter_id, %(columns)s, %(digest)s
                  FROM (
                    SELECT l.id AS letter_id, COALESCE(l.company_id, last.company_id) AS company_id,
                           COALESCE(last.digest, '') AS previous,
                           COALESCE(l.uuid, noted.uuid) AS letter_uuid,
                           COALESCE(last.number, 0) + 1 AS number, noted.date, noted.user_id,
                           p.name AS user_name, NULLIF(noted.principal_id, 0) AS principal_id, noted.kind, noted.words,
                           last.after AS before, CASE WHEN l.id IS NOT NULL THEN %(snapshot)s END AS after
                      FROM unnest(%(dates)s::timestamp[], %(uids)s::int[], %(kinds)s::varchar[], %(letters)s::int[],
                                  %(words)s::text[], %(principals)s::int[], %(messages)s::int[], %(uuids)s::varchar[])
                           AS noted (date, user_id, kind, letter_id, words, principal_id, message_id, uuid)
                      JOIN res_users u ON u.id = noted.user_id
                      JOIN res_partner p ON p.id = u.partner_id
                 LEFT JOIN esurat_letter l ON l.id = noted.letter_id
                 LEFT JOIN LATERAL (
                        SELECT number, digest, after, company_id FROM esurat_trail
                         WHERE letter_uuid = COALESCE(l.uuid, noted.uuid) ORDER BY number DESC LIMIT 1
                      ) last ON TRUE
                     -- what was undone in the meantime was not done
                     WHERE (l.id IS NOT NULL OR noted.kind = 'delete')
                       AND (noted.message_id = 0 OR EXISTS (SELECT FROM mail_message m WHERE m.id = noted.message_id))
                       -- a transaction that notes a draft and deletes it
                       AND COALESCE(l.uuid, noted.uuid) != ''
                  ) entry
                """,
                names=SQL(", ").join(map(SQL.identifier, HASHED)),
                columns=SQL(", ").join(SQL.identifier("entry", name) for name in HASHED),
                digest=digest_of("entry"),
                snapshot=SNAPSHOT,
                dates=dates,
                uids=uids,
                kinds=kinds,
                letters=letters,
                words=words,
                principals=principals,
                messages=messages,
                uuids=uuids,
            )
        )
        self.invalidate_model()
