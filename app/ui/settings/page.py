"""The page of settings: sections on the left, rows in one column."""

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.models.changes import Changes
from app.ui import theme
from app.ui.settings.about import AboutSection
from app.ui.settings.backups import BackupsSection
from app.ui.settings.desk import SettingsDesk
from app.ui.settings.look import LookSection
from app.ui.settings.person import PersonSection
from app.ui.settings.section import Section
from app.ui.settings.section_list import SectionList
from app.ui.settings.security import SecuritySection
from app.ui.settings.service_levels import ServiceLevelsSection
from app.ui.shell.page import Page
from app.ui.widgets import PageHeader, SearchField, text_label

SECTIONS: tuple[Callable[[SettingsDesk], Section], ...] = (
    LookSection,
    PersonSection,
    ServiceLevelsSection,
    SecuritySection,
    BackupsSection,
    AboutSection,
)
_COLUMN = 720


class _Body(QFrame):
    """What scrolls: as high as its words need at the width they have."""

    def minimumSizeHint(self) -> QSize:
        """Leave the height to heightForWidth; wrapped labels else ask for that of a narrow window."""
        return QSize(super().minimumSizeHint().width(), 0)


class SettingsPage(Page):
    """Show one section, or every row that a search finds; all of it acts at once."""

    def __init__(self, desk: SettingsDesk) -> None:
        super().__init__()
        self.sections = {section.section_id: section for section in (make(desk) for make in SECTIONS)}
        self._current = next(iter(self.sections))
        self.section_list = SectionList(list(self.sections.values()))
        self.search = SearchField(self.tr("Find a setting"), "Ctrl+F")
        self.nothing_label = text_label(tone="text.2", wraps=True)
        self.column_view = QScrollArea()
        self._build()
        self._connect()
        self._show_section(self._current)

    def activate(self) -> None:
        """Come on screen with everything read again."""
        super().activate()
        self._reload(self.sections.values())

    def refresh(self, changes: Changes) -> None:
        """Read again what these changes touch."""
        self._reload(section for section in self.sections.values() if changes.touch(*section.kinds))

    def show_target(self, target: str) -> None:
        """Show a section, and open one of its settings if it is named: `security.passphrase`."""
        section_id, _, row_key = target.partition(".")
        if section_id not in self.sections:
            return
        self.search.clear_search()
        self._show_section(section_id)
        row = self.sections[section_id].rows.get(row_key)
        if row is None:
            self.section_list.button(section_id).setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
        row.open()
        self.column_view.ensureWidgetVisible(row)

    def target(self) -> str:
        """Return the section on screen."""
        return self._current

    def primary_action(self) -> QAction | None:
        """Return what the open form does, if one is open."""
        form = self.sections[self._current].open_form()
        return form.submit_action if form is not None else None

    def panes(self) -> Sequence[QWidget]:
        """Return the sections and the column of rows."""
        return self.section_list, self.column_view

    def home(self) -> QWidget | None:
        """Put the keyboard on the section that is shown."""
        return self.section_list

    def flush(self) -> None:
        """Keep what was changed a moment ago."""
        for section in self.sections.values():
            section.flush()

    def drop(self) -> None:
        """Take every secret off the screen."""
        for section in self.sections.values():
            section.forget()

    def deactivate(self) -> None:
        """Leave the screen with no secret on it."""
        super().deactivate()
        self.flush()
        self.drop()

    def _build(self) -> None:
        header = PageHeader(self.tr("Settings"))
        header.set_field(self.search)
        body = _Body()
        body.setProperty("surface", "window")
        row = QHBoxLayout(body)
        edge = theme.SPACE.page_edge
        row.setContentsMargins(edge, edge, edge, edge)
        self._column = QWidget()
        column = QVBoxLayout(self._column)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE.xl)
        column.addWidget(self.nothing_label)
        for section in self.sections.values():
            column.addWidget(section)
        column.addStretch(1)
        row.addStretch(1)
        row.addWidget(self._column, 1000)
        row.addStretch(1)
        self.column_view.setWidget(body)
        self.column_view.setWidgetResizable(True)
        self.column_view.setFrameShape(QFrame.Shape.NoFrame)
        self.column_view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.column_view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.column_view.setAccessibleName(self.tr("Settings of the section"))
        beside = QHBoxLayout()
        beside.setSpacing(0)
        beside.addWidget(self.section_list)
        beside.addWidget(self.column_view, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(header)
        outer.addLayout(beside, 1)
        self._fit()

    def _connect(self) -> None:
        self.section_list.section_chosen.connect(self._on_section_chosen)
        self.search.searched.connect(self._on_searched)
        self.search.left.connect(self._on_search_left)
        self.search.returnPressed.connect(self._on_search_return)
        for section in self.sections.values():
            section.said.connect(self.message_requested)
        find = QShortcut(QKeySequence("Ctrl+F"), self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self._on_find)
        theme.theme_signals.changed.connect(self._fit)

    def _show_section(self, section_id: str) -> None:
        self._current = section_id
        self.section_list.show_section(section_id)
        self.nothing_label.hide()
        for key, section in self.sections.items():
            section.filter([])
            section.setVisible(key == section_id)
            if key != section_id:
                section.forget()
        self.column_view.verticalScrollBar().setValue(0)

    def _on_section_chosen(self, section_id: str) -> None:
        self.search.clear()
        self.search.search_now()
        self._show_section(section_id)
        self.place_changed.emit(section_id)

    def _on_find(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _on_searched(self, text: str) -> None:
        words = text.casefold().split()
        if not words:
            self._show_section(self._current)
            return
        self.section_list.show_section("")
        found = 0
        for section in self.sections.values():
            section.forget()
            count = section.filter(words)
            section.setVisible(count > 0)
            found += count
        self.nothing_label.setText(
            self.tr("No setting matches \u201c{text}\u201d. Esc clears the search.").format(text=text)
        )
        self.nothing_label.setVisible(found == 0)

    def _on_search_return(self) -> None:
        rows = [
            row for section in self.sections.values() if section.isVisible() for row in section.rows.values()
        ]
        first = next((row for row in rows if row.isVisible() and row.control is not None), None)
        if first is not None and self.search.text():
            first.take_keyboard()

    def _on_search_left(self) -> None:
        self.section_list.button(self._current).setFocus(Qt.FocusReason.OtherFocusReason)

    def _fit(self) -> None:
        self._column.setMaximumWidth(theme.scaled(_COLUMN))

    def _reload(self, sections: Iterable[Section]) -> None:
        for section in sections:
            section.reload()
