"""The form that puts a document on the backlog."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from app.services.library.gaps import Gap
from app.services.library.versions import Plan
from app.services.settings.queries import ProductView
from app.ui import theme
from app.ui.library.forms import StepForm
from app.ui.library.lifecycle_forms import (
    AUDIENCES,
    LANGUAGES,
    add_field,
    choice_box,
    choose,
    written_country,
)
from app.ui.library.wording import say
from app.ui.widgets import primary_button


class PlanForm(StepForm):
    """What the document is about, for whom, and what asks for it."""

    submitted = Signal(object)

    def __init__(self) -> None:
        super().__init__(say("Plan a document"), "plain", primary_button(say("Plan")))
        self._product = ""
        self.code_edit, self.title_edit, self.topic_edit = QLineEdit(), QLineEdit(), QLineEdit()
        self.country_edit, self.source_edit = QLineEdit(), QLineEdit()
        self.product_box = QComboBox()
        self.product_box.setPlaceholderText(say("Choose"))
        self.audience_box, self.language_box = choice_box(AUDIENCES), choice_box(LANGUAGES)
        self.button.clicked.connect(self._on_submitted)
        for edit in (self.code_edit, self.title_edit, self.topic_edit, self.country_edit, self.source_edit):
            edit.returnPressed.connect(self._on_submitted)
        self.sentence.setText(say("It is put on the backlog. Nobody can insert it before it is approved."))
        self._lay_out(self._fields())

    def open_for(self, gap: Gap | None) -> None:
        """Ask for a plan, with what a gap tells already written."""
        for edit in (self.code_edit, self.title_edit, self.topic_edit, self.country_edit, self.source_edit):
            edit.clear()
        self._product = ""
        choose(self.audience_box, "hcp")
        choose(self.language_box, "en")
        if gap is not None:
            self._product = gap.product
            self.topic_edit.setText(gap.topic)
            noun = say("custom answer") if gap.answers == 1 else say("custom answers")
            newest = say(", newest case {value}").format(value=gap.inquiries[0][1]) if gap.inquiries else ""
            self.source_edit.setText(f"{gap.answers} {noun}{newest}")
        self.clear_blockers()
        self.show()
        self.code_edit.setFocus()

    def offer_products(self, products: Sequence[ProductView]) -> None:
        """List the medicines; the one of the gap is chosen."""
        self.product_box.clear()
        for product in products:
            self.product_box.addItem(product.name, product.id)
        self.product_box.setCurrentIndex(self.product_box.findText(self._product) if self._product else -1)

    @Slot()
    def _on_submitted(self) -> None:
        words = [
            edit.text().strip()
            for edit in (self.code_edit, self.title_edit, self.topic_edit, self.source_edit)
        ]
        code, title, topic, source = words
        if not title:
            self.show_blockers((say("The title is missing. Write the question that it answers."),))
            self.title_edit.setFocus()
            return
        wanted = Plan(
            code,
            title,
            str(self.product_box.currentData() or ""),
            topic,
            str(self.audience_box.currentData() or ""),
            written_country(self.country_edit),
            str(self.language_box.currentData() or ""),
            source,
        )
        self.submitted.emit(wanted)

    def _fields(self) -> QWidget:
        self.code_edit.setPlaceholderText(say("Such as SRD-ATO-004"))
        self.title_edit.setPlaceholderText(say("The question that it answers"))
        self.topic_edit.setPlaceholderText(say("Such as interaction"))
        self.country_edit.setPlaceholderText(say("DE, EU or empty for all countries"))
        self.source_edit.setPlaceholderText(say("A gap, custom answers, a label change or a launch"))
        fields = QWidget()
        grid = QGridLayout(fields)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.SPACE.m)
        grid.setVerticalSpacing(theme.SPACE.label_to_field)
        add_field(grid, 0, 0, say("Number"), self.code_edit)
        add_field(grid, 0, 1, say("Product"), self.product_box)
        add_field(grid, 3, 0, say("Title"), self.title_edit, 2)
        add_field(grid, 6, 0, say("Topic"), self.topic_edit)
        add_field(grid, 6, 1, say("Audience"), self.audience_box)
        add_field(grid, 9, 0, say("Country or region"), self.country_edit)
        add_field(grid, 9, 1, say("Language"), self.language_box)
        add_field(grid, 12, 0, say("What asks for it"), self.source_edit, 2)
        for gap in (2, 5, 8, 11):
            grid.setRowMinimumHeight(gap, theme.SPACE.s)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        return fields


class PlanPane(QFrame):
    """The plan form in the place of the reader."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "surface")
        self.setAccessibleName(say("Plan a document"))
        self.form = PlanForm()
        column = QVBoxLayout(self)
        edge = theme.SPACE.page_edge
        column.setContentsMargins(edge, edge, edge, edge)
        column.addWidget(self.form, 0, Qt.AlignmentFlag.AlignTop)
        column.addStretch(1)
