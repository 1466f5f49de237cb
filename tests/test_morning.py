"""The morning message: each of 10,000 people is written to once, though it is cut off; and it is received."""

import email
import email.policy
import html
import re
import subprocess
import sys
import time
from pathlib import Path

import psycopg2
import pytest
from aiosmtpd.controller import Controller
from conftest import free_port

from tools import crowd

RUN = Path(__file__).with_name("morning_run.py")
PEOPLE = 10_000
HEAD = "kadis@diskominfo.tirtakencana.example"


def ask(database, query, *values):
    """Return the rows of *query* in *database*."""
    with psycopg2.connect(dbname=database) as connection, connection.cursor() as cr:
        cr.execute(query, *values)
        return cr.fetchall() if cr.description else []


def written(database):
    """Return to which of the crowd messages are queued, one entry for each message."""
    return [address for (address,) in ask(database, "SELECT email_to FROM mail_mail WHERE email_to LIKE '%%orang%%'")]


def test_ten_thousand_people_are_written_to_once_though_it_is_killed(database):
    [(agency,)] = ask(database, "SELECT company_id FROM res_users WHERE login = 'kadis'")
    with psycopg2.connect(dbname=database) as connection, connection.cursor() as cr:
        crowd.gather(cr, PEOPLE, agency, "2026-06-02", "id_ID")
    process = subprocess.Popen([sys.executable, RUN, database])
    deadline = time.monotonic() + 120
    while not written(database):
        assert process.poll() is None and time.monotonic() < deadline, "nothing was written before it ended"
        time.sleep(0.05)
    process.kill()
    process.wait()
    before = written(database)
    assert 0 < len(before) < PEOPLE
    for _again in range(2):
        subprocess.run([sys.executable, RUN, database], check=True, timeout=300)
        after = written(database)
        assert len(after) == len(set(after)) == PEOPLE


@pytest.fixture
def postbox():
    """A mail server of our own, as a list of what it has received."""
    received = []

    class Handler:
        async def handle_DATA(self, server, session, envelope):
            received.append(
                (envelope.rcpt_tos, email.message_from_bytes(envelope.content, policy=email.policy.default))
            )
            return "250 OK"

    controller = Controller(Handler(), hostname="127.0.0.1", port=free_port())
    controller.start()
    received_by = controller.hostname, controller.port
    yield received_by, received
    controller.stop()


def test_the_message_as_it_is_received(database, postbox, sign_in):
    (host, port), received = postbox
    ask(
        database,
        """
        INSERT INTO ir_mail_server (name, smtp_host, smtp_port, smtp_encryption, smtp_authentication, active, sequence)
        VALUES ('Postbox', %s, %s, 'none', 'login', TRUE, 1)
        """,
        (host, port),
    )
    subprocess.run([sys.executable, RUN, database, "send"], check=True, timeout=300)
    [message] = [message for recipients, message in received if recipients == [HEAD]]
    assert message["Subject"].startswith("E-Surat, Selasa, 2 Juni 2026: ")
    assert message["Auto-Submitted"] == "auto-generated"
    page = message.get_body(("html",)).get_content()
    assert "belum dibaca" in page and "belum dibaca" in message.get_body(("plain",)).get_content()
    # a tap on a letter's line opens that letter, on the phone too
    path, label = re.search(r'href="[^"]*(/odoo/esurat\.letter/\d+)"[^>]*>([^<]+)<', page).groups()
    off = re.search(r'href="[^"]*(/odoo/my-preferences/\d+)"', page)[1]
    head = sign_in("kadis", "phone")
    head.goto(path)
    head.wait_for_selector(".o_esurat_letter")
    assert head.locator("h2 [name=subject]").inner_text() in html.unescape(label)
    # and the last line leads to the switch
    head.goto(off)
    head.locator("[name=esurat_digest] input").uncheck()
    head.locator(".o_form_button_save:visible").click()
    head.wait_for_selector(".o_form_button_save:visible", state="detached")
    [(wanted,)] = ask(database, "SELECT esurat_digest FROM res_users WHERE login = 'kadis'")
    assert not wanted
