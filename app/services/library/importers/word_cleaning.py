"""Bring a Word tree to the accepted view that the reader knows, and list what is lost by it.

Every pass takes the root of a story (the body, the foot or end notes) and changes it in place.
"""

from collections.abc import Iterator

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from app.services.library.importers.word_listing import Listing
from app.services.library.importers.word_math import MATH, linear
from app.services.library.parsing.xml_tree import Element, local_name

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_VML = "{urn:schemas-microsoft-com:vml}"
_DRAWN = (qn("w:drawing"), qn("w:pict"), qn("w:object"))
_PART_NAMES = {"chart": "chart", "relIds": "diagram", "OLEObject": "embedded object", "control": "control"}
_FORMAT_CHANGES = ("w:rPrChange", "w:pPrChange", "w:tblPrChange", "w:sectPrChange", "w:numberingChange")
_TEXTS = (qn("w:t"), qn("w:delText"))
_GAPS = (qn("w:tab"), qn("w:br"), qn("w:cr"), qn("w:p"))


def clean(root: BaseOxmlElement, listing: Listing) -> None:
    """Accept the tracked changes and put everything that shows words into plain runs."""
    _choose_alternatives(root)
    _accept_changes(root, listing)
    _place_text_boxes(root, listing)
    _mark_figures(root, listing)
    _write_equations(root, listing)
    _flatten_ruby(root)
    _list_marks(root, listing)
    _list_foreign_parts(root, listing)


def words_of(element: Element) -> str:
    """Return every shown or deleted word under an element."""
    parts = []
    for each in element.iter(*_TEXTS, *_GAPS):
        parts.append((each.text or "") if each.tag in _TEXTS else " ")
    return " ".join("".join(parts).split())


def unwrap(element: Element) -> None:
    """Put the children of an element in its place."""
    parent = element.getparent()
    if parent is None:
        return
    place = parent.index(element)
    for child in list(element):
        parent.insert(place, child)
        place += 1
    parent.remove(element)


def remove(element: Element) -> None:
    """Take an element out; text after it does not exist in Word files."""
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def text_run(text: str) -> BaseOxmlElement:
    """Return a run with some plain words."""
    run = OxmlElement("w:r")
    shown = OxmlElement("w:t")
    shown.text = text
    run.append(shown)
    return run


def _choose_alternatives(root: Element) -> None:
    """Keep of every alternative the one that holds words; Word shows only one of them."""
    while (element := next(root.iter(f"{_MC}AlternateContent"), None)) is not None:
        choices = [each for each in element if local_name(each) in ("Choice", "Fallback")]
        with_words = [each for each in choices if words_of(each)]
        chosen = (with_words or choices or [None])[0]
        if chosen is None:
            remove(element)
            continue
        for other in [each for each in element if each is not chosen]:
            element.remove(other)
        unwrap(chosen)
        unwrap(element)


def _accept_changes(root: Element, listing: Listing) -> None:
    _join_at_deleted_marks(root)
    for tag, kind in (("w:del", "tracked deletion"), ("w:moveFrom", "tracked move away")):
        for change in list(root.iter(qn(tag))):
            row = _row_of(change)
            if row is not None:
                listing.add(kind, _by(change) + words_of(row))
                remove(row)
            elif local_name(change.getparent()) != "rPr":
                listing.add(kind, _by(change) + words_of(change))
                remove(change)
    for tag, kind in (("w:ins", "tracked insertion"), ("w:moveTo", "tracked move here")):
        for change in list(root.iter(qn(tag))):
            if words := words_of(change):
                listing.add(kind, _by(change) + words)
    for change in list(root.iter(*map(qn, _FORMAT_CHANGES))):
        listing.add("tracked change of format", _by(change) + words_of(_paragraph_of(change)))
        remove(change)


def _row_of(change: Element) -> Element | None:
    properties = change.getparent()
    return properties.getparent() if local_name(properties) == "trPr" else None


def _paragraph_of(change: Element) -> Element:
    return next(change.iterancestors(qn("w:p")), change)


def _by(change: Element) -> str:
    author = change.get(qn("w:author"), "").strip()
    return f"{author}: " if author else ""


def _join_at_deleted_marks(root: Element) -> None:
    """Join a paragraph whose mark was deleted to the next one."""
    for paragraph in list(root.iter(qn("w:p"))):
        if paragraph.find("/".join(map(qn, ("w:pPr", "w:rPr", "w:del")))) is None:
            continue
        following = paragraph.getnext()
        if following is None or following.tag != qn("w:p"):
            continue
        place = 1 if following.find(qn("w:pPr")) is not None else 0
        for child in [each for each in paragraph if each.tag != qn("w:pPr")]:
            following.insert(place, child)
            place += 1
        remove(paragraph)


