"""Load the rules of the field from versioned data files."""

import functools
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from app.errors import EnvironmentFaultError

Json: TypeAlias = "str | int | float | bool | Sequence[Json] | Mapping[str, Json] | None"


@dataclass(frozen=True, slots=True)
class RulesFile:
    """One data file of rules with its version and its source."""

    name: str
    version: str
    source: str
    body: "Section"


class Section:
    """A JSON object that names the missing or wrong field it is asked for."""

    __slots__ = ("_fields", "where")

    def __init__(self, where: str, fields: Mapping[str, Json]) -> None:
        self.where = where
        self._fields = fields

    def __contains__(self, name: str) -> bool:
        return name in self._fields

    def names(self) -> tuple[str, ...]:
        """List the field names in the order of the file."""
        return tuple(self._fields)

    def text(self, name: str) -> str:
        """Return a field that must hold some text."""
        value = self._fields.get(name)
        if isinstance(value, str) and value.strip():
            return value
        raise _damaged(f"{self.where}.{name} must be text")

    def number(self, name: str) -> int:
        """Return a field that must hold a whole number from zero."""
        value = self._fields.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        raise _damaged(f"{self.where}.{name} must be a whole number from 0")

    def flag(self, name: str) -> bool:
        """Return a yes-or-no field; a missing one means no."""
        value = self._fields.get(name, False)
        if isinstance(value, bool):
            return value
        raise _damaged(f"{self.where}.{name} must be true or false")

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a field that must be a list of texts."""
        values = self._list(name)
        texts = tuple(value for value in values if isinstance(value, str))
        if len(texts) != len(values):
            raise _damaged(f"{self.where}.{name} must hold texts only")
        return texts

    def numbers(self, name: str) -> tuple[int, ...]:
        """Return a field that must be a list of whole numbers."""
        values = self._list(name)
        numbers = tuple(value for value in values if isinstance(value, int) and not isinstance(value, bool))
        if len(numbers) != len(values):
            raise _damaged(f"{self.where}.{name} must hold whole numbers only")
        return numbers

    def section(self, name: str) -> "Section":
        """Return a field that must be an object."""
        value = self._fields.get(name)
        if isinstance(value, Mapping):
            return Section(f"{self.where}.{name}", value)
        raise _damaged(f"{self.where}.{name} must be an object")

    def sections(self, name: str) -> tuple["Section", ...]:
        """Return a field that must be a list of objects."""
        found = []
        for index, value in enumerate(self._list(name)):
            if not isinstance(value, Mapping):
                raise _damaged(f"{self.where}.{name}[{index}] must be an object")
            found.append(Section(f"{self.where}.{name}[{index}]", value))
        return tuple(found)

    def _list(self, name: str) -> Sequence[Json]:
        value = self._fields.get(name)
        if isinstance(value, Sequence) and not isinstance(value, str):
            return value
        raise _damaged(f"{self.where}.{name} must be a list")


def resource_path(*parts: str) -> Path:
    """Find a file of the program's resources in any installation."""
    return _resource_root().joinpath(*parts)


@functools.cache
def load_rules(name: str) -> RulesFile:
    """Read and check one file of rules, once for each process."""
    path = resource_path("rules", name)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        raise EnvironmentFaultError(
            f"The program's own file {name} cannot be read. Your work is untouched. Install MI Desk again."
        ) from exc
    return parse_rules(name, text)


def parse_rules(name: str, text: str) -> RulesFile:
    """Read rules from text that must carry version and source."""
    try:
        fields = json.loads(text)
    except ValueError as exc:
        raise _damaged(f"{name} is not JSON") from exc
    if not isinstance(fields, dict):
        raise _damaged(f"{name} must be an object")
    body = Section(name, MappingProxyType(fields))
    return RulesFile(name, body.text("version"), body.text("source"), body)


def _damaged(detail: str) -> EnvironmentFaultError:
    return EnvironmentFaultError(
        f"The program's own rules are damaged ({detail}). Your work is untouched. Install MI Desk again."
    )


@functools.cache
def _resource_root() -> Path:
    root = Path(__file__).resolve().parents[2]
    # PyInstaller unpacks beside `app`; a wheel carries the folder inside `app` or under the prefix.
    candidates = (
        Path(getattr(sys, "_MEIPASS", root)) / "resources",
        root / "resources",
        root / "app" / "resources",
        Path(sys.prefix) / "share" / "midesk" / "resources",
    )
    for candidate in candidates:
        if (candidate / "rules").is_dir():
            return candidate
    raise EnvironmentFaultError(
        "The program's own files are missing. Your work is untouched. Install MI Desk again."
    )
