"""Labels of the medicines: take versions in, look into them, and compare two."""

import functools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import RowMapping, select, text
from sqlalchemy.orm import Session

from app.errors import RecordNotFoundError
from app.models.ids import uuid7
from app.models.label import Label, LabelSection, LabelVersion
from app.models.library_forms import LabelForm, Refusal
from app.models.product import Product
from app.models.rules_data import load_rules
from app.models.word_diff import Piece, word_diff
from app.services.jobs import JobContext
from app.services.library.commands import Imported, LibraryImport
from app.services.library.queries import match_expression
from app.services.workspace.unit_of_work import UnitOfWork

BOXED_WARNING: Final = "34066-1"
UNCLASSIFIED: Final = "42229-5"
CURRENT, OLDER = "current", "older"
_SOURCES: Final = ("DailyMed", "openFDA", "SPL")
_NUMBER_AT_START: Final = re.compile(r"^[\d.]+\s+")
_L, _V, _S = Label, LabelVersion, LabelSection


@dataclass(frozen=True, slots=True)
class LabelRow:
    """One version of a label in a list; `state` is current for the newest, else older."""

    id: str
    label_id: str
    set_id: str
    kind: str
    number: str
    title: str
    product: str
    region: str
    language: str
    effective_from: str
    source: str
    state: str


@dataclass(frozen=True, slots=True)
class LabelText:
    """One section; `standard` is the heading that its code has in every label."""

    id: str
    code: str
    depth: int
    heading: str
    standard: str
    text: str

    @property
    def is_boxed_warning(self) -> bool:
        """Whether this is the boxed warning."""
        return self.code == BOXED_WARNING


@dataclass(frozen=True, slots=True)
class LabelDocument:
    """One version, whole; `listed` is what its file held that the text does not."""

    row: LabelRow
    sections: tuple[LabelText, ...]
    listed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class LabelHit:
    """One found section; `snippet` marks words as [[word]]."""

    row: LabelRow
    section_id: str
    code: str
    heading: str
    snippet: str
    score: float


