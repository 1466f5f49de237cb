"""Who reads secret letters, and who acts for whom at the moment."""

from . import when
from .markup import Document, Eval, Ref
from .people import PEOPLE

CLEARANCES = {
    "top_secret": ("kadis", "kadis.dpk"),
    "secret": ("sekretaris", "kabid.ikp", "kabid.infra", "kabid.aplikasi", "kabid.statistik", "kabid.kearsipan"),
}


def document():
    """Return `trust.xml`."""
    xml = Document("Clearances, and a deputy for the head of a division who is on a business trip.")
    for security_class, logins in CLEARANCES.items():
        for login in logins:
            xml.record(
                f"clearance_{PEOPLE[login].key}",
                "esurat.clearance",
                {
                    "user_id": Ref(PEOPLE[login].user),
                    "security_class": security_class,
                    "reason": "SK Kepala Dinas 188.45/3/2026",
                },
            )
    xml.record(
        "delegation_statistik",
        "esurat.delegation",
        {
            "company_id": Ref("company_diskominfo"),
            "principal_id": Ref(PEOPLE["kabid.statistik"].user),
            "deputy_id": Ref(PEOPLE["kabid.infra"].user),
            "kind": "daily_acting",
            "scope": "sign",
            "date_from": Eval(when.day(1, 0)),
            "date_to": Eval(when.day(-3, 9 * 60)),
            "decree": "800.1.11.1/41/Diskominfo/2026",
        },
    )
    return str(xml)
