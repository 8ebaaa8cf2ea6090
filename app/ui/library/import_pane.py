"""The import: how the files come in, how far it is, and what became of them."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent, QTextBlockFormat, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import (
    QButtonGroup,
    QCompleter,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from app.models.library_forms import Approval
from app.ui import theme
from app.ui.jobs import JobHandle
from app.ui.library.forms import ApprovalFields
from app.ui.library.import_run import LABEL_SUFFIXES, ImportRun, Outcome, ReportLine
from app.ui.library.text_view import TextView
from app.ui.library.wording import say
from app.ui.widgets import (
    InlineProgress,
    announce,
    primary_button,
    quiet_button,
    secondary_button,
    text_label,
)

_NAMES_SHOWN: Final = 8
# Files whose form has no place for the name of the medicine.
_UNNAMED: Final = (".docx",)
_MEDICINE_WIDTH: Final = 420
_GROUPS: Final[tuple[tuple[Outcome, str, str], ...]] = (
    ("refused", "Refused", "over"),
    ("stopped", "Not reached", "soon"),
    ("taken in", "Taken in", "ok"),
    ("known", "Known already", "text.2"),
)


class ImportPane(QFrame):
    """A form, then progress, then the report of one import."""

    started = Signal(object, object, str)
    asked = Signal()
    closed = Signal()

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "surface")
        self.setAccessibleName(say("Import"))
        self._paths: tuple[Path, ...] = ()
        self._run: ImportRun | None = None
        self.title = text_label(role="case_title", wraps=True)
        self.names = text_label(role="secondary", tone="text.2", wraps=True)
        self.form = QWidget()
        self.question = QWidget()
        self.labels_note = _note("", indented=False)
        self.labels_note.setContentsMargins(0, 0, 0, theme.SPACE.m)
        self.medicine = QWidget()
        self.medicine_edit = QLineEdit()
        self.as_approved = QRadioButton(say("They were approved elsewhere"))
        self.as_drafts = QRadioButton(say("They are drafts"))
        self.fields = ApprovalFields(today)
        self.problem = text_label(role="secondary", tone="over", weight=500, wraps=True)
        self.start_button = primary_button(say("Import"), on_click=self.submit)
        self.cancel_button = quiet_button(say("Cancel"), "Esc", on_click=self.close_pane)
        self.progress = InlineProgress()
        self.report = TextView(say("What became of every document"), widest=900)
        self.copy_button = secondary_button(say("Copy the report"), icon="copy", on_click=self.copy_report)
        self.close_button = quiet_button(say("Close"), "Esc", on_click=self.close_pane)
        self._foot = QWidget()
        self._build()
        theme.theme_signals.changed.connect(self._on_theme_changed)

    @property
    def is_running(self) -> bool:
        """Whether an import is under way."""
        return self._run is not None and self.form.isHidden() and self.report.isHidden()

    def why_busy(self) -> str | None:
        """Say why no other import can start now, if so."""
        return say("An import is under way. Wait for it, or stop it.") if self.is_running else None

    def ask(self, paths: Sequence[Path]) -> None:
        """Ask how some files come in; nothing is preset."""
        self._paths, self._run = tuple(paths), None
        noun = "file" if len(paths) == 1 else "files"
        self.title.setText(say("Import {count} {noun}").format(count=len(paths), noun=noun))
        shown = [path.name for path in paths[:_NAMES_SHOWN]]
        more = (
            [say("and {value} more").format(value=len(paths) - _NAMES_SHOWN)]
            if len(paths) > _NAMES_SHOWN
            else []
        )
        self.names.setText(", ".join(shown + more))
        self.start_button.setText(say("Import {count} {noun}").format(count=len(paths), noun=noun))
        self.start_button.setAccessibleName(self.start_button.text())
        self._choose_nothing()
        self._tell_of_labels()
        self.medicine_edit.clear()
        self.medicine.setVisible(any(path.suffix.lower() in _UNNAMED for path in paths))
        self._show(self.form, self.names)
        self.asked.emit()
        (self.start_button if self._are_labels else self.as_approved).setFocus()

    def offer_products(self, names: Sequence[str]) -> None:
        """Offer the medicines of this workspace while one is typed."""
        completer = QCompleter(list(names), self.medicine_edit)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.medicine_edit.setCompleter(completer)

    @property
    def _are_labels(self) -> bool:
        """Whether there are only labels, of which nobody here says whether they are approved."""
        return all(path.suffix.lower() in LABEL_SUFFIXES for path in self._paths)

    def _tell_of_labels(self) -> None:
        number = sum(path.suffix.lower() in LABEL_SUFFIXES for path in self._paths)
        noun = "label" if number == 1 else "labels"
        start = (
            say("{number} {noun} (.xml)").format(number=number, noun=noun)
            if not self._are_labels
            else say("The {noun}").format(noun=noun)
        )
        verb = "comes" if number == 1 else "come"
        self.labels_note.setText(
            say(
                "{start} {verb} in as published by the authority. A version that is here already is not taken in twice."
            ).format(start=start, verb=verb)
        )
        self.labels_note.setVisible(number > 0)
        self.question.setVisible(not self._are_labels)

    def submit(self) -> None:
        """Start the import, or say what is not decided yet."""
        if not self._are_labels and not (self.as_approved.isChecked() or self.as_drafts.isChecked()):
            self.problem.setText(say("Say first whether these texts were approved elsewhere."))
            self.problem.show()
            announce(self.as_approved, self.problem.text())
            self.as_approved.setFocus()
            return
        approval: Approval | None = None
        if self.as_approved.isChecked():
            approval = self.fields.approval()
            if approval is None:
                return
        product = self.medicine_edit.text().strip() if self.medicine.isVisibleTo(self) else ""
        self.started.emit(self._paths, approval, product)

    def follow(self, run: ImportRun, handle: JobHandle) -> None:
        """Show how far an import is."""
        self._run = run
        self.title.setText(say("Importing"))
        self._show(self.progress)
        self.progress.hide()
        self.progress.follow(handle)

    def show_report(self) -> None:
        """Show what became of every document of the last import."""
        if self._run is None:
            return
        self.title.setText(self._run.summary())
        self._write(self._run.lines)
        self._show(self.report, self._foot)
        self.copy_button.setFocus()
        announce(self, self._run.summary())

    def show_form_again(self) -> None:
        """Go back to the form after a failure; the answers are kept."""
        self._run = None
        self._show(self.form, self.names)

    def copy_report(self) -> None:
        """Put the report on the clipboard as plain text."""
        if self._run is not None:
            QGuiApplication.clipboard().setText(self._run.report())
            announce(self, say("Copied"))

    def close_pane(self) -> None:
        """Leave; a running import goes on and reports at its end."""
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_pane()
        else:
            super().keyPressEvent(event)

    def _choose_nothing(self) -> None:
        self._choices.setExclusive(False)
        for button in (self.as_approved, self.as_drafts):
            button.setChecked(False)
        self._choices.setExclusive(True)
        self.fields.clear()
        self.fields.hide()
        self.problem.hide()

    def _show(self, *parts: QWidget) -> None:
        for part in (self.form, self.names, self.progress, self.report, self._foot):
            part.setVisible(part in parts)

    def _write(self, lines: Sequence[ReportLine]) -> None:
        document = self.report.document()
        document.setUndoRedoEnabled(False)
        document.clear()
        document.setDefaultFont(theme.font("body"))
        document.setDocumentMargin(0)
        cursor = QTextCursor(document)
        cursor.beginEditBlock()
        for outcome, heading, token in _GROUPS:
            found = [line for line in lines if line.outcome == outcome]
            if found:
                _write_group(cursor, f"{say(heading)}  {len(found):,}", found, token)
        cursor.endEditBlock()
        self.report.verticalScrollBar().setValue(0)

    @Slot()
    def _on_choice(self) -> None:
        self.problem.hide()
        self.fields.setVisible(self.as_approved.isChecked())
        if self.as_approved.isChecked():
            self.fields.name_edit.setFocus()

    @Slot()
    def _on_theme_changed(self) -> None:
        if self._run is not None and not self.report.isHidden():
            self._write(self._run.lines)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        edge = theme.SPACE.page_edge
        column.setContentsMargins(edge, theme.SPACE.l, edge, theme.SPACE.l)
        column.setSpacing(theme.SPACE.s)
        column.addWidget(self.title)
        column.addWidget(self.names)
        self._build_form()
        column.addWidget(self.form)
        column.addWidget(self.progress)
        column.addWidget(self.report, 1)
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(0, theme.SPACE.s, 0, 0)
        foot.addWidget(self.copy_button)
        foot.addWidget(self.close_button)
        foot.addStretch(1)
        column.addWidget(self._foot)
        column.addStretch(0)

    def _build_form(self) -> None:
        self._choices = QButtonGroup(self)
        for button in (self.as_approved, self.as_drafts):
            self._choices.addButton(button)
            button.toggled.connect(self._on_choice)
            button.setAccessibleName(button.text())
            theme.set_font(button, "body", weight=500)
        whole = QVBoxLayout(self.form)
        whole.setContentsMargins(0, theme.SPACE.s, 0, 0)
        whole.setSpacing(theme.SPACE.xs)
        whole.addWidget(self.labels_note)
        whole.addWidget(self.medicine)
        whole.addWidget(self.question)
        self._build_medicine(QVBoxLayout(self.medicine))
        for part in (self.labels_note, self.medicine):
            part.hide()  # or a page in large text would be as high as a form that nobody opened
        self._build_question(QVBoxLayout(self.question))
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE.s)
        row.addWidget(self.start_button)
        row.addWidget(self.cancel_button)
        row.addStretch(1)
        whole.addSpacing(theme.SPACE.m)
        whole.addLayout(row)
        whole.addStretch(1)

    def _build_medicine(self, column: QVBoxLayout) -> None:
        name = say("Medicine of the Word files")
        label = text_label(name, role="secondary", tone="text.2", weight=500)
        label.setBuddy(self.medicine_edit)
        self.medicine_edit.setAccessibleName(name)
        self.medicine_edit.setPlaceholderText(say("As in the list of products; may stay empty"))
        self.medicine_edit.setMaximumWidth(theme.scaled(_MEDICINE_WIDTH))
        column.setContentsMargins(0, 0, 0, theme.SPACE.m)
        column.setSpacing(theme.SPACE.label_to_field)
        column.addWidget(label)
        column.addWidget(self.medicine_edit)

    def _build_question(self, column: QVBoxLayout) -> None:
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE.xs)
        column.addWidget(self.as_approved)
        column.addWidget(
            _note(say("Each becomes effective on its day and supersedes the version before it."))
        )
        column.addWidget(self.fields)
        self.fields.submitted.connect(self.submit)
        column.addSpacing(theme.SPACE.s)
        column.addWidget(self.as_drafts)
        column.addWidget(_note(say("Nobody can insert a draft until it is published.")))
        column.addWidget(self.problem)
        self.fields.setContentsMargins(theme.SPACE.xxl, theme.SPACE.xs, 0, 0)


def _note(text: str, *, indented: bool = True) -> QLabel:
    label = text_label(text, role="secondary", tone="text.2", wraps=True)
    label.setContentsMargins(theme.SPACE.xxl if indented else 0, 0, 0, 0)
    return label


def _write_group(cursor: QTextCursor, heading: str, lines: Sequence[ReportLine], token: str) -> None:
    head, block = QTextCharFormat(), QTextBlockFormat()
    head.setFont(theme.font("body", weight=600))
    head.setForeground(theme.color(token))
    block.setTopMargin(0 if cursor.atStart() else theme.scaled(theme.SPACE.l))
    block.setBottomMargin(theme.scaled(theme.SPACE.xs))
    if cursor.atStart():
        cursor.setBlockFormat(block)
    else:
        cursor.insertBlock(block)
    cursor.insertText(heading, head)
    name, note, row = QTextCharFormat(), QTextCharFormat(), QTextBlockFormat()
    name.setFont(theme.font("body", weight=500))
    note.setFont(theme.font("body"))
    note.setForeground(theme.color("text.2"))
    row.setBottomMargin(theme.scaled(theme.SPACE.xs))
    for place, line in enumerate(lines):
        apart = place > 0 and bool(lines[place - 1].understood or lines[place - 1].listed)
        row.setTopMargin(theme.scaled(theme.SPACE.m) if apart else 0)
        cursor.insertBlock(row)
        cursor.insertText(line.what, name)
        if line.note:
            cursor.insertText(f"  {line.note}", note)
        _write_details(cursor, line)


def _write_details(cursor: QTextCursor, line: ReportLine) -> None:
    """Write below a document what of it was read, and what its text does not hold."""
    word, block = QTextCharFormat(), QTextBlockFormat()
    block.setLeftMargin(theme.scaled(theme.SPACE.l))
    block.setBottomMargin(theme.scaled(theme.SPACE.xs))
    word.setFont(theme.font("secondary"))
    word.setForeground(theme.color("text.2"))
    if line.understood:
        cursor.insertBlock(block)
        cursor.insertText(say("Read: {understood}").format(understood=line.understood), word)
    word.setForeground(theme.color("soon"))
    for each in line.listed:
        cursor.insertBlock(block)
        cursor.insertText(each, word)