class SectionState(StrEnum):
    """What became of a section from one version to the next."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class SectionChange:
    """One section in two versions; `pieces` are whole words of both."""

    state: SectionState
    code: str
    heading: str
    older: LabelText | None
    newer: LabelText | None
    pieces: tuple[Piece, ...]


# Taking in


def import_labels(
    uow: UnitOfWork,
    forms: Sequence[LabelForm],
    *,
    product: str = "",
    job: JobContext | None = None,
) -> LibraryImport:
    """Take in each label as a version; one that is there already is left as it is.

    With `product` every label is linked to it, else to the one medicine that its names, substances or codes fit.
    """
    job = job or JobContext()
    imported: list[Imported] = []
    refused: list[Refusal] = []
    with uow:
        products = list(uow.session.scalars(select(Product).where(Product.retired_at.is_(None))))
        chosen = next((each for each in products if each.name.lower() == product.lower()), None)
        if product and chosen is None:
            raise RecordNotFoundError(product)
        for done, form in enumerate(forms, start=1):
            job.report(done, len(forms), "Reading labels")
            fitting = [chosen] if chosen is not None else fitting_products(form, products)
            outcome = _take_in(uow, form, fitting)
            if isinstance(outcome, Refusal):
                refused.append(outcome)
            else:
                imported.append(outcome)
        changes = uow.commit()
    return LibraryImport(tuple(imported), tuple(refused), changes)


def fitting_products(form: LabelForm, products: Sequence[Product]) -> list[Product]:
    """Return the medicines that a label fits best: by set id, then code, then name, then substance."""
    names, substances = _folded(form.names), _folded(form.substances)
    codes = set(form.codes)

    def by_name(product: Product) -> bool:
        return bool(_folded((product.name, *product.aliases)) & names)

    rules = (
        lambda product: bool(product.label_set_id) and product.label_set_id == form.set_id,
        lambda product: bool(codes & {str(alias) for alias in product.aliases}),
        by_name,
        lambda product: bool(_folded((product.substance,)) & substances),
    )
    for fits in rules:
        if found := [product for product in products if fits(product)]:
            return found
    return []


def _folded(names: Sequence[Any]) -> set[str]:
    return {" ".join(str(name).casefold().split()) for name in names if str(name).strip()}


def _take_in(uow: UnitOfWork, form: LabelForm, fitting: Sequence[Product]) -> Imported | Refusal:
    session = uow.session
    label = session.scalars(select(_L).where(_L.set_id == form.set_id)).first()
    versions = list(session.scalars(select(_V).where(_V.label_id == label.id))) if label is not None else []
    known = next((version for version in versions if _holds(version, form)), None)
    if label is not None and known is not None:
        return _known(session, label, known, versions, form)
    if label is None:
        label = _L(id=uuid7(), set_id=form.set_id, kind=form.kind, title=form.title)
        label.region, label.language = form.region, form.language
        session.add(label)
    note = _link(label, fitting)
    session.flush()
    version = _add_version(uow, label, form)
    is_newest = _newest([*versions, version]) is version
    if is_newest and versions:
        label.title, label.kind = form.title, form.kind
    session.flush()
    return Imported(
        version.id,
        label.set_id,
        version.number,
        form.title,
        CURRENT if is_newest else OLDER,
        kind="label",
        understood=form.understood,
        listed=form.listed,
        note=note,
    )


def _link(label: Label, fitting: Sequence[Product]) -> str:
    """Link the one product that fits, and say in words what became of it."""
    if label.product_id is not None:
        return ""
    if len(fitting) == 1:
        label.product_id = fitting[0].id
        return f"Linked to {fitting[0].name}."
    if not fitting:
        return "Linked to no product: none has its name, substance or code."
    names = ", ".join(sorted(product.name for product in fitting)[:4])
    return f"Linked to no product: several fit ({names})."


def _holds(version: LabelVersion, form: LabelForm) -> bool:
    """Tell whether a version is the one of the form, from a source that gives as much or more."""
    if _rank(version.source) < _rank(form.source):
        return False
    document = version.extra.get("document_id", "")
    if form.document_id and document:
        return bool(document == form.document_id)
    return (version.number, version.effective_from) == (form.number, form.effective_from)


def _known(
    session: Session, label: Label, version: LabelVersion, versions: Sequence[LabelVersion], form: LabelForm
) -> Imported | Refusal:
    state = CURRENT if _newest(versions) is version else OLDER
    known = Imported(version.id, label.set_id, version.number, label.title, state, known=True, kind="label")
    if version.source != form.source:
        return known
    stored = session.execute(
        select(_S.code, _S.depth, _S.heading, _S.text)
        .where(_S.version_id == version.id)
        .order_by(_S.position)
    ).all()
    given = [(section.code, section.depth, section.heading, section.text) for section in form.sections]
    if [tuple(row) for row in stored] != given:
        return Refusal(
            form.where or form.set_id,
            f"Version {version.number or version.effective_from} of this label ({label.title[:80]}) is in the "
            f"library with another text, from {version.source}. It was left as it is.",
        )
    return known


def _add_version(uow: UnitOfWork, label: Label, form: LabelForm) -> LabelVersion:
    version = _V(
        id=uuid7(),
        label_id=label.id,
        number=form.number,
        effective_from=form.effective_from,
        source=form.source,
        source_sha256=form.source_sha256,
        extra={
            "document_id": form.document_id,
            "file": form.where,
            "codes": list(form.codes),
            "listed": [{"kind": each.kind, "text": each.text} for each in form.listed],
        },
    )
    uow.session.add(version)
    rows = [
        {
            "version_id": version.id,
            "position": position,
            "depth": section.depth,
            "code": section.code,
            "heading": section.heading,
            "text": section.text,
        }
        for position, section in enumerate(form.sections)
    ]
    uow.insert_many(_S, rows)
    return version


def _newest(versions: Sequence[LabelVersion]) -> LabelVersion:
    return max(versions, key=lambda each: _age(each.effective_from, each.number, each.source, each.id))


_Age = tuple[str, tuple[int, ...], int, str]


def _age(effective_from: str, number: str, source: str, identifier: str) -> _Age:
    numbers = tuple(int(part) for part in re.findall(r"\d{1,9}", number))
    return effective_from, numbers, _rank(source), identifier


def _rank(source: str) -> int:
    """SPL holds the whole label, openFDA its flat text, DailyMed's list the products only."""
    return _SOURCES.index(source) if source in _SOURCES else -1


