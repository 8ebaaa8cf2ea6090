"""Paint every page of the window empty, with the sample and with 100,000 inquiries, in light and dark.

Run `python -m tests.ui.gallery_pages FOLDER [COUNT]`; it is for the eyes and no test.
"""

import sys
import tempfile
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app import bootstrap
from app.desktop.workbench import Workbench
from app.services.workspace.engine import open_door
from app.ui import theme
from app.ui.jobs import JobRunner
from benchmarks.inbox_workspace import _fill

PAGES = ("inbox", "calls", "case", "library", "settings")


def settle(runner: JobRunner) -> None:
    for _wait in range(600):
        QTest.qWait(50)
        if not runner.is_busy:
            QTest.qWait(150)
            if not runner.is_busy:
                return


def paint(folder: Path, name: str, count: int, out: Path, application: QApplication) -> None:
    made = bootstrap.make_workspace(
        folder / name, "Priya Nilsson", "MPharm", "seven quiet herons at noon", sample=name == "sample"
    )
    database = made.workspace.database
    if count:
        with database.writer.connect() as connection, open_door(connection, "gallery"), connection.begin():
            _fill(connection.connection.dbapi_connection, count)
    runner = JobRunner()
    bench = Workbench(made.workspace, runner, choose_file=lambda *_: None, on_full_lock=lambda: None)
    bench.window.resize(1440, 900)
    bench.show()
    for look in ("light", "dark"):
        theme.apply_theme(application, look)
        bench.window.go("inbox", "")
        inbox = bench.window.current_page()
        inbox.listing.browse("all_open")
        settle(runner)
        for page in PAGES:
            bench.window.go(page, "")
            settle(runner)
            if page == "inbox":
                inbox.open_chosen()
                settle(runner)
                bench.window.go("inbox", "")
                settle(runner)
            bench.window.grab().save(str(out / f"{name}-{page}-{look}.png"))
    runner.close()
    bench.close()
    made.workspace.close()


def main() -> None:
    out = Path(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    out.mkdir(parents=True, exist_ok=True)
    application = QApplication(sys.argv[:1])
    with tempfile.TemporaryDirectory() as folder:
        for name, rows in (("empty", 0), ("sample", 0), ("many", count)):
            paint(Path(folder), name, rows, out, application)


if __name__ == "__main__":
    main()
