"""Behaviour of the job runner."""

import gc
import sys
import threading
import time

import pytest
import shiboken6
from PySide6.QtCore import QObject, QThread, Signal
from PySide6.QtWidgets import QApplication, QLabel

from app.errors import EnvironmentFaultError, JobCancelledError, UserFacingError
from app.models.changes import Changes
from app.services.jobs.context import Progress
from app.ui.jobs import JobRunner

CHANGED = Changes(kinds=frozenset({"inquiry"}), ids=frozenset({"i1"}))


@pytest.fixture
def runner(qapp):
    made = JobRunner()
    yield made
    assert made.close(5)


class Page(QObject):
    answered = Signal()

    def __init__(self):
        super().__init__()
        self.answers = []

    def take(self, answer):
        self.answers.append((answer, QThread.currentThread() is QApplication.instance().thread()))
        self.answered.emit()


def test_a_command_announces_its_changes_with_the_initiator(runner, qtbot):
    page = Page()
    with qtbot.waitSignal(runner.data_changed) as changed:
        runner.run_command(lambda _job: CHANGED, initiator=page)
    assert changed.args == [CHANGED, page]


def test_a_command_that_changes_nothing_announces_nothing(runner, qtbot):
    with qtbot.assertNotEmitted(runner.data_changed), qtbot.waitSignal(runner.job_ended):
        runner.run_command(lambda _job: Changes())


def test_results_arrive_on_the_gui_thread(runner, qtbot):
    page = Page()
    with qtbot.waitSignal(page.answered):
        runner.run_query(lambda _job: 7, on_done=page.take)
    assert page.answers == [(7, True)]


def test_work_runs_off_the_gui_thread(runner, qtbot):
    threads = []
    with qtbot.waitSignal(runner.job_ended):
        runner.run_io(lambda _job: threads.append(threading.current_thread()))
    assert threads[0] is not threading.main_thread()


def test_commands_run_one_after_the_other_in_order(runner):
    order, running = [], []

    def command(number):
        def run(_job):
            running.append(number)
            assert len(running) == 1
            order.append(number)
            running.remove(number)
            return CHANGED

        return run

    for number in range(20):
        runner.run_command(command(number))
    assert runner.drain(5)
    assert order == list(range(20))


def test_a_query_after_commands_waits_for_them(runner, qtbot):
    gate, seen, page = threading.Event(), [], Page()

    def write(_job):
        assert gate.wait(5)
        seen.append("written")
        return CHANGED

    runner.run_command(write)
    with qtbot.waitSignal(page.answered):
        runner.run_query(lambda _job: list(seen), on_done=page.take, after_commands=True)
        gate.set()
    assert page.answers[0][0] == ["written"]


def test_a_query_does_not_wait_for_a_long_command(runner, qtbot):
    gate, page = threading.Event(), Page()
    runner.run_command(lambda _job: CHANGED if gate.wait(5) else Changes())
    with qtbot.waitSignal(page.answered):
        runner.run_query(lambda _job: 1, on_done=page.take)
    assert runner.is_busy
    gate.set()


def test_slow_calls_run_beside_each_other(runner, qtbot):
    both = threading.Barrier(2, timeout=5)
    for _ in range(2):
        runner.run_io(lambda _job: both.wait())
    qtbot.waitUntil(lambda: not runner.is_busy)
    assert not both.broken


def fail(_job):
    raise UserFacingError("locked")


def test_user_facing_errors_reach_the_failure_signal(runner, qtbot):
    with qtbot.waitSignal(runner.job_failed) as failed:
        runner.run_command(fail)
    assert str(failed.args[0]) == "locked"


def test_an_own_failure_handler_replaces_the_signal(runner, qtbot):
    page = Page()
    with qtbot.assertNotEmitted(runner.job_failed), qtbot.waitSignal(page.answered):
        runner.run_command(fail, on_failed=page.take)
    assert str(page.answers[0][0]) == "locked"


def test_a_failed_command_is_told_even_when_its_page_is_gone(runner, qtbot):
    page = Page()
    shiboken6.delete(page)
    with qtbot.waitSignal(runner.job_failed) as failed:
        runner.run_command(fail, on_failed=page.take)
    assert isinstance(failed.args[0], UserFacingError)


def test_a_failed_read_of_a_deleted_page_is_silent(runner, qtbot):
    gate = threading.Event()
    label = QLabel()

    def read(_job):
        assert gate.wait(5)
        raise EnvironmentFaultError

    runner.run_query(read, on_done=label.setText)
    shiboken6.delete(label)
    with qtbot.assertNotEmitted(runner.job_failed), qtbot.waitSignal(runner.job_ended):
        gate.set()