# Looking


_COLUMNS = (
    _V.id, _V.label_id, _L.set_id, _L.kind, _V.number, _L.title, Product.name.label("product"), _L.region,
    _L.language, _V.effective_from, _V.source,
)  # fmt: skip


def labels(session: Session, *, newest_only: bool = False) -> list[LabelRow]:
    """List the versions of all labels by title, the newest of each first."""
    query = (
        select(*_COLUMNS)
        .join(_L, _L.id == _V.label_id)
        .outerjoin(Product, Product.id == _L.product_id)
        .where(_V.retired_at.is_(None), _L.retired_at.is_(None))
    )
    found = sorted(session.execute(query).mappings(), key=_age_of, reverse=True)
    seen: set[str] = set()
    rows: list[LabelRow] = []
    for mapping in found:
        is_newest = mapping["label_id"] not in seen
        seen.add(mapping["label_id"])
        if is_newest or not newest_only:
            rows.append(_row(mapping, CURRENT if is_newest else OLDER))
    return sorted(rows, key=lambda row: (row.title.casefold(), row.set_id))


def versions_of(session: Session, label_id: str) -> list[LabelRow]:
    """List the versions of one label, newest first."""
    return [row for row in labels(session) if row.label_id == label_id]


def label(session: Session, version_id: str) -> LabelDocument:
    """Return one version with its sections in their order."""
    row = next((row for row in labels(session) if row.id == version_id), None)
    if row is None:
        raise RecordNotFoundError(version_id)
    extra = session.scalar(select(_V.extra).where(_V.id == version_id)) or {}
    listed = tuple((each["kind"], each["text"]) for each in extra.get("listed", ()))
    return LabelDocument(row, tuple(sections_of(session, version_id)), listed)


def sections_of(session: Session, version_id: str) -> list[LabelText]:
    """List the sections of one version in their order."""
    query = (
        select(_S.id, _S.code, _S.depth, _S.heading, _S.text)
        .where(_S.version_id == version_id)
        .order_by(_S.position)
    )
    return [
        LabelText(found.id, found.code, found.depth, found.heading, standard_heading(found.code), found.text)
        for found in session.execute(query)
    ]


def version_by_name(session: Session, name: str, number: str | None = None) -> str:
    """Return the version that a set id, its first part, a title or a product names; the newest by default."""
    wanted = name.strip().casefold()
    rows = labels(session)
    if number is not None:
        rows = [row for row in rows if row.number == number]
    for fits in (_has_set_id, _has_name):
        found = [row for row in rows if wanted and fits(row, wanted)]
        if len({row.label_id for row in found}) == 1:
            return found[0].id
    raise RecordNotFoundError(name)


def _has_set_id(row: LabelRow, wanted: str) -> bool:
    return row.set_id.casefold().startswith(wanted)


def _has_name(row: LabelRow, wanted: str) -> bool:
    return wanted in (row.title.casefold(), row.product.casefold())


