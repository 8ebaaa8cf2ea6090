"""The course of a document's life on the page: backlog, steps, letters and variants."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from app.models.changes import Changes
from app.services.jobs import JobContext
from app.services.library import variants, versions
from app.services.library.gaps import Gap
from app.services.library.queries import DocumentRow, versions_of
from app.services.library.versions import Plan
from app.services.settings import queries as settings
from app.ui.library import states, steps
from app.ui.library.around import Around, Backlog, read_around, read_backlog
from app.ui.library.desk import LibraryDesk
from app.ui.library.fact_lines import FactLine
from app.ui.library.facts import DeviationOf, VariantOf, due_line, gap_line
from app.ui.library.lifecycle_forms import ARCHIVE, ASSESS, DRAFT, EXPLAIN, REVISE, WITHDRAW, Step
from app.ui.library.list_pane import DUE, GAPS, ListPane
from app.ui.library.plan_pane import PlanPane
from app.ui.library.reader import DocumentReader
from app.ui.library.wording import say

LETTER_KINDS: Final = ("letter", "letter_block", "response")


class LifecycleCourse(QObject):
    """Fill the panes around a version and lead it through its steps."""

    case_requested = Signal(str)
    version_requested = Signal(str)
    version_previewed = Signal(str)
    plan_requested = Signal()

    def __init__(
        self,
        desk: LibraryDesk,
        reader: DocumentReader,
        list_pane: ListPane,
        plan_pane: PlanPane,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._desk, self._reader, self._lists, self._plan = desk, reader, list_pane, plan_pane
        self._versions: Sequence[DocumentRow] = ()
        self._around: Around | None = None
        self._asked: Callable[[JobContext, str], Changes] | None = None
        self._connect()

    def show(self, row: DocumentRow, all_versions: Sequence[DocumentRow]) -> None:
        """Read the letters and variants of the version that is shown."""
        self._versions = tuple(all_versions)
        database, known = self._desk.database, self._versions
        self._desk.ask("around", lambda _job: read_around(database, row, known), self._on_around)

    def reload(self) -> None:
        """Read the work lists, and what stands around the version, again."""
        database = self._desk.database
        self._desk.ask("backlog", lambda _job: read_backlog(database), self._on_backlog)
        if self._reader.row is not None and self._versions:
            self.show(self._reader.row, self._versions)

    def forget(self) -> None:
        """Drop every row that was read."""
        self._versions, self._asked, self._around = (), None, None
        for pane in (self._lists.due, self._lists.gaps):
            pane.show_lines(())
        self._plan.form.hide()

    def ask_step(self, step: Step) -> None:
        """Open the form of a step, or say everything that stands in its way."""
        row = self._reader.row
        if row is None:
            return
        self._reader.close_forms()
        known = self._around is not None and self._around.row.id == row.id
        revision = self._around.revision if self._around is not None and known else None
        found = steps.blockers_of(row, step.key, revision)
        if found:
            self._reader.ask_form.refuse(step, found)
            return
        database, version_id = self._desk.database, row.id
        commands: dict[str, Callable[[JobContext, str], Changes]] = {
            DRAFT.key: lambda _job, _words: database.write(versions.begin_draft, version_id),
            REVISE.key: lambda _job, words: database.write(versions.revise, version_id, words),
            WITHDRAW.key: lambda _job, words: database.write(versions.withdraw, version_id, words),
            ARCHIVE.key: lambda _job, _words: database.write(versions.archive, version_id),
        }
        self._asked = commands[step.key]
        self._reader.ask_form.open_for(step, name=states.name_of(row))

    def ask_variant(self) -> None:
        """Open the form that makes a variant of the version shown."""
        if self._reader.row is not None:
            self._reader.close_forms()
            self._reader.variant_form.open_for(self._reader.row)

    def ask_abroad(self) -> None:
        """Open the form that clears the version shown for use abroad, or closes it."""
        row, around = self._reader.row, self._around
        if row is None or around is None or around.row.id != row.id:
            return
        self._reader.close_forms()
        self._reader.abroad_form.open_for(row, around.decisions, around.zone)

    @Slot(str, bool, str)
    def _on_abroad(self, version_id: str, is_exportable: bool, reason: str) -> None:
        database = self._desk.database
        self._take(
            lambda _job: database.write(
                variants.set_exportable, version_id, is_exportable=is_exportable, reason=reason
            ),
            self.tr("Cleared for use abroad.") if is_exportable else self.tr("Closed for use abroad."),
            self._reader.abroad_form.show_blockers,
        )

    def ask_plan(self) -> None:
        """Open the plan, with the chosen gap written in if the gaps are shown."""
        line = self._lists.gaps.list.current if self._lists.backlog == GAPS else None
        gap = line.about if line is not None else None
        self._plan.form.open_for(gap if isinstance(gap, Gap) else None)
        database = self._desk.database
        self._desk.ask(
            "plan products",
            lambda _job: database.read(settings.products),
            self._plan.form.offer_products,
        )
        self.plan_requested.emit()

    @Slot(object)
    def _on_around(self, around: Around) -> None:
        if self._reader.row is not None and around.row.id == self._reader.row.id:
            self._around = around
            self._reader.show_around(around)

    @Slot(object)
    def _on_backlog(self, backlog: Backlog) -> None:
        zone = self._desk.database.clock.zone()
        self._lists.show_backlog(
            [due_line(due) for due in backlog.due], [gap_line(gap, zone) for gap in backlog.gaps]
        )

    @Slot(object, str)
    def _on_submitted(self, step: Step, words: str) -> None:
        asked = self._asked
        if asked is not None:
            self._take(lambda job: asked(job, words), say(step.outcome), self._reader.ask_form.show_blockers)

    @Slot(str, str, str)
    def _on_variant(self, country: str, language: str, audience: str) -> None:
        form, database = self._reader.variant_form, self._desk.database
        whom = {"country": country, "language": language, "audience": audience}
        self._take(
            lambda _job: database.write(variants.make_variant, form.version_id, **whom),
            say("The variant has begun as a draft."),
            form.show_blockers,
        )

    @Slot(object)
    def _on_assess(self, chosen: VariantOf) -> None:
        row, database = self._reader.row, self._desk.database
        if row is None:
            return
        variant, parent_id = chosen.variant, row.id
        self._reader.close_forms()
        self._asked = lambda _job, words: database.write(
            variants.assess, variant.version_id, parent_id, words
        )
        whom = f"{states.country_word(variant.country)}, {states.language_word(variant.language)}"
        self._reader.ask_form.open_for(ASSESS, name=whom, old=chosen.parent.number, new=row.number)

    @Slot(object)
    def _on_explain(self, chosen: DeviationOf) -> None:
        database, heading = self._desk.database, chosen.deviation.heading
        self._reader.close_forms()
        self._asked = lambda _job, words: database.write(
            variants.explain_deviation, chosen.version_id, heading, words
        )
        self._reader.ask_form.open_for(EXPLAIN, name=heading)
        self._reader.ask_form.words_edit.setText(chosen.deviation.reason)

    @Slot(object)
    def _on_plan(self, wanted: Plan) -> None:
        database = self._desk.database

        def on_done() -> None:
            self._desk.changed.emit(say("Planned. It is on the backlog."))
            self._desk.ask("planned", lambda _job: database.read(versions_of, wanted.code), self._on_planned)

        self._desk.take_step(
            lambda _job: database.write(versions.plan, wanted), on_done, self._plan.form.show_blockers
        )

    @Slot(object)
    def _on_planned(self, found: Sequence[DocumentRow]) -> None:
        self._plan.form.hide()
        if found:
            self.version_requested.emit(found[0].id)

    @Slot(object)
    def _on_due_moved(self, line: FactLine | None) -> None:
        if line is not None and self._lists.backlog == DUE:
            self.version_previewed.emit(line.key)

    @Slot(object)
    def _on_gap_opened(self, line: FactLine) -> None:
        if isinstance(line.about, Gap) and line.about.inquiries:
            self.case_requested.emit(line.about.inquiries[0][0])

    def _take(
        self,
        command: Callable[[JobContext], Changes],
        outcome: str,
        on_blocked: Callable[[Sequence[str]], None],
    ) -> None:
        self._reader.focus_tab()
        self._desk.take_step(command, lambda: self._desk.changed.emit(outcome), on_blocked)

    def _connect(self) -> None:
        reader = self._reader
        reader.uses.case_requested.connect(self.case_requested)
        reader.variants.version_requested.connect(self.version_requested)
        reader.variants.variant_requested.connect(self.ask_variant)
        reader.variants.assess_requested.connect(self._on_assess)
        reader.variants.explain_requested.connect(self._on_explain)
        reader.step_requested.connect(self.ask_step)
        reader.variant_requested.connect(self.ask_variant)
        reader.abroad_requested.connect(self.ask_abroad)
        reader.abroad_form.submitted.connect(self._on_abroad)
        reader.head.draft_requested.connect(self.version_requested)
        reader.ask_form.submitted.connect(self._on_submitted)
        reader.variant_form.submitted.connect(self._on_variant)
        self._plan.form.submitted.connect(self._on_plan)
        self._lists.due.list.moved.connect(self._on_due_moved)
        self._lists.gaps.list.opened.connect(self._on_gap_opened)
        self._lists.gaps.add_button(say("Plan a document"), "D", "plus", self.ask_plan)
