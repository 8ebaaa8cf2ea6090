"""The other texts of a Word document: notes, comments, headers and footers."""

from collections.abc import Iterator
from typing import Final

from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.part import Part, XmlPart
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement

from app.services.library.importers.word_cleaning import clean, text_run, words_of
from app.services.library.importers.word_listing import Listing

_NOTES: Final = (
    (RELATIONSHIP_TYPE.FOOTNOTES, "w:footnoteReference", "w:footnote"),
    (RELATIONSHIP_TYPE.ENDNOTES, "w:endnoteReference", "w:endnote"),
)
_EDGES: Final = ((RELATIONSHIP_TYPE.HEADER, "page header"), (RELATIONSHIP_TYPE.FOOTER, "page footer"))


def number_notes(document: WordDocument, listing: Listing) -> list[tuple[str, BaseOxmlElement]]:
    """Put a visible number where a note is called, and return the notes by these numbers.

    A note that nothing calls is listed with its words.
    """
    found: list[tuple[str, BaseOxmlElement]] = []
    for kind, reference_tag, note_tag in _NOTES:
        notes = _notes(document, kind, note_tag, listing)
        for reference in list(document.element.body.iter(qn(reference_tag))):
            note = notes.pop(reference.get(qn("w:id"), ""), None)
            run = reference.getparent()
            if run is None:
                continue
            label = f"note {len(found) + 1}"
            mark = text_run(f"[{label}]" if note is not None else "[note]").find(qn("w:t"))
            run.replace(reference, mark)
            if note is not None:
                found.append((label, note))
        for note in notes.values():
            if words := words_of(note):
                listing.add("note that nothing calls", words)
    listing.count("notes", len(found))
    return found


def list_comments(document: WordDocument, listing: Listing) -> None:
    """List every comment with its author."""
    for part in _related(document, RELATIONSHIP_TYPE.COMMENTS):
        for comment in _root(part).iter(qn("w:comment")):
            author = comment.get(qn("w:author"), "").strip() or "somebody"
            listing.add("comment", f"{author}: {words_of(comment)}")


def list_edges(document: WordDocument, listing: Listing) -> None:
    """List the distinct words of headers and footers."""
    for kind, name in _EDGES:
        texts = dict.fromkeys(words_of(_root(part)) for part in _related(document, kind))
        for text in texts:
            if text:
                listing.add(name, text)


def _notes(document: WordDocument, kind: str, tag: str, listing: Listing) -> dict[str, BaseOxmlElement]:
    notes: dict[str, BaseOxmlElement] = {}
    for part in _related(document, kind):
        root = _root(part)
        _adopt_links(document, part, root)
        clean(root, listing)
        for mark in list(root.iter(qn("w:footnoteRef"), qn("w:endnoteRef"))):
            mark.getparent().remove(mark)
        for note in root.iterchildren(qn(tag)):
            # The separators of a page are notes too, by their type.
            if note.get(qn("w:type"), "normal") == "normal":
                notes[note.get(qn("w:id"), "")] = note
    return notes


def _adopt_links(document: WordDocument, part: Part, root: BaseOxmlElement) -> None:
    """Give the links of a note to the body, by whose relations they will be read."""
    for link in root.iter(qn("w:hyperlink")):
        relation = part.rels.get(link.get(qn("r:id"), ""))
        if relation is not None and relation.is_external:
            own = document.part.relate_to(relation.target_ref, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
            link.set(qn("r:id"), own)


def _related(document: WordDocument, kind: str) -> Iterator[Part]:
    # Listed first: the links of notes are added to these relations on the way.
    for relation in list(document.part.rels.values()):
        if relation.reltype == kind and not relation.is_external:
            yield relation.target_part


def _root(part: Part) -> BaseOxmlElement:
    return part.element if isinstance(part, XmlPart) else parse_xml(part.blob)
