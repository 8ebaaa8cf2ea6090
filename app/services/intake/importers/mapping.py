"""What the columns of somebody else's export mean here."""

import functools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.errors import InputRefusedError
from app.models.rules_data import load_rules, resource_path
from app.services.intake.importers.cells import column_key
from app.services.intake.importers.rows import COLUMNS

OWN: Final = "midesk"
MAX_MAPPING: Final = 1024 * 1024
_MAX_NAME: Final = 60
_DEPTH: Final = 3


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """Which column means which field, and how its words are to be read.

    `columns` names for each field the columns that may hold it, the first that says something counts;
    `marks` are groups of columns of which one group, whole, tells the export.
    """

    name: str
    title: str
    columns: Mapping[str, tuple[str, ...]]
    version: str = "1"
    source: str = ""
    marks: tuple[tuple[str, ...], ...] = ()
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    prefix: str = ""
    zone: str = ""
    times: tuple[str, ...] = ()

    def read(self, row: Mapping[str, object]) -> dict[str, object]:
        """Return the fields of one row of the export."""
        cells: dict[str, object] = {}
        for name, value in row.items() if self.name == OWN else _flat(row):
            key = column_key(name)
            if key not in cells or cells[key] in (None, ""):
                cells[key] = value
        fields: dict[str, object] = dict(self.constants)
        for target, names in self.columns.items():
            value = _first(cells, names)
            if value not in (None, ""):
                fields[target] = self._meant(target, value)
        external = fields.get("external_id")
        if self.prefix and isinstance(external, str | int) and not isinstance(external, bool):
            fields["external_id"] = f"{self.prefix}{external}"
        return fields

    def targets(self, headers: Sequence[str]) -> dict[str, str]:
        """Return for each column of a file the field it may fill, or nothing."""
        wanted: dict[str, tuple[int, str]] = {}
        for target, names in self.columns.items():
            for rank, name in enumerate(names):
                # A column that several fields may use counts for the one that names it first.
                wanted[column_key(name)] = min(wanted.get(column_key(name), (rank, target)), (rank, target))
        return {header: wanted.get(column_key(header), (0, ""))[1] for header in headers}

    def with_target(self, header: str, target: str) -> "ColumnMapping":
        """Return the mapping with one column meaning another field, or none."""
        key = column_key(header)
        columns = {
            each: tuple(name for name in names if column_key(name) != key)
            for each, names in self.columns.items()
        }
        if target:
            columns[target] = (header, *columns.get(target, ()))
        # The own names are read as they stand; a change makes it somebody's mapping.
        name, title = ("changed", "Changed here") if self.name == OWN else (self.name, self.title)
        return replace(self, name=name, title=title, columns={k: v for k, v in columns.items() if v})

    def fits(self, headers: Sequence[str]) -> tuple[str, ...]:
        """Return the columns by which a file is told to be of this export; none if it is not."""
        keys = {column_key(header): header for header in headers}
        groups = [mark for mark in self.marks if all(column_key(name) in keys for name in mark)]
        if not groups or not any(column_key(name) in keys for name in self.columns.get("question", ())):
            return ()
        return tuple(keys[column_key(name)] for name in max(groups, key=len))

    def as_json(self) -> dict[str, Any]:
        """Return the mapping as it stands in a file or in the configuration."""
        return {
            "version": self.version,
            "source": self.source,
            "title": self.title,
            "marks": [list(mark) for mark in self.marks],
            "prefix": self.prefix,
            "zone": self.zone,
            "times": list(self.times),
            "columns": {target: list(names) for target, names in self.columns.items()},
            "values": {target: dict(words) for target, words in self.values.items()},
            "constants": dict(self.constants),
        }

    def _meant(self, target: str, value: object) -> object:
        words = self.values.get(target)
        if not words or not isinstance(value, str | bool | int):
            return value
        return words.get(" ".join(str(value).lower().split()), value)


@dataclass(frozen=True, slots=True)
class MappingProposal:
    """A mapping that fits the heading of a file, and by what."""

    mapping: ColumnMapping
    reason: str


def own_mapping() -> ColumnMapping:
    """Return the mapping of files whose columns are named as ours."""
    return ColumnMapping(OWN, "MI Desk's own columns", _own_columns(), marks=(("question",),))


def proposals(headers: Sequence[str], known: Sequence[ColumnMapping]) -> tuple[MappingProposal, ...]:
    """Return every mapping that fits a heading, each with its reason."""
    found = []
    for mapping in known:
        by = mapping.fits(headers)
        if by:
            named = ", ".join(f"“{name[:40]}”" for name in by)
            found.append(MappingProposal(mapping, f"The heading has {named}."))
    return tuple(found)


def chosen_for(headers: Sequence[str], known: Sequence[ColumnMapping]) -> MappingProposal:
    """Return the one mapping that fits, or refuse the file and say what to choose from."""
    fitting = proposals(headers, known)
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        names = " and ".join(f"{each.mapping.title} ({each.mapping.name})" for each in fitting)
        raise InputRefusedError(
            f"more than one mapping fits this file: {names}. Nothing of it was imported. "
            "Choose the one that is meant."
        )
    shown = ", ".join(f"“{header[:40]}”" for header in headers[:12])
    raise InputRefusedError(
        f"no known export has these columns: {shown}. Nothing of the file was imported. "
        "Choose a mapping, or say which column holds the question."
    )


