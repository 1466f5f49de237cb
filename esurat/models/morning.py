import json
from collections import defaultdict
from html import escape
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, formataddr
from odoo.tools.date_utils import time_to_float
from odoo.tools.misc import format_date

from .holder import IS_LATE, IS_TO_DO, OUTSIDE_STATES
from .selections import CONFIDENTIAL

BATCH = 2000  # people written to in one transaction
SHOWN = 5  # letters that a message names of each kind; the others are counted

# What a message speaks of, most pressing first.
KINDS = ("late", "today", "unread", "owed", "unit")

_LINK = '<a href="{address}" style="color:#017e84">{text}</a>'
_HEADING = '<h3 style="font-size:16px;margin:20px 0 6px">{}</h3>'
_LIST = '<ul style="margin:0;padding-left:20px">{}</ul>'
_ITEM = '<li style="margin:4px 0">{}</li>'
_PAGE = (
    '<div style="font-family:sans-serif;font-size:15px;line-height:1.5;max-width:600px">{items}<p>{inbox}</p>'
    '<p style="font-size:12px;color:#666;margin-top:24px">{why}</p></div>'
)


# RFC 3834: nobody's absence answers it
_HEADERS = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


class Item(NamedTuple):
    """One hold as a message shows it, and how many there are of its kind."""

    user_id: int  # whom it is told
    kind: str  # of KINDS
    total: int  # holds of this kind
    news: bool  # whether it is to be named: it has not been to her, as late
    hold_id: int
    letter_id: int
    deadline: object  # date or None
    holder_name: str
    label: str  # number and subject of the letter
    secret: bool
    held: bool  # whether she may see the letter


class Plan(NamedTuple):
    """What is the same for all people of one morning."""

    owed_before: object  # date: what was due before it is told to its issuer; None: nothing is
    unit_before: object  # date: what was due before it is told to the head of the unit; None: nothing is
    units: list  # ids of the units of all agencies
    heads: list  # id of the user who answers for each of them, or None
    above: list  # id of the next one above who is somebody else, or None


