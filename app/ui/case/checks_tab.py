"""What stands against the next step, and what the checks found."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import count, takewhile
from typing import Final

from PySide6.QtCore import QRect, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from app.models.checks.findings import Finding, Severity
from app.models.checks.registry import ran_rules
from app.models.checks.rule_config import rule_config
from app.ui import theme
from app.ui.case.next_step import Next
from app.ui.case.reading import CaseRead
from app.ui.case.wording import words
from app.ui.widgets import Card, icon_label, link_button, text_label

ALL_CHECKS: Final = 40
_BAR: Final = 6
_AT_ONCE: Final = 5
_GAP: Final = 2
_OPENS: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
_SIGNS: Final = {
    Severity.BLOCK: ("octagon-x", "over"),
    Severity.WARN: ("triangle-alert", "soon"),
    Severity.INFO: ("info", "accent"),
}


class Bar(QWidget):
    """How many rules block, warn, inform and pass; said in words beside it."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: tuple[tuple[str, int], ...] = ()
        theme.set_size(self, height=_BAR)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_parts(self, parts: Sequence[tuple[str, int]]) -> None:
        """Show these counts, each in the colour of a token."""
        self._parts = tuple((token, count) for token, count in parts if count)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint one part beside the other, with a gap between them."""
        total = sum(count for _, count in self._parts)
        left = 0.0
        with QPainter(self) as painter:
            for token, count in self._parts:
                width = self.width() * count / total
                part = QRect(round(left), 0, max(1, round(left + width) - round(left) - _GAP), self.height())
                painter.fillRect(part, theme.color(token))
                left += width


class FindingRow(Card):
    """One finding; Enter or a click opens it and goes to its block."""

    chosen = Signal(object)

    def __init__(self, finding: Finding) -> None:
        super().__init__()
        self.finding = finding
        icon, token = _SIGNS[finding.severity]
        line = QHBoxLayout()
        line.setSpacing(theme.SPACE.s)
        line.addWidget(icon_label(icon, token, 16), 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(theme.SPACE.xs)
        column.addWidget(text_label(rule_config(finding.rule).title, weight=600, wraps=True))
        if finding.quote:
            quote = f"\N{LEFT DOUBLE QUOTATION MARK}{finding.quote}\N{RIGHT DOUBLE QUOTATION MARK}"
            column.addWidget(text_label(quote, role="secondary", tone="text.2", wraps=True))
        self._column = column
        self._details: QWidget | None = None
        line.addLayout(column, 1)
        line.addWidget(text_label(finding.rule, role="badge", tone="text.3"), 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(line)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(f"{finding.rule}, {rule_config(finding.rule).title}")
        self.setAccessibleDescription(f"{finding.message} {finding.fix}")

    def set_open(self, is_open: bool) -> None:
        """Show or hide why it was found and what helps."""
        if is_open and self._details is None:
            self._details = self._make_details()
            self._column.addWidget(self._details)
        if self._details is not None:
            self._details.setVisible(is_open)
        self.set_kind("chosen" if is_open else "plain")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open it with Enter or Space."""
        if event.key() in _OPENS:
            self.chosen.emit(self.finding)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Open it with a click."""
        self.chosen.emit(self.finding)
        event.accept()

    def _make_details(self) -> QWidget:
        details = QWidget()
        column = QVBoxLayout(details)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE.xs)
        column.addWidget(text_label(self.finding.message, wraps=True))
        if self.finding.fix:
            column.addWidget(text_label(self.finding.fix, tone="text.2", wraps=True))
        if self.finding.where:
            show = link_button(self.tr("Show the block"), icon="arrow-left", on_click=self._on_show)
            column.addWidget(show, 0, Qt.AlignmentFlag.AlignLeft)
        return details

    def _on_show(self) -> None:
        self.chosen.emit(self.finding)


class BlockerRow(Card):
    """One thing that blocks the step; Enter goes to where it is put right."""

    chosen = Signal(str)

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        line = QHBoxLayout()
        line.setSpacing(theme.SPACE.s)
        line.addWidget(icon_label("octagon-x", "over", 16), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(text_label(text, weight=500, wraps=True), 1)
        line.addWidget(icon_label("chevron-right", "text.3", 16), 0, Qt.AlignmentFlag.AlignVCenter)
        self.body.addLayout(line)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go there with Enter or Space."""
        if event.key() in _OPENS:
            self.chosen.emit(self.text)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go there with a click."""
        self.chosen.emit(self.text)
        event.accept()


class ChecksTab(QScrollArea):
    """Blockers of the next step first, then findings by severity."""

    block_requested = Signal(str)
    blocker_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[FindingRow] = []
        self._open: FindingRow | None = None
        self._made: dict[Hashable, QWidget] = {}
        self._room: int | None = None
        self._shown_last: tuple[CaseRead, Next | None] | None = None
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._on_later)
        self.headline = text_label(role="card", wraps=True)
        self._passed = text_label(role="secondary", tone="ok", weight=500)
        self._bar = Bar()
        self.ran = text_label(role="secondary", tone="text.2", wraps=True)
        self._groups = QVBoxLayout()
        self._ground = QWidget()
        self._build()

    @property
    def rows(self) -> tuple[FindingRow, ...]:
        """The findings from the first to the last."""
        return tuple(self._rows)

    @property
    def open_finding(self) -> Finding | None:
        """The finding that is opened, if there is one."""
        return self._open.finding if self._open is not None else None

    def show_read(self, read: CaseRead, step: Next | None, *, gently: bool = False) -> None:
        """Show what was found in the letter, and what blocks the step.

        What is shown already stays the widget that it is, with the keyboard in it. Gently makes a few new
        rows a turn, so that nobody who types waits for them.
        """
        self._shown_last = (read, step)
        self._room = _AT_ONCE if gently else None
        shown, self._made, self._rows = self._made, {}, []
        has_letter = read.letter is not None and read.letter.state == "draft"
        self._show_counts(read.findings, step, has_letter=has_letter)
        if step is not None and step.blockers:
            self._add_blockers(step, shown)
        heads = (
            (Severity.BLOCK, self.tr("Must be fixed first"), "over"),
            (Severity.WARN, self.tr("Look at again"), "soon"),
            (Severity.INFO, self.tr("Worth knowing"), "accent"),
        )
        for severity, head, tone in heads:
            self._add_group(head, tone, [item for item in read.findings if item.severity is severity], shown)
        self._place(shown)
        self._keep_open()
        if self._room is not None and self._room < 0:
            self._later.start()
        else:
            self._later.stop()

    def focus_first(self) -> None:
        """Put the keyboard on the first thing to fix."""
        for child in self._ground.findChildren(QWidget):
            if child.focusPolicy() & Qt.FocusPolicy.TabFocus and child.isVisible():
                child.setFocus(Qt.FocusReason.ShortcutFocusReason)
                return

    def step(self, by: int) -> None:
        """Open the next or previous finding."""
        if not self._rows:
            return
        at = self._rows.index(self._open) if self._open in self._rows else -1 if by > 0 else 0
        self._open_row(self._rows[(at + by) % len(self._rows)])

    def _build(self) -> None:
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(self.tr("Checks"))
        column = QVBoxLayout(self._ground)
        column.setContentsMargins(14, theme.SPACE.m, 14, theme.SPACE.l)
        column.setSpacing(theme.SPACE.s)
        head = QHBoxLayout()
        head.addWidget(self.headline, 1)
        head.addWidget(self._passed)
        column.addLayout(head)
        column.addWidget(self._bar)
        column.addWidget(self.ran)
        self._groups.setSpacing(theme.SPACE.s)
        column.addLayout(self._groups)
        column.addStretch(1)
        self.setWidget(self._ground)

    def _show_counts(self, findings: Sequence[Finding], step: Next | None, *, has_letter: bool) -> None:
        fix = sum(item.severity is Severity.BLOCK for item in findings) + (len(step.blockers) if step else 0)
        look = sum(item.severity is not Severity.BLOCK for item in findings)
        self.headline.setText(_headline(fix, look))
        rules = ran_rules()
        worst: dict[str, Severity] = {}
        for item in findings:
            known = worst.get(item.rule, Severity.INFO)
            worst[item.rule] = min(known, item.severity, key=list(Severity).index)
        counts = {severity: sum(value is severity for value in worst.values()) for severity in Severity}
        passed = len(rules) - len(worst)
        self._passed.setText(self.tr("{n} of {all} passed").format(n=passed, all=len(rules)))
        self._bar.show_parts([*((_SIGNS[s][1], counts[s]) for s in Severity), ("ok", passed)])
        for part in (self._passed, self._bar):
            part.setVisible(has_letter)
        self.ran.setText(self._ran_words(rules, has_letter=has_letter))

    def _ran_words(self, rules: Sequence[str], *, has_letter: bool) -> str:
        if not has_letter:
            return self.tr("The checks of the letter run once there is a draft.")
        said = self.tr(
            "{n} of {all} checks ran: {names}. Look over the rest yourself. Next F8, back Shift+F8."
        )
        return said.format(n=len(rules), all=ALL_CHECKS, names=", ".join(rules))

    def _add_blockers(self, step: Next, shown: dict[Hashable, QWidget]) -> None:
        said = self.tr("Before “{step}”").format(step=step.text)
        self._add(shown, ("head", said), partial(_group_head, said, "over"))
        for blocker in step.blockers:
            self._add(shown, ("blocker", blocker), partial(self._new_blocker, blocker))

    def _add_group(
        self, head: str, tone: str, findings: Sequence[Finding], shown: dict[Hashable, QWidget]
    ) -> None:
        if not findings:
            return
        self._add(shown, ("head", head), partial(_group_head, head, tone))
        for finding in findings:
            # Where in its block a quote begins moves with every key, and is no other finding.
            key = replace(finding, offset=None)
            row = self._add(shown, key, partial(self._new_row, finding))
            if isinstance(row, FindingRow):
                row.finding = finding
                self._rows.append(row)

    def _add(
        self, shown: dict[Hashable, QWidget], key: Hashable, make: Callable[[], QWidget]
    ) -> QWidget | None:
        twins = sum(1 for _ in takewhile(lambda n: (key, n) in self._made, count()))
        widget = shown.pop((key, twins), None)
        if widget is None and self._room is not None:
            self._room -= 1
            if self._room < 0:
                return None
        self._made[key, twins] = widget = widget or make()
        return widget

    @Slot()
    def _on_later(self) -> None:
        if self._shown_last is not None:
            self.show_read(*self._shown_last, gently=True)

    def _place(self, gone: Mapping[Hashable, QWidget]) -> None:
        for widget in gone.values():
            self._groups.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        for place, widget in enumerate(self._made.values()):
            item = self._groups.itemAt(place)
            if item is None or item.widget() is not widget:
                self._groups.insertWidget(place, widget)

    def _new_blocker(self, blocker: str) -> QWidget:
        row = BlockerRow(blocker)
        row.chosen.connect(self.blocker_requested)
        return row

    def _new_row(self, finding: Finding) -> QWidget:
        row = FindingRow(finding)
        row.chosen.connect(self._on_chosen)
        return row

    def _keep_open(self) -> None:
        if self._open not in self._rows:
            self._open = self._rows[0] if self._rows else None
        for row in self._rows:
            row.set_open(row is self._open)

    def _on_chosen(self, finding: Finding) -> None:
        self._open_row(next(row for row in self._rows if row.finding is finding))

    def _open_row(self, row: FindingRow) -> None:
        self._open = row
        self._keep_open()
        self.ensureWidgetVisible(row)
        if row.finding.where:
            self.block_requested.emit(row.finding.where)


def _group_head(text: str, tone: str) -> QWidget:
    return text_label(text, role="secondary", tone=tone, weight=600)


def _headline(fix: int, look: int) -> str:
    if not fix and not look:
        return words("Nothing to fix")
    parts = [words("{n} to fix").format(n=fix)] if fix else []
    if look:
        parts.append(words("{n} to look at").format(n=look))
    return ", ".join(parts)
