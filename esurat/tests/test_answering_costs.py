from odoo.tests import tagged

from .pki import PASSPHRASE
from .test_signing import SigningCase


@tagged("post_install", "-at_install")
class TestAnsweringCosts(SigningCase):
    """What it may cost, in queries, to submit, approve, sign and send. Each is warmed by doing it once before."""

    def lives(self):
        """Let a letter live and return what each act has cost."""
        letter = self.text(addressee_ids=[self.neighbour_agency.partner_id.id])
        steps = letter._propose_route()
        costs = {"submit": self.count(lambda: letter._submit(steps))}
        for user in (self.leader, self.chief):
            hold = self.review(letter, user)
            costs["approve"] = self.count(hold.action_approve)
        hold = self.review(letter, self.head)
        costs["sign"] = self.count(lambda: hold.sign(PASSPHRASE))
        costs["send"] = self.count(letter._send)
        return costs

    def test_a_letter(self):
        self.lives()
        costs = self.lives()
        for act, budget in {"submit": 15, "approve": 11, "sign": 21, "send": 23}.items():
            with self.subTest(act):
                self.assertLessEqual(costs[act], budget)

    def test_many_are_approved_at_the_cost_of_their_versions_alone(self):
        def approve(letters):
            holds = self.env["esurat.holder"].with_user(self.leader)
            for number in range(letters):
                letter = self.text(subject=f"Surat {number}")
                self.submit(letter)
                holds |= self.review(letter, self.leader)
            return self.count(holds.action_approve)

        approve(1)
        one, ten = approve(1), approve(10)
        self.assertLessEqual(ten, one + 9 * 4)
