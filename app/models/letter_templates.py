"""The slots of a letter template, and which of them a letter has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.models.checks.snapshot import BlockKind, LetterKind
from app.models.letter_blocks import canonical_text
from app.models.letter_origins import Origin, TemplateOrigin, template_slot
from app.models.normal import content_hash

ANSWERS_SLOT = "answers"
OFF_LABEL = "off_label"

_KINDS = {
    "fixed": BlockKind.FIXED,
    "questions": BlockKind.FIXED,
    "references": BlockKind.REFERENCES,
    "signature": BlockKind.SIGNATURE,
}


@dataclass(frozen=True, slots=True)
class Slot:
    """One place of a template; an optional one says when, and before which it stands."""

    name: str
    kind: str
    text: str
    editable: bool = False
    when: str = ""
    before: str = ""

    @property
    def block_kind(self) -> BlockKind:
        """The kind of the block that fills this slot."""
        return _KINDS[self.kind]


@dataclass(frozen=True, slots=True)
class TemplateForm:
    """A letter template without its Word file."""

    code: str
    number: str
    title: str
    language: str
    slots: tuple[Slot, ...]
    optional: tuple[Slot, ...] = ()
    kind: LetterKind = LetterKind.ANSWER

    def origin(self, slot: Slot) -> TemplateOrigin:
        """Return the origin of the block that fills a slot."""
        return TemplateOrigin(self.code, self.number, slot.name, content_hash(slot.text), slot.editable)

    def after_answers(self) -> frozenset[str]:
        """Return the names of the slots behind the answers."""
        names = [slot.name for slot in self.slots]
        return frozenset(names[names.index(ANSWERS_SLOT) + 1 :] if ANSWERS_SLOT in names else ())


def template_form(
    code: str, number: str, title: str, language: str, slots: Mapping[str, Any]
) -> TemplateForm:
    """Read the slots of a template from their JSON."""
    return TemplateForm(
        code,
        number,
        title,
        language,
        tuple(_slot(slot) for slot in slots["slots"]),
        tuple(_slot(slot) for slot in slots.get("optional", ())),
        letter_kind(slots),
    )


def letter_kind(slots: Mapping[str, Any]) -> LetterKind:
    """Tell what the letters of a template are for.

    A template that was taken in before templates said so is judged by whether it has a place for answers.
    """
    said = slots.get("kind")
    if said is not None:
        return LetterKind(said)
    has_answers = any(slot["slot"] == ANSWERS_SLOT for slot in slots["slots"])
    return LetterKind.ANSWER if has_answers else LetterKind.ACKNOWLEDGEMENT


def arranged(template: TemplateForm, conditions: frozenset[str]) -> tuple[Slot, ...]:
    """Return the slots that become blocks, optional ones in their place."""
    chosen = [slot for slot in template.optional if slot.when in conditions]
    order: list[Slot] = []
    for slot in template.slots:
        order += [extra for extra in chosen if extra.before == slot.name]
        order.append(slot)
    return tuple(slot for slot in order if slot.kind != ANSWERS_SLOT)


def answers_end(origins_of_blocks: Sequence[Sequence[Origin]], template: TemplateForm) -> int:
    """Return the index behind the answers among the blocks of a letter."""
    behind = template.after_answers()
    for index, origins in enumerate(origins_of_blocks):
        slot = template_slot(origins)
        if slot is not None and slot.slot in behind:
            return index
    return len(origins_of_blocks)


def _slot(value: Mapping[str, Any]) -> Slot:
    return Slot(
        name=value["slot"],
        kind=value["kind"],
        text=canonical_text(value["text"]),
        editable=bool(value["editable"]),
        when=value.get("when", ""),
        before=value.get("before", ""),
    )
