"""Inline text as flat runs, the form that editors and Word know.

A tree nests its marks, an editor and Word do not. Both meet here: `flatten` turns nested marks into runs,
`nest` builds the one canonical nesting (link, strong, emphasis, shift) again.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from app.models.markup_nodes import (
    Atom,
    Citation,
    Emphasis,
    Field,
    HardBreak,
    Inline,
    Inlines,
    Link,
    Strong,
    Sub,
    Super,
    Text,
    clean_citation,
    clean_text,
    clean_url,
    is_field_name,
    source,
)

SUPER = "super"
SUB = "sub"

_BLANKS = re.compile("[ \t\n]{2,}|[\t\n]")
_LEVELS = 4


class Marks(NamedTuple):
    """The marks of one run, outermost first."""

    link: str = ""
    strong: bool = False
    emphasis: bool = False
    shift: str = ""


class Run(NamedTuple):
    """A stretch of text or one atom with its marks."""

    body: str | Atom
    marks: Marks


PLAIN = Marks()


def flatten(inlines: Iterable[Inline], marks: Marks = PLAIN) -> list[Run]:
    """Turn nested inline nodes into runs in reading order."""
    runs: list[Run] = []
    for node in inlines:
        match node:
            case Text():
                runs.append(Run(node.text, marks))
            case Strong():
                runs += flatten(node.children, marks._replace(strong=True))
            case Emphasis():
                runs += flatten(node.children, marks._replace(emphasis=True))
            case Super():
                runs += flatten(node.children, marks._replace(shift=SUPER))
            case Sub():
                runs += flatten(node.children, marks._replace(shift=SUB))
            case Link():
                runs += _flatten_link(node, marks)
            case _:
                runs.append(Run(node, marks))
    return runs


def _flatten_link(node: Link, marks: Marks) -> list[Run]:
    url = clean_url(node.url)
    if not url:
        return flatten(node.children, marks)
    marks = marks._replace(link=url)
    return linked(flatten(node.children, marks), url, marks)


def linked(runs: list[Run], url: str, marks: Marks) -> list[Run]:
    """Return the runs of a link, or its address where they show nothing."""
    return runs if any(_shows(run.body) for run in runs) else [Run(url, marks)]


def _shows(body: str | Atom) -> bool:
    if isinstance(body, str):
        return bool(clean_text(body).strip())
    return not isinstance(body, HardBreak)


def tidy(runs: Iterable[Run]) -> list[Run]:
    """Merge equal neighbours and free every mark's edge of white space."""
    tidied: list[Run] = []
    blanks: list[Run] = []
    for run in runs:
        before, core, after = _pieces(run)
        if before:
            blanks.append(Run(before, run.marks))
        if core:
            _append(tidied, blanks, Run(core, run.marks))
        if after:
            blanks.append(Run(after, run.marks))
    return tidied


def nest(runs: Sequence[Run]) -> Inlines:
    """Build the canonical inline nodes of tidy runs."""
    if all(run.marks == PLAIN for run in runs):  # most text is plain, and this runs on every keystroke
        return tuple(map(_leaf, runs))
    return tuple(_nest(list(runs), 0))


def canonical_inlines(inlines: Iterable[Inline]) -> Inlines:
    """Return the one canonical form of inline nodes."""
    return nest(tidy(flatten(inlines)))


def _pieces(run: Run) -> tuple[str | Atom, str | Atom, str]:
    body = run.body
    if isinstance(body, HardBreak):
        return body, "", ""
    if not isinstance(body, str):
        body = _checked(body)
        if not isinstance(body, str):
            return "", body, ""
    body = clean_text(body)
    core = body.strip()
    if core == body:
        return "", _one_space(core), ""
    if not core:
        return _one_space(body), "", ""
    start = body.index(core)
    return _one_space(body[:start]), _one_space(core), _one_space(body[start + len(core) :])


def _one_space(text: str) -> str:
    # Most text has nothing to fold, and looking is ten times faster than replacing.
    return _BLANKS.sub(" ", text) if "  " in text or "\n" in text or "\t" in text else text


def _checked(atom: Citation | Field) -> str | Atom:
    """Return the atom, or its source as text where it is malformed."""
    if isinstance(atom, Field):
        return atom if is_field_name(atom.name) else source(atom)
    return clean_citation(atom) or (source(atom) if atom.items else "")


def _append(tidied: list[Run], blanks: list[Run], run: Run) -> None:
    if blanks:
        if tidied:
            _append_blanks(tidied, blanks, run.marks)
        blanks.clear()
    _join(tidied, run)


def _append_blanks(tidied: list[Run], blanks: list[Run], following: Marks) -> None:
    marks = _shared([tidied[-1].marks, *(blank.marks for blank in blanks), following])
    if len(blanks) == 1:
        _join(tidied, Run(blanks[0].body, marks))
        return
    breaks = [blank for blank in blanks if isinstance(blank.body, HardBreak)]
    if breaks:
        tidied.extend(Run(blank.body, marks) for blank in breaks)
        return
    body = "".join(blank.body for blank in blanks if isinstance(blank.body, str))
    _join(tidied, Run(_one_space(body), marks))


def _shared(all_marks: Sequence[Marks]) -> Marks:
    """Keep the outer marks that all agree on, nothing below them."""
    if PLAIN in all_marks:
        return PLAIN
    first = all_marks[0]
    if all(marks == first for marks in all_marks):
        return first
    values: list[str | bool] = []
    for of_level in zip(*all_marks, strict=True):
        if any(value != of_level[0] for value in of_level):
            break
        values.append(of_level[0])
    return Marks(*values)  # type: ignore[arg-type]  # the values come from fields of Marks in their order


def _join(tidied: list[Run], run: Run) -> None:
    last = tidied[-1] if tidied else None
    if last and isinstance(last.body, str) and isinstance(run.body, str) and last.marks == run.marks:
        tidied[-1] = Run(last.body + run.body, run.marks)
    else:
        tidied.append(run)


def _nest(runs: list[Run], level: int) -> list[Inline]:
    if level == _LEVELS:
        return [_leaf(run) for run in runs]
    nodes: list[Inline] = []
    for value, group in groupby(runs, key=lambda run: run.marks[level]):
        inner = _nest(list(group), level + 1)
        nodes += [_WRAP[level](value, tuple(inner))] if value else inner
    return nodes


def _leaf(run: Run) -> Inline:
    return Text(run.body) if isinstance(run.body, str) else run.body


def _shifted(value: str | bool, inner: Inlines) -> Inline:
    return Super(inner) if value == SUPER else Sub(inner)


_WRAP: tuple[Callable[[str | bool, Inlines], Inline], ...] = (
    lambda url, inner: Link(str(url), inner),
    lambda _, inner: Strong(inner),
    lambda _, inner: Emphasis(inner),
    _shifted,
)
