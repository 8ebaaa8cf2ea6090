"""Find commands by the words in their names."""

import functools
from collections.abc import Callable, Iterable

from app.ui.shell.actions import Command, Registry
from app.ui.shell.palette_model import PaletteItem, fold


def find_commands(commands: Iterable[Command], query: str) -> list[Command]:
    """Return the commands that match every word, best first."""
    words = fold(query).split()
    scored = [(_score(fold(command.text), words), at, command) for at, command in enumerate(commands)]
    return [command for score, _, command in sorted(scored, key=_order) if score is not None]


def command_items(
    registry: Registry, commands: Iterable[Command], run: Callable[[str], object]
) -> list[PaletteItem]:
    """Turn commands into rows; a refused one keeps its reason."""
    return [
        PaletteItem(
            title=command.text,
            run=functools.partial(run, command.id),
            icon=command.icon or "chevron-right",
            keys=command.keycaps,
            reason=registry.reason(command.id),
        )
        for command in commands
    ]


def _order(entry: tuple[int | None, int, Command]) -> tuple[int, int]:
    score, at, _ = entry
    return (-1 if score is None else score), at


def _score(text: str, words: list[str]) -> int | None:
    """Rate a text from 0, best; none if a word is missing."""
    total = 0
    for word in words:
        if text.startswith(word):
            continue
        if f" {word}" in text:
            total += 1
        elif word in text:
            total += 3
        else:
            return None
    return total
