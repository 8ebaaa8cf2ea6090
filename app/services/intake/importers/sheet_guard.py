"""Look through an Excel file before it is opened: how large it becomes, and what it hides.

The reader of sheets allocates the whole rectangle between the first and the last cell, and one copy of a
shared text for each cell that shows it, so a file of some kilobytes can ask for more memory than there is.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final
from xml.parsers import expat

from app.errors import InputRefusedError

MAX_PARTS: Final = 2_000
MAX_UNPACKED: Final = 512 * 1024 * 1024
MAX_TEXT: Final = 256 * 1024 * 1024
MAX_AREA: Final = 8_000_000
MAX_COLUMNS: Final = 400
_CHUNK: Final = 256 * 1024
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_SHEET_PART: Final = re.compile(r"/?(?:xl/)?(worksheets/[\w .()-]+\.xml)")
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError)
_RELATIONS: Final = "xl/_rels/workbook.xml.rels"


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file that may be opened: its visible sheets, and where each holds formulas."""

    sheets: tuple[str, ...]
    formulas: Mapping[str, frozenset[tuple[int, int]]]


@dataclass(slots=True)
class _Part:
    """What one XML part of the package says."""

    rows: int = 0
    columns: int = 0
    shown: int = 0
    formulas: set[tuple[int, int]] = field(default_factory=set)
    sheets: list[tuple[str, str, str]] = field(default_factory=list)
    relations: dict[str, tuple[str, str]] = field(default_factory=dict)


def inspect(path: Path) -> Inspected:
    """Return the sheets of a file that is safe to open, or refuse it with the reason."""
    try:
        with path.open("rb") as file:
            if file.read(len(_OLE)) == _OLE:
                raise InputRefusedError(
                    f"{path.name} is locked with a password, or an old .xls. Nothing was imported. "
                    "Save it as .xlsx without a password."
                )
            file.seek(0)
            with zipfile.ZipFile(file) as package:
                return _inspected(package, path.name)
    except _BROKEN as exc:
        raise damaged(path.name) from exc
    except OSError as exc:
        raise InputRefusedError(f"{path.name[:80]} cannot be read. Nothing was imported.") from exc


def damaged(name: str) -> InputRefusedError:
    """Say that a file is no whole Excel file."""
    return InputRefusedError(
        f"{name[:80]} is no Excel file, or a part of it is missing. Nothing was imported. "
        "Open it in Excel, save it again as .xlsx, and import that."
    )


def _inspected(package: zipfile.ZipFile, name: str) -> Inspected:
    members = package.infolist()
    names = [member.filename.lower() for member in members]
    if len(names) > MAX_PARTS or len(set(names)) != len(names):
        raise damaged(name)
    _refuse_active(names, name)
    unpacked, texts = 0, [0]
    parts: dict[str, _Part] = {}
    # The shared texts first: the cells only name them.
    for member in sorted(members, key=lambda each: "sharedstrings" not in each.filename.lower()):
        part, size = _scanned(package, member, texts, MAX_UNPACKED - unpacked, name)
        unpacked += size
        parts[member.filename.lower()] = part
    return _visible(parts, name)


def _refuse_active(names: list[str], name: str) -> None:
    if any("externallinks/" in part for part in names):
        raise InputRefusedError(
            f"{name[:80]} shows values of other files. Nothing was imported. "
            "Save it with values only, without links."
        )
    if any("vbaproject" in part or "macrosheets/" in part for part in names):
        raise InputRefusedError(
            f"{name[:80]} holds macros. Nothing was imported. Save it as .xlsx without them."
        )


def _scanned(
    package: zipfile.ZipFile, member: zipfile.ZipInfo, texts: list[int], room: int, name: str
) -> tuple[_Part, int]:
    if member.flag_bits & 1:
        raise InputRefusedError(f"{name[:80]} is locked with a password. Nothing was imported.")
    # What the directory says of the size is a claim, so it is read until it ends or the room does.
    member.file_size = room + 2 * _CHUNK
    scan = _Scan(texts, name)
    size = 0
    is_xml = member.filename.lower().endswith((".xml", ".rels"))
    with package.open(member) as stream:
        for chunk in _chunks(stream):
            size += len(chunk)
            if size > room:
                raise InputRefusedError(
                    f"{name[:80]} unpacks to more than {MAX_UNPACKED // 1024**2} MB. "
                    "Nothing was imported. Split it."
                )
            if is_xml:
                scan.feed(chunk)
    if is_xml:
        scan.close()
    return scan.part, size


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    while chunk := stream.read(_CHUNK):
        yield chunk


