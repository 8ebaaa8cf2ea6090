"""The job runner: every thread of the interface starts here."""

import functools
import logging
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeVar

import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal, Slot

from app.errors import AppError, JobCancelledError
from app.models.changes import Changes
from app.services.jobs.context import JobContext
from app.ui.jobs.collecting import GuiCollector
from app.ui.jobs.handle import JobHandle, Mailbox

logger = logging.getLogger(__name__)

T = TypeVar("T")
Lane = Literal["command", "read", "io"]

# SQLite has one writer, so commands queue behind each other and never wait for a lock of our own.
_WORKERS: Final[dict[Lane, int]] = {"command": 1, "read": 2, "io": 8}


@dataclass(frozen=True, slots=True)
class _Job:
    """What the GUI thread needs to know when a job comes back."""

    handle: JobHandle
    is_command: bool
    owner: QObject | None
    on_done: Callable[[Any], None] | None
    on_failed: Callable[[AppError], None] | None


class JobRunner(QObject):
    """Run commands, queries and slow calls off the GUI thread.

    Results, failures and progress arrive on the GUI thread, in the order in which the jobs ended. A
    callback whose QObject was deleted meanwhile is dropped; an AppError goes to `on_failed`, or to
    `job_failed` where there is none; any other exception goes to `sys.excepthook`.
    """

    data_changed = Signal(object, object)
    job_started = Signal(object)
    job_progress = Signal(object, object)
    job_failed = Signal(object)
    job_ended = Signal(object)
    busy_changed = Signal(bool)
    _finished = Signal(object)
    _reported = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lanes: dict[Lane, ThreadPoolExecutor] = {}
        # The worker holds an id, not the job: a widget's last reference must not drop off the GUI thread.
        self._jobs: dict[int, _Job] = {}
        self._futures: dict[int, Future[None]] = {}
        self._calls: dict[int, Callable[[JobContext], Any]] = {}
        self._collector = GuiCollector(self)
        self._last_id = 0
        self._is_closed = False
        self._finished.connect(self._on_finished, Qt.ConnectionType.QueuedConnection)
        self._reported.connect(self._on_reported, Qt.ConnectionType.QueuedConnection)

    @property
    def is_busy(self) -> bool:
        """Whether a job is waiting, running or not delivered yet."""
        return bool(self._jobs)

    def run_command(
        self,
        command: Callable[[JobContext], Changes],
        *,
        label: str = "",
        initiator: QObject | None = None,
        on_done: Callable[[Changes], None] | None = None,
        on_failed: Callable[[AppError], None] | None = None,
    ) -> JobHandle:
        """Run a write in its turn and announce what it changed."""
        job = _Job(self._new_handle(label), True, initiator, on_done, on_failed)
        return self._start("command", job, command)

    def run_query(
        self,
        query: Callable[[JobContext], T],
        *,
        on_done: Callable[[T], None],
        on_failed: Callable[[AppError], None] | None = None,
        owner: QObject | None = None,
        label: str = "",
        after_commands: bool = False,
    ) -> JobHandle:
        """Run a read; `after_commands` makes it wait for earlier writes."""
        job = _Job(self._new_handle(label), False, owner, on_done, on_failed)
        return self._start("command" if after_commands else "read", job, query)

    def run_io(
        self,
        call: Callable[[JobContext], T],
        *,
        on_done: Callable[[T], None] | None = None,
        on_failed: Callable[[AppError], None] | None = None,
        owner: QObject | None = None,
        label: str = "",
    ) -> JobHandle:
        """Run a slow call that leaves the database alone."""
        return self._start("io", _Job(self._new_handle(label), False, owner, on_done, on_failed), call)

    def drain(self, timeout: float = 10.0) -> bool:
        """Cancel reads, let writes finish and deliver; tell whether all ended.

        The runner can be used again afterwards, as after an idle lock.
        """
        for job in list(self._jobs.values()):
            if not job.is_command:
                job.handle.cancel()
        deadline = time.monotonic() + timeout
        while self._jobs:
            wait(tuple(self._futures.values()), timeout=max(0.0, deadline - time.monotonic()))
            # Delivers what waits for the runner alone; no other event is run in between.
            QCoreApplication.sendPostedEvents(self)
            if time.monotonic() >= deadline:
                break
        return not self._jobs

    def close(self, timeout: float = 10.0) -> bool:
        """Drain, then end the threads; later jobs are refused."""
        self._is_closed = True
        is_drained = self.drain(timeout)
        for lane in self._lanes.values():
            lane.shutdown(wait=is_drained, cancel_futures=True)
        self._lanes.clear()
        self._collector.stop()
        return is_drained

    def _new_handle(self, label: str) -> JobHandle:
        self._last_id += 1
        return JobHandle(label, Mailbox(functools.partial(self._reported.emit, self._last_id)))

    def _start(self, lane: Lane, job: _Job, call: Callable[[JobContext], Any]) -> JobHandle:
        if self._is_closed:
            logger.info("A job was refused: the runner is closed")
            job.handle.cancel()
            job.handle.end()
            return job.handle
        job_id = self._last_id
        self._jobs[job_id] = job
        if len(self._jobs) == 1:
            self.busy_changed.emit(True)
        self.job_started.emit(job.handle)
        self._submit(lane, job_id, call, job.handle.context)
        return job.handle

    def _submit(
        self, lane: Lane, job_id: int, call: Callable[[JobContext], Any], context: JobContext
    ) -> None:
        pool = self._lanes.get(lane)
        if pool is None:
            pool = self._lanes[lane] = ThreadPoolExecutor(_WORKERS[lane], f"midesk-{lane}")
        self._collector.start()
        # What a call holds may be the last word on a widget: the worker lets go of it before it reports.
        self._calls[job_id] = call
        self._futures[job_id] = pool.submit(self._work, job_id, [call], context)

    def _work(self, job_id: int, box: list[Callable[[JobContext], Any]], context: JobContext) -> None:
        try:
            context.checkpoint()
            result = box[0](context)
            box.clear()
        except JobCancelledError:
            box.clear()
            self._finished.emit((job_id, self._deliver_nothing, None))
        except AppError as exc:
            box.clear()
            self._finished.emit((job_id, self._deliver_failure, exc))
        except BaseException as exc:  # noqa: BLE001 - a bug: hand it to the crash dialog
            box.clear()
            self._finished.emit((job_id, self._deliver_bug, exc))
        else:
            self._finished.emit((job_id, self._deliver_result, result))

    @Slot(int)
    def _on_reported(self, job_id: int) -> None:
        job = self._jobs.get(job_id)
        progress = job.handle.mailbox.take() if job is not None else None
        if job is not None and progress is not None:
            job.handle.progressed.emit(progress)
            self.job_progress.emit(job.handle, progress)

    @Slot(object)
    def _on_finished(self, outcome: tuple[int, Callable[[_Job, Any], None], Any]) -> None:
        job_id, deliver, value = outcome
        job = self._jobs.pop(job_id)
        self._futures.pop(job_id, None)
        call = self._calls.pop(job_id, None)
        try:
            deliver(job, value)
        finally:
            job.handle.end()
            self.job_ended.emit(job.handle)
            del call
            if not self._jobs:
                self.busy_changed.emit(False)

    def _deliver_result(self, job: _Job, result: Any) -> None:
        if job.is_command:
            initiator = job.owner if job.owner is not None and shiboken6.isValid(job.owner) else None
            if result:
                self.data_changed.emit(result, initiator)
        elif job.handle.is_cancelled:
            return
        if job.on_done is not None and _is_alive(job.on_done, job.owner):
            job.on_done(result)

    def _deliver_failure(self, job: _Job, error: AppError) -> None:
        if job.on_failed is not None and _is_alive(job.on_failed, job.owner):
            job.on_failed(error)
        elif job.is_command or _is_alive(job.on_done, job.owner):
            self.job_failed.emit(error)
        else:
            logger.info("A read failed after its page was closed: %s", type(error).__name__)

    def _deliver_nothing(self, job: _Job, _value: None) -> None:
        logger.info("A job was cancelled: %s", job.handle.label or "no label")

    def _deliver_bug(self, _job: _Job, error: BaseException) -> None:
        sys.excepthook(type(error), error, error.__traceback__)


def _is_alive(callback: Callable[..., None] | None, owner: QObject | None) -> bool:
    """Tell whether the objects behind a callback still exist in Qt."""
    while isinstance(callback, functools.partial):
        callback = callback.func
    receiver = getattr(callback, "__self__", None)
    candidates = [each for each in (owner, receiver) if isinstance(each, QObject)]
    return all(shiboken6.isValid(each) for each in candidates)
