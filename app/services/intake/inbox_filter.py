"""The conditions of a filter as SQL: bound values only, written so that an index can be walked."""

import difflib
import functools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Integer,
    Text,
    and_,
    case,
    false,
    func,
    literal_column,
    or_,
    select,
    text,
    type_coerce,
    union,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.models.canonical import canonical_json
from app.models.inbox_filter import Filter, Part, Problem, Reading, Value
from app.models.inbox_filter_keys import NONE, country_code, states_of, stretch_of, topics_of
from app.models.inquiry import Inquiry, InquiryQuestion, OffLabelAssessment
from app.models.people import User
from app.models.product import Product
from app.models.safety import AdverseEventReport, ProductQualityComplaint
from app.models.vocabulary import vocabulary
from app.services.intake.service_clocks import has_clock, is_over
from app.services.intake.words import INDEX, match_of, number_in, says
from app.services.safety.queries import is_running, unacknowledged
from app.services.work.queries import office_zone

# Written out, not bound: SQLite uses a partial index only if its condition stands in the query.
IS_OPEN = text("inquiry.state NOT IN ('closed', 'duplicate', 'cancelled', 'transferred')")
# The plus keeps the planner from sorting every ended inquiry for one page.
HAS_ENDED = text("+inquiry.state IN ('closed', 'duplicate', 'cancelled', 'transferred')")
IS_TAGGED = text("inquiry.tags <> '[]'")
# So many matches cost more to sort than a walk along the order costs.
MANY: Final = 2_000
_LETTERS: Final = re.compile(r"[^\W_]+", re.UNICODE)
_OFF_LABEL: Final = ("off_label", "unapproved_product")
_TAGS: Final = type_coerce(Inquiry.tags, Text)

Condition: TypeAlias = ColumnElement[bool]
_Safety: TypeAlias = type[AdverseEventReport] | type[ProductQualityComplaint]


@dataclass(frozen=True, slots=True)
class Sight:
    """Who looks, when, and in which zone the office counts its days."""

    session: Session
    user_id: str
    now: int
    zone: str


def conditions(
    session: Session, wanted: Filter, user_id: str, now: int, zone: str, *, is_ordered: bool = False
) -> list[Condition]:
    """Return what an inquiry has to meet, a condition a part.

    For the first rows of an order, words that many inquiries hold are tested along the walk.
    """
    if not wanted:
        return []
    sight = Sight(session, user_id, now, office_zone(session, zone))
    facts = [_fact_or_not(sight, part) for part in wanted.parts if part.key]
    return [*facts, *_words(wanted, _row_of(session, wanted) if is_ordered else Inquiry.row)]


def match_text(wanted: Filter) -> str:
    """Return what the index of words is asked for, to show the passages; refused words are no part."""
    groups = (_group(part.values) for part in wanted.words())
    return " AND ".join(group for group in groups if group)


def doubts(session: Session, reading: Reading) -> tuple[Problem, ...]:
    """Say which names in a filter nothing in this workspace bears, and which come near."""
    known: dict[str, dict[str, str]] = {}
    found: list[Problem] = []
    for spot in reading.spots:
        if spot.key not in _NAMED or not spot.text or spot.text.lower() in ("me", NONE, "nobody"):
            continue
        names = known.setdefault(spot.key, _NAMED[spot.key](session))
        if _meant(names, spot.text):
            continue
        called = [name.partition("\0")[0] for name in names]
        words = {word.lower(): word for name in called for word in (name, *name.split())}
        near = difflib.get_close_matches(spot.text.lower(), words, n=1, cutoff=0.6)
        message = f"No {spot.key} is called “{spot.text[:40]}”."
        suggestion = f'{spot.key}:"{words[near[0]]}"' if near else ""
        is_single = bool(near) and " " not in words[near[0]]
        found.append(
            Problem(spot.begin, spot.end, message, suggestion.replace('"', "") if is_single else suggestion)
        )
    return tuple(found)


def _fact_or_not(sight: Sight, part: Part) -> Condition:
    if part.is_negated and part.key in ("is", "state") and len(part.values) == 1:
        # Said the other way round, because the index of what is open is found by this very condition.
        turned = {"closed": IS_OPEN, "ended": IS_OPEN, "open": HAS_ENDED}
        said = part.values[0].text.lower()
        if (part.key, said) != ("state", "closed") and said in turned:
            return and_(turned[said])
    return _negated(part, _fact(sight, part))


def _fact(sight: Sight, part: Part) -> Condition:
    return or_(*(_FACTS[part.key](sight, value) for value in part.values))


def _negated(part: Part, condition: Condition) -> Condition:
    # What is not known is not so either: an inquiry without an owner is not Kaya's.
    return case((condition, 1), else_=0) == 0 if part.is_negated else condition


