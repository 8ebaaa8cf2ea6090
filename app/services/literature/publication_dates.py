"""Read the dates of PubMed records in all their spellings."""

import re

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DATE = re.compile(
    r"\b(?P<year>1[5-9]\d\d|20\d\d)\b(?:[\s/-]+(?P<month>[A-Za-z]{3,9}|\d{1,2})\b)?(?:[\s/-]+(?P<day>\d{1,2})\b)?"
)


def date_parts(written: str) -> list[int] | None:
    """Read "2002 Sep 12", "2002 Sep-Oct", "20020912" or a bare year."""
    written = re.sub(r"^\s*(\d{4})(\d{2})(\d{2})\s*$", r"\1-\2-\3", written)
    found = _DATE.search(written)
    if found is None:
        return None
    parts = [int(found["year"])]
    month = _month(found["month"] or "")
    if month:
        parts.append(month)
        # "1998 Dec-1999 Jan" names two months and no day.
        if found["day"] and 1 <= int(found["day"]) <= 31:
            parts.append(int(found["day"]))
    return parts


def csl_date(written: str) -> dict[str, object] | None:
    """Return a CSL date, or none when no year is found."""
    parts = date_parts(written)
    return {"date-parts": [parts]} if parts else None


def _month(written: str) -> int | None:
    if written.isdigit():
        return int(written) if 1 <= int(written) <= 12 else None
    return _MONTHS.index(written[:3].lower()) + 1 if written[:3].lower() in _MONTHS else None
