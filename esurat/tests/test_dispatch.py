import base64
import hashlib
import io
import json
import zipfile
from datetime import timedelta
from unittest.mock import patch

from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MockEmail

from ..models.consignment import PAUSES
from ..tools import envelope
from .common import encoded, pdf
from .test_signing import SigningCase


class DispatchCase(SigningCase, MockEmail):
    """Letters that leave the house, for a neighbour in this database and for others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.outside = cls.env["res.partner"].create({"name": "PT Maju", "email": "surat@maju.example"})
        cls.village = cls.env["res.partner"].create({"name": "Kelurahan Tanjung"})

    def signed(self, *partners, **values):
        """Return a signed letter of the staff to *partners*."""
        letter = self.ready(addressee_ids=[partner.id for partner in partners], **values)
        self.sign(letter)
        return letter

    def send(self, letter, user=None):
        """Send *letter* through the dialogue and return its consignments, as the author sees them."""
        letter = letter.with_user(user or self.staff)
        Form.from_action(letter.env, letter.action_send()).save().action_confirm()
        return letter.consignment_ids

    def received(self):
        """Return what the neighbour's registrar has to register."""
        return self.env["esurat.letter"].with_user(self.neighbour_registrar).search([("state", "=", "draft")])

    def deliver(self):
        """Let the scheduled action do its work."""
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("esurat.cron_consignment").method_direct_trigger()
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestDispatch(DispatchCase):
    """A letter reaches each destination once, and its sender knows what became of it."""

    def test_to_another_agency_of_this_database(self):
        letter = self.signed(self.neighbour_agency.partner_id)
        consignment = self.send(letter)
        self.assertEqual((consignment.channel, consignment.state, letter.state), ("same", "delivered", "sent"))
        there = self.received()
        self.assertEqual((there.number, there.subject, there.direction), (letter.number, letter.subject, "incoming"))
        self.assertEqual(there.sender_id, self.agency.partner_id)
        self.assertEqual(there.message_main_attachment_id.raw, self.file(letter))
        stored = [one.sudo().message_main_attachment_id.store_fname for one in (letter, there)]
        self.assertEqual(*stored)
        there.action_register()
        self.assertEqual(consignment.state, "delivered")
        there.with_user(self.neighbour).action_open()
        self.assertEqual(consignment.state, "read")
        with self.assertRaises(AccessError):
            there.with_user(self.staff).read(["subject"])

    def test_what_is_answered_is_written_off(self):
        incoming = self.letter(number="005/17", classification_id=self.env.ref("esurat.classification_500_12").id)
        reply = self.answered(incoming)
        self.assertEqual((incoming.state, incoming.write_off_kind), ("done", "answered"))
        self.assertEqual(incoming.write_off_note, reply.number)

    def answered(self, incoming):
        """Let the head answer *incoming*, sign and send the answer, and return it."""
        action = incoming.with_user(self.head).action_answer()
        reply = self.env["esurat.letter"].with_user(self.head).browse(action["res_id"])
        reply.write({"subject": "Jawaban", "body": "<p>Ya</p>", "addressee_ids": self.neighbour_agency.partner_id.ids})
        self.submit(reply, [("sign", self.head)])
        self.sign(reply)
        reply.with_user(self.head)._send()
        return reply

    def test_a_cancelled_answer_answers_nothing(self):
        incoming = self.letter(classification_id=self.env.ref("esurat.classification_500_12").id)
        reply = self.answered(incoming)
        there = self.received()
        there.action_register()
        reply.with_user(self.registrar)._cancel("Keliru")
        self.assertEqual(incoming.state, "in_progress")
        self.assertFalse(incoming.write_off_kind or incoming.write_off_date)
        self.assertEqual(self.hold(incoming, self.head).state, "read")
        self.assertIn(reply.number, incoming.message_ids[0].body)
        # the other agency is told what became of what it has got
        self.assertIn("Keliru", there.message_ids[0].body)
        self.assertIn(self.neighbour.partner_id, there.message_ids[0].sudo().notified_partner_ids)

    def test_an_answer_answers_what_was_written_off_by_it(self):
        answer = self.signed(self.village)
        first, second = (self.letter(subject=f"Pertanyaan {number}") for number in (1, 2))
        other = self.letter()
        other._write_off("answered", note=f"{answer.number}7")
        (first | second)._write_off("answered", reply=answer.with_user(self.registrar))
        answer.with_user(self.registrar)._cancel("Keliru")
        self.assertEqual([one.state for one in (first, second, other)], ["in_progress", "in_progress", "done"])

    def test_a_contact_that_is_archived_gets_its_letter(self):
        letter = self.signed(self.village)
        self.village.active = False
        self.assertEqual(self.send(letter).partner_id, self.village)

    def test_the_registrar_takes_up_what_is_not_settled(self):
        letter = self.letter()
        letter._write_off("noted")
        with self.assertRaises(UserError):
            letter.with_user(self.head).action_take_up()
        letter.action_take_up()
        self.assertEqual((letter.state, self.hold(letter, self.head).state), ("in_progress", "read"))
        self.assertTrue(letter.is_backlog)

    def test_what_does_not_arrive_goes_on_paper_instead(self):
        letter = self.signed(self.outside)
        consignment = self.send(letter)
        consignment.sudo()._give_up()
        home = self.env["esurat.letter"].with_user(self.registrar)._count_register()
        self.assertEqual([figure["total"] for figure in home if figure["filter"] == "failed"], [1])
        consignments = self.env["esurat.consignment"].with_user(self.registrar)
        self.assertEqual(consignments.search([("is_failed", "=", True)]), consignment)
        self.assertTrue(consignment.is_failed)
        with self.assertRaises(UserError):
            consignment.with_user(self.head).action_on_paper()
        consignment.action_on_paper()
        self.assertEqual((consignment.channel, consignment.state), ("paper", "queued"))
        consignment.action_delivered()
        self.assertEqual(consignment.state, "delivered")

    def test_no_way_that_leads_nowhere(self):
        letter = self.signed(self.village)
        for channel in ("same", "server", "email"):
            with self.subTest(channel), self.assertRaisesRegex(UserError, "Kelurahan Tanjung"):
                letter._send({(letter, self.village): channel})
        with self.assertRaises(UserError):
            letter._send({(letter, self.outside): "email"})

    def test_who_wrote_a_secret_letter_keeps_its_dispatch_book(self):
        letter = self.signed(self.village, security_class="secret")
        consignment = self.send(letter)
        consignment.write({"handed_to": "Budi"})
        with self.assertRaises(AccessError):
            consignment.with_user(self.registrar).write({"handed_to": "Ani"})
        other = self.send(self.signed(self.village))
        with self.assertRaises(AccessError):
            other.with_user(self.head).write({"handed_to": "Ani"})

    def test_nobody_answers_what_she_does_not_see(self):
        incoming = self.letter()
        with self.assertRaises(AccessError):
            self.text(self.stranger, reply_to_id=incoming.id)
        draft = self.text(self.stranger)
        with self.assertRaises(AccessError):
            draft.reply_to_id = incoming.id

    def test_by_mail(self):
        letter = self.signed(self.outside)
        consignment = self.send(letter)
        self.assertEqual((consignment.channel, consignment.state), ("email", "queued"))
        with self.mock_mail_gateway(mail_unlink_sent=False):
            self.deliver()
            self.deliver()
        [mail] = self._mails
        self.assertEqual(consignment.state, "delivered")
        [(_name, content, _mimetype)] = mail["attachments"]
        self.assertEqual(content, self.file(letter))
        self.assertIn(letter.sudo().verify_token, mail["body"])
        consignment.sudo()._message_receive_bounce("surat@maju.example", self.outside)
        self.assertEqual(consignment.state, "failed")
        self.assertIn("came back", letter.message_ids[0].body)

    def test_on_paper(self):
        letter = self.signed(self.village)
        consignment = self.send(letter)
        self.assertEqual((consignment.channel, consignment.state), ("paper", "queued"))
        registrar = consignment.with_user(self.registrar)
        registrar.write({"tracking_number": "POS123", "handed_to": "Budi"})
        with self.assertRaises(UserError):
            registrar.write({"state": "read"})
        registrar.action_delivered()
        self.assertEqual(consignment.state, "delivered")
        for user in (self.clerk, self.stranger, self.neighbour_registrar):
            with self.subTest(user.login), self.assertRaises(AccessError):
                consignment.with_user(user).action_delivered()

    def test_secret_letters_go_on_paper(self):
        letter = self.signed(self.neighbour_agency.partner_id, security_class="secret")
        self.assertEqual(self.send(letter).channel, "paper")
        letter = self.signed(self.neighbour_agency.partner_id, security_class="secret")
        with self.assertRaisesRegex(UserError, "paper"):
            letter._send({(letter, self.neighbour_agency.partner_id): "same"})

    def test_it_is_tried_again_and_then_somebody_is_told(self):
        letter = self.signed(self.outside)
        consignment = self.send(letter)
        now = fields.Datetime.now()
        with (
            mute_logger("odoo.addons.mail.models.mail_mail"),
            patch.object(
                type(self.env["mail.mail"]),
                "send",
                lambda mails, **options: mails.write({"state": "exception", "failure_reason": "Full"}),
            ),
        ):
            for pause in PAUSES:
                self.deliver()
                self.assertEqual(consignment.state, "queued")
                self.assertAlmostEqual(consignment.next_attempt, now + pause, delta=timedelta(minutes=1))
                # nothing happens before its time
                attempts = consignment.attempts
                self.deliver()
                self.assertEqual(consignment.attempts, attempts)
                consignment.sudo().next_attempt = now
            self.deliver()
        self.assertEqual((consignment.state, consignment.trouble), ("failed", "Full"))
        self.assertIn("Could not be delivered", letter.message_ids[0].body)
        self.assertIn(self.staff.partner_id, letter.message_ids[0].sudo().notified_partner_ids)
        consignment.action_try_again()
        self.assertEqual((consignment.state, consignment.attempts), ("queued", 0))

    def test_only_authors_and_registrars_send(self):
        letter = self.signed(self.village)
        for user in (self.head, self.clerk, self.stranger):
            with self.subTest(user.login), self.assertRaises(UserError):
                letter.with_user(user)._send()
        with self.assertRaises(UserError):
            self.text(addressee_ids=[self.village.id])._send()
        letter.with_user(self.registrar)._send()
        with self.assertRaises(UserError):
            letter._send()

    def test_anything_can_be_got_out(self):
        letter = self.signed(
            self.village, annex_ids=[(0, 0, {"name": "Denah", "file": encoded(pdf()), "file_name": "../denah.pdf"})]
        )
        letter.with_user(self.registrar).srikandi_number = "SRK-1"
        dialogue = self.env["esurat.export"].with_user(self.staff).create({"letter_ids": letter.ids})
        dialogue.action_confirm()
        with zipfile.ZipFile(io.BytesIO(base64.b64decode(dialogue.file))) as archive:
            names = archive.namelist()
            self.assertFalse([name for name in names if ".." in name or name.startswith("/")])
            data = json.loads(archive.read(next(name for name in names if name.endswith("letter.json"))))
            files = [archive.read(name) for name in names if name.endswith(".pdf")]
        self.assertEqual((data["number"], data["srikandi_number"]), (letter.number, "SRK-1"))
        self.assertEqual([hashlib.sha256(content).hexdigest() for content in files], data["sha256"])
        self.assertIn("letters.xlsx", names)
        strange = self.env["esurat.export"].with_user(self.clerk).create({"letter_ids": letter.ids})
        self.env.invalidate_all()
        with self.assertRaises(UserError):
            strange.action_confirm()


