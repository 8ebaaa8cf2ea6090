from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app.services.workspace.workspace import NewUser, Workspace, create
from app.ui.jobs import JobRunner
from app.ui.settings.desk import SettingsDesk
from app.ui.settings.page import SettingsPage
from app.ui.shell.actions import Command, Registry
from app.ui.widgets import keycap_setting
from tests.services.workspace.vault_fakes import QUICK, memory_keyring

PASSPHRASE = "seven quiet herons at noon"


@dataclass
class Settings:
    """The page on a real workspace, and what it asked of the system."""

    page: SettingsPage
    workspace: Workspace
    runner: JobRunner
    registry: Registry
    said: list[str] = field(default_factory=list)
    ran: list[str] = field(default_factory=list)
    shown_folders: list[Path] = field(default_factory=list)
    recovery_key: str = ""
    copy_to: Path | None = None

    def section(self, section_id):
        return self.page.sections[section_id]

    def events(self):
        from app.services.audit.queries import exported_rows

        rows = self.workspace.database.read(lambda session: list(exported_rows(session)))
        return [row["values"]["event"]["new"] if row["op"] == "event" else row["type"] for row in rows]


@pytest.fixture
def runner(qtbot):
    made = JobRunner()
    yield made
    assert made.close()


@pytest.fixture
def settings(themed_app, tmp_path, clock, runner, qtbot):
    from app.services.workspace.vault import VaultPorts

    ports = VaultPorts(policy=QUICK, clock=clock)
    user = NewUser("Priya Nilsson", "MPharm")
    workspace, recovery_key = create(tmp_path / "w", PASSPHRASE, user, clock=clock, ports=ports)
    registry = Registry()
    ran = []
    for name in ("person.edit", "shell.about"):
        registry.add(Command(name, name, lambda name=name: ran.append(name)))
    made = None

    desk = SettingsDesk(
        workspace,
        runner,
        registry,
        keyring=memory_keyring(),
        choose_file=lambda _parent, _name: made.copy_to,
        show_folder=lambda folder: made.shown_folders.append(folder) or True,
    )
    page = SettingsPage(desk)
    registry.setParent(page)
    made = Settings(page, workspace, runner, registry, ran=ran, recovery_key=recovery_key)
    page.message_requested.connect(made.said.append)
    qtbot.addWidget(page)
    page.resize(1200, 800)
    page.show()
    page.activateWindow()
    page.activate()
    qtbot.waitUntil(lambda: page.isActiveWindow() and not runner.is_busy)
    yield made
    qtbot.waitUntil(lambda: not runner.is_busy)
    runner.drain()
    workspace.close()
    keycap_setting.turn(True)
