"""What a person types into a search field, as a query of the index."""

import re

_WORD = re.compile(r"[^\W_]+", re.UNICODE)
MAX_WORDS = 12


def match_of(text: str) -> str:
    """Return a prefix query that wants every word, or an empty text."""
    words = _WORD.findall(text.replace("\x00", " "))[:MAX_WORDS]
    return " ".join(f'"{word[:40]}"*' for word in words)


def label_of(name: str) -> str:
    """Return the name of a field or a type as a sentence begins."""
    words = name.removesuffix("_id").removesuffix("_at").removesuffix("_by").replace("_", " ").strip()
    return words[:1].upper() + words[1:]
