"""Search by meaning: vectors are made once, kept true, and the search works without them."""

import sys

import pytest

from app.errors import JobCancelledError
from app.models.passage import PassageVector
from app.models.standard_response import StandardResponse, StandardResponseSection, StandardResponseVersion
from app.services.jobs import JobContext
from app.services.search import vectors
from app.services.search.encoder import encoder
from app.services.search.suggest import Asked, Suggester
from tests.services.search.conftest import TODAY, codes

pytestmark = pytest.mark.skipif(encoder() is None, reason="the extra `semantic` is not installed")

TEXTS = {
    "D-1": ("Heart rhythm", "The QT interval may be prolonged and torsades de pointes have been reported."),
    "D-2": ("Keeping the tablets", "Store below 25 degrees and protect from light."),
    "D-3": ("Nursing mothers", "The substance passes into human milk; do not use it during lactation."),
}


def add(database, code, title, text, state="effective"):
    with database.unit() as uow:
        document = StandardResponse(code=code, title=title)
        uow.session.add(document)
        uow.session.flush()
        version = StandardResponseVersion(response_id=document.id, number="1", title=title, state=state)
        uow.session.add(version)
        uow.session.flush()
        section = StandardResponseSection(version_id=version.id, position=0, text=text)
        uow.session.add(section)
        uow.commit()
        return section.id


@pytest.fixture
def three(database):
    for code, (title, text) in TEXTS.items():
        add(database, code, title, text)
    return database


def count(database):
    return database.read(lambda session: session.query(PassageVector).count())


def test_a_question_in_quite_other_words_finds_its_document_once_vectors_are_made(three):
    suggester, asked = Suggester(), Asked("can I breast-feed my baby", TODAY)
    assert vectors.make_vectors(three, JobContext()) == 0
    found = three.read(suggester.suggest, asked)
    assert codes(found)[0] == "D-3"
    assert "close in meaning" in found[0].why


def test_without_vectors_the_words_alone_decide(three):
    found = three.read(Suggester(by_meaning=False).suggest, Asked("torsades", TODAY))
    assert codes(found) == ["D-1"]


def test_without_the_extra_the_words_alone_decide_even_beside_stored_vectors(three, monkeypatch):
    vectors.make_vectors(three, JobContext())
    with monkeypatch.context() as without:
        without.setitem(sys.modules, "numpy", None)
        encoder.cache_clear()
        found = three.read(Suggester().suggest, Asked("torsades", TODAY))
    encoder.cache_clear()
    assert codes(found) == ["D-1"]
    assert "close in meaning" not in found[0].why


@pytest.mark.parametrize("text", ["the of and", "?!", '" * (', "\x00"])
def test_a_question_that_says_nothing_is_near_to_nothing(three, text):
    vectors.make_vectors(three, JobContext())
    assert three.read(Suggester().suggest, Asked(text, TODAY)) == ()


@pytest.mark.parametrize(
    "text",
    [
        "torsades " * 600, "the of and", "Можно ли кормить грудью?", "可以母乳喂养吗", "4711 0815", '" * NEAR( OR',
        "\x00", "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"), "x" * 5_000, "\u0301" * 300,
    ],
    ids=range(10),
)  # fmt: skip
def test_any_text_is_a_question_of_meaning(three, text):
    vectors.make_vectors(three, JobContext())
    found = three.read(Suggester().suggest, Asked(text, TODAY), 2)
    assert len(found) <= 2
    assert all(0 <= each.score <= 1 for each in found)


def test_vectors_are_made_once_and_anew_when_a_text_changes(three):
    vectors.make_vectors(three, JobContext())
    assert three.read(vectors.pending) == []
    section = add(three, "D-4", "A draft", "Not yet known.", state="draft")
    assert [each.id for each in three.read(vectors.pending)] == [section]
    vectors.make_vectors(three, JobContext())
    with three.unit() as uow:
        uow.session.get_one(StandardResponseSection, section).text = "Now it is known: shake before use."
        uow.commit()
    assert [each.id for each in three.read(vectors.pending)] == [section]
    vectors.make_vectors(three, JobContext())
    assert three.read(vectors.pending) == []
    assert count(three) == 8


def test_vectors_of_a_version_that_left_the_library_go(three):
    vectors.make_vectors(three, JobContext())
    with three.unit() as uow:
        version = uow.session.query(StandardResponseVersion).filter_by(title="Heart rhythm").one()
        version.state = "archived"
        uow.commit()
    vectors.make_vectors(three, JobContext())
    assert count(three) == 4


def test_a_cancelled_run_keeps_what_it_made_and_goes_on_with_the_newest_first(three):
    job = JobContext(lambda progress: job.cancel() if progress.done == 1 else None)
    with pytest.raises(JobCancelledError):
        vectors.make_vectors(three, job)
    left = [each.title for each in three.read(vectors.pending)]
    assert left == ["Keeping the tablets", "Heart rhythm"]
    assert vectors.make_vectors(three, JobContext(), most=1) == 1
    assert vectors.make_vectors(three, JobContext()) == 0


def test_a_document_without_vectors_yet_is_still_found_by_its_words(three):
    vectors.make_vectors(three, JobContext())
    suggester = Suggester()
    three.read(suggester.suggest, Asked("torsades", TODAY))
    add(three, "D-9", "Grapefruit", "Do not drink grapefruit juice.")
    found = three.read(suggester.suggest, Asked("grapefruit juice", TODAY))
    assert codes(found)[0] == "D-9"


def test_no_journal_row_is_written_for_a_vector(three):
    def rows(session):
        return session.connection().exec_driver_sql("SELECT count(*) FROM journal").scalar()

    before = three.read(rows)
    vectors.make_vectors(three, JobContext())
    assert three.read(rows) == before


def test_a_passage_is_some_hundred_words_and_a_long_text_has_several():
    section = vectors.Section("s", "Title", "word " * 300, "")
    assert [len(each.split()) for each in section.passages()] == [1, 120, 120, 60]
