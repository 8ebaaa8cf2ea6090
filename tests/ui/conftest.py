import gc
import threading

import pytest
from PySide6.QtCore import QThread, QTimer

from app.ui import theme


@pytest.fixture
def themed_app(qapp):
    """The application in the light theme at 100 %, and again afterwards."""
    theme.apply_theme(qapp, "light")
    theme.set_text_factor(1.0)
    yield qapp
    theme.apply_theme(qapp, "light")
    theme.set_text_factor(1.0)


@pytest.fixture
def no_leaks():
    """Fail if a test leaves a thread or a running timer behind."""
    threads = set(threading.enumerate())
    gc.collect()
    timers = {id(each) for each in gc.get_objects() if isinstance(each, QTimer)}
    yield
    gc.collect()
    left = [each for each in threading.enumerate() if each not in threads and each.name.startswith("midesk-")]
    assert left == []
    alive = gc.get_objects()
    assert [each for each in alive if isinstance(each, QThread) and each.isRunning()] == []
    new = [each for each in alive if isinstance(each, QTimer) and id(each) not in timers]
    assert [each for each in new if each.isActive()] == []
