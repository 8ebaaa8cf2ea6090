"""Recognise the company's medicines in a question, by any of their names."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.label import Label
from app.models.product import Product
from app.services.search.stems import fold, tokens

_SHORTEST: Final = 4
_SHORTEST_GUESS: Final = 6
_LONG: Final = 9
# First words of many substances: alone they name none.
_SALTS: Final = frozenset(
    {"sodium", "potassium", "calcium", "magnesium", "zinc", "iron", "human", "acid", "vitamin"}
)
# What stands behind a name and is none.
_FORMS: Final = frozenset(
    {
        "tablet", "tablets", "capsule", "capsules", "injection", "solution", "cream", "ointment", "gel", "spray",
        "syrup", "suspension", "powder", "patch", "inhaler", "drops", "film", "coated", "oral", "kit",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Named:
    """A medicine that a question names: by which word, and what else it is called."""

    id: str
    product: str
    said: str
    read_as: str
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Known:
    id: str
    product: str
    names: tuple[tuple[str, ...], ...]


def named_products(session: Session, question: str) -> tuple[Named, ...]:
    """Return the medicines that a question names, each once; a misspelt name counts."""
    words = tokens(question)
    known = _known(session)
    found = [named for each in known if (named := _named_in(each, words)) is not None]
    return tuple(found) or tuple(_misspelt(known, words))


def product_called(session: Session, name: str) -> Named | None:
    """Return the medicine with a name, substance or alias."""
    words = tokens(name)
    exact = [each for each in _known(session) if fold(each.product) == fold(name)]
    for each in exact or _known(session):
        if exact or _named_in(each, words) is not None:
            return Named(each.id, each.product, name, name, _others(each, ()))
    return None


def _known(session: Session) -> list[_Known]:
    brands: dict[str, list[str]] = {}
    for label in session.execute(select(Label.product_id, Label.title).where(Label.retired_at.is_(None))):
        if label.product_id:
            brands.setdefault(label.product_id, []).append(label.title.split(" ")[0])
    query = select(Product.id, Product.name, Product.substance, Product.aliases)
    return [
        _Known(row.id, row.name, _names([row.name, row.substance, *row.aliases, *brands.get(row.id, [])]))
        for row in session.execute(query.where(Product.retired_at.is_(None)).order_by(Product.name))
    ]


def _names(spelled: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    found: dict[tuple[str, ...], None] = {}
    for name in spelled:
        words = tuple(word for word in tokens(name) if word not in _FORMS)
        if not words or len("".join(words)) < _SHORTEST:
            continue
        found[words] = None
        if words[0] not in _SALTS and len(words[0]) >= _SHORTEST:
            found[words[:1]] = None
    return tuple(found)


def _named_in(known: _Known, words: Sequence[str]) -> Named | None:
    for name in sorted(known.names, key=len, reverse=True):
        for start in range(len(words) - len(name) + 1):
            if tuple(words[start : start + len(name)]) == name:
                said = " ".join(name)
                return Named(known.id, known.product, said, said, _others(known, name))
    return None


def _misspelt(known: Sequence[_Known], words: Sequence[str]) -> Iterator[Named]:
    single = {name[0]: each for each in known for name in each.names if len(name) == 1}
    for word in words:
        if len(word) < _SHORTEST_GUESS or not word.isalpha():
            continue
        most = 2 if len(word) >= _LONG else 1
        found = process.extractOne(word, list(single), scorer=OSA.distance, score_cutoff=most)
        if found is not None and found[0][0] == word[0]:
            each = single[found[0]]
            yield Named(each.id, each.product, word, found[0], _others(each, ()))
            return


def _others(known: _Known, name: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(" ".join(other) for other in known.names if other[:1] != name[:1])
