"""What the case page needs of the letter and of the library beside it."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol, cast

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QFileDialog, QWidget

from app.services.library.queries import ForWhom
from app.ui.case.reading import PieceKey

MakeLibrary = Callable[[], QWidget]
ChoosePdf = Callable[[QWidget], Path | None]


class LibraryPane(Protocol):
    """The library panel, which does not know the letter."""

    insert_requested: SignalInstance
    left: SignalInstance

    def set_question(self, text: str, product: str, whom: ForWhom) -> None:
        """Search for a question."""

    def set_inserted(self, inserted: Mapping[PieceKey, str]) -> None:
        """Show what stands in the letter."""

    def reveal_source(self, version_id: str, section_id: str, paragraph: int) -> None:
        """Show where a block comes from."""

    def focus_search(self) -> None:
        """Put the keyboard into the search field."""

    def clear(self) -> None:
        """Forget everything that was read."""


class LabelPane(Protocol):
    """The label panel, which does not know the letter."""

    insert_requested: SignalInstance

    def reveal_source(self, version_id: str, section_id: str, paragraph: int) -> None:
        """Show where a block comes from."""

    def focus_search(self) -> None:
        """Put the keyboard into the search field."""

    def set_product(self, product: str, whom: ForWhom) -> None:
        """Show the labels of a product for a reader."""

    def set_inserted(self, inserted: Mapping[PieceKey, str]) -> None:
        """Show what stands in the letter."""

    def clear(self) -> None:
        """Forget everything that was read."""


def as_library(widget: QWidget) -> LibraryPane:
    """Return a widget as the library panel that it is."""
    return cast("LibraryPane", widget)


_KINDS = {"docx": "Word (*.docx)", "pdf": "PDF (*.pdf)", "eml": "E-mail (*.eml)"}


def ask_where(parent: QWidget, name: str) -> Path | None:
    """Ask where a letter goes, by the ending of its name; none if the user steps back."""
    ending = name.rpartition(".")[2]
    chosen, _ = QFileDialog.getSaveFileName(
        parent, parent.tr("Export the letter"), name, _KINDS.get(ending, "")
    )
    return Path(chosen) if chosen else None


def ask_which_pdf(parent: QWidget) -> Path | None:
    """Ask for a PDF; none if the user steps back."""
    chosen, _ = QFileDialog.getOpenFileName(
        parent, parent.tr("Let a PDF go with the letter"), "", "PDF (*.pdf)"
    )
    return Path(chosen) if chosen else None
