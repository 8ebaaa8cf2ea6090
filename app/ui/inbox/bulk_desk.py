"""What can be done with the chosen inquiries at once, and what became of it."""

import functools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from app.models.changes import Changes
from app.services.intake import bulk, inbox_export
from app.services.intake.bulk import BulkOutcome
from app.services.intake.inbox_export import Exported
from app.services.intake.inbox_words import tags_in_use
from app.services.jobs import JobContext
from app.services.work import queries as work
from app.services.work.queries import ColleagueView
from app.services.workspace.database import Database
from app.ui.inbox.bulk_report import BulkReport, outcome_words
from app.ui.inbox.export_sheet import ExportSheet
from app.ui.inbox.name_sheet import LineSheet
from app.ui.jobs import JobRunner
from app.ui.shell.overlay import Overlay

if TYPE_CHECKING:
    from app.ui.inbox.list_screen import ListScreen

ChoosePath = Callable[[QWidget, str], Path | None]
Step = Callable[[Database, Sequence[int], JobContext], BulkOutcome]
_FILE_NAME: Final = "inquiries.csv"


class BulkDesk(QObject):
    """Asks, runs the step in batches, and names each refusal."""

    told = Signal(str)

    def __init__(self, screen: "ListScreen", database: Database, runner: JobRunner) -> None:
        super().__init__(screen)
        self._screen, self._database, self._runner = screen, database, runner
        self.choose_path: ChoosePath = _ask_path
        self.sheet: Overlay | None = None

    def numbers(self) -> list[int]:
        """Return the row numbers of what is chosen."""
        return self._screen.list.chosen_numbers()

    def take(self) -> None:
        """Make all that are chosen one's own."""
        self._run(self.tr("Assigning"), self.tr("assigned"), functools.partial(_assign, None))

    def ask_owner(self) -> None:
        """Ask for a colleague and assign what is chosen."""
        if self.numbers():
            read = functools.partial(_colleagues, self._database)
            self._runner.run_query(read, on_done=self._on_colleagues, owner=self)

    def ask_tag(self) -> None:
        """Ask for a tag to put on what is chosen."""
        self._ask_tags(is_adding=True)

    def ask_untag(self) -> None:
        """Ask for a tag to take off what is chosen."""
        self._ask_tags(is_adding=False)

    def ask_urgency(self) -> QMenu | None:
        """Offer urgent and routine for what is chosen."""
        if not self.numbers():
            return None
        menu = QMenu(self._screen)
        menu.addAction(self.tr("Urgent"), functools.partial(self._set_urgency, "urgent"))
        menu.addAction(self.tr("Routine"), functools.partial(self._set_urgency, "routine"))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(QCursor.pos())
        return menu

    def ask_export(self) -> None:
        """Ask for columns and a file for what is chosen."""
        numbers = self.numbers()
        if numbers:
            self._open(ExportSheet(self._screen, len(numbers), functools.partial(self._export, numbers)))

    def _set_urgency(self, urgency: str) -> None:
        self._run(self.tr("Setting the urgency"), self.tr("changed"), functools.partial(_urgency, urgency))

    def _on_colleagues(self, people: tuple[ColleagueView, ...]) -> None:
        names = {person.name: person.id for person in people}

        def submit(name: str) -> str:
            owner = names.get(name.strip())
            if owner is None:
                return self.tr("Nobody here is called “{name}”. Choose one of the list.").format(name=name)
            self._run(self.tr("Assigning"), self.tr("assigned"), functools.partial(_assign, owner))
            return ""

        title = self.tr("Assign {n:,} inquiries to").format(n=self._screen.list.chosen_count())
        self._open(LineSheet(self._screen, title, self.tr("Assign"), submit, choices=list(names)))

    def _ask_tags(self, *, is_adding: bool) -> None:
        if self.numbers():
            read = functools.partial(_tags, self._database)
            on_done = functools.partial(self._on_tags, is_adding)
            self._runner.run_query(read, on_done=on_done, owner=self)

    def _on_tags(self, is_adding: bool, known: tuple[str, ...]) -> None:
        def submit(text: str) -> str:
            tags = tuple(" ".join(tag.split()) for tag in text.split(",") if tag.strip())
            if not tags:
                return self.tr("Write a tag; a comma comes between two.")
            label, done = (
                (self.tr("Tagging"), self.tr("tagged"))
                if is_adding
                else (self.tr("Untagging"), self.tr("untagged"))
            )
            self._run(label, done, functools.partial(_tag, is_adding, tags))
            return ""

        count = self._screen.list.chosen_count()
        title = self.tr("Tag {n:,} inquiries") if is_adding else self.tr("Take a tag off {n:,} inquiries")
        deed = self.tr("Tag") if is_adding else self.tr("Untag")
        self._open(LineSheet(self._screen, title.format(n=count), deed, submit, choices=known))

    def _run(self, label: str, done: str, step: Step) -> None:
        numbers = self.numbers()
        if not numbers:
            return
        box: list[BulkOutcome] = []
        command = functools.partial(_in_box, self._database, step, numbers, box)
        on_done = functools.partial(self._on_done, done, box)
        self._screen.chosen_bar.follow(self._runner.run_command(command, label=label, on_done=on_done))

    def _on_done(self, done: str, box: list[BulkOutcome], _changes: Changes) -> None:
        outcome = box[0]
        sentence = outcome_words(outcome, done)
        self._screen.chosen_bar.show_count(self._screen.list.chosen_count())
        if outcome.refused:
            self._open(BulkReport(self._screen, sentence, outcome))
        else:
            self.told.emit(sentence)

    def _export(self, numbers: Sequence[int], columns: tuple[str, ...], kind: str) -> str:
        path = self.choose_path(self._screen, str(Path(_FILE_NAME).with_suffix(kind)))
        if path is None:
            return ""
        path = path if path.suffix.lower() in inbox_export.KINDS else path.with_name(path.name + kind)
        box: list[Exported] = []
        command = functools.partial(_write_file, self._database, numbers, path, columns, box)
        handle = self._runner.run_command(
            command, label=self.tr("Exporting"), on_done=functools.partial(self._on_exported, box)
        )
        self._screen.chosen_bar.follow(handle)
        return ""

    def _on_exported(self, box: list[Exported], _changes: Changes) -> None:
        sentence = self.tr("{n:,} inquiries are in {file}. The export stands in the audit trail.")
        self.told.emit(sentence.format(n=box[0].rows, file=Path(box[0].path).name))

    def _open(self, sheet: Overlay) -> None:
        if self.sheet is not None:
            self.sheet.dismiss()
        self.sheet = sheet
        sheet.closed.connect(self._on_closed)
        sheet.open()

    def _on_closed(self) -> None:
        if self.sender() is self.sheet:
            self.sheet = None


