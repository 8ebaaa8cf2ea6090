"""The menu of steps beside the next one, each with its own sheet."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QTimer, Slot
from PySide6.QtWidgets import QMenu, QWidget

from app.errors import AppError, InputRefusedError
from app.services.intake import commands
from app.ui import theme
from app.ui.case.desk import Command
from app.ui.case.form import InlineForm
from app.ui.case.sheet import FormSheet
from app.ui.case.steps import NAMES, Asked, command_of, form_of
from app.ui.case.wording import ENDED

if TYPE_CHECKING:
    from app.ui.case.page import CasePage

_BEFORE_OWNED = ("new", "triage")
_LATE = ("sent", "superseded")


class MoreSteps(QObject):
    """Offer what the state allows and ask for what the step needs."""

    def __init__(self, page: "CasePage") -> None:
        super().__init__(page)
        self._page = page
        self.menu: QMenu | None = None

    @Slot(object)
    def popup(self, button: QWidget) -> None:
        """Open the menu below its button."""
        self.menu = self.make_menu()
        self.menu.aboutToHide.connect(partial(QTimer.singleShot, 0, self.menu.deleteLater))
        self.menu.popup(button.mapToGlobal(QPoint(0, button.height())))

    def make_menu(self) -> QMenu:
        """Make the menu of the case on screen."""
        menu = QMenu(self._page)
        read = self._page.read
        if read is None:
            return menu
        view = read.view
        if view.state == "in_progress":
            self._add_answers(menu)
        offered = [step.name for step in view.steps if step.name in NAMES]
        if view.state not in ENDED and view.state not in _BEFORE_OWNED:
            offered.append("hand_over")
        for name in (name for name in NAMES if name in offered):
            text, icon = NAMES[name]
            action = menu.addAction(self.tr(text), partial(self.ask, name))
            theme.set_icon(action, icon)
        if view.facts["escalated_to"]:
            menu.addAction(self.tr("End the escalation"), self._ask_end)
        if view.facts["acknowledged_at"] is None and view.state not in ENDED:
            action = menu.addAction(self.tr("The requester was told it arrived"), self._acknowledge)
            theme.set_icon(action, "check")
        return menu

    def ask(self, name: str) -> None:
        """Open the sheet of a step."""
        asked = self._asked()
        form = form_of(name, asked)
        FormSheet(self._page, form, partial(self._keep, name, form), icon=NAMES[name][1]).open()

    def _asked(self) -> Asked:
        read = self._page.read
        colleagues = read.colleagues if read is not None else ()
        return Asked(self._page.target(), colleagues, self._page.desk.zone())

    def _add_answers(self, menu: QMenu) -> None:
        read = self._page.read
        if read is None:
            return
        if read.letter is None or read.letter.state in _LATE:
            theme.set_icon(menu.addAction(self.tr("New letter"), self._page.letters.begin), "file-pen-line")
        elif read.letter.state != "draft":
            action = menu.addAction(self.tr("Export the released letter"), self._page.letters.show_delivery)
            theme.set_icon(action, "download")
        if any(not question.coverage.is_answered for question in read.view.questions):
            theme.set_icon(menu.addAction(self.tr("Answer by phone"), self._answer_by_phone), "phone-call")
        menu.addSeparator()

    def _answer_by_phone(self) -> None:
        self._page.body.open_middle()
        self._page.middle.choose("words")
        self._page.bar.switch.choose("words")
        self._page.middle.words.answer_by_phone()

    def _acknowledge(self) -> None:
        command = partial(commands.acknowledge, inquiry_id=self._page.target())
        self._page.desk.write(command, on_failed=self._page.desk.report)

    def _ask_end(self) -> None:
        form = InlineForm(self.tr("End the escalation"), self.tr("End it"))
        form.add_text("reason", self.tr("How did it end?"))

        def submit(values: dict[str, str]) -> None:
            command = partial(
                commands.end_escalation, inquiry_id=self._page.target(), reason=values["reason"]
            )
            self._write(command, form)

        FormSheet(self._page, form, submit, icon="arrow-up-right").open()

    def _keep(self, name: str, form: InlineForm, values: dict[str, str]) -> None:
        try:
            command = command_of(name, self._asked(), values)
        except InputRefusedError as refused:
            form.show_failure(refused)
            return
        self._write(command, form)

    def _write(self, command: Command, form: InlineForm) -> None:
        def failed(error: AppError) -> None:
            form.show_failure(error)
            sheet = self._page.sheet
            if sheet is not None:
                sheet.fit()

        self._page.desk.write(command, on_done=self._close_sheet, on_failed=failed)

    def _close_sheet(self) -> None:
        sheet = self._page.sheet
        if sheet is not None:
            sheet.dismiss()
