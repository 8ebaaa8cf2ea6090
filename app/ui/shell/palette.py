"""Find records and run commands from one field."""

import functools
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from app.errors import AppError
from app.services.jobs.context import JobContext
from app.ui import theme
from app.ui.jobs import JobHandle, JobRunner
from app.ui.shell.actions import EVERYWHERE, Registry
from app.ui.shell.command_search import command_items, find_commands
from app.ui.shell.overlay import Overlay
from app.ui.shell.overlay_list import OverlayList
from app.ui.shell.palette_model import ItemRole, PaletteAction, PaletteItem, PaletteModel, PaletteProvider
from app.ui.widgets.keycap import KeyCap
from app.ui.widgets.labels import divider, icon_label, text_label

COMMANDS, NUMBERS, PEOPLE, HELP, ANYTHING = ">", "#", "@", "?", " "
_PREFIXES = COMMANDS + NUMBERS + PEOPLE + HELP
_FEW_COMMANDS = 5
_MANY_COMMANDS = 60
_TYPING_PAUSE_MS = 15


class Palette(Overlay):
    """Be the command palette of the window (Ctrl+K)."""

    command_chosen = Signal(str)

    def __init__(self, window: QWidget, runner: JobRunner, registry: Registry) -> None:
        super().__init__(window)
        self._runner = runner
        self._registry = registry
        self._providers: list[PaletteProvider] = []
        self._contexts: Callable[[], Sequence[str]] = _only_everywhere
        self._open_contexts: Sequence[str] = (EVERYWHERE,)
        self._generation = 0
        self._jobs: list[JobHandle] = []
        self._found: dict[str, list[PaletteItem]] = {}
        self._actions_of: PaletteItem | None = None
        self._model = PaletteModel(self)
        self._build_field()
        self._build_list()
        self._build_foot()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_TYPING_PAUSE_MS)
        self._pause.timeout.connect(self._ask_providers)

    def add_provider(self, provider: PaletteProvider) -> None:
        """Ask this provider too; groups keep the order of adding."""
        self._providers.append(provider)

    def set_contexts(self, contexts: Callable[[], Sequence[str]]) -> None:
        """Take the contexts whose commands are listed when it opens."""
        self._contexts = contexts

    def open_with(self, text: str = "") -> None:
        """Open with a text, for instance a prefix."""
        self._open_contexts = self._contexts()
        self._actions_of = None
        self._found.clear()
        self.field.setText(text)
        self._search()
        self.open()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def dismiss(self) -> None:
        """Close, stop searching and let go of what was found."""
        self._forget_answers()
        self._found.clear()
        self._actions_of = None
        super().dismiss()
        self._model.show_groups([], "")
        self.field.clear()

    def wanted_height(self, room: int) -> int:
        """Fit the rows found, within the room."""
        lines = 4 * theme.line_width()
        around = self._head.sizeHint().height() + self._foot.sizeHint().height() + lines + 2 * theme.SPACE.xs
        has_rows = self._model.rowCount() > 0
        inner = self.list.rows_height() if has_rows else self.nothing_label.sizeHint().height()
        return min(room, around + inner + theme.SPACE.s)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Lead the keys of the field to the list."""
        if watched is self.field and isinstance(event, QKeyEvent):
            is_override = event.type() == QEvent.Type.ShortcutOverride
            if is_override and _is_enter(event):
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress and self._take_key(event):
                return True
        return super().eventFilter(watched, event)

    def current_item(self) -> PaletteItem | None:
        """Return the item under the selection."""
        return self._model.item_at(self.list.currentIndex().row())

    def _build_field(self) -> None:
        self._head = QWidget(self.card)
        row = QHBoxLayout(self._head)
        row.setContentsMargins(theme.SPACE.xl, theme.SPACE.l, theme.SPACE.l, theme.SPACE.l)
        row.setSpacing(theme.SPACE.l - 2)
        self.field = QLineEdit(self._head)
        self.field.setProperty("v", "bare")
        theme.set_font(self.field, "page_title", weight=400)
        self.field.setPlaceholderText(self.tr("Find an inquiry, a response, a paper or a command"))
        self.field.setAccessibleName(self.tr("Find or do"))
        self.field.textEdited.connect(self._on_text_edited)
        self.field.installEventFilter(self)
        row.addWidget(icon_label("search", "text.2", 20))
        row.addWidget(self.field, 1)
        row.addWidget(KeyCap("Esc", self._head))
        self.column.addWidget(self._head)
        self.column.addWidget(divider())

    def _build_list(self) -> None:
        self.nothing_label = text_label(tone="text.2", wraps=True)
        self.nothing_label.setContentsMargins(theme.SPACE.xl, theme.SPACE.l, theme.SPACE.xl, theme.SPACE.l)
        self.list = OverlayList(self._model, self.tr("What was found"), self.card)
        self.list.clicked.connect(self._on_clicked)
        self.column.addSpacing(theme.SPACE.xs)
        self.column.addWidget(self.nothing_label)
        self.column.addWidget(self.list, 1)
        self.column.addSpacing(theme.SPACE.xs)

    def _build_foot(self) -> None:
        self.column.addWidget(divider())
        self._foot = QWidget(self.card)
        row = QHBoxLayout(self._foot)
        row.setContentsMargins(theme.SPACE.l, theme.SPACE.s + 2, theme.SPACE.l, theme.SPACE.s + 2)
        row.setSpacing(theme.SPACE.xs)
        for cap, words in self._prefix_words():
            _add_hint(row, self._foot, (cap,), words)
        row.addStretch(1)
        _add_hint(row, self._foot, ("\u2191", "\u2193"), self.tr("choose"))
        _add_hint(row, self._foot, ("Tab",), self.tr("more actions"))
        self.column.addWidget(self._foot)

    def _prefix_words(self) -> tuple[tuple[str, str], ...]:
        return (
            (COMMANDS, self.tr("commands")),
            (NUMBERS, self.tr("number")),
            (PEOPLE, self.tr("people")),
            (HELP, self.tr("help")),
        )

    def _mode_and_query(self) -> tuple[str, str]:
        text = self.field.text().lstrip()
        if text[:1] and text[0] in _PREFIXES:
            return text[0], text[1:].strip()
        return ANYTHING, text.strip()

    def _search(self) -> None:
        self._forget_answers()
        mode, query = self._mode_and_query()
        asked = {provider.group for provider in self._asked(mode, query)}
        self._found = {group: items for group, items in self._found.items() if group in asked}
        self._show()
        if asked:
            self._pause.start()

    def _asked(self, mode: str, query: str) -> list[PaletteProvider]:
        return [provider for provider in self._providers if query and mode in provider.prefixes]

    def _forget_answers(self) -> None:
        self._generation += 1
        self._pause.stop()
        for job in self._jobs:
            job.cancel()
        self._jobs.clear()

    def _ask_providers(self) -> None:
        mode, query = self._mode_and_query()
        for provider in self._asked(mode, query):
            job = self._runner.run_query(
                functools.partial(_find, provider, query),
                on_done=functools.partial(self._on_found, self._generation, provider.group),
                on_failed=functools.partial(self._on_find_failed, self._generation, provider.group),
                owner=self,
            )
            self._jobs.append(job)

    def _on_found(self, generation: int, group: str, items: list[PaletteItem]) -> None:
        if generation != self._generation:
            return
        self._found[group] = items
        if self._actions_of is None:
            self._show()

    def _on_find_failed(self, generation: int, group: str, error: AppError) -> None:
        sentence = str(error) or self.tr("This could not be searched.")
        item = PaletteItem(title=group, run=_do_nothing, icon="triangle-alert", reason=sentence)
        self._on_found(generation, group, [item])

    def _show(self) -> None:
        mode, query = self._mode_and_query()
        before = self.current_item()
        groups = [(provider.group, self._found.get(provider.group, [])) for provider in self._providers]
        groups.append(self._command_group(mode, query))
        self._fill(groups, query, keep=before)

    def _command_group(self, mode: str, query: str) -> tuple[str, list[PaletteItem]]:
        if mode in (NUMBERS, PEOPLE):
            return "", []
        commands = self._registry.commands(*self._open_contexts)
        if mode == HELP:
            commands = (command for command in commands if command.key_text)
        is_many = mode != ANYTHING or not query
        found = find_commands(commands, query)[: _MANY_COMMANDS if is_many else _FEW_COMMANDS]
        heading = self.tr("Keys") if mode == HELP else self.tr("Do")
        return heading, command_items(self._registry, found, self._registry.run)

    def _fill(
        self, groups: Sequence[tuple[str, Sequence[PaletteItem]]], query: str, keep: PaletteItem | None = None
    ) -> None:
        self._model.show_groups(groups, query)
        rows = range(self._model.rowCount())
        kept = [row for row in rows if keep is not None and _is_same(self._model.item_at(row), keep)]
        self._select(kept[0] if kept and self._was_moved else self._model.next_item_row(-1, 1))
        has_rows = self._model.rowCount() > 0
        self.nothing_label.setText(self.tr("Nothing matches \u201c{query}\u201d.").format(query=query))
        self.nothing_label.setVisible(not has_rows)
        self.list.setVisible(has_rows)
        self.place_card()
        self.update()

    _was_moved = False

    def _select(self, row: int) -> None:
        index = self._model.index(row, 0) if row >= 0 else QModelIndex()
        self.list.setCurrentIndex(index)
        item = self._model.item_at(row)
        # The list never has the focus, so a screen reader hears the row through the field.
        self.field.setAccessibleDescription(item.spoken if item is not None else "")

    def _take_key(self, event: QKeyEvent) -> bool:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        key = Qt.Key(event.key())
        if key in steps:
            self._was_moved = True
            self._select(self._model.next_item_row(self.list.currentIndex().row(), steps[key]))
        elif key == Qt.Key.Key_Escape:
            self._step_out()
        elif _is_enter(event):
            self._run_current(other=bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self._show_actions()
        else:
            return False
        return True

    def _step_out(self) -> None:
        if self._actions_of is None:
            self.dismiss()
        else:
            self._actions_of = None
            self._show()

    def _show_actions(self) -> None:
        item = self.current_item()
        if item is None or not item.actions or self._actions_of is not None:
            return
        self._actions_of = item
        rows = [_as_item(action) for action in item.actions]
        self._fill([(item.title, rows)], "")

    def _run_current(self, *, other: bool = False) -> None:
        item = self.current_item()
        if item is None:
            return
        if item.reason is not None:
            self._registry.refused.emit(item.title, item.reason)
            return
        run = item.actions[0].run if other and item.actions else item.run
        self.dismiss()
        run()

    def _on_text_edited(self) -> None:
        self._actions_of = None
        self._was_moved = False
        self._search()

    def _on_clicked(self, index: QModelIndex) -> None:
        if isinstance(index.data(ItemRole), PaletteItem):
            self._select(index.row())
            self._run_current()


def _find(provider: PaletteProvider, query: str, _job: JobContext) -> list[PaletteItem]:
    return provider.find(query)


def _as_item(action: PaletteAction) -> PaletteItem:
    return PaletteItem(
        title=action.text, run=action.run, icon=action.icon or "chevron-right", keys=action.keys
    )


def _is_same(item: PaletteItem | None, other: PaletteItem) -> bool:
    return item is not None and (item.title, item.subtitle) == (other.title, other.subtitle)


def _is_enter(event: QKeyEvent) -> bool:
    return event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def _only_everywhere() -> Sequence[str]:
    return (EVERYWHERE,)


def _do_nothing() -> None:
    """Be the action of a row that only informs."""


def _add_hint(row: QHBoxLayout, parent: QWidget, caps: Sequence[str], words: str) -> None:
    for cap in caps:
        row.addWidget(KeyCap(cap, parent))
    row.addWidget(text_label(words, role="secondary", tone="text.2"))
    row.addSpacing(theme.SPACE.s)
