"""What became of a step on many inquiries: how many, and who refused and why."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from app.services.intake.bulk import BulkOutcome, reasons
from app.ui import theme
from app.ui.shell.overlay import Overlay
from app.ui.widgets import primary_button, text_label

_WIDTH = 640
_MOST_LINES = 2_000


class BulkReport(Overlay):
    """A card that names every inquiry that stayed as it was, by reason."""

    def __init__(self, page: QWidget, sentence: str, outcome: BulkOutcome) -> None:
        super().__init__(page.window(), width=_WIDTH)
        title = self.tr("{n:,} stayed as they were").format(n=len(outcome.refused))
        self.card.setAccessibleName(title)
        self.lines = QPlainTextEdit(report_text(outcome))
        self.lines.setReadOnly(True)
        self.lines.setAccessibleName(self.tr("Which inquiries, and why"))
        self.lines.setMinimumHeight(theme.scaled(220))
        self.close_button = primary_button(self.tr("Close"), "Esc", size="form", on_click=self.dismiss)
        body = QVBoxLayout()
        edge = theme.SPACE.xl
        body.setContentsMargins(edge, edge, edge, edge)
        body.setSpacing(theme.SPACE.m)
        body.addWidget(text_label(title, role="page_title", wraps=True))
        body.addWidget(text_label(sentence, tone="text.2", wraps=True))
        body.addWidget(self.lines, 1)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.close_button)
        body.addLayout(row)
        self.column.addLayout(body)
        self.closed.connect(self.deleteLater)

    def open(self) -> None:
        """Show the card with the keyboard on its way out."""
        super().open()
        self.close_button.setFocus(Qt.FocusReason.PopupFocusReason)

    def wanted_height(self, room: int) -> int:
        """Take the room that a list of names needs."""
        return min(room, max(self.card.sizeHint().height(), theme.scaled(420)))


def report_text(outcome: BulkOutcome) -> str:
    """Return each reason and, below it, the numbers it holds for."""
    numbers: dict[str, list[str]] = {}
    for each in outcome.refused:
        numbers.setdefault(" ".join(each.blockers), []).append(each.number)
    lines: list[str] = []
    for reason, count in reasons(outcome.refused):
        lines += [f"{reason} ({count:,})", *(f"    {number}" for number in numbers[reason]), ""]
    if len(lines) > _MOST_LINES:
        rest = _tr("… and {n:,} more lines").format(n=len(lines) - _MOST_LINES)
        lines = [*lines[:_MOST_LINES], rest]
    return "\n".join(lines).rstrip()


def outcome_words(outcome: BulkOutcome, done: str) -> str:
    """Say in a sentence how many were changed and how many were not."""
    parts = [_tr("{n:,} {done}").format(n=outcome.done, done=done)]
    if outcome.refused:
        parts.append(_tr("{n:,} refused").format(n=len(outcome.refused)))
    if outcome.unchanged:
        parts.append(_tr("{n:,} were so already").format(n=outcome.unchanged))
    said = ", ".join(parts)
    if outcome.is_stopped:
        return _tr("Stopped. {said}; the rest stayed as it was.").format(said=said)
    return f"{said}."


def _tr(text: str) -> str:
    return QCoreApplication.translate("inbox_bulk", text)
