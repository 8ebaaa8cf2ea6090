"""The filter of the inbox: it completes keys and values as one types."""

from collections.abc import Mapping

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from app.models.inbox_filter import Problem, read
from app.models.inbox_filter_offers import Choice, Offer, completed, offers
from app.ui import theme
from app.ui.inbox.offer_rows import OfferCard
from app.ui.widgets import SearchField, announce

_Key = Qt.Key


class FilterField(SearchField):
    """A search field with a card of offers; the arrows choose, Tab takes, Enter filters."""

    entered = Signal()
    """The keyboard is here: what completes the filter may be read."""

    def __init__(self, placeholder: str, shortcut: str, parent: QWidget | None = None) -> None:
        super().__init__(placeholder, shortcut, parent=parent)
        self._known: Mapping[str, tuple[Choice, ...]] = {}
        self._card: OfferCard | None = None
        self.textEdited.connect(self._on_edited)
        self.textChanged.connect(self._on_changed)

    @property
    def card(self) -> OfferCard | None:
        """The card of offers, once it was shown."""
        return self._card

    @property
    def problem(self) -> Problem | None:
        """What cannot be read of the text, if anything."""
        return next(iter(read(self.text()).problems), None)

    def set_known(self, known: Mapping[str, tuple[Choice, ...]]) -> None:
        """Take the values that exist in this workspace."""
        self._known = known

    def show_text(self, text: str) -> None:
        """Show a filter that is on screen already; nothing is searched for again."""
        self.setText(text)
        self.settle(text)

    def close_offers(self) -> None:
        """Hide the card; the text stays."""
        if self._card is not None:
            self._card.hide()

    def event(self, event: QEvent) -> bool:
        """Let Tab take an offer while there are any."""
        is_press = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if is_press and _is_plain_tab(event) and self._is_offering():
            self._take_chosen(otherwise_first=True)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk through the offers, take one, or close them."""
        key = event.key()
        if key in (_Key.Key_Down, _Key.Key_Up):
            self._walk(1 if key == _Key.Key_Down else -1)
        elif self._has_chosen_offer() and key == _Key.Key_Escape:
            self.close_offers()
        elif self._is_offering() and key in (_Key.Key_Return, _Key.Key_Enter):
            if not self._take_chosen():
                self.close_offers()
                super().keyPressEvent(event)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell that a filter may be typed."""
        super().focusInEvent(event)
        self.entered.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Close the offers when the keyboard goes elsewhere."""
        super().focusOutEvent(event)
        self.close_offers()
        self._mark_problem(is_done=True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Close the offers with the field."""
        super().hideEvent(event)
        self.close_offers()

    def take(self, offer: Offer) -> None:
        """Put an offer in the place of what was typed of it."""
        text, cursor = completed(self.text(), offer)
        self.setText(text)
        self.setCursorPosition(cursor)
        if offer.is_key:
            self._offer()
        else:
            self.close_offers()
            self.search_now()

    def _is_offering(self) -> bool:
        return self._card is not None and self._card.isVisible() and bool(self._card.rows.offers)

    def _has_chosen_offer(self) -> bool:
        return self._is_offering() and self._card is not None and self._card.rows.current >= 0

    def _walk(self, by: int) -> None:
        if not self._is_offering():
            self._offer(is_asked=True)
        if self._card is not None and self._is_offering():
            offer = self._card.rows.step(by)
            if offer is not None:
                announce(self, f"{offer.label} {offer.meaning}".strip())

    def _take_chosen(self, *, otherwise_first: bool = False) -> bool:
        rows = self._card.rows if self._card is not None else None
        if rows is None or (rows.current < 0 and not otherwise_first):
            return False
        self.take(rows.offers[max(rows.current, 0)])
        return True

    def _on_edited(self) -> None:
        self._offer()

    def _on_changed(self) -> None:
        self._mark_problem(is_done=False)

    def _offer(self, *, is_asked: bool = False) -> None:
        reading = read(self.text())
        cursor = self.cursorPosition()
        spot = reading.spot_at(cursor)
        found = offers(reading, cursor, self._known) if spot.text or spot.key or is_asked else ()
        faults = [problem for problem in reading.problems if not problem.is_unfinished]
        # A word that is offered whole is no news.
        found = tuple(each for each in found if each.insert != spot.text)
        if not found and not faults:
            self.close_offers()
            return
        if self._card is None or self._card.parent() is not self.window():
            self._card = OfferCard(self.window())
            self._card.rows.taken.connect(self.take)
        self._card.show_under(self, found, faults[0].sentence if faults else "")

    def _mark_problem(self, *, is_done: bool) -> None:
        problem = self.problem
        is_wrong = problem is not None and (is_done or not problem.is_unfinished)
        theme.set_variant(self, state="over" if is_wrong else "")
        self.setAccessibleDescription(problem.sentence if is_wrong and problem is not None else "")


def _is_plain_tab(event: QEvent) -> bool:
    return (
        isinstance(event, QKeyEvent)
        and event.key() == _Key.Key_Tab
        and event.modifiers() == Qt.KeyboardModifier.NoModifier
    )
