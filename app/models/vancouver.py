"""Write references in the Vancouver style of the NLM's Citing Medicine."""

from collections.abc import Callable

from app.models.ama_special import case, law, presented_as
from app.models.csl import CslDate, CslRecord, date_of, doi_of, names, pmid_of, text, url_of
from app.models.reference_parts import (
    IssueParts,
    Kind,
    edition,
    is_abstract,
    issue_parts,
    kind_of,
    label_genre,
    name_list,
    page_ranges,
    pages,
    report_genre,
    thesis_genre,
    uncapitalised,
)
from app.models.reference_runs import (
    Run,
    Runs,
    by_pmid,
    doi_runs,
    edged,
    plain_runs,
    rich,
    sentences,
    title_text,
    url_runs,
)

Elements = list[Runs]

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def vancouver(csl: CslRecord) -> Runs:
    """Write one reference as runs; what is unknown is left out."""
    return sentences(_BUILDERS[kind_of(csl)](csl)) or by_pmid(csl)


def vancouver_text(csl: CslRecord) -> str:
    """Write one reference as plain text."""
    return plain_runs(vancouver(csl))


def _one(written: str) -> Runs:
    return rich(written)


def _author(csl: CslRecord) -> Runs:
    return _one(name_list(names(csl), most=6, shown=6))


def _titled(csl: CslRecord, medium: str = "") -> Runs:
    title = rich(title_text(text(csl, "title")))
    return (*title, *_one(f"{' ' if title else ''}[{medium}]" if medium else ""))


def _journal(csl: CslRecord) -> Elements:
    short = " ".join(text(csl, "container-title-short").replace(".", " ").split())
    return [
        _author(csl),
        _titled(csl, "abstract" if is_abstract(csl) else ""),
        _one(title_text(short or text(csl, "container-title"))),
        _one(_issue_line(csl)),
        *_identified(csl),
        _one("Epub ahead of print" if _is_ahead(csl) else ""),
    ]


def _issue_line(csl: CslRecord) -> str:
    place, located = _volume_issue(issue_parts(csl)), pages(csl, full=False)
    head = ";".join(part for part in (_date(date_of(csl)), place) if part)
    return ":".join(part for part in (head, located) if part)


def _volume_issue(parts: IssueParts) -> str:
    supplement = None if parts.supplement is None else f"Suppl {parts.supplement}".strip()
    units = [parts.issue, f"Pt {parts.part}" if parts.part else "", supplement or ""]
    inner = " ".join(unit for unit in units if unit)
    if supplement is not None and inner == supplement:
        return f"{parts.volume} {supplement}".strip()
    return f"{parts.volume}({inner})" if inner else parts.volume


def _is_ahead(csl: CslRecord) -> bool:
    parts = issue_parts(csl)
    placed = parts.volume or parts.issue or parts.supplement is not None or pages(csl, full=False)
    return not placed and bool(doi_of(csl))


def _identified(csl: CslRecord) -> Elements:
    # Citing Medicine ends a DOI with a period, so the link is no bare end of the sentence here.
    if doi := doi_of(csl):
        return [(*doi_runs(doi, "doi: "), Run("."))]
    if pmid := pmid_of(csl):
        return [_one(f"PMID: {pmid}")]
    return _available(csl)


def _available(csl: CslRecord) -> Elements:
    url = url_of(csl)
    return [(Run("Available from: "), *url_runs(url))] if url else []


def _preprint(csl: CslRecord) -> Elements:
    server = title_text(text(csl, "container-title", "archive", "publisher"))
    return [
        _author(csl),
        _titled(csl),
        _one(f"{server} [Preprint]".strip()),
        _one(_date(date_of(csl))),
        *_identified(csl),
    ]


def _news(csl: CslRecord) -> Elements:
    when = _date(date_of(csl)) + _cited(csl)
    return [
        _author(csl),
        _titled(csl),
        _one(title_text(text(csl, "container-title", "publisher")) + _internet(csl)),
        _one(":".join(part for part in (when.strip(), pages(csl, full=False)) if part)),
        *_identified(csl),
    ]


def _internet(csl: CslRecord) -> str:
    return " [Internet]" if url_of(csl) and not doi_of(csl) else ""


def _cited(csl: CslRecord) -> str:
    read = _date(date_of(csl, "accessed"))
    return f" [cited {read}]" if read and url_of(csl) and not doi_of(csl) else ""


def _book(csl: CslRecord) -> Elements:
    edited = _editors(csl)
    return [
        _author(csl) or edited,
        _titled(csl, _internet(csl).strip(" []")),
        _one(_volume(csl)),
        _one(edition(csl)),
        edited if _author(csl) else (),
        _one(_published(csl)),
        _one(_page_element(csl)),
        *_identified(csl),
    ]


def _chapter(csl: CslRecord) -> Elements:
    container = _one(title_text(text(csl, "container-title")) + _internet(csl))
    inside = [element for element in (_editors(csl), container) if element]
    if inside:
        inside[0] = (Run("In: "), *inside[0])
    return [
        _author(csl),
        _titled(csl),
        *inside,
        _one(_volume(csl)),
        _one(edition(csl)),
        _one(_meeting(csl)),
        _one(_published(csl)),
        _one(_page_element(csl)),
        *_identified(csl),
    ]


def _editors(csl: CslRecord) -> Runs:
    editors = names(csl, "editor")
    listed = name_list(editors, most=6, shown=6)
    return _one(f"{listed}, {'editor' if len(editors) == 1 else 'editors'}" if listed else "")


