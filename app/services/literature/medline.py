"""Read MEDLINE/NBIB text into raw CSL records."""

import io
import re
from collections.abc import Callable, Iterator

from Bio import Medline

from app.errors import InputRefusedError
from app.services.literature.publication_dates import csl_date

Refuse = Callable[[int, str], InputRefusedError]

FIRST_LINE = re.compile(r"^[A-Z]{2,4} *- ?\S")
_LINE = re.compile(r"^(?:[A-Z][A-Z0-9]{1,3} *-(?: |$)| {6}|\s*$)")
_SUFFIX = re.compile(r"\s(Jr|Sr|[IVX]{1,4}|[2-9](?:nd|rd|th))\.?$")
_LIST = ("AU", "FAU", "CN", "FED", "ED", "PT", "AID", "LID", "IS", "LA")


def medline_records(written: str, refuse: Refuse) -> Iterator[tuple[int, object]]:
    """Yield the line and raw record of each block of MEDLINE text."""
    for line, block in _blocks(written, refuse):
        for fields in Medline.parse(io.StringIO(block)):  # type: ignore[no-untyped-call]  # Biopython has no annotations
            yield line, _csl({str(key): value for key, value in fields.items()})


def _blocks(written: str, refuse: Refuse) -> Iterator[tuple[int, str]]:
    started, block = 0, list[str]()
    # A form feed or a Unicode line separator inside an abstract is no line of the format.
    for number, line in enumerate(re.split(r"\r\n?|\n", written), start=1):
        if not _LINE.match(line):
            raise refuse(number, f"this is no line of MEDLINE text: {line[:40]!r}")
        if line.startswith("      ") and not block:
            raise refuse(number, "a continued line stands before any field")
        if line.strip():
            started = started or number
            block.append(line)
        elif block:
            yield started, "\n".join(block) + "\n"
            started, block = 0, []
    if block:
        yield started, "\n".join(block) + "\n"


def _csl(fields: dict[str, object]) -> dict[str, object]:
    def one(*keys: str) -> str:
        for key in keys:
            value = fields.get(key)
            found = " ".join(value) if isinstance(value, list) else str(value or "")
            if found.strip():
                return found
        return ""

    def many(key: str) -> list[str]:
        value = fields.get(key)
        return [str(each) for each in value] if isinstance(value, list) else []

    identifiers = [*many("LID"), *many("AID")] or [one("LID"), one("AID")]
    raw: dict[str, object] = {
        "id": one("PMID", "OID"),
        "type": _type(many("PT"), is_book=bool(one("BTI")), has_chapter=bool(one("TI") and one("BTI"))),
        "title": one("TI", "BTI"),
        "container-title": one("JT") or (one("BTI") if one("TI") else ""),
        "container-title-short": one("TA"),
        "volume": one("VI"),
        "issue": one("IP"),
        "page": one("PG"),
        "issued": csl_date(one("DP")) or csl_date(one("DEP")),
        "DOI": _identifier(identifiers, "doi") or _doi_url(identifiers),
        "number": "" if one("PG") else _e_locator(identifiers),
        "PMID": one("PMID"),
        "PMCID": one("PMC"),
        "ISSN": one("IS").split(" (")[0],
        "ISBN": one("ISBN"),
        "publisher": one("PB"),
        "publisher-place": one("PL") if one("BTI") else "",
        "edition": one("EN"),
        "language": one("LA"),
        "abstract": one("AB"),
        "author": _people(many("FAU") or many("AU"), many("CN")),
        "editor": _people(many("FED") or many("ED"), []),
        "custom": {"publication-types": many("PT"), "retracted": "Retracted Publication" in many("PT")},
    }
    if one("PST").lower() == "aheadofprint":
        raw |= {"status": "advance online publication", "issued": csl_date(one("DEP")) or raw["issued"]}
    if "Preprint" in many("PT"):
        raw["genre"] = "Preprint"
    return raw


def _type(publication_types: list[str], *, is_book: bool, has_chapter: bool) -> str:
    if is_book:
        return "chapter" if has_chapter else "book"
    return "article" if "Preprint" in publication_types else "article-journal"


def _people(names: list[str], groups: list[str]) -> list[dict[str, str]]:
    return [*map(_person, names), *({"literal": group} for group in groups)]


def _person(name: str) -> dict[str, str]:
    suffix = _SUFFIX.search(name)
    bare = name[: suffix.start()] if suffix else name
    family, comma, given = bare.partition(",")
    if not comma:
        # "Mangalam H": the initials are the last word.
        family, _, given = bare.rpartition(" ") if bare.rpartition(" ")[2].isupper() else (bare, "", "")
    return {"family": family.strip(), "given": given.strip(), "suffix": suffix.group(1) if suffix else ""}


def _identifier(identifiers: list[str], kind: str) -> str:
    found = (re.search(rf"(\S+) \[{kind}\]", identifier) for identifier in identifiers)
    return next((match.group(1) for match in found if match), "")


def _doi_url(identifiers: list[str]) -> str:
    return next((identifier for identifier in identifiers if "doi.org/" in identifier), "")


def _e_locator(identifiers: list[str]) -> str:
    pii = _identifier(identifiers, "pii")
    return pii if re.fullmatch(r"[A-Za-z]{0,3}\d{1,8}", pii) else ""
