"""Two agencies of a city that does not exist, with everybody who works there."""

from typing import NamedTuple

from passlib.hash import pbkdf2_sha512

from . import when
from .markup import Document, Eval, File, Ref, refs

CITY = "Tirta Kencana"
PASSWORD = "tirtakencana"
TIMEZONE = "Asia/Makassar"

# Working hours (Perpres 21/2023): 37.5 hours a week, a longer break on Fridays.
HOURS = [*((day, 7.5, 12, 13, 16) for day in range(4)), (4, 7.5, 11.5, 13, 16.5)]
HOLIDAYS = [
    ("new_year", "Tahun Baru Masehi", 1, 1),
    ("labour", "Hari Buruh Internasional", 5, 1),
    ("pancasila", "Hari Lahir Pancasila", 6, 1),
    ("independence", "Hari Kemerdekaan Republik Indonesia", 8, 17),
    ("christmas", "Hari Raya Natal", 12, 25),
]


class Agency(NamedTuple):
    """An agency and its address."""

    key: str
    name: str
    code: str
    letterhead: str
    street: str
    phone: str
    email: str


AGENCIES = [
    Agency(
        "diskominfo",
        f"Dinas Komunikasi dan Informatika Kota {CITY}",
        "Diskominfo",
        "PEMERINTAH KOTA TIRTA KENCANA\nDINAS KOMUNIKASI DAN INFORMATIKA",
        "Jalan Bendungan Raya No. 17, Kelurahan Muara Bening",
        "+62 549 000 170",
        "surat@diskominfo.tirtakencana.example",
    ),
    Agency(
        "dpk",
        f"Dinas Perpustakaan dan Kearsipan Kota {CITY}",
        "DPK",
        "PEMERINTAH KOTA TIRTA KENCANA\nDINAS PERPUSTAKAAN DAN KEARSIPAN",
        "Jalan Taman Literasi No. 4, Kelurahan Hulu Sungai",
        "+62 549 000 210",
        "surat@dpk.tirtakencana.example",
    ),
]

# key: (agency, name, unit code, unit above, login of the head)
UNITS = {
    "diskominfo": ("diskominfo", "Diskominfo", "Diskominfo", "", "kadis"),
    "sekretariat": ("diskominfo", "Sekretariat", "Set", "diskominfo", "sekretaris"),
    "umum": ("diskominfo", "Subbagian Umum dan Kepegawaian", "UK", "sekretariat", "kasubbag.umum"),
    "ikp": ("diskominfo", "Bidang Informasi dan Komunikasi Publik", "IKP", "diskominfo", "kabid.ikp"),
    "infra": ("diskominfo", "Bidang Infrastruktur e-Government", "Infra", "diskominfo", "kabid.infra"),
    "aplikasi": ("diskominfo", "Bidang Aplikasi e-Government", "Apl", "diskominfo", "kabid.aplikasi"),
    "statistik": ("diskominfo", "Bidang Statistik dan Persandian", "SP", "diskominfo", "kabid.statistik"),
    "media": ("diskominfo", "Tim Kemitraan Media dan Konten", "Media", "ikp", "nurul.hidayati"),
    "jaringan": ("diskominfo", "Tim Jaringan dan Pusat Data", "Jar", "infra", "bambang.setyawan"),
    "persandian": ("diskominfo", "Tim Persandian dan Keamanan Informasi", "Sandi", "statistik", "maya.puspita"),
    "dpk": ("dpk", "DPK", "DPK", "", "kadis.dpk"),
    "dpk_sekretariat": ("dpk", "Sekretariat", "Set", "dpk", ""),
    "dpk_kearsipan": ("dpk", "Bidang Kearsipan", "Kearsipan", "dpk", "kabid.kearsipan"),
}


class Person(NamedTuple):
    """Somebody with a login, a unit and a position."""

    login: str
    name: str
    position: str
    unit: str
    group: str = "user"

    @property
    def agency(self):
        """The key of the agency."""
        return UNITS[self.unit][0]

    @property
    def user(self):
        """The XML id of the user."""
        return f"user_{self.key}"

    @property
    def job(self):
        """The XML id of the position."""
        return f"job_{self.key}"

    @property
    def key(self):
        """The login as a part of an XML id."""
        return self.login.replace(".", "_")


