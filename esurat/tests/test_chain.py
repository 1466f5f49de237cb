from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models.holder import ACTS, OUTSIDE_STATES
from .common import EsuratCase

PEOPLE = ("head", "secretary", "chief", "other_chief", "leader", "staff", "clerk", "stranger")
STEPS = st.lists(
    st.tuples(
        st.sampled_from([act for act in ACTS if "responsible" in ACTS[act].roles]),
        st.sampled_from(PEOPLE),
        st.sampled_from(PEOPLE),
        st.booleans(),
    ),
    max_size=10,
)


@tagged("post_install", "-at_install")
class TestChain(EsuratCase):
    """Whatever people try, the chain stays a tree in which everybody stands once and sees what she holds."""

    def attempt(self, letter, act, actor, other, action):
        """Let *actor* try *act* on the hold of *other*; what is refused changes nothing."""
        hold = letter.holder_ids.filtered(lambda h: h.user_id == other and h.role != "author")[-1:]
        own = letter.holder_ids.filtered(lambda h: h.user_id == actor and h.role != "author")[-1:].with_user(actor)
        users = self.env["res.users"].with_user(actor)
        hold = hold.with_user(actor)
        with self.cr.savepoint():
            {
                "open": lambda: letter.with_user(actor).action_open(),
                "dispose": lambda: own._dispose(
                    other.with_user(actor) if action else users,
                    users if action else other.with_user(actor),
                    (self.process if action else self.inform).with_user(actor),
                ),
                "follow_up": lambda: hold._follow_up("Done"),
                "return": lambda: hold._return("Why"),
                "recall": hold._recall,
                "amend": lambda: hold._amend(False, users),
                "confirm": hold._confirm,
                "reopen": lambda: hold._reopen("More"),
            }[act]()

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(STEPS)
    def test_the_chain_stays_a_tree(self, steps):
        with self.cr.savepoint() as savepoint:
            letter = self.letter().sudo()
            for act, actor, other, action in steps:
                try:
                    self.attempt(letter, act, getattr(self, actor), getattr(self, other), action)
                except UserError:  # AccessError is one
                    self.env.invalidate_all()
            holds = letter.holder_ids.filtered(lambda h: h.role != "author")
            inside = holds.filtered(lambda h: h.state not in ("returned", "recalled"))
            self.assertEqual(len(inside), len(inside.user_id))
            self.assertEqual(letter.chain_ids, letter.chain_ids & holds)
            self.assertEqual(len(letter.chain_ids), len(holds))
            for hold in holds:
                unit = self.employee(hold.issuer_id).department_id
                self.assertFalse(hold.disposition_id and unit._esurat_above(hold.user_id))
                self.assertEqual(bool(hold.read_date), hold.state in ("read", "done", "returned"))
            for disposition in letter.disposition_ids:
                if disposition.instruction_ids.filtered("requires_action"):
                    responsible = disposition.holder_ids.filtered(lambda h: h.role == "responsible")
                    self.assertEqual(len(responsible), 1)
            for name in PEOPLE:
                user = getattr(self, name)
                sees = bool(self.env["esurat.letter"].with_user(user).search([("id", "=", letter.id)]))
                mine = holds.filtered(lambda h, user=user: h.user_id == user and h.state not in OUTSIDE_STATES)
                self.assertEqual(sees, bool(mine), name)
            savepoint.rollback()
        self.env.invalidate_all()
