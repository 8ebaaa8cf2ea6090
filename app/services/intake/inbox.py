"""Which inquiries a list shows and in which order, by row number.

Every sort is a run of segments: conditions that together hold every row once, in order, each walked along
an index. So a first page costs the rows it shows, however many there are.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, TypeAlias

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from app.models.inbox_filter import read
from app.models.inbox_filter_keys import OPEN_STATES
from app.models.inquiry import Inquiry
from app.models.lifecycle_inquiry import InquiryState
from app.models.people import User
from app.models.product import Product
from app.models.safety import AdverseEventReport, ProductQualityComplaint
from app.services.intake.inbox_filter import HAS_ENDED, IS_OPEN, conditions
from app.services.intake.service_clocks import has_clock, is_due_on, is_late, is_over, is_past, office_days
from app.services.safety.queries import unacknowledged

View = Literal[
    "mine", "unassigned", "due_today", "overdue", "safety_open", "waiting", "all_open", "closed", "all"
]
Sort = Literal["due", "received", "number", "product", "state", "owner", "priority"]

Key: TypeAlias = "ColumnElement[Any] | InstrumentedAttribute[Any]"
_WAITING = (InquiryState.AWAITING_REQUESTER, InquiryState.AWAITING_INTERNAL)
# Beyond this many a count says “more”: nobody reads the number, and it would cost a walk over all.
MOST_COUNTED: Final = 9_999


@dataclass(frozen=True, slots=True)
class InboxQuery:
    """A view of the inbox with its filter and its order; of a faulty filter what can be read counts."""

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
    base = _base(session, query, is_walk=True)
    if query.sort in _RANKED:
        return _bucketed(session, base, _RANKED[query.sort](session, query.descending))
    found = array("q")
    for segment in segments(session, query):
        found.extend(session.scalars(segment.query(base).with_only_columns(Inquiry.row)))
    return found


def _bucketed(session: Session, base: Select[int], ranking: "Ranking") -> "array[int]":
    # One walk along the index of the column, and a bucket a value: names are ordered, not their ids.
    column = ranking.column
    walk = base.add_columns(column, ~has_clock()).order_by(column, Inquiry.next_due_at, Inquiry.id)
    buckets = {(value, is_last): array("q") for value in ranking.values for is_last in (0, 1)}
    nothing = array("q")
    for row, value, is_last in session.execute(walk):
        buckets.get((value, int(is_last)), nothing).append(row)
    found = array("q")
    for bucket in buckets.values():
        found.extend(bucket)
    return found


def id_page(session: Session, query: InboxQuery, limit: int, after: PageKey | None = None) -> IdPage:
    """Return the next row numbers of the view after a key."""
    base = _base(session, query, is_page=True)
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


def inbox_count(session: Session, query: InboxQuery, *, most: int = 0) -> int:
    """Count the inquiries of a view with its filter, up to one more than `most` if that is given."""
    base = _base(session, query)
    if most:
        base = base.limit(most + 1)
    return session.scalar(select(func.count()).select_from(base.subquery())) or 0


def view_counts(session: Session, user_id: str, now: int, zone: str) -> dict[View, int]:
    """Count the inquiries of every view, in one walk over an index of those that are open.

    Of the ended ones, and so of all, no more than one over `MOST_COUNTED` are counted.
    """
    query = InboxQuery("all", user_id, now, zone)
    tests: dict[str, Any] = {view: and_(true(), *_VIEWS[view](session, query)) for view in _AMONG_OPEN}
    # Late safety records are looked up apart: there are few, and some belong to ended inquiries.
    tests["past"] = is_past(now)
    counts = (func.count().filter(test).label(name) for name, test in tests.items())
    row = session.execute(select(*counts).where(IS_OPEN, Inquiry.retired_at.is_(None))).one()
    found: dict[View, int] = {view: getattr(row, view) for view in _AMONG_OPEN}
    found["overdue"] = row.past + _count(session, is_late(now), ~is_past(now))
    found["safety_open"] = inbox_count(session, replace(query, view="safety_open"))
    ended = _ended_count(session, row.all_open)
    return found | {"closed": ended, "all": min(ended + row.all_open, MOST_COUNTED + 1)}


def _count(session: Session, *tests: ColumnElement[bool]) -> int:
    found = select(func.count()).select_from(Inquiry).where(Inquiry.retired_at.is_(None), *tests)
    return session.scalar(found) or 0


def _ended_count(session: Session, opened: int) -> int:
    # Neither reads a row of the many that have ended.
    retired = session.scalar(select(func.count()).where(Inquiry.retired_at.is_not(None))) or 0
    most = opened + retired + MOST_COUNTED + 1
    some = select(Inquiry.row).limit(most).subquery()
    return (session.scalar(select(func.count()).select_from(some)) or 0) - opened - retired


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


def in_view(session: Session, query: InboxQuery) -> ColumnElement[bool]:
    """Return the condition that an inquiry belongs to the view."""
    return and_(Inquiry.retired_at.is_(None), *_VIEWS[query.view](session, query))


def _base(
    session: Session, query: InboxQuery, *, is_walk: bool = False, is_page: bool = False
) -> Select[int]:
    base: Select[int] = select(Inquiry.row).where((_walked if is_walk else in_view)(session, query))
    if not query.text.strip():
        return base
    return base.where(
        *conditions(
            session, read(query.text).filter, query.user_id, query.now, query.zone, is_ordered=is_page
        )
    )


def _walked(session: Session, query: InboxQuery) -> ColumnElement[bool]:
    """Return the same condition for a walk over all, where reading each row would cost the most.

    What is retired, or still open, is little: an index of the rest answers without its rows.
    """
    ours, retired = aliased(Inquiry), aliased(Inquiry)
    is_retired = Inquiry.row.in_(select(retired.row).where(retired.retired_at.is_not(None)))
    if query.view != "closed":
        return and_(~is_retired, *_VIEWS[query.view](session, query))
    still_open = select(ours.row).where(ours.state.in_(OPEN_STATES))
    return and_(~is_retired, Inquiry.row.not_in(still_open))


def _mine(_session: Session, query: InboxQuery) -> tuple[Any, ...]:
    return (IS_OPEN, Inquiry.owner_id == query.user_id)


def _due_today(session: Session, query: InboxQuery) -> tuple[Any, ...]:
    return (IS_OPEN, is_due_on(office_days(session, query.now, query.zone)))


def _safety_open(_session: Session, _query: InboxQuery) -> tuple[Any, ...]:
    events = select(AdverseEventReport.inquiry_id).where(unacknowledged(AdverseEventReport))
    complaints = select(ProductQualityComplaint.inquiry_id).where(unacknowledged(ProductQualityComplaint))
    return (Inquiry.id.in_(events.union_all(complaints)),)


_AMONG_OPEN: tuple[View, ...] = ("mine", "unassigned", "due_today", "waiting", "all_open")
_VIEWS: dict[str, Any] = {
    "mine": _mine,
    "unassigned": lambda _session, _query: (IS_OPEN, Inquiry.owner_id.is_(None)),
    "due_today": _due_today,
    "overdue": lambda _session, query: (is_over(query.now),),
    "safety_open": _safety_open,
    "waiting": lambda _session, _query: (Inquiry.state.in_([state.value for state in _WAITING]),),
    "all_open": lambda _session, _query: (IS_OPEN,),
    "closed": lambda _session, _query: (HAS_ENDED,),
    "all": lambda _session, _query: (),
}


def _by_due(test: ColumnElement[bool], *, descending: bool = False) -> Iterator[Segment]:
    # What is paused comes last either way, and what owes nothing after it.
    keys = (Inquiry.next_due_at, Inquiry.id)
    yield Segment(and_(test, has_clock()), keys, descending)
    yield Segment(and_(test, ~has_clock()), keys)


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
