"""What an administrator sets up: number series, groups of recipients, routing, reserved numbers, correspondents."""

from typing import NamedTuple

from . import when
from .markup import Document, Eval, Ref, refs
from .people import AGENCIES, CITY, PEOPLE

GOVERNMENT = f"PEMERINTAH KOTA {CITY.upper()}"


class Sender(NamedTuple):
    """Somebody who writes to the agency; head, rank and letterhead stand on scans."""

    name: str
    street: str
    head: str = ""
    post: str = ""
    letterhead: tuple = ()
    city: str = CITY


SENDERS = {
    "setda": Sender(
        f"Sekretariat Daerah Kota {CITY}",
        "Jalan Balai Kota No. 1",
        "Drs. Hamzah Kurniawan, M.AP.",
        "Sekretaris Daerah",
        (GOVERNMENT, "SEKRETARIAT DAERAH"),
    ),
    "bappeda": Sender(
        f"Badan Perencanaan Pembangunan Daerah Kota {CITY}",
        "Jalan Balai Kota No. 3",
        "Ir. Meilani Sasongko, M.T.",
        "Kepala Badan",
        (GOVERNMENT, "BADAN PERENCANAAN PEMBANGUNAN DAERAH"),
    ),
    "bkpsdm": Sender(
        f"Badan Kepegawaian dan Pengembangan Sumber Daya Manusia Kota {CITY}",
        "Jalan Balai Kota No. 5",
        "Sukma Wijayanti, S.H., M.Si.",
        "Kepala Badan",
        (GOVERNMENT, "BADAN KEPEGAWAIAN DAN", "PENGEMBANGAN SUMBER DAYA MANUSIA"),
    ),
    "itda": Sender(
        f"Inspektorat Daerah Kota {CITY}",
        "Jalan Balai Kota No. 7",
        "Burhan Effendi, S.E., Ak.",
        "Inspektur",
        (GOVERNMENT, "INSPEKTORAT DAERAH"),
    ),
    "disdik": Sender(
        f"Dinas Pendidikan dan Kebudayaan Kota {CITY}",
        "Jalan Pelajar No. 12",
        "Dr. Widya Larasati, M.Pd.",
        "Kepala Dinas",
        (GOVERNMENT, "DINAS PENDIDIKAN DAN KEBUDAYAAN"),
    ),
    "dinkes": Sender(
        f"Dinas Kesehatan Kota {CITY}",
        "Jalan Kenanga No. 8",
        "dr. Farah Ramadhani, M.Kes.",
        "Kepala Dinas",
        (GOVERNMENT, "DINAS KESEHATAN"),
    ),
    "dpmptsp": Sender(
        f"Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu Kota {CITY}",
        "Jalan Niaga No. 21",
        "Irfan Hakiki, S.STP., M.Si.",
        "Kepala Dinas",
        (GOVERNMENT, "DINAS PENANAMAN MODAL DAN", "PELAYANAN TERPADU SATU PINTU"),
    ),
    "kecamatan": Sender(
        "Kecamatan Tirta Utara",
        "Jalan Poros Utara Km. 4",
        "Rahmat Subekti, S.STP.",
        "Camat",
        (GOVERNMENT, "KECAMATAN TIRTA UTARA"),
    ),
    "kelurahan": Sender(
        "Kelurahan Muara Bening",
        "Jalan Dermaga Lama No. 2",
        "Sulastri Handayani, S.Sos.",
        "Lurah",
        (GOVERNMENT, "KECAMATAN TIRTA SELATAN", "KELURAHAN MUARA BENING"),
    ),
    "provinsi": Sender(
        "Dinas Komunikasi dan Informatika Provinsi Kencana Timur",
        "Jalan Gubernuran No. 10",
        "H. Anwar Sadikin, S.T., M.M.",
        "Kepala Dinas",
        ("PEMERINTAH PROVINSI KENCANA TIMUR", "DINAS KOMUNIKASI DAN INFORMATIKA"),
        "Kencana Raya",
    ),
    "bps": Sender(
        f"Badan Pusat Statistik Kota {CITY}",
        "Jalan Angka No. 20",
        "Yudi Setiadi, S.ST., M.Si.",
        "Kepala",
        ("BADAN PUSAT STATISTIK", f"KOTA {CITY.upper()}"),
    ),
    "univ": Sender(
        "Fakultas Ilmu Komputer Universitas Kencana Timur",
        "Kampus Bukit Ilmu",
        "Dr. Eng. Hanif Maulidi",
        "Dekan",
        ("UNIVERSITAS KENCANA TIMUR", "FAKULTAS ILMU KOMPUTER"),
        "Kencana Raya",
    ),
    "smk": Sender(
        f"SMK Negeri 2 {CITY}",
        "Jalan Kejuruan No. 9",
        "Endah Purwanti, S.Pd., M.M.",
        "Kepala Sekolah",
        ("PEMERINTAH PROVINSI KENCANA TIMUR", f"SMK NEGERI 2 {CITY.upper()}"),
    ),
    "menara": Sender(
        "PT Menara Tirta Telekomunika",
        "Gedung Niaga Lantai 3, Jalan Niaga No. 40",
        "Ferry Gunadi",
        "Direktur",
        ("PT MENARA TIRTA TELEKOMUNIKA",),
    ),
    "serat": Sender(
        "PT Serat Kencana Nusaraya",
        "Ruko Pelabuhan Blok C-7",
        "Melinda Kusnadi, S.T.",
        "Manajer Layanan Pemerintah",
        ("PT SERAT KENCANA NUSARAYA",),
    ),
    "radio": Sender(
        "Radio Gema Kencana FM", "Jalan Siaran No. 5", "Tasya Amirudin", "Pemimpin Redaksi", ("RADIO GEMA KENCANA FM",)
    ),
    "erna": Sender("Erna Puspitasari", "Perumahan Bukit Bening Blok D No. 14"),
    "slamet": Sender("Slamet Riyono", "Jalan Nelayan RT 07, Kelurahan Muara Bening"),
}

