"""List the commands that belong to the window itself."""

import functools
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.ui import theme
from app.ui.shell.actions import EVERYWHERE, Command
from app.ui.shell.page import PageSpec

if TYPE_CHECKING:
    from app.ui.shell.main_window import MainWindow

PALETTE, HELP, ABOUT, QUIT = "shell.palette", "shell.help", "shell.about", "shell.quit"
BACK, FORWARD = "shell.back", "shell.forward"
LOCK, LOCK_SCREEN = "shell.lock", "shell.lock_screen"
_GO = "shell.go."
# Option types characters on macOS, so panes take the real Control key there.
_PANE_KEY = "Meta" if sys.platform == "darwin" else "Alt"


def go_id(page_id: str) -> str:
    """Return the id of the command that opens a page."""
    return _GO + page_id


def go_command(window: "MainWindow", spec: PageSpec) -> Command:
    """Make the command that opens one page."""
    return Command(
        id=go_id(spec.id),
        text=_translate("Go to {page}").format(page=spec.title),
        run=functools.partial(window.go, spec.id),
        shortcuts=(spec.shortcut,) if spec.shortcut else (),
        list_shortcuts=(f"G, {spec.chord}",) if spec.chord else (),
        icon=spec.icon,
    )


def window_commands(window: "MainWindow") -> list[Command]:
    """Make every command of the window, without those of pages."""
    return [
        *_finding(window),
        *_moving(window),
        *_text_size(),
        *_locking(window),
        Command(ABOUT, _translate("About MI Desk"), window.show_about, icon="info"),
        Command(QUIT, _translate("Quit"), window.close, ("Ctrl+Q",), icon="log-out"),
    ]


def _finding(window: "MainWindow") -> list[Command]:
    return [
        Command(PALETTE, _translate("Find or do"), window.show_palette, ("Ctrl+K",), icon="search"),
        Command(
            HELP,
            _translate("Keys of this page"),
            window.show_help,
            ("F1",),
            list_shortcuts=("?",),
            icon="keyboard",
        ),
    ]


def _moving(window: "MainWindow") -> list[Command]:
    panes = [
        Command(
            f"shell.pane{number}",
            _translate("Go to pane {n}").format(n=number),
            functools.partial(window.enter_pane, number),
            (f"{_PANE_KEY}+{number}",),
            enabled_reason=functools.partial(window.why_no_pane, number),
        )
        for number in (1, 2, 3)
    ]
    return [
        Command(
            "shell.primary",
            _translate("Next step of this page"),
            window.run_primary,
            ("Ctrl+Return", "Ctrl+Enter"),
            icon="arrow-right",
            enabled_reason=window.why_no_primary,
        ),
        Command(
            BACK,
            _translate("Back"),
            window.go_back,
            ("Alt+Left",),
            icon="arrow-left",
            enabled_reason=window.why_no_back,
        ),
        Command(
            FORWARD,
            _translate("Forward"),
            window.go_forward,
            ("Alt+Right",),
            icon="arrow-right",
            enabled_reason=window.why_no_forward,
        ),
        Command("shell.next_pane", _translate("Next pane"), functools.partial(window.cycle_pane, 1), ("F6",)),
        Command(
            "shell.previous_pane",
            _translate("Previous pane"),
            functools.partial(window.cycle_pane, -1),
            ("Shift+F6",),
        ),
        *panes,
    ]


def _text_size() -> list[Command]:
    return [
        Command(
            "shell.text_larger",
            _translate("Larger text"),
            functools.partial(_step_text, 1),
            ("Ctrl++", "Ctrl+="),
        ),
        Command(
            "shell.text_smaller", _translate("Smaller text"), functools.partial(_step_text, -1), ("Ctrl+-",)
        ),
        Command(
            "shell.text_usual",
            _translate("Usual text size"),
            functools.partial(theme.set_text_factor, 1.0),
            ("Ctrl+0",),
        ),
    ]


def _locking(window: "MainWindow") -> list[Command]:
    if not window.can_lock:
        return []
    return [
        Command(LOCK, _translate("Lock now"), window.lock_now, ("Ctrl+Shift+L",), icon="lock"),
        Command(LOCK_SCREEN, _translate("Lock the screen"), window.lock_screen, icon="eye-off"),
    ]


def _step_text(by: int) -> None:
    factors = theme.TEXT_FACTORS
    nearest = min(range(len(factors)), key=lambda at: abs(factors[at] - theme.text_factor()))
    theme.set_text_factor(factors[max(0, min(len(factors) - 1, nearest + by))])


def menu_ids() -> list[str]:
    """Return the commands of the menu under the mark."""
    return [PALETTE, BACK, FORWARD, "", "sync.now", LOCK, LOCK_SCREEN, "", HELP, ABOUT, QUIT]


def is_window_command(command: Command) -> bool:
    """Tell whether a command works on every page."""
    return command.context == EVERYWHERE


def _translate(text: str) -> str:
    return QCoreApplication.translate("window_commands", text)
