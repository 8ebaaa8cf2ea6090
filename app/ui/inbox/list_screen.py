"""The list of the inbox with its views, filter and preview."""

from collections.abc import Mapping, Sequence
from typing import cast

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.models.inbox_filter import read
from app.services.intake.inbox_views import SavedQuery
from app.services.intake.queries import InboxQuery, Sort, View
from app.services.workspace.database import Database
from app.ui import theme
from app.ui.inbox.bulk_bar import BulkBar
from app.ui.inbox.bulk_desk import BulkDesk
from app.ui.inbox.draft_strip import DraftStrip
from app.ui.inbox.filter_field import FilterField
from app.ui.inbox.folding import Fold
from app.ui.inbox.groups import MOST_GROUPED
from app.ui.inbox.heads import ColumnHeads
from app.ui.inbox.item_model import InboxModel
from app.ui.inbox.list_area import ListArea
from app.ui.inbox.list_layout import ListLayout
from app.ui.inbox.list_reads import ListReads
from app.ui.inbox.list_states import ListStates
from app.ui.inbox.list_title import ListTitle
from app.ui.inbox.list_view import InboxList
from app.ui.inbox.list_wiring import wire
from app.ui.inbox.preview import Preview
from app.ui.inbox.saved_desk import SavedDesk
from app.ui.inbox.views_panel import SAVED, VIEWS, ViewsPanel
from app.ui.jobs import JobRunner
from app.ui.widgets import PageHeader, Splitter


