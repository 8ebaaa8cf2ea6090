import resource
import signal
from contextlib import closing

import pytest
import sqlcipher3.dbapi2 as sqlcipher

from app.errors import (
    DamagedDatabaseError,
    EnvironmentFaultError,
    InputRefusedError,
    JobCancelledError,
    NewerDatabaseError,
    NotAllowedError,
    WrongKeyError,
)
from app.services.jobs.context import JobContext
from app.services.workspace import vault
from app.services.workspace.backup import (
    extract_database,
    read_backup_header,
    restore_database,
    write_backup,
)
from app.services.workspace.keyslots import SlotKind
from tests.services.workspace.vault_fakes import NEW_PASSPHRASE, PASSPHRASE, QUICK_COST, quick_ports

MARKER = "nosebleed that needed packing"


def keyed(path, key):
    connection = sqlcipher.connect(str(path), isolation_level=None)
    connection.execute("PRAGMA cipher_log_level = NONE")
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    return connection


def rows_of(path, key):
    with closing(keyed(path, key)) as connection:
        return connection.execute("SELECT n, text FROM note ORDER BY n").fetchall()


@pytest.fixture
def opened(tmp_path):
    return vault.create(tmp_path / "workspace", PASSPHRASE, quick_ports())[0]


@pytest.fixture
def database(opened):
    with closing(keyed(opened.folder / "workspace.db", opened.database_key)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE note(n INTEGER PRIMARY KEY, text TEXT)")
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO note(text) VALUES (?)", [(MARKER,)] * 400)
        connection.execute("COMMIT")
        yield connection


@pytest.fixture
def backup(tmp_path, opened, database):
    target = tmp_path / "day.backup"
    write_backup(database, opened.slots_bytes(), opened.backup_key, target)
    return target


def test_a_backup_holds_every_row_and_comes_back_under_the_database_key(tmp_path, opened, database, backup):
    restored = tmp_path / "restored.db"
    restore_database(backup, opened.backup_key, restored, opened.database_key)
    assert rows_of(restored, opened.database_key) == [(n, MARKER) for n in range(1, 401)]


def test_rows_written_after_the_last_checkpoint_are_in_it(tmp_path, opened, database):
    database.execute("INSERT INTO note(text) VALUES ('still in the log')")
    target = tmp_path / "day.backup"
    write_backup(database, opened.slots_bytes(), opened.backup_key, target)
    extract_database(target, tmp_path / "out.db")
    assert rows_of(tmp_path / "out.db", opened.backup_key)[-1] == (401, "still in the log")


def test_no_plain_text_and_no_other_file_is_left(tmp_path, opened, backup):
    assert MARKER.encode() not in backup.read_bytes()
    assert b"SQLite format" not in backup.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["day.backup", "workspace"]
    assert backup.stat().st_mode & 0o777 == 0o600


def test_a_backup_opens_with_the_passphrase_of_its_day(tmp_path, opened, backup):
    opened.change_passphrase(PASSPHRASE, NEW_PASSPHRASE)
    slots = read_backup_header(backup).key_slots
    keys = vault.unlock_copy(slots, SlotKind.PASSPHRASE, PASSPHRASE, QUICK_COST)
    restore_database(backup, keys.backup_key, tmp_path / "out.db", keys.database_key)
    assert len(rows_of(tmp_path / "out.db", opened.database_key)) == 400


def test_an_extracted_database_does_not_open_with_another_key(tmp_path, opened, backup):
    extract_database(backup, tmp_path / "out.db")
    with pytest.raises(sqlcipher.DatabaseError):
        rows_of(tmp_path / "out.db", opened.database_key)


def test_a_wrong_key_restores_nothing_and_prints_nothing(tmp_path, opened, backup, capfd):
    with pytest.raises(WrongKeyError, match="day of the backup"):
        restore_database(backup, opened.blob_key, tmp_path / "out.db", opened.database_key)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["day.backup", "workspace"]
    assert capfd.readouterr() == ("", "")


def test_nothing_is_written_over(tmp_path, opened, database, backup):
    before = backup.read_bytes()
    for attempt in (
        lambda: write_backup(database, opened.slots_bytes(), opened.backup_key, backup),
        lambda: extract_database(backup, backup),
        lambda: restore_database(backup, opened.backup_key, backup, opened.database_key),
    ):
        with pytest.raises(NotAllowedError, match="left as it is"):
            attempt()
    assert backup.read_bytes() == before


def test_a_cut_or_changed_backup_restores_nothing(tmp_path, opened, backup):
    content = backup.read_bytes()
    refused = (DamagedDatabaseError, InputRefusedError, NewerDatabaseError)
    spoilt = tmp_path / "spoilt.backup"
    offset = read_backup_header(backup).offset
    slots_end = offset - 40
    # The slots carry a checksum of their own, which `unlock_copy` reads.
    places = [*range(20), *range(slots_end, offset + 40), *range(offset + 40, len(content), 997)]
    for place in places:
        for bad in (
            content[:place],
            content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :],
        ):
            spoilt.write_bytes(bad)
            with pytest.raises(refused):
                extract_database(spoilt, tmp_path / "out.db")
            assert not (tmp_path / "out.db").exists()
    spoilt.write_bytes(content + b"x")
    with pytest.raises(DamagedDatabaseError):
        read_backup_header(spoilt)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", InputRefusedError),
        (b"PK\x03\x04 some other file", InputRefusedError),
        (b"MIDESK BACKUP 3\n", NewerDatabaseError),
        (b"MIDESK BACKUP 1\n\xff\xff\xff\xff", DamagedDatabaseError),
    ],
)
def test_other_files_are_told_apart(tmp_path, content, error):
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(error):
        read_backup_header(tmp_path / "file")


