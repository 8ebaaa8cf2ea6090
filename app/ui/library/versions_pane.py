"""The versions of a document, and what changed between two of them."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.services.library.queries import Document, DocumentRow
from app.ui import theme
from app.ui.library import states
from app.ui.library.delegate import VERSION_COLUMNS, DocumentDelegate
from app.ui.library.diff_text import write_sections
from app.ui.library.list_pane import DocumentList
from app.ui.library.rows import version_rows
from app.ui.library.text_view import TextView
from app.ui.library.version_diff import changed_count, compare
from app.ui.library.wording import say
from app.ui.widgets import Splitter, secondary_button, set_tone, text_label

_DIFF_WIDTH: Final = 1200


class VersionsPane(QFrame):
    """A list of versions beside the words that changed."""

    version_chosen = Signal(str)
    compare_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._versions: tuple[DocumentRow, ...] = ()
        self._pair: tuple[Document, Document] | None = None
        self.list = DocumentList(say("Versions"))
        self.list.setItemDelegate(DocumentDelegate(self.list, names=VERSION_COLUMNS))
        self.summary = text_label(role="body", weight=500, wraps=True)
        self.note = text_label(role="secondary", tone="text.2", wraps=True)
        self.diff = TextView(self.tr("Changed words"), widest=_DIFF_WIDTH)
        self.compare_button = secondary_button(
            self.tr("Compare versions"), "C", icon="git-compare-arrows", on_click=self.compare_requested.emit
        )
        self.splitter = Splitter()
        self._build()
        self.list.moved.connect(self._on_moved)
        theme.theme_signals.changed.connect(self._on_theme_changed)

    def show_versions(self, versions: Sequence[DocumentRow], chosen: str) -> None:
        """List all versions of a document, one of them chosen."""
        self._versions = tuple(versions)
        self.list.show_rows(version_rows(versions), chosen)
        self.compare_button.setVisible(self.why_no_compare() is None)

    @property
    def all(self) -> tuple[DocumentRow, ...]:
        """Every version of the document, newest first."""
        return self._versions

    def why_no_compare(self) -> str | None:
        """Say why no two versions can be compared, if so."""
        if len(self._versions) < 2:
            return self.tr("It is the only version here, so there is nothing to compare it with.")
        return None

    def older_of(self, version_id: str) -> DocumentRow | None:
        """Return the version that this one is compared with, if any."""
        place = next((at for at, row in enumerate(self._versions) if row.id == version_id), None)
        if place is None:
            return None
        one, older = self._versions[place], self._versions[place + 1 :]
        alike = [row for row in older if _variant(row) == _variant(one)]
        return next(iter(alike or older), None)

    def show_pair(self, old: Document, new: Document) -> None:
        """Show what changed from one version to the next, side by side."""
        self._pair = (old, new)
        sections = compare(old, new)
        changed = changed_count(sections)
        noun = "paragraph" if changed == 1 else "paragraphs"
        self.summary.setText(
            say("{changed} {noun} changed from {number} to {number_2}").format(
                changed=changed, noun=noun, number=old.row.number, number_2=new.row.number
            )
            if changed
            else say("The text of {number} and {number_2} is the same").format(
                number=old.row.number, number_2=new.row.number
            )
        )
        self.note.setText(
            say("New words are underlined, old ones struck out. References stand by their keys.")
        )
        set_tone(self.summary, "text.1")
        heads = (_head(old.row), _head(new.row))
        write_sections(self.diff, heads, sections)
        self.diff.show()

    def show_single(self, row: DocumentRow) -> None:
        """Say that a version has no older one to compare with."""
        self._pair = None
        self.summary.setText(say("{name} is the first version here").format(name=states.name_of(row)))
        self.note.setText(say("There is nothing older to compare it with."))
        self.diff.clear()
        self.diff.hide()

    def clear(self) -> None:
        """Forget every version."""
        self._versions, self._pair = (), None
        self.list.show_rows([], "")
        self.diff.clear()

    @Slot(str)
    def _on_moved(self, version_id: str) -> None:
        if version_id:
            self.version_chosen.emit(version_id)

    @Slot()
    def _on_theme_changed(self) -> None:
        if self._pair is not None:
            self.show_pair(*self._pair)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        right = QWidget()
        inside = QVBoxLayout(right)
        inside.setContentsMargins(0, theme.SPACE.m, 0, 0)
        inside.setSpacing(theme.SPACE.xs)
        words = QVBoxLayout()
        words.setContentsMargins(theme.SPACE.l, 0, theme.SPACE.l, 0)
        words.setSpacing(2)
        words.addWidget(self.summary)
        words.addWidget(self.note)
        words.addSpacing(theme.SPACE.xs)
        words.addWidget(self.compare_button)
        inside.addLayout(words)
        inside.addWidget(self.diff, 1)
        inside.addStretch(0)
        self.list.setMinimumWidth(theme.scaled(200))
        self.splitter.addWidget(self.list)
        self.splitter.addWidget(right)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.set_usual_sizes((260, 560))
        column.addWidget(self.splitter)


def _variant(row: DocumentRow) -> tuple[str, str, str]:
    return row.country, row.language, row.audience


def _head(row: DocumentRow) -> str:
    return f"{row.number}, {states.state_look(row.state).word.lower()}"
