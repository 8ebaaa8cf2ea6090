"""Keep every command of the program in one registry.

Menus, the palette, tooltips and the help page are all made from it, so a key is written down once.
"""

import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import shiboken6
from PySide6.QtCore import QKeyCombination, QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QWidget

from app.ui import theme

EVERYWHERE = "everywhere"
LIST = "list"
LETTER = "letter"
_LIST_OF = ":list"
_NATIVE = QKeySequence.SequenceFormat.NativeText
_FIRST_UNPRINTABLE_KEY = 0x01000000


def list_of(page_id: str) -> str:
    """Name the context of the lists of one page."""
    return page_id + _LIST_OF


def always() -> str | None:
    """Give no reason against the command, ever."""
    return None


@dataclass(frozen=True, slots=True)
class Command:
    """Describe one thing the user can do and its keys.

    `list_shortcuts` work in lists only, besides the shortcuts of the context; `own_keys` are bound by a
    widget itself and only shown.
    """

    id: str
    text: str
    run: Callable[[], object]
    shortcuts: tuple[str, ...] = ()
    list_shortcuts: tuple[str, ...] = ()
    icon: str = ""
    context: str = EVERYWHERE
    enabled_reason: Callable[[], str | None] = always
    own_keys: tuple[str, ...] = ()

    @property
    def key_text(self) -> str:
        """Write the first shortcut as this system writes keys."""
        keys = self.shortcuts or self.list_shortcuts or self.own_keys
        return QKeySequence(keys[0]).toString(_NATIVE) if keys else ""

    @property
    def keycaps(self) -> str:
        """Write the first shortcut as key caps take it."""
        keys = self.shortcuts or self.list_shortcuts or self.own_keys
        return keys[0].replace(", ", " ").replace("Return", "Enter") if keys else ""


class ShortcutTakenError(ValueError):
    """Two commands want one shortcut in contexts that meet."""


