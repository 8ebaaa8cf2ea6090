"""The crash report: facts and code places, never what a record says."""

import platform
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import qVersion

import app

_ROOT = Path(app.__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class CrashReport:
    """What is shown of an unexpected error, and what may be copied."""

    kind: str
    text: str


def make_report(error: BaseException) -> CrashReport:
    """Describe an error by its type and the places it passed.

    Messages and local variables are left out: both may hold the words of a record.
    """
    lines = [*environment_facts(), "", *_places(error)]
    return CrashReport(type(error).__name__, "\n".join(lines))


def environment_facts() -> list[str]:
    """Return the versions a developer asks for first."""
    return [
        f"MI Desk {app.__version__}",
        f"Python {platform.python_version()}, Qt {qVersion()}, {platform.system()} {platform.release()}",
        f"Machine {platform.machine()}, packaged {bool(getattr(sys, 'frozen', False))}",
        f"At {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC",
    ]


def _places(error: BaseException) -> list[str]:
    lines: list[str] = []
    for each in _chain(error):
        if lines:
            lines.append("")
        lines.append(f"{type(each).__module__}.{type(each).__qualname__}")
        lines += [
            f"  {_short(frame.filename)}:{frame.lineno} in {frame.name}"
            for frame in traceback.extract_tb(each.__traceback__)
        ]
    return lines


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    step: BaseException | None = error
    while step is not None and id(step) not in seen:
        seen.add(id(step))
        yield step
        step = step.__cause__ or (None if step.__suppress_context__ else step.__context__)


def _short(filename: str) -> str:
    """Return a path without the folders of the user's machine."""
    path = Path(filename)
    if path.is_relative_to(_ROOT):
        return path.relative_to(_ROOT).as_posix()
    return "/".join(path.parts[-2:])
