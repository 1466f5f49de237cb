import itertools
from contextlib import contextmanager
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import EsuratCase, encoded, pdf

OPERATIONS = ("read", "write", "create", "unlink")


@tagged("post_install", "-at_install")
class TestAccess(EsuratCase):
    """Role × model × operation × relation: what one does not hold, one cannot open, count, find or guess."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.open_letter = cls._disposed_letter("open")
        cls.secret_letter = cls._disposed_letter("secret")
        # relation to both letters: who is it, may she read the open one, the secret one, write them
        cls.relations = {
            "addressee, issuer above": (cls.head, True, True, False),
            "holder": (cls.chief, True, True, False),
            "holder of a copy": (cls.secretary, True, True, False),
            "recalled": (cls.other_chief, False, False, False),
            "head of the unit of a holder": (cls.leader, False, False, False),
            "stranger in the agency": (cls.stranger, False, False, False),
            "registrar": (cls.registrar, True, True, True),
            "other registrar": (cls.other_registrar, True, False, True),
            "administrator": (cls.admin, True, False, True),
            "other agency": (cls.neighbour, False, False, False),
            "registrar of another agency": (cls.neighbour_registrar, False, False, False),
            "nobody in particular": (cls.outsider, None, None, None),
        }

    @classmethod
    def _disposed_letter(cls, security_class):
        """Return a letter of the registrar that went head → chief → staff, a copy to the secretary, one recalled."""
        if security_class == "open":
            cls.other_registrar = cls._person(
                "other_registrar", "Agendaris", cls.secretariat, groups="esurat.group_registrar"
            )
            cls.outsider = cls._person("outsider", "Tamu", cls.other_division, groups="base.group_user")
        case = cls(methodName="test_letters")
        letter = case.letter(
            security_class=security_class, subject=f"Perihal {security_class}", scan=encoded(pdf()), scan_name="a.pdf"
        )
        case.dispose(letter, cls.head, cls.chief, cls.secretary + cls.other_chief)
        case.dispose(letter, cls.chief, cls.staff)
        letter.sudo().holder_ids.filtered(lambda h: h.user_id == cls.other_chief).with_user(cls.head)._recall()
        return letter.sudo()

    @contextmanager
    def request_of(self, user):
        """Let this be the transaction of a request of *user*, undone in the end; a test's own is the superuser's."""
        with patch.object(self.env.transaction, "default_env", self.env(user=user)), self.cr.savepoint() as savepoint:
            yield
            savepoint.rollback()

    def may(self, user, records, operation):
        """Tell whether *user* may do *operation* with *records*."""
        return records.with_user(user).sudo(False).has_access(operation)

    def test_letters(self):
        for relation, (user, reads_open, reads_secret, writes) in self.relations.items():
            with self.subTest(relation):
                self.assertEqual(self.may(user, self.open_letter, "read"), bool(reads_open))
                self.assertEqual(self.may(user, self.secret_letter, "read"), bool(reads_secret))
                self.assertEqual(self.may(user, self.open_letter, "write"), bool(writes))
                self.assertEqual(self.may(user, self.secret_letter, "write"), bool(writes and reads_secret))
                self.assertEqual(self.may(user, self.open_letter, "unlink"), bool(writes))

    def test_what_follows_the_letter(self):
        """Holds, dispositions, attachments and chatter are read by those who read the letter, and by nobody else."""
        for relation, (user, reads_open, reads_secret, _writes) in self.relations.items():
            for letter, reads in ((self.open_letter, reads_open), (self.secret_letter, reads_secret)):
                followers = (
                    letter.holder_ids.filtered(lambda h: h.user_id == self.staff),
                    letter.disposition_ids,
                    letter.message_main_attachment_id,
                    letter.message_ids[0],
                )
                for records in followers:
                    with self.subTest(relation=relation, model=records._name, secrecy=letter.security_class):
                        self.assertEqual(self.may(user, records, "read"), bool(reads))
                        if records._name in ("esurat.holder", "esurat.disposition"):
                            self.assertFalse(any(self.may(user, records, op) for op in ("write", "create", "unlink")))

    def test_counting_and_finding(self):
        letters = self.open_letter + self.secret_letter
        for relation, (user, reads_open, reads_secret, _writes) in self.relations.items():
            if reads_open is None:
                continue
            with self.subTest(relation):
                Letter = self.env["esurat.letter"].with_user(user).with_company(user.company_id)
                expected = int(reads_open) + int(reads_secret)
                mine = [("id", "in", letters.ids)]
                self.assertEqual(Letter.search_count(mine), expected)
                self.assertEqual(sum(count for _s, count in Letter._read_group(mine, ["state"], ["__count"])), expected)
                self.assertEqual(len(Letter.name_search("Perihal", mine)), expected)
                found = (
                    self.env["mail.message"]
                    .with_user(user)
                    .search([("model", "=", "esurat.letter"), ("res_id", "in", letters.ids)])
                )
                self.assertEqual(len(set(found.mapped("res_id"))), expected)

    def test_models_of_the_set_up(self):
        roles = {"user": self.staff, "registrar": self.registrar, "archivist": self.archivist(), "admin": self.admin}
        matrix = {
            "esurat.letter.type": {"admin"},
            "esurat.instruction": {"admin"},
            "esurat.series": {"admin"},
            "esurat.routing": {"admin"},
            "esurat.recipient.list": {"admin"},
            "esurat.classification": {"archivist", "admin"},
        }
        for model, writers in matrix.items():
            for role, user in roles.items():
                with self.subTest(model=model, role=role):
                    Model = self.env[model].with_user(user)
                    reads = model != "esurat.routing" or role != "user"
                    self.assertEqual(Model.has_access("read"), reads)
                    for operation in ("write", "create", "unlink"):
                        self.assertEqual(Model.has_access(operation), role in writers)

    def archivist(self):
        return self._person("archivist", "Arsiparis", self.secretariat, groups="esurat.group_archivist")

    def test_settings_of_another_agency_are_not_seen(self):
        series = self.env["esurat.series"].search([("company_id", "=", self.neighbour_agency.id)])
        self.assertTrue(series)
        self.assertFalse(series.with_user(self.admin).has_access("read"))

    def test_a_holder_comments_and_a_stranger_does_not(self):
        self.open_letter.with_user(self.staff).message_post(body="Siap")
        with self.assertRaises(AccessError):
            self.open_letter.with_user(self.stranger).message_post(body="Siap")

    def test_who_takes_in_a_secret_letter_keeps_seeing_it(self):
        self.assertEqual(self.secret_letter.holder_ids.filtered(lambda h: h.role == "author").user_id, self.registrar)
        self.assertFalse(self.open_letter.holder_ids.filtered(lambda h: h.role == "author"))

    def test_a_name_is_not_told_through_a_field_that_points_at_the_letter(self):
        """Odoo shows the display name of a many2one with sudo; ours asks for the reader's rights."""
        for user in (self.stranger, self.neighbour):
            dialogue = (
                self.env["esurat.write.off"]
                .with_user(user)
                .create({"letter_ids": [], "kind": "noted", "reply_id": self.secret_letter.id})
            )
            self.assertEqual(dialogue.read(["reply_id"])[0]["reply_id"][1], "Another letter")
        self.assertEqual("0002: a secret letter", self.secret_letter.with_user(self.head).display_name)

    def test_a_form_that_is_made_up_tells_nothing(self):
        """Whoever sends a form's values may put any line into it; holds are never made up or borrowed there."""
        letter = self.secret_letter
        hold = letter.holder_ids.filtered(lambda hold: hold.user_id == self.chief)
        (letter + self.open_letter).write({"urgency": "2"})
        hold.deadline = "2099-12-30"
        own = self.letter()
        self.dispose(own, self.head, self.other_chief)
        self.dispose(own, self.other_chief, self.stranger)
        commands = (
            [0, "x", {"letter_id": letter.id}],
            [0, "x", {"disposition_id": letter.disposition_ids[0].id}],
            [1, self.hold(own, self.stranger).id, {"letter_id": letter.id}],
            [1, self.hold(own, self.stranger).id, {"child_ids": [[0, "x", {"letter_id": letter.id}]]}],
            [4, hold.id],
            [6, 0, hold.ids],
        )
        fields = ("subject", "agenda_number", "brief", "urgency", "holder_name", "deadline")
        asked = [dict.fromkeys(fields, {}), *({name: {}} for name in fields), {}]
        registrar = self._person("stranger_registrar", "Agendaris", self.secretariat, groups="esurat.group_registrar")
        self.stranger.group_ids += self.env.ref("esurat.group_registrar")
        for user, model, names in itertools.product(
            (self.stranger, registrar),
            ("esurat.dispose", "esurat.respond", "esurat.amend", "esurat.letter"),
            ([], ["holder_ids"]),
        ):
            for command, lines in itertools.product(commands, asked):
                with self.subTest(model=model, command=command, names=names, asked=list(lines)):
                    spec = {
                        "holder_ids": {"fields": lines},
                        "deadline": {},
                        "disposition_ids": {"fields": {"brief": {}}},
                    }
                    told = self.answer(user, model, {"holder_ids": [command]}, names, spec)
                    for secret in ("Perihal", letter.agenda_number, hold.holder_name, "'urgency': '2'", "2099"):
                        self.assertNotIn(secret, told)

    def answer(self, user, model, values, names, spec):
        """Return what the server says to *user* who fills in a form of *model*, or nothing where it refuses."""
        Model = self.env[model].with_user(user).with_company(user.company_id)
        self.env.invalidate_all()
        try:
            with self.cr.savepoint():
                return str(Model.onchange(dict(values), names, {name: spec[name] for name in spec if name in Model}))
        except AccessError:
            return ""

    def test_what_one_writes_in_a_dialogue_is_read_by_nobody_else(self):
        version = self.env["esurat.version"].create(
            {
                "letter_id": self.open_letter.id,
                "number": 1,
                "occasion": "submitted",
                "user_id": self.head.id,
                "digest": "0",
            }
        )
        required = {
            "esurat.respond": {"act": "follow_up", "response": "Isi rahasia"},
            "esurat.cancel": {"reason": "Isi rahasia"},
            "esurat.reserve": {"series_id": self.series.id, "reason": "Isi rahasia"},
            "esurat.compare": {"earlier_id": version.id, "later_id": version.id},
            "esurat.reject": {"response": "Isi rahasia"},
            "esurat.replace": {"user_id": self.staff.id},
            "esurat.send.line": {
                "send_id": self.env["esurat.send"].create({}).id,
                "letter_id": self.open_letter.id,
                "partner_id": self.sender.id,
                "channel": "paper",
            },
            "esurat.submit": {"letter_id": self.open_letter.id},
            "esurat.submit.step": {
                "submit_id": self.env["esurat.submit"].create({"letter_id": self.open_letter.id}).id,
                "user_id": self.staff.id,
            },
            "esurat.agency.settings": {"company_id": self.agency.id},
            "esurat.add.agency": {"name": "x", "code": "x", "admin_name": "x", "admin_login": "x"},
        }
        other = self._person("third_registrar", "Agendaris", self.secretariat, groups="esurat.group_registrar")
        dialogues = [name for name in self.env if name.startswith("esurat.") and self.env[name]._transient]
        self.assertIn("esurat.dispose", dialogues)
        for model in dialogues:
            with self.subTest(model):
                makers = (self.registrar, self.admin, self.env.ref("base.user_admin"))
                maker = next(user for user in makers if self.env[model].with_user(user).has_access("create"))
                dialogue = self.env[model].with_user(maker).create(required.get(model, {}))
                self.assertTrue(dialogue.has_access("read"))
                for user in (other, self.neighbour_registrar):
                    if self.env[model].with_user(user).has_access("read"):
                        self.assertFalse(self.env[model].with_user(user).search([]))
                    for operation in ("read", "write", "unlink"):
                        self.assertFalse(self.may(user, dialogue, operation))

    def test_e_mail_is_no_way_in(self):
        """Odoo takes a mail over its API from any user, and makes what it asks for with sudo."""
        secret, mail = self.secret_letter, "From: {}\nTo: a@example.com\nSubject: Perihal\nMessage-Id: <{}@x>\n\nIsi"
        hold = secret.holder_ids.filtered(lambda hold: hold.user_id == self.head)
        grab = [[0, 0, {"user_id": self.stranger.id, "role": "copy", "state": "read"}]]
        attempts = (
            ("esurat.letter", {"custom_values": {"reply_ids": [[1, secret.id, {"holder_ids": grab}]]}}),
            ("esurat.letter", {"custom_values": {"holder_ids": [[4, hold.id]]}}),
            ("esurat.letter", {"custom_values": {"state": "registered", "agenda_number": "9"}}),
            ("esurat.letter", {"thread_id": secret.id}),
            ("esurat.letter", {}),
            ("hr.employee", {}),
            ("res.partner", {"custom_values": {"name": "x", "message_ids": [[1, secret.message_ids[0].id, {}]]}}),
            ("hr.department", {"custom_values": {"name": "x", "child_ids": [[1, self.division.id, {}]]}}),
        )
        letters, messages = self.env["esurat.letter"].search_count([]), secret.message_ids
        for number, (model, values) in enumerate(attempts):
            for user in (self.outsider, self.staff, self.registrar):
                with self.subTest(values, user=user.login), self.assertRaises(AccessError), self.cr.savepoint():
                    self.env[model].with_user(user).message_process(
                        model, mail.format(self.head.email, f"{number}{user.login}"), **values
                    )
        self.assertEqual(self.env["esurat.letter"].search_count([]), letters)
        self.assertEqual(secret.message_ids, messages)

    def test_what_the_chatter_says_was_said_by_whom_it_names(self):
        letter, secret = self.open_letter.with_user(self.staff), self.secret_letter
        head = self.head.partner_id
        forged = letter.message_post(body="x", author_id=head.id, email_from="head@example.com", message_type="comment")
        forged += (
            self.env["mail.message"]
            .with_user(self.staff)
            .create(
                {"model": "esurat.letter", "res_id": letter.id, "body": "x", "author_id": head.id, "date": "2020-01-01"}
            )
        )
        self.assertEqual(forged.author_id, self.staff.partner_id)
        self.assertNotIn("head@example.com", forged.mapped("email_from"))
        self.assertNotIn(2020, [message.date.year for message in forged])
        act = self.open_letter.message_ids[-1]
        for user in (self.staff, self.registrar, self.head):
            for attempt in (
                lambda user=user: act.with_user(user).write({"body": "x"}),
                lambda user=user: act.with_user(user).unlink(),
                lambda user=user: secret.with_user(user).message_notify(body="x", partner_ids=head.ids),
                lambda user=user: self.open_letter.with_user(user).write(
                    {"message_ids": [Command.create({"body": "x", "author_id": head.id})]}
                ),
                lambda user=user: (
                    self.env["mail.thread"]
                    .with_user(user)
                    .message_notify(model="esurat.letter", res_id=secret.id, body="x", partner_ids=head.ids)
                ),
            ):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    attempt()

    def test_a_mention_shows_the_letter_to_nobody_else(self):
        for letter in (self.open_letter, self.secret_letter):
            with self.assertRaisesRegex(UserError, "Stranger"):
                letter.with_user(self.head).message_post(body="x", partner_ids=self.stranger.partner_id.ids)
            message = letter.with_user(self.head).message_post(body="x", partner_ids=self.chief.partner_id.ids)
            self.assertEqual(message.sudo().notified_partner_ids, self.chief.partner_id)

    def test_a_mention_is_recalled_with_the_letter(self):
        letter = self.letter()
        self.dispose(letter, self.head, self.chief)
        mention = letter.with_user(self.head).message_post(body="Rahasia", partner_ids=self.chief.partner_id.ids)
        self.assertTrue(self.may(self.chief, mention, "read"))
        letter.holder_ids.filtered(lambda h: h.user_id == self.chief).with_user(self.head)._recall()
        self.assertFalse(self.may(self.chief, mention, "read"))

    def test_files_of_a_registered_letter_are_neither_changed_nor_deleted(self):
        scan = self.open_letter.message_main_attachment_id
        draft = self.draft(scan=encoded(pdf()), scan_name="b.pdf")
        for values in ({"raw": b"x"}, {"name": "x.pdf"}, {"res_id": draft.id}, {"res_model": False}):
            with self.assertRaises(AccessError), self.cr.savepoint():
                scan.with_user(self.registrar).write(values)
        with self.assertRaises(AccessError), self.cr.savepoint():
            scan.with_user(self.registrar).unlink()
        draft.message_main_attachment_id.with_user(self.registrar).name = "c.pdf"
        draft.unlink()

    def test_what_sudo_makes_brings_no_hold_along(self):
        """Lines of a form are refused for holds and letters even where something is made with sudo."""
        for name, command in (
            ("holder_ids", Command.create({"user_id": self.stranger.id, "role": "copy"})),
            ("reply_ids", Command.update(self.secret_letter.id, {"state": "draft"})),
            ("disposition_ids", Command.create({"issuer_id": self.stranger.id})),
        ):
            with self.subTest(name), self.request_of(self.stranger), self.assertRaises(AccessError):
                self.env["esurat.letter"].with_user(self.stranger).sudo().create({"subject": "x", name: [command]})

    def test_no_agency_is_entered_from_another(self):
        self.neighbour_registrar.group_ids += self.env.ref("esurat.group_admin")
        intruder = self.neighbour_registrar
        for model, values in (
            ("esurat.routing", {"name": "x"}),
            ("esurat.series", {"name": "x", "pattern": "{serial}"}),
            ("esurat.recipient.list", {"name": "x", "user_ids": intruder.ids}),
            ("esurat.letter", {"subject": "x"}),
        ):
            record = self.env[model].with_user(intruder).create(values)
            with self.subTest(model), self.assertRaises(AccessError), self.cr.savepoint():
                record.write({"company_id": self.agency.id})

    def test_a_scan_is_that_of_its_own_letter(self):
        letter = self.draft(user=self.neighbour_registrar)
        with self.assertRaises(ValidationError) as refused, self.cr.savepoint():
            letter.message_main_attachment_id = self.secret_letter.message_main_attachment_id.id
            letter.flush_recordset()
        self.assertNotIn("a.pdf", str(refused.exception))

    def test_defaults_of_the_context_give_no_number(self):
        Letter = self.env["esurat.letter"].with_user(self.registrar)
        for name, value in (("state", "registered"), ("serial", 7777), ("agenda_number", "7777")):
            with self.assertRaises(AccessError):
                Letter.with_context(**{f"default_{name}": value}).create({"subject": "x"})

    def test_a_follower_does_not_outlive_her_hold(self):
        letter = self.letter()
        self.dispose(letter, self.head, self.chief)
        letter.with_user(self.chief).message_subscribe(self.chief.partner_id.ids)
        letter.holder_ids.filtered(lambda h: h.user_id == self.chief).with_user(self.head)._recall()
        comment = letter.with_user(self.head).message_post(body="Rahasia")
        self.assertFalse(comment.with_user(self.chief).sudo(False).has_access("read"))

    def test_who_raises_the_class_keeps_the_letter_and_others_hear_no_more(self):
        letter = self.letter()
        self.clear(self.other_registrar, "secret")
        letter.with_user(self.other_registrar).write({"security_class": "secret"})
        self.assertTrue(letter.with_user(self.other_registrar).has_access("read"))
        self.assertFalse(letter.with_user(self.registrar).has_access("read"))
        self.hold(letter, self.head)._follow_up("Isi rahasia")
        self.assertFalse(letter.sudo().message_ids[0].notification_ids)

    def test_the_class_is_raised_on_the_letter_of_another_author(self):
        letter = self.draft(direction="outgoing", sender_id=False)
        letter.with_user(self.other_registrar).write({"security_class": "secret"})
        for author in (self.registrar, self.other_registrar):
            self.assertTrue(letter.with_user(author).has_access("read"))

    def test_the_head_of_one_agency_hears_from_a_registrar_of_two(self):
        self.registrar.company_ids = [Command.link(self.neighbour_agency.id)]
        both = (self.agency + self.neighbour_agency).ids
        letter = self.draft(security_class="secret").with_context(allowed_company_ids=both)
        letter.action_register()
        self.assertEqual(letter.sudo().message_ids[0].notification_ids.res_partner_id, self.head.partner_id)

    def test_taking_a_letter_in_gives_no_rights_beyond_it(self):
        """Commands on related records run with the registrar's own rights, for secret letters too."""
        for security_class in ("open", "secret"):
            for values in (
                {"position_ids": [Command.create({"name": "x"})]},
                {"holder_ids": [Command.create({"user_id": self.registrar.id, "role": "copy"})]},
                {"disposition_ids": [Command.create({"issuer_id": self.head.id})]},
            ):
                with self.subTest(values), self.request_of(self.registrar), self.assertRaises(AccessError):
                    self.draft(security_class=security_class, **values)

    def test_a_user_of_two_agencies_works_in_both(self):
        self.registrar.company_ids = [Command.link(self.neighbour_agency.id)]
        letter = self.draft(
            user=self.neighbour_registrar, sender_id=self.sender.id, company_id=self.neighbour_agency.id
        )
        both = self.agency + self.neighbour_agency
        Letter = self.env["esurat.letter"].with_user(self.registrar)
        self.assertTrue(Letter.with_context(allowed_company_ids=both.ids).browse(letter.id).has_access("read"))
        self.assertFalse(Letter.with_context(allowed_company_ids=self.agency.ids).browse(letter.id).has_access("read"))
