"""A section of the left panel: head, body, and its own errors."""

from collections.abc import Callable, Iterator, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLayout, QSizePolicy, QVBoxLayout, QWidget

from app.errors import AppError
from app.services.intake.queries import CaseView
from app.ui import theme
from app.ui.case.desk import CaseDesk, Command
from app.ui.case.form import InlineForm
from app.ui.errors import error_sentence
from app.ui.widgets import Card, KeyCap, announce, text_label
from app.ui.widgets.card import CardKind


class Section(QWidget):
    """One part of the case in the left panel; `show_case` fills it.

    While a form is open in it, what the form holds is kept through every reload.
    """

    form_opened = Signal(QWidget)

    def __init__(
        self, desk: CaseDesk, title: str, *, shortcut: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.desk = desk
        self.view: CaseView | None = None
        self.form: InlineForm | None = None
        self._return_to: QWidget | None = None
        self.title = text_label(title, role="secondary", tone="text.2", weight=600)
        self.note = text_label(role="secondary", tone="text.3")
        self._error = text_label(role="secondary", tone="over", weight=500, wraps=True)
        self.column = QVBoxLayout(self)
        self.head = QHBoxLayout()
        self._build(shortcut)
        self.setAccessibleName(title)

    def show_case(self, view: CaseView) -> None:
        """Show another case, or the same one after a change."""
        is_other = self.view is None or self.view.id != view.id
        self.view = view
        if is_other:
            self.close_form()
            self.show_error("")
        self.fill(view)

    def fill(self, view: CaseView) -> None:
        """Show what the case says; for subclasses."""

    def tick(self) -> None:
        """Write the clocks anew; for subclasses that have one."""

    def write(self, command: Command, *, on_done: Callable[[], None] | None = None) -> None:
        """Run a command whose failure is explained in this section."""
        self.show_error("")
        self.desk.write(command, on_done=on_done, on_failed=self.show_failure)

    def show_failure(self, error: AppError) -> None:
        """Say where it happened why something was not done."""
        if self.form is not None:
            self.form.show_failure(error)
            return
        self.show_error(" ".join(getattr(error, "blockers", ())) or error_sentence(error))
        if self.view is not None:
            self.fill(self.view)

    def show_error(self, text: str) -> None:
        """Say something below the head, or nothing."""
        self._error.setText(text)
        self._error.setVisible(bool(text))
        if text:
            announce(self, text)

    def open_form(
        self,
        form: InlineForm,
        on_submit: Callable[[dict[str, str]], None],
        *,
        below: QVBoxLayout | None = None,
        return_to: QWidget | None = None,
    ) -> None:
        """Show a form in place and put the keyboard into it."""
        self.close_form()
        self.form = form
        self._return_to = return_to
        form.submitted.connect(on_submit)
        form.cancelled.connect(self.close_form)
        (below or self.column).addWidget(form)
        # A layout shows new widgets only in the next turn of the loop, and a hidden one takes no focus.
        form.show()
        form.start()
        self.form_opened.emit(form)

    def close_form(self) -> None:
        """Take the form away; what was kept is in the case."""
        form, self.form = self.form, None
        back, self._return_to = self._return_to, None
        if form is None:
            return
        had_focus = form.isAncestorOf(self.window().focusWidget()) if self.window().focusWidget() else False
        form.hide()
        form.setParent(None)
        form.deleteLater()
        self.form_closed()
        if had_focus and back is not None:
            back.setFocus(Qt.FocusReason.OtherFocusReason)

    def form_closed(self) -> None:
        """Show what the form stood in for; for subclasses."""

    def unsaved(self) -> Mapping[str, str]:
        """Return what was typed here and nobody kept yet, by label."""
        return self.form.unsaved() if self.form is not None else {}

    def focus_first(self) -> None:
        """Put the keyboard where this section begins."""
        for child in self.findChildren(QWidget):
            if child.focusPolicy() & Qt.FocusPolicy.TabFocus and child.isVisible() and child.isEnabled():
                child.setFocus(Qt.FocusReason.ShortcutFocusReason)
                return

    def _build(self, shortcut: str) -> None:
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(theme.SPACE.s)
        self.head.setSpacing(theme.SPACE.s)
        self.head.addWidget(self.title)
        self.head.addStretch(1)
        self.head.addWidget(self.note)
        if shortcut:
            self.head.addWidget(KeyCap(shortcut, self))
        self.column.addLayout(self.head)
        self._error.hide()
        self.column.addWidget(self._error)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)


class NarrowCard(Card):
    """A card with less air, for a pane of under 300 pixels."""

    def __init__(self, title: str = "", kind: CardKind = "plain") -> None:
        super().__init__(title, kind)
        # After the slot of the card itself, which sets the margins of a page.
        theme.theme_signals.changed.connect(self._narrow)
        self._narrow()

    def _narrow(self) -> None:
        side, edge = theme.scaled(10), theme.scaled(theme.SPACE.s)
        self.body.setContentsMargins(side, edge, side, edge)
        self.body.setSpacing(theme.scaled(6))


def widgets_of(layout: QLayout) -> Iterator[QWidget]:
    """Yield the widgets of a layout from first to last."""
    for place in range(layout.count()):
        item = layout.itemAt(place)
        widget = item.widget() if item is not None else None
        if widget is not None:
            yield widget


def clear(layout: QLayout) -> None:
    """Take every widget out of a layout and let it go."""
    for widget in list(widgets_of(layout)):
        layout.removeWidget(widget)
        widget.hide()
        widget.deleteLater()
