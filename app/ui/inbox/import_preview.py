"""Look at files before they are imported: which mapping, what each column means, what is refused."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QSplitter, QVBoxLayout, QWidget

from app.errors import AppError
from app.models.changes import Changes
from app.services.intake import commands, queries
from app.services.intake.queries import ColumnMapping, Preview
from app.services.jobs import JobContext
from app.services.workspace.database import Database
from app.ui import theme
from app.ui.inbox.import_tables import ColumnTable, RowTable
from app.ui.jobs import JobRunner
from app.ui.widgets import announce, secondary_button, section_head, set_tone, text_label


class ImportPreview(QWidget):
    """Shows one file at a time; `ready_changed` tells whether all of them may be imported."""

    ready_changed = Signal(bool)

    def __init__(self, database: Database, runner: JobRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._database, self._runner = database, runner
        self._paths: tuple[Path, ...] = ()
        self._chosen: dict[Path, ColumnMapping] = {}
        self._seen: dict[Path, Preview] = {}
        self._refusals: dict[Path, str] = {}
        self._build()

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files that are looked at."""
        return self._paths

    @property
    def is_ready(self) -> bool:
        """Whether every file was read and has a mapping, or is refused as a whole."""
        settled = all(path in self._chosen or path in self._refusals for path in self._paths)
        return settled and any(path in self._chosen for path in self._paths)

    def mappings(self) -> Mapping[Path, ColumnMapping]:
        """Return the mapping of each file that can be read."""
        return dict(self._chosen)

    def look_at(self, paths: Sequence[Path]) -> None:
        """Begin with other files."""
        self._paths = tuple(dict.fromkeys(paths))
        self._chosen, self._seen, self._refusals = {}, {}, {}
        self.file_box.clear()
        for path in self._paths:
            self.file_box.addItem(path.name)
        self._file_row.setVisible(len(self._paths) > 1)
        for path in reversed(self._paths):
            self._read(path)

    @Slot()
    def keep_mapping(self) -> None:
        """Keep the mapping of this file under the name that was typed."""
        path, name = self._path(), self.name_edit.text().strip()
        mapping = self._chosen.get(path) if path else None
        if mapping is None or path is None:
            return
        headers = tuple(column.name for column in self._seen[path].columns if column.target)
        kept = replace(mapping, marks=(headers,))
        self._runner.run_command(
            lambda _job: self._database.write(commands.save_mapping, name, kept),
            on_done=partial(self._on_kept, name),
            on_failed=self._on_not_kept,
        )

    def _build(self) -> None:
        self.file_box, self.mapping_box = QComboBox(), QComboBox()
        self.file_box.setAccessibleName(self.tr("File"))
        self.mapping_box.setAccessibleName(self.tr("Mapping"))
        self.file_box.currentIndexChanged.connect(self._show)
        self.mapping_box.activated.connect(self._on_mapping)
        self._file_row = _labelled(self.tr("File"), self.file_box)
        self._mapping_row = _labelled(self.tr("Comes from"), self.mapping_box)
        self.reason = text_label(tone="text.2", wraps=True)
        self.outcome = text_label(role="card", wraps=True)
        self.columns, self.rows = ColumnTable(), RowTable()
        self.columns.target_chosen.connect(self._on_target)
        column = QVBoxLayout(self)
        edge = theme.SPACE.page_edge
        column.setContentsMargins(edge, theme.SPACE.m, edge, theme.SPACE.m)
        column.setSpacing(theme.SPACE.m)
        top = QHBoxLayout()
        top.setSpacing(theme.SPACE.xl)
        for row in (self._file_row, self._mapping_row):
            top.addWidget(row)
        self.reason.setContentsMargins(0, theme.SPACE.xl, 0, 0)
        top.addWidget(self.reason, 1)
        column.addLayout(top)
        column.addWidget(self.outcome)
        column.addWidget(self._tables(), 1)

    def _tables(self) -> QWidget:
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setChildrenCollapsible(False)
        left, right = QWidget(), QWidget()
        self._left = left
        for place, title, table in (
            (left, self.tr("What each column means"), self.columns),
            (right, self.tr("First rows as they will be read"), self.rows),
        ):
            column = QVBoxLayout(place)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(theme.SPACE.s)
            column.addWidget(section_head(title))
            column.addWidget(table, 1)
            self._split.addWidget(place)
        left_column = left.layout()
        if isinstance(left_column, QVBoxLayout):
            left_column.addLayout(self._keep_row())
        self._split.setStretchFactor(0, 2)
        self._split.setStretchFactor(1, 3)
        self._split.setHandleWidth(theme.SPACE.xl)
        return self._split

    def _keep_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE.s)
        self.name_edit = QLineEdit()
        self.name_edit.setPlaceholderText(self.tr("Name for the next time"))
        self.name_edit.setAccessibleName(self.tr("Name of the mapping"))
        self.name_edit.setMaxLength(58)
        self.keep_button = secondary_button(self.tr("Keep mapping"), icon="save", on_click=self.keep_mapping)
        self.name_edit.returnPressed.connect(self.keep_mapping)
        row.addWidget(self.name_edit, 1)
        row.addWidget(self.keep_button)
        return row

    def _path(self) -> Path | None:
        at = self.file_box.currentIndex()
        return self._paths[at] if 0 <= at < len(self._paths) else None

    def _read(self, path: Path, mapping: ColumnMapping | None = None) -> None:
        clock = self._database.clock
        now, zone = clock.now(), clock.zone()

        def read(job: JobContext) -> Preview:
            return self._database.read(queries.preview, path, now=now, zone=zone, mapping=mapping, job=job)

        self._runner.run_query(
            read,
            on_done=partial(self._on_read, path),
            on_failed=partial(self._on_refused, path),
            owner=self,
            label=self.tr("Reading {name}").format(name=path.name),
        )

    def _on_read(self, path: Path, seen: Preview) -> None:
        if path not in self._paths:
            return
        self._seen[path] = seen
        self._refusals.pop(path, None)
        if seen.mapping is not None:
            self._chosen[path] = seen.mapping
        self._after(path)

    def _on_refused(self, path: Path, error: AppError) -> None:
        if path in self._paths:
            self._refusals[path] = str(error)
            self._chosen.pop(path, None)
            self._after(path)

    def _after(self, path: Path) -> None:
        if path == self._path():
            self._show()
        self.ready_changed.emit(self.is_ready)

    @Slot()
    def _show(self) -> None:
        path = self._path()
        seen = self._seen.get(path) if path else None
        refusal = self._refusals.get(path, "") if path else ""
        is_table = seen is not None and not seen.is_mail and not refusal
        self._mapping_row.setVisible(is_table)
        self.reason.setVisible(is_table)
        self._split.setVisible(seen is not None and not refusal)
        self._left.setVisible(is_table)
        if refusal:
            self._say(self.tr("This file will be refused: {why}").format(why=refusal), "over")
        elif seen is not None:
            self._show_seen(seen)

    def _show_seen(self, seen: Preview) -> None:
        self._fill_mappings(seen)
        self.columns.show_columns(seen.columns)
        self.rows.show_rows(seen.rows, is_decided=seen.mapping is not None)
        self.reason.setText(self._why(seen))
        self.keep_button.setEnabled(seen.mapping is not None)
        if seen.mapping is None:
            self._say(self.tr("Choose where the file comes from, or what its columns mean."), "soon")
            return
        tried = self.tr("{n:,} rows were tried") if not seen.is_whole else self.tr("{n:,} rows")
        words = [tried.format(n=seen.tried)]
        if seen.refused:
            first = seen.refused[0]
            refused = self.tr("{n:,} will be refused, the first in line {line}: {why}")
            words.append(refused.format(n=len(seen.refused), line=first.line, why=first.reason))
        else:
            words.append(self.tr("none will be refused"))
        self._say(", ".join(words), "over" if len(seen.refused) == seen.tried else "text.1")

    def _fill_mappings(self, seen: Preview) -> None:
        fitting = {each.mapping.name for each in seen.proposals}
        known = {each.name: each for each in seen.known}
        if seen.mapping is not None:
            known.setdefault(seen.mapping.name, seen.mapping)
        box = self.mapping_box
        box.blockSignals(True)
        box.clear()
        if seen.mapping is None:
            box.addItem(self.tr("Choose one"), None)
        for mapping in sorted(known.values(), key=lambda each: each.name not in fitting):
            fits = self.tr("{title} (fits)") if mapping.name in fitting else "{title}"
            box.addItem(fits.format(title=mapping.title), mapping)
            if seen.mapping is not None and mapping.name == seen.mapping.name:
                box.setCurrentIndex(box.count() - 1)
        box.blockSignals(False)

    def _why(self, seen: Preview) -> str:
        if len(seen.proposals) > 1 and seen.mapping is None:
            return self.tr("More than one fits this heading, so none is chosen for you.")
        chosen = seen.mapping.name if seen.mapping else ""
        reasons = [each.reason for each in seen.proposals if each.mapping.name == chosen]
        if reasons:
            return self.tr("Proposed. {why}").format(why=reasons[0])
        return self.tr("No known export has this heading.") if not seen.proposals else ""

    def _on_mapping(self, at: int) -> None:
        path, mapping = self._path(), self.mapping_box.itemData(at)
        if path is not None and isinstance(mapping, ColumnMapping):
            self._read(path, mapping)

    def _on_target(self, header: str, target: str) -> None:
        path = self._path()
        seen = self._seen.get(path) if path else None
        if path is None or seen is None:
            return
        mapping = seen.mapping or ColumnMapping("changed", self.tr("Chosen here"), {})
        self._read(path, mapping.with_target(header, target))

    def _on_kept(self, name: str, _changes: Changes) -> None:
        self.name_edit.clear()
        self.reason.setText(self.tr("Kept as “{name}”. It is proposed for this heading.").format(name=name))
        announce(self, self.reason.text())

    def _on_not_kept(self, error: AppError) -> None:
        self._say(str(error), "over")

    def _say(self, words: str, tone: str) -> None:
        self.outcome.setText(words)
        set_tone(self.outcome, tone)
        announce(self, words)


def _labelled(text: str, box: QComboBox) -> QWidget:
    place = QWidget()
    column = QVBoxLayout(place)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(theme.SPACE.xs)
    column.addWidget(text_label(text, role="secondary", tone="text.2", weight=500))
    column.addWidget(box)
    box.setMinimumWidth(theme.scaled(280))
    return place
