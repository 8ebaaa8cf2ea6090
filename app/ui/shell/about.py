"""Tell the version and whose work MI Desk stands on."""

import platform
from dataclasses import dataclass
from importlib import metadata

from PySide6.QtCore import Qt, qVersion
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app import __version__
from app.ui import theme
from app.ui.shell.overlay import Overlay
from app.ui.shell.overlay_list import OverlayList
from app.ui.shell.palette_model import PaletteItem, PaletteModel
from app.ui.widgets.buttons import secondary_button
from app.ui.widgets.labels import divider, text_label

_LIBRARIES = (
    "PySide6-Essentials",
    "PySide6-Addons",
    "SQLAlchemy",
    "alembic",
    "argon2-cffi",
    "biopython",
    "cryptography",
    "keyring",
    "lxml",
    "markdown-it-py",
    "platformdirs",
    "python-docx",
    "RapidFuzz",
    "sqlcipher3",
    "tzdata",
)
_FONTS_AND_ICONS = (
    ("Inter", "OFL-1.1"),
    ("Source Serif 4", "OFL-1.1"),
    ("Lucide", "ISC"),
)
_LONGEST_LICENCE = 60


@dataclass(frozen=True, slots=True)
class Component:
    """Name one part that is not ours, with its licence."""

    name: str
    version: str
    licence: str


def components() -> list[Component]:
    """Return every part that is installed, by name."""
    found = [component for name in _LIBRARIES if (component := _component(name)) is not None]
    found += [Component(name, "", licence) for name, licence in _FONTS_AND_ICONS]
    return sorted(found, key=lambda component: component.name.lower())


def _component(name: str) -> Component | None:
    try:
        facts = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return None
    return Component(name, facts["Version"], _licence(facts))


def _licence(facts: metadata.PackageMetadata) -> str:
    if "License-Expression" in facts:
        return facts["License-Expression"]
    classified = [
        line.rsplit(" :: ", 1)[-1]
        for line in facts.get_all("Classifier") or []
        if line.startswith("License ::") and not line.endswith("OSI Approved")
    ]
    if classified:
        return ", ".join(classified)
    written = facts["License"].strip() if "License" in facts else ""
    return written if 0 < len(written) <= _LONGEST_LICENCE else "see its own licence file"


class AboutCard(Overlay):
    """Show version, systems and licences."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, width=520)
        self._model = PaletteModel(self)
        self._build()
        theme.theme_signals.changed.connect(self._show_mark)

    def open(self) -> None:
        """Read the licences and show the card."""
        if not self._model.rowCount():
            rows = [
                PaletteItem(f"{part.name} {part.version}".strip(), _nothing, part.licence, icon="")
                for part in components()
            ]
            self._model.show_groups([(self.tr("Made with"), rows)], "")
        super().open()
        self.close_button.setFocus(Qt.FocusReason.PopupFocusReason)

    def wanted_height(self, room: int) -> int:
        """Leave the list of licences some space to scroll."""
        return min(room, theme.scaled(520))

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(theme.SPACE.xl, theme.SPACE.xl, theme.SPACE.xl, theme.SPACE.l)
        head.setSpacing(theme.SPACE.l)
        self._mark = QLabel(self.card)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(text_label(self.tr("MI Desk"), role="page_title"))
        version = self.tr("Version {number}").format(number=__version__)
        words.addWidget(text_label(version, tone="text.2", selectable=False))
        systems = f"Python {platform.python_version()}, Qt {qVersion()}, {platform.system()}"
        words.addWidget(text_label(systems, role="secondary", tone="text.3"))
        licence = self.tr("Apache License 2.0. The notices of others lie beside the program.")
        words.addWidget(text_label(licence, role="secondary", tone="text.3", wraps=True))
        self.close_button = secondary_button(self.tr("Close"), "Esc", on_click=self.dismiss)
        head.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        head.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        self.column.addLayout(head)
        self.column.addWidget(divider())
        self._build_list()
        self._show_mark()

    def _build_list(self) -> None:
        self.list = OverlayList(self._model, self.tr("Licences"), self.card, is_choosable=False)
        self.column.addWidget(self.list, 1)
        self.column.addSpacing(theme.SPACE.s)

    def _show_mark(self) -> None:
        self._mark.setPixmap(theme.app_mark(theme.scaled(40), self.devicePixelRatioF()))


def _nothing() -> None:
    """Be the action of a row that is only read."""
