import os

from odoo import api, models
from odoo.tools import SQL

NAMED = 20

# What has to hold of every database, whatever happened to its server: a name, and a query that finds what breaks it.
# None of them tells what a letter says. They are raw SQL, since they ask how the tables stand, whatever the ORM thinks.
INVARIANTS = {
    "a number that is given twice": """
        SELECT series_id || '/' || year || '/' || serial FROM (
            SELECT series_id, year, serial FROM esurat_letter WHERE serial IS NOT NULL
            UNION ALL
            SELECT r.series_id, r.year, r.serial FROM esurat_reservation r
             WHERE NOT EXISTS (SELECT FROM esurat_letter l WHERE l.reservation_id = r.id AND l.serial IS NOT NULL)
        ) given GROUP BY series_id, year, serial HAVING COUNT(*) > 1
    """,
    "a series with a gap": """
        SELECT series_id || '/' || year FROM (
            SELECT series_id, year, serial FROM esurat_letter WHERE serial IS NOT NULL
            UNION SELECT series_id, year, serial FROM esurat_reservation
        ) given GROUP BY series_id, year
        HAVING MAX(serial) - MIN(serial) + 1 != COUNT(DISTINCT serial)
            -- an old register may have been taken in from the middle
            OR MIN(serial) != 1 AND NOT BOOL_OR(EXISTS (
                SELECT FROM esurat_letter l WHERE l.series_id = given.series_id AND l.from_register))
    """,
    "a registered letter without number": """
        SELECT id::text FROM esurat_letter
         WHERE state IN ('registered', 'in_progress', 'sent', 'done') AND serial IS NULL
    """,
    "an incoming letter in work that nobody holds": """
        SELECT l.id::text FROM esurat_letter l
         WHERE l.direction = 'incoming' AND l.state IN ('registered', 'in_progress') AND l.from_register IS NOT TRUE
           AND NOT EXISTS (SELECT FROM esurat_holder h WHERE h.letter_id = l.id AND h.role = 'responsible')
    """,
    "a letter under review whose turn is nobody's": """
        SELECT l.id::text FROM esurat_letter l
         WHERE l.state IN ('review', 'to_sign') AND l.signed_on_paper IS NOT TRUE
           AND NOT EXISTS (SELECT FROM esurat_holder h WHERE h.letter_id = l.id
                              AND h.role IN ('initial', 'coordinate', 'sign') AND h.state IN ('unread', 'read'))
    """,
    "an open hold on a letter that is over": """
        SELECT h.id::text FROM esurat_holder h JOIN esurat_letter l ON l.id = h.letter_id
         WHERE h.state IN ('unread', 'read')
           AND (l.state = 'cancelled' OR l.state = 'done' AND h.role = 'responsible')
    """,
    "a hold that is done at no time": """
        SELECT id::text FROM esurat_holder
         WHERE state IN ('returned', 'recalled') AND done_date IS NULL
            OR state = 'unread' AND read_date IS NOT NULL
    """,
    "a disposition that nobody got": """
        SELECT d.id::text FROM esurat_disposition d
         WHERE NOT EXISTS (SELECT FROM esurat_holder h WHERE h.disposition_id = d.id)
    """,
    "a disposition of another letter than its holds": """
        SELECT h.id::text FROM esurat_holder h
          JOIN esurat_disposition d ON d.id = h.disposition_id
          JOIN esurat_holder source ON source.id = d.source_id
         WHERE h.letter_id != d.letter_id OR source.letter_id != d.letter_id
    """,
    "a hold of another class or agency than its letter": """
        SELECT h.id::text FROM esurat_holder h JOIN esurat_letter l ON l.id = h.letter_id
         WHERE h.security_class IS DISTINCT FROM l.security_class OR h.company_id IS DISTINCT FROM l.company_id
    """,
    "a signed letter without its file": """
        SELECT l.id::text FROM esurat_letter l
         WHERE l.written_here AND l.state IN ('registered', 'sent', 'done') AND NOT EXISTS (
                SELECT FROM ir_attachment a WHERE a.id = l.message_main_attachment_id
                   AND a.res_model = 'esurat.letter' AND a.res_id = l.id)
    """,
    "a letter that is signed by half": """
        SELECT l.id::text FROM esurat_letter l
         WHERE l.written_here AND l.state IN ('registered', 'sent', 'done') AND NOT EXISTS (
                SELECT FROM esurat_signature s WHERE s.letter_id = l.id AND s.state = 'signed')
    """,
    "a letter that is sent, and to nobody": """
        SELECT l.id::text FROM esurat_letter l
         WHERE l.written_here AND l.state = 'sent' AND l.direction = 'outgoing'
           AND NOT EXISTS (SELECT FROM esurat_consignment c WHERE c.letter_id = l.id)
    """,
    "a letter that came twice with one consignment": """
        SELECT consignment_uuid FROM esurat_letter
         WHERE consignment_uuid IS NOT NULL GROUP BY consignment_uuid HAVING COUNT(*) > 1
    """,
    "a file of a letter that is not there": """
        SELECT a.id::text FROM ir_attachment a
         WHERE a.res_model = 'esurat.letter' AND NOT EXISTS (SELECT FROM esurat_letter l WHERE l.id = a.res_id)
    """,
    "a file of an annex that is not there": """
        SELECT a.id::text FROM ir_attachment a
         WHERE a.res_model = 'esurat.annex' AND NOT EXISTS (SELECT FROM esurat_annex x WHERE x.id = a.res_id)
    """,
    "a file of a version that is not there": """
        SELECT a.id::text FROM ir_attachment a
         WHERE a.res_model = 'esurat.version' AND NOT EXISTS (SELECT FROM esurat_version v WHERE v.id = a.res_id)
    """,
}
_FILES = """
    SELECT id, store_fname, file_size, checksum FROM ir_attachment
     WHERE res_model LIKE 'esurat.%' AND store_fname IS NOT NULL ORDER BY id
"""


class Integrity(models.AbstractModel):
    """What has to hold of the database and its files, after whatever fault: for operators (`./dev check`)."""

    _name = "esurat.integrity"
    _description = "Check of the database"

    @api.model
    def _broken(self, contents=False):
        """Return what does not hold, in words (list of str); nothing of what a letter says.

        :param bool contents: whether each file is read and compared with its checksum, which takes its time
        """
        self.env.flush_all()
        found = []
        for name, query in INVARIANTS.items():
            rows = self.env.execute_query(SQL(query.replace("%", "%%")))
            found += [f"{name}: {row[0]}" for row in rows[:NAMED]]
            if len(rows) > NAMED:
                found.append(f"{name}: {len(rows) - NAMED} more")
        return found + self._broken_files(contents)

    @api.model
    def _broken_files(self, contents):
        """Return the files of letters that are missing in the filestore, cut short, or, with *contents*, changed."""
        Attachment, found = self.env["ir.attachment"].sudo(), []
        for attachment_id, name, size, checksum in self.env.execute_query(SQL(_FILES.replace("%", "%%"))):
            path = Attachment._full_path(name)
            if not os.path.exists(path):
                found.append(f"a file that is missing: {attachment_id}")
            elif size is not None and os.path.getsize(path) != size:
                found.append(f"a file that is cut short: {attachment_id}")
            elif contents and Attachment._compute_checksum(Attachment._file_read(name)) != checksum:
                found.append(f"a file that was changed: {attachment_id}")
        return found
