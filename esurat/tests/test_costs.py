from odoo import fields
from odoo.tests import tagged

from .common import EsuratCase, encoded, pdf


@tagged("post_install", "-at_install")
class TestCosts(EsuratCase):
    """What an act may cost, in queries, with its notifications. Each is warmed by doing it once before."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.many = cls.env["res.users"].concat(
            *(cls._person(f"member{index}", "Pelaksana", cls.section) for index in range(100))
        )

    def registration(self, letters=1):
        """Return an act that takes in and registers letters with a file and three addressees each."""
        type_id = self.env.ref("esurat.type_official").id

        def register():
            self.env["esurat.letter"].with_user(self.registrar).create(
                [
                    {
                        "subject": "Undangan",
                        "sender_id": self.sender.id,
                        "number": f"{index}",
                        "letter_date": "2026-01-05",
                        "type_id": type_id,
                        "recipient_ids": (self.head + self.secretary + self.chief).ids,
                        "scan": encoded(pdf(text=f"{index}")),
                        "scan_name": "a.pdf",
                    }
                    for index in range(letters)
                ]
            ).action_register()

        return register

    def disposition(self, people):
        """Return an act that passes a letter, opened before, on to one responsible and *people* - 1 copies."""
        letter = self.letter()
        letter.with_user(self.head).action_open()
        hold = self.hold(letter, self.head)
        one, others = self.many[0].with_user(self.head), self.many[1:people].with_user(self.head)
        return lambda: hold._dispose(one, others, self.process.with_user(self.head), note="Segera")

    def test_register_with_file_and_three_addressees(self):
        self.count(self.registration())
        self.assertLessEqual(self.count(self.registration()), 16)

    def test_a_batch_costs_no_more_queries_than_one_letter(self):
        self.count(self.registration(2))
        two, thirty, hundred = (self.count(self.registration(letters)) for letters in (2, 30, 100))
        self.assertEqual(thirty, two)
        # Odoo inserts a hundred rows at a time: 300 holds, notifications and bus messages take two inserts more each
        self.assertLessEqual(hundred, two + 6)

    def test_dispose(self):
        self.count(self.disposition(30))
        one, thirty, hundred = (self.count(self.disposition(people)) for people in (1, 30, 100))
        self.assertLessEqual(thirty, 13)
        self.assertEqual(one, thirty)
        self.assertLessEqual(hundred, thirty + 1)

    def test_open(self):
        warm, letter = (self.letter().with_user(self.head) for _letter in range(2))
        self.count(warm.action_open)
        self.assertLessEqual(self.count(letter.action_open), 10)

    def test_complete(self):
        for budget in (99, 10):
            letter = self.letter()
            self.dispose(letter, self.head, self.chief)
            hold = self.hold(letter, self.chief)
            self.assertLessEqual(self.count(lambda hold=hold: hold._follow_up("Selesai")), budget)

    def test_the_morning_message_costs_the_same_for_ten_people_and_for_a_hundred(self):
        letter = self.letter()
        copies = self.many[:10].with_user(self.head)
        self.dispose(letter, self.head, copies=copies, instructions=self.inform)
        dates = iter(fields.Date.add(fields.Date.context_today(letter), days=day) for day in range(9))

        def morning():
            found = self.env["esurat.morning"].create({"company_id": self.agency.id, "date": next(dates)})
            plan = found._plan()
            queries = self.count(lambda: found._write_batch(plan))
            return found.message_count, queries

        morning()
        ten = morning()
        self.dispose(letter, self.head, copies=self.many[10:].with_user(self.head), instructions=self.inform)
        hundred = morning()
        self.assertEqual(hundred[0] - ten[0], 90)
        self.assertLessEqual(ten[1], 20)
        # Odoo inserts a hundred messages at a time
        self.assertLessEqual(hundred[1], ten[1] + 1)

    def test_inbox_page_and_counters(self):
        for _letter in range(5):
            self.letter()
        holds = self.env["esurat.holder"].with_user(self.head)
        fields = ("subject", "sender_id", "brief", "deadline", "role", "state", "agenda_number", "urgency", "is_late")
        spec = {name: {"fields": {"display_name": {}}} if name == "sender_id" else {} for name in fields}

        def page():
            return holds.web_search_read([("user_id", "=", self.head.id), ("is_to_do", "=", True)], spec, limit=80)

        self.assertEqual(page()["length"], 5)
        self.count(page)
        self.assertLessEqual(self.count(page), 6)
        self.count(holds._count_trays)
        self.assertLessEqual(self.count(holds._count_trays), 2)
