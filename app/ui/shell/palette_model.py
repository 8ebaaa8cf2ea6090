"""Hold what the palette found, group by group."""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

Index = QModelIndex | QPersistentModelIndex
NO_INDEX = QModelIndex()
ItemRole = Qt.ItemDataRole.UserRole
HeadRole = Qt.ItemDataRole.UserRole + 1
MarksRole = Qt.ItemDataRole.UserRole + 2


@dataclass(frozen=True, slots=True)
class PaletteAction:
    """Offer one more thing to do with a found row."""

    text: str
    run: Callable[[], object]
    icon: str = ""
    keys: str = ""


@dataclass(frozen=True, slots=True)
class PaletteItem:
    """Describe one found row; a reason means it is refused."""

    title: str
    run: Callable[[], object]
    subtitle: str = ""
    icon: str = "search"
    tone: str = "text.2"
    keys: str = ""
    reason: str | None = None
    actions: tuple[PaletteAction, ...] = ()

    @property
    def spoken(self) -> str:
        """Return what a screen reader says for the row."""
        return ", ".join(part for part in (self.title, self.subtitle, self.reason or "") if part)


class PaletteProvider(Protocol):
    """Find rows of one group; `find` runs off the GUI thread."""

    @property
    def group(self) -> str:
        """Return the heading above the rows."""

    @property
    def prefixes(self) -> str:
        """Return the prefix characters it answers; a space is none."""

    def find(self, query: str) -> list[PaletteItem]:
        """Return the best rows for the query, best first."""


@dataclass(frozen=True, slots=True)
class _Row:
    """Hold a heading or an item, with the letters to mark."""

    heading: str = ""
    item: PaletteItem | None = None
    marks: tuple[tuple[int, int], ...] = field(default=())


class PaletteModel(QAbstractListModel):
    """Be the rows of the palette; headings cannot be chosen."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[_Row] = []

    def show_groups(self, groups: Sequence[tuple[str, Sequence[PaletteItem]]], query: str) -> None:
        """Replace every row; groups without items are left out."""
        rows: list[_Row] = []
        for heading, items in groups:
            if items and heading:
                rows.append(_Row(heading=heading))
            rows += [_Row(item=item, marks=matched_spans(item.title, query)) for item in items]
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        """Count headings and items."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what the delegate paints and a screen reader says."""
        row = self._rows[index.row()]
        if role == ItemRole:
            return row.item
        if role == HeadRole:
            return row.heading
        if role == MarksRole:
            return row.marks
        if role == Qt.ItemDataRole.DisplayRole:
            return row.heading if row.item is None else row.item.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row.heading if row.item is None else row.item.spoken
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Disable headings, so that they are never current."""
        if self._rows[index.row()].item is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def item_at(self, row: int) -> PaletteItem | None:
        """Return the item of a row, none for a heading."""
        return self._rows[row].item if 0 <= row < len(self._rows) else None

    def next_item_row(self, row: int, step: int) -> int:
        """Return the next row with an item, around the ends; -1 if none."""
        count = len(self._rows)
        for distance in range(1, count + 1):
            at = (row + step * distance) % count
            if self._rows[at].item is not None:
                return at
        return -1


def fold(text: str) -> str:
    """Lower the case and drop accents, one character for one."""
    return "".join(_fold_char(char) for char in text)


def matched_spans(title: str, query: str) -> tuple[tuple[int, int], ...]:
    """Return where the words of the query stand, as start and end."""
    folded = fold(title)
    spans = [_span(folded, word) for word in fold(query).split()]
    merged: list[tuple[int, int]] = []
    for start, end in sorted(span for span in spans if span is not None):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def _span(folded: str, word: str) -> tuple[int, int] | None:
    starts = [at for at in range(len(folded)) if folded.startswith(word, at)]
    if not starts:
        return None
    at_word_start = [at for at in starts if at == 0 or not folded[at - 1].isalnum()]
    start = (at_word_start or starts)[0]
    return start, start + len(word)


def _fold_char(char: str) -> str:
    # Some characters grow when folded; then marks would stand beside their letters.
    base = unicodedata.normalize("NFKD", char)[0].casefold()
    return base if len(base) == 1 else char
