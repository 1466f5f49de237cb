"""Running programs quietly, with their words at hand when they fail."""

import subprocess

from tools.say import Failure

# Open files that programs started here share with us: with a lock among them, it is held until the last of them has
# ended, even when we were killed.
shared = set()


def quiet(command, **options):
    """Run a command, keeping its output out of sight unless it fails.

    :param list command: program and arguments
    :param options: passed on to :func:`subprocess.run`
    :return: its standard output
    :rtype: str
    :raises Failure: with the last lines of its output, when it ends with an error or does not exist
    """
    try:
        done = subprocess.run(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            pass_fds=tuple(shared),
            **options,
        )
    except FileNotFoundError as error:
        raise Failure(f"{command[0]} is not installed") from error
    if done.returncode:
        words = (done.stderr.strip() or done.stdout.strip()).splitlines()[-12:]
        raise Failure(f"{command[0]} failed ({done.returncode}):\n" + "\n".join(words))
    return done.stdout
