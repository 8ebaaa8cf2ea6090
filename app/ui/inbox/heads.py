"""The heads above the list: what the columns are and how they sort."""

from typing import Final, get_args

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QMenu, QPushButton, QSizePolicy, QStyle, QWidget

from app.services.intake.queries import Sort
from app.ui import theme
from app.ui.inbox.columns import CHOOSABLE, USUAL, columns
from app.ui.inbox.list_view import InboxList
from app.ui.widgets import focus_ring, rounded
from app.ui.widgets.painting import text_width

_HEIGHT: Final = 30
_PAD: Final = 4
_MARK: Final = 12
_SORTS: Final[dict[str, Sort]] = {"due": "due", "received": "received", "state": "state", "owner": "owner"}


class HeadButton(QPushButton):
    """A grey word over a column, with the mark of its order."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._mark = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.set_font(self, "badge", weight=500)

    def show_mark(self, icon: str) -> None:
        """Show an arrow behind the word, or none."""
        self._mark = icon
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Fit word and mark at the text size in use."""
        width = text_width(theme.font("badge", weight=500), self.text()) + 2 * theme.scaled(_PAD)
        mark = theme.scaled(_MARK) + theme.scaled(_PAD) if self._mark else 0
        return QSize(width + mark, theme.scaled(theme.HEIGHT.smallest_target))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint it in the colours of the theme."""
        with QPainter(self) as painter:
            radius = theme.scaled(theme.RADIUS.chip)
            if self.underMouse():
                rounded(painter, self.rect(), radius, fill=theme.color("bg.hover"))
            if self.hasFocus():
                focus_ring(painter, self.rect(), radius)
            painter.setFont(self.font())
            painter.setPen(theme.color("text.1" if self.underMouse() else "text.2"))
            pad, mark = theme.scaled(_PAD), theme.scaled(_MARK)
            words = self.rect().adjusted(pad, 0, -pad - (mark + pad if self._mark else 0), 0)
            picture = QRect(self.width() - pad - mark, (self.height() - mark) // 2, mark, mark)
            direction = self.layoutDirection()
            side = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading
            painter.drawText(QStyle.visualRect(direction, self.rect(), words), side, self.text())
            if self._mark:
                icon = theme.pixmap(self._mark, "text.2", mark, self.devicePixelRatioF())
                painter.drawPixmap(QStyle.visualRect(direction, self.rect(), picture).topLeft(), icon)


class ColumnHeads(QFrame):
    """Question, Safety, Due and Owner; a click sorts, again turns it round."""

    sort_chosen = Signal(str, bool)
    columns_chosen = Signal(object)

    def __init__(self, view: InboxList, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self._sort: Sort = "due"
        self._is_descending = False
        self.setProperty("surface", "header")
        self._question = self._make_button(self.tr("Question"))
        self._safety = HeadButton(self.tr("Safety"))
        self._buttons = {
            "due": self._make_button(self.tr("Due")),
            "received": self._make_button(self.tr("Received")),
            "state": self._make_button(self.tr("State")),
            "owner": self._make_button(self.tr("Owner")),
        }
        self._safety.setParent(self)
        # No index walks the rows by their safety clock, so this head is a word and no button.
        self._safety.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._safety.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._question.clicked.connect(self._on_question_clicked)
        for name, button in self._buttons.items():
            button.setObjectName(name)
            button.clicked.connect(self._on_column_clicked)
        theme.set_size(self, height=_HEIGHT)
        view.viewport().installEventFilter(self)
        theme.theme_signals.changed.connect(self.arrange)
        self.show_sort("due", is_descending=False)

    def sorts(self) -> dict[Sort, str]:
        """Return every order with its name."""
        names = (
            self.tr("Due time"),
            self.tr("Received"),
            self.tr("Number"),
            self.tr("Product"),
            self.tr("State"),
            self.tr("Owner"),
            self.tr("Urgency"),
        )
        return dict(zip(get_args(Sort), names, strict=True))

    def show_sort(self, sort: Sort, *, is_descending: bool) -> None:
        """Show by which column the rows are sorted."""
        self._sort, self._is_descending = sort, is_descending
        arrow = "arrow-down" if is_descending else "arrow-up"
        for name, button in self._buttons.items():
            button.show_mark(arrow if name == sort else "")
        is_elsewhere = sort not in _SORTS
        words = self.tr("Question, by {order}").format(order=self.sorts()[sort].lower())
        self._question.setText(words if is_elsewhere else self.tr("Question"))
        self._question.show_mark(arrow if is_elsewhere else "chevron-down")
        way = self.tr("descending") if is_descending else self.tr("ascending")
        said = self.tr("Sorted by {order}, {way}").format(order=self.sorts()[sort], way=way)
        self.setAccessibleDescription(said)
        self.arrange()

    def menu(self) -> QMenu:
        """Build the menu of every order."""
        menu = QMenu(self)
        group = QActionGroup(menu)
        for sort, name in self.sorts().items():
            action = menu.addAction(name)
            action.setCheckable(True)
            action.setChecked(sort == self._sort)
            action.setData(sort)
            group.addAction(action)
        group.triggered.connect(self._on_sort_chosen)
        menu.addSection(self.tr("Columns"))
        shown = self._view.delegate.columns or USUAL
        for name, title in self.column_names().items():
            action = menu.addAction(title)
            action.setCheckable(True)
            action.setChecked(name in shown)
            action.setData(name)
            action.toggled.connect(self._on_column_toggled)
        return menu

    def column_names(self) -> dict[str, str]:
        """Return every column that can be shown with its name."""
        names = (
            self.tr("Safety"),
            self.tr("Due"),
            self.tr("Received"),
            self.tr("State"),
            self.tr("Owner"),
        )
        return dict(zip(CHOOSABLE, names, strict=True))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the width of the rows, which a scroll bar narrows."""
        if event.type() == QEvent.Type.Resize:
            self.arrange()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the heads over their columns."""
        super().resizeEvent(event)
        self.arrange()

    def arrange(self) -> None:
        """Put each head where its column begins."""
        shown = self._view.delegate.columns
        parts, height = columns(self._view.viewport().width(), shown), self.height() - 1
        pad, chip_pad = theme.scaled(4), theme.scaled(theme.SPACE.s)
        self._put(self._question, parts.words - pad, height)
        heads: dict[str, tuple[QWidget, int]] = {"safety": (self._safety, chip_pad - pad)}
        heads |= {"due": (self._buttons["due"], chip_pad - pad)}
        heads |= {name: (self._buttons[name], -pad) for name in ("received", "state")}
        heads |= {"owner": (self._buttons["owner"], -theme.scaled(8))}
        for name, (head, inset) in heads.items():
            head.setVisible(parts.has(name))
            if parts.has(name):
                self._put(head, int(getattr(parts, name)) + inset, height)
        self._question.raise_()

    def _put(self, widget: QWidget, left: int, height: int) -> None:
        tall = min(height, theme.scaled(theme.HEIGHT.smallest_target))
        shape = QRect(left, (height - tall) // 2, widget.sizeHint().width(), tall)
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            shape.moveLeft(self.width() - shape.right())
        widget.setGeometry(shape)

    def _make_button(self, text: str) -> "HeadButton":
        button = HeadButton(text)
        button.setParent(self)
        button.setAccessibleName(self.tr("Sort by {column}").format(column=text.lower()))
        return button

    def _on_column_clicked(self) -> None:
        sort = _SORTS[self.sender().objectName()]
        self.sort_chosen.emit(sort, not self._is_descending if sort == self._sort else False)

    def _on_column_toggled(self, is_shown: bool) -> None:
        action = self.sender()
        name = str(action.data()) if isinstance(action, QAction) else ""
        shown = set(self._view.delegate.columns or USUAL)
        self.columns_chosen.emit(
            [each for each in CHOOSABLE if (is_shown if each == name else each in shown)]
        )

    def _on_question_clicked(self) -> None:
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._question.mapToGlobal(QPoint(0, self._question.height())))

    def _on_sort_chosen(self, action: QAction) -> None:
        sort = str(action.data())
        # What came in last is wanted first; every other order begins at its least.
        usual = sort == "received"
        self.sort_chosen.emit(sort, not self._is_descending if sort == self._sort else usual)
