"""Two inquiries side by side, before one of them ends as a duplicate."""

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.errors import AppError
from app.models.vocabulary import vocabulary
from app.services.intake import commands, queries
from app.services.intake.queries import CaseView, MergeOffer, PersonView
from app.services.workspace.database import Database
from app.ui import theme
from app.ui.case.desk import CaseDesk
from app.ui.case.sheet import Sheet
from app.ui.case.wording import moment, state_name, words
from app.ui.errors import error_sentence
from app.ui.widgets import (
    announce,
    divider,
    icon_label,
    primary_button,
    quiet_button,
    section_head,
    text_label,
    with_keycap,
)

_WIDTH = 860
_LABEL = 96
_TABLE = 380


@dataclass(frozen=True, slots=True)
class Pair:
    """Both inquiries and what only the duplicate has."""

    inquiry: CaseView
    first: CaseView
    offer: MergeOffer


@dataclass(frozen=True, slots=True)
class Line:
    """One fact of both inquiries."""

    label: str
    mine: str
    other: str

    @property
    def is_same(self) -> bool:
        """Whether both say the same."""
        return " ".join(self.mine.lower().split()) == " ".join(self.other.lower().split())


def lines_of(inquiry: CaseView, first: CaseView) -> tuple[Line, ...]:
    """Return what is compared, each fact in a line."""
    told = ((_facts(inquiry)), (_facts(first)))
    return tuple(Line(label, told[0][label], told[1][label]) for label in told[0])


def _facts(view: CaseView) -> dict[str, str]:
    received = moment(int(view.facts["received_at"]), str(view.facts["received_zone"]))
    questions = "\n".join(f"{q.position}. {q.restated or q.verbatim}" for q in view.questions)
    return {
        words("State"): state_name(view.state),
        words("Received"): received,
        words("Channel"): vocabulary().label("channel", str(view.facts["channel"])),
        words("Requester"): _person(view.requester),
        words("Contact"): _person(view.contact),
        words("Product"): view.product,
        words("Questions"): questions,
        words("Words"): str(view.facts["verbatim"])[:600],
        words("Safety"): ", ".join(record.number for record in view.safety),
    }


def _person(person: PersonView | None) -> str:
    if person is None:
        return ""
    fields = person.fields
    parts = (person.name, fields.institution, fields.email, fields.phone)
    return "\n".join(part for part in parts if part)