def _product(sight: Sight, value: Value) -> Condition:
    if value.text.lower() == NONE:
        return Inquiry.product_id.is_(None)
    return _one_of(Inquiry.product_id, _meant(_products(sight.session), value.text))


def _owner(sight: Sight, value: Value) -> Condition:
    said = value.text.lower()
    if said == "me":
        return Inquiry.owner_id == sight.user_id
    if said in (NONE, "nobody"):
        return Inquiry.owner_id.is_(None)
    return _one_of(Inquiry.owner_id, _meant(_owners(sight.session), value.text))


def _products(session: Session) -> dict[str, str]:
    rows = session.execute(select(Product.id, Product.name, Product.substance, Product.aliases))
    return {f"{name}\0{row.id}": row.id for row in rows for name in (row.name, row.substance, *row.aliases)}


def _owners(session: Session) -> dict[str, str]:
    return {f"{row.name}\0{row.id}": row.id for row in session.execute(select(User.id, User.name))}


_NAMED: Mapping[str, Callable[[Session], dict[str, str]]] = {"product": _products, "owner": _owners}


def _meant(names: Mapping[str, str], said: str) -> tuple[str, ...]:
    """Return the ids of those called so, else of those with a word that begins so."""
    wanted = " ".join(said.lower().split())
    spoken = [(name.partition("\0")[0].lower(), key) for name, key in names.items()]
    exact = [key for name, key in spoken if name == wanted]
    begun = [key for name, key in spoken if any(each.startswith(wanted) for each in _tails(name))]
    return tuple(dict.fromkeys(exact or begun))


def _tails(name: str) -> Iterable[str]:
    words = name.split()
    return (" ".join(words[at:]) for at in range(len(words)))


def _one_of(column: InstrumentedAttribute[Any], values: Sequence[Any]) -> Condition:
    if not values:
        return false()
    # One value lets SQLite walk an index in order; a list of one does not always.
    return column == values[0] if len(values) == 1 else column.in_(values)


def _state(_sight: Sight, value: Value) -> Condition:
    said = value.text.lower()
    if said == "open":
        return and_(IS_OPEN)
    return and_(HAS_ENDED) if said == "ended" else _one_of(Inquiry.state, states_of(said))


def _topic(_sight: Sight, value: Value) -> Condition:
    found = (or_(Inquiry.topic == each, _begins(Inquiry.topic, f"{each}/")) for each in topics_of(value.text))
    return or_(false(), *found)


def _language(_sight: Sight, value: Value) -> Condition:
    said = value.text.lower()
    return or_(func.lower(Inquiry.language) == said, _begins(func.lower(Inquiry.language), f"{said}-"))


def _begins(column: Any, stem: str) -> Condition:
    # The range of what begins with the stem, which an index can walk; LIKE could not.
    return and_(column >= stem, column < stem[:-1] + chr(ord(stem[-1]) + 1))


def _tag(_sight: Sight, value: Value) -> Condition:
    if value.text.lower() == NONE:
        return _TAGS == "[]"
    written = canonical_json(" ".join(value.text.split())).decode()
    # SQLite folds the letters A to Z only, so no others are folded here either.
    folded = "".join(char.lower() if char.isascii() else char for char in written)
    return and_(IS_TAGGED, func.instr(func.lower(_TAGS), folded) > 0)


def _urgent(_sight: Sight, value: Value) -> Condition:
    return Inquiry.urgency == ("urgent" if value.text.lower() == "yes" else "routine")


def _country(_sight: Sight, value: Value) -> Condition:
    return Inquiry.country == country_code(value.text)


def _channel(_sight: Sight, value: Value) -> Condition:
    return Inquiry.channel == vocabulary().recognise("channel", value.text)


def _number(_sight: Sight, value: Value) -> Condition:
    return _has_number(value.text.strip().removeprefix("#").upper())


def _has_number(part: str) -> Condition:
    # Over the numbers alone, which their index holds: no row is read that does not match.
    numbers = select(Inquiry.row).where(Inquiry.number.contains(part, autoescape=True))
    return Inquiry.row.in_(numbers)


def _date(column: InstrumentedAttribute[Any], sight: Sight, value: Value) -> Condition:
    if value.text.lower() == NONE:
        return column.is_(None)
    stretch = stretch_of(value.text, sight.now, sight.zone)
    if stretch is None:
        return false()
    is_moment = stretch.begin == stretch.end
    last = stretch.end if is_moment else stretch.end - 1
    if value.operator == "<":
        return column < stretch.begin
    if value.operator == "<=":
        return column <= last
    if value.operator == ">":
        return column > last
    return column >= stretch.begin if value.operator == ">=" else column.between(stretch.begin, last)


def _due(sight: Sight, value: Value) -> Condition:
    if value.text.lower() == NONE:
        return ~has_clock()
    return and_(has_clock(), _date(Inquiry.next_due_at, sight, value))


