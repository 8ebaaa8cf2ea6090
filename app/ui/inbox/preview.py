"""One inquiry beside the list: words, person, safety, facts, next steps."""

from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.models.service_clock import ClockKind
from app.models.topics import taxonomy
from app.models.vocabulary import vocabulary
from app.services.intake.queries import CaseView, InboxRow
from app.ui import theme
from app.ui.inbox.groups import horizon
from app.ui.inbox.passages import marked_html
from app.ui.inbox.row_words import (
    channel_icon,
    clock_time,
    clock_words,
    due_words,
    short_number,
    state_label,
    tags_of,
)
from app.ui.shell.service_words import kind_name
from app.ui.widgets import (
    Card,
    Chip,
    FactList,
    divider,
    icon_label,
    primary_button,
    quiet_button,
    section_head,
    set_tone,
    text_label,
    with_keycap,
)

_MOST_WORDS: Final = 4_000
_LONG_WORD: Final = 32
_MOST_SIMILAR: Final = 3


class Preview(QFrame):
    """Shows what was last asked for; the list stays where it is."""

    open_requested = Signal()
    take_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "surface")
        self.setAccessibleName(self.tr("Preview"))
        self.inquiry_id = ""
        self.words = ""
        self.marked: tuple[str, ...] = ()
        self._body = QWidget()
        self._column = QVBoxLayout(self._body)
        self.open_button = primary_button(self.tr("Open case"), "Enter", on_click=self.open_requested.emit)
        self.take_button = quiet_button(self.tr("Take it"), "A", on_click=self.take_requested.emit)
        self._refusal = text_label(role="secondary", tone="over", wraps=True)
        self._foot = self._make_foot()
        self._build()
        self.show_nothing()

    def show_nothing(self) -> None:
        """Say that no inquiry is chosen."""
        self.inquiry_id = self.words = ""
        self._clear()
        self._foot.hide()
        hint = text_label(self.tr("Choose an inquiry to read it here."), tone="text.3", wraps=True)
        self._column.addWidget(hint)
        self._column.addStretch(1)

    def show_refusal(self, sentence: str) -> None:
        """Say under the facts why a step was not taken."""
        self._refusal.setText(sentence)
        self._refusal.setVisible(bool(sentence))

    def show_case(self, case: CaseView, row: InboxRow | None, user_id: str, now: int, zone: str) -> None:
        """Show one inquiry as of now."""
        is_same = case.id == self.inquiry_id
        at = self._scroll.verticalScrollBar().value() if is_same else 0
        self.inquiry_id = case.id
        self._clear()
        if not is_same:
            self.show_refusal("")
        self._add_head(case, row)
        self._add_people(case, now, zone)
        self._add_clocks(case, row, now, zone)
        self._add_safety(case, now, zone)
        self._add_words(case)
        self._add_facts(case, now, zone)
        self._add_similar(case, now, zone)
        self._column.addStretch(1)
        is_mine = case.facts["owner_id"] == user_id
        is_open = state_is_open(case.state)
        self.take_button.setVisible(is_open and not is_mine)
        self._take_pair.setVisible(is_open and not is_mine)
        self._foot.show()
        self._body.adjustSize()
        self._scroll.verticalScrollBar().setValue(at)

    def _add_head(self, case: CaseView, row: InboxRow | None) -> None:
        line = QHBoxLayout()
        number = text_label(case.number, role="secondary", tone="text.3", selectable=True)
        number.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        line.addWidget(number)
        line.addStretch(1)
        if row is not None and row.is_unsynced:
            line.addWidget(icon_label("circle-arrow-up", "accent", 14))
            line.addWidget(text_label(self.tr("Not on the server yet"), role="secondary", tone="accent"))
        self._column.addLayout(line)
        title = _breakable(str(case.facts["title"])) or self.tr("No words yet")
        self._column.addWidget(text_label(title, role="case_title", wraps=True))
        tags = tags_of(row) if row is not None else ()
        if tags:
            chips = QHBoxLayout()
            chips.setSpacing(theme.SPACE.s)
            for tag in tags:
                chips.addWidget(Chip(tag.text, tag.kind))
            chips.addStretch(1)
            self._column.addLayout(chips)

    def _add_people(self, case: CaseView, now: int, zone: str) -> None:
        person = case.requester or case.contact
        if person is not None:
            role = vocabulary().label("requester_role", person.fields.role).lower()
            known = ", ".join(part for part in (person.name, role) if part)
            place = person.fields.institution
            self._add_line("user", "  ·  ".join(p for p in (known, place) if p) or self.tr("No name given"))
        else:
            reason = str(case.facts["anonymous_reason"])
            self._add_line("user", self.tr("Anonymous") if reason else self.tr("Nobody named yet"), "text.3")
        channel = vocabulary().label("channel", str(case.facts["channel"]))
        received = self._time(int(case.facts["received_at"]), now, zone)
        line = self.tr("{channel}, received {time}").format(channel=channel, time=received)
        self._add_line(channel_icon(str(case.facts["channel"])), line)

    def _add_clocks(self, case: CaseView, row: InboxRow | None, now: int, zone: str) -> None:
        if row is None:
            return
        due = due_words(row, horizon(now, zone), zone)
        if due is None:
            return
        tone = {"soon": "soon", "over": "over"}.get(due.kind, "text.2")
        words, clock = due.text, row.clock
        if clock is not None and clock.due_at is not None:
            when = self._time(clock.due_at, now, zone)
            if due.kind == "over":
                words = self.tr("Was due {time}, {span}").format(time=when, span=due.text)
            elif due.kind == "soon":
                words = self.tr("Due {time}, {span} left").format(time=when, span=due.text)
            else:
                words = self.tr("Due {time}").format(time=when)
            if clock.kind is not ClockKind.ANSWER:
                words = f"{kind_name(clock.kind)}: {words}"
        self._add_line(due.icon, words, tone)

    def _add_safety(self, case: CaseView, now: int, zone: str) -> None:
        running = [record for record in case.safety if record.is_running]
        for record in running:
            chip = clock_words(record.awareness_at, record.due_at, now)
            name = self.tr("Adverse event") if record.is_event else self.tr("Quality complaint")
            card = Card(record.number, "safety")
            set_tone(card.title, "safety")
            card.add_to_head(Chip(chip.text, chip.kind, chip.icon))
            begun = self._time(record.awareness_at, now, zone)
            sentence = self.tr("{kind}, not handed off yet. Day 0 is {time}.").format(kind=name, time=begun)
            card.body.addWidget(text_label(sentence, role="secondary", wraps=True))
            self._column.addWidget(card)
        if running:
            return
        done = [record for record in case.safety if record.handed_off_at is not None]
        if done:
            numbers = ", ".join(record.number for record in done)
            self._add_line("shield-check", self.tr("{numbers} handed off").format(numbers=numbers))
        elif _is_undecided(case) and state_is_open(case.state):
            words = self.tr("Safety: nobody has decided yet. Triage asks.")
            self._add_line("shield-alert", words, "safety", icon_tone="safety")

    def _add_words(self, case: CaseView) -> None:
        self.words = str(case.facts["verbatim"]) or " ".join(question.verbatim for question in case.questions)
        if not self.words:
            return
        is_phone = case.facts["channel"] in ("phone", "in_person", "congress")
        head = self.tr("In the caller's words") if is_phone else self.tr("In their words")
        self._column.addSpacing(theme.SPACE.xs)
        self._column.addWidget(section_head(head))
        shown = self.words[:_MOST_WORDS]
        if len(self.words) > _MOST_WORDS:
            shown += self.tr("… The rest is in the case.")
        label = text_label(_breakable(shown), wraps=True, selectable=True)
        label.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        if self.marked:
            # Escaped by `marked_html`: what others wrote is never read as markup.
            label.setTextFormat(Qt.TextFormat.RichText)
            label.setText(marked_html(_breakable(shown), self.marked))
        self._column.addWidget(label)

    def _add_facts(self, case: CaseView, now: int, zone: str) -> None:
        facts: dict[str, str] = {
            self.tr("State"): state_label(case.state),
            self.tr("Product"): case.product or (self.tr("No product") if case.facts["no_product"] else ""),
            self.tr("Topic"): taxonomy().label(str(case.facts["topic"])) if case.facts["topic"] else "",
            self.tr("Questions"): f"{len(case.questions)}" if case.questions else "",
            self.tr("Country"): str(case.facts["country"]),
            self.tr("Owner"): case.owner or self.tr("Nobody"),
            self.tr("Waiting for"): _breakable(str(case.facts["waiting_for"])),
        }
        self._column.addSpacing(theme.SPACE.xs)
        self._column.addWidget(section_head(self.tr("Facts")))
        listed = FactList()
        for label, value in facts.items():
            if value:
                listed.add_fact(label, label, value, editable=False)
        self._column.addWidget(listed)

    def _add_similar(self, case: CaseView, now: int, zone: str) -> None:
        if not case.proposals:
            return
        self._column.addSpacing(theme.SPACE.xs)
        self._column.addWidget(section_head(self.tr("Asked before?"), count=len(case.proposals)))
        for proposal in case.proposals[:_MOST_SIMILAR]:
            row = QHBoxLayout()
            row.setSpacing(theme.SPACE.s)
            row.addWidget(icon_label("history", "text.2", 14), 0, Qt.AlignmentFlag.AlignTop)
            words = QVBoxLayout()
            words.setSpacing(2)
            words.addWidget(text_label(_breakable(proposal.title), wraps=True))
            when = self._time(proposal.received_at, now, zone)
            below = "  ·  ".join((short_number(proposal.number), when, proposal.reason))
            words.addWidget(text_label(below, role="secondary", tone="text.3", wraps=True))
            row.addLayout(words, 1)
            self._column.addLayout(row)

    def _add_line(self, icon: str, words: str, tone: str = "text.2", *, icon_tone: str = "text.2") -> None:
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE.s)
        row.addWidget(icon_label(icon, tone if tone in ("soon", "over") else icon_tone, 16), 0, _TOP)
        row.addWidget(text_label(words, tone=tone, wraps=True), 1)
        self._column.addLayout(row)

    def _time(self, at: int, now: int, zone: str) -> str:
        return clock_time(at, zone, now)

    def _build(self) -> None:
        edge = theme.SPACE.page_edge
        self._column.setContentsMargins(edge, theme.SPACE.l, edge, theme.SPACE.l)
        self._column.setSpacing(theme.SPACE.s)
        self._scroll = QScrollArea()
        self._scroll.setWidget(self._body)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setAccessibleName(self.tr("Preview"))
        for clear in (self._scroll, self._scroll.viewport(), self._body):
            clear.setAutoFillBackground(False)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._scroll, 1)
        outer.addWidget(self._foot)

    def _make_foot(self) -> QWidget:
        foot = QWidget()
        column = QVBoxLayout(foot)
        edge = theme.SPACE.page_edge
        column.setContentsMargins(edge, 0, edge, theme.SPACE.m)
        column.setSpacing(theme.SPACE.m)
        column.addWidget(divider())
        column.addWidget(self._refusal)
        self._refusal.hide()
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE.l)
        row.addWidget(with_keycap(self.open_button, "Enter"))
        self._take_pair = with_keycap(self.take_button, "A")
        row.addWidget(self._take_pair)
        row.addStretch(1)
        column.addLayout(row)
        return foot

    def _clear(self) -> None:
        while (item := self._column.takeAt(0)) is not None:
            _drop(item)


_TOP: Final = Qt.AlignmentFlag.AlignTop
_ENDED: Final = ("closed", "duplicate", "cancelled", "transferred")


def state_is_open(state: str) -> bool:
    """Tell whether work on an inquiry can go on."""
    return state not in _ENDED


def _is_undecided(case: CaseView) -> bool:
    decisions = ("adverse_event", "special_situation", "quality_complaint")
    return any(case.facts[name] is None for name in decisions)


def _breakable(text: str) -> str:
    # A label breaks between words only; without this one long address would widen the panel.
    return " ".join(
        word if len(word) <= _LONG_WORD else "\u200b".join(_pieces(word)) for word in text.split(" ")
    )


def _pieces(word: str) -> list[str]:
    return [word[at : at + _LONG_WORD] for at in range(0, len(word), _LONG_WORD)]


def _drop(item: Any) -> None:
    widget, inner = item.widget(), item.layout()
    if widget is not None:
        widget.hide()
        widget.deleteLater()
    elif inner is not None:
        while (part := inner.takeAt(0)) is not None:
            _drop(part)
