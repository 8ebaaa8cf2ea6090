"""How well and how fast questions find their answers: words alone, meaning alone, and both together.

    python -m benchmarks.suggest [--questions 500] [--half test] [--seconds 60]
    python -m benchmarks.suggest --pool

The library is MedQuAD: its answers under the name of what they are about, without their questions. Encoding all of
them takes an hour of one core, so vectors are kept in a cache and each run adds to it for some seconds; what has
vectors is the library of the run. Weights are chosen on one half of the questions, figures reported on the other; no
subject has questions in both. `--pool` prints what there is to judge. docs/search.md tells what came of it.
"""

import argparse
import hashlib
import json
import os
import random
import re
import statistics
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from lxml import etree
from python_calamine import CalamineWorkbook
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.models.ids import uuid7
from app.models.passage import PassageVector
from app.models.standard_response import StandardResponse, StandardResponseSection, StandardResponseVersion
from app.services.search.encoder import MODEL, encoder, numpy
from app.services.search.stems import tokens
from app.services.search.suggest import Asked, Suggester
from app.services.search.vectors import read_index
from app.services.workspace.clock import SystemClock
from app.services.workspace.database import Database, Identity
from app.services.workspace.migrate import upgrade

CORPUS = Path(os.environ.get("MIDESK_CORPUS") or Path(__file__).resolve().parents[2] / "shared" / "data")
MEDQUAD = CORPUS / "questions" / "medquad" / "medquad_xml.tar.gz"
PUBLIC = CORPUS / "questions" / "medication_qa_medinfo2019" / "MedInfo2019-QA-Medications.xlsx"
JUDGED = Path(__file__).parent / "data" / "judged.json"
CACHE = Path(os.environ.get("MIDESK_BENCH_CACHE") or Path(tempfile.gettempdir()) / "midesk-bench-suggest")
FIRST_WORDS = 64
TODAY = date(2026, 11, 22)
Rank = Callable[[Session, str], Sequence[str]]


@dataclass(frozen=True)
class Pair:
    name: str
    about: str
    question: str
    answer: str

    @property
    def passage(self) -> str:
        return " ".join(self.answer.split()[:FIRST_WORDS])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--questions", type=int, default=500)
    parser.add_argument("--half", choices=("dev", "test"), default="test")
    parser.add_argument("--seconds", type=float, default=60.0)
    args = parser.parse_args()
    np, made_by = numpy(), encoder()
    if not MEDQUAD.exists() or np is None or made_by is None:
        print("suggest: skipped, it needs the shared data and the extra `semantic`")
        return
    pairs = read_pairs()
    vectors = Vectors(np, made_by)
    vectors.add(pairs, args.seconds)
    library = [pair for pair in pairs if vectors.has(pair)]
    print(f"library: {len(library):,} of {len(pairs):,} answers have vectors")
    with tempfile.TemporaryDirectory() as folder:
        database = fill(Path(folder), library, vectors)
        asked = [pair for pair in library if half(pair) == args.half]
        evaluate(database, library, random.Random(7).sample(asked, args.questions), made_by)
        judged(database, library, made_by)
        memory(database)
        database.close()


def half(pair: Pair) -> str:
    """Return the half that a subject belongs to, the same in every run."""
    return ("dev", "test")[hashlib.sha256(pair.about.encode()).digest()[-1] % 2]


def memory(database: Database) -> None:
    """Print what a suggester keeps."""
    before = resident()
    suggester = Suggester()
    database.read(suggester.suggest, Asked("What is asthma?", TODAY), 10)
    print(f"a suggester of its own adds {resident() - before:.0f} MB, resident {resident():.0f} MB")


