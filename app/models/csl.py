"""Read and clean citation records in CSL-JSON, the one inner form."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

CslRecord: TypeAlias = Mapping[str, object]

_DOI = re.compile(r"10\.\d{4,9}/\S+", re.IGNORECASE)
_TAG = re.compile(r"</?(?:i|b|em|strong|sup|sub|span|sc)\b[^<>]*>", re.IGNORECASE)
_WEB = re.compile(r"(?:https?|ftp)://[^\s<>\"]+", re.IGNORECASE)
_APOSTROPHES = ("'", "\u2019")
_PARTICLE = re.compile(r"^(?:[a-z'\u2019]+\s*)+$")


@dataclass(frozen=True, slots=True)
class Name:
    """A person, or a group when only `family` is given and `is_group` says so."""

    family: str
    given: str = ""
    suffix: str = ""
    is_group: bool = False


@dataclass(frozen=True, slots=True)
class CslDate:
    """A date as far as it is known: year, then month, then day."""

    year: int
    month: int | None = None
    day: int | None = None
    end: "CslDate | None" = None


def plain(value: object) -> str:
    """Return a value as one line of text, empty when it is none."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    written = str(value)
    if not written.isprintable():
        written = "".join(_visible(char) for char in written)
    return " ".join(written.split())


def text(csl: CslRecord, *fields: str) -> str:
    """Return the first of the fields that holds a letter or digit."""
    for field in fields:
        found = plain(csl.get(field))
        if any(char.isalnum() for char in without_tags(found)):
            return found
    return ""


def without_tags(title: str) -> str:
    """Remove the inline marks that CSL allows in titles."""
    return _TAG.sub("", title)


def doi_of(csl: CslRecord) -> str:
    """Return the bare DOI in its own case, empty when it is none."""
    found = _DOI.search(plain(csl.get("DOI")))
    return found.group().rstrip(".,;") if found else ""


def pmid_of(csl: CslRecord) -> str:
    """Return the digits of the PubMed number, empty when it is none."""
    found = re.fullmatch(r"(?:pmid:?\s*)?0*([1-9]\d{0,8})", plain(csl.get("PMID")), re.IGNORECASE)
    return found.group(1) if found else ""


def pmcid_of(csl: CslRecord) -> str:
    """Return the PubMed Central number with its prefix, else nothing."""
    found = re.fullmatch(r"(?:PMC)?(\d{1,9})(?:\.\d+)?", plain(csl.get("PMCID")), re.IGNORECASE)
    return f"PMC{found.group(1)}" if found else ""


def url_of(csl: CslRecord) -> str:
    """Return the web address; other kinds of link are refused."""
    found = _WEB.search(plain(csl.get("URL")))
    return found.group().rstrip(".,;") if found else ""


def names(csl: CslRecord, field: str = "author") -> tuple[Name, ...]:
    """Return the names of a field, without those that say nothing."""
    value = csl.get(field)
    if not isinstance(value, Sequence) or isinstance(value, str):
        return ()
    found = (_name(entry) for entry in value if isinstance(entry, Mapping))
    return tuple(name for name in found if name is not None)


def date_of(csl: CslRecord, field: str = "issued") -> CslDate | None:
    """Return a date from its parts, or from what text it holds."""
    value = csl.get(field)
    if not isinstance(value, Mapping):
        return None
    parts = value.get("date-parts")
    if isinstance(parts, Sequence) and not isinstance(parts, str) and parts:
        start = _date(parts[0])
        end = _date(parts[1]) if len(parts) > 1 else None
        if start is not None:
            return CslDate(start.year, start.month, start.day, end if end != start else None)
    return _date_in_text(plain(value.get("raw")) or plain(value.get("literal")))


def normal_title(title: str) -> str:
    """Fold a title to what two spellings of it share."""
    folded = unicodedata.normalize("NFKD", without_tags(plain(title))).casefold()
    folded = "".join(_spelled(char) for char in folded if not unicodedata.combining(char))
    return " ".join(re.findall(r"[^\W_]+", folded))


def _visible(char: str) -> str:
    # Direction overrides, zero-width spaces and soft hyphens could make a title read as another.
    category = unicodedata.category(char)
    if category in {"Cc", "Zl", "Zp"}:
        return " "
    return "" if category == "Cs" or (category == "Cf" and char not in "\u200c\u200d") else char


def _spelled(char: str) -> str:
    name = unicodedata.name(char, "")
    return name.rsplit(" ", 1)[-1].lower() if name.startswith("GREEK SMALL LETTER ") else char


def _name(entry: Mapping[object, object]) -> Name | None:
    def part(key: str) -> str:
        found = plain(entry.get(key)).strip(" ,;")
        return found if any(char.isalnum() for char in found) else ""

    if group := part("literal"):
        return Name(group, is_group=True)
    family, given = part("family"), part("given")
    if not family:
        return Name(given) if given else None
    particle = part("non-dropping-particle") or part("dropping-particle")
    words = given.split(" ")
    # Some exporters leave "van" or "de la" at the end of the given name.
    while not particle and len(words) > 1 and _PARTICLE.match(words[-1]):
        family, words = f"{words[-1]} {family}", words[:-1]
    joined = f"{particle}{'' if particle.endswith(_APOSTROPHES) else ' '}{family}" if particle else family
    return Name(joined, " ".join(words), part("suffix"))


def _date(parts: object) -> CslDate | None:
    if not isinstance(parts, Sequence) or isinstance(parts, str):
        return None
    numbers = [_whole(part) for part in parts[:3]] + [None] * 3
    year, month, day = numbers[:3]
    if year is None or not 1000 <= year <= 2999:
        return None
    if month is None or not 1 <= month <= 12:
        return CslDate(year)
    return CslDate(year, month, day if day is not None and 1 <= day <= 31 else None)


def _whole(value: object) -> int | None:
    found = plain(value)
    return int(found) if re.fullmatch(r"-?[0-9]{1,6}", found) else None


def _date_in_text(written: str) -> CslDate | None:
    found = re.search(r"\b([12]\d{3})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?\b", written, re.ASCII)
    return _date(list(found.groups())) if found else None
