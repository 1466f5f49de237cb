"""The browser of the tests: Debian's Chromium, the one thing only root can bring."""

import shutil

from tools.apt import is_root
from tools.proc import quiet
from tools.say import Failure, say

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
COMMAND = ["apt-get", "install", "--yes", "--no-install-recommends", "chromium"]


def ensure():
    """Have a browser; as root, install it.

    :return: path of the browser
    :rtype: str
    :raises Failure: when there is none and we may not install it; names the command
    """
    if not _found():
        if not is_root():
            raise Failure(f"browser tests need Chromium; once, as root: apt-get update && {' '.join(COMMAND)}")
        say("set-up: chromium")
        quiet(["apt-get", "update"])
        quiet(COMMAND)
    return _found()


def _found():
    return next(filter(None, map(shutil.which, NAMES)), None)
