"""LC08 and LC09: approved text is in force, and still says what was approved."""

from collections.abc import Iterator

from app.models.checks.findings import Finding
from app.models.checks.rule_config import rule_config
from app.models.checks.snapshot import Block, BlockState, LetterSnapshot, Origin, OriginKind
from app.models.library_rules import library_rules

APPROVED = frozenset({OriginKind.SRD, OriginKind.LABEL})
REPLACE = "Replace it by a version that fits, or delete it."


def effective_for_recipient(block: Block, snapshot: LetterSnapshot) -> Iterator[Finding]:
    """Find text whose version may not be sent to this contact today."""
    config = rule_config("LC08")
    told = False
    for origin in block.origins:
        if origin.kind is not OriginKind.SRD:
            continue
        for outcome, message in _misfits(origin, snapshot):
            told = True
            yield config.finding(outcome, message, REPLACE, where=block.id, quote=block.drawn, offset=0)
    if block.stale and not told:
        names = ", ".join(origin.name for origin in block.origins) or "its source"
        message = f"This text comes from {names}, which is no longer in force."
        yield config.finding("stale", message, REPLACE, where=block.id, quote=block.drawn, offset=0)


def edited_after_insert(block: Block, _snapshot: LetterSnapshot) -> Iterator[Finding]:
    """Find approved text that was customised, which needs review."""
    approved = [origin.name for origin in block.origins if origin.kind in APPROVED]
    if block.state is BlockState.CHANGED and approved:
        yield rule_config("LC09").finding(
            "changed",
            f"This text from {', '.join(approved)} was changed, so the letter needs review.",
            "Restore the approved text, or send the letter to review.",
            where=block.id,
            quote=block.drawn,
            offset=0,
        )


def _misfits(origin: Origin, snapshot: LetterSnapshot) -> Iterator[tuple[str, str]]:
    contact = snapshot.contact
    if origin.status != "effective":
        yield "status", f"{origin.name} is {origin.status.replace('_', ' ') or 'without a status'}."
    elif (when := _date_misfit(origin, snapshot)) is not None:
        yield "date", when
    if (where := _country_misfit(origin, contact.country)) is not None:
        yield "country", where
    if origin.audience.casefold() != contact.audience.casefold() or not origin.audience:
        yield (
            "audience",
            f"{origin.name} is for {_or(origin.audience)}, the contact is {_or(contact.audience)}.",
        )
    if not _same_language(origin.language, contact.language):
        yield (
            "language",
            f"{origin.name} is in {_or(origin.language)}, the contact reads {_or(contact.language)}.",
        )


def _date_misfit(origin: Origin, snapshot: LetterSnapshot) -> str | None:
    begins, ends = origin.effective_from, origin.effective_to
    if begins is not None and snapshot.today < begins:
        return f"{origin.name} is effective from {begins:%d %b %Y} only."
    if ends is not None and snapshot.today > ends:
        return f"{origin.name} was effective until {ends:%d %b %Y}."
    return None


def _country_misfit(origin: Origin, country: str) -> str | None:
    if not origin.country:
        return (
            None if origin.exportable else f"{origin.name} is a core text that is not cleared for use abroad."
        )
    if not country:
        return f"{origin.name} is for {origin.country}, and the contact has no country."
    if origin.country.upper() not in (country.upper(), library_rules().region_of(country.upper())):
        return f"{origin.name} is for {origin.country}, the contact is in {country}."
    return None


def same_language(left: str, right: str) -> bool:
    """Tell whether two language tags name one language, regions aside."""
    return _same_language(left, right)


def _same_language(left: str, right: str) -> bool:
    one, other = (tag.replace("_", "-").split("-")[0].casefold() for tag in (left, right))
    return bool(one) and one == other


def _or(text: str) -> str:
    return text or "not known"
