"""The list of the inbox with its views, filter and preview."""

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Final, cast, get_args

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from app.models.inbox_filter import read
from app.services.intake.inbox_views import SavedQuery
from app.services.intake.queries import CaseView, InboxQuery, Sort, View
from app.services.jobs import JobContext
from app.services.settings import queries as settings
from app.services.workspace.database import Database
from app.ui import theme
from app.ui.inbox import reading
from app.ui.inbox.bulk_bar import BulkBar
from app.ui.inbox.bulk_desk import BulkDesk
from app.ui.inbox.draft_strip import DraftStrip
from app.ui.inbox.empty import guesses
from app.ui.inbox.empty_states import EmptyActs, Guess, empty_state, no_match_state
from app.ui.inbox.filter_field import FilterField
from app.ui.inbox.folding import USUAL_SIZES, Fold, fold_of
from app.ui.inbox.groups import MOST_GROUPED
from app.ui.inbox.heads import ColumnHeads
from app.ui.inbox.item_model import InboxModel
from app.ui.inbox.list_area import ListArea
from app.ui.inbox.list_view import InboxList
from app.ui.inbox.preview import Preview
from app.ui.inbox.row_words import clock_time
from app.ui.inbox.saved_desk import SavedDesk
from app.ui.inbox.views_panel import SAVED, VIEWS, ViewsPanel, view_icon, view_title
from app.ui.jobs import JobHandle, JobRunner
from app.ui.widgets import EmptyState, PageHeader, Splitter, announce, quiet_button