def find(
    session: Session, words: str, *, version_id: str = "", newest_only: bool = True, limit: int = 20
) -> list[LabelHit]:
    """Find sections by words, best first: inside one version, or in the current ones of all labels."""
    match = match_expression(words)
    if not match:
        return []
    rows = {row.id: row for row in labels(session, newest_only=newest_only and not version_id)}
    found = session.execute(
        _FIND, {"match": match, "version_id": version_id, "limit": limit if version_id else limit * 8}
    ).mappings()
    hits = [
        LabelHit(
            rows[mapping["version_id"]],
            mapping["id"],
            mapping["code"],
            mapping["heading"],
            mapping["snippet"],
            -float(mapping["score"]),
        )
        for mapping in found
        if mapping["version_id"] in rows
    ]
    return hits[:limit]


_FIND = text(
    """
    SELECT s.id, s.version_id, s.code, s.heading,
           snippet(label_search, 1, '[[', ']]', ' … ', 24) AS snippet,
           bm25(label_search, 4.0, 1.0) AS score
      FROM label_search
      JOIN label_section s ON s.row = label_search.rowid
     WHERE label_search MATCH :match AND (:version_id = '' OR s.version_id = :version_id)
     ORDER BY score, s.position LIMIT :limit
    """
)


def compare(session: Session, older_id: str, newer_id: str) -> tuple[SectionChange, ...]:
    """Compare two versions section by section, in the order of the newer one.

    Sections meet by code and place among those of the same code; without a code of their own, by heading.
    A removed section stands after the one before it.
    """
    older, newer = _keyed(sections_of(session, older_id)), _keyed(sections_of(session, newer_id))
    changes = [_change(older.get(key), section) for key, section in newer.items()]
    places = {key: place for place, key in enumerate(newer)}
    before = -1
    removed: list[tuple[int, SectionChange]] = []
    for key, section in older.items():
        if key in places:
            before = places[key]
        else:
            removed.append((before, _change(section, None)))
    for place, change in reversed(removed):
        changes.insert(place + 1, change)
    return tuple(changes)


_Key = tuple[str, str, int]


def _keyed(sections: Sequence[LabelText]) -> dict[_Key, LabelText]:
    counts: Counter[tuple[str, str]] = Counter()
    keyed: dict[_Key, LabelText] = {}
    for section in sections:
        has_code = section.code not in ("", UNCLASSIFIED)
        name = "" if has_code else _NUMBER_AT_START.sub("", section.heading).casefold()
        keyed[section.code, name, counts[section.code, name]] = section
        counts[section.code, name] += 1
    return keyed


def _change(older: LabelText | None, newer: LabelText | None) -> SectionChange:
    shown = newer or older
    if shown is None:
        raise ValueError("a change is of at least one section")
    pieces = word_diff(older.text if older else "", newer.text if newer else "")
    if older is None:
        state = SectionState.ADDED
    elif newer is None:
        state = SectionState.REMOVED
    else:
        same = (older.text, older.heading) == (newer.text, newer.heading)
        state = SectionState.SAME if same else SectionState.CHANGED
    return SectionChange(state, shown.code, shown.heading, older, newer, pieces)


def standard_heading(code: str) -> str:
    """Return the standard heading of a section code, empty when it has none."""
    return _headings().get(code, "")


def standard_order(code: str) -> int:
    """Return the place of a section code in a full label; unknown codes come last."""
    return list(_headings()).index(code) if code in _headings() else len(_headings())


@functools.cache
def _headings() -> dict[str, str]:
    sections = load_rules("label_sections.json").body.sections("sections")
    return {section.text("code"): section.text("heading") for section in sections}


def _age_of(mapping: RowMapping) -> _Age:
    return _age(mapping["effective_from"], mapping["number"], mapping["source"], mapping["id"])


def _row(mapping: RowMapping, state: str) -> LabelRow:
    values = {name: mapping[name] for name in LabelRow.__dataclass_fields__ if name != "state"}
    values["product"] = values["product"] or ""
    return LabelRow(**values, state=state)
