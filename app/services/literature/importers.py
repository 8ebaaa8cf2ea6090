"""Read reference files into CSL-JSON, the one inner form."""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from app.errors import InputRefusedError
from app.models.csl_clean import UnusableRecordError, clean_csl
from app.services.literature.medline import FIRST_LINE, medline_records
from app.services.literature.pubmed_xml import pubmed_records

Record = dict[str, object]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A record that was not taken in: where it stands and why."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file held: clean records in order, and those refused."""

    records: tuple[Record, ...]
    refusals: tuple[Refusal, ...] = ()


def read_references(name: str, content: bytes) -> Imported:
    """Read a file of any known form, told by its content.

    A file that cannot be read at all raises and nothing of it is taken in.
    """
    head = content[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith((b"{", b"[")):
        return read_csl_json(name, content)
    if head.startswith(b"<"):
        return read_pubmed_xml(name, content)
    if any(FIRST_LINE.match(line) for line in _text(name, content).splitlines()[:50]):
        return read_medline(name, content)
    raise refused(name, 1, "it is neither CSL-JSON nor PubMed XML nor MEDLINE/NBIB text")


def read_csl_json(name: str, content: bytes) -> Imported:
    """Read CSL-JSON: one record, a list, or an object with items."""
    written = _text(name, content)
    try:
        found = json.loads(written, parse_constant=_no_constant)
    except json.JSONDecodeError as fault:
        raise refused(name, fault.lineno, f"it is not JSON ({fault.msg})") from fault
    except (ValueError, RecursionError) as fault:
        raise refused(name, 1, "it holds values that JSON does not allow") from fault
    if isinstance(found, dict):
        found = found["items"] if isinstance(found.get("items"), list) else [found]
    if not isinstance(found, list) or not found:
        raise refused(name, 1, "it holds no records")
    # JSON keeps no line numbers: a record is named by its place in the list.
    return _cleaned(name, ((place, raw) for place, raw in enumerate(found, start=1)))


def read_pubmed_xml(name: str, content: bytes) -> Imported:
    """Read the PubMed XML of articles and books, safe from its DTD."""
    return _cleaned(name, iter_pubmed_xml(name, io.BytesIO(content)))


def iter_pubmed_xml(name: str, stream: BinaryIO) -> Iterator[tuple[int, object]]:
    """Yield line and raw record one by one, for files of any size."""
    return pubmed_records(stream, lambda line, reason: refused(name, line, reason))


def read_medline(name: str, content: bytes) -> Imported:
    """Read MEDLINE text as PubMed saves it (.txt, .nbib)."""
    written = _text(name, content)
    return _cleaned(name, medline_records(written, lambda line, reason: refused(name, line, reason)))


def read_file(path: Path) -> Imported:
    """Read a reference file from the disk."""
    return read_references(path.name, path.read_bytes())


def refused(name: str, line: int, reason: str) -> InputRefusedError:
    """Say which file was refused, where and why."""
    return InputRefusedError(f"{name}, line {line}: {reason}.")


def _cleaned(name: str, raws: Iterator[tuple[int, object]]) -> Imported:
    records: list[Record] = []
    refusals: list[Refusal] = []
    for line, raw in raws:
        try:
            records.append(clean_csl(raw))
        except UnusableRecordError as fault:
            refusals.append(Refusal(line, str(fault)))
    if not records:
        first = refusals[0] if refusals else Refusal(1, "it holds no records")
        raise refused(name, first.line, first.reason)
    return Imported(tuple(records), tuple(refusals))


def _text(name: str, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        raise refused(name, line, "it is not UTF-8 text") from fault


def _no_constant(written: str) -> object:
    raise ValueError(written)
