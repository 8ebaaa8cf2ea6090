"""Ask for the passphrase and open the workspace."""

import functools
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Literal

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QScrollArea, QVBoxLayout, QWidget

from app import __version__
from app.errors import AppError, WrongKeyError
from app.services.jobs.context import JobContext
from app.ui import theme
from app.ui.jobs import JobRunner
from app.ui.unlock.messages import countdown, message_of
from app.ui.unlock.parts import BusyRing, NamedField, SecretField, wide_button
from app.ui.unlock.ports import UnlockFacts, UnlockPort, WorkspaceChoice
from app.ui.unlock.workspace_button import WorkspaceButton
from app.ui.widgets.buttons import link_button
from app.ui.widgets.card import Card
from app.ui.widgets.chip import Chip
from app.ui.widgets.labels import icon_label, text_label

Way = Literal["passphrase", "recovery", "keyring"]
_CARD_WIDTH = 440
_MARK = 56
_LINK_PADDING = 4
_COUNT_MS = 250


class UnlockPage(QWidget):
    """Be the only page while the workspace is locked."""

    unlocked = Signal(object)
    workspace_chosen = Signal(str)
    other_requested = Signal()

    def __init__(
        self,
        port: UnlockPort,
        runner: JobRunner,
        facts: UnlockFacts,
        *,
        can_choose_other: bool = False,
        clock: Callable[[], datetime] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._port = port
        self._runner = runner
        self._facts = facts
        self._can_choose_other = can_choose_other
        self._clock = clock or _now
        self._sentence = ""
        self._is_busy = False
        self._wait_until: datetime | None = None
        self._count = QTimer(self)
        self._count.setInterval(_COUNT_MS)
        self._count.timeout.connect(self.refresh_delay)
        self._build()
        self.set_facts(facts)
        self.refresh_delay()
        theme.theme_signals.changed.connect(self._fit)

    def set_facts(self, facts: UnlockFacts) -> None:
        """Show another workspace or other safety facts."""
        self._facts = facts
        self.workspace_button.show_workspace(facts.workspace, can_choose=self._can_choose())
        self.reason_label.setText(facts.reason or self.tr("Locked"))
        self.safety_label.setVisible(bool(facts.safety))
        self.safety_label.show_state(facts.safety, "safety_filled", "shield-alert")
        self.keyring_button.setVisible(facts.has_keyring)
        self.promise_label.setVisible(bool(facts.reason))

    def set_port(self, port: UnlockPort) -> None:
        """Open another workspace from now on."""
        self._port = port
        self._say("")
        self.refresh_delay()

    def focus_field(self) -> None:
        """Put the keyboard into the field that waits."""
        field = self.recovery_field if self.recovery_field.isVisible() else self.passphrase_field
        field.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def is_busy(self) -> bool:
        """Whether a try is being checked."""
        return self._is_busy

    def refresh_delay(self) -> None:
        """Write how long the next try must wait, if at all."""
        self._wait_until = self._port.next_try_at()
        now = self._clock()
        must_wait = self._wait_until is not None and self._wait_until > now
        if must_wait and self._wait_until is not None:
            words = [self._sentence, countdown(self._wait_until, now)]
            self.message_label.setText(" ".join(word for word in words if word))
            self._count.start()
        else:
            self._count.stop()
            self.message_label.setText(self._sentence)
        self.message_label.setVisible(bool(self.message_label.text()))
        self._show_state(must_wait=must_wait)

    def event(self, event: QEvent) -> bool:
        """Give the keyboard to the field when the page is shown."""
        if event.type() == QEvent.Type.Show:
            self.focus_field()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step out of the recovery field with Esc."""
        if event.key() == Qt.Key.Key_Escape and self.recovery_field.isVisible():
            self._show_recovery(False)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the quiet ground."""
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.color("bg.window"))

    def _build(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.viewport().setAutoFillBackground(False)
        body = QWidget()
        body.setAutoFillBackground(False)
        self._scroll.setWidget(body)
        column = QVBoxLayout(body)
        column.setContentsMargins(theme.SPACE.xl, theme.SPACE.xl, theme.SPACE.xl, theme.SPACE.xl)
        column.setSpacing(0)
        column.addStretch(3)
        self._build_title(column, body)
        self._build_card(column)
        self._build_below(column)
        column.addStretch(5)
        outer.addWidget(self._scroll, 1)
        self._build_foot(outer)
        self._fit()

    def _build_title(self, column: QVBoxLayout, body: QWidget) -> None:
        self._mark = QLabel(body)
        title = text_label(self.tr("MI Desk"), role="lock_title")
        self.reason_label = text_label(tone="text.3", wraps=True)
        for label in (self._mark, title, self.reason_label):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(theme.SPACE.xl)
        column.addWidget(title)
        column.addSpacing(theme.SPACE.xs)
        column.addWidget(self.reason_label)
        column.addSpacing(theme.SPACE.xxl)

    def _build_card(self, column: QVBoxLayout) -> None:
        self.card = Card()
        inside = self.card.body
        self.workspace_button = WorkspaceButton(self.card)
        self.workspace_button.clicked.connect(self._on_workspace_clicked)
        self.passphrase_field = SecretField(self.tr("Passphrase"), self.card, size="lock")
        self.recovery_field = NamedField(self.tr("Recovery key"), self.card, size="lock")
        self.recovery_field.edit.setPlaceholderText(self.tr("Letters and digits; dashes may be left out"))
        self.recovery_field.hide()
        self.message_label = text_label(tone="over", weight=500, wraps=True)
        self._build_unlock_button()
        for widget in (
            self.workspace_button,
            self.passphrase_field,
            self.recovery_field,
            self.message_label,
            self.unlock_button,
        ):
            inside.addWidget(widget)
        inside.addLayout(self._build_links())
        self.passphrase_field.edit.returnPressed.connect(self._on_unlock_clicked)
        self.recovery_field.edit.returnPressed.connect(self._on_unlock_clicked)
        column.addWidget(self.card, 0, Qt.AlignmentFlag.AlignHCenter)

    def _build_unlock_button(self) -> None:
        self.unlock_button = wide_button(self.tr("Unlock"), "primary", "lock")
        self.unlock_button.clicked.connect(self._on_unlock_clicked)
        self.busy_ring = BusyRing(self.unlock_button)
        row = QHBoxLayout(self.unlock_button)
        row.setContentsMargins(theme.SPACE.m, 0, theme.SPACE.m, 0)
        row.addWidget(self.busy_ring)
        row.addStretch(1)

    def _build_links(self) -> QHBoxLayout:
        row = QHBoxLayout()
        # Text stands under text: a link has some padding of its own.
        row.setContentsMargins(-_LINK_PADDING, 0, -_LINK_PADDING, 0)
        self.keyring_button = link_button(self.tr("Use the system keyring"))
        self.recovery_button = link_button("")
        self.keyring_button.clicked.connect(self._on_keyring_clicked)
        self.recovery_button.clicked.connect(self._on_recovery_clicked)
        self._name_recovery_link(False)
        row.addWidget(self.keyring_button)
        row.addStretch(1)
        row.addWidget(self.recovery_button)
        return row

    def _build_below(self, column: QVBoxLayout) -> None:
        self.safety_label = Chip("", "safety_filled", "shield-alert")
        self.promise_label = text_label(
            self.tr("No names and no questions are shown while locked. Everything you typed is saved."),
            role="secondary",
            tone="text.3",
            wraps=True,
        )
        self.promise_label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(theme.SPACE.xxl)
        column.addWidget(self.safety_label, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(theme.SPACE.s)
        column.addWidget(self.promise_label)

    def _build_foot(self, outer: QVBoxLayout) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(theme.SPACE.xl, theme.SPACE.s, theme.SPACE.xl, theme.SPACE.m)
        row.setSpacing(theme.SPACE.s)
        promise = self.tr("AES-256, on this disk only. A wrong try costs a short wait, never your data.")
        words = text_label(promise, role="secondary", tone="text.3", wraps=True)
        version = self.tr("Version {number}").format(number=__version__)
        version_label = text_label(version, role="secondary", tone="text.3")
        row.addWidget(icon_label("shield-check", "text.3", 14), 0)
        row.addWidget(words, 1)
        row.addWidget(version_label, 0)
        outer.addLayout(row)

    def _fit(self) -> None:
        self._mark.setPixmap(theme.app_mark(_MARK, self.devicePixelRatioF()))
        self.card.setFixedWidth(theme.scaled(_CARD_WIDTH))
        # The card sets its own distances at each change of theme; the lock page has wider ones.
        self.card.body.setContentsMargins(28, 24, 28, 18)
        self.card.body.setSpacing(theme.SPACE.l)
        self.update()

    def _can_choose(self) -> bool:
        return bool(self._facts.others) or self._can_choose_other

    def _on_workspace_clicked(self) -> None:
        if self._can_choose():
            self.workspace_menu().popup(
                self.workspace_button.mapToGlobal(self.workspace_button.rect().bottomLeft())
            )

    def workspace_menu(self) -> QMenu:
        """Build the menu of the other workspaces; it deletes itself."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for choice in self._facts.others:
            action = menu.addAction(choice.name)
            action.triggered.connect(functools.partial(self._on_choice_triggered, choice))
        if self._can_choose_other:
            menu.addSeparator()
            menu.addAction(self.tr("Another workspace ...")).triggered.connect(self._on_other_triggered)
        return menu

    def _on_choice_triggered(self, choice: WorkspaceChoice, _checked: bool = False) -> None:
        self.passphrase_field.clear()
        self.workspace_chosen.emit(choice.folder)

    def _on_other_triggered(self, _checked: bool = False) -> None:
        self.other_requested.emit()

    def _on_unlock_clicked(self) -> None:
        if self.recovery_field.isVisible():
            self._try("recovery", self.recovery_field.text())
        else:
            self._try("passphrase", self.passphrase_field.text())

    def _on_keyring_clicked(self) -> None:
        self._try("keyring", "")

    def _on_recovery_clicked(self) -> None:
        self._show_recovery(not self.recovery_field.isVisible())

    def _show_recovery(self, is_shown: bool) -> None:
        self.recovery_field.setVisible(is_shown)
        self.passphrase_field.setVisible(not is_shown)
        self.recovery_field.edit.clear()
        self.passphrase_field.clear()
        self._name_recovery_link(is_shown)
        self._say("")
        self.refresh_delay()
        self.focus_field()

    def _name_recovery_link(self, is_shown: bool) -> None:
        text = self.tr("Use the passphrase") if is_shown else self.tr("Recovery key")
        self.recovery_button.setText(text)
        self.recovery_button.setAccessibleName(text)

    def _try(self, way: Way, text: str) -> None:
        self.refresh_delay()
        if self._is_busy or self._count.isActive():
            return
        if way != "keyring" and not text:
            self._say(
                self.tr("Type the passphrase first.")
                if way == "passphrase"
                else self.tr("Type the key first.")
            )
            self.refresh_delay()
            return
        self._say("")
        self._is_busy = True
        self.refresh_delay()
        handle = self._runner.run_io(
            functools.partial(_open, self._port, way, text),
            on_done=self._on_opened,
            on_failed=functools.partial(self._on_refused, way),
            owner=self,
        )
        handle.ended.connect(self._on_try_ended)

    def _on_opened(self, opened: object) -> None:
        self.passphrase_field.clear()
        self.recovery_field.edit.clear()
        self._is_busy = False
        self.unlocked.emit(opened)

    def _on_refused(self, way: Way, error: AppError) -> None:
        names = {
            "passphrase": self.tr("passphrase"),
            "recovery": self.tr("recovery key"),
            "keyring": self.tr("keyring secret"),
        }
        self._say(message_of(error, names[way]))
        if isinstance(error, WrongKeyError):
            self.passphrase_field.edit.selectAll()
            self.recovery_field.edit.selectAll()

    def _on_try_ended(self) -> None:
        self._is_busy = False
        self.refresh_delay()
        self.focus_field()

    def _say(self, sentence: str) -> None:
        self._sentence = sentence
        self.message_label.setAccessibleName(sentence)

    def _show_state(self, *, must_wait: bool) -> None:
        is_free = not self._is_busy and not must_wait
        self.unlock_button.setEnabled(is_free)
        self.keyring_button.setEnabled(is_free)
        self.passphrase_field.edit.setReadOnly(self._is_busy)
        self.recovery_field.edit.setReadOnly(self._is_busy)
        if self._is_busy:
            self.busy_ring.start()
        else:
            self.busy_ring.stop()
        text = self.tr("Unlocking") if self._is_busy else self.tr("Unlock")
        self.unlock_button.setText(text)
        self.unlock_button.setAccessibleName(text)


def _open(port: UnlockPort, way: Way, text: str, _job: JobContext) -> object:
    if way == "recovery":
        return port.unlock_with_recovery_key(text)
    return port.unlock_with_keyring() if way == "keyring" else port.unlock_with_passphrase(text)


def _now() -> datetime:
    return datetime.now(UTC)
