"""Equations of Word as one line of text in which no figure changes its meaning."""

from collections.abc import Callable

from app.services.library.parsing.xml_tree import Element, local_name

MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"


def linear(element: Element) -> str:
    """Return an equation in one line; a fraction keeps its bar and a power its sign."""
    write = _FORMS.get(local_name(element))
    if write is not None:
        return write(element)
    if element.tag == f"{MATH}t":
        return element.text or ""
    return "".join(linear(child) for child in element)


def _part(element: Element, name: str) -> str:
    found = element.find(f"{MATH}{name}")
    return "" if found is None else linear(found)


def _group(text: str) -> str:
    return text if len(text) < 2 or text.isalnum() else f"({text})"


def _value(element: Element, path: str, default: str) -> str:
    found = element.find("/".join(f"{MATH}{name}" for name in path.split("/")))
    return default if found is None else found.get(f"{MATH}val", default)


def _fraction(element: Element) -> str:
    return f"{_group(_part(element, 'num'))}/{_group(_part(element, 'den'))}"


def _power(element: Element) -> str:
    return f"{_part(element, 'e')}^{_group(_part(element, 'sup'))}"


def _index(element: Element) -> str:
    return f"{_part(element, 'e')}_{_group(_part(element, 'sub'))}"


def _both(element: Element) -> str:
    return f"{_index(element)}^{_group(_part(element, 'sup'))}"


def _root(element: Element) -> str:
    degree = _part(element, "deg")
    return f"{degree}\u221a({_part(element, 'e')})"


def _brackets(element: Element) -> str:
    begin = _value(element, "dPr/begChr", "(")
    end = _value(element, "dPr/endChr", ")")
    separator = _value(element, "dPr/sepChr", "|")
    return begin + separator.join(linear(child) for child in element.findall(f"{MATH}e")) + end


def _sum(element: Element) -> str:
    sign = _value(element, "naryPr/chr", "\u222b")
    limits = "".join(
        f"{mark}{_group(text)}"
        for mark, text in (("_", _part(element, "sub")), ("^", _part(element, "sup")))
        if text
    )
    return f"{sign}{limits} {_part(element, 'e')}"


def _rows(element: Element) -> str:
    return "[" + "; ".join(linear(row) for row in element.findall(f"{MATH}mr")) + "]"


def _row(element: Element) -> str:
    return ", ".join(linear(cell) for cell in element.findall(f"{MATH}e"))


_FORMS: dict[str, Callable[[Element], str]] = {
    "f": _fraction,
    "sSup": _power,
    "sSub": _index,
    "sSubSup": _both,
    "rad": _root,
    "d": _brackets,
    "nary": _sum,
    "m": _rows,
    "mr": _row,
}
