from ast import literal_eval
from datetime import date

from odoo.tests import tagged

from .common import EsuratCase


@tagged("post_install", "-at_install")
class TestDesk(EsuratCase):
    """The head's home: what lies unread, late and undone in the agency, and where it waits."""

    def desk(self, user, moment="2026-06-10 10:00:00+08:00"):
        with self.moment(moment):
            return self.env["esurat.holder"].with_user(user).with_company(self.agency).retrieve_home()["desk"]

    def tiles(self, user):
        return {tile["figure"]: tile["total"] for tile in self.desk(user)["tiles"]}

    def lay_out(self):
        with self.moment("2026-06-01 08:00:00+08:00"):
            first, second = self.letter(), self.letter()
            self.letter(security_class="secret", recipient_ids=self.chief.ids)
            self.dispose(first, self.head, self.chief, deadline=date(2026, 6, 3))
        with self.moment("2026-06-10 08:00:00+08:00"):
            self.dispose(second, self.head, self.other_chief)

    def test_the_head_sees_the_agency_and_nobody_else_does(self):
        self.lay_out()
        self.assertEqual(self.tiles(self.head), {"unread": 2, "late": 1, "backlog": 2, "opened": "0 / 10"})
        for user in (self.chief, self.registrar, self.admin):
            with self.subTest(user.login):
                self.assertFalse(self.desk(user))

    def test_units_stand_by_how_long_letters_wait_there(self):
        self.lay_out()
        units = self.desk(self.head)["units"]
        self.assertEqual([unit["name"] for unit in units], ["Bidang", "Bidang Lain"])
        self.assertEqual([(unit["open"], unit["late"]) for unit in units], [(1, 1), (1, 0)])
        # eight hours a day: seven working days lie between, and two hours of that morning
        self.assertEqual([unit["hours"] for unit in units], [58, 2])

    def test_the_list_behind_a_tile_has_as_many_rows(self):
        self.lay_out()
        action = self.env["ir.actions.act_window"]._for_xml_id("esurat.action_waiting")
        with self.moment("2026-06-10 10:00:00+08:00"):
            found = self.env["esurat.holder"].with_user(self.head).search(literal_eval(action["domain"]))
        self.assertEqual(len(found), self.tiles(self.head)["unread"])

    def test_nobody_is_counted_on_a_day_without_work(self):
        self.lay_out()
        tiles = self.desk(self.head, "2026-06-07 10:00:00+08:00")["tiles"]
        self.assertNotIn("opened", [tile["figure"] for tile in tiles])

    def test_the_home_of_a_head_costs_the_same_however_much_lies_there(self):
        self.lay_out()
        self.desk(self.head)
        self.env.invalidate_all()
        with self.assertQueryCount(33):
            self.desk(self.head)
        with self.moment("2026-06-10 09:00:00+08:00"):
            for _number in range(12):
                self.dispose(self.letter(), self.head, self.chief)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(33):
            self.desk(self.head)
