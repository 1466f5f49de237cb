"""What it costs to write, review, sign and send a letter: esurat, OCA's tier validation, and the libraries alone."""

import base64
import io
from datetime import UTC, datetime, timedelta
from functools import partial

import pikepdf
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from weasyprint import HTML

from odoo import Command

from bench import floor
from bench.acts import NAME
from bench.lab import Case
from bench.people import HEAD

TIER = "bench.document"
STAFF = "bench_staff_0"
PASSPHRASE = "kata sandi"  # noqa: S105 - of a certificate that lives as long as the benchmark
MANY = 10  # letters approved at once
ANNEX_BYTES = 10_000_000

# Two pages in the type's layout.
PARAGRAPH = (
    "<p>Sehubungan dengan surat Saudara perihal tersebut di atas, bersama ini kami sampaikan bahwa kami "
    "mendukung kegiatan dimaksud dan menugaskan tiga orang pegawai untuk mengikutinya sampai selesai, dengan ketentuan "
    "bahwa laporan tertulis disampaikan selambat-lambatnya tujuh hari kerja setelah kegiatan berakhir.</p>"
)
BODY = PARAGRAPH * 14


class Desk:
    """The people of one route, the certificate of its signatory, and what the libraries alone work on."""

    def __init__(self, lab):
        """:param Lab lab: the database"""
        self.lab = lab
        self.certificate = _certificate()
        with lab.env(HEAD) as env:
            file = base64.b64encode(self.certificate)
            env["esurat.certificate"].create({"file": file, "passphrase": PASSPHRASE})
        with lab.env(STAFF) as env:
            letter = env["esurat.letter"].browse(self.written())
            route = letter._propose_route()
            logins = {user_id: login for login, user_id in lab.users.items()}
            self.reviewers = [logins[step.user_id] for step in route]
            self.html = str(letter._render_page())
            self.pdf, self.pages = letter._render_letter()
        with lab.env() as env:
            self._define_tiers(env)

    def _define_tiers(self, env):
        """Let the same people review the documents of the peer, one after the other, each told when it is her turn."""
        env["tier.definition"].search([]).unlink()
        env["tier.definition"].create(
            [
                {
                    "name": login,
                    "model_id": env["ir.model"]._get_id(TIER),
                    "review_type": "individual",
                    "reviewer_id": self.lab.users[login],
                    "sequence": 100 - place,
                    "approve_sequence": True,
                    "notify_on_pending": True,
                    "company_id": self.lab.company_id,
                }
                for place, login in enumerate(self.reviewers)
            ]
        )

    def written(self, _lab=None, annex=0):
        """Write a letter of two pages and return its id.

        :param int annex: bytes of a file within its PDF
        """
        values = {
            "direction": "outgoing",
            "written_here": True,
            "subject": "Jawaban atas undangan rapat koordinasi",
            "type_id": self.lab.type_id,
            "body": BODY,
        }
        with self.lab.env(STAFF) as env:
            neighbour = env["res.company"].sudo().search([("esurat_code", "=", "DK")]).partner_id
            if annex:
                file = base64.b64encode(_annex(annex))
                values["annex_ids"] = [Command.create({"name": "Peta", "file": file, "file_name": "peta.pdf"})]
            return env["esurat.letter"].create({**values, "addressee_ids": [Command.set(neighbour.ids)]}).id

    def document(self, _lab=None):
        """Write a document of the peer and return its id."""
        with self.lab.env(STAFF) as env:
            return env[TIER].create({"name": "Jawaban atas undangan rapat koordinasi", "body": BODY}).id

    def in_review(self, _lab=None, reviewer=0, annex=0):
        """Write and submit a letter, let those before *reviewer* (int, her place) approve it, and let her open it.

        :return: id of her hold
        """
        letter_id = self.written(annex=annex)
        with self.lab.env(STAFF) as env:
            submit(env, letter_id)
        for place, login in enumerate(self.reviewers[: reviewer + 1]):
            with self.lab.env(login) as env:
                letter = env["esurat.letter"].browse(letter_id)
                letter.action_open()
                hold = letter._hold_in_review()
                if place == reviewer:
                    return hold.id
                hold.action_approve()

    def signed(self, _lab=None):
        """Return the id of a letter that is signed and may be sent."""
        hold_id = self.in_review(reviewer=len(self.reviewers) - 1)
        with self.lab.env(HEAD) as env:
            hold = env["esurat.holder"].browse(hold_id)
            hold.sign(PASSPHRASE)
            return hold.letter_id.id

    def requested(self, _lab=None):
        """Return the id of a document of the peer whose review was asked for."""
        document_id = self.document()
        with self.lab.env(STAFF) as env:
            request(env, document_id)
        return document_id


