"""Debian packages brought into a folder of ours: apt verifies their signatures, and the system stays as it is."""

import os
import re
from pathlib import Path

from tools.paths import DEV
from tools.proc import quiet
from tools.say import Failure

KEYRINGS = ("/usr/share/keyrings/debian-archive-keyring.gpg", "/usr/share/keyrings/debian-archive-keyring.pgp")


class Apt:
    """One private set of package lists.

    :param str name: names the folder of its lists under `.dev/apt`
    :param tuple suites: Debian suites to read from the machine's mirror; none means the machine's own sources
    """

    def __init__(self, name, *suites):
        self.home = DEV / "apt" / name
        self.options = self._options(suites)
        quiet(["apt-get", *self.options, "update", "--error-on=any"])

    def download(self, *packages):
        """Fetch packages, each `name` or `name/suite`, without what they depend on.

        :return: the folder that now holds them
        :rtype: Path
        """
        folder = self._empty("fetched")
        quiet(["apt-get", *self.options, "download", *packages], cwd=folder)
        return folder

    def download_missing(self, *packages):
        """Fetch what installing the packages would add to this machine, dependencies included.

        :return: the folder that now holds them; empty when the machine has them all
        :rtype: Path
        """
        folder = self.home / "cache" / "archives"
        wanted = ["install", "--download-only", "--no-install-recommends", "--yes", *packages]
        quiet(["apt-get", *self.options, "-o", "Debug::NoLocking=1", *wanted])
        return folder

    def _empty(self, name):
        folder = self.home / name
        folder.mkdir(parents=True, exist_ok=True)
        for left in folder.iterdir():
            left.unlink()
        return folder

    def _options(self, suites):
        for part in ("state/lists/partial", "cache/archives/partial"):
            (self.home / part).mkdir(parents=True, exist_ok=True)
        settings = {
            "Dir::State::lists": self.home / "state" / "lists",
            "Dir::Cache": self.home / "cache",
            "Dir::Cache::archives": self.home / "cache" / "archives",
            "Acquire::Languages": "none",
            "Acquire::Retries": "3",
            # apt's own download user cannot write into a checkout
            "APT::Sandbox::User": "root",
        }
        if suites:
            sources = self.home / "sources.list"
            sources.write_text("".join(f"deb [signed-by={keyring()}] {mirror()} {suite} main\n" for suite in suites))
            status = self.home / "status"
            status.touch()
            settings |= {
                "Dir::Etc::sourcelist": sources,
                "Dir::Etc::sourceparts": "-",
                "Dir::Etc::preferences": "-",
                "Dir::Etc::preferencesparts": "-",
                "Dir::State": self.home / "state",
                "Dir::State::status": status,
            }
        return [part for name, value in settings.items() for part in ("-o", f"{name}={value}")]


def unpack(folder, target):
    """Unpack every package of a folder into a target folder, and remove the package files.

    :param Path folder: holds the .deb files
    :param Path target: becomes the root of their trees
    """
    for package in sorted(folder.glob("*.deb")):
        quiet(["dpkg", "-x", package, target])
        package.unlink()


def keyring():
    """Return the path of Debian's own archive keys.

    :rtype: str
    :raises Failure: when the package debian-archive-keyring is not there
    """
    for path in KEYRINGS:
        if Path(path).exists():
            return path
    raise Failure("Debian's archive keys are missing: apt-get install debian-archive-keyring")


def mirror():
    """Return the address of the Debian mirror this machine is set up to use.

    :rtype: str
    :raises Failure: when apt has no Debian source
    """
    for line in quiet(["apt-get", "-o", "Debug::NoLocking=1", "update", "--print-uris"]).splitlines():
        found = re.match(r"'(.+)/dists/([^/]+)/InRelease'", line)
        if found and not found[2].endswith(("-security", "-backports")):
            return found[1]
    raise Failure("apt has no Debian source on this machine")


def is_root():
    """Tell whether packages can be installed into the system.

    :rtype: bool
    """
    return os.geteuid() == 0
