"""`./dev backup`, `./dev restore`, `./dev rehearse`: a database with its files, kept in a folder and brought back.

The database is dumped before the files are copied: what a letter is made of while the backup runs is copied too much
rather than too little. A file that is named by the dump is never missing, since Odoo removes files only later.
"""

import shutil
from pathlib import Path

from tools import check, database, environment
from tools.paths import DATA
from tools.proc import quiet
from tools.say import Failure, say


def backup(*arguments):
    """Keep a database and its files: `./dev backup DATABASE FOLDER`.

    :raises Failure: where the folder is there already
    """
    name, folder = _two(arguments, "backup DATABASE FOLDER")
    environment.activate()
    _backup(name, Path(folder))
    say(f"{name} is kept in {folder}")


def restore(*arguments):
    """Bring a backup back: `./dev restore FOLDER DATABASE [--original]`.

    A copy writes to nobody and signs nothing; what is to take the place of a lost original is restored as it was.

    :raises Failure: where there is a database of that name
    """
    original = "--original" in arguments
    folder, name = _two([one for one in arguments if one != "--original"], "restore FOLDER DATABASE [--original]")
    environment.activate()
    _restore(Path(folder), name, neutral=not original)
    say(f"{name} is there" + ("" if original else ", neutralised"))


def rehearse(name=database.SAMPLE):
    """Back a database up, restore it beside itself, check the copy, and compare: `./dev rehearse [DATABASE]`.

    :param str name: the database; it may be in use meanwhile
    :return: 0 where the copy is whole and complete, else 1
    :rtype: int
    """
    environment.activate()
    copy, folder = f"{name}_rehearsal", DATA / f"{name}.rehearsal"
    shutil.rmtree(folder, ignore_errors=True)
    database.drop(copy)
    try:
        before = check.look(name)["counts"]
        _backup(name, folder)
        _restore(folder, copy)
        found = check.look(copy)
        after = check.look(name)["counts"]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        database.drop(copy)
    trouble = found["broken"] + [
        f"{model}: {count}, not between {before[model]} and {after[model]}"
        for model, count in found["counts"].items()
        if not before[model] <= count <= after[model]
    ]
    for line in trouble:
        say(f"broken: {line}")
    say(f"{name}: restored and checked, {len(trouble)} broken")
    return 1 if trouble else 0


def _backup(name, folder):
    if not database.exists(name):
        raise Failure(f"there is no database {name}")
    if folder.exists():
        raise Failure(f"{folder} is there already")
    folder.mkdir(parents=True, mode=0o700)
    quiet(["pg_dump", "--format=custom", "--no-owner", "--file", folder / "database.dump", name])
    files = DATA / "filestore" / name
    if files.exists():
        shutil.copytree(files, folder / "filestore", ignore=shutil.ignore_patterns("checklist"))


def _restore(folder, name, neutral=True):
    if database.exists(name):
        raise Failure(f"there is a database {name} already")
    quiet(["createdb", "--maintenance-db=postgres", "--template=template0", "--encoding=UTF8", name])
    quiet(["pg_restore", "--no-owner", "--exit-on-error", "--dbname", name, folder / "database.dump"])
    if (folder / "filestore").exists():
        shutil.copytree(folder / "filestore", DATA / "filestore" / name)
    if neutral:
        quiet(database.odoo("neutralize", "-d", name))


def _two(arguments, usage):
    if len(arguments) != 2:
        raise Failure(f"usage: ./dev {usage}")
    return arguments
