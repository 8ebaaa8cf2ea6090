"""Which step comes next: the one thing the primary action does."""

from dataclasses import dataclass
from typing import Final

from app.services.intake.queries import CaseView
from app.ui.case.reading import CaseRead
from app.ui.case.wording import words

_BY_STATE: Final = {
    "new": ("triage", "Start triage", "list-checks"),
    "triage": ("assign_to_me", "Take it", "user-check"),
    "assigned": ("start", "Start work", "play"),
    "awaiting_requester": ("resume", "Go on", "play"),
    "awaiting_internal": ("resume", "Go on", "play"),
    "reopened": ("restart", "Work on it again", "play"),
    "answered": ("close", "Close case", "check"),
}
_SIGNED: Final = ("approved", "released", "delivery_failed")
_COUNTED_APART: Final = "still block"


@dataclass(frozen=True, slots=True)
class Next:
    """The next step, its words, and everything that blocks it."""

    key: str
    text: str
    icon: str
    blockers: tuple[str, ...] = ()
    is_of_letter: bool = False
    findings: int = 0

    @property
    def to_fix(self) -> int:
        """How many things stand against it."""
        return len(self.blockers) + self.findings


def next_step(read: CaseRead) -> Next | None:
    """Name the next step of a case, or none once it has ended."""
    view = read.view
    if view.state in _BY_STATE:
        key, text, icon = _BY_STATE[view.state]
        return Next(key, words(text), icon, _blockers(view, key))
    if view.state != "in_progress":
        return None
    letter = read.letter
    if letter is not None and letter.state == "draft":
        return _draft(read)
    if letter is not None and letter.state in _SIGNED:
        return Next("send", words("Send"), "send", is_of_letter=True)
    if letter is not None and letter.state == "in_review":
        return None
    answered = bool(view.questions) and all(question.coverage.is_answered for question in view.questions)
    # A sent acknowledgement leaves the answer to be written.
    if answered or (letter is not None and letter.is_answer):
        return Next("answer", words("Mark answered"), "check", _blockers(view, "answer"))
    return Next("new_letter", words("New letter"), "file-pen-line")


def _draft(read: CaseRead) -> Next:
    reasons = read.letter.review_reasons if read.letter is not None else ()
    count = len(read.blocking)
    others = tuple(
        each for each in read.letter_blockers if _COUNTED_APART not in each and each not in reasons
    )
    if reasons:
        # What only a release asks for is no reason against a review.
        return Next("submit", words("Send to review"), "users", (), is_of_letter=True, findings=count)
    return Next("release", words("Release"), "badge-check", others, is_of_letter=True, findings=count)


def _blockers(view: CaseView, key: str) -> tuple[str, ...]:
    return next((step.blockers for step in view.steps if step.name == key), ())
