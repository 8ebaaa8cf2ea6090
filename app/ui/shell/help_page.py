"""Show the keys that work on the page on screen."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from app.ui import theme
from app.ui.shell.actions import EVERYWHERE, LETTER, LIST, Registry
from app.ui.shell.command_search import command_items, find_commands
from app.ui.shell.overlay import Overlay
from app.ui.shell.overlay_list import OverlayList
from app.ui.shell.palette_model import PaletteItem, PaletteModel
from app.ui.widgets.keycap import KeyCap
from app.ui.widgets.labels import divider, text_label


class HelpPage(Overlay):
    """List keys by where they work, with a filter."""

    def __init__(self, window: QWidget, registry: Registry) -> None:
        super().__init__(window, width=600)
        self._registry = registry
        self._contexts: Sequence[str] = ()
        self._page_title = ""
        self._model = PaletteModel(self)
        self._build_head()
        self._build_list()

    def open_for(self, page_title: str, contexts: Sequence[str]) -> None:
        """Show the keys of these contexts under the page's title."""
        self._contexts = contexts
        self._page_title = page_title
        self.title_label.setText(
            self.tr("Keys: {page}").format(page=page_title) if page_title else self.tr("Keys")
        )
        self.filter_edit.clear()
        self._show("")
        self.open()
        self.filter_edit.setFocus(Qt.FocusReason.PopupFocusReason)

    def wanted_height(self, room: int) -> int:
        """Fit the keys, within the room."""
        return min(room, self._head.sizeHint().height() + self.list.rows_height() + theme.SPACE.xl)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Scroll the list from the filter; Esc clears, then closes."""
        if (
            watched is self.filter_edit
            and event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
        ):
            if event.key() == Qt.Key.Key_Escape and self.filter_edit.text():
                self.filter_edit.clear()
                return True
            if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                bar = self.list.verticalScrollBar()
                step = self.list.sizeHintForRow(0)
                bar.setValue(bar.value() + (step if event.key() == Qt.Key.Key_Down else -step))
                return True
        return super().eventFilter(watched, event)

    def _build_head(self) -> None:
        self._head = QWidget(self.card)
        row = QHBoxLayout(self._head)
        row.setContentsMargins(theme.SPACE.xl, theme.SPACE.m, theme.SPACE.l, theme.SPACE.m)
        row.setSpacing(theme.SPACE.m)
        self.title_label = text_label(role="case_title")
        self.filter_edit = QLineEdit(self._head)
        self.filter_edit.setPlaceholderText(self.tr("Filter"))
        self.filter_edit.setAccessibleName(self.tr("Filter the keys"))
        self.filter_edit.textChanged.connect(self._show)
        self.filter_edit.installEventFilter(self)
        row.addWidget(self.title_label)
        row.addWidget(self.filter_edit, 1)
        row.addWidget(KeyCap("Esc"))
        self.column.addWidget(self._head)
        self.column.addWidget(divider())

    def _build_list(self) -> None:
        self.list = OverlayList(self._model, self.tr("Keys"), self.card, is_choosable=False)
        self.column.addWidget(self.list, 1)
        self.column.addSpacing(theme.SPACE.s)

    def _show(self, text: str) -> None:
        self._model.show_groups(self._groups(text), text)
        self.place_card()
        self.update()

    def _groups(self, text: str) -> list[tuple[str, list[PaletteItem]]]:
        names = {
            EVERYWHERE: self.tr("Everywhere"),
            LIST: self.tr("In lists"),
            LETTER: self.tr("In the letter"),
        }
        groups: list[tuple[str, list[PaletteItem]]] = []
        for context in sorted(self._contexts, key=lambda each: each == EVERYWHERE):
            commands = [command for command in self._registry.commands(context) if command.key_text]
            heading = names.get(context, self._page_title)
            groups.append((heading, command_items(self._registry, find_commands(commands, text), _nothing)))
        return groups


def _nothing(_command_id: str) -> None:
    """Be the action of a row that is only read."""