_PREVIEW_MS: Final = 40
_MIRRORED: Final = Qt.LayoutDirection.RightToLeft


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
        self._are_words_stale = True
        self._fold: Fold = "wide"
        self._wants_preview = True
        self._is_pending = False
        self._is_sized = False
        self._has_chosen_view = False
        self._was_counted = False
        self._sizes: dict[str, list[int]] = {}
        self._reads: dict[str, JobHandle] = {}
        self._preview_pause = QTimer(self, singleShot=True, interval=_PREVIEW_MS)
        self._preview_pause.timeout.connect(self.read_preview)
        self.model = InboxModel(database, runner, self)
        self.list = InboxList(self.model)
        self.saved = SavedDesk(self, database, runner)
        self.bulk = BulkDesk(self, database, runner)
        self._build()
        self._connect()
        self._arrange()

    @property
    def fold(self) -> Fold:
        """How many panes the width has room for."""
        return self._fold

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
            self._has_chosen_view = True
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
            saved.view, self._user, self.now(), self.zone(), saved.text, saved.sort, saved.is_descending
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
        self._are_words_stale = True
        self.read_counts()
        self.saved.load()
        self.read_preview()

    def tick(self) -> None:
        """Let the clocks on screen move on."""
        self.model.tick(self.now())
        self.list.viewport().update()

    def read_counts(self) -> None:
        """Count the views again."""
        query = functools.partial(reading.counts, self._database, self._user, self.now(), self.zone())
        self._read("counts", query, self._on_counts)
        self.saved.count()

    @Slot()
    def read_preview(self) -> None:
        """Read the chosen inquiry for the preview, the newest wish alone."""
        row = self.model.loaded(self.list.currentIndex().row())
        self._is_pending = row is None and self.list.current_number() is not None
        if row is None:
            if not self._is_pending:
                self.preview.show_nothing()
            return
        query = functools.partial(
            reading.preview,
            self._database,
            row.id,
            self._user,
            self.now(),
            row.row,
            self.model.query.text if self.model.query is not None else "",
        )
        self._read("preview", query, self._on_case)

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
        self._wants_preview = not self._wants_preview
        self._arrange()
        if self._fold == "single":
            (self.preview.open_button if self._wants_preview else self.list).setFocus()

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
        for handle in self._reads.values():
            handle.cancel()
        self.filter_field.setText("")
        self.filter_field.set_known({})
        self._are_words_stale = True
        self.saved.clear()
        self.model.clear()
        self.preview.show_nothing()

    def save_layout(self) -> Mapping[str, object]:
        """Return widths, view and order as plain values."""
        self._keep_sizes()
        return {
            "sizes": dict(self._sizes),
            "view": self.key if self._has_chosen_view else "",
            "columns": list(self.list.delegate.columns),
            "sort": self.sort,
            "descending": self.is_descending,
            "compact": self.list.delegate.is_compact,
            "preview": self._wants_preview,
        }

    def restore_layout(self, layout: Mapping[str, object]) -> None:
        """Put widths, view and order where they were."""
        sizes, view, sort = layout.get("sizes"), layout.get("view"), layout.get("sort")
        if isinstance(sizes, Mapping):
            self._sizes = {str(fold): list(kept) for fold, kept in sizes.items() if isinstance(kept, list)}
        if view in VIEWS:
            self.view, self._has_chosen_view = view, True
        elif isinstance(view, str) and view.startswith(SAVED):
            # It is shown once the saved views were read.
            self._wanted_saved, self._has_chosen_view = view.removeprefix(SAVED), True
        columns = layout.get("columns")
        if isinstance(columns, list | tuple):
            self.show_columns([str(name) for name in columns])
        if sort in get_args(Sort):
            self.sort, self.is_descending = cast("Sort", sort), bool(layout.get("descending"))
            self.heads.show_sort(self.sort, is_descending=self.is_descending)
        self.list.set_compact(bool(layout.get("compact")))
        self._wants_preview = bool(layout.get("preview", True))
        self._show_title()
        self._arrange()
        self._apply_sizes()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold panes that have no room."""
        super().resizeEvent(event)
        fold = fold_of(event.size().width())
        is_first, self._is_sized = not self._is_sized, True
        if is_first or fold != self._fold:
            if not is_first:
                self._keep_sizes()
            if "single" in (fold, self._fold):
                self._wants_preview = fold != "single"
            self._fold = fold
            self._arrange()
            self._apply_sizes()

    def now(self) -> int:
        """Return the instant by the clock of the workspace."""
        return self._database.clock.now()

    def zone(self) -> str:
        """Return the zone of this device."""
        return self._database.clock.zone()

    @property
    def _user(self) -> str:
        return self._database.identity.user

    def _build(self) -> None:
        self.header = PageHeader()
        self.title_menu = quiet_button("", on_click=self._open_title_menu)
        self.title_menu.setLayoutDirection(_MIRRORED)
        theme.set_font(self.title_menu, "page_title")
        self.header.add_before_title(self.title_menu)
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
        self._show_title()

    def _connect(self) -> None:
        self.views.view_chosen.connect(self.browse)
        self.views.saved_menu_requested.connect(self.saved.menu)
        self.saved.changed.connect(self._on_saved_changed)
        self.saved.counted.connect(self.views.show_counts)
        self.filter_field.entered.connect(self._on_filter_entered)
        self.filter_field.searched.connect(self._on_searched)
        self.filter_field.left.connect(self.list.setFocus)
        self.heads.sort_chosen.connect(self._on_sort_chosen)
        self.heads.columns_chosen.connect(self.show_columns)
        self.list.inquiry_chosen.connect(self._preview_pause.start)
        self.list.inquiry_opened.connect(self._on_opened)
        self.preview.open_requested.connect(self._on_opened)
        self.list.selection_counted.connect(self.chosen_bar.show_count)
        bar, bulk = self.chosen_bar, self.bulk
        bar.assign_requested.connect(bulk.ask_owner)
        bar.tag_requested.connect(bulk.ask_tag)
        bar.untag_requested.connect(bulk.ask_untag)
        bar.urgency_requested.connect(bulk.ask_urgency)
        bar.export_requested.connect(bulk.ask_export)
        bar.cleared.connect(self.list.choose_one)
        self.model.listed.connect(self._on_listed)
        self.model.dataChanged.connect(self._on_rows_changed)
        theme.theme_signals.changed.connect(self._on_theme_changed)

    def _show_saved(self, view_id: str) -> None:
        row = self.saved.find(view_id)
        if row is None:
            return
        query = row.query
        self._has_chosen_view, self.saved_id = True, view_id
        self.view, self.sort, self.is_descending = query.view, query.sort, query.is_descending
        self.filter_field.show_text(query.text)
        self.heads.show_sort(query.sort, is_descending=query.is_descending)
        self.show_columns(query.columns)
        self._show_title()
        self.view_shown.emit(self.key)
        self.browse(text=query.text)

    def _turn_to(self, view: View) -> None:
        if view != self.key:
            self.view, self.saved_id = view, ""
            self.filter_field.setText("")
            self.filter_field.search_now()
            self._show_title()
            self.view_shown.emit(view)

    def _read(self, name: str, query: Callable[[], object], on_done: Callable[..., None]) -> None:
        # A newer wish makes the answer to an older one stale: it is cancelled, so it never arrives.
        if name in self._reads:
            self._reads[name].cancel()
        self._reads[name] = self._runner.run_query(
            functools.partial(_answer, query), on_done=on_done, owner=self
        )

    def _show_title(self) -> None:
        saved = self.saved.find(self.saved_id) if self.saved_id else None
        title = saved.name if saved is not None else view_title(self.view)
        is_menu = self._fold != "wide"
        self.header.set_title("" if is_menu else title)
        self.header.setAccessibleName(title)
        self.title_menu.setVisible(is_menu)
        self.title_menu.setText(title)
        self.title_menu.setAccessibleName(self.tr("View: {title}").format(title=title))
        theme.set_icon(self.title_menu, "chevron-down")
        self.views.show_view(self.key)

    def _open_title_menu(self) -> None:
        menu = QMenu(self)
        for view in VIEWS:
            count = f"   {self.counts[view]:,}" if view in self.counts else ""
            action = menu.addAction(f"{view_title(view)}{count}", functools.partial(self.browse, view))
            theme.set_icon(action, view_icon(view))
        if self.saved.views:
            menu.addSeparator()
        for saved in self.saved.views:
            action = menu.addAction(saved.name, functools.partial(self.browse, SAVED + saved.id))
            theme.set_icon(action, "filter")
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.title_menu.mapToGlobal(self.title_menu.rect().bottomLeft()))

    def _arrange(self) -> None:
        is_single = self._fold == "single"
        has_rows = self.list_area.has_rows
        self.views.setVisible(self._fold == "wide")
        self.preview.setVisible(self._wants_preview and has_rows)
        self.list_area.setVisible(not (is_single and self._wants_preview and has_rows))
        self._show_title()

    def _keep_sizes(self) -> None:
        if self.isVisible() and self.list_area.has_rows and self._fold != "single":
            self._sizes[self._fold] = self.splitter.sizes()

    def _apply_sizes(self) -> None:
        usual = [theme.scaled(size) for size in USUAL_SIZES[self._fold]]
        self.splitter.set_usual_sizes(USUAL_SIZES[self._fold])
        self.splitter.setSizes(self._sizes.get(self._fold, usual))

    def _show_fact(self) -> None:
        count = self.model.count
        words = self.tr("1 inquiry") if count == 1 else self.tr("{n:,} inquiries").format(n=count)
        self.header.set_fact(words)

    def _show_rows(self) -> None:
        if not self.list_area.has_rows:
            self.list_area.show_rows()
            self._arrange()
            self._apply_sizes()

    def _show_empty(self, state: EmptyState) -> None:
        self._keep_sizes()
        self.list_area.show_state(state)
        self._arrange()

    def _empty_state(self) -> EmptyState:
        time = clock_time(self.now(), self.zone(), self.now())
        acts = EmptyActs(self.new_requested.emit, self.import_requested.emit, self.browse)
        return empty_state(self.view, self.counts, time, acts)

    def _on_saved_changed(self) -> None:
        self.views.show_saved(self.saved.views)
        if self._wanted_saved:
            wanted, self._wanted_saved = self._wanted_saved, ""
            self._show_saved(wanted)
        elif self.saved_id and self.saved.find(self.saved_id) is None:
            # It was deleted: its rows stay on screen under the name of the view they come from.
            self.saved_id = ""
        self._show_title()

    def _on_filter_entered(self) -> None:
        if self._are_words_stale:
            self._are_words_stale = False
            query = functools.partial(reading.known_words, self._database)
            self._read("words", query, self.filter_field.set_known)

    def _find_guess(self, query: InboxQuery) -> Guess:
        doubt = reading.doubt_of(self._database, query.text)
        if doubt is not None:
            return Guess(doubt=doubt)
        products = self._database.read(settings.products)
        return Guess(*reading.count_words(self._database, query, guesses(query.text, products)))

    def _on_guess(self, text: str, guess: Guess) -> None:
        if self.filter_field.text() != text or self.model.count:
            return
        state = no_match_state(text, guess, self._search_for, self.filter_field.clear_search)
        self._show_empty(state)
        announce(self, state.accessibleName())

    def _search_for(self, text: str) -> None:
        self.filter_field.setText(text)
        self.filter_field.search_now()
        self.filter_field.setFocus()

    def _on_searched(self, text: str) -> None:
        if self.model.query is not None and self.model.query.text != text:
            self.browse(text=text)

    def _on_sort_chosen(self, sort: Sort, is_descending: bool) -> None:
        self.sort_by(sort, is_descending=is_descending)

    def _on_opened(self) -> None:
        chosen = self.chosen_id()
        if chosen:
            self.open_requested.emit(chosen)

    def _on_listed(self) -> None:
        self._show_fact()
        query = self.model.query
        if self.model.count or query is None:
            self._show_rows()
        elif query.text.strip():
            ask = functools.partial(self._find_guess, query)
            self._read("guess", ask, functools.partial(self._on_guess, query.text))
        else:
            self._show_empty(self._empty_state())
        if query is not None and query.text.strip() and self.model.count:
            announce(self, self.header.fact)

    def _on_counts(self, counts: dict[View, int]) -> None:
        is_news = counts != self.counts
        self.counts = counts
        self.views.show_counts({str(view): count for view, count in counts.items()})
        is_first, self._was_counted = not self._was_counted, True
        if is_first and not self._has_chosen_view and not counts["mine"] and counts["all_open"]:
            # An empty list would greet whoever owns nothing, while inquiries wait in the team.
            self._turn_to("all_open")
            self.browse()
            return
        if is_news and not self.list_area.has_rows and not self.filter_field.text():
            self._show_empty(self._empty_state())

    def _on_case(self, found: tuple[CaseView, tuple[str, ...]]) -> None:
        case, marked = found
        at = self.model.place_of_id(case.id)
        row = self.model.loaded(at) if at is not None else None
        if case.id == self.chosen_id():
            self.preview.marked = marked
            self.preview.show_case(case, row, self._user, self.now(), self.zone())

    def _on_rows_changed(self) -> None:
        if self._is_pending:
            self._preview_pause.start()

    def _on_theme_changed(self) -> None:
        self._arrange()


def _answer(query: Callable[[], object], _job: JobContext) -> object:
    return query()
