"""The sheet of paper on the desk, with margin and text, and its scroll bar at the edge."""

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollBar

from app.ui import theme
from app.ui.letters.editor import LetterEditor
from app.ui.letters.margin import ProvenanceMargin
from app.ui.widgets import rounded

PAPER_WIDTH = 720
# Text height over text width of an A4 page with the margins of the letter template.
_PAGE_SHAPE = 1.5


class Paper(QFrame):
    """The sheet on the desk, as wide as a letter and no wider."""

    def __init__(self) -> None:
        super().__init__()
        self._on_theme_changed()
        theme.theme_signals.changed.connect(self._on_theme_changed)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the sheet, which runs on below the desk."""
        sheet = self.rect().adjusted(0, 0, 0, theme.RADIUS.chip)
        with QPainter(self) as painter:
            rounded(
                painter,
                sheet,
                theme.RADIUS.chip,
                fill=theme.color("paper"),
                edge=theme.color("paper.line"),
                edge_width=theme.line_width(),
            )

    def sizeHint(self) -> QSize:
        """Ask for the full width of a letter."""
        return QSize(theme.scaled(PAPER_WIDTH), theme.scaled(PAPER_WIDTH))

    @Slot()
    def _on_theme_changed(self) -> None:
        self.setMaximumWidth(theme.scaled(PAPER_WIDTH))


def lay_desk(margin: ProvenanceMargin, editor: LetterEditor) -> QHBoxLayout:
    """Lay margin and text on a paper in the middle of the desk."""
    paper = Paper()
    inside = QHBoxLayout(paper)
    inside.setContentsMargins(1, 1, theme.SPACE.xxl, 0)
    inside.setSpacing(0)
    inside.addWidget(margin)
    inside.addWidget(editor, 1)
    desk = QHBoxLayout()
    desk.setContentsMargins(theme.SPACE.l, 0, 0, 0)
    desk.setSpacing(theme.SPACE.xs)
    desk.addStretch(1)
    desk.addWidget(paper, 1000)
    desk.addStretch(1)
    desk.addWidget(_scroll_bar(editor))
    return desk


def pages_of(editor: LetterEditor) -> float:
    """Guess how many pages a letter has on paper."""
    document = editor.document()
    width = max(1.0, document.textWidth() - 2 * document.documentMargin())
    return max(0.1, document.size().height() / (width * _PAGE_SHAPE))


def _scroll_bar(editor: LetterEditor) -> QScrollBar:
    """Make the scroll bar at the edge of the desk, in step with the text."""
    inner, outer = editor.verticalScrollBar(), QScrollBar(Qt.Orientation.Vertical)
    outer.setAccessibleName("Letter")

    def adopt(low: int, high: int) -> None:
        outer.setPageStep(inner.pageStep())
        outer.setSingleStep(inner.singleStep())
        outer.setRange(low, high)

    inner.rangeChanged.connect(adopt)
    inner.valueChanged.connect(outer.setValue)
    outer.valueChanged.connect(inner.setValue)
    return outer