def _visible(parts: Mapping[str, _Part], name: str) -> Inspected:
    book, relations = parts.get("xl/workbook.xml"), parts.get(_RELATIONS)
    if book is None or relations is None:
        raise damaged(name)
    sheets, formulas = [], {}
    for title, relation, state in book.sheets:
        kind, target = relations.relations.get(relation, ("", ""))
        if not kind.endswith("/worksheet"):
            continue
        found = _SHEET_PART.fullmatch(target)
        part = parts.get(f"xl/{found[1]}".lower()) if found else None
        if part is None:
            raise damaged(name)
        if state not in ("hidden", "veryHidden") and part.rows:
            sheets.append(title)
            formulas[title] = frozenset(part.formulas)
    return Inspected(tuple(sheets), formulas)


class _Scan:
    """Reads one XML part as it streams by; nothing of it is kept but counts."""

    def __init__(self, texts: list[int], name: str) -> None:
        self.part = _Part()
        self._texts, self._name = texts, name
        self._row = self._column = 0
        self._length = 0
        self._is_shared = self._in_value = False
        self._value = ""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._say
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        self._parser = parser

    def feed(self, chunk: bytes) -> None:
        """Read on."""
        try:
            self._parser.Parse(chunk, False)
        except expat.ExpatError as exc:
            raise damaged(self._name) from exc

    def close(self) -> None:
        """Read to the end, which must be one."""
        try:
            self._parser.Parse(b"", True)
        except expat.ExpatError as exc:
            raise damaged(self._name) from exc

    def _begin(self, tag: str, attributes: dict[str, str]) -> None:
        local = tag.rpartition(":")[2]
        if local == "c":
            self._begin_cell(attributes)
        elif local == "v":
            self._in_value = self._is_shared
            self._value = ""
        elif local == "row":
            self._begin_row(attributes)
        elif local == "f":
            self.part.formulas.add((self._row, self._column))
        elif local == "si":
            self._length = 0
        elif local == "sheet":
            relation = next((v for k, v in attributes.items() if k.rpartition(":")[2] == "id"), "")
            self.part.sheets.append((attributes.get("name", ""), relation, attributes.get("state", "")))
        elif local == "Relationship":
            self.part.relations[attributes.get("Id", "")] = (
                attributes.get("Type", ""),
                attributes.get("Target", ""),
            )

    def _begin_row(self, attributes: Mapping[str, str]) -> None:
        given = attributes.get("r", "")
        self._row = int(given) if given.isascii() and given.isdigit() and len(given) < 8 else self._row + 1
        self._column = 0

    def _begin_cell(self, attributes: Mapping[str, str]) -> None:
        given = attributes.get("r")
        if given is None:
            self._column += 1
        else:
            self._column, self._row = self._place(given)
        self._is_shared = attributes.get("t") == "s"
        part = self.part
        part.rows, part.columns = max(part.rows, self._row), max(part.columns, self._column)
        if part.columns > MAX_COLUMNS or part.rows * part.columns > MAX_AREA:
            raise InputRefusedError(
                f"{self._name[:80]} has a cell in row {self._row:,}, column {self._column:,}: a sheet larger "
                "than can be read. Nothing was imported. Delete the empty rows and columns, or split it."
            )

    def _place(self, reference: str) -> tuple[int, int]:
        found = _REFERENCE.fullmatch(reference)
        if found is None:
            raise damaged(self._name)
        column = 0
        for letter in found[1]:
            column = column * 26 + ord(letter) - 64
        return column, int(found[2])

    def _say(self, text: str) -> None:
        self._length += len(text)
        if self._in_value:
            self._value += text[:10]

    def _end(self, tag: str) -> None:
        local = tag.rpartition(":")[2]
        if local == "si":
            self._texts.append(self._length)
        elif local == "v" and self._in_value:
            self._in_value = False
            self._count_shown()

    def _count_shown(self) -> None:
        # The first entry of the list holds no text, so that the count begins at one.
        at = int(self._value) + 1 if self._value.isascii() and self._value.isdigit() else 0
        if at < len(self._texts):
            self.part.shown += self._texts[at]
        if self.part.shown > MAX_TEXT:
            raise InputRefusedError(
                f"{self._name[:80]} holds more than {MAX_TEXT // 1024**2} MB of text. "
                "Nothing was imported. Split it."
            )

    def _refuse_doctype(self, *_args: object) -> None:
        raise damaged(self._name)
