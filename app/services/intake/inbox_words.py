"""The words that complete a filter: what exists in this workspace, the most used first."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import Text, func, select, type_coerce
from sqlalchemy.orm import Session

from app.models.countries import country_name
from app.models.inbox_filter_offers import Choice
from app.models.inquiry import Inquiry
from app.models.people import User
from app.models.product import Product
from app.models.topics import taxonomy
from app.models.vocabulary import vocabulary
from app.services.intake.inbox_filter import IS_TAGGED

_MOST_TAGS: Final = 500

FilterWords = Mapping[str, tuple[Choice, ...]]


def filter_words(session: Session) -> FilterWords:
    """Return what may follow each key whose values depend on the workspace or the rules."""
    names = session.execute(select(Product.name, Product.substance).where(Product.retired_at.is_(None)))
    products = sorted(names.all(), key=lambda row: row.name.lower())
    owners = session.scalars(select(User.name).where(User.retired_at.is_(None)).order_by(User.name))
    return {
        "product": tuple(Choice(row.name, _beside(row.name, row.substance)) for row in products),
        "owner": (Choice("me"), Choice("none"), *(Choice(name) for name in owners)),
        "tag": tags_in_use(session),
        "topic": tuple(Choice(topic.code, topic.label) for topic in taxonomy().topics.values()),
        "channel": tuple(Choice(term.code, term.label) for term in vocabulary().terms("channel")),
        "country": _countries(session),
    }


def tags_in_use(session: Session) -> tuple[Choice, ...]:
    """Return every tag that an inquiry bears and how many do, the most used first."""
    tags = type_coerce(Inquiry.tags, Text)
    counted: dict[str, int] = {}
    query = select(Inquiry.tags, func.count()).where(IS_TAGGED).group_by(tags)
    for row, count in session.execute(query):
        for tag in row:
            counted[tag] = counted.get(tag, 0) + count
    ranked = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0].lower()))
    return tuple(Choice(tag, count=count) for tag, count in ranked[:_MOST_TAGS])


def _beside(name: str, substance: str) -> str:
    return f"{name} ({substance})" if substance and substance.lower() not in name.lower() else ""


def _countries(session: Session) -> tuple[Choice, ...]:
    # One step of the index a country, where there is one; the rows themselves are not read.
    codes = session.scalars(select(Inquiry.country).where(Inquiry.country != "").distinct())
    return tuple(Choice(code, f"{code} {country_name(code)}") for code in sorted(codes))
