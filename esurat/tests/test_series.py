from freezegun import freeze_time
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import AccessError, ConcurrencyError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import EsuratCase


@tagged("post_install", "-at_install")
class TestSeries(EsuratCase):
    """Numbers of a register: no gap, no double, reserved ones aside; under concurrency, see the suite outside."""

    def serials(self):
        return self.env["esurat.letter"].search([("series_id", "=", self.series.id)]).mapped("serial")

    def reserve(self, count=1, series=None):
        dialogue = (
            self.env["esurat.reserve"]
            .with_user(self.registrar)
            .create({"series_id": (series or self.series).id, "count": count, "reason": "Made by hand"})
        )
        return self.env["esurat.reservation"].with_user(self.registrar).search(dialogue.action_confirm()["domain"])

    def test_counting_starts_anew_each_year(self):
        with freeze_time("2026-12-31 01:00:00"):
            self.assertEqual([self.letter().serial, self.letter().serial], [1, 2])
        # 00.30 of the new year in Makassar
        with freeze_time("2026-12-31 16:30:00"):
            letter = self.letter()
            self.assertEqual((letter.year, letter.serial), (2027, 1))

    def test_each_series_counts_for_itself(self):
        self.letter()
        self.env["esurat.series"].create(
            {
                "name": "Invitations",
                "company_id": self.agency.id,
                "type_ids": self.env.ref("esurat.type_invitation").ids,
                "pattern": "UND-{serial}",
            }
        )
        invitation = self.letter(type_id=self.env.ref("esurat.type_invitation").id)
        self.assertEqual(invitation.agenda_number, "UND-1")
        self.assertEqual(self.letter().agenda_number, "0002")

    def test_a_batch_is_numbered_in_order(self):
        letters = self.draft() + self.draft() + self.draft(direction="outgoing", sender_id=False) + self.draft()
        letters.action_register()
        self.assertEqual(letters.mapped("serial"), [1, 2, 1, 3])

    def test_a_reserved_number_is_used_by_the_letter_that_asks_for_it(self):
        first, second = self.reserve(2).sorted("serial")
        self.assertEqual((first.serial, second.serial, first.state), (1, 2, "reserved"))
        self.assertEqual(self.letter().serial, 3)
        letter = self.letter(reservation_id=second.id)
        self.assertEqual((letter.serial, letter.agenda_number), (2, "0002"))
        self.assertEqual(second.state, "used")

    def test_a_released_number_is_offered_next(self):
        reservations = self.reserve(2)
        self.letter()
        reservations.action_release()
        self.assertEqual([self.letter().serial for _letter in range(3)], [1, 2, 4])
        self.assertEqual(set(reservations.mapped("state")), {"used"})

    def test_a_number_in_use_is_not_released_and_none_is_deleted(self):
        reservation = self.reserve()
        self.letter(reservation_id=reservation.id)
        with self.assertRaisesRegex(UserError, "cannot be released"):
            reservation.action_release()
        with self.assertRaisesRegex(UserError, "leaves a trace"):
            reservation.sudo().unlink()

    def test_the_number_of_a_secret_letter_does_not_look_free(self):
        reservation = self.reserve()
        self.letter(reservation_id=reservation.id, security_class="secret")
        other = self._person("other_registrar", "Agendaris", self.secretariat, groups="esurat.group_registrar")
        reservation = reservation.with_user(other)
        self.env.invalidate_all()
        self.assertEqual(reservation.state, "used")
        self.assertFalse(reservation.search([("state", "=", "reserved"), ("id", "=", reservation.id)]))
        self.assertTrue(reservation.search([("state", "=", "used"), ("id", "=", reservation.id)]))
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "cannot be released"):
            reservation.action_release()

    def test_an_archived_series_numbers_nothing_whoever_looks(self):
        self.series.copy({"name": "Successor", "pattern": "N-{serial}"})
        self.series.active = False
        letter = self.draft().with_context(active_test=False)
        letter.action_register()
        self.assertEqual(letter.agenda_number, "N-1")

    def test_a_number_reserved_last_year_stays_of_that_year(self):
        with freeze_time("2026-12-30 01:00:00"):
            reservation = self.reserve(series=self.outgoing_series)
        with freeze_time("2027-01-05 01:00:00"):
            letter = self.draft(direction="outgoing", sender_id=False, reservation_id=reservation.id)
            letter.action_register()
        self.assertEqual((letter.year, letter.agenda_number), (2026, "1/DC/2026"))

    def test_a_reserved_number_of_another_series_is_refused(self):
        reservation = self.reserve(series=self.outgoing_series)
        with self.assertRaisesRegex(UserError, "is not of the series"):
            self.letter(reservation_id=reservation.id)

    def test_numbers_are_reserved_in_order_or_not_at_all(self):
        reservation = self.reserve()
        with self.assertRaises(AccessError):
            reservation.create({"series_id": self.series.id, "year": 2026, "serial": 9999, "reason": "x"})
        with self.assertRaises(AccessError):
            reservation.write({"serial": 9999})

    def test_reservations_within_reason(self):
        for values in ({"count": 0}, {"count": 101}, {"year": 1999}):
            dialogue = (
                self.env["esurat.reserve"]
                .with_user(self.registrar)
                .create({"series_id": self.series.id, "reason": "x", **values})
            )
            with self.assertRaises(UserError):
                dialogue.action_confirm()

    def test_a_pattern_is_checked_and_shown(self):
        with Form(self.env["esurat.series"].with_user(self.admin)) as form:
            form.name = "Memo"
            form.pattern = "{type}/{serial:03d}/{month_roman}"
            self.assertRegex(form.example, r"^SD/015/[IVX]+$")
        for pattern, words in (
            ("{nomor}/{serial}", "unknown part {nomor}"),
            ("{unit}", "needs {serial}"),
            ("{serial", "do not match"),
        ):
            with self.assertRaisesRegex(ValidationError, words):
                self.series.pattern = pattern

    def test_a_used_series_is_not_deleted(self):
        self.letter()
        with self.assertRaisesRegex(UserError, "archive it instead"):
            self.series.unlink()

    def test_an_earlier_series_is_never_waited_for(self):
        """Two transactions that hold one series each and want the other's would wait for each other for ever."""
        self.addCleanup(self.env.cr.cache.pop, "esurat.series.held", None)
        low, high = sorted((self.series.id, self.outgoing_series.id))
        Series = self.env["esurat.series"]
        with self.registry.cursor() as other:
            other.execute("SELECT pg_advisory_xact_lock('esurat_series'::regclass::oid::int, %s)", [low])
            Series.browse(high)._lock()
            with self.assertRaises(ConcurrencyError):
                Series.browse(low)._lock()

    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.sampled_from(["register", "roll back", "reserve", "release", "use", "cancel"]), max_size=12))
    def test_whatever_happens_there_is_no_gap_and_no_double(self, steps):
        with self.cr.savepoint() as savepoint:
            used = []
            letters = self.env["esurat.letter"].with_user(self.registrar)
            reserved = self.env["esurat.reservation"].with_user(self.registrar)
            for step in steps:
                free = reserved.filtered(lambda r: r.state == "reserved")
                if step == "register":
                    used.append(self.letter().serial)
                elif step == "roll back":
                    with self.cr.savepoint() as inner:
                        self.letter()
                        inner.rollback()
                    self.env.invalidate_all()
                elif step == "reserve":
                    reserved |= self.reserve(2)
                elif step == "release":
                    free[:1].action_release()
                elif step == "use" and free:
                    used.append(self.letter(reservation_id=free[:1].id).serial)
                elif step == "cancel" and used:
                    registered = letters.search([("series_id", "=", self.series.id), ("state", "=", "registered")])
                    if registered:
                        registered[0]._cancel("x")
            taken = self.serials() + reserved.filtered(lambda r: r.state != "used").mapped("serial")
            self.assertEqual(sorted(taken), list(range(1, len(taken) + 1)))
            self.assertEqual(sorted(self.serials()), sorted(used))
            savepoint.rollback()
        self.env.invalidate_all()
