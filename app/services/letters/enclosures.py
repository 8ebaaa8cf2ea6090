"""The documents that go with a letter, in their order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import InputRefusedError, NotAllowedError, RecordNotFoundError
from app.models.canonical import sha256_hex
from app.models.changes import Changes
from app.models.conversation import Attachment
from app.models.ids import uuid7
from app.models.letter import Enclosure
from app.models.vocabulary import vocabulary
from app.services.jobs import JobContext
from app.services.letters.pdf import Enclosed
from app.services.letters.records import open_letter, put
from app.services.library.parsing.parent import read_in_child
from app.services.workspace.blobs import BlobStore
from app.services.workspace.unit_of_work import UnitOfWork

OWNER: Final = "enclosure"
OTHER: Final = "other"
_PDF: Final = "application/pdf"
_MOST: Final = 50
_LONGEST_TITLE: Final = 300


@dataclass(frozen=True, slots=True)
class NewEnclosure:
    """The enclosure that has come in."""

    enclosure_id: str
    pages: int
    changes: Changes


def enclose_file(
    uow: UnitOfWork,
    blobs: BlobStore,
    letter_id: str,
    path: Path,
    *,
    kind: str = OTHER,
    title: str = "",
    job: JobContext | None = None,
) -> NewEnclosure:
    """Put a PDF behind the others; its bytes are kept sealed, as those of an attachment.

    Raises `InputRefusedError` for a file that is no PDF, is locked, or holds scripts or other files.
    """
    _check_kind(kind)
    reading = read_in_child(path, "pdf", job)
    content = _read(path)
    if sha256_hex(content) != reading["sha256"]:
        raise InputRefusedError(f"{path.name} changed while it was read. Nothing was taken in. Try again.")
    pages, sha256 = int(reading["pages"]), blobs.put(content)
    with uow:
        letter = open_letter(uow, letter_id)
        others = _rows(uow.session, letter.id)
        if len(others) >= _MOST:
            raise NotAllowedError(f"A letter has at most {_MOST} enclosures. Nothing was taken in.")
        if any(each.sha256 == sha256 for each in others):
            raise NotAllowedError(f"{path.name} goes with this letter already. Nothing was changed.")
        enclosure = Enclosure(
            id=uuid7(),
            letter_id=letter.id,
            position=1 + max((each.position for each in others), default=0),
            kind=kind,
            title=" ".join((title or path.stem).split())[:_LONGEST_TITLE],
            sha256=sha256,
            pages=pages,
        )
        kept = Attachment(
            id=uuid7(),
            owner_type=OWNER,
            owner_id=enclosure.id,
            name=path.name[-255:],
            media_type=_PDF,
            size=len(content),
            sha256=sha256,
        )
        put(uow, enclosure, kept)
        return NewEnclosure(enclosure.id, pages, uow.commit())


def move_enclosure(uow: UnitOfWork, enclosure_id: str, steps: int) -> Changes:
    """Move an enclosure up (below zero) or down among the others, as far as there is room."""
    with uow:
        moved = _row(uow, enclosure_id)
        order = [each for each in _rows(uow.session, moved.letter_id) if each.id != moved.id]
        place = min(max(0, _rows(uow.session, moved.letter_id).index(moved) + steps), len(order))
        order.insert(place, moved)
        for position, each in enumerate(order, start=1):
            each.position = position
        return uow.commit()


def retire_enclosure(uow: UnitOfWork, enclosure_id: str) -> Changes:
    """Take an enclosure out of its letter; the trail keeps that it was there."""
    with uow:
        row = _row(uow, enclosure_id)
        row.retired_at = uow.now()
        for kept in uow.session.scalars(select(Attachment).where(Attachment.owner_id == row.id)):
            kept.retired_at = uow.now()
        return uow.commit()


def enclosed(rows: Iterable[tuple[str, str]], blobs: BlobStore | None) -> Sequence[Enclosed]:
    """Return the documents of enclosures, given as title and SHA-256.

    Raises `BlobLostError` for one that is not in the workspace any more.
    """
    wanted = list(rows)
    if wanted and blobs is None:
        raise NotAllowedError("The enclosures are not in reach here. Nothing was written.")
    return [Enclosed(title, blobs.get(sha256)) for title, sha256 in wanted if blobs is not None]


def _row(uow: UnitOfWork, enclosure_id: str) -> Enclosure:
    row = uow.session.get(Enclosure, enclosure_id)
    if row is None or row.retired_at is not None:
        raise RecordNotFoundError(enclosure_id)
    open_letter(uow, row.letter_id)
    return row


def _rows(session: Session, letter_id: str) -> list[Enclosure]:
    query = select(Enclosure).where(Enclosure.letter_id == letter_id, Enclosure.retired_at.is_(None))
    return list(session.scalars(query.order_by(Enclosure.position, Enclosure.id)))


def _check_kind(kind: str) -> None:
    known = [term.code for term in vocabulary().terms("enclosure")]
    if kind not in known:
        raise InputRefusedError(
            f"“{kind}” is no kind of enclosure. Nothing was taken in. Choose one of {', '.join(known)}."
        )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as exc:
        raise InputRefusedError(
            f"{path.name} cannot be read ({exc.strerror}). Nothing was taken in. Check its name and rights."
        ) from exc
