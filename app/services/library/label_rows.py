"""The versions of labels as rows, and which of them is in force on a day."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, Final

from sqlalchemy import ColumnElement, RowMapping, func, select
from sqlalchemy.orm import Session

from app.models.label import Label, LabelVersion
from app.models.product import Product

CURRENT, OLDER, COMING = "current", "older", "coming"
_SOURCES: Final = ("DailyMed", "openFDA", "SPL")
_L, _V = Label, LabelVersion


@dataclass(frozen=True, slots=True)
class LabelRow:
    """One version of a label in a list.

    `state` is as of the day that was asked for. `replaced_on` is the day on which the next version begins:
    empty if that has no day, none if there is no next version.
    """

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
    replaced_on: str | None = None


_COLUMNS = (
    _V.id, _V.label_id, _L.set_id, _L.kind, _V.number, _L.title, Product.name.label("product"), _L.region,
    _L.language, _V.effective_from, _V.source,
)  # fmt: skip


def labels(session: Session, *, newest_only: bool = False, today: date | None = None) -> list[LabelRow]:
    """List the versions of all labels by title, the newest of each first.

    With a day the version in force then is the current one, and newer ones are coming; without a day
    the newest is current. `newest_only` keeps the current one of each label, else the next that comes.
    """
    return _rows(session, today, newest_only=newest_only)


def labels_of_product(session: Session, product: str, *, today: date | None = None) -> list[LabelRow]:
    """List the versions of the labels of one product, as `labels` does."""
    return _rows(session, today, Product.name == product)


def versions_of(session: Session, label_id: str, *, today: date | None = None) -> list[LabelRow]:
    """List the versions of one label, newest first."""
    return _rows(session, today, _V.label_id == label_id)


def rows_beside(session: Session, version_ids: Sequence[str], *, today: date | None = None) -> list[LabelRow]:
    """List the versions of the labels that these versions belong to, and of no others."""
    wanted = select(_V.label_id).where(_V.id.in_(list(version_ids)))
    return _rows(session, today, _V.label_id.in_(wanted))


@dataclass(frozen=True, slots=True)
class LabelSummary:
    """One label by its version in force, with all of its versions, the newest first."""

    row: LabelRow
    versions: tuple[LabelRow, ...]


def label_page(
    session: Session, *, words: str = "", today: date | None = None, limit: int = 200, offset: int = 0
) -> list[LabelSummary]:
    """List one page of labels by title; every word must stand in title, product, set id or region."""
    texts = _L.title + " " + func.coalesce(Product.name, "") + " " + _L.set_id + " " + _L.region
    page = (
        select(_L.id)
        .outerjoin(Product, Product.id == _L.product_id)
        .where(_L.retired_at.is_(None), *(texts.icontains(word, autoescape=True) for word in words.split()))
        .order_by(func.lower(_L.title), _L.set_id)
        .limit(limit)
        .offset(offset)
    )
    rows = _rows(session, today, _V.label_id.in_(session.scalars(page).all()))
    of_labels = [tuple(versions) for _, versions in groupby(rows, key=lambda row: row.label_id)]
    return [LabelSummary(_in_force(versions), versions) for versions in of_labels]


def label_count(session: Session) -> int:
    """Count the labels."""
    return session.scalar(select(func.count()).select_from(_L).where(_L.retired_at.is_(None))) or 0


def _rows(
    session: Session, today: date | None, *conditions: ColumnElement[bool], newest_only: bool = False
) -> list[LabelRow]:
    query = (
        select(*_COLUMNS)
        .join(_L, _L.id == _V.label_id)
        .outerjoin(Product, Product.id == _L.product_id)
        .where(_V.retired_at.is_(None), _L.retired_at.is_(None), *conditions)
    )
    found = sorted(session.execute(query).mappings(), key=_age_of, reverse=True)
    found.sort(key=lambda each: (each["title"].casefold(), each["set_id"]))
    rows: list[LabelRow] = []
    for _, versions in groupby(found, key=lambda each: each["label_id"]):
        of_label = list(_in_time(list(versions), today))
        rows += [_in_force(of_label)] if newest_only else of_label
    return rows


def states_on(begins: Sequence[str], today: date | None) -> list[str]:
    """Tell the state of each version on a day from the days they begin, the newest first."""
    states: list[str] = []
    for day in begins:
        if CURRENT in states:
            states.append(OLDER)
        else:
            states.append(COMING if today is not None and day > today.isoformat() else CURRENT)
    return states


def _in_time(versions: Sequence[RowMapping], today: date | None) -> Iterator[LabelRow]:
    replaced_on: str | None = None
    for mapping, state in zip(
        versions, states_on([each["effective_from"] for each in versions], today), strict=True
    ):
        values: dict[str, Any] = {**mapping, "product": mapping["product"] or ""}
        yield LabelRow(**values, state=state, replaced_on=replaced_on)
        replaced_on = mapping["effective_from"]


def _in_force(of_label: Sequence[LabelRow]) -> LabelRow:
    return next((row for row in of_label if row.state == CURRENT), of_label[-1])


Age = tuple[str, tuple[int, ...], int, str]


def age(effective_from: str, number: str, source: str, identifier: str) -> Age:
    """Return what sorts the versions of a label, the newest last."""
    numbers = tuple(int(part) for part in re.findall(r"\d{1,9}", number))
    return effective_from, numbers, rank(source), identifier


def rank(source: str) -> int:
    """SPL holds the whole label, openFDA its flat text, DailyMed's list the products only."""
    return _SOURCES.index(source) if source in _SOURCES else -1


def _age_of(mapping: RowMapping) -> Age:
    return age(mapping["effective_from"], mapping["number"], mapping["source"], mapping["id"])
