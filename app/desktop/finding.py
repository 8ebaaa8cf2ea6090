"""What the command palette finds: inquiries, letters and standard responses."""

import functools
from collections.abc import Callable, Iterable

from PySide6.QtCore import QCoreApplication

from app.services.intake import queries as intake
from app.services.search.everything import Found, Kind, find_everything
from app.services.workspace.database import Database
from app.ui.shell.palette_model import PaletteItem

Go = Callable[[str, str], object]
_LIMIT = 6


class InquiryProvider:
    """Finds inquiries by number and words."""

    prefixes = " #"

    def __init__(self, database: Database, go: Go) -> None:
        self._database = database
        self._go = go

    @property
    def group(self) -> str:
        """Return the heading above the rows."""
        return QCoreApplication.translate("Palette", "Inquiries")

    def find(self, query: str) -> list[PaletteItem]:
        """Return the best inquiries for the query, those of the number first."""
        numbered = self._database.read(intake.find, query, _LIMIT) if _has_digit(query) else ()
        said = self._database.read(find_everything, query, kinds=[Kind.INQUIRY], limit=_LIMIT)
        items = {
            hit.inquiry_id: PaletteItem(
                title=hit.title or hit.number,
                subtitle=_joined(hit.number, _words(hit.state)),
                icon="inbox",
                run=functools.partial(self._go, "case", hit.inquiry_id),
            )
            for hit in numbered
        }
        for found in said:
            items.setdefault(
                found.opens, _item(found, "inbox", functools.partial(self._go, "case", found.opens))
            )
        return list(items.values())[:_LIMIT]


class LetterProvider:
    """Finds letters by the words of their blocks; one opens with its case."""

    prefixes = " "

    def __init__(self, database: Database, go: Go) -> None:
        self._database = database
        self._go = go

    @property
    def group(self) -> str:
        """Return the heading above the rows."""
        return QCoreApplication.translate("Palette", "Letters")

    def find(self, query: str) -> list[PaletteItem]:
        """Return the best letters for the query."""
        hits = self._database.read(find_everything, query, kinds=[Kind.LETTER], limit=_LIMIT)
        return [_item(hit, "file-pen-line", functools.partial(self._go, "case", hit.opens)) for hit in hits]


class DocumentProvider:
    """Finds standard responses and FAQs by their words."""

    prefixes = " "

    def __init__(self, database: Database, go: Go) -> None:
        self._database = database
        self._go = go

    @property
    def group(self) -> str:
        """Return the heading above the rows."""
        return QCoreApplication.translate("Palette", "Standard responses")

    def find(self, query: str) -> list[PaletteItem]:
        """Return the best documents for the query."""
        hits = self._database.read(find_everything, query, kinds=[Kind.DOCUMENT], limit=_LIMIT)
        return list(self._items(hits))

    def _items(self, hits: Iterable[Found]) -> Iterable[PaletteItem]:
        for hit in hits:
            icon = "file-badge" if hit.state == "effective" else "file-lock-2"
            yield _item(hit, icon, functools.partial(self._go, "library", hit.opens))


def _item(found: Found, icon: str, run: Callable[[], object]) -> PaletteItem:
    subtitle = _joined(found.number, _words(found.state), found.passage)
    return PaletteItem(title=found.title or found.number, subtitle=subtitle, icon=icon, run=run)


def _joined(*parts: str) -> str:
    return "  \N{MIDDLE DOT}  ".join(part for part in parts if part)


def _words(state: str) -> str:
    return state.replace("_", " ")


def _has_digit(text: str) -> bool:
    return any(char.isdigit() for char in text)
