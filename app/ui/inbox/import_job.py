"""Run an import of several files; what is stored stays when it stops."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from app.errors import InputRefusedError, JobCancelledError
from app.models.changes import Changes
from app.services.intake import commands, queries
from app.services.intake.queries import ColumnMapping
from app.services.jobs import JobContext
from app.services.jobs.context import Progress
from app.services.workspace.database import Database
from app.ui.inbox.import_report import ImportOutcome


class ImportJob:
    """One import; `outcome` is complete once `run` returned or raised."""

    def __init__(
        self,
        database: Database,
        paths: Sequence[Path],
        mappings: Mapping[Path, ColumnMapping] | None = None,
    ) -> None:
        self._database = database
        self._mappings = mappings or {}
        self._paths = tuple(paths)
        self._reports: list[commands.ImportReport] = []
        self._rows_read = 0
        self.outcome = ImportOutcome(())

    def run(self, job: JobContext) -> Changes:
        """Import file after file and return everything that was stored."""
        changes = Changes()
        for at, path in enumerate(self._paths):
            if job.is_cancelled:
                self._finish(not_read=self._paths[at:])
                return changes
            before = self._count()
            unit = self._database.unit()
            try:
                self._reports.append(
                    commands.import_file(
                        unit,
                        path,
                        mapping=self._mappings.get(path),
                        blobs=self._database.blobs,
                        job=self._watched(job),
                    )
                )
            except InputRefusedError as refusal:
                refused = (commands.RefusedRow(0, str(refusal)),)
                self._reports.append(commands.ImportReport(str(path), refused=refused))
            except JobCancelledError:
                # The batches before the stop are durable, so they are told as what they are: done.
                changes = changes | unit.committed
                self._finish(path, self._count() - before, not_read=self._paths[at + 1 :])
                return changes
            changes = changes | unit.committed
        self._finish()
        return changes

    def _watched(self, job: JobContext) -> JobContext:
        self._rows_read = 0

        def pass_on(progress: Progress) -> None:
            self._rows_read = progress.done
            if job.is_cancelled:
                inner.cancel()
                return
            job.report(progress.done, progress.total, progress.label)

        inner = JobContext(pass_on)
        return inner

    def _finish(
        self, stopped_in: Path | None = None, kept: int = 0, *, not_read: Sequence[Path] = ()
    ) -> None:
        self.outcome = ImportOutcome(
            tuple(self._reports),
            tuple(str(path) for path in not_read),
            str(stopped_in or ""),
            self._rows_read if stopped_in else 0,
            kept,
        )

    def _count(self) -> int:
        clock, user = self._database.clock, self._database.identity.user
        everything = queries.InboxQuery("all", user, clock.now(), clock.zone())
        return self._database.read(queries.inbox_count, everything)
