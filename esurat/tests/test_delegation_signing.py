import io

import pypdf

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..tools import pades
from .pki import PASSPHRASE
from .test_signing import SigningCase


@tagged("post_install", "-at_install")
class TestDeputySigning(SigningCase):
    """The secretary is Plh. of the head and signs in her post, under her own name and with her own certificate."""

    def appoint(self, **values):
        """Appoint the secretary Plh. of the head for a week."""
        return (
            self.env["esurat.delegation"]
            .with_user(self.admin)
            .create(
                {
                    "company_id": self.agency.id,
                    "principal_id": self.head.id,
                    "deputy_id": self.secretary.id,
                    "kind": "daily_acting",
                    "scope": "sign",
                    "date_to": "2099-01-01",
                    "decree": "800/1",
                    **values,
                }
            )
        )

    def signing(self, letter):
        """Return the hold by which *letter* is signed, as the secretary sees it once she has opened the letter."""
        letter.with_user(self.secretary).action_open()
        return letter.with_user(self.secretary)._hold_in_review()

    def words(self, letter):
        """Return what stands on the first page of the file of *letter*."""
        return " ".join(pypdf.PdfReader(io.BytesIO(self.file(letter))).pages[0].extract_text().split())

    def test_the_page_names_who_signs_and_in_which_post(self):
        letter = self.ready([("initial", self.leader), ("sign", self.head)])
        self.review(letter, self.leader)._approve()
        self.appoint()
        number = self.signing(letter).sign(PASSPHRASE)["number"]
        self.assertEqual((letter.state, letter.number), ("registered", number))
        verdict = pades.verify(self.file(letter), self.roots)
        self.assertTrue(verdict.valid)
        self.assertEqual([one.name for one in verdict.findings], ["Test secretary"])
        self.assertIn("Plh. Kepala Dinas", self.words(letter))
        self.assertIn("Secretary", self.words(letter))
        self.assertNotIn("Head", self.words(letter))
        signature = letter.signature_ids
        self.assertEqual(
            (signature.user_id, signature.name, signature.position), (self.secretary, "Secretary", "Plh. Kepala Dinas")
        )
        hold = letter.sudo()._signatories()
        self.assertEqual((hold.user_id, hold.acted_by_id), (self.head, self.secretary))
        self.assertIn("Secretary acting for Head: Signed", " ".join(letter.sudo().message_ids.mapped("body")))

    def test_whoever_signs_has_looked_at_it_herself(self):
        letter = self.ready()
        self.review(letter, self.head)
        self.appoint()
        hold = letter.with_user(self.secretary)._hold_in_review()
        with self.assertRaisesRegex(UserError, "Open it again"):
            hold.sign(PASSPHRASE)
        self.signing(letter).sign(PASSPHRASE)

    def test_signing_has_to_be_given(self):
        letter = self.ready()
        self.appoint(scope="dispose")
        hold = self.signing(letter)
        self.assertNotIn("sign", hold.my_acts)
        with self.assertRaises(UserError):
            hold.sign(PASSPHRASE)

    def test_a_page_that_names_its_signatories_is_signed_by_them_alone(self):
        letter = self.ready([("sign", self.secretary), ("sign", self.head)])
        self.sign(letter, self.secretary)
        self.appoint()
        # opened from the inbox of the head
        hold = self.signing(letter.with_context(esurat_principal=self.head.id))
        self.assertEqual(hold.user_id, self.head)
        with self.assertRaises(UserError):
            hold.sign(PASSPHRASE)
        self.sign(letter)

    def test_on_paper_in_the_post_of_the_head(self):
        letter = self.ready()
        self.appoint()
        self.signing(letter)
        letter.with_user(self.secretary).action_release()
        self.assertIn("Plh. Kepala Dinas", self.words(letter))
        self.assertEqual(letter.signature_ids.user_id, self.secretary)
        # taken back, it is the head's again
        letter.action_withdraw()
        self.assertFalse(letter.sudo()._signatories().acted_as)

    def test_initials_in_the_place_of_another(self):
        letter = self.text()
        self.submit(letter, [("initial", self.chief), ("sign", self.head)])
        self.appoint(principal_id=self.chief.id, deputy_id=self.leader.id)
        letter.with_user(self.leader).action_open()
        letter.with_user(self.leader).action_approve()
        self.assertEqual(letter.state, "to_sign")
        hold = letter.sudo().route_ids[0]
        self.assertEqual((hold.holder_name, hold.acted_words), ("Chief", "Plh. Leader"))
