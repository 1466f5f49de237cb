from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.date_utils import time_to_float

KEPT_MONTHS = 24


class Presence(models.Model):
    """One day on which somebody opened E-Surat, and when she did first.

    It answers the question on which the system stands or falls: do people open it in the morning? Whether that was
    early and to which unit she belonged is noted as it was on that day.

    ==============  ===============================================
    who             reads
    ==============  ===============================================
    everybody       her own days
    head of a unit  the days of her unit and the two levels below it
    anybody else    nothing
    ==============  ===============================================

    Nobody writes them. After ``KEPT_MONTHS`` they are deleted.
    """

    _name = "esurat.presence"
    _description = "Day of use"
    _order = "date desc, opened_at desc"
    _rec_name = "date"

    user_id = fields.Many2one("res.users", string="Person", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", string="Agency", required=True, readonly=True, ondelete="cascade")
    department_id = fields.Many2one(
        "hr.department", string="Unit", readonly=True, ondelete="set null", index="btree_not_null"
    )
    date = fields.Date(required=True, readonly=True, help="In the agency's time zone.")
    opened_at = fields.Datetime(string="First opened", required=True, readonly=True)
    moment = fields.Selection(
        [("morning", "In the morning"), ("later", "Later in the day")],
        required=True,
        readonly=True,
        help="The morning ends at the agency's morning hour.",
    )

    _day_uniq = models.UniqueIndex("(user_id, date, company_id)", "This day has been noted already.")
    _agency_idx = models.Index("(company_id, date)")

    @api.model
    def note_opening(self):
        """Note that the user has opened E-Surat today, in the agency in which she works now.

        Only the first time of a day counts, and only where she is an employee of the agency.
        """
        self.check_access("read")
        company, user = self.env.company, self.env.user
        post = user._esurat_posts(company).get((company.id, user.id))
        if not post:
            return
        now = company._esurat_now()
        # raw SQL: of two windows that open at once, one has to find the day noted, without an error
        self.env.execute_query(
            SQL(
                """
                INSERT INTO esurat_presence (user_id, company_id, department_id, date, opened_at, moment,
                                             create_uid, write_uid, create_date, write_date)
                VALUES (%(user)s, %(company)s, %(unit)s, %(date)s, %(now)s, %(moment)s,
                        %(user)s, %(user)s, %(now)s, %(now)s)
                ON CONFLICT (user_id, date, company_id) DO NOTHING
                RETURNING id
                """,
                user=user.id,
                company=company.id,
                unit=post.department_id or None,
                date=now.date(),
                now=fields.Datetime.now(),
                moment="morning" if time_to_float(now.time()) < company.esurat_morning_hour else "later",
            )
        )

    @api.model
    def _count_team(self):
        """Count who of the user's direct subordinates has opened E-Surat today.

        Who is absent today by the calendar does not count, and on days without work nobody does.

        :return: ``{"opened": int, "people": int, "missing": [name]}``, or ``False`` where there is nobody to count
        """
        company, user = self.env.company, self.env.user
        post = user._esurat_posts(company).get((company.id, user.id))
        # sudo: employees are readable by personnel officers alone; names of direct subordinates are given out
        me = self.env["hr.employee"].sudo().browse(post.employee_id if post else ())
        below = me._esurat_subordinates() if me else me
        now = company._esurat_now()
        if not below or not company._esurat_working_days(now.date(), now.date()):
            return False
        moment = fields.Datetime.now()
        absent = (
            self.env["resource.calendar.leaves"]
            .sudo()
            .search(
                [
                    ("resource_id", "in", below.resource_id.ids),
                    ("date_from", "<=", moment),
                    ("date_to", ">=", moment),
                ]
            )
            .resource_id
        )
        present = below.filtered(lambda employee: employee.resource_id not in absent).user_id
        people = {user_id: found.name for (_company, user_id), found in present._esurat_posts(company).items()}
        if not people:
            return False
        # sudo: whether they have opened it today is their superior's to know, whichever unit they were in
        today = [("company_id", "=", company.id), ("date", "=", now.date()), ("user_id", "in", list(people))]
        opened = self.sudo().search(today).user_id
        return {
            "opened": len(opened),
            "people": len(people),
            "missing": sorted(name for user_id, name in people.items() if user_id not in opened.ids),
        }

    @api.autovacuum
    def _gc_days(self):
        """Delete the days that are older than they may be kept."""
        limit = fields.Date.subtract(fields.Date.today(), months=KEPT_MONTHS)
        self.search([("date", "<", limit)]).unlink()
