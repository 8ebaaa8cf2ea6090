"""How well and how fast questions find their answers: words alone, meaning alone, and both together.

    python -m benchmarks.suggest [--questions 300] [--seconds 60]

The library is MedQuAD: its answers under the name of what they are about, without their questions. Encoding all of
them takes an hour of one core, so vectors are kept in a cache and each run adds to it for some seconds; what has
vectors is the library of the run. Judged questions of the public are scored where `benchmarks/data` has judgements.
"""

import argparse
import hashlib
import json
import os
import random
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
    parser.add_argument("--questions", type=int, default=300)
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
        evaluate(database, library, args.questions, made_by)
        judged(database, made_by)
        database.close()


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


def evaluate(database: Database, library: Sequence[Pair], count: int, made_by: Any) -> None:
    asked = random.Random(7).sample(list(library), min(count, len(library)))
    print(
        f"(a) {len(asked)} of their own questions, hit@1, hit@10, MRR, wall and processor ms at p50 and p95"
    )

    def run(session: Session) -> None:
        for name, rank in rankings(session, made_by).items():
            rank(session, asked[0].question)
            places, wall, worked = [], [], []
            for pair in asked:
                begin, spent = time.perf_counter(), time.thread_time()
                codes = list(rank(session, pair.question))
                wall.append(1000 * (time.perf_counter() - begin))
                worked.append(1000 * (time.thread_time() - spent))
                places.append(codes.index(pair.name) + 1 if pair.name in codes else 0)
            report(name, places, wall, worked)

    database.read(run)


def report(name: str, places: Sequence[int], wall: Sequence[float], worked: Sequence[float]) -> None:
    share = [sum(place == 1 for place in places), sum(place > 0 for place in places)]
    mrr = statistics.fmean(1 / place if place else 0 for place in places)
    spent = [
        f"{statistics.median(each):6.1f} {sorted(each)[int(0.95 * len(each))]:6.1f}"
        for each in (wall, worked)
    ]
    print(
        f"  {name:<16} {share[0] / len(places):.3f} {share[1] / len(places):.3f} {mrr:.3f}   {'   '.join(spent)}"
    )


def public_questions() -> dict[str, str]:
    """Fifty questions of the public, by the number of their row."""
    rows = CalamineWorkbook.from_path(PUBLIC).get_sheet_by_index(0).to_python()[1:]
    chosen = sorted(random.Random(2019).sample(range(len(rows)), 50))
    return {str(place): str(rows[place][0]) for place in chosen}


def judged(database: Database, made_by: Any) -> None:
    if not PUBLIC.exists() or not JUDGED.exists():
        print("(b) skipped: no questions or no judgements")
        return
    fitting: dict[str, list[str]] = json.loads(JUDGED.read_text(encoding="utf-8"))["fitting"]
    questions = public_questions()
    answerable = [each for each in questions if fitting.get(each)]
    print(
        f"(b) {len(answerable)} of 50 judged questions have a fitting answer in the library: in the first 1, 3"
    )

    def run(session: Session) -> None:
        for name, rank in rankings(session, made_by).items():
            found = [list(rank(session, questions[each])) for each in answerable]
            first = [
                sum(
                    bool(set(codes[:depth]) & set(fitting[each]))
                    for codes, each in zip(found, answerable, strict=True)
                )
                for depth in (1, 3)
            ]
            print(f"  {name:<16} {first[0]:3d} {first[1]:3d}")

    database.read(run)


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
            for number, question in public_questions().items():
                print(f"\n# {number} {question}")
                found = dict.fromkeys(
                    code for rank in ranks.values() for code in list(rank(session, question))[:3]
                )
                for code in found:
                    print(f"  {code} [{library[code].about}] {' '.join(library[code].answer.split()[:22])}")

        database.read(run)
        database.close()


if __name__ == "__main__":
    pool() if "--pool" in sys.argv else main()
