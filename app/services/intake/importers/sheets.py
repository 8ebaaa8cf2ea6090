"""Read the rows of an Excel sheet with what each cell means."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from python_calamine import CalamineError, CalamineWorkbook

from app.errors import InputRefusedError
from app.services.intake.importers import sheet_guard
from app.services.intake.importers.cells import CellFault, Numbered

MAX_SHEET: Final = 64 * 1024 * 1024
# Beyond it Excel has put zeros in the place of digits.
_EXACT: Final = 10**15


def sheet_rows(path: Path) -> Iterator[Numbered]:
    """Yield the rows of the first visible sheet by its heading; further sheets are named as not read."""
    inspected = sheet_guard.inspect(path)
    if not inspected.sheets:
        raise InputRefusedError(f"{path.name[:80]} holds no sheet with rows. Nothing was imported.")
    first = inspected.sheets[0]
    cells, first_column = _sheet(path, first)
    formulas = frozenset((row, column - first_column) for row, column in inspected.formulas[first])
    yield from _rows(cells, formulas, path.name)
    for other in inspected.sheets[1:]:
        yield (
            0,
            InputRefusedError(
                f"the sheet “{other[:40]}” was not read, only the first is. Save it as a file of its own."
            ),
        )


def _sheet(path: Path, name: str) -> tuple[Iterator[Sequence[Any]], int]:
    try:
        with CalamineWorkbook.from_path(path) as book:
            sheet = book.get_sheet_by_name(name)
            return sheet.iter_rows(), (sheet.start or (0, 0))[1]
    except (CalamineError, OSError, ValueError) as exc:
        raise sheet_guard.damaged(path.name) from exc


def _rows(
    rows: Iterator[Sequence[Any]], formulas: frozenset[tuple[int, int]], name: str
) -> Iterator[Numbered]:
    names: list[str] = []
    for number, cells in enumerate(rows, start=1):
        if not any(cell != "" for cell in cells):
            continue
        if not names:
            names = [str(cell).strip() for cell in cells]
            continue
        yield number, _paired(number, names, cells, formulas)
    if not names:
        raise InputRefusedError(f"{name[:80]} has no heading. Nothing was imported. Name the columns first.")


def _paired(
    number: int,
    names: Sequence[str],
    cells: Sequence[Any],
    formulas: frozenset[tuple[int, int]],
) -> dict[str, object]:
    row: dict[str, object] = {}
    for at, (name, cell) in enumerate(zip(names, cells, strict=False), start=1):
        if not name or name in row:
            continue
        is_formula = bool(formulas) and (number, at) in formulas
        row[name] = CellFault("is a formula, not a value") if is_formula else value_of(cell)
    return row


def value_of(cell: object) -> object:
    """Return what a cell says: an id keeps its digits, a date its day, yes and no stay what they are."""
    if isinstance(cell, float):
        if not cell.is_integer():
            return cell
        if abs(cell) >= _EXACT:
            return CellFault(
                "is a number of more than 15 digits, of which Excel keeps 15. Format the column as text"
            )
        return int(cell)
    if isinstance(cell, datetime):  # a date too, so it is asked first
        return cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    return cell if isinstance(cell, str | bool | int) else str(cell)
