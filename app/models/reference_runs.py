"""Build a reference from runs that every output can draw."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias
from urllib.parse import quote

from app.models.csl import CslRecord, pmid_of, without_tags

Script = Literal["", "super", "sub"]

_MARK = re.compile(r"<(/?)(i|em|sup|sub)\b[^<>]*>", re.IGNORECASE)
_ENDED = re.compile(r"[.?!][\"'\u2019\u201d\u00bb]*$")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text that is drawn in one way."""

    text: str
    italic: bool = False
    link: str = ""
    script: Script = ""


Runs: TypeAlias = tuple[Run, ...]


def edged(text: str) -> str:
    """Remove punctuation that would meet the punctuation of the style."""
    return text.strip(" ,;:.")


def title_text(title: str) -> str:
    """Remove a title's closing period but keep its own question mark."""
    title = re.sub(r"^[ ,;:]*(?:\.(?!\d)[ ,;:]*)*", "", title).rstrip(" ,;:")
    return title if title.endswith("...") else title.rstrip(" ,;:.")


def rich(text: str, *, italic: bool = False) -> Runs:
    """Turn the inline marks of a CSL title into runs."""
    runs: list[Run] = []
    place, slanted, script = 0, italic, ""
    for mark in _MARK.finditer(text):
        _append(runs, text[place : mark.start()], slanted, script)
        place, opens, tag = mark.end(), not mark.group(1), mark.group(2).lower()
        if tag in {"i", "em"}:
            slanted = italic is not opens
        else:
            script = {"sup": "super", "sub": "sub"}[tag] if opens else ""
    _append(runs, text[place:], slanted, script)
    return tuple(runs)


def doi_runs(doi: str, prefix: str = "doi:") -> Runs:
    """Write a DOI that links to its resolver."""
    return (Run(f"{prefix}{doi}", link=f"https://doi.org/{quote(doi, safe='/:;()._-')}"),)


def url_runs(url: str) -> Runs:
    """Write a web address that links to itself."""
    return (Run(url, link=url),)


def by_pmid(csl: CslRecord) -> Runs:
    """Name a record by its PubMed number, so that no reference stays blank."""
    pmid = pmid_of(csl)
    return (Run(f"PMID: {pmid}", link=f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/"),) if pmid else ()


def sentences(elements: Iterable[Sequence[Run]]) -> Runs:
    """Join elements by periods, without a second mark after one that ends itself.

    A closing link gets no period, so that it still works when copied.
    """
    runs: list[Run] = []
    for element in elements:
        if not any(run.text.strip() for run in element):
            continue
        if runs:
            runs.append(Run(" " if _ENDED.search(_joined(runs)) else ". "))
        runs.extend(element)
    if runs and not runs[-1].link and not _ENDED.search(_joined(runs)):
        runs.append(Run("."))
    return merged(runs)


def merged(runs: Iterable[Run]) -> Runs:
    """Join neighbours that are drawn alike."""
    result: list[Run] = []
    for run in runs:
        if result and replace(result[-1], text="") == replace(run, text=""):
            result[-1] = replace(run, text=result[-1].text + run.text)
        elif run.text:
            result.append(run)
    return tuple(result)


def plain_runs(runs: Sequence[Run]) -> str:
    """Write runs as plain text, marking powers that would read as digits."""
    pieces: list[str] = []
    for run in runs:
        power = run.script == "super" and run.text[:1] in "0123456789-\u2212+"
        marked = power and pieces and pieces[-1][-1:].isdigit()
        pieces.append(f"^{run.text}" if marked else run.text)
    return "".join(pieces)


def _joined(runs: Sequence[Run]) -> str:
    return "".join(run.text for run in runs[-3:])


def _append(runs: list[Run], text: str, italic: bool, script: str) -> None:
    text = without_tags(text)
    if text:
        runs.append(Run(text, italic, "", "super" if script == "super" else "sub" if script else ""))
