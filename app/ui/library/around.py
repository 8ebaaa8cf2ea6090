"""Read what stands around a version: its letters and its variants."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.services.library import gaps, variants, versions, where_used
from app.services.library.gaps import Gap
from app.services.library.queries import DocumentRow
from app.services.library.variants import Deviation, ExportDecision
from app.services.library.versions import ReviewDue
from app.services.library.where_used import Use
from app.services.workspace.database import Database
from app.ui.library.fact_lines import FactLine
from app.ui.library.facts import VariantOf, use_lines


@dataclass(frozen=True, slots=True)
class Around:
    """The letters with their rows, the variants, what differs in the version itself, and what is decided."""

    row: DocumentRow
    uses: tuple[Use, ...]
    lines: tuple[FactLine, ...]
    variants: tuple[VariantOf, ...]
    own: tuple[Deviation, ...]
    revision: DocumentRow | None = None
    decisions: tuple[ExportDecision, ...] = ()
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Backlog:
    """What must be reviewed and what is missing."""

    due: tuple[ReviewDue, ...]
    gaps: tuple[Gap, ...]


def read_around(database: Database, row: DocumentRow, all_versions: Sequence[DocumentRow]) -> Around:
    """Read letters and variants of every version; runs off the GUI thread."""
    uses = database.read(where_used.uses_of, [each.id for each in all_versions])
    # A variant stays tied to the version it was made from until it is assessed against the newer one.
    line = [each for each in all_versions if _whom(each) == _whom(row)]
    found = [
        VariantOf(variant, each) for each in line for variant in database.read(variants.variants_of, each.id)
    ]
    own = database.read(variants.deviations_of, row.id)
    return Around(
        row,
        uses,
        tuple(use_lines(uses, database.clock.zone())),
        tuple(found),
        own,
        database.read(versions.revision_of, row.id),
        database.read(variants.export_decisions, row.id),
        database.clock.zone(),
    )


def read_backlog(database: Database) -> Backlog:
    """Read due reviews and gaps; runs off the GUI thread."""
    clock = database.clock
    now = clock.now()
    return Backlog(database.read(versions.reviews_due, now, clock.zone()), database.read(gaps.gaps, now))


def _whom(row: DocumentRow) -> tuple[str, str, str]:
    return row.country, row.language, row.audience
