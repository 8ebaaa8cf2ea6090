"""Take several files into the library and keep what became of each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from app.errors import EnvironmentFaultError, JobCancelledError, NotAllowedError, UserFacingError
from app.models.changes import Changes
from app.models.library_forms import Approval
from app.services.jobs import JobContext
from app.services.jobs.context import Progress
from app.services.library import commands
from app.services.library.commands import Imported, LibraryImport
from app.services.workspace.database import Database
from app.ui.library.states import state_look

SUFFIXES: Final = (".md", ".json", ".jsonl")
Outcome = Literal["taken in", "known", "refused", "stopped"]


@dataclass(frozen=True, slots=True)
class ReportLine:
    """What became of one file or document, in words."""

    outcome: Outcome
    what: str
    note: str = ""


@dataclass(slots=True)
class ImportRun:
    """One import of some files; `run` is the command of the job runner.

    Every file is taken in or refused on its own, so a stop keeps the files before it.
    """

    database: Database
    paths: Sequence[Path]
    approval: Approval | None = None
    lines: list[ReportLine] = field(default_factory=list)

    def run(self, job: JobContext) -> Changes:
        """Take in file after file and return what all of them changed."""
        changes = Changes()
        for done, path in enumerate(self.paths):
            if job.is_cancelled:
                self.lines.append(
                    ReportLine("stopped", path.name, "Stopped before this file. Nothing of it was taken in.")
                )
                continue
            changes |= self._take_in(path, self._context(job, done, path), job)
        return changes

    def count(self, outcome: Outcome) -> int:
        """Count the documents and files of one outcome."""
        return sum(line.outcome == outcome for line in self.lines)

    def summary(self) -> str:
        """Say in one sentence what became of everything."""
        parts = [f"{self.count('taken in'):,} taken in"]
        if self.count("known"):
            parts.append(f"{self.count('known'):,} known already")
        parts.append(f"{self.count('refused'):,} refused")
        if self.count("stopped"):
            parts.append(f"{self.count('stopped'):,} not reached")
        return ", ".join(parts) + "."

    def report(self) -> str:
        """Write everything as plain text, for the clipboard."""
        return "\n".join(
            [
                self.summary(),
                *(": ".join(filter(None, (line.outcome, line.what, line.note))) for line in self.lines),
            ]
        )

    def _context(self, job: JobContext, done: int, path: Path) -> JobContext:
        if len(self.paths) == 1:
            return job

        def on_progress(progress: Progress) -> None:
            job.report(done, len(self.paths), f"{path.name}, document {progress.done}")

        return JobContext(on_progress)

    def _take_in(self, path: Path, context: JobContext, job: JobContext) -> Changes:
        try:
            outcome = self.database.write(commands.import_file, path, approval=self.approval, job=context)
        except JobCancelledError:
            self.lines.append(
                ReportLine("stopped", path.name, "Stopped here. Nothing of this file was taken in.")
            )
            job.cancel()
            return Changes()
        except NotAllowedError as error:
            sentences = [str(error), *error.blockers]
            self.lines.append(ReportLine("refused", path.name, " ".join(sentences)))
            return Changes()
        except (UserFacingError, EnvironmentFaultError) as error:
            self.lines.append(
                ReportLine("refused", path.name, str(error) or "It could not be read this time.")
            )
            return Changes()
        self._note(outcome, path)
        return outcome.changes

    def _note(self, outcome: LibraryImport, path: Path) -> None:
        for refusal in outcome.refused:
            where = refusal.where if path.stem in refusal.where else f"{path.name}, {refusal.where}"
            self.lines.append(ReportLine("refused", where, refusal.reason))
        for document in outcome.imported:
            self.lines.append(_line(document))


def _line(document: Imported) -> ReportLine:
    word = state_look(document.state).word
    what = f"{document.code} v{document.number}"
    if document.known:
        return ReportLine(
            "known", what, f"{document.title} (in the library already, {word.lower()}; left as it was)"
        )
    return ReportLine("taken in", what, f"{document.title} ({word.lower()})")


def library_files(paths: Sequence[Path]) -> list[Path]:
    """Keep the files that an import can read, each once."""
    return list(dict.fromkeys(path for path in paths if path.suffix.lower() in SUFFIXES))
