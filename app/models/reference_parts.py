"""Take a citation record apart as AMA and Vancouver need it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.models.csl import CslRecord, Name, text
from app.models.reference_runs import edged


class Kind(StrEnum):
    """What a record is, which decides how its reference is built."""

    JOURNAL = "journal"
    PREPRINT = "preprint"
    NEWS = "news"
    BOOK = "book"
    CHAPTER = "chapter"
    PROCEEDINGS = "proceedings"
    PRESENTATION = "presentation"
    WEBPAGE = "webpage"
    REPORT = "report"
    THESIS = "thesis"
    DATASET = "dataset"
    TRIAL = "trial"
    LABEL = "label"
    DATA_ON_FILE = "data on file"
    LAW = "law"
    CASE = "case"


LABEL_GENRES = (
    "prescribing information", "full prescribing information", "highlights of prescribing information",
    "package insert", "package leaflet", "patient information leaflet", "patient leaflet",
    "patient package insert", "medication guide", "instructions for use",
    "summary of product characteristics", "smpc", "product monograph",
    "product information", "data sheet", "core data sheet",
)  # fmt: skip
_REGISTRIES = re.compile(
    r"clinicaltrials\.gov|isrctn|eudract|\beuctr\b|\bctis\b|anzctr|\bumin|chictr|\bdrks\b"
    r"|clinical trials? regist",
    re.IGNORECASE,
)
_TYPES = {
    "article": Kind.PREPRINT,
    "article-journal": Kind.JOURNAL, "review": Kind.JOURNAL, "review-book": Kind.JOURNAL,
    "periodical": Kind.JOURNAL,
    "article-newspaper": Kind.NEWS, "article-magazine": Kind.NEWS,
    "book": Kind.BOOK, "collection": Kind.BOOK, "classic": Kind.BOOK,
    "chapter": Kind.CHAPTER, "entry-encyclopedia": Kind.CHAPTER, "entry-dictionary": Kind.CHAPTER,
    "report": Kind.REPORT, "standard": Kind.REPORT, "pamphlet": Kind.REPORT,
    "thesis": Kind.THESIS, "dataset": Kind.DATASET, "software": Kind.DATASET,
    "speech": Kind.PRESENTATION, "event": Kind.PRESENTATION,
    "webpage": Kind.WEBPAGE, "post": Kind.WEBPAGE, "post-weblog": Kind.WEBPAGE,
    "legislation": Kind.LAW, "bill": Kind.LAW, "regulation": Kind.LAW, "treaty": Kind.LAW,
    "hearing": Kind.LAW, "legal_case": Kind.CASE,
}  # fmt: skip
_DASHES = re.compile(r"\s*(?:[\u2010-\u2015\u2212]|-+)\s*")
_RANGE = re.compile(r"([A-Za-z]*)(\d+)-([A-Za-z]*)(\d+)", re.ASCII)
_SUPPLEMENT = re.compile(
    r"(?:^|[\s_(,;/-]+)suppl(?:ement)?s?\b[\s._-]*(\w*(?:-\w+)?)\)?|^S(\d+)$|(?:^|_)suppl?_(\w+)$",
    re.IGNORECASE,
)
_PART = re.compile(r"(.*?)[\s,;(]*\b(?:pt|part)\b[.\s]*(\w+)\)?", re.IGNORECASE)
_GIVEN_BREAK = re.compile(r"[\s.\-\u2010-\u2015]+")


@dataclass(frozen=True, slots=True)
class IssueParts:
    """Where in a journal an article stands; `supplement` is empty for an unnumbered one."""

    volume: str
    issue: str
    part: str
    supplement: str | None


def kind_of(csl: CslRecord) -> Kind:
    """Decide what a record is, its genre before its type."""
    genre, kind = text(csl, "genre").lower().rstrip("."), text(csl, "type").lower()
    if genre in LABEL_GENRES:
        return Kind.LABEL
    if genre == "data on file":
        return Kind.DATA_ON_FILE
    if "trial regist" in genre or (kind != "article-journal" and _is_registration(csl)):
        return Kind.TRIAL
    if "preprint" in genre:
        return Kind.PREPRINT
    if kind == "paper-conference":
        return _conference_kind(csl)
    return _TYPES.get(kind) or _untyped_kind(csl)


def is_abstract(csl: CslRecord) -> bool:
    """Tell whether a journal record is only a meeting abstract."""
    return bool(re.search(r"\babstract\b", text(csl, "genre"), re.IGNORECASE))


def issue_parts(csl: CslRecord) -> IssueParts:
    """Separate volume, issue, part and supplement however they were joined."""
    volume, in_volume = _without_supplement(text(csl, "volume"))
    issue, in_issue = _without_supplement(text(csl, "issue"))
    supplement = edged(text(csl, "supplement-number")) or None
    for found in (in_issue, in_volume):
        supplement = found if supplement is None else supplement
    parted = _PART.fullmatch(issue)
    issue, part = (edged(parted.group(1)), parted.group(2)) if parted else (issue, "")
    return IssueParts(edged(volume), edged(issue), part, supplement)


def pages(csl: CslRecord, *, full: bool) -> str:
    """Write the pages in full (764-769) or shortened (764-9), else the e-locator."""
    found = text(csl, "page")
    if not found and not is_abstract(csl):
        found = text(csl, "page-first", "number")
    return page_ranges(found, full=full)


def page_ranges(written: str, *, full: bool) -> str:
    """Write page ranges with hyphens, in full or shortened."""
    pieces = (edged(_DASHES.sub("-", piece)).strip("-") for piece in re.split(r"[,;]", written))
    return ", ".join(_page_range(piece, full=full) for piece in pieces if any(map(str.isalnum, piece)))


def initials(given: str) -> str:
    """Return the initials of given names without periods or hyphens."""
    found = ""
    for word in _GIVEN_BREAK.split(given):
        letters = [char for char in word if char.isalnum()]
        # "JA" is two initials already; longer capitals are a name in capitals.
        packed = word.isupper() and word.isalpha() and len(word) <= 3 and " " not in given.strip()
        found += word if packed else "".join(letters[:1]).upper()
    return found


def person(name: Name) -> str:
    """Write a name as surname, initials and suffix, a group as it stands."""
    if name.is_group:
        return edged(name.family)
    parts = (edged(name.family), initials(name.given), edged(name.suffix))
    return " ".join(part for part in parts if part)


def name_list(people: tuple[Name, ...], *, most: int, shown: int) -> str:
    """List names; past the most allowed, show the first ones and "et al".

    Groups are set off by semicolons and never fall to "et al".
    """
    persons = [person(name) for name in people if not name.is_group]
    listed = ", ".join(persons if len(persons) <= most else [*persons[:shown], "et al"])
    groups = [person(name) for name in people if name.is_group]
    leads = bool(people) and people[0].is_group
    units = [*groups[:1], listed, *groups[1:]] if leads else [listed, *groups]
    return "; ".join(unit for unit in units if unit)


def edition(csl: CslRecord) -> str:
    """Write the edition as "2nd ed", nothing for a first one."""
    found = re.sub(r"[\s.]*\b(?:ed|edn|edition)\b\.?$", "", edged(text(csl, "edition")), flags=re.IGNORECASE)
    if not found or re.fullmatch(r"1(?:st)?|first", found, re.IGNORECASE):
        return ""
    return f"{ordinal(int(found)) if found.isascii() and found.isdigit() else edged(found)} ed"


def label_genre(csl: CslRecord) -> str:
    """Name the kind of label, written out and with a capital."""
    return _genre(csl, {"smpc": "Summary of product characteristics"})


def thesis_genre(csl: CslRecord) -> str:
    """Name the kind of thesis; without one it is a dissertation."""
    master = "Master's thesis"
    return (
        _genre(csl, {"phdthesis": "Dissertation", "mathesis": master, "mastersthesis": master})
        or "Dissertation"
    )


def report_genre(csl: CslRecord) -> str:
    """Name the kind of report, with BibTeX's codes written out."""
    return _genre(csl, {"techreport": "Technical report"})