def _place_text_boxes(root: Element, listing: Listing) -> None:
    """Put the paragraphs of a text box after the paragraph it is anchored to."""
    while (box := next(root.iter(qn("w:txbxContent")), None)) is not None:
        anchor = next(box.iterancestors(qn("w:p")), None)
        remove(box)
        if anchor is None or not len(box):
            continue
        if words_of(box):
            listing.count("text boxes")
        for child in reversed(list(box)):
            anchor.addnext(child)


def _mark_figures(root: Element, listing: Listing) -> None:
    for drawn in list(root.iter(*_DRAWN)):
        kind, name = _figure(drawn)
        parent = drawn.getparent()
        if parent is None:
            continue
        if kind != "shape":
            mark = OxmlElement("w:t")
            mark.text = f"[{kind.capitalize()}: {name}]" if name else f"[{kind.capitalize()}]"
            parent.insert(parent.index(drawn), mark)
        if kind != "shape" or name:
            listing.add(kind, name or "without a description")
        remove(drawn)


def _figure(drawn: Element) -> tuple[str, str]:
    names = {local_name(each) for each in drawn.iter()}
    kind = next((kind for name, kind in _PART_NAMES.items() if name in names), "")
    kind = kind or ("figure" if names & {"blip", "imagedata", "pic"} else "shape")
    for each in drawn.iter():
        if local_name(each) in ("docPr", "shape", "imagedata", "cNvPr"):
            name = each.get("descr") or each.get("alt") or ""
            if name.strip():
                return kind, " ".join(name.split())[:200]
    return kind, ""


def _write_equations(root: Element, listing: Listing) -> None:
    for equation in [each for each in root.iter(f"{MATH}oMath") if each.getparent() is not None]:
        written = linear(equation)
        listing.add("equation", written)
        holder = equation.getparent()
        if holder is None:
            continue
        run = text_run(written)
        # A paragraph of equations stands in the paragraph, or in its place.
        if holder.tag == f"{MATH}oMathPara":
            holder.addprevious(run)
            remove(equation)
        else:
            holder.replace(equation, run)
    for rest in list(root.iter(f"{MATH}oMathPara")):
        remove(rest)


def _flatten_ruby(root: Element) -> None:
    for ruby in list(root.iter(qn("w:ruby"))):
        run = ruby.getparent()
        for base in ruby.findall("/".join(map(qn, ("w:rubyBase", "w:r")))):
            run.addprevious(base)
        for note in ruby.findall("/".join(map(qn, ("w:rt", "w:r")))):
            run.addprevious(text_run(f" ({words_of(note)}) "))
        remove(ruby)


def _list_marks(root: Element, listing: Listing) -> None:
    """List the words whose look carries a meaning that the markup has no mark for."""
    for tag, kind in _MARKS:
        for text in _marked(root, tag):
            listing.add(kind, text)


_MARKS = (
    ("w:vanish", "hidden text, left out"),
    ("w:strike", "struck-through text, kept as text"),
    ("w:dstrike", "struck-through text, kept as text"),
    ("w:highlight", "highlighted text, kept as text"),
    ("w:u", "underlined text, kept as text"),
)
_OFF = frozenset({"0", "false", "off", "none"})


def _marked(root: Element, tag: str) -> Iterator[str]:
    """Yield each stretch of neighbouring runs with this mark."""
    words, last = "", None
    for run in root.iter(qn("w:r")):
        mark = run.find(f"{qn('w:rPr')}/{qn(tag)}")
        if mark is None or mark.get(qn("w:val"), "1").lower() in _OFF or _is_link(run):
            continue
        # The words of neighbours are put together: Word cuts runs within a word.
        text = "".join(each.text or "" for each in run.iter(qn("w:t")))
        if last is not None and run.getprevious() is last:
            words += text
        else:
            if words.strip():
                yield words
            words = text
        last = run
    if words.strip():
        yield words


def _is_link(run: Element) -> bool:
    # The underline of a link says nothing more.
    return next(run.iterancestors(qn("w:hyperlink")), None) is not None


def _list_foreign_parts(root: Element, listing: Listing) -> None:
    for tag, what in (("w:altChunk", "inserted file"), ("w:subDoc", "linked document")):
        for element in list(root.iter(qn(tag))):
            listing.add(what, "its words are not read")
            remove(element)
    for _box in root.iter(qn("w:checkBox")):
        listing.add("check box of a form", "its state is not read")
    for choice in root.iter(qn("w:ddList")):
        entries = [each.get(qn("w:val"), "") for each in choice.iter(qn("w:listEntry"))]
        listing.add("drop-down of a form", ", ".join(entries))
    for line in root.iter(f"{_VML}textpath"):
        listing.add("word art", line.get("string", ""))
