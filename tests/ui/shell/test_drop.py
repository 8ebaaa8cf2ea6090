import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QTextEdit, QVBoxLayout, QWidget

from app.ui.inbox.import_dialog import files_in
from app.ui.shell.drop import WindowDrop

COPY, LEFT, NO_KEYS = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def window(themed_app, qtbot):
    window = QWidget()
    column = QVBoxLayout(window)
    window.field = QTextEdit()
    column.addWidget(window.field)
    window.left, window.dropped = [], []
    drop = WindowDrop(window, files_in, lambda paths: bool(window.left))
    drop.files_dropped.connect(window.dropped.append)
    qtbot.addWidget(window)
    window.resize(300, 200)
    window.show()
    return window


def mime_of(*urls):
    mime = QMimeData()
    mime.setUrls([QUrl(url) for url in urls])
    return mime


def drop(window, mime):
    """Send what the system sends: to the window, which finds the field beneath."""
    handle, place = window.windowHandle(), window.field.geometry().center()
    enter = QDragEnterEvent(QPoint(place), COPY, mime, LEFT, NO_KEYS)
    QApplication.sendEvent(handle, enter)
    if enter.isAccepted():
        QApplication.sendEvent(
            handle, QDropEvent(QPointF(place), COPY, mime, LEFT, NO_KEYS, QEvent.Type.Drop)
        )


def test_files_dropped_on_a_text_field_are_imported_and_not_typed(window, tmp_path):
    drop(window, mime_of(f"file://{tmp_path}/a.msg", f"file://{tmp_path}/b.xlsx"))
    assert [[path.name for path in paths] for paths in window.dropped] == [["a.msg", "b.xlsx"]]
    assert window.field.toPlainText() == ""


@pytest.mark.parametrize("url", ["file:///tmp/a.docx", "https://h.example.org/a.eml"])
def test_other_things_are_left_to_the_field(window, url):
    drop(window, mime_of(url))
    assert window.dropped == []


def test_what_the_page_takes_itself_is_left_to_it(window):
    window.left.append(True)
    drop(window, mime_of("file:///tmp/a.json"))
    assert window.dropped == []
