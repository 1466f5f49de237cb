import base64
import io
from datetime import date
from unittest.mock import patch

import openpyxl

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ..tools.spreadsheet import workbook
from ..wizard import table_import
from .common import EsuratCase

PEOPLE = ("name", "login", "email", "position", "unit", "above", "code", "heads", "role")


@tagged("post_install", "-at_install")
class TestNextAgency(EsuratCase):
    """The next agency: added in one dialogue, filled from a spreadsheet, looked after by its own administrator."""

    def dialogue(self, model, rows, user=None, company=None):
        """Return the import dialogue of *user* with *rows* in its file, under the titles of the template."""
        company = company or self.agency
        dialogue = (
            self.env[model]
            .with_user(user or self.admin)
            .with_context(allowed_company_ids=company.ids, no_reset_password=True)
        )
        dialogue = dialogue.create({"company_id": company.id})
        titles = [(f"{title} *" if needed else title, width) for _key, title, width, needed in dialogue._columns()]
        dialogue.file = base64.b64encode(workbook([("x", titles, rows)]))
        return dialogue

    def people(self, *rows, **options):
        """Return the dialogue that imports people; each row is a dict."""
        return self.dialogue("esurat.people.import", [[row.get(key, "") for key in PEOPLE] for row in rows], **options)

    # ------------------------------------------------------------
    # People
    # ------------------------------------------------------------

    CHIEF = {
        "name": "Sri Wahyuni",
        "login": "sri",
        "email": "sri@example.go.id",
        "position": "Kepala Bidang",
        "unit": "Bidang Baru",
        "above": "Dinas",
        "code": "BB",
        "heads": "ya",
    }
    CLERK = {"name": "Agus", "login": "agus", "position": "Agendaris", "unit": "Bidang Baru", "role": "Registrar"}

    def test_people_units_and_positions_come_from_a_spreadsheet(self):
        dialogue = self.people(self.CHIEF, self.CLERK)
        self.assertTrue(dialogue.ready)
        self.assertIn("2 new people", dialogue.preview)
        self.assertFalse(self.env["res.users"].search([("login", "=", "sri")]))
        dialogue.action_import()
        unit = self.env["hr.department"].search([("name", "=", "Bidang Baru")])
        sri, agus = (self.env["res.users"].search([("login", "=", login)]) for login in ("sri", "agus"))
        self.assertEqual((unit.parent_id, unit.esurat_code, unit.manager_id.user_id), (self.root, "BB", sri))
        self.assertEqual(sri.company_ids, self.agency)
        self.assertFalse(sri.has_group("esurat.group_registrar"))
        self.assertTrue(agus.has_group("esurat.group_registrar"))
        # who came by the file gets letters like everybody else
        letter = self.letter()
        self.dispose(letter, self.head, sri)
        self.assertEqual(self.hold(letter, sri).holder_position, "Kepala Bidang")

    def test_again_it_updates_and_doubles_nothing(self):
        self.people(self.CHIEF, self.CLERK).action_import()
        counted = ("hr.department", "hr.job", "res.users", "hr.employee")
        before = [self.env[model].search_count([]) for model in counted]
        self.people(self.CHIEF, self.CLERK).action_import()
        dialogue = self.people(self.CHIEF, {**self.CLERK, "name": "Agus Salim", "unit": "Seksi", "role": "User"})
        self.assertIn("0 new people, 2 that are known", dialogue.preview)
        dialogue.action_import()
        self.assertEqual([self.env[model].search_count([]) for model in counted], before)
        agus = self.env["res.users"].search([("login", "=", "agus")])
        self.assertEqual((agus.name, self.employee(agus).department_id), ("Agus Salim", self.section))
        self.assertFalse(agus.has_group("esurat.group_registrar"))

    def test_a_login_is_known_in_small_and_capital_letters(self):
        self.people({**self.CHIEF, "login": "Sri.Wahyuni"}).action_import()
        self.assertIn("0 new people, 1 that are known", self.people({**self.CHIEF, "login": "sri.wahyuni"}).preview)

    def test_a_file_that_is_too_long_is_not_cut(self):
        with patch.object(table_import, "LIMIT", 1):
            dialogue = self.people(self.CHIEF, self.CLERK)
            self.assertIn("more than 1 rows", dialogue.preview)
            self.assertFalse(dialogue.ready)

    def test_whoever_is_known_keeps_the_address_by_which_her_password_is_set(self):
        self.people(self.CHIEF).action_import()
        self.people({**self.CHIEF, "email": "taken@example.com"}).action_import()
        self.assertEqual(self.env["res.users"].search([("login", "=", "sri")]).email, "sri@example.go.id")

    def test_every_fault_is_named_by_row_and_column_and_nothing_is_written(self):
        system = new_test_user(self.env, "rootlike", groups="base.group_system", company_id=self.agency.id)
        system.company_ids = self.agency
        faulty = {
            "name": ({**self.CHIEF, "name": ""}, "Name"),
            "double": (self.CHIEF | {"login": "agus", "heads": ""}, "Login"),
            "email": ({**self.CHIEF, "email": "no address"}, "E-mail"),
            "role": ({**self.CHIEF, "role": "Raja"}, "Role"),
            "above": ({**self.CHIEF, "above": "Antah"}, "Unit above"),
            "circle": ({**self.CHIEF, "above": "Bidang Baru"}, "Unit above"),
            "neighbour": ({**self.CHIEF, "login": "neighbour"}, "Login"),
            "system": ({**self.CHIEF, "login": "rootlike"}, "Login"),
            "long": ({**self.CHIEF, "position": "x" * 300}, "Position"),
            "rounded": ({**self.CHIEF, "login": 198001012005011001}, "Login"),
            "under itself": ({**self.CHIEF, "unit": "Bidang", "above": "Seksi"}, "Unit above"),
        }
        for name, (row, column) in faulty.items():
            with self.subTest(name):
                dialogue = self.people({**self.CLERK, "above": ""}, row)
                self.assertFalse(dialogue.ready)
                self.assertRegex(str(dialogue.preview), rf"<td>3</td><td>{column}</td>")
                with self.assertRaises(UserError):
                    dialogue.action_import()
        self.assertFalse(self.env["res.users"].search([("login", "in", ("agus", "sri"))]))
        self.assertTrue(system.has_group("base.group_system"))

    def test_what_is_previewed_is_there_when_the_web_client_reads_it_again(self):
        dialogue = self.people(self.CHIEF)
        self.env.invalidate_all()
        [read] = dialogue.with_context(bin_size=True).web_read({"file": {}, "preview": {}, "ready": {}})
        self.assertTrue(read["ready"])
        self.assertIn("1 new people", read["preview"])
        done = dialogue.action_import()
        self.assertIn("1 new people", done["params"]["message"])

    def test_a_file_that_is_no_spreadsheet_is_told_so(self):
        dialogue = self.people(self.CHIEF)
        for content in (b"PK\x03\x04 broken", b"%PDF-1.4", b"", workbook([("x", [("Name", 5)], [["a"]])])):
            dialogue.file = base64.b64encode(content)
            self.assertFalse(dialogue.ready)
            with self.assertRaises(UserError):
                dialogue.action_import()
        # what no browser sends
        self.assertFalse(dialogue.new({"company_id": self.agency.id, "file": "12.3 Kb"}).ready)

    def test_only_an_administrator_of_the_agency_takes_people_in(self):
        with self.assertRaises(AccessError):
            self.people(self.CHIEF, user=self.registrar)
        dialogue = self.people(self.CHIEF)
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            dialogue.with_user(self.neighbour_registrar).action_import()
        dialogue.company_id = self.neighbour_agency
        with self.assertRaises(AccessError):
            dialogue.action_import()

    def test_the_template_can_be_taken_in_as_it_is(self):
        for model in ("esurat.people.import", "esurat.register.import"):
            dialogue = self.env[model].with_user(self.admin).with_company(self.agency).create({})
            dialogue.file = dialogue.template
            self.assertTrue(dialogue.ready, dialogue.preview)

    # ------------------------------------------------------------
    # Old registers
    # ------------------------------------------------------------

    def register(self, *rows):
        """Return the dialogue that imports an old register: direction, year, serial, day, subject of each row."""
        table = [
            [direction, year, serial, f"{serial:04d}", day, None, "005/1", "Bappeda", subject, "", "lama"]
            for direction, year, serial, day, subject in rows
        ]
        return self.dialogue("esurat.register.import", table)

    def test_an_old_register_goes_on_after_its_last_number(self):
        year = fields.Date.today().year
        first = date(year, 1, 1)
        self.register(
            ("Incoming", year, 41, first, "Lama"), ("Surat Keluar", year, 7, first, "Jawaban")
        ).action_import()
        old = self.env["esurat.letter"].search([("company_id", "=", self.agency.id)])
        self.assertEqual(set(old.mapped("state")), {"done", "sent"})
        self.assertFalse(old.holder_ids)
        self.assertEqual(self.letter().serial, 42)
        # no figure and no sheet of paper comes from it
        today = self.agency._esurat_now().date()
        values = self.env["esurat.figures"]._measure(self.agency, first, today)["values"]
        self.assertEqual((values["letters_incoming"], values["letters_outgoing"], values["written_off"]), (1, 0, 0))
        self.assertFalse(self.env["esurat.paper.ledger"].search([("letter_id", "in", old.ids)]))
        # the start of use is that of the first letter here, not of the old register
        self.assertEqual(self.agency._esurat_start(), self.agency._esurat_now().date())

    def test_again_old_letters_are_updated_and_those_of_e_surat_are_not_touched(self):
        year = fields.Date.today().year
        first = date(year, 1, 1)
        letter = self.letter(subject="Baru")
        rows = (("Incoming", year, 41, first, "Lama"),)
        self.register(*rows).action_import()
        self.register(("Incoming", year, 41, first, "Lama sekali")).action_import()
        old = self.env["esurat.letter"].search([("company_id", "=", self.agency.id), ("serial", "=", 41)])
        self.assertEqual(old.subject, "Lama sekali")
        dialogue = self.register(*rows, ("Incoming", year, letter.serial, first, "Menimpa"))
        self.assertRegex(str(dialogue.preview), "<td>3</td><td>Serial</td>")
        with self.assertRaises(UserError):
            dialogue.action_import()
        self.assertEqual(letter.subject, "Baru")
        self.assertEqual(old.subject, "Lama sekali")

    def test_faults_of_an_old_register(self):
        year = fields.Date.today().year
        first = date(year, 1, 1)
        for row, column in (
            (("Sideways", year, 1, first, "x"), "Direction"),
            (("Incoming", year + 1, 1, first, "x"), "Year"),
            (("Incoming", year, 0, first, "x"), "Serial"),
            (("Incoming", year, 1, date(year - 1, 1, 1), "x"), "Registered on"),
            (("Incoming", year, 1, "kemarin", "x"), "Registered on"),
            (("Incoming", year, 1, first, "x" * 501), "Subject"),
            (("Internal", year, 1, first, "x"), "Direction"),
        ):
            with self.subTest(row=row[:4]):
                self.assertRegex(str(self.register(row).preview), f"<td>2</td><td>{column}</td>")
        # 400.10 as a number is another code
        row = ["Incoming", year, 1, "1", first, None, "", "", "x", 400.1, ""]
        self.assertIn("is a number", self.dialogue("esurat.register.import", [row]).preview)

    # ------------------------------------------------------------
    # Adding one, and looking after it
    # ------------------------------------------------------------

    def add(self):
        """Let the city's administrator add an agency like the first one, and return it."""
        city = self._person("city", "Administrator", self.root, groups="base.group_system,esurat.group_admin")
        self.series.pattern = "{serial}/DC/{year}"
        self.agency.alias_domain_id = self.env["mail.alias.domain"].create({"name": "contoh.go.id"})
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Tahun Baru",
                "calendar_id": self.calendar.id,
                "company_id": self.agency.id,
                "date_from": f"{fields.Date.today().year}-12-31 16:00:00",
                "date_to": f"{fields.Date.today().year + 1}-01-01 15:59:59",
            }
        )
        form = Form(
            self.env["esurat.add.agency"]
            .with_user(city)
            .with_context(allowed_company_ids=self.agency.ids, no_reset_password=True)
        )
        form.name, form.code, form.timezone = "Dinas Kesehatan", "Dinkes", "Asia/Jayapura"
        form.alias_name = "surat-dinkes"
        form.admin_name, form.admin_login = "Rudi", "rudi.dinkes"
        action = form.save().action_add()
        self.assertEqual(action["res_model"], "esurat.agency.settings")
        return self.env["res.company"].search([("name", "=", "Dinas Kesehatan")])

    def test_one_dialogue_makes_an_agency_that_registers_letters(self):
        company = self.add()
        rudi = self.env["res.users"].search([("login", "=", "rudi.dinkes")])
        self.assertEqual(rudi.company_ids, company)
        series = self.env["esurat.series"].search([("company_id", "=", company.id)])
        self.assertEqual(sorted(series.mapped("direction")), ["incoming", "outgoing"])
        self.assertEqual(series.filtered(lambda one: one.direction == "incoming").pattern, "{serial}/Dinkes/{year}")
        self.assertEqual(company.resource_calendar_id.tz, "Asia/Jayapura")
        self.assertEqual(company.esurat_alias_id.display_name, "surat-dinkes@contoh.go.id")
        new_year = date(fields.Date.today().year + 1, 1, 1)
        self.assertFalse(company._esurat_working_days(new_year, new_year))
        # its own administrator goes on alone: her people, then the first letter
        head = {**self.CHIEF, "unit": "Dinkes", "above": "", "position": "Kepala Dinas"}
        clerk = {**self.CLERK, "unit": "Sekretariat", "above": "Dinkes"}
        self.people(head, clerk, user=rudi, company=company).action_import()
        agus = self.env["res.users"].search([("login", "=", "agus")])
        letter = (
            self.env["esurat.letter"]
            .with_user(agus)
            .with_company(company)
            .create({"subject": "Pertama", "sender_id": self.sender.id})
        )
        letter.action_register()
        self.assertEqual(letter.holder_ids.user_id.login, "sri")
        self.assertTrue(letter.agenda_number.startswith("1/Dinkes/"))

    def test_a_name_a_code_and_a_login_are_given_once(self):
        self.add()
        city = self.env["res.users"].search([("login", "=", "city")])
        values = {"name": "Dinas Lain", "code": "DL", "admin_name": "x", "admin_login": "x.y"}
        for taken in ({"name": "dinas kesehatan"}, {"code": "DINKES"}, {"admin_login": "Chief"}):
            with self.subTest(taken), self.assertRaises(UserError):
                self.env["esurat.add.agency"].with_user(city).create({**values, **taken}).action_add()
        with self.assertRaises(AccessError):
            self.env["esurat.add.agency"].with_user(self.admin).create(values)

    def checklist(self, user, company):
        return self.env["esurat.checklist"].with_user(user).sudo()._items(company)

    def missing(self, company):
        return {item["name"] for item in self.checklist(self.admin, company) if not item["done"] and item["needed"]}

    def test_the_checklist_is_looked_up(self):
        company = self.add()
        self.assertEqual(self.missing(company), {"Head of the agency", "First letter"})
        self.assertEqual(self.missing(self.agency), {"First letter"})
        self.letter()
        self.assertFalse(self.missing(self.agency))
        self.staff.active = False
        self.assertEqual(self.missing(self.agency), {"Everybody has a login"})

    def test_an_administrator_sets_up_her_own_agency_and_no_other(self):
        Settings = self.env["esurat.agency.settings"].with_user(self.admin)
        settings = Settings.with_company(self.agency).create({})
        self.assertIn("Head of the agency", settings.checklist)
        settings.write({"goal_days": 60, "digest_hour": 8})
        self.assertEqual((self.agency.esurat_goal_days, self.agency.esurat_digest_hour), (60, 8))
        self.assertFalse(self.agency.with_user(self.admin).has_access("write"))
        with self.assertRaises(AccessError):
            Settings.create({"company_id": self.neighbour_agency.id, "goal_days": 1})
        with self.assertRaises(AccessError):
            settings.write({"company_id": self.neighbour_agency.id})
        for user in (self.registrar, self.head):
            with self.assertRaises(AccessError):
                self.env["esurat.agency.settings"].with_user(user).create({"goal_days": 1})
        self.assertEqual(self.neighbour_agency.esurat_goal_days, 80)

    def test_exported_templates_are_spreadsheets(self):
        dialogue = self.env["esurat.people.import"].with_user(self.admin).with_company(self.agency).create({})
        book = openpyxl.load_workbook(io.BytesIO(base64.b64decode(dialogue.template)))
        self.assertEqual(book.worksheets[0]["A1"].value, "Name *")
