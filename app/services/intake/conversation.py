"""The mails of an inquiry and what hangs on them: list, and let a file out."""

import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import EnvironmentFaultError
from app.models.changes import Changes
from app.models.conversation import Attachment, Message
from app.services.intake.importers.mail_store import NOT_KEPT
from app.services.intake.records import record
from app.services.workspace.blobs import BlobStore
from app.services.workspace.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class AttachmentView:
    """One attached file as a list shows it."""

    id: str
    name: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class MessageView:
    """One mail of an inquiry; `not_kept` says which files were left out and why."""

    id: str
    direction: str
    sender: str
    recipients: tuple[str, ...]
    subject: str
    body: str
    sent_at: int | None
    kept_at: int
    attachments: tuple[AttachmentView, ...]
    not_kept: tuple[str, ...]


def messages_of(session: Session, inquiry_id: str) -> tuple[MessageView, ...]:
    """List the mails of an inquiry, the oldest first, each with its files."""
    query = select(Message).where(Message.inquiry_id == inquiry_id, Message.retired_at.is_(None))
    found = sorted(session.scalars(query), key=lambda each: (each.sent_at or each.created_at, each.id))
    files = _attachments(session, [each.id for each in found])
    return tuple(
        MessageView(
            id=each.id,
            direction=each.direction,
            sender=each.sender,
            recipients=tuple(each.recipients),
            subject=each.subject,
            body=each.body,
            sent_at=each.sent_at,
            kept_at=each.created_at,
            attachments=tuple(files.get(each.id, ())),
            not_kept=tuple(each.extra.get(NOT_KEPT, ())),
        )
        for each in found
    )


def export_attachment(uow: UnitOfWork, blobs: BlobStore, attachment_id: str, to: Path) -> Changes:
    """Write an attached file where a person wants it.

    The trail has the export before the file exists, so that none leaves unseen; a damaged file never leaves.
    """
    with uow:
        item = record(uow.session, Attachment, attachment_id)
        content = blobs.get(item.sha256)
        uow.record_event("export", type_="attachment", entity_id=item.id, sha256=item.sha256, size=item.size)
        changes = uow.commit()
    _write(to, content)
    return changes


def _attachments(session: Session, owners: list[str]) -> dict[str, list[AttachmentView]]:
    query = select(Attachment).where(Attachment.owner_id.in_(owners), Attachment.retired_at.is_(None))
    found: dict[str, list[AttachmentView]] = {}
    for each in session.scalars(query.order_by(Attachment.row)):
        view = AttachmentView(each.id, each.name, each.media_type, each.size)
        found.setdefault(each.owner_id, []).append(view)
    return found


def _write(target: Path, content: bytes) -> None:
    try:
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".midesk-", delete=False) as aside:
            aside.write(content)
        Path(aside.name).replace(target)
    except OSError as exc:
        with suppress(OSError, UnboundLocalError):
            Path(aside.name).unlink(missing_ok=True)
        raise EnvironmentFaultError(
            f"{target.name} could not be written ({exc.strerror}). The attached file is kept here. "
            "Choose another folder, or close the file where it is open."
        ) from exc
