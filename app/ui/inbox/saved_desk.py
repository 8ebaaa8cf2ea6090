"""What can be done with saved views: save, open, rename, move, delete; and their counts."""

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtWidgets import QMenu

from app.models.changes import Changes
from app.services.intake import inbox_views
from app.services.intake.inbox_views import SavedQuery, SavedViewRow
from app.services.intake.queries import InboxQuery
from app.services.jobs import JobContext
from app.services.workspace.database import Database
from app.ui import theme
from app.ui.inbox import reading
from app.ui.inbox.name_sheet import LineSheet
from app.ui.inbox.views_panel import SAVED
from app.ui.jobs import JobHandle, JobRunner

if TYPE_CHECKING:
    from app.ui.inbox.list_screen import ListScreen

MOST_KEYS: Final = 9


class SavedDesk(QObject):
    """Keeps the saved views of one list screen; every read and write is a job."""

    changed = Signal()
    """The saved views are other ones, or have other names or places."""

    counted = Signal(object)
    """How many inquiries each holds, by the key of its view."""

    told = Signal(str)

    def __init__(self, screen: "ListScreen", database: Database, runner: JobRunner) -> None:
        super().__init__(screen)
        self._screen, self._database, self._runner = screen, database, runner
        self.views: tuple[SavedViewRow, ...] = ()
        self._counting: JobHandle | None = None
        self._sheet: LineSheet | None = None

    def find(self, view_id: str) -> SavedViewRow | None:
        """Return a saved view, if it is known."""
        return next((view for view in self.views if view.id == view_id), None)

    def load(self) -> None:
        """Read the saved views, then count them."""
        query = functools.partial(_saved, self._database)
        self._runner.run_query(query, on_done=self._on_loaded, owner=self, after_commands=True)

    def count(self) -> None:
        """Count what each saved view holds; a newer wish takes the place of an older one."""
        if self._counting is not None:
            self._counting.cancel()
        queries = {SAVED + view.id: self._screen.query_of(view.query) for view in self.views}
        self._counting = self._runner.run_query(
            functools.partial(_counts, self._database, queries), on_done=self.counted.emit, owner=self
        )

    def clear(self) -> None:
        """Forget the names, for instance before a lock."""
        self.views = ()
        if self._sheet is not None:
            self._sheet.dismiss()
        self.changed.emit()

    def ask_save(self) -> None:
        """Ask for a name and save what is on screen under it."""
        query = self._screen.present()
        said = query.text or self.tr("every inquiry of the view")
        self._ask(
            self.tr("Save this view"),
            self.tr("Save"),
            functools.partial(self._save, query),
            sentence=self.tr("Keeps filter, order and columns: {said}").format(said=said),
        )

    def ask_rename(self, view_id: str) -> None:
        """Ask for another name."""
        view = self.find(view_id)
        if view is not None:
            rename = functools.partial(self._rename, view_id)
            self._ask(self.tr("Rename the view"), self.tr("Rename"), rename, text=view.name)

    def replace(self, view_id: str) -> None:
        """Let a saved view show what is on screen now."""
        view = self.find(view_id)
        if view is not None:
            self._write(inbox_views.save_view, view.name, self._screen.present(), view_id)
            self.told.emit(self.tr("“{name}” shows this now.").format(name=view.name))

    def move(self, view_id: str, by: int) -> None:
        """Move a saved view up or down."""
        ids = [view.id for view in self.views]
        if view_id not in ids:
            return
        at = ids.index(view_id)
        to = min(max(at + by, 0), len(ids) - 1)
        ids.insert(to, ids.pop(at))
        self._write(inbox_views.reorder_views, ids)

    def delete(self, view_id: str) -> None:
        """Forget a saved view; no inquiry is touched."""
        view = self.find(view_id)
        if view is not None:
            self._write(inbox_views.delete_view, view_id)
            self.told.emit(self.tr("The view “{name}” is gone. Its inquiries stay.").format(name=view.name))

    def menu(self, view_id: str, place: QPoint) -> QMenu:
        """Open the menu of one saved view."""
        menu = QMenu(self._screen)
        steps: list[tuple[str, str, Callable[[], None]]] = [
            (self.tr("Rename"), "pencil-line", functools.partial(self.ask_rename, view_id)),
            (self.tr("Move up"), "arrow-up", functools.partial(self.move, view_id, -1)),
            (self.tr("Move down"), "arrow-down", functools.partial(self.move, view_id, 1)),
            (self.tr("Show what is on screen now"), "refresh-cw", functools.partial(self.replace, view_id)),
            (self.tr("Delete the view"), "x", functools.partial(self.delete, view_id)),
        ]
        for text, icon, call in steps:
            theme.set_icon(menu.addAction(text, call), icon)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)
        return menu

    def _ask(self, title: str, deed: str, submit: Callable[[str], str], **parts: Any) -> None:
        self._sheet = LineSheet(self._screen, title, deed, submit, **parts)
        self._sheet.closed.connect(self._on_sheet_closed)
        self._sheet.open()

    def _on_sheet_closed(self) -> None:
        self._sheet = None

    def _save(self, query: SavedQuery, name: str) -> str:
        return self._refused(name) or self._write(inbox_views.save_view, name, query)

    def _rename(self, view_id: str, name: str) -> str:
        return self._refused(name, view_id) or self._write(inbox_views.rename_view, view_id, name)

    def _refused(self, name: str, view_id: str = "") -> str:
        tidy = " ".join(name.split())
        if not tidy:
            return self.tr("The view has no name yet. Write one.")
        if len(tidy) > inbox_views.LONGEST_NAME:
            return self.tr("A name has at most {n} letters.").format(n=inbox_views.LONGEST_NAME)
        if any(view.name.lower() == tidy.lower() and view.id != view_id for view in self.views):
            return self.tr("There is a view called “{name}” already.").format(name=tidy)
        return ""

    def _write(self, command: Callable[..., object], *args: object) -> str:
        self._runner.run_command(
            functools.partial(_write, self._database, command, args), on_done=self._on_written
        )
        return ""

    def _on_written(self, _changes: Changes) -> None:
        self.load()

    def _on_loaded(self, views: tuple[SavedViewRow, ...]) -> None:
        is_news = views != self.views
        self.views = views
        if is_news:
            self.changed.emit()
        self.count()


def _saved(database: Database, _job: JobContext) -> tuple[SavedViewRow, ...]:
    return database.read(inbox_views.saved_views)


def _counts(database: Database, queries: dict[str, InboxQuery], job: JobContext) -> dict[str, int]:
    return reading.saved_counts(database, queries, job)


def _write(
    database: Database, command: Callable[..., object], args: tuple[object, ...], _job: JobContext
) -> Changes:
    database.write(command, *args)
    return Changes()
