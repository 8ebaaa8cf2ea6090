"""Which inquiries a list shows and in which order, by row number.

Every sort is a run of segments: conditions that together hold every row once, in order, each walked along
an index. So a first page costs the rows it shows, however many there are.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, text, true, union
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.models.business_time import end_of_day, instant_of, local_day
from app.models.inquiry import Inquiry
from app.models.lifecycle_inquiry import InquiryState
from app.models.people import User
from app.models.product import Product
from app.models.safety import AdverseEventReport, ProductQualityComplaint
from app.services.intake.words import INDEX, match_of, number_in, says
from app.services.safety.queries import unacknowledged

View = Literal[
    "mine", "unassigned", "due_today", "overdue", "safety_open", "waiting", "all_open", "closed", "all"
]
Sort = Literal["due", "received", "number", "product", "state", "owner", "priority"]

# Written out, not bound: SQLite uses a partial index only if its condition stands in the query.
IS_OPEN = text("inquiry.state NOT IN ('closed', 'duplicate', 'cancelled', 'transferred')")
# The plus keeps the planner from sorting every ended inquiry for one page.
HAS_ENDED = text("+inquiry.state IN ('closed', 'duplicate', 'cancelled', 'transferred')")
Key: TypeAlias = "ColumnElement[Any] | InstrumentedAttribute[Any]"
_WAITING = (InquiryState.AWAITING_REQUESTER, InquiryState.AWAITING_INTERNAL)


@dataclass(frozen=True, slots=True)
class InboxQuery:
    """A view of the inbox with its filter and its order."""

    view: View
    user_id: str
    now: int
    zone: str
    text: str = ""
    sort: Sort = "due"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class PageKey:
    """Where a page ended: its segment and the last keys in it."""

    segment: int
    keys: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Segment:
    """Rows of one condition, in the order of one run of columns."""

    test: ColumnElement[bool]
    keys: tuple[Key, ...]
    descending: bool = False

    def query(self, base: Select[int], after: tuple[Any, ...] = ()) -> Select[Any]:
        """Return the rows of this segment that come after a key."""
        found = base.add_columns(*self.keys).where(self.test)
        if after:
            found = found.where(_beyond(self.keys, after, descending=self.descending))
        return found.order_by(*(key.desc() if self.descending else key.asc() for key in self.keys))


@dataclass(frozen=True, slots=True)
class IdPage:
    """A page of row numbers and the key of the next one, if any."""

    rows: tuple[int, ...]
    next: PageKey | None


def inbox_ids(session: Session, query: InboxQuery) -> "array[int]":
    """Return the row numbers of every inquiry in the view, in order."""
    base = _base(query)
    if query.sort in _RANKED:
        return _bucketed(session, base, _RANKED[query.sort](session, query.descending))
    found = array("q")
    for segment in segments(session, query):
        found.extend(row[0] for row in session.execute(segment.query(base)))
    return found


def _bucketed(session: Session, base: Select[int], ranking: "Ranking") -> "array[int]":
    # One walk and a bucket a value: cheaper than a walk a value where most rows are wanted.
    buckets = {value: array("q") for value in ranking.values}
    nothing = array("q")
    for segment in _by_due(true()):
        for row in session.execute(segment.query(base.add_columns(ranking.column))):
            buckets.get(row[1], nothing).append(row[0])
    found = array("q")
    for value in ranking.values:
        found.extend(buckets[value])
    return found


def id_page(session: Session, query: InboxQuery, limit: int, after: PageKey | None = None) -> IdPage:
    """Return the next row numbers of the view after a key."""
    base = _base(query)
    rows: list[int] = []
    begin = after.segment if after else 0
    for index, segment in enumerate(segments(session, query)):
        if index < begin:
            continue
        keys = after.keys if after and index == begin else ()
        for row in session.execute(segment.query(base, keys).limit(limit - len(rows))):
            rows.append(row[0])
            if len(rows) == limit:
                return IdPage(tuple(rows), PageKey(index, tuple(row[1:])))
    return IdPage(tuple(rows), None)


def inbox_count(session: Session, query: InboxQuery) -> int:
    """Count the inquiries of a view with its filter."""
    return session.scalar(select(func.count()).select_from(_base(query).subquery())) or 0


def view_counts(session: Session, user_id: str, now: int, zone: str) -> dict[View, int]:
    """Count the inquiries of every view."""
    views: tuple[View, ...] = View.__args__  # type: ignore[attr-defined]  # typing gives Literal no attributes
    query = InboxQuery("all", user_id, now, zone)
    return {view: inbox_count(session, replace(query, view=view)) for view in views}


def segments(session: Session, query: InboxQuery) -> tuple[Segment, ...]:
    """Return the segments of a sort, in the order asked for."""
    if query.sort in _RANKED:
        ranking = _RANKED[query.sort](session, query.descending)
        tests = (
            ranking.column.is_(None) if value is None else ranking.column == value for value in ranking.values
        )
        return tuple(segment for test in tests for segment in _by_due(test))
    if query.sort == "received":
        return (Segment(true(), (Inquiry.received_at, Inquiry.id), query.descending),)
    if query.sort == "number":
        # Provisional numbers have no leading zeros: the shorter one is the smaller one.
        return (Segment(true(), (func.length(Inquiry.number), Inquiry.number), query.descending),)
    return tuple(_by_due(true(), descending=query.descending))


def in_view(query: InboxQuery) -> ColumnElement[bool]:
    """Return the condition that an inquiry belongs to the view."""
    return and_(Inquiry.retired_at.is_(None), *_VIEWS[query.view](query))


def _base(query: InboxQuery) -> Select[int]:
    base: Select[int] = select(Inquiry.row).where(in_view(query))
    return base.where(_matches(query.text)) if query.text.strip() else base


def _matches(words: str) -> ColumnElement[bool]:
    match = match_of(words)
    parts: list[Any] = []
    if match:
        parts.append(select(INDEX.c.rowid).where(says(match)))
    number = number_in(words)
    if number:
        parts.append(select(Inquiry.row).where(Inquiry.number.contains(number, autoescape=True)))
    if not parts:
        return ~true()
    return Inquiry.row.in_(union(*parts) if len(parts) > 1 else parts[0])


def _mine(query: InboxQuery) -> tuple[Any, ...]:
    return (IS_OPEN, Inquiry.owner_id == query.user_id)


def _due_today(query: InboxQuery) -> tuple[Any, ...]:
    day = local_day(query.now, query.zone)
    begin, end = instant_of(day, 0, query.zone), end_of_day(day, query.zone)
    return (IS_OPEN, Inquiry.due_at.between(begin, end), Inquiry.state != InquiryState.ANSWERED.value)


def _overdue(query: InboxQuery) -> tuple[Any, ...]:
    return (IS_OPEN, Inquiry.due_at < query.now, Inquiry.state != InquiryState.ANSWERED.value)


def _safety_open(_query: InboxQuery) -> tuple[Any, ...]:
    events = select(AdverseEventReport.inquiry_id).where(unacknowledged(AdverseEventReport))
    complaints = select(ProductQualityComplaint.inquiry_id).where(unacknowledged(ProductQualityComplaint))
    return (Inquiry.id.in_(events.union_all(complaints)),)


_VIEWS: dict[str, Any] = {
    "mine": _mine,
    "unassigned": lambda _query: (IS_OPEN, Inquiry.owner_id.is_(None)),
    "due_today": _due_today,
    "overdue": _overdue,
    "safety_open": _safety_open,
    "waiting": lambda _query: (Inquiry.state.in_([state.value for state in _WAITING]),),
    "all_open": lambda _query: (IS_OPEN,),
    "closed": lambda _query: (HAS_ENDED,),
    "all": lambda _query: (),
}


def _by_due(test: ColumnElement[bool], *, descending: bool = False) -> Iterator[Segment]:
    # What has no due time, such as a paused inquiry, comes last either way.
    yield Segment(and_(test, Inquiry.due_at.is_not(None)), (Inquiry.due_at, Inquiry.id), descending)
    yield Segment(and_(test, Inquiry.due_at.is_(None)), (Inquiry.id,), descending)


@dataclass(frozen=True, slots=True)
class Ranking:
    """A column and the order of its values, what has none coming last."""

    column: InstrumentedAttribute[Any]
    values: tuple[str | None, ...]


def _product(session: Session, descending: bool) -> Ranking:
    names = session.scalars(select(Product.id).order_by(Product.name, Product.id))
    return Ranking(Inquiry.product_id, (*_ordered(names, descending=descending), None))


def _owner(session: Session, descending: bool) -> Ranking:
    names = session.scalars(select(User.id).order_by(User.name, User.id))
    return Ranking(Inquiry.owner_id, (*_ordered(names, descending=descending), None))


def _state(_session: Session, descending: bool) -> Ranking:
    states = (state.value for state in InquiryState)
    return Ranking(Inquiry.state, _ordered(states, descending=descending))


def _priority(_session: Session, descending: bool) -> Ranking:
    return Ranking(Inquiry.urgency, _ordered(("urgent", "routine"), descending=descending))


_RANKED: dict[str, Callable[[Session, bool], Ranking]] = {
    "product": _product,
    "owner": _owner,
    "state": _state,
    "priority": _priority,
}


def _ordered(values: Iterable[str], *, descending: bool) -> tuple[str, ...]:
    ordered = tuple(values)
    return ordered[::-1] if descending else ordered


def _beyond(keys: tuple[Key, ...], after: tuple[Any, ...], *, descending: bool) -> ColumnElement[bool]:
    """Return the condition that a row comes after the keys of another."""
    first, value = keys[0], after[0]
    further: ColumnElement[bool] = first < value if descending else first > value
    if len(keys) == 1:
        return further
    # The first comparison alone lets SQLite begin in the middle of the index.
    reached = first <= value if descending else first >= value
    return and_(reached, or_(further, _beyond(keys[1:], after[1:], descending=descending)))
