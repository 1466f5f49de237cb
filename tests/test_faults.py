"""Workers are killed, the database is restarted, the disk is full: nothing is lost, doubled or half-written."""

import base64
import contextlib
import csv
import io
import json
import os
import random
import resource
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pikepdf
import psutil
import psycopg2
import pytest
from conftest import LOGS, PASSWORD, free_port, in_shell, serving, start, wait_until_up
from test_answering import PASSPHRASE, certificate
from test_concurrency import Client

from tools import check, postgres

# The issue asks for five minutes; CI has less time. ESURAT_LONG=1 runs them whole.
SECONDS = 300 if os.environ.get("ESURAT_LONG") else 30
PEOPLE = 8

CERTIFIED = """
head = env.ref("esurat.user_kadis")
file = {"file": values["certificate"], "passphrase": values["passphrase"]}
env["esurat.certificate"].with_user(head).create(file)
result = True
"""


def office(address, database, seconds, disturbed=False):
    """Let eight people work for *seconds* and return what Locust counted: ``[(request, count, failures)]``."""
    report = LOGS / "office"
    command = [sys.executable, "-m", "locust", "-f", Path(__file__).with_name("office.py"), "--headless"]
    command += ["--host", address, "-u", str(PEOPLE), "-r", str(PEOPLE), "-t", f"{seconds}s", "--stop-timeout", "60"]
    command += ["--csv", report, "--only-summary"]
    environment = {
        **os.environ,
        "ESURAT_DATABASE": database,
        "ESURAT_PASSWORD": PASSWORD,
        "ESURAT_PASSPHRASE": PASSPHRASE,
        "ESURAT_DISTURBED": "1" if disturbed else "",
    }
    done = subprocess.run(command, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert Path(f"{report}_stats.csv").exists(), done.stderr[-3000:]
    with open(f"{report}_stats.csv", encoding="utf-8") as file:
        rows = [(row["Name"], int(row["Request Count"]), int(row["Failure Count"])) for row in csv.DictReader(file)]
    with open(f"{report}_failures.csv", encoding="utf-8") as file:
        print(file.read()[:3000])
    return rows


def nothing_is_broken(database):
    """Make sure that the invariants hold, and return how many letters, dispositions, signatures and dispatches."""
    found = check.look(database)
    assert found["broken"] == []
    kinds = ("esurat.letter", "esurat.disposition", "esurat.signature", "esurat.consignment")
    return [found["counts"][kind] for kind in kinds]


@pytest.fixture
def ready(database):
    """The sample agency, whose head has a certificate."""
    content = base64.b64encode(certificate()["buffer"]).decode()
    in_shell(database, CERTIFIED, certificate=content, passphrase=PASSPHRASE)
    return database


def test_eight_people_work(ready):
    before = nothing_is_broken(ready)
    with serving(ready, "--workers=2") as address:
        rows = office(address, ready, SECONDS)
    failed = [row for row in rows if row[2]]
    print(rows)
    assert not failed
    after = nothing_is_broken(ready)
    # everything that they do was done
    assert all(now > then for then, now in zip(before, after, strict=True)), (before, after)


class Chaos(threading.Thread):
    """Kills workers with SIGKILL, and now and then stops the database as a crash does, until it is told to end.

    A server that ends is started again, as the service manager of its machine does: Odoo's own gives up when it needs a
    new worker at a moment without database.
    """

    def __init__(self, database, port):
        super().__init__()
        self.database, self.port = database, port
        self.server = self.started()
        self.over = threading.Event()
        self.chance = random.Random(5)
        self.killed = self.restarted = self.revived = 0

    def started(self):
        """Return a new server."""
        return start(self.database, self.port, "--workers=2", "--max-cron-threads=1")

    def run(self):
        """Disturb."""
        while not self.over.wait(self.chance.uniform(0.8, 2.5)):
            if self.server.poll() is not None:
                self.server = self.started()
                self.revived += 1
            elif self.chance.random() < 0.2:
                self.restart_database()
            else:
                self.kill_worker()

    def kill_worker(self):
        """Kill one of the server's processes; the server makes another one."""
        with contextlib.suppress(psutil.NoSuchProcess):
            workers = psutil.Process(self.server.pid).children()
            if workers:
                self.chance.choice(workers).send_signal(signal.SIGKILL)
                self.killed += 1

    def restart_database(self):
        """Stop the database server at once and start it again; of one that is not ours, end the sessions."""
        self.restarted += 1
        if not postgres.restart():
            with psycopg2.connect(dbname="postgres") as connection, connection.cursor() as cr:
                cr.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [self.database])

    def end(self):
        """Disturb no more, and see that the server runs."""
        self.over.set()
        if self.is_alive():
            self.join()
        if self.server.poll() is not None:
            self.server = self.started()
            self.revived += 1


