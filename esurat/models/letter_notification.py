from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from .selections import CONFIDENTIAL
from .trail import Noted


class LetterNotification(models.AbstractModel):
    """Tells people of an act on letters: once in the chatter, once to each person, at a cost that is linear in people.

    Odoo's ``message_post`` works for one record at a time, and its inbox notification renders the message for each
    recipient anew. Here any number of letters takes one insert of messages, one of notifications and one batch on
    the bus.
    """

    _name = "esurat.letter.notification"
    _description = "Notifications of acts on letters"

    def _check_mentioned(self, partner_ids):
        """Make sure that these partners see these letters.

        :param list partner_ids: ids of ``res.partner``
        :raises UserError: naming those who do not
        """
        # sudo: who works under which name; whether she sees the letter is asked with her own rights
        partners = self.env["res.partner"].sudo().browse(partner_ids)
        outside = partners.filtered(
            lambda partner: not any(self._seen_by(user).has_access("read") for user in partner.user_ids)
        )
        if outside:
            raise UserError(
                self.env._(
                    "%(people)s: does not hold this letter. Dispose it to whoever has to know of it.",
                    people=", ".join(outside.mapped("display_name")),
                )
            )

    def _post_acts(self, bodies, recipients=None, attachments=None, principals=None):
        """Write one message in the chatter of each letter and notify people of it; the trail keeps the act.

        :param dict bodies: ``{letter: plain text}``
        :param dict recipients: ``{letter: res.users}``; the actor is never notified. Empty: nobody is
        :param attachments: ``ir.attachment`` of the user, put on each letter
        :param dict principals: ``{letter: res.users}`` for whom the user has acted, if not for herself
        :return: the new ``mail.message`` records, in the order of *bodies*
        """
        principals = principals or {}
        bodies = {
            letter: self._as_deputy(principals[letter], text) if principals.get(letter) else text
            for letter, text in bodies.items()
        }
        letters = self.browse(letter.id for letter in bodies)
        everybody = {letter: (recipients or {}).get(letter, self.env["res.users"]) for letter in letters}
        for letter, people in everybody.items():
            # who acts in the post of somebody has to know what comes to her
            everybody[letter] = (people | people._esurat_deputies(letter)) - self.env.user
        for letter in letters.filtered(lambda letter: letter.sudo().security_class in CONFIDENTIAL):
            # that there is something of a secret letter, its readers alone hear
            everybody[letter] = everybody[letter].filtered(
                lambda user, letter=letter: letter._seen_by(user).has_access("read")
            )
        # sudo: the actor writes in the chatter of a letter that the act has allowed her, to colleagues
        users = (self.env.user + self.env["res.users"].union(*everybody.values())).sudo()
        partner_ids = dict(zip(users.ids, users.mapped("partner_id.id"), strict=True))
        author = self.env.user.sudo().partner_id
        copies = letters._copy_attachments(attachments) if attachments else {}
        subtype_id = self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_note")
        messages = self.sudo()._message_create(
            [
                {
                    "model": self._name,
                    "res_id": letter.id,
                    "body": Markup("<p>%s</p>") % bodies[letter],
                    "message_type": "notification",
                    "subtype_id": subtype_id,
                    "author_id": author.id,
                    "email_from": author.email_formatted,
                    # an answer by e-mail goes to the colleague who acted
                    "reply_to": author.email_formatted,
                    "attachment_ids": [Command.set(copies.get(letter, []))],
                }
                for letter in letters
            ]
        )
        self.env["esurat.trail"]._note(
            [
                Noted(
                    "act", letter.id, bodies[letter], principals[letter].id if principals.get(letter) else 0, message.id
                )
                for message, letter in zip(messages, letters, strict=True)
            ]
        )
        told = {
            message: ([partner_ids[user.id] for user in everybody[letter]], letter, bodies[letter])
            for message, letter in zip(messages, letters, strict=True)
        }
        self._notify_people({message: facts for message, facts in told.items() if facts[0]}, author)
        return messages

    @api.model
    def _as_deputy(self, principal, text):
        """Return what the chatter says of an act that the user has done for *principal* (``res.users``).

        :param str text: what it says of the act
        """
        return self.env._(
            "%(deputy)s acting for %(principal)s: %(text)s",
            deputy=self.env.user._esurat_names(),
            principal=principal._esurat_names(),
            text=text,
        )

    def _seen_by(self, user):
        """Return these letters with the rights of *user*, in all her agencies, whichever the actor works in."""
        # sudo: which agencies a colleague works in
        return self.with_user(user).with_context(allowed_company_ids=user.sudo().company_ids.ids).sudo(False)

    def _copy_attachments(self, attachments):
        """Put the user's uploads on each of these letters; the bytes are stored once.

        :return: dict ``{letter: attachment ids}``
        """
        attachments.check_access("read")
        if any(map(self.env["ir.binary"]._letter_of, attachments)):
            raise AccessError(self.env._("Files of a letter stay with it: upload what you add."))
        # sudo: a holder may add to the letter by an act, though she may not write the letter itself
        values = [
            {"res_model": self._name, "res_id": letter.id, "name": attachment.name, "raw": attachment.raw}
            for letter in self
            for attachment in attachments
        ]
        created = iter(self.env["ir.attachment"].sudo().create(values).ids)
        return {letter: [next(created) for _attachment in attachments] for letter in self}

    def _notify_people(self, told, author):
        """Notify people of messages in the way each of them has chosen: inbox or e-mail, and web push.

        :param dict told: ``{message: (partner ids, letter, text)}``
        :param author: ``res.partner`` who wrote them
        """
        if not told:
            return
        partner_ids = {pid for pids, _letter, _text in told.values() for pid in pids}
        people = self.env["mail.followers"]._get_recipient_data(None, "notification", False, partner_ids)[0]
        by_inbox = {pid for pid, person in people.items() if person["notif"] == "inbox" and person["uid"]}
        by_email = [person for person in people.values() if person["notif"] == "email"]
        # sudo: to notify is the purpose
        self.env["mail.notification"].sudo().create(
            [
                {
                    "author_id": author.id,
                    "mail_message_id": message.id,
                    "notification_status": "sent",
                    "notification_type": "inbox",
                    "res_partner_id": pid,
                }
                for message, (pids, _letter, _text) in told.items()
                for pid in pids
                if pid in by_inbox
            ]
        )
        Partner = self.env["res.partner"]
        for message, (pids, letter, text) in told.items():
            payload = letter._inbox_payload(message, author, text)
            for pid in pids:
                if pid in by_inbox:
                    Partner.browse(pid)._bus_send("mail.message/inbox", payload)
            mailed = [person for person in by_email if person["id"] in pids]
            if mailed:
                letter._notify_thread_by_email(message, mailed)
        devices, private_key, public_key = self._web_push_get_partners_parameters(list(partner_ids))
        for message, (pids, letter, _text) in told.items() if devices else ():
            payload = letter._web_push_truncate_payload(letter._notify_by_web_push_prepare_payload(message))
            letter._web_push_send_notification(
                devices.filtered(lambda device, pids=pids: device.partner_id.id in pids),
                private_key,
                public_key,
                payload=payload,
            )

    def _inbox_payload(self, message, author, text):
        """Return what a web client needs to show *message* at once, the same for every recipient.

        :param author: ``res.partner`` who wrote it
        :param str text: its plain text
        """
        self.ensure_one()
        if self._is_unspoken():
            text = self.env._("There is something new about a secret letter.")
        thread = {"id": self.id, "model": self._name}
        return {
            "message_id": message.id,
            "store_data": {
                "res.partner": [{"id": author.id, "name": author.name}],
                "mail.thread": [{**thread, "display_name": self._label()}],
                "mail.message": [
                    {
                        **thread,
                        "id": message.id,
                        "author_id": author.id,
                        "body": ["markup", Markup("<p>%s</p>") % text],
                        "date": fields.Datetime.to_string(fields.Datetime.now()),
                        "default_subject": self._label(),
                        "message_type": "notification",
                        "needaction": True,
                        "record_name": self._label(),
                        "res_id": self.id,
                        "thread": thread,
                    }
                ],
            },
        }

    def _dismiss_notifications(self, users, withdraw=False):
        """Mark what these users were told of these letters as read.

        :param bool withdraw: take it back altogether: they do not see the letter any more
        """
        partners = users.sudo().partner_id
        # sudo: other people's notifications; only whether they are read, or there, is changed
        notifications = (
            self.env["mail.notification"]
            .sudo()
            .search_fetch(
                [
                    ("res_partner_id", "in", partners.ids),
                    ("mail_message_id.model", "=", self._name),
                    ("mail_message_id.res_id", "in", self.ids),
                    *([] if withdraw else [("is_read", "=", False)]),
                ],
                ["res_partner_id", "mail_message_id"],
            )
        )
        if withdraw:
            # sudo: whoever was mentioned may read the message as well
            mentions = self.env["mail.message"].sudo()
            mentions = mentions.search(
                [("model", "=", self._name), ("res_id", "in", self.ids), ("partner_ids", "in", partners.ids)]
            )
            mentions.partner_ids = [Command.unlink(partner.id) for partner in partners]
        if not notifications:
            return
        seen = {
            partner: group.mail_message_id.ids for partner, group in notifications.grouped("res_partner_id").items()
        }
        if withdraw:
            notifications.unlink()
        else:
            notifications.write({"is_read": True, "read_date": fields.Datetime.now()})
        for partner, message_ids in seen.items():
            partner._bus_send(
                "mail.message/mark_as_read",
                {"message_ids": message_ids, "needaction_inbox_counter": partner._get_needaction_count()},
            )
