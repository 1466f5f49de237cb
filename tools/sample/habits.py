"""How people took to it: six weeks of days of use, the price of paper, and the bills for office supplies."""

import random

from . import when
from .markup import Document, Eval, Ref
from .people import AGENCIES, PEOPLE, UNITS

DAYS = 31  # today and six weeks of working days
# Share of days on which somebody opens it in the morning, and later in the day: those not named are like most.
KEEN, MOST, SELDOM = (0.93, 0.05), (0.78, 0.14), (0.35, 0.3)
HABITS = {
    "kadis": KEEN,
    "sekretaris": KEEN,
    "agendaris": (0.97, 0.03),
    "kabid.ikp": KEEN,
    "kabid.infra": KEEN,
    "kabid.statistik": KEEN,
    "kabid.aplikasi": SELDOM,
    "kadis.dpk": SELDOM,
    "kabid.kearsipan": SELDOM,
    "laila.fitriani": (0.1, 0.2),
}
MARKS = "ML-"  # in the morning, later, not at all

# Office supplies of each agency, month by month back from this one: it began in the second.
BILLS = {"diskominfo": [2_450_000, 3_180_000, 4_320_000, 4_150_000, 4_510_000], "dpk": [2_050_000, 2_110_000]}


def document():
    """Return `habits.xml`."""
    xml = Document("Who opened E-Surat on which working day: one mark a day, today first (M morning, L later).")
    for person in PEOPLE.values():
        xml.function("esurat.presence", "create", {"eval": _days(person)})
    for agency in AGENCIES:
        xml.record(
            f"paper_{agency.key}",
            "esurat.paper.year",
            {
                "company_id": Ref(f"company_{agency.key}"),
                "year": Eval("DateTime.today().year - 1"),
                "ream_price": 54_000,
                "source": "Nota pembelian ATK, kertas A4 70 gram (contoh)",
            },
        )
        for ago, amount in enumerate(BILLS[agency.key]):
            xml.record(
                f"spending_{agency.key}_{ago}",
                "esurat.spending",
                {
                    "company_id": Ref(f"company_{agency.key}"),
                    "month": Eval(f"(DateTime.today() - relativedelta(months={ago}, day=1)).date()"),
                    "amount": amount,
                    "source": "Rekap belanja ATK (contoh)",
                },
            )
    return str(xml)


def _days(person):
    dice = random.Random(person.login)
    early, late = HABITS.get(person.login, MOST)
    marks = "".join(dice.choices(MARKS, (early, late, 1 - early - late), k=DAYS))
    head = next((unit for unit, (*_, login) in UNITS.items() if login == person.login), person.unit)
    clock = f"-{dice.randrange(5, 30)} + ago * 7 % 60 if mark == 'M' else 90 + ago * 37 % 300"
    return (
        f"[{{'user_id': ref('{person.user}'), 'company_id': ref('company_{person.agency}'), "
        f"'department_id': ref('department_{head}'), 'date': day.date(), "
        f"'opened_at': day + timedelta(minutes={clock}), 'moment': 'morning' if mark == 'M' else 'later'}} "
        f"for ago, mark in enumerate('{marks}') if mark != '-' for day in [{when.any_day('ago')}]]"
    )
