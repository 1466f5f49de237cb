"""Fills a database with letters, holds and what comes with them, and with as much for the peers, in plain SQL.

One temporary table says of each letter who holds it and how far it is; what belongs to letters is inserted from it, so
that the tasks and requests of the peers have the same people, dates and states as the letters. Five years of letters;
of each hundred, 5 (the latest) are open, 2 are of the neighbour agency, 10 are outgoing, 2 are secret. Six in ten go to
head, who has passed them on long ago: only the latest letters wait for him, the same number however large the table.
"""

from bench.people import HEAD

# What waits for the head. It does not grow with the table: nobody can have more than a few hundred letters on the desk.
ON_DESK = 200

PLAN = """
CREATE TEMPORARY TABLE plan ON COMMIT DROP AS
WITH users AS (
    SELECT array_agg(u.id ORDER BY u.id) FILTER (WHERE login = %(head)s) AS head,
           array_agg(u.id ORDER BY u.id) FILTER (WHERE login ~ '^bench_(chief|leader)_') AS managers,
           array_agg(u.id ORDER BY u.id) FILTER (WHERE login ~ '^bench_staff_') AS staff,
           array_agg(u.id ORDER BY u.id) FILTER (WHERE login ~ '^bench_neighbour_') AS neighbours
      FROM res_users u
), drawn AS (
    SELECT i, i %% 50 = 0 AS foreign_one, i %% 10 = 9 AS outgoing,
           i > %(letters)s - %(letters)s / 20 AS open,
           i > %(letters)s - %(desk)s AND i %% 50 != 0 AND i %% 10 != 9 AS fresh,
           CURRENT_DATE - ((%(letters)s - i) * 1825 / %(letters)s)::int AS day,
           -- a scattered number that is the same in each run
           hashint8(i)::bigint + 2147483648 AS h
      FROM generate_series(1, %(letters)s::bigint) AS i
)
SELECT d.*, EXTRACT(year FROM day)::int AS year,
       CASE WHEN foreign_one THEN neighbours[1 + h %% 5]
            WHEN fresh THEN head[1]
            WHEN NOT open AND NOT outgoing AND h %% 100 < 70 THEN head[1]
            ELSE managers[1 + h %% array_length(managers, 1)] END AS first,
       CASE WHEN foreign_one THEN neighbours[6 + h %% 5] ELSE staff[1 + h %% array_length(staff, 1)] END AS second,
       CASE WHEN foreign_one THEN neighbours[11 + h %% 5]
            ELSE staff[1 + (h + 1 + (h / 1000) %% 900) %% array_length(staff, 1)] END AS third
  FROM drawn d, users
"""

UNITS = """
CREATE TEMPORARY TABLE units ON COMMIT DROP AS
SELECT e.user_id, v.department_id
  FROM hr_employee e JOIN hr_version v ON v.id = e.current_version_id
 WHERE e.user_id IS NOT NULL
"""

FACTS = """
CREATE TEMPORARY TABLE facts ON COMMIT DROP AS
SELECT p.*, company.id AS company_id, series.id AS series_id, type.id AS type_id, sender.id AS sender_id,
       row_number() OVER (PARTITION BY series.id, p.year ORDER BY i) AS serial,
       CASE WHEN h % 100 < 3 THEN '2' WHEN h % 100 < 13 THEN '1' ELSE '0' END AS urgency,
       CASE WHEN h % 50 = 7 THEN 'secret' WHEN h % 20 = 3 THEN 'restricted' ELSE 'open' END AS security_class,
       format('%s %s %s tahun %s nomor %s',
              (ARRAY['Undangan', 'Permintaan', 'Penyampaian', 'Laporan', 'Pemberitahuan', 'Usulan'])[1 + h % 6],
              (ARRAY['rapat koordinasi', 'data pegawai', 'hasil pengawasan', 'bantuan sosial', 'perbaikan jalan',
                     'kegiatan pelatihan', 'pengadaan barang', 'kunjungan kerja', 'penataan arsip',
                     'evaluasi kinerja'])[1 + (h / 7) % 10],
              (ARRAY['Kecamatan Utara', 'Kecamatan Selatan', 'Kecamatan Timur', 'Kecamatan Barat', 'Kota Lama',
                     'Kota Baru', 'Pesisir', 'Pegunungan', 'Lembah', 'Kepulauan'])[1 + (h / 71) % 10],
              p.year, i) AS subject,
       format('%s/%s/DB/%s', (h / 13) % 900 + 100, i, p.year) AS number
  FROM plan p
  JOIN (SELECT id, row_number() OVER (ORDER BY id) AS n FROM res_company) company ON company.n = 1 + p.foreign_one::int
  JOIN esurat_series series ON series.company_id = company.id
                           AND series.direction = CASE WHEN p.outgoing THEN 'outgoing' ELSE 'incoming' END
  JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n, COUNT(*) OVER () AS total FROM esurat_letter_type) type
    ON type.n = p.h % type.total
  JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n, COUNT(*) OVER () AS total
          FROM res_partner WHERE ref LIKE 'bench%') sender
    ON sender.n = (p.h / 3) % sender.total
"""

