"""Checks while somebody types: the newest text wins, and a failing run says nothing."""

import threading

import pytest

from app.errors import EnvironmentFaultError
from app.models.checks.findings import Finding, Severity
from app.services.letters.queries import LiveCheck
from app.ui.letters.live_checks import DatabaseChecker, LiveChecks
from app.ui.letters.model import LetterModel


class GatedChecker:
    """Answers with the number of the run; the first one waits until it is let go."""

    def __init__(self):
        self.runs = 0
        self.gate = threading.Event()
        self.begun = threading.Event()
        self.fails = False

    def check(self, _letter_id, blocks, _before, _job):
        self.runs += 1
        number = self.runs
        if number == 1:
            self.begun.set()
            assert self.gate.wait(10)
        if self.fails:
            raise EnvironmentFaultError("The disk is full.")
        return LiveCheck((Finding("LC01", Severity.BLOCK, blocks[0].id, str(number), "m", "f"),))


@pytest.fixture
def model(desk):
    return LetterModel(desk.letter(desk.answered_letter("SRD-ATO-002")))


@pytest.fixture
def quotes():
    return []


def watching(runner, checker, model, quotes):
    checks = LiveChecks(runner, checker)
    checks.found.connect(lambda found: quotes.append([item.quote for item in found]))
    checks.watch(model)
    return checks


def test_the_newest_run_wins_though_an_older_one_ends_later(qtbot, runner, model, quotes):
    checker = GatedChecker()
    checks = watching(runner, checker, model, quotes)
    checks.run()
    qtbot.waitUntil(checker.begun.is_set)
    checks.run()
    qtbot.waitUntil(lambda: quotes == [["2"]])
    checker.gate.set()
    qtbot.waitUntil(lambda: not runner.is_busy)
    assert quotes == [["2"]]
    assert [item.quote for item in checks.findings] == ["2"]


def test_keys_in_a_row_are_one_run(qtbot, runner, model, quotes):
    checker = GatedChecker()
    checker.gate.set()
    checks = watching(runner, checker, model, quotes)
    for _ in range(5):
        checks.note()
    qtbot.waitUntil(lambda: quotes == [["1"]])
    assert checker.runs == 1


def test_no_letter_is_not_checked(qtbot, runner, model, quotes):
    checker = GatedChecker()
    checks = watching(runner, checker, model, quotes)
    checks.watch(None)
    checks.note()
    checks.run()
    assert not runner.is_busy
    assert checks.findings is None


def test_a_run_that_fails_leaves_the_last_findings(qtbot, runner, model, quotes):
    checker = GatedChecker()
    checker.gate.set()
    checks = watching(runner, checker, model, quotes)
    checks.run()
    qtbot.waitUntil(lambda: quotes == [["1"]])
    checker.fails = True
    checks.run()
    qtbot.waitUntil(lambda: not runner.is_busy)
    assert quotes == [["1"]]
    assert checks.findings is not None


def test_the_open_workspace_is_asked(qtbot, runner, model, desk):
    checks = LiveChecks(runner, DatabaseChecker(desk.database))
    checks.watch(model)
    with qtbot.waitSignal(checks.found) as found:
        checks.run()
    assert found.args[0] == desk.check(model.letter_id)
