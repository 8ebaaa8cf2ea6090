"""One label: its versions, its sections, and the text of the chosen one."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.models.markup import parse
from app.services.library.label_rows import LabelRow
from app.services.library.labels import LabelDocument, LabelText
from app.ui import theme
from app.ui.letters.document import write_tree
from app.ui.letters.formats import Look
from app.ui.library import states
from app.ui.library.comparing import label_look, label_name
from app.ui.library.fact_lines import FactLine, FactLines
from app.ui.library.text_view import TextView
from app.ui.widgets import Chip, Splitter, divider, icon_button, secondary_button, text_label


class LabelReader(QFrame):
    """The head of a label above its sections and their text."""

    back_requested = Signal()
    version_chosen = Signal(str)
    compare_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._versions: tuple[LabelRow, ...] = ()
        self._document: LabelDocument | None = None
        self.setProperty("surface", "surface")
        self.setAccessibleName(self.tr("Label"))
        self.back_button = icon_button(
            "arrow-left", self.tr("Back to the list"), "Esc", on_click=self.back_requested.emit
        )
        self.title = text_label(role="case_title", wraps=True, selectable=True)
        self.meta = text_label(role="secondary", tone="text.2", wraps=True, selectable=True)
        self.state_chip = Chip()
        self.version_box = QComboBox()
        self.version_box.setAccessibleName(self.tr("Version"))
        self.version_box.view().setAccessibleName(self.tr("Version"))
        self.compare_button = secondary_button(
            self.tr("Compare versions"), "C", icon="git-compare-arrows", on_click=self.compare_requested.emit
        )
        self.reason = text_label(role="secondary", tone="text.2", wraps=True)
        self.list = FactLines(self.tr("Sections of the label"))
        self.text = TextView(self.tr("Text of the section"))
        self._build()
        self.list.moved.connect(self._on_moved)
        self.list.opened.connect(self._on_opened)
        self.version_box.activated.connect(self._on_version_chosen)
        theme.theme_signals.changed.connect(self._write)
        self.back_button.hide()

    @property
    def row(self) -> LabelRow | None:
        """The version that is shown."""
        return self._document.row if self._document is not None else None

    @property
    def versions(self) -> tuple[LabelRow, ...]:
        """All versions of the label, the newest first."""
        return self._versions

    def show_label(self, document: LabelDocument, versions: Sequence[LabelRow]) -> None:
        """Show a version of a label."""
        self._document, self._versions = document, tuple(versions)
        row = document.row
        self.title.setText(row.title)
        where = states.joined(
            states.country_word(row.region), states.language_word(row.language), row.kind.upper()
        )
        self.meta.setText(states.joined(row.product or self.tr("No product"), where, row.source, row.set_id))
        self.state_chip.show_state(*label_look(row.state))
        self._show_versions(row)
        lines = [_line(section, self.tr("Boxed warning")) for section in document.sections]
        self.list.show_lines(lines)
        self._write()

    def why_no_compare(self) -> str | None:
        """Say why no two versions can be compared, if so."""
        if self._document is None:
            return self.tr("Choose a label first.")
        if len(self._versions) < 2:
            return self.tr("It is the only version here, so there is nothing to compare it with.")
        return None

    def clear(self) -> None:
        """Forget the label."""
        self._document, self._versions = None, ()
        for label in (self.title, self.meta, self.reason):
            label.clear()
        self.list.show_lines(())
        self.text.clear()
        self.version_box.clear()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back to the list with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.back_requested.emit()
        else:
            super().keyPressEvent(event)

    def _show_versions(self, row: LabelRow) -> None:
        with QSignalBlocker(self.version_box):
            self.version_box.clear()
            for each in self._versions:
                self.version_box.addItem(label_name(each), each.id)
            self.version_box.setCurrentIndex(self.version_box.findData(row.id))
        reason = self.why_no_compare()
        self.compare_button.setEnabled(reason is None)
        self.compare_button.setToolTip(reason or "")
        self.compare_button.setAccessibleDescription(reason or "")
        self.reason.setText(reason or "")
        self.reason.setVisible(bool(reason))

    @Slot()
    def _write(self) -> None:
        document = self.text.document()
        document.clear()
        line = self.list.current
        if line is None or not isinstance(line.about, LabelText):
            return
        document.setUndoRedoEnabled(False)
        document.setDefaultFont(theme.font("letter"))
        document.setDocumentMargin(theme.SPACE.page_edge)
        cursor = QTextCursor(document)
        cursor.beginEditBlock()
        look = Look(theme.color("accent").name(), theme.color("line.strong").name())
        words = line.about.text or self.tr("Only a heading: its text stands in the sections below it.")
        write_tree(cursor, parse(words), line.about.id, look)
        cursor.endEditBlock()
        self.text.setAccessibleDescription(line.about.heading)
        self.text.show_place(0)

    @Slot(object)
    def _on_moved(self, _line: FactLine | None) -> None:
        self._write()

    @Slot(object)
    def _on_opened(self, _line: FactLine) -> None:
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _on_version_chosen(self) -> None:
        self.version_chosen.emit(str(self.version_box.currentData() or ""))

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._make_head())
        column.addWidget(divider())
        splitter = Splitter()
        holder = QWidget()
        inside = QVBoxLayout(holder)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.text)
        splitter.addWidget(self.list)
        splitter.addWidget(holder)
        splitter.setStretchFactor(1, 1)
        splitter.set_usual_sizes((300, 500))
        column.addWidget(splitter, 1)

    def _make_head(self) -> QWidget:
        head = QWidget()
        column = QVBoxLayout(head)
        edge = theme.SPACE.page_edge
        column.setContentsMargins(edge, theme.SPACE.l, edge, theme.SPACE.m)
        column.setSpacing(theme.SPACE.xs)
        first = QHBoxLayout()
        first.setSpacing(theme.SPACE.s)
        first.addWidget(self.back_button, 0, Qt.AlignmentFlag.AlignTop)
        first.addWidget(self.title, 1)
        column.addLayout(first)
        column.addWidget(self.meta)
        column.addSpacing(theme.SPACE.xs)
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE.m)
        row.addWidget(self.state_chip)
        row.addWidget(self.version_box)
        row.addStretch(1)
        row.addWidget(self.compare_button)
        column.addLayout(row)
        column.addWidget(self.reason)
        return head


def _line(section: LabelText, boxed: str) -> FactLine:
    heading = section.heading or section.standard or "\N{EM DASH}"
    is_said = not section.standard or section.standard.casefold() in heading.casefold()
    is_boxed = section.is_boxed_warning
    return FactLine(
        section.id,
        heading,
        "" if is_said else section.standard,
        chip=boxed if is_boxed else "",
        kind="soon",
        icon="triangle-alert" if is_boxed else "",
        is_indented=section.depth > 1,
        about=section,
    )
