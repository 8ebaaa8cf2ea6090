"""Write references in the style of the AMA Manual of Style, 11th edition."""

from collections.abc import Callable

from app.models.ama_parts import access, author, date_text, one, publisher_year, titled, year_text
from app.models.ama_special import case, data_on_file, dataset, label, law, presentation, trial
from app.models.csl import CslRecord, date_of, names, text
from app.models.reference_parts import (
    IssueParts,
    Kind,
    edition,
    is_abstract,
    issue_parts,
    kind_of,
    name_list,
    page_ranges,
    pages,
    report_genre,
    thesis_genre,
)
from app.models.reference_runs import Run, Runs, by_pmid, edged, plain_runs, rich, sentences, title_text

Elements = list[Runs]


def ama(csl: CslRecord) -> Runs:
    """Write one reference as runs; what is unknown is left out."""
    return sentences(_BUILDERS[kind_of(csl)](csl)) or by_pmid(csl)


def ama_text(csl: CslRecord) -> str:
    """Write one reference as plain text."""
    return plain_runs(ama(csl))


def _journal(csl: CslRecord) -> Elements:
    abstract = ""
    if is_abstract(csl):
        abstract = f"Abstract {edged(text(csl, 'number'))}".strip()
    return [
        one(author(csl)),
        titled(csl),
        one(abstract),
        _journal_name(csl),
        one(_issue_line(csl)),
        *access(csl),
    ]


def _journal_name(csl: CslRecord) -> Runs:
    short = text(csl, "container-title-short")
    # Journal abbreviations carry no periods: N Engl J Med.
    name = " ".join(short.replace(".", " ").split()) if short else text(csl, "container-title")
    return rich(title_text(name), italic=True)


def _issue_line(csl: CslRecord) -> str:
    parts, located = issue_parts(csl), pages(csl, full=True)
    if not (parts.volume or parts.issue or parts.supplement is not None or located):
        return _online_date(csl)
    place = _volume_issue(parts)
    year = year_text(csl)
    head = ";".join(part for part in (year, place) if part)
    return ":".join(part for part in (head, located) if part)


def _volume_issue(parts: IssueParts) -> str:
    inner = ", ".join(unit for unit in (parts.issue, f"pt {parts.part}" if parts.part else "") if unit)
    written = parts.volume + (f"({inner})" if inner else "")
    if parts.supplement is not None:
        written += f"({f'suppl {parts.supplement}'.strip()})"
    return written


def _online_date(csl: CslRecord) -> str:
    if text(csl, "status").lower() in {"in press", "forthcoming"} and date_of(csl) is None:
        return "In press"
    day = date_text(date_of(csl))
    return f"Published online {day}" if day and text(csl, "DOI", "URL", "status") else day


def _preprint(csl: CslRecord) -> Elements:
    day = date_text(date_of(csl))
    server = text(csl, "container-title", "archive", "publisher")
    return [
        one(author(csl)),
        titled(csl),
        rich(title_text(server), italic=True),
        one(f"Preprint posted online {day}" if day else "Preprint"),
        *access(csl),
    ]


def _news(csl: CslRecord) -> Elements:
    day, located = date_text(date_of(csl)), pages(csl, full=True)
    return [
        one(author(csl)),
        titled(csl),
        rich(title_text(text(csl, "container-title", "publisher")), italic=True),
        one(":".join(part for part in (day, located) if part)),
        *access(csl),
    ]


def _book(csl: CslRecord) -> Elements:
    edited = _editors(csl)
    return [
        one(author(csl) or edited),
        titled(csl, italic=True),
        one(_volume(csl)),
        one(edition(csl)),
        one(edited if author(csl) else ""),
        one(_located(csl)),
        *access(csl),
    ]


def _chapter(csl: CslRecord) -> Elements:
    container = rich(title_text(text(csl, "container-title")), italic=True)
    edited = one(_editors(csl))
    inside = [element for element in (edited, container) if element]
    if inside:
        inside[0] = (Run("In: "), *inside[0])
    return [
        one(author(csl)),
        titled(csl),
        *inside,
        one(_volume(csl)),
        one(edition(csl)),
        one(_located(csl)),
        *access(csl),
    ]


def _located(csl: CslRecord) -> str:
    located = page_ranges(text(csl, "page"), full=True)
    chapter = edged(text(csl, "chapter-number"))
    located = located or (f"chap {chapter}" if chapter else "")
    return ":".join(part for part in (publisher_year(csl), located) if part)


def _volume(csl: CslRecord) -> str:
    volume = edged(text(csl, "volume"))
    return f"Vol {volume}" if volume else ""


def _editors(csl: CslRecord) -> str:
    editors = names(csl, "editor")
    listed = name_list(editors, most=6, shown=3)
    return f"{listed}, {'ed' if len(editors) == 1 else 'eds'}" if listed else ""


def _report(csl: CslRecord) -> Elements:
    genre = report_genre(csl)
    guidance = "guid" in genre.lower()
    described = " ".join(part for part in (genre, edged(text(csl, "number"))) if part)
    return [
        one(author(csl) or _editors(csl)),
        titled(csl, italic=True),
        one(edition(csl)),
        one(publisher_year(csl, whole_date=guidance)),
        one(described),
        *access(csl),
    ]


def _thesis(csl: CslRecord) -> Elements:
    return [
        one(author(csl)),
        titled(csl, italic=True),
        one(thesis_genre(csl)),
        one(publisher_year(csl)),
        *access(csl),
    ]


def _webpage(csl: CslRecord) -> Elements:
    site = title_text(text(csl, "container-title", "publisher"))
    return [
        one(author(csl)),
        titled(csl),
        rich(site),
        one(date_text(date_of(csl))),
        *access(csl),
    ]


_BUILDERS: dict[Kind, Callable[[CslRecord], Elements]] = {
    Kind.JOURNAL: _journal,
    Kind.PREPRINT: _preprint,
    Kind.NEWS: _news,
    Kind.BOOK: _book,
    Kind.CHAPTER: _chapter,
    Kind.PROCEEDINGS: _chapter,
    Kind.PRESENTATION: presentation,
    Kind.WEBPAGE: _webpage,
    Kind.REPORT: _report,
    Kind.THESIS: _thesis,
    Kind.DATASET: dataset,
    Kind.TRIAL: trial,
    Kind.LABEL: label,
    Kind.DATA_ON_FILE: data_on_file,
    Kind.LAW: law,
    Kind.CASE: case,
}
