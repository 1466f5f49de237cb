"""`python -m tools.sample`: write `esurat/demo/` anew, the same for every run."""

from tools.paths import ADDON

from . import emblem, habits, people, scans, setup, trust, writing
from .register import Register

DEMO = ADDON / "demo"


def main():
    """Write all files."""
    register = Register()
    texts = {
        "people.xml": people.document(),
        "logins.txt": people.logins(),
        "setup.xml": setup.document(),
        "trust.xml": trust.document(),
        "letters.xml": register.document(),
        "habits.xml": habits.document(),
        "writing.xml": writing.document(),
    }
    for name, text in texts.items():
        (DEMO / name).write_text(text, encoding="utf-8")
    emblem.draw().save(DEMO / "emblem.png", optimize=True)
    folder = DEMO / "scans"
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.pdf"):
        old.unlink()
    for xmlid, letter, serial in register.entries:
        if letter.scan:
            (folder / f"{xmlid}.pdf").write_bytes(scans.scan(letter, serial))


if __name__ == "__main__":
    main()
