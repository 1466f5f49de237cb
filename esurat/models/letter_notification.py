from markupsafe import Markup

from odoo import fields, models


class LetterNotification(models.AbstractModel):
    """Tells people of an act on letters: once in the chatter, once to each person, at a cost that is linear in people.

    Odoo's ``message_post`` works for one record at a time, and its inbox notification renders the message for each
    recipient anew. Here any number of letters takes one insert of messages, one of notifications and one batch on the bus.
    """

    _name = "esurat.letter.notification"
    _description = "Notifications of acts on letters"

    def _post_acts(self, bodies, recipients=None, attachments=None):
        """Write one message in the chatter of each letter and notify people of it.

        :param dict bodies: ``{letter: plain text}``
        :param dict recipients: ``{letter: res.users}``; the actor is never notified. Empty: nobody is
        :param attachments: ``ir.attachment`` of the user, put on each letter
        :return: the new ``mail.message`` records, in the order of *bodies*
        """
        letters = self.browse(letter.id for letter in bodies)
        recipients = recipients or {}
        author = self.env.user.partner_id
        copies = letters._copy_attachments(attachments) if attachments else {}
        subtype_id = self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_note")
        # sudo: the actor writes in the chatter of a letter that the act has allowed her
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
                    "attachment_ids": [fields.Command.set(copies.get(letter, []))],
                    "partner_ids": (recipients.get(letter, self.env["res.users"]) - self.env.user).sudo().partner_id.ids,
                }
                for letter in letters
            ]
        )
        self._notify_people(messages)
        return messages

    def _copy_attachments(self, attachments):
        """Put the user's uploads on each of these letters; the bytes are stored once.

        :return: dict ``{letter: attachment ids}``
        """
        attachments.check_access("read")
        # sudo: a holder may add to the letter by an act, though she may not write the letter itself
        values = [
            {"res_model": self._name, "res_id": letter.id, "name": attachment.name, "raw": attachment.raw}
            for letter in self
            for attachment in attachments
        ]
        created = iter(self.env["ir.attachment"].sudo().create(values).ids)
        return {letter: [next(created) for _attachment in attachments] for letter in self}

    def _notify_people(self, messages):
        """Notify the ``partner_ids`` of *messages* in the way each of them has chosen: inbox or e-mail, and web push."""
        partners = messages.partner_ids
        if not partners:
            return
        people = self.env["mail.followers"]._get_recipient_data(None, "notification", False, partners.ids)[0]
        inbox = [pid for pid, person in people.items() if person["notif"] == "inbox" and person["uid"]]
        self.env["mail.notification"].sudo().create(
            [
                {
                    "author_id": message.author_id.id,
                    "mail_message_id": message.id,
                    "notification_status": "sent",
                    "notification_type": "inbox",
                    "res_partner_id": partner.id,
                }
                for message in messages
                for partner in message.partner_ids
                if partner.id in inbox
            ]
        )
        for message in messages:
            payload = self._inbox_payload(message)
            for partner in message.partner_ids:
                if partner.id in inbox:
                    self.env["res.users"].browse(people[partner.id]["uid"])._bus_send("mail.message/inbox", payload)
            by_email = [people[pid] for pid in message.partner_ids.ids if people[pid]["notif"] == "email"]
            if by_email:
                self.browse(message.res_id)._notify_thread_by_email(message, by_email)
        self._push(messages)

    def _push(self, messages):
        """Send *messages* to the devices of their recipients that asked for web push."""
        devices, private_key, public_key = self._web_push_get_partners_parameters(messages.partner_ids.ids)
        for message in messages if devices else []:
            payload = self._web_push_truncate_payload(self._notify_by_web_push_prepare_payload(message))
            self._web_push_send_notification(
                devices.filtered(lambda d, message=message: d.partner_id in message.partner_ids),
                private_key,
                public_key,
                payload=payload,
            )

    def _inbox_payload(self, message):
        """Return what a web client needs to show *message* at once, the same for every recipient."""
        author = message.author_id
        name = self.browse(message.res_id).display_name
        thread = {"id": message.res_id, "model": self._name}
        return {
            "message_id": message.id,
            "store_data": {
                "res.partner": [{"id": author.id, "name": author.name}],
                "mail.thread": [{**thread, "display_name": name}],
                "mail.message": [
                    {
                        "id": message.id,
                        "author_id": author.id,
                        "body": ["markup", message.body],
                        "date": fields.Datetime.to_string(message.date),
                        "default_subject": name,
                        "message_type": message.message_type,
                        "model": message.model,
                        "needaction": True,
                        "record_name": name,
                        "res_id": message.res_id,
                        "thread": thread,
                    }
                ],
            },
        }

    def _dismiss_notifications(self, users):
        """Mark what these users were told of these letters as read, since they have seen it or may see it no more."""
        # sudo: other people's notifications; only whether they are read is changed
        notifications = (
            self.env["mail.notification"]
            .sudo()
            .search(
                [
                    ("res_partner_id", "in", users.sudo().partner_id.ids),
                    ("is_read", "=", False),
                    ("mail_message_id.model", "=", self._name),
                    ("mail_message_id.res_id", "in", self.ids),
                ]
            )
        )
        if not notifications:
            return
        notifications.write({"is_read": True, "read_date": fields.Datetime.now()})
        for user in users:
            mine = notifications.filtered(lambda n, user=user: n.res_partner_id == user.sudo().partner_id)
            user._bus_send(
                "mail.message/mark_as_read",
                {
                    "message_ids": mine.mail_message_id.ids,
                    "needaction_inbox_counter": user.sudo().partner_id._get_needaction_count(),
                },
            )
