"""What a letter can cite: the works of its approved texts, and those of the library."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, String, cast, func, or_, select
from sqlalchemy.orm import Session

from app.models.ama import ama
from app.models.citations import CitationKey
from app.models.csl import CslRecord, date_of, names, text
from app.models.duplicates import joined_references
from app.models.letter_references import LOCAL
from app.models.reference import Reference
from app.models.reference_runs import Runs, plain_runs
from app.services.letters.loading import LetterCase, load

MOST = 30
_MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class CitableWork:
    """One work that can be cited; without a number it is not cited in the letter yet.

    `source` names the approved text that it came with, and is empty for a work of the library.
    """

    key: CitationKey
    record: CslRecord
    title: str
    author: str
    year: int | None
    source: str
    number: int | None
    runs: Runs


def citable(
    session: Session, letter_id: str, wanted: str = "", *, now: int | None = None
) -> tuple[CitableWork, ...]:
    """Find works by author, title, year or key; those of the letter come first.

    Every word must be there. The same work from two places is offered once, as it stands in the letter.
    """
    words = wanted.casefold().split()[:_MOST_WORDS]
    case = load(session, letter_id, now=now)
    own = [work for work in _of_versions(case) if _matches(work, words)]
    own.sort(key=lambda work: (work.number is None, work.number or 0))
    found = _once([*own, *_of_library(session, case, words)])
    return found[:MOST]


def _of_versions(case: LetterCase) -> Iterator[CitableWork]:
    for version in case.references.versions.values():
        for key, record in version.references.items():
            yield _work(case, CitationKey(version.id, key), record, version.name.replace("/", " "))


def _of_library(session: Session, case: LetterCase, words: Iterable[str]) -> Iterator[CitableWork]:
    query = (
        select(Reference.key, Reference.csl)
        .where(Reference.retired_at.is_(None), *map(_has_word, words))
        .order_by(Reference.year.desc(), Reference.key)
        .limit(MOST)
    )
    for key, record in session.execute(query):
        yield _work(case, CitationKey(LOCAL, key), record, "")


def _has_word(word: str) -> ColumnElement[bool]:
    people = cast(func.json_extract(Reference.csl, "$.author"), String)
    columns = (Reference.key, Reference.title, cast(Reference.year, String), people)
    return or_(*(column.icontains(word, autoescape=True) for column in columns))


def _matches(work: CitableWork, words: Iterable[str]) -> bool:
    people = " ".join(f"{name.given} {name.family}" for name in names(work.record))
    said = f"{work.key.key} {work.title} {people} {work.year or ''} {plain_runs(work.runs)}".casefold()
    return all(word in said for word in words)


def _work(case: LetterCase, key: CitationKey, record: CslRecord, source: str) -> CitableWork:
    people, issued = names(record), date_of(record)
    return CitableWork(
        key=key,
        record=record,
        title=text(record, "title"),
        author=people[0].family if people else "",
        year=issued.year if issued else None,
        source=source,
        number=case.numbering.number_of(key),
        runs=ama(record),
    )


def _once(works: list[CitableWork]) -> tuple[CitableWork, ...]:
    first = joined_references({str(place): work.record for place, work in enumerate(works)})
    return tuple(work for place, work in enumerate(works) if first[str(place)] == str(place))
