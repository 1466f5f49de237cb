"""Letters that are written here, on their way: people have begun, submitted and approved them as in the web client."""

from typing import NamedTuple

from .markup import Document, Eval, Ref, refs
from .people import PEOPLE


class Text(NamedTuple):
    """A letter in the making: who writes it, what it says, and who has approved it so far."""

    author: str
    subject: str
    body: str
    values: dict
    submitted: bool = True
    approved: tuple = ()


INVITATION_ROWS = (
    ("Hari/tanggal", "Kamis minggu depan"),
    ("Waktu", "09.00 WITA sampai selesai"),
    ("Tempat", "Ruang Rapat Diskominfo, lantai 2"),
    ("Acara", "{{ subject }}"),
)

TEXTS = (
    # half a text
    Text(
        "agus.firmansyah",
        "Jawaban atas Permohonan Peminjaman Videotron",
        "<p>Dengan hormat,</p><p>Menjawab surat Saudara nomor {{ reply_number }} tanggal {{ reply_date }}, bersama ini "
        "disampaikan bahwa</p>",
        {
            "type_id": Ref("type_official"),
            "classification_id": Ref("classification_500_12"),
            "addressee_ids": refs(["partner_disdik"]),
            "reply_to_id": Ref("letter_050"),
        },
        submitted=False,
    ),
    # waits for the head of the division
    Text(
        "agus.firmansyah",
        "Undangan Temu Media dan Pegiat Konten",
        "<p>Dengan hormat, kami mengundang Saudara untuk hadir pada:</p><table class='table'><tbody>"
        + "".join(f"<tr><td>{name}</td><td>{value}</td></tr>" for name, value in INVITATION_ROWS)
        + "</tbody></table><p>Demikian, atas kehadiran Saudara diucapkan terima kasih.</p>",
        {
            "type_id": Ref("type_invitation"),
            "classification_id": Ref("classification_500_12"),
            "addressee_ids": refs(["partner_radio", "partner_smk", "partner_kelurahan"]),
            "copy_partner_ids": refs(["partner_setda"]),
        },
        approved=("nurul.hidayati",),
    ),
    # waits for the head of the agency
    Text(
        "eko.saputra",
        "Jawaban atas Permintaan Integrasi Layanan Perizinan",
        "<p>Dengan hormat,</p><p>Menjawab surat Saudara nomor {{ reply_number }} tanggal {{ reply_date }} perihal "
        "{{ reply_subject }}, bersama ini disampaikan bahwa integrasi layanan perizinan dengan Portal Kota telah "
        "selesai diuji dan dapat digunakan mulai awal bulan depan.</p><p>Untuk serah terima, kami mohon Saudara "
        "menugaskan dua orang pegawai sebagai pengelola akun.</p><p>Demikian disampaikan, atas perhatian dan kerja "
        "samanya diucapkan terima kasih.</p>",
        {
            "type_id": Ref("type_official"),
            "classification_id": Ref("classification_500_12"),
            "addressee_ids": refs(["partner_dpmptsp"]),
            "copy_position_ids": refs([PEOPLE["sekretaris"].job]),
            "reply_to_id": Ref("letter_022"),
        },
        approved=("kabid.aplikasi",),
    ),
    # waits for the head of the division, who signs it herself
    Text(
        "rina.oktaviani",
        "Laporan Kegiatan Publikasi Bulan Ini",
        "<p>Bersama ini kami laporkan kegiatan publikasi bulan ini:</p><ol><li>Rilis berita: 24</li><li>Konten media "
        "sosial: 61</li><li>Siaran radio: 4</li></ol><p>Demikian disampaikan, mohon arahan lebih lanjut.</p>",
        {
            "direction": "internal",
            "type_id": Ref("type_memo"),
            "classification_id": Ref("classification_500_12"),
            "position_ids": refs([PEOPLE["kadis"].job]),
        },
    ),
)


def document():
    """Return `writing.xml`."""
    xml = Document("Letters that are written here: a draft, one to be initialled, one to be signed, a memo.")
    for number, text in enumerate(TEXTS, 1):
        letter, author = f"letter_written_{number}", PEOPLE[text.author]
        xml.record(
            letter,
            "esurat.letter",
            {
                "direction": "outgoing",
                "written_here": True,
                "subject": text.subject,
                "body": Eval(repr(text.body)),
                "sender_id": False,
                "department_id": Ref(f"department_{author.unit}"),
                **text.values,
            },
            uid=author.user,
        )
        if text.submitted:
            route = {"model": "esurat.letter", "eval": f"obj(ref('{letter}'))._propose_route()"}
            xml.function("esurat.letter", "_submit", {"eval": f"[ref('{letter}')]"}, route, uid=author.user)
        for login in text.approved:
            for act in ("action_open", "action_approve"):
                xml.function("esurat.letter", act, {"eval": f"[ref('{letter}')]"}, uid=PEOPLE[login].user)
    return str(xml)
