"""The bar under the list while many are chosen: how many, and what can be done with them."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.jobs import JobHandle
from app.ui.widgets import ElidedLabel, InlineProgress, divider, quiet_button


class BulkBar(QFrame):
    """Counts what is chosen, offers the steps, and shows how far one of them is."""

    assign_requested = Signal()
    tag_requested = Signal()
    untag_requested = Signal()
    urgency_requested = Signal()
    export_requested = Signal()
    cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "header")
        self.setAccessibleName(self.tr("Chosen inquiries"))
        self.count_label = ElidedLabel()
        theme.set_font(self.count_label, "body", weight=600)
        self.progress = InlineProgress()
        self._steps = QWidget()
        self._build()
        self.hide()

    def show_count(self, count: int) -> None:
        """Show how many are chosen; the bar is there for two and more."""
        self.count_label.setText(self.tr("{n:,} chosen").format(n=count))
        self.setVisible(count > 1 or not self.progress.isHidden())

    def follow(self, handle: JobHandle) -> None:
        """Show how far a step is, with its Cancel, as soon as it takes a second."""
        self.progress.follow(handle)

    def _build(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(divider())
        edge = theme.SPACE.page_edge
        row = QHBoxLayout(self._steps)
        row.setContentsMargins(edge, theme.SPACE.xs, theme.SPACE.m, theme.SPACE.xs)
        row.setSpacing(theme.SPACE.xs)
        row.addWidget(self.count_label, 1)
        for text, icon, key, signal in (
            (self.tr("Assign"), "user-check", "O", self.assign_requested),
            (self.tr("Tag"), "tag", "T", self.tag_requested),
            (self.tr("Untag"), "", "Shift+T", self.untag_requested),
            (self.tr("Urgency"), "clock-alert", "U", self.urgency_requested),
            (self.tr("Export"), "download", "E", self.export_requested),
            (self.tr("Clear"), "x", "Esc", self.cleared),
        ):
            row.addWidget(quiet_button(text, key, icon=icon, on_click=signal.emit))
        outer.addWidget(self._steps)
        holder = QHBoxLayout()
        holder.setContentsMargins(edge, 0, edge, 0)
        holder.addWidget(self.progress)
        outer.addLayout(holder)
