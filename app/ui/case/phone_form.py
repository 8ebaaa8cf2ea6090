"""Answers by phone: what was said to each question."""

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.errors import AppError
from app.services.intake import commands
from app.services.intake.queries import CaseView, QuestionView
from app.ui import theme
from app.ui.case.desk import CaseDesk
from app.ui.case.form import WordsEdit
from app.ui.errors import error_sentence
from app.ui.widgets import Card, quiet_button, secondary_button, text_label

_LINES = 4


class PhoneForm(Card):
    """One field a question; what is empty is not logged."""

    closed = Signal()

    def __init__(self, desk: CaseDesk) -> None:
        super().__init__()
        self._desk = desk
        self._view: CaseView | None = None
        self._edits: dict[str, WordsEdit] = {}
        self._fields = QVBoxLayout()
        self._fields.setSpacing(theme.SPACE.label_to_field)
        self._error = text_label(role="secondary", tone="over", weight=500, wraps=True)
        self.log_button = secondary_button(
            self.tr("Log the answers"), icon="check", size="form", on_click=self.log
        )
        self._build_fields()

    @property
    def is_open(self) -> bool:
        """Whether answers are being written down."""
        return not self.isHidden()

    def edit(self, question_id: str) -> WordsEdit:
        """Return the field of a question."""
        return self._edits[question_id]

    def show_case(self, view: CaseView) -> None:
        """Know the questions of a case; fields keep what is typed."""
        self._view = view
        if not self.is_open:
            return
        waiting = {question.id for question in view.questions if not question.coverage.is_answered}
        if not waiting:
            self.leave()

    def begin(self) -> None:
        """Show a field for every question without an answer."""
        if self._view is None:
            return
        self._clear()
        for question in self._view.questions:
            if not question.coverage.is_answered:
                self._add(question)
        self.show()
        first = next(iter(self._edits.values()), None)
        if first is not None:
            first.setFocus()

    def log(self) -> None:
        """Record what was said to each question that has words."""
        if self._view is None:
            return
        said = {key: edit.toPlainText() for key, edit in self._edits.items() if edit.toPlainText().strip()}
        if not said:
            self._say(self.tr("Write down what you said. Nothing was logged."))
            return
        self._say("")
        for question_id, text in said.items():
            command = partial(
                commands.answer_verbal, inquiry_id=self._view.id, text=text, question_ids=[question_id]
            )
            kept = partial(self._on_logged, question_id)
            self._desk.write(command, on_done=kept, on_failed=self._on_failed)

    def leave(self) -> None:
        """Close the fields; nothing in them is logged."""
        self._clear()
        self.hide()

    def unsaved(self) -> Mapping[str, str]:
        """Return what was typed and not logged, by question."""
        texts = {edit.accessibleName(): edit.toPlainText() for edit in self._edits.values()}
        return {name: text for name, text in texts.items() if text.strip()}

    def _build_fields(self) -> None:
        self.set_title(self.tr("Answer by phone"))
        self._error.hide()
        self.body.addLayout(self._fields)
        self.body.addWidget(self._error)
        row = QHBoxLayout()
        row.addWidget(self.log_button)
        row.addWidget(quiet_button(self.tr("Cancel"), on_click=self._on_cancelled, size="form"))
        row.addStretch(1)
        self.body.addLayout(row)
        self.hide()

    def _add(self, question: QuestionView) -> None:
        asked = question.restated or question.verbatim
        edit = WordsEdit(
            self.tr("Answer to Q{n}").format(n=question.position),
            lines=_LINES,
            placeholder=self.tr("What you said"),
        )
        head = text_label(f"Q{question.position}  {asked}", weight=500, wraps=True)
        head.setBuddy(edit)
        self._fields.addWidget(head)
        self._fields.addWidget(edit)
        self._edits[question.id] = edit

    def _clear(self) -> None:
        self._edits.clear()
        self._say("")
        while self._fields.count():
            item = self._fields.takeAt(0)
            widget: QWidget | None = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _say(self, text: str) -> None:
        self._error.setText(text)
        self._error.setVisible(bool(text))

    def _on_logged(self, question_id: str) -> None:
        edit = self._edits.get(question_id)
        if edit is not None:
            edit.clear()

    def _on_failed(self, error: AppError) -> None:
        self._say(" ".join(getattr(error, "blockers", ())) or error_sentence(error))

    def _on_cancelled(self) -> None:
        self.leave()
        self.closed.emit()