def cases(lab):
    """Return the cases of answering.

    :param Lab lab: the database
    :rtype: list[Case]
    """
    desk = Desk(lab)
    first, last = desk.reviewers[0], len(desk.reviewers) - 1
    heavy = partial(desk.in_review, annex=ANNEX_BYTES)

    def several(make):
        return lambda _lab: [make() for _index in range(MANY)]

    return [
        Case(f"PDF of {desk.pages} pages", NAME, STAFF, print_letter, desk.written),
        Case(f"PDF of {desk.pages} pages", floor.NAME, STAFF, partial(print_alone, html=desk.html)),
        Case("submit", NAME, STAFF, submit, desk.written),
        Case("submit", TIER, STAFF, request, desk.document),
        Case("approve", NAME, first, approve, desk.in_review),
        Case("approve", TIER, first, validate, desk.requested),
        Case(f"approve {MANY} at once", NAME, first, approve, several(desk.in_review)),
        Case(f"approve {MANY} at once", TIER, first, validate, several(desk.requested)),
        Case("approve, 10 MB annex", NAME, first, approve, heavy),
        Case("sign", NAME, HEAD, sign, partial(desk.in_review, reviewer=last)),
        Case("sign", floor.NAME, HEAD, partial(sign_alone, pdf=desk.pdf, certificate=desk.certificate)),
        Case("sign, 10 MB annex", NAME, HEAD, sign, partial(heavy, reviewer=last)),
        Case("send to one", NAME, STAFF, send, desk.signed),
    ]


def print_letter(env, letter_id):
    """Make the PDF of a letter, as its preview does."""
    env["esurat.letter"].browse(letter_id)._render_letter()


def print_alone(_env, _subject, html):
    """Make a PDF of a page that stands there already."""
    HTML(string=html).write_pdf()


def submit(env, letter_id):
    """Send a letter on the way that is proposed."""
    letter = env["esurat.letter"].browse(letter_id)
    letter._submit(letter._propose_route())


def request(env, document_id):
    """Ask for the review of a document."""
    env[TIER].browse(document_id).request_validation()


def approve(env, hold_ids):
    """Approve letters."""
    env["esurat.holder"].browse(hold_ids).action_approve()


def validate(env, document_ids):
    """Approve documents, each by itself: the peer knows no batch."""
    for document in env[TIER].browse(document_ids):
        document.validate_tier()


def sign(env, hold_id):
    """Sign a letter with one's own certificate."""
    env["esurat.holder"].browse(hold_id).sign(PASSPHRASE)


def send(env, letter_id):
    """Send a letter to its addressee, the neighbour agency."""
    env["esurat.letter"].browse(letter_id)._send()


def sign_alone(_env, _subject, pdf, certificate):
    """Sign a PDF that stands there already, invisibly: PAdES B-B by pyHanko."""
    signer = signers.SimpleSigner.load_pkcs12_data(certificate, other_certs=[], passphrase=PASSPHRASE.encode())
    metadata = signers.PdfSignatureMetadata(field_name="signature", subfilter=fields.SigSeedSubFilter.PADES)
    signers.PdfSigner(metadata, signer).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)))


def _certificate():
    """Return a PKCS#12 file (bytes) of a certificate that signs itself."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Bench Head")])
    now = datetime.now(UTC)
    usage = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign", "encipher_only"), False
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365))
        .add_extension(x509.KeyUsage(True, True, decipher_only=False, **usage), critical=True)
        .sign(key, hashes.SHA256())
    )
    lock = serialization.BestAvailableEncryption(PASSPHRASE.encode())
    return serialization.pkcs12.serialize_key_and_certificates(b"bench", key, certificate, None, lock)


def _annex(size):
    """Return a PDF (bytes) of one empty page that is as large as a folder of scans."""
    document = pikepdf.new()
    document.add_blank_page()
    document.Root.Noise = document.make_stream(b"\x91" * size)
    buffer = io.BytesIO()
    document.save(buffer, compress_streams=False)
    return buffer.getvalue()
