"""Write a letter as a Word file from the company's template."""

from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from zipfile import BadZipFile

import docx
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import PackageNotFoundError
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.text.paragraph import Paragraph as WordParagraph

from app.errors import InputRefusedError
from app.models.checks.snapshot import BlockKind
from app.models.letter_drawing import Drawing, display_tree, living_tree
from app.models.letter_origins import Origin
from app.models.manifest import footer_code, part_of
from app.models.markup import (
    Citation,
    Document,
    Emphasis,
    Field,
    Inline,
    Link,
    Paragraph,
    Sub,
    Super,
    Text,
)
from app.models.reference_runs import Run, Runs
from app.services.letters.word_body import WordBody
from app.services.letters.word_package import PackageFacts, packed
from app.services.letters.word_styles import BODY

ANCHOR = "{{letter.body}}"
FOOTER_CODE = "{{footer.code}}"
REFERENCE, RECIPIENT, SIGNATURE, SMALL = "MID Reference", "MID Recipient", "MID Signature", "MID Small"
DRAFT_MARK = "Draft, not released"
DRAFT_CODE = "DRAFT"

_SLOT_STYLES = {"recipient": RECIPIENT, "privacy": SMALL}
_TAG = "midesk.footer_code"
# Whatever of these a template holds says something about its making, not about the letter.
_FOREIGN = frozenset(
    {
        RELATIONSHIP_TYPE.CUSTOM_XML,
        RELATIONSHIP_TYPE.CUSTOM_PROPERTIES,
        RELATIONSHIP_TYPE.THUMBNAIL,
        RELATIONSHIP_TYPE.COMMENTS,
    }
)


@dataclass(frozen=True, slots=True)
class LetterPart:
    """One block as it goes into the file."""

    id: str
    kind: BlockKind
    slot: str
    text: str
    origins: tuple[Origin, ...]


@dataclass(frozen=True, slots=True)
class LetterContent:
    """A letter ready to be written: the same content gives the same bytes.

    A notice stands above the letter, the signed lines below its signature block.
    """

    id: str
    reference: str
    edition: int
    title: str
    company: str
    language: str
    dated: datetime
    parts: tuple[LetterPart, ...]
    references: tuple[Runs, ...]
    drawing: Drawing
    manifest_sha256: str
    is_draft: bool
    notice: str = ""
    signed: tuple[str, ...] = ()


def build_docx(letter: LetterContent, template: bytes) -> bytes:
    """Return the letter as the bytes of a Word file."""
    try:
        document = docx.Document(BytesIO(template))
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError) as exc:
        raise InputRefusedError(
            "The letter template is not a Word file. Nothing was written. Choose another template."
        ) from exc
    _without_foreign(document)
    _LetterWriter(document, letter).write()
    _fill_footer(document, DRAFT_CODE if letter.is_draft else footer_code(letter.manifest_sha256))
    _add_mark(document, part_of(letter.id, letter.edition, letter.manifest_sha256))
    return packed(document, PackageFacts(letter.title, letter.company, letter.language, letter.dated))


class _LetterWriter:
    """Writes the parts of one letter where the template has its anchor."""

    def __init__(self, document: WordDocument, letter: LetterContent) -> None:
        self._document = document
        self._letter = letter
        self._anchor = _anchor(document)
        self._part: LetterPart | None = None
        self._body = WordBody(document, self._shown)
        self._styles = {style.name: style.style_id for style in document.styles}
        self._bookmarks = 1 + max(
            map(int, document.element.body.xpath(".//w:bookmarkStart/@w:id")), default=0
        )

    def write(self) -> None:
        """Write notice, blocks, references and signature, then drop the anchor."""
        letter = self._letter
        for line in filter(None, (DRAFT_MARK if letter.is_draft else "", letter.notice)):
            self._paragraph((Text(line),), SMALL)
        for part in letter.parts:
            self._part = part
            elements = self._write(part)
            if letter.is_draft:
                _open_fields(elements)
                self._bookmark(part, elements)
        element = self._anchor._p  # noqa: SLF001 - python-docx has no public way to its element
        element.getparent().remove(element)

    def _write(self, part: LetterPart) -> list[BaseOxmlElement]:
        if part.kind is BlockKind.REFERENCES:
            return [
                self._reference(number, runs) for number, runs in enumerate(self._letter.references, start=1)
            ]
        elements = self._restyled(self._body.write(self._tree(part), self._anchor), _style_of(part))
        if part.kind is BlockKind.SIGNATURE:
            elements += [self._paragraph((Text(line),), SMALL) for line in self._letter.signed]
        return elements

    def _tree(self, part: LetterPart) -> Document:
        if self._letter.is_draft:
            return living_tree(part.text, self._letter.drawing)
        return display_tree(part.text, part.origins, self._letter.drawing)

    def _shown(self, atom: Citation | Field) -> str:
        drawing = self._letter.drawing
        if isinstance(atom, Field):
            return drawing.values.get(atom.name) or "{{" + atom.name + "}}"
        return drawing.callout(atom, self._part.origins if self._part else ())

    def _reference(self, number: int, runs: Runs) -> BaseOxmlElement:
        element = self._paragraph(tuple(_inline(run) for run in runs), REFERENCE)
        # The number is text, so that it can never drift from the callouts.
        numbered = OxmlElement("w:r")
        text = OxmlElement("w:t")
        text.text = f"{number}."
        numbered.append(text)
        numbered.append(OxmlElement("w:tab"))
        element.find(qn("w:pPr")).addnext(numbered)
        return element

    def _paragraph(self, inlines: tuple[Inline, ...], style: str) -> BaseOxmlElement:
        tree = Document((Paragraph(inlines),))
        return self._restyled(self._body.write(tree, self._anchor), style)[0]

    def _restyled(self, elements: list[BaseOxmlElement], style: str) -> list[BaseOxmlElement]:
        style_id = self._styles.get(style)
        if style_id and style != BODY:
            body_id = self._styles.get(BODY)
            for element in elements:
                mark = element.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
                if mark is not None and mark.get(qn("w:val")) == body_id:
                    mark.set(qn("w:val"), style_id)
        return elements

    def _bookmark(self, part: LetterPart, elements: Sequence[BaseOxmlElement]) -> None:
        """Name the place of a block, so that a returned draft is compared block by block."""
        if not elements:
            return
        start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        for mark in (start, end):
            mark.set(qn("w:id"), str(self._bookmarks))
        start.set(qn("w:name"), f"mid_{part.id.replace('-', '')}"[:40])
        self._bookmarks += 1
        elements[0].addprevious(start)
        elements[-1].addnext(end)


