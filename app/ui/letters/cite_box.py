"""Find a work and cite it: opens at the caret, by key or by typing `[@`."""

from collections.abc import Callable
from html import escape
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QApplication, QFrame, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.errors import AppError
from app.models.reference_runs import Run
from app.services.letters.queries import CitableWork
from app.ui import theme
from app.ui.errors import error_sentence
from app.ui.jobs import JobHandle, JobRunner
from app.ui.letters.editor import LetterEditor
from app.ui.widgets import SearchField, announce, text_label

Find = Callable[[str], tuple[CitableWork, ...]]

_WIDTH: Final = 460
_ROWS: Final = 6
_MOVES: Final = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
_KEEPS: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class CiteBox(QFrame):
    """A search over what the letter can cite, with the reference as it will be printed.

    The words that opened it stay typed if nothing is chosen.
    """

    chosen = Signal(object)

    def __init__(self, editor: LetterEditor, runner: JobRunner, find: Find) -> None:
        super().__init__(editor.viewport())
        self._editor = editor
        self._runner = runner
        self._find = find
        self._handle: JobHandle | None = None
        self._is_typed = False
        self.field = SearchField(self.tr("Author, title, year or key"), size="form")
        self.list = QListWidget()
        self.preview = text_label(role="secondary", wraps=True)
        self._works: tuple[CitableWork, ...] = ()
        self._build()

    @property
    def works(self) -> tuple[CitableWork, ...]:
        """What was found, the best first."""
        return self._works

    @Slot()
    def begin(self) -> None:
        """Open at the caret, if a citation may stand there."""
        if self._editor.sheet is None or not self._editor.may_type():
            return
        self._open(is_typed=False)

    def leave(self) -> None:
        """Close; what was typed to open it stays in the letter."""
        typed = f"@{self.field.text()}" if self._is_typed else ""
        self._close()
        if typed:
            self._editor.textCursor().insertText(typed)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Open on `[@` in the letter; steer the list from the field."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if watched is self._editor and event.text() == "@" and self._begins():
                self._open(is_typed=True)
                return True
            if watched is self.field or watched is self.list:
                return self._steer(watched, event)
        return super().eventFilter(watched, event)

    def _build(self) -> None:
        self.setProperty("surface", "toast")
        self.setAccessibleName(self.tr("Cite a work"))
        self.setCursor(Qt.CursorShape.ArrowCursor)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE.s, theme.SPACE.s, theme.SPACE.s, theme.SPACE.s)
        column.setSpacing(theme.SPACE.s)
        self.list.setAccessibleName(self.tr("Works that can be cited"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setMouseTracking(True)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setSpacing(theme.SPACE.xs)
        self.preview.setTextFormat(Qt.TextFormat.RichText)
        for part in (self.field, self.list, self.preview):
            column.addWidget(part)
        self._editor.installEventFilter(self)
        self.field.installEventFilter(self)
        self.list.installEventFilter(self)
        self.field.searched.connect(self._search)
        self.list.currentRowChanged.connect(self._show_preview)
        self.list.itemEntered.connect(self._on_hovered)
        self.list.itemClicked.connect(self._on_clicked)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)
        self.hide()

    def _begins(self) -> bool:
        cursor = self._editor.textCursor()
        if self._editor.sheet is None or cursor.hasSelection():
            return False
        cursor.movePosition(QTextCursor.MoveOperation.PreviousCharacter, QTextCursor.MoveMode.KeepAnchor)
        return cursor.selectedText() == "[" and self._editor.may_type()

    def _open(self, *, is_typed: bool) -> None:
        self._is_typed = is_typed
        self.field.clear()
        self.field.search_now()
        self._editor.ensureCursorVisible()
        self._show_works(())
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)
        self._search("")

    def _place(self) -> None:
        room, caret = self._editor.viewport().size(), self._editor.cursorRect()
        row = self.list.fontMetrics().lineSpacing() * 2 + 3 * theme.SPACE.xs
        self.list.setFixedHeight(row * max(1, min(len(self._works), _ROWS)))
        self.preview.setFixedHeight(self.preview.fontMetrics().lineSpacing() * 4)
        width = min(theme.scaled(_WIDTH), room.width() - 2 * theme.SPACE.s)
        self.setFixedWidth(width)
        self.adjustSize()
        left = max(theme.SPACE.s, min(caret.left(), room.width() - width - theme.SPACE.s))
        below = caret.bottom() + theme.SPACE.s
        is_low = below + self.height() > room.height() and caret.top() - theme.SPACE.s > self.height()
        self.move(QPoint(left, caret.top() - theme.SPACE.s - self.height() if is_low else below))

    def _close(self) -> None:
        focused = QApplication.focusWidget()
        had_focus = focused is not None and self.isAncestorOf(focused)
        self._is_typed = False
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None
        self.hide()
        if had_focus:
            self._editor.setFocus(Qt.FocusReason.PopupFocusReason)

    @Slot(str)
    def _search(self, text: str) -> None:
        if self._handle is not None:
            self._handle.cancel()
        find = self._find
        self._handle = self._runner.run_query(
            lambda _job: find(text), on_done=self._show_works, on_failed=self._on_failed, owner=self
        )

    def _show_works(self, works: tuple[CitableWork, ...]) -> None:
        self._works = works
        self.list.clear()
        for work in works:
            item = QListWidgetItem(self._row_text(work))
            item.setToolTip(f"<p>{as_html(work.runs)}</p>")
            self.list.addItem(item)
        self.list.setCurrentRow(0 if works else -1)
        self._place()
        if not works:
            nothing = self.tr("No work is found. References come with the library's texts and by import.")
            self.preview.setText(escape(nothing) if self.field.text() else "")

    def _row_text(self, work: CitableWork) -> str:
        head = " ".join(filter(None, (work.author, str(work.year or ""))))
        place = work.source or self.tr("Library")
        cited = self.tr("cited as {n}").format(n=work.number) if work.number is not None else ""
        return f"{work.title or work.key.key}\n" + " · ".join(filter(None, (head, place, cited)))

    @Slot(int)
    def _show_preview(self, row: int) -> None:
        if 0 <= row < len(self._works):
            self.preview.setText(as_html(self._works[row].runs))
            announce(self, self.list.item(row).text())

    @Slot(QListWidgetItem)
    def _on_hovered(self, item: QListWidgetItem) -> None:
        self.preview.setText(as_html(self._works[self.list.row(item)].runs))

    @Slot(QListWidgetItem)
    def _on_clicked(self, item: QListWidgetItem) -> None:
        self._choose(self.list.row(item))

    def _on_failed(self, error: AppError) -> None:
        self.preview.setText(escape(error_sentence(error)))

    def _steer(self, watched: QObject, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        elif event.key() in _KEEPS:
            self._choose(self.list.currentRow())
        elif watched is self.field and event.key() in _MOVES:
            step = 1 if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_PageDown) else -1
            by = step if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) else step * _ROWS
            last = self.list.count() - 1
            self.list.setCurrentRow(max(0, min(self.list.currentRow() + by, last)))
        else:
            return False
        return True

    def _choose(self, row: int) -> None:
        if not 0 <= row < len(self._works):
            return
        work, is_typed = self._works[row], self._is_typed
        self._close()
        if is_typed:
            self._editor.textCursor().deletePreviousChar()
        self.chosen.emit(work)

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, _before: QWidget | None, now: QWidget | None) -> None:
        if self.isVisible() and now is not None and now is not self and not self.isAncestorOf(now):
            self.leave()


def as_html(runs: tuple[Run, ...]) -> str:
    """Write a reference as it is printed."""
    return "".join(map(_run_html, runs))


def _run_html(run: Run) -> str:
    text = escape(run.text)
    if run.script:
        text = f"<{run.script[:3]}>{text}</{run.script[:3]}>"
    return f"<i>{text}</i>" if run.italic else text
