"""Labels by role and tone, and the heads of sections."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from app.ui import theme
from app.ui.widgets.keycap import KeyCap


def text_label(
    text: str = "",
    *,
    role: str = "body",
    tone: str = "text.1",
    weight: int | None = None,
    wraps: bool = False,
    selectable: bool = False,
) -> QLabel:
    """Make a plain-text label in a type role and a colour token."""
    label = QLabel(text)
    # Plain: what users and servers write is never read as markup.
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("tone", tone)
    label.setWordWrap(wraps)
    if selectable:
        label.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
    if wraps:
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        label.setSizePolicy(policy)
    theme.set_font(label, role, weight=weight)
    return label


def set_tone(label: QLabel, tone: str) -> None:
    """Give a label another colour token."""
    theme.set_variant(label, tone=tone)


def icon_label(name: str, token: str = "text.2", size: int = 16) -> QLabel:  # noqa: S107 - a colour
    """Make a label that shows an icon and says nothing."""
    label = QLabel()
    theme.set_picture(label, name, token, size)
    return label


def section_head(text: str, *, count: int | None = None, shortcut: str = "", note: str = "") -> QWidget:
    """Make the head of a group: grey, with its count or keys."""
    head = QWidget()
    row = QHBoxLayout(head)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.SPACE.s)
    row.addWidget(text_label(text, role="secondary", tone="text.2", weight=600))
    if count is not None:
        row.addWidget(text_label(f"{count:,}", role="secondary", tone="text.3"))
    row.addStretch(1)
    if note:
        row.addWidget(text_label(note, role="secondary", tone="text.3"))
    if shortcut:
        row.addWidget(KeyCap(shortcut))
    head.setAccessibleName(text)
    return head


def divider(*, vertical: bool = False) -> QFrame:
    """Make a hairline between groups."""
    line = QFrame()
    line.setProperty("divider", "vertical" if vertical else "horizontal")
    return line
