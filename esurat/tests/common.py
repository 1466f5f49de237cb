import base64
import io
from contextlib import contextmanager
from unittest.mock import patch

import pikepdf
from freezegun import freeze_time
from PIL import Image

from odoo import fields
from odoo.tests import TransactionCase, new_test_user


def pdf(pages=1, text="", password=None):
    """Return a small PDF (bytes) of *pages* empty pages; *text* makes its content unlike any other."""
    document = pikepdf.new()
    for _page in range(pages):
        document.add_blank_page()
    document.docinfo["/Title"] = text or "scan"
    buffer = io.BytesIO()
    encryption = pikepdf.Encryption(owner=password, user=password) if password else False
    document.save(buffer, encryption=encryption, deterministic_id=not password)
    return buffer.getvalue()


def picture():
    """Return a small PNG (bytes)."""
    buffer = io.BytesIO()
    Image.new("L", (2, 2)).save(buffer, "PNG")
    return buffer.getvalue()


def encoded(content):
    """Return *content* (bytes) as a binary field takes it."""
    return base64.b64encode(content).decode()


class EsuratCase(TransactionCase):
    """An agency of three levels and its neighbour.

    ::

        head ── secretary
             ├─ chief (division) ── leader (section) ── staff, clerk
             └─ other_chief (other division)
        registrar (in the secretariat), stranger (in the other division), neighbour (of another agency)
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": False, "no_reset_password": True})
        cls.calendar = cls.env["resource.calendar"].create({"name": "Office hours", "tz": "Asia/Makassar"})
        cls.agency = cls.env["res.company"].create(
            {"name": "Dinas Contoh", "esurat_code": "DC", "resource_calendar_id": cls.calendar.id}
        )
        cls.neighbour_agency = cls.env["res.company"].create({"name": "Dinas Tetangga", "esurat_code": "DT"})
        Department = cls.env["hr.department"]
        cls.root = Department.create({"name": "Dinas", "company_id": cls.agency.id})
        cls.secretariat = cls._unit("Sekretariat", cls.root)
        cls.division = cls._unit("Bidang", cls.root, code="BID")
        cls.other_division = cls._unit("Bidang Lain", cls.root)
        cls.section = cls._unit("Seksi", cls.division)

        cls.head = cls._person("head", "Kepala Dinas", cls.root, heads=True)
        cls.secretary = cls._person("secretary", "Sekretaris", cls.secretariat, heads=True)
        cls.chief = cls._person("chief", "Kepala Bidang", cls.division, heads=True)
        cls.other_chief = cls._person("other_chief", "Kepala Bidang Lain", cls.other_division, heads=True)
        cls.leader = cls._person("leader", "Kepala Seksi", cls.section, heads=True)
        cls.staff = cls._person("staff", "Pelaksana", cls.section)
        cls.clerk = cls._person("clerk", "Pelaksana", cls.section)
        cls.stranger = cls._person("stranger", "Pelaksana", cls.other_division)
        cls.registrar = cls._person("registrar", "Agendaris", cls.secretariat, groups="esurat.group_registrar")
        cls.admin = cls._person("esurat_admin", "Administrator", cls.secretariat, groups="esurat.group_admin")

        cls.neighbour_root = Department.create({"name": "Dinas", "company_id": cls.neighbour_agency.id})
        cls.neighbour = cls._person("neighbour", "Kepala", cls.neighbour_root, heads=True)
        cls.neighbour_registrar = cls._person(
            "neighbour_registrar", "Agendaris", cls.neighbour_root, groups="esurat.group_registrar"
        )

        # clerk and stranger read up to restricted letters, as everybody does without a clearance
        cls.cleared = cls.head + cls.secretary + cls.chief + cls.other_chief + cls.leader + cls.staff + cls.registrar
        cls.cleared += cls.neighbour + cls.neighbour_registrar
        cls.env["esurat.clearance"].create(
            [{"user_id": user.id, "security_class": "top_secret", "reason": "SK 1/2026"} for user in cls.cleared]
        )

        cls.sender = cls.env["res.partner"].create({"name": "Dinas Pendidikan", "is_company": True})
        cls.series = cls.env["esurat.series"].create(
            [
                {"name": "Incoming", "company_id": company.id, "direction": "incoming", "pattern": "{serial:04d}"}
                for company in (cls.agency, cls.neighbour_agency)
            ]
        )[0]
        cls.outgoing_series = cls.env["esurat.series"].create(
            {
                "name": "Outgoing",
                "company_id": cls.agency.id,
                "direction": "outgoing",
                "pattern": "{classification}/{serial}/{unit}/{year}",
            }
        )
        cls.process = cls.env.ref("esurat.instruction_process")
        cls.inform = cls.env.ref("esurat.instruction_inform")

    @classmethod
    def _unit(cls, name, parent, code=False):
        return cls.env["hr.department"].create(
            {"name": name, "parent_id": parent.id, "company_id": parent.company_id.id, "esurat_code": code}
        )

    @classmethod
    def _person(cls, login, position, unit, heads=False, groups="esurat.group_user"):
        """Return the new user *login* with an employee in *unit*, whom *heads* makes its manager."""
        company = unit.company_id
        user = new_test_user(
            cls.env,
            login,
            groups=groups,
            name=login.replace("_", " ").title(),
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
            tz="Asia/Makassar",
            lang="en_US",
            notification_type="inbox",
        )
        job = cls.env["hr.job"].create({"name": position, "company_id": company.id})
        employee = cls.env["hr.employee"].create(
            {
                "name": user.name,
                "user_id": user.id,
                "company_id": company.id,
                "department_id": unit.id,
                "job_id": job.id,
            }
        )
        if heads:
            unit.manager_id = employee
        return user

    def clear(self, user, security_class="restricted"):
        """Let the administrator clear *user* up to *security_class*; what is usual is like no clearance at all."""
        values = {"user_id": user.id, "security_class": security_class, "reason": "SK 2/2026"}
        return self.env["esurat.clearance"].with_user(self.admin).create(values)

    @contextmanager
    def moment(self, moment):
        """Let it be *moment* (text with an offset, UTC without), for what the database dates too."""
        cr = self.env.cr
        with freeze_time(moment):
            cr._now = fields.Datetime.now()
            try:
                yield
            finally:
                cr._now = None

    def count(self, act):
        """Return the number of queries of ``act()``, with everything written and all hooks of the commit run."""
        self.env.flush_all()
        self.env.cr.precommit.run()
        before = self.cr.sql_log_count
        act()
        self.env.flush_all()
        self.env.cr.precommit.run()
        return self.cr.sql_log_count - before

    def employee(self, user):
        """Return the employee of *user*, whatever agency the test itself is in."""
        return self.env["hr.employee"].search([("user_id", "=", user.id)])

    def draft(self, user=None, **values):
        """Return a draft of *user* (the registrar), incoming unless *values* say otherwise."""
        letters = self.env["esurat.letter"].with_user(user or self.registrar)
        # as in a request of her own: what a letter brings along is judged by its transaction's first user
        with patch.object(self.env.transaction, "default_env", letters.env):
            return letters.create({"subject": "Undangan rapat", "sender_id": self.sender.id, **values})

    def letter(self, **values):
        """Return a registered incoming letter, as the registrar sees it; it is addressed to the head."""
        letter = self.draft(**values)
        letter.action_register()
        return letter

    def hold(self, letter, user):
        """Return the hold of *user* on *letter*, as she sees it (empty where she does not)."""
        return (
            self.env["esurat.holder"]
            .with_user(user)
            .search([("letter_id", "=", letter.id), ("user_id", "=", user.id), ("role", "!=", "author")])
        )

    def dispose(self, letter, by, responsible=None, copies=None, instructions=None, **values):
        """Let *by* pass *letter* on and return the disposition."""
        users = self.env["res.users"]
        instructions = self.process if instructions is None else instructions
        return self.hold(letter, by)._dispose(
            (responsible or users).with_user(by), (copies or users).with_user(by), instructions.with_user(by), **values
        )
