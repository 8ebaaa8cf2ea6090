"""The strip that offers forms which were left with words in them."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app.services.intake.queries import FormDraft
from app.ui import theme
from app.ui.widgets import ElidedLabel, icon_label, link_button

_UNDO_MS: Final = 8_000
_MOST_WORDS: Final = 60


class DraftStrip(QFrame):
    """Offers the newest kept form; throwing it away can be undone."""

    continue_requested = Signal(str)
    discarded = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("message", "info")
        self.setAccessibleName(self.tr("Kept drafts"))
        self._drafts: tuple[FormDraft, ...] = ()
        self._leaving = ""
        self._text = ElidedLabel()
        self.continue_button = link_button(self.tr("Continue"), on_click=self._on_continue)
        self.discard_button = link_button(self.tr("Throw away"), on_click=self._on_discard)
        self.undo_button = link_button(self.tr("Undo"), on_click=self._on_undo)
        self._timer = QTimer(self, singleShot=True, interval=_UNDO_MS)
        self._timer.timeout.connect(self.settle)
        self._build()
        self.hide()

    @property
    def text(self) -> str:
        """The sentence that is shown."""
        return self._text.text()

    def show_drafts(self, drafts: Sequence[FormDraft], times: Sequence[str]) -> None:
        """Offer the newest of these; nothing is shown for none."""
        self._drafts = tuple(draft for draft in drafts if draft.id != self._leaving)
        if self._leaving:
            return
        self.setVisible(bool(self._drafts))
        if self._drafts:
            newest = self._drafts[0]
            others = len(self._drafts) - 1
            words = self.tr("Not saved yet, from {time}: “{words}”").format(
                time=times[list(drafts).index(newest)], words=first_words(newest)
            )
            more = self.tr("  and {n} more").format(n=others) if others else ""
            self._show(words + more, is_offer=True)

    @Slot()
    def settle(self) -> None:
        """Make what was thrown away final."""
        leaving, self._leaving = self._leaving, ""
        self._timer.stop()
        if leaving:
            self.hide()
            self.discarded.emit(leaving)

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE.page_edge, theme.SPACE.xs, theme.SPACE.page_edge, theme.SPACE.xs)
        row.setSpacing(theme.SPACE.s)
        row.addWidget(icon_label("file-pen-line", "accent"))
        row.addWidget(self._text, 1)
        for button in (self.continue_button, self.discard_button, self.undo_button):
            row.addWidget(button)
        theme.set_font(self._text, "body")

    def _show(self, words: str, *, is_offer: bool) -> None:
        self._text.setText(words)
        self.continue_button.setVisible(is_offer)
        self.discard_button.setVisible(is_offer)
        self.undo_button.setVisible(not is_offer)

    def _on_continue(self) -> None:
        if self._drafts:
            self.continue_requested.emit(self._drafts[0].id)

    def _on_discard(self) -> None:
        if self._drafts:
            self._leaving = self._drafts[0].id
            self._show(self.tr("The draft is thrown away."), is_offer=False)
            self.undo_button.setFocus()
            self._timer.start()

    def _on_undo(self) -> None:
        self._timer.stop()
        self._leaving = ""
        self._show(
            self.tr("The draft is kept: “{words}”").format(words=first_words(self._drafts[0])), is_offer=True
        )


def first_words(draft: FormDraft) -> str:
    """Return the first words of a draft that tell it from others."""
    values = draft.values
    words = " ".join(
        (values.get("notes") or values.get("product") or values.get("institution") or "").split()
    )
    return words if len(words) <= _MOST_WORDS else f"{words[: _MOST_WORDS - 1]}…"
