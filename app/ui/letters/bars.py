"""The bars above and below the paper: tools, shares, and what is known of the letter."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from app.models.letter_blocks import Shares
from app.ui import theme
from app.ui.widgets import Chip, ChipKind, divider, icon_label, text_label

_SHARES = (
    ("lock", "prov.verbatim", "Verbatim"),
    ("pencil-line", "prov.changed", "Changed"),
    ("pen-line", "prov.free", "Free text"),
)
_NAMED = "quote"
_STATES: dict[str, tuple[ChipKind, str]] = {
    "draft": ("neutral", "file-pen-line"),
    "in_review": ("accent", "eye"),
    "approved": ("ok", "circle-check"),
    "released": ("dashed", "badge-check"),
    "sent": ("ok", "send"),
}


class ToolBar(QWidget):
    """Buttons of the letter's actions, and the shares of its text."""

    def __init__(self, groups: Sequence[Sequence[tuple[QAction, str]]]) -> None:
        super().__init__()
        theme.set_size(self, height=theme.HEIGHT.second_bar)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(theme.SPACE.l, 0, theme.SPACE.l, 0)
        self._row.setSpacing(theme.SPACE.xs)
        for place, group in enumerate(groups):
            if place:
                self._row.addWidget(divider(vertical=True))
            for action, icon in group:
                self._row.addWidget(_tool(action, icon))
        self._row.addStretch(1)
        self._labels = [self._share(*look) for look in _SHARES]

    @property
    def shown(self) -> tuple[str, ...]:
        """The shares as they are written."""
        return tuple(label.text() for label in self._labels)

    def show_shares(self, shares: Shares) -> None:
        """Show how much of the answer is verbatim, changed and free."""
        parts = _percents((shares.verbatim, shares.changed, shares.free))
        for label, (_, _, name), part in zip(self._labels, _SHARES, parts, strict=True):
            label.setText(f"{name} {part}%")

    def _share(self, icon: str, token: str, name: str) -> QLabel:
        self._row.addSpacing(theme.SPACE.s)
        self._row.addWidget(icon_label(icon, token, 14))
        label = text_label(name, role="secondary", tone="text.2")
        self._row.addWidget(label)
        return label


class Foot(QFrame):
    """What is known of the letter as a whole, in one line."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("surface", "foot")
        theme.set_size(self, height=theme.HEIGHT.status_bar + 6)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE.l, 0, theme.SPACE.l, 0)
        row.setSpacing(theme.SPACE.l)
        self.state = Chip()
        self.saved = text_label(role="secondary", tone="text.3")
        self.facts = text_label(role="secondary", tone="text.3")
        row.addWidget(self.state)
        row.addWidget(self.saved)
        row.addStretch(1)
        row.addWidget(self.facts)

    def show_state(self, state: str, edition: int) -> None:
        """Show the state of the letter itself."""
        kind, icon = _STATES.get(state, ("neutral", "file-text"))
        words = state.replace("_", " ")
        name = f"Letter, {words} {edition}" if state == "draft" else f"Letter {edition}, {words}"
        self.state.show_state(name, kind, icon)

    def show_facts(self, pages: float, references: int, enclosures: int) -> None:
        """Show how long the letter is, and what it cites and encloses."""
        self.facts.setText(
            f"about {pages:.1f} pages   {_count(references, 'reference')}, AMA   {_count(enclosures, 'enclosure')}"
        )


def _tool(action: QAction, icon: str) -> QToolButton:
    button = QToolButton()
    theme.set_icon(action, icon)
    button.setDefaultAction(action)
    button.setMinimumSize(theme.HEIGHT.smallest_target, theme.HEIGHT.smallest_target)
    button.setAccessibleName(action.text())
    theme.set_font(button, "body", weight=500)
    if icon == _NAMED:
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    return button


def _percents(words: Sequence[int]) -> list[int]:
    """Share out a hundred, so that the parts always add up to it."""
    total = sum(words)
    if not total:
        return [0] * len(words)
    parts = [100 * each // total for each in words]
    order = sorted(range(len(words)), key=lambda place: -(100 * words[place] % total))
    for place in order[: 100 - sum(parts)]:
        parts[place] += 1
    return parts


def _count(number: int, what: str) -> str:
    return f"{number} {what}" + ("" if number == 1 else "s")
