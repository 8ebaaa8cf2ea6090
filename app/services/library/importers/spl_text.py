"""The text of SPL sections, and of the tables of openFDA, as markup."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from app.models.markup import (
    Align,
    Block,
    Document,
    HardBreak,
    Inlines,
    Paragraph,
    Table,
    Text,
    canonical,
    render,
)  # fmt: skip
from app.models.markup_flow import ListLine, gather
from app.models.markup_nodes import clean_url
from app.models.markup_plain import plain_inlines
from app.models.markup_runs import PLAIN, SUB, SUPER, Marks, Run, nest, tidy
from app.services.library.importers.word_listing import Listing
from app.services.library.parsing.xml_tree import Element, local_name

_BLOCKS: Final = frozenset({"paragraph", "list", "table", "p", "ul", "ol"})
_SHIFTS: Final = {"sup": SUPER, "sub": SUB}
_STRONG: Final = frozenset({"b", "strong"})
_EMPHASIS: Final = frozenset({"i", "em"})
_WIDEST: Final = 60
_TALLEST: Final = 500
_RAISED_SIGN: Final = re.compile(r"\^\(([^\w()]+)\)")
_SPACES: Final = re.compile(r"\s+")
_ALIGN: Final = {"center": Align.CENTER, "right": Align.RIGHT}


class SplText:
    """Turns the narrative blocks of one document into markup."""

    def __init__(self, root: Element, listing: Listing) -> None:
        self._listing = listing
        self._media = {
            each.get("ID", ""): each for each in root.iter() if local_name(each) == "observationMedia"
        }
        self._notes: list[Inlines] = []
        self._numbers: dict[str, int] = {}

    def line(self, element: Element) -> str:
        """Return the words of an element on one line."""
        return " ".join(_RAISED_SIGN.sub(r"\1", plain_inlines(self._inlines(element))).split())

    def markup(self, element: Element) -> str:
        """Return an element's content as markup, its footnotes at the end."""
        self._notes, self._numbers = [], {}
        blocks = gather(self._flow(element))
        notes: list[Block] = [
            Paragraph((Text(f"[note {number}] "), *note)) for number, note in enumerate(self._notes, start=1)
        ]
        return render(canonical(Document((*blocks, *notes))))

    def _flow(self, element: Element) -> Iterator[Block | ListLine]:
        """Yield blocks; words between them are paragraphs of their own."""
        loose: list[Run] = []
        _add(loose, element.text, PLAIN)
        for child in element:
            if local_name(child) in _BLOCKS or self._holds_blocks(child):
                yield from _paragraph(loose)
                loose = []
                yield from self._block(child)
            else:
                loose += self._runs_of(child, PLAIN)
            _add(loose, child.tail, PLAIN)
        yield from _paragraph(loose)

    def _holds_blocks(self, element: Element) -> bool:
        return local_name(element) in ("content", "paragraph", "div") and any(
            local_name(each) in _BLOCKS for each in element.iterdescendants()
        )

    def _block(self, element: Element) -> Iterator[Block | ListLine]:
        name = local_name(element)
        if name == "table":
            yield from self._table(element)
        elif name in ("list", "ul", "ol"):
            yield from self._list(element, 1)
        elif self._holds_blocks(element):
            yield from self._flow(element)
        else:
            yield from _paragraph(self._with_caption(element))

    def _with_caption(self, element: Element) -> list[Run]:
        return self._runs(element, _marks(element, PLAIN))

    def _list(self, element: Element, level: int) -> Iterator[Block | ListLine]:
        ordered = element.get("listType") == "ordered" or local_name(element) == "ol"
        number = 0
        for item in element:
            if local_name(item) == "caption":
                yield from _paragraph(self._runs(item, PLAIN))
            if local_name(item) not in ("item", "li"):
                continue
            number += 1
            inner = [
                each for each in item.iterdescendants() if local_name(each) in ("list", "ul", "ol", "table")
            ]
            below = [each for each in inner if not _is_within(each, inner)]
            if level > 1 and below:
                # Below the second level a list stands as lines in its item: "all of these" must stay together.
                words = [plain_inlines(self._inlines(each)) for each in below if local_name(each) != "table"]
                for text in words:
                    self._listing.add("list deeper than level 2, kept as lines of the item above", text)
                below = [each for each in below if local_name(each) == "table"]
            children = nest(tidy(_without_edge_breaks(self._runs(item, PLAIN, without=below))))
            self._listing.count("list items")
            yield ListLine(min(level, 2), ordered, number, children)
            for each in below:
                is_table = local_name(each) == "table"
                yield from self._table(each) if is_table else self._list(each, level + 1)

    def _table(self, table: Element) -> Iterator[Block]:
        self._listing.count("tables")
        for caption in table.iterchildren("{*}caption"):
            yield from _paragraph(self._runs(caption, PLAIN._replace(strong=True)))
        rows = list(_rows(table))
        if len(rows) > _TALLEST:
            self._listing.add("table of more than 500 rows", f"{len(rows):,} rows, all kept")
        filled = list(self._grid(rows))
        if filled:
            first = next(iter(rows[1:2] or rows[:1]))
            align = tuple(_ALIGN.get(each.get("align", ""), Align.LEFT) for each in _cells(first))
            yield Table(filled[0], align, tuple(filled[1:]))

    def _grid(self, rows: Iterable[Element]) -> Iterator[tuple[Inlines, ...]]:
        """Yield rows in which a merged cell stands once and leaves the others empty."""
        reaching: dict[int, int] = {}
        for row in rows:
            filled: list[Inlines] = []
            for cell in _cells(row):
                while reaching.get(len(filled), 0) > 0:
                    reaching[len(filled)] -= 1
                    filled.append(())
                across, down = _span(cell, "colspan", _WIDEST), _span(cell, "rowspan", _TALLEST)
                self._listing.count("merged cells", int(across > 1 or down > 1))
                start = len(filled)
                filled += [self._cell(cell), *[()] * (across - 1)]
                reaching |= {place: down - 1 for place in range(start, start + across) if down > 1}
            while reaching.get(len(filled), 0) > 0:
                reaching[len(filled)] -= 1
                filled.append(())
            yield tuple(filled)

    def _cell(self, cell: Element) -> Inlines:
        return nest(tidy(_without_edge_breaks(self._runs(cell, PLAIN))))

    def _inlines(self, element: Element) -> Inlines:
        return nest(tidy(self._runs(element, PLAIN)))

    def _runs(self, element: Element, marks: Marks, without: Iterable[Element] = ()) -> list[Run]:
        runs: list[Run] = []
        _add(runs, element.text, marks)
        for child in element:
            if not any(child is each for each in without):
                runs += self._runs_of(child, marks, without)
            _add(runs, child.tail, marks)
        return runs

    def _runs_of(self, element: Element, marks: Marks, without: Iterable[Element] = ()) -> list[Run]:
        name = local_name(element)
        if name == "br":
            return [Run(HardBreak(), marks)]
        if name == "renderMultiMedia":
            return [Run(self._figure(element), marks), *self._runs(element, marks)]
        if name == "footnote":
            return [Run(self._note(element), marks)]
        if name == "footnoteRef":
            return [Run(self._note_again(element), marks)]
        if name in _BLOCKS or name in ("item", "li", "caption", "tr", "div"):
            # Within a cell or an item a block is a line.
            lead = _label(element) if name in ("item", "li") else ""
            runs = self._runs(element, _marks(element, marks), without)
            broken = Run(HardBreak(), marks)
            return [broken, Run(lead, marks), *runs, broken] if lead else [broken, *runs, broken]
        if name in ("td", "th"):
            return [*self._runs(element, marks, without), Run(" ", marks)]
        return self._runs(element, _marks(element, marks), without)

    def _figure(self, element: Element) -> str:
        media = self._media.get(element.get("referencedObject", ""))
        words = "" if media is None else " ".join("".join(media.itertext()).split())
        self._listing.add("figure", words or "without a description")
        return f" [Figure: {words}] " if words else " [Figure] "

    def _note(self, element: Element) -> str:
        self._listing.count("notes")
        self._notes.append(nest(tidy(self._runs(element, PLAIN))))
        self._numbers[element.get("ID", "")] = len(self._notes)
        return f" [note {len(self._notes)}] "

    def _note_again(self, element: Element) -> str:
        number = self._numbers.get(element.get("IDREF", ""))
        if number is None:
            self._listing.add("call of a note that is not there", element.get("IDREF", ""))
            return " [note] "
        return f" [note {number}] "


