"""Who tells whom on the inbox list."""

from typing import TYPE_CHECKING

from app.ui import theme

if TYPE_CHECKING:
    from app.ui.inbox.list_screen import ListScreen


def wire(screen: "ListScreen") -> None:
    """Connect the parts of the list screen."""
    screen.views.view_chosen.connect(screen.browse)
    screen.views.saved_menu_requested.connect(screen.saved.menu)
    screen.saved.changed.connect(screen.on_saved_changed)
    screen.saved.counted.connect(screen.views.show_counts)
    screen.filter_field.entered.connect(screen.reads.words)
    screen.filter_field.searched.connect(screen.on_searched)
    screen.filter_field.left.connect(screen.list.setFocus)
    screen.heads.sort_chosen.connect(screen.on_sort_chosen)
    screen.heads.columns_chosen.connect(screen.show_columns)
    screen.list.inquiry_chosen.connect(screen.reads.preview_pause.start)
    screen.list.inquiry_opened.connect(screen.on_opened)
    screen.preview.open_requested.connect(screen.on_opened)
    screen.list.selection_counted.connect(screen.chosen_bar.show_count)
    bar, bulk = screen.chosen_bar, screen.bulk
    bar.assign_requested.connect(bulk.ask_owner)
    bar.tag_requested.connect(bulk.ask_tag)
    bar.untag_requested.connect(bulk.ask_untag)
    bar.urgency_requested.connect(bulk.ask_urgency)
    bar.export_requested.connect(bulk.ask_export)
    bar.cleared.connect(screen.list.choose_one)
    screen.model.listed.connect(screen.states.show_listed)
    screen.model.dataChanged.connect(screen.reads.rows_changed)
    theme.theme_signals.changed.connect(screen.on_theme_changed)
