"""Behaviour of hooks, report, crash dialog, message bar and fault log."""

import faulthandler
import logging
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer, QtMsgType
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from app.errors import (
    DamagedDatabaseError,
    EnvironmentFaultError,
    JobCancelledError,
    NotAllowedError,
    UserFacingError,
    WorkspaceError,
    WriteRefusedError,
    WrongKeyError,
)
from app.ui.errors import (
    CrashDialog,
    CrashReport,
    ErrorHooks,
    FaultLog,
    MessageAction,
    MessageBar,
    error_sentence,
    log_qt_message,
    make_report,
    show_error,
)

pytestmark = pytest.mark.usefixtures("themed_app")
SECRET = "Eleanor Whitcombe has a nosebleed"
ROOT = Path(__file__).resolve().parents[3]


def all_errors():
    found, todo = [], [UserFacingError, EnvironmentFaultError, WorkspaceError]
    while todo:
        kind = todo.pop()
        found.append(kind)
        todo += kind.__subclasses__()
    return found


def fail_with_a_secret():
    words = SECRET
    try:
        raise KeyError(words)
    except KeyError as inner:
        raise ValueError(f"cannot read {words}") from inner


def caught():
    try:
        fail_with_a_secret()
    except ValueError as error:
        return error
    raise AssertionError


def test_a_report_names_types_and_places_but_no_words():
    report = make_report(caught())
    assert report.kind == "ValueError"
    assert "builtins.ValueError" in report.text
    assert "builtins.KeyError" in report.text
    assert "in fail_with_a_secret" in report.text
    assert "tests/ui/errors/test_errors.py" in report.text
    assert "Whitcombe" not in report.text
    assert str(Path.home()) not in report.text


def test_a_report_of_a_looping_chain_ends():
    first, second = ValueError(), KeyError()
    first.__cause__, second.__cause__ = second, first
    assert make_report(first).text.count("builtins.ValueError") == 1


@pytest.fixture
def shown():
    return []


@pytest.fixture
def hooks(qapp, shown):
    made = ErrorHooks(
        on_error=lambda error: shown.append((error, threading.current_thread())),
        on_crash=lambda report: shown.append((report, threading.current_thread())),
    )
    made.install()
    yield made
    made.uninstall()


def test_a_bug_in_a_thread_is_shown_on_the_gui_thread(hooks, shown, qtbot):
    thread = threading.Thread(target=fail_with_a_secret)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: bool(shown))
    report, where = shown[0]
    assert report.kind == "ValueError"
    assert where is threading.main_thread()


def test_a_bug_on_the_gui_thread_is_shown_later_not_inside(hooks, shown, qtbot):
    error = caught()
    sys.excepthook(type(error), error, error.__traceback__)
    assert shown == []
    qtbot.waitUntil(lambda: bool(shown))


def test_an_error_for_the_user_is_no_crash(hooks, shown, qtbot):
    error = UserFacingError("locked")
    sys.excepthook(UserFacingError, error, None)
    qtbot.waitUntil(lambda: bool(shown))
    assert shown[0][0] is error


def test_a_refused_write_is_a_bug(hooks, shown, qtbot):
    error = WriteRefusedError()
    sys.excepthook(WriteRefusedError, error, None)
    qtbot.waitUntil(lambda: bool(shown))
    assert isinstance(shown[0][0], CrashReport)


def test_a_cancelled_job_is_never_shown(hooks, shown, qtbot):
    sys.excepthook(JobCancelledError, JobCancelledError(), None)
    sys.excepthook(UserFacingError, UserFacingError("after"), None)
    qtbot.waitUntil(lambda: bool(shown))
    assert [str(each) for each, _ in shown] == ["after"]


def test_further_bugs_open_no_second_dialog(qapp, qtbot):
    opened = []

    def open_dialog(report):
        opened.append(report.kind)
        sys.excepthook(KeyError, KeyError(), None)
        # A dialog runs an event loop of its own, in which the next error arrives.
        loop_ended = []
        QTimer.singleShot(50, lambda: loop_ended.append(1))
        qtbot.waitUntil(lambda: bool(loop_ended))

    hooks = ErrorHooks(on_error=lambda _error: None, on_crash=open_dialog)
    hooks.install()
    try:
        sys.excepthook(ValueError, ValueError(), None)
        qtbot.waitUntil(lambda: bool(opened) and not hooks._is_showing)
    finally:
        hooks.uninstall()
    assert opened == ["ValueError"]


def test_the_log_of_a_bug_holds_no_words(hooks, shown, qtbot, caplog):
    error = caught()
    with caplog.at_level(logging.INFO):
        sys.excepthook(type(error), error, error.__traceback__)
        qtbot.waitUntil(lambda: bool(shown))
    assert "fail_with_a_secret" in caplog.text
    assert "Whitcombe" not in caplog.text


def test_hooks_are_given_back():
    before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
    hooks = ErrorHooks(on_error=lambda _error: None, on_crash=lambda _report: None)
    hooks.install()
    assert sys.excepthook != before[0]
    hooks.uninstall()
    assert (sys.excepthook, threading.excepthook, sys.unraisablehook) == before


@pytest.mark.parametrize(
    ("kind", "level"),
    [
        (QtMsgType.QtDebugMsg, "DEBUG"),
        (QtMsgType.QtWarningMsg, "WARNING"),
        (QtMsgType.QtCriticalMsg, "ERROR"),
    ],
)
def test_what_qt_says_goes_to_the_log(caplog, kind, level):
    with caplog.at_level(logging.DEBUG, logger="qt"):
        log_qt_message(kind, None, "a layout was set twice")
    assert [(record.levelname, record.message) for record in caplog.records] == [
        (level, "a layout was set twice")
    ]


