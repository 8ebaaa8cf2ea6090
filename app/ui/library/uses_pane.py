"""The letters that hold text of a document: where it is used."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.services.library.where_used import Use
from app.ui import theme
from app.ui.library.around import Around
from app.ui.library.fact_lines import FactLine, FactLines
from app.ui.library.facts import passage_words, uses_summary
from app.ui.library.wording import say
from app.ui.widgets import EmptyState, SegmentedControl, divider, section_head, text_label

_ALL, _THIS, _OUT = "all", "this", "out"
_SCOPES = ((_ALL, "All versions"), (_THIS, "This version"), (_OUT, "Went out"))


class UsesPane(QFrame):
    """Letters newest first; the passages of the chosen one below."""

    case_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._around: Around | None = None
        self.scopes = SegmentedControl(
            tuple((key, say(word)) for key, word in _SCOPES), name=say("Which letters")
        )
        self.summary = text_label(role="secondary", tone="text.2", wraps=True)
        self.list = FactLines(say("Letters that use this document"))
        self.passages = text_label(role="secondary", wraps=True, selectable=True)
        self.empty = EmptyState("link-2", say("No letter uses it"), "")
        self._body = QStackedWidget()
        self._build()
        self.scopes.choose(_ALL)
        self.scopes.chosen.connect(self._show)
        self.list.moved.connect(self._on_moved)
        self.list.opened.connect(self._on_opened)

    @property
    def count(self) -> int:
        """How many letters hold text of any version."""
        return len({use.letter_id for use in self._around.uses}) if self._around is not None else 0

    @property
    def is_empty(self) -> bool:
        """Whether no letter of the chosen scope is there."""
        return self._body.currentWidget() is self.empty

    def show_around(self, around: Around) -> None:
        """Show the letters of a document."""
        self._around = around
        self._show()

    def clear(self) -> None:
        """Forget every letter."""
        self._around = None
        self.list.show_lines(())
        self.passages.clear()

    @Slot()
    def _show(self) -> None:
        if self._around is None:
            return
        uses = self._around.uses
        scope, here = self.scopes.choice, self._around.row.id
        lines = [line for line in self._around.lines if _is_in(scope, line.about, here)]
        self.summary.setText(uses_summary(uses))
        self.summary.setVisible(bool(uses))
        self.scopes.setVisible(bool(uses))
        self.list.show_lines(lines)
        if not lines:
            self.empty.set_words(*_no_letters(scope, is_unused=not uses))
        self._body.setCurrentIndex(0 if lines else 1)

    @Slot(object)
    def _on_moved(self, line: FactLine | None) -> None:
        use = line.about if line is not None else None
        self.passages.setText(passage_words(use.passages) if isinstance(use, Use) else "")

    @Slot(object)
    def _on_opened(self, line: FactLine) -> None:
        if isinstance(line.about, Use):
            self.case_requested.emit(line.about.inquiry_id)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QHBoxLayout()
        edge = theme.SPACE.page_edge
        head.setContentsMargins(edge, theme.SPACE.m, edge, theme.SPACE.s)
        head.setSpacing(theme.SPACE.m)
        head.addWidget(self.scopes)
        head.addWidget(self.summary, 1)
        column.addLayout(head)
        rows = QWidget()
        inside = QVBoxLayout(rows)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        inside.addWidget(self.list, 1)
        inside.addWidget(divider())
        foot = QVBoxLayout()
        foot.setContentsMargins(edge, theme.SPACE.s, edge, theme.SPACE.m)
        foot.setSpacing(theme.SPACE.xs)
        foot.addWidget(section_head(say("Passages in this letter")))
        foot.addWidget(self.passages)
        inside.addLayout(foot)
        self._body.addWidget(rows)
        self._body.addWidget(self.empty)
        column.addWidget(self._body, 1)


def _is_in(scope: str, about: object, version_id: str) -> bool:
    if not isinstance(about, Use):
        return False
    return scope == _ALL or (about.went_out if scope == _OUT else about.version_id == version_id)


def _no_letters(scope: str, *, is_unused: bool) -> tuple[str, str]:
    if is_unused:
        return (
            say("No letter uses it"),
            say(
                "No passage of any version stands in a letter, so a change here touches nobody who was answered."
            ),
        )
    if scope == _OUT:
        return say("None went out"), say(
            "Letters hold text of it, but none was sent: there is nothing to recall."
        )
    return say("No letter uses this version"), say(
        "Other versions are used. Choose All versions to see them."
    )
