"""What the notes of a call say: the call, the inquiry it becomes, and what was decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtCore import QCoreApplication

from app.errors import InputRefusedError
from app.models.inquiry_forms import (
    InquiryForm,
    PersonForm,
    QuestionForm,
    check_person_field,
    check_text,
    split_name,
)
from app.models.lifecycle_inquiry import Decision
from app.services.intake.commands import CallForm
from app.services.settings.queries import ProductView
from app.ui.inbox.inquiry_values import country_of, product_of

PERSON: Final = ("role", "institution", "email", "phone", "country")
SAFETY: Final = ("adverse_event", "special_situation", "quality_complaint")
SAID: Final = "said"
STARTED, ENDED, ZONE, LANGUAGE = "started", "ended", "zone", "language"
_TITLES: Final = frozenset(
    {"dr", "prof", "professor", "mr", "mrs", "ms", "miss", "sister", "herr", "frau", "mme"}
)
_TYPED: Final = ("notes", "caller", *PERSON, "product", "questions", *SAFETY, "safety_reason", SAID)


@dataclass(frozen=True, slots=True)
class Decisions:
    """What a person answered of safety; No without a reason stays open for triage."""

    answers: Mapping[str, Decision]
    reason: str
    left_open: tuple[str, ...] = ()

    @property
    def is_suspected(self) -> bool:
        """Whether something was answered Yes or Uncertain."""
        return any(answer is not Decision.NO for answer in self.answers.values())


@dataclass(frozen=True, slots=True)
class ReadCall:
    """The call as it would be kept, or the wrong fields with a reason each."""

    call: CallForm | None
    inquiry: InquiryForm | None
    decisions: Decisions
    errors: Mapping[str, str]


def has_words(values: Mapping[str, str]) -> bool:
    """Tell whether anything of a call was noted."""
    return any(values.get(name, "").strip() for name in _TYPED)


def questions_in(values: Mapping[str, str]) -> tuple[str, ...]:
    """Return the questions that were noted, one a line."""
    return tuple(line.strip() for line in values.get("questions", "").split("\n") if line.strip())


def read_call(
    values: Mapping[str, str],
    products: Sequence[ProductView],
    *,
    draft_id: str,
    now: int,
    script_version: str,
) -> ReadCall:
    """Return what a call form says; every wrong field is named at once."""
    errors: dict[str, str] = {}
    person = _person(errors, values)
    notes = _checked(errors, "notes", values.get("notes", ""))
    if errors:
        return ReadCall(None, None, _decisions(values), errors)
    questions = questions_in(values)
    call = CallForm(
        id=draft_id,
        started_at=int(values[STARTED]),
        ended_at=int(values.get(ENDED) or now),
        zone=values[ZONE],
        caller=values.get("caller", ""),
        phone=person.phone,
        notes=notes,
        script_version=script_version,
        said=tuple(step for step in values.get(SAID, "").split(",") if step),
        given=tuple(
            (name, text) for name in ("product", "questions") if (text := values.get(name, "").strip())
        ),
    )
    inquiry = _inquiry(values, person, notes, questions, products)
    return ReadCall(call, inquiry, _decisions(values), {})


def why_no_inquiry(read: ReadCall) -> str:
    """Say what an inquiry still needs, nothing if it has it."""
    if read.inquiry is not None and (read.inquiry.verbatim.strip() or read.inquiry.questions):
        return ""
    return _tr("Write down what was asked, or keep it as a call without an inquiry.")


def _inquiry(
    values: Mapping[str, str],
    person: PersonForm,
    notes: str,
    questions: Sequence[str],
    products: Sequence[ProductView],
) -> InquiryForm:
    product = values.get("product", "").strip()
    product_id = product_of(product, products) if product else None
    return InquiryForm(
        channel="phone",
        verbatim=notes.strip() or "\n".join(questions),
        title=questions[0][:300] if questions else "",
        received_at=int(values[STARTED]),
        received_zone=values[ZONE],
        requester=person,
        product_id=product_id,
        solicited=values.get("solicited") or None,
        urgency=values.get("urgency") or "routine",
        country=person.country,
        language=values.get(LANGUAGE) or "en",
        questions=tuple(QuestionForm(text) for text in questions),
        given=(("product_given", product),) if product and product_id is None else (),
    )


def _decisions(values: Mapping[str, str]) -> Decisions:
    reason = values.get("safety_reason", "").strip()
    told = {name: Decision(values[name]) for name in SAFETY if values.get(name)}
    left = () if reason else tuple(name for name, answer in told.items() if answer is Decision.NO)
    return Decisions({name: answer for name, answer in told.items() if name not in left}, reason, left)


def _person(errors: dict[str, str], values: Mapping[str, str]) -> PersonForm:
    title, first, last = _named(values.get("caller", ""))
    told = {}
    for name in PERSON:
        text = values.get(name, "")
        try:
            told[name] = check_person_field(name, country_of(text) if name == "country" else text)
        except InputRefusedError as refusal:
            errors[name] = str(refusal)
    form = PersonForm(**told, language=values.get(LANGUAGE) or "en")
    for name, text in (("title", title), ("first_name", first), ("last_name", last)):
        try:
            form = replace(form, **{name: check_person_field(name, text)})
        except InputRefusedError as refusal:
            errors["caller"] = str(refusal)
    return form


def _named(name: str) -> tuple[str, str, str]:
    title, _, rest = name.strip().partition(" ")
    if title.rstrip(".").lower() not in _TITLES or not rest.strip():
        return ("", *split_name(name))
    return (title, *split_name(rest))


def _checked(errors: dict[str, str], name: str, text: str) -> str:
    try:
        return check_text(name, text)
    except InputRefusedError as refusal:
        errors[name] = str(refusal)
        return ""


def _tr(text: str) -> str:
    return QCoreApplication.translate("quick_capture", text)
