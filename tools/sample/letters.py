"""Sixty letters of the last six weeks: what was written, and what became of it (see `story.py`)."""

from .story import Letter

URGENT, VERY_URGENT = "1", "2"
SCHOOLS = (
    "Nama sekolah|Kebutuhan",
    *(f"SMP Negeri {number} Tirta Kencana|{200 if number < 10 else 100} Mbps" for number in range(1, 15)),
)


def letters():
    """Return all letters in the order in which they came."""
    return [*_first_weeks(), *_middle_weeks(), *_last_weeks(), *_last_days()]


def _invitation(received, partner, number, code, subject, text, **more):
    return Letter(received, partner, number, "invitation", code, subject, text, **{"form": "invitation", **more})


def _official(received, partner, number, code, subject, text, **more):
    return Letter(received, partner, number, "official", code, subject, text, **more)


def _circular(received, partner, number, code, subject, text, **more):
    return Letter(received, partner, number, "circular", code, subject, text, **{"form": "notice", **more})


def _outgoing(received, partner, code, subject, text, **more):
    """Return a letter of our own to a partner; it gets its number from the register."""
    own = {"direction": "outgoing", "to": (), "written": 0}
    return Letter(received, partner, "", "official", code, subject, text, **{**own, **more})


def _library(received, partner, number, code, subject, text, **more):
    """Return a letter to the second agency."""
    second = {"agency": "dpk", "registrar": "agendaris.dpk", "to": ("kadis.dpk",)}
    return _official(received, partner, number, code, subject, text, **{**second, **more})


