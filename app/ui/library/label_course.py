"""The course of the labels: their list, page by page, and the one that is read."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal, Slot

from app.services.jobs import JobContext
from app.services.library import labels
from app.services.library.label_rows import LabelRow, LabelSummary, label_count, label_page
from app.services.library.labels import LabelDocument
from app.ui.library import states
from app.ui.library.comparing import label_look
from app.ui.library.desk import LibraryDesk
from app.ui.library.fact_lines import FactLine
from app.ui.library.label_reader import LabelReader
from app.ui.library.list_pane import LABELS, ListPane
from app.ui.widgets import SearchField

LABEL_PAGE = 200


class LabelCourse(QObject):
    """Fill the list of labels and read the chosen one."""

    read = Signal()
    opened = Signal()

    def __init__(
        self, desk: LibraryDesk, pane: ListPane, reader: LabelReader, search: SearchField, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._desk, self._pane, self._reader, self._search = desk, pane, reader, search
        self._list = pane.labels.list
        self._words = ""
        self._list.moved.connect(self._on_moved)
        self._list.opened.connect(self._on_opened)
        self._list.facts.more_wanted.connect(self._on_more_wanted)
        reader.version_chosen.connect(self.show)
        search.searched.connect(self._on_searched)

    def reload(self) -> None:
        """Read the list and the label that is shown again."""
        database, today = self._desk.database, self._desk.today()
        words = self._words = self._search.text().strip() if self._pane.backlog == LABELS else ""
        limit = max(LABEL_PAGE, len(self._list.facts.lines))

        def query(_job: JobContext) -> tuple[list[LabelSummary], int]:
            found = database.read(label_page, words=words, today=today, limit=limit + 1)
            return found, database.read(label_count)

        self._desk.ask("labels", query, self._on_first)
        if self._reader.row is not None:
            self.show(self._reader.row.id)

    @Slot(str)
    def show(self, version_id: str) -> None:
        """Read a version with the others of its label."""
        database, today = self._desk.database, self._desk.today()

        def query(_job: JobContext) -> tuple[LabelDocument, list[LabelRow]]:
            document = database.read(labels.label, version_id, today=today)
            return document, database.read(labels.versions_of, document.row.label_id, today=today)

        self._desk.ask("label", query, self._on_label)

    def preview(self) -> None:
        """Read the chosen label of the list."""
        line = self._list.current
        if line is not None and isinstance(line.about, LabelSummary):
            shown = self._reader.row
            if shown is None or shown.label_id != line.about.row.label_id:
                self.show(line.about.row.id)

    def forget(self) -> None:
        """Drop every label."""
        self._pane.labels.show_lines(())
        self._reader.clear()

    @Slot(object)
    def _on_first(self, answer: tuple[list[LabelSummary], int]) -> None:
        found, count = answer
        limit = max(LABEL_PAGE, len(self._list.facts.lines))
        self._pane.labels.show_lines([self._line(each) for each in found[:limit]])
        self._list.facts.has_more = len(found) > limit
        if not found:
            self._say_nothing()
        self._pane.show_label_count(count)

    def _say_nothing(self) -> None:
        if self._words:
            title = self.tr("No label matches “{words}”").format(words=self._words)
            self._pane.labels.empty.set_words(title, self.tr("Esc clears the search."))
        else:
            self._pane.labels.empty.set_words(
                self.tr("No labels yet"),
                self.tr("Import SPL files (.xml) or label JSON with Ctrl+Shift+O, or drop them here."),
            )

    @Slot()
    def _on_more_wanted(self) -> None:
        database, today, words = self._desk.database, self._desk.today(), self._words
        offset = len(self._list.facts.lines)

        def query(_job: JobContext) -> tuple[int, list[LabelSummary]]:
            return offset, database.read(
                label_page, words=words, today=today, limit=LABEL_PAGE + 1, offset=offset
            )

        self._desk.ask("more labels", query, self._on_more)

    @Slot(object)
    def _on_more(self, answer: tuple[int, Sequence[LabelSummary]]) -> None:
        offset, found = answer
        if offset == len(self._list.facts.lines):
            lines = [self._line(each) for each in found[:LABEL_PAGE]]
            self._list.add_lines(lines, has_more=len(found) > LABEL_PAGE)

    @Slot(object)
    def _on_label(self, answer: tuple[LabelDocument, list[LabelRow]]) -> None:
        self._reader.show_label(*answer)
        self.read.emit()

    @Slot(str)
    def _on_searched(self, _words: str) -> None:
        if self._pane.backlog == LABELS:
            self.reload()

    @Slot(object)
    def _on_moved(self, _line: FactLine | None) -> None:
        if self._pane.backlog == LABELS:
            self.preview()

    @Slot(object)
    def _on_opened(self, _line: FactLine) -> None:
        self.preview()
        self.opened.emit()

    def _line(self, summary: LabelSummary) -> FactLine:
        row, count = summary.row, len(summary.versions)
        coming = next((each for each in summary.versions if each.state == labels.COMING), None)
        versions = (self.tr("{n} version") if count == 1 else self.tr("{n} versions")).format(n=count)
        begins = states.day_words(coming.effective_from) if coming is not None and coming is not row else ""
        news = self.tr("a new one from {day}").format(day=begins) if begins else ""
        detail = states.joined(row.product or self.tr("No product"), row.region, versions, news)
        word, kind, icon = label_look(row.state)
        return FactLine(
            row.label_id,
            row.title,
            detail,
            states.day_words(row.effective_from),
            word,
            kind,
            icon,
            about=summary,
        )
