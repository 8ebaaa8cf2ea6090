"""The questions of a case: what is asked, and how far it is answered."""

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.models.inquiry_forms import QuestionForm
from app.models.topics import taxonomy
from app.models.vocabulary import vocabulary
from app.services.intake import commands
from app.services.intake.queries import CaseView, QuestionView
from app.ui import theme
from app.ui.case.desk import CaseDesk
from app.ui.case.form import InlineForm
from app.ui.case.menu_row import MenuRow
from app.ui.case.section import NarrowCard, Section
from app.ui.case.wording import ENDED, coverage_words
from app.ui.widgets import FactRow, icon_label, link_button, set_tone, text_label

_ON_LABEL = "on_label"


class QuestionCard(NarrowCard):
    """One question; Enter or a click chooses it and opens its details."""

    chosen = Signal(str)
    edited = Signal(str, str, str)
    retire_requested = Signal(str)

    def __init__(self, question_id: str) -> None:
        super().__init__()
        self.question_id = question_id
        self._number = text_label(role="body", tone="accent", weight=600)
        self._text = text_label(role="body", weight=500, wraps=True)
        self._picture = icon_label("circle-dashed", "text.3", 14)
        self._coverage = text_label(role="secondary", weight=500, wraps=True)
        self.details = QWidget()
        self.restated = FactRow("restated", self.tr("Restated"))
        self.topic = MenuRow("topic", self.tr("Topic"), _topics())
        self.label = MenuRow("label", self.tr("Label"), _assessments())
        self.version = FactRow("version", self.tr("By version"))
        self._build_words()
        self._build_details()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_question(self, question: QuestionView, blocks: int, *, is_chosen: bool, is_open: bool) -> None:
        """Show what is asked and how it is answered so far."""
        self._number.setText(f"Q{question.position}")
        self._text.setText(question.restated or question.verbatim)
        icon, said, tone = coverage_words(question.coverage, blocks)
        theme.set_picture(self._picture, icon, tone, 14)
        self._coverage.setText(said)
        set_tone(self._coverage, tone)
        self.set_kind("chosen" if is_chosen else "plain")
        set_tone(self._number, "accent" if is_chosen else "text.2")
        self._show_details(question)
        self.details.setVisible(is_chosen)
        self.retire_link.setVisible(is_open and not question.coverage.is_answered)
        self.setAccessibleName(f"Q{question.position}, {self._text.text()}")
        self.setAccessibleDescription(said)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose the question with Enter or Space."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit(self.question_id)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the question with a click."""
        self.chosen.emit(self.question_id)
        super().mousePressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus ring."""
        super().focusInEvent(event)
        self.update()

    def _build_words(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(theme.SPACE.s)
        line.addWidget(self._number, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(theme.SPACE.xs)
        words.addWidget(self._text)
        state = QHBoxLayout()
        state.setSpacing(6)
        state.addWidget(self._picture)
        state.addWidget(self._coverage, 1)
        words.addLayout(state)
        line.addLayout(words, 1)
        self.body.addLayout(line)

    def _build_details(self) -> None:
        column = QVBoxLayout(self.details)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for row in (self.restated, self.topic, self.label, self.version):
            row.edited.connect(self._on_edited)
            column.addWidget(row)
        self.retire_link = link_button(self.tr("Take this question out"), on_click=self._on_retire)
        column.addWidget(self.retire_link, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(self.details)

    def _show_details(self, question: QuestionView) -> None:
        if not self.restated.is_editing:
            self.restated.set_value(question.restated)
        self.topic.set_choice(question.topic, taxonomy().label(question.topic) if question.topic else "")
        assessed = question.assessment
        code = assessed.assessment if assessed else ""
        name = vocabulary().label("label_assessment", code) if code else ""
        self.label.set_choice(code, name or self.tr("Not assessed"))
        if not self.version.is_editing:
            self.version.set_value(assessed.label_version if assessed else "")
        self.version.setVisible(assessed is not None)

    def _on_edited(self, key: str, value: str) -> None:
        self.edited.emit(self.question_id, key, value)

    def _on_retire(self) -> None:
        self.retire_requested.emit(self.question_id)


class QuestionsSection(Section):
    """Every question as a card; one of them is chosen."""

    question_chosen = Signal(str)

    def __init__(self, desk: CaseDesk, parent: QWidget | None = None) -> None:
        super().__init__(desk, self.tr("Questions"), shortcut="Alt+1", parent=parent)
        self._cards: dict[str, QuestionCard] = {}
        self._chosen = ""
        self._blocks: Mapping[str, int] = {}
        self._list = QVBoxLayout()
        self._list.setSpacing(theme.SPACE.s)
        self.column.addLayout(self._list)
        self.add_link = link_button(self.tr("Add a question"), icon="plus", on_click=self.add_question)
        self.column.addWidget(self.add_link, 0, Qt.AlignmentFlag.AlignLeft)

    @property
    def chosen(self) -> str:
        """The id of the chosen question, empty without questions."""
        return self._chosen

    def card(self, question_id: str) -> QuestionCard:
        """Return the card of a question."""
        return self._cards[question_id]

    def set_blocks(self, blocks: Mapping[str, int]) -> None:
        """Say how many blocks of the letter answer each question."""
        self._blocks = blocks
        if self.view is not None:
            self.fill(self.view)

    def choose(self, question_id: str) -> None:
        """Choose a question and tell who follows it."""
        if question_id != self._chosen:
            self._chosen = question_id
            if self.view is not None:
                self.fill(self.view)
            self.question_chosen.emit(question_id)

    def focus_label(self, number: int) -> bool:
        """Choose a question by its place and go to its label; tell whether it is there."""
        card = next(
            (card for place, card in enumerate(self._cards.values(), start=1) if place == number), None
        )
        if card is None:
            return False
        self.choose(card.question_id)
        card.label.setFocus(Qt.FocusReason.OtherFocusReason)
        self.form_opened.emit(card.label)
        return True

    def fill(self, view: CaseView) -> None:
        """Show the questions in their order."""
        known = {question.id: question for question in view.questions}
        for gone in [each for each in self._cards if each not in known]:
            card = self._cards.pop(gone)
            self._list.removeWidget(card)
            card.hide()
            card.deleteLater()
        if self._chosen not in known:
            self._chosen = next(iter(known), "")
            self.question_chosen.emit(self._chosen)
        for place, question in enumerate(view.questions):
            self._show(place, question, is_open=view.state not in ENDED)
        answered = sum(question.coverage.is_answered for question in view.questions)
        self.note.setText(self.tr("{n} of {all}").format(n=answered, all=len(known)) if known else "")
        self.note.setAccessibleName(self.tr("{n} of {all} answered").format(n=answered, all=len(known)))
        self.add_link.setVisible(view.state not in ENDED)

    def add_question(self) -> None:
        """Open the fields of a question that was not counted yet."""
        form = InlineForm(self.tr("New question"), self.tr("Add question"))
        form.add_words("verbatim", self.tr("In the caller's words"))
        form.add_text("restated", self.tr("Restated, as one question"))
        form.add_choice("topic", self.tr("Topic"), _topics())
        self.open_form(form, self._on_add, return_to=self.add_link)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move between the questions with Up and Down."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        cards = list(self._cards.values())
        places = [place for place, card in enumerate(cards) if card.hasFocus()]
        if step is None or not places:
            super().keyPressEvent(event)
            return
        cards[max(0, min(len(cards) - 1, places[0] + step))].setFocus(Qt.FocusReason.TabFocusReason)

    def _show(self, place: int, question: QuestionView, *, is_open: bool) -> None:
        card = self._cards.get(question.id)
        if card is None:
            card = self._cards[question.id] = QuestionCard(question.id)
            card.chosen.connect(self.choose)
            card.edited.connect(self._on_edited)
            card.retire_requested.connect(self._on_retire_requested)
        if self._list.indexOf(card) != place:
            self._list.insertWidget(place, card)
        blocks = self._blocks.get(question.id, 0)
        card.show_question(question, blocks, is_chosen=question.id == self._chosen, is_open=is_open)

    def _on_add(self, values: dict[str, str]) -> None:
        if self.view is None:
            return
        question = QuestionForm(values["verbatim"], values["restated"], values["topic"])
        command = partial(commands.add_question, inquiry_id=self.view.id, question=question)
        self.write(command, on_done=self.close_form)

    def _on_edited(self, question_id: str, key: str, value: str) -> None:
        if key == "restated":
            self.write(partial(commands.edit_question, question_id=question_id, restated=value))
        elif key == "topic":
            self.write(partial(commands.edit_question, question_id=question_id, topic=value))
        else:
            self._assess(question_id, key, value)

    def _assess(self, question_id: str, key: str, value: str) -> None:
        card = self._cards[question_id]
        view = next(item for item in self.view.questions if item.id == question_id) if self.view else None
        known = view.assessment.assessment if view and view.assessment else _ON_LABEL
        assessment = value if key == "label" else known
        version = value if key == "version" else card.version.value
        self.write(
            partial(
                commands.assess_label, question_id=question_id, assessment=assessment, label_version=version
            )
        )

    def _on_retire_requested(self, question_id: str) -> None:
        form = InlineForm(self.tr("Take the question out"), self.tr("Take it out"))
        form.add_text("reason", self.tr("Why is it taken out?"))

        def submit(values: dict[str, str]) -> None:
            command = partial(commands.retire_question, question_id=question_id, reason=values["reason"])
            self.write(command, on_done=self.close_form)

        self.open_form(form, submit, below=self._cards[question_id].body, return_to=self.add_link)


def _topics() -> list[tuple[str, str]]:
    known = taxonomy()
    found = []
    for topic in known.topics.values():
        found.append((topic.code, topic.label))
        found += [(f"{topic.code}/{sub}", known.label(f"{topic.code}/{sub}")) for sub in topic.subtopics]
    return found


def _assessments() -> list[tuple[str, str]]:
    return [(term.code, term.label) for term in vocabulary().terms("label_assessment")]