def _first_weeks():
    """Everything has been written off."""
    school_net = (
        _official(
            29,
            "disdik",
            "400.3/1021/Disdik",
            "500_12",
            "Permohonan Peningkatan Kapasitas Internet Sekolah",
            "Kapasitas internet pada 14 SMP Negeri belum mencukupi untuk pelaksanaan asesmen berbasis komputer. Kami "
            "mohon peningkatan kapasitas menjadi paling sedikit 200 Mbps pada setiap sekolah sebagaimana daftar "
            "terlampir.",
            pages=2,
            annex=SCHOOLS,
            scan="grey",
        )
        .dispose("kadis", 29, "kabid.infra", "process", "report", copies=["kabid.aplikasi"], due=-24)
        .read("kabid.aplikasi", 28)
        .dispose("kabid.infra", 28, "bambang.setyawan", "examine", due=-25, note="Periksa sisa kapasitas pusat data.")
        .dispose("bambang.setyawan", 28, "yusuf.maulana", "settle", due=-26)
        .follow_up("yusuf.maulana", 27, "Survei selesai: 9 sekolah dapat dinaikkan, 5 sekolah menunggu perangkat baru.")
        .confirm("yusuf.maulana", 26)
    )
    reply = _outgoing(
        24,
        "disdik",
        "500_12",
        "Jawaban atas Permohonan Peningkatan Kapasitas Internet Sekolah",
        "Kapasitas 9 sekolah dinaikkan mulai pekan depan; 5 sekolah menyusul setelah perangkat tersedia.",
        unit="infra",
        pages=2,
        annex=SCHOOLS,
        scan="bw",
        form="answer",
        answers=school_net,
    ).send(23)
    school_net.settle(23, "answered", reply=reply)
    return [
        _invitation(
            29,
            "setda",
            "000.1.5/118/SETDA",
            "500_12",
            "Undangan Rapat Koordinasi Evaluasi SPBE",
            "Dalam rangka persiapan evaluasi Sistem Pemerintahan Berbasis Elektronik (SPBE), diperlukan penyamaan "
            "persepsi atas bukti dukung setiap indikator pada masing-masing perangkat daerah.",
            scan="grey",
        )
        .dispose("kadis", 29, "kabid.aplikasi", "attend", "report", copies=["sekretaris"], due=-27)
        .read("sekretaris", 29)
        .follow_up("kabid.aplikasi", 27, "Hadir. Bukti dukung 12 indikator menjadi tugas kita, tenggat akhir bulan.")
        .confirm("kabid.aplikasi", 27)
        .settle(26, "followed_up", "Dihadiri Kepala Bidang Aplikasi e-Government"),
        school_net,
        _official(
            28,
            "kelurahan",
            "500.12/87/KMB",
            "500_12",
            "Permohonan Pemasangan Wi-Fi Publik di Dermaga Lama",
            "Warga dan pelaku UMKM di kawasan Dermaga Lama memerlukan akses internet publik. Kami mohon pemasangan "
            "satu titik Wi-Fi publik beserta tiang dan catu dayanya.",
            scan="bw",
        )
        .dispose("kadis", 28, "kabid.infra", "examine", "process", due=-22)
        .dispose("kabid.infra", 27, "bambang.setyawan", "settle", due=-23)
        .dispose("bambang.setyawan", 27, "joko.susanto", "process", note="Ukur jarak ke titik serat optik.", due=-24)
        .follow_up("joko.susanto", 25, "Titik terpasang dan diuji bersama pihak kelurahan, 50 Mbps.")
        .confirm("joko.susanto", 25)
        .settle(24, "followed_up", "Titik Wi-Fi terpasang"),
        _official(
            28,
            "smk",
            "422/315/SMKN2",
            "800_2",
            "Permohonan Praktik Kerja Lapangan bagi Enam Siswa",
            "Kami mohon enam siswa kelas XI jurusan Teknik Jaringan Komputer dapat melaksanakan praktik kerja "
            "lapangan selama tiga bulan di Dinas Komunikasi dan Informatika.",
            to=("sekretaris",),
            pages=2,
            annex=("Nama siswa|Kelas", *(f"Siswa {letter}|XI TKJ {1 + (letter > 'C')}" for letter in "ABCDEF")),
            scan="bw",
        )
        .dispose("sekretaris", 27, "kasubbag.umum", "process", "answer", due=-23)
        .dispose("kasubbag.umum", 27, "wulan.kartini", "answer", due=-24)
        .follow_up("wulan.kartini", 25, "Konsep surat kesediaan siap: tiga siswa di Infrastruktur, tiga di Aplikasi.")
        .confirm("wulan.kartini", 25)
        .settle(24, "answered", "800.2/41/UK/{year} (di luar aplikasi)"),
        _invitation(
            27,
            "bappeda",
            "000.7/204/Bappeda",
            "000_7",
            "Undangan Forum Satu Data Daerah",
            "Untuk menetapkan daftar data prioritas daerah tahun depan, akan diselenggarakan Forum Satu Data bersama "
            "walidata dan produsen data.",
            scan="bw",
        )
        .dispose(
            "kadis", 27, "kabid.statistik", "represent", "material", copies=["sekretaris", "kabid.aplikasi"], due=-25
        )
        .read("sekretaris", 27)
        .follow_up("kabid.statistik", 25, "Daftar 86 data prioritas disepakati dalam berita acara forum.")
        .confirm("kabid.statistik", 24)
        .settle(24, "followed_up", "Diwakili Kepala Bidang Statistik dan Persandian"),
        _official(
            26,
            "dinkes",
            "400.7/733/Dinkes",
            "400_14",
            "Permohonan Peminjaman Videotron untuk Sosialisasi Imunisasi",
            "Dalam rangka Pekan Imunisasi, kami mohon penayangan video berdurasi 60 detik pada videotron Simpang "
            "Balai Kota selama tujuh hari.",
            to=("kabid.ikp",),
            scan="grey",
        )
        .dispose("kabid.ikp", 26, "nurul.hidayati", "schedule", "process", due=-24)
        .dispose("nurul.hidayati", 26, "dimas.prakoso", "settle", due=-24)
        .follow_up("dimas.prakoso", 25, "Video tayang tujuh hari, 40 kali sehari.")
        .confirm("dimas.prakoso", 24)
        .settle(23, "followed_up", "Tayang sesuai jadwal", by="kabid.ikp"),
        _official(
            26,
            "dpmptsp",
            "500.16/412/DPMPTSP",
            "500_12",
            "Permintaan Rekomendasi Teknis Pembangunan Menara Telekomunikasi",
            "Sehubungan dengan permohonan izin pembangunan menara setinggi 42 meter di Kecamatan Tirta Utara, kami "
            "mohon rekomendasi teknis sesuai rencana zona menara.",
            pages=2,
            annex=(
                "Uraian|Rencana",
                "Tinggi menara|42 meter",
                "Jenis|Rangka, empat kaki",
                "Luas lahan|15 x 15 meter",
                "Letak|Kecamatan Tirta Utara",
            ),
            scan="bw",
        )
        .dispose("kadis", 26, "kabid.infra", "examine", "coordinate", due=-19)
        .dispose("kabid.infra", 25, "putri.amalia", "examine", "report", due=-20)
        .follow_up("putri.amalia", 22, "Letak di luar zona menara; disarankan bergeser 350 meter ke timur.")
        .confirm("putri.amalia", 21)
        .settle(20, "answered", "500.12/57/Infra/{year} (di luar aplikasi)"),
        _circular(
            25,
            "setda",
            "100.3.4.3/12/SETDA",
            "800_1",
            "Edaran Jam Kerja dan Pakaian Dinas",
            "Penyesuaian jam kerja hari Jumat dan ketentuan pakaian dinas harian berlaku mulai awal bulan depan pada "
            "semua perangkat daerah.",
            to=("sekretaris",),
            scan="bw",
        )
        .dispose("sekretaris", 24, None, "inform", "file", copies=["kasubbag.umum", "wulan.kartini"])
        .read("kasubbag.umum", 24)
        .settle(23, "noted", "Diedarkan di grup pegawai"),
        reply,
        _official(
            24,
            "univ",
            "512/FIK/PP.{roman}/{year}",
            "500_14",
            "Permohonan Data Penelitian Layanan Publik Digital",
            "Permohonan data jumlah pengguna layanan publik digital tiga tahun terakhir untuk penelitian skripsi "
            "mahasiswa.",
            to=("kabid.statistik",),
            medium="electronic",
        )
        .dispose("kabid.statistik", 24, "intan.permata", "material", "answer", due=-20)
        .follow_up("intan.permata", 21, "Data agregat diserahkan melalui portal data; data pribadi tidak disertakan.")
        .confirm("intan.permata", 21)
        .settle(20, "followed_up", "Data diserahkan"),
        _official(
            23,
            "erna",
            "",
            "400_14",
            "Pengaduan Gangguan Sinyal di Perumahan Bukit Bening",
            "Sejak tiga minggu sinyal telepon seluler di Blok D sering hilang pada malam hari. Saya mohon pemerintah "
            "kota menyampaikan keluhan kami kepada penyelenggara.",
            to=("kabid.ikp",),
            scan="bw",
            form="complaint",
        )
        .dispose("kabid.ikp", 23, "rina.oktaviani", "process", "answer", due=-20)
        .follow_up("rina.oktaviani", 21, "Penyelenggara memperbaiki pemancar; pengadu sudah dihubungi.")
        .confirm("rina.oktaviani", 20)
        .settle(20, "followed_up", "Pengaduan selesai", by="kabid.ikp"),
        _invitation(
            22,
            "provinsi",
            "005/889/Diskominfo-KT/{year}",
            "000_6",
            "Undangan Bimbingan Teknis Tanda Tangan Elektronik",
            "Bimbingan teknis penerbitan sertifikat elektronik bagi verifikator kabupaten/kota selama dua hari.",
            pages=3,
        )
        .dispose("kadis", 22, "kabid.statistik", "attend", due=-19)
        .dispose("kabid.statistik", 22, "maya.puspita", "attend", "report", copies=["galih.ramadhan"], due=-19)
        .read("galih.ramadhan", 21)
        .follow_up("maya.puspita", 18, "Dua verifikator bersertifikat; bahan bimtek disimpan di folder persandian.")
        .confirm("maya.puspita", 18)
        .settle(17, "followed_up", "Diikuti dua pegawai"),
    ]


