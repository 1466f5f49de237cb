import base64
import hashlib
import re
import secrets

import segno

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import pades
from ..tools.paper import render_pdf
from .letter_acts import LETTER_ACTS
from .selections import PREFIXES

# The room of a signature on the page, in points: as wide and high as the style of the printed letter leaves it.
STAMP_WIDTH, STAMP_HEIGHT = 66 / 25.4 * 72, 22 / 25.4 * 72

_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,64}")
CERTIFICATE_FACTS = ("subject", "issuer", "serial")
# What a letter has from its number on, until it is given back.
_NUMBERED = (
    "number",
    "agenda_number",
    "series_id",
    "year",
    "serial",
    "verify_token",
    "letter_date",
    "numbered_digest",
    "signed_on_paper",
)


class LetterSigning(models.AbstractModel):
    """How a letter gets its number and its signatures.

    The number is given in the transaction in which the first signature is given, or, on paper, in which the letter is
    released to be printed and signed by hand. Whatever fails there undoes all of it, the number included.
    """

    _name = "esurat.letter.signing"
    _description = "Signatures of a letter"

    verify_token = fields.Char(
        readonly=True, copy=False, help="Behind the QR code of the printed letter; whoever has it may check the letter."
    )
    signature_ids = fields.One2many("esurat.signature", "letter_id", string="Signatures", readonly=True)
    signed_on_paper = fields.Boolean(
        readonly=True, copy=False, help="Released to be printed and signed by hand; its scan comes back."
    )

    _verify_token_uniq = models.UniqueIndex("(verify_token) WHERE verify_token IS NOT NULL")

    # ------------------------------------------------------------
    # Acts
    # ------------------------------------------------------------

    def action_sign(self):
        """Open the dialogue that signs these letters, one after the other."""
        return self._hold_in_review().action_sign()

    def action_take_scan(self):
        """Open the dialogue that takes in the scan of this letter, signed by hand."""
        self.ensure_one()
        self._check_act("take_scan")
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("esurat.action_signed_scans"),
            "context": {"default_letter_id": self.id},
        }

    def action_release(self):
        """Give these letters their number and date, to be printed and signed by hand."""
        self._check_act("release")
        told, principals = {}, self._principals()
        for letter in self:
            letter._check_approved()
            signing = letter._hold_in_review().filtered(lambda hold: hold._is_of_user(hold.user_id, "sign"))
            letter._number_for_signing({"signed_on_paper": True}, signing)
            content, pages = letter._render_letter()
            letter._keep_pdf(content, pages)
            letter._keep_version("released", content)
            # sudo: signatures and holds are written by acts alone
            signatories = letter.sudo()._signatories()
            signatories.env["esurat.signature"].create(
                [
                    {
                        "letter_id": letter.id,
                        "hold_id": hold.id,
                        "user_id": hold._signs_by().id,
                        "provider": "paper",
                        "state": "pending",
                        "name": hold.holder_name,
                        "position": hold._capacity_words(),
                    }
                    for hold in signatories
                ]
            )
            # they sign outside, and do nothing here any more; the scan says when they have
            signatories.write({"state": "done", "done_date": False})
            told[letter] = signatories.user_id.sudo(False)
        self._post_acts(
            {letter: self.env._("Numbered %(number)s, to be signed by hand", number=letter.number) for letter in self},
            told,
            principals=principals,
        )

    def _take_signed_scan(self, content, name):
        """Take the scan of a letter that was signed by hand; it is the letter from now on.

        :param bytes content: the scan
        :param str name: of the file
        :raises UserError: where the letter waits for no scan, or the file is none
        """
        self.ensure_one()
        self._check_act("take_scan")
        self._check_scan(content)
        mimetype, pages = self._inspect_scan(content, name)
        now = fields.Datetime.now()
        # sudo: signatures, holds and files of a numbered letter are written by acts alone, which _check_act has allowed
        letter = self.sudo()
        # whoever is said to have signed hears of it
        signatories = letter._signatories().user_id.sudo(False)
        letter._keep_pdf(content, pages, name=name, mimetype=mimetype)
        letter.signature_ids.digest = hashlib.sha256(content).hexdigest()
        if letter.state == LETTER_ACTS["take_scan"].after:
            # the first stays among its files
            self._post_acts({self: self.env._("Another scan took the place of the first")}, {self: signatories})
            return
        letter.signature_ids.write({"state": "signed", "date": now})
        letter._signatories().write({"state": "done", "done_date": now, "digest": letter._content_digest()})
        letter._signatories().filtered(lambda hold: not hold.acted_as).acted_by_id = self.env.user
        told = self._settle_signed() | signatories
        self._post_acts({self: self.env._("Signed by hand; the scan is here")}, {self: told})

    # ------------------------------------------------------------
    # Number
    # ------------------------------------------------------------

    def _check_approved(self):
        """Make sure that everybody before the signature has approved what the letter says now.

        :raises UserError: naming who has not
        """
        self.ensure_one()
        # sudo: what others approved
        letter = self.sudo()
        digest = letter._content_digest()
        missing = letter._reviewers().filtered(lambda hold: hold.role != "sign" and hold.digest != digest)
        if missing:
            raise UserError(
                self.env._(
                    "%(letter)s was changed after %(people)s approved it. Send it back, so that it is approved again.",
                    letter=self.display_name,
                    people=", ".join(missing.mapped("holder_name")),
                )
            )

    def _number_for_signing(self, values=None, signing=None):
        """Give this letter its number, date and token, and freeze who signs it. The series is locked from then on.

        :param dict values: what is written together with the number
        :param signing: the ``esurat.holder`` by which the user signs it now; where she does so for its holder, the page
            names her in that post
        """
        self.ensure_one()
        self._check_written()
        digest = self._content_digest()
        # sudo: names and positions of the signatories, as they are at this moment
        holds = self.sudo()._signatories()
        people = holds.user_id | self.env.user if signing else holds.user_id
        posts = people._esurat_posts(self.company_id)
        people._esurat_check_workers(self.company_id, posts)
        for hold in holds:
            post = posts[self.company_id.id, hold.user_id.id]
            if signing and hold == signing and hold.user_id != self.env.user:
                acting = hold._acting("sign", posts)
                position = f"{PREFIXES[acting['acted_as']]} {post.position}"
                hold.write(
                    {**hold._frozen(posts[self.company_id.id, self.env.uid]), "holder_position": position, **acting}
                )
            else:
                hold.write({**hold._frozen(post), "acted_as": False, "acted_by_name": False})
        self._give_numbers(
            self._series(),
            {
                "letter_date": self.company_id._esurat_now().date(),
                "verify_token": secrets.token_urlsafe(24),
                "numbered_digest": digest,
                **(values or {}),
            },
        )

    def _give_number_back(self):
        """The number of this letter, which nobody has signed, goes back as the next to be used. Call it as superuser.

        One that was reserved for it by hand, or is of a year that is over, stays its own.
        """
        self.ensure_one()
        over = self.year != self.company_id._esurat_now().year
        reservation = self.reservation_id or self.env["esurat.reservation"].create(
            {
                "series_id": self.series_id.id,
                "year": self.year,
                "serial": self.serial,
                "reason": self.env._("Given back: not signed"),
                "released": True,
            }
        )
        if over:
            reservation.released = False
        self._signatories().write({"acted_as": False, "acted_by_name": False, "acted_by_id": False})
        letter = self.with_context(tracking_disable=True)
        letter.write(dict.fromkeys(_NUMBERED, False))
        letter.reservation_id = reservation if not reservation.released else False

    def _take_back_from_paper(self):
        """Undo the release of this letter to be signed by hand: its printout is worth nothing. Call it as superuser."""
        self.ensure_one()
        self.signature_ids.unlink()
        self._signatories().write({"state": "waiting"})
        # what was printed stays with its version
        self.message_main_attachment_id.unlink()
        self.with_context(tracking_disable=True).page_count = 0
        self._give_number_back()

    # ------------------------------------------------------------
    # Signature
    # ------------------------------------------------------------

    def _sign_with_certificate(self, hold, passphrase):
        """Sign this letter electronically as *hold* has it.

        :param hold: ``esurat.holder`` of the user as a signatory, whose turn it is
        :param str passphrase: of her certificate; kept nowhere
        :raises UserError: where it does not come about; nothing is left of it then
        """
        self.ensure_one()
        certificate = self.env["esurat.certificate"]._current(self.env.user)
        if not certificate:
            raise UserError(
                self.env._("You have no valid certificate. Add yours under My Certificates, or sign on paper.")
            )
        if not self.serial:
            self._number_for_signing(signing=hold)
            content, pages = self._render_letter()
        else:
            content, pages = self._signed_pdf(), self.page_count
        company = self.company_id.sudo()
        try:
            number, place = self._room_of(hold, content)
            signed = pades.sign(
                content,
                base64.b64decode(certificate.content),
                passphrase or "",
                f"esurat{number}",
                place,
                self._stamp(hold),
                level=company.esurat_signature_level,
                authority=company.esurat_timestamp_url,
                roots=company._esurat_trusted_roots(),
            )
        except pades.CertificateError as error:
            raise self.env["esurat.certificate"]._error(error.reason) from None
        except pades.SignError as error:
            raise self._sign_error(error.reason) from error
        verdict = pades.verify(signed)
        if not signed.startswith(content) or not verdict.unchanged:
            raise self._sign_error("pdf")
        self._note_signature(
            hold,
            signed,
            pages,
            provider="certificate",
            certificate_until=certificate.valid_until,
            **{f"certificate_{fact}": certificate[fact] for fact in CERTIFICATE_FACTS},
        )

    def _room_of(self, hold, content):
        """Return the number of a signatory (from 1), and the place of her signature on the page.

        :param bytes content: the PDF
        :raises SignError: where the page has no such room
        """
        number = self._signatories().ids.index(hold.id) + 1
        return number, pades.find_place(content, self._anchor(number), STAMP_WIDTH, STAMP_HEIGHT)

    def _signed_pdf(self):
        """Return the PDF (bytes) that the last signatory has signed.

        :raises UserError: where the file is another one
        """
        # sudo: the file of a letter that the user signs
        letter = self.sudo()
        content = letter.message_main_attachment_id.raw or b""
        last = letter.signature_ids.filtered(lambda one: one.state == "signed").sorted("id")[-1:]
        if not last or hashlib.sha256(content).hexdigest() != last.digest:
            raise self._sign_error("pdf")
        return content

    @api.model
    def _sign_error(self, reason):
        """Return the ``UserError`` that says why a signature did not come about, by ``SignError.reason``."""
        return UserError(
            {
                "place": self.env._("The page has no room for this signature, or more than one. Nothing was signed."),
                "time": self.env._("The time-stamp authority does not answer. Nothing was signed; try again later."),
                "trust": self.env._(
                    "The certificate was revoked, or its state cannot be learnt now. Nothing was signed."
                ),
                "pdf": self.env._("The PDF could not be signed. Nothing was signed; tell the administrator."),
            }[reason]
        )

    def _note_signature(self, hold, content, pages, attempt=None, **facts):
        """Note that *hold* has signed: its PDF is the letter, and the next signatory or the dispatch has its turn.

        :param bytes content: the signed PDF
        :param attempt: ``esurat.signature`` that was under way, where a service has signed
        :param facts: values of the signature: its provider, and of the certificate
        """
        now = fields.Datetime.now()
        # sudo: signatures, holds and files are written by acts alone, which the caller has checked
        letter, hold = self.sudo(), hold.sudo()
        letter._keep_pdf(content, pages)
        hold.write({"state": "done", "done_date": now, "digest": letter._content_digest(), "acted_by_id": self.env.uid})
        values = {
            **facts,
            "state": "signed",
            "date": now,
            "name": hold.holder_name,
            "position": hold._capacity_words(),
            "digest": hashlib.sha256(content).hexdigest(),
        }
        if attempt:
            attempt.write({**values, "ticket": False, "prepared": False})
        else:
            letter.env["esurat.signature"].create(
                {**values, "letter_id": self.id, "hold_id": hold.id, "user_id": self.env.uid}
            )
        self._keep_version("signed", content)
        turns = letter._advance()
        if turns:
            hold._post_acts("sign", {self: self.env._("Signed")}, turns)
        else:
            words = self.env._("Signed: %(number)s", number=self.number)
            hold._post_acts("sign", {self: words}, {self: self._settle_signed()})

    def _settle_signed(self):
        """Everybody has signed: hand the letter out within the house, and let its author send it.

        :return: ``res.users`` to be told
        """
        self.ensure_one()
        # sudo: states and holds are written by acts alone, which the caller has checked
        letter = self.sudo()
        inside = letter.direction == "internal"
        letter.with_context(tracking_disable=True).write(
            {"state": "sent", "deadline": letter.company_id._esurat_due_date(letter.letter_date, letter._answer_days())}
            if inside
            else {"state": LETTER_ACTS["take_scan"].after}
        )
        authors = letter._author_holds()
        authors.write(
            {"state": "done", "done_date": fields.Datetime.now()}
            if inside
            else {"state": "unread", "done_date": False, "read_date": False}
        )
        told = self.env["res.users"].union(*self._give_to_addressees().values()) | self._give_copies()
        return told | authors.user_id.sudo(False)

    # ------------------------------------------------------------
    # What a stranger may know
    # ------------------------------------------------------------

    @api.model
    def _by_verify_token(self, token):
        """Return the letter with this token (str), or nothing. Call it as superuser."""
        return self.search([("verify_token", "=", token)], limit=1) if _TOKEN.fullmatch(token) else self.browse()

    def _public_facts(self):
        """Return what whoever has the token of this letter may know. Call it as superuser.

        :return: ``{"verdict", "number", "date", "agency", "signatories": [(name, position)], "digest"}``; of what is
            not open, the verdict alone: ``valid``, ``unproven``, ``paper``, ``pending``, ``cancelled`` or ``damaged``
        """
        self.ensure_one()
        facts = {"verdict": self._verdict(), "number": False}
        if self.security_class != "open":
            return facts
        return {
            **facts,
            "number": self.number,
            "date": self.letter_date,
            "agency": self.company_id.name,
            "signatories": [(one.name, one.position) for one in self.signature_ids if one.state == "signed"],
            "digest": self._public_digest(),
        }

    def _verdict(self):
        if self.state == "cancelled":
            return "cancelled"
        if self.signature_ids.filtered(lambda one: one.state == "pending") or self.state == "to_sign":
            return "pending"
        content = self.message_main_attachment_id.raw or b""
        if hashlib.sha256(content).hexdigest() != self._public_digest():
            return "damaged"
        if self.signed_on_paper:
            return "paper"
        verdict = pades.verify(content, self.company_id._esurat_trusted_roots())
        if not verdict.unchanged:
            return "damaged"
        return "valid" if verdict.valid else "unproven"

    def _public_digest(self):
        """Return the SHA-256 (hex) of the file that is this letter, empty before it is signed. Call it as superuser."""
        return self.signature_ids[-1:].digest or ""

    # ------------------------------------------------------------
    # Page and file
    # ------------------------------------------------------------

    def _anchor(self, number):
        """Return the word that marks the room of the signature *number* (from 1) on the page; no text contains it."""
        return f"esurat-{self.uuid.replace('-', '')[:16]}-{number}x"

    def _stamp(self, hold):
        """Return the page (bytes of a PDF) that is seen where *hold* has signed: QR code and words (domain facts 1)."""
        letter = self._in_its_language()
        html = letter.env["ir.qweb"]._render(
            "esurat.letter_stamp",
            {
                "code": self._code(),
                # for whom she signs stands above
                "position": hold.sudo()._signs_as(),
                "name": hold.sudo().holder_name,
            },
        )
        return render_pdf(html, archival=True)[0]

    def _code(self):
        """Return the QR code that leads to the verification of this letter, as a data address."""
        return segno.make_qr(self._verify_url(), error="m").svg_data_uri(scale=3, border=1)

    def _verify_url(self):
        """Return the address where anybody who has the letter can check it."""
        self.ensure_one()
        return f"{self.get_base_url()}/esurat/verify/{self.sudo().verify_token}"

    def _keep_pdf(self, content, pages, name="", mimetype="application/pdf"):
        """Make a file the letter itself.

        :param bytes content: the file
        :param int pages: its pages
        """
        self.ensure_one()
        # sudo: files of a numbered letter are written by acts alone, which the caller has checked
        letter = self.sudo().with_context(tracking_disable=True)
        attachment = letter.env["ir.attachment"].create(
            {
                "name": name or f"{(letter.number or letter.subject).replace('/', '-')}.pdf",
                "raw": content,
                "mimetype": mimetype,
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        letter.write({"message_main_attachment_id": attachment.id, "page_count": pages})
