"""Recognise two citation records of the same work."""

from collections.abc import Mapping

from app.models.csl import CslRecord, date_of, doi_of, names, normal_title, pmcid_of, pmid_of, text
from app.models.reference_parts import Kind, issue_parts, kind_of, page_ranges

# Such titles stand over many works; only a number of their own makes two of them one.
_COMMON_TITLES = frozenset({
    "editorial", "introduction", "foreword", "preface", "correspondence", "letter", "reply", "in reply",
    "author reply", "comment", "commentary", "erratum", "correction", "data on file", "abstract", "abstracts",
})  # fmt: skip


def reference_fingerprints(csl: CslRecord) -> frozenset[str]:
    """Return the keys by which a library finds possible duplicates."""
    title, issued = normal_title(text(csl, "title")), date_of(csl)
    found = {
        "doi": doi_of(csl).lower(),
        "pmid": pmid_of(csl),
        "pmcid": pmcid_of(csl),
        "trial": normal_title(text(csl, "number")) if kind_of(csl) is Kind.TRIAL else "",
        "title": f"{title}|{issued.year if issued else ''}" if title and title not in _COMMON_TITLES else "",
    }
    return frozenset(f"{name}:{value}" for name, value in found.items() if value)


def same_reference(one: CslRecord, other: CslRecord) -> bool:
    """Tell whether two records are the same work; when in doubt they are not.

    A number decides where both records have it. A title decides only if nothing speaks against it:
    a meeting abstract and its later article, or two editions of a label, share their title.
    """
    for number in (doi_of, pmid_of, pmcid_of):
        first, second = number(one).lower(), number(other).lower()
        if first and second:
            return first == second
    return bool(reference_fingerprints(one) & reference_fingerprints(other)) and _agree(one, other)


def joined_references(records: Mapping[str, CslRecord]) -> dict[str, str]:
    """Map each reference id to the id under which its work is numbered.

    A record joins a work only if it is the same as one of its records and contradicts none.
    """
    works: list[list[str]] = []
    joined: dict[str, str] = {}
    by_mark: dict[str, list[int]] = {}
    for identifier, csl in records.items():
        marks = reference_fingerprints(csl)
        near = dict.fromkeys(place for mark in sorted(marks) for place in by_mark.get(mark, ()))
        found = next(
            (place for place in near if _joins(csl, [records[member] for member in works[place]])), None
        )
        if found is None:
            found = len(works)
            works.append([])
        works[found].append(identifier)
        joined[identifier] = works[found][0]
        for mark in marks:
            by_mark.setdefault(mark, []).append(found)
    return joined


def _joins(csl: CslRecord, members: list[CslRecord]) -> bool:
    return any(same_reference(csl, member) for member in members) and not any(
        _contradict(csl, member) for member in members
    )


def _contradict(one: CslRecord, other: CslRecord) -> bool:
    """Tell whether two records differ in every number they share."""
    pairs = [(number(one).lower(), number(other).lower()) for number in (doi_of, pmid_of, pmcid_of)]
    known = [first == second for first, second in pairs if first and second]
    return bool(known) and not any(known)


def _agree(one: CslRecord, other: CslRecord) -> bool:
    kind = kind_of(one)
    if kind is not kind_of(other):
        return False
    if kind is Kind.TRIAL and text(one, "number") and text(other, "number"):
        return normal_title(text(one, "number")) == normal_title(text(other, "number"))
    if kind in {Kind.LABEL, Kind.DATA_ON_FILE} and date_of(one) != date_of(other):
        return False
    pairs = zip(_marks(one), _marks(other), strict=True)
    return all(first == second for first, second in pairs if first and second)


def _marks(csl: CslRecord) -> tuple[str, ...]:
    parts, people, issued = issue_parts(csl), names(csl), date_of(csl)
    return (
        str(issued.year) if issued else "",
        normal_title(people[0].family) if people else "",
        normal_title(text(csl, "container-title-short")),
        "" if text(csl, "container-title-short") else normal_title(text(csl, "container-title")),
        normal_title(parts.volume),
        "" if parts.supplement is None else f"supplement {parts.supplement}",
        page_ranges(text(csl, "page", "page-first"), full=True).split("-")[0],
        normal_title(text(csl, "edition", "version")),
        normal_title(text(csl, "publisher")) if kind_of(csl) in {Kind.LABEL, Kind.DATA_ON_FILE} else "",
        normal_title(text(csl, "number")),
    )
