"""What this program is, and where the workspace is."""

import platform

from PySide6.QtCore import qVersion

from app import __version__
from app.models.migrations import SCHEMA
from app.ui.settings.desk import SettingsDesk
from app.ui.settings.rows import SettingRow
from app.ui.settings.section import Section
from app.ui.shell.window_commands import ABOUT
from app.ui.widgets import secondary_button


class AboutSection(Section):
    """Version, schema, workspace and licences."""

    section_id = "about"
    icon = "info"

    def __init__(self, desk: SettingsDesk) -> None:
        super().__init__(desk)
        systems = f"Python {platform.python_version()}, Qt {qVersion()}, {platform.system()}"
        version = self.tr("MI Desk {number}").format(number=__version__)
        self.add_row(SettingRow("version", version, systems, search_words="version number"))
        identity = desk.workspace.identity
        words = self.tr("{folder}\nSchema {schema}, device {device}").format(
            folder=desk.workspace.folder, schema=SCHEMA, device=identity.device_short
        )
        self.add_row(
            SettingRow("workspace", self.tr("This workspace"), words, search_words="folder database")
        )
        licences = SettingRow(
            "licences",
            self.tr("Licences"),
            self.tr("Apache License 2.0. The notices of others lie beside the program."),
        )
        self.licences_button = secondary_button(self.tr("Show all"), on_click=self._on_licences_clicked)
        self.licences_button.setAccessibleName(self.tr("Show all licences"))
        licences.put_control(self.licences_button)
        self.add_row(licences)

    def title(self) -> str:
        """Return what the section is called."""
        return self.tr("About")

    def _on_licences_clicked(self) -> None:
        self.desk.registry.run(ABOUT)