def _volume(csl: CslRecord) -> str:
    volume = edged(text(csl, "volume"))
    return f"Vol. {volume}" if volume else ""


def _meeting(csl: CslRecord) -> str:
    meeting = title_text(text(csl, "event-title"))
    held, place = _date(date_of(csl, "event-date")), edged(text(csl, "event-place"))
    return "; ".join(part for part in (meeting, held, place) if part) if meeting else ""


def _page_element(csl: CslRecord) -> str:
    located = page_ranges(text(csl, "page"), full=False)
    chapter = edged(text(csl, "chapter-number"))
    return f"p. {located}" if located else f"Chapter {chapter}" if chapter else ""


def _published(csl: CslRecord, *, whole_date: bool = False) -> str:
    issued = date_of(csl)
    when = (_date(issued) if whole_date else str(issued.year)) if issued else ""
    source = ": ".join(
        part for part in (edged(text(csl, "publisher-place")), edged(text(csl, "publisher"))) if part
    )
    return ("; ".join(part for part in (source, when) if part) + _cited(csl)).strip()


def _report(csl: CslRecord) -> Elements:
    described = " ".join(part for part in (report_genre(csl), edged(text(csl, "number"))) if part)
    return [
        _author(csl) or _editors(csl),
        _titled(csl, _internet(csl).strip(" []")),
        _one(edition(csl)),
        _one(_published(csl, whole_date=True)),
        _one(described),
        *_identified(csl),
    ]


def _thesis(csl: CslRecord) -> Elements:
    genre = uncapitalised(thesis_genre(csl))
    return [
        _author(csl),
        _titled(csl, genre + (" on the Internet" if _internet(csl) else "")),
        _one(_published(csl)),
        *_identified(csl),
    ]


def _webpage(csl: CslRecord) -> Elements:
    site = title_text(text(csl, "container-title"))
    when = _published(csl, whole_date=True)
    return [
        _author(csl),
        _titled(csl, _internet(csl).strip(" []")),
        _one(site),
        _one(when),
        *_identified(csl),
    ]


def _dataset(csl: CslRecord) -> Elements:
    kind = "software" if text(csl, "type") == "software" else "dataset"
    version = edged(text(csl, "version"))
    return [
        _author(csl),
        _titled(csl, kind),
        _one(
            f"Version {version.lower().removeprefix('version').removeprefix('v').strip()}" if version else ""
        ),
        _one(_published(csl, whole_date=True)),
        *_identified(csl),
    ]


def _trial(csl: CslRecord) -> Elements:
    registry = title_text(text(csl, "container-title", "archive", "publisher"))
    number, updated = edged(text(csl, "number")), _date(date_of(csl))
    read = _date(date_of(csl, "accessed")) if url_of(csl) else ""
    dates = "; ".join(
        part for part in (f"updated {updated}" if updated else "", f"cited {read}" if read else "") if part
    )
    identifier = f"Identifier: {number}" if number else ""
    return [
        _author(csl),
        _titled(csl),
        _one(registry + _internet(csl)),
        _one(" ".join(part for part in (identifier, f"[{dates}]" if dates else "") if part)),
        *_identified(csl),
    ]


def _label(csl: CslRecord) -> Elements:
    genre = uncapitalised(label_genre(csl))
    return [_titled(csl, genre), _one(_published(csl)), *_identified(csl)]


def _data_on_file(csl: CslRecord) -> Elements:
    number = edged(text(csl, "number"))
    return [
        _author(csl),
        _titled(csl),
        _one(f"Data on file {number}".strip()),
        _one(_published(csl)),
        *_identified(csl),
    ]


def _presentation(csl: CslRecord) -> Elements:
    kind = presented_as(csl)
    meeting = title_text(text(csl, "event-title", "container-title"))
    held = _date(date_of(csl, "event-date") or date_of(csl))
    place = edged(text(csl, "event-place", "publisher-place"))
    where = "; ".join(part for part in (meeting, held, place) if part)
    kind = "Poster session" if kind == "Poster" else kind
    return [
        _author(csl),
        _titled(csl),
        _one(f"{kind} presented at: {where}" if where else kind),
        *_identified(csl),
    ]


def _date(day: CslDate | None) -> str:
    """Write a date or range year first: 1995 Mar 27-30."""
    if day is None:
        return ""
    first = _whole(day)
    if day.end is None:
        return first
    last = _whole(day.end)
    if day.end.year == day.year and day.day is not None and day.end.day is not None:
        same_month = day.end.month == day.month
        last = str(day.end.day) if same_month else last.split(" ", 1)[-1]
    return f"{first}-{last}"


def _whole(day: CslDate) -> str:
    month = _MONTHS[day.month - 1] if day.month is not None else ""
    return " ".join(part for part in (str(day.year), month, str(day.day or "")) if part)


_BUILDERS: dict[Kind, Callable[[CslRecord], Elements]] = {
    Kind.JOURNAL: _journal,
    Kind.PREPRINT: _preprint,
    Kind.NEWS: _news,
    Kind.BOOK: _book,
    Kind.CHAPTER: _chapter,
    Kind.PROCEEDINGS: _chapter,
    Kind.PRESENTATION: _presentation,
    Kind.WEBPAGE: _webpage,
    Kind.REPORT: _report,
    Kind.THESIS: _thesis,
    Kind.DATASET: _dataset,
    Kind.TRIAL: _trial,
    Kind.LABEL: _label,
    Kind.DATA_ON_FILE: _data_on_file,
    # Citing Medicine leaves the law to the Bluebook, as AMA does.
    Kind.LAW: law,
    Kind.CASE: case,
}