@tagged("post_install", "-at_install")
class TestExchange(DispatchCase, HttpCase):
    """Two agencies that know each other's certificates exchange letters; nobody else gets one in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # this server stands for both: the neighbour's address is its own
        (cls.agency + cls.neighbour_agency)._esurat_make_exchange_certificate()
        cls.there = cls.env["res.partner"].create(
            {"name": "Dinas Tetangga (server)", "esurat_server": cls.base_url(), "esurat_code": "DT"}
        )
        cls.here = cls.env["res.partner"].create(
            {
                "name": "Dinas Contoh (server)",
                "esurat_code": "DC",
                "esurat_certificate": cls.agency.esurat_exchange_certificate,
            }
        )

    def deliver_over_http(self, consignment):
        """Deliver *consignment* to this very server."""
        self.env.flush_all()
        with self.allow_requests(all_requests=True):
            consignment.sudo()._attempt()
        self.env.invalidate_all()

    def parcel(self, letter=None):
        """Return a consignment, its signed envelope and its files."""
        letter = letter or self.signed(self.there)
        consignment = self.send(letter).sudo()
        return consignment, consignment._envelope(), letter.sudo()._files_to_send()

    def hand_over(self, data, files):
        """Post an envelope with files and return the answer."""
        parts = [("envelope", ("envelope.xml", data, "application/xml")), *(("file", file) for file in files)]
        self.env.flush_all()
        with mute_logger("odoo.addons.esurat.controllers.exchange"):
            answer = self.url_open("/esurat/exchange/1/letters", files=parts)
        self.env.invalidate_all()
        return answer

    def test_there_and_back(self):
        letter = self.signed(
            self.there,
            annex_ids=[(0, 0, {"name": "Denah", "file": encoded(pdf(1, "denah")), "file_name": "denah.pdf"})],
        )
        consignment = self.send(letter)
        self.assertEqual(consignment.channel, "server")
        self.deliver_over_http(consignment)
        self.assertEqual((consignment.state, consignment.trouble), ("delivered", False))
        there = self.received()
        self.assertEqual((there.number, there.sender_id), (letter.number, self.here))
        self.assertEqual(there.message_main_attachment_id.raw, self.file(letter))
        files = self.env["ir.attachment"].with_user(self.neighbour_registrar)
        self.assertEqual(files.search_count([("res_model", "=", there._name), ("res_id", "=", there.id)]), 2)
        there.action_register()
        there.with_user(self.neighbour).action_open()
        self.env.flush_all()
        with self.allow_requests(all_requests=True):
            consignment.sudo()._ask_whether_read()
        self.assertEqual(consignment.state, "read")

    def test_twice_is_once(self):
        consignment, data, files = self.parcel()
        first, second = (self.hand_over(data, files).json() for _time in range(2))
        self.assertEqual(first, second)
        self.assertEqual(first, {"uuid": consignment.uuid, "state": "delivered"})
        self.assertEqual(len(self.received()), 1)

    def test_what_is_refused(self):
        _consignment, data, files = self.parcel()
        [(name, content, mimetype)] = files
        root = etree.fromstring(data)
        moved = etree.fromstring(data)
        subject = moved.find(".//{urn:esurat:envelope:1}subject")
        subject.text = "Lain"
        unsigned = etree.fromstring(data)
        unsigned.remove(unsigned[-1])
        wrapped = etree.Element("x")
        wrapped.append(root)
        doctype = (
            b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + data.split(b"?>", 1)[1]
        )
        key, other = envelope.make_certificate("x", "y")
        plain = etree.tostring(unsigned)
        for reason, envelope_data, parts in (
            ("signature", etree.tostring(moved, encoding="UTF-8"), files),
            ("signature_count", plain, files),
            ("certificate_unknown", envelope.sign(plain, key, other), files),
            ("form", etree.tostring(wrapped, encoding="UTF-8"), files),
            ("markup", doctype, files),
            ("size", data + b" " * envelope.LIMIT, files),
            ("xml", b"<", files),
            ("xml", b"", files),
            ("file_digest", data, [(name, content + b" ", mimetype)]),
            ("file_missing", data, []),
            ("file_extra", data, [*files, ("lain.pdf", pdf(), mimetype)]),
        ):
            with self.subTest(reason):
                answer = self.hand_over(envelope_data, parts)
                self.assertEqual((answer.status_code, answer.json().get("reason")), (400, reason))
        self.assertFalse(self.received())

    def test_one_sender_does_not_write_for_another(self):
        self.here.esurat_code = "LAIN"
        _consignment, data, files = self.parcel()
        self.assertEqual(self.hand_over(data, files).json(), {"reason": "sender"})

    def test_the_state_is_told_to_whoever_has_the_uuid(self):
        consignment, data, files = self.parcel()
        self.hand_over(data, files)
        answer = self.url_open(f"/esurat/exchange/1/letters/{consignment.uuid}")
        self.assertEqual(answer.json(), {"uuid": consignment.uuid, "state": "delivered"})
        for wrong in ("x", "0" * 36, self.signed(self.village).uuid):
            self.assertEqual(self.url_open(f"/esurat/exchange/1/letters/{wrong}").status_code, 404)

    def test_a_server_that_does_not_answer(self):
        self.there.esurat_server = "http://127.0.0.1:9"
        consignment = self.send(self.signed(self.there))
        self.deliver_over_http(consignment)
        self.assertEqual((consignment.state, consignment.attempts), ("queued", 1))
        self.assertIn("does not answer", consignment.trouble)

    def test_servers_are_named_by_administrators(self):
        with self.assertRaises(ValidationError):
            self.there.esurat_server = "http://example.org"
        manager = self._person(
            "contact_manager", "Staf", self.secretariat, groups="esurat.group_user,base.group_partner_manager"
        )
        for values in ({"esurat_server": "https://x.example", "esurat_code": "X"}, {"esurat_code": "X"}):
            with self.assertRaises(UserError):
                self.village.with_user(manager).write(values)
        self.village.with_user(manager).name = "Kelurahan"
        with self.assertRaises(AccessError):
            self.agency.with_user(self.admin).read(["esurat_exchange_key"])
