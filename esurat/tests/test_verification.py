from unittest.mock import patch

from odoo.tests import HttpCase, tagged

from ..controllers import verify
from ..tools.throttle import Throttle
from .common import pdf
from .test_signing import SigningCase


@tagged("post_install", "-at_install")
class TestVerification(SigningCase, HttpCase):
    """Whoever has the code of a letter learns whether it is genuine, and nobody learns anything else."""

    def setUp(self):
        super().setUp()
        self.startPatcher(patch.object(verify, "_throttle", Throttle(1000, 60)))

    def page(self, letter, lang="en", **options):
        """Return the answer of the page behind the code of *letter*, to somebody without a login."""
        token = letter if isinstance(letter, str) else letter.sudo().verify_token
        return self.url_open(f"/esurat/verify/{token}?lang={lang}", **options)

    def signed(self, **values):
        """Return a signed letter."""
        letter = self.ready(**values)
        self.sign(letter)
        self.env.flush_all()
        return letter

    def test_the_code_on_the_page_leads_there(self):
        letter = self.signed()
        answer = self.page(letter)
        self.assertEqual(answer.status_code, 200)
        for words in ("genuine", letter.number, "Head", "Dinas Contoh", letter.signature_ids.digest):
            self.assertIn(words, answer.text)
        self.assertNotIn(letter.subject, answer.text)
        self.assertNotIn("Set-Cookie", answer.headers)
        self.assertEqual(answer.headers["Cache-Control"], "no-store")

    def test_of_a_restricted_letter_only_that_it_is_valid(self):
        for kind in ("restricted", "secret", "top_secret"):
            with self.subTest(kind):
                letter = self.signed(security_class=kind)
                answer = self.page(letter)
                self.assertIn("genuine", answer.text)
                for words in (letter.sudo().number, "Kepala Dinas", "Dinas Contoh", letter.sudo().signature_ids.digest):
                    self.assertNotIn(words, answer.text)

    def test_a_wrong_code_says_nothing(self):
        letter = self.signed()
        token = letter.sudo().verify_token
        answers = {self.page(wrong).text for wrong in ("x", "0" * 32, token[:-1], token + "x", "%00", "' OR 1=1 --")}
        self.assertEqual(len(answers), 1)
        self.assertEqual(self.page("0" * 32).status_code, 404)

    def test_a_file_is_compared(self):
        letter = self.signed()
        mine, other = self.file(letter), pdf()
        self.assertIn("byte for byte", self.page(letter, files={"file": ("a.pdf", mine)}).text)
        for content in (other, mine + b" ", b"", b"x" * 1000):
            self.assertIn("is not this letter", self.page(letter, files={"file": ("a.pdf", content)}).text)
        self.assertEqual(self.page(letter, data={"file": "text"}).status_code, 200)

    def test_what_became_of_it(self):
        letter = self.signed()
        self.agency.esurat_roots = False
        self.env.flush_all()
        self.assertIn("cannot be proven", self.page(letter).text)
        letter.with_user(self.registrar)._cancel("Keliru")
        self.env.flush_all()
        self.assertIn("was cancelled", self.page(letter).text)
        paper = self.ready()
        paper.action_release()
        self.env.flush_all()
        self.assertIn("not signed by everybody", self.page(paper).text)

    def test_a_changed_file_of_ours_is_told(self):
        letter = self.signed()
        letter.sudo().message_main_attachment_id.raw = pdf()
        self.env.flush_all()
        self.assertIn("damaged", self.page(letter).text)

    def test_too_many_questions(self):
        with patch.object(verify, "_throttle", Throttle(3, 60)):
            codes = [self.page("0" * 32).status_code for _number in range(5)]
        self.assertEqual(codes, [404, 404, 404, 429, 429])