class Registry(QObject):
    """Own one action per command and attach them to widgets."""

    started = Signal(str)
    refused = Signal(str, str)
    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._commands: dict[str, Command] = {}
        self._actions: dict[str, QAction] = {}
        self._widgets: dict[str, weakref.WeakSet[QWidget]] = {}
        self._list_keys: list[tuple[str, QShortcut]] = []
        self._has_single_letters = True
        self._is_suspended = False

    def add(self, command: Command) -> QAction:
        """Register a command, or bind a known id anew."""
        known = self._commands.get(command.id)
        if known is not None and known.context != command.context:
            raise ValueError(f"{command.id} moved from {known.context} to {command.context}")
        self._refuse_taken_shortcuts(command)
        self._commands[command.id] = command
        action = self._actions.get(command.id)
        if action is None:
            action = self._make_action(command)
            for widget in self._attached(LIST):
                self._add_list_keys(command, widget)
        self._dress(action, command)
        self.changed.emit()
        return action

    def extend(self, commands: Iterable[Command]) -> None:
        """Register several commands in the given order."""
        for command in commands:
            self.add(command)

    def remove(self, command_id: str) -> None:
        """Forget a command together with its action, if known."""
        if self._commands.pop(command_id, None) is None:
            return
        action = self._actions.pop(command_id)
        for shortcut in self._keys_of(command_id):
            shortcut.setEnabled(False)
            shortcut.deleteLater()
        for context in self._widgets:
            for widget in self._attached(context):
                widget.removeAction(action)
        action.deleteLater()
        self.changed.emit()

    def attach(self, context: str, widget: QWidget) -> None:
        """Let the shortcuts of a context work inside this widget."""
        if widget in self._attached(context):
            return
        self._widgets.setdefault(context, weakref.WeakSet()).add(widget)
        for command in self._commands.values():
            if command.context == context:
                widget.addAction(self._actions[command.id])
            if context == LIST:
                self._add_list_keys(command, widget)

    def action(self, command_id: str) -> QAction:
        """Return the one action of a command."""
        return self._actions[command_id]

    def command(self, command_id: str) -> Command:
        """Return a command by its id."""
        return self._commands[command_id]

    def __contains__(self, command_id: str) -> bool:
        return command_id in self._commands

    def commands(self, *contexts: str) -> Iterator[Command]:
        """Yield the commands of these contexts, or all of them."""
        for command in self._commands.values():
            if not contexts or command.context in contexts:
                yield command

    def reason(self, command_id: str) -> str | None:
        """Say why a command is not allowed now, if so."""
        return self._commands[command_id].enabled_reason()

    def run(self, command_id: str) -> bool:
        """Run a command, or tell listeners why it was refused."""
        command = self._commands[command_id]
        if self._is_suspended:
            return False
        reason = command.enabled_reason()
        if reason is not None:
            self.refused.emit(command.text, reason)
            return False
        self.started.emit(command_id)
        command.run()
        return True

    def tooltip(self, command_id: str) -> str:
        """Write the tooltip of a button that runs this command."""
        return _tooltip(self._commands[command_id])

    def menu(self, command_ids: Sequence[str], parent: QWidget) -> QMenu:
        """Build a menu; an empty id makes a separator."""
        menu = QMenu(parent)
        for command_id in command_ids:
            if not command_id:
                menu.addSeparator()
            elif command_id in self._actions:
                menu.addAction(self._actions[command_id])
        return menu

    def set_single_letters(self, are_on: bool) -> None:
        """Switch the shortcuts made of plain letters on or off."""
        self._has_single_letters = are_on
        for command in self._commands.values():
            self._dress(self._actions[command.id], command)
            for shortcut in self._keys_of(command.id):
                shortcut.setEnabled(are_on or not is_single_letter(shortcut.key()))

    def set_suspended(self, is_suspended: bool) -> None:
        """Refuse every command silently while the window is locked."""
        self._is_suspended = is_suspended
        for action in self._actions.values():
            action.setEnabled(not is_suspended)

    def _refuse_taken_shortcuts(self, command: Command) -> None:
        for other in self._commands.values():
            if other.id == command.id:
                continue
            taken = shared_keys(command, other)
            if taken:
                raise ShortcutTakenError(f"{command.id} and {other.id} both use {', '.join(sorted(taken))}")

    def _add_list_keys(self, command: Command, widget: QWidget) -> None:
        for text in command.list_shortcuts:
            shortcut = QShortcut(QKeySequence(text), widget)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.setEnabled(self._has_single_letters or not is_single_letter(shortcut.key()))
            shortcut.setObjectName(command.id)
            shortcut.activated.connect(self._on_triggered)
            self._list_keys.append((command.id, shortcut))

    def _keys_of(self, command_id: str) -> list[QShortcut]:
        self._list_keys = [entry for entry in self._list_keys if shiboken6.isValid(entry[1])]
        return [shortcut for owner, shortcut in self._list_keys if owner == command_id]

    def _make_action(self, command: Command) -> QAction:
        action = QAction(self)
        action.setObjectName(command.id)
        scopes = Qt.ShortcutContext
        is_global = command.context == EVERYWHERE
        action.setShortcutContext(scopes.WindowShortcut if is_global else scopes.WidgetWithChildrenShortcut)
        action.setEnabled(not self._is_suspended)
        action.triggered.connect(self._on_triggered)
        self._actions[command.id] = action
        for widget in self._attached(command.context):
            widget.addAction(action)
        return action

    def _dress(self, action: QAction, command: Command) -> None:
        action.setText(command.text)
        action.setToolTip(_tooltip(command))
        if command.icon:
            theme.set_icon(action, command.icon)
        sequences = [QKeySequence(text) for text in command.shortcuts]
        if not self._has_single_letters:
            sequences = [sequence for sequence in sequences if not is_single_letter(sequence)]
        action.setShortcuts(sequences)

    @Slot()
    def _on_triggered(self) -> None:
        # Both actions and the keys of lists carry the id of their command as their name.
        self.run(self.sender().objectName())

    def _attached(self, context: str) -> list[QWidget]:
        # Weak, so that a dropped page leaves memory; its shell may outlive what Qt held for it.
        return [widget for widget in self._widgets.get(context, ()) if shiboken6.isValid(widget)]


def shared_keys(one: Command, other: Command) -> set[str]:
    """Return the keys both commands would answer at once."""
    taken: set[str] = set()
    for here, keys in ((one.context, one.shortcuts), (LIST, one.list_shortcuts)):
        for there, others in ((other.context, other.shortcuts), (LIST, other.list_shortcuts)):
            if contexts_meet(here, there):
                taken |= _portable(keys) & _portable(others)
    return taken


def contexts_meet(one: str, other: str) -> bool:
    """Tell whether two contexts can be active at once."""
    if one == other or EVERYWHERE in (one, other):
        return True
    for here, there in ((one, other), (other, one)):
        if here == LIST and there != LETTER:
            return True
        if here == LETTER and there != LIST and not there.endswith(_LIST_OF):
            return True
        if there == here + _LIST_OF:
            return True
    return False


def is_single_letter(sequence: QKeySequence) -> bool:
    """Tell whether a shortcut begins with an unmodified printable key."""
    # The stub of QKeySequence has no __getitem__; the class has.
    first: QKeyCombination = sequence[0]  # type: ignore[index] # see above
    strong = first.keyboardModifiers() & ~Qt.KeyboardModifier.ShiftModifier
    return strong == Qt.KeyboardModifier.NoModifier and first.key() < _FIRST_UNPRINTABLE_KEY


def _tooltip(command: Command) -> str:
    return f"{command.text} ({command.key_text})" if command.key_text else command.text


def _portable(shortcuts: Sequence[str]) -> set[str]:
    portable = QKeySequence.SequenceFormat.PortableText
    return {QKeySequence(text).toString(portable) for text in shortcuts}