def _safety(model: _Safety, decision: InstrumentedAttribute[Any], sight: Sight, value: Value) -> Condition:
    said = value.text.lower()
    if said == "undecided":
        return decision.is_(None)
    tests: dict[str, Condition] = {
        "open": unacknowledged(model),
        "running": is_running(model),
        "late": is_running(model) & (model.due_at < sight.now),
    }
    records = select(model.inquiry_id).where(tests.get(said, model.retired_at.is_(None)))
    return Inquiry.id.not_in(records) if said == "no" else Inquiry.id.in_(records)


def _is(sight: Sight, value: Value) -> Condition:
    return _STANDS[value.text.lower()](sight)


def _off_label(_sight: Sight) -> Condition:
    assessed = (
        select(InquiryQuestion.inquiry_id)
        .join(OffLabelAssessment, OffLabelAssessment.question_id == InquiryQuestion.id)
        .where(
            InquiryQuestion.retired_at.is_(None),
            OffLabelAssessment.retired_at.is_(None),
            OffLabelAssessment.assessment.in_(_OFF_LABEL),
        )
    )
    return Inquiry.id.in_(assessed)


_STANDS: Mapping[str, Callable[[Sight], Condition]] = {
    "open": lambda _sight: and_(IS_OPEN),
    "closed": lambda _sight: and_(HAS_ENDED),
    "mine": lambda sight: Inquiry.owner_id == sight.user_id,
    "unassigned": lambda _sight: Inquiry.owner_id.is_(None),
    "overdue": lambda sight: is_over(sight.now),
    "waiting": lambda _sight: Inquiry.state.in_(states_of("waiting")),
    "paused": lambda _sight: Inquiry.paused_since.is_not(None),
    "escalated": lambda _sight: Inquiry.escalated_to != "",
    "offlabel": _off_label,
    "unread": lambda _sight: Inquiry.state == "new",
    "tagged": lambda _sight: and_(IS_TAGGED),
}

_FACTS: Mapping[str, Callable[[Sight, Value], Condition]] = {
    "product": _product,
    "owner": _owner,
    "state": _state,
    "topic": _topic,
    "tag": _tag,
    "urgent": _urgent,
    "country": _country,
    "channel": _channel,
    "language": _language,
    "number": _number,
    "is": _is,
    "due": _due,
    "received": functools.partial(_date, Inquiry.received_at),
    "answered": functools.partial(_date, Inquiry.answered_at),
    "closed": functools.partial(_date, Inquiry.closed_at),
    "ae": functools.partial(_safety, AdverseEventReport, Inquiry.adverse_event),
    "pqc": functools.partial(_safety, ProductQualityComplaint, Inquiry.quality_complaint),
}


def _words(wanted: Filter, row: Any) -> list[Condition]:
    """Ask the index once for all words that are wanted, and once for each that is not."""
    parts = [part for part in wanted.parts if not part.key]
    together = [part for part in parts if not part.is_negated and not _may_be_numbers(part)]
    groups = [_group(part.values) for part in together]
    found: list[Condition] = []
    if "" in groups:
        # A word without a letter is nowhere.
        return [false()]
    if groups:
        found.append(_matches(" AND ".join(groups), row))
    alone = (part for part in parts if part not in together)
    return found + [_negated(part, _words_or_numbers(part)) for part in alone]


def _may_be_numbers(part: Part) -> bool:
    return any(number_in(value.text) for value in part.values if not value.is_exact)


def _words_or_numbers(part: Part) -> Condition:
    asked: list[Any] = []
    group = _group(part.values)
    if group:
        asked.append(select(INDEX.c.rowid).where(says(group)))
    for value in part.values:
        number = "" if value.is_exact else number_in(value.text)
        if number:
            contains = Inquiry.number.contains(number, autoescape=True)
            asked.append(select(Inquiry.row).where(contains))
    if not asked:
        return false()
    return Inquiry.row.in_(union(*asked) if len(asked) > 1 else asked[0])


def _matches(match: str, row: Any) -> Condition:
    found: Condition = row.in_(select(INDEX.c.rowid).where(says(match)))
    return found


def _row_of(session: Session, wanted: Filter) -> Any:
    """Return the row number, spelt so that no index is searched by it where that would sort too many."""
    match = match_text(wanted)
    if not match:
        return Inquiry.row
    found = session.scalar(select(func.count()).select_from(INDEX).where(says(match))) or 0
    return literal_column("+inquiry.row", Integer) if found > MANY else Inquiry.row


def _group(values: Iterable[Value]) -> str:
    asked = [each for each in map(_asked, values) if each]
    return asked[0] if len(asked) == 1 else f"({' OR '.join(asked)})" if asked else ""


def _asked(value: Value) -> str:
    if not value.is_exact:
        said = match_of(value.text)
        return f"({said})" if " " in said else said
    words = _LETTERS.findall(value.text.replace("\x00", " "))
    return f'"{" ".join(words)}"' if words else ""