class MergeSheet(Sheet):
    """Shows what is the same and what is not, and what the first one takes over."""

    def __init__(self, page: QWidget, desk: CaseDesk, inquiry_id: str, first_id: str) -> None:
        super().__init__(page, words("Are these the same?"), icon="git-merge", width=_WIDTH)
        self._desk, self._inquiry_id, self._first_id = desk, inquiry_id, first_id
        self.questions: dict[str, QCheckBox] = {}
        self.people: dict[str, QCheckBox] = {}
        self.reason = QLineEdit()
        self._error = text_label(role="secondary", tone="over", weight=500, wraps=True)
        self._error.hide()
        self.merge_button = primary_button(
            words("Merge into the first"), "Ctrl+Enter", size="form", on_click=self.submit
        )
        self.merge_button.setEnabled(False)
        self._hint = text_label(tone="soon", wraps=True)
        self._grid = QGridLayout()
        self._offers = QVBoxLayout()
        self._build()

    def read(self) -> None:
        """Read both inquiries and fill the sheet."""
        query = partial(_read, self._desk.database, self._inquiry_id, self._first_id)
        self._desk.read(query, on_done=self.show_pair, on_failed=self._on_failed)

    def show_pair(self, pair: Pair) -> None:
        """Lay both inquiries beside each other."""
        mine, first = pair.inquiry, pair.first
        is_later = int(first.facts["received_at"]) > int(mine.facts["received_at"])
        self._hint.setText(
            words("{number} came in later than this one. If they are the same, open it and merge it from there.")
            .format(number=first.number)
        )  # fmt: skip
        self._hint.setVisible(is_later)
        self.merge_button.setEnabled(True)
        self._fill(lines_of(mine, first), mine.number, first.number)
        self._offer(pair.offer)
        self.fit()
        self.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def submit(self) -> None:
        """End this inquiry as a duplicate of the first."""
        if not self.merge_button.isEnabled():
            return
        self.merge_button.setEnabled(False)
        command = partial(
            commands.mark_duplicate,
            inquiry_id=self._inquiry_id,
            first_id=self._first_id,
            reason=self.reason.text().strip(),
            question_ids=tuple(key for key, box in self.questions.items() if box.isChecked()),
            people=tuple(key for key, box in self.people.items() if box.isChecked()),
        )
        self._desk.write(command, on_done=self.dismiss, on_failed=self._on_failed)

    def _build(self) -> None:
        self._hint.hide()
        self.body.addWidget(self._hint)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, theme.SPACE.s, 0)
        column.setSpacing(theme.SPACE.s)
        self._grid.setHorizontalSpacing(theme.SPACE.l)
        self._grid.setVerticalSpacing(theme.SPACE.s)
        self._grid.setColumnMinimumWidth(0, theme.scaled(_LABEL))
        for at in (1, 3):
            self._grid.setColumnStretch(at, 1)
        column.addLayout(self._grid)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(inner)
        scroll.setWidgetResizable(True)
        scroll.setMinimumHeight(theme.scaled(_TABLE))
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for ground in (scroll, scroll.viewport(), inner):
            ground.setAutoFillBackground(False)
        self.body.addWidget(scroll, 1)
        self._offers.setSpacing(theme.SPACE.s)
        self.body.addLayout(self._offers)
        self.reason.setPlaceholderText(words("Why they are the same, in a few words"))
        self.reason.setAccessibleName(words("Why they are the same"))
        self.body.addWidget(self.reason)
        told = words(
            "This inquiry ends here and its safety records move to the first one. This cannot be taken back."
        )
        self.body.addWidget(text_label(told, role="secondary", tone="text.2", wraps=True))
        self.body.addWidget(self._error)
        row = QHBoxLayout()
        row.addWidget(quiet_button(words("Cancel"), "Esc", size="form", on_click=self.dismiss))
        row.addStretch(1)
        row.addWidget(with_keycap(self.merge_button, "Ctrl+Enter"))
        self.body.addLayout(row)

    def _fill(self, lines: tuple[Line, ...], mine: str, first: str) -> None:
        ends = words("{number}, ends here").format(number=mine)
        stays = words("{number}, goes on").format(number=first)
        for at, text in ((1, ends), (3, stays)):
            self._grid.addWidget(text_label(text, weight=600, wraps=True), 0, at)
        for row, line in enumerate(lines, start=1):
            top = Qt.AlignmentFlag.AlignTop
            self._grid.addWidget(text_label(line.label, role="secondary", tone="text.2"), row, 0, top)
            tone = "text.2" if line.is_same else "text.1"
            weight = 400 if line.is_same else 500
            for at, text in ((1, line.mine), (3, line.other)):
                said = text_label(
                    text or "\N{EN DASH}", tone=tone, weight=weight, wraps=True, selectable=True
                )
                self._grid.addWidget(said, row, at, top)
            sign = icon_label(
                "check" if line.is_same else "git-compare-arrows", "ok" if line.is_same else "soon", 14
            )
            name = words("same") if line.is_same else words("different")
            sign.setToolTip(name)
            sign.setAccessibleName(f"{line.label}: {name}")
            self._grid.addWidget(sign, row, 2, top)

    def _offer(self, offer: MergeOffer) -> None:
        if not offer.questions and not offer.people:
            return
        self._offers.addWidget(divider())
        self._offers.addWidget(section_head(words("Only here. The first one takes over what you tick.")))
        names = {"requester": words("The requester"), "contact": words("The contact")}
        for part in offer.people:
            self.people[part] = self._tick(names[part])
        for question_id, text in offer.questions:
            self.questions[question_id] = self._tick(text)

    def _tick(self, text: str) -> QCheckBox:
        shown = text if len(text) <= 100 else f"{text[:99]}\N{HORIZONTAL ELLIPSIS}"
        box = QCheckBox(shown.replace("&", "&&"))
        box.setAccessibleName(text)
        box.setToolTip(text)
        theme.set_font(box, "body", weight=400)
        self._offers.addWidget(box)
        return box

    def _on_failed(self, error: AppError) -> None:
        self.merge_button.setEnabled(True)
        sentence = " ".join(getattr(error, "blockers", ())) or error_sentence(error)
        self._error.setText(sentence)
        self._error.show()
        announce(self, sentence)


def _read(database: Database, inquiry_id: str, first_id: str) -> Pair:
    user, now = database.identity.user, database.clock.now()
    return Pair(
        database.read(queries.case, inquiry_id, user, now),
        database.read(queries.case, first_id, user, now),
        database.read(queries.merge_offer, inquiry_id, first_id),
    )
