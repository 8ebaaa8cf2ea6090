"""What stands where there is no document to list or to read."""

from collections.abc import Callable

from app.ui.library.actions import IMPORT_KEY
from app.ui.library.wording import say
from app.ui.widgets import EmptyState


def nothing_chosen() -> EmptyState:
    """Make what stands in the place of the reader."""
    return EmptyState("library", *nothing_chosen_words(is_label=False))


def nothing_chosen_words(*, is_label: bool) -> tuple[str, str]:
    """Say what to choose in the list."""
    if is_label:
        return say("Choose a label"), say("Its sections and its versions are shown here.")
    return say("Choose a document"), say("Its text and its versions are shown here.")


def empty_library(choose_files: Callable[[], None]) -> EmptyState:
    """Make what stands for a library without any document."""
    state = EmptyState(
        "library",
        say("No documents yet"),
        say("Drop Word, .md, .json, .jsonl or label files here, or import them."),
    )
    state.add_step(
        say("Import documents"),
        choose_files,
        reason=say("SRDs and FAQs as Word, Markdown or JSON; labels as SPL (.xml) or JSON"),
        icon="file-input",
        shortcut=IMPORT_KEY,
    )
    return state
