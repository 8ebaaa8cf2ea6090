"""Paint the library page and panel to pictures, for the eye."""

import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from app.services.library import queries
from app.services.library.queries import ForWhom
from app.ui import theme
from app.ui.jobs import JobRunner
from app.ui.library.page import LibraryPage
from app.ui.library.panel import LibraryPanel
from app.ui.library.panel_rows import RowKind
from app.ui.shell.actions import Registry
from app.ui.widgets import SearchField
from tests.conftest import FakeClock, new_database
from tests.ui.library.conftest import fill

WHOM = ForWhom("US", "hcp", "en", date(2026, 11, 22))
QUESTION = "Can she drink grapefruit juice with atorvastatin, and how much?"


def settle(app, runner):
    for _ in range(100):
        # Sleeping lets the readers run; waiting within Qt alone would keep them from it.
        time.sleep(0.02)
        app.processEvents()
        if not runner.is_busy and not pending_search(app):
            break
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    app.processEvents()


def pending_search(app):
    fields = [each for each in app.allWidgets() if isinstance(each, SearchField)]
    return any(field._pause.isActive() for field in fields)


def save(widget, folder, name):
    widget.grab().save(str(folder / f"{name}.png"))


def paint_page(app, database, folder, suffix, size):
    runner = JobRunner()
    frame = QWidget()
    row = QHBoxLayout(frame)
    row.setContentsMargins(0, 0, 0, 0)
    page = LibraryPage(database, runner, registry=Registry())
    row.addWidget(page)
    frame.resize(size[0] - 72, size[1] - 30)
    frame.show()
    page.activate()
    settle(app, runner)
    page.list_pane.list.setFocus()
    save(frame, folder, f"page-{suffix}")
    version = database.read(queries.version_by_code, "SRD-ATO-001", "2.0")
    page.show_target(version)
    settle(app, runner)
    save(frame, folder, f"page-doc-{suffix}")
    page.reader.text.verticalScrollBar().setValue(page.reader.text.verticalScrollBar().maximum())
    save(frame, folder, f"page-references-{suffix}")
    page.reader.tabs.setCurrentIndex(1)
    settle(app, runner)
    save(frame, folder, f"page-versions-{suffix}")
    page.reader.tabs.setCurrentIndex(0)
    page.reading.hold()
    settle(app, runner)
    save(frame, folder, f"page-hold-{suffix}")
    page.reader.hold_form.close_form()
    page.body.back_to_list()
    QTest.keyClicks(page.search, "grapefruit juice")
    settle(app, runner)
    save(frame, folder, f"page-search-{suffix}")
    page.search.clear()
    QTest.keyClicks(page.search, "haloperidul")
    settle(app, runner)
    save(frame, folder, f"page-nomatch-{suffix}")
    page.search.clear()
    settle(app, runner)
    paint_import(app, runner, page, frame, folder, suffix)
    frame.close()
    runner.close()


def paint_import(app, runner, page, frame, folder, suffix):
    files = Path(tempfile.mkdtemp())
    (files / "broken.md").write_text("---\ntitle: Broken\n# no end\n", encoding="utf-8")
    (files / "SRD-NEW-001.md").write_text(
        f"---\ntitle: Splitting of tablets {suffix}\nversion: 1.{len(suffix)}\n---\n# Summary\nYes, {suffix}.\n",
        encoding="utf-8",
    )
    (files / "picture.json").write_text("{", encoding="utf-8")
    page.ask_import(sorted(files.iterdir()))
    page.import_pane.as_approved.setChecked(True)
    settle(app, runner)
    save(frame, folder, f"import-form-{suffix}")
    page.import_pane.as_drafts.setChecked(True)
    page.import_pane.submit()
    settle(app, runner)
    save(frame, folder, f"import-report-{suffix}")
    page.import_pane.close_pane()
    settle(app, runner)


def paint_panel(app, database, folder, suffix, size):
    runner = JobRunner()
    panel = LibraryPanel(database, runner)
    panel.resize(*size)
    panel.show()
    settle(app, runner)
    save(panel, folder, f"panel-empty-{suffix}")
    panel.set_question(QUESTION, "", WHOM)
    settle(app, runner)
    save(panel, folder, f"panel-{suffix}")
    document = panel._state.document
    first, second = document.sections[:2]
    panel.set_inserted(
        {
            (document.row.id, first.id, 0): "inserted",
            (document.row.id, second.id, 0): "changed",
        }
    )
    panel.focus_list()
    QTest.keyClick(panel.list, Qt.Key.Key_Down)
    QTest.keyClick(panel.list, Qt.Key.Key_Down)
    settle(app, runner)
    save(panel, folder, f"panel-inserted-{suffix}")
    QTest.keyClick(panel.list, Qt.Key.Key_Right)
    QTest.keyClick(panel.list, Qt.Key.Key_Down)
    settle(app, runner)
    save(panel, folder, f"panel-section-{suffix}")
    while panel.list.current.kind is not RowKind.REFUSED:
        before = panel.list.current
        QTest.keyClick(panel.list, Qt.Key.Key_Down)
        if panel.list.current is before:
            break
    settle(app, runner)
    save(panel, folder, f"panel-refused-{suffix}")
    panel.set_question("Switch from parenteral haloperidol", "", WHOM)
    settle(app, runner)
    save(panel, folder, f"panel-held-{suffix}")
    panel.set_question("zoster vaccine with tofacitinib", "", WHOM)
    settle(app, runner)
    save(panel, folder, f"panel-nothing-{suffix}")
    panel.close()
    runner.close()


def main():
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "gallery")
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication.instance() or QApplication([])
    theme.apply_theme(app, "light")
    database = fill(new_database(Path(tempfile.mkdtemp()), FakeClock()))
    for name in sys.argv[2:] or ("light", "dark", "contrast", "200"):
        theme.apply_theme(app, name if name != "200" else "light")
        theme.set_text_factor(2.0 if name == "200" else 1.0)
        paint_page(app, database, folder, name, (1440, 900))
        paint_panel(app, database, folder, name, (412 if name != "200" else 640, 800))
    database.close()


if __name__ == "__main__":
    main()
