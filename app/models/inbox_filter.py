"""What a person types to filter the inbox: text to a tree, and back.

A filter is a row of parts that must all hold. A part is a word, a quoted phrase, or `key:value`; commas
between values mean "one of them", a minus before a part means "not this". Text and tree close: writing a
tree and reading it again gives the same tree.
"""

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from app.errors import InputRefusedError
from app.models.inbox_filter_keys import KEYS, SAID_AS_IS, key_of, value_problem

Operator = Literal["", "<", "<=", ">", ">="]
LONGEST: Final = 1_000
_MOST_PARTS: Final = 40
_OPERATORS: Final[tuple[Operator, ...]] = ("<=", ">=", "<", ">")
_KEY: Final = re.compile(r"([A-Za-z_]+):")
_BREAKS_VALUE: Final = re.compile(r"[\s,]")


@dataclass(frozen=True, slots=True)
class Value:
    """One thing that is looked for; an exact word is a quoted phrase."""

    text: str
    operator: Operator = ""
    is_exact: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One condition: words where the key is empty, else a fact; any of the values will do."""

    key: str
    values: tuple[Value, ...]
    is_negated: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """Every condition that an inquiry has to meet."""

    parts: tuple[Part, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.parts)

    def __str__(self) -> str:
        return " ".join(_written(part) for part in self.parts)

    def words(self) -> tuple[Part, ...]:
        """Return the conditions on words that are wanted, not refused."""
        return tuple(part for part in self.parts if not part.key and not part.is_negated)


@dataclass(frozen=True, slots=True)
class Problem:
    """What cannot be read, where it stands, and what may have been meant.

    An unfinished one is no mistake yet: its end has not been typed.
    """

    begin: int
    end: int
    message: str
    suggestion: str = ""
    is_unfinished: bool = False

    @property
    def sentence(self) -> str:
        """The message with the suggestion behind it."""
        return f"{self.message} Did you mean {self.suggestion}?" if self.suggestion else self.message


class FilterError(InputRefusedError):
    """A filter that cannot be read; `problem` says where and what may help."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.sentence} (at character {problem.begin + 1})")
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Spot:
    """A stretch of the text that is one key or one value, for completion."""

    begin: int
    end: int
    key: str
    text: str
    is_negated: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What could be read of a text that may be half typed."""

    filter: Filter
    problems: tuple[Problem, ...]
    spots: tuple[Spot, ...]

    def spot_at(self, cursor: int) -> Spot:
        """Return the key or value in which the cursor stands, an empty one between them."""
        inside = [spot for spot in self.spots if spot.begin <= cursor <= spot.end]
        return inside[-1] if inside else Spot(cursor, cursor, "", "")


def parse(text: str) -> Filter:
    """Read a filter, or refuse it with the place of the first fault."""
    reading = read(text)
    if reading.problems:
        raise FilterError(reading.problems[0])
    return reading.filter


def read(text: str) -> Reading:
    """Read what can be read; a faulty part is left out or taken as words."""
    if len(text) > LONGEST:
        message = f"A filter has at most {LONGEST:,} characters."
        return Reading(Filter(), (Problem(LONGEST, len(text), message),), ())
    reader = _Reader(text)
    reader.run()
    return Reading(Filter(tuple(reader.parts)), tuple(reader.problems), tuple(reader.spots))


class _Reader:
    """Walks once over the text and notes parts, problems and places."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self.parts: list[Part] = []
        self.problems: list[Problem] = []
        self.spots: list[Spot] = []

    def run(self) -> None:
        while self._skip_space():
            begin = self._at
            if len(self.parts) == _MOST_PARTS:
                message = f"A filter has at most {_MOST_PARTS} conditions."
                self.problems.append(Problem(begin, len(self._text), message))
                return
            is_negated = self._text[begin] == "-"
            self._at += is_negated
            if is_negated and (self._is_over() or self._text[self._at].isspace()):
                self._unfinished(begin, "Write what is not wanted behind the minus.")
                continue
            self._read_part(is_negated)

    def _read_part(self, is_negated: bool) -> None:
        begin = self._at
        found = _KEY.match(self._text, begin)
        if found is None:
            self._read_words(is_negated)
            return
        key = key_of(found.group(1))
        if key:
            self._at = found.end()
            self._read_fact(key, is_negated)
            return
        self._read_run()
        self._take_as_words(found.group(1), begin, is_negated)

    def _take_as_words(self, name: str, begin: int, is_negated: bool) -> None:
        near = difflib.get_close_matches(name.lower(), KEYS, n=1, cutoff=0.6)
        message = f"“{name}” is nothing that an inquiry can be filtered by."
        if near:
            rest = self._text[begin + len(name) + 1 : self._at]
            self.problems.append(Problem(begin, begin + len(name), message, f"{near[0]}:{rest}"))
        else:
            known = f"{message} Put words with a colon in quotes."
            self.problems.append(Problem(begin, begin + len(name), known))
        self.spots.append(Spot(begin, self._at, "", self._text[begin : self._at], is_negated))
        said = self._text[begin : self._at]
        self.parts.append(Part("", (Value(said, is_exact=True),), is_negated))

    def _read_words(self, is_negated: bool) -> None:
        begin = self._at
        values: list[Value] = []
        for value, place in self._values(""):
            values += [_as_word(value)] if value.text else []
            self.spots.append(Spot(*place, "", value.text, is_negated))
        if not values:
            self._unfinished(begin, "There is no word here.")
        elif is_negated and len(values) == 1 and _says_what_it_is(values[0]):
            self.parts.append(Part("is", (Value(values[0].text.lower()),), is_negated=True))
        else:
            self.parts.append(Part("", tuple(values), is_negated))

    def _read_fact(self, key: str, is_negated: bool) -> None:
        kept: list[Value] = []
        for value, place in self._values(key):
            self.spots.append(Spot(*place, key, value.text, is_negated))
            problem = self._fault_of(key, value, *place)
            if problem is None:
                kept.append(value)
            else:
                self.problems.append(problem)
        if kept:
            self.parts.append(Part(key, tuple(kept), is_negated))

    def _fault_of(self, key: str, value: Value, begin: int, end: int) -> Problem | None:
        if not value.text:
            what = KEYS[key].example
            return Problem(begin, end, f"Write what “{key}” shall be, such as {what}.", is_unfinished=True)
        if value.operator and not KEYS[key].has_order:
            message = f"“{key}” has no more or less."
            return Problem(begin, end, message, f"{key}:{quoted(value.text)}")
        fault = value_problem(key, value.text, value.operator)
        if fault is None:
            return None
        suggestion = f"{key}:{fault.operator or value.operator}{quoted(fault.suggestion)}"
        suggestion = suggestion if fault.suggestion else ""
        return Problem(begin, end, fault.message, suggestion, fault.may_grow and end == len(self._text))

    def _values(self, key: str) -> Iterator[tuple[Value, tuple[int, int]]]:
        while True:
            begin = self._at
            operator = self._operator() if key else ""
            is_quoted = not self._is_over() and self._text[self._at] == '"'
            text = self._readquoted() if is_quoted else self._read_bare()
            yield Value(text, operator, is_exact=is_quoted and not key), (begin, self._at)
            if self._is_over() or self._text[self._at] != ",":
                # Whatever clings to a closing quote is a part of its own.
                return
            self._at += 1

    def _operator(self) -> Operator:
        for operator in _OPERATORS:
            if self._text.startswith(operator, self._at):
                self._at += len(operator)
                return operator
        return ""

    def _readquoted(self) -> str:
        begin = self._at
        self._at += 1
        said: list[str] = []
        while not self._is_over():
            char = self._text[self._at]
            self._at += 1
            if char != '"':
                said.append(char)
            elif self._text.startswith('"', self._at):
                said.append(char)
                self._at += 1
            else:
                return "".join(said)
        self._unfinished(begin, "A quotation has no end.")
        return "".join(said)

    def _read_bare(self) -> str:
        begin = self._at
        found = _BREAKS_VALUE.search(self._text, begin)
        self._at = found.start() if found else len(self._text)
        return self._text[begin : self._at]

    def _read_run(self) -> None:
        while not self._is_over() and not self._text[self._at].isspace():
            self._at += 1

    def _unfinished(self, begin: int, message: str) -> None:
        self.problems.append(Problem(begin, self._at, message, is_unfinished=True))

    def _skip_space(self) -> bool:
        while not self._is_over() and self._text[self._at].isspace():
            self._at += 1
        return not self._is_over()

    def _is_over(self) -> bool:
        return self._at >= len(self._text)


def joined(*filters: Filter) -> Filter:
    """Return the filter that wants everything these want."""
    return Filter(tuple(part for each in filters for part in each.parts))


def _as_word(value: Value) -> Value:
    # What would read as a key or a minus at the start of a part is only a word if it is quoted.
    is_exact = value.is_exact or value.text[0] == "-" or _KEY.match(value.text) is not None
    return Value(value.text, is_exact=is_exact)


def _says_what_it_is(value: Value) -> bool:
    return not value.is_exact and value.text.lower() in SAID_AS_IS


def _written(part: Part) -> str:
    minus = "-" if part.is_negated else ""
    if part.key:
        return f"{minus}{part.key}:{','.join(_written_values(part.values))}"
    words = (f'"{_doubled(value.text)}"' if value.is_exact else value.text for value in part.values)
    return minus + ",".join(words)


def _written_values(values: Iterable[Value]) -> Iterator[str]:
    return (value.operator + quoted(value.text) for value in values)


def quoted(text: str) -> str:
    """Return a value as it is written behind a key."""
    is_plain = text and not _BREAKS_VALUE.search(text) and text[0] not in '"<>'
    return text if is_plain else f'"{_doubled(text)}"'


def _doubled(text: str) -> str:
    return text.replace('"', '""')
