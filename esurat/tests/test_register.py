from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import EsuratCase, encoded, pdf


@tagged("post_install", "-at_install")
class TestRegister(EsuratCase):
    """A registrar takes a letter in: it gets its number and reaches its addressees."""

    def test_a_letter_arrives_and_reaches_the_head(self):
        with Form(self.env["esurat.letter"].with_user(self.registrar)) as form:
            form.subject = "Undangan rapat koordinasi"
            form.sender_id = self.sender
            form.number = "005/123/DP"
            form.letter_date = "2026-01-05"
        letter = form.save()
        self.assertEqual(letter.recipient_ids, self.head)
        letter.action_register()
        self.assertEqual(letter.state, "registered")
        self.assertEqual(letter.agenda_number, "0001")
        hold = self.hold(letter, self.head)
        self.assertEqual(
            (hold.state, hold.role, hold.holder_name, hold.holder_position),
            ("unread", "responsible", "Head", "Kepala Dinas"),
        )
        self.assertEqual(hold.deadline, letter.deadline)

    def test_a_sender_is_created_on_the_fly(self):
        sender_id, _name = self.env["res.partner"].with_user(self.registrar).name_create("SMP Negeri 1")
        self.assertEqual(self.letter(sender_id=sender_id).sender_id.name, "SMP Negeri 1")

    def test_the_addressee_is_told_once_and_the_registrar_is_not(self):
        letter = self.letter()
        notifications = letter.message_ids.sudo().notification_ids
        self.assertEqual(notifications.res_partner_id, self.head.partner_id)
        self.assertEqual(len(notifications), 1)

    def test_the_deadline_counts_working_days_of_the_agency(self):
        # Friday; Monday is a holiday
        with freeze_time("2026-03-06 01:00:00"):
            self.env["resource.calendar.leaves"].create(
                {
                    "name": "Libur",
                    "company_id": self.agency.id,
                    "calendar_id": self.calendar.id,
                    "date_from": "2026-03-08 16:00:00",
                    "date_to": "2026-03-09 15:59:59",
                }
            )
            letter = self.draft(urgency="1", received_date="2026-03-06")
            self.assertEqual(str(letter.deadline), "2026-03-11")
            letter.urgency = "2"
            self.assertEqual(str(letter.deadline), "2026-03-10")
            letter.urgency = "0"
            self.assertEqual(str(letter.deadline), "2026-03-16")

    def test_an_agency_without_a_calendar_works_from_monday_to_friday(self):
        self.agency.resource_calendar_id = False
        # a Friday
        self.assertEqual(str(self.agency._esurat_due_date(date(2026, 6, 5), 2)), "2026-06-09")
        self.letter(urgency="2")

    def test_routing_sends_a_letter_to_others_than_the_head(self):
        self.env["esurat.routing"].create(
            [
                {
                    "name": "Statistik",
                    "company_id": self.agency.id,
                    "classification_id": self.env.ref("esurat.classification_500").id,
                    "position_ids": self.employee(self.chief).job_id.ids,
                },
                {
                    "name": "From the school",
                    "company_id": self.agency.id,
                    "sender_id": self.sender.id,
                    "user_ids": self.secretary.ids,
                },
            ]
        )
        by_code = self.letter(classification_id=self.env.ref("esurat.classification_500_14").id)
        self.assertTrue(self.hold(by_code, self.chief))
        self.assertFalse(self.hold(by_code, self.head))
        by_sender = self.letter()
        self.assertTrue(self.hold(by_sender, self.secretary))

    def test_a_letter_without_addressee_is_not_registered(self):
        self.root.manager_id = False
        letter = self.draft()
        with self.assertRaisesRegex(UserError, "has no addressee"):
            letter.action_register()

    def test_who_gets_it_later_is_told_and_nobody_twice(self):
        letter = self.letter()
        letter.recipient_ids = self.head + self.secretary
        self.assertTrue(self.hold(letter, self.secretary))
        self.assertEqual(len(letter.holder_ids.filtered(lambda h: h.user_id == self.head)), 1)
        told = letter.message_ids[0].sudo().notification_ids.res_partner_id
        self.assertEqual(told, self.secretary.partner_id)

    def test_who_returned_a_letter_does_not_get_it_again_with_the_next(self):
        letter = self.letter()
        self.hold(letter, self.head)._return("Bukan untuk saya")
        letter.recipient_ids += self.secretary
        self.assertEqual(self.hold(letter, self.head).state, "returned")
        letter.recipient_ids -= self.head
        letter.recipient_ids += self.head
        self.assertIn("unread", self.hold(letter, self.head).mapped("state"))

    def test_a_settled_letter_stays_as_it_is(self):
        letter = self.letter()
        with self.assertRaisesRegex(UserError, "needs first: Subject"):
            letter.subject = False
        letter._write_off("noted")
        with self.assertRaisesRegex(UserError, "stays as it is"):
            letter.subject = "x"

    def test_a_twin_is_named(self):
        first = self.letter(number="005/1", letter_date="2026-01-05")
        form = Form(self.env["esurat.letter"].with_user(self.registrar))
        form.sender_id = self.sender
        form.number = "005/1"
        self.assertFalse(form.twin_id)
        form.letter_date = "2026-01-05"
        self.assertEqual(form.twin_id, first)

    def test_a_cancelled_twin_does_not_count(self):
        first = self.letter(number="005/1", letter_date="2026-01-05")
        first._cancel("Entered twice")
        self.assertFalse(self.draft(number="005/1", letter_date="2026-01-05").twin_id)

    def test_a_registered_letter_is_cancelled_with_its_number_taken_and_never_deleted(self):
        letter = self.letter()
        with self.assertRaisesRegex(UserError, "never deleted"):
            letter.unlink()
        self.env["esurat.cancel"].with_user(self.registrar).create(
            {"letter_ids": letter.ids, "reason": "Wrong agency"}
        ).action_confirm()
        self.assertEqual((letter.state, letter.cancel_reason), ("cancelled", "Wrong agency"))
        self.assertEqual(self.hold(letter, self.head).state, "done")
        self.assertEqual(self.letter().agenda_number, "0002")

    def test_a_draft_can_be_deleted(self):
        letter = self.draft()
        letter.unlink()
        self.assertFalse(letter.exists())

    def test_a_draft_may_be_a_scan_alone_but_the_register_needs_more(self):
        letter = self.draft(subject=False, sender_id=False)
        with self.assertRaisesRegex(UserError, "needs first: Subject, From"):
            letter.action_register()
        self.assertEqual(letter.state, "draft")

    def test_only_registrars_register(self):
        with self.assertRaises(AccessError):
            self.draft(user=self.head)

    def test_nothing_is_registered_twice(self):
        letter = self.letter()
        with self.assertRaisesRegex(UserError, "dealt with already"):
            letter.action_register()

    def test_what_acts_give_is_not_written_directly(self):
        letter = self.draft()
        for values in ({"state": "done"}, {"serial": 7}, {"agenda_number": "0007"}, {"uuid": "x"}):
            with self.assertRaises(AccessError):
                letter.write(values)
        with self.assertRaises(AccessError):
            self.draft(state="registered")

    def test_what_the_number_rests_on_is_fixed_once_registered(self):
        letter = self.letter()
        for values in ({"direction": "outgoing"}, {"company_id": self.neighbour_agency.id}, {"reservation_id": False}):
            with self.assertRaises(AccessError):
                letter.write(values)
        letter.subject = "Perihal yang diperbaiki"

    def test_dates_have_to_make_sense(self):
        with self.assertRaisesRegex(ValidationError, "before it was written"):
            self.draft(letter_date="2026-01-06", received_date="2026-01-05")
        with self.assertRaisesRegex(ValidationError, "a day to come"):
            self.draft(received_date="2999-01-01")
        with self.assertRaisesRegex(ValidationError, "a day to come"):
            self.draft(letter_date="2999-01-01")

    def test_an_outgoing_letter_gets_its_number_and_is_sent(self):
        letter = self.draft(
            direction="outgoing",
            sender_id=False,
            addressee_ids=self.sender.ids,
            classification_id=self.env.ref("esurat.classification_000_5").id,
            department_id=self.division.id,
        )
        letter.action_register()
        self.assertRegex(letter.number, r"^000\.5/1/BID/\d{4}$")
        hold = letter.holder_ids
        self.assertEqual((hold.role, hold.tray), ("author", "to_send"))
        letter.action_send()
        self.assertEqual((letter.state, hold.state), ("sent", "done"))

    def test_of_a_settled_letter_the_scan_stays_too(self):
        letter = self.letter(scan=encoded(pdf(2)), scan_name="a.pdf")
        letter._write_off("noted")
        for values in ({"scan": encoded(pdf()), "scan_name": "b.pdf"}, {"page_count": 9}, {"medium": "electronic"}):
            with self.assertRaisesRegex(UserError, "stays as it is"):
                letter.write(values)

    def test_a_class_by_default_is_a_class(self):
        letter = self.draft()
        letter = letter.with_context(default_security_class="secret").create({"subject": "x"})
        self.assertEqual(letter.security_class, "secret")
        self.assertTrue(letter.with_user(self.registrar).has_access("read"))

    def test_a_letter_that_has_left_the_house_stays_as_it_is(self):
        letter = self.draft(direction="outgoing", sender_id=False)
        letter.action_register()
        with self.assertRaises(AccessError):
            letter.number = "9"
        letter.subject = "Diperbaiki sebelum dikirim"
        letter.action_send()
        with self.assertRaisesRegex(UserError, "stays as it is"):
            letter.subject = "Diganti"

    def test_a_company_without_series_says_so(self):
        self.series.active = False
        with self.assertRaisesRegex(UserError, "no number series"):
            self.draft().action_register()
