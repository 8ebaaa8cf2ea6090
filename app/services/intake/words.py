"""What a person types into a search field, as a query of the index."""

import re

from sqlalchemy import ColumnElement, column, literal_column, table

# The search index of inquiries; its rowid is the row number of the inquiry.
INDEX = table("inquiry_search", column("rowid"), column("rank"))

_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_NUMBER = re.compile(r"#?[A-Za-z]{2,3}-[\w-]*\d[\w-]*")
MAX_WORDS = 12


def number_in(text: str) -> str:
    """Return what may be part of a number in capitals, or nothing."""
    typed = text.strip().removeprefix("#").upper()
    return typed if any(char.isdigit() for char in typed) else ""


def match_of(text: str) -> str:
    """Return a prefix query that wants every word; a number is none."""
    if _NUMBER.fullmatch(text.strip()):
        return ""
    words = _WORD.findall(text.replace("\x00", " "))[:MAX_WORDS]
    return " ".join(f'"{word[:40]}"*' for word in words)


def says(match: str) -> ColumnElement[bool]:
    """Return the condition that the index matches a query."""
    return literal_column("inquiry_search").op("MATCH", is_comparison=True)(match)


def label_of(name: str) -> str:
    """Return the name of a field or a type as a sentence begins."""
    words = name.removesuffix("_id").removesuffix("_at").removesuffix("_by").replace("_", " ").strip()
    return words[:1].upper() + words[1:]
