from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..models.holder import TRAYS
from .common import EsuratCase


@tagged("post_install", "-at_install")
class TestInbox(EsuratCase):
    """What waits for somebody is counted once, the same everywhere."""

    def counts(self, user):
        """Return the trays of *user* that are not empty: ``{tray: total}``."""
        trays = self.env["esurat.holder"].with_user(user)._count_trays()
        return {tray["tray"]: tray["total"] for tray in trays if tray["total"]}

    def test_a_hold_moves_from_tray_to_tray(self):
        letter = self.letter()
        self.assertEqual(self.counts(self.head), {"unread_letter": 1})
        letter.with_user(self.head).action_open()
        self.assertEqual(self.counts(self.head), {"open_letter": 1})
        self.dispose(letter, self.head, self.chief, self.secretary)
        self.assertEqual(self.counts(self.head), {})
        self.assertEqual(self.counts(self.chief), {"unread_disposition": 1})
        self.assertEqual(self.counts(self.secretary), {"unread_copy": 1})
        letter.with_user(self.chief).action_open()
        self.assertEqual(self.counts(self.chief), {"open_disposition": 1})
        letter.with_user(self.secretary).action_open()
        self.assertEqual(self.counts(self.secretary), {})
        self.hold(letter, self.chief)._follow_up("Done")
        self.assertEqual(self.counts(self.chief), {})

    def test_lists_and_counters_use_one_definition(self):
        for _letter in range(3):
            self.dispose(self.letter(), self.head, self.chief, self.secretary)
        self.letter()
        for user in (self.head, self.chief, self.secretary):
            Holder = self.env["esurat.holder"].with_user(user)
            found = {tray: Holder.search([("user_id", "=", user.id), ("tray", "=", tray)]) for tray in TRAYS}
            self.assertEqual(self.counts(user), {tray: len(holds) for tray, holds in found.items() if holds})
            for tray, holds in found.items():
                self.assertEqual(set(holds.mapped("tray")) - {tray}, set())
            to_do = Holder.search([("user_id", "=", user.id), ("is_to_do", "=", True)])
            self.assertEqual(to_do, Holder.browse().concat(*found.values()).sorted())

    def test_late_and_due_today(self):
        today = fields.Date.context_today(self.env["esurat.holder"].with_user(self.head))
        for days in (-1, 0, 1):
            self.letter().sudo().holder_ids.write({"deadline": today + timedelta(days=days)})
        [tray] = [t for t in self.env["esurat.holder"].with_user(self.head)._count_trays() if t["total"]]
        self.assertEqual((tray["total"], tray["late"], tray["today"], tray["planned"]), (3, 1, 1, 1))
        late = self.env["esurat.holder"].with_user(self.head).search([("is_late", "=", True)])
        self.assertEqual(len(late), 1)
        self.assertTrue(late.is_late)
        self.assertFalse(self.env["esurat.holder"].with_user(self.head).search([("is_late", "=", False)]) & late)

    def test_urgent_and_late_first(self):
        normal, urgent, very_urgent = (self.letter(urgency=urgency) for urgency in "012")
        late = self.letter()
        late.sudo().holder_ids.deadline = fields.Date.today() - timedelta(days=9)
        inbox = self.env["esurat.holder"].with_user(self.head).search([("user_id", "=", self.head.id)])
        self.assertEqual(inbox.letter_id, very_urgent + urgent + late + normal)

    def test_the_clock_shows_the_trays(self):
        self.dispose(self.letter(), self.head, self.chief)
        groups = self.env["res.users"].with_user(self.chief)._get_activity_groups()
        [group] = [group for group in groups if group["model"] == "esurat.holder"]
        self.assertEqual((group["esurat_tray"], group["total_count"]), ("unread_disposition", 1))
        holds = self.env["esurat.holder"].with_user(self.chief).search(group["domain"])
        self.assertEqual(holds, self.hold(holds.letter_id, self.chief))

    def test_the_clock_of_others_is_left_alone(self):
        outsider = self._person("outsider", "Tamu", self.other_division, groups="base.group_user")
        groups = self.env["res.users"].with_user(outsider)._get_activity_groups()
        self.assertFalse([group for group in groups if group["model"] == "esurat.holder"])

    def test_home_shows_the_register_to_registrars_alone(self):
        self.letter()
        self.assertFalse(self.env["esurat.holder"].with_user(self.head).retrieve_home()["register"])
        home = self.env["esurat.holder"].with_user(self.registrar).retrieve_home()
        self.assertEqual(
            {figure["filter"]: figure["total"] for figure in home["register"]},
            {"draft": 0, "backlog": 1, "late": 0, "proposed": 0, "unscanned": 0, "unsent": 0, "failed": 0},
        )
        self.assertEqual(len(home["trays"]), 9)

    def test_what_waits_reaches_the_browser_at_once(self):
        letter = self.draft()
        self.env.cr.precommit.run()
        self.env["bus.bus"].search([]).unlink()
        letter.action_register()
        self.env.cr.precommit.run()
        sent = self.env["bus.bus"].search([("message", "like", "mail.message/inbox")])
        self.assertEqual(len(sent), 1)
        self.assertIn(f'"res.partner",{self.head.partner_id.id}]', sent.channel)

    def test_who_prefers_email_gets_one(self):
        self.head.notification_type = "email"
        letter = self.letter()
        notification = letter.message_ids.sudo().notification_ids
        self.assertEqual((notification.res_partner_id, notification.notification_type), (self.head.partner_id, "email"))
