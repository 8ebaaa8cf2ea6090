"""The rows of an import report, as a table and as text."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from app.services.intake.commands import ImportReport
from app.ui import theme

Index = QModelIndex | QPersistentModelIndex
_COLUMNS: Final = 4
_NO_PARENT: Final = QModelIndex()


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What became of every file; a stopped one names what stays."""

    reports: tuple[ImportReport, ...]
    not_read: tuple[str, ...] = ()
    stopped_in: str = ""
    stopped_after: int = 0
    kept_of_stopped: int = 0

    @property
    def taken(self) -> int:
        """How many inquiries are new in the inbox."""
        return sum(len(report.added) for report in self.reports) + self.kept_of_stopped

    @property
    def known(self) -> int:
        """How many rows were here already."""
        return sum(report.known for report in self.reports)

    @property
    def joined(self) -> int:
        """How many mails became a part of an inquiry that was here."""
        return sum(len(report.joined) for report in self.reports)

    @property
    def refused(self) -> int:
        """How many rows or files were not taken in."""
        return sum(len(report.refused) for report in self.reports)


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One line of the report: where, what and why."""

    file: str
    line: int
    outcome: str
    reason: str
    tone: str = "text.1"

    def cells(self) -> tuple[str, str, str, str]:
        """Return the line as the cells of a table."""
        return self.file, f"{self.line}" if self.line else "", self.outcome, self.reason


def report_lines(outcome: ImportOutcome) -> list[ReportLine]:
    """Return every line, the refused rows beneath their file."""
    lines: list[ReportLine] = []
    for report in outcome.reports:
        name = Path(report.path).name
        if report.added:
            lines.append(ReportLine(name, 0, _tr("Taken in"), _rows(len(report.added))))
        if report.known:
            lines.append(ReportLine(name, 0, _tr("Here already"), _rows(report.known), "text.2"))
        lines += [ReportLine(name, row.line, _tr("Refused"), row.reason, "over") for row in report.refused]
        lines += [
            ReportLine(name, 0, _tr("Added to"), mail.sentence, "soon" if mail.is_awaited else "text.1")
            for mail in report.joined
        ]
        lines += [ReportLine(name, 0, _tr("Note"), note, "soon") for note in report.notes]
        if report.mapping_reason:
            read_as = _tr("By the mapping {name}. {why}").format(
                name=report.mapping, why=report.mapping_reason
            )
            lines.append(ReportLine(name, 0, _tr("Read"), read_as, "text.2"))
        if not (report.added or report.known or report.refused or report.joined):
            lines.append(ReportLine(name, 0, _tr("Empty"), _tr("The file holds no rows."), "text.2"))
    if outcome.stopped_in:
        kept = _tr("{read:,} rows were read, {kept:,} are new in the inbox and stay. The rest was not read.")
        reason = kept.format(read=outcome.stopped_after, kept=outcome.kept_of_stopped)
        lines.append(ReportLine(Path(outcome.stopped_in).name, 0, _tr("Stopped"), reason, "soon"))
    lines += [
        ReportLine(Path(path).name, 0, _tr("Not read"), _tr("You stopped before it."), "soon")
        for path in outcome.not_read
    ]
    return lines


def summary(outcome: ImportOutcome) -> str:
    """Say in one sentence what the import did."""
    parts = [_tr("{n:,} new in the inbox").format(n=outcome.taken)]
    if outcome.joined:
        parts.append(_tr("{n:,} added to an inquiry").format(n=outcome.joined))
    if outcome.known:
        parts.append(_tr("{n:,} here already").format(n=outcome.known))
    if outcome.refused:
        parts.append(_tr("{n:,} refused").format(n=outcome.refused))
    words = ", ".join(parts) + "."
    if outcome.stopped_in or outcome.not_read:
        return _tr("Stopped. {done} What was taken in stays.").format(done=words)
    return words


def as_text(outcome: ImportOutcome) -> str:
    """Write the report as tab-separated lines, for a file or a mail."""
    heads = "\t".join(column_titles())
    rows = ["\t".join(" ".join(cell.split()) for cell in line.cells()) for line in report_lines(outcome)]
    return "\n".join([summary(outcome), "", heads, *rows, ""])


def column_titles() -> tuple[str, str, str, str]:
    """Return the heads of the table."""
    return _tr("File"), _tr("Line"), _tr("Outcome"), _tr("Reason")


class ReportModel(QAbstractTableModel):
    """The lines of a report, of any length."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: Sequence[ReportLine] = ()

    def show_lines(self, lines: Sequence[ReportLine]) -> None:
        """Show the lines of another report."""
        self.beginResetModel()
        self._lines = lines
        self.endResetModel()

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """Count the lines."""
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        """Count the cells of a line."""
        return 0 if parent.isValid() else _COLUMNS

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a cell, its colour or its whole words as a tooltip."""
        line = self._lines[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return line.cells()[index.column()]
        if role == Qt.ItemDataRole.ForegroundRole:
            return theme.color(line.tone if index.column() == 2 else "text.1")
        if role == Qt.ItemDataRole.AccessibleTextRole and index.column() == 0:
            return ", ".join(cell for cell in line.cells() if cell)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return the head of a column."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return column_titles()[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None


def _rows(count: int) -> str:
    return _tr("1 row") if count == 1 else _tr("{n:,} rows").format(n=count)


def _tr(text: str) -> str:
    return QCoreApplication.translate("import_report", text)
