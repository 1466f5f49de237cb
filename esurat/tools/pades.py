"""Electronic signatures on PDFs: PAdES (ETSI EN 319 142) by pyHanko.

A signed PDF is never rewritten: what is added later is appended, and what is appended is judged.
"""

import io
import logging
import threading
from datetime import UTC, datetime
from typing import NamedTuple

import pypdfium2
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

# The library tells of each refused certificate with a traceback; what it finds is returned below.
for _name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)

LEVELS = ("b", "t", "lt")

# PDFium is not safe to use from two threads at once.
pdfium = threading.Lock()


class CertificateError(ValueError):
    """A PKCS#12 file that cannot be used; ``reason`` is ``passphrase``, ``type``, ``key``, ``early`` or ``expired``."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


class SignError(Exception):
    """A signature that did not come about; ``reason`` is ``place``, ``time`` (the time-stamp authority does not
    answer), ``trust`` (the certificate is revoked, or nothing can be learnt of it) or ``pdf``."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


class Identity(NamedTuple):
    """Whose certificate it is, and for how long."""

    name: str
    subject: str
    issuer: str
    serial: str
    valid_from: datetime  # naive, UTC, as the next one
    valid_until: datetime


class Place(NamedTuple):
    """Where a signature is seen: the page (from 0) and left, bottom, right, top in points."""

    page: int
    box: tuple


class Finding(NamedTuple):
    """What became of one signature in a PDF."""

    name: str
    issuer: str
    signed_at: datetime | None
    stamped_at: datetime | None  # as a time-stamp authority says
    intact: bool  # the bytes that it covers are those that were signed
    trusted: bool  # its certificate is one that we trust
    whole: bool  # nothing but further signatures came afterwards


class Verdict(NamedTuple):
    """What was found in a PDF: ``unchanged`` where each signature is intact and nothing else was added; ``valid`` where
    each is trusted as well."""

    unchanged: bool
    valid: bool
    findings: list


def identity(content, passphrase, now=None):
    """Look into a PKCS#12 file.

    :param bytes content: the file
    :param str passphrase: it is used here and nowhere kept
    :param datetime now: aware; the present by default
    :return: :class:`Identity`
    :raises CertificateError: where it cannot be opened, has no key with its certificate, or is not valid *now*
    """
    try:
        key, certificate, _chain = pkcs12.load_key_and_certificates(content, passphrase.encode())
    except ValueError as error:
        # the message is the library's own and names nothing secret
        raise CertificateError("passphrase" if "password" in str(error).lower() else "type") from None
    if key is None or certificate is None or key.public_key() != certificate.public_key():
        raise CertificateError("key")
    now = now or datetime.now(UTC)
    if now < certificate.not_valid_before_utc:
        raise CertificateError("early")
    if now > certificate.not_valid_after_utc:
        raise CertificateError("expired")
    names = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return Identity(
        name=str(names[0].value) if names else certificate.subject.rfc4514_string(),
        subject=certificate.subject.rfc4514_string(),
        issuer=certificate.issuer.rfc4514_string(),
        serial=format(certificate.serial_number, "x"),
        valid_from=certificate.not_valid_before_utc.replace(tzinfo=None),
        valid_until=certificate.not_valid_after_utc.replace(tzinfo=None),
    )


def find_place(content, anchor, width, height):
    """Return where a signature belongs: below and right of a word that stands once in the PDF.

    :param bytes content: the PDF
    :param str anchor: the word
    :param float width: of the signature, in points, as is *height*
    :return: :class:`Place`
    :raises SignError: where the word stands there not once
    """
    places = []
    with pdfium, pypdfium2.PdfDocument(content) as document:
        for number, page in enumerate(document):
            text = page.get_textpage()
            search = text.search(anchor, match_case=True)
            while found := search.get_next():
                boxes = [text.get_charbox(place, loose=True) for place in range(found[0], sum(found))]
                left, top = min(box[0] for box in boxes), max(box[3] for box in boxes)
                places.append(Place(number, (left, top - height, left + width, top)))
    if len(places) != 1:
        raise SignError("place")
    return places[0]


