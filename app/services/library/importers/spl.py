"""Read a label in SPL, the XML of the FDA's structured product labels."""

import re
from collections.abc import Iterator
from typing import Any, Final

from app.errors import InputRefusedError
from app.models.rules_data import load_rules
from app.services.library.importers.spl_text import SplText
from app.services.library.importers.word_listing import Listing
from app.services.library.parsing.xml_tree import Element, parse_xml

_V3: Final = "{urn:hl7-org:v3}"
_NDC: Final = "2.16.840.1.113883.6.69"
_NO_LABELS: Final = frozenset({"60685-5"})
_DEEPEST: Final = 40
# The standard words before the name of the medicine in the title of a label.
_HIGHLIGHTS: Final = re.compile(
    r"These highlights do not include .*? See full prescribing information for .*?\.\s+", re.IGNORECASE
)
_DAY: Final = re.compile(r"(\d{4})(\d{2})(\d{2})\d*")


def read_spl(content: bytes) -> dict[str, Any]:
    """Return the label of an SPL file as plain data."""
    root = parse_xml(content, "The file")
    if root.tag != f"{_V3}document" or root.find(f"{_V3}setId") is None:
        raise InputRefusedError("It is no label in SPL: it has no set id. Nothing was taken in.")
    kind, kind_name = _attribute(root, "code", "code"), _attribute(root, "code", "displayName")
    if kind in _NO_LABELS or "indexing" in kind_name.lower():
        raise InputRefusedError(f"It is no label but “{kind_name}”. Nothing was taken in.")
    listing = Listing()
    reader = _Sections(root, listing)
    sections = list(reader.read())
    if not any(section["text"] for section in sections):
        raise InputRefusedError("It holds no section with text. Nothing was taken in.")
    names = _names(root)
    return {
        "set_id": _attribute(root, "setId", "root"),
        "document_id": _attribute(root, "id", "root"),
        "number": _attribute(root, "versionNumber", "value"),
        "effective_from": iso_day(_attribute(root, "effectiveTime", "value")),
        "kind": label_kind(kind, kind_name),
        "title": _title(root, listing) or ", ".join(names["names"][:3]),
        "region": "US",
        "language": (_attribute(root, "languageCode", "code") or "en")[:2].lower(),
        "source": "SPL",
        **names,
        "sections": sections,
        **listing.plain(),
    }


def label_kind(code: str, name: str) -> str:
    """Return our word for the kind of document that an authority's code names."""
    known = load_rules("label_sections.json").body.section("kinds")
    if code in known:
        return known.text(code)
    name = name.upper()
    return "uspi" if "PRESCRIPTION" in name else "otc" if "OTC" in name else "label"


def iso_day(written: str) -> str:
    """Return an authority's date such as 20171107 as an ISO day, empty when it is none."""
    found = _DAY.fullmatch(written.strip())
    return f"{found[1]}-{found[2]}-{found[3]}" if found else ""


def _title(root: Element, listing: Listing) -> str:
    title = root.find(f"{_V3}title")
    return "" if title is None else _HIGHLIGHTS.sub("", SplText(root, listing).line(title) + " ").strip()


def _attribute(root: Element, name: str, attribute: str) -> str:
    found = root.find(f"{_V3}{name}")
    return "" if found is None else found.get(attribute, "").strip()


def _names(root: Element) -> dict[str, list[str]]:
    """Return brand names, substances and product codes, each once and in order."""
    names: list[str] = []
    substances: list[str] = []
    codes: list[str] = []
    for product in root.iter(f"{_V3}manufacturedProduct", f"{_V3}manufacturedMedicine"):
        names += _texts(product, f"{_V3}name")
        substances += _texts(product, f"{_V3}asEntityWithGeneric/{_V3}genericMedicine/{_V3}name")
        code = product.find(f"{_V3}code")
        if code is not None and code.get("codeSystem") == _NDC:
            codes.append(code.get("code", ""))
    for moiety in root.iter(f"{_V3}activeMoiety"):
        substances += _texts(moiety, f"{_V3}name")
    return {
        "names": [name for name in dict.fromkeys(names) if name],
        "substances": [name for name in dict.fromkeys(substances) if name],
        "codes": [code for code in dict.fromkeys(codes) if code],
    }


def _texts(element: Element, path: str) -> list[str]:
    return [" ".join((each.text or "").split()) for each in element.findall(path)]


class _Sections:
    """Walks the nested sections; the highlights come first, as on paper."""

    def __init__(self, root: Element, listing: Listing) -> None:
        self._root = root
        self._listing = listing
        self._text = SplText(root, listing)

    def read(self) -> Iterator[dict[str, Any]]:
        body = self._root.find(f"{_V3}component/{_V3}structuredBody")
        if body is None:
            return
        found = list(self._below(body, 1))
        if highlights := self._highlights(body):
            yield {"code": "", "depth": 1, "heading": "Highlights", "text": highlights}
        yield from found

    def _below(self, parent: Element, depth: int) -> Iterator[dict[str, Any]]:
        if depth > _DEEPEST:
            raise InputRefusedError("Its sections are nested too deeply. Nothing was taken in.")
        for component in parent.iterchildren(f"{_V3}component"):
            for section in component.iterchildren(f"{_V3}section"):
                yield from self._section(section, depth)

    def _section(self, section: Element, depth: int) -> Iterator[dict[str, Any]]:
        text = section.find(f"{_V3}text")
        title = section.find(f"{_V3}title")
        written = {
            "code": _attribute(section, "code", "code"),
            "depth": depth,
            "heading": "" if title is None else self._text.line(title),
            "text": "" if text is None else self._text.markup(text),
        }
        below = list(self._below(section, depth + 1))
        if not written["heading"] and (written["text"] or below):
            written["heading"] = standard_heading(str(written["code"]))
        if written["text"] or (written["heading"] and (below or title is not None)):
            self._listing.count("sections")
            yield written
        elif section.find(f"{_V3}subject") is not None:
            self._listing.add("product data without text", _attribute(section, "code", "displayName"))
        yield from below

    def _highlights(self, body: Element) -> str:
        parts: list[str] = []
        for excerpt in body.iter(f"{_V3}excerpt"):
            section = excerpt.getparent()
            heading = standard_heading("" if section is None else _attribute(section, "code", "code"))
            for text in excerpt.iter(f"{_V3}text"):
                if markup := self._text.markup(text):
                    parts += [f"## {heading}", markup] if heading else [markup]
                    heading = ""
        return "\n\n".join(parts)


def standard_heading(code: str) -> str:
    """Return the standard heading of a section code, empty when there is none."""
    for section in load_rules("label_sections.json").body.sections("sections"):
        if section.text("code") == code:
            return section.text("heading")
    return ""
