"""The menu of steps beside the next one, each with its own sheet."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QTimer, Slot
from PySide6.QtWidgets import QMenu, QWidget

from app.errors import AppError, InputRefusedError
from app.models.checks.snapshot import LetterKind
from app.models.vocabulary import vocabulary
from app.services.intake import commands
from app.services.intake.queries import CaseView
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
        if read.letter is not None:
            action = menu.addAction(self.tr("Enclosures"), self._page.letters.show_enclosures)
            theme.set_icon(action, "paperclip")
        self._add_promises(menu, view)
        if view.facts["acknowledged_at"] is None and view.state not in ENDED:
            action = menu.addAction(self.tr("The requester was told it arrived"), self._acknowledge)
            theme.set_icon(action, "check")
        return menu

    def ask(self, name: str) -> None:
        """Open the sheet of a step."""
        asked = self._asked()
        form = form_of(name, asked)
        FormSheet(self._page, form, partial(self._keep, name, form), icon=NAMES[name][1]).open()

    def _add_promises(self, menu: QMenu, view: CaseView) -> None:
        calls = [each for each in view.escalations if each.is_open]
        if any(each.taken_up_at is None for each in calls):
            action = menu.addAction(self.tr("The escalation was taken up"), self._take_up)
            theme.set_icon(action, "check")
        if calls:
            action = menu.addAction(self.tr("End the escalation"), self._ask_end)
            theme.set_icon(action, "circle-check")
        if view.service.interim_by is not None and view.service.interim_at is None:
            action = menu.addAction(self.tr("An interim reply was sent"), self._log_interim)
            theme.set_icon(action, "check")
        if view.state not in ENDED and len(view.service.offices) > 1:
            theme.set_icon(menu.addAction(self.tr("Give to another office"), self._ask_office), "briefcase")

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
        self._add_words(menu)
        if any(not question.coverage.is_answered for question in read.view.questions):
            theme.set_icon(menu.addAction(self.tr("Answer by phone"), self._answer_by_phone), "phone-call")
        menu.addSeparator()

    def _add_words(self, menu: QMenu) -> None:
        offered = (
            (LetterKind.ACKNOWLEDGEMENT, self.tr("Write an acknowledgement"), "mail"),
            (LetterKind.INTERIM, self.tr("Write an interim reply"), "hourglass"),
        )
        for kind, text, icon in offered:
            if self._page.letters.why_not(kind) is None:
                action = menu.addAction(text, partial(self._page.letters.begin_word, kind))
                theme.set_icon(action, icon)

    def _answer_by_phone(self) -> None:
        self._page.body.open_middle()
        self._page.middle.choose("words")
        self._page.bar.switch.choose("words")
        self._page.middle.words.answer_by_phone()

    def _acknowledge(self) -> None:
        command = partial(commands.acknowledge, inquiry_id=self._page.target())
        self._page.desk.write(command, on_failed=self._page.desk.report)

    def _take_up(self) -> None:
        command = partial(commands.take_up_escalation, inquiry_id=self._page.target())
        self._page.desk.write(command, on_failed=self._page.desk.report)

    def _log_interim(self) -> None:
        command = partial(commands.log_interim_reply, inquiry_id=self._page.target())
        self._page.desk.write(command, on_failed=self._page.desk.report)

    def _ask_end(self) -> None:
        form = InlineForm(self.tr("End the escalation"), self.tr("End it"))
        calls = self._open_calls()
        if len(calls) > 1:
            form.add_choice("which", self.tr("Which one"), [("", self.tr("All of them")), *calls], "")
        form.add_text("reason", self.tr("How did it end?"))

        def submit(values: dict[str, str]) -> None:
            command = partial(
                commands.end_escalation,
                inquiry_id=self._page.target(),
                reason=values["reason"],
                escalation_id=values.get("which") or None,
            )
            self._write(command, form)

        FormSheet(self._page, form, submit, icon="arrow-up-right").open()

    def _open_calls(self) -> list[tuple[str, str]]:
        read = self._page.read
        calls = read.view.escalations if read is not None else ()
        label = self.tr("{who}, level {level}")
        return [
            (
                call.id,
                label.format(who=vocabulary().label("escalation_target", call.target), level=call.level),
            )
            for call in calls
            if call.is_open
        ]

    def _ask_office(self) -> None:
        read = self._page.read
        if read is None:
            return
        service = read.view.service
        form = InlineForm(self.tr("Give to another office"), self.tr("Give it to them"))
        others = [office for office in service.offices if office[0] != service.office_id]
        form.add_choice("office", self.tr("Office"), others)
        form.add_text("reason", self.tr("Why?"))

        def submit(values: dict[str, str]) -> None:
            if not values["office"]:
                form.show_error(self.tr("Choose an office."))
                return
            command = partial(
                commands.set_office,
                inquiry_id=self._page.target(),
                office_id=values["office"],
                reason=values["reason"],
            )
            self._write(command, form)

        sentence = self.tr("Every due time is then counted in its hours. Now: {office}, {zone}.")
        told = sentence.format(office=service.office, zone=service.zone)
        FormSheet(self._page, form, submit, sentence=told, icon="briefcase").open()

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
