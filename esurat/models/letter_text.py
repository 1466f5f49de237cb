import base64
import hashlib
import json

from markupsafe import Markup

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import html2plaintext, is_html_empty
from odoo.tools.misc import format_date

from ..tools import page_text
from ..tools.paper import File, render_pdf
from .selections import CONFIDENTIAL, SECURITY_CODES

# What reviewers approve and signatories sign: whoever changes it asks again for approvals that were given.
CONTENT = (
    "company_id",
    "type_id",
    "subject",
    "summary",
    "body",
    "template_id",
    "classification_id",
    "urgency",
    "security_class",
    "department_id",
    "addressee_ids",
    "position_ids",
    "recipient_ids",
    "copy_partner_ids",
    "copy_position_ids",
    "reply_to_id",
)

LONGEST = 200_000  # characters of a text, with its tags

PAGE_STYLE = """
    @page { margin: 15mm 20mm 20mm 25mm }
    body { font: 11.5pt/1.4 "Liberation Sans", "DejaVu Sans", sans-serif }
    .security { position: absolute; left: -10mm; top: -8mm; font-weight: bold; font-size: 13pt }
    .security.red { color: #c00 }
    .place { text-align: right; margin-top: 4mm }
    table.head, table.annex_head { width: auto; margin-top: 3mm }
    table.head td, table.annex_head td { padding: .2mm 1.5mm }
    .head td:first-child, .annex_head td:first-child { padding-left: 0; white-space: nowrap }
    .addressee { margin: 6mm 0 }
    .addressee ol, .copies ol { margin: 0; padding-left: 6mm }
    .text { margin-top: 5mm; overflow-wrap: anywhere }
    .text p { margin: 0 0 2.5mm; text-align: justify }
    .text img { max-width: 100% }
    .text table { margin-bottom: 2.5mm; max-width: 100% }
    .text pre { white-space: pre-wrap }
    .text > :last-child { break-after: avoid }
    .enacted { margin: 6mm 0 0 auto; width: 76mm; break-before: avoid; break-after: avoid }
    .enacted + .signatures .signature { margin-top: 3mm }
    .text .table-bordered td, .text .table-bordered th { border: .5pt solid #000 }
    .title_number, .title_about, .title_subject { text-align: center; text-transform: uppercase }
    .title_about { margin-top: 3mm }
    .title_subject { margin: 1mm 0 3mm; text-transform: uppercase; font-weight: bold }
    .signatures { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: flex-end }
    .signatures { break-inside: avoid; break-before: avoid }
    .signatures .signature { margin: 8mm 0 0 auto; width: 76mm; text-align: left; max-width: SIGNATURE_WIDTH }
    .place_of_signature { height: 23mm; position: relative }
    .anchor { position: absolute; left: 0; top: 0; color: #fff; font-size: 1pt; line-height: 1; white-space: nowrap }
    .name { font-weight: bold; text-decoration: underline }
    .code img { width: 20mm; height: 20mm }
    .copies { margin-top: 8mm; font-size: 9.5pt; break-inside: avoid; break-before: avoid }
    .annex { break-before: page }
    hr { border: 0; border-top: 1pt solid #000; margin: 3mm 0 }
"""


