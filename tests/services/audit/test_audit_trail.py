"""Read, export and verify the trail of a real encrypted database."""

import hashlib
import json

import pytest
from sqlalchemy import select, text

from app.errors import EnvironmentFaultError, InputRefusedError, JobCancelledError
from app.models.audit import JournalRow, JournalValue
from app.models.inquiry import Inquiry, Note
from app.models.product import Product
from app.services.audit import commands, queries
from app.services.jobs import JobContext
from app.services.workspace.engine import open_door
from tests.conftest import NOW

SECRET = "Zqmarktrail"


def fill(database):
    """Some rows of each kind: create, patch with a reason, transition, event, erasure."""
    with database.unit() as uow:
        product = Product(name="Atorvastatin", forms=[{"form": "tablet", "mg": [10, 20]}])
        inquiry = Inquiry(
            id="i", number="1", received_at=NOW, received_zone="UTC", channel="phone", title=SECRET
        )
        uow.session.add_all([product, inquiry])
        uow.session.flush()
        uow.session.add(Note(inquiry_id="i", text="“née” 😀\u2028\x00", author_id="user-1", noted_at=NOW))
        uow.commit()
    with database.unit("it was misspelt") as uow:
        uow.session.get_one(Product, product.id).name = "Atorvastatin calcium"
        uow.session.get_one(Inquiry, "i").state = "triaged"
        uow.record_event("unlock", type_="workspace", entity_id="w", by="passphrase")
        uow.commit()
    with database.unit() as uow:
        uow.session.get_one(Inquiry, "i").title = "[erased]"
        uow.session.flush()
        uow.erase_values(["i"])
        uow.commit()
    return product.id


@pytest.fixture
def exported(database, tmp_path):
    fill(database)
    target = tmp_path / "trail.jsonl"
    return target, database.write(commands.export_trail, target)


def rows_of(path):
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]