def _in_box(
    database: Database, step: Step, numbers: Sequence[int], box: list[BulkOutcome], job: JobContext
) -> Changes:
    box.append(step(database, numbers, job))
    return box[0].changes


def _assign(owner: str | None, database: Database, numbers: Sequence[int], job: JobContext) -> BulkOutcome:
    return database.write(bulk.assign, numbers, owner, job=job)


def _tag(
    is_adding: bool, tags: tuple[str, ...], database: Database, numbers: Sequence[int], job: JobContext
) -> BulkOutcome:
    if is_adding:
        return database.write(bulk.tag, numbers, add=tags, job=job)
    return database.write(bulk.tag, numbers, remove=tags, job=job)


def _urgency(urgency: str, database: Database, numbers: Sequence[int], job: JobContext) -> BulkOutcome:
    return database.write(bulk.set_urgency, numbers, urgency, job=job)


def _write_file(
    database: Database,
    numbers: Sequence[int],
    path: Path,
    columns: tuple[str, ...],
    box: list[Exported],
    job: JobContext,
) -> Changes:
    box.append(inbox_export.export(database, numbers, path, columns=columns, job=job))
    return box[0].changes


def _colleagues(database: Database, _job: JobContext) -> tuple[ColleagueView, ...]:
    return database.read(work.colleagues)


def _tags(database: Database, _job: JobContext) -> tuple[str, ...]:
    return tuple(choice.text for choice in database.read(tags_in_use))


def _ask_path(parent: QWidget, name: str) -> Path | None:
    kinds = "Comma-separated values (*.csv)" if name.endswith(".csv") else "Excel (*.xlsx)"
    chosen, _ = QFileDialog.getSaveFileName(parent, parent.tr("Export inquiries"), name, kinds)
    return Path(chosen) if chosen else None