PEOPLE = {
    person.login: person
    for person in (
        Person("kadis", "Drs. Surya Adiwinata, M.Si.", "Kepala Dinas", "diskominfo"),
        Person("sekretaris", "Ratna Kusumawardani, S.Sos., M.M.", "Sekretaris", "sekretariat"),
        Person("kasubbag.umum", "Yuliana Maharani, S.E.", "Kepala Subbagian Umum dan Kepegawaian", "umum"),
        Person("agendaris", "Siti Rahmawati", "Agendaris", "umum", "registrar"),
        Person("arsiparis", "Hendra Gunarso, A.Md.", "Arsiparis Terampil", "umum", "archivist"),
        Person("wulan.kartini", "Wulan Kartini", "Pengadministrasi Kepegawaian", "umum"),
        Person("kabid.ikp", "Dewi Anggraeni, S.I.Kom., M.A.", "Kepala Bidang Informasi dan Komunikasi Publik", "ikp"),
        Person("rina.oktaviani", "Rina Oktaviani, A.Md.", "Pranata Humas Terampil", "ikp"),
        Person("nurul.hidayati", "Nurul Hidayati, S.Sos.", "Ketua Tim Kemitraan Media dan Konten", "media"),
        Person("agus.firmansyah", "Agus Firmansyah, S.I.Kom.", "Pranata Humas Ahli Pertama", "media"),
        Person("dimas.prakoso", "Dimas Prakoso, S.Ds.", "Pengelola Konten Digital", "media"),
        Person("kabid.infra", "Ir. Rudi Hartanto, M.T.", "Kepala Bidang Infrastruktur e-Government", "infra"),
        Person("putri.amalia", "Putri Amalia, S.T.", "Analis Infrastruktur Telekomunikasi", "infra"),
        Person("bambang.setyawan", "Bambang Setyawan, S.Kom.", "Ketua Tim Jaringan dan Pusat Data", "jaringan"),
        Person("joko.susanto", "Joko Susanto", "Teknisi Jaringan", "jaringan"),
        Person("yusuf.maulana", "Yusuf Maulana, S.Kom.", "Pranata Komputer Ahli Pertama", "jaringan"),
        Person("kabid.aplikasi", "Fajar Nugraha, S.Kom., M.Kom.", "Kepala Bidang Aplikasi e-Government", "aplikasi"),
        Person("eko.saputra", "Eko Saputra, S.Kom.", "Pranata Komputer Ahli Muda", "aplikasi"),
        Person("nadia.safitri", "Nadia Safitri, S.Kom.", "Analis Sistem Informasi", "aplikasi"),
        Person("admin.esurat", "Andi Pratama, S.Kom.", "Pengelola Sistem Persuratan", "aplikasi", "admin"),
        Person(
            "kabid.statistik",
            "Lestari Wulandari, S.ST., M.Stat.",
            "Kepala Bidang Statistik dan Persandian",
            "statistik",
        ),
        Person("intan.permata", "Intan Permata, S.Stat.", "Statistisi Ahli Pertama", "statistik"),
        Person("maya.puspita", "Maya Puspita, S.Kom.", "Ketua Tim Persandian dan Keamanan Informasi", "persandian"),
        Person("galih.ramadhan", "Galih Ramadhan, S.Tr.TP.", "Sandiman Ahli Pertama", "persandian"),
        Person("kadis.dpk", "Dr. Kartika Sukmawati, M.Pd.", "Kepala Dinas", "dpk"),
        Person("agendaris.dpk", "Tono Wibisono, A.Md.", "Agendaris", "dpk_sekretariat", "registrar"),
        Person("kabid.kearsipan", "Arman Budianto, S.I.P.", "Kepala Bidang Kearsipan", "dpk_kearsipan"),
        Person("laila.fitriani", "Laila Fitriani, A.Md.", "Arsiparis Terampil", "dpk_kearsipan"),
    )
}

# Rank and employee number (NIP) of those who sign, as they stand below a signature.
RANKS = {
    "kadis": ("Pembina Utama Muda", "19690412 199403 1 007"),
    "sekretaris": ("Pembina Tingkat I", "19720825 199703 2 004"),
    "kasubbag.umum": ("Penata Tingkat I", "19810314 200604 2 011"),
    "kabid.ikp": ("Pembina", "19770903 200312 2 008"),
    "kabid.infra": ("Pembina", "19740119 200212 1 005"),
    "kabid.aplikasi": ("Pembina", "19790607 200501 1 010"),
    "kabid.statistik": ("Pembina", "19760228 200112 2 003"),
    "kadis.dpk": ("Pembina Utama Muda", "19701108 199503 2 002"),
    "kabid.kearsipan": ("Pembina", "19780516 200312 1 006"),
}

LOGINS = [
    ("Kepala Dinas", "kadis"),
    ("Sekretaris", "sekretaris"),
    ("Kepala Bidang", "kabid.ikp"),
    ("Staf", "agus.firmansyah"),
    ("Agendaris", "agendaris"),
    ("Arsiparis", "arsiparis"),
    ("Administrator", "admin.esurat"),
    ("Kepala Dinas (Perpustakaan dan Kearsipan)", "kadis.dpk"),
    ("Agendaris (Perpustakaan dan Kearsipan)", "agendaris.dpk"),
]


