import base64
import io

import pikepdf
from lxml import etree

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ..models.letter_review import Step
from .common import EsuratCase, encoded, pdf


class WritingCase(EsuratCase):
    """People who write, initial and sign."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["esurat.series"].create(
            {
                "name": "Internal",
                "company_id": cls.agency.id,
                "direction": "internal",
                "pattern": "{type}/{serial}/{year}",
            }
        )
        for user, rank, number in (
            (cls.head, "Pembina Utama Muda", "19700101 199503 1 001"),
            (cls.chief, "Pembina", "19750202 200003 2 002"),
        ):
            cls.env["hr.employee"].search([("user_id", "=", user.id)]).write(
                {"esurat_rank": rank, "esurat_number": number}
            )

    def text(self, user=None, **values):
        """Return a draft that *user* (the staff) has written here."""
        return self.draft(
            user or self.staff,
            **{
                "direction": "outgoing",
                "written_here": True,
                "subject": "Jawaban atas undangan",
                "sender_id": False,
                "addressee_ids": [self.sender.id],
                "classification_id": self.env.ref("esurat.classification_500_12").id,
                "body": "<p>Bersama ini kami sampaikan {{ subject }}.</p>",
                **values,
            },
        )

    def submit(self, letter, steps=None):
        """Submit *letter* through the dialogue, with the proposed route or *steps* of ``(role, user)``."""
        if steps is None:
            Form.from_action(letter.env, letter.action_submit()).save().action_confirm()
        else:
            letter._submit([Step(role, user.id) for role, user in steps])

    def review(self, letter, user):
        """Return the hold of *user* as a reviewer of *letter*, as she sees it once she has opened the letter."""
        letter.with_user(user).action_open()
        return (
            self.env["esurat.holder"]
            .with_user(user)
            .search(
                [
                    ("letter_id", "=", letter.id),
                    ("user_id", "=", user.id),
                    ("role", "in", ("initial", "coordinate", "sign")),
                    ("state", "!=", "recalled"),
                ]
            )
        )

    def route(self, letter):
        """Return ``[(role, user, state)]`` of the review of *letter*."""
        return [(hold.role, hold.user_id, hold.state) for hold in letter.sudo().route_ids]

    def page(self, letter):
        """Return the words of the letter's page as its author would see them printed."""
        return " ".join(letter._render_page().split())