class Morning(models.Model):
    """One working morning of an agency: whom it was written to.

    One message a person says what is unread, due today and late with her, what others owe to her, and what lies in
    her unit. A late letter is named once to each of them, which its hold remembers: to its holder on the first morning
    after the deadline, to whoever issued it and to the head of the unit after the working days that the agency has
    set. Otherwise it is counted alone.

    The people whose main company is the agency are written to in the order of their ids. How far that has come is
    committed together with the messages, so that whatever interrupts it, nobody is written to twice in a morning and
    nobody is left out.

    =============  ===============================
    who            reads
    =============  ===============================
    administrator  the mornings of her agencies
    =============  ===============================
    """

    _name = "esurat.morning"
    _description = "Morning message"
    _order = "date desc, company_id"
    _rec_name = "date"

    company_id = fields.Many2one("res.company", string="Agency", required=True, readonly=True, ondelete="cascade")
    date = fields.Date(required=True, readonly=True)
    last_user_id = fields.Integer(readonly=True, aggregator=None, help="People up to this id have been seen to.")
    message_count = fields.Integer(string="Messages", readonly=True)
    done = fields.Boolean(readonly=True, help="Everybody has been seen to.")

    _day_uniq = models.UniqueIndex("(company_id, date)", "This morning has begun already.")

    # ------------------------------------------------------------
    # Scheduled action
    # ------------------------------------------------------------

    @api.model
    def _cron_write(self):
        """Write to the people of all agencies whose hour has come, in batches, as long as the scheduler gives time."""
        self.env["res.company"].search([("esurat_digest", "=", True)], order="id")._esurat_each(self._write_to)

    @api.model
    def _write_to(self, company):
        """Write to the people of *company*, in batches.

        :return: ``False`` where the scheduler's time is up before everybody has been seen to
        """
        morning = self._begin(company)
        plan = morning and morning._plan()
        while morning and not morning.done:
            seen = morning._write_batch(plan)
            if not self.env["ir.cron"]._commit_progress(seen, remaining=1):
                return False
        return True

    @api.model
    def _begin(self, company):
        """Return today's morning of *company*, begun or new, or nothing before its hour and on days without work."""
        now = company._esurat_now()
        today = now.date()
        begun = self.search([("company_id", "=", company.id), ("date", "=", today)])
        early = time_to_float(now.time()) < company.esurat_digest_hour
        if begun or early or not company._esurat_working_days(today, today):
            return begun
        return self.create({"company_id": company.id, "date": today})

    def _people(self):
        """Return the domain of the users who have not been seen to on this morning."""
        self.ensure_one()
        return Domain(
            [
                ("id", ">", self.last_user_id),
                ("company_id", "=", self.company_id.id),
                ("esurat_digest", "=", True),
                ("share", "=", False),
                ("all_group_ids", "in", self.env["ir.model.data"]._xmlid_to_res_id("esurat.group_user")),
            ]
        )

    def _write_batch(self, plan):
        """Write to the next people of this morning.

        :param Plan plan: of this morning
        :return: how many people were seen to, whether there was something to tell them or not
        """
        self.ensure_one()
        users = self.env["res.users"].search_fetch(self._people(), ["partner_id"], order="id", limit=BATCH)
        told = self._items(users, plan)
        count = self._send(users.filtered(lambda user: user.id in told), told) if told else 0
        self._remember(told)
        self.write(
            {
                "last_user_id": users[-1:].id or self.last_user_id,
                "message_count": self.message_count + count,
                "done": len(users) < BATCH,
            }
        )
        return len(users)

    # ------------------------------------------------------------
    # What there is to say
    # ------------------------------------------------------------

    def _plan(self):
        """Return the ``Plan`` of this morning."""
        self.ensure_one()
        company = self.company_id
        owed, unit = (
            company._esurat_working_day_back(self.date, days) if days else None
            for days in (company.esurat_issuer_days, company.esurat_head_days)
        )
        return Plan(owed, unit, *self._unit_heads())

    @api.model
    def _unit_heads(self):
        """Return who answers for which unit: lists of units, of their heads, and of the next heads above.

        A unit without a head who can be told has that of the unit around it.
        """
        departments = (
            self.env["hr.department"].with_context(active_test=False).search_fetch([], ["manager_id", "parent_id"])
        )
        managers = departments.manager_id.filtered(lambda employee: employee.active and employee.user_id.active)
        user_of = {
            department: department.manager_id.user_id.id
            for department in departments
            if department.manager_id in managers
        }

        def upwards(department):
            while department:
                if department in user_of:
                    yield user_of[department]
                department = department.parent_id

        heads, above = [], []
        for department in departments:
            line = list(upwards(department))
            heads.append(line[0] if line else None)
            above.append(next((user for user in line if user != line[0]), None))
        return departments.ids, heads, above

    def _items(self, users, plan):
        """Return what there is to tell these users.

        :param Plan plan: of this morning
        :return: ``{user id: {kind: [Item]}}`` of those to whom there is something to say
        """
        if not users:
            return {}
        Holder = self.env["esurat.holder"].with_context(tz=self.company_id._esurat_timezone().zone)
        chased = IS_LATE & Domain("role", "=", "responsible")
        own = Holder._search(IS_TO_DO & Domain("user_id", "in", users.ids))
        owed = Holder._search(chased & Domain("issuer_id", "in", users.ids) & Domain("disposition_id", "!=", False))
        # that there is a secret letter is known to its holders alone
        unit = Holder._search(chased & Domain("letter_id.security_class", "not in", list(CONFIDENTIAL)))
        unit.add_join("JOIN", "unit", None, SQL("unit.department_id = esurat_holder.department_id"))
        kept = ("id", "letter_id", "urgency", "deadline", "holder_name", "company_id")
        hold = SQL(", ").join(SQL.identifier(Holder._table, name) for name in kept)
        self.env.flush_all()
        # raw SQL: three lists of everybody at once, each cut to what a message shows; the ORM would ask per person
        rows = self.env.execute_query(
            SQL(
                """
                WITH unit (department_id, head_id, above_id) AS (
                    SELECT * FROM unnest(%(units)s::int[], %(heads)s::int[], %(above)s::int[])
                ),
                told (user_id, kind, news, hold_id, letter_id, urgency, deadline, holder_name, company_id) AS (
                    SELECT * FROM (%(own)s) AS own WHERE kind IS NOT NULL
                    UNION ALL SELECT * FROM (%(owed)s) AS owed WHERE deadline < %(owed_before)s
                    UNION ALL SELECT * FROM (%(unit)s) AS below
                               WHERE deadline < %(unit_before)s AND user_id = ANY(%(users)s)
                ),
                placed AS (
                    SELECT told.*,
                           COUNT(*) OVER (PARTITION BY user_id, kind) AS total,
                           ROW_NUMBER() OVER (
                               PARTITION BY user_id, kind ORDER BY news DESC, urgency DESC, deadline, hold_id
                           ) AS place
                      FROM told
                     -- whoever left an agency hears no more of its letters
                     WHERE EXISTS (SELECT FROM res_company_users_rel r
                                    WHERE r.user_id = told.user_id AND r.cid = told.company_id)
                )
                SELECT placed.user_id, kind, total, news, hold_id, placed.letter_id, placed.deadline,
                       placed.holder_name, CONCAT_WS(': ', l.agenda_number, l.subject),
                       l.security_class IN %(confidential)s,
                       EXISTS (SELECT FROM esurat_holder h
                                WHERE h.letter_id = l.id AND h.user_id = placed.user_id AND h.state NOT IN %(outside)s)
                  FROM placed JOIN esurat_letter l ON l.id = placed.letter_id
                 WHERE place <= %(shown)s
                 ORDER BY placed.user_id, kind, place
                """,
                units=plan.units,
                heads=plan.heads,
                above=plan.above,
                own=own.select(
                    SQL.identifier(Holder._table, "user_id"),
                    SQL(
                        """CASE WHEN %(late)s THEN 'late' WHEN %(due)s = %(today)s THEN 'today'
                                WHEN %(state)s = 'unread' THEN 'unread' END AS kind""",
                        late=IS_LATE.optimize_full(Holder)._to_sql(Holder, own.table, own),
                        due=SQL.identifier(Holder._table, "deadline"),
                        today=self.date,
                        state=SQL.identifier(Holder._table, "state"),
                    ),
                    SQL("late_told IS NOT TRUE OR deadline >= %s", self.date),
                    hold,
                ),
                owed=owed.select(
                    SQL.identifier(Holder._table, "issuer_id"), SQL("'owed'"), SQL("owed_told IS NOT TRUE"), hold
                ),
                unit=unit.select(
                    # of what its head holds herself, the one above is told
                    SQL("COALESCE(NULLIF(unit.head_id, esurat_holder.user_id), unit.above_id) AS user_id"),
                    SQL("'unit'"),
                    SQL("unit_told IS NOT TRUE"),
                    hold,
                ),
                owed_before=plan.owed_before,
                unit_before=plan.unit_before,
                users=users.ids,
                confidential=tuple(CONFIDENTIAL),
                outside=OUTSIDE_STATES,
                shown=SHOWN,
            )
        )
        told = defaultdict(lambda: defaultdict(list))
        for row in rows:
            item = Item(*row)
            # what others have not done is told when it is to be named, never day after day
            if item.news or item.kind not in ("owed", "unit"):
                told[item.user_id][item.kind].append(item)
        return told

    @api.model
    def _remember(self, told):
        """Note on the holds which of them have been named as late, and to whom."""
        items = [item for kinds in told.values() for found in kinds.values() for item in found if item.news]
        for kind in ("late", "owed", "unit"):
            holds = self.env["esurat.holder"].browse(item.hold_id for item in items if item.kind == kind)
            holds.write({f"{kind}_told": True})

    # ------------------------------------------------------------
    # Saying it
    # ------------------------------------------------------------

    def _send(self, users, told):
        """Write to these users: by e-mail, and on the devices that they have allowed to notify them.

        Both are queued: what goes out of the house does so once this batch is committed.

        :param dict told: what :meth:`_items` found
        :return: how many of them can be reached
        """
        sender = self.company_id.email_formatted or self.env.user.email_formatted
        devices, _private, _public = self.env["mail.thread"]._web_push_get_partners_parameters(users.partner_id.ids)
        by_partner = devices.grouped("partner_id")
        words_of = {}
        messages, addresses, bodies, pushes, reached = [], [], [], [], 0
        for user in users:
            # what a user has of her partner is a computed field of each: her partner is read at once
            partner, found = user.partner_id, told[user.id]
            lang = partner.lang or self.env.user.lang
            if lang not in words_of:
                words_of[lang] = self.with_context(lang=lang)._words()
            words = words_of[lang]
            summary = ", ".join(words[kind] % found[kind][0].total for kind in KINDS if kind in found)
            if partner.email_normalized:
                messages.append(
                    {
                        "message_type": "email_outgoing",
                        "subject": f"{words['subject']}: {summary}",
                        "email_from": sender,
                        "reply_to": sender,
                    }
                )
                bodies.append(self._body(user, found, words))
                addresses.append(formataddr((partner.name, partner.email_normalized)))
            own_devices = by_partner.get(partner, ())
            payload = json.dumps(self._payload(found, words, summary)) if own_devices else ""
            pushes += [{"mail_push_device_id": device.id, "payload": payload} for device in own_devices]
            reached += bool(partner.email_normalized or own_devices)
        if messages:
            self._queue(self.env["mail.message"].create(messages), addresses, bodies)
            self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()
        if pushes:
            self.env["mail.push"].create(pushes)
            self.env.ref("mail.ir_cron_web_push_notification")._trigger()
        return reached

    @api.model
    def _queue(self, messages, addresses, bodies):
        """Queue each of *messages* (``mail.message``) as a mail to one address, with a body in HTML.

        :param list addresses: a text for each message
        :param list bodies: a text for each message
        """
        # raw SQL: a mail made by the ORM works out its defaults one by one, at the cost of all the rest of a morning
        self.env.execute_query(
            SQL(
                """
                INSERT INTO mail_mail (mail_message_id, email_to, body_html, headers, state, auto_delete,
                                       is_notification, create_uid, write_uid, create_date, write_date)
                SELECT message_id, email_to, body_html, %(headers)s, 'outgoing', TRUE,
                       FALSE, %(uid)s, %(uid)s, %(now)s, %(now)s
                  FROM unnest(%(ids)s::int[], %(addresses)s::text[], %(bodies)s::text[])
                       AS mail (message_id, email_to, body_html)
                RETURNING id
                """,
                ids=messages.ids,
                addresses=addresses,
                bodies=bodies,
                headers=repr(_HEADERS),
                uid=self.env.uid,
                now=self.env.cr.now(),
            )
        )
        self.env["mail.mail"].invalidate_model()

    def _payload(self, found, words, summary):
        """Return what a phone shows of what was *found*; a tap opens the most pressing letter."""
        first = next((item for kind in KINDS for item in found.get(kind, ()) if item.held), None)
        options = {"body": summary, "icon": "/esurat/static/description/icon.png"}
        if first:
            options["data"] = {"model": "esurat.letter", "res_id": first.letter_id}
        return {"title": words["subject"], "options": options}

    def _words(self):
        """Return the words of a message in the language of the context, safe in HTML where they are put into it."""
        base = self.get_base_url()
        day = format_date(self.env, self.date, date_format="EEEE, d MMMM y")
        why = self.env._("You get this on working mornings on which something waits. Switch it off in %s.")
        return {
            "subject": self.env._("E-Surat, %(day)s", day=day),
            "late": self.env._("%s late"),
            "today": self.env._("%s due today"),
            "unread": self.env._("%s unread"),
            "owed": self.env._("%s owed to you"),
            "unit": self.env._("%s late in your unit"),
            "lang": self.env.lang,
            "letter_url": f"{base}/odoo/esurat.letter",
            "secret": escape(self.env._("a secret letter")),
            "letter": escape(self.env._("a letter")),
            "due": escape(self.env._("due %s")),
            "inbox": _LINK.format(address=f"{base}/odoo/esurat-inbox", text=escape(self.env._("Open the inbox"))),
            "why": escape(why),
            "preferences": escape(self.env._("your preferences")),
            "preferences_url": f"{base}/odoo/my-preferences",
            "dates": {},
        }

    def _body(self, user, found, words):
        """Return the message about what was *found* for *user*, as HTML.

        Plain strings, escaped one by one: a template, or a safe string for each part, costs more than all the rest.

        :param dict found: ``{kind: [Item]}``
        :param dict words: of :meth:`_words`
        """
        parts = []
        for kind in KINDS:
            if kind in found:
                items = found[kind]
                parts.append(_HEADING.format(escape(words[kind] % items[0].total)))
                named = [_ITEM.format(self._line(item, words)) for item in items if item.news]
                if named:
                    parts.append(_LIST.format("".join(named)))
        preferences = _LINK.format(address=f"{words['preferences_url']}/{user.id}", text=words["preferences"])
        return _PAGE.format(items="".join(parts), inbox=words["inbox"], why=words["why"] % preferences)

    def _line(self, item, words):
        """Return how *item* is named: a secret letter, or one that she may not see, by nothing of its content."""
        label = words["letter"] if not item.held else words["secret"] if item.secret else escape(item.label)
        if item.held:
            label = _LINK.format(address=f"{words['letter_url']}/{item.letter_id}", text=label)
        facts = [label]
        if item.kind in ("owed", "unit"):
            facts.append(escape(item.holder_name))
        if item.deadline and item.kind != "today":
            dates = words["dates"]
            if item.deadline not in dates:
                dates[item.deadline] = words["due"] % format_date(self.env, item.deadline, lang_code=words["lang"])
            facts.append(dates[item.deadline])
        return " · ".join(facts)
