"""An office at work, for Locust: eight people take letters in, pass them on, follow them up, write, sign and send.

Only what the server itself got wrong counts as a failure: what it refuses in words is an answer. Where a test disturbs
it (``ESURAT_DISTURBED``), a request that was cut off is no failure either.
"""

import base64
import io
import json
import os
import random

import pikepdf
from locust import HttpUser, between, task
from locust.exception import StopUser

DATABASE, PASSWORD, PASSPHRASE = (os.environ[f"ESURAT_{name}"] for name in ("DATABASE", "PASSWORD", "PASSPHRASE"))
DISTURBED = bool(os.environ.get("ESURAT_DISTURBED"))
# what people are told in words
REFUSED = (
    "odoo.exceptions.UserError",
    "odoo.exceptions.ValidationError",
    "odoo.exceptions.AccessError",
    "odoo.exceptions.MissingError",
)
CHIEFS = ["kabid.ikp", "kabid.infra", "kabid.aplikasi"]


def scan(number):
    """Return a PDF of one page, another one for each *number*, in base64."""
    document = pikepdf.new()
    document.add_blank_page()
    document.docinfo["/Title"] = f"Surat {number} " + "x" * 20_000
    buffer = io.BytesIO()
    document.save(buffer)
    return base64.b64encode(buffer.getvalue()).decode()


class Person(HttpUser):
    """Somebody who is signed in."""

    abstract = True
    wait_time = between(0.05, 0.4)
    login = ""

    def on_start(self):
        """Sign in."""
        params = {"db": DATABASE, "login": self.login, "password": PASSWORD}
        answer = self.ask("/web/session/authenticate", params, "sign in")
        if not answer:
            raise StopUser
        self.uid = answer["uid"]

    def ask(self, path, params, name):
        """Return the result of a request, nothing where it was refused or cut off."""
        with self.client.post(path, json={"params": params}, name=name, catch_response=True, timeout=120) as response:
            try:
                answer = response.json()
            except (json.JSONDecodeError, TypeError, ValueError):
                (response.success if DISTURBED else response.failure)(f"no answer: {response.status_code}")
                return None
            error = answer.get("error")
            if not error:
                response.success()
                return answer.get("result")
            told = error.get("data", {}).get("name", "")
            if told in REFUSED or DISTURBED:
                response.success()
            else:
                response.failure(f"{told}: {error.get('data', {}).get('message')}")
            if "Session" in told:
                self.on_start()
            return None

    def call(self, model, method, *args, **kwargs):
        """Call a method of a model as the web client does."""
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self.ask(f"/web/dataset/call_kw/{model}/{method}", params, f"{model} {method}")

    def confirm(self, model, values):
        """Fill a dialogue and confirm it."""
        dialogue = self.call(model, "create", values)
        if dialogue:
            self.call(model, "action_confirm", [dialogue])

    def holds(self, *domain):
        """Return some holds of the user, ``{"id", "letter_id"}`` each."""
        own = [["user_id", "=", self.uid], *domain]
        found = self.call("esurat.holder", "search_read", own, fields=["letter_id"], limit=20) or []
        random.shuffle(found)
        return found

    def find(self, model, domain):
        """Return the ids of records of a model."""
        return self.call(model, "search", domain) or []

    @task(1)
    def look(self):
        """Open the home screen."""
        self.call("esurat.holder", "retrieve_home")


class Registrar(Person):
    """Takes letters in and sends what is signed."""

    fixed_count = 2
    login = "agendaris"

    @task(6)
    def register(self):
        """Register a letter with its scan."""
        number = random.randrange(10**9)
        [sender] = self.find("res.partner", [["name", "=", "Dinas Kesehatan"]])[:1] or [1]
        values = {"subject": f"Uji {number}", "sender_id": sender, "scan": scan(number), "scan_name": "a.pdf"}
        letter = self.call("esurat.letter", "create", [values])
        if letter:
            self.call("esurat.letter", "action_register", letter)

    @task(2)
    def send(self):
        """Send a signed letter by paper."""
        for letter in self.find("esurat.letter", [["is_unsent", "=", True]])[:1]:
            self.confirm("esurat.send", {"letter_ids": [letter]})

    @task(1)
    def write_off(self):
        """Write off what everybody has answered."""
        for letter in self.find("esurat.letter", [["is_proposed", "=", True]])[:1]:
            self.confirm("esurat.write.off", {"letter_ids": [letter], "kind": "noted"})


class Head(Person):
    """Passes letters on and signs."""

    fixed_count = 2
    login = "kadis"

    @task(6)
    def dispose(self):
        """Open a letter and pass it on."""
        for hold in self.holds(["tray", "in", ["unread_letter", "open_letter"]])[:1]:
            self.call("esurat.letter", "action_open", [hold["letter_id"][0]])
            [chief] = self.find("res.users", [["login", "=", random.choice(CHIEFS)]]) or [0]
            self.confirm("esurat.dispose", {"holder_ids": [hold["id"]], "responsible_id": chief})

    @task(3)
    def sign(self):
        """Sign a letter with her certificate."""
        for hold in self.holds(["tray", "=", "to_sign"])[:1]:
            self.call("esurat.letter", "action_open", [hold["letter_id"][0]])
            self.call("esurat.holder", "sign", [hold["id"]], PASSPHRASE)


class Chief(Person):
    """Follows up."""

    fixed_count = 3

    def on_start(self):
        """Be one of the chiefs."""
        self.login = random.choice(CHIEFS)
        super().on_start()

    @task(6)
    def follow_up(self):
        """Open a disposition and answer for it."""
        for hold in self.holds(["tray", "in", ["unread_disposition", "open_disposition"]])[:1]:
            self.call("esurat.letter", "action_open", [hold["letter_id"][0]])
            values = {"holder_ids": [hold["id"]], "act": "follow_up", "response": "Sudah"}
            self.confirm("esurat.respond", values)


class Author(Person):
    """Writes letters and submits them to the head."""

    fixed_count = 1
    login = "sekretaris"

    @task(4)
    def write(self):
        """Write a letter and submit it."""
        [code] = self.find("esurat.classification", [["code", "=", "500.12"]]) or [False]
        [sender] = self.find("res.partner", [["name", "=", "Dinas Kesehatan"]])[:1] or [1]
        [head] = self.find("res.users", [["login", "=", "kadis"]]) or [0]
        letter = self.call(
            "esurat.letter",
            "create",
            {
                "direction": "outgoing",
                "written_here": True,
                "sender_id": False,
                "subject": f"Jawaban {random.randrange(10**9)}",
                "body": "<p>Bersama ini kami sampaikan.</p>",
                "addressee_ids": [[6, 0, [sender]]],
                "classification_id": code,
            },
        )
        if letter:
            steps = [[0, 0, {"role": "sign", "user_id": head}]]
            self.confirm("esurat.submit", {"letter_id": letter, "step_ids": steps})
