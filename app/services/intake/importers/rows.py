"""One row of a file as an inquiry, or the reason why not."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.errors import InputRefusedError
from app.models.business_time import zone_named
from app.models.countries import country_code
from app.models.inquiry_forms import (
    InquiryForm,
    PersonForm,
    QuestionForm,
    check_email,
    check_person,
    check_text,
    split_name,
    title_of,
)
from app.models.topics import taxonomy
from app.models.vocabulary import check_country, check_language, vocabulary
from app.services.intake.importers.cells import CellFault
from app.services.intake.importers.thread_mail import Mail

COLUMNS = frozenset(
    {
        "received_at",
        "channel",
        "requester_name",
        "requester_role",
        "requester_email",
        "requester_phone",
        "institution",
        "country",
        "language",
        "product",
        "question",
        "topic",
        "external_id",
        "solicited",
        "urgency",
        "subject",
    }
)
# A row without an id is known by these; what came later counts only where it says something.
_HASHED = COLUMNS - {"external_id", "urgency", "subject"}
_LATER = ("subject", "urgency")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = datetime(2200, 1, 1, tzinfo=UTC)
# Who passes a question on does not get the answer.
_PASSES_ON = frozenset({"representative", "msl", "internal"})


@dataclass(frozen=True, slots=True)
class ImportedRow:
    """A row that is fit to be stored, and the product as it was named."""

    line: int
    external_id: str
    form: InquiryForm
    product: str
    mail: Mail | None = None


def row_of(
    line: int, fields: Mapping[str, object], source: str, zone: str, times: Sequence[str] = ()
) -> ImportedRow:
    """Return a row as an inquiry, or refuse it with the reason."""
    text = {name: _text(name, fields.get(name)) for name in COLUMNS}
    if not text["question"]:
        raise InputRefusedError("no question.")
    received_at, received_zone = instant_of_text(text["received_at"], zone, times)
    requester, given = _requester(text)
    topic = taxonomy().recognise(text["topic"]) if text["topic"] else ""
    if topic is None:
        given["topic_given"] = text["topic"]
    if text["subject"]:
        given["subject"] = text["subject"]
    form = InquiryForm(
        channel=_channel(text["channel"]),
        verbatim=text["question"],
        title=title_of(text["subject"] or text["question"]),
        received_at=received_at,
        received_zone=received_zone,
        requester=requester,
        asks_for_another=requester.role in _PASSES_ON,
        referred_by=f"{requester.first_name} {requester.last_name}".strip()
        if requester.role in _PASSES_ON
        else "",
        topic=topic or "",
        country=requester.country,
        language=requester.language,
        solicited=_solicited(text["solicited"]),
        urgency=_urgency(text["urgency"], given),
        questions=(QuestionForm(text["question"], topic=topic or ""),),
        source=source,
        given=tuple(given.items()),
    )
    return ImportedRow(line, _external_id(text), form, text["product"])


def instant_of_text(text: str, zone: str, times: Sequence[str] = ()) -> tuple[int, str]:
    """Return the instant and zone of an ISO 8601 time, or one of these forms, or refuse it."""
    if not text:
        raise InputRefusedError("no time of receipt.")
    moment = _moment(text, times)
    if moment is None:
        raise InputRefusedError(f"“{text[:40]}” is no time. Write it as 2026-11-20T08:55:00+01:00.")
    return instant_of_moment(moment, zone)


def _moment(text: str, times: Sequence[str]) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    for form in times:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007 - without a zone it takes the mapping's
        except (ValueError, OverflowError):
            continue
    return None


def instant_of_moment(moment: datetime, zone: str) -> tuple[int, str]:
    """Return the instant of a moment; without a zone it takes the default."""
    try:
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=zone_named(zone))
        offset = moment.utcoffset() or timedelta()
        millis = (moment - _EPOCH) // timedelta(milliseconds=1)
        is_told = _EPOCH <= moment < _LATEST
    except (OverflowError, ValueError) as exc:
        raise InputRefusedError(f"The year {moment.year} is out of range.") from exc
    if not is_told:
        raise InputRefusedError(f"The year {moment.year} is out of range.")
    return millis, zone if moment.tzinfo is zone_named(zone) else _zone_of(offset)


def _zone_of(offset: timedelta) -> str:
    hours, rest = divmod(offset // timedelta(minutes=1), 60)
    # These zones have the sign of POSIX: west of Greenwich is plus. Half hours have none.
    if rest or not -12 <= hours <= 14:
        return "UTC"
    return "UTC" if hours == 0 else f"Etc/GMT{-hours:+d}"


def _text(name: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, CellFault):
        raise InputRefusedError(f"the {name.replace('_', ' ')} {value.reason}.")
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**15:
        value = int(value)
    if not isinstance(value, str | int | float):
        raise InputRefusedError(f"the {name.replace('_', ' ')} is not a text.")
    limit = 100_000 if name == "question" else 300
    try:
        return check_text(name.replace("_", " "), str(value), limit).strip()
    except ValueError as exc:
        # Python refuses to write out integers of thousands of digits.
        raise InputRefusedError(f"the {name.replace('_', ' ')} is too long.") from exc


def _channel(text: str) -> str:
    if not text:
        raise InputRefusedError("no channel.")
    code = vocabulary().recognise("channel", text)
    return code or vocabulary().check("channel", text)


def _urgency(text: str, given: dict[str, str]) -> str:
    if not text:
        return "routine"
    code = vocabulary().recognise("urgency", text)
    if code is None:
        given["urgency_given"] = text
    return code or "routine"


def _solicited(text: str) -> str | None:
    if not text:
        return None
    code = vocabulary().recognise("solicited", text[:40])
    if code is None:
        raise InputRefusedError("solicited is neither true nor false.")
    return code


def _requester(text: Mapping[str, str]) -> tuple[PersonForm, dict[str, str]]:
    given = {}
    role = vocabulary().recognise("requester_role", text["requester_role"]) if text["requester_role"] else ""
    if role is None:
        # A role we do not know is kept as it was said; triage asks for the right one.
        given["role_given"] = text["requester_role"]
    first, last = split_name(text["requester_name"])
    form = PersonForm(
        first_name=first,
        last_name=last,
        role=role or "",
        institution=text["institution"],
        email=check_email(text["requester_email"]),
        phone=text["requester_phone"],
        country=check_country(country_code(text["country"])),
        language=check_language(text["language"] or "en"),
    )
    return check_person(form), given


def _external_id(text: Mapping[str, str]) -> str:
    if text["external_id"]:
        return text["external_id"]
    # Without an id of its own a row is known by all it says, so that a second import adds nothing.
    said = "\x1f".join(f"{name}={text[name]}" for name in sorted(_HASHED))
    said += "".join(f"\x1f{name}={text[name]}" for name in _LATER if text[name])
    return f"row:{hashlib.sha256(said.encode()).hexdigest()}"