def _label(item: Element) -> str:
    """Return the mark before an item that stands as a line."""
    parent = item.getparent()
    if parent is None or not (parent.get("listType") == "ordered" or local_name(parent) == "ol"):
        return "\u2022 "
    return f"{[each for each in parent if local_name(each) == local_name(item)].index(item) + 1}. "


def _add(runs: list[Run], text: str | None, marks: Marks) -> None:
    if text:
        runs.append(Run(_SPACES.sub(" ", text), marks))


def _paragraph(runs: list[Run]) -> Iterator[Paragraph]:
    children = nest(tidy(_without_edge_breaks(runs)))
    if children:
        yield Paragraph(children)


def _without_edge_breaks(runs: list[Run]) -> list[Run]:
    """Two breaks in a row are one, and none stands at an edge."""
    kept: list[Run] = []
    for run in runs:
        if isinstance(run.body, HardBreak) and (not kept or isinstance(kept[-1].body, HardBreak)):
            continue
        if (
            isinstance(run.body, str)
            and not run.body.strip()
            and kept
            and isinstance(kept[-1].body, HardBreak)
        ):
            continue
        kept.append(run)
    return kept


def _marks(element: Element, marks: Marks) -> Marks:
    name = local_name(element)
    style = (element.get("styleCode") or "").lower()
    if name in _SHIFTS:
        marks = marks._replace(shift=_SHIFTS[name])
    if name in _STRONG or "bold" in style:
        marks = marks._replace(strong=True)
    if name in _EMPHASIS or "italic" in style:
        marks = marks._replace(emphasis=True)
    if name in ("linkHtml", "a") and (url := clean_url(element.get("href", ""))):
        marks = marks._replace(link=url)
    return marks


def _rows(table: Element) -> Iterator[Element]:
    """Yield the rows as they are shown: the head first, the foot last."""
    for group in ("thead", "", "tbody", "tfoot"):
        if not group:
            yield from (each for each in table if local_name(each) == "tr")
            continue
        for element in table:
            if local_name(element) == group:
                yield from (each for each in element if local_name(each) == "tr")


def _cells(row: Element) -> list[Element]:
    return [each for each in row if local_name(each) in ("td", "th")]


def _span(cell: Element, name: str, most: int) -> int:
    written = cell.get(name, "1").strip()
    return max(1, min(int(written), most)) if written.isdigit() and len(written) < 5 else 1


def _is_within(element: Element, others: list[Element]) -> bool:
    ancestors = list(element.iterancestors())
    return any(other is ancestor for other in others for ancestor in ancestors)
