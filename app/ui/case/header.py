"""The head of the case: number, title, tags, clocks, and the next step."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app.models.vocabulary import vocabulary
from app.services.intake.queries import CaseView
from app.services.safety.queries import SafetyView
from app.ui import theme
from app.ui.case.next_step import Next
from app.ui.case.section import clear
from app.ui.case.wording import (
    clock_lines,
    due_chip,
    nearest_running,
    safety_clock,
    span,
    state_name,
    step_names,
    step_place,
)
from app.ui.widgets import (
    Avatar,
    Chip,
    ChipKind,
    ElidedLabel,
    KeyCap,
    PageHeader,
    SegmentedControl,
    StepBar,
    icon_button,
    keycap_setting,
    primary_button,
    text_label,
)

_MOST_TAGS = 3
_OFF_LABEL = ("off_label", "unapproved_product")
_ROOMY = 900


class CaseHeader(PageHeader):
    """Number and title, tags, chips, and one loud button."""

    back_requested = Signal()
    menu_requested = Signal(object)

    def __init__(self, on_primary: Callable[[], None], parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._shown: tuple[str, int] | None = ("", 0)
        self._number = text_label(role="body", tone="text.2")
        self.due = Chip()
        self.safety = Chip()
        self.more = icon_button("ellipsis", self.tr("More steps"), on_click=self._on_more)
        self.add_before_title(
            icon_button("arrow-left", self.tr("Back to the inbox"), on_click=self.back_requested.emit)
        )
        self.add_before_title(self._number)
        holder = QWidget()
        self._tags = QHBoxLayout(holder)
        self._tags.setContentsMargins(0, 0, 0, 0)
        self._tags.setSpacing(6)
        self.add_after_title(holder)
        self.next_button = primary_button("", "Ctrl+Enter", on_click=on_primary)
        # With a parent from the start: a key cap without one would be shown as a window of its own.
        self._keycap = KeyCap("Ctrl+Enter", self)
        for widget in (self.due, self.safety, self.more, self.next_button, self._keycap):
            self.add_widget(widget)

    def show_case(self, view: CaseView, step: Next | None, now: int) -> None:
        """Show a case and what comes next."""
        self._number.setText(view.number)
        questions = [question.restated or question.verbatim for question in view.questions]
        title = str(view.facts["title"]) or next(iter(questions), "") or str(view.facts["verbatim"])[:120]
        self.set_title(title or self.tr("No subject"))
        self._show_tags(view)
        self.tick(view, now)
        self._show_step(step)
        self.more.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the room to the title where there is little."""
        super().resizeEvent(event)
        self._fit()

    def show_nothing(self) -> None:
        """Show that no case is open."""
        self._number.setText("")
        self.set_title(self.tr("Case"))
        clear(self._tags)
        for part in (self.due, self.safety, self.more):
            part.hide()
        self._show_step(None)

    def tick(self, view: CaseView, now: int) -> None:
        """Write both clocks anew."""
        due = due_chip(view, now)
        self.due.setVisible(due is not None)
        if due is not None:
            self.due.show_state(*due)
            self.due.setToolTip(clock_lines(view, now))
        record = nearest_running(view)
        self.safety.setVisible(record is not None)
        if record is not None:
            self._show_safety(record, now)
        self._fit()

    def _show_safety(self, record: SafetyView, now: int) -> None:
        left, _presses = safety_clock(record, now)
        kind: ChipKind = "safety_filled" if record.due_at < now else "safety"
        short = span(record.due_at - now) if record.due_at >= now else left
        self.safety.show_state(f"{'AE' if record.is_event else 'PQC'} {short}", kind, "shield-alert")
        self.safety.setToolTip(f"{record.number}: {left}")

    def _show_tags(self, view: CaseView) -> None:
        clear(self._tags)
        tags: list[tuple[str, ChipKind]] = []
        tips: dict[str, str] = {}
        if any(q.assessment and q.assessment.assessment in _OFF_LABEL for q in view.questions):
            tags.append((self.tr("Off-label"), "outline"))
        if view.facts["urgency"] == "urgent":
            tags.append((self.tr("Urgent"), "outline_over"))
        if view.facts["escalated_to"]:
            target = vocabulary().label("escalation_target", str(view.facts["escalated_to"]))
            level = max((each.level for each in view.escalations if each.is_open), default=0)
            words = self.tr("Escalated, level {level}").format(level=level)
            tips[words] = self.tr("Escalated to {who}, level {level}").format(level=level, who=target)
            tags.append((words, "outline"))
        tags += [(tag, "outline") for tag in view.facts["tags"]]
        for text, kind in tags[:_MOST_TAGS]:
            chip = Chip(text, kind)
            chip.setToolTip(tips.get(text, text))
            self._tags.addWidget(chip)

    def _show_step(self, step: Next | None) -> None:
        key = (step.key, step.to_fix) if step is not None else None
        if key == self._shown:
            return
        self._shown = key
        self.next_button.setVisible(step is not None)
        self._fit()
        if step is None:
            return
        text, variant, icon, token = step.text, "primary", step.icon, "on.fill"
        if step.to_fix:
            text = self.tr("Review: {n} to fix first").format(n=step.to_fix)
            variant, icon, token = "secondary", "octagon-x", "over"
        self.next_button.setText(text)
        self.next_button.setAccessibleName(text)
        self.next_button.setToolTip(self.tr("{step} (Ctrl+Enter)").format(step=step.text))
        theme.set_icon(self.next_button, icon, token)
        theme.set_variant(self.next_button, v=variant)

    def _fit(self) -> None:
        # The number is in the window title too, and the key in the tooltip of the button.
        is_roomy = self.width() >= theme.scaled(_ROOMY)
        self._number.setVisible(is_roomy)
        self._keycap.setVisible(is_roomy and self._shown is not None and keycap_setting.is_on)
        # A clock that is cut off is no clock: the title and the tags give way first.
        for chip in (self.due, self.safety):
            chip.setMinimumWidth(chip.sizeHint().width() if is_roomy else 0)

    def _on_more(self) -> None:
        self.menu_requested.emit(self.more)


class CaseBar(QFrame):
    """The second bar: the lifecycle, what it waits for, and whose it is."""

    view_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "header")
        self.steps = StepBar(step_names())
        self._note = ElidedLabel()
        self.switch = SegmentedControl(
            [("letter", self.tr("Letter")), ("words", self.tr("What was asked"))], name=self.tr("Show")
        )
        self._owner = text_label(role="body", tone="text.2")
        self._avatar = Avatar()
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE.page_edge, 0, theme.SPACE.page_edge, 0)
        row.setSpacing(theme.SPACE.m)
        row.addWidget(self.steps, 10)
        row.addWidget(self._note, 3)
        for part in (self.switch, self._owner, self._avatar):
            row.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
        self._note.setProperty("tone", "text.2")
        theme.set_size(self, height=theme.HEIGHT.second_bar)
        self.switch.chosen.connect(self.view_chosen)

    def show_case(self, view: CaseView, *, has_letter: bool) -> None:
        """Show where the case stands."""
        self.steps.set_current(step_place(view.state), state_name(view.state))
        waiting = str(view.facts["waiting_for"])
        self._note.setText(waiting)
        self._note.setVisible(bool(waiting))
        self.switch.setVisible(has_letter)
        self._owner.setText(view.owner or self.tr("Nobody's yet"))
        owner_id = str(view.facts["owner_id"] or "")
        self._avatar.set_user(owner_id, view.owner)
