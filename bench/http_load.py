"""The same acts over HTTP: a real server with two workers, and one, eight and sixteen clients at once."""

import os
import secrets
import signal
import subprocess
import threading
import time
from contextlib import contextmanager

import requests

from bench import acts, database
from bench.lab import COUNT_LIMIT, PAGE
from bench.people import HEAD
from tools.paths import LOGS, ROOT
from tools.postgres import free_port
from tools.say import Failure

WORKERS = 2
CLIENTS = (1, 8, 16)
PATIENCE = 120  # seconds for the server's start
ANSWER = 600  # seconds for one request
LONGEST = 60  # seconds after which clients begin no further act
BATCH = 100  # letters registered at once for the load


class Client:
    """One signed-in user."""

    def __init__(self, address, database, login, password):
        """:raises Failure: when the server refuses the login"""
        self.address = address
        self.session = requests.Session()
        self.post("/web/session/authenticate", {"db": database, "login": login, "password": password})

    def post(self, path, params):
        """Send one JSON-RPC request and return its result.

        :raises Failure: with the server's message
        """
        answer = self.session.post(self.address + path, json={"params": params}, timeout=ANSWER).json()
        if "error" in answer:
            raise Failure(f"{path}: {answer['error'].get('data', answer['error']).get('message')}")
        return answer["result"]

    def call(self, model, method, *args, **kwargs):
        """Call a method of a model as the web client does."""
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self.post(f"/web/dataset/call_kw/{model}/{method}", params)


class Load:
    """The acts of the load on one database, each as the requests that the web client sends for it."""

    def __init__(self, lab):
        """:param Lab lab: the database"""
        self.lab = lab
        self.inbox_fields = lab.specification("esurat.holder", "list", "esurat.holder_view_list")
        self.form_fields = lab.specification("esurat.letter", "form")

    def inbox(self, client, _subject):
        """Read the first page of the inbox."""
        domain = [["user_id", "=", self.lab.users[HEAD]], ["is_to_do", "=", True]]
        client.call("esurat.holder", "web_search_read", domain, self.inbox_fields, limit=PAGE, count_limit=COUNT_LIMIT)

    def open_letter(self, client, subject):
        """Open a letter: note it, and read the form."""
        letter_id, _hold_id = subject
        client.call("esurat.letter", "action_open", [letter_id])
        client.call("esurat.letter", "web_read", [letter_id], self.form_fields)

    def dispose(self, client, subject):
        """Pass a letter on to one who answers for it and two copies, by the dialogue."""
        one, *others = self.lab.colleagues[-3:]
        values = {
            "holder_ids": [[4, subject[1]]],
            "responsible_id": one,
            "copy_ids": [[4, user_id] for user_id in others],
            "instruction_ids": [[6, 0, [self.lab.instruction_id]]],
            "note": "Segera",
        }
        self._confirm(client, "esurat.dispose", values)

    def follow_up(self, client, subject):
        """Report what was done, by the dialogue."""
        values = {"holder_ids": [[4, subject[1]]], "act": "follow_up", "response": "Sudah dilaksanakan"}
        self._confirm(client, "esurat.respond", values)

    @staticmethod
    def _confirm(client, dialogue, values):
        [saved] = client.call(dialogue, "web_save", [], values, {})
        client.call(dialogue, "action_confirm", [saved["id"]])

    def letters(self, users, count):
        """Register letters and return of each user what is to be worked on, not measured.

        :param list users: ids of their addressees, in turn
        :param int count: letters in all
        :return: for each user a list of ``(letter id, hold id)``
        """
        ids = []
        for start in range(0, count, BATCH):
            ids += acts.addressed(self.lab, users, min(BATCH, count - start))
        with self.lab.env() as env:
            env.cr.execute(
                "SELECT user_id, letter_id, id FROM esurat_holder WHERE letter_id = ANY(%s) ORDER BY id", [ids]
            )
            rows = env.cr.fetchall()
        return [[(letter, hold) for holder, letter, hold in rows if holder == user] for user in users]