LETTERS = [
    # everybody reads what she holds
    """
    INSERT INTO esurat_clearance (user_id, security_class, reason, create_uid, create_date)
    SELECT DISTINCT user_id, 'top_secret', 'Uji', 1, now() FROM units
    """,
    """
    INSERT INTO ir_attachment (id, res_model, res_id, name, type, mimetype, file_size, checksum, store_fname,
                               company_id, create_uid, create_date)
    SELECT %(attachment)s + i, 'esurat.letter', %(letter)s + i, 'scan.pdf', 'binary', 'application/pdf', 100000,
           sha.one, left(sha.one, 2) || '/' || sha.one, company_id, 1, day
      FROM facts, LATERAL (SELECT md5(i::text) || left(md5(h::text), 8) AS one) sha
    """,
    """
    INSERT INTO esurat_letter (id, direction, state, company_id, type_id, urgency, security_class, subject, number,
                               letter_date, received_date, deadline, sender_id, page_count, medium, uuid, register_date,
                               series_id, year, serial, agenda_number, message_main_attachment_id,
                               write_off_kind, write_off_date, create_uid, write_uid, create_date, write_date)
    SELECT %(letter)s + i, CASE WHEN outgoing THEN 'outgoing' ELSE 'incoming' END,
           CASE WHEN outgoing THEN 'sent' WHEN fresh THEN 'registered' WHEN open THEN 'in_progress' ELSE 'done' END,
           company_id, type_id, urgency, security_class, subject, number, day - 3, day,
           CASE WHEN NOT outgoing THEN day + 7 END, CASE WHEN NOT outgoing THEN sender_id END, 1 + h %% 5, 'paper',
           gen_random_uuid()::text, day, series_id, year, serial, to_char(serial, 'FM00000'), %(attachment)s + i,
           CASE WHEN NOT open AND NOT outgoing THEN 'followed_up' END,
           CASE WHEN NOT open AND NOT outgoing THEN day + 6 END,
           1, 1, day, day
      FROM facts
    """,
    """
    INSERT INTO esurat_letter_res_users_rel (esurat_letter_id, res_users_id)
    SELECT %(letter)s + i, first FROM facts WHERE NOT outgoing
    """,
    """
    INSERT INTO esurat_holder (id, letter_id, user_id, role, state, issuer_id, holder_name, holder_position,
                               department_id, company_id, type_id, urgency, security_class, deadline, read_date,
                               done_date, create_uid, create_date)
    SELECT %(holder)s + i, %(letter)s + i, first, CASE WHEN outgoing THEN 'author' ELSE 'responsible' END,
           CASE WHEN NOT fresh THEN 'done' WHEN h %% 2 = 0 THEN 'unread' ELSE 'read' END,
           1, 'Pejabat', 'Kepala', units.department_id, company_id, type_id, urgency, security_class,
           CASE WHEN NOT outgoing THEN day + 7 END,
           CASE WHEN NOT fresh OR h %% 2 = 1 THEN day + 1 END, CASE WHEN NOT fresh THEN day + 1 END, 1, day
      FROM facts LEFT JOIN units ON units.user_id = first
    """,
    """
    INSERT INTO esurat_disposition (id, letter_id, company_id, source_id, issuer_id, issuer_name, issuer_position, note,
                                    deadline, create_uid, create_date)
    SELECT %(disposition)s + i, %(letter)s + i, company_id, %(holder)s + i, first, 'Pejabat', 'Kepala', 'Segera',
           day + 7, first, day
      FROM facts WHERE NOT fresh
    """,
    """
    INSERT INTO esurat_disposition_esurat_instruction_rel (esurat_disposition_id, esurat_instruction_id)
    SELECT %(disposition)s + i, instruction.id
      FROM facts, (SELECT min(id) AS id FROM esurat_instruction WHERE requires_action) instruction WHERE NOT fresh
    """,
    """
    INSERT INTO esurat_holder (letter_id, user_id, role, state, disposition_id, parent_id, issuer_id, holder_name,
                               holder_position, department_id, company_id, type_id, urgency, security_class, deadline,
                               read_date, done_date, response, create_uid, create_date)
    SELECT %(letter)s + i, hold.user_id, hold.role, hold.state,
           CASE WHEN NOT fresh THEN %(disposition)s + i END, CASE WHEN NOT fresh THEN %(holder)s + i END,
           CASE WHEN NOT fresh THEN first END, 'Pegawai', 'Pelaksana', units.department_id, company_id, type_id,
           urgency, security_class,
           CASE WHEN hold.role = 'responsible' THEN day + 7 END,
           CASE WHEN hold.state != 'unread' THEN day + 2 END, CASE WHEN hold.state = 'done' THEN day + 5 END,
           CASE WHEN hold.state = 'done' AND hold.role = 'responsible' THEN 'Sudah dilaksanakan' END, first, day
      FROM facts, LATERAL (VALUES
           (second, 'responsible', CASE WHEN NOT open THEN 'done' WHEN h %% 3 = 0 THEN 'unread' ELSE 'read' END),
           (third, 'copy', CASE WHEN open AND h %% 3 != 2 THEN 'unread' ELSE 'done' END)) hold (user_id, role, state)
      LEFT JOIN units ON units.user_id = hold.user_id
    """,
    """
    INSERT INTO mail_message (id, model, res_id, message_type, subtype_id, author_id, body, date, message_id,
                              create_uid, create_date)
    SELECT %(message)s + 2 * i + act.n, 'esurat.letter', %(letter)s + i, 'notification', note.res_id, u.partner_id,
           act.body, day + act.n, format('<bench-%%s-%%s>', i, act.n), 1, day
      FROM facts
     CROSS JOIN (VALUES (0, '<p>Letter received</p>'), (1, '<p>Disposed</p>')) act (n, body)
      JOIN res_users u ON u.id = first
     CROSS JOIN (SELECT res_id FROM ir_model_data WHERE module = 'mail' AND name = 'mt_note') note
     WHERE act.n = 0 OR NOT fresh
    """,
    """
    INSERT INTO mail_notification (mail_message_id, res_partner_id, author_id, notification_type, notification_status,
                                   is_read, read_date)
    SELECT %(message)s + 2 * i + told.n, u.partner_id, author.partner_id, 'inbox', 'sent', NOT open,
           CASE WHEN NOT open THEN day + 2 END
      FROM facts
     CROSS JOIN LATERAL (VALUES (0, first), ((NOT fresh)::int, second), ((NOT fresh)::int, third)) told (n, user_id)
      JOIN res_users u ON u.id = told.user_id
      JOIN res_users author ON author.id = first
    """,
]

