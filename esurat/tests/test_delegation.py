from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import EsuratCase

BEFORE, BEGINS, DURING, ENDS = "2026-03-02 00:59", "2026-03-02 01:00", "2026-03-03 02:00", "2026-03-04 09:00"


class DelegationCase(EsuratCase):
    """The secretary is Plh. of the head from 2 March 09.00 to 4 March 17.00 in Makassar."""

    def appoint(self, principal=None, deputy=None, by=None, **values):
        """Return a delegation; without arguments the secretary is Plh. of the head, for everything but secrets."""
        return (
            self.env["esurat.delegation"]
            .with_user(by or self.admin)
            .create(
                {
                    "company_id": self.agency.id,
                    "principal_id": (principal or self.head).id,
                    "deputy_id": (deputy or self.secretary).id,
                    "kind": "daily_acting",
                    "scope": "dispose",
                    "date_from": BEGINS,
                    "date_to": ENDS,
                    "decree": "800.1.11.1/7/2026",
                    **values,
                }
            )
        )

    def held(self, letter, holder, by):
        """Return the hold of *holder* on *letter* as *by* sees it."""
        Holder = self.env["esurat.holder"].with_user(by)
        return Holder.search([("letter_id", "=", letter.id), ("user_id", "=", holder.id), ("role", "!=", "author")])

    def sees(self, user, letter):
        """Tell whether *user* finds *letter*."""
        return bool(self.env["esurat.letter"].with_user(user).search([("id", "=", letter.id)]))

    def words(self, letter):
        """Return what the last message in the chatter of *letter* says."""
        return letter.sudo().message_ids[:1].body


