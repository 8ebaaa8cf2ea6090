"""What the command palette finds: inquiries and standard responses."""

import functools
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from app.services.intake import queries as intake
from app.services.library import queries as library
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
        """Return the best inquiries for the query."""
        hits = self._database.read(intake.find, query, _LIMIT)
        return [
            PaletteItem(
                title=hit.title or hit.number,
                subtitle=f"{hit.number}  ·  {hit.state.replace('_', ' ')}",
                icon="inbox",
                run=functools.partial(self._go, "case", hit.inquiry_id),
            )
            for hit in hits
        ]


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
        hits = self._database.read(library.search, query, limit=_LIMIT)
        return [
            PaletteItem(
                title=hit.row.title,
                subtitle=f"{hit.row.code} v{hit.row.number}  ·  {hit.row.state.replace('_', ' ')}",
                icon="file-badge" if hit.row.state == "effective" else "file-lock-2",
                run=functools.partial(self._go, "library", hit.row.id),
            )
            for hit in hits
        ]
