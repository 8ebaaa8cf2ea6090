"""Read and verify the audit trail."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.errors import InputRefusedError
from app.models.audit import JournalRow, JournalValue
from app.models.journal_hash import HEADER
from app.models.journal_verify import Flaw, Value, Verification, verify
from app.services.jobs import JobContext
from app.services.workspace.migrate import missing_objects

_BATCH = 2_000
_JSON = frozenset({"base", "fields", "result"})
_EXPORTED_ROW = frozenset({*HEADER, "hash", "acked", "result", "values"})
_EXPORTED_VALUE = frozenset({"salt", "old", "new"})


LIMITS = (
    "A device alone can find every edit, gap and reorder. A whole chain rewritten by the holder of the key, or a tail "
    "cut off, is found by the server, which signs each device's head; no head is signed before enrolment."
)


@dataclass(frozen=True, slots=True)
class TrailReport:
    """What `audit verify` says; `head_signed_at` stays None until a server has signed a head."""

    verification: Verification
    missing_triggers: tuple[str, ...]
    head_signed_at: int | None = None

    @property
    def ok(self) -> bool:
        """Whether the chain is whole and its protection in place."""
        return self.verification.ok and not self.missing_triggers


def verify_trail(session: Session, job: JobContext | None = None) -> TrailReport:
    """Check every hash, link and value of the trail of this device."""
    job = job or JobContext()
    total = session.scalar(select(func.count()).select_from(JournalRow)) or 0
    outcome = verify(_rows(session, job, total))
    for n in session.scalars(_STRAY_VALUES):
        outcome.flaws.append(Flaw(n, "values stand here without a row"))
    return TrailReport(outcome, tuple(sorted(missing_objects(session.connection()))))


def _rows(session: Session, job: JobContext, total: int) -> Iterator[tuple[dict[str, Any], dict[str, Value]]]:
    last = -(2**62)
    done = 0
    while True:
        # Columns are read as text: a damaged value must be named, not end the verification.
        batch = [_row(raw) for raw in session.execute(_ROWS, {"last": last, "limit": _BATCH}).mappings()]
        if not batch:
            return
        first, last = batch[0]["n"], batch[-1]["n"]
        values = _values(session, first, last)
        for row in batch:
            yield row, values.pop(row["n"], {})
        done += len(batch)
        job.report(done, total, "Checking the audit trail")


_ROWS = text("SELECT * FROM journal WHERE n > :last ORDER BY n LIMIT :limit")
_VALUES = text("SELECT n, field, salt, old, new FROM journal_value WHERE n BETWEEN :first AND :last")


_STRAY_VALUES = text("SELECT DISTINCT n FROM journal_value WHERE n NOT IN (SELECT n FROM journal)")


def _row(raw: Any) -> dict[str, Any]:
    return {name: _json(value) if name in _JSON else value for name, value in raw.items()}


def _values(session: Session, first: int, last: int) -> dict[int, dict[str, Value]]:
    found: dict[int, dict[str, Value]] = {}
    for n, name, salt, old, new in session.execute(_VALUES, {"first": first, "last": last}):
        found.setdefault(n, {})[name] = Value(salt, _json(old), _json(new))
    return found


def _json(value: str | None) -> Any:
    if value is None:
        return None
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return {"@unreadable": True}


def trail_of(session: Session, entity_id: str) -> list[tuple[JournalRow, list[JournalValue]]]:
    """Return the journal rows of one record with their values, oldest first."""
    rows = session.scalars(
        select(JournalRow).where(JournalRow.entity_id == entity_id).order_by(JournalRow.n)
    ).all()
    numbers = [row.n for row in rows]
    values: dict[int, list[JournalValue]] = {}
    for value in session.scalars(select(JournalValue).where(JournalValue.n.in_(numbers))):
        values.setdefault(value.n, []).append(value)
    return [(row, values.get(row.n, [])) for row in rows]


def exported_rows(session: Session) -> Iterator[dict[str, Any]]:
    """Yield every row with its values, in order, as plain JSON."""
    for row, values in _rows(session, JobContext(), 0):
        yield {
            **row,
            "values": {name: {"salt": v.salt, "old": v.old, "new": v.new} for name, v in values.items()},
        }


def verify_file(path: Path) -> TrailReport:
    """Verify an exported trail; raises `InputRefusedError` if it is not one."""
    try:
        with path.open(encoding="utf-8") as lines:
            verification = verify(_from_line(line) for line in lines if line.strip())
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as exc:
        raise _no_trail(path) from exc
    if not verification.events:
        raise _no_trail(path)
    return TrailReport(verification, ())


def _no_trail(path: Path) -> InputRefusedError:
    return InputRefusedError(
        f"{path.name} is not an exported audit trail. Nothing was verified. Choose a file of `audit export`."
    )


def _from_line(line: str) -> tuple[dict[str, Any], dict[str, Value]]:
    # What stands beside the hashed names could mislead a reader, so nothing else may stand there.
    row = _exactly(json.loads(line, object_pairs_hook=_without_repeats), _EXPORTED_ROW)
    values = {name: _exactly(value, _EXPORTED_VALUE) for name, value in row.pop("values").items()}
    return row, {name: Value(value["salt"], value["old"], value["new"]) for name, value in values.items()}


def _exactly(found: Any, names: frozenset[str]) -> dict[str, Any]:
    if not isinstance(found, dict) or found.keys() != names:
        raise ValueError("not the names of an exported row")
    return found


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found
