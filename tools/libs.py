"""The shared libraries that PDF rendering loads, and what else judges a signed PDF: those this machine lacks, unpacked
into `.dev/libs`."""

from pathlib import Path

from tools.apt import Apt, unpack
from tools.paths import DEV, LIBS
from tools.steps import replacing, step

WANTED = (
    "libpango-1.0-0",
    "libpangoft2-1.0-0",
    "libharfbuzz-subset0",
    "libcairo2",
    "fontconfig",
    "fonts-dejavu-core",
    "poppler-utils",
)

FONTS = DEV / "fonts.conf"


def ensure():
    """Have the libraries and a font, without installing anything into the system."""
    step("libs", "libraries for PDF rendering", _fetch, *WANTED, _release())
    text = _fontconfig()
    if not FONTS.exists() or FONTS.read_text() != text:
        FONTS.write_text(text)


def folders():
    """Return the folders of unpacked libraries, for `LD_LIBRARY_PATH`.

    :rtype: list[Path]
    """
    return sorted({path.parent for root in ("usr/lib", "lib") for path in LIBS.glob(f"{root}/*/*.so.*")})


def programs():
    """Return the folder of unpacked programs, for `PATH`.

    :rtype: Path
    """
    return LIBS / "usr/bin"


def _fetch():
    with replacing(LIBS) as root:
        unpack(Apt("machine").download_missing(*WANTED), root)


def _release():
    path = Path("/etc/debian_version")
    return path.read_text() if path.exists() else ""


def _fontconfig():
    # Which family stands for serif, sans-serif and monospace is configured by the package's installation script,
    # which does not run for an unpacked package.
    families = "\n".join(
        f'  <include ignore_missing="yes">{LIBS}/usr/share/fontconfig/conf.avail/{name}.conf</include>'
        for name in ("45-latin", "60-latin")
    )
    return f"""<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
{families}
  <dir>/usr/share/fonts</dir>
  <dir>{LIBS}/usr/share/fonts</dir>
  <cachedir>{DEV}/fontcache</cachedir>
</fontconfig>
"""
