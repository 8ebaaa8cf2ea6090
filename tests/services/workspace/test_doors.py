"""Every way to write that is not a door is refused, and each fault of the chain is named."""

import json

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.orm import Session

from app.errors import WorkspaceBusyError, WriteRefusedError
from app.models.audit import JournalRow, JournalValue
from app.models.inquiry import Inquiry, Note
from app.models.product import Product
from app.models.settings import DraftText
from app.models.wire import RemoteChange
from app.services.audit.queries import verify_trail
from app.services.workspace.engine import open_door
from tests.conftest import NOW


def add_product(database, name="Atorvastatin"):
    with database.unit() as uow:
        product = Product(name=name)
        uow.session.add(product)
        uow.commit()
    return product.id


def rows(database):
    return database.read(lambda s: list(s.scalars(select(JournalRow).order_by(JournalRow.n))))


def change_underneath(database, statement, **parameters):
    """What a holder of the key could do with a tool of their own: triggers gone, any SQL."""
    with database.writer.connect() as connection, open_door(connection, "attack"), connection.begin():
        triggers = connection.execute(
            text("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
        ).all()
        for name, _sql in triggers:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.execute(text(statement), parameters)
        for _name, sql in triggers:
            connection.exec_driver_sql(sql)


ORM_WRITES = [
    insert(Product).values(name="x", created_at=1),
    update(Product).values(name="x"),
    delete(Product),
]


@pytest.mark.parametrize("statement", ORM_WRITES, ids=["insert", "update", "delete"])
def test_bulk_statements_of_the_session_are_refused(database, statement):
    add_product(database)
    with database.unit() as uow, pytest.raises(WriteRefusedError):
        uow.session.execute(statement)


@pytest.mark.parametrize("statement", ORM_WRITES, ids=["insert", "update", "delete"])
def test_core_statements_on_a_bare_connection_are_refused(database, statement):
    for engine in (database.writer, database.reader):
        with engine.connect() as connection, pytest.raises(WriteRefusedError):
            connection.execute(statement)


RAW_WRITES = [
    "DELETE FROM product",
    "UPDATE product SET name = 'x'",
    "INSERT INTO cursor(scope, seq, checksum) VALUES ('a', 1, '0')",
    "REPLACE INTO cursor(scope, seq, checksum) VALUES ('a', 1, '0')",
    "WITH x AS (SELECT 1) DELETE FROM product",
    "CREATE TABLE intruder(a)",
    "DROP TRIGGER journal_no_delete",
    "PRAGMA user_version = 99",
    "  delete from product",
    "/* hidden */ DELETE FROM product",
]


@pytest.mark.parametrize("statement", RAW_WRITES)
def test_sql_text_is_refused_on_connections_and_sessions(database, statement):
    add_product(database)
    for engine in (database.writer, database.reader):
        with engine.connect() as connection, pytest.raises(WriteRefusedError):
            connection.exec_driver_sql(statement)
    with database.unit() as uow, pytest.raises(WriteRefusedError):
        uow.session.execute(text(statement))
    assert database.read(lambda s: s.scalar(select(Product.name))) == "Atorvastatin"


def test_the_driver_beneath_sqlalchemy_is_read_only_outside_a_door(database):
    add_product(database)
    with database.unit() as uow:
        driver = uow.connection.connection.dbapi_connection
        with pytest.raises(Exception, match="readonly"):
            driver.execute("DELETE FROM product")


def test_a_session_of_ones_own_is_refused(database):
    with Session(database.writer) as session:
        session.add(Product(name="x", created_at=1))
        with pytest.raises(WriteRefusedError):
            session.commit()


def test_a_sql_expression_as_a_value_is_refused(database):
    product_id = add_product(database)
    with database.unit() as uow:
        uow.session.get_one(Product, product_id).name = Product.name + "x"
        with pytest.raises(WriteRefusedError):
            uow.commit()


def test_a_json_column_cannot_be_changed_in_place(database):
    product_id = add_product(database)
    with database.unit() as uow:
        product = uow.session.get_one(Product, product_id)
        product.forms = [{"form": "tablet"}]
        with pytest.raises(TypeError, match="replaced whole"):
            product.forms[0]["form"] = "capsule"
        with pytest.raises(AttributeError):
            product.forms.append("x")


def test_an_assigned_list_can_change_afterwards_without_effect(database):
    product_id = add_product(database)
    mine = ["tablet"]
    with database.unit() as uow:
        uow.session.get_one(Product, product_id).forms = mine
        mine.append("capsule")
        uow.commit()
    assert database.read(lambda s: s.get_one(Product, product_id).forms) == ("tablet",)
    value = database.read(
        lambda s: s.scalars(select(JournalValue).where(JournalValue.field == "forms")).one()
    )
    assert value.new == ("tablet",)


def test_an_old_value_is_true_on_an_expired_row(database):
    product_id = add_product(database)
    with database.unit() as uow:
        product = uow.session.get_one(Product, product_id)
        uow.session.expire(product)
        product.name = "Lipid lowerer"
        uow.commit()
    value = database.read(lambda s: s.scalars(select(JournalValue).order_by(JournalValue.n.desc())).first())
    assert (value.field, value.old, value.new) == ("name", "Atorvastatin", "Lipid lowerer")


def test_a_second_thread_is_told_and_the_first_goes_on(database, monkeypatch):
    monkeypatch.setattr("app.services.workspace.unit_of_work.LOCK_WAIT_S", 0.01)
    with database.unit() as first:
        with pytest.raises(WorkspaceBusyError), database.unit():
            pass
        first.session.add(Product(name="kept"))
        first.commit()
    assert database.read(lambda s: s.scalar(select(Product.name))) == "kept"


def test_a_unit_is_not_entered_twice(database):
    with database.unit() as uow, pytest.raises(WriteRefusedError), uow:
        pass


def test_use_after_the_end_is_refused(database):
    uow = database.unit()
    with uow:
        pass
    with pytest.raises(WriteRefusedError):
        _ = uow.session


def test_a_bulk_row_with_an_unknown_column_is_refused_whole(database):
    with database.unit() as uow, pytest.raises(WriteRefusedError, match="colour"):
        uow.insert_many(Product, [{"name": "a"}, {"name": "b", "colour": "red"}])
    assert database.read(lambda s: s.scalars(select(Product)).all()) == []


def test_drafts_leave_no_journal_row(database):
    before = len(rows(database))
    with database.unit() as uow:
        uow.session.merge(
            DraftText(
                type="letter_block", entity_id="b", field="text", text="half a", seen_sha256="", saved_at=1
            )
        )
        uow.commit()
    assert len(rows(database)) == before
    assert database.read(lambda s: s.scalar(select(DraftText.text))) == "half a"


def test_groups_hold_500_rows_at_most(database):
    with database.unit() as uow:
        uow.insert_many(Product, [{"name": f"p{i}"} for i in range(1201)])
        uow.commit()
    sizes: dict[str, int] = {}
    for row in rows(database)[1:]:
        sizes[row.group_id] = sizes.get(row.group_id, 0) + 1
    assert list(sizes.values()) == [500, 500, 201]


def test_an_edit_names_the_own_edit_it_stands_on(database):
    product_id = add_product(database)
    for name in ("B", "C"):
        with database.unit() as uow:
            uow.session.get_one(Product, product_id).name = name
            uow.commit()
    bases = [dict(row.base) for row in rows(database) if row.entity_id == product_id]
    assert bases == [{"version": 0}, {"after": 2}, {"after": 3}]
    with database.unit() as uow:
        for n in (2, 3, 4):
            uow.acknowledge(n, {"status": "applied"})
        uow.session.get_one(Product, product_id).name = "D"
        uow.commit()
    assert dict(rows(database)[-1].base) == {"version": 0}


TRIGGERED = [
    "UPDATE journal SET at = 1 WHERE n = 1",
    "UPDATE journal SET hash = 'x' WHERE n = 1",
    "DELETE FROM journal WHERE n = 1",
    "UPDATE journal_value SET new = '1'",
    "INSERT OR REPLACE INTO journal SELECT * FROM journal WHERE n = 1",
    "UPDATE OR REPLACE journal SET n = 2 WHERE n = 1",
]


@pytest.mark.parametrize("statement", TRIGGERED)
def test_triggers_hold_even_within_a_door(database, statement):
    add_product(database)
    with (
        database.writer.connect() as connection,
        open_door(connection, "test"),
        connection.begin(),
        pytest.raises(Exception, match="journal"),
    ):
        connection.exec_driver_sql(statement)
    assert database.read(verify_trail).ok


@pytest.mark.parametrize(
    "column", [c.name for c in JournalRow.__table__.columns if c.name not in {"n", "acked", "result"}]
)
def test_each_flipped_character_of_a_row_is_named(database, column):
    add_product(database)
    add_product(database, "B")
    stored = database.read(
        lambda s: s.execute(text(f"SELECT {column} FROM journal WHERE n = 2")).scalar_one()
    )
    for position in range(len(str(stored))):
        characters = list(str(stored))
        characters[position] = "7" if characters[position] != "7" else "8"
        change_underneath(database, f"UPDATE journal SET {column} = :v WHERE n = 2", v="".join(characters))
        report = database.read(verify_trail)
        assert not report.ok
        assert report.verification.first_bad == 2
    change_underneath(database, f"UPDATE journal SET {column} = :v WHERE n = 2", v=stored)
    assert database.read(verify_trail).ok


@pytest.mark.parametrize("column", ["salt", "old", "new", "field"])
def test_each_flipped_character_of_a_value_is_named(database, column):
    product_id = add_product(database)
    with database.unit() as uow:
        uow.session.get_one(Product, product_id).name = "B"
        uow.commit()
    stored = database.read(
        lambda s: s.execute(text(f"SELECT {column} FROM journal_value WHERE n = 3")).scalar_one()
    )
    for position in range(len(stored)):
        characters = list(stored)
        characters[position] = "0" if characters[position] != "0" else "1"
        change_underneath(
            database, f"UPDATE journal_value SET {column} = :v WHERE n = 3", v="".join(characters)
        )
        assert database.read(verify_trail).verification.first_bad == 3
    change_underneath(database, f"UPDATE journal_value SET {column} = :v WHERE n = 3", v=stored)
    assert database.read(verify_trail).ok


def test_a_gap_is_named(database):
    for name in "ABCD":
        add_product(database, name)
    change_underneath(database, "DELETE FROM journal WHERE n IN (3, 4)")
    report = database.read(verify_trail)
    assert report.verification.flaws[0].n == 3
    assert "rows 3 to 4 are missing" in report.verification.flaws[0].message


def test_a_reorder_is_named(database):
    for name in "ABCD":
        add_product(database, name)
    for old, new in ((2, 100), (3, 2), (100, 3)):
        change_underneath(database, "UPDATE journal SET n = :new WHERE n = :old", old=old, new=new)
    assert database.read(verify_trail).verification.first_bad == 2


def test_a_value_without_a_row_is_named(database):
    change_underneath(
        database, "INSERT INTO journal_value(n, field, salt, old, new) VALUES (77, 'x', '', '1', '2')"
    )
    assert database.read(verify_trail).verification.first_bad == 77


def test_a_missing_trigger_is_named(database):
    with database.writer.connect() as connection, open_door(connection, "attack"), connection.begin():
        connection.exec_driver_sql("DROP TRIGGER journal_no_delete")
    report = database.read(verify_trail)
    assert report.missing_triggers == ("journal_no_delete",)
    assert not report.ok


def test_a_value_deleted_without_an_erasure_is_named(database):
    add_product(database)
    change_underneath(database, "DELETE FROM journal_value WHERE n = 2")
    report = database.read(verify_trail)
    assert report.verification.first_bad == 2
    assert "no erasure" in report.verification.flaws[0].message


def inquiry_with_note(database, secret):
    with database.unit() as uow:
        inquiry = Inquiry(
            number="MI-L-K7Q2-1", received_at=NOW, received_zone="UTC", channel="phone", verbatim=secret
        )
        uow.session.add(inquiry)
        uow.session.flush()
        uow.session.add(Note(inquiry_id=inquiry.id, text=secret, author_id="user-1", noted_at=NOW))
        uow.commit()
    return inquiry.id


def test_erased_values_are_gone_and_the_chain_stays_whole(database):
    inquiry_id = inquiry_with_note(database, "SECRET-NAME")
    with database.unit("request of the person") as uow:
        uow.session.get_one(Inquiry, inquiry_id).verbatim = "[erased]"
        uow.erase_values([inquiry_id])
        uow.commit()
    report = database.read(verify_trail)
    assert report.ok
    assert uow.erased == report.verification.erased > 0
    stored = database.read(lambda s: s.execute(text("SELECT old, new FROM journal_value")).all())
    assert not [row for row in stored if "SECRET-NAME" in f"{row}" and inquiry_id in f"{row}"]
    ours = select(JournalValue).join(JournalRow, JournalRow.n == JournalValue.n)
    assert database.read(lambda s: s.scalars(ours.where(JournalRow.entity_id == inquiry_id)).all()) == []
    last = rows(database)[-1]
    assert last.entity_id != inquiry_id


def test_a_remote_edit_on_top_of_own_pending_edits_keeps_both(database):
    body = {
        "name": "A",
        "substance": "s",
        "created_at": 1,
        "atc": "",
        "forms": [],
        "strengths": [],
        "aliases": [],
        "label_set_id": "",
        "extra": {},
    }

    def remote(version, **changed):
        return RemoteChange(
            "ref", version, "product", "p", version, "PUT", {**body, **changed}, "u2", "d2", 9, "", {}
        )

    with database.unit() as uow:
        uow.apply_remote([remote(1)])
        uow.commit()
    with database.unit() as uow:
        uow.session.get_one(Product, "p").name = "mine"
        uow.commit()
    with database.unit() as uow:
        uow.apply_remote([remote(2, name="theirs", substance="t")])
        uow.commit()
    product = database.read(lambda s: s.get_one(Product, "p"))
    assert (product.name, product.substance, product.version) == ("mine", "t", 2)
    conflict = database.read(lambda s: s.execute(text("SELECT field, server, mine FROM conflict")).one())
    assert (conflict.field, json.loads(conflict.server), json.loads(conflict.mine)) == (
        "name",
        "theirs",
        "mine",
    )
    assert database.read(verify_trail).ok
