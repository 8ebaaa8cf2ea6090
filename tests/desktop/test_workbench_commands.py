"""The commands that the window offers, whatever page is on screen."""

import pytest
from PySide6.QtCore import Qt

from app import bootstrap
from app.desktop.workbench import Workbench
from app.ui import theme
from app.ui.jobs import JobRunner


@pytest.fixture
def bench(tmp_path, qapp, qtbot):
    theme.apply_theme(qapp, "light")
    made = bootstrap.make_workspace(
        tmp_path / "w", "Priya Nilsson", "MPharm", "seven quiet herons at noon", sample=False
    )
    runner = JobRunner()
    bench = Workbench(made.workspace, runner, choose_file=lambda *_: "", on_full_lock=lambda: None)
    bench.show()
    bench.window.activateWindow()
    qtbot.waitUntil(lambda: bench.window.isActiveWindow() and not runner.is_busy, timeout=10_000)
    yield bench
    qtbot.waitUntil(lambda: not runner.is_busy, timeout=10_000)
    runner.close()
    bench.close()


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_the_keys_of_inbox_and_case_work_from_the_window(bench, qtbot):
    keys = {"inquiry.new": "Ctrl+N", "inquiry.import": "Ctrl+O", "case.library": "Ctrl+L"}
    bench.window.go("library", "")
    bench.window.go("case", "")
    for command_id, key in {**keys, "case.next_finding": "F8"}.items():
        assert bench.registry.command(command_id).shortcuts == (key,)
    qtbot.keyClick(bench.window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    page = bench.window.current_page()
    assert page.primary_action() is page.form.save_action


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_the_palette_opens_the_sheet_for_ones_own_name(bench, qtbot):
    bench.registry.command("person.edit").run()
    sheet = bench._person_sheet
    qtbot.waitUntil(sheet.save_button.isEnabled)
    assert sheet.name_field.text() == "Priya Nilsson"
    sheet.dismiss()


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_every_page_opens_beside_the_commands_of_all_others(bench):
    for page_id in ("inbox", "calls", "case", "library", "settings"):
        bench.window.go(page_id, "")
        assert bench.window.stack.current_id == page_id
