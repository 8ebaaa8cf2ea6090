"""Other words for what a question says: our own list, and lay terms of two ontologies."""

import functools
import gzip
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from app.errors import EnvironmentFaultError
from app.models.rules_data import load_rules, parse_rules, resource_path
from app.services.search.stems import stem, tokens

Stems: TypeAlias = tuple[str, ...]

_LEXICON: Final = "synonyms.json.gz"
LONGEST: Final = 4
_BETWEEN: Final = "|"


@functools.cache
def synonyms() -> Mapping[Stems, tuple[str, ...]]:
    """Return every phrase by its stems, with what else is said for it; read once."""
    found: dict[Stems, dict[str, None]] = {}
    for group in (*_own(), *_of_ontologies()):
        stems = [stems_of(name) for name in group]
        for name, own in zip(group, stems, strict=True):
            if not 0 < len(own) <= LONGEST:
                continue
            others = {other: None for other, its in zip(group, stems, strict=True) if its and its != own}
            found.setdefault(own, {}).update(others)
            found[own].pop(name, None)
    return {key: tuple(names) for key, names in found.items()}


def stems_of(text: str) -> Stems:
    """Return the stems of a phrase, in order."""
    return tuple(stem(word) for word in tokens(text))


def _own() -> Sequence[tuple[str, ...]]:
    return [tuple(group.split(_BETWEEN)) for group in load_rules("synonyms.json").body.texts("groups")]


def _of_ontologies() -> Sequence[tuple[str, ...]]:
    path = resource_path("rules", _LEXICON)
    try:
        text = gzip.decompress(path.read_bytes()).decode()
    except (OSError, EOFError, UnicodeDecodeError) as exc:
        raise EnvironmentFaultError(
            f"The program's own file {_LEXICON} cannot be read. Your work is untouched. Install MI Desk again."
        ) from exc
    # The id of the term stands first.
    groups = parse_rules(_LEXICON, text).body.texts("groups")
    return [tuple(group.split(_BETWEEN)[1:]) for group in groups]
