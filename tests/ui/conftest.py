import pytest

from app.ui import theme


def pytest_configure(config):
    # The offscreen platform has no window manager to tell about sizes, and says so for every window.
    config.addinivalue_line("qt_log_ignore", "This plugin does not support propagateSizeHints")


@pytest.fixture
def themed_app(qapp):
    """The application in the light theme at 100 %, and again afterwards."""
    theme.apply_theme(qapp, "light")
    theme.set_text_factor(1.0)
    yield qapp
    if (theme.theme_choice(), theme.text_factor()) != ("light", 1.0):
        theme.apply_theme(qapp, "light")
        theme.set_text_factor(1.0)
