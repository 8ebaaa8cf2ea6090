"""Every action of the letter with its keys; tool bar, palette and help are made from this one list."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction, QKeySequence

from app.ui.letters.special_signs import NO_BREAK_HYPHEN, NO_BREAK_SPACE
from app.ui.shell.actions import Command

if TYPE_CHECKING:
    from app.ui.letters.view import LetterView

_GROUP = "letter."


@dataclass(frozen=True, slots=True)
class Step:
    """One action: its name, words and keys, and whether its keys work beside the text too."""

    name: str
    text: str
    keys: tuple[str, ...] = ()
    icon: str = ""
    is_wide: bool = False


def steps() -> tuple[Step, ...]:
    """List every action of a letter."""
    return (
        Step("undo", _words("Undo"), (), "undo-2"),
        Step("redo", _words("Redo"), (), "redo-2"),
        Step("bold", _words("Bold"), ("Ctrl+B",), "bold"),
        Step("italic", _words("Italic"), ("Ctrl+I",), "italic"),
        Step("super", _words("Superscript"), ("Ctrl+Shift++",), "superscript"),
        Step("list", _words("List"), ("Ctrl+Shift+8",), "list"),
        Step("cite", _words("Cite"), ("Ctrl+Shift+C",), "quote"),
        Step("unlock", _words("Change this block"), ("F2",), "pencil-line"),
        Step("restore", _words("Restore the approved wording"), ("Ctrl+Shift+R",), "rotate-ccw"),
        Step("up", _words("Move the block up"), ("Alt+Up",), "arrow-up"),
        Step("down", _words("Move the block down"), ("Alt+Down",), "arrow-down"),
        Step("words", _words("Show word changes"), ("F9",), "file-diff"),
        Step("source", _words("Open the source of this block"), ("Ctrl+J",), "book-open-text"),
        Step("plain", _words("Paste as plain text"), ("Ctrl+Shift+V",), "copy"),
        Step("find", _words("Find in the letter"), ("Ctrl+F",), "search", is_wide=True),
        Step("replace", _words("Find and replace in the letter"), ("Ctrl+H",), "text-search", is_wide=True),
        Step("next", _words("Next match"), ("F3",), "chevron-down", is_wide=True),
        Step("previous", _words("Previous match"), ("Shift+F3",), "chevron-up", is_wide=True),
        Step("signs", _words("Special signs"), ("Alt+S",), "omega"),
        Step("space", _words("Non-breaking space"), ("Ctrl+Shift+Space",)),
        # With Shift most keyboards send the underscore in place of the hyphen.
        Step("hyphen", _words("Non-breaking hyphen"), ("Ctrl+Shift+-", "Ctrl+Shift+_", "Ctrl+_")),
    )


def make_actions(view: "LetterView", *, binds_keys: bool) -> dict[str, QAction]:
    """Make an action of each, whose keys work in the text, and of some in the whole view."""
    runs = _runs(view)
    return {step.name: _action(view, step, runs[step.name], binds_keys=binds_keys) for step in steps()}


def letter_commands(letter: Callable[[], "LetterView | None"], context: str) -> list[Command]:
    """Make the commands by which palette and help page know the actions of the letter on screen.

    The letter binds its keys itself, so these only show them.
    """

    def why_not() -> str | None:
        return None if letter() is not None else _words("No letter is open here.")

    def run(name: str) -> None:
        view = letter()
        if view is not None:
            view.focus_caret()
            view.actions_by_name[name].trigger()

    return [
        Command(
            _GROUP + step.name,
            step.text,
            partial(run, step.name),
            icon=step.icon,
            context=context,
            enabled_reason=why_not,
            own_keys=step.keys,
        )
        for step in steps()
    ]


def _runs(view: "LetterView") -> Mapping[str, Callable[[], object]]:
    editor, bar = view.editor, view.find_bar
    return {
        "undo": editor.undo,
        "redo": editor.redo,
        "bold": lambda: editor.toggle("strong"),
        "italic": lambda: editor.toggle("emphasis"),
        "super": lambda: editor.toggle("super"),
        "list": editor.toggle_list,
        "cite": view.cite_box.begin,
        "unlock": editor.unlock,
        "restore": editor.restore,
        "up": lambda: editor.move_block(-1),
        "down": lambda: editor.move_block(1),
        "words": view.toggle_words,
        "source": view.ask_source,
        "plain": editor.paste_plain,
        "find": bar.open,
        "replace": lambda: bar.open(replaces=True),
        "next": lambda: bar.step(1),
        "previous": lambda: bar.step(-1),
        "signs": view.special_signs.begin,
        "space": lambda: editor.type_text(NO_BREAK_SPACE),
        "hyphen": lambda: editor.type_text(NO_BREAK_HYPHEN),
    }


def _action(view: "LetterView", step: Step, run: Callable[[], object], *, binds_keys: bool) -> QAction:
    action = QAction(step.text, view)
    action.setToolTip(f"{step.text} ({step.keys[0]})" if step.keys else step.text)
    if step.keys and binds_keys:
        action.setShortcuts([QKeySequence(key) for key in step.keys])
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    action.triggered.connect(lambda _checked=False: run())
    view.editor.addAction(action)
    if step.is_wide:
        view.addAction(action)
    return action


def _words(text: str) -> str:
    return QCoreApplication.translate("letter", text)
