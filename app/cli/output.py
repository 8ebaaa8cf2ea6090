"""What a verb prints: JSON on stdout for programs, sentences for people."""

import dataclasses
import json
import sys
from collections.abc import Iterable, Mapping
from typing import Any

from app.errors import (
    AppError,
    EnvironmentFaultError,
    InputRefusedError,
    NotAllowedError,
    RecordNotFoundError,
    StaleEditError,
    UserFacingError,
    WorkspaceError,
)

DONE, NO, USAGE, REFUSED, CLOSED, ENVIRONMENT = 0, 1, 2, 3, 4, 5

_CODES: tuple[tuple[type[AppError], int], ...] = (
    (WorkspaceError, CLOSED),
    (EnvironmentFaultError, ENVIRONMENT),
    (InputRefusedError, REFUSED),
    (RecordNotFoundError, USAGE),
    (NotAllowedError, NO),
    (StaleEditError, NO),
    (UserFacingError, NO),
)


def exit_code(error: AppError) -> int:
    """Return the exit code that the command line's contract gives an error."""
    return next((code for kind, code in _CODES if isinstance(error, kind)), ENVIRONMENT)


def message_of(error: AppError) -> str:
    """Return an error with its blockers, a line each."""
    lines = [str(error)]
    if isinstance(error, NotAllowedError):
        lines += [f"  - {blocker}" for blocker in error.blockers]
    return "\n".join(lines)


def plain(value: Any) -> Any:
    """Return a value as JSON knows it; bytes are left out."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, str | bool | int | float) or value is None:
        return str(value) if isinstance(value, str) else value
    if isinstance(value, Iterable) and not isinstance(value, bytes):
        return [plain(item) for item in value]
    return str(value)


class Output:
    """Stdout carries the answer and nothing else; all other words go to stderr."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json

    def document(self, value: Any) -> None:
        """Print one JSON document, when JSON was asked for."""
        if self.as_json:
            sys.stdout.write(json.dumps(plain(value), ensure_ascii=False) + "\n")

    def items(self, values: Iterable[Any], *, as_lines: bool) -> None:
        """Print a list as one document or as JSON lines."""
        if as_lines:
            for value in values:
                sys.stdout.write(json.dumps(plain(value), ensure_ascii=False) + "\n")
        else:
            self.document(list(values))

    def line(self, text: str) -> None:
        """Print a line for people; it is left out when JSON was asked for."""
        if not self.as_json:
            sys.stdout.write(text + "\n")

    def note(self, text: str) -> None:
        """Print a message or progress on stderr."""
        sys.stderr.write(text + "\n")

    def error(self, text: str) -> None:
        """Print an error on stderr."""
        sys.stderr.write(text + "\n")
