"""LC01: nothing is left to fill in."""

import re
from collections.abc import Iterator

from app.models.checks.findings import Finding
from app.models.checks.rule_config import patterns, rule_config
from app.models.checks.snapshot import Block, LetterSnapshot


def unresolved(block: Block, _snapshot: LetterSnapshot) -> Iterator[Finding]:
    """Find merge fields and placeholders that nobody has filled."""
    config = rule_config("LC01")
    for start, end in _spans(block.drawn):
        quote = block.drawn[start:end]
        field = quote.startswith("{{")
        message = "This field has no value." if field else "This placeholder was not filled."
        fix = "Fill it in the case." if field else "Replace it, or delete it."
        yield config.finding("unresolved", message, fix, where=block.id, quote=quote, offset=start)


def _spans(text: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    every = patterns("LC01", "patterns") + patterns("LC01", "case_sensitive_patterns", re.NOFLAG)
    # Two patterns may match in one place, as TBD in [TBD]; the longer one is shown.
    for start, end in sorted(
        (match.span() for one in every for match in one.finditer(text)), key=lambda s: (s[0], -s[1])
    ):
        if not spans or start >= spans[-1][1]:
            spans.append((start, end))
    return spans