class LetterText(models.AbstractModel):
    """A letter that is written here: its text, template, annexes, copies, and the page that all of it makes.

    The page is made anew from the text until the letter is signed; from then on the signed PDF is the letter.
    """

    _name = "esurat.letter.text"
    _description = "Text of a letter"

    written_here = fields.Boolean(
        copy=False,
        help="Its text is written and signed in E-Surat. Otherwise it is made outside and gets a number here.",
    )
    template_id = fields.Many2one(
        "esurat.letter.template",
        compute="_compute_template",
        store=True,
        ondelete="restrict",
        help="The version of the template that the letter was written with.",
    )
    body = fields.Html(
        string="Text",
        compute="_compute_body",
        store=True,
        readonly=False,
        copy=True,
    )
    annex_ids = fields.One2many("esurat.annex", "letter_id", string="Annexes", copy=True)
    copy_partner_ids = fields.Many2many(
        "res.partner",
        "esurat_letter_copy_partner_rel",
        string="Copies outside",
        help="Named at the foot of the letter.",
    )
    copy_position_ids = fields.Many2many(
        "hr.job",
        "esurat_letter_copy_position_rel",
        string="Copies to positions",
        check_company=True,
        help="Whoever holds them gets a copy when the letter is signed.",
    )
    is_fixed = fields.Boolean(compute="_compute_is_fixed", help="The user cannot change this letter, now or any more.")
    preview = fields.Binary(compute="_compute_preview", help="The letter as it would be signed now.")
    version_ids = fields.One2many("esurat.version", "letter_id", string="Versions", readonly=True)
    numbered_digest = fields.Char(
        readonly=True, copy=False, help="SHA-256 of what was approved when the letter got its number."
    )

    @api.depends("type_id", "direction", "written_here")
    def _compute_template(self):
        for letter in self:
            if not letter.written_here:
                letter.template_id = False
            elif letter.state == "draft" and letter.template_id.type_id != letter.type_id:
                letter.template_id = letter.type_id.template_id
            else:
                letter.template_id = letter.template_id

    @api.depends("template_id")
    def _compute_body(self):
        def plain(text):
            return html2plaintext(text or "").strip()

        untouched = {""}
        if self.filtered(lambda letter: plain(letter.body)):
            untouched.update(plain(template.body) for template in self.env["esurat.letter.template"].search([]))
        for letter in self:
            if letter.template_id and plain(letter.body) in untouched:
                letter.body = letter.template_id.body
            else:
                # what somebody has written stays
                letter.body = letter.body

    @api.depends("state", "written_here", "holder_ids.state", "holder_ids.role", "holder_ids.user_id")
    @api.depends_context("uid")
    def _compute_is_fixed(self):
        # sudo(False): a form asks for the user, whoever computes it
        mine = self.filtered("id").sudo(False)._filtered_access("write") if self.env.uid != SUPERUSER_ID else self
        for letter in self:
            not_hers = bool(letter._origin) and letter._origin not in mine
            letter.is_fixed = letter._is_settled() or letter._is_under_review() or not_hers

    @api.depends_context("uid")
    def _compute_preview(self):
        for letter in self:
            # of what is saved alone: a form that is filled in may name a letter to be answered that is not the user's
            shown = letter.id and letter.written_here
            letter.preview = base64.b64encode(letter._render_letter()[0]) if shown else False

    def _is_under_review(self):
        """Tell whether this letter is under review, and not the user's to correct."""
        self.ensure_one()
        return self.state in ("review", "to_sign") and not self._may_correct()

    def _may_correct(self):
        """Tell whether the user may change the text of this letter under review: whoever initials it now may."""
        self.ensure_one()
        # sudo: the user's own holds
        return self.state == "review" and bool(
            self.sudo().holder_ids.filtered(
                lambda hold: (
                    hold.user_id == self.env.user
                    and hold.role in ("initial", "coordinate")
                    and hold.state in ("unread", "read")
                )
            )
        )

    @api.constrains("body")
    def _check_body(self):
        for letter in self:
            self.env["esurat.letter.template"]._check_merge_fields(letter.body)
            letter._check_length(letter.body)

    @api.model
    def _check_length(self, text):
        """Make sure that a text (HTML) can be printed.

        :raises ValidationError: where it is too long
        """
        if len(text or "") > LONGEST:
            raise ValidationError(self.env._("This text is too long to be printed. Annex a part of it as a file."))

    def action_answer(self):
        """Begin the answer to this letter: a draft of the user with everything filled in that is known already."""
        self.ensure_one()
        self._check_act("answer")
        values = {
            "direction": "outgoing",
            "reply_to_id": self.id,
            "subject": self.env._("Answer: %(subject)s", subject=self.subject or "")[:500],
            "addressee_ids": self.sender_id.ids,
            **self._same("company_id", "classification_id", "urgency", "security_class"),
        }
        if self.direction == "internal":
            # sudo: whoever has signed the memo gets the answer
            values |= {"direction": "internal", "recipient_ids": self.sudo()._signatories()[-1:].user_id.ids}
            values |= self._same("type_id")
        return self._begin_writing(values)

    def action_write_anew(self):
        """Begin another letter with the text, the annexes and the addressees of this one."""
        self.ensure_one()
        self._check_act("write_anew")
        values = self._same(
            *("company_id", "direction", "type_id", "classification_id", "urgency", "security_class", "subject"),
            *("addressee_ids", "position_ids", "recipient_ids", "copy_partner_ids", "copy_position_ids"),
        )
        if self.reply_to_id.has_access("read"):
            values |= self._same("reply_to_id")
        action = self._begin_writing(values)
        self.browse(action["res_id"])._take_text_from(self)
        return action

    def _same(self, *names):
        """Return the values of these fields of this letter, as another one takes them."""
        self.ensure_one()
        values = self._convert_to_write({name: self[name] for name in names})
        return {name: value.id if isinstance(value, models.BaseModel) else value for name, value in values.items()}

    def _begin_writing(self, values):
        """Return the action that opens a new letter of the user, to be written here.

        :param dict values: of it
        """
        letter = self.create({"written_here": True, "sender_id": False, **values})
        return {
            "type": "ir.actions.act_window",
            "res_model": "esurat.letter",
            "res_id": letter.id,
            "views": [(False, "form")],
            "target": "current",
        }

    def action_open_versions(self):
        """Show the versions of this letter, to be compared."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Versions"),
            "res_model": "esurat.version",
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "domain": [("letter_id", "=", self.id)],
        }

    # ------------------------------------------------------------
    # What is approved
    # ------------------------------------------------------------

    def _content_digest(self):
        """Return the SHA-256 (hex) of everything that makes this letter, its signatories included.

        From its number on it stays what it was, since its page does.
        """
        self.ensure_one()
        # sudo: what is signed is the same whoever asks
        letter = self.sudo()
        if letter.numbered_digest:
            return letter.numbered_digest
        # a contact that was archived meanwhile is addressed all the same
        letter = letter.with_context(active_test=False)
        content = {name: letter[name].ids if letter._fields[name].relational else letter[name] for name in CONTENT}
        content["body"] = str(letter.body or "")
        content["annexes"] = [
            [annex.name, str(annex.body or ""), annex.file_name or "", annex._digest()] for annex in letter.annex_ids
        ]
        content["pictures"] = [[file.id, file.checksum] for file in letter._pictures()]
        # as they are printed, though somebody renames a contact meanwhile
        printed = letter._in_its_language()
        content["names"] = [*printed._addressee_names(), *printed._copy_names()]
        content["words"] = {
            name: words
            for name, words in printed._merge_values().items()
            # given by signing, or of the signatories, who stand below
            if name not in ("number", "date", "position", "signatory")
        }
        content["signatories"] = [
            [hold.user_id.id, hold.capacity or "", hold.principal or "", hold.mandated or ""]
            for hold in letter._signatories()
        ]
        return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()

    def _signatories(self):
        """Return the holds of those who sign this letter, in their order."""
        return self.holder_ids.filtered(lambda hold: hold.role == "sign" and hold.state != "recalled").sorted(
            "sequence"
        )

    def _shown_signatories(self):
        """Return the holds of those who sign this letter; of a draft that has no route yet, of those proposed."""
        self.ensure_one()
        holds = self._signatories()
        if holds or self.state != "draft":
            return holds
        # sudo: holds that are never saved, to be printed alone
        Holder, company = self.env["esurat.holder"].sudo(), self.company_id
        users = self.env["res.users"].browse(step.user_id for step in self._propose_route() if step.role == "sign")
        posts = users._esurat_posts(company)
        return Holder.union(
            *(Holder.new(Holder._frozen(posts[key])) for user in users if (key := (company.id, user.id)) in posts)
        )

    # ------------------------------------------------------------
    # The page
    # ------------------------------------------------------------

    def _in_its_language(self):
        """Return this letter in the language of official documents: Indonesian (UU 24/2009 art. 27), if installed."""
        codes = {code for code, _name in self.env["res.lang"].get_installed()}
        return self.with_context(lang="id_ID" if "id_ID" in codes else self.env.lang)

    def _merge_values(self):
        """Return the texts of the merge fields of this letter, ``{name: str}``."""
        self.ensure_one()
        # sudo: the words of this letter alone, for whoever may see it
        letter = self._in_its_language().sudo()
        reply = letter.reply_to_id
        signatory = letter._shown_signatories()[-1:]

        def day(date):
            return format_date(letter.env, date, date_format="d MMMM y") if date else ""

        return {
            "number": letter.number or self.env._("(number)"),
            "date": day(letter.letter_date) or self.env._("(date)"),
            "subject": letter.subject,
            "sender": letter.company_id.name,
            "addressee": ", ".join(letter._addressee_names()),
            "position": signatory._signs_as() if signatory else "",
            "signatory": signatory.holder_name,
            "reply_sender": reply.sender_id.display_name if reply.sender_id else "",
            "reply_number": reply.number,
            "reply_date": day(reply.letter_date),
            "reply_subject": reply.subject,
        }

    def _addressee_names(self):
        """Return whom this letter is for, outside and inside, as a list of texts."""
        self.ensure_one()
        # a contact that was archived meanwhile is addressed all the same
        letter = self.sudo().with_context(active_test=False)
        return [
            *letter.addressee_ids.mapped("display_name"),
            *letter.position_ids.mapped("name"),
            *(letter.recipient_ids.mapped("name") if letter.direction == "internal" else ()),
        ]

    def _copy_names(self):
        """Return who gets a copy of this letter, outside and inside, as a list of texts."""
        self.ensure_one()
        letter = self.sudo().with_context(active_test=False)
        return [*letter.copy_partner_ids.mapped("display_name"), *letter.copy_position_ids.mapped("name")]

    def _page_values(self):
        """Return what the template of the printed letter is filled with."""
        self.ensure_one()
        # the logo itself, whoever asks for sizes of files alone
        letter = self._in_its_language().sudo().with_context(bin_size=False)
        values = letter._merge_values()
        files = letter.annex_ids.filtered("file")
        return {
            "letter": letter,
            "company": letter.company_id,
            "words": values,
            "place_and_date": ", ".join(filter(None, (letter.company_id.city, values["date"]))),
            "size": letter.company_id._esurat_paper_size(),
            # of what is not open; red where it is secret (Peraturan Bapanas 3/2022 art. 39)
            "security": "" if letter.security_class == "open" else SECURITY_CODES[letter.security_class],
            "is_secret": letter.security_class in CONFIDENTIAL,
            "text": letter._printable(letter.body, values),
            "annexes": [
                (annex, letter._printable(annex.body, values))
                for annex in letter.annex_ids
                if not is_html_empty(annex.body)
            ],
            "files": files,
            "addressees": letter._addressee_names(),
            "copies": letter._copy_names(),
            "signatories": letter._shown_signatories(),
            "code": letter._code() if letter.signed_on_paper else "",
        }

    def _pictures(self):
        """Return the files (``ir.attachment``, as superuser) that the texts of this letter show: its own alone."""
        self.ensure_one()
        # sudo: the pictures of this very letter
        letter = self.sudo()
        texts = "".join(str(text or "") for text in (letter.body, *letter.annex_ids.mapped("body")))
        wanted = page_text.pictures(texts)
        return letter.env["ir.attachment"].search(
            [("id", "in", list(wanted)), ("res_model", "=", self._name), ("res_id", "=", self.id)], order="id"
        )

    def _printable(self, text, words):
        """Return a text of this letter as it may be printed, with the pictures that are its own (``Markup``).

        :param str text: HTML
        :param dict words: ``{merge field: text}``
        """
        self.ensure_one()
        return page_text.printable(text, {file.id: file.raw for file in self._pictures()}, words)

    def _take_text_from(self, other):
        """Give this draft the text, the pictures and the annexes of *other*."""
        self.ensure_one()
        pictures = other._pictures()
        pictures.sudo(False).check_access("read")
        # sudo: files of a letter stay with it; these go into another one with its text
        own = {file.id: file.sudo().copy({"res_id": self.id}).id for file in pictures}
        self.body = page_text.with_pictures(other.body, own)
        self.annex_ids = [
            fields.Command.create(
                {
                    "sequence": annex.sequence,
                    "name": annex.name,
                    "body": page_text.with_pictures(annex.body, own),
                    "file": annex.file,
                    "file_name": annex.file_name,
                }
            )
            for annex in other.annex_ids.with_context(bin_size=False)
        ]

    def _render_page(self):
        """Return the page of this letter, HTML (str)."""
        self.ensure_one()
        letter = self._in_its_language()
        return letter.env["ir.qweb"]._render("esurat.letter_page", letter._page_values())

    def _render_letter(self):
        """Return this letter as a PDF/A-3b.

        :return: ``(bytes of the PDF, number of its pages)``
        """
        self.ensure_one()
        files = [
            File(annex.file_name or annex.name, annex._content()) for annex in self.sudo().annex_ids.filtered("file")
        ]
        return render_pdf(self._render_page(), files=files, archival=True)

    def _page_style(self, signatories):
        """Return the style of the printed letter, for so many signatures (int)."""
        width = "100%" if signatories < 2 else "48%"
        # ours alone, with quotes that have to stay
        return Markup(PAGE_STYLE.replace("SIGNATURE_WIDTH", width))  # noqa: S704

    def _footer_words(self):
        """Return what stands at the foot of each page: how the letter is signed."""
        self.ensure_one()
        if self.signed_on_paper:
            return ""
        if self._signing_provider() == "bsre":
            return self.env._(
                "This document is signed electronically with an electronic certificate issued by Balai Sertifikasi "
                "Elektronik (BSrE), Badan Siber dan Sandi Negara."
            )
        return self.env._("This document is signed electronically with an electronic certificate.")

    def _nature_words(self):
        """Return the nature (*sifat*) of this letter: its security class where it is not open, and its urgency."""
        self.ensure_one()

        def word(name):
            return dict(self._fields[name]._description_selection(self.env))[self[name]]

        return ", ".join([*([] if self.security_class == "open" else [word("security_class")]), word("urgency")])

    def _annex_words(self):
        """Return how many annexes this letter has, in words that stand in its head."""
        self.ensure_one()
        return (
            self.env._("%(count)s annexes", count=len(self.annex_ids))
            if len(self.annex_ids) > 1
            else self.env._("1 annex")
        )
