"""`./dev test`: all tests, and one closing line."""

from tools import environment, inside, outside
from tools.say import Failure

USAGE = "usage: ./dev test [--tags TAGS | --outside [PYTEST ARGS]]"


def test(*arguments):
    """Run the tests; the last line printed is `N passed, M failed`.

    :param arguments: nothing for all, `--tags TAGS` for some of those inside Odoo, `--outside ...` for pytest alone
    :return: 0 when every test of the suite ran and passed
    :rtype: int
    :raises Failure: when the arguments make no sense
    """
    match arguments:
        case ():
            environment.activate()
            result = inside.everything() + outside.everything()
        case ("--tags", tags):
            environment.activate()
            result = inside.some(tags)
        case ("--outside", *rest):
            environment.activate()
            result = outside.some(*rest)
        case _:
            raise Failure(USAGE)
    return result.close()
