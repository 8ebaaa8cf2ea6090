"""Store a mail: as a new inquiry, or as a part of the one that it answers."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.base import freeze
from app.models.changes import Changes
from app.models.conversation import Attachment, Message
from app.models.ids import uuid7
from app.models.inquiry import Inquiry, InquiryLink
from app.models.lifecycle_inquiry import ENDED, InquiryState
from app.services.intake.importers.report import JoinedMail, Tally
from app.services.intake.importers.rows import ImportedRow
from app.services.intake.importers.storing import store
from app.services.intake.importers.thread_mail import Mail
from app.services.intake.records import put
from app.services.work.queries import ensure_may_write
from app.services.workspace.blobs import BlobStore
from app.services.workspace.unit_of_work import UnitOfWork

FOLLOW_UP = "follow_up"
# How many duplicates are followed to the inquiry that is worked on.
_FOLLOWED = 10
NOT_KEPT = "not_kept"


def store_mail(uow: UnitOfWork, row: ImportedRow, blobs: BlobStore | None, tally: Tally) -> Changes:
    """Store one mail with its attachments, unless it is here already."""
    mail = row.mail
    if mail is None:
        raise TypeError("the row holds no mail")
    # The files are on the disk before a row names them; those of a mail that is known are there already.
    hashes = [blobs.put(each.content) for each in mail.attachments] if blobs is not None else []
    with uow:
        ensure_may_write(uow.session, uow.actor)
        if _is_known(uow.session, mail):
            tally.known += 1
            return Changes()
        answered = _answered(uow.session, mail)
        if answered is not None and answered.state not in ENDED:
            inquiry_id = answered.id
            awaited = answered.state == InquiryState.AWAITING_REQUESTER
            tally.joined.append(JoinedMail(answered.id, answered.number, awaited))
        else:
            store(uow, [row], tally)
            inquiry_id = tally.added[-1]
            if answered is not None:
                _propose_follow_up(uow, inquiry_id, answered, tally)
        _keep(uow, inquiry_id, mail, hashes, tally)
        return uow.commit()


def _is_known(session: Session, mail: Mail) -> bool:
    message = select(Message.id).where(Message.message_id == mail.message_id)
    inquiry = select(Inquiry.id).where(Inquiry.external_id == mail.message_id)
    return session.scalar(message) is not None or session.scalar(inquiry) is not None


def _answered(session: Session, mail: Mail) -> Inquiry | None:
    found: dict[str, str] = {}
    if mail.answers:
        # An inquiry of an earlier version of the program knows its mail by the external id alone.
        for query in (
            select(Inquiry.external_id, Inquiry.id).where(Inquiry.external_id.in_(mail.answers)),
            select(Message.message_id, Message.inquiry_id).where(Message.message_id.in_(mail.answers)),
        ):
            found.update({str(key): inquiry_id for key, inquiry_id in session.execute(query)})
    nearest = next((found[each] for each in mail.answers if each in found), None)
    return _worked_on(session, nearest) if nearest else None


def _worked_on(session: Session, inquiry_id: str) -> Inquiry | None:
    inquiry = session.get(Inquiry, inquiry_id)
    for _ in range(_FOLLOWED):
        if inquiry is None or inquiry.state != InquiryState.DUPLICATE or not inquiry.first_id:
            break
        inquiry = session.get(Inquiry, inquiry.first_id)
    return inquiry


def _propose_follow_up(uow: UnitOfWork, inquiry_id: str, answered: Inquiry, tally: Tally) -> None:
    """Note the likeness; that nobody decided it is told by the empty name and time."""
    said = f"Its mail answers one of {answered.number}, which is {answered.state.replace('_', ' ')}."
    put(
        uow,
        InquiryLink(
            id=uuid7(),
            inquiry_id=inquiry_id,
            other_id=answered.id,
            kind=FOLLOW_UP,
            reasons=freeze([said]),
            decided_by="",
            decided_at=0,
        ),
    )
    tally.notes.append(f"{said} It is a new inquiry; say in its case whether it is a follow-up.")


def _keep(uow: UnitOfWork, inquiry_id: str, mail: Mail, hashes: Sequence[str], tally: Tally) -> None:
    missing = list(mail.missing)
    if mail.attachments and not hashes:
        missing += [f"“{each.name}” was not kept: there is no place for files." for each in mail.attachments]
    message = Message(
        id=uuid7(),
        inquiry_id=inquiry_id,
        message_id=mail.message_id,
        in_reply_to=mail.in_reply_to,
        thread=freeze(list(mail.references)),
        sender=mail.sender,
        recipients=freeze(list(mail.recipients)),
        subject=mail.subject,
        body=mail.body,
        sent_at=mail.sent_at,
        extra=freeze({NOT_KEPT: missing} if missing else {}),
    )
    put(uow, message)
    for each, sha256 in zip(mail.attachments, hashes, strict=False):
        put(uow, _attachment(message.id, each.name, each.media_type, len(each.content), sha256))
    tally.notes += missing


def _attachment(owner_id: str, name: str, media_type: str, size: int, sha256: str) -> Attachment:
    return Attachment(
        id=uuid7(),
        owner_type="message",
        owner_id=owner_id,
        name=name,
        media_type=media_type,
        size=size,
        sha256=sha256,
    )
