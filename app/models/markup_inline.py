"""The inline grammar: one scan over the text, total and linear."""

import re
from typing import NamedTuple

from app.models.markup_nodes import (
    FIELD_NAME,
    KEY,
    URL_SCHEME,
    Atom,
    Citation,
    CitationItem,
    Field,
    HardBreak,
    Inlines,
    clean_locator,
    clean_url,
)
from app.models.markup_runs import PLAIN, SUB, SUPER, Marks, Run, linked, nest, tidy

_PUNCTUATION = r"[!-/:-@\[-`{-~]"
_ESCAPE = rf"\\{_PUNCTUATION}"
_LONE_BACKSLASH = rf"\\(?!{_PUNCTUATION})"
# Every repetition is possessive: no input, however hostile, makes the scan go back over it.
_LOCATOR = rf"(?:{_ESCAPE}|{_LONE_BACKSLASH}|[^\\;\[\]])*+"
_ITEM = rf"@{KEY}\s*+(?:,{_LOCATOR})?+"
_URL = rf"{URL_SCHEME}(?:{_ESCAPE}|{_LONE_BACKSLASH}|[^\s()\\]|\([^\s()\\]*+\))*+"

_SPECIAL = re.compile(r"[\\\[\]{<*^~\n]")
_TOKEN = re.compile(
    rf"(?P<escape>{_ESCAPE})"
    r"|(?P<hard>\\\n|<[bB][rR] ?/?>)"
    rf"|(?P<cite>\[{_ITEM}(?:;\s*+{_ITEM})*+\])"
    rf"|(?P<field>\{{\{{[ \t]*+(?P<name>{FIELD_NAME})[ \t]*+\}}\}})"
    rf"|(?P<close>\]\(\s*+(?P<url>{_URL})\s*+\))"
    r"|(?P<open>\[)|(?P<shut>\])"
    r"|(?P<stars>\*++)|(?P<up>\^++)|(?P<down>~++)"
    r"|(?P<newline>\n)"
)
_CITED = re.compile(rf"@(?P<key>{KEY})\s*+(?:,(?P<locator>{_LOCATOR}))?+")
_UNESCAPE = re.compile(rf"\\({_PUNCTUATION})")

_STRONG, _EMPHASIS, _SUPER, _SUB = "**", "*", "^", "~"
_STARS = {1: (_EMPHASIS,), 2: (_STRONG,), 3: (_STRONG, _EMPHASIS)}


class _Toggle(NamedTuple):
    """A delimiter that switches a mark on or off."""

    mark: str


class _LinkStart(NamedTuple):
    url: str


class _LinkEnd(NamedTuple):
    url: str


_Event = str | Atom | _Toggle | _LinkStart | _LinkEnd


def parse_inline(text: str) -> Inlines:
    """Return the canonical inline nodes of one stretch of markup."""
    if _SPECIAL.search(text) is None:
        return nest(tidy([Run(text, PLAIN)]))
    return nest(tidy(_Painter().paint(_Scanner(text).scan())))


def parse_atom(markup: str) -> Citation | Field | None:
    """Return the citation or merge field of its own source."""
    match parse_inline(markup):
        case (Citation() as atom,) | (Field() as atom,):
            return atom
    return None


class _Scanner:
    """Cuts markup into texts, atoms, toggles and link ends."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._events: list[_Event] = []
        self._toggles: dict[str, list[int]] = {_STRONG: [], _EMPHASIS: [], _SUPER: [], _SUB: []}
        self._brackets: list[int] = []

    def scan(self) -> list[_Event]:
        text, position = self._text, 0
        while special := _SPECIAL.search(text, position):
            if special.start() > position:
                self._events.append(text[position : special.start()])
            token = _TOKEN.match(text, special.start())
            if token is None:
                self._events.append(special.group())
                position = special.end()
            else:
                self._take(token)
                position = token.end()
        self._events.append(text[position:])
        self._free_unmatched()
        return self._events

    def _take(self, token: re.Match[str]) -> None:
        kind, text = token.lastgroup, token.group()
        match kind:
            case "escape":
                self._events.append(text[1])
            case "hard":
                self._events.append(HardBreak())
            case "newline":
                spaced = self._text.endswith("  ", 0, token.start())
                self._events.append(HardBreak() if spaced else "\n")
            case "cite":
                self._events.append(_citation(text))
            case "field":
                self._events.append(Field(token.group("name")))
            case "open" | "shut" | "close":
                self._bracket(str(kind), token)
            case _:
                self._delimiter(text)

    def _bracket(self, kind: str, token: re.Match[str]) -> None:
        if kind == "open":
            self._brackets.append(len(self._events))
            self._events.append("[")
        elif kind == "shut" or not self._brackets:
            if self._brackets:
                self._brackets.pop()
            self._events.append(token.group())
        else:
            url = clean_url(_UNESCAPE.sub(r"\1", token.group("url")))
            self._events[self._brackets.pop()] = _LinkStart(url)
            self._events.append(_LinkEnd(url))
            # Links do not nest: brackets that were open around this one are text.
            self._brackets.clear()

    def _delimiter(self, text: str) -> None:
        marks = _STARS.get(len(text)) if text[0] == "*" else (text,) if len(text) == 1 else None
        if marks is None:
            self._events.append(text)
            return
        for mark in marks:
            self._toggles[mark].append(len(self._events))
            self._events.append(_Toggle(mark))

    def _free_unmatched(self) -> None:
        """Turn delimiters without a partner or without content back to text."""
        for mark, places in self._toggles.items():
            if len(places) % 2:
                self._events[places.pop()] = mark
            for first, second in zip(places[::2], places[1::2], strict=True):
                if all(map(_is_blank, self._events[first + 1 : second])):
                    self._events[first] = self._events[second] = mark


class _Painter:
    """Turns events into runs by carrying the marks along."""

    def __init__(self) -> None:
        self._runs: list[Run] = []
        self._on: set[str] = set()
        self._shifts: list[str] = []
        self._url = ""
        self._link_start = 0
        self._marks = PLAIN

    def paint(self, events: list[_Event]) -> list[Run]:
        for event in events:
            match event:
                case _Toggle():
                    self._switch(event.mark)
                case _LinkStart():
                    self._url, self._link_start = event.url, len(self._runs)
                case _LinkEnd():
                    self._runs[self._link_start :] = linked(
                        self._runs[self._link_start :], event.url, self._marks
                    )
                    self._url = ""
                case _:
                    self._runs.append(Run(event, self._marks))
                    continue
            self._marks = self._current()
        return self._runs

    def _switch(self, mark: str) -> None:
        if mark in (_STRONG, _EMPHASIS):
            self._on ^= {mark}
        elif mark in self._shifts:
            self._shifts.remove(mark)
        else:
            self._shifts.append(mark)

    def _current(self) -> Marks:
        shift = {_SUPER: SUPER, _SUB: SUB}[self._shifts[-1]] if self._shifts else ""
        return Marks(self._url, _STRONG in self._on, _EMPHASIS in self._on, shift)


def _is_blank(event: _Event) -> bool:
    if isinstance(event, str):
        return not event.strip()
    return isinstance(event, HardBreak | _Toggle | _LinkStart)


def _citation(markup: str) -> Citation:
    return Citation(tuple(map(_cited, _CITED.finditer(markup))))


def _cited(item: re.Match[str]) -> CitationItem:
    locator = _UNESCAPE.sub(r"\1", item.group("locator") or "")
    return CitationItem(item.group("key"), clean_locator(locator))