def make_dialog(qtbot, closes, **more):
    dialog = CrashDialog(make_report(caught()), close_data=lambda: closes, **more)
    qtbot.addWidget(dialog)
    return dialog


@pytest.mark.parametrize(("closes", "words"), [(True, "closed cleanly"), (False, "could not be closed")])
def test_the_crash_dialog_says_whether_the_data_is_safe(qtbot, closes, words):
    dialog = make_dialog(qtbot, closes)
    assert dialog.is_data_closed is closes
    texts = [label.text() for label in dialog.findChildren(QLabel)]
    assert any(words in text for text in texts)


def test_the_report_can_be_read_and_copied(qtbot):
    dialog = make_dialog(qtbot, True)
    dialog.copy_report()
    copied = QGuiApplication.clipboard().text()
    assert copied == dialog.report_view.toPlainText()
    assert "builtins.ValueError" in copied
    assert "Whitcombe" not in copied


def test_starting_again_is_offered_where_it_is_possible(qtbot):
    started = []
    dialog = make_dialog(qtbot, True, restart=lambda: started.append(1))
    button = next(b for b in dialog.findChildren(QPushButton) if b.text() == "Start again")
    button.click()
    assert started == [1]


@pytest.fixture
def window(qtbot):
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(800, 500)
    made.show()
    return made


def test_an_error_is_shown_at_the_bottom_of_its_window(window):
    inner = QWidget(window)
    show_error(inner, UserFacingError("This file is 38 MB, the limit is 25 MB."))
    bar = window.findChild(MessageBar)
    assert bar.text == "This file is 38 MB, the limit is 25 MB."
    assert bar.geometry().bottom() == window.rect().bottom()
    assert bar.width() == window.width()
    window.resize(600, 400)
    assert bar.geometry().bottom() == window.rect().bottom()


def test_a_page_with_a_bar_of_its_own_keeps_its_errors(window):
    column = QVBoxLayout(window)
    own = MessageBar(window)
    column.addWidget(own)
    show_error(window, UserFacingError("locked"))
    assert window.findChildren(MessageBar) == [own]
    assert own.text == "locked"


def test_blockers_are_listed(window):
    show_error(window, NotAllowedError("3 to fix before review.", ["No address.", "No reference 4."]))
    bar = window.findChild(MessageBar)
    assert "No address." in bar.details
    assert "No reference 4." in bar.details


def test_a_fault_of_the_world_can_be_tried_again(window, qtbot):
    tries = []
    show_error(window, EnvironmentFaultError("The disk is full."), retry=lambda: tries.append(1))
    bar = window.findChild(MessageBar)
    next(b for b in bar.findChildren(QPushButton) if b.text() == "Try again").click()
    assert tries == [1]
    assert bar.isHidden()


def test_a_damaged_workspace_is_the_loudest(window):
    show_error(window, DamagedDatabaseError())
    assert window.findChild(MessageBar).kind == "over"
    show_error(window, EnvironmentFaultError())
    assert window.findChild(MessageBar).kind == "soon"


def test_a_second_error_replaces_the_first(window):
    show_error(window, NotAllowedError("first", ["a blocker"]), retry=lambda: None)
    show_error(window, UserFacingError("second"))
    bar = window.findChild(MessageBar)
    assert (bar.text, bar.details) == ("second", "")
    assert not [b for b in bar.findChildren(QPushButton) if b.isVisible()]


def test_a_cancelled_job_shows_nothing(window):
    show_error(window, JobCancelledError())
    assert window.findChild(MessageBar) is None


def test_an_error_that_is_a_bug_goes_to_the_excepthook(window, monkeypatch):
    passed = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, _error, _place: passed.append(kind))
    show_error(window, WriteRefusedError())
    assert passed == [WriteRefusedError]


@pytest.mark.parametrize("kind", all_errors())
def test_no_error_is_shown_without_words(kind):
    error = kind.__new__(kind)
    sentence = error_sentence(error)
    assert sentence.endswith(".")
    assert not any(word in sentence.lower() for word in ("please", "oops", "invalid", "successfully", "!"))


def test_a_key_error_says_that_nothing_was_changed():
    assert "Nothing was changed" in error_sentence(WrongKeyError())


def test_closing_a_message_is_told(window, qtbot):
    bar = MessageBar.for_window(window)
    bar.show_message("x", action=MessageAction("Show", lambda: None))
    with qtbot.waitSignal(bar.dismissed):
        bar.dismiss()
    with qtbot.assertNotEmitted(bar.dismissed):
        bar.dismiss()


@pytest.fixture
def fault_log(tmp_path):
    """A fault log that gives the handler of the test run back."""
    log = FaultLog(tmp_path)
    yield log
    log.stop()
    faulthandler.enable(sys.__stderr__)


def test_a_clean_run_leaves_no_fault_log(fault_log, tmp_path):
    assert fault_log.start() == ""
    fault_log.stop()
    assert list(tmp_path.iterdir()) == []


def test_a_hard_crash_is_told_at_the_next_start_and_once(fault_log, tmp_path):
    program = (
        "import sys; from pathlib import Path; from app.ui.errors.fault_log import FaultLog;"
        "FaultLog(Path(sys.argv[1])).start(); patient = 'Whitcombe';"
        "import faulthandler; faulthandler._sigabrt()"
    )
    died = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], cwd=ROOT, capture_output=True, check=False
    )
    assert died.returncode != 0
    left = fault_log.start()
    assert "Fatal Python error" in left
    assert "Whitcombe" not in left
    fault_log.stop()
    assert fault_log.start() == ""
