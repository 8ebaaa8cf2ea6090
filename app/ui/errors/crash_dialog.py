"""The crash dialog: what happened, what was kept, what to do."""

from collections.abc import Callable

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.errors.report import CrashReport
from app.ui.widgets import icon_label, primary_button, secondary_button, text_label

_SAVED = "What you typed was saved and the workspace was closed cleanly."
_NOT_SAVED = (
    "The workspace could not be closed cleanly. It keeps everything up to the last save and is checked "
    "at the next start."
)
_PRIVACY = (
    "The report holds versions and places in the program. It holds no text of a record and is not sent."
)


class CrashDialog(QDialog):
    """Show a report to read and copy; nothing leaves the machine by itself."""

    def __init__(
        self,
        report: CrashReport,
        *,
        close_data: Callable[[], bool],
        restart: Callable[[], None] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._report = report
        self.is_data_closed = close_data()
        self.setWindowTitle("MI Desk")
        self.setAccessibleName("MI Desk met an unexpected error")
        self._column = QVBoxLayout(self)
        self._build_words()
        self._build_report()
        self._build_buttons(restart)
        self.resize(theme.scaled(600), theme.scaled(440))

    def copy_report(self) -> None:
        """Put the report on the clipboard."""
        QGuiApplication.clipboard().setText(self._report.text)
        self._copy.setText("Copied")

    def _build_words(self) -> None:
        edge = theme.SPACE.xxl
        self._column.setContentsMargins(edge, edge, edge, edge)
        self._column.setSpacing(theme.SPACE.m)
        head = QHBoxLayout()
        head.setSpacing(theme.SPACE.m)
        head.addWidget(icon_label("octagon-x", "over", 20))
        head.addWidget(text_label("MI Desk met an error it does not know", role="page_title", wraps=True), 1)
        self._column.addLayout(head)
        kept = _SAVED if self.is_data_closed else _NOT_SAVED
        self._column.addWidget(text_label(f"{kept} Start MI Desk again to go on.", wraps=True))

    def _build_report(self) -> None:
        self.report_view = QPlainTextEdit(self._report.text)
        self.report_view.setReadOnly(True)
        self.report_view.setTabChangesFocus(True)
        self.report_view.setAccessibleName("Report")
        theme.set_font(self.report_view, "mono")
        self._column.addWidget(self.report_view, 1)
        self._column.addWidget(text_label(_PRIVACY, role="secondary", tone="text.2", wraps=True))

    def _build_buttons(self, restart: Callable[[], None] | None) -> None:
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE.s)
        self._copy = secondary_button("Copy the report", icon="copy", on_click=self.copy_report)
        row.addWidget(self._copy)
        row.addStretch(1)
        if restart is not None:
            row.addWidget(secondary_button("Close", on_click=self.reject))
            go_on = primary_button("Start again", on_click=self.accept)
            self.accepted.connect(restart)
        else:
            go_on = primary_button("Close MI Desk", on_click=self.accept)
        go_on.setDefault(True)
        row.addWidget(go_on)
        self._column.addLayout(row)
