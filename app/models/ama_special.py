"""Write AMA references to labels, registrations, data, meetings and law."""

import re

from app.models.ama_parts import access, author, date_text, one, publisher_year, titled, year_text
from app.models.csl import CslRecord, date_of, text
from app.models.reference_parts import label_genre, pages
from app.models.reference_runs import Run, Runs, edged, rich, title_text


def label(csl: CslRecord) -> list[Runs]:
    """Write a product label: drug, kind of label, company and year."""
    return [
        titled(csl),
        one(label_genre(csl)),
        one(publisher_year(csl)),
        *access(csl),
    ]


def trial(csl: CslRecord) -> list[Runs]:
    """Write a trial registration with registry, identifier and last update."""
    registry = title_text(text(csl, "container-title", "archive", "publisher"))
    number = edged(text(csl, "number"))
    identifier = f"{registry} identifier: {number}".strip() if number else registry
    updated = date_text(date_of(csl))
    return [
        one(author(csl)),
        titled(csl),
        one(identifier[:1].upper() + identifier[1:]),
        one(f"Updated {updated}" if updated else ""),
        *access(csl),
    ]


def data_on_file(csl: CslRecord) -> list[Runs]:
    """Write unpublished company data with its document number."""
    number = edged(text(csl, "number"))
    return [
        one(author(csl)),
        titled(csl),
        one(f"Data on file {number}".strip()),
        one(publisher_year(csl)),
        *access(csl),
    ]


def dataset(csl: CslRecord) -> list[Runs]:
    """Write a data set or program with version, repository and date."""
    version = re.sub(r"^(?:v(?:ersion)?)[.\s]*(?=\d)", "", edged(text(csl, "version")), flags=re.IGNORECASE)
    repository = title_text(text(csl, "publisher", "container-title", "archive"))
    return [
        one(author(csl)),
        titled(csl),
        one(f"Version {version}" if version else ""),
        rich(repository),
        one(date_text(date_of(csl))),
        *access(csl),
    ]


def presentation(csl: CslRecord) -> list[Runs]:
    """Write a paper, poster or abstract presented at a meeting."""
    meeting = title_text(text(csl, "event-title", "container-title"))
    held = date_text(date_of(csl, "event-date") or date_of(csl))
    place = edged(text(csl, "event-place", "publisher-place"))
    where = "; ".join(part for part in (meeting, held, place) if part)
    return [
        one(author(csl)),
        titled(csl),
        one(f"{presented_as(csl)} presented at: {where}" if where else presented_as(csl)),
        *access(csl),
    ]


def presented_as(csl: CslRecord) -> str:
    """Name what was presented: paper, poster, or numbered abstract."""
    genre = text(csl, "genre").lower()
    number = edged(text(csl, "number"))
    for word in ("poster", "abstract", "lecture", "keynote"):
        if word in genre:
            return f"{word.capitalize()} {number}".strip()
    return "Paper"


def law(csl: CslRecord) -> list[Runs]:
    """Write a statute, regulation or bill: title, citation and year."""
    reference = _law_reference(csl)
    named = titled(csl)
    joined = (*named, Run(f", {reference}")) if named and reference else (*named, *one(reference))
    dated = text(csl, "type") == "regulation" and text(csl, "page")
    when = date_text(date_of(csl)) if dated else year_text(csl)
    if when:
        joined = (*joined, Run(f" ({when})" if joined else when))
    return [one(author(csl)), joined, *access(csl)]


def case(csl: CslRecord) -> list[Runs]:
    """Write a court decision: names, reporter, court and year."""
    reporter = _words(text(csl, "volume"), text(csl, "container-title"), pages(csl, full=True))
    court = _words(text(csl, "authority"), year_text(csl))
    named = titled(csl, italic=True)
    runs = (*named, *one(f", {reporter}" if named and reporter else reporter))
    return [(*runs, *one(f" ({court})" if runs and court else court)), *access(csl)]


def _law_reference(csl: CslRecord) -> str:
    section = edged(text(csl, "section")).lstrip("\u00a7 ")
    located = f"\u00a7{section}" if section else pages(csl, full=True)
    if text(csl, "container-title"):
        return _words(text(csl, "volume"), text(csl, "container-title"), located)
    number, authority = edged(text(csl, "number")), edged(text(csl, "authority"))
    return ", ".join(part for part in (number, authority, f"\u00a7{section}" if section else "") if part)


def _words(*parts: str) -> str:
    return " ".join(part for part in map(edged, parts) if part)
