"""The forms that lead a version through its lifecycle."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QWidget

from app.models.countries import country_code
from app.services.library.queries import DocumentRow
from app.ui import theme
from app.ui.library import states
from app.ui.library.forms import StepForm
from app.ui.library.wording import say
from app.ui.widgets import primary_button, text_label

AUDIENCES: Final = (("hcp", "HCP"), ("patient", "Patient"))
LANGUAGES: Final = tuple(
    (code, states.language_word(code)) for code in ("en", "de", "fr", "es", "it", "nl", "pt")
)


@dataclass(frozen=True, slots=True)
class Step:
    """How one step is asked for; without an example no words are asked for."""

    key: str
    title: str
    button: str
    sentence: str
    outcome: str
    example: str = ""


DRAFT: Final = Step(
    "draft",
    "Begin the draft",
    "Begin draft",
    "{name} leaves the backlog. Its text can be written from now on.",
    "The draft has begun.",
)
REVISE: Final = Step(
    "revise",
    "Revise",
    "Begin revision",
    "The next version begins as a draft copy. {name} stays in use meanwhile.",
    "The revision has begun as a draft.",
    "Why: a label change, a new trial, a retraction or the yearly review",
)
WITHDRAW: Final = Step(
    "withdraw",
    "Withdraw for good",
    "Withdraw",
    "Nobody can insert {name} again. It is kept, so that its letters can be found.",
    "Withdrawn. It is kept for where it was used.",
    "Why it is taken out of use",
)
ARCHIVE: Final = Step(
    "archive",
    "Archive",
    "Archive",
    "{name} is put away and leaves the list. It is kept with its versions.",
    "Archived.",
)
BY_KEY: Final = (DRAFT, REVISE, WITHDRAW, ARCHIVE)
ASSESS: Final = Step(
    "assess",
    "Assess the variant against the new version",
    "Record assessment",
    "{name} was made from {old}, which {new} has replaced. Say what that means for it.",
    "The assessment is recorded.",
    "What the assessment found, such as: no change needed, same indication",
)
EXPLAIN: Final = Step(
    "explain",
    "Say why this section differs",
    "Keep reason",
    "“{name}” differs from the version it was made from.",
    "The reason is kept.",
    "Another indication, dose, brand or reporting address",
)


class AskForm(StepForm):
    """Asks for one step, with words if it needs some; lists every blocker."""

    submitted = Signal(object, str)

    def __init__(self) -> None:
        super().__init__("", "plain", primary_button(say("Do")))
        self._step = DRAFT
        self.words_edit = QLineEdit()
        self.words_edit.setMaxLength(500)
        self.words_edit.setAccessibleName(say("Reason"))
        self.words_edit.returnPressed.connect(self._on_submitted)
        self.button.clicked.connect(self._on_submitted)
        self._lay_out(self.words_edit)

    def open_for(self, step: Step, **names: str) -> None:
        """Ask for a step."""
        self._dress(step)
        self.sentence.setText(say(step.sentence).format(**names))
        self.sentence.show()
        self.button.show()
        self.words_edit.setVisible(bool(step.example))
        self.show()
        (self.words_edit if step.example else self.button).setFocus()

    def refuse(self, step: Step, blockers: Sequence[str]) -> None:
        """Say everything that stands in the way of a step, and offer nothing else."""
        self._dress(step)
        for part in (self.sentence, self.button, self.words_edit):
            part.hide()
        self.show_blockers(blockers)
        self._name_cancel(say("Close"))
        self.cancel_button.setFocus()

    def _name_cancel(self, word: str) -> None:
        self.cancel_button.setText(word)
        self.cancel_button.setAccessibleName(word)

    def _dress(self, step: Step) -> None:
        self._step = step
        self._name_cancel(say("Cancel"))
        self.set_title(say(step.title))
        self.button.setText(say(step.button))
        self.button.setAccessibleName(say(step.button))
        self.words_edit.clear()
        self.words_edit.setPlaceholderText(say(step.example) if step.example else "")
        self.clear_blockers()

    @Slot()
    def _on_submitted(self) -> None:
        words = self.words_edit.text().strip()
        if self._step.example and not words:
            self.show_blockers((say("Write it in a few words, so that others can follow it."),))
            self.words_edit.setFocus()
            return
        self.hide()
        self.submitted.emit(self._step, words)


class VariantForm(StepForm):
    """Asks for whom a variant is made."""

    submitted = Signal(str, str, str)

    def __init__(self) -> None:
        super().__init__(say("Make a variant"), "plain", primary_button(say("Make variant")))
        self.country_edit = QLineEdit()
        self.country_edit.setPlaceholderText(say("DE, EU or empty for all countries"))
        self.language_box, self.audience_box = choice_box(LANGUAGES), choice_box(AUDIENCES)
        fields = QWidget()
        grid = QGridLayout(fields)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.SPACE.m)
        grid.setVerticalSpacing(theme.SPACE.label_to_field)
        named = (
            (say("Country or region"), self.country_edit),
            (say("Language"), self.language_box),
            (say("Audience"), self.audience_box),
        )
        for column, (name, field) in enumerate(named):
            add_field(grid, 0, column, name, field)
            grid.setColumnStretch(column, 1)
        self.country_edit.returnPressed.connect(self._on_submitted)
        self.button.clicked.connect(self._on_submitted)
        self._lay_out(fields)

    def open_for(self, row: DocumentRow) -> None:
        """Ask for whom a variant of a version is made."""
        self.version_id = row.id
        self.sentence.setText(
            say(
                "A draft copy of {name} for another country, language or audience. "
                "What you change in it is listed as a deviation."
            ).format(name=states.name_of(row))
        )
        self.country_edit.setText(row.country)
        choose(self.language_box, row.language)
        choose(self.audience_box, row.audience)
        self.clear_blockers()
        self.show()
        self.country_edit.setFocus()
        self.country_edit.selectAll()

    @Slot()
    def _on_submitted(self) -> None:
        self.hide()
        self.submitted.emit(
            written_country(self.country_edit),
            str(self.language_box.currentData()),
            str(self.audience_box.currentData()),
        )


def written_country(edit: QLineEdit) -> str:
    """Return the code that a field names, empty for all countries."""
    written = edit.text().strip()
    code = country_code(written)
    return code.upper() if len(code) <= 2 else code


def choice_box(choices: Sequence[tuple[str, str]]) -> QComboBox:
    """Make a choice of codes by their names."""
    box = QComboBox()
    for code, name in choices:
        box.addItem(say(name), code)
    return box


def choose(box: QComboBox, code: str) -> None:
    """Choose a code, which is added if it is none of the usual ones."""
    if box.findData(code) < 0:
        box.addItem(code or say("Not set"), code)
    box.setCurrentIndex(box.findData(code))


def add_field(grid: QGridLayout, row: int, column: int, name: str, field: QWidget, span: int = 1) -> None:
    """Put a field under its name."""
    label = text_label(name, role="secondary", tone="text.2", weight=500)
    label.setBuddy(field)
    field.setAccessibleName(name)
    if isinstance(field, QComboBox):
        field.view().setAccessibleName(name)
    grid.addWidget(label, row, column, 1, span)
    grid.addWidget(field, row + 1, column, 1, span)
