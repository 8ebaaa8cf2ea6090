"""Letters, reviews, gaps and variants as rows of words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from app.models.lifecycle_letter import LetterState
from app.models.lifecycle_srd import SrdState
from app.services.library.gaps import Gap
from app.services.library.queries import DocumentRow
from app.services.library.variants import Deviation, Variant
from app.services.library.versions import ReviewDue
from app.services.library.where_used import Passage, Use
from app.ui.library import states
from app.ui.library.fact_lines import FactLine
from app.ui.library.wording import say
from app.ui.widgets import ChipKind

_PASSAGE_WORDS: Final = (("verbatim", "Verbatim"), ("changed", "Changed"))
_SOON_DAYS: Final = 14


@dataclass(frozen=True, slots=True)
class VariantOf:
    """A variant with the version that it was made from."""

    variant: Variant
    parent: DocumentRow


@dataclass(frozen=True, slots=True)
class DeviationOf:
    """A section that differs, and the variant it stands in."""

    version_id: str
    deviation: Deviation


def day_of(millis: int | None, zone: str) -> str:
    """Write the day of an instant in a zone; nothing for none."""
    if millis is None:
        return ""
    moment = datetime.fromtimestamp(millis / 1000, UTC).astimezone(ZoneInfo(zone))
    return states.day_words(moment.date().isoformat())


def use_lines(uses: Iterable[Use], zone: str) -> list[FactLine]:
    """Describe letters, in the order given."""
    return [_use_line(use, zone) for use in uses]


def _use_line(use: Use, zone: str) -> FactLine:
    word = use.letter_state.replace("_", " ").capitalize()
    return FactLine(
        f"{use.letter_id} {use.version_id}",
        use.reference or use.inquiry_number,
        states.joined(
            say("Version {number}").format(number=use.number),
            say("Edition {edition}").format(edition=use.edition),
            passage_words(use.passages),
        ),
        say("Sent {day}").format(day=day_of(use.sent_at, zone)) if use.went_out else say("Not sent"),
        say("Went out") if use.went_out else word,
        "soon" if use.went_out else _draft_kind(use),
        "send" if use.went_out else "file-pen-line",
        about=use,
    )


def _draft_kind(use: Use) -> ChipKind:
    return "outline" if use.letter_state == LetterState.DRAFT else "plain"


def passage_words(passages: Sequence[Passage]) -> str:
    """Name the sections used, verbatim and changed ones apart."""
    parts = []
    for state, word in _PASSAGE_WORDS:
        places: dict[str, list[str]] = {}
        for passage in passages:
            if (passage.state == "verbatim") == (state == "verbatim"):
                number = str(passage.paragraph + 1) if passage.paragraph is not None else ""
                places.setdefault(passage.heading or say("Text"), []).append(number)
        if places:
            parts.append(f"{say(word)}: {', '.join(_place(*place) for place in places.items())}")
    return states.joined(*parts)


def _place(heading: str, numbers: Sequence[str]) -> str:
    known = list(dict.fromkeys(number for number in numbers if number))
    return f"{heading} ({', '.join(known)})" if known else heading


def uses_summary(uses: Sequence[Use]) -> str:
    """Say how many letters hold the text and how many are outside."""
    letters = {use.letter_id: use.went_out for use in uses}
    out = sum(letters.values())
    noun = say("letter holds") if len(letters) == 1 else say("letters hold")
    return say("{count} {noun} text of it, {out} went out").format(
        count=f"{len(letters):,}", noun=noun, out=f"{out:,}"
    )


def due_line(due: ReviewDue) -> FactLine:
    """Describe a version whose review is due."""
    return FactLine(
        due.version_id,
        due.title,
        f"{due.code} v{due.number}",
        states.day_words(due.review_due),
        *_due_chip(due),
        about=due,
    )


def _due_chip(due: ReviewDue) -> tuple[str, ChipKind, str]:
    left = due.days_left
    if left is None:
        return say("No day set"), "outline", "circle-dashed"
    if left < 0:
        words = say("1 day late") if left == -1 else say("{count} days late").format(count=f"{-left:,}")
        if due.state == SrdState.EXPIRED:
            return say("Expired, {words}").format(words=words), "over", "circle-alert"
        return words, "soon", "clock-alert"
    words = (
        say("Today")
        if left == 0
        else say("1 day left")
        if left == 1
        else say("{left} days left").format(left=left)
    )
    return words, "soon" if left <= _SOON_DAYS else "plain", "clock-alert" if left <= _SOON_DAYS else "clock"


def gap_line(gap: Gap, zone: str) -> FactLine:
    """Describe a topic that the library does not answer."""
    answers = (
        say("1 custom answer")
        if gap.answers == 1
        else say("{answers} custom answers").format(answers=f"{gap.answers:,}")
    )
    newest = say("Newest {value}").format(value=gap.inquiries[0][1]) if gap.inquiries else ""
    return FactLine(
        f"{gap.product} {gap.topic}",
        states.joined(
            gap.topic.replace("_", " ").capitalize() or say("No topic"), gap.product or say("No product")
        ),
        states.joined(newest, day_of(gap.last_at, zone)),
        answers,
        *((say("Write a document"), "soon", "triangle-alert") if gap.is_due else ("", "plain", "")),
        about=gap,
    )


def variant_lines(found: Iterable[VariantOf]) -> list[FactLine]:
    """Describe variants, each followed by the sections that differ."""
    lines: list[FactLine] = []
    for each in found:
        lines.append(_variant_line(each))
        lines += deviation_lines(each.variant.version_id, each.variant.deviations)
    return lines


def deviation_lines(version_id: str, deviations: Iterable[Deviation]) -> list[FactLine]:
    """Describe the sections in which a variant differs."""
    return [
        FactLine(
            f"{version_id} {deviation.heading}",
            deviation.heading or say("Section without a heading"),
            deviation.reason or say("Differs from its parent. Enter: say why"),
            "",
            *(
                (say("Explained"), "plain", "check")
                if deviation.reason
                else (say("Open"), "soon", "circle-dashed")
            ),
            is_indented=True,
            about=DeviationOf(version_id, deviation),
        )
        for deviation in deviations
    ]


def _variant_line(each: VariantOf) -> FactLine:
    variant = each.variant
    look = states.state_look(variant.state)
    count = len(variant.deviations)
    differs = (
        say("No section differs")
        if not count
        else say("1 section differs")
        if count == 1
        else say("{count} sections differ").format(count=count)
    )
    if variant.needs_assessment:
        chip: tuple[str, ChipKind, str] = (say("Needs assessment"), "soon", "scale")
    else:
        chip = (look.word, look.kind, look.icon)
    return FactLine(
        variant.version_id,
        states.joined(
            states.country_word(variant.country),
            states.language_word(variant.language),
            states.audience_word(variant.audience),
        ),
        states.joined(
            say("Version {number}, made from {number_2}").format(
                number=variant.number, number_2=each.parent.number
            ),
            differs,
        ),
        look.word if variant.needs_assessment else "",
        *chip,
        about=each,
    )
