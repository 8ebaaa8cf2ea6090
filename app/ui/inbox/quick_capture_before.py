"""Who asked the same before: shown while the caller speaks, decided later."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.models.inquiry_forms import split_name
from app.services.intake import queries
from app.services.intake.queries import Proposal
from app.services.jobs import JobContext
from app.services.settings.queries import ProductView
from app.services.workspace.database import Database
from app.ui import theme
from app.ui.inbox.inquiry_values import product_of
from app.ui.inbox.quick_capture_values import STARTED, questions_in
from app.ui.inbox.row_words import clock_time, short_number
from app.ui.jobs import JobHandle, JobRunner
from app.ui.widgets import Card, link_button, section_head, text_label

_PAUSE_MS: Final = 600
_MOST: Final = 3


class AskedBefore(QWidget):
    """The likest earlier inquiries with their reasons; the form never decides about them."""

    opened = Signal(str)

    def __init__(self, database: Database, runner: JobRunner, read: Callable[[], Mapping[str, str]]) -> None:
        super().__init__()
        self._database, self._runner, self._read = database, runner, read
        self._products: Sequence[ProductView] = ()
        self._reading: JobHandle | None = None
        self.proposals: tuple[Proposal, ...] = ()
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self.look_now)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(theme.SPACE.s)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.SPACE.s, 0, 0)
        column.setSpacing(theme.SPACE.s)
        column.addWidget(section_head(self.tr("Asked before?"), shortcut="Alt+L"))
        column.addLayout(self._rows)
        self.hide()

    def set_products(self, products: Sequence[ProductView]) -> None:
        """Know the products by which inquiries are compared."""
        self._products = products

    def look_soon(self) -> None:
        """Compare again after a pause in the typing."""
        self._pause.start()

    def clear(self) -> None:
        """Show nothing, for a call that begins."""
        self._pause.stop()
        self._show(())

    @Slot()
    def look_now(self) -> None:
        """Compare what is noted with earlier inquiries."""
        if self._reading is not None:
            self._reading.cancel()
        read = partial(_similar, self._database, dict(self._read()), tuple(self._products))
        self._reading = self._runner.run_query(read, on_done=self._show, owner=self)

    def open_first(self) -> None:
        """Open the likest one; the call goes on meanwhile."""
        if self.proposals:
            self.opened.emit(self.proposals[0].inquiry_id)

    def _show(self, proposals: tuple[Proposal, ...]) -> None:
        self.proposals = proposals[:_MOST]
        while self._rows.count():
            item = self._rows.takeAt(0)
            widget: QWidget | None = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for proposal in self.proposals:
            self._rows.addWidget(self._row(proposal))
        self.setVisible(bool(self.proposals))

    def _row(self, proposal: Proposal) -> QWidget:
        card = Card()
        zone, now = self._database.clock.zone(), self._database.clock.now()
        name = f"{short_number(proposal.number)}  {clock_time(proposal.received_at, zone, now)}"
        open_it = partial(self.opened.emit, proposal.inquiry_id)
        card.body.addWidget(
            link_button(name, icon="history", on_click=open_it), 0, Qt.AlignmentFlag.AlignLeft
        )
        card.body.addWidget(text_label(proposal.title, weight=500, wraps=True))
        card.body.addWidget(text_label(proposal.reason, role="secondary", tone="text.2", wraps=True))
        return card


def _similar(
    database: Database, values: Mapping[str, str], products: tuple[ProductView, ...], _job: JobContext
) -> tuple[Proposal, ...]:
    first, last = split_name(values.get("caller", ""))
    return database.read(
        queries.similar_to,
        verbatim=values.get("notes", ""),
        emails=frozenset({values.get("email", "").strip()}),
        phones=frozenset({values.get("phone", "")}),
        people=((first, last, values.get("institution", "")),),
        product_id=product_of(values.get("product", ""), products) if values.get("product") else None,
        questions=questions_in(values),
        received_at=int(values[STARTED]),
    )
