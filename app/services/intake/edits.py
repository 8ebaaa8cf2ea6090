"""Correct the facts of an inquiry in place."""

from collections.abc import Callable, Mapping
from typing import Any

from app.errors import InputRefusedError, RecordNotFoundError
from app.models.base import freeze
from app.models.changes import Changes
from app.models.inquiry import Inquiry
from app.models.inquiry_forms import check_text
from app.models.product import Product
from app.models.topics import taxonomy
from app.models.vocabulary import check_country, check_language, vocabulary
from app.services.intake.capture import check_tags, check_zone
from app.services.intake.due import begin_clocks, set_due_times
from app.services.intake.records import mark_acknowledged, open_inquiry, set_extra
from app.services.safety.queries import live_records, set_due
from app.services.work.queries import office_zone
from app.services.workspace.unit_of_work import UnitOfWork

Value = str | int | bool | None
_Check = Callable[[str], str]


def _term(name: str) -> _Check:
    return lambda text: vocabulary().check(name, text)


def _text(what: str, limit: int) -> _Check:
    return lambda text: check_text(what, text, limit)


_TEXTS: Mapping[str, _Check] = {
    "channel": _term("channel"),
    "urgency": _term("urgency"),
    "topic": lambda text: taxonomy().check(text),
    "country": check_country,
    "language": check_language,
    "title": _text("title", 300),
    "verbatim": _text("question", 100_000),
    "referred_by": _text("name", 200),
    "anonymous_reason": _text("reason", 10_000),
    "received_zone": check_zone,
}
# Facts without a column of their own: see `records`.
_EXTRAS: Mapping[str, _Check] = {
    "answer_class": _term("answer_class"),
    "preferred_delivery": _term("delivery"),
    "indication": _text("indication", 300),
    "patient_context": _text("patient context", 2_000),
}
_EXTRA_FLAGS = frozenset({"follow_up_consent", "is_key_opinion_leader", "is_media", "is_legal", "is_group"})
_MOVE_CLOCKS = frozenset({"urgency", "answer_class", "received_at", "channel"})
_FILLED = frozenset({"channel", "urgency", "language", "received_zone", "answer_class"})

FACTS = frozenset({*_TEXTS, *_EXTRAS, *_EXTRA_FLAGS, "received_at", "product_id", "no_product", "solicited"})


def edit_fact(uow: UnitOfWork, inquiry_id: str, field: str, value: Value, *, reason: str = "") -> Changes:
    """Set one fact of an open inquiry and reckon its clocks again.

    Another country may give it to another office, unless a person chose the office.
    """
    with uow:
        uow.reason = uow.reason or reason
        inquiry = open_inquiry(uow, inquiry_id)
        _set(uow, inquiry, field, value)
        if field == "country":
            begin_clocks(uow, inquiry)
        elif field in _MOVE_CLOCKS:
            set_due_times(uow, inquiry)
        if field == "received_at":
            _move_day_zero(uow, inquiry)
        return uow.commit()


def set_tags(uow: UnitOfWork, inquiry_id: str, tags: tuple[str, ...]) -> Changes:
    """Replace the tags of an inquiry."""
    with uow:
        open_inquiry(uow, inquiry_id).tags = freeze(check_tags(tags))
        return uow.commit()


def acknowledge(uow: UnitOfWork, inquiry_id: str, *, at: int | None = None) -> Changes:
    """Record that the requester was told that the inquiry arrived."""
    with uow:
        inquiry = open_inquiry(uow, inquiry_id)
        mark_acknowledged(uow, inquiry, at)
        return uow.commit()


def _set(uow: UnitOfWork, inquiry: Inquiry, field: str, value: Value) -> None:
    if field in _TEXTS:
        setattr(inquiry, field, _checked(_TEXTS[field], field, value))
    elif field in _EXTRAS:
        set_extra(inquiry, **{field: _checked(_EXTRAS[field], field, value) or None})
    elif field in _EXTRA_FLAGS:
        set_extra(inquiry, **{field: _flag(field, value) if value is not None else None})
    elif field in ("product_id", "no_product"):
        _set_product(uow, inquiry, field, value)
    elif field == "solicited":
        inquiry.solicited = None if value is None else vocabulary().check("solicited", str(value))
    elif field == "received_at":
        inquiry.received_at = _instant(value)
    else:
        raise InputRefusedError(f"“{field[:40]}” is no fact that can be edited.")


def _checked(check: _Check, field: str, value: Value) -> str:
    if not isinstance(value, str | None):
        raise InputRefusedError(f"The {field.replace('_', ' ')} is a text.")
    text = value or ""
    if not text and field in _FILLED:
        raise InputRefusedError(f"The {field.replace('_', ' ')} cannot be empty. Choose one.")
    return check(text) if text else ""


def _flag(field: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise InputRefusedError(f"{field.replace('_', ' ')} is yes or no.")
    return value


def _instant(value: Value) -> int:
    # Milliseconds of the years 1970 to 2255, so that every zone can still show it.
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 9_000_000_000_000:
        raise InputRefusedError("The time of receipt is no point in time. Enter when it reached you.")
    return value


def _set_product(uow: UnitOfWork, inquiry: Inquiry, field: str, value: Value) -> None:
    if field == "no_product":
        inquiry.no_product = _flag(field, value)
        inquiry.product_id = None if inquiry.no_product else inquiry.product_id
        return
    if value is not None and uow.session.get(Product, str(value)) is None:
        raise RecordNotFoundError(str(value))
    inquiry.product_id = None if value is None else str(value)
    inquiry.no_product = inquiry.no_product and value is None


def _move_day_zero(uow: UnitOfWork, inquiry: Inquiry) -> None:
    records = live_records(uow.session, inquiry.id)
    zone = office_zone(uow.session, uow.zone())
    for item in records:
        beside = [other for other in records if other.id != item.id]
        set_due(item, zone, beside, min(inquiry.received_at, uow.now()))
