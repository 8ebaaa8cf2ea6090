"""F11: a damaged page is told or harmless, and opening it changes nothing."""

import shutil
from itertools import islice

import pytest
from sqlalchemy import text

from app.errors import DamagedDatabaseError
from app.models.inquiry import Inquiry
from app.models.settings import DraftText
from app.services.audit.queries import verify_trail
from tests.faults.expected import expected_after, snapshot_of
from tests.faults.harness import make_workspace
from tests.faults.invariants import INDEXES, is_a_prefix, open_database
from tests.faults.stream import perform, seeded, steps

PAGE = 4096
# One frame of the log: its header, then the page (https://www.sqlite.org/fileformat2.html#walformat)
LOG_HEAD, FRAME = 32, 24 + PAGE
SEED, STEPS = 8, 45


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A workspace whose newest steps are in the log only, as after a crash."""
    folder = make_workspace(tmp_path_factory.mktemp("filled") / "w")
    crashed = folder.with_name("crashed")
    database = open_database(folder)
    for number, step in enumerate(islice(steps(SEED), STEPS), start=1):
        perform(database, step)
        if number == STEPS // 2:
            database.close()
            database = open_database(folder)
    shutil.copytree(folder, crashed, ignore=shutil.ignore_patterns("*-shm"))
    database.close()
    return crashed


def flip(path, offset, bit):
    with path.open("r+b") as file:
        file.seek(offset)
        (byte,) = file.read(1)
        file.seek(offset)
        file.write(bytes([byte ^ (1 << bit)]))


def read_all(folder):
    """Read all that the program shows: every table, the trail and the search indexes."""
    database = open_database(folder)
    try:
        found = database.read(snapshot_of)
        assert database.read(verify_trail).ok
        for index in INDEXES:
            database.read(lambda s, name: s.execute(text(f"SELECT rowid FROM {name}('dose')")).all(), index)
        return found
    finally:
        database.close()


def damage_page(tmp_path, filled, page, rng):
    """Flip a bit of a page; return whether it was told. Nothing but this page may come to harm."""
    folder = tmp_path / "w"
    shutil.copytree(filled, folder)
    path = folder / "workspace.db"
    flip(path, page * PAGE + rng.randrange(PAGE), rng.randrange(8))
    damaged = page_bytes(path, page)
    expected = expected_after(SEED, STEPS).snapshot()
    told = ""
    try:
        # The page lies in the log, too, or nothing reads it: then every answer is still right.
        assert read_all(folder) == expected
    except DamagedDatabaseError as error:
        told = str(error)
    if told:
        assert "nothing was deleted" in told
        mend(path, page, damaged, page_bytes(filled / path.name, page))
        assert read_all(folder) == expected
    shutil.rmtree(folder)
    return bool(told)


def page_bytes(path, page):
    return path.read_bytes()[page * PAGE : (page + 1) * PAGE]


def mend(path, page, damaged, whole):
    """Put the page back, unless the log has brought a newer one when the database was closed."""
    if page_bytes(path, page) == damaged:
        with path.open("r+b") as file:
            file.seek(page * PAGE)
            file.write(whole)


@pytest.mark.parametrize("offset", [0, 15, 16, 60, 100, 2000, 4031, 4095])
def test_a_failed_opening_changes_no_file(tmp_path, filled, offset):
    """The first page is damaged and not in the log, so the database does not even open."""
    folder = tmp_path / "w"
    shutil.copytree(filled, folder)
    whole = open_database(folder)
    whole.read(snapshot_of)
    whole.close()
    edited = open_database(folder)
    with edited.unit() as uow:
        uow.session.merge(DraftText(type="t", entity_id="e", field="f", text="x", seen_sha256="", saved_at=1))
        uow.commit()
    crashed = tmp_path / "crashed"
    shutil.copytree(folder, crashed, ignore=shutil.ignore_patterns("*-shm"))
    edited.close()
    flip(crashed / "workspace.db", offset, 3)
    before = {path.name: path.read_bytes() for path in crashed.iterdir()}
    assert len(before["workspace.db-wal"]) > 0
    database = open_database(crashed)
    with pytest.raises(DamagedDatabaseError, match="nothing was deleted"):
        database.read(snapshot_of)
    with pytest.raises(DamagedDatabaseError), database.unit():
        pass
    database.close()
    assert {name: (crashed / name).read_bytes() for name in before} == before


def long_inquiry(folder):
    """A workspace with one value long enough to go on in pages of its own."""
    long = "".join(f"word{number} " for number in range(2500))
    database = open_database(make_workspace(folder))
    with database.unit() as uow:
        uow.session.add(
            Inquiry(id="i", number="1", received_at=1, received_zone="UTC", channel="x", verbatim=long)
        )
        uow.commit()
    database.close()
    return long


def told_instead_of_read(folder, long):
    database = open_database(folder)
    try:
        found = database.read(lambda s: s.get_one(Inquiry, "i").verbatim)
    except DamagedDatabaseError:
        return True
    finally:
        database.close()
    assert found == long
    return False


def test_no_page_of_a_long_text_is_silently_read_as_zeros(tmp_path):
    """SQLCipher reads a page that fails its check as zeros and tells it by `PRAGMA cipher_status` only.

    Most such pages then fail as malformed; the last page of a long value does not.
    """
    folder = tmp_path / "w"
    long = long_inquiry(folder)
    path = folder / "workspace.db"
    told = 0
    for page in range(pages_of(folder) - 40, pages_of(folder)):
        flip(path, page * PAGE + 100, 0)
        told += told_instead_of_read(folder, long)
        flip(path, page * PAGE + 100, 0)
    assert told >= len(long) // PAGE


def test_a_long_text_on_a_damaged_page_is_not_written_over(tmp_path):
    """A unit of work that met a damaged page must not commit what it derived from it."""
    folder = tmp_path / "w"
    long = long_inquiry(folder)
    path = folder / "workspace.db"
    for page in range(pages_of(folder) - 40, pages_of(folder)):
        copy = tmp_path / f"{page}"
        shutil.copytree(folder, copy)
        flip(copy / path.name, page * PAGE + 100, 0)
        database = open_database(copy)
        try:
            with database.unit() as uow:
                record = uow.session.get_one(Inquiry, "i")
                seen = record.verbatim
                record.title = "seen"
                uow.commit()
            assert seen == long
        except DamagedDatabaseError:
            continue
        finally:
            database.close()
            shutil.rmtree(copy)


def pages_of(filled):
    return (filled / "workspace.db").stat().st_size // PAGE


def test_a_damaged_page_is_told_or_harmless_and_kept(tmp_path, filled):
    rng = seeded(1)
    pages = [0, *rng.sample(range(1, pages_of(filled)), 23)]
    assert sum(damage_page(tmp_path, filled, page, rng) for page in pages) >= 8


@pytest.mark.faults
def test_each_damaged_page_is_told_or_harmless_and_kept(tmp_path, filled):
    rng = seeded(2)
    pages = range(pages_of(filled))
    assert sum(damage_page(tmp_path, filled, page, rng) for page in pages) >= len(pages) // 3


def damage_log(tmp_path, filled, frame, rng):
    """Flip a bit of a frame of the log and judge what is read."""
    folder = tmp_path / "w"
    shutil.copytree(filled, folder)
    flip(folder / "workspace.db-wal", LOG_HEAD + frame * FRAME + rng.randrange(FRAME), rng.randrange(8))
    database = open_database(folder)
    try:
        assert is_a_prefix(database, SEED, STEPS)
        assert database.read(verify_trail).ok
    finally:
        database.close()
        shutil.rmtree(folder)


def frames_of(filled):
    return ((filled / "workspace.db-wal").stat().st_size - LOG_HEAD) // FRAME


def test_a_damaged_log_ends_before_the_damage_and_is_never_half(tmp_path, filled):
    """SQLite cannot tell a damaged end of its log from an unfinished one.

    So what follows the damage is gone, but no wrong row is ever shown; that a
    tail is missing is found by the server, which signs the head of the chain.
    """
    rng = seeded(3)
    for frame in rng.sample(range(frames_of(filled)), 12):
        damage_log(tmp_path, filled, frame, rng)


@pytest.mark.faults
def test_a_log_damaged_at_any_frame_is_never_half(tmp_path, filled):
    rng = seeded(4)
    for frame in range(frames_of(filled)):
        damage_log(tmp_path, filled, frame, rng)


def test_a_file_cut_short_is_told(tmp_path, filled):
    for pages in (1, pages_of(filled) // 2):
        folder = tmp_path / str(pages)
        folder.mkdir()
        whole = (filled / "workspace.db").read_bytes()
        (folder / "workspace.db").write_bytes(whole[: pages * PAGE])
        with pytest.raises(DamagedDatabaseError):
            read_all(folder)
