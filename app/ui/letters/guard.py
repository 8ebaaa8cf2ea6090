"""Which removals a letter allows: the first of the two nets."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.ui.letters.model import LetterModel
from app.ui.letters.spans import Span

APPROVED = "Approved text. Change it: F2. A changed block needs review."
FIXED = "This part is fixed by the letter template. Nothing was changed."
MADE = "This part is made by the program. Nothing was changed."
READ_ONLY = "This letter is not open for changes."
SEVERAL = "The selection holds text that stays. Select whole blocks, or text within one block."


@dataclass(frozen=True, slots=True)
class Plan:
    """How a stretch of text may go: by the editor, as whole blocks, or not at all."""

    kind: Literal["edit", "retire", "refuse"]
    block_ids: tuple[str, ...] = ()
    why: str = ""


def why_closed(model: LetterModel, block_id: str) -> str:
    """Say in words why nothing may be typed into a block."""
    if model.is_read_only:
        return READ_ONLY
    if not model.is_fixed(block_id):
        return APPROVED
    return FIXED if model.facts(block_id).is_slot else MADE


def plan_removal(model: LetterModel, all_spans: Sequence[Span], start: int, end: int) -> Plan:
    """Decide what removing a stretch of text comes to."""
    if model.is_read_only:
        return Plan("refuse", why=READ_ONLY)
    touched = [span for span in all_spans if span.touches(start, end) and span.tag]
    if len(touched) == 1 and not _covers(start, end, touched[0]):
        return _within(model, touched[0])
    covered = [span for span in touched if _covers(start, end, span)]
    rest = [span for span in touched if span not in covered and start != span.end and end != span.start]
    if rest or not covered:
        return _across(model, touched)
    fixed = [span for span in covered if model.is_fixed(span.block_id)]
    if fixed:
        return Plan("refuse", (fixed[0].block_id,), why_closed(model, fixed[0].block_id))
    return Plan("retire", tuple(span.block_id for span in covered))


def plan_typing(model: LetterModel, all_spans: Sequence[Span], start: int, end: int) -> Plan:
    """Decide whether a character may come in place of a stretch of text."""
    plan = plan_removal(model, all_spans, start, end)
    if plan.kind == "retire":
        closed = [each for each in plan.block_ids if model.is_closed(each)]
        if len(plan.block_ids) == 1 and not closed:
            return plan
        why = why_closed(model, closed[0]) if closed else SEVERAL
        return Plan("refuse", tuple(closed or plan.block_ids), why)
    # An empty line of nobody becomes a block when something is written there.
    is_nobodys = not plan.block_ids and not plan.why and not model.is_read_only
    return Plan("edit") if is_nobodys else plan


def plan_join(model: LetterModel, before: Span | None, after: Span | None) -> Plan:
    """Decide what joining two neighbours comes to; an empty one just goes."""
    if before is None or after is None:
        return Plan("refuse")
    for span in (after, before):
        if span.tag and not model.is_closed(span.block_id) and not model.held(span.block_id).text:
            return Plan("retire", (span.block_id,))
    if not before.tag or not after.tag:
        return Plan("refuse")
    return _across(model, (after, before))


def _covers(start: int, end: int, span: Span) -> bool:
    return start <= span.start and span.end <= end and end > start


def _within(model: LetterModel, span: Span) -> Plan:
    if model.is_closed(span.block_id):
        return Plan("refuse", (span.block_id,), why_closed(model, span.block_id))
    return Plan("edit", (span.block_id,))


def _across(model: LetterModel, touched: Sequence[Span]) -> Plan:
    for span in touched:
        if model.is_closed(span.block_id):
            return Plan("refuse", (span.block_id,), why_closed(model, span.block_id))
    if any(span.is_table or model.is_whole(span.tag) for span in touched):
        return Plan("refuse", (touched[0].block_id,), SEVERAL)
    return Plan("edit", tuple(span.block_id for span in touched))
