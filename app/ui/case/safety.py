"""The three safety answers of a case; a person gives each of them."""

from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.models.lifecycle_inquiry import Decision
from app.services.intake.queries import CaseView
from app.services.safety import commands as safety
from app.ui import theme
from app.ui.case.desk import CaseDesk, Command
from app.ui.case.form import InlineForm
from app.ui.case.safety_record import RecordCard
from app.ui.case.section import Section
from app.ui.case.wording import ENDED
from app.ui.widgets import SegmentedControl, set_tone, text_label

QUESTIONS: Final = ("adverse_event", "special_situation", "quality_complaint")
_KEYS: Final = {"Alt+Y": "yes", "Alt+N": "no", "Alt+U": "uncertain"}


class DecisionRow(QWidget):
    """One safety question with Yes, No and Uncertain, none preset."""

    answered = Signal(str, str)

    def __init__(self, key: str, name: str, hint: str) -> None:
        super().__init__()
        self.key = key
        self._known = ""
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(theme.SPACE.label_to_field)
        self._name = text_label(name, role="body", weight=500)
        choices = [("yes", self.tr("Yes")), ("no", self.tr("No")), ("uncertain", self.tr("Uncertain"))]
        self.control = SegmentedControl(choices, name=name, tones={"yes": "safety", "uncertain": "soon"})
        self.column.addWidget(self._name)
        self.column.addWidget(self.control)
        self.setToolTip(hint)
        self.setAccessibleName(name)
        self.control.chosen.connect(self._on_chosen)
        self._bind()

    @property
    def answer(self) -> str:
        """What a person answered, empty while nobody has."""
        return self._known

    def show_answer(self, answer: str) -> None:
        """Show the answer that is kept."""
        self._known = answer
        self.control.choose(answer)
        set_tone(self._name, "text.1")

    def restore(self) -> None:
        """Show the kept answer again; the new one was not given."""
        self.control.choose(self._known)

    def _bind(self) -> None:
        for keys, answer in _KEYS.items():
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(partial(self._on_key, answer))
            self.control.button(answer).setToolTip(keys)

    def _on_key(self, answer: str) -> None:
        self.control.choose(answer)
        self.control.button(answer).setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.answered.emit(self.key, answer)

    def _on_chosen(self, answer: str) -> None:
        self.answered.emit(self.key, answer)


class SafetySection(Section):
    """The answers, and below them every record with its clock."""

    def __init__(self, desk: CaseDesk, parent: QWidget | None = None) -> None:
        super().__init__(desk, self.tr("Safety"), parent=parent)
        self.rows = {key: self._make_row(key, name, hint) for key, name, hint in self._questions()}
        self._records: dict[str, RecordCard] = {}
        self._cards = QVBoxLayout()
        self._cards.setSpacing(theme.SPACE.s)
        self._reason = text_label(role="secondary", tone="text.2", wraps=True)
        self.column.addLayout(self._cards)
        for row in self.rows.values():
            self.column.addWidget(row)
        self.column.addWidget(self._reason)

    def record(self, record_id: str) -> RecordCard:
        """Return the card of a safety record."""
        return self._records[record_id]

    def fill(self, view: CaseView) -> None:
        """Show the answers and the records."""
        for key, row in self.rows.items():
            is_asked = self.form is not None and self.form.parent() is row
            if not is_asked:
                row.show_answer(str(view.facts.get(key) or ""))
            row.control.setEnabled(view.state not in ENDED)
        open_count = sum(not row.answer for row in self.rows.values())
        self.note.setText(self.tr("{n} to decide").format(n=open_count) if open_count else "")
        set_tone(self.note, "safety" if open_count else "text.3")
        reason = str(view.facts.get("safety_reason") or "")
        self._reason.setText(self.tr("No, because: {why}").format(why=reason))
        self._reason.setVisible(bool(reason) and any(row.answer == "no" for row in self.rows.values()))
        self._show_records(view)

    def tick(self) -> None:
        """Write the hand-off clocks anew."""
        for card in self._records.values():
            card.tick()

    def focus_first(self) -> None:
        """Put the keyboard into the first question nobody answered."""
        waiting = next((row for row in self.rows.values() if not row.answer), None)
        if waiting is None:
            super().focus_first()
        else:
            waiting.control.button("yes").setFocus(Qt.FocusReason.ShortcutFocusReason)

    def form_closed(self) -> None:
        """Offer the hand-off again."""
        for card in self._records.values():
            card.show_buttons()

    def _questions(self) -> tuple[tuple[str, str, str], ...]:
        return (
            (
                "adverse_event",
                self.tr("Adverse event"),
                self.tr("Anything untoward in somebody who took the product, caused by it or not"),
            ),
            (
                "special_situation",
                self.tr("Special situation"),
                self.tr("Pregnancy, overdose, misuse, medication error, lack of effect and the like"),
            ),
            (
                "quality_complaint",
                self.tr("Quality complaint"),
                self.tr("Anything wrong with the product itself, its pack or its leaflet"),
            ),
        )

    def _make_row(self, key: str, name: str, hint: str) -> DecisionRow:
        row = DecisionRow(key, name, hint)
        row.answered.connect(self._on_answered)
        return row

    def _show_records(self, view: CaseView) -> None:
        known = {record.id: record for record in view.safety}
        for gone in [each for each in self._records if each not in known]:
            self._records.pop(gone).deleteLater()
        for place, (record_id, record) in enumerate(known.items()):
            card = self._records.get(record_id)
            if card is None:
                card = self._records[record_id] = RecordCard(self.desk, self)
                self._cards.insertWidget(place, card)
            card.show_record(record)

    def _on_answered(self, key: str, answer: str) -> None:
        if self.view is None:
            return
        if answer == self.rows[key].answer:
            self.close_form()
            return
        if answer == "no":
            self._ask_reason(key)
            return
        self.close_form()
        self.write(self._decision(key, answer, ""))

    def _ask_reason(self, key: str) -> None:
        row = self.rows[key]
        form = InlineForm(self.tr("{question}: No").format(question=row.accessibleName()), self.tr("Keep No"))
        known = str(self.view.facts.get("safety_reason") or "") if self.view else ""
        form.add_text(
            "reason", self.tr("Why not?"), known, placeholder=self.tr("A question about storage only")
        )

        def submit(values: dict[str, str]) -> None:
            self.write(self._decision(key, "no", values["reason"]), on_done=self.close_form)

        form.cancelled.connect(row.restore)
        self.open_form(form, submit, below=row.column, return_to=row.control.button("no"))

    def close_form(self) -> None:
        """Take the question for a reason away; a No without one is no answer."""
        row = self.form.parent() if self.form is not None else None
        super().close_form()
        if isinstance(row, DecisionRow):
            row.restore()

    def _decision(self, key: str, answer: str, reason: str) -> Command:
        inquiry_id = self.view.id if self.view is not None else ""
        given = Decision(answer)
        return partial(
            safety.decide,
            inquiry_id=inquiry_id,
            adverse_event=given if key == "adverse_event" else None,
            special_situation=given if key == "special_situation" else None,
            quality_complaint=given if key == "quality_complaint" else None,
            reason=reason,
        )
