import base64
import hmac
import secrets

from odoo import api, models
from odoo.exceptions import UserError

from ..tools import bsre, pades

# Tickets with which this process has asked the service, and its id of what it has signed. Odoo repeats a request that
# the database has brought down: what is rolled back then is remembered here, for the service cannot take it back.
_spent = {}


def _trouble(words):
    """Return the answer that says why a letter is not signed."""
    return {"number": "", "trouble": words}


class LetterBsre(models.AbstractModel):
    """Signatures by the service of BSrE, which takes a letter over the network and may fall silent half-way.

    So an attempt is kept, with the number and the very PDF, before the service is asked. Whatever it says then ends the
    attempt: signed; or not, and the number goes back as the next to be used. Where it says nothing, it is asked what
    became of the attempt, and never to sign again.
    """

    _name = "esurat.letter.bsre"
    _description = "Signature by BSrE"

    def action_forget(self):
        """Give up an attempt of which nobody knows what became, since BSrE has said elsewhere that it was none."""
        self.check_access("read")
        # first: whoever signs at this moment holds the letter until the service has answered
        self._lock_for_act()
        self._check_act("forget")
        for letter in self:
            letter._give_up_attempt(letter._attempt())
        self._post_acts(dict.fromkeys(self, self.env._("Not signed by BSrE; the number went back")))

    def _signing_provider(self):
        """Return who makes electronic signatures on this letter: ``certificate`` or ``bsre``."""
        self.ensure_one()
        return self.company_id.sudo().esurat_provider

    def _signing_means(self):
        """Return what the user signs this letter with: ``{"means", "trouble"}``, what stands in the way or nothing."""
        self.ensure_one()
        if self._signing_provider() == "bsre":
            try:
                status = self._bsre().status(self._nik())
            except (bsre.BsreError, UserError) as error:
                trouble = error if isinstance(error, UserError) else self._bsre_error(error)
                return {"means": "BSrE", "trouble": str(trouble)}
            if status != bsre.MAY_SIGN:
                return {
                    "means": "BSrE",
                    "trouble": self.env._("BSrE says of your certificate: %(status)s", status=status),
                }
            return {"means": "BSrE", "trouble": ""}
        certificate = self.env["esurat.certificate"]._current(self.env.user)
        trouble = (
            ""
            if certificate
            else self.env._(
                "You have no valid certificate. Add yours, or let the letter be printed and sign it by hand."
            )
        )
        return {"means": certificate.name or "", "trouble": trouble}

    def _bsre(self):
        # sudo: the agency's access is for signing alone
        company = self.company_id.sudo()
        return bsre.Client(
            company.esurat_bsre_url or "",
            company.esurat_bsre_version,
            company.esurat_bsre_user or "",
            company.esurat_bsre_password or "",
        )

    def _nik(self):
        """Return the national identity number of the user.

        :raises UserError: where her employee has none
        """
        post = self.env.user._esurat_posts(self.company_id).get((self.company_id.id, self.env.uid))
        # sudo: personnel officers alone read it; here it goes to BSrE for herself
        nik = post and self.env["hr.employee"].sudo().browse(post.employee_id).identification_id
        if not nik:
            raise UserError(
                self.env._("BSrE knows people by their national number (NIK): ask personnel to enter yours.")
            )
        return nik

    @api.model
    def _bsre_error(self, error):
        """Return the words (str) that say what is wrong, by ``BsreError.reason``."""
        return {
            "passphrase": self.env._("BSrE refuses the passphrase. Nothing was signed."),
            "unknown": self.env._("BSrE does not know you as a signatory. Nothing was signed."),
            "reach": self.env._("BSrE cannot be reached. Nothing was signed; try again later."),
        }.get(error.reason) or self.env._("BSrE refuses: %(error)s. Nothing was signed.", error=error)

    def _attempt(self):
        """Return the attempt on this letter that is under way (as superuser), or nothing."""
        self.ensure_one()
        # sudo: attempts are kept by signing alone
        return self.sudo().signature_ids.filtered(lambda one: one.state == "under_way")

    def _prepare_bsre(self, hold):
        """Keep an attempt of *hold*, or ask what became of one that was left open.

        :return: as ``esurat.holder.prepare_signature``
        """
        self.ensure_one()
        attempt = self._attempt()
        if attempt:
            # whoever held the ticket is done with it, or waits for its answer and has the letter
            attempt.ticket = False
            return {"ticket": "", **self._ask_what_became(hold, attempt)}
        reservation = self.env["esurat.reservation"]
        if self.serial:
            content = self._signed_pdf()
        else:
            # a number of its own, so that others need not wait until BSrE has answered
            reservation = self._reserve_for_attempt()
            self._number_for_signing(signing=hold)
            content = self._render_letter()[0]
        ticket = secrets.token_urlsafe(24)
        # sudo: attempts are kept by signing alone
        self.env["esurat.signature"].sudo().create(
            {
                "letter_id": self.id,
                "hold_id": hold.id,
                "user_id": self.env.uid,
                "provider": "bsre",
                "state": "under_way",
                "ticket": ticket,
                "reservation_id": reservation.id,
                "prepared": base64.b64encode(content),
            }
        )
        return {"ticket": ticket, "number": "", "trouble": ""}

    def _reserve_for_attempt(self):
        """Reserve the next number for this letter, unless one was reserved for it by hand.

        :return: the ``esurat.reservation``, or nothing
        """
        self.ensure_one()
        Reservation = self.env["esurat.reservation"].sudo()
        if self.reservation_id:
            return Reservation
        series, year = self._series()[self], self.company_id._esurat_now().year
        [(_serial, released_id)] = series._take([(series.id, year)])
        if released_id:
            reservation = Reservation.browse(released_id)
            reservation.released = False
        else:
            reservation = Reservation._reserve(series, year, 1, self.env._("Signature by BSrE under way"))
        # sudo: reserved by signing, whoever may reserve by hand
        self.sudo().reservation_id = reservation
        return reservation

    def _sign_bsre(self, hold, passphrase, ticket):
        """Have the attempt with this *ticket* signed.

        :return: ``{"number", "trouble"}``
        :raises UserError: where there is no such attempt
        """
        self.ensure_one()
        attempt = self._attempt().filtered(lambda one: one.hold_id == hold.sudo())
        if not attempt.ticket or not hmac.compare_digest(attempt.ticket, ticket):
            raise UserError(self.env._("Prepare the signature first, and sign with the ticket that you got."))
        if ticket in _spent:
            # this very request was repeated after the service had been asked
            attempt.write({"ticket": False, "document": _spent[ticket]})
            return _trouble(self._unclear_words())
        _spent[ticket] = ""
        content = base64.b64decode(attempt.with_context(bin_size=False).prepared)
        try:
            _number, place = self._room_of(hold, content)
            signed = self._bsre().sign(content, self._nik(), passphrase, place, bsre.picture(self._stamp(hold)))
        except bsre.UnclearError as error:
            attempt.write({"ticket": False, "document": error.document})
            return _trouble(self._unclear_words())
        except bsre.BsreError as error:
            self._give_up_attempt(attempt)
            return _trouble(self._bsre_error(error))
        except pades.SignError as error:
            self._give_up_attempt(attempt)
            return _trouble(str(self._sign_error(error.reason)))
        attempt.document = _spent[ticket] = signed.document
        return self._take_signed(hold, attempt, content, signed.content)

    def _take_signed(self, hold, attempt, content, signed):
        """Take what BSrE has signed, if it is our letter and holds.

        :param bytes content: the PDF that it was given
        :param bytes signed: the PDF that it gave back
        """
        roots = self.company_id._esurat_trusted_roots()
        verdict = pades.verify(signed, roots)
        if not signed.startswith(content) or not (verdict.valid if roots else verdict.unchanged):
            self._give_up_attempt(attempt)
            return _trouble(self.env._("BSrE gave back another PDF, or one that does not hold."))
        finding = verdict.findings[-1]
        self._note_signature(
            hold,
            signed,
            self._inspect_scan(signed, self.number)[1],
            attempt=attempt,
            certificate_subject=finding.name,
            certificate_issuer=finding.issuer,
        )
        return {"number": self.number, "trouble": ""}

    def _ask_what_became(self, hold, attempt):
        """Ask BSrE what became of an attempt that was left open.

        :return: ``{"number", "trouble"}``
        """
        if not attempt.document:
            return _trouble(self._unclear_words())
        try:
            signed = self._bsre().download(attempt.document)
        except bsre.UnclearError:
            return _trouble(self._unclear_words())
        if signed is None:
            self._give_up_attempt(attempt)
            return _trouble(self.env._("BSrE has not signed it. Try again."))
        content = base64.b64decode(attempt.with_context(bin_size=False).prepared)
        return self._take_signed(hold, attempt, content, signed)

    @api.model
    def _unclear_words(self):
        return self.env._(
            "BSrE has not said whether it has signed. It is not asked to sign again: try later, or ask BSrE, and press "
            "“BSrE has not signed” if that is what it says."
        )

    def _give_up_attempt(self, attempt):
        """Nothing was signed: the number goes back as the next to be used, unless another signature stands on it."""
        self.ensure_one()
        reservation = attempt.reservation_id
        attempt.unlink()
        # sudo: numbers are given and taken back by acts alone
        letter = self.sudo()
        if not letter.signature_ids:
            reservation.released = True
            letter._give_number_back()
