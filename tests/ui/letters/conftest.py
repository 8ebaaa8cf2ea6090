"""A real letter in a real database, open in a real editor."""

import pytest
from PySide6.QtGui import QGuiApplication

from app.ui.jobs import JobRunner
from app.ui.letters.autosave import DatabaseStore
from app.ui.letters.view import LetterView
from tests.services.letters.conftest import desk

__all__ = ["desk"]


@pytest.fixture
def runner(qapp):
    made = JobRunner()
    yield made
    assert made.close()


@pytest.fixture
def open_letter(themed_app, qtbot, desk, runner):
    """Opens a letter in a view of its own; all of them are closed afterwards."""

    def open_one(letter_id):
        view = LetterView(runner, DatabaseStore(desk.database))
        qtbot.addWidget(view)
        view.resize(820, 900)
        view.load(desk.letter(letter_id))
        view.show()
        runner.drain()
        return view

    yield open_one
    # The last copy must not outlive Python, as it would without the end of an event loop.
    QGuiApplication.clipboard().clear()
