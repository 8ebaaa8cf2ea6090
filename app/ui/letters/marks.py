"""What the margin says beside a block: where its text comes from."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from app.models.checks.snapshot import BlockKind, BlockState
from app.models.letter_blocks import word_count
from app.models.letter_drawing import OPTIONAL
from app.models.letter_origins import Origin, TemplateOrigin
from app.models.markup import fields, parse
from app.ui.letters.model import LetterModel

Bar = Literal["solid", "dashed", "dotted", "none"]


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark: icon, name, details and bar, and what is wrong with the source."""

    icon: str
    token: str
    name: str
    details: tuple[str, ...] = ()
    bar: Bar = "none"
    alert_icon: str = ""
    alert_token: str = ""
    alert: str = ""

    @property
    def spoken(self) -> str:
        """The mark as a screen reader says it."""
        return ", ".join(filter(None, (self.name, *self.details, self.alert)))


def mark_of(model: LetterModel, block_id: str) -> Mark:
    """Return the mark of a block that stands in the letter."""
    held, state = model.held(block_id), model.state(block_id)
    if held.kind is BlockKind.REFERENCES:
        count = len(model.reference_lines())
        return Mark("book-marked", "prov.free", "References", (f"{count}, AMA",))
    if held.kind is BlockKind.SIGNATURE:
        return Mark("signature", "prov.free", "Signature", ("made at release",))
    if state is BlockState.FREE:
        return _alerted(model, block_id, Mark("pen-line", "prov.free", *_free(model, block_id), "dotted"))
    names = _filled(model, block_id)
    if names and state is BlockState.VERBATIM:
        return Mark("pen-line", "prov.free", "Merge fields", (names,), "dotted")
    return _alerted(model, block_id, _sourced(model, block_id, held.origins, state))


def _sourced(model: LetterModel, block_id: str, origins: tuple[Origin, ...], state: BlockState) -> Mark:
    name, detail = _origin_words(origins)
    if state is BlockState.CHANGED:
        return Mark("pencil-line", "prov.changed", name, (detail, "changed"), "dashed")
    details = (detail, "open for changes") if block_id in model.unlocked else (detail,)
    return Mark("lock", "prov.verbatim", name, details, "solid")


def _origin_words(origins: tuple[Origin, ...]) -> tuple[str, str]:
    if len(origins) > 1:
        names = dict.fromkeys(_code(origin) for origin in origins)
        return f"{len(origins)} texts joined", ", ".join(names)
    origin = origins[0]
    place = origin.slot.replace("_", " ") if isinstance(origin, TemplateOrigin) else origin.heading
    return _code(origin), " · ".join(filter(None, (f"v{origin.number}" if origin.number else "", place)))


def _code(origin: Origin) -> str:
    return origin.template if isinstance(origin, TemplateOrigin) else origin.code


def _free(model: LetterModel, block_id: str) -> tuple[str, tuple[str, ...]]:
    written = model.facts(block_id).written_at
    if written is None:
        return "Free text", ()
    return "Written by you", (datetime.fromtimestamp(written / 1000).astimezone().strftime("%H:%M"),)


def _filled(model: LetterModel, block_id: str) -> str:
    """Say how many fields of a block have a value, if it is little else."""
    text = model.held(block_id).text
    names = [field.name for field in fields(parse(text))]
    # A field counts as a word or two of its own, so the rest is what stands between them.
    words = word_count(text) - sum(len(name.replace("_", "").split(".")) for name in names)
    if not names or words >= len(names):
        return ""
    wanted = [name for name in names if name not in OPTIONAL or model.drawing.values.get(name)]
    filled = [name for name in wanted if model.drawing.values.get(name)]
    return f"{len(filled)} of {len(wanted)} filled"


def _alerted(model: LetterModel, block_id: str, mark: Mark) -> Mark:
    facts = model.facts(block_id)
    if facts.has_conflict:
        alert = ("git-merge", "soon", "Needs a decision")
    elif facts.stale:
        alert = ("circle-alert", "over", facts.stale)
    else:
        return mark
    return Mark(mark.icon, mark.token, mark.name, mark.details, mark.bar, *alert)