class ListScreen(QWidget):
    """Views, rows and preview; it reads and never writes."""

    new_requested = Signal()
    import_requested = Signal()
    open_requested = Signal(str)
    view_shown = Signal(str)

    def __init__(self, database: Database, runner: JobRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._database, self._runner = database, runner
        self.view: View = "mine"
        self.sort: Sort = "due"
        self.is_descending = False
        self.counts: dict[View, int] = {}
        self.saved_id = ""
        self._wanted_saved = ""
        self.has_chosen_view = False
        self._was_counted = False
        self.layout_of_panes = ListLayout(self)
        self.reads = ListReads(self, database, runner)
        self.states = ListStates(self)
        self.model = InboxModel(database, runner, self)
        self.list = InboxList(self.model)
        self.saved = SavedDesk(self, database, runner)
        self.bulk = BulkDesk(self, database, runner)
        self._build()
        wire(self)
        self.layout_of_panes.arrange()

    @property
    def fold(self) -> Fold:
        """How many panes the width has room for."""
        return self.layout_of_panes.fold

    @property
    def key(self) -> str:
        """The name of the view on screen, of a saved one too."""
        return SAVED + self.saved_id if self.saved_id else self.view

    def browse(self, view: str | None = None, *, text: str | None = None) -> None:
        """Show a view with the filter and order in use; a named view is remembered."""
        if view is not None and view.startswith(SAVED):
            self._show_saved(view.removeprefix(SAVED))
            return
        if view is not None:
            self.has_chosen_view = True
            self._turn_to(cast("View", view))
        self.list.begin_at_top()
        words = self.filter_field.text() if text is None else text
        query = self.query_of(SavedQuery(self.view, words, self.sort, self.is_descending))
        is_small = self.counts.get(self.view, 0) <= MOST_GROUPED or bool(words.strip())
        is_due = self.sort == "due" and not self.is_descending and self.view != "closed"
        self.model.show_view(query, is_grouped=is_due and is_small)

    def present(self) -> SavedQuery:
        """Return what is on screen as a view that can be saved."""
        text = str(read(self.filter_field.text()).filter)
        return SavedQuery(self.view, text, self.sort, self.is_descending, self.list.delegate.columns)

    def query_of(self, saved: SavedQuery) -> InboxQuery:
        """Return what a saved view asks for as of now."""
        return InboxQuery(
            saved.view,
            self._database.identity.user,
            self.now(),
            self.zone(),
            saved.text,
            saved.sort,
            saved.is_descending,
        )

    def show_columns(self, names: Sequence[str]) -> None:
        """Show these columns of the rows, the usual ones for none."""
        self.list.set_columns(names)
        self.heads.arrange()

    def sort_by(self, sort: Sort, *, is_descending: bool) -> None:
        """Show the view in another order."""
        self.sort, self.is_descending = sort, is_descending
        self.heads.show_sort(sort, is_descending=is_descending)
        self.browse()

    def reload(self) -> None:
        """Read everything on screen again and keep the place."""
        if self.model.query is None:
            self.browse()
        else:
            self.model.reload(self.now())
        self.reads.outdate()
        self.read_counts()
        self.saved.load()
        self.read_preview()

    def tick(self) -> None:
        """Let the clocks on screen move on."""
        self.model.tick(self.now())
        self.list.viewport().update()

    def read_counts(self) -> None:
        """Count the views again."""
        self.reads.counts()

    @Slot()
    def read_preview(self) -> None:
        """Read the chosen inquiry for the preview."""
        self.reads.preview()

    def chosen_id(self) -> str:
        """Return the id of the chosen inquiry, empty for none."""
        row = self.model.loaded(self.list.currentIndex().row())
        return row.id if row is not None else ""

    def choose(self, inquiry_id: str) -> bool:
        """Choose an inquiry of this view if it is loaded."""
        at = self.model.place_of_id(inquiry_id)
        if at is not None:
            self.list.choose(at)
        return at is not None

    def toggle_preview(self) -> None:
        """Show or hide the preview; on a narrow page it takes the place of the list."""
        self.layout_of_panes.toggle_preview()

    def focus_filter(self) -> None:
        """Put the keyboard into the filter."""
        self.filter_field.setFocus()
        self.filter_field.selectAll()

    def panes(self) -> Sequence[QWidget]:
        """Return what is on screen from left to right."""
        panes: list[QWidget] = [self.views, self.list_area, self.preview]
        return [pane for pane in panes if pane.isVisibleTo(self)]

    def clear(self) -> None:
        """Forget every record on screen."""
        self.reads.clear()
        self.filter_field.setText("")
        self.filter_field.set_known({})
        self.saved.clear()
        self.model.clear()
        self.preview.show_nothing()

    def save_layout(self) -> Mapping[str, object]:
        """Return widths, view and order as plain values."""
        return self.layout_of_panes.saved()

    def restore_layout(self, layout: Mapping[str, object]) -> None:
        """Put widths, view and order where they were."""
        self.layout_of_panes.restore(layout)

    def want_view(self, key: str) -> None:
        """Take a view that was remembered; a saved one is shown once the saved views were read."""
        if key in VIEWS:
            self.view, self.has_chosen_view = key, True
        elif key.startswith(SAVED):
            self._wanted_saved, self.has_chosen_view = key.removeprefix(SAVED), True

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold panes that have no room."""
        super().resizeEvent(event)
        self.layout_of_panes.take_width(event.size().width())

    def take_counts(self, counts: dict[View, int]) -> None:
        """Show new counts of the views; the first ones may choose the view."""
        is_news = counts != self.counts
        self.counts = counts
        self.views.show_counts({str(view): count for view, count in counts.items()})
        is_first, self._was_counted = not self._was_counted, True
        if is_first and not self.has_chosen_view and not counts["mine"] and counts["all_open"]:
            # An empty list would greet whoever owns nothing, while inquiries wait in the team.
            self._turn_to("all_open")
            self.browse()
            return
        if is_news and not self.list_area.has_rows and not self.filter_field.text():
            self.states.show_empty()

    def now(self) -> int:
        """Return the instant by the clock of the workspace."""
        return self._database.clock.now()

    def zone(self) -> str:
        """Return the zone of this device."""
        return self._database.clock.zone()

    def _build(self) -> None:
        self.header = PageHeader()
        self.title = ListTitle(self)
        self.filter_field = FilterField(self.tr("Filter: words, number, product:, due:, tag:"), "/")
        self.header.set_field(self.filter_field)
        self.header.set_primary(self.tr("New inquiry"), self.new_requested.emit, shortcut="N", icon="plus")
        self.drafts = DraftStrip()
        self.views = ViewsPanel()
        self.preview = Preview()
        self.heads = ColumnHeads(self.list)
        self.chosen_bar = BulkBar()
        self.list_area = ListArea(self.heads, self.list, self.chosen_bar)
        self.splitter = Splitter()
        for pane in (self.views, self.list_area, self.preview):
            self.splitter.addWidget(pane)
        self.splitter.setStretchFactor(1, 1)
        self.views.setMinimumWidth(theme.scaled(160))
        self.preview.setMinimumWidth(theme.scaled(280))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.header, self.drafts):
            column.addWidget(part)
        column.addWidget(self.splitter, 1)
        self.title.show_title()

    def _show_saved(self, view_id: str) -> None:
        row = self.saved.find(view_id)
        if row is None:
            return
        query = row.query
        self.has_chosen_view, self.saved_id = True, view_id
        self.view, self.sort, self.is_descending = query.view, query.sort, query.is_descending
        self.filter_field.show_text(query.text)
        self.heads.show_sort(query.sort, is_descending=query.is_descending)
        self.show_columns(query.columns)
        self.title.show_title()
        self.view_shown.emit(self.key)
        self.browse(text=query.text)

    def _turn_to(self, view: View) -> None:
        if view != self.key:
            self.view, self.saved_id = view, ""
            self.filter_field.setText("")
            self.filter_field.search_now()
            self.title.show_title()
            self.view_shown.emit(view)

    def on_saved_changed(self) -> None:
        """Show the saved views as they are now."""
        self.views.show_saved(self.saved.views)
        if self._wanted_saved:
            wanted, self._wanted_saved = self._wanted_saved, ""
            self._show_saved(wanted)
        elif self.saved_id and self.saved.find(self.saved_id) is None:
            # It was deleted: its rows stay on screen under the name of the view they come from.
            self.saved_id = ""
        self.title.show_title()

    def on_searched(self, text: str) -> None:
        """Filter by what was typed."""
        if self.model.query is not None and self.model.query.text != text:
            self.browse(text=text)

    def on_sort_chosen(self, sort: Sort, is_descending: bool) -> None:
        """Take the order that a head of a column was clicked for."""
        self.sort_by(sort, is_descending=is_descending)

    def on_opened(self) -> None:
        """Open the chosen inquiry."""
        chosen = self.chosen_id()
        if chosen:
            self.open_requested.emit(chosen)

    def on_theme_changed(self) -> None:
        """Lay out again with the sizes of the theme."""
        self.layout_of_panes.arrange()
