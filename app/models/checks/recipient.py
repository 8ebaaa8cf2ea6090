"""LC11: the letter goes to the verified contact and names nobody else."""

import functools
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.models.checks.findings import Finding
from app.models.checks.rule_config import rule_config
from app.models.checks.snapshot import Block, BlockKind, LetterSnapshot

# Not `\w`, which breaks words at combining marks and at the vowel signs of Indic scripts.
_WORD = re.compile(r"[^\s\d_.,;:!?()\[\]{}<>\"“”„«»/\\|*+=~^#&%…–—]+")  # noqa: RUF001 - dashes end a word
_EDGE = "'’‘-"  # noqa: RUF001 - quotation marks around a name
_JOINT = re.compile(r"[\s.,]{0,3}")
# Scripts written without spaces, in which a whole name is one word.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{3,}")

Word = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class _Index:
    # Keyed by word, so that a keystroke costs the words of its block and not all contacts.
    by_first_word: Mapping[str, list[tuple[tuple[str, ...], str]]]
    by_surname: Mapping[str, str]
    unspaced: tuple[str, ...]
    titles: frozenset[str]


def equals_contact(snapshot: LetterSnapshot) -> Iterator[Finding]:
    """Compare the recipient with the contact and its verification."""
    config, contact = rule_config("LC11"), snapshot.contact
    if not contact.is_verified:
        yield config.finding("unverified", "The contact is not verified.", "Verify the contact.")
    elif contact.verified_until is not None and contact.verified_until < snapshot.today:
        message = f"The contact was verified until {contact.verified_until:%d %b %Y}."
        yield config.finding("expired", message, "Verify the contact again.")
    for part in ("name", "title", "address", "email"):
        on_letter, known = str(getattr(snapshot.recipient, part)), str(getattr(contact.person, part))
        if _folded(on_letter) != _folded(known) or (part == "name" and not known.strip()):
            yield config.finding(
                "mismatch",
                f"The {_PARTS[part]} on the letter is not the contact's: “{known}”.",
                "Correct the letter or the contact.",
                quote=on_letter,
            )


def other_people(block: Block, snapshot: LetterSnapshot) -> Iterator[Finding]:
    """Find the name of another contact in the text."""
    if block.kind in {BlockKind.REFERENCES, BlockKind.SIGNATURE}:
        return
    mine = {_name(snapshot.contact.person.name), _name(snapshot.signature.author_name)}
    for start, end, full_name in _names_in(block.drawn, _index(snapshot.other_names)):
        if _name(full_name) not in mine and not _is_own(block.drawn[start:end], mine):
            yield rule_config("LC11").finding(
                "other_person",
                "This looks like the name of another contact.",
                "Delete it, or check that it belongs here.",
                where=block.id,
                quote=block.drawn[start:end],
                offset=start,
            )


_PARTS = {"name": "name", "title": "title", "address": "address", "email": "e-mail address"}


def _names_in(text: str, index: _Index) -> list[tuple[int, int, str]]:
    words = _words(text)
    hits: list[tuple[int, int, str]] = []
    for at, (word, start, _) in enumerate(words):
        for form, full_name in index.by_first_word.get(word, ()):
            if _follows(text, words, at, form):
                hits.append((start, words[at + len(form) - 1][2], full_name))
                break
        if word in index.titles and at + 1 < len(words):
            surname = words[at + 1][0]
            if surname in index.by_surname and _follows(text, words, at, (word, surname)):
                hits.append((start, words[at + 1][2], index.by_surname[surname]))
    for run in _UNSPACED.finditer(text):
        hits += _unspaced_hits(run, index)
    return _apart(hits)


def _unspaced_hits(run: re.Match[str], index: _Index) -> Iterator[tuple[int, int, str]]:
    for name in index.unspaced:
        at = run.group().find(name)
        if at >= 0:
            yield run.start() + at, run.start() + at + len(name), name


def _follows(text: str, words: list[Word], at: int, form: tuple[str, ...]) -> bool:
    if tuple(word for word, _, _ in words[at : at + len(form)]) != form:
        return False
    pairs = zip(words[at : at + len(form) - 1], words[at + 1 : at + len(form)], strict=True)
    return all(_JOINT.fullmatch(text, left[2], right[1]) is not None for left, right in pairs)


def _apart(hits: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    kept: list[tuple[int, int, str]] = []
    for hit in sorted(hits, key=lambda h: (h[0], -h[1])):
        if not kept or hit[0] >= kept[-1][1]:
            kept.append(hit)
    return kept


@functools.lru_cache(maxsize=4)
def _index(names: tuple[str, ...]) -> _Index:
    titles = _titles()
    by_first_word: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    by_surname: dict[str, str] = {}
    unspaced = []
    for full_name in names:
        parts = tuple(word for word in _name(full_name) if word not in titles)
        if not parts:
            continue
        by_surname.setdefault(parts[-1], full_name)
        if len(parts) == 1 and _UNSPACED.fullmatch(parts[0]):
            unspaced.append(parts[0])
        elif len(parts) > 1:
            for form in dict.fromkeys((parts, (parts[0], parts[-1]), (parts[-1], parts[0]))):
                by_first_word.setdefault(form[0], []).append((form, full_name))
    return _Index(by_first_word, by_surname, tuple(unspaced), titles)


@functools.cache
def _titles() -> frozenset[str]:
    return frozenset(rule_config("LC11").section.texts("honorifics"))


def _is_own(quote: str, mine: set[tuple[str, ...]]) -> bool:
    said = set(_name(quote)) - _titles()
    return any(own and said <= set(own) for own in mine)


def _name(text: str) -> tuple[str, ...]:
    return tuple(word for word, _, _ in _words(text))


def _words(text: str) -> list[Word]:
    words = []
    for match in _WORD.finditer(text):
        word = match.group().lstrip(_EDGE)
        start = match.end() - len(word)
        if word := word.rstrip(_EDGE):
            words.append((_bare(word), start, start + len(word)))
    return words


def _bare(word: str) -> str:
    folded = unicodedata.normalize("NFC", word).casefold().replace("’", "'")  # noqa: RUF001 - the curly one
    return folded.removesuffix("'s")


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
