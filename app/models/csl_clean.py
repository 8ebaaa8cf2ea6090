"""Bring foreign CSL-JSON records to the form that MI Desk keeps."""

import re
from collections.abc import Mapping

from app.models.csl import CslDate, CslRecord, date_of, doi_of, names, plain, pmcid_of, pmid_of, text, url_of

# The item types of the CSL 1.0.2 schema, https://github.com/citation-style-language/schema
TYPES = frozenset({
    "article", "article-journal", "article-magazine", "article-newspaper", "bill", "book",
    "broadcast", "chapter", "classic", "collection", "dataset", "document", "entry",
    "entry-dictionary", "entry-encyclopedia", "event", "figure", "graphic", "hearing", "interview",
    "legal_case", "legislation", "manuscript", "map", "motion_picture", "musical_score", "pamphlet",
    "paper-conference", "patent", "performance", "periodical", "personal_communication", "post",
    "post-weblog", "regulation", "report", "review", "review-book", "software", "song", "speech",
    "standard", "thesis", "treaty", "webpage",
})  # fmt: skip
_TEXTS = frozenset({
    "abstract", "annote", "archive", "authority", "call-number", "chapter-number",
    "collection-number", "collection-title", "container-title", "container-title-short",
    "dimensions", "division", "edition", "event-place", "event-title", "genre", "ISBN", "ISSN",
    "issue", "jurisdiction", "keyword", "language", "medium", "note", "number", "number-of-pages",
    "number-of-volumes", "original-title", "page", "page-first", "part-number", "part-title",
    "publisher", "publisher-place", "references", "section", "source", "status",
    "supplement-number", "title", "title-short", "version", "volume", "volume-title",
})  # fmt: skip
_NAMES = ("author", "editor", "translator", "collection-editor", "container-author")
_DATES = ("issued", "accessed", "available-date", "event-date", "original-date", "submitted")
# Zotero writes what CSL has no field for as "PMID: 123" lines into the note.
_NOTED = re.compile(r"^\s*(PMID|PMCID|DOI)\s*:\s*(\S+)\s*$", re.IGNORECASE | re.MULTILINE)
_OLD_NAMES = {
    "journalAbbreviation": "container-title-short",
    "event": "event-title",
    "shortTitle": "title-short",
}


class UnusableRecordError(ValueError):
    """The record is no citation; the message says what it lacks."""


def clean_csl(raw: object) -> dict[str, object]:
    """Return a record of known fields in one spelling, keeping its id."""
    if not isinstance(raw, Mapping):
        raise UnusableRecordError("it is not an object with fields")
    record = {_OLD_NAMES.get(str(key), str(key)): value for key, value in raw.items()}
    cleaned = _identity(record) | _texts(record) | _numbers(record) | _people(record) | _dates(record)
    if isinstance(custom := record.get("custom"), Mapping):
        cleaned["custom"] = {str(key): value for key, value in custom.items()}
    if not any(field in cleaned for field in ("title", "container-title", "author", "DOI", "PMID", "URL")):
        raise UnusableRecordError("it has no title, author, journal, DOI, PubMed number or web address")
    return cleaned


def _identity(record: CslRecord) -> dict[str, object]:
    kind = plain(record.get("type")).lower()
    found: dict[str, object] = {"type": kind if kind in TYPES else "document"}
    if identifier := plain(record.get("id")):
        found["id"] = identifier
    return found


def _texts(record: CslRecord) -> dict[str, object]:
    # Crossref gives titles as lists of one; the note keeps its lines, they carry meaning.
    flat = {field: _first(record[field]) for field in sorted(_TEXTS & record.keys())}
    found: dict[str, object] = {field: value for field in flat if (value := text(flat, field))}
    if isinstance(note := record.get("note"), str) and note.strip():
        found["note"] = note.strip()
    return found


def _first(value: object) -> object:
    return value[0] if isinstance(value, list) and value else value


def _numbers(record: CslRecord) -> dict[str, object]:
    noted = {key.upper(): value for key, value in _NOTED.findall(str(record.get("note") or ""))}
    merged = {**noted, **{key: value for key, value in record.items() if plain(value)}}
    found = {"DOI": doi_of(merged), "PMID": pmid_of(merged), "PMCID": pmcid_of(merged), "URL": url_of(merged)}
    return {field: value for field, value in found.items() if value}


def _people(record: CslRecord) -> dict[str, object]:
    found: dict[str, object] = {}
    for field in _NAMES:
        people: list[dict[str, str]] = []
        for name in names(record, field):
            parts = {"family": name.family, "given": name.given, "suffix": name.suffix}
            people.append(
                {"literal": name.family}
                if name.is_group
                else {key: value for key, value in parts.items() if value}
            )
        if people:
            found[field] = people
    return found


def _dates(record: CslRecord) -> dict[str, object]:
    found: dict[str, object] = {}
    for field in _DATES:
        if (day := date_of(record, field)) is not None:
            ends = [_parts(day)] + ([_parts(day.end)] if day.end is not None else [])
            found[field] = {"date-parts": ends}
    return found


def _parts(day: CslDate) -> list[int]:
    return [part for part in (day.year, day.month, day.day) if part is not None]
