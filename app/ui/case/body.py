"""Left, middle and right side by side, folded as the window asks."""

from collections.abc import Mapping, Sequence
from typing import Final, Literal

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.case.left_pane import FoldStrip
from app.ui.shell.panes import first_stop
from app.ui.widgets import Badge, Splitter, icon_label

Mode = Literal["wide", "medium", "narrow"]
_WIDE: Final = 1260
_MEDIUM: Final = 900
_LAID_OVER: Final = 320
_SIZES: Final[dict[str, tuple[int, ...]]] = {"wide": (284, 672, 412), "medium": (0, 792, 372)}


class CaseBody(QWidget):
    """The three panes; what has no room leaves a strip that opens it."""

    def __init__(self, left: QWidget, middle: QWidget, right: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.middle, self.right = middle, right
        self.left = QFrame()
        self.left.setProperty("surface", "surface")
        column = QVBoxLayout(self.left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(left)
        self.left_strip = FoldStrip("panel-left", self.tr("Open the facts"), "Alt+1")
        self.middle_strip = FoldStrip("file-pen-line", self.tr("Open the letter"), "Alt+2")
        self.right_strip = FoldStrip("panel-right", self.tr("Open the side panel"), "Alt+3")
        self._running = icon_label("shield-alert", "safety", 18)
        self._running.setToolTip(self.tr("A safety clock runs"))
        self._undecided = Badge(0, "safety", noun=self.tr("safety questions to decide"))
        self.left_strip.add_sign(self._running)
        self.left_strip.add_sign(self._undecided)
        self._splitter = Splitter()
        self._mode: Mode = "wide"
        self._is_laid_over = False
        self._is_right_shown = False
        self._kept: dict[str, tuple[int, ...]] = {}
        self._build()

    @property
    def mode(self) -> Mode:
        """How much room there is."""
        return self._mode

    @property
    def is_laid_over(self) -> bool:
        """Whether the folded left pane lies over the letter now."""
        return self._is_laid_over

    def panes(self) -> Sequence[QWidget]:
        """Return left, middle and right, or the strips that stand for them."""
        left = self.left if self._mode == "wide" or self._is_laid_over else self.left_strip
        if self._mode != "narrow":
            return left, self.middle, self.right
        if self._is_right_shown:
            return left, self.middle_strip, self.right
        return left, self.middle, self.right_strip

    @Slot()
    def open_left(self) -> None:
        """Show the left pane, laid over the letter if it is folded."""
        if self._mode != "wide" and not self._is_laid_over:
            self._is_laid_over = True
            self._lay_over()
        self._enter(self.left)

    @Slot()
    def fold_left(self) -> None:
        """Fold the laid-over pane; the keyboard goes back to the strip."""
        if not self._is_laid_over:
            return
        had_focus = self._holds_focus(self.left)
        self._is_laid_over = False
        self.left.hide()
        if had_focus:
            self.left_strip.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def open_middle(self) -> None:
        """Show the letter."""
        self._show_right(False)
        self._enter(self.middle)

    @Slot()
    def open_right(self) -> None:
        """Show the side panel."""
        self._show_right(True)
        self._enter(self.right)

    def reveal_right(self) -> None:
        """Bring the side panel on screen; the keyboard stays where it is."""
        self._show_right(True)

    def show_signs(self, *, is_running: bool, undecided: int) -> None:
        """Say on the folded pane what of safety waits in it."""
        self._running.setVisible(is_running)
        self._undecided.set_count(undecided)

    def save_layout(self) -> Mapping[str, object]:
        """Return the widths at each mode as plain values."""
        self._keep_sizes()
        return {mode: list(sizes) for mode, sizes in self._kept.items()}

    def restore_layout(self, layout: Mapping[str, object]) -> None:
        """Put the widths where they were."""
        for mode in _SIZES:
            sizes = layout.get(mode)
            if isinstance(sizes, Sequence) and all(isinstance(size, int) for size in sizes):
                self._kept[mode] = tuple(sizes)
        self._apply_sizes()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold or unfold at the new width."""
        super().resizeEvent(event)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Fold the laid-over pane with Esc."""
        if (
            self._is_laid_over
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Escape
        ):
            self.fold_left()
            return True
        return super().eventFilter(watched, event)

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for part in (self.left_strip, self.middle_strip):
            row.addWidget(part)
        row.addWidget(self._splitter, 1)
        row.addWidget(self.right_strip)
        for pane in (self.left, self.middle, self.right):
            self._splitter.addWidget(pane)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.set_usual_sizes(_SIZES["wide"])
        self.left_strip.opened.connect(self.open_left)
        self.middle_strip.opened.connect(self.open_middle)
        self.right_strip.opened.connect(self.open_right)
        self.left.installEventFilter(self)
        theme.theme_signals.changed.connect(self._fit)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)
        self._show_parts()

    @Slot()
    def _fit(self) -> None:
        room = self.width() / theme.text_factor()
        mode: Mode = "wide" if room >= _WIDE else "medium" if room >= _MEDIUM else "narrow"
        if mode != self._mode:
            self._keep_sizes()
            self._mode = mode
            self._is_laid_over = False
            self._show_parts()
            self._apply_sizes()
        elif self._is_laid_over:
            self._lay_over()

    def _show_parts(self) -> None:
        is_wide, is_narrow = self._mode == "wide", self._mode == "narrow"
        if is_wide and self._splitter.indexOf(self.left) < 0:
            self._splitter.insertWidget(0, self.left)
        elif not is_wide and self._splitter.indexOf(self.left) >= 0:
            self.left.setParent(self)
        self.left.setVisible(is_wide)
        self.left_strip.setVisible(not is_wide)
        self.middle.setVisible(not is_narrow or not self._is_right_shown)
        self.right.setVisible(not is_narrow or self._is_right_shown)
        self.middle_strip.setVisible(is_narrow and self._is_right_shown)
        self.right_strip.setVisible(is_narrow and not self._is_right_shown)

    def _apply_sizes(self) -> None:
        usual = _SIZES.get(self._mode)
        if usual is None:
            return
        sizes = self._kept.get(self._mode) or tuple(theme.scaled(size) for size in usual)
        self._splitter.setSizes([size for size in sizes if size])

    def _keep_sizes(self) -> None:
        if self._mode in _SIZES and self.isVisible():
            sizes = self._splitter.sizes()
            self._kept[self._mode] = tuple(sizes) if len(sizes) == len(_SIZES["wide"]) else (0, *sizes)

    def _show_right(self, is_shown: bool) -> None:
        self._is_right_shown = is_shown
        self._show_parts_of_narrow()

    def _show_parts_of_narrow(self) -> None:
        if self._mode == "narrow":
            was_over = self._is_laid_over
            self._show_parts()
            self.left.setVisible(was_over)

    def _lay_over(self) -> None:
        edge = self.left_strip.sizeHint().width() if self.left_strip.isHidden() else self.left_strip.width()
        width = min(theme.scaled(_LAID_OVER), self.width() - edge)
        self.left.setGeometry(edge, 0, width, self.height())
        self.left.show()
        self.left.raise_()

    def _enter(self, pane: QWidget) -> None:
        stop = first_stop(pane)
        if stop is not None:
            stop.setFocus(Qt.FocusReason.OtherFocusReason)

    @staticmethod
    def _holds_focus(pane: QWidget) -> bool:
        focused = QApplication.focusWidget()
        return focused is not None and pane.isAncestorOf(focused)

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, _before: QWidget | None, now: QWidget | None) -> None:
        if self._is_laid_over and now is not None:
            elsewhere = any(pane is now or pane.isAncestorOf(now) for pane in (self.middle, self.right))
            if elsewhere:
                self.fold_left()
