"""Be the single steps of the first run."""

from collections.abc import Callable
from pathlib import Path
from typing import cast, get_args

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.theme.tokens import ThemeChoice
from app.ui.unlock.parts import NamedField, SecretField
from app.ui.unlock.strength import MINIMUM_LENGTH, Level, Strength, estimate
from app.ui.unlock.strength_bar import StrengthBar
from app.ui.widgets import ElidedLabel, SegmentedControl, secondary_button, set_tone, text_label
from app.ui.widgets.empty_state import StepButton

ChooseFolder = Callable[[QWidget, str], str]


class Step(QWidget):
    """Be one step: a title, a reason, fields and what is missing."""

    went_on = Signal()
    complained = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(theme.SPACE.l)

    def title(self) -> str:
        """Return the heading of the step."""
        return ""

    def reason(self) -> str:
        """Say in a sentence why this is asked."""
        return ""

    def next_text(self) -> str:
        """Return the words of the button that goes on."""
        return self.tr("Go on")

    def problem(self) -> str | None:
        """Say what is still missing, if anything."""
        return None

    def enter(self, personal: tuple[str, ...]) -> None:
        """Come on screen; take words a passphrase must not lean on."""

    def focus_problem(self) -> None:
        """Put the keyboard where something is missing."""


class ChoiceStep(Step):
    """Offer a new, an existing and a sample workspace."""

    new_chosen = Signal()
    sample_chosen = Signal()
    existing_chosen = Signal(str)

    def __init__(self, sample_passphrase: str, choose_folder: ChooseFolder | None) -> None:
        super().__init__()
        self._choose_folder = choose_folder or ask_for_folder
        self.column.setSpacing(theme.SPACE.s)
        self.new_button = StepButton(
            self.tr("New workspace"), self.tr("For your own inquiries, encrypted on this disk"), icon="plus"
        )
        self.existing_button = StepButton(
            self.tr("Open an existing folder"),
            self.tr("A workspace that is already on this machine or came from a backup"),
            icon="folder-open",
        )
        sample = self.tr(
            "Invented cases to try everything on, in one click. Its passphrase is \u201c{words}\u201d."
        )
        self.sample_button = StepButton(
            self.tr("Sample workspace"), sample.format(words=sample_passphrase), icon="book-marked"
        )
        for button in (self.new_button, self.existing_button, self.sample_button):
            button.setAutoDefault(True)
            self.column.addWidget(button)
        self.new_button.clicked.connect(self.new_chosen)
        self.existing_button.clicked.connect(self._on_existing_clicked)
        self.sample_button.clicked.connect(self.sample_chosen)

    def title(self) -> str:
        """Return the heading of the step."""
        return self.tr("Welcome to MI Desk")

    def reason(self) -> str:
        """Say in a sentence why this is asked."""
        return self.tr("Everything works without a network and stays on this machine.")

    def enter(self, personal: tuple[str, ...]) -> None:
        """Put the keyboard on the first choice."""
        self.new_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_existing_clicked(self) -> None:
        folder = self._choose_folder(self, "")
        if folder:
            self.existing_chosen.emit(folder)


class PersonStep(Step):
    """Ask for name, credentials and folder."""

    def __init__(self, folder: Path, choose_folder: ChooseFolder | None) -> None:
        super().__init__()
        self._folder = folder
        self._choose_folder = choose_folder or ask_for_folder
        self.name_field = NamedField(self.tr("Your name"), self)
        self.name_field.edit.setPlaceholderText(self.tr("As it stands under your letters"))
        self.credentials_field = NamedField(self.tr("Letters after your name"), self)
        self.credentials_field.edit.setPlaceholderText(self.tr("For example PharmD"))
        self.credentials_field.show_notice(self.tr("stand under released letters, can be changed later"))
        self.column.addWidget(self.name_field)
        self.column.addWidget(self.credentials_field)
        self.column.addLayout(self._build_folder())
        for field in (self.name_field, self.credentials_field):
            field.edit.returnPressed.connect(self.went_on)

    def title(self) -> str:
        """Return the heading of the step."""
        return self.tr("Who writes the letters")

    def reason(self) -> str:
        """Say in a sentence why this is asked."""
        return self.tr("Your name stands in letters and in the audit trail. Both can be changed later.")

    def problem(self) -> str | None:
        """Ask for the name; the rest may be empty."""
        return None if self.name() else self.tr("Your name is missing. Letters are signed with it.")

    def enter(self, personal: tuple[str, ...]) -> None:
        """Put the keyboard into the name."""
        self.name_field.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_problem(self) -> None:
        """Put the keyboard into the name."""
        self.name_field.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def name(self) -> str:
        """Return the name as typed, without outer spaces."""
        return self.name_field.text().strip()

    def credentials(self) -> str:
        """Return the letters after the name."""
        return self.credentials_field.text().strip()

    def folder(self) -> Path:
        """Return the folder the workspace is made in."""
        return self._folder

    def personal_words(self) -> tuple[str, ...]:
        """Return the words a passphrase must not lean on."""
        return self.name(), self.credentials()

    def _build_folder(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(theme.SPACE.label_to_field)
        column.addWidget(text_label(self.tr("Folder"), role="secondary", tone="text.2", weight=500))
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE.s)
        self.folder_label = ElidedLabel(str(self._folder))
        self.change_button = secondary_button(
            self.tr("Change"), size="form", on_click=self._on_change_clicked
        )
        self.change_button.setAccessibleDescription(self.tr("Choose where the workspace is kept"))
        row.addWidget(self.folder_label, 1)
        row.addWidget(self.change_button)
        column.addLayout(row)
        return column

    def _on_change_clicked(self) -> None:
        chosen = self._choose_folder(self, str(self._folder.parent))
        if chosen:
            self._folder = Path(chosen)
            self.folder_label.setText(chosen)