def _middle_weeks():
    """Partly written off, partly at work."""
    return [
        _official(
            21,
            "itda",
            "R-07/700.1/ITDA",
            "700_1",
            "Permintaan Keterangan dalam Rangka Pemeriksaan Khusus",
            "Permintaan dokumen pengadaan perangkat jaringan dua tahun terakhir.",
            security="secret",
            pages=2,
        )
        .dispose("kadis", 21, "sekretaris", "discuss", "material", due=-15)
        .follow_up("sekretaris", 16, "Dokumen diserahkan langsung kepada tim pemeriksa dengan tanda terima.")
        .confirm("sekretaris", 16)
        .settle(15, "followed_up", "Dokumen diserahkan", by="kadis"),
        _official(
            20,
            "kecamatan",
            "500.12/133/Kec-TU",
            "500_12",
            "Permohonan Pendampingan Aplikasi Pelayanan Kecamatan",
            "Kami mohon pendampingan bagi empat petugas loket dalam penggunaan aplikasi pelayanan kecamatan.",
            scan="bw",
        )
        .dispose("kadis", 20, "kabid.aplikasi", "process", due=-14)
        .dispose("kabid.aplikasi", 19, "nadia.safitri", "settle", "report", due=-15)
        .follow_up("nadia.safitri", 16, "Pendampingan dua hari di kantor kecamatan; petugas dapat bekerja mandiri.")
        .confirm("nadia.safitri", 15)
        .settle(14, "followed_up", "Pendampingan selesai"),
        _official(
            20,
            "serat",
            "220/SKN-GOV/{roman}/{year}",
            "000_3",
            "Penawaran Layanan Internet Dedicated Tahun Depan",
            "Penawaran layanan internet dedicated 2 Gbps untuk kantor pemerintah kota beserta daftar harga.",
            pages=8,
            medium="electronic",
        )
        .dispose("kadis", 19, "kabid.infra", "comment", due=-14)
        .follow_up("kabid.infra", 15, "Harga di atas katalog elektronik; tidak dilanjutkan.")
        .settle(14, "noted"),
        _official(
            19,
            "bps",
            "B-301/64741/SS.{roman}/{year}",
            "500_14",
            "Permintaan Pengisian Metadata Statistik Sektoral",
            "Permintaan pengisian metadata kegiatan statistik sektoral tahun berjalan paling lambat akhir bulan.",
            to=("kabid.statistik",),
        )
        .dispose("kabid.statistik", 18, "intan.permata", "settle", due=-12, note="Gunakan format dari portal.")
        .follow_up("intan.permata", 14, "Metadata 11 kegiatan terisi.")
        .confirm("intan.permata", 13)
        .settle(12, "followed_up", "Metadata terkirim", by="kabid.statistik"),
        _official(
            18,
            "radio",
            "17/GKFM/{roman}/{year}",
            "400_14",
            "Permohonan Wawancara Program Kota Cerdas",
            "Permohonan wawancara langsung dengan Kepala Dinas mengenai program Kota Cerdas.",
            to=("kabid.ikp",),
        )
        .dispose("kabid.ikp", 18, "agus.firmansyah", "schedule", "material", due=-15)
        .follow_up("agus.firmansyah", 15, "Wawancara terlaksana, tayang ulang pada kanal kota.")
        .confirm("agus.firmansyah", 15)
        .settle(15, "followed_up", "Wawancara terlaksana", by="kabid.ikp"),
        _official(
            18,
            "menara",
            "041/MTT/DIR/{roman}/{year}",
            "500_12",
            "Laporan Penggantian Perangkat Menara Jalan Niaga",
            "Laporan penggantian perangkat pemancar pada menara bersama Jalan Niaga.",
        ).cancel(17, "Salah alamat: ditujukan kepada Dinas Pekerjaan Umum, diteruskan melalui kurir"),
        _outgoing(
            17,
            "provinsi",
            "000_6",
            "Penyampaian Usulan Pengguna Sertifikat Elektronik",
            "Usulan 34 pejabat sebagai pengguna sertifikat elektronik.",
            unit="statistik",
            pages=3,
        ).send(16),
        _circular(
            17,
            "setda",
            "000.6/31/SETDA",
            "000_6",
            "Edaran Kewajiban Penggunaan Tanda Tangan Elektronik",
            "Mulai awal triwulan depan semua naskah dinas keluar ditandatangani secara elektronik. Perangkat daerah "
            "menunjuk seorang penanggung jawab dan mengusulkan pengguna sertifikat.",
            scan="grey",
        )
        .dispose(
            "kadis",
            17,
            "kabid.statistik",
            "process",
            "circulate",
            copies=["sekretaris", "kabid.aplikasi", "kabid.infra"],
            due=-10,
        )
        .read("sekretaris", 17)
        .dispose("kabid.statistik", 16, "maya.puspita", "settle", due=-11)
        .read("kabid.infra", 15)
        .follow_up("maya.puspita", 12, "34 pejabat diusulkan ke provinsi, pendampingan terjadwal.")
        .confirm("maya.puspita", 11)
        .settle(10, "followed_up", "Usulan dikirim ke provinsi"),
        _invitation(
            16,
            "bkpsdm",
            "800.2/618/BKPSDM",
            "800_2",
            "Undangan Pelatihan Pranata Komputer",
            "Pelatihan jenjang ahli pertama bagi pranata komputer, dua peserta dari setiap perangkat daerah.",
            to=("sekretaris",),
            scan="bw",
        )
        .dispose("sekretaris", 16, "kasubbag.umum", "process", copies=["kabid.aplikasi"], due=-14)
        .read("kabid.aplikasi", 15)
        .follow_up("kasubbag.umum", 14, "Dua nama didaftarkan.")
        .confirm("kasubbag.umum", 14)
        .settle(13, "followed_up", "Dua peserta didaftarkan"),
        _official(
            15,
            "dpmptsp",
            "500.16/455/DPMPTSP",
            "500_12",
            "Permintaan Integrasi Layanan Perizinan dengan Portal Kota",
            "Permintaan antarmuka data (API) antara aplikasi perizinan dan portal layanan kota agar pemohon cukup "
            "masuk satu kali.",
            pages=2,
            annex=(
                "Data|Arah",
                "Identitas pemohon|portal ke perizinan",
                "Nomor dan jenis izin|perizinan ke portal",
                "Status permohonan|perizinan ke portal",
            ),
            scan="bw",
        )
        .dispose("kadis", 15, "kabid.aplikasi", "examine", "process", due=-4)
        .dispose("kabid.aplikasi", 14, "eko.saputra", "examine", "report", due=-5)
        .follow_up("eko.saputra", 6, "Rancangan antarmuka selesai, uji coba bersama DPMPTSP berhasil.")
        .confirm("eko.saputra", 5),
        _official(
            15,
            "slamet",
            "",
            "400_14",
            "Pengaduan Kabel Optik Menjuntai di Jalan Nelayan",
            "Kabel serat optik di RT 07 menjuntai rendah dan membahayakan pengendara. Mohon segera ditertibkan.",
            to=("kabid.ikp",),
            urgency=URGENT,
            scan="bw",
            form="complaint",
        )
        .dispose("kabid.ikp", 15, "rina.oktaviani", "coordinate", "answer", due=-13)
        .follow_up("rina.oktaviani", 13, "Sudah disampaikan kepada penyelenggara.")
        .reopen("rina.oktaviani", 12)
        .follow_up("rina.oktaviani", 10, "Kabel dirapikan penyelenggara, foto dari ketua RT diterima.")
        .confirm("rina.oktaviani", 10)
        .settle(9, "followed_up", "Kabel dirapikan", by="kabid.ikp"),
        _library(
            14,
            "disdik",
            "400.3/1077/Disdik",
            "000_4",
            "Permohonan Layanan Perpustakaan Keliling",
            "Permohonan jadwal perpustakaan keliling bagi tujuh sekolah dasar.",
        )
        .dispose("kadis.dpk", 14, "kabid.kearsipan", "coordinate", "schedule", due=-9)
        .follow_up("kabid.kearsipan", 10, "Jadwal satu bulan disepakati.")
        .confirm("kabid.kearsipan", 10)
        .settle(9, "followed_up", "Jadwal disepakati"),
        _official(
            14,
            "kecamatan",
            "500.12/140/Kec-TU",
            "500_12",
            "Permohonan Perbaikan Jaringan Kantor Kecamatan",
            "Jaringan kantor kecamatan terputus sejak hari Senin dan mengganggu pelayanan administrasi.",
            urgency=URGENT,
        )
        .dispose("kadis", 14, "kabid.infra", "settle", due=-12)
        .dispose("kabid.infra", 14, "bambang.setyawan", "settle", due=-12)
        .dispose("bambang.setyawan", 14, "joko.susanto", "settle", due=-13)
        .follow_up("joko.susanto", 13, "Perangkat penghubung diganti, jaringan pulih.")
        .confirm("joko.susanto", 12)
        .settle(12, "followed_up", "Jaringan pulih"),
    ]


