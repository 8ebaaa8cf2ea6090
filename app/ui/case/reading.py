"""Everything the page shows of a case, read in one go off the GUI thread."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.models.checks.findings import Finding, Severity
from app.models.checks.snapshot import BlockState
from app.services.intake import queries as intake
from app.services.intake.queries import CaseView, TimelineEntry
from app.services.letters import queries
from app.services.letters.views import LetterView, PackageView
from app.services.library.queries import ForWhom
from app.services.settings.queries import ProductView, products
from app.services.work.queries import ColleagueView, colleagues
from app.services.workspace.clock import in_zone
from app.services.workspace.database import Database

_OVER = ("superseded",)
PieceKey = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class CaseRead:
    """One case with its letter, the checks of that letter and its history."""

    view: CaseView
    letter: LetterView | None
    findings: tuple[Finding, ...]
    letter_blockers: tuple[str, ...]
    inserted: Mapping[PieceKey, str]
    package: PackageView | None
    timeline: tuple[TimelineEntry, ...]
    products: tuple[ProductView, ...]
    colleagues: tuple[ColleagueView, ...]
    today: date

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """The findings that keep the letter from going on."""
        return tuple(item for item in self.findings if item.severity is Severity.BLOCK)

    @property
    def blocks(self) -> dict[str, int]:
        """How many blocks of the letter answer each question."""
        questions = self.letter.questions if self.letter is not None else ()
        return {question.id: len(question.block_ids) for question in questions}

    @property
    def whom(self) -> ForWhom:
        """For whom a text of the library must fit."""
        person = self.view.contact or self.view.requester
        country = (self.view.contact.fields.country if self.view.contact else "") or str(
            self.view.facts["country"]
        )
        language = self.letter.language if self.letter is not None else str(self.view.facts["language"])
        return ForWhom(country, person.audience if person else "", language, self.today)


def read_case(database: Database, inquiry_id: str) -> CaseRead:
    """Read a case and the letter at hand; on a worker, never on the GUI thread."""
    now = database.clock.now()
    view = database.read(intake.case, inquiry_id, database.identity.user, now)
    rows = [row for row in database.read(queries.letters_of, inquiry_id) if row.state not in _OVER]
    # One that is still to be finished comes before one that went out.
    pending = [row for row in rows if row.state != "sent"]
    newest = (pending or rows)[-1] if rows else None
    letter = database.read(queries.letter, newest.id, now=now) if newest else None
    findings: tuple[Finding, ...] = ()
    blocked: tuple[str, ...] = ()
    if letter is not None and letter.state == "draft":
        findings = database.read(queries.check, letter.id, now=now)
        blocked = database.read(queries.release_blockers, letter.id, database.identity.user, now=now)
    return CaseRead(
        view=view,
        letter=letter,
        findings=findings,
        letter_blockers=blocked,
        inserted=_inserted(database, letter),
        package=database.read(queries.package, letter.id) if letter is not None else None,
        timeline=database.read(intake.timeline, inquiry_id),
        products=database.read(products),
        colleagues=database.read(colleagues),
        today=in_zone(now, database.clock.zone()).date(),
    )


def _inserted(database: Database, letter: LetterView | None) -> dict[PieceKey, str]:
    if letter is None:
        return {}
    found = database.read(queries.inserted_paragraphs, letter.id)
    # A heading goes in with its section; the library counts paragraphs alone.
    return {
        (version, section, paragraph): "inserted" if state is BlockState.VERBATIM else "changed"
        for (version, section, paragraph), state in found.items()
        if paragraph is not None
    }
