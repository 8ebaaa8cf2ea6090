"""Everything that can be done to a letter, in one place."""

from app.services.letters.drafts import clear_draft, save_draft
from app.services.letters.editing import BlockEdit, Saved, save_blocks
from app.services.letters.enclosures import NewEnclosure, enclose_file, move_enclosure, retire_enclosure
from app.services.letters.exports import Exported, export, record_export, write_file
from app.services.letters.release import (
    Released,
    Submitted,
    address_of,
    record_failure,
    release,
    send,
    submit,
)
from app.services.letters.saving import (
    CutDrafts,
    add_block,
    cite,
    cut_drafts,
    move_block,
    restore_approved,
    retire_block,
    set_questions,
    write_block,
)
from app.services.letters.writing import Inserted, NewLetter, insert, new_letter, refresh_slots

__all__ = [
    "BlockEdit",
    "CutDrafts",
    "Exported",
    "Inserted",
    "NewEnclosure",
    "NewLetter",
    "Released",
    "Saved",
    "Submitted",
    "add_block",
    "address_of",
    "cite",
    "clear_draft",
    "cut_drafts",
    "enclose_file",
    "export",
    "insert",
    "move_block",
    "move_enclosure",
    "new_letter",
    "record_export",
    "record_failure",
    "refresh_slots",
    "release",
    "restore_approved",
    "retire_block",
    "retire_enclosure",
    "save_blocks",
    "save_draft",
    "send",
    "set_questions",
    "submit",
    "write_block",
    "write_file",
]