def sign(content, certificate, passphrase, field, place, stamp, level="b", authority="", roots=(), timeout=10):
    """Sign a PDF; what is there already stays byte for byte.

    :param bytes content: the PDF
    :param bytes certificate: a PKCS#12 file
    :param str passphrase: it is used here and nowhere kept
    :param str field: name of the signature, one that the PDF does not have yet
    :param Place place: where it is seen
    :param bytes stamp: a PDF of one page that is seen there
    :param str level: of :data:`LEVELS`: PAdES B-B; B-T with a time stamp; B-LT with what proves it for long
    :param str authority: address of a time-stamp authority (RFC 3161), for B-T and B-LT
    :param roots: certificates (asn1crypto) that are trusted, for B-LT
    :param int timeout: seconds to wait for the authority
    :return: bytes of the signed PDF
    :raises CertificateError: as :func:`identity`
    :raises SignError: where it does not come about
    """
    # imported here: most workers never sign
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign import fields, signers
    from pyhanko.sign.general import SigningError
    from pyhanko.sign.signers.pdf_signer import DSSContentSettings, SigDSSPlacementPreference
    from pyhanko.sign.timestamps import HTTPTimeStamper, TimestampRequestError

    identity(certificate, passphrase)
    signer = signers.SimpleSigner.load_pkcs12_data(certificate, other_certs=[], passphrase=passphrase.encode())
    metadata = signers.PdfSignatureMetadata(
        field_name=field,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        embed_validation_info=level == "lt",
        # in the revision of the signature itself, so that the last one covers the whole file
        dss_settings=DSSContentSettings(include_vri=False, placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE),
        validation_context=_context(roots, fetch=True, mode="hard-fail") if level == "lt" else None,
    )
    worker = signers.PdfSigner(
        metadata,
        signer,
        timestamper=HTTPTimeStamper(authority, timeout=timeout) if level != "b" else None,
        stamp_style=_stamp_style(stamp),
        new_field_spec=fields.SigFieldSpec(field, on_page=place.page, box=place.box),
    )
    try:
        return worker.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(content))).getvalue()
    except SigningError as error:
        raise SignError("trust") from error
    except PdfError as error:
        raise SignError("pdf") from error
    except (TimestampRequestError, ValueError, AttributeError) as error:
        # an authority that answers nonsense shows as the latter two
        raise SignError("time" if level != "b" else "pdf") from error


def verify(content, roots=()):
    """Judge all signatures of a PDF.

    :param bytes content: whatever somebody says is a signed PDF
    :param roots: certificates (asn1crypto) that are trusted
    :return: :class:`Verdict`; of what is no PDF, or has no signature, ``unchanged`` is false
    """
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign import fields
    from pyhanko.sign.validation import (
        DocumentSecurityStore,
        SignatureCoverageLevel,
        validate_pdf_signature,
        validate_pdf_timestamp,
    )

    nothing = Verdict(False, False, [])
    try:
        reader = PdfFileReader(io.BytesIO(content), strict=True)
        signatures = reader.embedded_signatures
        # those of an unknown kind are not among them
        filled = sum(1 for _field in fields.enumerate_sig_fields(reader, filled_status=True))
        store = DocumentSecurityStore.read_dss(reader) if "/DSS" in reader.root else None
        if filled != len(signatures) or not any(one.sig_object_type == "/Sig" for one in signatures):
            return nothing
        findings = []
        for signature in signatures:
            stamp = signature.sig_object_type == "/DocTimeStamp"
            judge = validate_pdf_timestamp if stamp else validate_pdf_signature
            status = judge(signature, _context(roots))
            if store and not status.trusted:
                # what the file brings along to prove it; asked second, since it may say nothing of this signature
                settings = {"trust_roots": list(roots), "revocation_mode": "soft-fail"}
                status = judge(signature, store.as_validation_context(settings))
            last = signature is signatures[-1]
            covered = SignatureCoverageLevel.ENTIRE_FILE if last else SignatureCoverageLevel.ENTIRE_REVISION
            time = status if stamp else status.timestamp_validity
            subject, issuer = (one.native for one in (signature.signer_cert.subject, signature.signer_cert.issuer))
            findings.append(
                Finding(
                    name=subject.get("common_name", ""),
                    issuer=issuer.get("common_name", ""),
                    signed_at=None if stamp else signature.self_reported_timestamp,
                    stamped_at=time.timestamp if time else None,
                    intact=status.intact and status.valid,
                    trusted=status.trusted if stamp else status.bottom_line,
                    whole=status.coverage >= covered and (stamp or status.docmdp_ok),
                )
            )
    except Exception:  # whatever a hostile file makes the library raise
        return nothing
    unchanged = all(one.intact and one.whole for one in findings)
    return Verdict(unchanged, unchanged and all(one.trusted for one in findings), findings)


def trusted_roots(text):
    """Return the certificates (asn1crypto) of a text in PEM.

    :param str text: any number of certificates one below the other
    :raises ValueError: where one cannot be read
    """
    from asn1crypto import x509 as asn1

    if not (text or "").strip():
        return []
    certificates = x509.load_pem_x509_certificates(text.encode())
    return [asn1.Certificate.load(one.public_bytes(Encoding.DER)) for one in certificates]


def _context(roots, fetch=False, mode="soft-fail"):
    from pyhanko_certvalidator import ValidationContext

    return ValidationContext(trust_roots=list(roots), allow_fetching=fetch, revocation_mode=mode)


def _stamp_style(stamp):
    """Return the style that shows the page *stamp* (bytes of a PDF) as large as the signature."""
    from pyhanko.pdf_utils import content, layout
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.stamp import StaticStampStyle

    class Page(content.PdfContent):
        """The first page of a PDF in memory."""

        def render(self):
            page = self._ensure_writer.import_page_as_xobject(PdfFileReader(io.BytesIO(stamp)))
            self.resources.xobject["/Stamp"] = page
            left, bottom, right, top = page.get_object()["/BBox"]
            self.box = layout.BoxConstraints(width=abs(right - left), height=abs(top - bottom))
            return b"/Stamp Do"

    middle = layout.AxisAlignment.ALIGN_MID
    return StaticStampStyle(
        background=Page(), border_width=0, background_layout=layout.SimpleBoxLayoutRule(middle, middle)
    )