@tagged("post_install", "-at_install")
class TestReview(WritingCase):
    """A text is written, initialled in order, sent back, corrected, and reaches whoever signs it."""

    def test_the_route_follows_the_hierarchy(self):
        letter = self.text()
        self.submit(letter)
        self.assertEqual(
            self.route(letter),
            [("initial", self.leader, "unread"), ("initial", self.chief, "waiting"), ("sign", self.head, "waiting")],
        )
        self.assertEqual(letter.state, "review")

    def test_nobody_initials_what_its_author_signs(self):
        letter = self.text(self.head)
        self.assertEqual([step.role for step in letter._propose_route()], ["sign"])
        with self.assertRaisesRegex(UserError, "author signs"):
            letter._submit([Step("initial", self.chief.id), Step("sign", self.head.id)])

    def test_three_initials_at_most(self):
        letter = self.text()
        people = (self.leader, self.chief, self.secretary, self.other_chief)
        with self.assertRaisesRegex(UserError, "three"):
            self.submit(letter, [*(("initial", user) for user in people), ("sign", self.head)])

    def test_initials_one_after_the_other_then_the_signature(self):
        letter = self.text()
        self.submit(letter)
        with self.assertRaises(AccessError):
            letter.with_user(self.chief).read(["subject"])
        self.review(letter, self.leader).action_approve()
        self.assertEqual(letter.state, "review")
        self.assertTrue(letter.with_user(self.chief).subject)
        self.review(letter, self.chief).action_approve()
        self.assertEqual(letter.state, "to_sign")
        self.assertEqual(self.env["esurat.holder"].with_user(self.head)._count_trays()[6]["total"], 1)

    def test_the_consulted_stand_side_by_side(self):
        letter = self.text()
        self.submit(letter, [("coordinate", self.secretary), ("coordinate", self.other_chief), ("sign", self.head)])
        self.review(letter, self.other_chief).action_approve()
        self.assertEqual(letter.state, "review")
        self.review(letter, self.secretary).action_approve()
        self.assertEqual(letter.state, "to_sign")

    def test_whoever_approves_has_looked_at_it(self):
        letter = self.text()
        self.submit(letter)
        hold = (
            self.env["esurat.holder"]
            .with_user(self.leader)
            .search([("letter_id", "=", letter.id), ("role", "=", "initial"), ("user_id", "=", self.leader.id)])
        )
        with self.assertRaises(UserError):
            hold.action_approve()
        letter.with_user(self.leader).action_open()
        hold.action_approve()

    def test_many_at_once(self):
        letters = [self.text(subject=f"Surat {number}") for number in range(3)]
        for letter in letters:
            self.submit(letter)
        holds = (
            self.env["esurat.holder"].with_user(self.leader).union(*(self.review(one, self.leader) for one in letters))
        )
        holds.action_approve()
        self.assertEqual({self.route(letter)[1][2] for letter in letters}, {"unread"})

    def test_sent_back_with_a_comment_and_submitted_again(self):
        letter = self.text()
        self.submit(letter)
        self.review(letter, self.leader).action_approve()
        dialogue = Form.from_action(self.env(user=self.chief), self.review(letter, self.chief).action_reject())
        dialogue.response = "Nomor undangan belum disebut"
        dialogue.save().action_confirm()
        self.assertEqual(letter.state, "draft")
        trays = {tray["tray"]: tray["total"] for tray in self.env["esurat.holder"].with_user(self.staff)._count_trays()}
        self.assertEqual(trays["draft"], 1)
        letter.body = "<p>Menjawab undangan nomor 5.</p>"
        self.submit(letter)
        # another text: whoever approved the first is asked again
        self.assertEqual([state for _role, _user, state in self.route(letter)], ["unread", "waiting", "waiting"])

    def test_unchanged_asks_nobody_twice(self):
        letter = self.text()
        self.submit(letter)
        self.review(letter, self.leader).action_approve()
        self.review(letter, self.chief)._reject("Tunggu dulu")
        self.submit(letter)
        self.assertEqual([state for _role, _user, state in self.route(letter)], ["done", "unread", "waiting"])

    def test_back_to_an_earlier_step(self):
        letter = self.text()
        self.submit(letter)
        self.review(letter, self.leader).action_approve()
        self.review(letter, self.chief).action_approve()
        head = self.review(letter, self.head)
        leader = letter.sudo().route_ids[0].with_user(self.head)
        head._reject("Periksa angkanya", leader)
        self.assertEqual([state for _role, _user, state in self.route(letter)], ["unread", "done", "returned"])
        self.assertEqual(letter.state, "review")
        self.review(letter, self.leader).action_approve()
        self.assertEqual([state for _role, _user, state in self.route(letter)], ["done", "done", "unread"])

    def test_a_correction_asks_those_before_again(self):
        letter = self.text()
        self.submit(letter)
        self.review(letter, self.leader).action_approve()
        chief = self.review(letter, self.chief)
        letter.with_user(self.chief).body = "<p>Versi kepala bidang.</p>"
        chief.action_approve()
        self.assertEqual([state for _role, _user, state in self.route(letter)], ["unread", "done", "waiting"])
        self.review(letter, self.leader).action_approve()
        self.assertEqual(letter.state, "to_sign")
        self.assertEqual(letter.version_ids.sorted("number").mapped("occasion"), ["submitted", "corrected"])

    def test_nobody_else_changes_what_is_under_review(self):
        letter = self.text()
        self.submit(letter)
        for user in (self.staff, self.chief, self.head, self.stranger, self.registrar):
            with self.subTest(user.login), self.assertRaises(UserError):
                letter.with_user(user).body = "<p>Lain</p>"
        letter.action_withdraw()
        letter.body = "<p>Lain</p>"

    def test_another_reviewer(self):
        letter = self.text()
        self.submit(letter)
        hold = letter.route_ids[0]
        dialogue = Form.from_action(self.env(user=self.staff), hold.action_replace())
        dialogue.user_id = self.clerk
        dialogue.save().action_confirm()
        self.assertEqual(self.route(letter)[0], ("initial", self.clerk, "unread"))
        with self.assertRaises(AccessError):
            letter.with_user(self.leader).read(["subject"])

    def test_drafts_are_their_authors_alone(self):
        letter = self.text()
        for user in (self.clerk, self.leader, self.head, self.neighbour):
            with self.subTest(user.login), self.assertRaises(AccessError):
                letter.with_user(user).read(["body"])
        with self.assertRaises(AccessError):
            self.text(self.staff, state="sent")
        with self.assertRaises(AccessError):
            self.draft(self.staff, direction="incoming")
        letter.unlink()

    def test_a_secret_draft(self):
        letter = self.text(security_class="secret")
        self.submit(letter)
        with self.assertRaises(AccessError):
            letter.with_user(self.registrar).read(["subject"])
        self.assertTrue(letter.with_user(self.leader).subject)

    # the page

    def test_merge_fields_and_nothing_else(self):
        incoming = self.letter(number="005/17/DISDIK", letter_date="2025-02-08")
        letter = self.text(
            self.head,
            reply_to_id=incoming.id,
            body="<p>{{ reply_number }} {{ reply_date }} {{subject}} {{ addressee }} <b>&lt;x&gt;</b></p>",
            subject="<script>alert(1)</script>",
        )
        page = self.page(letter)
        self.assertIn("005/17/DISDIK", page)
        self.assertIn("Dinas Pendidikan", page)
        self.assertNotIn("<script>alert", page)
        with self.assertRaisesRegex(ValidationError, "no merge field"):
            letter.body = "<p>{{ company_id.sudo() }}</p>"

    def test_a_form_that_is_filled_in_shows_no_other_letter(self):
        incoming = self.letter(subject="Perihal milik orang lain")
        values = {
            "written_here": True,
            "direction": "outgoing",
            "reply_to_id": incoming.id,
            "body": "{{ reply_subject }}",
        }
        answer = (
            self.env["esurat.letter"].with_user(self.stranger).onchange(values, ["body"], {"preview": {}, "body": {}})
        )
        self.assertFalse(answer["value"].get("preview"))

    def test_a_file_in_the_chatter_does_not_stand_for_the_page(self):
        letter = self.text()
        letter.message_post(body="Bahan", attachments=[("bahan.pdf", pdf())], message_type="comment")
        self.assertFalse(letter.message_main_attachment_id)

    def test_a_renamed_addressee_is_another_letter(self):
        letter = self.text()
        self.submit(letter, [("initial", self.leader), ("sign", self.head)])
        self.review(letter, self.leader).action_approve()
        self.sender.name = "Dinas Lain"
        with self.assertRaisesRegex(UserError, "changed after"):
            letter.with_user(self.head)._check_approved()

    def test_archival_pdf_with_its_annexes(self):
        letter = self.text(
            annex_ids=[
                (0, 0, {"name": "Daftar peserta", "body": "<p>1. Budi</p>"}),
                (0, 0, {"name": "Denah", "file": encoded(pdf(1, "denah")), "file_name": "denah.pdf"}),
            ],
            copy_partner_ids=[self.sender.id],
        )
        content, pages = letter._render_letter()
        self.assertEqual(pages, 2)
        with pikepdf.open(io.BytesIO(content)) as document:
            self.assertEqual(document.open_metadata().pdfa_status, "3B")
            self.assertIn("denah.pdf", document.attachments)
        self.assertEqual(base64.b64decode(letter.preview)[:5], b"%PDF-")

    def test_annexes_stay_once_reviewed(self):
        letter = self.text(annex_ids=[(0, 0, {"name": "Daftar", "body": "<p>1</p>"})])
        self.submit(letter)
        with self.assertRaises(UserError):
            letter.annex_ids.write({"name": "Lain"})
        with self.assertRaises(UserError):
            self.env["esurat.annex"].with_user(self.clerk).create({"letter_id": letter.id, "name": "x"})

    def test_signed_for_another(self):
        letter = self.text()
        letter._submit([Step("sign", self.secretary.id, "on_behalf", "Kepala Dinas")])
        page = self.page(letter)
        self.assertIn("a.n. Kepala Dinas", page)
        self.assertIn("Sekretaris,", page)

    def test_what_is_missing_is_said_before_anybody_reads_it(self):
        for values, word in (
            ({"body": "<p><br></p>"}, "text"),
            ({"classification_id": False}, "classification"),
            ({"addressee_ids": False}, "addressee"),
        ):
            with self.subTest(word), self.assertRaisesRegex(UserError, word):
                self.submit(self.text(**values), [("sign", self.head)])
        # a decree goes to nobody
        letter = self.text(addressee_ids=False, type_id=self.env.ref("esurat.type_decree").id)
        self.submit(letter, [("sign", self.head)])
        self.assertEqual(letter.state, "to_sign")

    def test_a_memo_begins_as_a_memo_of_its_authors_unit(self):
        context = {"default_direction": "internal", "default_written_here": True, "default_sender_id": False}
        form = Form(self.env["esurat.letter"].with_user(self.staff).with_context(**context))
        self.assertEqual(form.type_id, self.env.ref("esurat.type_memo"))
        self.assertEqual(form.department_id, self.section)
        self.assertEqual(self.text().department_id, self.section)
        self.assertEqual(self.text(department_id=self.division.id).department_id, self.division)

    def test_who_acts_for_another_is_named_so_everywhere(self):
        letter = self.text(
            direction="internal",
            type_id=self.env.ref("esurat.type_memo").id,
            addressee_ids=False,
            recipient_ids=[self.other_chief.id],
            copy_position_ids=self.employee(self.clerk).job_id.ids,
            body="<p>{{ position }} meminta</p>",
        )
        letter._submit([Step("sign", self.secretary.id, "acting", "Kepala Dinas")])
        page = self.page(letter)
        self.assertIn("Plt. Kepala Dinas meminta", page)
        self.assertNotIn("Sekretaris", page)
        # a memo names its copies once, in its head
        self.assertEqual(page.count("Pelaksana"), 1)

    def test_layouts_say_where_and_when(self):
        self.agency.city = "Bontang"
        for kind, place, about in (
            ("official", "place", False),
            ("decree", "enacted", True),
            ("assignment", "enacted", False),
            ("certificate", "enacted", False),
        ):
            letter = self.text(type_id=self.env.ref(f"esurat.type_{kind}").id)
            page = etree.HTML(letter._render_page())
            with self.subTest(kind):
                [where] = page.xpath("//div[@class='place' or @class='enacted']")
                self.assertEqual(where.get("class"), place)
                self.assertIn("Bontang", "".join(where.itertext()))
                self.assertEqual(bool(page.xpath("//div[@class='title_about']")), about)
                # decrees say so on two lines
                self.assertEqual(bool(where.xpath("br")), kind in ("decree", "assignment"))

    def test_a_draft_shows_who_would_sign_it(self):
        letter = self.text(body="<p>{{ position }}</p>")
        self.assertFalse(letter.route_ids)
        page = self.page(letter)
        for words in ("Kepala Dinas,", "Head", "NIP 19700101 199503 1 001", "<p>Kepala Dinas</p>"):
            self.assertIn(words, page)
        self.assertFalse(letter.sudo().holder_ids.filtered(lambda hold: hold.role == "sign"))
        self.submit(letter, [("sign", self.secretary)])
        self.assertIn("Sekretaris,", self.page(letter))
        self.assertNotIn("Kepala Dinas,", self.page(letter))

    def test_the_class_stands_on_what_is_not_open(self):
        letter = self.text()
        marks = {"open": "", "restricted": 'class="security ">T<', "secret": 'class="security red">R<'}
        for security_class, mark in marks.items():
            with self.subTest(security_class):
                letter.security_class = security_class
                self.assertIn(mark, self.page(letter))
                self.assertEqual('class="security' in self.page(letter), bool(mark))

    def test_whoever_begins_a_letter_may_submit_it(self):
        context = {"default_direction": "outgoing", "default_written_here": True, "default_sender_id": False}
        form = Form(self.env["esurat.letter"].with_user(self.staff).with_context(**context))
        self.assertEqual(form.my_acts, "submit")
        incoming = Form(self.env["esurat.letter"].with_user(self.staff))
        self.assertFalse(incoming.my_acts)

    def test_answer_starts_with_what_is_known(self):
        incoming = self.letter(
            number="005/17", classification_id=self.env["esurat.classification"].search([], limit=1).id
        )
        action = incoming.with_user(self.head).action_answer()
        reply = self.env["esurat.letter"].with_user(self.head).browse(action["res_id"])
        self.assertEqual(reply.reply_to_id, incoming)
        self.assertEqual(reply.addressee_ids, self.sender)
        self.assertEqual(reply.classification_id, incoming.classification_id)
        self.assertEqual(reply.state, "draft")
        with self.assertRaises(UserError):
            incoming.with_user(self.stranger).action_answer()

    # versions and templates

    def test_two_versions_are_compared(self):
        letter = self.text(body="<p>Salam</p><p>Rapat hari Senin</p>")
        self.submit(letter)
        self.review(letter, self.leader)._reject("Selasa")
        letter.body = '<p data-oe-version="2.0">Salam</p><p>Rapat hari Selasa</p>'
        self.submit(letter)
        latest = letter.version_ids.sorted("number")[-1]
        self.assertEqual(latest.number, 2)
        changed = "<p>Salam</p><p><ins>Rapat hari Selasa</ins><del>Rapat hari Senin</del></p>"
        self.assertEqual(latest.comparison, changed)
        other = self.text(self.clerk, body="<p>Rahasia</p>")
        self.submit(other)
        compare = Form.from_action(letter.env, letter.version_ids.action_compare())
        self.assertIn("Selasa", compare.comparison)
        strange = self.env["esurat.compare"].with_user(self.staff)
        with self.assertRaises(AccessError):
            strange.create({"earlier_id": other.sudo().version_ids.id, "later_id": latest.id}).read(["comparison"])

    def test_a_letter_keeps_its_template(self):
        kind = self.env.ref("esurat.type_official")
        first = self.text(type_id=kind.id)
        before = first.template_id
        kind.with_user(self.admin).body = "<p>Kalimat baru</p>"
        self.assertEqual(kind.template_id.version, before.version + 1)
        second = Form(
            self.env["esurat.letter"]
            .with_user(self.staff)
            .with_context(default_direction="outgoing", default_written_here=True)
        )
        self.assertIn("Kalimat baru", second.body)
        self.assertEqual(first.template_id, before)
