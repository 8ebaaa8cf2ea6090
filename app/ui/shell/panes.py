"""Move the keyboard from pane to pane, as F6 does."""

import weakref
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget


class PaneCycle:
    """Remember where the keyboard was in each pane."""

    def __init__(self) -> None:
        self._last: weakref.WeakKeyDictionary[QWidget, weakref.ref[QWidget]] = weakref.WeakKeyDictionary()

    def step(self, panes: Sequence[QWidget], by: int) -> bool:
        """Go to the next pane that can take the keyboard."""
        focused = QApplication.focusWidget()
        at = next((n for n, pane in enumerate(panes) if _holds(pane, focused)), -1 if by > 0 else 0)
        if focused is not None and 0 <= at < len(panes) and _holds(panes[at], focused):
            self._last[panes[at]] = weakref.ref(focused)
        return any(self.enter(panes[(at + by * far) % len(panes)]) for far in range(1, len(panes) + 1))

    def enter(self, pane: QWidget) -> bool:
        """Put the keyboard where it was in this pane, or first."""
        remembered = self._last.get(pane)
        last = remembered() if remembered is not None else None
        target = last if last is not None and _can_focus(pane, last) else first_stop(pane)
        if target is None:
            return False
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return True


def first_stop(pane: QWidget) -> QWidget | None:
    """Return the first widget of a pane that takes the Tab key."""
    if not pane.isVisible():
        return None
    if _can_focus(pane, pane):
        return pane
    stops = [child for child in pane.findChildren(QWidget) if _can_focus(pane, child)]
    if not stops:
        return None
    # The focus chain is the reading order of the page; the order of children is not.
    walker = pane.nextInFocusChain()
    while walker is not None and walker is not pane:
        if walker in stops:
            return walker
        walker = walker.nextInFocusChain()
    return stops[0]


def _can_focus(pane: QWidget, widget: QWidget) -> bool:
    takes_tab = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return takes_tab and widget.isEnabled() and widget.isVisible() and _holds(pane, widget)


def _holds(pane: QWidget, widget: QWidget | None) -> bool:
    return widget is not None and (widget is pane or pane.isAncestorOf(widget))
