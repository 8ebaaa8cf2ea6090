"""A letter as a PDF: painted pages, then properties, bookmarks and enclosures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any, Final

import pikepdf

from app import __version__
from app.errors import InputRefusedError
from app.services.letters.paper import Mark, Painter, Paper
from app.services.letters.paper_read import read_paper

_MAKER: Final = f"MI Desk {__version__}"
_FIT: Final = "XYZ"


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A PDF that goes with the letter, under its title."""

    title: str
    document: bytes


@dataclass(frozen=True, slots=True)
class Pdf:
    """The bytes of a PDF, and how many pages it has."""

    document: bytes
    pages: int


def build_pdf(word: bytes, paint: Painter, enclosed: Sequence[Enclosed] = ()) -> Pdf:
    """Return the PDF of a letter's Word file, its enclosures behind it.

    The same file gives the same bytes. Raises `InputRefusedError` for an enclosure that is no PDF.
    """
    paper = read_paper(word)
    painted = paint(paper)
    with pikepdf.open(BytesIO(painted.document)) as pdf:
        _describe(pdf, paper)
        _name_fonts(pdf)
        starts = [_append(pdf, each) for each in enclosed]
        _add_bookmarks(pdf, paper, painted.marks, list(zip(enclosed, starts, strict=True)))
        target = BytesIO()
        # Without object streams the objects are numbered as they are met, not as the painter made them.
        pdf.save(target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
        return Pdf(target.getvalue(), len(pdf.pages))


def page_count(document: bytes) -> int:
    """Count the pages of a PDF; raises `InputRefusedError` for bytes that are none."""
    with _opened("The file", document) as pdf:
        return len(pdf.pages)


def _describe(pdf: pikepdf.Pdf, paper: Paper) -> None:
    pdf.Root.Lang = pikepdf.String(paper.language or "en")
    pdf.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
    # What the painter says of itself: its name, the moment, a random number.
    for name in ("/Metadata", "/PageMode"):
        if name in pdf.Root:
            del pdf.Root[name]
    del pdf.docinfo
    if "/ID" in pdf.trailer:
        del pdf.trailer["/ID"]
    facts: dict[str, str] = {"/Title": paper.title, "/Author": paper.author, "/Producer": _MAKER}
    if paper.created:
        facts["/CreationDate"] = pikepdf_date(paper.created)
    for name, value in facts.items():
        pdf.docinfo[name] = value
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as about:
        about["dc:title"] = paper.title
        about["dc:language"] = {paper.language or "en"}
        about["dc:creator"] = [paper.author] if paper.author else []
        about["pdf:Producer"] = _MAKER
        if paper.created:
            about["xmp:CreateDate"] = paper.created


def pikepdf_date(moment: str) -> str:
    """Write an ISO 8601 time in UTC as PDF files do (ISO 32000-1, 7.9.4)."""
    return datetime.fromisoformat(moment).strftime("D:%Y%m%d%H%M%SZ")


def _name_fonts(pdf: pikepdf.Pdf) -> None:
    """Name the embedded subsets by their order: the painter's own tags change from run to run."""
    named: dict[tuple[int, int], str] = {}
    for page in pdf.pages:
        fonts: Any = page.get("/Resources", pikepdf.Dictionary()).get("/Font", pikepdf.Dictionary())
        for _name, font in sorted(fonts.items()):
            tag = named.setdefault(font.objgen, f"{_tag(len(named))}+")
            for each in (font, *font.get("/DescendantFonts", [])):
                _rename(each, "/BaseFont", tag)
                if "/FontDescriptor" in each:
                    _rename(each["/FontDescriptor"], "/FontName", tag)


def _rename(owner: Any, key: str, tag: str) -> None:
    if key in owner:
        owner[key] = pikepdf.Name(f"/{tag}{str(owner[key]).rpartition('+')[2].lstrip('/')}")


def _tag(number: int) -> str:
    """Return a tag of six letters, which mark a subset (ISO 32000-1, 9.6.4)."""
    letters = ""
    for _place in range(6):
        number, rest = divmod(number, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _append(pdf: pikepdf.Pdf, enclosed: Enclosed) -> int:
    """Append the pages of an enclosure and return the place of its first."""
    start = len(pdf.pages)
    with _opened(enclosed.title, enclosed.document) as source:
        pdf.pages.extend(source.pages)
    return start


def _opened(title: str, document: bytes) -> pikepdf.Pdf:
    try:
        return pikepdf.open(BytesIO(document))
    except pikepdf.PasswordError as exc:
        raise InputRefusedError(
            f"{title} is locked with a password. Nothing was written. Save it without one."
        ) from exc
    except pikepdf.PdfError as exc:
        raise InputRefusedError(f"{title} is not a PDF. Nothing was written. Choose another file.") from exc


def _add_bookmarks(
    pdf: pikepdf.Pdf, paper: Paper, marks: Sequence[Mark], enclosed: Sequence[tuple[Enclosed, int]]
) -> None:
    if not marks and not enclosed:
        return
    with pdf.open_outline() as outline:
        open_items: list[tuple[int, Any]] = []
        for mark in marks:
            item = pikepdf.OutlineItem(
                mark.title, mark.page, _FIT, left=0, top=paper.sheet.height - mark.down, zoom=0
            )
            while open_items and open_items[-1][0] >= mark.level:
                open_items.pop()
            (open_items[-1][1].children if open_items else outline.root).append(item)
            open_items.append((mark.level, item))
        for each, start in enclosed:
            outline.root.append(pikepdf.OutlineItem(each.title, start, "Fit"))
    pdf.Root.PageMode = pikepdf.Name.UseOutlines
