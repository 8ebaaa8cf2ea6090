"""Which panes of the inbox list are on screen, how wide, and what of that is remembered."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast, get_args

from PySide6.QtCore import QObject

from app.services.intake.queries import Sort
from app.ui import theme
from app.ui.inbox.folding import USUAL_SIZES, Fold, fold_of

if TYPE_CHECKING:
    from app.ui.inbox.list_screen import ListScreen


class ListLayout(QObject):
    """Folds views and preview as the width of the screen allows."""

    def __init__(self, screen: "ListScreen") -> None:
        super().__init__(screen)
        self._screen = screen
        self.fold: Fold = "wide"
        self.wants_preview = True
        self._is_sized = False
        self._sizes: dict[str, list[int]] = {}

    def arrange(self) -> None:
        """Show the panes that there is room for."""
        screen, is_single = self._screen, self.fold == "single"
        has_rows = screen.list_area.has_rows
        screen.views.setVisible(self.fold == "wide")
        screen.preview.setVisible(self.wants_preview and has_rows)
        screen.list_area.setVisible(not (is_single and self.wants_preview and has_rows))
        screen.title.show_title()

    def take_width(self, width: int) -> None:
        """Fold panes that have no room in this width."""
        fold = fold_of(width)
        is_first, self._is_sized = not self._is_sized, True
        if not is_first and fold == self.fold:
            return
        if not is_first:
            self.keep_sizes()
        if "single" in (fold, self.fold):
            self.wants_preview = fold != "single"
        self.fold = fold
        self.arrange()
        self.apply_sizes()

    def toggle_preview(self) -> None:
        """Show or hide the preview; on a narrow page it takes the place of the list."""
        self.wants_preview = not self.wants_preview
        self.arrange()
        if self.fold == "single":
            screen = self._screen
            (screen.preview.open_button if self.wants_preview else screen.list).setFocus()

    def keep_sizes(self) -> None:
        """Remember the widths on screen for this fold."""
        screen = self._screen
        if screen.isVisible() and screen.list_area.has_rows and self.fold != "single":
            self._sizes[self.fold] = screen.splitter.sizes()

    def apply_sizes(self) -> None:
        """Give the panes the widths that were remembered, else the usual ones."""
        usual = [theme.scaled(size) for size in USUAL_SIZES[self.fold]]
        self._screen.splitter.set_usual_sizes(USUAL_SIZES[self.fold])
        self._screen.splitter.setSizes(self._sizes.get(self.fold, usual))

    def saved(self) -> Mapping[str, object]:
        """Return widths, view and order as plain values."""
        self.keep_sizes()
        screen, delegate = self._screen, self._screen.list.delegate
        return {
            "sizes": dict(self._sizes),
            "view": screen.key if screen.has_chosen_view else "",
            "columns": list(delegate.columns),
            "sort": screen.sort,
            "descending": screen.is_descending,
            "compact": delegate.is_compact,
            "preview": self.wants_preview,
        }

    def restore(self, layout: Mapping[str, object]) -> None:
        """Put widths, view and order where they were."""
        screen, sizes, sort = self._screen, layout.get("sizes"), layout.get("sort")
        if isinstance(sizes, Mapping):
            self._sizes = {str(fold): list(kept) for fold, kept in sizes.items() if isinstance(kept, list)}
        view, columns = layout.get("view"), layout.get("columns")
        if isinstance(view, str):
            screen.want_view(view)
        if isinstance(columns, list | tuple):
            screen.show_columns([str(name) for name in columns])
        if sort in get_args(Sort):
            screen.sort, screen.is_descending = cast("Sort", sort), bool(layout.get("descending"))
            screen.heads.show_sort(screen.sort, is_descending=screen.is_descending)
        screen.list.set_compact(bool(layout.get("compact")))
        self.wants_preview = bool(layout.get("preview", True))
        self.arrange()
        self.apply_sizes()
