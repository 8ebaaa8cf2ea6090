"""F17: what a person enters is nowhere on the disk in a readable form, nor in a log."""

import base64
import json
import logging
import os
import subprocess
import sys
import traceback
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.errors import AppError
from app.models.inquiry import Inquiry, Note
from app.models.product import Product
from app.models.reference import Reference
from app.models.settings import DraftText
from tests.conftest import NOW
from tests.faults.harness import ROOT, make_workspace
from tests.faults.plaintext import scan_for_markers, scan_open_files

MARKERS = {
    "verbatim": "Zqmarkverbatim",
    "note": "Zqmarknote",
    "draft": "Zqmarkdraft",
    "bulk": "Zqmarkbulk",
    "search": "Zqmarksearch",
    "failed": "Zqmarkfailed",
    "device": "Zqmarkchanged",
    "sorted": "Zqmarksorted",
}


def inquiry(number, **values):
    return Inquiry(number=number, received_at=NOW, received_zone="UTC", channel="phone", **values)


def enter_everything(database):
    """A session of work that puts each marker where personal data goes."""
    with database.unit("because " + MARKERS["verbatim"]) as uow:
        uow.session.add(inquiry("1", id="i", verbatim=f"{MARKERS['verbatim']} " * 900))
        uow.session.flush()
        uow.session.add(Note(inquiry_id="i", text=MARKERS["note"], author_id="user-1", noted_at=NOW))
        uow.commit()
    with database.unit() as uow:
        draft = DraftText(
            type="note", entity_id="i", field="text", text=MARKERS["draft"], seen_sha256="", saved_at=NOW
        )
        uow.session.merge(draft)
        rows = [
            {"key": f"{MARKERS['bulk']}{i}", "title": MARKERS["bulk"] * 20, "csl": {}} for i in range(300)
        ]
        uow.insert_many(Reference, rows)
        uow.commit()
    with database.unit() as uow:
        uow.session.get_one(Inquiry, "i").verbatim = MARKERS["device"]
        uow.commit()


def sort_much(database):
    """Sort more than the cache holds, which would spill to a temporary file."""
    query = text(
        "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 60000) "
        "SELECT n, :marker || n || hex(zeroblob(200)) AS t FROM c ORDER BY t DESC LIMIT 1"
    )
    database.read(lambda s: s.execute(query, {"marker": MARKERS["sorted"]}).all())


def search(database):
    query = text("SELECT rowid FROM inquiry_search WHERE inquiry_search MATCH :words ORDER BY rank")
    database.read(lambda s: s.execute(query, {"words": MARKERS["search"]}).all())


def failed_writes(database):
    """Writes that the database or SQLAlchemy refuses, each with a marker in its values."""
    secret = MARKERS["failed"]
    return {
        "unique": lambda uow: uow.session.add_all([inquiry(secret), inquiry(secret, verbatim=secret)]),
        "foreign key": lambda uow: uow.session.add(inquiry(secret, requester_id=secret)),
        "not null": lambda uow: uow.session.add(
            Note(inquiry_id="i", text=secret, author_id=None, noted_at=NOW)
        ),
        "bulk": lambda uow: uow.insert_many(Product, [{"name": secret}, {"name": secret}]),
        "wrong type": lambda uow: uow.session.add(inquiry(secret, title={secret: secret})),
        "no JSON": lambda uow: uow.session.add(Product(name=secret, aliases=[secret, 1.5])),
        "lone surrogate": lambda uow: uow.session.add(Product(name=secret, aliases=[f"{secret}\ud800"])),
        "lone surrogate in a text": lambda uow: uow.session.add(Product(name=f"{secret}\ud800")),
        "no such column": lambda uow: uow.insert_many(Product, [{"name": secret, "colour": secret}]),
    }


FAILURES = tuple(failed_writes(None))


def write_and_commit(database, write):
    with database.unit() as uow:
        write(uow)
        uow.commit()


def told_of(error):
    """What a log or the crash dialog gets of an error and of those behind it."""
    return "".join(traceback.format_exception(error))


