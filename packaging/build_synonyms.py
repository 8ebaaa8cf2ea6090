"""Make resources/rules/synonyms.json.gz: what lay people say beside what texts say.

    python packaging/build_synonyms.py HP_OBO_GZ SYMP_OBO

Terms are copied letter by letter with the id of their source; only long ones and plain repetitions are left out.
"""

import gzip
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from app.services.search.stems import stem, tokens  # noqa: E402 - the path is set above

TARGET = ROOT / "resources" / "rules" / "synonyms.json.gz"
SOURCE = (
    "Human Phenotype Ontology (HPO), release 2025-01-16, https://hpo.jax.org, layperson and spelling synonyms of "
    "its terms, unaltered; Symptom Ontology, release 2026-07-30, CC0"
)
MOST_WORDS = 3
_SYNONYM = re.compile(r'synonym: "((?:[^"\\]|\\.)*)" EXACT ?(\w*)')
_KINDS = {"HP": {"layperson", "uk_spelling"}, "SYMP": {""}}


def terms(text: str, prefix: str) -> Iterator[list[str]]:
    """Yield the id, the name and the synonyms of every current term."""
    for block in text.split("\n[Term]\n")[1:]:
        fields = dict(line.split(": ", 1) for line in reversed(block.split("\n")) if ": " in line)
        if fields.get("is_obsolete") == "true" or not fields["id"].startswith(f"{prefix}:"):
            continue
        found = _SYNONYM.findall(block)
        names = [name for name, kind in found if kind in _KINDS[prefix]]
        kept = _distinct([fields["name"], *names])
        if len(kept) > 1 and kept[0] == fields["name"]:
            yield [fields["id"], *kept]


def _distinct(names: list[str]) -> list[str]:
    seen: dict[tuple[str, ...], str] = {}
    for name in names:
        words = tokens(name)
        if 0 < len(words) <= MOST_WORDS and not set(name) & set("\\|"):
            seen.setdefault(tuple(sorted(stem(word) for word in words)), name)
    return list(seen.values())


def main() -> None:
    """Write the file; the same input gives the same bytes."""
    phenotypes, symptoms = (Path(name) for name in sys.argv[1:3])
    groups = [
        *terms(gzip.decompress(phenotypes.read_bytes()).decode(), "HP"),
        *terms(symptoms.read_text(encoding="utf-8"), "SYMP"),
    ]
    body = {"version": "1.0", "source": SOURCE, "groups": ["|".join(group) for group in groups]}
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    TARGET.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    sys.stdout.write(f"{len(groups)} groups, {TARGET.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
