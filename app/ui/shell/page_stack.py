"""Make pages when they are first needed and keep them informed."""

import logging
from collections.abc import Iterable, Mapping

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.errors import AppError
from app.models.changes import Changes
from app.ui.shell.actions import EVERYWHERE, LETTER, LIST, Registry, list_of
from app.ui.shell.page import Page, PageSpec

logger = logging.getLogger(__name__)


class PageStack(QStackedWidget):
    """Hold one page per spec, made on first sight."""

    place_changed = Signal(str, str)
    go_requested = Signal(str, str)
    message_requested = Signal(str)

    def __init__(self, registry: Registry, parent: QWidget) -> None:
        super().__init__(parent)
        self._registry = registry
        self._specs: dict[str, PageSpec] = {}
        self._pages: dict[str, Page] = {}
        self._layouts: dict[str, Mapping[str, object]] = {}
        self._current = ""

    @property
    def current_id(self) -> str:
        """Return the id of the page on screen."""
        return self._current

    def specs(self) -> tuple[PageSpec, ...]:
        """Return the specs in the order they were added."""
        return tuple(self._specs.values())

    def add_spec(self, spec: PageSpec) -> None:
        """Announce a page without making it."""
        self._specs[spec.id] = spec

    def has(self, page_id: str) -> bool:
        """Tell whether there is a page with this id."""
        return page_id in self._specs

    def page(self) -> Page | None:
        """Return the page on screen, if one was made."""
        return self._pages.get(self._current)

    def pages(self) -> Iterable[Page]:
        """Return the pages made so far."""
        return tuple(self._pages.values())

    def show_page(self, page_id: str) -> Page:
        """Bring a page on screen and make it if needed."""
        before = self.page()
        page = self._pages.get(page_id) or self._make(page_id)
        if page is not before:
            if before is not None:
                before.deactivate()
            self._current = page_id
            self.setCurrentWidget(page)
            page.activate()
        return page

    def contexts(self) -> tuple[str, ...]:
        """Return the command contexts of the page on screen."""
        page = self.page()
        found = [EVERYWHERE]
        if page is None:
            return tuple(found)
        found += [self._current, list_of(self._current)]
        found += [context for context in (LIST, LETTER) if page.shortcut_targets(context)]
        return tuple(found)

    def forward(self, changes: Changes, initiator: QObject | None) -> None:
        """Tell every page but the one that made the changes."""
        for page in self._pages.values():
            if page is not initiator:
                page.on_changes(changes)

    def flush(self) -> AppError | None:
        """Let every page save its words; return the first failure."""
        failure: AppError | None = None
        for page in self._pages.values():
            failure = _flush(page) or failure
        return failure

    def drop(self) -> bool:
        """Drop every page that is saved; tell whether all were."""
        kept: dict[str, Page] = {}
        for page_id, page in self._pages.items():
            if _flush(page) is not None:
                # Words that could not be saved live in this page alone; it stays hidden until they can be.
                kept[page_id] = page
                continue
            self._layouts[page_id] = page.save_layout()
            page.deactivate()
            page.drop()
            self.removeWidget(page)
            page.setParent(None)
            page.deleteLater()
        self._pages = kept
        self._current = ""
        return not kept

    def layouts(self) -> dict[str, object]:
        """Return the arrangement of every page as plain values."""
        shown = {page_id: page.save_layout() for page_id, page in self._pages.items()}
        return {page_id: dict(layout) for page_id, layout in {**self._layouts, **shown}.items() if layout}

    def restore_layouts(self, layouts: Mapping[str, object]) -> None:
        """Take the arrangements for pages that are made later."""
        for page_id, layout in layouts.items():
            if isinstance(layout, Mapping):
                self._layouts[page_id] = layout

    def _make(self, page_id: str) -> Page:
        page = self._specs[page_id].factory()
        page.setObjectName(f"page-{page_id}")
        self._pages[page_id] = page
        self.addWidget(page)
        self._registry.attach(page_id, page)
        for context in (LIST, LETTER):
            for widget in page.shortcut_targets(context):
                self._registry.attach(context, widget)
                if context == LIST:
                    self._registry.attach(list_of(page_id), widget)
        page.place_changed.connect(self._on_place_changed)
        page.go_requested.connect(self.go_requested)
        page.message_requested.connect(self.message_requested)
        if page_id in self._layouts:
            page.restore_layout(self._layouts[page_id])
        return page

    def _on_place_changed(self, target: str) -> None:
        if self.sender() is self.page():
            self.place_changed.emit(self._current, target)


def _flush(page: Page) -> AppError | None:
    try:
        page.flush()
    except AppError as error:
        logger.warning("A page could not save what was typed: %s", type(error).__name__)
        return error
    return None
