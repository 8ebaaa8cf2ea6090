"""Where a text of the library is used, and what a letter was built from."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import RowMapping, bindparam, text
from sqlalchemy.orm import Session

from app.models.letter_blocks import state_of
from app.models.letter_origins import TextOrigin, approved, origins_from
from app.models.lifecycle_letter import LetterState

OPEN_LETTERS = (LetterState.DRAFT.value, LetterState.IN_REVIEW.value)


@dataclass(frozen=True, slots=True)
class Passage:
    """One block of a letter and the place in the library that it came from; `state` as `letter.md` has it."""

    block_id: str
    section_id: str
    heading: str
    paragraph: int | None
    state: str


@dataclass(frozen=True, slots=True)
class Use:
    """One letter that holds text of one version; times in UTC milliseconds."""

    letter_id: str
    reference: str
    edition: int
    letter_state: str
    inquiry_id: str
    inquiry_number: str
    version_id: str
    number: str
    sent_at: int | None
    passages: tuple[Passage, ...]

    @property
    def went_out(self) -> bool:
        """Whether somebody outside has the letter."""
        return self.sent_at is not None


_USES = """
    SELECT l.id AS letter_id, l.reference, l.edition, l.state AS letter_state, l.sent_at, l.created_at,
           i.id AS inquiry_id, i.number AS inquiry_number, v.id AS version_id, v.number,
           b.id AS block_id, b.kind, b.text, b.origins
      FROM source_search s
      JOIN letter_block b ON b.row = s.block_row
      JOIN letter l ON l.id = b.letter_id
      JOIN inquiry i ON i.id = l.inquiry_id
      JOIN standard_response_version v ON v.id = s.version_id
     WHERE s.version_id IN :versions AND b.retired_at IS NULL AND l.retired_at IS NULL
     ORDER BY coalesce(l.sent_at, l.created_at) DESC, l.id, b.rank
"""
_QUERY = text(_USES).bindparams(bindparam("versions", expanding=True))
_OPEN = text(
    """
    SELECT count(DISTINCT b.letter_id) FROM source_search s
      JOIN letter_block b ON b.row = s.block_row JOIN letter l ON l.id = b.letter_id
     WHERE s.version_id = :version AND b.retired_at IS NULL AND l.state IN :states
    """
).bindparams(bindparam("states", expanding=True))
_SOURCES = text(
    """
    SELECT DISTINCT s.version_id FROM source_search s JOIN letter_block b ON b.row = s.block_row
     WHERE b.letter_id = :letter AND b.retired_at IS NULL
    """
)


def uses_of(session: Session, version_ids: Sequence[str]) -> tuple[Use, ...]:
    """List the letters that hold text of these versions, the newest first."""
    wanted = set(version_ids)
    found: dict[tuple[str, str], list[RowMapping]] = {}
    for row in session.execute(_QUERY, {"versions": sorted(wanted)}).mappings():
        found.setdefault((row["letter_id"], row["version_id"]), []).append(row)
    return tuple(_use(rows) for rows in found.values())


def uses_of_document(session: Session, response_id: str) -> tuple[Use, ...]:
    """List the letters that hold text of any version of a document."""
    query = text("SELECT id FROM standard_response_version WHERE response_id = :response")
    return uses_of(session, list(session.scalars(query, {"response": response_id})))


def open_uses(session: Session, version_id: str) -> int:
    """Count the letters still being written that hold text of a version."""
    return int(session.scalar(_OPEN, {"version": version_id, "states": OPEN_LETTERS}) or 0)


def sources_of(session: Session, letter_id: str) -> tuple[Use, ...]:
    """List the versions of which a letter holds text: the way back."""
    versions = list(session.scalars(_SOURCES, {"letter": letter_id}))
    return tuple(use for use in uses_of(session, versions) if use.letter_id == letter_id)


def _use(rows: list[RowMapping]) -> Use:
    first = rows[0]
    passages = [passage for row in rows for passage in _passages(row)]
    named = ("letter_id", "reference", "edition", "letter_state", "inquiry_id", "inquiry_number")
    return Use(
        **{name: first[name] for name in named},
        version_id=first["version_id"],
        number=first["number"],
        sent_at=first["sent_at"],
        passages=tuple(passages),
    )


def _passages(row: RowMapping) -> list[Passage]:
    origins = origins_from(json.loads(row["origins"]))
    state = state_of(row["kind"], row["text"], origins).value
    places: list[TextOrigin] = [each for each in approved(origins) if each.version == row["version_id"]]
    return [Passage(row["block_id"], each.section, each.heading, each.paragraph, state) for each in places]
