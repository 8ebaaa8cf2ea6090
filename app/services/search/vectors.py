"""The vectors of passages: made in the background, kept in the workspace, compared in memory."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.errors import WorkspaceBusyError
from app.models.changes import Changes
from app.models.markup import parse, plain_text
from app.models.passage import PassageVector
from app.services.jobs import JobContext
from app.services.search.encoder import MODEL, SIZE, Encoder, encoder, numpy
from app.services.workspace.database import Database
from app.services.workspace.unit_of_work import UnitOfWork

TITLE_PART: Final = 0
WORDS_A_PASSAGE: Final = 120
# A label section may be a book; its beginning says what it is about.
_MOST_PASSAGES: Final = 40
_BATCH: Final = 8
_PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class Section:
    """A section that needs vectors: its text with the hash that tells whether it changed."""

    id: str
    title: str
    markup: str
    sha256: str

    def passages(self) -> list[str]:
        """Return the title and the passages of the text, as they are encoded."""
        words = plain_text(parse(self.markup)).split()
        starts = range(0, len(words), WORDS_A_PASSAGE)[:_MOST_PASSAGES]
        return [self.title, *(" ".join(words[start : start + WORDS_A_PASSAGE]) for start in starts)]


_TEXTS = text(
    """
    SELECT s.id, v.title AS title, s.heading, s.text, s.row, 0 AS later FROM standard_response_section s
      JOIN standard_response_version v ON v.id = s.version_id
     WHERE s.retired_at IS NULL AND v.retired_at IS NULL
       AND v.state NOT IN ('superseded', 'archived', 'withdrawn', 'planned')
    UNION ALL
    SELECT s.id, l.title, s.heading, s.text, s.row, 1 FROM label_section s
      JOIN label_version v ON v.id = s.version_id JOIN label l ON l.id = v.label_id
     WHERE s.retired_at IS NULL AND v.retired_at IS NULL
    ORDER BY later, 5 DESC
    """
)


def pending(session: Session) -> list[Section]:
    """List the sections without true vectors: documents before labels, the newest first."""
    known = _known(session)
    return [each for each in _sections(session) if known.get(each.id) != each.sha256]


def outdated(session: Session) -> list[str]:
    """List the sections that have vectors and no text any more."""
    living = {each.id for each in _sections(session)}
    return [section_id for section_id in _known(session) if section_id not in living]


def store(uow: UnitOfWork, section: Section, vectors: Sequence[bytes]) -> Changes:
    """Keep the vectors of one section in place of the ones it had."""
    with uow:
        _drop(uow, section.id)
        for part, vector in enumerate(vectors):
            row = PassageVector(
                section_id=section.id, part=part, model=MODEL, text_sha256=section.sha256, vector=vector
            )
            uow.session.add(row)
        return uow.commit()


def forget(uow: UnitOfWork, section_ids: Sequence[str]) -> Changes:
    """Drop the vectors of sections that are gone."""
    with uow:
        for section_id in section_ids:
            _drop(uow, section_id)
        return uow.commit()


def make_vectors(database: Database, job: JobContext, most: int | None = None) -> int:
    """Make the vectors that are missing, of `most` sections at a time, and return how many sections still lack them.

    Resumable: each section is kept as soon as it is made, and a cancelled run loses at most one. Run it off the
    GUI thread and off the lane of the writes, for encoding takes most of a tenth of a second a passage.
    """
    made_by = encoder()
    if made_by is None:
        return 0
    gone = database.read(outdated)
    if gone:
        database.write(forget, gone)
    missing = database.read(pending)
    chosen = missing[:most]
    for done, section in enumerate(chosen):
        job.report(done, len(chosen), "Preparing search by meaning")
        vectors = _encoded(made_by, section, job)
        if not _kept(database, section, vectors):
            return len(missing) - done
    if chosen:
        job.report(len(chosen), len(chosen), "Preparing search by meaning")
    return len(missing) - len(chosen)


@dataclass(frozen=True)
class Nearness:
    """How near every section is to one question in meaning: the mean of its title and its best passage."""

    _sections: Mapping[str, int]
    _names: Sequence[str]
    _scores: Any

    def of(self, section_ids: Iterable[str]) -> dict[str, float]:
        """Return the nearness of sections; those without vectors are left out."""
        places = {each: self._sections[each] for each in section_ids if each in self._sections}
        return {each: float(self._scores[place]) for each, place in places.items()}

    def nearest(self, most: int) -> list[str]:
        """Return the nearest sections, in no order."""
        count = min(most, len(self._names))
        if not count:
            return []
        return [self._names[place] for place in (-self._scores).argpartition(count - 1)[:count].tolist()]


@dataclass(frozen=True)
class VectorIndex:
    """Every vector in memory, ready to be compared with a question."""

    stamp: tuple[object, ...]
    sections: Mapping[str, int]
    _names: tuple[str, ...]
    _starts: Any
    _vectors: Any

    def nearness(self, question: Any) -> Nearness:
        """Compare a question with every section."""
        np = numpy()
        if np is None or not self._names:
            return Nearness({}, (), ())
        # Not `@`: it would spread over all cores and wait there for whoever else works, up to a tenth of a second.
        scores = np.einsum("ij,j->i", self._vectors, question)
        titles = scores[self._starts]
        scores[self._starts] = -1.0
        best = np.maximum.reduceat(scores, self._starts)
        # A section without text has only its title.
        return Nearness(self.sections, self._names, (titles + np.where(best > -1.0, best, titles)) / 2)


def read_index(session: Session, known: VectorIndex | None = None) -> VectorIndex | None:
    """Read every vector, unless nothing changed since `known` was read; None without numpy."""
    np = numpy()
    if np is None:
        return None
    stamp = _stamp(session)
    if known is not None and known.stamp == stamp:
        return known
    query = select(PassageVector.section_id, PassageVector.part, PassageVector.vector)
    is_ours = (PassageVector.model == MODEL, func.length(PassageVector.vector) == 2 * SIZE)
    held, names, starts = bytearray(), [], []
    query = query.where(*is_ours).order_by(PassageVector.section_id, PassageVector.part)
    # A page at a time: all rows at once take more memory than the vectors.
    for section_id, part, vector in session.execute(query, execution_options={"yield_per": _PAGE}):
        if part == TITLE_PART:
            starts.append(len(held) // (2 * SIZE))
            names.append(section_id)
        # What stands before the first title belongs to a section that was cut short.
        if starts:
            held += vector
    return VectorIndex(
        stamp,
        {name: place for place, name in enumerate(names)},
        tuple(names),
        np.asarray(starts, dtype=np.int64),
        np.frombuffer(held, dtype="<f2").reshape(-1, SIZE).astype(np.float32),
    )


def _stamp(session: Session) -> tuple[object, ...]:
    newest = text("SELECT rowid, text_sha256, section_id FROM passage_vector ORDER BY rowid DESC LIMIT 1")
    count = select(func.count()).select_from(PassageVector)
    return (session.scalar(count), *(session.execute(newest).first() or ()))


def _sections(session: Session) -> Iterator[Section]:
    for row in session.execute(_TEXTS):
        title = f"{row.title}. {row.heading}" if row.heading else row.title
        sha256 = hashlib.sha256(f"{title}\n{row.text}".encode()).hexdigest()
        yield Section(row.id, title, row.text, sha256)


def _known(session: Session) -> Mapping[str, str]:
    query = select(PassageVector.section_id, PassageVector.text_sha256)
    titles = query.where(PassageVector.model == MODEL, PassageVector.part == TITLE_PART)
    return {row.section_id: row.text_sha256 for row in session.execute(titles)}


def _encoded(made_by: Encoder, section: Section, job: JobContext) -> list[bytes]:
    found: list[bytes] = []
    passages = section.passages()
    for start in range(0, len(passages), _BATCH):
        job.checkpoint()
        matrix = made_by.encode(passages[start : start + _BATCH])
        found += [row.astype("<f2").tobytes() for row in matrix]
    return found


def _kept(database: Database, section: Section, vectors: Sequence[bytes]) -> bool:
    try:
        database.write(store, section, vectors)
    except WorkspaceBusyError:
        # Somebody writes for long; what is missing is made next time.
        return False
    return True


def _drop(uow: UnitOfWork, section_id: str) -> None:
    query = select(PassageVector).where(PassageVector.section_id == section_id)
    for row in uow.session.scalars(query):
        uow.session.delete(row)
    uow.session.flush()