def test_a_missing_file_or_folder_is_told_as_such(tmp_path, opened, database):
    with pytest.raises(EnvironmentFaultError, match="refused to read"):
        read_backup_header(tmp_path / "missing")
    with pytest.raises(EnvironmentFaultError, match="refused to write"):
        write_backup(database, b"", opened.backup_key, tmp_path / "missing" / "x")


def test_a_cancelled_backup_leaves_nothing(tmp_path, opened, database):
    job = JobContext(lambda _progress: job.cancel())
    with pytest.raises(JobCancelledError):
        write_backup(database, opened.slots_bytes(), opened.backup_key, tmp_path / "day.backup", job)
    assert [path.name for path in tmp_path.iterdir()] == ["workspace"]


def test_a_disk_that_takes_no_more_leaves_nothing_and_says_so(tmp_path, opened, database):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    # Left alone, the signal would end the test run.
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    try:
        with pytest.raises(EnvironmentFaultError, match="as it was"):
            write_backup(database, opened.slots_bytes(), opened.backup_key, tmp_path / "day.backup")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert [path.name for path in tmp_path.iterdir()] == ["workspace"]
    assert len(rows_of(opened.folder / "workspace.db", opened.database_key)) == 400


def test_writing_goes_on_during_a_backup(tmp_path, opened, database):
    def write_more(_progress):
        with closing(keyed(opened.folder / "workspace.db", opened.database_key)) as other:
            other.execute("INSERT INTO note(text) VALUES ('meanwhile')")

    write_backup(
        database, opened.slots_bytes(), opened.backup_key, tmp_path / "day.backup", JobContext(write_more)
    )
    extract_database(tmp_path / "day.backup", tmp_path / "out.db")
    assert len(rows_of(tmp_path / "out.db", opened.backup_key)) >= 400
    assert len(rows_of(opened.folder / "workspace.db", opened.database_key)) >= 401


def test_a_damaged_page_makes_no_backup(tmp_path, opened, database, capfd):
    path = opened.folder / "workspace.db"
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    content = bytearray(path.read_bytes())
    content[3 * 4096 + 100] ^= 1
    path.write_bytes(content)
    with closing(keyed(path, opened.database_key)) as damaged, pytest.raises(DamagedDatabaseError):
        write_backup(damaged, opened.slots_bytes(), opened.backup_key, tmp_path / "day.backup")
    assert [found.name for found in tmp_path.iterdir()] == ["workspace"]
    assert MARKER not in "".join(capfd.readouterr())
