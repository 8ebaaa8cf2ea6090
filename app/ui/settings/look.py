"""How the window looks on this device; nothing of it is journalled."""

import functools
from typing import Any, cast, get_args

from PySide6.QtWidgets import QApplication, QCheckBox

from app.models.changes import Changes
from app.services.jobs import JobContext
from app.services.settings import commands, queries
from app.ui import theme
from app.ui.settings.desk import SettingsDesk
from app.ui.settings.rows import SettingRow
from app.ui.settings.section import Section
from app.ui.theme.tokens import ThemeChoice
from app.ui.widgets import SegmentedControl, keycap_setting

KEYCAPS, LETTER_KEYS = "keycaps", "letter_keys"


class LookSection(Section):
    """Colours, text size and keys; each acts at once."""

    section_id = "look"
    icon = "sun"

    def __init__(self, desk: SettingsDesk) -> None:
        super().__init__(desk)
        self.theme_control = SegmentedControl(
            (
                ("system", self.tr("As the system")),
                ("light", self.tr("Light")),
                ("dark", self.tr("Dark")),
                ("contrast", self.tr("High contrast")),
            ),
            name=self.tr("Colours"),
        )
        self.size_control = SegmentedControl(
            [(str(factor), f"{factor:.0%}") for factor in theme.TEXT_FACTORS], name=self.tr("Text size")
        )
        self.keycaps_box = QCheckBox(self.tr("On"))
        self.letters_box = QCheckBox(self.tr("On"))
        self._build()
        self.theme_control.chosen.connect(self._on_theme_chosen)
        self.size_control.chosen.connect(self._on_size_chosen)
        self.keycaps_box.toggled.connect(self._on_keycaps_toggled)
        self.letters_box.toggled.connect(self._on_letters_toggled)
        theme.theme_signals.changed.connect(self._show_theme)

    def title(self) -> str:
        """Return what the section is called."""
        return self.tr("Look")

    def reload(self) -> None:
        """Show what is chosen, wherever it was chosen."""
        self._show_theme()
        self.desk.runner.run_query(
            lambda _job: self.desk.workspace.database.read(queries.look), on_done=self._on_look, owner=self
        )

    def _build(self) -> None:
        colours = SettingRow(
            "colours",
            self.tr("Colours"),
            self.tr("High contrast has wider edges and shows nothing by colour alone."),
            search_words="theme dark light",
        )
        colours.put_control(self.theme_control, is_below=True)
        size = SettingRow(
            "text_size",
            self.tr("Text size"),
            self.tr("Ctrl++ and Ctrl+- change it anywhere, Ctrl+0 sets the usual size."),
            search_words="zoom font scale",
        )
        size.put_control(self.size_control, is_below=True)
        keycaps = SettingRow(
            "keycaps", self.tr("Keys beside buttons"), self.tr("Off for those who know them.")
        )
        keycaps.put_control(self.keycaps_box)
        letters = SettingRow(
            "letter_keys",
            self.tr("Single letters as keys in lists"),
            self.tr("Off if you speak to the computer: a spoken word could press them."),
            search_words="shortcuts keyboard dictation",
        )
        letters.put_control(self.letters_box)
        for row in (colours, size, keycaps, letters):
            self.add_row(row)

    def _show_theme(self) -> None:
        self.theme_control.choose(theme.theme_choice())
        self.size_control.choose(str(theme.text_factor()))

    def _on_look(self, look: dict[str, Any]) -> None:
        for box, key in ((self.keycaps_box, KEYCAPS), (self.letters_box, LETTER_KEYS)):
            box.blockSignals(True)
            box.setChecked(look.get(key, True) is not False)
            box.blockSignals(False)

    def _on_theme_chosen(self, name: str) -> None:
        application = QApplication.instance()
        if isinstance(application, QApplication) and name in get_args(ThemeChoice):
            theme.apply_theme(application, cast("ThemeChoice", name))

    def _on_size_chosen(self, factor: str) -> None:
        theme.set_text_factor(float(factor))

    def _on_keycaps_toggled(self, is_on: bool) -> None:
        keycap_setting.turn(is_on)
        self._keep({KEYCAPS: is_on})

    def _on_letters_toggled(self, is_on: bool) -> None:
        self.desk.registry.set_single_letters(is_on)
        self._keep({LETTER_KEYS: is_on})

    def _keep(self, values: dict[str, Any]) -> None:
        self.desk.runner.run_command(functools.partial(self._save, values))

    def _save(self, values: dict[str, Any], _job: JobContext) -> Changes:
        self.desk.workspace.database.write(commands.save_look, values)
        return Changes()
