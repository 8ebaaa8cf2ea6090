"""The texts and origins that a block had before, as the trail tells them."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.audit import JournalRow, JournalValue
from app.models.letter_origins import Origin, origins_from
from app.services.letters.loading import BLOCK_TYPE

Form = tuple[str, tuple[Origin, ...]]


def earlier_forms(session: Session, block_id: str) -> frozenset[Form]:
    """Return every text of a block with the origins it had then; erased ones are left out."""
    query = (
        select(JournalRow.n, JournalValue.field, JournalValue.new)
        .join(JournalValue, JournalValue.n == JournalRow.n)
        .where(
            JournalRow.type == BLOCK_TYPE,
            JournalRow.entity_id == block_id,
            JournalValue.field.in_(("text", "origins")),
        )
        .order_by(JournalRow.n)
    )
    rows: dict[int, dict[str, Any]] = {}
    for n, name, value in session.execute(query):
        rows.setdefault(n, {})[name] = value
    forms: set[Form] = set()
    # A create row leaves out what is the default of its column.
    text, origins = "", ()
    for fields in rows.values():
        text = fields.get("text", text) or ""
        origins = fields.get("origins", origins) or ()
        forms.add((text, origins_from(origins)))
    return frozenset(forms)