def _last_weeks():
    """Mostly at work; some of it is late."""
    return [
        _official(
            12,
            "bappeda",
            "000.7/231/Bappeda",
            "000_7",
            "Permintaan Bahan Rencana Kerja Tahun Depan",
            "Permintaan rancangan rencana kerja perangkat daerah beserta indikator kinerja dan pagu indikatif.",
            pages=2,
            annex=(
                "Bahan|Penanggung jawab",
                "Indikator kinerja|Sekretariat",
                "Rincian kegiatan|setiap bidang",
                "Pagu indikatif|Sekretariat",
                "Usulan inovasi|setiap bidang",
            ),
            scan="bw",
        )
        .dispose("kadis", 12, "sekretaris", "material", "coordinate", copies=["kabid.ikp", "kabid.infra"], due=-2)
        .read("kabid.infra", 11)
        .read("sekretaris", 11)
        .read("kabid.ikp", 10),
        _official(
            11,
            "itda",
            "700.1/96/ITDA",
            "700_1",
            "Tindak Lanjut Hasil Pemeriksaan Aset Teknologi Informasi",
            "Penyampaian hasil pemeriksaan dan permintaan rencana aksi atas empat temuan aset teknologi informasi.",
            security="restricted",
            pages=6,
        )
        .dispose("kadis", 11, "sekretaris", "process", "report", copies=["kabid.infra"], due=-1)
        .dispose("sekretaris", 10, "kasubbag.umum", "material", due=-3)
        .read("kabid.infra", 9)
        .follow_up("kasubbag.umum", 4, "Daftar aset telah dicocokkan, tiga temuan selesai, satu menunggu penghapusan.")
        .confirm("kasubbag.umum", 3),
        _outgoing(
            10,
            "serat",
            "000_3",
            "Permintaan Kelengkapan Berita Acara Gangguan Layanan",
            "Permintaan kelengkapan laporan gangguan layanan bulan lalu sebagai dasar perhitungan restitusi.",
            unit="infra",
            reservation="outgoing_5",
        ).send(9),
        _official(
            9,
            "univ",
            "547/FIK/KS.{roman}/{year}",
            "800_2",
            "Permohonan Magang Mahasiswa Sistem Informasi",
            "Permohonan magang empat mahasiswa selama satu semester, diutamakan di bidang aplikasi dan data.",
            to=("sekretaris",),
            pages=2,
            medium="electronic",
            annex=(
                "Nama mahasiswa|Minat",
                *(
                    f"Mahasiswa {letter}|{field}"
                    for letter, field in zip("ABCD", ("Aplikasi", "Aplikasi", "Data", "Jaringan"), strict=True)
                ),
            ),
            scan="bw",
        )
        .dispose("sekretaris", 8, "kasubbag.umum", "answer", due=-1)
        .dispose("kasubbag.umum", 7, "wulan.kartini", "answer", due=-2)
        .read("wulan.kartini", 6),
        _library(
            9,
            "setda",
            "000.5/57/SETDA",
            "000_5",
            "Permintaan Jadwal Pembinaan Kearsipan",
            "Permintaan jadwal pembinaan kearsipan bagi bagian di lingkungan Sekretariat Daerah.",
        )
        .dispose("kadis.dpk", 9, "kabid.kearsipan", "schedule", "answer", due=1)
        .dispose("kabid.kearsipan", 8, "laila.fitriani", "material", due=0)
        .read("laila.fitriani", 8),
        _official(
            8,
            "provinsi",
            "480/932/Diskominfo-KT/{year}",
            "000_6",
            "Imbauan Peningkatan Kewaspadaan Serangan Siber",
            "Imbauan penambalan celah keamanan dan pencadangan data menyusul peningkatan upaya peretasan laman "
            "pemerintah.",
            urgency=URGENT,
            security="restricted",
            scan="bw",
        )
        .dispose("kadis", 8, "kabid.statistik", "process", "report", copies=["kabid.infra", "kabid.aplikasi"], due=-4)
        .dispose("kabid.statistik", 8, "maya.puspita", "settle", copies=["intan.permata"], due=-5)
        .dispose("maya.puspita", 8, "galih.ramadhan", "settle", due=-6)
        .follow_up("galih.ramadhan", 5, "Pemindaian 41 laman selesai; dua laman dinonaktifkan sementara.")
        .read("intan.permata", 5),
        _official(
            8,
            "disdik",
            "400.3/1103/Disdik",
            "400_14",
            "Permohonan Liputan Lomba Literasi Digital",
            "Permohonan liputan dan dokumentasi lomba literasi digital tingkat SMP.",
            to=("kabid.ikp",),
        )
        .dispose("kabid.ikp", 7, "nurul.hidayati", "schedule", "settle", copies=["rina.oktaviani"], due=-1)
        .dispose("nurul.hidayati", 7, "agus.firmansyah", "settle", copies=["dimas.prakoso"], due=-2)
        .follow_up("agus.firmansyah", 3, "Liputan tayang pada portal dan media sosial kota."),
        _official(
            7,
            "menara",
            "047/MTT/DIR/{roman}/{year}",
            "500_12",
            "Permohonan Rekomendasi Pembangunan Menara di Hulu Sungai",
            "Permohonan rekomendasi teknis menara 32 meter di Kelurahan Hulu Sungai beserta gambar rencana.",
            pages=12,
            written=4,
        ),
        _invitation(
            7,
            "setda",
            "000.1.5/141/SETDA",
            "100_3",
            "Undangan Pembahasan Rancangan Peraturan Wali Kota tentang SPBE",
            "Pembahasan rancangan peraturan wali kota tentang penyelenggaraan SPBE bersama Bagian Hukum.",
            pages=2,
        )
        .dispose("kadis", 7, "kabid.aplikasi", "represent", due=-5)
        .give_back("kabid.aplikasi", 6, "Bersamaan dengan jadwal uji coba perizinan; mohon ditunjuk pejabat lain."),
        _official(
            6,
            "kelurahan",
            "500.12/95/KMB",
            "500_12",
            "Permohonan Penambahan CCTV Simpang Dermaga",
            "Permohonan penambahan dua kamera pengawas di Simpang Dermaga.",
            scan="bw",
        )
        .dispose("kadis", 6, "kabid.infra", "examine", due=1)
        .dispose("kabid.infra", 5, "putri.amalia", "examine", due=0)
        .read("putri.amalia", 4),
        Letter(
            6,
            "",
            "",
            "memo",
            "000_1",
            "Nota Dinas Penyusunan Jadwal Piket Pusat Data",
            "Penyusunan jadwal piket pusat data selama libur akhir tahun.",
            direction="internal",
            to=(),
            unit="infra",
            written=0,
        ).send(6),
        _invitation(
            6,
            "bps",
            "B-322/64741/SS.{roman}/{year}",
            "500_14",
            "Undangan Pembinaan Statistik Sektoral",
            "Pembinaan statistik sektoral bagi walidata dan produsen data perangkat daerah.",
            to=("kabid.statistik",),
        )
        .dispose("kabid.statistik", 6, "intan.permata", "attend", "report", due=-4)
        .follow_up("intan.permata", 3, "Mengikuti pembinaan.")
        .reopen("intan.permata", 2),
    ]


