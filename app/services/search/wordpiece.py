"""WordPiece: cut a text into the pieces that the sentence encoder was trained on."""

import functools
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Final

from app.errors import EnvironmentFaultError
from app.models.rules_data import resource_path

UNKNOWN: Final = "[UNK]"
FIRST: Final = "[CLS]"
LAST: Final = "[SEP]"
_LONGEST_WORD: Final = 100
_CONTROLS: Final = frozenset({"Cc", "Cf", "Co", "Cs"})
# Ideographs stand for themselves; the ranges are those of the encoder's training.
_IDEOGRAPHS: Final = (
    (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F),
    (0x2B740, 0x2B81F), (0x2B820, 0x2CEAF), (0x2F800, 0x2FA1F),
)  # fmt: skip


@functools.cache
def vocabulary() -> Mapping[str, int]:
    """Return every piece with its number, read once."""
    path = resource_path("semantic", "vocab.txt")
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        raise EnvironmentFaultError(
            "The program's own file vocab.txt cannot be read. Your work is untouched. Install MI Desk again."
        ) from exc
    return {piece: number for number, piece in enumerate(text.rstrip("\n").split("\n"))}


def encode(text: str, most: int) -> list[int]:
    """Return the numbers of a text's pieces, between the first and last mark, `most` in all."""
    known = vocabulary()
    numbers = [known[piece] for piece in pieces(text)]
    return [known[FIRST], *numbers[: most - 2], known[LAST]]


def pieces(text: str) -> list[str]:
    """Return the pieces of a text."""
    known = vocabulary()
    return [piece for word in _words(_clean(text)) for piece in _cut(word, known)]


def _clean(text: str) -> str:
    kept = (" " if _is_blank(char) else char for char in text if not _is_control(char))
    spaced = "".join(f" {char} " if _is_ideograph(char) else char for char in kept)
    decomposed = unicodedata.normalize("NFD", spaced)
    # Letter by letter: lowering a whole text would give a Greek word its final sigma.
    return "".join(char.lower() for char in decomposed if unicodedata.category(char) != "Mn")


def _words(text: str) -> Iterator[str]:
    for word in text.split():
        start = 0
        for place, char in enumerate(word):
            if _is_punctuation(char):
                if start < place:
                    yield word[start:place]
                yield char
                start = place + 1
        if start < len(word):
            yield word[start:]


def _cut(word: str, known: Mapping[str, int]) -> list[str]:
    if len(word) > _LONGEST_WORD:
        return [UNKNOWN]
    found: list[str] = []
    start = 0
    while start < len(word):
        end = len(word)
        while end > start:
            piece = f"##{word[start:end]}" if start else word[start:end]
            if piece in known:
                break
            end -= 1
        else:
            return [UNKNOWN]
        found.append(piece)
        start = end
    return found


def _is_blank(char: str) -> bool:
    return char in "\t\n\r" or unicodedata.category(char) == "Zs"


def _is_control(char: str) -> bool:
    if char in "\t\n\r":
        return False
    return char in "\x00\ufffd" or unicodedata.category(char) in _CONTROLS


def _is_punctuation(char: str) -> bool:
    return (char.isascii() and not char.isalnum()) or unicodedata.category(char).startswith("P")


def _is_ideograph(char: str) -> bool:
    point = ord(char)
    return any(low <= point <= high for low, high in _IDEOGRAPHS)