def write_rows(path, rows):
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def damage(database, statement, **parameters):
    with database.writer.connect() as connection, open_door(connection, "attack"), connection.begin():
        triggers = connection.execute(
            text("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
        ).all()
        for name, _sql in triggers:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.execute(text(statement), parameters)
        for _name, sql in triggers:
            connection.exec_driver_sql(sql)


def test_an_exported_trail_verifies_offline_as_the_workspace_does(database, exported):
    path, written = exported
    from_file, here = queries.verify_file(path), database.read(queries.verify_trail)
    assert from_file.ok
    assert from_file.verification.events == written.events == here.verification.events - 1
    assert from_file.verification.erased == here.verification.erased > 0


def test_an_export_is_a_row_of_the_trail_with_the_hash_of_the_file(database, exported):
    path, written = exported
    assert written.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    values = database.read(
        lambda s: dict(
            s.execute(
                select(JournalValue.field, JournalValue.new).where(JournalValue.n == written.events + 1)
            ).all()
        )
    )
    assert values == {"event": "audit_export", "sha256": written.sha256}


def test_an_export_can_be_read_by_a_person(exported):
    row = next(
        row for row in rows_of(exported[0]) if row["values"].get("name", {}).get("old") == "Atorvastatin"
    )
    assert (row["actor"], row["device"], row["op"], row["type"]) == ("user-1", "device-1", "patch", "product")
    assert row["values"]["name"]["new"] == "Atorvastatin calcium"
    assert row["values"]["@reason"]["new"] == "it was misspelt"
    assert (row["at"], row["zone"]) == (NOW, "Europe/London")


def test_an_erased_value_is_not_exported(exported):
    assert SECRET not in exported[0].read_text("utf-8")


def test_an_export_that_cannot_be_written_leaves_the_trail_as_it_was(database, tmp_path):
    fill(database)
    before = database.read(queries.verify_trail).verification.events
    with pytest.raises(EnvironmentFaultError, match="Choose another place"):
        database.write(commands.export_trail, tmp_path)
    assert database.read(queries.verify_trail).verification.events == before


# Which key holds what the hash of a row leaves out, as the server answers later.
UNHASHED = {"acked", "result"}


def still_whole(path, content):
    path.write_text(content, encoding="utf-8")
    try:
        return queries.verify_file(path).ok
    except InputRefusedError:
        return False


def same_but_for_the_answer_of_the_server(one, other):
    def kept(content):
        rows = [json.loads(line) for line in content.split("\n") if line.strip()]
        return [{name: value for name, value in row.items() if name not in UNHASHED} for row in rows]

    try:
        return kept(one) == kept(other)
    except (ValueError, AttributeError):
        return False


FLIPS = (lambda c: "7" if c != "7" else "8", str.swapcase)


@pytest.mark.parametrize("flip", FLIPS, ids=["digit", "case"])
def test_each_flipped_character_of_an_export_is_found(database, tmp_path, flip):
    with database.unit("misspelt") as uow:
        uow.session.add(Product(name="née", forms=[{"mg": [10]}]))
        uow.commit()
    path = tmp_path / "trail.jsonl"
    database.write(commands.export_trail, path)
    content = path.read_text("utf-8")
    missed = []
    for place, character in enumerate(content):
        spoilt = content[:place] + flip(character) + content[place + 1 :]
        if same_but_for_the_answer_of_the_server(content, spoilt):
            continue
        if still_whole(path, spoilt):
            missed.append(content[max(0, place - 12) : place] + "[" + character + "]")
    assert missed == []


def test_an_export_with_something_added_is_not_whole(exported):
    path, _ = exported
    rows = rows_of(path)
    rows[1]["note"] = "approved by the head of Medical Information"
    write_rows(path, rows)
    assert not still_whole(path, path.read_text("utf-8"))


def test_a_value_with_something_added_is_not_whole(exported):
    path, _ = exported
    rows = rows_of(path)
    rows[0]["values"]["name"]["really"] = "Simvastatin"
    write_rows(path, rows)
    assert not still_whole(path, path.read_text("utf-8"))


def test_a_name_that_stands_twice_is_not_whole(exported):
    """A person reads the first, a parser the last."""
    path, _ = exported
    content = path.read_text("utf-8")
    spoilt = content.replace('"actor": "user-1"', '"actor": "user-2", "actor": "user-1"', 1)
    assert spoilt != content
    assert not still_whole(path, spoilt)


NO_TRAILS = [
    *(
        b"",
        b"\n\n",
        b"{}\n",
        b"[]\n",
        b"7\n",
        b'"x"\n',
        b"null\n",
        b"\xff\xfe\x00",
        b"MIDESK BACKUP 1\n",
        b"{{{",
    ),
    *(
        b'{"values": {}}',
        b'{"n": "1", "values": {}}',
        b'{"n": 1, "values": []}',
        b'{"n": 1, "values": {"a": 1}}',
    ),
    *(b"[" * 100_000, b'{"values":' * 50_000),
]


@pytest.mark.parametrize("content", NO_TRAILS, ids=lambda content: repr(content[:20]))
def test_a_file_that_is_no_trail_is_refused(tmp_path, content):
    path = tmp_path / "other.jsonl"
    path.write_bytes(content)
    with pytest.raises(InputRefusedError, match=r"other\.jsonl is not an exported audit trail"):
        queries.verify_file(path)


def test_a_file_that_is_not_there_and_a_folder_are_refused(tmp_path):
    for path in (tmp_path, tmp_path / "none"):
        with pytest.raises(InputRefusedError):
            queries.verify_file(path)


def test_an_export_cut_within_is_found_at_the_row(exported):
    path, _ = exported
    rows = rows_of(path)
    write_rows(path, rows[:2] + rows[3:])
    assert queries.verify_file(path).verification.first_bad == 3


def many(database, count=4_100):
    with database.unit() as uow:
        uow.insert_many(Product, [{"name": f"product {n}"} for n in range(count)])
        uow.commit()


def test_damage_is_found_in_and_between_batches(database):
    many(database)
    assert database.read(queries.verify_trail).verification.events == 4_101
    for n in (1, 1_999, 2_000, 2_001, 4_000, 4_101):
        damage(database, "UPDATE journal SET actor = 'x' WHERE n = :n", n=n)
        assert database.read(queries.verify_trail).verification.first_bad == n
        damage(database, "UPDATE journal SET actor = 'user-1' WHERE n = :n", n=n)
    damage(database, "DELETE FROM journal WHERE n = 2000")
    assert database.read(queries.verify_trail).verification.first_bad == 2_000


def test_a_tail_cut_off_is_found_where_its_values_stay_behind(database):
    many(database, 3)
    damage(database, "DELETE FROM journal WHERE n = 4")
    assert database.read(queries.verify_trail).verification.first_bad == 4


def test_an_erasure_row_with_damaged_values_is_named_and_ends_nothing(database):
    fill(database)
    n = database.read(lambda s: s.scalar(select(JournalValue.n).where(JournalValue.field == "erased")))
    for value in ("5", "[[1]]", "[5]", "{", "null"):
        damage(database, "UPDATE journal_value SET new = :v WHERE n = :n AND field = 'erased'", v=value, n=n)
        report = database.read(queries.verify_trail)
        assert n in {flaw.n for flaw in report.verification.flaws}


def test_damaged_bytes_in_a_text_column_are_named_and_end_nothing(database):
    fill(database)
    for column in ("fields", "base", "zone", "hash", "result"):
        stored = database.read(
            lambda s, c: s.execute(text(f"SELECT {c} FROM journal WHERE n = 2")).scalar(), column
        )
        damage(database, f"UPDATE journal SET {column} = x'FF00' WHERE n = 2")
        report = database.read(queries.verify_trail)
        assert column == "result" or report.verification.first_bad == 2
        damage(database, f"UPDATE journal SET {column} = :v WHERE n = 2", v=stored)
    assert database.read(queries.verify_trail).ok


def test_a_number_that_is_text_or_missing_is_named_and_ends_nothing(database):
    fill(database)
    for value in ("'x'", "1.5", "x'01'"):
        damage(database, f"UPDATE journal SET at = {value} WHERE n = 2")
        assert database.read(queries.verify_trail).verification.first_bad == 2


def test_verifying_tells_its_progress_and_can_be_cancelled(database):
    many(database, 2_500)
    told = []
    database.read(queries.verify_trail, JobContext(told.append))
    assert [(each.done, each.total) for each in told] == [(2_000, 2_501), (2_501, 2_501)]
    job = JobContext()
    job.cancel()
    with pytest.raises(JobCancelledError):
        database.read(queries.verify_trail, job)


def test_the_trail_of_one_record_is_its_own_oldest_first(database):
    product_id = fill(database)
    trail = database.read(queries.trail_of, product_id)
    assert [(row.op, {value.field for value in values}) for row, values in trail] == [
        ("create", {"name", "forms", "created_at"}),
        ("patch", {"name", "@reason"}),
    ]
    assert database.read(queries.trail_of, "nobody") == []


def test_a_trail_has_the_rows_of_the_database_in_order(database, exported):
    numbers = database.read(lambda s: list(s.scalars(select(JournalRow.n).order_by(JournalRow.n))))
    assert [row["n"] for row in rows_of(exported[0])] == numbers[:-1] == list(range(1, len(numbers)))
