"""The Indonesian translation against its template. Runs in an environment that has polib."""

import sys

import polib

from tools.paths import ADDON

TEMPLATE = ADDON / "i18n" / "esurat.pot"
TRANSLATION = ADDON / "i18n" / "id.po"


def open_entries():
    """List the entries that nobody has translated, or only a guess has.

    :return: entries of polib
    :rtype: list
    """
    entries = polib.pofile(str(TRANSLATION), encoding="utf-8")
    return [entry for entry in entries if not entry.obsolete and (entry.fuzzy or not entry.translated())]


def merge():
    """Bring the translation up to the template, keeping what is translated and dropping what is gone."""
    template = polib.pofile(str(TEMPLATE), encoding="utf-8")
    if not TRANSLATION.exists():
        TRANSLATION.write_text('msgid ""\nmsgstr "Language: id\\n"\n')
    entries = polib.pofile(str(TRANSLATION), encoding="utf-8", wrapwidth=78)
    entries.metadata = {**template.metadata, "Language": "id", "Plural-Forms": "nplurals=1; plural=0;"}
    entries.merge(template)
    for entry in entries.obsolete_entries():
        entries.remove(entry)
    entries.sort(key=lambda entry: entry.msgid)
    entries.save()


def main(action):
    """Merge, or check; either way tell what is left to translate.

    :param str action: `merge` or `check`
    :return: 1 when a check finds something left to translate
    :rtype: int
    """
    if action == "merge":
        merge()
    if not TRANSLATION.exists():
        print("there is no esurat/i18n/id.po")
        return 1
    left = open_entries()
    for entry in left:
        print(f"untranslated: {entry.msgid!r}")
    print(f"{len(left)} terms are untranslated")
    return 1 if left and action == "check" else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
