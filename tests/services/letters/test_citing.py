"""What a letter can cite: its own works first, then the library, each once."""

import pytest

from app.models.base import freeze
from app.models.ids import uuid7
from app.models.reference import Reference
from app.services.letters import commands, queries


def reference(key, title, family="Okafor", year=2021, **more):
    csl = {
        "id": key,
        "type": "article-journal",
        "title": title,
        "author": [{"family": family, "given": "Ada"}],
        "container-title-short": "J Test",
        "issued": {"date-parts": [[year]]},
        **more,
    }
    return Reference(id=uuid7(), key=key, title=title, year=year, csl=freeze(csl))


@pytest.fixture
def letter_id(desk):
    return desk.answered_letter()


@pytest.fixture
def find(desk, letter_id):
    return lambda wanted="": desk.database.read(
        queries.citable, letter_id, wanted, now=desk.database.clock.now()
    )


def test_works_of_the_letter_come_first_in_the_order_of_their_numbers(desk, letter_id, find):
    desk.add(reference("zeta2030", "A new trial", year=2030))
    found = find()
    numbers = [work.number for work in found if work.number is not None]
    assert numbers
    assert numbers == sorted(numbers) == [work.number for work in found[: len(numbers)]]
    assert all(work.source.startswith("SRD-ATO-001") for work in found[: len(numbers)])
    assert (found[-1].key.scope, found[-1].key.key, found[-1].number) == ("", "zeta2030", None)


@pytest.mark.parametrize("wanted", ["okaf", "crushed TABLETS", "2021", "okafor2021", "ada crushed 2021"])
def test_the_library_is_searched_by_author_title_year_and_key(desk, find, wanted):
    desk.add(reference("okafor2021", "On crushed tablets"), reference("li1999", "Food", "Li", 1999))
    assert "okafor2021" in [work.key.key for work in find(wanted)]
    assert "li1999" not in [work.key.key for work in find(wanted)]


def test_a_sign_of_the_search_is_only_a_sign(desk, find):
    desk.add(reference("okafor2021", "On crushed tablets"))
    assert find("100%") == find("o_a") == ()


def test_the_same_work_from_two_places_is_offered_as_it_stands_in_the_letter(desk, find):
    own = find()[0]
    desk.add(Reference(id=uuid7(), key="twin", title=own.title, year=own.year, csl=own.record))
    assert "twin" not in [work.key.key for work in find()]


def test_the_form_in_print_is_shown(desk, find):
    desk.add(reference("okafor2021", "On crushed tablets", volume="3", page="1-9"))
    (work,) = find("okafor")
    assert "".join(run.text for run in work.runs).startswith(
        "Okafor A. On crushed tablets. J Test. 2021;3:1-9"
    )


def test_a_cited_work_of_a_draft_that_was_left_is_known_again(desk, letter_id):
    desk.add(reference("okafor2021", "On crushed tablets"))
    (block_id,) = desk.do(
        commands.add_block, letter_id, "Own words.", question_ids=[desk.question_id]
    ).block_ids
    block = desk.letter(letter_id).block(block_id)
    desk.do(commands.save_draft, block_id, "Own words [@okafor2021].", block.sha256)
    assert "okafor2021" in desk.letter(letter_id).drawing.references.local
