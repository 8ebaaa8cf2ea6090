"""Write the elements that AMA references of all types share."""

from app.models.csl import CslDate, CslRecord, date_of, doi_of, names, text, url_of
from app.models.reference_parts import name_list
from app.models.reference_runs import Runs, doi_runs, edged, rich, title_text, url_runs

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def one(written: str) -> Runs:
    """Return an element of plain text, or none."""
    return rich(written)


def titled(csl: CslRecord, *, italic: bool = False) -> Runs:
    """Write the title as it stands, without its closing period."""
    return rich(title_text(text(csl, "title")), italic=italic)


def author(csl: CslRecord) -> str:
    """List up to six authors, of more than six the first three."""
    return name_list(names(csl), most=6, shown=3)


def access(csl: CslRecord) -> list[Runs]:
    """Write the DOI, or else when and where the page was read."""
    if doi := doi_of(csl):
        return [doi_runs(doi)]
    url = url_of(csl)
    read = date_text(date_of(csl, "accessed"))
    return [one(f"Accessed {read}" if read and url else ""), url_runs(url) if url else ()]


def year_text(csl: CslRecord) -> str:
    """Return the year of publication, empty when unknown."""
    issued = date_of(csl)
    return str(issued.year) if issued else ""


def publisher_year(csl: CslRecord, *, whole_date: bool = False) -> str:
    """Write "Publisher; year", without the place that AMA 11 dropped."""
    when = date_text(date_of(csl)) if whole_date else year_text(csl)
    return "; ".join(part for part in (edged(text(csl, "publisher")), when) if part)


def date_text(day: CslDate | None) -> str:
    """Write a date or a range of dates as AMA does: November 6-10, 2015."""
    if day is None:
        return ""
    if day.end is None or day.month is None or day.end.month is None:
        return _whole(day)
    if day.year != day.end.year or day.day is None or day.end.day is None:
        return f"{_whole(day)}-{_whole(day.end)}"
    first, last = f"{MONTHS[day.month - 1]} {day.day}", f"{MONTHS[day.end.month - 1]} {day.end.day}"
    last = str(day.end.day) if day.month == day.end.month else last
    return f"{first}-{last}, {day.year}"


def _whole(day: CslDate) -> str:
    if day.month is None:
        return str(day.year)
    month = MONTHS[day.month - 1]
    return f"{month} {day.year}" if day.day is None else f"{month} {day.day}, {day.year}"
