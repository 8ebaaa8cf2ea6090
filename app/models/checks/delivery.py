"""LC31 and LC40: the formal parts are there and the package is the approved one."""

from collections.abc import Iterator

from app.models.checks.findings import Finding
from app.models.checks.origins import same_language
from app.models.checks.rule_config import rule_config
from app.models.checks.snapshot import BlockKind, LetterSnapshot


def formal_parts(snapshot: LetterSnapshot) -> Iterator[Finding]:
    """Find a formal part of the letter that is missing."""
    config = rule_config("LC31")
    for outcome, is_there, message, fix in _parts(snapshot):
        if not is_there:
            yield config.finding(outcome, message, fix)
    if not same_language(snapshot.language, snapshot.contact.language):
        yield config.finding(
            "language",
            f"The letter is in {snapshot.language or 'no language'}, "
            f"the contact reads {snapshot.contact.language or 'no known language'}.",
            "Change the language of the letter or of the contact.",
        )


def same_package(snapshot: LetterSnapshot) -> Iterator[Finding]:
    """Find a package that differs from the approved bytes."""
    approved = snapshot.approved_hash.casefold()
    if approved and snapshot.package_hash.casefold() != approved:
        yield rule_config("LC40").finding(
            "differs",
            "The package differs from the approved one.",
            "Send the approved package, or amend the letter.",
            quote=snapshot.package_hash,
        )


def _parts(snapshot: LetterSnapshot) -> Iterator[tuple[str, bool, str, str]]:
    signed = any(block.kind is BlockKind.SIGNATURE for block in snapshot.blocks)
    author = snapshot.signature
    yield "date", snapshot.letter_date is not None, "The letter has no date.", "Enter the date."
    yield (
        "reference",
        bool(snapshot.reference.strip()),
        "The letter has no reference number.",
        "Enter the reference number.",
    )
    yield "signature", signed, "The letter has no signature block.", "Insert the signature block."
    yield (
        "signature",
        bool(author.author_name.strip()),
        "The signature has no name.",
        "Enter your name in the settings.",
    )
    yield (
        "credentials",
        bool(author.credentials.strip()),
        "The signature has no credentials.",
        "Enter your credentials in the settings.",
    )
    yield (
        "footer",
        bool(snapshot.version_footer.strip()),
        "The footer has no version.",
        "Choose a template with a version footer.",
    )