def resident() -> float:
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    line = next(each for each in status.read_text(encoding="ascii").splitlines() if each.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def read_pairs() -> list[Pair]:
    pairs: list[Pair] = []
    with tarfile.open(MEDQUAD) as archive:
        for member in archive:
            stream = archive.extractfile(member) if member.name.endswith(".xml") else None
            if stream is None:
                continue
            root = etree.fromstring(stream.read(), etree.XMLParser(resolve_entities=False, no_network=True))
            about = " ".join((root.findtext("Focus") or "").split())
            for place, each in enumerate(root.iter("QAPair")):
                question = " ".join((each.findtext("Question") or "").split())
                answer = " ".join((each.findtext("Answer") or "").split())
                if question and answer:
                    pairs.append(
                        Pair(f"{Path(member.name).with_suffix('')}/{place}", about, question, answer)
                    )
    return pairs


class Vectors:
    """Vectors of titles and passages by their text, kept between runs."""

    def __init__(self, np: Any, made_by: Any) -> None:
        self._np, self._encoder = np, made_by
        self._path = CACHE / "vectors.npz"
        self._known: dict[str, Any] = {}
        if self._path.exists():
            with np.load(self._path) as kept:
                self._known = dict(zip(kept["texts"].tolist(), kept["vectors"], strict=True))

    @staticmethod
    def key(said: str) -> str:
        return hashlib.sha256(said.encode()).hexdigest()[:32]

    def has(self, pair: Pair) -> bool:
        return self.key(pair.passage) in self._known and self.key(pair.about) in self._known

    def of(self, said: str) -> bytes:
        return bytes(self._known[self.key(said)].astype("<f2").tobytes())

    def add(self, pairs: Sequence[Pair], seconds: float) -> None:
        texts = dict.fromkeys([*(pair.about for pair in pairs), *(pair.passage for pair in pairs)])
        missing = sorted((each for each in texts if self.key(each) not in self._known), key=len)
        end = time.monotonic() + seconds
        for start in range(0, len(missing), 16):
            if time.monotonic() > end:
                break
            batch = missing[start : start + 16]
            made = self._encoder.encode(batch).astype("<f2")
            self._known.update(zip(map(self.key, batch), made, strict=True))
        CACHE.mkdir(parents=True, exist_ok=True)
        kept = self._np.array(list(self._known)), self._np.stack(list(self._known.values()))
        self._np.savez(self._path, texts=kept[0], vectors=kept[1])


def fill(folder: Path, library: Sequence[Pair], vectors: Vectors) -> Database:
    database = Database(folder / "bench.db", b"\x07" * 32, SystemClock())
    upgrade(database.writer)
    database.identity = Identity("w", "d", "BNCH", "u")
    for start in range(0, len(library), 2000):
        some = library[start : start + 2000]
        ids = [(uuid7(), uuid7(), uuid7()) for _pair in some]
        both = list(zip(ids, some, strict=True))
        with database.unit() as uow:
            uow.insert_many(
                StandardResponse, [{"id": r, "code": p.name, "title": p.about} for (r, _v, _s), p in both]
            )
            uow.insert_many(
                StandardResponseVersion,
                [
                    {"id": v, "response_id": r, "number": "1", "state": "effective", "title": p.about}
                    for (r, v, _s), p in both
                ],
            )
            uow.insert_many(
                StandardResponseSection,
                [{"id": s, "version_id": v, "position": 0, "text": p.answer} for (_r, v, s), p in both],
            )
            for (_r, _v, section), pair in both:
                for part, said in enumerate((pair.about, pair.passage)):
                    row = PassageVector(section_id=section, part=part, model=MODEL, text_sha256="")
                    row.vector = vectors.of(said)
                    uow.session.add(row)
            uow.commit()
    return database


def by_words_alone(session: Session, question: str) -> list[str]:
    """The floor: any word of the question, bm25, title and text."""
    match = " OR ".join(f'"{word}"' for word in tokens(question))
    if not match:
        return []
    query = text(
        """
        SELECT r.code FROM (SELECT rowid AS row, bm25(section_search) AS score FROM section_search
          WHERE section_search MATCH :match ORDER BY score LIMIT 10) AS found
          JOIN standard_response_section s ON s.row = found.row
          JOIN standard_response_version v ON v.id = s.version_id
          JOIN standard_response r ON r.id = v.response_id ORDER BY found.score
        """
    )
    return [row.code for row in session.execute(query, {"match": match})]


def by_meaning_alone(session: Session, made_by: Any) -> Rank:
    index = read_index(session)
    if index is None:
        raise SystemExit("no vectors")
    codes = {
        row.id: row.code
        for row in session.execute(
            text(
                "SELECT s.id, r.code FROM standard_response_section s JOIN standard_response_version v ON "
                "v.id = s.version_id JOIN standard_response r ON r.id = v.response_id"
            )
        )
    }

    def rank(_session: Session, question: str) -> list[str]:
        near = index.nearness(made_by.encode([question])[0])
        scores = near.of(near.nearest(10))
        return [codes[each] for each in sorted(scores, key=lambda each: -scores[each])]

    return rank


def suggested(suggester: Suggester) -> Rank:
    def rank(session: Session, question: str) -> list[str]:
        return [each.row.code for each in suggester.suggest(session, Asked(question, TODAY), 10)]

    return rank


def rankings(session: Session, made_by: Any) -> dict[str, Rank]:
    return {
        "FTS5 alone": by_words_alone,
        "our words alone": suggested(Suggester(by_meaning=False)),
        "MiniLM alone": by_meaning_alone(session, made_by),
        "suggest": suggested(Suggester()),
    }


def evaluate(database: Database, library: Sequence[Pair], asked: Sequence[Pair], made_by: Any) -> None:
    about = {pair.name: pair.about.lower() for pair in library}
    print(
        f"(a) {len(asked)} of their own questions: hit@1, hit@10, MRR; the right subject first; ms wall, ms processor"
    )

    def run(session: Session) -> None:
        for name, rank in rankings(session, made_by).items():
            rank(session, asked[0].question)
            places, subjects, spent = [], [], []
            for pair in asked:
                codes, *times = timed(rank, session, pair.question)
                spent.append(times)
                places.append(codes.index(pair.name) + 1 if pair.name in codes else 0)
                subjects.append(bool(codes) and about[codes[0]] == pair.about.lower())
            mrr = statistics.fmean(1 / place if place else 0 for place in places)
            hits = [sum(place == 1 for place in places), sum(place > 0 for place in places), sum(subjects)]
            first, ten, subject = (each / len(asked) for each in hits)
            print(
                f"  {name:<16} {first:.3f} {ten:.3f} {mrr:.3f}   {subject:.3f}   {'   '.join(percentiles(spent))}"
            )

    database.read(run)


def timed(rank: Rank, session: Session, question: str) -> tuple[list[str], float, float, float]:
    """Return a ranking, its milliseconds on the wall and of the processor, and the least on the wall of three."""
    walls, worked = [], []
    for _ in range(3):
        begin, spent = time.perf_counter(), time.thread_time()
        codes = list(rank(session, question))
        walls.append(1000 * (time.perf_counter() - begin))
        worked.append(1000 * (time.thread_time() - spent))
    return codes, walls[0], worked[0], min(walls)


def percentiles(spent: Sequence[Sequence[float]]) -> list[str]:
    """Return p50 and p95 of each kind of time: the first asking, the processor's, the least of three."""
    return [
        f"{statistics.median(each):.1f} {sorted(each)[int(0.95 * len(each))]:.1f}"
        for each in zip(*spent, strict=True)
    ]


def public_questions() -> dict[str, str]:
    """Return the questions of the public by the number of their row."""
    rows = CalamineWorkbook.from_path(PUBLIC).get_sheet_by_index(0).to_python()[1:]
    return {str(place): str(row[0]) for place, row in enumerate(rows)}


def judged(database: Database, library: Sequence[Pair], made_by: Any) -> None:
    if not PUBLIC.exists():
        print("(b) skipped: no questions")
        return
    said = json.loads(JUDGED.read_text(encoding="utf-8"))
    score(
        database,
        made_by,
        {number: set(codes) for number, codes in said["helps"].items()},
        "judged by reading",
    )
    names = {number: speaking(library, names) for number, names in said["speaks_of"].items()}
    score(database, made_by, names, "the weights were chosen with: speaks of the medicine")


def score(database: Database, made_by: Any, fitting: dict[str, set[str]], which: str) -> None:
    questions = public_questions()
    some = [each for each in fitting if fitting[each]]
    print(f"(b) {len(some)} of {len(fitting)} questions of the public, {which}: hit@1, @3, @5, MRR of five")

    def run(session: Session) -> None:
        for name, rank in rankings(session, made_by).items():
            places = []
            for each in some:
                fits = [code in fitting[each] for code in list(rank(session, questions[each]))[:5]]
                places.append(fits.index(True) + 1 if True in fits else 0)
            hits = [sum(0 < place <= depth for place in places) for depth in (1, 3, 5)]
            mrr = statistics.fmean(1 / place if place else 0 for place in places)
            print(f"  {name:<16} {hits[0]:3d} {hits[1]:3d} {hits[2]:3d}  {mrr:.3f}")

    database.read(run)


def speaking(library: Sequence[Pair], names: Sequence[str]) -> set[str]:
    """Return the answers that speak of a medicine under one of its names."""
    words = re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b", re.IGNORECASE)
    return {pair.name for pair in library if words.search(f"{pair.about} {pair.answer}")}


def pool() -> None:
    """Print what the rankings find for the public's questions, to be judged by a person."""
    np, made_by = numpy(), encoder()
    pairs = read_pairs()
    vectors = Vectors(np, made_by)
    library = {pair.name: pair for pair in pairs if vectors.has(pair)}
    with tempfile.TemporaryDirectory() as folder:
        database = fill(Path(folder), list(library.values()), vectors)

        def run(session: Session) -> None:
            ranks = rankings(session, made_by)
            questions = public_questions()
            for number in json.loads(JUDGED.read_text(encoding="utf-8"))["helps"]:
                question = questions[number]
                print(f"\n# {number} {question}")
                found = dict.fromkeys(
                    code for rank in ranks.values() for code in list(rank(session, question))[:5]
                )
                for code in found:
                    print(f"  {code} [{library[code].about}] {' '.join(library[code].answer.split()[:22])}")

        database.read(run)
        database.close()


if __name__ == "__main__":
    pool() if "--pool" in sys.argv else main()
