"""Paint the page of settings to pictures, for the eye."""

import os
import sys
import tempfile
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.desktop.workbench import Workbench
from app.services.settings import backups
from app.services.workspace.keys import ARGON2_FLOOR, KdfPolicy
from app.services.workspace.vault import VaultPorts
from app.services.workspace.workspace import NewUser, create
from app.ui import theme
from app.ui.jobs import JobRunner
from app.ui.shell.system_events import SystemEvents, SystemSource

SHOTS = (
    ("look", "look", ""),
    ("you", "you", ""),
    ("security", "security", ""),
    ("passphrase", "security.passphrase", ""),
    ("backups", "backups", ""),
    ("about", "about", ""),
    ("found", "look", "key"),
    ("nothing", "look", "qqq"),
)


def paint(bench: Workbench, folder: Path, suffix: str, size: tuple[int, int]) -> None:
    bench.window.resize(*size)
    for name, target, words in SHOTS:
        bench.window.go("settings", target)
        page = bench.window.current_page()
        if words:
            page.search.setText(words)
            page.search.search_now()
        QTest.qWait(300)
        bench.window.grab().save(str(folder / f"{name}-{suffix}.png"))
        page.search.clear_search()
    paint_recovery(bench, folder, suffix)


def paint_recovery(bench: Workbench, folder: Path, suffix: str) -> None:
    bench.window.go("settings", "security.recovery_key")
    row = bench.window.current_page().sections["security"].recovery_row
    row.key_form.show_key("7K2M-9QXD-4TBN-8WRE-5HVC-3JPG-6ZSA-Y1F0-QWER-ASDF")
    QTest.qWait(100)
    bench.window.grab().save(str(folder / f"recovery-{suffix}.png"))
    row.form.leave()


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "gallery")
    folder.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication.instance() or QApplication([])
    theme.apply_theme(app, "light")
    with tempfile.TemporaryDirectory() as home:
        ports = VaultPorts(policy=KdfPolicy(cost=ARGON2_FLOOR))
        user = NewUser("Priya Nilsson", "MPharm")
        workspace, _key = create(Path(home) / "w", "seven quiet herons at noon", user, ports=ports)
        backups.back_up_now(workspace)
        runner = JobRunner()
        bench = Workbench(
            workspace,
            runner,
            choose_file=lambda *_: None,
            on_full_lock=lambda: None,
            system_events=SystemEvents(SystemSource()),
        )
        bench.show()
        for name in ("light", "dark", "contrast"):
            theme.apply_theme(app, name)
            paint(bench, folder, name, (1440, 900))
        theme.apply_theme(app, "light")
        paint(bench, folder, "small", (960, 600))
        theme.set_text_factor(2.0)
        paint(bench, folder, "200", (1280, 720))
        runner.close()
        bench.close()


if __name__ == "__main__":
    main()