@tagged("post_install", "-at_install")
class TestDelegation(DelegationCase):
    """Work goes on while somebody is away."""

    def setUp(self):
        super().setUp()
        with self.moment(BEFORE):
            self.received = self.letter()

    def test_it_begins_and_ends_by_itself_to_the_minute(self):
        with self.moment(BEFORE):
            self.appoint()
            self.assertFalse(self.sees(self.secretary, self.received))
        with self.moment(BEGINS):
            self.assertTrue(self.sees(self.secretary, self.received))
        with self.moment("2026-03-04 08:59:59"):
            self.assertTrue(self.sees(self.secretary, self.received))
        with self.moment(ENDS):
            self.assertFalse(self.sees(self.secretary, self.received))
            self.assertFalse(self.held(self.received, self.head, self.secretary))

    def test_the_period_is_said_in_the_time_of_the_agency(self):
        with self.moment(BEFORE):
            period = self.appoint().period
        self.assertIn("09:00", period)
        self.assertIn("17:00", period)
        self.assertIn("WITA", period)

    def test_a_deputy_disposes_and_it_says_so_everywhere(self):
        with self.moment(BEFORE):
            self.appoint()
        with self.moment(DURING):
            hold = self.held(self.received, self.head, self.secretary)
            self.received.with_user(self.secretary).action_open()
            self.assertEqual(hold.state, "read")
            dialogue = Form(
                self.env["esurat.dispose"].with_user(self.secretary).with_context(default_holder_ids=hold.ids)
            )
            # subordinates of the head, not of the secretary
            self.assertIn(self.chief.id, [one["id"] for one in dialogue.suggestions])
            dialogue.responsible_id = self.chief
            dialogue.note = "Siapkan bahan"
            dialogue.save().action_confirm()
        given = self.hold(self.received, self.chief)
        self.assertEqual(given.issuer_id, self.head)
        disposition = given.disposition_id.sudo()
        self.assertEqual(
            (disposition.issuer_name, disposition.acted_by_id, disposition.acted_words),
            ("Head", self.secretary, "Plh. Secretary"),
        )
        head_hold = self.held(self.received, self.head, self.head)
        self.assertEqual((head_hold.state, head_hold.holder_name), ("done", "Head"))
        self.assertEqual((head_hold.acted_by_id, head_hold.acted_words), (self.secretary, "Plh. Secretary"))
        self.assertIn("Secretary acting for Head: Disposed to Chief", self.words(self.received))
        sheet = self.env["ir.qweb"]._render("esurat.disposition_sheet", {"docs": self.received})
        self.assertIn("Plh. Secretary", str(sheet))

    def test_answers_come_to_both_and_the_principal_confirms_later(self):
        with self.moment(BEFORE):
            self.appoint()
        with self.moment(DURING):
            self.held(self.received, self.head, self.secretary)._dispose(
                self.chief, self.env["res.users"], self.process
            )
            self.hold(self.received, self.chief)._follow_up("Sudah")
            told = self.received.sudo().message_ids[:1].notified_partner_ids
            self.assertEqual(told, (self.head + self.secretary).partner_id)
            deputys = self.held(self.received, self.chief, self.secretary)
            self.assertIn("confirm", deputys.my_acts)
        with self.moment(ENDS):
            self.assertFalse(self.held(self.received, self.chief, self.secretary))
            self.held(self.received, self.chief, self.head)._confirm()

    def test_what_a_deputy_was_told_is_hers_as_long_as_she_acts(self):
        with self.moment(BEFORE):
            self.appoint()
        with self.moment(DURING):
            letter = self.letter()
            message = letter.sudo().message_ids[:1].with_user(self.secretary)
            self.assertIn(self.secretary.partner_id, message.sudo().notified_partner_ids)
            self.assertTrue(message.search([("id", "=", message.id)]))
            self.assertTrue(message.read(["body"]))
        with self.moment(ENDS):
            self.env.invalidate_all()
            self.assertFalse(message.search([("id", "=", message.id)]))
            with self.assertRaises(AccessError):
                message.read(["body"])
            self.assertEqual(self.secretary.partner_id._get_needaction_count(), 1)
            self.env["esurat.delegation"]._gc_notifications()
            self.assertEqual(self.secretary.partner_id._get_needaction_count(), 0)

    def test_who_only_reads_changes_nothing(self):
        with self.moment(BEFORE):
            self.appoint(kind="assistant", scope="read", decree=False)
        with self.moment(DURING):
            letter = self.received.with_user(self.secretary)
            letter.action_open()
            hold = self.held(self.received, self.head, self.secretary)
            self.assertEqual((hold.state, hold.my_acts), ("unread", ""))
            self.assertEqual(letter.my_acts, "")
            with self.assertRaises(UserError):
                hold._dispose(self.chief, self.env["res.users"], self.process)
            with self.assertRaises(UserError):
                letter._write_off("noted")

    def test_what_an_assistant_opens_is_still_new_to_whom_she_assists(self):
        with self.moment(BEFORE):
            self.appoint(kind="assistant", decree=False)
        with self.moment(DURING):
            self.received.with_user(self.secretary).action_open()
            self.assertEqual(self.held(self.received, self.head, self.head).state, "unread")

    def test_nor_does_a_registrar_who_only_reads(self):
        with self.moment(BEFORE):
            secret = self.letter(security_class="secret")
            secret.sudo().holder_ids.filtered(lambda hold: hold.role == "author").write({"state": "recalled"})
            self.appoint(deputy=self.registrar, kind="assistant", scope="read", decree=False, security_class="secret")
        with self.moment(DURING):
            self.env.invalidate_all()
            letter = secret.with_user(self.registrar)
            self.assertTrue(letter.has_access("read"))
            self.assertEqual(letter.my_acts, "")
            for act in (
                lambda: letter._cancel("x"),
                lambda: letter._write_off("noted"),
                lambda: letter.write({"subject": "x"}),
                lambda: letter.write({"security_class": "open"}),
                lambda: self.held(secret, self.head, self.registrar).action_amend(),
            ):
                with self.assertRaises(UserError):
                    act()

    def test_a_delegation_is_of_one_agency(self):
        people = self.head + self.secretary
        people.write({"company_ids": [Command.link(self.neighbour_agency.id)]})
        self.env["hr.employee"].create(
            [{"name": user.name, "user_id": user.id, "company_id": self.neighbour_agency.id} for user in people]
        )
        both = (self.agency + self.neighbour_agency).ids
        with self.moment(BEFORE):
            elsewhere = self.draft(
                self.neighbour_registrar,
                company_id=self.neighbour_agency.id,
                recipient_ids=[Command.set(self.head.ids)],
            )
            elsewhere.action_register()
            self.appoint()
        with self.moment(DURING):
            Letter = self.env["esurat.letter"].with_user(self.secretary).with_context(allowed_company_ids=both)
            found = Letter.search([("id", "in", (self.received + elsewhere).ids)])
            self.assertEqual(found.ids, self.received.ids)

    def test_each_letter_is_done_under_its_own_mandate(self):
        with self.moment(BEFORE):
            secret = self.letter(security_class="secret")
            self.appoint()
            self.appoint(kind="assistant", decree=False, security_class="secret")
        with self.moment(DURING):
            holds = self.held(self.received, self.head, self.secretary) + self.held(secret, self.head, self.secretary)
            holds._follow_up("Sudah")
            self.assertEqual(holds.mapped("acted_as"), ["daily_acting", "assistant"])

    def test_dialogues_open_for_those_who_may_act(self):
        with self.moment(BEFORE):
            self.appoint(kind="assistant", scope="read", decree=False)
        with self.moment(DURING):
            hold = self.held(self.received, self.head, self.secretary)
            for action in (hold.action_dispose, hold.action_follow_up, hold.action_return):
                with self.assertRaises(UserError):
                    action()

    def test_her_own_letter_stays_her_own(self):
        with self.moment(BEFORE):
            self.appoint()
            both = self.letter(recipient_ids=[Command.set((self.head + self.secretary).ids)])
        with self.moment(DURING):
            letter = both.with_user(self.secretary)
            letter.action_open()
            self.assertEqual(self.hold(both, self.secretary).state, "read")
            self.assertEqual(self.held(both, self.head, self.head).state, "unread")
            self.hold(both, self.secretary)._follow_up("Sudah")
            letter.invalidate_recordset()
            self.assertFalse(letter.my_principal_id)

    def test_there_are_no_chains_of_deputies(self):
        with self.moment(BEFORE):
            self.appoint()
            self.appoint(self.secretary, self.other_chief)
        with self.moment(DURING):
            self.assertTrue(self.sees(self.secretary, self.received))
            self.assertFalse(self.sees(self.other_chief, self.received))

    def test_a_deputy_reads_no_class_that_one_of_the_two_may_not_read(self):
        with self.moment(BEFORE):
            secret = self.letter(security_class="secret")
            delegation = self.appoint(security_class="secret")
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self.appoint(deputy=self.stranger, security_class="secret", kind="assistant")
        with self.moment(DURING):
            self.assertTrue(self.sees(self.secretary, secret))
            self.clear(self.secretary)
            self.assertFalse(self.sees(self.secretary, secret))
            self.assertTrue(self.sees(self.secretary, self.received))
            self.clear(self.secretary, "top_secret")
            self.assertTrue(self.sees(self.secretary, secret))
            self.clear(self.head)
            self.assertFalse(self.sees(self.secretary, secret))
            delegation.action_end()

    def test_who_holds_the_letter_herself_acts_for_whom_she_opened_it(self):
        with self.moment(BEFORE):
            self.appoint()
            self.dispose(self.received, self.head, self.chief, self.secretary, note="Tolong")
            other = self.letter(recipient_ids=[(6, 0, (self.head + self.secretary).ids)])
        with self.moment(DURING):
            letter = other.with_user(self.secretary)
            self.assertEqual(letter.my_hold_id.user_id, self.secretary)
            self.assertFalse(letter.my_principal_id)
            action = self.held(other, self.head, self.secretary).action_open_letter()
            letter = letter.with_context(**action["context"])
            self.assertEqual((letter.my_hold_id.user_id, letter.my_principal_id), (self.head, self.head))

    def test_letters_of_two_people_are_not_dealt_with_at_once(self):
        with self.moment(BEFORE):
            self.appoint()
            other = self.letter(recipient_ids=[(6, 0, self.secretary.ids)])
        with self.moment(DURING):
            holds = self.held(self.received, self.head, self.secretary) + self.hold(other, self.secretary)
            with self.assertRaisesRegex(UserError, "of several people"):
                holds.with_user(self.secretary)._dispose(self.registrar, self.env["res.users"], self.process)

    def test_the_other_inbox_is_a_tab_of_the_home(self):
        Holder = self.env["esurat.holder"].with_user(self.secretary)
        with self.moment(BEFORE):
            self.appoint()
            self.assertFalse(Holder.retrieve_home()["principals"])
        with self.moment(DURING):
            [tab] = Holder.retrieve_home()["principals"]
            self.assertEqual((tab["id"], tab["name"]), (self.head.id, "Head"))
            self.assertIn("Plh.", tab["role"])
            totals = {tray["tray"]: tray["total"] for tray in tab["trays"]}
            self.assertEqual(totals["unread_letter"], 1)

    def test_written_off_for_the_addressee(self):
        with self.moment(BEFORE):
            self.appoint()
        with self.moment(DURING):
            self.received.with_user(self.secretary)._write_off("noted")
        self.assertEqual(self.received.state, "done")
        self.assertIn("Secretary acting for Head: Written off", self.words(self.received))


