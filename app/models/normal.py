"""The form in which texts are compared, and its hash.

Only what has no meaning is folded: Unicode composition, runs of white space, soft hyphens, straight and curly
quotes. Digits, signs, units, case, raised and lowered characters and the structure of the tree never are.
A change of any rule needs a new NORMAL_VERSION beside this one: approved texts were hashed by these rules.
"""

import hashlib
import re
import unicodedata

from app.models.markup import map_text, parse, render

NORMAL_VERSION = 1

_SOFT_HYPHEN = "\u00ad"
_WHITE_SPACE = re.compile(r"\s+")
_QUOTES = str.maketrans(
    dict.fromkeys("\u2018\u2019\u201a\u201b", "'") | dict.fromkeys("\u201c\u201d\u201e\u201f", '"')
)


def normal(text: str) -> str:
    """Return the markup that equal texts have in common."""
    return render(map_text(parse(text), _fold))


def content_hash(text: str) -> str:
    """Return the SHA-256 of the text's normal form in hex."""
    return hashlib.sha256(normal(text).encode()).hexdigest()


def _fold(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    text = unicodedata.normalize("NFC", text.replace(_SOFT_HYPHEN, ""))
    return _WHITE_SPACE.sub(" ", text.translate(_QUOTES))
