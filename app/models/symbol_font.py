"""The characters of the Symbol font, which stands under other codes than Unicode.

A lost "≥" would change a dose. Source: http://www.unicode.org/Public/MAPPINGS/VENDORS/ADOBE/symbol.txt
"""

SYMBOL_FONT = "Symbol"
UNKNOWN = "\ufffd"

_SYMBOLS = (
    dict(zip(b"abcdefghijklmnopqrstuvwxyz", "αβχδεφγηιϕκλμνοπθρστυϖωξψζ", strict=True))
    | dict(zip(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ", strict=True))
    | dict(zip(b"\xa2\xa3\xa5\xac\xad\xae\xaf\xb0\xb1\xb2\xb3\xb4", "\u2032≤∞←↑→↓°±″≥\u00d7", strict=True))
    | dict(zip(b"\xb7\xb8\xb9\xba\xbb\xd2\xd3\xd4-", "•÷≠≡≈®©™\u2212", strict=True))
    | dict(zip(b"\"$'*@\\^~", "∀∃∋\u2217≅∴⊥\u223c", strict=True))
    | dict(zip(b"\xab\xb5\xb6\xc6\xd1\xd5\xd6\xd7\xd8\xde\xe5\xf2", "↔∝∂∅∇∏√\u22c5¬⇒\u2211∫", strict=True))
)
_PRIVATE = 0xF000
_BYTE = 0xFF
_ASCII = 0x7F


def from_symbol(code: int) -> str:
    """Return the character of a code of the font, or a visible sign where it has none.

    The font puts its signs in the private use area from F000 as well as below 100.
    """
    byte = code - _PRIVATE if code >= _PRIVATE else code
    if byte in _SYMBOLS:
        return _SYMBOLS[byte]
    return chr(byte) if byte <= _ASCII else UNKNOWN


def is_private(code: int) -> bool:
    """Tell whether a code is a symbol font's own, which no other font shows."""
    return _PRIVATE <= code <= _PRIVATE + _BYTE
