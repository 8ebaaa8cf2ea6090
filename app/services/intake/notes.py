"""The notes of an inquiry, and the one that is being typed."""

import json
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from app.errors import NotAllowedError
from app.models.canonical import sha256_hex
from app.models.changes import Changes
from app.models.ids import uuid7
from app.models.inquiry import Inquiry, Note
from app.models.inquiry_forms import check_text
from app.services.intake.drafts import DRAFT_TYPE
from app.services.intake.records import CONTACT_TRY, any_inquiry, put, record, set_extra
from app.services.workspace.draft_text import draft_of, drop, keep
from app.services.workspace.unit_of_work import UnitOfWork

NOTE_FIELD: Final = "note"


@dataclass(frozen=True, slots=True)
class NoteDraft:
    """The words of a note that no journal row has yet; the id may be one that is not stored so far."""

    note_id: str
    text: str
    seen_sha256: str
    saved_at: int


def add_note(uow: UnitOfWork, inquiry_id: str, text: str, *, is_contact_try: bool = False) -> Changes:
    """Note something, or a vain try to reach the contact."""
    with uow:
        note = _new_note(uow, any_inquiry(uow, inquiry_id), text)
        if is_contact_try:
            set_extra(note, **{CONTACT_TRY: True})
        put(uow, note)
        return uow.commit()


def edit_note(uow: UnitOfWork, note_id: str, text: str) -> Changes:
    """Change the words of a note; the trail keeps the old ones."""
    with uow:
        note = record(uow.session, Note, note_id)
        any_inquiry(uow, note.inquiry_id)
        note.text = _needed(text, "The note is empty.")
        return uow.commit()


def retire_note(uow: UnitOfWork, note_id: str, *, reason: str) -> Changes:
    """Take a note out; it stays in the trail."""
    with uow:
        note = record(uow.session, Note, note_id)
        any_inquiry(uow, note.inquiry_id)
        uow.reason = _needed(reason, "Say why the note is taken out.")
        note.retired_at = uow.now()
        return uow.commit()


def save_note_draft(uow: UnitOfWork, inquiry_id: str, note_id: str, text: str, seen_sha256: str = "") -> None:
    """Keep what is typed in a note, without a journal row; nothing typed keeps nothing.

    The id of a new note is made when its first word is typed, so that no word ever becomes two notes.
    """
    with uow:
        any_inquiry(uow, inquiry_id)
        if text.strip():
            kept = json.dumps({"note": note_id, "text": check_text("note", text)}, ensure_ascii=False)
            keep(uow, DRAFT_TYPE, inquiry_id, NOTE_FIELD, kept, seen_sha256)
        else:
            _drop_draft(uow, inquiry_id, note_id)
        uow.commit()


def keep_note(uow: UnitOfWork, inquiry_id: str, note_id: str, text: str, seen_sha256: str = "") -> Changes:
    """Make the note that was typed a fact of the case, in one journal row.

    A note that was changed or taken out elsewhere meanwhile stays as it is: the words become a note of
    their own.
    """
    with uow:
        inquiry = any_inquiry(uow, inquiry_id)
        note = uow.session.get(Note, note_id)
        if note is None:
            put(uow, _new_note(uow, inquiry, text, note_id))
        elif note.retired_at is None and note_hash(note.text) == seen_sha256:
            note.text = _needed(text, "The note is empty.")
        else:
            put(uow, _new_note(uow, inquiry, text))
        _drop_draft(uow, inquiry_id, note_id)
        return uow.commit()


def note_draft(session: Session, inquiry_id: str) -> NoteDraft | None:
    """Return the note that was being typed in a case, if one was."""
    kept = draft_of(session, DRAFT_TYPE, inquiry_id, NOTE_FIELD)
    if kept is None:
        return None
    values = json.loads(kept.text)
    return NoteDraft(values["note"], values["text"], kept.seen_sha256, kept.saved_at)


def note_hash(text: str) -> str:
    """Return the hash by which a draft knows the note that it goes on from."""
    return sha256_hex(text.encode())


def _drop_draft(uow: UnitOfWork, inquiry_id: str, note_id: str) -> None:
    known = note_draft(uow.session, inquiry_id)
    # Another note's words may wait in the same place.
    if known is not None and known.note_id == note_id:
        drop(uow, DRAFT_TYPE, [inquiry_id], NOTE_FIELD)


def _new_note(uow: UnitOfWork, inquiry: Inquiry, text: str, note_id: str = "") -> Note:
    return Note(
        id=note_id or uuid7(),
        inquiry_id=inquiry.id,
        text=_needed(text, "The note is empty."),
        author_id=uow.actor,
        noted_at=uow.now(),
    )


def _needed(text: str, sentence: str) -> str:
    if not check_text("text", text).strip():
        raise NotAllowedError(f"{sentence} Nothing was changed.", (sentence,))
    return text