def document():
    """Return `people.xml`."""
    xml = Document(
        f"The city of {CITY} and everybody in it are invented. One password for all: see logins.txt.",
    )
    # people work in Indonesian, whatever the database was made with
    xml.record("base.lang_id", "res.lang", {"active": True})
    for agency in AGENCIES:
        _add_agency(xml, agency)
    for key, (agency, name, code, above, _head) in UNITS.items():
        values = {"name": name, "esurat_code": code, "company_id": Ref(f"company_{agency}")}
        if above:
            values["parent_id"] = Ref(f"department_{above}")
        xml.record(f"department_{key}", "hr.department", values)
    for person in PEOPLE.values():
        _add_person(xml, person)
    _add_passwords(xml)
    xml.note("The hierarchy along which dispositions go down.")
    for key, (*_, head) in UNITS.items():
        if head:
            xml.write("hr.department", f"department_{key}", {"manager_id": f"ref('employee_{PEOPLE[head].key}')"})
    xml.record(
        "base.user_admin",
        "res.users",
        {
            "company_ids": Eval(
                "[" + ", ".join(f"Command.link(ref('company_{agency.key}'))" for agency in AGENCIES) + "]"
            ),
            "group_ids": Eval("[Command.link(ref('group_admin'))]"),
        },
    )
    return str(xml)


def logins():
    """Return `logins.txt`."""
    return "".join(f"{role}\t{login}\t{PASSWORD}\n" for role, login in LOGINS)


def _add_agency(xml, agency):
    xml.note(agency.name)
    calendar, company = f"calendar_{agency.key}", f"company_{agency.key}"
    attendances = [
        {"name": name, "dayofweek": str(day), "day_period": period, "hour_from": begin, "hour_to": end}
        for day, *hours in HOURS
        for name, period, begin, end in (("Pagi", "morning", *hours[:2]), ("Siang", "afternoon", *hours[2:]))
    ]
    xml.record(
        calendar,
        "resource.calendar",
        {
            "name": f"Jam kerja {agency.code}",
            "company_id": False,
            "tz": TIMEZONE,
            "attendance_ids": Eval(
                "[\n"
                + "".join(f"                Command.create({attendance!r}),\n" for attendance in attendances)
                + "            ]"
            ),
        },
    )
    xml.record(
        company,
        "res.company",
        {
            "name": agency.name,
            "resource_calendar_id": Ref(calendar),
            "currency_id": Ref("base.IDR"),
            "street": agency.street,
            "city": CITY,
            "country_id": Ref("base.id"),
            "phone": agency.phone,
            "email": agency.email,
            "logo": File("esurat/demo/emblem.png"),
            "esurat_code": agency.code,
            "esurat_letterhead": agency.letterhead,
        },
    )
    for later, suffix in ((0, ""), (1, "_next")):
        for key, name, month, day in HOLIDAYS:
            # midnight in Makassar is 16.00 UTC of the day before
            start = f"datetime(DateTime.today().year + {later}, {month}, {day}) - timedelta(hours=8)"
            xml.record(
                f"holiday_{agency.key}_{key}{suffix}",
                "resource.calendar.leaves",
                {
                    "name": name,
                    "calendar_id": Ref(calendar),
                    "company_id": Ref(company),
                    "date_from": Eval(start),
                    "date_to": Eval(f"{start} + timedelta(hours=23, minutes=59, seconds=59)"),
                },
            )


def _add_person(xml, person):
    company = f"company_{person.agency}"
    email = f"{person.login}@{'dpk' if person.agency == 'dpk' else 'diskominfo'}.tirtakencana.example"
    xml.record(
        person.job,
        "hr.job",
        {"name": person.position, "company_id": Ref(company), "department_id": Ref(f"department_{person.unit}")},
    )
    xml.record(
        person.user,
        "res.users",
        {
            # people had their logins before the first letter came
            "create_date": Eval(when.day(45)),
            "name": person.name,
            "login": person.login,
            "email": email,
            "lang": "id_ID",
            "tz": TIMEZONE,
            "notification_type": "inbox",
            "company_id": Ref(company),
            "company_ids": refs([company]),
            "group_ids": refs([f"group_{person.group}"]),
        },
        context="{'no_reset_password': True}",
    )
    xml.record(
        f"employee_{person.key}",
        "hr.employee",
        {
            "name": person.name,
            "user_id": Ref(person.user),
            "company_id": Ref(company),
            "resource_calendar_id": Ref(f"calendar_{person.agency}"),
            "department_id": Ref(f"department_{person.unit}"),
            "job_id": Ref(person.job),
            "work_email": email,
            **dict(zip(("esurat_rank", "esurat_number"), RANKS.get(person.login, ()), strict=False)),
        },
    )


def _add_passwords(xml):
    """Give everybody the same password, hashed beforehand: hashing takes most of the time of an installation."""
    xml.note(f"The password of the sample agency, {PASSWORD}, hashed once for all.")
    hashed = pbkdf2_sha512.using(rounds=600_000, salt=CITY.encode()).hash(PASSWORD)
    for person in PEOPLE.values():
        user = f"ref('{person.user}')"
        xml.function(
            "res.users", "_set_encrypted_password", {"eval": f"[{user}]"}, {"eval": user}, {"eval": repr(hashed)}
        )