@tagged("post_install", "-at_install")
class TestAppointing(DelegationCase):
    """Who appoints whom."""

    def refused(self, error, **values):
        with self.assertRaises(error), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.appoint(**values)

    def test_nobody_appoints_herself(self):
        self.refused(AccessError, deputy=self.admin)
        self.refused(AccessError, deputy=self.secretary, by=self.secretary)
        self.refused(AccessError, principal=self.chief, deputy=self.secretary, by=self.registrar)
        self.refused(AccessError, by=self.neighbour_registrar)

    def test_nobody_is_her_own_deputy(self):
        self.refused(Exception, principal=self.head, deputy=self.head)

    def test_one_may_appoint_what_the_agency_allows(self):
        assistant = {"by": self.head, "kind": "assistant", "decree": False}
        self.appoint(**assistant)
        self.refused(AccessError, by=self.head)
        self.agency.esurat_own_deputies = "daily"
        self.appoint(by=self.head)
        self.refused(AccessError, by=self.chief, principal=self.chief, kind="acting")
        self.agency.esurat_own_deputies = "none"
        self.refused(AccessError, **assistant)

    def test_acting_takes_a_decree_and_only_acting_signs(self):
        self.refused(ValidationError, decree=False)
        self.refused(ValidationError, decree="  ")
        self.refused(ValidationError, kind="assistant", scope="sign")

    def test_one_acts_in_a_post_at_a_time(self):
        self.appoint()
        self.refused(ValidationError, deputy=self.chief, date_from=DURING, date_to="2026-03-20")
        self.appoint(deputy=self.chief, date_from=ENDS, date_to="2026-03-20")
        self.appoint(deputy=self.chief, kind="assistant", decree=False)

    def test_deputies_work_in_the_agency(self):
        self.refused(UserError, deputy=self.neighbour)

    def test_what_has_begun_stays_and_is_ended(self):
        with self.moment(BEFORE):
            delegation = self.appoint()
            delegation.decree = "800.1.11.1/8/2026"
        with self.moment(DURING):
            for values in ({"scope": "sign"}, {"deputy_id": self.chief.id}, {"date_to": BEGINS}):
                with self.subTest(values), self.assertRaises(UserError):
                    delegation.write(values)
            with self.assertRaises(UserError):
                delegation.unlink()
            with self.assertRaises(AccessError):
                delegation.with_user(self.chief).action_end()
            # either of the two may end it, and nothing else
            with self.assertRaises(AccessError):
                delegation.with_user(self.secretary).date_to = "2027-01-01"
            delegation.with_user(self.secretary).action_end()
            self.assertEqual((delegation.state, delegation.date_to), ("over", fields.Datetime.now()))
            with self.assertRaises(UserError):
                delegation.date_to = ENDS

    def test_others_see_nothing_of_it(self):
        delegation = self.appoint()
        found = self.env["esurat.delegation"].with_user(self.chief).search([])
        self.assertNotIn(delegation, found)
        for user in (self.head, self.secretary, self.admin):
            self.assertIn(delegation, self.env["esurat.delegation"].with_user(user).search([]))
        with self.assertRaises(AccessError):
            self.env["esurat.clearance"].with_user(self.chief).search([])
