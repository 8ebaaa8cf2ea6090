"""LC02: every question has its answer, and nothing else is told."""

from collections.abc import Iterator

from app.models.checks.findings import Finding
from app.models.checks.rule_config import rule_config
from app.models.checks.snapshot import Block, BlockKind, LetterSnapshot

ANSWERING = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST, BlockKind.TABLE, BlockKind.EVIDENCE_TABLE})


def coverage(snapshot: LetterSnapshot) -> Iterator[Finding]:
    """Find questions without an answer and answers without a question."""
    config = rule_config("LC02")
    must_answer = snapshot.kind not in config.section.texts("need_not_answer")
    known = {question.id for question in snapshot.questions}
    answering = [block for block in snapshot.blocks if _answers(block)]
    answered = {question_id for block in answering for question_id in block.question_ids}
    for place, question in enumerate(snapshot.questions, start=1):
        if must_answer and question.id not in answered and not question.answered_elsewhere:
            yield config.finding(
                "unanswered",
                f"Question {place} has no answer in this letter.",
                "Answer it, tie a block to it, or log a spoken answer.",
                quote=question.text,
            )
    # Own words in a letter that need not answer, such as when the answer comes, belong to no question.
    for block in answering if must_answer else (block for block in answering if block.origins):
        if known.isdisjoint(block.question_ids):
            yield config.finding(
                "untied",
                "This block answers no question that was asked.",
                "Tie it to a question, or delete it.",
                where=block.id,
                quote=block.drawn,
                offset=0,
            )


def _answers(block: Block) -> bool:
    return block.kind in ANSWERING and bool(block.drawn.strip())
