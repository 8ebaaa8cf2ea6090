"""Lead a new user to a workspace in four steps."""

import functools
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from app.errors import AppError
from app.services.jobs.context import JobContext
from app.ui import theme
from app.ui.errors.show import error_sentence
from app.ui.jobs import JobRunner
from app.ui.unlock.first_run_steps import ChoiceStep, LookStep, PassphraseStep, PersonStep, Step
from app.ui.unlock.parts import BusyRing
from app.ui.unlock.ports import CreatedWorkspace, FirstRunPort
from app.ui.unlock.recovery_step import RecoveryStep
from app.ui.widgets import announce, primary_button, quiet_button, text_label

SAMPLE_NAME, SAMPLE_CREDENTIALS = "Robin Ellery", "PharmD"
SAMPLE_PASSPHRASE = "sample workspace"  # noqa: S105 - shown to the user; the sample holds invented data only
_WIDTH = 560


class FirstRun(QWidget):
    """Make a workspace, or hand on the folder of one."""

    finished = Signal(object)
    existing_chosen = Signal(str)

    def __init__(
        self,
        port: FirstRunPort,
        runner: JobRunner,
        *,
        choose_folder: Callable[[QWidget, str], str] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._port = port
        self._runner = runner
        self._created: CreatedWorkspace | None = None
        self._is_busy = False
        self._sample_name = SAMPLE_NAME
        self.choice_step = ChoiceStep(SAMPLE_PASSPHRASE, choose_folder)
        self.person_step = PersonStep(port.default_folder(sample=False), choose_folder)
        self.passphrase_step = PassphraseStep()
        self.recovery_step = RecoveryStep()
        self.look_step = LookStep()
        self._build()
        self.choice_step.new_chosen.connect(self.go_on)
        self.choice_step.sample_chosen.connect(self._on_sample_chosen)
        self.choice_step.existing_chosen.connect(self.existing_chosen)
        theme.theme_signals.changed.connect(self._fit)
        self._show_step(self.choice_step)

    @property
    def step(self) -> Step:
        """Return the step on screen."""
        return self._numbered()[self._steps.currentIndex()]

    @property
    def is_busy(self) -> bool:
        """Whether the workspace is being made."""
        return self._is_busy

    def go_on(self) -> None:
        """Take the next step, or say what is still missing."""
        if self._is_busy:
            return
        problem = self.step.problem()
        if problem is not None:
            self._complain(problem)
        elif self.step is self.passphrase_step:
            self._create(self.person_step.folder(), sample=False)
        elif self.step is self.look_step:
            self._finish()
        else:
            self._show_step(self._numbered()[self._steps.currentIndex() + 1])

    def go_back(self) -> None:
        """Take the step before, where that is still possible."""
        at = self._steps.currentIndex()
        if self._is_busy or at == 0:
            return
        if self.step is self.recovery_step:
            self._complain(self.tr("The workspace is made. Keep the recovery key, then go on."))
        else:
            self._show_step(self._numbered()[at - 1])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go on with Enter, back with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.go_back()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.step is not self.choice_step:
            self.go_on()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the quiet ground."""
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.color("bg.window"))

    def _numbered(self) -> tuple[Step, ...]:
        return (self.choice_step, self.person_step, self.passphrase_step, self.recovery_step, self.look_step)

    def _build(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.viewport().setAutoFillBackground(False)
        body = QWidget()
        self._scroll.setWidget(body)
        outer.addWidget(self._scroll)
        middle = QHBoxLayout(body)
        middle.setContentsMargins(theme.SPACE.xl, theme.SPACE.huge, theme.SPACE.xl, theme.SPACE.huge)
        self._inside = QWidget()
        middle.addStretch(1)
        middle.addWidget(self._inside, 100)
        middle.addStretch(1)
        column = QVBoxLayout(self._inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE.s)
        column.addStretch(2)
        self._build_head(column)
        self._build_steps(column)
        self._build_foot(column)
        column.addStretch(3)
        self._fit()

    def _build_head(self, column: QVBoxLayout) -> None:
        self._mark = QLabel()
        self.count_label = text_label(role="secondary", tone="text.3", weight=500)
        self.title_label = text_label(role="lock_title", wraps=True)
        self.reason_label = text_label(tone="text.2", wraps=True)
        column.addWidget(self._mark)
        column.addSpacing(theme.SPACE.l)
        column.addWidget(self.count_label)
        column.addWidget(self.title_label)
        column.addWidget(self.reason_label)
        column.addSpacing(theme.SPACE.l)

    def _build_steps(self, column: QVBoxLayout) -> None:
        self._steps = QStackedWidget()
        for step in self._numbered():
            step.went_on.connect(self.go_on)
            step.complained.connect(self._complain)
            self._steps.addWidget(step)
        self.message_label = text_label(tone="over", weight=500, wraps=True)
        self.message_label.hide()
        column.addWidget(self._steps)
        column.addWidget(self.message_label)

    def _build_foot(self, column: QVBoxLayout) -> None:
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE.m)
        self.back_button = quiet_button(
            self.tr("Back"), "Esc", icon="arrow-left", size="form", on_click=self.go_back
        )
        self.next_button = primary_button(self.tr("Go on"), "Enter", size="form", on_click=self.go_on)
        self.busy_ring = BusyRing(self)
        row.addWidget(self.back_button)
        row.addStretch(1)
        row.addWidget(self.busy_ring)
        row.addWidget(self.next_button)
        column.addSpacing(theme.SPACE.l)
        column.addLayout(row)

    def _fit(self) -> None:
        self._mark.setPixmap(theme.app_mark(48, self.devicePixelRatioF()))
        self._inside.setMaximumWidth(theme.scaled(_WIDTH))
        self.update()

    def _show_step(self, step: Step) -> None:
        at = self._numbered().index(step)
        for other in self._numbered():
            # A stack is as high as its highest page; the others must not count.
            other.setVisible(other is step)
        self._steps.setCurrentIndex(at)
        self._steps.setFixedHeight(step.sizeHint().height())
        self.count_label.setText(self.tr("Step {n} of 4").format(n=at) if at else "")
        self.count_label.setVisible(at > 0)
        self.title_label.setText(step.title())
        self.reason_label.setText(step.reason())
        self.back_button.setVisible(at > 0 and step not in (self.recovery_step, self.look_step))
        self.next_button.setVisible(at > 0)
        self.next_button.setText(step.next_text())
        self.next_button.setAccessibleName(step.next_text())
        self._say("")
        step.enter(self.person_step.personal_words())
        announce(self, step.title())

    def _complain(self, problem: str) -> None:
        self._say(problem)
        announce(self, problem)
        self.step.focus_problem()

    def _say(self, sentence: str) -> None:
        self.message_label.setText(sentence)
        self.message_label.setVisible(bool(sentence))

    def _on_sample_chosen(self) -> None:
        self._create(self._port.default_folder(sample=True), sample=True)

    def _create(self, folder: Path, *, sample: bool) -> None:
        name = self._sample_name if sample else self.person_step.name()
        credentials = SAMPLE_CREDENTIALS if sample else self.person_step.credentials()
        passphrase = SAMPLE_PASSPHRASE if sample else self.passphrase_step.passphrase()
        self._set_busy(True)
        self._say("")
        handle = self._runner.run_io(
            functools.partial(_make, self._port, folder, name, credentials, passphrase, sample),
            on_done=functools.partial(self._on_created, sample),
            on_failed=self._on_create_failed,
            owner=self,
        )
        handle.ended.connect(self._on_create_ended)

    def _on_created(self, sample: bool, created: CreatedWorkspace) -> None:
        self._created = created
        self._set_busy(False)
        self.passphrase_step.forget()
        if sample:
            self._finish()
            return
        self.recovery_step.show_key(created.recovery_key)
        self._show_step(self.recovery_step)

    def _on_create_failed(self, error: AppError) -> None:
        self._complain(error_sentence(error))

    def _on_create_ended(self) -> None:
        self._set_busy(False)

    def _finish(self) -> None:
        created = self._created
        if created is not None:
            self.recovery_step.forget()
            self.finished.emit(created)

    def _set_busy(self, is_busy: bool) -> None:
        self._is_busy = is_busy
        self.next_button.setEnabled(not is_busy)
        self.back_button.setEnabled(not is_busy)
        self.choice_step.setEnabled(not is_busy)
        if is_busy:
            self.busy_ring.start()
        else:
            self.busy_ring.stop()


def _make(
    port: FirstRunPort,
    folder: Path,
    name: str,
    credentials: str,
    passphrase: str,
    sample: bool,
    _job: JobContext,
) -> CreatedWorkspace:
    return port.create(folder, name, credentials, passphrase, sample)
