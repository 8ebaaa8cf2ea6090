"""The title of the inbox list; without room for the views it opens their menu."""

import functools
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMenu

from app.ui import theme
from app.ui.inbox.views_panel import SAVED, VIEWS, count_text, view_icon, view_title
from app.ui.widgets import quiet_button

if TYPE_CHECKING:
    from app.ui.inbox.list_screen import ListScreen

_MIRRORED = Qt.LayoutDirection.RightToLeft


class ListTitle(QObject):
    """Names the view on screen and how much is in it."""

    def __init__(self, screen: "ListScreen") -> None:
        super().__init__(screen)
        self._screen = screen
        self.button = quiet_button("", on_click=self._open_menu)
        self.button.setLayoutDirection(_MIRRORED)
        theme.set_font(self.button, "page_title")
        screen.header.add_before_title(self.button)

    def show_title(self) -> None:
        """Name the view on screen."""
        screen = self._screen
        saved = screen.saved.find(screen.saved_id) if screen.saved_id else None
        title = saved.name if saved is not None else view_title(screen.view)
        is_menu = screen.layout_of_panes.fold != "wide"
        screen.header.set_title("" if is_menu else title)
        screen.header.setAccessibleName(title)
        self.button.setVisible(is_menu)
        self.button.setText(title)
        self.button.setAccessibleName(self.tr("View: {title}").format(title=title))
        theme.set_icon(self.button, "chevron-down")
        screen.views.show_view(screen.key)

    def show_fact(self) -> None:
        """Say how many inquiries the view holds."""
        count = self._screen.model.count
        words = self.tr("1 inquiry") if count == 1 else self.tr("{n:,} inquiries").format(n=count)
        self._screen.header.set_fact(words)

    def _open_menu(self) -> None:
        screen = self._screen
        menu = QMenu(screen)
        for view in VIEWS:
            count = f"   {count_text(screen.counts[view])}" if view in screen.counts else ""
            action = menu.addAction(f"{view_title(view)}{count}", functools.partial(screen.browse, view))
            theme.set_icon(action, view_icon(view))
        if screen.saved.views:
            menu.addSeparator()
        for saved in screen.saved.views:
            action = menu.addAction(saved.name, functools.partial(screen.browse, SAVED + saved.id))
            theme.set_icon(action, "filter")
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.button.mapToGlobal(self.button.rect().bottomLeft()))
