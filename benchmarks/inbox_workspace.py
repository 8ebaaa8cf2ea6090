"""A workspace of any number of inquiries, made set-based: as real ones are spread, and the same each time."""

import itertools
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.services.workspace.clock import SystemClock
from app.services.workspace.database import Database, Identity
from app.services.workspace.engine import open_door
from app.services.workspace.migrate import upgrade

KEY = b"\x07" * 32
# 2026-11-22 23:48 in London
NOW = 1_795_391_280_000
ZONE = "Europe/London"
ME = "user-1"
_HOUR = 3_600_000
_PIECE = 20_000
_STATES = (
    *(("closed", 930), ("duplicate", 15), ("cancelled", 10), ("transferred", 5), ("new", 8), ("triage", 6)),
    *(("assigned", 6), ("in_progress", 10), ("awaiting_requester", 5), ("awaiting_internal", 2)),
    ("answered", 3),
)
_SUBJECTS = (
    "renal impairment", "hepatic impairment", "pregnancy", "grapefruit juice", "switching from warfarin",
    "missed dose", "crushing the tablet", "storage at 30 degrees", "use in children", "a nasogastric tube",
    "perioperative interruption", "an MRI scan", "gluten content", "long-term safety", "vaccination",
    "haemodialysis", "overdose", "a rash after the second dose", "compounding", "stability after opening",
)  # fmt: skip
_VERBS = ("Dose in", "Is it safe in", "What is known about", "Evidence for", "Interaction with", "Advice on")
_WORDS = (  # noqa: SIM905 - words are read best as a sentence
    "patient years old treated since several weeks with daily tablets asks whether the dose should be changed "
    "because laboratory values have risen and another physician has added a medicine that may interact"
).split()
_TOPICS = (
    "dosing_administration/dose", "drug_interaction", "safety/adverse_reactions", "special_population",
    "pregnancy_lactation", "stability_storage", "efficacy/clinical_data", "",
)  # fmt: skip
_COLUMNS = (
    "number", "state", "received_at", "received_zone", "channel", "title", "verbatim", "contact_id", "anonymous_reason",
    "referred_by", "product_id", "no_product", "topic", "country", "language", "urgency", "safety_reason", "owner_id",
    "due_at", "waiting_for", "escalated_to", "closing", "source", "tags", "scope", "version", "created_at", "extra",
    "id",
)  # fmt: skip


def made(folder: Path, count: int, *, extra_sql: tuple[str, ...] = ()) -> Database:
    """Open the workspace of this size, made once a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"inbox-{count}.db"
    is_new = not path.exists()
    database = Database(path, KEY, SystemClock())
    upgrade(database.writer)
    database.identity = Identity("w", "device-1", "BNCH", ME)
    if is_new:
        with database.writer.connect() as connection, open_door(connection, "bench"), connection.begin():
            _fill(connection.connection.dbapi_connection, count)
    for statement in extra_sql:
        with database.writer.connect() as connection, open_door(connection, "bench"):
            connection.connection.dbapi_connection.execute(statement)
    return database


def _fill(driver: Any, count: int) -> None:
    chance = random.Random(7)
    common = {"scope": "local", "version": 0, "created_at": NOW, "extra": "{}"}
    products = [
        {**common, "id": f"product-{at}", "name": f"Product{at:02d}", "substance": f"substance{at:02d}", "atc": "",
         "forms": "[]", "strengths": "[]", "aliases": "[]", "label_set_id": ""}
        for at in range(40)
    ]  # fmt: skip
    users = [
        {
            **common,
            "id": f"user-{at}",
            "name": f"Person Number{at:02d}",
            "credentials": "",
            "roles": '["specialist"]',
        }
        for at in range(12)
    ]
    _insert(driver, "product", products)
    _insert(driver, "user", users)
    # Indexes are filled once at the end: many times faster than row by row.
    driver.execute("PRAGMA cache_size = -400000")
    driver.execute("DROP TRIGGER inquiry_search_insert")
    kept = driver.execute(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql NOT NULL AND tbl_name IN "
        "('inquiry', 'inquiry_question', 'contact')"
    ).fetchall()
    for name, _ in kept:
        driver.execute(f"DROP INDEX {name}")
    rows = _inquiries(chance, count)
    while piece := list(itertools.islice(rows, _PIECE)):
        # Parents before children.
        _insert(driver, "contact", [_contact(row, common) for row in piece])
        _insert(driver, "inquiry", piece)
        _insert(driver, "inquiry_question", [_question(row, common) for row in piece])
    for _, statement in kept:
        driver.execute(statement)
    driver.execute("INSERT INTO inquiry_search(inquiry_search) VALUES ('rebuild')")
    driver.execute(
        "CREATE TRIGGER inquiry_search_insert AFTER INSERT ON inquiry BEGIN INSERT INTO inquiry_search(rowid, "
        "number, title, verbatim, topic) VALUES (new.row, new.number, new.title, new.verbatim, new.topic); END"
    )


def _insert(driver: Any, table: str, rows: list[dict[str, Any]]) -> None:
    names = list(rows[0])
    marks = ", ".join("?" for _ in names)
    statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608 - names of our own
    driver.executemany(statement, [tuple(row.values()) for row in rows])


def _inquiries(chance: random.Random, count: int) -> Iterator[dict[str, Any]]:
    states, weights = zip(*_STATES, strict=True)
    for at in range(count):
        (state,) = chance.choices(states, weights)
        is_open = state not in ("closed", "duplicate", "cancelled", "transferred")
        received = NOW - chance.randrange(1, 240 if is_open else 5 * 8760) * _HOUR - chance.randrange(_HOUR)
        subject, product = chance.choice(_SUBJECTS), chance.randrange(40)
        title = f"{chance.choice(_VERBS)} {subject}"
        values = (
            f"MI-L-BNCH-{at + 1}", state, received, ZONE, chance.choice(("phone", "email", "web")), title,
            f"{title}, Product{product:02d}. {' '.join(chance.choices(_WORDS, k=40))}", f"contact-{at}", "", "",
            f"product-{product}", 0, chance.choice(_TOPICS), chance.choice(("GB", "DE", "FR", "IE", "US", "ES")), "en",
            "urgent" if chance.random() < 0.05 else "routine", "",
            None if state in ("new", "triage") else f"user-{chance.randrange(12)}",
            received + chance.randrange(24, 240) * _HOUR, "", "", "{}", "bench",
            json.dumps(["kol"]) if chance.random() < 0.01 else "[]", "local", 0, received, "{}", f"inquiry-{at:09d}",
        )  # fmt: skip
        yield dict(zip(_COLUMNS, values, strict=True))


def _contact(row: dict[str, Any], common: dict[str, Any]) -> dict[str, Any]:
    blank = dict.fromkeys(("title", "credentials", "specialty", "institution", "address", "phone"), "")
    return {**common, **blank, "id": row["contact_id"], "first_name": "Dana", "last_name": "Whitfield",
            "role": "pharmacist", "email": f"{row['contact_id']}@clinic.example.org", "country": "GB",
            "language": "en"}  # fmt: skip


def _question(row: dict[str, Any], common: dict[str, Any]) -> dict[str, Any]:
    said = {"verbatim": row["title"], "restated": "", "topic": row["topic"], "answered_by": None}
    return {**common, **said, "id": f"q-{row['id']}", "inquiry_id": row["id"], "position": 1}
