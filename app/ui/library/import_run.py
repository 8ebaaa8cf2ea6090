"""Take several files into the library and keep what became of each."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from app.errors import EnvironmentFaultError, JobCancelledError, NotAllowedError, UserFacingError
from app.models.changes import Changes
from app.models.library_forms import Approval, Listed
from app.services.jobs import JobContext
from app.services.jobs.context import Progress
from app.services.library import imports
from app.services.library.commands import Imported, LibraryImport
from app.services.library.imports import SUFFIXES
from app.services.workspace.database import Database
from app.ui.library.states import state_look
from app.ui.library.wording import say

LABEL_SUFFIXES: Final = (".xml",)
_WORDS_SHOWN: Final = 4
_LONG: Final = 90
Outcome = Literal["taken in", "known", "refused", "stopped"]


@dataclass(frozen=True, slots=True)
class ReportLine:
    """What became of one file or document, in words; the details say what of it was read and what was not."""

    outcome: Outcome
    what: str
    note: str = ""
    understood: str = ""
    listed: tuple[str, ...] = ()
    all_listed: tuple[str, ...] = ()


class _FileJob(JobContext):
    """The job of one file among several: a stop of the whole run stops it too."""

    def __init__(self, whole: JobContext, on_progress: Callable[[Progress], None]) -> None:
        super().__init__(on_progress)
        self._whole = whole

    def checkpoint(self) -> None:
        """Raise `JobCancelledError` if the whole run was cancelled."""
        self._whole.checkpoint()


@dataclass(slots=True)
class ImportRun:
    """One import of some files; `run` is the command of the job runner.

    Every file is taken in or refused on its own, so a stop keeps the files before it.
    """

    database: Database
    paths: Sequence[Path]
    approval: Approval | None = None
    product: str = ""
    lines: list[ReportLine] = field(default_factory=list)

    def run(self, job: JobContext) -> Changes:
        """Take in file after file and return what all of them changed.

        Raises `RecordNotFoundError` before the first file when there is no such product.
        """
        changes = Changes()
        if self.product:
            self.product = self.database.read(imports.product_name, self.product)
        for done, path in enumerate(self.paths):
            if job.is_cancelled:
                self.lines.append(
                    ReportLine(
                        "stopped", path.name, say("Stopped before this file. Nothing of it was taken in.")
                    )
                )
                continue
            changes |= self._take_in(path, self._context(job, done, path), job)
        return changes

    def count(self, outcome: Outcome) -> int:
        """Count the documents and files of one outcome."""
        return sum(line.outcome == outcome for line in self.lines)

    def summary(self) -> str:
        """Say in one sentence what became of everything."""
        parts = [say("{count} taken in").format(count=f"{self.count('taken in'):,}")]
        if self.count("known"):
            parts.append(say("{count} known already").format(count=f"{self.count('known'):,}"))
        parts.append(say("{count} refused").format(count=f"{self.count('refused'):,}"))
        if self.count("stopped"):
            parts.append(say("{count} not reached").format(count=f"{self.count('stopped'):,}"))
        return ", ".join(parts) + "."

    def report(self) -> str:
        """Write everything as plain text, for the clipboard."""
        return "\n".join(
            [
                self.summary(),
                *(row for line in self.lines for row in _plain_rows(line)),
            ]
        )

    def _context(self, job: JobContext, done: int, path: Path) -> JobContext:
        if len(self.paths) == 1:
            return job

        def on_progress(progress: Progress) -> None:
            job.report(
                done,
                len(self.paths),
                say("{name}, document {done}").format(name=path.name, done=progress.done),
            )

        job.report(done, len(self.paths), path.name)
        return _FileJob(job, on_progress)

    def _take_in(self, path: Path, context: JobContext, job: JobContext) -> Changes:
        try:
            outcome = self.database.write(
                imports.import_file, path, approval=self.approval, product=self.product, job=context
            )
        except JobCancelledError:
            self.lines.append(
                ReportLine("stopped", path.name, say("Stopped here. Nothing of this file was taken in."))
            )
            job.cancel()
            return Changes()
        except NotAllowedError as error:
            sentences = [str(error), *error.blockers]
            self.lines.append(ReportLine("refused", path.name, " ".join(sentences)))
            return Changes()
        except (UserFacingError, EnvironmentFaultError) as error:
            self.lines.append(
                ReportLine("refused", path.name, str(error) or say("It could not be read this time."))
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
    if document.kind == "label":
        what, title, word = (
            document.title,
            say("label of set {value}").format(value=document.code[:8]),
            say(_LABEL_WORDS[document.state]),
        )
    else:
        what, title, word = document.code, document.title, state_look(document.state).word.lower()
    if document.number:
        what = f"{what} v{document.number}"
    if document.known:
        return ReportLine(
            "known",
            what,
            say("{title} (in the library already, {word}; left as it was)").format(title=title, word=word),
        )
    note = f"{title} ({word})"
    return ReportLine(
        "taken in",
        what,
        f"{note}. {document.note}" if document.note else note,
        ", ".join(each.words for each in document.understood),
        tuple(_grouped(document.listed)),
        tuple(f"{each.kind}: {each.text}" for each in document.listed),
    )


_LABEL_WORDS: Final = {
    "current": "the current version",
    "older": "an older version",
    "coming": "a version that comes",
}


def _grouped(listed: Sequence[Listed]) -> Iterator[str]:
    """Yield one line for each kind: how many, and the words of the first."""
    kinds = dict.fromkeys(each.kind for each in listed)
    for kind in kinds:
        words = [each.text for each in listed if each.kind == kind]
        shown = [
            text if len(text) <= _LONG else text[: _LONG - 1] + "\u2026" for text in words[:_WORDS_SHOWN]
        ]
        more = (
            say(" and {value} more").format(value=f"{len(words) - _WORDS_SHOWN:,}")
            if len(words) > _WORDS_SHOWN
            else ""
        )
        count = f" ({len(words):,})" if len(words) > 1 else ""
        joined = " \u00b7 ".join(shown)
        yield f"{kind[:1].upper()}{kind[1:]}{count}: {joined}{more}"


def _plain_rows(line: ReportLine) -> Iterator[str]:
    yield ": ".join(filter(None, (line.outcome, line.what, line.note)))
    if line.understood:
        yield say("  understood: {understood}").format(understood=line.understood)
    for each in line.all_listed:
        yield say("  listed: {each}").format(each=each)


def library_files(paths: Sequence[Path]) -> list[Path]:
    """Keep the files that an import can read, each once."""
    return list(dict.fromkeys(path for path in paths if path.suffix.lower() in SUFFIXES))
