"""The provenance margin: beside every block, where its text comes from."""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont, QFontMetrics, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from app.models.checks.snapshot import BlockState
from app.ui import theme
from app.ui.letters.differences import as_html, differences
from app.ui.letters.editor import LetterEditor
from app.ui.letters.marks import Mark, mark_of
from app.ui.widgets import rounded

WIDTH = 140
_EDGE = 16
_ICON = 16
_BAR_ROOM = 8
_REACH = 6


@dataclass(frozen=True, slots=True)
class _Row:
    """One mark with its room; `has_words` unless the block above says the same."""

    block_id: str
    mark: Mark
    rect: QRect
    room: int
    has_words: bool


class ProvenanceMargin(QWidget):
    """One mark per block, painted beside the text as it scrolls.

    A click selects the block and asks for its source.
    """

    source_requested = Signal(str)

    def __init__(self, editor: LetterEditor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self.setAccessibleName("Where each block comes from")
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.set_size(self, width=WIDTH)
        editor.changed.connect(self._on_changed)
        editor.block_entered.connect(self._on_block_entered)
        editor.document().contentsChanged.connect(self.update)
        editor.verticalScrollBar().valueChanged.connect(self.update)

    def marks(self) -> list[tuple[str, Mark]]:
        """Return the mark of every block, in order."""
        model = self._editor.model
        return [(held.id, mark_of(model, held.id)) for held in model.order]

    def block_at(self, point: QPoint) -> str:
        """Return the id of the block beside a point, or nothing."""
        above = [row for row in self._rows() if row.rect.top() <= point.y()]
        return above[-1].block_id if above else ""

    def tip(self, block_id: str) -> str:
        """Return what the tooltip says of a block."""
        model = self._editor.model
        mark = mark_of(model, block_id)
        lines = [f"<b>{mark.name}</b>", *mark.details]
        if mark.alert:
            lines.append(mark.alert)
        if model.state(block_id) is BlockState.CHANGED:
            pieces = differences(model, block_id)
            lines.append(
                f"<p>{as_html(pieces)}</p>" if pieces else "The approved wording is being looked up."
            )
        return "<br>".join(lines)

    def sizeHint(self) -> QSize:
        """Ask for the width of the margin."""
        return QSize(theme.scaled(WIDTH), theme.scaled(WIDTH))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select the block and ask for its source."""
        block_id = self.block_at(event.position().toPoint())
        if block_id and event.button() == Qt.MouseButton.LeftButton:
            self._editor.select_block(block_id)
            self._editor.setFocus(Qt.FocusReason.MouseFocusReason)
            self.source_requested.emit(block_id)

    def event(self, event: QEvent) -> bool:
        """Show the origin and the word changes in the tooltip."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            block_id = self.block_at(event.pos())
            QToolTip.showText(event.globalPos(), self.tip(block_id) if block_id else "", self)
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the marks of the blocks in sight."""
        if self._editor.sheet is None:
            return
        tinted, token = self._editor.tinted()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for row in self._rows():
                if row.rect.bottom() < -_REACH or row.rect.top() > self.height():
                    continue
                if row.block_id == tinted:
                    self._paint_tint(painter, row.rect, token)
                self._paint_bar(painter, row)
                if row.has_words:
                    self._paint_words(painter, row)

    def _rows(self) -> Iterator[_Row]:
        spans = [span for span in self._editor.spans() if span.tag]
        rects = [self._editor.block_rect(span) for span in spans]
        marks = [mark_of(self._editor.model, span.block_id) for span in spans]
        for place, span in enumerate(spans):
            has_words = not place or marks[place] != marks[place - 1] or bool(marks[place].alert)
            # Words may run on beside the blocks below that say the same.
            last = place + 1
            while last < len(spans) and marks[last] == marks[place] and not marks[last].alert:
                last += 1
            end = rects[last].top() if last < len(spans) else self.height() * 2 + rects[place].bottom()
            yield _Row(span.block_id, marks[place], rects[place], end - rects[place].top(), has_words)

    def _paint_tint(self, painter: QPainter, rect: QRect, token: str) -> None:
        whole = QRect(theme.SPACE.s, rect.top() - _REACH, self.width() + 20, rect.height() + 2 * _REACH)
        rounded(painter, whole, theme.RADIUS.chip, fill=theme.color(token))

    def _paint_bar(self, painter: QPainter, row: _Row) -> None:
        if row.mark.bar == "none":
            return
        is_dotted = row.mark.bar == "dotted"
        pen = QPen(theme.color(row.mark.token), 2.0 if is_dotted else 3.0)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        if is_dotted:
            pen.setDashPattern([1.0, 1.0])
        elif row.mark.bar == "dashed":
            pen.setDashPattern([2.4, 1.2])
        painter.setPen(pen)
        x = self.width() - theme.scaled(_BAR_ROOM)
        painter.drawLine(x, row.rect.top() + 2, x, row.rect.bottom())

    def _paint_words(self, painter: QPainter, row: _Row) -> None:
        mark, size = row.mark, theme.scaled(_ICON)
        left = theme.scaled(_EDGE) + size + 4
        width = self.width() - left - theme.scaled(_BAR_ROOM) - 6
        name, small = theme.font("secondary", weight=600), theme.font("badge", weight=400)
        line = QFontMetrics(name).height()
        top = row.rect.top() + 2
        ratio = self.devicePixelRatioF()
        painter.drawPixmap(
            theme.scaled(_EDGE), top + (line - size) // 2, theme.pixmap(mark.icon, mark.token, size, ratio)
        )
        self._write(painter, QRect(left, top, width, line), mark.name, name, mark.token)
        low = top + line
        for text, icon, token in self._lines(mark):
            drawn = self._wrapped(text, small, width - (size if icon else 0))
            for written in drawn:
                height = QFontMetrics(small).height() + 1
                if low + height > row.rect.top() + row.room:
                    return
                if icon and written is drawn[0]:
                    painter.drawPixmap(left, low, theme.pixmap(icon, token, theme.scaled(12), ratio))
                shift = size if icon else 0
                self._write(painter, QRect(left + shift, low, width - shift, height), written, small, token)
                low += height

    def _lines(self, mark: Mark) -> Iterator[tuple[str, str, str]]:
        if mark.alert:
            yield mark.alert, mark.alert_icon, mark.alert_token
        for detail in mark.details:
            yield detail, "", "text.3"

    def _wrapped(self, text: str, font: QFont, width: int) -> list[str]:
        metrics = QFontMetrics(font)
        lines = [""]
        for word in text.split():
            longer = f"{lines[-1]} {word}".strip()
            if lines[-1] and metrics.horizontalAdvance(longer) > width:
                lines.append(word)
            else:
                lines[-1] = longer
        return [metrics.elidedText(line, Qt.TextElideMode.ElideRight, width) for line in lines[:3]]

    def _write(self, painter: QPainter, rect: QRect, text: str, font: QFont, token: str) -> None:
        painter.setFont(font)
        painter.setPen(theme.color(token))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(QRectF(rect), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)

    @Slot()
    def _on_changed(self) -> None:
        self._on_block_entered(self._editor.current_block_id())

    @Slot(str)
    def _on_block_entered(self, block_id: str) -> None:
        has_block = bool(block_id) and self._editor.model.has(block_id)
        self.setAccessibleDescription(mark_of(self._editor.model, block_id).spoken if has_block else "")
        self.update()
