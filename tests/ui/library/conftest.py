import json

import pytest
from PySide6.QtWidgets import QApplication

from app.models.library_forms import Approval
from app.models.rules_data import resource_path
from app.services.library import commands, queries
from app.ui.jobs import JobRunner

APPROVAL = Approval("S. Okonjo-Reyes", "2026-01-26")


def fill(database):
    """Take the sample library in, as the sample workspace does: one hold, one superseded."""
    folder = resource_path("sample")
    plan = json.loads((folder / "library.json").read_text(encoding="utf-8"))
    for name in plan["import_order"]:
        database.write(commands.import_file, folder / name, approval=APPROVAL)
    for held in plan["on_hold"]:
        version = database.read(queries.version_by_code, held["id"], held["version"])
        database.write(commands.hold, version, "the label change of 9 November")
    return database


@pytest.fixture
def library(database):
    return fill(database)


@pytest.fixture
def runner(themed_app):
    made = JobRunner()
    yield made
    assert made.close()


@pytest.fixture
def settle(qtbot, runner):
    """Wait until every job, and what its answer asked for, was delivered."""

    def wait():
        qtbot.waitUntil(lambda: not runner.is_busy, timeout=10_000)
        QApplication.processEvents()
        qtbot.waitUntil(lambda: not runner.is_busy, timeout=10_000)

    return wait


@pytest.fixture
def shown(qtbot, runner, settle):
    """Show a widget in a window, as wide as asked, with its answers in."""

    def show(widget, width=1368, height=840):
        qtbot.addWidget(widget)
        widget.resize(width, height)
        widget.show()
        if hasattr(widget, "activate"):
            widget.activate()
        settle()
        return widget

    return show
