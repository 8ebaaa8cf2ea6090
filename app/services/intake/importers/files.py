"""Read rows out of files of any quality, a bounded piece at a time."""

import codecs
import csv
import itertools
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from app.errors import EnvironmentFaultError, InputRefusedError
from app.services.intake.importers.cells import Numbered
from app.services.intake.importers.sheets import MAX_SHEET, sheet_rows

MAX_FILE = 512 * 1024 * 1024
MAX_WHOLE = 64 * 1024 * 1024
MAX_LINE = 1024 * 1024
_CHUNK = 1024 * 1024
_NO_TEXT = "{} is neither UTF-8 nor Windows-1252 text. Save it as UTF-8, then import it again."


def records_in(path: Path) -> Iterator[Numbered]:
    """Yield each row with its line and its own column names, or why it cannot be read."""
    reader, limit = {
        ".jsonl": (_jsonl, MAX_FILE),
        ".ndjson": (_jsonl, MAX_FILE),
        ".json": (_json, MAX_WHOLE),
        ".csv": (_csv, MAX_FILE),
        ".tsv": (_csv, MAX_FILE),
        ".xlsx": (sheet_rows, MAX_SHEET),
    }[path.suffix.lower()]
    size = size_of(path)
    if size > limit:
        raise InputRefusedError(too_big(size, limit))
    try:
        yield from reader(path)
    except OSError as exc:
        raise EnvironmentFaultError(
            "The file cannot be read to its end. What was read is in the inbox."
        ) from exc


def size_of(path: Path) -> int:
    """Return the size of a file that is there and is one."""
    try:
        if not path.is_file():
            raise InputRefusedError(f"{path.name} is not a file. Nothing was imported. Choose another.")
        return path.stat().st_size
    except (OSError, ValueError) as exc:
        raise InputRefusedError(f"{path.name[:80]} cannot be read. Nothing was imported.") from exc


def too_big(size: int, limit: int) -> str:
    """Say that a file is over its limit, in megabytes."""
    return (
        f"This file is {size / 1024**2:.0f} MB, the limit is {limit // 1024**2} MB. "
        "Nothing was imported. Split it."
    )


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(2)
    is_wide = head in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    # The whole file is tried first, so that none is refused when half of it is in.
    for encoding in ("utf-16",) if is_wide else ("utf-8-sig", "cp1252"):
        if _decodes(path, encoding):
            return encoding
    raise InputRefusedError(_NO_TEXT.format(path.name))


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        try:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeError:
            return False
    return True


def _lines(path: Path) -> Iterator[tuple[int, str | InputRefusedError]]:
    with path.open(encoding=_encoding(path), newline="") as file:
        for number in itertools.count(1):
            line = _line(file, path.name)
            if not line:
                return
            if len(line) < MAX_LINE or line.endswith("\n"):
                yield number, line
                continue
            while (rest := _line(file, path.name)) and not rest.endswith("\n"):
                continue
            yield number, InputRefusedError("the line is longer than 1 MB.")


def _line(file: TextIO, name: str) -> str:
    try:
        return file.readline(MAX_LINE)
    except UnicodeError as exc:
        raise InputRefusedError(_NO_TEXT.format(name)) from exc


def _jsonl(path: Path) -> Iterator[Numbered]:
    for number, line in _lines(path):
        if isinstance(line, InputRefusedError):
            yield number, line
        elif line.strip():
            yield number, _object(line)


def _json(path: Path) -> Iterator[Numbered]:
    with path.open("rb") as file:
        content = _parsed(_whole(file, _encoding(path), path.name))
    if isinstance(content, InputRefusedError):
        raise InputRefusedError(f"{path.name}: {content} Nothing was imported.")
    rows = content.get("inquiries", [content]) if isinstance(content, dict) else content
    if not isinstance(rows, list):
        raise InputRefusedError(f"{path.name} holds no list of inquiries. Nothing was imported.")
    for number, row in enumerate(rows, start=1):
        yield number, row if isinstance(row, dict) else InputRefusedError("it is not an object.")


def _whole(file: BinaryIO, encoding: str, name: str) -> str:
    try:
        return file.read().decode(encoding)
    except UnicodeError as exc:
        raise InputRefusedError(_NO_TEXT.format(name)) from exc


def _object(line: str) -> Mapping[str, object] | InputRefusedError:
    row = _parsed(line)
    if isinstance(row, InputRefusedError | dict):
        return row
    return InputRefusedError("it is not a JSON object.")


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return InputRefusedError("it is not JSON.")


def _csv(path: Path) -> Iterator[Numbered]:
    lines = _lines(path)
    _, head = next(lines, (1, ""))
    if isinstance(head, InputRefusedError) or not head.strip():
        raise InputRefusedError(f"{path.name} has no heading. Nothing was imported. Name the columns first.")
    delimiter = max(",;\t|", key=head.count)
    names = next(csv.reader([head], delimiter=delimiter), [])
    reader = csv.reader(_short(lines), delimiter=delimiter)
    while True:
        number = reader.line_num + 2
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield number, InputRefusedError("it cannot be read as a row.")
            continue
        if values:
            yield number, _paired(names, values)


def _short(lines: Iterator[tuple[int, str | InputRefusedError]]) -> Iterator[str]:
    for _, line in lines:
        if isinstance(line, InputRefusedError):
            # The reader refuses a field of this length and goes on with the next line.
            yield "x" * (csv.field_size_limit() + 1) + "\n"
        else:
            yield line


def _paired(names: list[str], values: list[str]) -> Mapping[str, object] | InputRefusedError:
    if len(values) > len(names) and any(value.strip() for value in values[len(names) :]):
        return InputRefusedError(f"it has {len(values)} fields, the heading names {len(names)}.")
    return dict(zip(names, values, strict=False))
