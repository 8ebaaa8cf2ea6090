"""Files for the library, from a dialog or dropped on the page."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from app.ui.library.import_run import library_files
from app.ui.library.wording import say

_FILTER: Final = "SRDs, FAQs and labels (*.docx *.md *.json *.jsonl *.xml)"

ChooseFiles = Callable[[QWidget], Sequence[Path]]


def choose_with_dialog(parent: QWidget) -> Sequence[Path]:
    """Let the user choose files in the dialog of the system."""
    names, _chosen = QFileDialog.getOpenFileNames(
        parent, say("Import SRDs, FAQs and labels"), "", say(_FILTER)
    )
    return [Path(name) for name in names]


def dropped_files(event: QDropEvent) -> list[Path]:
    """Return the files of a drop that the library can take in."""
    return library_files([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])