class PassphraseStep(Step):
    """Ask for the passphrase twice and judge it in words."""

    def __init__(self) -> None:
        super().__init__()
        self._personal: tuple[str, ...] = ()
        self.first_field = SecretField(self.tr("Passphrase"), self)
        self.second_field = SecretField(self.tr("The same once more"), self)
        self.bar = StrengthBar(self)
        self.strength_label = text_label(role="secondary", tone="text.2", wraps=True)
        self.column.addWidget(self.first_field)
        judged = QVBoxLayout()
        judged.setSpacing(theme.SPACE.xs)
        judged.addWidget(self.bar)
        judged.addWidget(self.strength_label)
        self.column.addLayout(judged)
        self.column.addWidget(self.second_field)
        self.first_field.edit.textChanged.connect(self._on_changed)
        self.first_field.edit.returnPressed.connect(self._on_first_return)
        self.second_field.edit.returnPressed.connect(self.went_on)
        self._on_changed()

    def title(self) -> str:
        """Return the heading of the step."""
        return self.tr("A passphrase that only you know")

    def reason(self) -> str:
        """Say in a sentence why this is asked."""
        return self.tr(
            "It encrypts everything on this disk. Nobody can reset it, so {n} characters is the least: "
            "four unrelated words are strong and easy to type."
        ).format(n=MINIMUM_LENGTH)

    def next_text(self) -> str:
        """Return the words of the button that goes on."""
        return self.tr("Make the workspace")

    def strength(self) -> Strength:
        """Return the estimate for what is typed."""
        return estimate(self.first_field.text(), self._personal)

    def problem(self) -> str | None:
        """Say what keeps the passphrase from being taken."""
        strength = self.strength()
        if strength.level is Level.TOO_SHORT:
            return self.tr("A passphrase has at least {n} characters.").format(n=MINIMUM_LENGTH)
        if not strength.is_accepted:
            return self.tr("This is easy to guess. Add a word that does not belong to the others.")
        if self.first_field.text() != self.second_field.text():
            return self.tr("The two are not the same. Type the second one again.")
        return None

    def enter(self, personal: tuple[str, ...]) -> None:
        """Put the keyboard into the first field."""
        self._personal = personal
        self._on_changed()
        self.first_field.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_problem(self) -> None:
        """Put the keyboard into the field that must change."""
        field = self.second_field if self.strength().is_accepted else self.first_field
        field.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        field.edit.selectAll()

    def passphrase(self) -> str:
        """Return the passphrase that was typed twice."""
        return self.first_field.text()

    def forget(self) -> None:
        """Empty both fields once the workspace is made."""
        self.first_field.clear()
        self.second_field.clear()

    def _on_first_return(self) -> None:
        if self.second_field.text():
            self.went_on.emit()
        else:
            self.second_field.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_changed(self) -> None:
        strength = self.strength()
        self.bar.show_level(strength.level)
        self.strength_label.setText(strength.words)
        tones = {Level.TOO_SHORT: "text.2", Level.WEAK: "over", Level.FAIR: "soon"}
        set_tone(self.strength_label, tones.get(strength.level, "ok"))


class LookStep(Step):
    """Let theme and text size be chosen; both act at once."""

    def __init__(self) -> None:
        super().__init__()
        themes = (
            ("system", self.tr("As the system")),
            ("light", self.tr("Light")),
            ("dark", self.tr("Dark")),
            ("contrast", self.tr("High contrast")),
        )
        self.theme_control = SegmentedControl(themes, name=self.tr("Colours"))
        sizes = [(str(factor), f"{factor:.0%}") for factor in theme.TEXT_FACTORS]
        self.size_control = SegmentedControl(sizes, name=self.tr("Text size"))
        for words, control in (
            (self.tr("Colours"), self.theme_control),
            (self.tr("Text size"), self.size_control),
        ):
            group = QVBoxLayout()
            group.setSpacing(theme.SPACE.label_to_field)
            group.addWidget(text_label(words, role="secondary", tone="text.2", weight=500))
            group.addWidget(control)
            self.column.addLayout(group)
        self.theme_control.chosen.connect(self._on_theme_chosen)
        self.size_control.chosen.connect(self._on_size_chosen)

    def title(self) -> str:
        """Return the heading of the step."""
        return self.tr("How it looks")

    def reason(self) -> str:
        """Say in a sentence why this is asked."""
        return self.tr("Both act at once and can be changed at any time in Settings.")

    def next_text(self) -> str:
        """Return the words of the button that ends the first run."""
        return self.tr("Open the workspace")

    def enter(self, personal: tuple[str, ...]) -> None:
        """Show what is chosen and put the keyboard there."""
        self.theme_control.choose(theme.theme_choice())
        self.size_control.choose(str(theme.text_factor()))
        self.theme_control.button(theme.theme_choice()).setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_theme_chosen(self, name: str) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication) and name in get_args(ThemeChoice):
            theme.apply_theme(app, cast("ThemeChoice", name))

    def _on_size_chosen(self, factor: str) -> None:
        theme.set_text_factor(float(factor))


def ask_for_folder(parent: QWidget, start: str) -> str:
    """Let the user choose a folder; empty if none was."""
    return QFileDialog.getExistingDirectory(parent, parent.tr("Choose a folder"), start)
