"""The small forms above a document: publish it, or hold it."""

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QWidget

from app.models.library_forms import Approval
from app.services.library.queries import DocumentRow
from app.ui import theme
from app.ui.library import states
from app.ui.library.wording import say
from app.ui.widgets import Button, Card, announce, danger_button, primary_button, quiet_button, text_label


class ApprovalFields(QWidget):
    """Who approved a text elsewhere, and on which day."""

    submitted = Signal()

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self.name_edit = QLineEdit()
        self.day_edit = QLineEdit()
        self.problem = text_label(role="secondary", tone="over", weight=500, wraps=True)
        self._build()

    def approval(self) -> Approval | None:
        """Return the approval, or say what is missing and return none."""
        name, day = self.name_edit.text().strip(), states.read_day(self.day_edit.text())
        if not name:
            self._refuse(self.name_edit, say("Write who approved it."))
        elif day is None:
            self._refuse(self.day_edit, say("Write the day of approval as 26 Jan 2026."))
        elif day > self._today():
            self._refuse(self.day_edit, say("This day has not come yet. Write the day of approval."))
        else:
            self._settle()
            return Approval(name, day.isoformat())
        return None

    def clear(self) -> None:
        """Empty both fields."""
        self.name_edit.clear()
        self.day_edit.clear()
        self._settle()

    def _refuse(self, edit: QLineEdit, sentence: str) -> None:
        self._settle()
        theme.set_variant(edit, state="over")
        self.problem.setText(sentence)
        self.problem.show()
        edit.setFocus()
        announce(edit, sentence)

    @Slot()
    def _settle(self) -> None:
        self.problem.hide()
        for edit in (self.name_edit, self.day_edit):
            if edit.property("state"):
                theme.set_variant(edit, state="")

    def _build(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.SPACE.m)
        grid.setVerticalSpacing(theme.SPACE.label_to_field)
        fields = (
            (self.name_edit, say("Approved by"), "S. Okonjo-Reyes"),
            (self.day_edit, say("Approved on"), "26 Jan 2026"),
        )
        for column, (edit, name, example) in enumerate(fields):
            label = text_label(name, role="secondary", tone="text.2", weight=500)
            label.setBuddy(edit)
            edit.setAccessibleName(name)
            edit.setPlaceholderText(say("Such as {example}").format(example=example))
            edit.textEdited.connect(self._settle)
            edit.returnPressed.connect(self.submitted)
            grid.addWidget(label, 0, column)
            grid.addWidget(edit, 1, column)
        grid.addWidget(self.problem, 2, 0, 1, 2)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 2)
        self.problem.hide()


class StepForm(Card):
    """A card that asks for what a step needs; Esc leaves it."""

    closed = Signal()

    def __init__(self, title: str, kind: str, button: Button) -> None:
        super().__init__(title)
        theme.set_variant(self, card=kind)
        self.version_id = ""
        self.sentence = text_label(role="body", tone="text.2", wraps=True)
        self.blockers = text_label(role="secondary", tone="over", weight=500, wraps=True, selectable=True)
        self.blockers.hide()
        self.button = button
        self.cancel_button = quiet_button(say("Cancel"), "Esc", on_click=self.close_form)
        self.hide()

    def close_form(self) -> None:
        """Leave without doing anything."""
        self.hide()
        self.closed.emit()

    def show_blockers(self, blockers: Sequence[str]) -> None:
        """Show the form again with everything that stands in the way."""
        mark = "\N{BULLET} " if len(blockers) > 1 else ""
        self.blockers.setText("\n".join(f"{mark}{sentence}" for sentence in blockers))
        self.blockers.show()
        self.show()
        announce(self, " ".join(blockers))

    def clear_blockers(self) -> None:
        """Show no blocker any more."""
        self.blockers.clear()
        self.blockers.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_form()
        else:
            super().keyPressEvent(event)

    def _lay_out(self, fields: QWidget) -> None:
        self.body.addWidget(self.sentence)
        self.body.addWidget(fields)
        self.body.addWidget(self.blockers)
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE.s)
        row.addWidget(self.button)
        row.addWidget(self.cancel_button)
        row.addStretch(1)
        self.body.addLayout(row)


class PublishForm(StepForm):
    """Takes over an approval given elsewhere for one draft."""

    published = Signal(str, object)

    def __init__(self, today: Callable[[], date]) -> None:
        super().__init__(
            say("Publish on an approval given elsewhere"), "plain", primary_button(say("Publish"))
        )
        self.fields = ApprovalFields(today)
        self.fields.submitted.connect(self._on_submitted)
        self.button.clicked.connect(self._on_submitted)
        self._lay_out(self.fields)

    def open_for(self, row: DocumentRow) -> None:
        """Ask for the approval of a version."""
        self.version_id = row.id
        begins = states.day_words(row.effective_from)
        day = say("from {begins}").format(begins=begins) if begins else say("from the day of approval")
        self.sentence.setText(
            say(
                "{name} becomes effective {day}. "
                "An older version for the same country, audience and language is superseded. "
                "Its text can no longer be changed."
            ).format(name=states.name_of(row), day=day)
        )
        self.fields.clear()
        self.show()
        self.fields.name_edit.setFocus()

    @Slot()
    def _on_submitted(self) -> None:
        approval = self.fields.approval()
        if approval is not None:
            self.hide()
            self.published.emit(self.version_id, approval)


class HoldForm(StepForm):
    """Asks why a version is put on hold."""

    held = Signal(str, str)

    def __init__(self) -> None:
        super().__init__(say("Put on hold everywhere"), "plain", danger_button(say("Hold everywhere")))
        self.reason_edit = QLineEdit()
        self.reason_edit.setAccessibleName(say("Reason of the hold"))
        self.reason_edit.setPlaceholderText(
            say("A safety signal, a label change or a retracted key reference")
        )
        self.reason_edit.setMaxLength(500)
        self.problem = text_label(role="secondary", tone="over", weight=500, wraps=True)
        self.problem.hide()
        self.reason_edit.textEdited.connect(self.problem.hide)
        self.reason_edit.returnPressed.connect(self._on_submitted)
        self.button.clicked.connect(self._on_submitted)
        self._lay_out(self.reason_edit)
        self.body.insertWidget(self.body.count() - 1, self.problem)

    def open_for(self, row: DocumentRow) -> None:
        """Ask for the reason to hold a version."""
        self.version_id = row.id
        self.sentence.setText(
            say(
                "Nobody can insert {name} from now on: here at once, on other devices after their next sync. "
                "Letters that were sent stay as they are."
            ).format(name=states.name_of(row))
        )
        self.reason_edit.clear()
        self.problem.hide()
        self.show()
        self.reason_edit.setFocus()

    @Slot()
    def _on_submitted(self) -> None:
        reason = self.reason_edit.text().strip()
        if not reason:
            self.problem.setText(say("Write why, so that everybody who meets the hold can act on it."))
            self.problem.show()
            announce(self.reason_edit, self.problem.text())
            self.reason_edit.setFocus()
            return
        self.hide()
        self.held.emit(self.version_id, reason)
