"""The two work lists of the library: reviews that are due, and gaps."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.models.library_rules import library_rules
from app.ui import theme
from app.ui.library.fact_lines import FactLine, FactLines
from app.ui.library.wording import say
from app.ui.widgets import Button, EmptyState, secondary_button, text_label


class BacklogPane(QFrame):
    """A list with a sentence above it, or why it is empty."""

    def __init__(
        self, name: str, sentence: str, empty: tuple[str, str, str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.list = FactLines(name)
        self.sentence = text_label(sentence, role="secondary", tone="text.2", wraps=True)
        self.empty = EmptyState(*empty)
        self._body = QStackedWidget()
        self._foot = QWidget()
        self._build()

    @property
    def is_empty(self) -> bool:
        """Whether the list has no row."""
        return self._body.currentWidget() is self.empty

    def show_lines(self, lines: Sequence[FactLine]) -> None:
        """Show the rows, or the empty state."""
        self.list.show_lines(lines)
        self._body.setCurrentIndex(0 if lines else 1)

    def add_button(self, text: str, shortcut: str, icon: str, on_click: Callable[[], None]) -> Button:
        """Put a step below the list."""
        button = secondary_button(text, shortcut, icon=icon, on_click=on_click)
        row = self._foot.layout()
        if isinstance(row, QHBoxLayout):
            row.insertWidget(row.count() - 1, button)
        self._foot.show()
        return button

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        edge = theme.SPACE.page_edge
        words = QVBoxLayout()
        words.setContentsMargins(edge, theme.SPACE.m, edge, theme.SPACE.s)
        words.addWidget(self.sentence)
        column.addLayout(words)
        self._body.addWidget(self.list)
        self._body.addWidget(self.empty)
        column.addWidget(self._body, 1)
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(edge, theme.SPACE.m, edge, theme.SPACE.m)
        foot.addStretch(1)
        self._foot.hide()
        column.addWidget(self._foot)


def labels_pane() -> BacklogPane:
    """Make the list of labels."""
    return BacklogPane(
        say("Labels"),
        say("Each label by its version in force today. Enter reads it, C compares its versions."),
        (
            "file-badge",
            say("No labels yet"),
            say("Import SPL files (.xml) or label JSON with Ctrl+Shift+O, or drop them here."),
        ),
    )


def due_pane() -> BacklogPane:
    """Make the list of reviews."""
    return BacklogPane(
        say("Reviews that are due"),
        say(
            "Effective and expired versions whose periodic review comes within {days} days, the latest first."
        ).format(days=library_rules().warn_days),
        (
            "calendar-clock",
            say("No review is due"),
            say("Every version in force has a review day further away."),
        ),
    )


def gaps_pane() -> BacklogPane:
    """Make the list of gaps."""
    days = library_rules().gap_days
    return BacklogPane(
        say("Topics without a document"),
        say("What was answered in words of our own within {days} days. Enter opens the newest case.").format(
            days=days
        ),
        (
            "list-checks",
            say("No gaps"),
            say("Every answer of the last {days} days came from approved text.").format(days=days),
        ),
    )