# What the figures of people and of agencies are made of; it is the same however many letters there are.
USE = [
    """
    INSERT INTO esurat_presence (user_id, company_id, department_id, date, opened_at, moment, create_uid, create_date)
    SELECT u.id, u.company_id, units.department_id, day, day + interval '1 hour',
           CASE WHEN hashint8(u.id * 1000 + n) %% 4 = 0 THEN 'later' ELSE 'morning' END, u.id, day
      FROM res_users u JOIN units ON units.user_id = u.id
     CROSS JOIN (SELECT n, CURRENT_DATE - n AS day FROM generate_series(1, 100) AS n) past
     WHERE EXTRACT(isodow FROM day) < 6 AND hashint8(u.id * 999 + n) %% 10 != 0
    """,
    """
    INSERT INTO esurat_agency_month (company_id, month, measured_date, letters_incoming, letters_outgoing, written_off,
                                     backlog, people, sheets_saved, opened_mornings, opened_days, read_same_day,
                                     on_time, person_days, opened, mornings, received, same_day, due, kept)
    SELECT c.id, month, month + interval '1 month 1 hour', draw, draw / 9, draw, 20, 40, draw * 9,
           draw %% 100, 90, 80, 70, 900, 800, 9 * (draw %% 100), draw * 3, draw * 2, draw, draw / 2
      FROM res_company c
     CROSS JOIN (SELECT (date_trunc('month', CURRENT_DATE) - n * interval '1 month')::date AS month
                   FROM generate_series(1, 23) AS n) past
     CROSS JOIN LATERAL (SELECT ABS(hashint8(c.id * 99 + EXTRACT(month FROM month)::int)) %% 500 AS draw) one
    """,
]

