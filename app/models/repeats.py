"""Judge how much two inquiries look like one contact; a person decides."""

import functools
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.models.rules_data import RulesFile, load_rules

DAY_MS = 86_400_000
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_HOUR_MS = 3_600_000
# Long messages end in signatures and earlier mails, which are alike for another reason.
_COMPARED = 2_000


@dataclass(frozen=True, slots=True)
class RepeatRules:
    """What likeness counts for how much, and from where it is proposed."""

    version: str
    window_ms: int
    propose_at: int
    most: int
    candidates: int
    points: Mapping[str, int]
    near: tuple[tuple[int, int], ...]
    similar_from: float
    fewest_words: int
    phone_digits: int
    fewest_phone_digits: int
    stop_words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Traits:
    """What of an inquiry is compared with another one."""

    received_at: int
    verbatim: str = ""
    questions: tuple[str, ...] = ()
    product_id: str | None = None
    external_id: str | None = None
    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    institutions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much two inquiries are alike, with a reason for every point."""

    score: int
    reasons: tuple[str, ...]


@functools.cache
def repeat_rules() -> RepeatRules:
    """Return the thresholds that the program ships."""
    return rules_from(load_rules("duplicates.json"))


def rules_from(rules: RulesFile) -> RepeatRules:
    """Read thresholds; a missing one is named."""
    body = rules.body
    points = body.section("points")
    return RepeatRules(
        version=rules.version,
        window_ms=body.number("window_days") * DAY_MS,
        propose_at=body.number("propose_at"),
        most=body.number("most"),
        candidates=body.number("candidates"),
        points={name: points.number(name) for name in _POINTS},
        near=tuple(
            sorted((row.number("days") * DAY_MS, row.number("points")) for row in body.sections("near"))
        ),
        similar_from=body.number("similar_from_percent") / 100,
        fewest_words=body.number("fewest_words"),
        phone_digits=body.number("phone_digits"),
        fewest_phone_digits=body.number("fewest_phone_digits"),
        stop_words=frozenset(body.texts("stop_words")),
    )


_POINTS = (
    "same_message",
    "same_words",
    "email",
    "phone",
    "name_and_institution",
    "second_contact",
    "institution",
    "product",
    "similar_question",
)


def judge(one: Traits, other: Traits, rules: RepeatRules | None = None) -> Likeness:
    """Add up what two inquiries share; each share is a reason in words."""
    rules = rules or repeat_rules()
    told = [*_message(one, other, rules), *_contact(one, other, rules), *_question(one, other, rules)]
    if one.product_id and one.product_id == other.product_id:
        told.append((rules.points["product"], "Same product"))
    apart = abs(one.received_at - other.received_at)
    # Nearness alone says nothing: it weighs only beside another likeness.
    if told:
        told += [(points, _apart(apart)) for within, points in rules.near if apart <= within][:1]
    return Likeness(min(100, sum(points for points, _ in told)), tuple(words for _, words in told))


def phone_key(phone: str, rules: RepeatRules | None = None) -> str:
    """Return the last digits of a phone number, nothing for too few."""
    rules = rules or repeat_rules()
    digits = "".join(char for char in phone.split("ext")[0] if char.isdigit())
    return digits[-rules.phone_digits :] if len(digits) >= rules.fewest_phone_digits else ""


def plain(text: str) -> str:
    """Return words in small letters without accents, a space between them."""
    folded = text
    for _ in range(2):
        # Some signs of mathematics are capitals only after they were taken apart.
        folded = unicodedata.normalize("NFKD", folded).casefold()
    return " ".join(
        _WORD.findall(
            "".join(char for char in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(char))
        )
    )


def name_key(first: str, last: str, institution: str) -> str:
    """Return a person of an institution as compared, nothing if one is missing."""
    family, house = plain(last), plain(institution)
    # A first name is often an initial, and often left out.
    return f"{family}|{plain(first)[:1]}|{house}" if family and house else ""


def telling_words(text: str, rules: RepeatRules | None = None) -> tuple[str, ...]:
    """Return the words that tell a question from others, the longest first."""
    rules = rules or repeat_rules()
    words = dict.fromkeys(word for word in plain(text).split() if len(word) > 1)
    return tuple(sorted((w for w in words if w not in rules.stop_words), key=lambda word: (-len(word), word)))


def likeness_of_texts(one: str, other: str, rules: RepeatRules | None = None) -> float:
    """Return from 0 to 1 how alike two texts are, by words or by trigrams."""
    rules = rules or repeat_rules()
    first, second = (frozenset(telling_words(text[:_COMPARED], rules)) for text in (one, other))
    if min(len(first), len(second)) < rules.fewest_words:
        return 1.0 if first and first == second else 0.0
    return max(_dice(first, second), _dice(_trigrams(first), _trigrams(second)))


def _message(one: Traits, other: Traits, rules: RepeatRules) -> Iterator[tuple[int, str]]:
    if one.external_id and one.external_id == other.external_id:
        yield rules.points["same_message"], "Same message or row"


def _contact(one: Traits, other: Traits, rules: RepeatRules) -> Iterator[tuple[int, str]]:
    shared = [
        (rules.points[name], words)
        for name, words, is_same in (
            ("email", "Same e-mail address", one.emails & other.emails),
            ("phone", "Same phone number", one.phones & other.phones),
            ("name_and_institution", "Same name and institution", _same_names(one.names, other.names)),
        )
        if is_same
    ]
    shared.sort(key=lambda item: -item[0])
    # The second sign of the same person proves little more than the first.
    yield from (
        (points if at == 0 else rules.points["second_contact"], w) for at, (points, w) in enumerate(shared)
    )
    if not shared and one.institutions & other.institutions:
        yield rules.points["institution"], "Same institution"


def _same_names(one: frozenset[str], other: frozenset[str]) -> bool:
    pairs = ((mine.split("|"), theirs.split("|")) for mine in one for theirs in other)
    return any(
        mine[0] == theirs[0] and mine[2] == theirs[2] and ("" in (mine[1], theirs[1]) or mine[1] == theirs[1])
        for mine, theirs in pairs
    )


def _question(one: Traits, other: Traits, rules: RepeatRules) -> Iterator[tuple[int, str]]:
    mine, theirs = plain(one.verbatim), plain(other.verbatim)
    if mine and mine == theirs:
        yield rules.points["same_words"], "Same words"
        return
    texts = one.questions or (one.verbatim,), other.questions or (other.verbatim,)
    best = max((likeness_of_texts(a, b, rules) for a in texts[0] for b in texts[1]), default=0.0)
    if best >= rules.similar_from:
        yield round(rules.points["similar_question"] * best), f"Similar question ({best:.0%})"


def _apart(millis: int) -> str:
    if millis < _HOUR_MS:
        return "Within one hour"
    if millis <= DAY_MS:
        return f"{round(millis / _HOUR_MS)} h apart"
    return f"{round(millis / DAY_MS)} days apart" if millis >= 1.5 * DAY_MS else "1 day apart"


def _trigrams(words: frozenset[str]) -> frozenset[str]:
    return frozenset(
        padded[at : at + 3] for padded in (f" {word} " for word in words) for at in range(len(padded) - 2)
    )


def _dice(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0
