"""What the inbox list reads beside its rows: counts, preview, the words of a filter, and guesses."""

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Slot

from app.services.intake.queries import CaseView, InboxQuery
from app.services.jobs import JobContext
from app.services.settings import queries as settings
from app.services.workspace.database import Database
from app.ui.inbox import reading
from app.ui.inbox.empty import guesses
from app.ui.inbox.empty_states import Guess
from app.ui.jobs import JobHandle, JobRunner

if TYPE_CHECKING:
    from app.ui.inbox.list_screen import ListScreen

_PREVIEW_MS: Final = 40


class ListReads(QObject):
    """Reads off the GUI thread; a newer wish takes the place of an older one."""

    def __init__(self, screen: "ListScreen", database: Database, runner: JobRunner) -> None:
        super().__init__(screen)
        self._screen, self._database, self._runner = screen, database, runner
        self._jobs: dict[str, JobHandle] = {}
        self._are_words_stale = True
        self._is_pending = False
        self.preview_pause = QTimer(self, singleShot=True, interval=_PREVIEW_MS)
        self.preview_pause.timeout.connect(self.preview)

    def counts(self) -> None:
        """Count the views again."""
        screen = self._screen
        user, now, zone = self._database.identity.user, screen.now(), screen.zone()
        query = functools.partial(reading.counts, self._database, user, now, zone)
        self._read("counts", query, screen.take_counts)
        screen.saved.count()

    @Slot()
    def preview(self) -> None:
        """Read the chosen inquiry for the preview, the newest wish alone."""
        screen = self._screen
        row = screen.model.loaded(screen.list.currentIndex().row())
        self._is_pending = row is None and screen.list.current_number() is not None
        if row is None:
            if not self._is_pending:
                screen.preview.show_nothing()
            return
        words = screen.model.query.text if screen.model.query is not None else ""
        user = self._database.identity.user
        query = functools.partial(reading.preview, self._database, row.id, user, screen.now(), row.row, words)
        self._read("preview", query, self._on_case)

    def rows_changed(self) -> None:
        """Read the preview once its row has arrived."""
        if self._is_pending:
            self.preview_pause.start()

    def words(self) -> None:
        """Read the values that complete a filter, if they may have changed."""
        if self._are_words_stale:
            self._are_words_stale = False
            query = functools.partial(reading.known_words, self._database)
            self._read("words", query, self._screen.filter_field.set_known)

    def guess(self, query: InboxQuery) -> None:
        """Find out what a filter without a match may have meant, and show it."""
        ask = functools.partial(self._find_guess, query)
        self._read("guess", ask, functools.partial(self._screen.states.show_no_match, query.text))

    def outdate(self) -> None:
        """Let the values that complete a filter be read again."""
        self._are_words_stale = True

    def clear(self) -> None:
        """Cancel every read and forget the words."""
        for handle in self._jobs.values():
            handle.cancel()
        self._are_words_stale = True

    def _read(self, name: str, query: Callable[[], object], on_done: Callable[..., None]) -> None:
        # A newer wish makes the answer to an older one stale: it is cancelled, so it never arrives.
        if name in self._jobs:
            self._jobs[name].cancel()
        self._jobs[name] = self._runner.run_query(
            functools.partial(_answer, query), on_done=on_done, owner=self._screen
        )

    def _find_guess(self, query: InboxQuery) -> Guess:
        doubt = reading.doubt_of(self._database, query.text)
        if doubt is not None:
            return Guess(doubt=doubt)
        products = self._database.read(settings.products)
        return Guess(*reading.count_words(self._database, query, guesses(query.text, products)))

    def _on_case(self, found: tuple[CaseView, tuple[str, ...]]) -> None:
        case, marked = found
        screen = self._screen
        at = screen.model.place_of_id(case.id)
        row = screen.model.loaded(at) if at is not None else None
        if case.id == screen.chosen_id():
            screen.preview.marked = marked
            user = self._database.identity.user
            screen.preview.show_case(case, row, user, screen.now(), screen.zone())


def _answer(query: Callable[[], object], _job: JobContext) -> object:
    return query()
