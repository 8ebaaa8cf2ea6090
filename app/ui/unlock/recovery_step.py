"""Show the recovery key once and make sure that it was kept."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMarginsF, QRectF, Qt
from PySide6.QtGui import QPageLayout, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QLabel, QWidget

from app.ui import theme
from app.ui.unlock.first_run_steps import Step
from app.ui.unlock.parts import NamedField
from app.ui.widgets import Card, secondary_button, set_tone, text_label

_COLUMNS = 4
_MARGIN_MM = 20.0


class RecoveryStep(Step):
    """Show the groups of the key and ask for one of them."""

    def __init__(
        self,
        *,
        choose_file: Callable[[QWidget], str] | None = None,
        print_key: Callable[[QWidget, str], bool] | None = None,
        pick: Callable[[int], int] = secrets.randbelow,
    ) -> None:
        super().__init__()
        self.choose_file = choose_file or ask_for_file
        self.print_key = print_key or print_recovery_key
        self.pick = pick
        self._key = ""
        self._asked = 0
        self._groups: list[str] = []
        self._build()

    @property
    def asked_group(self) -> str:
        """Return the group that must be typed back."""
        return self._groups[self._asked] if self._groups else ""

    def title(self) -> str:
        """Return the heading of the step."""
        return self.tr("Your recovery key")

    def reason(self) -> str:
        """Say in a sentence why this is asked."""
        return self.tr(
            "If you forget the passphrase, this key opens the workspace, and nothing else does. "
            "It is shown this once: print it, or save it to a place that is not this machine."
        )

    def problem(self) -> str | None:
        """Ask for the group until it is typed right."""
        if normal_key(self.check_field.text()) == normal_key(self.asked_group):
            return None
        return self.tr("That is not group {n}. Look at the key you kept.").format(n=self._asked + 1)

    def show_key(self, key: str) -> None:
        """Show a new key and choose the group to ask for."""
        self._key = key
        self._groups = key.split("-")
        self._asked = self.pick(len(self._groups))
        for at, group in enumerate(self._groups):
            self.grid.addWidget(self._group_cell(at + 1, group), at // _COLUMNS, at % _COLUMNS)
        words = self.tr("Type group {n} back").format(n=self._asked + 1)
        self.check_field.label.setText(words)
        self.check_field.edit.setAccessibleName(words)

    def forget(self) -> None:
        """Take the key off the screen for good."""
        self._key = ""
        self._groups = []
        self.check_field.edit.clear()
        while self.grid.count():
            item = self.grid.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()

    def enter(self, personal: tuple[str, ...]) -> None:
        """Put the keyboard on the first way to keep the key."""
        self.print_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_problem(self) -> None:
        """Put the keyboard into the check."""
        self.check_field.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self.check_field.edit.selectAll()

    def _build(self) -> None:
        self.key_card = Card()
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(theme.SPACE.l)
        self.grid.setVerticalSpacing(theme.SPACE.m)
        self.key_card.body.addLayout(self.grid)
        self.column.addWidget(self.key_card)
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE.s)
        self.print_button = secondary_button(
            self.tr("Print"), icon="printer", size="form", on_click=self._on_print_clicked
        )
        self.save_button = secondary_button(
            self.tr("Save to a file"), icon="download", size="form", on_click=self._on_save_clicked
        )
        self.kept_label = text_label(role="secondary", tone="ok")
        row.addWidget(self.print_button)
        row.addWidget(self.save_button)
        row.addWidget(self.kept_label, 1)
        self.column.addLayout(row)
        self.check_field = NamedField("", self)
        self.check_field.edit.returnPressed.connect(self.went_on)
        self.column.addWidget(self.check_field)

    def _group_cell(self, number: int, group: str) -> QLabel:
        cell = text_label(f"{number}  {group}", role="mono", weight=600)
        theme.set_font(cell, "mono", weight=600)
        cell.setAccessibleName(self.tr("Group {n}: {letters}").format(n=number, letters=" ".join(group)))
        return cell

    def _on_print_clicked(self) -> None:
        if self.print_key(self, self._key):
            self._kept(self.tr("Printed"))

    def _on_save_clicked(self) -> None:
        chosen = self.choose_file(self)
        if not chosen:
            return
        try:
            save_recovery_key(Path(chosen), self._key)
        except OSError as error:
            why = error.strerror or str(error)
            self.complained.emit(
                self.tr("The key was not saved: {why}. Choose another place.").format(why=why)
            )
            return
        self._kept(self.tr("Saved to {file}").format(file=Path(chosen).name))

    def _kept(self, words: str) -> None:
        self.kept_label.setText(words)
        set_tone(self.kept_label, "ok")
        self.check_field.edit.setFocus(Qt.FocusReason.OtherFocusReason)


def normal_key(text: str) -> str:
    """Return a key without case, dashes and look-alikes."""
    # Crockford's base 32 reads the letter O as zero, and I and L as one.
    letters = "".join(char for char in text.upper() if char.isalnum())
    return letters.translate(str.maketrans("OIL", "011"))


def save_recovery_key(file: Path, key: str) -> None:
    """Write the key to a file that only its owner can read."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        os.chmod(file, 0o600)  # noqa: PTH101 - an older file of this name keeps its mode otherwise
        stream.write(f"MI Desk recovery key\n\n{key}\n")


def ask_for_file(parent: QWidget) -> str:
    """Let the user name the file for the key; empty if none."""
    name, _filter = QFileDialog.getSaveFileName(
        parent, parent.tr("Save the recovery key"), "midesk-recovery-key.txt", parent.tr("Text (*.txt)")
    )
    return name


def print_recovery_key(parent: QWidget, key: str) -> bool:
    """Print the key on one page; tell whether it was sent."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setPageMargins(
        QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM), QPageLayout.Unit.Millimeter
    )
    dialog = QPrintDialog(printer, parent)
    if dialog.exec() != QPrintDialog.DialogCode.Accepted:
        return False
    with QPainter(printer) as painter:
        page = QRectF(painter.viewport())
        words = "\n\n".join(
            (parent.tr("MI Desk recovery key"), key, parent.tr("Keep it away from the machine."))
        )
        painter.drawText(page, int(Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap), words)
    return True