# series of each agency: (key, name, direction, pattern, types)
SERIES = [
    ("incoming", "Surat Masuk", "incoming", "{serial:04d}"),
    ("outgoing", "Surat Keluar", "outgoing", "{classification}/{serial}/{unit}/{year}"),
    ("internal", "Nota Dinas", "internal", "{type}/{serial:03d}/{unit}/{month_roman}/{year}"),
]

LISTS = [
    (
        "officials",
        "Sekretaris dan para Kepala Bidang",
        "",
        "sekretaris kabid.ikp kabid.infra kabid.aplikasi kabid.statistik",
    ),
    ("teams", "Ketua Tim", "", "nurul.hidayati bambang.setyawan maya.puspita"),
    ("media", "Liputan dan publikasi", "ikp", "nurul.hidayati agus.firmansyah dimas.prakoso rina.oktaviani"),
]

# (key, name, classification, login of the position)
ROUTING = [
    ("media", "Kehumasan dan pengaduan ke Bidang IKP", "400_14", "kabid.ikp"),
    ("statistics", "Statistik ke Bidang Statistik dan Persandian", "500_14", "kabid.statistik"),
    ("staff", "Kepegawaian ke Sekretaris", "800", "sekretaris"),
]

# Reserved numbers of the first agency: (key, series, serial, working days ago, reason)
RESERVED = [
    ("outgoing_3", "outgoing", 3, 17, "Perjanjian kerja sama media, ditandatangani di luar kantor"),
    ("outgoing_4", "outgoing", 4, 17, "Surat pengantar LPPD, menunggu tanda tangan Wali Kota"),
    ("outgoing_5", "outgoing", 5, 17, "Surat balasan vendor, menunggu hasil rapat teknis"),
    ("internal_2", "internal", 2, 6, "Nota dinas laporan kinerja triwulan"),
]


def document():
    """Return `setup.xml`."""
    xml = Document("Registers, groups of recipients and routing of both agencies; their correspondents.")
    for agency in AGENCIES:
        for sequence, (key, name, direction, pattern) in enumerate(SERIES, 1):
            xml.record(
                f"series_{agency.key}_{key}",
                "esurat.series",
                {
                    "name": name,
                    "sequence": sequence * 10,
                    "company_id": Ref(f"company_{agency.key}"),
                    "direction": direction,
                    "pattern": pattern,
                },
            )
    for key, name, unit, logins in LISTS:
        values = {"name": name, "company_id": Ref("company_diskominfo")}
        if unit:
            values["department_id"] = Ref(f"department_{unit}")
        xml.record(
            f"list_{key}",
            "esurat.recipient.list",
            {**values, "user_ids": refs([PEOPLE[login].user for login in logins.split()])},
        )
    for sequence, (key, name, code, login) in enumerate(ROUTING, 1):
        xml.record(
            f"routing_{key}",
            "esurat.routing",
            {
                "name": name,
                "sequence": sequence * 10,
                "company_id": Ref("company_diskominfo"),
                "classification_id": Ref(f"classification_{code}"),
                "position_ids": refs([PEOPLE[login].job]),
            },
        )
    for key, sender in SENDERS.items():
        xml.record(
            f"partner_{key}",
            "res.partner",
            {
                "name": sender.name,
                "is_company": bool(sender.letterhead),
                "street": sender.street,
                "city": sender.city,
                "country_id": Ref("base.id"),
                "lang": "id_ID",
            },
        )
    xml.note("Numbers taken out of the register beforehand.")
    for key, series, serial, ago, reason in RESERVED:
        xml.record(
            f"reservation_{key}",
            "esurat.reservation",
            {
                "series_id": Ref(f"series_diskominfo_{series}"),
                "year": Eval(when.year(ago)),
                "serial": serial,
                "reason": reason,
                "user_id": Ref(PEOPLE["agendaris"].user),
            },
        )
    return str(xml)