def _last_days():
    """New, unread, due or late."""
    return [
        _official(
            5,
            "dinkes",
            "400.7/812/Dinkes",
            "500_12",
            "Permintaan Subdomain Laman Puskesmas",
            "Permintaan tujuh subdomain bagi laman puskesmas beserta sertifikat keamanannya.",
            scan="grey",
        ),
        _official(
            5,
            "bappeda",
            "000.7/240/Bappeda",
            "500_12",
            "Permintaan Data Capaian Kinerja Triwulan",
            "Permintaan data capaian indikator kinerja triwulan III melalui aplikasi e-monev.",
        ).read("kadis", 4),
        _official(
            4,
            "serat",
            "233/SKN-GOV/{roman}/{year}",
            "500_12",
            "Pemberitahuan Pemeliharaan Jaringan Serat Optik",
            "Pemeliharaan terencana ruas Pelabuhan-Balai Kota pada malam hari; layanan terhenti paling lama dua jam.",
            urgency=URGENT,
            medium="electronic",
            scan="bw",
            form="notice",
        )
        .dispose("kadis", 4, "kabid.infra", "coordinate", copies=["kabid.ikp", "kabid.aplikasi"], due=0)
        .read("kabid.infra", 3),
        _official(
            4,
            "radio",
            "21/GKFM/{roman}/{year}",
            "400_14",
            "Permohonan Kerja Sama Siaran Informasi Publik",
            "Permohonan kerja sama siaran informasi publik dua kali seminggu.",
            to=("kabid.ikp",),
        ).read("kabid.ikp", 3),
        _official(
            4,
            "kecamatan",
            "500.12/151/Kec-TU",
            "500_12",
            "Permohonan Akun Surat Elektronik Dinas",
            "Permohonan akun surat elektronik dinas bagi lima pegawai baru kecamatan.",
            pages=2,
        )
        .amend("kadis", 3, "sekretaris")
        .read("sekretaris", 3)
        .dispose("sekretaris", 2, "kasubbag.umum", "coordinate", due=2),
        _invitation(
            4,
            "setda",
            "000.1.5/149/SETDA",
            "400_6",
            "Undangan Rapat Persiapan Peringatan Hari Jadi Kota",
            "Rapat persiapan publikasi peringatan Hari Jadi Kota pada semua kanal resmi pemerintah kota.",
            scan="bw",
            to=("kadis", "kabid.ikp"),
        )
        .dispose("kadis", 4, "sekretaris", "represent", due=-2)
        .read("kabid.ikp", 3)
        .recall("sekretaris", 3)
        .dispose("kabid.ikp", 3, "nurul.hidayati", "material", due=1)
        .dispose("nurul.hidayati", 2, "agus.firmansyah", "material", copies=["dimas.prakoso"], due=0)
        .read("agus.firmansyah", 2),
        _outgoing(
            3,
            "bappeda",
            "000_7",
            "Penyampaian Rancangan Awal Rencana Kerja",
            "Penyampaian rancangan awal rencana kerja beserta pagu indikatif.",
            unit="sekretariat",
            pages=14,
        ),
        _official(
            3,
            "univ",
            "560/FIK/KS.{roman}/{year}",
            "500_12",
            "Usulan Perjanjian Kerja Sama Kota Cerdas",
            "Usulan perjanjian kerja sama penelitian dan pengembangan Kota Cerdas selama tiga tahun.",
            pages=5,
            medium="electronic",
        ).dispose("kadis", 2, "kabid.statistik", "comment", due=2),
        _official(
            3,
            "itda",
            "700.1/103/ITDA",
            "700_1",
            "Permintaan Data Evaluasi Sistem Pengendalian Intern",
            "Permintaan pengisian lembar kerja evaluasi sistem pengendalian intern pemerintah.",
            scan="bw",
        ).dispose("kadis", 2, "kabid.ikp", "material", "coordinate", copies=["sekretaris"], due=1),
        _official(
            3,
            "smk",
            "422/340/SMKN2",
            "400_3",
            "Permohonan Narasumber Literasi Digital",
            "Permohonan narasumber kelas literasi digital bagi 120 siswa.",
        )
        .dispose("kadis", 2, "kabid.ikp", "process", due=2)
        .read("kabid.ikp", 1),
        _library(
            3,
            "univ",
            "561/FIK/KS.{roman}/{year}",
            "000_5",
            "Permohonan Penelitian Arsip Kota",
            "Permohonan izin membaca arsip statis tata kota untuk penelitian.",
            medium="electronic",
        ),
        _invitation(
            2,
            "provinsi",
            "005/961/Diskominfo-KT/{year}",
            "500_12",
            "Undangan Rapat Kerja Kominfo se-Provinsi Kencana Timur",
            "Rapat kerja tahunan membahas penyelarasan jaringan intra pemerintah dan keamanan informasi.",
            pages=2,
            annex=(
                "Susunan acara|Waktu (WITA)",
                "Pendaftaran|08.00 - 08.30",
                "Pembukaan|08.30 - 09.00",
                "Jaringan intra pemerintah|09.00 - 10.30",
                "Keamanan informasi|10.30 - 12.00",
                "Rencana aksi|13.00 - 15.00",
            ),
            scan="grey",
        ),
        _official(
            2,
            "disdik",
            "400.3/1124/Disdik",
            "400_3",
            "Permohonan Peminjaman Videotron untuk Penerimaan Siswa Baru",
            "Permohonan penayangan informasi penerimaan siswa baru pada videotron kota.",
        )
        .dispose("kadis", 1, "kabid.ikp", "schedule", copies=["kabid.infra"], due=3)
        .dispose("kabid.ikp", 1, "agus.firmansyah", "schedule", copies=["nurul.hidayati"], due=2),
        _official(
            2,
            "slamet",
            "",
            "400_14",
            "Permohonan Penjelasan atas Laporan Lampu Simpang",
            "Laporan saya pada kanal pengaduan belum mendapat jawaban selama dua minggu.",
            to=("kabid.ikp",),
            scan="bw",
            form="complaint",
        ),
        _official(
            1,
            "setda",
            "000.8.3.3/15/OR",
            "000_8",
            "Penyusunan SOP Pengelolaan Surat Elektronik",
            "Setiap perangkat daerah menyusun SOP pengelolaan surat elektronik dan menyampaikannya kepada Bagian "
            "Organisasi.",
            scan="bw",
        ).dispose(
            "kadis", 1, "kabid.aplikasi", "material", copies=["sekretaris", "kabid.ikp", "kabid.statistik"], due=4
        ),
        _official(
            1,
            "provinsi",
            "480/970/Diskominfo-KT",
            "000_6",
            "Permintaan Laporan Insiden Keamanan Laman Kota",
            "Berdasarkan pemantauan, satu laman pemerintah kota memuat sisipan tautan judi daring. Kami minta laporan "
            "penanganan dalam satu hari kerja.",
            urgency=VERY_URGENT,
            security="restricted",
            scan="grey",
        ),
        Letter(
            1,
            "bkpsdm",
            "800.1.11.1/655/BKPSDM",
            "assignment",
            "800_1",
            "Penugasan Tim Seleksi Pegawai Bidang Teknologi Informasi",
            "Penugasan dua pejabat sebagai anggota tim seleksi pegawai bidang teknologi informasi.",
            to=("sekretaris",),
            pages=2,
        ),
        _outgoing(
            1,
            "univ",
            "800_2",
            "Kesediaan Menerima Magang Mahasiswa",
            "Kesediaan menerima empat mahasiswa magang mulai awal semester.",
            unit="umum",
        ),
        _official(
            0,
            "kelurahan",
            "500.12/101/KMB",
            "500_12",
            "Permohonan Perpanjangan Layanan Wi-Fi Publik",
            "Permohonan perpanjangan layanan Wi-Fi publik di tiga titik kelurahan.",
            scan="bw",
        ),
        _library(
            0,
            "kecamatan",
            "000.5/22/Kec-TU",
            "000_5",
            "Permohonan Pendampingan Pemusnahan Arsip",
            "Permohonan pendampingan penilaian arsip yang telah habis masa simpannya.",
        ),
        _official(
            0,
            "dpmptsp",
            "500.16/501/DPMPTSP",
            "500_12",
            "Permohonan Gangguan Jaringan Mal Pelayanan Publik",
            "Jaringan mal pelayanan publik melambat sejak pagi.",
            state="draft",
        ),
        _official(
            0,
            "dinkes",
            "400.7/812/Dinkes",
            "500_12",
            "Permintaan Subdomain Laman Puskesmas",
            "",
            state="draft",
            written=7,
        ),
        _official(0, "serat", "", "", "Undangan Uji Coba Layanan", "", state="draft", medium="electronic").cancel(
            0, "Iklan, tidak perlu diagendakan"
        ),
    ]
