"""The delivery of a released letter: its files, and how it went out."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.errors import AppError
from app.models.changes import Changes
from app.models.vocabulary import vocabulary
from app.services.intake.queries import CaseView
from app.services.letters import commands
from app.services.letters.commands import Exported
from app.services.letters.exports import MAIL, PDF, WORD
from app.services.letters.views import LetterView, PackageView
from app.services.workspace.unit_of_work import UnitOfWork
from app.ui import theme
from app.ui.case.desk import CaseDesk
from app.ui.case.form import InlineForm
from app.ui.case.sheet import Sheet, line
from app.ui.case.wording import stamp, words
from app.ui.errors import error_sentence
from app.ui.print.letter_pdf import paint_pdf
from app.ui.widgets import announce, divider, secondary_button, set_tone, text_label

ChooseFile = Callable[[QWidget, str], Path | None]
_HASH_START = 16


class DeliverySheet(Sheet):
    """A released letter: export its bytes, and say how it went out."""

    def __init__(
        self,
        page: QWidget,
        desk: CaseDesk,
        letter: LetterView,
        package: PackageView | None,
        view: CaseView,
        *,
        choose_file: ChooseFile,
    ) -> None:
        super().__init__(page, words("Send the released letter"), icon="send", width=560)
        self._desk, self._letter, self._package, self._view = desk, letter, package, view
        self._choose_file = choose_file
        self.exported = text_label(role="secondary", tone="text.2", wraps=True, selectable=True)
        self.export_buttons = {
            file_format: secondary_button(
                text, icon="download", size="form", on_click=partial(self.export, file_format)
            )
            for file_format, text in self._formats()
        }
        self.form = InlineForm(words("Delivery"), words("Record as sent"))
        self._build()

    def open(self) -> None:
        """Show the sheet with the keyboard on the first step."""
        super().open()
        self.fit()
        self.export_buttons[WORD].setFocus(Qt.FocusReason.TabFocusReason)

    def submit(self) -> None:
        """Record how the letter went out."""
        self.form.submit()

    def export(self, file_format: str) -> None:
        """Ask where to, and write the frozen letter there, as it is or in another form."""
        target = self._choose_file(self, f"{self._letter.reference}.{file_format}")
        if target is None:
            return
        self._set_busy(True)
        done: list[Exported] = []

        def command(uow: UnitOfWork) -> Changes:
            done.append(
                commands.export(
                    uow,
                    self._letter.id,
                    to=target,
                    file_format=file_format,
                    paint=paint_pdf,
                    blobs=self._desk.database.blobs,
                )
            )
            return done[-1].changes

        self._desk.write(command, on_done=lambda: self._on_exported(target, done), on_failed=self._on_failed)

    def _formats(self) -> tuple[tuple[str, str], ...]:
        return (WORD, self.tr("Word")), (PDF, self.tr("PDF")), (MAIL, self.tr("E-mail draft"))

    def _set_busy(self, is_busy: bool) -> None:
        for button in self.export_buttons.values():
            button.setEnabled(not is_busy)

    def _build(self) -> None:
        if self._package is not None:
            frozen = stamp(self._package.frozen_at, self._desk.zone())
            start = text_label(f"{self._package.sha256[:_HASH_START]}\N{HORIZONTAL ELLIPSIS}", role="mono")
            start.setToolTip(self._package.sha256)
            self.body.addLayout(line(self.tr("Letter"), text_label(self._letter.reference, weight=500)))
            self.body.addLayout(line(self.tr("Frozen"), text_label(frozen, wraps=True)))
            self.body.addLayout(line(self.tr("SHA-256"), start))
        self.body.addWidget(text_label(self.tr("Export"), weight=600))
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE.s)
        for button in self.export_buttons.values():
            row.addWidget(button)
        row.addStretch(1)
        self.body.addLayout(row)
        self.body.addWidget(self.exported)
        self.exported.hide()
        self.body.addWidget(divider())
        self._build_form()

    def _build_form(self) -> None:
        methods = [(term.code, term.label) for term in vocabulary().terms("delivery")]
        wanted = str(self._view.facts.get("preferred_delivery") or "email")
        method = self.form.add_choice("method", self.tr("How it goes out"), methods, wanted)
        self._address = self.form.add_text("address", self.tr("To the verified contact"), self._known(wanted))
        method.currentIndexChanged.connect(self._on_method_changed)
        self.form.submitted.connect(self._on_submitted)
        self.form.cancelled.connect(self.dismiss)
        self.body.addWidget(self.form)

    def _known(self, method: str) -> str:
        contact = self._view.contact
        if contact is None:
            return ""
        by_method = {"email": contact.fields.email, "mail": contact.fields.address}
        return by_method.get(method, contact.fields.phone)

    @Slot(int)
    def _on_method_changed(self, _place: int) -> None:
        self._address.setText(self._known(self.form.values()["method"]))

    def _on_submitted(self, values: dict[str, str]) -> None:
        command = partial(
            commands.send, letter_id=self._letter.id, method=values["method"], address=values["address"]
        )
        self._desk.write(command, on_done=self.dismiss, on_failed=self._on_not_sent)

    def _on_not_sent(self, error: AppError) -> None:
        self.form.show_failure(error)
        self.fit()

    def _on_exported(self, target: Path, done: list[Exported]) -> None:
        self._set_busy(False)
        text = self.tr("Written: {path}\nSHA-256: {hash}").format(path=target, hash=done[-1].sha256)
        set_tone(self.exported, "text.2")
        self._tell(text)

    def _on_failed(self, error: AppError) -> None:
        self._set_busy(False)
        set_tone(self.exported, "over")
        self._tell("\n".join(getattr(error, "blockers", ())) or error_sentence(error))

    def _tell(self, text: str) -> None:
        self.exported.setText(text)
        self.exported.show()
        self.fit()
        announce(self, text)
