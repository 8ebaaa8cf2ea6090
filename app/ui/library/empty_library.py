"""What stands where there is no document to list or to read."""

from collections.abc import Callable

from app.ui.library.actions import IMPORT_KEY
from app.ui.widgets import EmptyState


def nothing_chosen() -> EmptyState:
    """Make what stands in the place of the reader."""
    return EmptyState("library", "Choose a document", "Its text and its versions are shown here.")


def empty_library(choose_files: Callable[[], None]) -> EmptyState:
    """Make what stands for a library without any document."""
    state = EmptyState("library", "No documents yet", "Drop .md, .json or .jsonl files here, or import them.")
    state.add_step(
        "Import documents",
        choose_files,
        reason="SRDs and FAQs as Markdown, JSON or JSON lines",
        icon="file-input",
        shortcut=IMPORT_KEY,
    )
    return state
