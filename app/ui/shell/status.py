"""Show connection, clocks and lock timer below every page."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.ui import theme
from app.ui.shell.durations import is_close, time_span
from app.ui.shell.status_item import StatusItem

_MINUTE_MS = 60_000
_TEN_SECONDS_MS = 10_000


@dataclass(frozen=True, slots=True)
class ClockFacts:
    """Hold the nearest clock of one kind and its record."""

    record_id: str
    label: str
    due_at: datetime
    soon_from: datetime | None = None
    asks_for: str = ""


@dataclass(frozen=True, slots=True)
class StatusFacts:
    """Hold what the status bar says; times are aware."""

    is_online: bool = False
    since: str = ""
    pending: int = 0
    sla: ClockFacts | None = None
    safety: ClockFacts | None = None
    minutes_to_lock: int | None = None


class StatusBar(QWidget):
    """Be the line below every page, fed by facts."""

    sync_requested = Signal()
    record_requested = Signal(str, str)
    lock_requested = Signal()

    def __init__(self, parent: QWidget, *, clock: Callable[[], datetime] | None = None) -> None:
        super().__init__(parent)
        self._clock = clock or _now
        self._facts = StatusFacts()
        self.connection_item = StatusItem(self)
        self.pending_item = StatusItem(self)
        self.sla_item = StatusItem(self)
        self.safety_item = StatusItem(self)
        self.lock_item = StatusItem(self)
        self._arrange()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.repaint_clocks)
        self.set_facts(self._facts)
        theme.theme_signals.changed.connect(self._on_theme_changed)

    @property
    def facts(self) -> StatusFacts:
        """Return the facts that are shown."""
        return self._facts

    def items(self) -> tuple[StatusItem, ...]:
        """Return the items from left to right."""
        return self.connection_item, self.pending_item, self.sla_item, self.safety_item, self.lock_item

    def set_facts(self, facts: StatusFacts) -> None:
        """Show new facts and start the clocks they need."""
        self._facts = facts
        self._show_connection()
        self.repaint_clocks()

    def set_minutes_to_lock(self, minutes: int | None) -> None:
        """Show how long it is until the screen locks."""
        if minutes != self._facts.minutes_to_lock:
            self._facts = replace(self._facts, minutes_to_lock=minutes)
            self._show_lock()

    def repaint_clocks(self) -> None:
        """Write the clocks anew and choose the next moment for it."""
        now = self._clock()
        self._show_sla(now)
        self._show_safety(now)
        self._show_lock()
        clocks = [clock for clock in (self._facts.sla, self._facts.safety) if clock is not None]
        is_near = any(is_close(clock.due_at, now) for clock in clocks)
        self._timer.start(_TEN_SECONDS_MS if is_near else _MINUTE_MS)

    def pause(self) -> None:
        """Stop the clocks while nobody can see them."""
        self._timer.stop()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move between the items with the arrow keys."""
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}
        step = steps.get(Qt.Key(event.key()))
        focused = [item for item in self.items() if item.hasFocus()]
        if step is None or not focused:
            super().keyPressEvent(event)
            return
        visible = [item for item in self.items() if item.isVisibleTo(self)]
        at = (visible.index(focused[0]) + step) % len(visible)
        visible[at].setFocus(Qt.FocusReason.OtherFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground and the line above."""
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.color("bg.rail"))
            painter.fillRect(0, 0, self.width(), 1, theme.color("line.soft"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten words where the window is narrow."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        # The clocks are what the bar is for, so their words are shortened last.
        order = (self.lock_item, self.pending_item, self.connection_item, self.sla_item, self.safety_item)
        shown = [item for item in order if item.isVisibleTo(self)]
        for item in shown:
            item.set_short(False)
        spare = self.width() - 2 * theme.SPACE.xl - theme.SPACE.s * len(shown)
        for item in shown:
            if sum(each.sizeHint().width() for each in shown) <= spare:
                return
            item.set_short(True)

    def _arrange(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE.s - 2, 1, theme.SPACE.s - 2, 0)
        row.setSpacing(theme.SPACE.xs + 2)
        row.addWidget(self.connection_item)
        row.addWidget(self.pending_item)
        row.addStretch(1)
        row.addWidget(self.sla_item)
        row.addWidget(self.safety_item)
        row.addWidget(self.lock_item)
        self.connection_item.clicked.connect(self.sync_requested)
        self.pending_item.clicked.connect(self.sync_requested)
        self.lock_item.clicked.connect(self.lock_requested)
        self.sla_item.clicked.connect(self._on_sla_clicked)
        self.safety_item.clicked.connect(self._on_safety_clicked)
        self._set_height()

    def _set_height(self) -> None:
        self.setFixedHeight(max(theme.scaled(theme.HEIGHT.status_bar), theme.HEIGHT.status_bar))

    def _show_connection(self) -> None:
        facts = self._facts
        state = self.tr("Online") if facts.is_online else self.tr("Offline")
        words = (
            self.tr("{state} since {time}").format(state=state, time=facts.since) if facts.since else state
        )
        icon = "cloud" if facts.is_online else "cloud-off"
        hint = self.tr("Show what waits for the server")
        self.connection_item.show_fact(icon, words, "text.2", short=state, hint=hint)
        one, many = self.tr("1 change not yet on the server"), self.tr("{n} changes not yet on the server")
        pending = one if facts.pending == 1 else many.format(n=f"{facts.pending:,}")
        hint = self.tr("Show the changes that wait")
        self.pending_item.show_fact(
            "circle-arrow-up", pending, "accent", short=f"{facts.pending:,}", hint=hint
        )
        self.pending_item.setVisible(facts.pending > 0)

    def _show_sla(self, now: datetime) -> None:
        clock = self._facts.sla
        self.sla_item.setVisible(clock is not None)
        if clock is None:
            return
        icon, tone = "clock", "text.3"
        words = self.tr("{number} due in {span}")
        if now >= clock.due_at:
            icon, tone, words = "circle-alert", "over", self.tr("{number} {span} over")
        elif clock.soon_from is not None and now >= clock.soon_from:
            icon, tone = "clock-alert", "soon"
        span = time_span(abs(clock.due_at - now))
        text, short = words.format(number=clock.label, span=span), f"{clock.label} {span}"
        if clock.asks_for:
            text = f"{clock.asks_for}: {text}"
        self.sla_item.show_fact(icon, text, tone, short=short, hint=self.tr("Open this inquiry"))

    def _show_safety(self, now: datetime) -> None:
        clock = self._facts.safety
        self.safety_item.setVisible(clock is not None)
        if clock is None:
            return
        late = now >= clock.due_at
        words = (
            self.tr("{number} hand-off late by {span}") if late else self.tr("{number} hand-off: {span} left")
        )
        span = time_span(abs(clock.due_at - now))
        text = words.format(number=clock.label, span=span)
        short = self.tr("late by {span}").format(span=span) if late else span
        hint = self.tr("Open this safety record")
        self.safety_item.show_fact("shield-alert", text, "safety", short=short, is_filled=True, hint=hint)

    def _show_lock(self) -> None:
        minutes = self._facts.minutes_to_lock
        words = self.tr("Lock now") if minutes is None else self.tr("Locks in {n} min").format(n=minutes)
        short = self.tr("Lock") if minutes is None else self.tr("{n} min").format(n=minutes)
        self.lock_item.show_fact("lock", words, "text.3", short=short, hint=self.tr("Lock now"))
        self._fit()

    def _on_sla_clicked(self) -> None:
        if self._facts.sla is not None:
            self.record_requested.emit("case", self._facts.sla.record_id)

    def _on_safety_clicked(self) -> None:
        if self._facts.safety is not None:
            self.record_requested.emit("safety", self._facts.safety.record_id)

    def _on_theme_changed(self) -> None:
        self._set_height()
        self._fit()
        for item in self.items():
            item.updateGeometry()
            item.update()
        self.update()


def _now() -> datetime:
    return datetime.now(UTC)