def test_a_result_is_never_given_to_a_deleted_widget(runner, qtbot):
    gate, page, took = threading.Event(), Page(), []
    runner.run_query(lambda _job: gate.wait(5), on_done=page.take)
    runner.run_query(lambda _job: gate.wait(5), on_done=took.append, owner=page)
    shiboken6.delete(page)
    gate.set()
    qtbot.waitUntil(lambda: not runner.is_busy)
    assert page.answers == []
    assert took == []


def test_a_bug_reaches_the_excepthook_on_the_gui_thread(runner, qtbot, monkeypatch):
    caught = []
    monkeypatch.setattr(
        sys, "excepthook", lambda kind, _exc, _tb: caught.append((kind, threading.current_thread()))
    )
    with qtbot.waitSignal(runner.job_ended):
        runner.run_query(lambda _job: 1 // 0, on_done=caught.append)
    assert caught == [(ZeroDivisionError, threading.main_thread())]


def test_the_runner_goes_on_after_a_bug(runner, qtbot, monkeypatch):
    monkeypatch.setattr(sys, "excepthook", lambda *_args: None)
    runner.run_command(lambda _job: 1 // 0)
    with qtbot.waitSignal(runner.data_changed):
        runner.run_command(lambda _job: CHANGED)


def test_a_cancelled_job_ends_without_a_result(runner, qtbot):
    started, page = threading.Event(), Page()

    def endless(job):
        started.set()
        while True:
            job.checkpoint()

    handle = runner.run_io(endless, on_done=page.take)
    assert started.wait(5)
    with qtbot.waitSignal(handle.ended):
        handle.cancel()
    assert page.answers == []
    assert handle.is_done


def test_a_job_cancelled_before_its_turn_never_starts(runner, qtbot):
    gate, ran = threading.Event(), []
    runner.run_command(lambda _job: CHANGED if gate.wait(5) else Changes())
    waiting = runner.run_command(lambda _job: ran.append(1) or CHANGED)
    waiting.cancel()
    with qtbot.waitSignal(waiting.ended):
        gate.set()
    assert ran == []


def test_cancelling_inside_a_job_is_not_a_failure(runner, qtbot):
    def stop(_job):
        raise JobCancelledError

    with qtbot.assertNotEmitted(runner.job_failed), qtbot.waitSignal(runner.job_ended):
        runner.run_command(stop)


def test_progress_is_told_and_a_flood_of_it_is_thinned(runner, qtbot):
    reports = []

    def work(job):
        for done in range(1, 20_001):
            job.report(done, 20_000, "Import")

    handle = runner.run_io(work, label="Import")
    handle.progressed.connect(reports.append)
    qtbot.waitUntil(lambda: not runner.is_busy)
    assert reports[-1] == Progress(20_000, 20_000, "Import")
    assert len(reports) < 20_000


def test_busy_is_told_once_for_a_batch(runner):
    told = []
    runner.busy_changed.connect(told.append)
    for _ in range(5):
        runner.run_command(lambda _job: CHANGED)
    assert runner.drain(5)
    assert told == [True, False]


def test_draining_cancels_reads_and_lets_writes_finish(runner):
    written, cancelled = [], []

    def read(job):
        while not job.is_cancelled:
            pass
        cancelled.append(1)

    runner.run_query(read, on_done=lambda _answer: cancelled.append("answered"))
    for number in range(5):
        runner.run_command(lambda _job, number=number: written.append(number) or CHANGED)
    assert runner.drain(5)
    assert written == [0, 1, 2, 3, 4]
    assert cancelled in ([1], [])


def test_draining_gives_up_at_its_time_limit(runner):
    gate = threading.Event()
    runner.run_command(lambda _job: CHANGED if gate.wait(10) else Changes())
    began = time.monotonic()
    assert not runner.drain(0.05)
    assert time.monotonic() - began < 2
    gate.set()
    assert runner.drain(5)


def test_the_runner_works_again_after_a_drain(runner, qtbot):
    assert runner.drain(1)
    with qtbot.waitSignal(runner.data_changed):
        runner.run_command(lambda _job: CHANGED)


def test_a_closed_runner_refuses_jobs_and_leaves_no_thread(qapp):
    runner, ran = JobRunner(), []
    runner.run_command(lambda _job: CHANGED)
    runner.run_io(lambda _job: None)
    assert runner.close(5)
    handle = runner.run_command(lambda _job: ran.append(1) or CHANGED)
    assert handle.is_done
    assert ran == []
    assert [thread for thread in threading.enumerate() if thread.name.startswith("midesk-")] == []


def live_handles():
    gc.collect()
    return [type(each).__name__ for each in gc.get_objects()].count("JobHandle")


def test_handles_are_freed_after_their_jobs(runner):
    before = live_handles()
    for _ in range(30):
        runner.run_io(lambda job: job.report(1, 1))
    assert runner.drain(5)
    assert live_handles() <= before + 1
