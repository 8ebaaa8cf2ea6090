"""The registered letter checks, run on a letter or on one block.

A rule may have a part that looks at one block alone and a part that needs the letter, so that a keystroke
reruns only the block it touched.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.models.checks import citations, delivery, origins, placeholders, questions, recipient
from app.models.checks.findings import Finding
from app.models.checks.snapshot import Block, LetterSnapshot

BlockCheck = Callable[[Block, LetterSnapshot], Iterable[Finding]]
LetterCheck = Callable[[LetterSnapshot], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule by its id, with its block part, letter part or both."""

    id: str
    on_block: BlockCheck | None = None
    on_letter: LetterCheck | None = None


RULES: tuple[Rule, ...] = (
    Rule("LC01", on_block=placeholders.unresolved),
    Rule("LC02", on_letter=questions.coverage),
    Rule("LC08", on_block=origins.effective_for_recipient),
    Rule("LC09", on_block=origins.edited_after_insert),
    Rule("LC11", on_block=recipient.other_people, on_letter=recipient.equals_contact),
    Rule("LC16", on_letter=citations.integrity),
    Rule("LC31", on_letter=delivery.formal_parts),
    Rule("LC40", on_letter=delivery.same_package),
)


def run(snapshot: LetterSnapshot) -> tuple[Finding, ...]:
    """Run every rule: blocks in letter order, then the letter."""
    found = [finding for block in snapshot.blocks for finding in run_block(snapshot, block.id)]
    return (*found, *run_letter(snapshot))


def run_block(snapshot: LetterSnapshot, block_id: str) -> tuple[Finding, ...]:
    """Run the block rules on one block; none if it is gone."""
    block = snapshot.block(block_id)
    if block is None:
        return ()
    return tuple(
        finding for rule in RULES if rule.on_block is not None for finding in rule.on_block(block, snapshot)
    )


def run_letter(snapshot: LetterSnapshot) -> tuple[Finding, ...]:
    """Run the rules that need the whole letter."""
    return tuple(
        finding for rule in RULES if rule.on_letter is not None for finding in rule.on_letter(snapshot)
    )


def ran_rules() -> tuple[str, ...]:
    """List the ids of the rules that a run covers."""
    return tuple(rule.id for rule in RULES)