PEERS = [
    """
    INSERT INTO project_task (id, name, project_id, stage_id, state, company_id, priority, sequence, active,
                              display_in_project, is_template, has_template_ancestor, recurring_task, date_deadline,
                              date_assign, date_last_stage_update, create_uid, write_uid, create_date, write_date)
    SELECT %(task)s + i, subject, project.id,
           (SELECT id FROM project_task_type WHERE user_id IS NULL ORDER BY sequence DESC OFFSET open::int LIMIT 1),
           CASE WHEN open THEN '01_in_progress' ELSE '1_done' END, company.id,
           CASE WHEN h %% 100 < 13 THEN '1' ELSE '0' END,
           10, true, true, false, false, false, day + 7, day, day, 1, 1, day, day
      FROM facts
      JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n, COUNT(*) OVER () AS total FROM project_project
             WHERE name->>'en_US' LIKE 'Bench %%') project ON project.n = h %% project.total
     CROSS JOIN (SELECT min(id) AS id FROM res_company) company
    """,
    """
    INSERT INTO project_task_user_rel (task_id, user_id)
    SELECT %(task)s + i, unnest(ARRAY[first, second, third]) FROM facts
    """,
    """
    INSERT INTO maintenance_request (id, name, company_id, owner_user_id, user_id, stage_id, maintenance_team_id,
                                     kanban_state, maintenance_type, instruction_type, priority, archive, request_date,
                                     close_date, schedule_date, create_uid, write_uid, create_date, write_date)
    SELECT %(request)s + i, subject, company.id, second, first,
           (SELECT id FROM maintenance_stage WHERE done IS TRUE != open ORDER BY sequence, id LIMIT 1), team.id,
           'normal', 'corrective', 'text', '1', false, day, CASE WHEN NOT open THEN day + 6 END, day + 7, 1, 1, day, day
      FROM facts
     CROSS JOIN (SELECT min(id) AS id FROM res_company) company
     CROSS JOIN (SELECT min(id) AS id FROM maintenance_team) team
    """,
    # stock models let their people follow
    """
    INSERT INTO mail_followers (res_model, res_id, partner_id)
    SELECT followed.model, followed.res_id, u.partner_id
      FROM facts
     CROSS JOIN LATERAL (VALUES ('project.task', %(task)s + i), ('maintenance.request', %(request)s + i))
           followed (model, res_id)
      JOIN res_users u ON u.id IN (first, second, third)
    """,
]

TABLES = {
    "letter": "esurat_letter",
    "holder": "esurat_holder",
    "disposition": "esurat_disposition",
    "message": "mail_message",
    "attachment": "ir_attachment",
    "task": "project_task",
    "request": "maintenance_request",
}
# filled without being numbered by us
OTHERS = (
    "esurat_letter_res_users_rel",
    "esurat_disposition_esurat_instruction_rel",
    "mail_notification",
    "project_task_user_rel",
    "mail_followers",
)


def fill(cr, letters):
    """Fill a fresh copy of the template; the caller commits.

    :param cr: cursor of the database
    :param int letters: how many letters, tasks and requests
    """
    # checking foreign keys row by row takes longer than the rest; only a superuser may leave it out
    cr.execute(
        "SELECT set_config('session_replication_role', 'replica', true) FROM pg_roles"
        " WHERE rolname = CURRENT_USER AND rolsuper"
    )
    cr.execute(PLAN, {"letters": letters, "head": HEAD, "desk": min(ON_DESK * 10 // 9, letters // 20)})
    cr.execute(FACTS)
    cr.execute(UNITS)
    cr.execute("ANALYZE facts, units")
    base = {}
    for key, table in TABLES.items():
        cr.execute(f"SELECT COALESCE(MAX(id), 0) FROM {table}")
        [base[key]] = cr.fetchone()
    with _without_indexes(cr):
        for statement in LETTERS + USE + PEERS:
            cr.execute(statement, base)
            if "INTO esurat_holder" in statement:
                # the second batch of holds is numbered by the sequence
                _catch_up(cr, "esurat_holder")
    for table in TABLES.values():
        _catch_up(cr, table)


def _catch_up(cr, table):
    cr.execute(f"SELECT setval('{table}_id_seq', (SELECT MAX(id) FROM {table}))")


class _without_indexes:
    """Leave out the plain indexes of the filled tables meanwhile: building one at the end is much faster."""

    def __init__(self, cr):
        self.cr = cr

    def __enter__(self):
        self.cr.execute(
            """
            SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid)
              FROM pg_index WHERE indrelid = ANY(%s::regclass[]) AND NOT indisprimary
               AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
            """,
            [[*TABLES.values(), *OTHERS]],
        )
        self.indexes = self.cr.fetchall()
        for name, _definition in self.indexes:
            self.cr.execute(f"DROP INDEX {name}")

    def __exit__(self, *error):
        if not any(error):
            self.cr.execute("SET LOCAL maintenance_work_mem = '512MB'")
            for _name, definition in self.indexes:
                self.cr.execute(definition)