def uncapitalised(genre: str) -> str:
    """Write words in small letters but keep the capitals of "PhD"."""
    return " ".join(word if any(map(str.isupper, word[1:])) else word.lower() for word in genre.split())


def _genre(csl: CslRecord, spelled: Mapping[str, str]) -> str:
    genre = edged(text(csl, "genre"))
    return spelled.get(genre.lower(), genre[:1].upper() + genre[1:])


def ordinal(number: int) -> str:
    """Write an English ordinal number in digits."""
    suffix = "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"


def _is_registration(csl: CslRecord) -> bool:
    registry = text(csl, "container-title", "archive", "publisher")
    return bool(_REGISTRIES.search(registry)) and bool(text(csl, "number"))


def _conference_kind(csl: CslRecord) -> Kind:
    if text(csl, "container-title") and text(csl, "volume"):
        return Kind.JOURNAL
    if text(csl, "container-title") and text(csl, "publisher", "page", "editor"):
        return Kind.PROCEEDINGS
    return Kind.PRESENTATION if text(csl, "event-title", "event-place") else Kind.PROCEEDINGS


def _untyped_kind(csl: CslRecord) -> Kind:
    if text(csl, "container-title") and text(csl, "volume", "issue", "page"):
        return Kind.JOURNAL
    return Kind.WEBPAGE if text(csl, "URL") or not text(csl, "publisher") else Kind.REPORT


def _without_supplement(written: str) -> tuple[str, str | None]:
    found = _SUPPLEMENT.search(written)
    if found is None:
        return written, None
    around = (written[: found.start()], written[found.end() :])
    rest = " ".join(part for each in around if (part := edged(" ".join(each.split()).strip(" ()"))))
    return rest, edged(next((group for group in found.groups() if group), ""))


def _page_range(piece: str, *, full: bool) -> str:
    found = _RANGE.fullmatch(piece)
    if found is None:
        return piece
    prefix, first, end_prefix, last = found.groups()
    if end_prefix not in {"", prefix}:
        return piece
    last = first[: max(0, len(first) - len(last))] + last
    if int(last) < int(first):
        return piece
    if first == last:
        return f"{prefix}{first}"
    if full:
        return f"{prefix}{first}-{prefix}{last}"
    if len(first) != len(last):
        return f"{prefix}{first}-{last}"
    start = next(place for place in range(len(first)) if first[place] != last[place])
    return f"{prefix}{first}-{last[start:]}"
