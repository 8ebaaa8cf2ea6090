"""A seeded stream of writes through every door; each step is one commit.

The steps depend on the seed alone, so the process that writes them and the one
that judges the database afterwards need no word between them but a number.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from app.models.audit import JournalRow
from app.models.inquiry import Inquiry, InquiryQuestion, Note
from app.models.reference import Reference
from app.models.settings import DraftText
from app.models.wire import RemoteChange
from app.services.workspace.database import Database
from tests.conftest import NOW

WORDS = (
    "dose",
    "renal",
    "naïve",
    "crème",
    "interaction",
    "lactation",
    "π",
    "tablet",
    "overdose",
    "μg",
    "stabilité",
)
ERASED = "[erased]"


def seeded(seed: int | str) -> random.Random:
    """Chance that comes again with the same seed."""
    return random.Random(seed)  # noqa: S311 - chance of a test, no secret


@dataclass(frozen=True)
class Step:
    kind: str
    payload: dict[str, Any]


@dataclass
class _Known:
    """What the stream has made so far, so that later steps have something to touch."""

    inquiries: list[str] = field(default_factory=list)
    overwritten: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    products: dict[str, int] = field(default_factory=dict)


def steps(seed: int, prefix: str = "s") -> Iterator[Step]:
    """The endless stream of one seed; ids and unique values begin with the prefix."""
    rng = seeded(f"{seed}-{prefix}")
    known = _Known()
    serial = 0
    while True:
        serial += 1
        kind = rng.choice(_KINDS) if known.inquiries else "create"
        payload = _MAKERS[kind](rng, known, f"{prefix}{seed}-{serial}")
        if payload is not None:
            yield Step(kind, payload)


def _text(rng: random.Random, name: str) -> str:
    return f"{name} " + " ".join(rng.choices(WORDS, k=rng.choice((4, 30, 30, 200, 2500))))


def _inquiry(rng: random.Random, name: str) -> dict[str, Any]:
    return {
        "id": name,
        "number": f"MI-{name}",
        "received_at": NOW - rng.randrange(10**9),
        "received_zone": "Europe/London",
        "channel": rng.choice(("phone", "email", "web")),
        "title": f"about {name}",
        "verbatim": _text(rng, name),
        "urgency": rng.choice(("routine", "urgent")),
    }


def _create(rng: random.Random, known: _Known, name: str) -> dict[str, Any]:
    known.inquiries.append(name)
    known.notes.append(f"{name}-n")
    questions = [
        {"id": f"{name}-q{i}", "inquiry_id": name, "position": i, "verbatim": _text(rng, name)}
        for i in range(1, rng.randint(2, 4))
    ]
    return {"inquiry": _inquiry(rng, name), "questions": questions, "note": _note(rng, name)}


def _note(rng: random.Random, name: str) -> dict[str, Any]:
    return {
        "id": f"{name}-n",
        "inquiry_id": name,
        "text": _text(rng, name),
        "author_id": "user-1",
        "noted_at": NOW,
    }


def _edit(rng: random.Random, known: _Known, name: str) -> dict[str, Any]:
    changes: dict[str, Any] = {"title": f"edited {name}"}
    if rng.random() < 0.5:
        changes["verbatim"] = _text(rng, name)
    if rng.random() < 0.5:
        changes["urgency"] = rng.choice(("routine", "urgent"))
    if rng.random() < 0.2:
        changes["retired_at"] = NOW
    return {"id": rng.choice(known.inquiries), "changes": changes}


def _bulk(rng: random.Random, known: _Known, name: str) -> dict[str, Any]:
    rows = [_inquiry(rng, f"{name}-{i}") for i in range(rng.randint(2, 25))]
    known.inquiries.extend(row["id"] for row in rows[:2])
    return {"rows": rows}


def _batch(rng: random.Random, _known: _Known, name: str) -> dict[str, Any]:
    ids = [f"{name}-{i}" for i in range(rng.randint(2, 60))]
    return {"rows": [{"id": i, "key": i, "title": f"On {i}", "csl": {"id": i}} for i in ids]}


def _draft(rng: random.Random, known: _Known, name: str) -> dict[str, Any]:
    return {"entity_id": rng.choice(known.inquiries), "text": _text(rng, name)}


def _remote(rng: random.Random, known: _Known, name: str) -> dict[str, Any]:
    changes = []
    for i in range(rng.randint(1, 5)):
        is_known = bool(known.products) and rng.random() < 0.5
        product = rng.choice(sorted(known.products)) if is_known else f"{name}-p{i}"
        version = known.products.get(product, 0) + 1
        removed = is_known and rng.random() < 0.3
        if removed:
            del known.products[product]
        else:
            known.products[product] = version
        changes.append(
            {"id": product, "version": version, "removed": removed, "name": f"{name}/{i}", "substance": name}
        )
    return {"changes": changes}


def _event(rng: random.Random, known: _Known, _name: str) -> dict[str, Any]:
    return {"id": rng.choice(known.inquiries), "target": rng.choice(("pdf", "docx"))}


def _delete(rng: random.Random, known: _Known, _name: str) -> dict[str, Any] | None:
    return {"id": known.notes.pop(rng.randrange(len(known.notes)))} if known.notes else None


def _acknowledge(rng: random.Random, known: _Known, _name: str) -> dict[str, Any]:
    return {"id": rng.choice(known.inquiries)}


def _overwrite(rng: random.Random, known: _Known, _name: str) -> dict[str, Any] | None:
    if len(known.inquiries) < 2:
        return None
    inquiry = known.inquiries.pop(rng.randrange(len(known.inquiries)))
    known.overwritten.append(inquiry)
    return {"id": inquiry, "changes": {"title": ERASED, "verbatim": ERASED}}


def _erase(_rng: random.Random, known: _Known, _name: str) -> dict[str, Any] | None:
    return {"id": known.overwritten.pop()} if known.overwritten else None


_MAKERS = {
    "create": _create,
    "edit": _edit,
    "bulk": _bulk,
    "batch": _batch,
    "draft": _draft,
    "remote": _remote,
    "event": _event,
    "delete": _delete,
    "acknowledge": _acknowledge,
    "overwrite": _overwrite,
    "erase": _erase,
}
_KINDS = (*_MAKERS, "create", "edit", "edit", "draft", "draft")


def perform(database: Database, step: Step) -> None:
    """Commit one step; it has happened when this returns."""
    with database.unit() as uow:
        _PERFORMERS[step.kind](uow, step.payload)
        uow.commit()


def _do_create(uow, payload):
    uow.session.add(Inquiry(**payload["inquiry"]))
    uow.session.flush()
    uow.session.add_all(InquiryQuestion(**question) for question in payload["questions"])
    uow.session.add(Note(**payload["note"]))


def _do_edit(uow, payload):
    inquiry = uow.session.get_one(Inquiry, payload["id"])
    for name, value in payload["changes"].items():
        setattr(inquiry, name, value)


def _do_draft(uow, payload):
    draft = DraftText(type="inquiry", field="verbatim", seen_sha256="", saved_at=NOW, **payload)
    uow.session.merge(draft)


def _do_remote(uow, payload):
    uow.apply_remote([_remote_change(change) for change in payload["changes"]])


def _remote_change(change):
    body = {
        "name": change["name"],
        "substance": change["substance"],
        "created_at": NOW,
        "atc": "",
        "forms": [],
        "strengths": [],
        "aliases": [],
        "label_set_id": "",
        "extra": {},
    }
    op = "REMOVE" if change["removed"] else "PUT"
    version = change["version"]
    return RemoteChange("ref", version, "product", change["id"], version, op, body, "u2", "d2", NOW)


def _do_acknowledge(uow, payload):
    query = select(JournalRow.n).where(JournalRow.entity_id == payload["id"], JournalRow.acked.is_(None))
    for n in uow.session.scalars(query).all():
        uow.acknowledge(n, {"status": "applied"})


def _do_event(uow, payload):
    uow.record_event("export", type_="inquiry", entity_id=payload["id"], target=payload["target"])


_PERFORMERS = {
    "create": _do_create,
    "edit": _do_edit,
    "overwrite": _do_edit,
    "bulk": lambda uow, payload: uow.insert_many(Inquiry, payload["rows"]),
    "batch": lambda uow, payload: uow.insert_many(Reference, payload["rows"], source="file.ris"),
    "draft": _do_draft,
    "remote": _do_remote,
    "event": _do_event,
    "delete": lambda uow, payload: uow.session.delete(uow.session.get_one(Note, payload["id"])),
    "acknowledge": _do_acknowledge,
    "erase": lambda uow, payload: uow.erase_values([payload["id"]]),
}