def run(lab, total):
    """Start a server on the database, load it, and stop it whatever happens.

    :param Lab lab: the database
    :param int total: how often each act is done at each number of clients
    :return: list of ``{"clients", "act", "seconds": [of each act], "elapsed"}``
    :raises Failure: when the server does not start or refuses an act
    """
    load = Load(lab)
    # clients are of one unit with those to whom they pass letters on
    users = lab.colleagues[: max(CLIENTS)]
    password = secrets.token_urlsafe(16)
    _set_password(lab, [lab.users[HEAD], *users], password)
    logins = {user_id: login for login, user_id in lab.users.items()}
    found = []
    with _server(lab.name) as address:
        heads = [Client(address, lab.name, HEAD, password) for _user in users]
        clients = [Client(address, lab.name, logins[user], password) for user in users]
        _work(clients, load.open_letter, load.letters(users, 2 * len(users)))  # warms both workers
        for number in CLIENTS:
            count = total // number * number
            fresh, others = load.letters(users[:number], count), load.letters(users[:number], count)
            for name, act, who, subjects in (
                ("inbox page", load.inbox, heads, fresh),
                ("open the letter", load.open_letter, clients, fresh),
                ("dispose to 3", load.dispose, clients, fresh),
                ("follow up", load.follow_up, clients, others),
            ):
                seconds, elapsed = _work(who[:number], act, subjects)
                found.append({"clients": number, "act": name, "seconds": seconds, "elapsed": elapsed})
    return found


def _set_password(lab, user_ids, password):
    with lab.env() as env:
        hashed = env["res.users"]._crypt_context().hash(password)
        # raw SQL: the ORM would hash it for each of them, a third of a second each
        env.cr.execute("UPDATE res_users SET password = %s WHERE id = ANY(%s)", [hashed, user_ids])


def _work(clients, act, subjects):
    """Let each client do *act* with each of its subjects, as far as time allows, all clients at once.

    :return: the seconds of each act, and the seconds of them all
    """
    seconds, errors = [], []
    ready = threading.Barrier(len(clients) + 1)

    def one(client, mine):
        ready.wait()
        last = time.perf_counter() + LONGEST
        for subject in mine:
            start = time.perf_counter()
            if start > last:
                return
            try:
                act(client, subject)
            except Exception as error:
                errors.append(error)
                return
            seconds.append(time.perf_counter() - start)

    threads = [threading.Thread(target=one, args=pair) for pair in zip(clients, subjects, strict=True)]
    for thread in threads:
        thread.start()
    ready.wait()
    start = time.perf_counter()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return seconds, time.perf_counter() - start


@contextmanager
def _server(name):
    """Run Odoo on 127.0.0.1 and give its address."""
    port, log = free_port(), LOGS / "bench-http.log"
    options = ["--workers", str(WORKERS), "--max-cron-threads", "0", "--log-level", "warn", "--http-port", str(port)]
    command = [
        "python",
        ROOT / "tools" / "odoo_server.py",
        "-d",
        name,
        "--db-filter",
        f"^{name}$",
        *options,
        "--gevent-port",
        str(free_port()),
        *database.addons(),
    ]
    with log.open("w") as stream:
        server = subprocess.Popen(
            [*command, "--http-interface", "127.0.0.1"],
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(server, address, log)
        yield address
    finally:
        _stop(server)


def _wait(server, address, log):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise Failure(f"Odoo ended with {server.returncode}: see {log}")
        try:
            if requests.get(f"{address}/web/login", timeout=PATIENCE).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.3)
    raise Failure(f"Odoo does not answer after {PATIENCE} s: see {log}")


def _stop(server):
    """End the server and its workers, which are of its own session."""
    if server.poll() is None:
        server.send_signal(signal.SIGTERM)
    try:
        server.wait(20)
    except subprocess.TimeoutExpired:
        pass
    try:
        os.killpg(server.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    server.wait()
