from odoo.tests import tagged

from .common import EsuratCase


@tagged("post_install", "-at_install")
class TestClock(EsuratCase):
    """The clock of the server steps back: numbers go on, nothing is lost, and the trail is whole."""

    def whole(self):
        """Make sure that nothing is broken."""
        self.env.cr.flush()
        audit = self.env["esurat.audit"].with_user(self.admin)._check()
        self.assertEqual((audit.state, audit.findings), ("whole", ""))
        broken = self.env["esurat.integrity"].sudo()._broken()
        self.assertEqual([line for line in broken if not line.startswith("a file")], [])

    def test_an_hour(self):
        with self.moment("2026-03-02 03:00"):
            first = self.letter()
            self.dispose(first, self.head, self.chief)
            self.env.cr.flush()
            self.whole()
        with self.moment("2026-03-02 00:30"):
            second = self.letter()
            self.hold(first, self.chief)._follow_up("Sudah")
            self.hold(first, self.chief).with_user(self.head)._confirm()
            self.whole()
        with self.moment("2026-03-02 05:00"):
            third = self.letter()
            first._write_off("noted")
            self.whole()
        self.assertEqual((first + second + third).mapped("serial"), [1, 2, 3])

    def test_a_year(self):
        # midnight in Makassar is 16.00 UTC
        with self.moment("2026-12-31 16:30"):
            new = self.letter()
        with self.moment("2026-12-31 15:30"):
            old = self.letter()
        with self.moment("2026-12-31 17:00"):
            next_one = self.letter()
            self.whole()
        self.assertEqual([(one.year, one.serial) for one in new + old + next_one], [(2027, 1), (2026, 1), (2027, 2)])

    def test_a_delegation(self):
        with self.moment("2026-03-02 03:00"):
            letter = self.letter()
            self.env["esurat.delegation"].with_user(self.admin).create(
                {
                    "company_id": self.agency.id,
                    "principal_id": self.head.id,
                    "deputy_id": self.secretary.id,
                    "date_from": "2026-03-02 03:00",
                    "date_to": "2026-03-02 05:00",
                    "decree": "800/1",
                }
            )
        for moment, sees in (("02:59", False), ("04:00", True), ("02:30", False), ("05:00", False), ("04:59", True)):
            with self.subTest(moment), self.moment(f"2026-03-02 {moment}"):
                found = self.env["esurat.letter"].with_user(self.secretary).search([("id", "=", letter.id)])
                self.assertEqual(bool(found), sees)