def test_nothing_is_lost_under_faults(ready):
    before = nothing_is_broken(ready)
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    chaos = Chaos(ready, port)
    try:
        wait_until_up(address, chaos.server)
        chaos.start()
        try:
            rows = office(address, ready, SECONDS, disturbed=True)
        finally:
            chaos.end()
        wait_until_up(address, chaos.server)
        # undisturbed, people go on at once
        assert not [row for row in office(address, ready, 10) if row[2]]
    finally:
        chaos.end()
        chaos.server.terminate()
        try:
            chaos.server.wait(30)
        except subprocess.TimeoutExpired:
            chaos.server.kill()
    print(
        f"{chaos.killed} workers killed, {chaos.restarted} stops of the database, {chaos.revived} of the server; {rows}"
    )
    assert chaos.killed and chaos.restarted
    after = nothing_is_broken(ready)
    assert all(now > then for then, now in zip(before, after, strict=True)), (before, after)


def page(size):
    """Return a PDF (bytes) of one page with *size* bytes that nothing makes smaller."""
    document = pikepdf.new()
    document.add_blank_page()
    document.Root.Filler = document.make_stream(os.urandom(size))
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def limited():
    """Let a process write no file of more than 300 kB: as far as a program sees it, the disk is full there."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, resource.RLIM_INFINITY))


def test_a_full_disk_is_said_and_loses_nothing(database):
    """A scan that does not fit is refused in words; the register goes on, and takes it once there is room."""
    content, small = page(1_000_000), page(1_000)

    def register(client, subject, scan):
        values = {"subject": subject, "sender_id": 1, "scan": base64.b64encode(scan).decode(), "scan_name": "a.pdf"}
        params = {"model": "esurat.letter", "method": "create", "args": [values], "kwargs": {}}
        return client.post("/web/dataset/call_kw", params)

    port = free_port()
    process = start(database, port, preexec=limited)
    try:
        wait_until_up(f"http://127.0.0.1:{port}", process)
        client = Client(f"http://127.0.0.1:{port}", database, "agendaris")
        refused = register(client, "Terlalu besar", content)
        assert refused["error"]["data"]["name"] == "odoo.exceptions.UserError", json.dumps(refused)[:500]
        assert "room" in refused["error"]["data"]["message"]
        assert "result" in register(client, "Muat", small)
        found = client.call("esurat.letter", "search_count", [["subject", "in", ["Terlalu besar", "Muat"]]])
        assert found == 1
    finally:
        process.kill()
        process.wait()
    nothing_is_broken(database)
    with serving(database) as address:
        client = Client(address, database, "agendaris")
        assert "result" in register(client, "Terlalu besar", content)
    nothing_is_broken(database)


def test_a_scheduled_action_that_is_killed_is_done_later(ready):
    """The daily check and the dispatch run while the server is killed again and again."""
    for _round in range(3):
        process = start(ready, free_port(), "--max-cron-threads=2", "--workers=2")
        in_shell(
            ready,
            "env.ref('esurat.cron_audit')._trigger(); env.ref('esurat.cron_consignment')._trigger(); result = True",
        )
        time.sleep(random.Random(6).uniform(0.5, 3))
        for child in psutil.Process(process.pid).children(recursive=True):
            child.kill()
        process.kill()
        process.wait()
    nothing_is_broken(ready)
