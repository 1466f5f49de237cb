"""Set-up in steps: each is done once for its inputs, and again from its start when it was interrupted."""

import contextlib
import fcntl
import hashlib
import shutil
from pathlib import Path

from tools.paths import DEV, STAMPS
from tools.proc import shared
from tools.say import say


def digest(*inputs):
    """Return one hash over texts and the contents of files.

    :param inputs: absolute paths of files to be read; anything else counts as its text
    :rtype: str
    """
    total = hashlib.sha256()
    for item in inputs:
        content = item.read_bytes() if isinstance(item, Path) and item.is_absolute() else str(item).encode()
        total.update(hashlib.sha256(content).digest())
    return total.hexdigest()


def digest_tree(folder):
    """Return one hash over the names and contents of all files below a folder, compiled ones left out.

    :param Path folder: an absolute path
    :rtype: str
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return digest(*(part for path in files for part in (path.relative_to(folder), path)))


def stamped(name):
    """Return what the last completed run of a step was done for, or an empty string.

    :param str name: the step
    :rtype: str
    """
    stamp = STAMPS / name
    return stamp.read_text() if stamp.exists() else ""


def stamp(name, value):
    """Record a step as completed for a value; an empty value records it as not done.

    :param str name: the step
    :param str value: the hash of what it was done for
    """
    STAMPS.mkdir(parents=True, exist_ok=True)
    (STAMPS / name).write_text(value)


def step(name, words, action, *inputs):
    """Do one step of the set-up unless it was done for the same inputs before.

    :param str name: name of the stamp
    :param str words: what the developer reads while it is done
    :param action: callable without arguments; must cope with its own half-done work
    :param inputs: strings and files on which the result depends
    """
    wanted = digest(*inputs)
    if stamped(name) == wanted:
        return
    say(f"set-up: {words}")
    stamp(name, "")
    action()
    stamp(name, wanted)


@contextlib.contextmanager
def replacing(target):
    """Give a fresh folder to fill, which takes the target's place only when it was filled without an error.

    :param Path target: the folder to make or replace
    """
    fresh = target.with_name(target.name + ".new")
    for folder in (fresh, target):
        shutil.rmtree(folder, ignore_errors=True)
    fresh.mkdir(parents=True)
    yield fresh
    fresh.rename(target)


@contextlib.contextmanager
def locked():
    """Keep a second `./dev` waiting while this one, or what a killed one left running, sets things up."""
    DEV.mkdir(exist_ok=True)
    with (DEV / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("set-up: waiting for another ./dev")
            fcntl.flock(lock, fcntl.LOCK_EX)
        shared.add(lock.fileno())
        try:
            yield
        finally:
            shared.clear()
