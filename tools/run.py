"""`./dev run`: the sample agency, ready to be looked at."""

import os
import signal
import subprocess
import time
import urllib.error
import urllib.request

from tools import database, environment
from tools.paths import ADDON, LOGS
from tools.postgres import port_is_free
from tools.say import Failure, say

LOGINS = ADDON / "demo" / "logins.txt"
PATIENCE = 180


def run():
    """Start Odoo on the sample agency, say how to log in, and stay until Ctrl-C.

    :return: Odoo's exit status
    :raises Failure: when the port is taken, or Odoo ends or stays silent
    """
    port = int(os.environ.get("ESURAT_PORT") or 8069)
    if not port_is_free(port):
        raise Failure(f"port {port} is taken: stop what listens there, or set ESURAT_PORT to another")
    environment.activate()
    database.ensure_sample()
    signal.signal(signal.SIGTERM, _interrupt)
    log = LOGS / "run.log"
    command = database.odoo("-d", database.SAMPLE, "--db-filter", f"^{database.SAMPLE}$", "--http-port", str(port))
    with log.open("w") as stream:
        # A session of its own: Ctrl-C reaches us alone, and we stop Odoo once and in order.
        server = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=stream, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_until_ready(server, f"{address}/web/login", log)
        print(f"\n  {address}\n\n{_logins()}\n  log: {log}\n  Ctrl-C stops it", flush=True)
        return server.wait()
    except KeyboardInterrupt:
        say("")
        return 0
    finally:
        _stop(server)


def _wait_until_ready(server, address, log):
    say("sample agency: starting")
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise Failure(f"Odoo ended with {server.returncode}: see {log}")
        try:
            with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
                if answer.status == 200:
                    return
        except (OSError, urllib.error.URLError):
            time.sleep(0.3)
    raise Failure(f"Odoo does not answer after {PATIENCE} s: see {log}")


def _logins():
    if not LOGINS.exists():
        return ""
    rows = [line.split("\t") for line in LOGINS.read_text().splitlines() if line.strip() and not line.startswith("#")]
    rows.insert(0, ["role", "login", "password"])
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return "".join(f"  {'  '.join(map(str.ljust, row, widths))}".rstrip() + "\n" for row in rows)


def _interrupt(*_):
    raise KeyboardInterrupt


def _stop(server):
    if server.poll() is None:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
