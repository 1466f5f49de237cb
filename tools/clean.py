"""`./dev clean`: back to a fresh checkout."""

import shutil

from tools import postgres
from tools.paths import DEV
from tools.say import say


def clean():
    """Stop the database server of our own and remove `.dev`."""
    if DEV.exists():
        postgres.remove()
    shutil.rmtree(DEV, ignore_errors=True)
    say("clean: .dev is gone")
