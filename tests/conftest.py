"""A real Odoo, PostgreSQL and browser for the tests from outside. `ODOO_RC` and `PG…` come from `./dev`."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

TEMPLATE = "esurat_outside"
PASSWORD = "tirtakencana"
SERVER = Path(__file__).resolve().parent.parent / "tools" / "odoo_server.py"
LOGS = Path(os.environ["ODOO_RC"]).parent / "logs"
FILESTORE = Path(os.environ["ODOO_RC"]).parent / "data" / "filestore"
SIZES = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1366, "height": 768}}
# as root a browser has no sandbox to enter; the rest keeps it from asking for services that a test machine has not
BROWSER_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def odoo(*arguments):
    """Run Odoo's command line to its end and return what it logged; a failure shows the end of it."""
    command = [sys.executable, "-m", "odoo", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stderr


def free_port():
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def template():
    """A database with esurat, its sample agency and Indonesian, and the log of its installation."""
    drop(TEMPLATE)
    log = odoo(
        "-c",
        os.environ["ODOO_RC"],
        "-d",
        TEMPLATE,
        "-i",
        "esurat",
        "--with-demo",
        "--load-language=id_ID",
        "--stop-after-init",
        "--log-level=warn",
        "--max-cron-threads=0",
    )
    return TEMPLATE, log


@contextmanager
def copied(template, name):
    """Yield the name of a copy of the database *template*, which is dropped at the end of the block."""
    drop(name)
    odoo("db", "-c", os.environ["ODOO_RC"], "duplicate", template, name)
    yield name
    drop(name)


def drop(name):
    """Remove a database and its files, if it is there; Odoo copies no files to where there are some."""
    subprocess.run(["dropdb", "--if-exists", "--force", name], check=True, capture_output=True)
    shutil.rmtree(FILESTORE / name, ignore_errors=True)


@pytest.fixture
def database(template):
    """A copy of the sample agency for one test."""
    with copied(template[0], f"{TEMPLATE}_copy") as name:
        yield name


@pytest.fixture
def other_database(template):
    """Another copy of the sample agency, for a second server."""
    with copied(template[0], f"{TEMPLATE}_other") as name:
        yield name


def in_shell(database, code, **values):
    """Run Python *code* in Odoo's shell on *database*, commit, and return what it has put into ``result``.

    :param values: what the code finds in ``values``
    """
    script = f"values = {values!r}\n{code}\nenv.cr.commit()\nimport json\nprint('RESULT', json.dumps(result))\n"
    command = [sys.executable, "-m", "odoo", "shell", "-c", os.environ["ODOO_RC"], "-d", database, "--no-http"]
    done = subprocess.run([*command, "--log-level=error"], input=script, capture_output=True, text=True)
    found = [line.partition("RESULT ")[2] for line in done.stdout.splitlines() if "RESULT " in line]
    assert found, done.stdout[-1000:] + done.stderr[-3000:]
    return json.loads(found[-1])


def start(database, port, *options, preexec=None):
    """Start a server on *database* and return its process.

    :param preexec: called in the new process before it becomes the server
    """
    log = (LOGS / f"{database}.server.log").open("w" if preexec else "a")
    command = [
        sys.executable,
        SERVER,
        "-c",
        os.environ["ODOO_RC"],
        "-d",
        database,
        f"--http-port={port}",
        f"--gevent-port={free_port()}",
        "--max-cron-threads=0",
        *options,
    ]
    with log:
        return subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, preexec_fn=preexec)


def wait_until_up(address, process):
    """Wait until the server *process* answers at *address*."""
    deadline = time.monotonic() + 120
    while True:
        try:
            urllib.request.urlopen(f"{address}/web/login", timeout=10).read()
            return
        except OSError:
            assert process.poll() is None and time.monotonic() < deadline, "the server does not answer"
            time.sleep(0.3)


@contextmanager
def serving(database, *options, port=None):
    """Serve *database* and yield the address; the server ends with the block."""
    port = port or free_port()
    process = start(database, port, *options)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until_up(address, process)
        yield address
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@pytest.fixture
def server(database):
    """The address of a server on a copy of the sample agency."""
    with serving(database) as address:
        yield address


@pytest.fixture(scope="session")
def browser():
    """Chromium without a window."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=BROWSER_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def sign_in(browser, server):
    """Return a function that opens the web client for somebody: ``sign_in(login, size, password)`` → page.

    A test that ends with an error on any of its pages fails.
    """
    contexts, errors = [], []

    def sign_in(login, size="desk", password=PASSWORD):
        phone = size == "phone"
        context = browser.new_context(
            base_url=server,
            viewport=SIZES[size],
            is_mobile=phone,
            has_touch=phone,
            locale="id-ID",
            timezone_id="Asia/Makassar",
            # a sheet that slides in is closed again by a test that scrolls it before it has come to rest
            reduced_motion="reduce",
        )
        context.set_default_timeout(60_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(f"{login}: {error}"))
        page.goto("/web/login")
        page.fill("input[name=login]", login)
        page.fill("input[name=password]", password)
        page.click("button[type=submit]")
        page.wait_for_selector(".o_web_client .o_action_manager > *")
        return page

    yield sign_in
    for context in contexts:
        context.close()
    assert not errors