@pytest.mark.parametrize("name", FAILURES)
def test_a_refused_write_does_not_tell_its_values(database, caplog, name):
    caplog.set_level(logging.DEBUG)
    with database.unit() as uow:
        uow.session.add(inquiry("1", id="i"))
        uow.commit()
    with pytest.raises(Exception) as refused:  # noqa: PT011 - of any class: its text counts
        write_and_commit(database, failed_writes(database)[name])
    assert MARKERS["failed"] not in told_of(refused.value)
    assert MARKERS["failed"] not in caplog.text


def test_the_log_of_sqlalchemy_holds_no_values(database, caplog):
    for name in ("sqlalchemy", "sqlalchemy.engine", "sqlalchemy.pool", "sqlalchemy.orm"):
        caplog.set_level(logging.DEBUG, name)
    enter_everything(database)
    search(database)
    assert [marker for marker in MARKERS.values() if marker in caplog.text] == []


def test_engines_hide_parameters_and_do_not_echo(database):
    for engine in (database.writer, database.reader):
        assert engine.hide_parameters
        assert not engine.echo


SESSION = """
import json, logging, sys
from pathlib import Path
from app.services.audit.queries import verify_trail
from tests.faults import test_plaintext as session
from tests.faults.invariants import open_database
from tests.faults.plaintext import scan_open_files
logging.basicConfig(filename=sys.argv[2], level=logging.DEBUG)
database = open_database(Path(sys.argv[1]))
session.work(database)
found = [str(hit) for hit in scan_open_files(session.MARKERS.values())]
print(json.dumps(found))
if sys.argv[3] == "close":
    database.close()
"""


def work(database):
    """Everything at once, with each refusal logged as the program would log it."""
    enter_everything(database)
    search(database)
    sort_much(database)
    for write in failed_writes(database).values():
        try:
            write_and_commit(database, write)
        except (SQLAlchemyError, ValueError, TypeError, AppError):
            logging.getLogger("session").exception("A write was refused")
    database.data_version()


@pytest.mark.parametrize("end", ["close", "crash"])
def test_a_session_leaves_no_plaintext(tmp_path, end):
    folder = make_workspace(tmp_path / "w")
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", SESSION, str(folder), str(temporary / "app.log"), end],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(temporary), "SQLITE_TMPDIR": str(temporary), "HOME": str(temporary)},
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert [marker for marker in MARKERS.values() if marker in done.stdout + done.stderr] == []
    assert json.loads(done.stdout) == []
    assert (temporary / "app.log").stat().st_size > 0
    assert scan_for_markers(tmp_path, MARKERS.values()) == []


@pytest.mark.parametrize(
    "written",
    [
        b"..ZQMARK-secret..",
        "x zqmark-Secret".encode("utf-16-le"),
        "x zqmark-Secret".encode("utf-16-be"),
        *(base64.b64encode(b"y" * i + b"Zqmark-secret" + b"z") for i in range(3)),
    ],
)
def test_the_scan_finds_a_marker_in_any_writing(tmp_path, written):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "file.bin").write_bytes(b"\0" + written + b"\0" * 7)
    (path, _), *_ = scan_for_markers(tmp_path, ["Zqmark-secret"])
    assert path.name == "file.bin"


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="no /proc: open files were not scanned")
def test_the_scan_finds_a_marker_in_a_deleted_file_still_open(tmp_path):
    path = tmp_path / "gone"
    with path.open("w") as file:
        file.write("Zqmark-deleted")
        file.flush()
        path.unlink()
        assert scan_open_files(["Zqmark-deleted"]) != []
    assert scan_open_files(["Zqmark-deleted"]) == []


def test_erased_values_are_nowhere_in_the_open_database(database):
    """One unit of work overwrites the record and erases its past: no old value may stay."""
    secret = MARKERS["verbatim"]
    with database.unit() as uow:
        uow.session.add(inquiry("1", id="i", verbatim=secret, title=secret))
        uow.commit()
    with database.unit("request of the person") as uow:
        record = uow.session.get_one(Inquiry, "i")
        record.verbatim = record.title = "[erased]"
        uow.session.flush()
        uow.erase_values(["i"])
        uow.commit()
    values = database.read(lambda s: s.execute(text("SELECT field, old, new FROM journal_value")).all())
    assert [value.field for value in values if secret in f"{value.old}{value.new}"] == []
