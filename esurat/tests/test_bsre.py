from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..tools import pades
from .bsre import ACCESS, Service
from .pki import PASSPHRASE
from .test_signing import SigningCase

NIK = "6474010101700001"


@tagged("post_install", "-at_install")
class TestBsre(SigningCase):
    """Whatever the service says or does not say: a letter is signed once or not at all, and no number is lost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.service = Service(cls.pki.files["head"], PASSPHRASE, NIK)
        cls.addClassCleanup(cls.service.close)
        cls.env["hr.employee"].search([("user_id", "=", cls.head.id)]).identification_id = NIK
        cls.agency.write(
            {
                "esurat_provider": "bsre",
                "esurat_bsre_url": cls.service.address,
                "esurat_bsre_user": ACCESS[0],
                "esurat_bsre_password": ACCESS[1],
            }
        )

    def setUp(self):
        super().setUp()
        self.service.mood, self.service.state = "well", "ISSUE"
        self.service.asked.clear()
        self.before = len(self.service.signed)

    def try_to_sign(self, letter, passphrase=PASSPHRASE):
        """Let the head sign as the web client does: two requests."""
        hold = self.review(letter, self.head)
        ready = hold.prepare_signature()
        return hold.sign(passphrase, ready["ticket"]) if ready["ticket"] else ready

    def test_both_versions(self):
        for version in ("1", "2"):
            with self.subTest(version):
                self.agency.esurat_bsre_version = version
                letter = self.ready(subject=f"Versi {version}")
                answer = self.try_to_sign(letter)
                self.assertEqual(answer, {"number": letter.number, "trouble": ""})
                self.assertEqual((letter.state, letter.signature_ids.state), ("registered", "signed"))
                self.assertTrue(pades.verify(self.file(letter), self.roots).valid)
                self.assertEqual(letter.signature_ids.certificate_subject, "Test head")
        self.assertEqual(letter.serial, 2)

    def test_two_signatories(self):
        self.employee(self.secretary).identification_id = NIK
        letter = self.ready([("sign", self.secretary), ("sign", self.head)])
        hold = self.review(letter, self.secretary)
        hold.sign(PASSPHRASE, hold.prepare_signature()["ticket"])
        self.try_to_sign(letter)
        self.assertEqual(len(pades.verify(self.file(letter), self.roots).findings), 2)
        self.assertEqual(letter.state, "registered")

    def test_the_foot_of_the_page_names_who_certifies(self):
        letter = self.ready()
        self.assertIn("Badan Siber dan Sandi Negara", self.page(letter))
        self.agency.esurat_provider = "certificate"
        self.assertNotIn("Badan Siber dan Sandi Negara", self.page(letter))

    def test_the_status_is_shown_before(self):
        letter = self.ready()
        hold = self.review(letter, self.head)
        self.assertFalse(hold.action_sign()["params"]["trouble"])
        for state in ("EXPIRED", "SUSPEND", "NO_CERTIFICATE"):
            self.service.state = state
            self.assertIn(state, hold.action_sign()["params"]["trouble"])
        self.service.mood = "down"
        self.assertTrue(hold.action_sign()["params"]["trouble"])
        self.employee(self.head).identification_id = False
        self.assertIn("NIK", hold.action_sign()["params"]["trouble"])

    def test_what_is_refused_gives_the_number_back(self):
        letter, other = self.ready(), self.ready(subject="Lain")
        answer = self.try_to_sign(letter, "salah")
        self.assertIn("passphrase", answer["trouble"])
        self.assertFalse(letter.number or letter.signature_ids or letter.reservation_id)
        self.assertEqual(letter.state, "to_sign")
        self.try_to_sign(other)
        self.assertEqual(other.serial, 1)
        self.employee(self.head).identification_id = "1"
        self.assertIn("does not know you", self.try_to_sign(letter)["trouble"])
        self.agency.esurat_bsre_url = "http://127.0.0.1:9"
        self.assertIn("cannot be reached", self.try_to_sign(letter)["trouble"])
        self.assertFalse(letter.number)

    def test_another_pdf_is_not_taken(self):
        self.service.mood = "lying"
        letter = self.ready()
        self.assertIn("another PDF", self.try_to_sign(letter)["trouble"])
        self.assertFalse(letter.number or letter.signature_ids)

    def test_silence_is_asked_never_signed_twice(self):
        self.agency.esurat_bsre_version = "1"
        letter = self.ready()
        self.service.mood = "torn"
        self.assertIn("has not said", self.try_to_sign(letter)["trouble"])
        number = letter.number
        self.assertTrue(number)
        self.service.mood = "well"
        self.assertEqual(self.try_to_sign(letter), {"ticket": "", "number": number, "trouble": ""})
        self.assertEqual(self.service.asked.count("/api/sign/pdf"), 1)
        self.assertEqual(letter.state, "registered")

    def test_silence_and_nothing_there(self):
        self.agency.esurat_bsre_version = "1"
        letter = self.ready()
        self.service.mood = "torn"
        self.try_to_sign(letter)
        self.service.mood = "stale"
        self.assertIn("has not signed", self.try_to_sign(letter)["trouble"])
        self.assertFalse(letter.number)
        self.service.mood = "well"
        self.try_to_sign(letter)
        self.assertEqual(letter.serial, 1)

    def test_silence_without_a_trace_waits_for_a_person(self):
        for version in ("1", "2"):
            with self.subTest(version):
                self.agency.esurat_bsre_version = version
                letter, other = self.ready(), self.ready(subject="Lain")
                self.service.mood = "silent"
                self.assertIn("has not said", self.try_to_sign(letter)["trouble"])
                self.service.mood = "well"
                self.service.asked.clear()
                self.assertIn("has not said", self.try_to_sign(letter)["trouble"])
                self.assertFalse(self.service.asked)
                self.try_to_sign(other)
                with self.assertRaises(UserError):
                    letter.with_user(self.staff).action_forget()
                letter.with_user(self.head).action_forget()
                self.assertFalse(letter.number)
                self.try_to_sign(letter)
                # the number that went back was the next to be used
                self.assertLess(letter.serial, other.serial)

    def test_what_is_under_way_is_not_given_up(self):
        letter = self.ready()
        hold = self.review(letter, self.head)
        hold.prepare_signature()
        with self.assertRaises(UserError):
            letter.with_user(self.head).action_forget()
        # asked again, nobody has the ticket any more
        self.assertIn("has not said", hold.prepare_signature()["trouble"])
        letter.with_user(self.head).action_forget()
        self.assertFalse(letter.number)
        # nor after the service has had its time
        hold.prepare_signature()
        with self.moment(str(fields.Datetime.now() + timedelta(minutes=6))):
            letter.with_user(self.registrar).action_forget()
        self.assertFalse(letter.number)

    def test_a_passphrase_that_cannot_be_sent_is_named_nowhere(self):
        letter = self.ready()
        answer = self.try_to_sign(letter, "rahasia\ud800")
        self.assertNotIn("rahasia", answer["trouble"])
        self.assertFalse(letter.number)

    def test_no_signature_without_its_attempt(self):
        letter = self.ready()
        hold = self.review(letter, self.head)
        for ticket in ("", "x"):
            with self.assertRaises(UserError):
                hold.sign(PASSPHRASE, ticket)
        ticket = hold.prepare_signature()["ticket"]
        with self.assertRaises(UserError):
            hold.sign(PASSPHRASE, "x")
        hold.sign(PASSPHRASE, ticket)
        self.assertEqual(letter.state, "registered")

    def test_an_attempt_is_asked_once_whoever_asks(self):
        letter = self.ready()
        hold = self.review(letter, self.head)
        ticket = hold.prepare_signature()["ticket"]
        self.service.mood = "silent"
        hold.sign(PASSPHRASE, ticket)
        self.service.mood = "well"
        # the attempt is open and has no ticket any more
        for wrong in ("", ticket):
            with self.subTest(wrong), self.assertRaises(UserError):
                hold.sign(PASSPHRASE, wrong)
        self.assertEqual(len(self.service.signed), self.before + 1)

    def test_a_repeated_request_does_not_sign_again(self):
        """Odoo repeats a request that two at the same moment have brought down; the service has signed by then."""
        letter = self.ready()
        hold = self.review(letter, self.head)
        ticket = hold.prepare_signature()["ticket"]
        self.env.flush_all()
        with self.cr.savepoint() as savepoint:
            hold.sign(PASSPHRASE, ticket)
            savepoint.rollback()
        self.env.invalidate_all()
        self.assertIn("has not said", hold.sign(PASSPHRASE, ticket)["trouble"])
        self.assertEqual(len(self.service.signed), self.before + 1)