def _open_fields(elements: Sequence[BaseOxmlElement]) -> None:
    """Write short fields in their long form, whose shown text every reader of Word files finds."""
    for element in elements:
        for short in list(element.iter(qn("w:fldSimple"))):
            shown = short.find(qn("w:r"))
            code = OxmlElement("w:instrText")
            code.text = short.get(qn("w:instr"))
            code.set(qn("xml:space"), "preserve")
            runs = [_field_run(shown, _field_mark("begin")), _field_run(shown, code)]
            runs += [_field_run(shown, _field_mark("separate")), shown, _field_run(shown, _field_mark("end"))]
            for run in runs:
                short.addprevious(run)
            short.getparent().remove(short)


def _field_run(like: BaseOxmlElement, content: BaseOxmlElement) -> BaseOxmlElement:
    run = OxmlElement("w:r")
    properties = like.find(qn("w:rPr"))
    if properties is not None:
        run.append(deepcopy(properties))
    run.append(content)
    return run


def _field_mark(kind: str) -> BaseOxmlElement:
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    return mark


def _style_of(part: LetterPart) -> str:
    return SIGNATURE if part.kind is BlockKind.SIGNATURE else _SLOT_STYLES.get(part.slot, BODY)


def _inline(run: Run) -> Inline:
    node: Inline = Text(run.text)
    if run.script:
        node = Super((node,)) if run.script == "super" else Sub((node,))
    if run.italic:
        node = Emphasis((node,))
    return Link(run.link, (node,)) if run.link else node


def _anchor(document: WordDocument) -> WordParagraph:
    for paragraph in document.paragraphs:
        if ANCHOR in paragraph.text:
            return paragraph
    raise InputRefusedError(
        f"The letter template has no paragraph {ANCHOR}. Nothing was written. Add it to the template."
    )


def _without_foreign(document: WordDocument) -> None:
    for relations in (document.part.rels, document.part.package.rels):
        for key in [key for key, relation in relations.items() if relation.reltype in _FOREIGN]:
            del relations[key]


def _add_mark(document: WordDocument, content: bytes) -> None:
    uri = document.part.package.next_partname("/customXml/item%d.xml")
    part = Part(PackURI(str(uri)), "application/xml", content, document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_XML)


def _fill_footer(document: WordDocument, code: str) -> None:
    for root in _margins(document):
        for control in root.iter(qn("w:sdt")):
            tag = control.find(f"{qn('w:sdtPr')}/{qn('w:tag')}")
            if tag is not None and tag.get(qn("w:val")) == _TAG:
                _set_text(control, code)
        for text in root.iter(qn("w:t")):
            if text.text and FOOTER_CODE in text.text:
                text.text = text.text.replace(FOOTER_CODE, code)


def _set_text(control: BaseOxmlElement, code: str) -> None:
    texts = list(control.iter(qn("w:t")))
    for place, text in enumerate(texts):
        text.text = code if place == 0 else ""


def _margins(document: WordDocument) -> Iterator[BaseOxmlElement]:
    """Yield the roots of every header and footer."""
    wanted = (RELATIONSHIP_TYPE.HEADER, RELATIONSHIP_TYPE.FOOTER)
    relations: Iterable[object] = document.part.rels.values()
    for relation in relations:
        if getattr(relation, "reltype", "") in wanted:
            yield relation.target_part.element  # type: ignore[attr-defined]  # python-docx ships no types
