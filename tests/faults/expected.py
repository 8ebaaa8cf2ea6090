"""What the database must hold after the first k steps of a stream, worked out without it."""

import itertools
import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.conftest import NOW
from tests.faults.stream import Step, steps

COLUMNS = {
    "inquiry": (
        "id",
        "number",
        "title",
        "verbatim",
        "urgency",
        "channel",
        "received_at",
        "retired_at",
        "scope",
        "version",
    ),
    "inquiry_question": ("id", "inquiry_id", "position", "verbatim"),
    "note": ("id", "inquiry_id", "text"),
    "reference": ("id", "key", "title"),
    "product": ("id", "name", "substance", "scope", "version"),
    "draft_text": ("entity_id", "text"),
    "history": ("entity_id", "seq", "op"),
}
_DEFAULTS = {
    "title": "",
    "verbatim": "",
    "urgency": "routine",
    "retired_at": None,
    "scope": "local",
    "version": 0,
}
_MASKED = frozenset({"erased", "sha256"})

Row = tuple[Any, ...]


class Entry:
    """One row of the journal as the stream means it."""

    def __init__(self, op: str, type_: str, entity: str, fields: Mapping[str, tuple[Any, Any]]) -> None:
        self.op, self.type, self.entity = op, type_, entity
        self.fields = dict(fields)
        self.acked = False

    def key(self) -> Row:
        fields = ((name, _plain(name, old), _plain(name, new)) for name, (old, new) in self.fields.items())
        return (self.op, self.type, self.entity, self.acked, tuple(sorted(fields)))


def _plain(name: str, value: Any) -> str:
    return "*" if name in _MASKED else json.dumps(value, sort_keys=True)


class Expected:
    """The live rows, and the journal as groups that are there whole or not at all."""

    def __init__(self) -> None:
        self.tables: dict[str, dict[str, dict[str, Any]]] = {name: {} for name in COLUMNS}
        self.history: list[Row] = []
        self.groups: list[list[Entry]] = []

    def snapshot(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for table, columns in COLUMNS.items():
            rows = self.tables[table].values()
            found[table] = sorted(tuple(row[name] for name in columns) for row in rows)
        found["history"] = sorted(self.history)
        found["journal"] = [sorted(entry.key() for entry in group) for group in self.groups]
        return found

    def apply(self, step: Step) -> None:
        getattr(self, f"_{step.kind}")(step.payload)

    def _create(self, payload: Mapping[str, Any]) -> None:
        group = [self._insert("inquiry", payload["inquiry"])]
        group += [self._insert("inquiry_question", row) for row in payload["questions"]]
        self.groups.append([*group, self._insert("note", payload["note"])])

    def _bulk(self, payload: Mapping[str, Any]) -> None:
        self.groups.append([self._insert("inquiry", row) for row in payload["rows"]])

    def _batch(self, payload: Mapping[str, Any]) -> None:
        for row in payload["rows"]:
            self._insert("reference", row)
        fields = {"rows": (None, len(payload["rows"])), "sha256": (None, "*"), "source": (None, "file.ris")}
        self.groups.append([Entry("batch", "reference", "*", fields)])

    def _insert(self, table: str, values: Mapping[str, Any]) -> Entry:
        row = {**{name: _DEFAULTS.get(name) for name in COLUMNS[table]}, **values}
        self.tables[table][row["id"]] = row
        told = {
            name: value for name, value in values.items() if name != "id" and value != _DEFAULTS.get(name)
        }
        fields = {name: (None, value) for name, value in {**told, "created_at": NOW}.items()}
        return Entry("create", table, row["id"], fields)

    def _edit(self, payload: Mapping[str, Any]) -> None:
        row = self.tables["inquiry"][payload["id"]]
        fields = {
            name: (row[name], value) for name, value in payload["changes"].items() if row[name] != value
        }
        row.update(payload["changes"])
        op = "retire" if "retired_at" in fields else "patch"
        self.groups.append([Entry(op, "inquiry", payload["id"], fields)])

    _overwrite = _edit

    def _draft(self, payload: Mapping[str, Any]) -> None:
        self.tables["draft_text"][payload["entity_id"]] = dict(payload)

    def _remote(self, payload: Mapping[str, Any]) -> None:
        for change in payload["changes"]:
            if change["removed"]:
                del self.tables["product"][change["id"]]
            else:
                self.tables["product"][change["id"]] = {**change, "scope": "ref"}
            self.history.append((change["id"], change["version"], "REMOVE" if change["removed"] else "PUT"))

    def _event(self, payload: Mapping[str, Any]) -> None:
        fields = {"event": (None, "export"), "target": (None, payload["target"])}
        self.groups.append([Entry("event", "inquiry", payload["id"], fields)])

    def _delete(self, payload: Mapping[str, Any]) -> None:
        row = self.tables["note"].pop(payload["id"])
        values = {**row, "scope": "local", "created_at": NOW, "extra": {}}
        fields = {name: (value, None) for name, value in values.items() if name != "id"}
        self.groups.append([Entry("retire", "note", payload["id"], fields)])

    def _acknowledge(self, payload: Mapping[str, Any]) -> None:
        for entry in itertools.chain.from_iterable(self.groups):
            entry.acked = entry.acked or entry.entity == payload["id"]

    def _erase(self, payload: Mapping[str, Any]) -> None:
        for entry in itertools.chain.from_iterable(self.groups):
            if entry.entity == payload["id"]:
                entry.fields.clear()
        fields = {"event": (None, "erasure"), "erased": (None, "*")}
        self.groups.append([Entry("event", "journal", "*", fields)])


def expected_after(seed: int, count: int, prefix: str = "s") -> Expected:
    """The state after the first `count` steps."""
    expected = Expected()
    for step in itertools.islice(steps(seed, prefix), count):
        expected.apply(step)
    return expected


def snapshot_of(session: Session, actor: str = "user-1", prefix: str = "") -> dict[str, Any]:
    """What the database does hold, in the same shape; with a prefix, the part of one writer."""
    found: dict[str, Any] = {}
    for table, columns in COLUMNS.items():
        rows = session.execute(text(f"SELECT {', '.join(columns)} FROM {table}"))
        found[table] = sorted(tuple(row) for row in rows if str(row[0]).startswith(prefix))
    found["journal"] = _journal(session, actor)
    return found


def _journal(session: Session, actor: str) -> list[list[Row]]:
    values: dict[int, dict[str, tuple[Any, Any]]] = defaultdict(dict)
    for n, name, old, new in session.execute(text("SELECT n, field, old, new FROM journal_value")):
        values[n][name] = (_parsed(old), _parsed(new))
    query = text(
        "SELECT n, group_id, op, type, entity_id, acked FROM journal "
        "WHERE actor = :actor AND type <> 'user' ORDER BY n"
    )
    groups: list[list[Row]] = []
    for _group, rows in itertools.groupby(session.execute(query, {"actor": actor}), lambda row: row.group_id):
        groups.append(sorted(_entry(row, values[row.n]).key() for row in rows))
    return groups


def _entry(row: Any, values: Mapping[str, tuple[Any, Any]]) -> Entry:
    has_own_id = row.op == "batch" or row.type == "journal"
    entry = Entry(row.op, row.type, "*" if has_own_id else row.entity_id, values)
    entry.acked = row.acked is not None
    return entry


def _parsed(value: str | None) -> Any:
    return None if value is None else json.loads(value)
