"""Where things stand in the checkout."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ADDON = ROOT / "esurat"
OUTSIDE = ROOT / "tests"
REQUIREMENTS = ROOT / "tools" / "requirements"

DEV = ROOT / ".dev"
LOGS = DEV / "logs"
STAMPS = DEV / "stamps"
LIBS = DEV / "libs"
DATA = DEV / "data"
