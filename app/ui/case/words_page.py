"""What the caller said, word for word, and the ways to answer."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.models.vocabulary import vocabulary
from app.services.intake.queries import CaseView
from app.ui import theme
from app.ui.case.desk import CaseDesk
from app.ui.case.messages import MessagesCard
from app.ui.case.phone_form import PhoneForm
from app.ui.case.wording import moment
from app.ui.widgets import Card, icon_label, text_label
from app.ui.widgets.empty_state import StepButton

_WIDTH = 720
_CHANNEL_ICONS = {
    "phone": "phone",
    "email": "mail",
    "web": "globe",
    "mail": "file-text",
    "field": "briefcase",
}
_WORKING = ("in_progress", "awaiting_requester", "awaiting_internal")


class WordsPage(QScrollArea):
    """The verbatim in large type; below it what can be done next."""

    letter_requested = Signal()

    def __init__(self, desk: CaseDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: CaseView | None = None
        self._picture = icon_label("phone", "text.2", 16)
        self._from = text_label(role="secondary", tone="text.2", weight=500, wraps=True)
        self.words = text_label(role="letter", wraps=True, selectable=True)
        self.messages = MessagesCard(desk)
        self.phone = PhoneForm(desk)
        self._answers = Card()
        self._next = QWidget()
        self._none = text_label(role="card", wraps=True)
        self._hint = text_label(tone="text.2", wraps=True)
        self._ground = QFrame()
        self._build()
        self.phone.closed.connect(self._on_phone_closed)

    def show_case(self, view: CaseView, *, has_letter: bool) -> None:
        """Show the words of a case and what can be done with it."""
        is_other = self._view is None or self._view.id != view.id
        self._view = view
        channel = str(view.facts["channel"])
        theme.set_picture(self._picture, _CHANNEL_ICONS.get(channel, "message-square"), "text.2", 16)
        at = moment(int(view.facts["received_at"]), str(view.facts["received_zone"]))
        parts = (vocabulary().label("channel", channel), view.requester.name if view.requester else "", at)
        self._from.setText("  \N{MIDDLE DOT}  ".join(part for part in parts if part))
        self.words.setText(str(view.facts["verbatim"]) or self.tr("Nothing was written down word for word."))
        if is_other:
            self.phone.leave()
        self.phone.show_case(view)
        self.messages.show_case(view)
        self._show_answers(view)
        self._show_next(view, has_letter=has_letter)

    def unsaved(self) -> Mapping[str, str]:
        """Return what was typed as an answer and nobody logged."""
        return self.phone.unsaved()

    def answer_by_phone(self) -> None:
        """Open a field for each question that has no answer."""
        self.phone.begin()
        self._next.hide()
        self.ensureWidgetVisible(self.phone)

    def _build(self) -> None:
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(self.tr("What was asked"))
        self._ground.setProperty("surface", "window")
        outer = QHBoxLayout(self._ground)
        outer.setContentsMargins(theme.SPACE.xl, theme.SPACE.xl, theme.SPACE.xl, theme.SPACE.xl)
        self._middle = QWidget()
        column = QVBoxLayout(self._middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE.l)
        for part in (self._words_card(), self.messages, self._answers, self.phone, self._next):
            column.addWidget(part)
        column.addStretch(1)
        outer.addStretch(1)
        outer.addWidget(self._middle, 100)
        outer.addStretch(1)
        self.setWidget(self._ground)
        self._build_next()
        theme.theme_signals.changed.connect(self._fit)
        self._fit()

    def _words_card(self) -> Card:
        card = Card()
        head = QHBoxLayout()
        head.setSpacing(theme.SPACE.s)
        head.addWidget(self._picture)
        head.addWidget(self._from, 1)
        card.body.addLayout(head)
        card.body.addWidget(self.words)
        self.words.setAccessibleName(self.tr("In the caller's words"))
        return card

    def _build_next(self) -> None:
        column = QVBoxLayout(self._next)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE.s)
        column.addWidget(self._none)
        column.addWidget(self._hint)
        self.letter_button = StepButton(
            self.tr("New letter"),
            self.tr("From approved text, with its sources beside it"),
            icon="file-pen-line",
        )
        self.phone_button = StepButton(
            self.tr("Answer by phone"), self.tr("Write down what you say to each question"), icon="phone-call"
        )
        self.letter_button.clicked.connect(self.letter_requested)
        self.phone_button.clicked.connect(self.answer_by_phone)
        column.addWidget(self.letter_button)
        column.addWidget(self.phone_button)

    def _show_answers(self, view: CaseView) -> None:
        while self._answers.body.count() > 1:
            item = self._answers.body.takeAt(1)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        spoken = [response for response in view.responses if response.kind == "verbal"]
        self._answers.setVisible(bool(spoken))
        self._answers.set_title(self.tr("Answered by phone"))
        numbers = {question.id: f"Q{question.position}" for question in view.questions}
        for response in spoken:
            named = ", ".join(numbers[each] for each in response.question_ids if each in numbers)
            at = (
                moment(response.answered_at, str(view.facts["received_zone"])) if response.answered_at else ""
            )
            head = text_label(f"{named}  {at}", role="secondary", tone="text.2", weight=500)
            self._answers.body.addWidget(head)
            self._answers.body.addWidget(text_label(response.text, wraps=True, selectable=True))

    def _show_next(self, view: CaseView, *, has_letter: bool) -> None:
        is_working = view.state in _WORKING
        unanswered = any(not question.coverage.is_answered for question in view.questions)
        can_write = is_working and not has_letter
        self.letter_button.setVisible(can_write)
        self.phone_button.setVisible(is_working and unanswered)
        self._none.setText(self.tr("No letter yet") if not has_letter else "")
        self._none.setVisible(not has_letter)
        self._hint.setText(self._why_not(view))
        self._hint.setVisible(bool(self._hint.text()) and not has_letter)
        self._next.setVisible(not self.phone.is_open)

    def _why_not(self, view: CaseView) -> str:
        if view.state in ("new", "triage", "assigned"):
            return self.tr("The answer begins once the inquiry is triaged and somebody works on it.")
        if view.state == "reopened":
            return self.tr("The inquiry was opened again. Go on to write another answer.")
        return ""

    def _on_phone_closed(self) -> None:
        self._next.show()
        if self.phone_button.isVisible():
            self.phone_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fit(self) -> None:
        self._middle.setMaximumWidth(theme.scaled(_WIDTH))
