"""The variants of a version with what differs in each."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.library.around import Around
from app.ui.library.fact_lines import FactLine, FactLines
from app.ui.library.facts import DeviationOf, VariantOf, deviation_lines, variant_lines
from app.ui.library.wording import say
from app.ui.widgets import EmptyState, secondary_button, text_label


class VariantsPane(QFrame):
    """Variants and deviations in one list; Enter opens or explains."""

    version_requested = Signal(str)
    variant_requested = Signal()
    assess_requested = Signal(object)
    explain_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = FactLines(say("Variants and what differs in them"))
        self.summary = text_label(role="secondary", tone="text.2", wraps=True)
        self.assess_button = secondary_button(say("Assess"), "S", icon="scale", on_click=self.assess)
        self.add_button = secondary_button(
            say("Make a variant"), "V", icon="languages", on_click=self.variant_requested.emit
        )
        self.empty = EmptyState(
            "languages",
            say("No variants"),
            say(
                "A variant is a copy for another country, language or audience. "
                "What you change in it later is listed here, each with its reason."
            ),
        )
        self._body = QStackedWidget()
        self._build()
        self.list.opened.connect(self._on_opened)
        self.list.moved.connect(self._on_moved)

    def show_around(self, around: Around) -> None:
        """Show what differs in the version itself, then its variants."""
        lines = [*deviation_lines(around.row.id, around.own), *variant_lines(around.variants)]
        waiting = sum(each.variant.needs_assessment for each in around.variants)
        still_open = sum(line.chip == say("Open") for line in lines)
        self.summary.setText(_summary(len(around.variants), waiting, still_open))
        self.summary.setVisible(bool(lines))
        self.list.show_lines(lines)
        self._body.setCurrentIndex(0 if lines else 1)
        self._on_moved(self.list.current)

    def clear(self) -> None:
        """Forget every variant."""
        self.list.show_lines(())

    @property
    def chosen_variant(self) -> VariantOf | None:
        """The chosen variant, or the one that the chosen deviation stands in."""
        line = self.list.current
        about = line.about if line is not None else None
        if isinstance(about, DeviationOf):
            variants = [each.about for each in self.list.facts.lines if isinstance(each.about, VariantOf)]
            return next((each for each in variants if each.variant.version_id == about.version_id), None)
        return about if isinstance(about, VariantOf) else None

    def assess(self) -> None:
        """Ask for the form that assesses the chosen variant."""
        chosen = self.chosen_variant
        if chosen is not None and chosen.variant.needs_assessment:
            self.assess_requested.emit(chosen)

    @Slot(object)
    def _on_opened(self, line: FactLine) -> None:
        if isinstance(line.about, VariantOf):
            self.version_requested.emit(line.about.variant.version_id)
        elif isinstance(line.about, DeviationOf):
            self.explain_requested.emit(line.about)

    @Slot(object)
    def _on_moved(self, _line: FactLine | None) -> None:
        chosen = self.chosen_variant
        self.assess_button.setVisible(chosen is not None and chosen.variant.needs_assessment)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QHBoxLayout()
        edge = theme.SPACE.page_edge
        head.setContentsMargins(edge, theme.SPACE.m, edge, theme.SPACE.s)
        head.setSpacing(theme.SPACE.s)
        head.addWidget(self.summary, 1)
        head.addStretch(0)
        head.addWidget(self.assess_button)
        head.addWidget(self.add_button)
        column.addLayout(head)
        self._body.addWidget(self.list)
        self._body.addWidget(self.empty)
        column.addWidget(self._body, 1)


def _summary(variants: int, waiting: int, still_open: int) -> str:
    one, more = say("{n} variant"), say("{n} variants")
    parts = [(one if variants == 1 else more).format(n=variants)]
    if waiting:
        parts.append(say("{waiting} to assess against the new version").format(waiting=waiting))
    if still_open:
        parts.append(
            say("{still_open} deviation{value} without a reason").format(
                still_open=still_open, value="" if still_open == 1 else "s"
            )
        )
    return "  \N{MIDDLE DOT}  ".join(parts)
