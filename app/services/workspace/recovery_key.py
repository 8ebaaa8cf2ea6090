"""The recovery key: 150 random bits that a person can copy by hand.

Thirty symbols of Crockford's base 32 and two check symbols, in eight groups of four. The check is the
value modulo 1021, the largest prime below 32 * 32: a single wrong symbol and two neighbours swapped
always change it, because 32 and 31 have inverses modulo a prime.
"""

import secrets
import unicodedata
from typing import Final

from app.errors import WrongKeyError
from app.services.workspace.keys import SecretKey

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
DATA_SYMBOLS: Final = 30
CHECK_SYMBOLS: Final = 2
SYMBOLS: Final = DATA_SYMBOLS + CHECK_SYMBOLS
GROUP: Final = 4
BITS: Final = DATA_SYMBOLS * 5
_CHECK_PRIME: Final = 1021
# Crockford reads these letters as the digits they are mistaken for.
_ALIKE: Final = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_recovery_key() -> str:
    """Make a new recovery key, in groups, to be shown once."""
    return format_recovery_key(secrets.randbits(BITS))


def format_recovery_key(value: int) -> str:
    """Write a value as a recovery key with its check symbols."""
    if not 0 <= value < 1 << BITS:
        raise ValueError("the value does not fit a recovery key")
    text = _symbols(value, DATA_SYMBOLS) + _symbols(value % _CHECK_PRIME, CHECK_SYMBOLS)
    return "-".join(text[start : start + GROUP] for start in range(0, SYMBOLS, GROUP))


def parse_recovery_key(text: str) -> SecretKey:
    """Read a recovery key however it was typed, or say what is wrong.

    Case, spaces and hyphens do not matter; O reads as 0, I and L as 1.
    """
    symbols = _bare(text)
    _refuse_foreign_symbols(symbols)
    if len(symbols) != SYMBOLS:
        raise WrongKeyError(
            f"A recovery key has {SYMBOLS} characters, this one has {len(symbols)}. Nothing was changed. "
            "Compare it with your copy and type it again."
        )
    value = _value(symbols[:DATA_SYMBOLS])
    if value % _CHECK_PRIME != _value(symbols[DATA_SYMBOLS:]):
        raise WrongKeyError(
            "One or more characters of this recovery key are mistyped: its check characters do not match. "
            "Nothing was changed. Compare it group by group with your copy and type it again."
        )
    return SecretKey(symbols[:DATA_SYMBOLS].encode("ascii"))


def groups_of(text: str) -> tuple[str, ...]:
    """Split a recovery key into its groups, for typing one back."""
    symbols = _bare(text)
    return tuple(symbols[start : start + GROUP] for start in range(0, len(symbols), GROUP))


def _bare(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text)
    kept = "".join(char for char in plain if not _separates(char))
    return kept.upper().translate(_ALIKE)


def _separates(char: str) -> bool:
    # Zs, Cc: spaces, tabs, line ends; Pd: every hyphen and dash; Cf: soft hyphens, marks of direction.
    return unicodedata.category(char) in {"Zs", "Cc", "Pd", "Cf"} or char == "\N{MINUS SIGN}"


def _refuse_foreign_symbols(symbols: str) -> None:
    # The letter is not repeated in the message: what was typed may be most of a real key.
    for place, char in enumerate(symbols):
        if char not in ALPHABET:
            raise WrongKeyError(
                f"Group {place // GROUP + 1} of this recovery key has a character that recovery keys "
                "never use. Nothing was changed. Compare it with your copy and type it again."
            )


def _symbols(value: int, count: int) -> str:
    return "".join(ALPHABET[value >> 5 * place & 31] for place in reversed(range(count)))


def _value(symbols: str) -> int:
    value = 0
    for symbol in symbols:
        value = value * 32 + ALPHABET.index(symbol)
    return value
