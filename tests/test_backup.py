"""A backup is worth what its restoring is worth; a copy of the database is harmless."""

import base64
import subprocess
import sys
from pathlib import Path

from conftest import drop, in_shell
from test_answering import PASSPHRASE, certificate

ROOT = Path(__file__).resolve().parent.parent

QUEUED = """
company = env.ref("esurat.company_diskominfo")
company._esurat_make_exchange_certificate()
company.write({"esurat_bsre_url": "http://127.0.0.1:9", "esurat_bsre_password": "x", "esurat_alias_name": "surat"})
env["res.partner"].create({"name": "Server lain", "esurat_server": "http://127.0.0.1:9", "esurat_code": "X"})
file = {"file": values["certificate"], "passphrase": values["passphrase"]}
env["esurat.certificate"].with_user(env.ref("esurat.user_kadis")).create(file)
result = True
"""
HARMLESS = """
companies = env["res.company"].search([])
result = {
    "certificates": env["esurat.certificate"].search_count([]),
    "services": [bool(c.esurat_bsre_url or c.esurat_exchange_key or c.esurat_digest) for c in companies],
    "servers": env["res.partner"].search_count([("esurat_server", "!=", False)]),
    "queued": env["esurat.consignment"].search_count([("state", "=", "queued")]),
    "crons": env["ir.cron"].search([("name", "like", "E-Surat")]).mapped("active"),
    "mail": env["ir.mail_server"].search([]).mapped("smtp_host"),
    "aliases": env["mail.alias"].search_count([("alias_model_id.model", "=", "esurat.letter")]),
    "letters": env["esurat.letter"].search_count([]),
}
"""


def dev(*arguments):
    """Run `./dev`, and return how it ended and what it said."""
    done = subprocess.run([sys.executable, ROOT / "dev", *arguments], capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def test_a_rehearsal_finds_nothing_broken(database):
    status, said = dev("rehearse", database)
    assert (status, "0 broken" in said) == (0, True), said


def test_a_check_finds_a_file_that_is_gone(database):
    assert dev("check", database)[0] == 0
    in_shell(
        database,
        "file = env['ir.attachment'].search([('res_model', '=', 'esurat.letter')], limit=1); import os; "
        "os.truncate(file._full_path(file.store_fname), 10); result = file.id",
    )
    status, said = dev("check", database)
    assert status == 1
    assert "a file that is cut short" in said


def test_a_restored_copy_is_harmless(database, tmp_path):
    content = base64.b64encode(certificate()["buffer"]).decode()
    in_shell(database, QUEUED, certificate=content, passphrase=PASSPHRASE)
    letters = in_shell(database, HARMLESS)["letters"]
    folder, copy = tmp_path / "kept", f"{database}_restored"
    try:
        assert dev("backup", database, str(folder))[0] == 0
        assert dev("backup", database, str(folder))[0] == 1
        status, said = dev("restore", str(folder), copy)
        assert status == 0, said
        found = in_shell(copy, HARMLESS)
        # and one that takes the place of a lost original is as it was
        drop(copy)
        assert dev("restore", str(folder), copy, "--original")[0] == 0
        assert in_shell(copy, HARMLESS)["certificates"] == 1
        assert dev("check", copy)[0] == 0
    finally:
        drop(copy)
    assert found.pop("letters") == letters
    assert found == {
        "certificates": 0,
        "services": [False] * len(found["services"]),
        "servers": 0,
        "queued": 0,
        "crons": [],
        "mail": ["invalid"],
        "aliases": 0,
    }