@functools.cache
def shipped_mappings() -> tuple[ColumnMapping, ...]:
    """Return the mappings that the program ships, its own columns first."""
    found = []
    for path in sorted(resource_path("rules", "mappings").glob("*.json")):
        load_rules(f"mappings/{path.name}")
        found.append(mapping_of(path.stem, json.loads(path.read_text(encoding="utf-8"))))
    return (own_mapping(), *found)


def read_mapping(path: Path) -> ColumnMapping:
    """Read a mapping file; a plain object of column to field is one too."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            content = json.loads(file.read(MAX_MAPPING))
    except (OSError, ValueError, RecursionError) as exc:
        raise InputRefusedError(f"{path.name[:80]} is no mapping that can be read.") from exc
    return mapping_of(path.stem[:_MAX_NAME], content)


def mapping_of(name: str, content: object) -> ColumnMapping:
    """Return a mapping from its JSON, or refuse what is none."""
    if not isinstance(content, Mapping):
        raise InputRefusedError("A mapping is a JSON object.")
    if "columns" not in content:
        return _simple(name, content)
    columns = _lists(content.get("columns"), "columns")
    _refuse_unknown(columns)
    values = _objects(content.get("values", {}), "values")
    constants = _texts(content.get("constants", {}), "constants")
    _refuse_unknown({**values, **constants})
    zone = str(content.get("zone") or "")
    _refuse_zone(zone)
    return ColumnMapping(
        name=name,
        title=str(content.get("title") or name)[:120],
        columns=MappingProxyType(columns),
        version=str(content.get("version") or "1")[:20],
        source=str(content.get("source") or "")[:500],
        marks=tuple(_strings(mark, "marks") for mark in _list(content.get("marks", []), "marks")),
        values=MappingProxyType(
            {
                target: {" ".join(k.lower().split()): v for k, v in words.items()}
                for target, words in values.items()
            }
        ),
        constants=MappingProxyType(constants),
        prefix=str(content.get("prefix") or "")[:40],
        zone=zone,
        times=_strings(content.get("times", []), "times"),
    )


def _simple(name: str, content: Mapping[str, Any]) -> ColumnMapping:
    columns: dict[str, list[str]] = {}
    for header, target in _texts(content, "the mapping").items():
        columns.setdefault(target, []).append(header)
    _refuse_unknown(columns)
    named = {target: tuple(names) for target, names in columns.items()}
    # Columns that it leaves out may stand under our own names.
    return ColumnMapping(name, name, {**_own_columns(), **{t: (*n, t) for t, n in named.items()}})


def _own_columns() -> dict[str, tuple[str, ...]]:
    return {name: (name,) for name in sorted(COLUMNS)}


def _refuse_unknown(targets: Mapping[str, object]) -> None:
    unknown = sorted(set(targets) - COLUMNS)
    if unknown:
        raise InputRefusedError(
            f"“{unknown[0][:40]}” is no field of an inquiry. A mapping names fields such as "
            f"{', '.join(sorted(COLUMNS))}."
        )


def _refuse_zone(zone: str) -> None:
    try:
        if zone:
            ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as exc:
        raise InputRefusedError(f"“{zone[:40]}” is no time zone. Write it as Europe/London.") from exc


def _list(value: object, what: str) -> Sequence[Any]:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return value
    raise InputRefusedError(f"In a mapping, {what} is a list.")


def _strings(value: object, what: str) -> tuple[str, ...]:
    found = tuple(_list(value, what))
    if not all(isinstance(each, str) for each in found):
        raise InputRefusedError(f"In a mapping, {what} holds texts only.")
    return found


def _object(value: object, what: str) -> Mapping[str, Any]:
    if isinstance(value, Mapping):
        return value
    raise InputRefusedError(f"In a mapping, {what} is an object.")


def _texts(value: object, what: str) -> dict[str, str]:
    found = dict(_object(value, what))
    if not all(isinstance(each, str) for each in found.values()):
        raise InputRefusedError(f"In a mapping, {what} holds texts only.")
    return found


def _lists(value: object, what: str) -> dict[str, tuple[str, ...]]:
    return {target: _strings(names, what) for target, names in _object(value, what).items()}


def _objects(value: object, what: str) -> dict[str, dict[str, str]]:
    return {target: _texts(words, what) for target, words in _object(value, what).items()}


def _first(cells: Mapping[str, object], names: Sequence[str]) -> object:
    for name in names:
        value = cells.get(column_key(name))
        if value not in (None, ""):
            return value
    return None


def _flat(row: Mapping[str, object], depth: int = _DEPTH) -> Iterator[tuple[str, object]]:
    for name, value in row.items():
        if isinstance(value, Mapping) and depth:
            yield from ((f"{name}.{inner}", each) for inner, each in _flat(value, depth - 1))
        else:
            yield str(name), value
