"""Odoo 19 itself: the one that is already here, else Debian's package unpacked into `.dev/odoo`."""

import importlib.util
import os
from pathlib import Path

from tools.apt import Apt, unpack
from tools.paths import DEV
from tools.say import Failure
from tools.steps import replacing, step

UNPACKED = DEV / "odoo"
LINK = DEV / "python" / "odoo"

# Debian's package links to the JavaScript and fonts of these.
LINKED = (
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    # the icons of version 4, which Odoo draws; unstable has moved on to 7
    "fonts-font-awesome/trixie",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-inconsolata",
    "fonts-glyphicons-halflings",
    "fonts-ocr-b",
    "gsfonts",
    "fonts-dejavu-core",
)

# Left out of Debian's package although the backend's bundle asks for it: without it every browser test fails.
STUB = "addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"


def ensure():
    """Have Odoo 19 at hand, fetching it only when neither `ODOO_HOME` nor the running Python has it.

    It is linked from a folder that holds nothing else, so that putting that folder on `PYTHONPATH` brings no other
    package of the place where Odoo was found.

    :raises Failure: when `ODOO_HOME` is set to something else than an Odoo 19
    """
    package = _given() or _importable() or _fetched()
    if not LINK.is_symlink() or LINK.readlink() != package:
        LINK.parent.mkdir(parents=True, exist_ok=True)
        LINK.unlink(missing_ok=True)
        LINK.symlink_to(package)


def addons():
    """Return the folders of Odoo's own addons.

    :rtype: list[Path]
    """
    beside = LINK.resolve().parent / "addons"
    return [LINK / "addons", *([beside] if (beside / "web").is_dir() else [])]


def series(package):
    """Return the major version of an `odoo` package without importing it.

    :param Path package: the folder of the package
    :return: the major version, or None where there is no Odoo
    :rtype: int or None
    """
    release = package / "release.py"
    if not release.is_file():
        return None
    for line in release.read_text().splitlines():
        if line.startswith("version_info"):
            return int(line.split("(")[1].split(",")[0])
    return None


def _given():
    home = os.environ.get("ODOO_HOME")
    if not home:
        return None
    package = Path(home).resolve() / "odoo"
    if series(package) != 19:
        raise Failure(f"ODOO_HOME={home} holds no `odoo` package of series 19")
    return package


def _importable():
    if str(LINK.parent) in os.environ.get("PYTHONPATH", "").split(os.pathsep):
        return None
    spec = importlib.util.find_spec("odoo")
    for folder in spec.submodule_search_locations or () if spec else ():
        if series(Path(folder)) == 19:
            return Path(folder).resolve()
    return None


def _fetched():
    step("odoo", "Odoo 19 from Debian (130 MB)", _fetch, *LINKED)
    return UNPACKED / "usr" / "lib" / "python3" / "dist-packages" / "odoo"


def _fetch():
    with replacing(UNPACKED) as root:
        unpack(Apt("odoo", "sid", "trixie").download("odoo-19/sid", *LINKED), root)
        package = root / "usr" / "lib" / "python3" / "dist-packages" / "odoo"
        if series(package) != 19:
            raise Failure("Debian's package odoo-19 holds no Odoo 19")
        stub = package / STUB
        if not stub.exists():
            stub.parent.mkdir(parents=True, exist_ok=True)
            stub.write_text("")
