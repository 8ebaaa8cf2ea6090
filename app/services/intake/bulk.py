"""One step on many inquiries: a unit of work a batch, and every refusal by name."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import InputRefusedError, JobCancelledError
from app.models.base import freeze
from app.models.changes import Changes
from app.models.inquiry import Inquiry
from app.models.lifecycle_inquiry import ENDED, INQUIRY
from app.models.vocabulary import vocabulary
from app.services.intake.capture import check_tags
from app.services.intake.due import set_due_times
from app.services.intake.steps import Refusal, assign_many
from app.services.jobs.context import JobContext
from app.services.work.queries import ensure_may_write
from app.services.workspace.unit_of_work import UnitOfWork

BATCH: Final = 100
_PIECE: Final = 500
_Step = Callable[[UnitOfWork, Inquiry], bool]


@dataclass(frozen=True, slots=True)
class BulkOutcome:
    """What a step on many inquiries did: how many were asked, changed, left, and who refused.

    A cancelled step is `is_stopped`: what was done stays done.
    """

    asked: int
    done: int = 0
    refused: tuple[Refusal, ...] = ()
    is_stopped: bool = False
    changes: Changes = field(default_factory=Changes)

    @property
    def unchanged(self) -> int:
        """How many were as wanted already."""
        return 0 if self.is_stopped else self.asked - self.done - len(self.refused)


@dataclass(slots=True)
class _Tally:
    """What became of the inquiries so far."""

    done: int = 0
    changes: Changes = field(default_factory=Changes)


def ids_of(session: Session, rows: Sequence[int]) -> tuple[str, ...]:
    """Return the ids of these row numbers in their order; what is gone is left out."""
    found: dict[int, str] = {}
    for piece in _pieces(rows, _PIECE):
        query = select(Inquiry.row, Inquiry.id).where(Inquiry.row.in_(piece), Inquiry.retired_at.is_(None))
        found.update((row, key) for row, key in session.execute(query))
    return tuple(found[row] for row in rows if row in found)


def assign(
    uow: UnitOfWork, rows: Sequence[int], owner_id: str | None = None, *, job: JobContext | None = None
) -> BulkOutcome:
    """Give inquiries to one owner, oneself without a name; each claim is judged by the lifecycle."""

    def claim(ids: Sequence[str], refused: list[Refusal]) -> tuple[int, Changes]:
        result = assign_many(uow, ids, owner_id)
        refused.extend(result.refused)
        return len(ids) - len(result.refused), result.changes

    return _in_batches(uow, rows, claim, job or JobContext())


def tag(
    uow: UnitOfWork,
    rows: Sequence[int],
    *,
    add: Sequence[str] = (),
    remove: Sequence[str] = (),
    job: JobContext | None = None,
) -> BulkOutcome:
    """Put tags on inquiries and take others off; upper and lower case are one tag."""
    wanted, unwanted = check_tags(tuple(add)), {name.lower() for name in check_tags(tuple(remove))}
    if not wanted and not unwanted:
        raise InputRefusedError("No tag was named. Nothing was changed.")

    def step(_uow: UnitOfWork, inquiry: Inquiry) -> bool:
        kept = [name for name in inquiry.tags if name.lower() not in unwanted]
        known = {name.lower() for name in kept}
        after = (*kept, *(name for name in wanted if name.lower() not in known))
        is_other = after != tuple(inquiry.tags)
        if is_other:
            inquiry.tags = freeze(after)
        return is_other

    return _each(uow, rows, step, job)


def set_urgency(
    uow: UnitOfWork, rows: Sequence[int], urgency: str, *, job: JobContext | None = None
) -> BulkOutcome:
    """Make inquiries urgent or routine and reckon their clocks again."""
    code = vocabulary().check("urgency", urgency)

    def step(unit: UnitOfWork, inquiry: Inquiry) -> bool:
        if inquiry.urgency == code:
            return False
        inquiry.urgency = code
        set_due_times(unit, inquiry)
        return True

    return _each(uow, rows, step, job)


def _each(uow: UnitOfWork, rows: Sequence[int], step: _Step, job: JobContext | None) -> BulkOutcome:
    def change(ids: Sequence[str], refused: list[Refusal]) -> tuple[int, Changes]:
        with uow:
            ensure_may_write(uow.session, uow.actor)
            done = 0
            for inquiry in uow.session.scalars(select(Inquiry).where(Inquiry.id.in_(ids))):
                if inquiry.state in ENDED:
                    sentence = f"It is {INQUIRY.word(inquiry.state)}, so nothing of it changes."
                    refused.append(Refusal(inquiry.id, inquiry.number, (sentence,)))
                else:
                    done += step(uow, inquiry)
            return done, uow.commit()

    return _in_batches(uow, rows, change, job or JobContext())


def _in_batches(
    uow: UnitOfWork,
    rows: Sequence[int],
    change: Callable[[Sequence[str], list[Refusal]], tuple[int, Changes]],
    job: JobContext,
) -> BulkOutcome:
    tally, refused, is_stopped = _Tally(), list[Refusal](), False
    for begin in range(0, len(rows), BATCH):
        try:
            job.report(begin, len(rows))
        except JobCancelledError:
            is_stopped = True
            break
        with uow:
            ids = ids_of(uow.session, rows[begin : begin + BATCH])
        done, changes = change(ids, refused) if ids else (0, Changes())
        tally.done, tally.changes = tally.done + done, tally.changes | changes
    return BulkOutcome(len(rows), tally.done, tuple(refused), is_stopped, tally.changes)


def _pieces(rows: Sequence[int], size: int) -> Iterator[list[int]]:
    return (list(rows[begin : begin + size]) for begin in range(0, len(rows), size))


def reasons(refused: Iterable[Refusal]) -> tuple[tuple[str, int], ...]:
    """Return each reason and how many were refused for it, the commonest first."""
    counted: dict[str, int] = {}
    for each in refused:
        sentence = " ".join(each.blockers)
        counted[sentence] = counted.get(sentence, 0) + 1
    return tuple(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))


__all__ = ["BATCH", "BulkOutcome", "assign", "ids_of", "reasons", "set_urgency", "tag"]
