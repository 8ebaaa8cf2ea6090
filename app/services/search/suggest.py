"""What answers a question: current SRDs, FAQs and labels, ranked, each with its reason in words."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from app.services.library.queries import DocumentRow, ForWhom, obstacle
from app.services.search import candidates, lexical
from app.services.search.candidates import LABEL, Candidate
from app.services.search.encoder import encoder
from app.services.search.lexicon import Lexicon, read_lexicon
from app.services.search.past import Use, past_answers
from app.services.search.products import Named, named_products, product_called
from app.services.search.question import Question, names_in, understand
from app.services.search.ranking import HELD_WEIGHT, Ranked, best_of_both, fused
from app.services.search.reasons import reasons, weights_of
from app.services.search.sentences import Sentence, best_sentence, words_in
from app.services.search.stems import stem, tokens
from app.services.search.vectors import Nearness, VectorIndex, read_index

_NEAREST: Final = 60
# Of each ranking, by words and by meaning.
_LOOKED_AT: Final = 30
_SAME_PRODUCT: Final = 0.10
_OTHER_PRODUCT: Final = 0.3
_PAST: Final = 0.10
_LABEL: Final = 0.7
# Everything that can be added up: to cut scores off at 1 would make the best of them equal.
_MOST: Final = 1.0 + HELD_WEIGHT + _SAME_PRODUCT + _PAST
_LONGEST: Final = 5_000
# A medicine's name says more than a word as rare.
_NAME: Final = 2.0
# Below this share of the best score by words, the section is chosen by meaning.
_FEW_WORDS: Final = 0.5


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and for whom it is answered.

    `product` is the medicine where it is known, else it is recognised in the text; `only_product` leaves out what is
    written for another. `every` takes in what cannot be used now, last and with its obstacle. `inquiry_id` is the
    inquiry at hand: its own letters are no past answers.
    """

    text: str
    today: date
    product: str = ""
    only_product: bool = False
    whom: ForWhom | None = None
    every: bool = False
    labels: bool = True
    inquiry_id: str = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One document that may answer, its best section and sentence, and why."""

    row: DocumentRow
    score: float
    section_id: str
    heading: str
    sentence: Sentence
    why: tuple[str, ...]
    obstacle: str | None = None


@dataclass(frozen=True, slots=True)
class _Heard:
    """Everything that speaks for the documents, before they are ranked."""

    question: Question
    words: Mapping[str, lexical.WordHit]
    near: Mapping[str, tuple[str, float]]
    past: Mapping[str, Use]
    said: str


@dataclass(frozen=True, slots=True)
class _Choice:
    """One document in its place."""

    candidate: Candidate
    ranked: Ranked
    score: float
    obstacle: str | None


@dataclass
class Suggester:
    """Ranks documents for questions; it keeps the vocabulary and the vectors in memory between questions.

    Safe to use from any thread, but never from the GUI's: the first question reads both.
    """

    by_meaning: bool = True
    _lexicon: Lexicon | None = None
    _index: VectorIndex | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def suggest(self, session: Session, asked: Asked, limit: int = 10) -> tuple[Suggestion, ...]:
        """Return the documents that answer best; a question without a known word or meaning gets none."""
        text = asked.text[:_LONGEST]
        lexicon, index = self._read(session)
        products = _products(session, text, asked.product)
        question = understand(text, lexicon, products)
        nearness = _nearness(index, question) if self.by_meaning else None
        heard = _hear(session, question, nearness, asked)
        choices = _ranked(session, heard, _worth(question, lexicon), asked)
        return _told(session, choices, heard, lexicon, limit)

    def forget(self) -> None:
        """Drop everything that was read, as when the workspace is locked."""
        with self._lock:
            self._lexicon = self._index = None

    def _read(self, session: Session) -> tuple[Lexicon, VectorIndex | None]:
        with self._lock:
            self._lexicon = read_lexicon(session, self._lexicon)
            if self.by_meaning:
                self._index = read_index(session, self._index)
            return self._lexicon, self._index


def _products(session: Session, text: str, product: str) -> tuple[Named, ...]:
    given = product_called(session, product) if product else None
    named = named_products(session, text)
    if given is None or any(each.id == given.id for each in named):
        return named
    return (given, *named)


def _nearness(index: VectorIndex | None, question: Question) -> Nearness | None:
    # Signs and the most common words have a vector too, and it is near to anything.
    if index is None or not index.sections or not question.typed:
        return None
    made_by = encoder()
    return index.nearness(made_by.encode([question.meant])[0]) if made_by is not None else None


def _worth(question: Question, lexicon: Lexicon) -> dict[str, float]:
    """Return the share of each stem in what a question says."""
    worth = {each: lexicon.rarity(each) for each in question.words}
    worth |= {each: _NAME * worth[each] for each in names_in(question, lexicon)}
    total = sum(worth.values())
    return {each: one / total for each, one in worth.items()}


def _hear(session: Session, question: Question, nearness: Nearness | None, asked: Asked) -> _Heard:
    words = lexical.find_documents(session, question, every=asked.every)
    if asked.labels:
        words |= lexical.find_labels(session, question)
    near = _near(session, words, nearness, asked) if nearness is not None else {}
    past = past_answers(session, question, without=asked.inquiry_id)
    return _Heard(question, words, near, past, f" {' '.join(tokens(question.text))} ")


def _near(
    session: Session, words: Mapping[str, lexical.WordHit], nearness: Nearness, asked: Asked
) -> dict[str, tuple[str, float]]:
    """Return the nearest section of each version that is near, or was found by its words."""
    nearest = nearness.nearest(_NEAREST)
    versions = candidates.versions_of_sections(session, nearest, every=asked.every)
    if asked.labels:
        others = [each for each in nearest if each not in versions]
        versions |= candidates.label_versions_of_sections(session, others) if others else {}
    versions |= {hit.section_id: hit.version_id for hit in words.values() if hit.section_id}
    best: dict[str, tuple[str, float]] = {}
    for section_id, score in nearness.of(versions).items():
        version_id = versions[section_id]
        if version_id not in best or best[version_id][1] < score:
            best[version_id] = (section_id, score)
    return best


def _ranked(session: Session, heard: _Heard, worth: Mapping[str, float], asked: Asked) -> list[_Choice]:
    said = {version_id: hit.score for version_id, hit in heard.words.items()}
    near = {version_id: score for version_id, (_section, score) in heard.near.items()}
    used = candidates.versions_of_codes(session, heard.past, every=asked.every)
    ids = list(dict.fromkeys((*best_of_both(said, near, _LOOKED_AT), *used)))
    known = candidates.documents_of(session, ids)
    if asked.labels:
        others = [each for each in ids if each not in known]
        known |= candidates.labels_of(session, others, asked.today) if others else {}
    ranked = fused(said, near, _held(session, heard, worth, known))
    choices = [_choice(known[each], ranked[each], heard, asked) for each in ids if each in known]
    kept = [each for each in choices if _is_wanted(each, heard, asked)]
    return sorted(kept, key=lambda each: (each.obstacle is not None, -each.score, each.candidate.row.code))


def _held(
    session: Session, heard: _Heard, worth: Mapping[str, float], known: Mapping[str, Candidate]
) -> dict[str, float]:
    """Return which share of what the question says each version holds, in its title or its best sections."""
    sections = [heard.words[each].section_id for each in known if each in heard.words]
    sections += [heard.near[each][0] for each in known if each in heard.near]
    holding = lexical.find_holding(session, heard.question, filter(None, sections))
    held: dict[str, float] = {}
    for version_id, each in known.items():
        holds = holding.get(version_id, {})
        holds |= {word: 1.0 for word in map(stem, tokens(each.row.title)) if word in worth}
        held[version_id] = sum(share * worth[word] for word, share in holds.items())
    return held


def _choice(candidate: Candidate, ranked: Ranked, heard: _Heard, asked: Asked) -> _Choice:
    score = ranked.score
    named = {each.id for each in heard.question.products}
    if named and candidate.product_id:
        score = score + _SAME_PRODUCT if candidate.product_id in named else score * _OTHER_PRODUCT
    use = heard.past.get(candidate.row.code)
    if use is not None:
        score += _PAST * use.share
    if candidate.row.kind == LABEL:
        score *= _LABEL
    elif _names_code(heard.said, candidate.row.code):
        score = _MOST
    # Rounded, so that the order never hangs on the last bit of a sum.
    return _Choice(candidate, ranked, round(score / _MOST, 4), _obstacle(candidate.row, asked))


def _names_code(said: str, code: str) -> bool:
    # A bare word or figure may stand in any question.
    is_number = any(map(str.isdigit, code)) and any(map(str.isalpha, code))
    return is_number and f" {' '.join(tokens(code))} " in said


def _obstacle(row: DocumentRow, asked: Asked) -> str | None:
    if row.kind == LABEL:
        return None
    if asked.whom is not None:
        return obstacle(row, asked.whom)
    return None if candidates.is_current(row, asked.today) else "is not in force"


def _is_wanted(choice: _Choice, heard: _Heard, asked: Asked) -> bool:
    if choice.obstacle is not None and not asked.every:
        return False
    if not asked.only_product or not choice.candidate.product_id:
        return True
    return choice.candidate.product_id in {each.id for each in heard.question.products}


def _told(
    session: Session, choices: list[_Choice], heard: _Heard, lexicon: Lexicon, limit: int
) -> tuple[Suggestion, ...]:
    chosen = [_placed(each, heard) for each in choices[:limit]]
    texts = candidates.texts_of(session, [each.candidate for each in chosen])
    weights = weights_of(heard.question, lexicon)
    return tuple(_suggestion(each, texts.get(each.candidate.row.id), heard, weights) for each in chosen)


def _placed(choice: _Choice, heard: _Heard) -> _Choice:
    """Choose the section: the one with the words where there are some, else the nearest in meaning."""
    version_id = choice.candidate.row.id
    hit = heard.words.get(version_id)
    near = heard.near.get(version_id)
    section_id = hit.section_id if hit is not None and hit.section_id else ""
    if near is not None and (not section_id or choice.ranked.words < _FEW_WORDS):
        section_id = near[0]
    return replace(choice, candidate=candidates.with_section(choice.candidate, section_id))


def _suggestion(
    choice: _Choice, text: tuple[str, str, str] | None, heard: _Heard, weights: Mapping[str, float]
) -> Suggestion:
    row = choice.candidate.row
    section_id, heading, markup = text or ("", "", "")
    sentence = best_sentence(markup, weights)
    found = words_in((row.title, heading, sentence.text), weights)
    named = {each.id for each in heard.question.products}
    why = reasons(
        heard.question,
        found,
        choice.ranked,
        product=row.product if choice.candidate.product_id in named else "",
        use=heard.past.get(row.code),
    )
    return Suggestion(row, choice.score, section_id, heading, sentence, why, choice.obstacle)
