"""When the window locks, wired as the program wires it, with a system that says what a test wants."""

import pytest
from PySide6.QtWidgets import QApplication

from app.desktop.workbench import Workbench
from app.errors import EnvironmentFaultError
from app.services.settings import commands, locking, queries
from app.services.workspace.vault import VaultPorts
from app.services.workspace.workspace import NewUser, create
from app.ui import theme
from app.ui.jobs import JobRunner
from app.ui.shell.system_events import SystemEvents, SystemSource
from app.ui.shell.system_events_clock import SleepWatch
from app.ui.widgets import keycap_setting
from tests.services.workspace.vault_fakes import PASSPHRASE, QUICK

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


class System:
    """The computer: it sleeps and locks when a test says so."""

    def __init__(self):
        self.source = SystemSource()
        self.asleep_s = 0.0
        self.watch = SleepWatch(awake=lambda: 0.0, others=((lambda: self.asleep_s, 2.0),))

    def sleep_unannounced(self):
        self.asleep_s += 3600
        self.watch.check()


@pytest.fixture
def system(qapp):
    return System()


@pytest.fixture
def workspace(tmp_path, clock):
    user, ports = NewUser("Priya Nilsson"), VaultPorts(policy=QUICK, clock=clock)
    made, _key = create(tmp_path / "w", PASSPHRASE, user, clock=clock, ports=ports)
    return made


@pytest.fixture
def open_bench(workspace, system, qapp, qtbot):
    theme.apply_theme(qapp, "light")
    opened = []

    def open_it():
        runner, locks = JobRunner(), []
        events = SystemEvents(system.source, system.watch)
        made = Workbench(
            workspace,
            runner,
            choose_file=lambda *_: None,
            on_full_lock=lambda: locks.append("full"),
            system_events=events,
        )
        made.locks, made.runner = locks, runner
        opened.append(made)
        made.show()
        qtbot.waitUntil(lambda: not runner.is_busy, timeout=10_000)
        return made

    yield open_it
    for made in opened:
        qtbot.waitUntil(lambda made=made: not made.runner.is_busy, timeout=10_000)
        made.runner.close()
        made.close()
    theme.apply_theme(qapp, "light")
    theme.set_text_factor(1.0)
    keycap_setting.turn(True)


@pytest.fixture
def bench(open_bench):
    return open_bench()


def settle(bench, qtbot):
    qtbot.waitUntil(lambda: not bench.runner.is_busy, timeout=10_000)


def test_a_locked_computer_locks_the_screen_and_keeps_the_key(bench, system):
    system.source.os_locked.emit()
    assert bench.window.is_locked
    assert bench.locks == []


@pytest.mark.parametrize("happens", ["about_to_sleep", "user_switched"])
def test_sleep_and_another_user_lock_fully(bench, system, happens):
    getattr(system.source, happens).emit()
    assert bench.locks == ["full"]


def test_a_sleep_that_nobody_announced_locks_fully_when_it_is_over(bench, system):
    system.sleep_unannounced()
    assert bench.locks == ["full"]


def test_a_screen_that_is_locked_already_is_locked_fully_by_a_sleep(bench, system):
    system.source.os_locked.emit()
    system.source.about_to_sleep.emit()
    assert bench.locks == ["full"]


def test_words_that_cannot_be_saved_are_hidden_and_not_lost_with_the_process(bench, system):
    page = bench.window.current_page()
    failures = [EnvironmentFaultError("The disk is full.")] * 2

    def flush():
        if failures:
            raise failures.pop()

    page.flush = flush
    system.source.about_to_sleep.emit()
    assert bench.locks == []
    assert bench.window.is_locked
    system.source.about_to_sleep.emit()
    assert bench.locks == ["full"]


def test_a_company_may_want_every_lock_to_be_a_full_one(bench, system, qtbot, workspace):
    policy = {"full": True, "most_minutes": 5}
    bench.runner.run_command(
        lambda _job: workspace.database.write(commands.configure, locking.POLICY_KEY, policy)
    )
    qtbot.waitUntil(lambda: bench._lock_watch.idle.minutes == 5)
    bench._lock_watch.idle.expired.emit()
    assert bench.locks == ["full"]


def test_minutes_changed_in_the_settings_count_at_once(bench, qtbot, workspace):
    assert bench._lock_watch.idle.minutes == 10
    bench.window.go("settings", "security.lock")
    settle(bench, qtbot)
    section = bench.window.current_page().sections["security"]
    section.minutes_field.setValue(3)
    section.flush()
    qtbot.waitUntil(lambda: bench._lock_watch.idle.minutes == 3)
    settle(bench, qtbot)


def test_after_the_window_is_closed_nothing_is_heard(bench, system, qtbot):
    settle(bench, qtbot)
    bench._lock_watch.stop()
    for name in ("os_locked", "about_to_sleep", "user_switched"):
        getattr(system.source, name).emit()
    system.sleep_unannounced()
    assert bench.locks == []
    assert not bench.window.is_locked


def test_settings_stand_at_the_foot_of_the_rail_with_their_key_and_commands(bench):
    assert bench.registry.command("shell.go.settings").shortcuts == ("Ctrl+,",)
    assert bench.window.rail.buttons()[-1].page_id == "settings"
    bench.registry.run("settings.security.passphrase")
    page = bench.window.current_page()
    assert page.sections["security"].open_form() is page.sections["security"].passphrase_row.form
    bench.registry.run("shell.go.inbox")
    assert page.sections["security"].open_form() is None


def test_the_look_is_kept_whoever_changes_it(bench, open_bench, qtbot, workspace):
    bench.registry.run("look.dark")
    bench.registry.run("shell.text_larger")
    settle(bench, qtbot)
    look = workspace.database.read(queries.look)
    assert (look["theme"], look["text_percent"]) == ("dark", 115)
    theme.apply_theme(QApplication.instance(), "light")
    theme.set_text_factor(1.0)
    settle(bench, qtbot)
    workspace.database.write(commands.save_look, {"theme": "contrast", "text_percent": 130, "keycaps": False})
    open_bench()
    assert (theme.theme_choice(), theme.text_factor(), keycap_setting.is_on) == ("contrast", 1.3, False)
