"""Short progress lines, and the one exception that ends a command with a sentence instead of a traceback."""

import sys


class Failure(Exception):
    """Something the developer must know or do; its text is shown in one line."""


def say(text):
    """Show a progress line on standard error, so that standard output stays free for results.

    :param str text: the line
    """
    print(text, file=sys.stderr, flush=True)
