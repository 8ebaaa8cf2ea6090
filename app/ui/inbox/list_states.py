"""What stands where the rows of the inbox stand: rows, or why there are none and what to do next."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from app.ui.inbox.empty_states import EmptyActs, Guess, empty_state, no_match_state
from app.ui.inbox.row_words import clock_time
from app.ui.widgets import EmptyState, announce

if TYPE_CHECKING:
    from app.ui.inbox.list_screen import ListScreen


class ListStates(QObject):
    """Changes between rows and the steps of an empty view."""

    def __init__(self, screen: "ListScreen") -> None:
        super().__init__(screen)
        self._screen = screen

    @Slot()
    def show_listed(self) -> None:
        """Show the rows that came, or why there are none."""
        screen = self._screen
        screen.title.show_fact()
        query = screen.model.query
        if screen.model.count or query is None:
            self._show_rows()
        elif query.text.strip():
            screen.reads.guess(query)
        else:
            self.show_empty()
        if query is not None and query.text.strip() and screen.model.count:
            announce(screen, screen.header.fact)

    def show_empty(self) -> None:
        """Say what is done in this view, and what could be next."""
        screen = self._screen
        time = clock_time(screen.now(), screen.zone(), screen.now())
        acts = EmptyActs(screen.new_requested.emit, screen.import_requested.emit, screen.browse)
        self._show(empty_state(screen.view, screen.counts, time, acts))

    def show_no_match(self, text: str, guess: Guess) -> None:
        """Say that a filter finds nothing, and what it may have meant."""
        screen = self._screen
        if screen.filter_field.text() != text or screen.model.count:
            return
        state = no_match_state(text, guess, self._search_for, screen.filter_field.clear_search)
        self._show(state)
        announce(screen, state.accessibleName())

    def _search_for(self, text: str) -> None:
        field = self._screen.filter_field
        field.setText(text)
        field.search_now()
        field.setFocus()

    def _show(self, state: EmptyState) -> None:
        screen = self._screen
        screen.layout_of_panes.keep_sizes()
        screen.list_area.show_state(state)
        screen.layout_of_panes.arrange()

    def _show_rows(self) -> None:
        screen = self._screen
        if not screen.list_area.has_rows:
            screen.list_area.show_rows()
            screen.layout_of_panes.arrange()
            screen.layout_of_panes.apply_sizes()
