"""Which letters hold text of which version, both ways, and what is answered without the library."""

import pytest
from sqlalchemy import text

from app.errors import NotAllowedError
from app.models.inquiry import Inquiry
from app.models.letter_blocks import text_hash
from app.models.standard_response import StandardResponseVersion
from app.services.intake import commands as intake
from app.services.letters import commands
from app.services.library import gaps, versions, where_used
from tests.services.letters.conftest import desk

__all__ = ["desk"]


def uses(desk, code="SRD-ATO-001"):
    return desk.database.read(where_used.uses_of, [desk.version(code)])


def test_a_letter_is_found_by_each_paragraph_it_took(desk):
    assert uses(desk) == ()
    letter_id = desk.answered_letter()

    (use,) = uses(desk)

    inserted = desk.inserted(letter_id)
    assert (use.letter_id, use.letter_state, use.went_out) == (letter_id, "draft", False)
    assert {passage.block_id for passage in use.passages} == {
        block.id for block in inserted if block.kind != "references"
    }
    assert {passage.state for passage in use.passages} == {"verbatim"}


def test_a_changed_paragraph_is_told_and_a_retired_one_is_no_use(desk):
    letter_id = desk.answered_letter()
    first, *others = [block for block in desk.inserted(letter_id) if block.kind == "paragraph"]
    desk.do(commands.write_block, first.id, first.text + " And more.", text_hash(first.text))
    assert {p.state for p in uses(desk)[0].passages if p.block_id == first.id} == {"changed"}

    for block in (first, *others):
        desk.do(commands.retire_block, block.id)

    left = {p.block_id for use in uses(desk) for p in use.passages}
    assert not left & {block.id for block in (first, *others)}


def test_the_way_back_names_every_version_of_a_letter(desk):
    letter_id = desk.answered_letter()
    desk.do(commands.insert, letter_id, desk.version("SRD-ATO-002"))
    sources = desk.database.read(where_used.sources_of, letter_id)
    assert {use.version_id for use in sources} == {desk.version(c) for c in ("SRD-ATO-001", "SRD-ATO-002")}


def test_a_document_is_found_through_all_of_its_versions(desk):
    letter_id = desk.answered_letter()
    response = desk.database.read(lambda s: s.get(StandardResponseVersion, desk.version()).response_id)
    found = desk.database.read(where_used.uses_of_document, response)
    assert [use.letter_id for use in found] == [letter_id]


def test_a_letter_that_went_out_is_on_the_recall_list(desk):
    letter_id = desk.answered_letter()
    desk.release(letter_id)
    desk.do(commands.send, letter_id, "email")
    (use,) = uses(desk)
    assert use.went_out
    assert use.letter_state == "sent"


def test_a_version_in_an_open_letter_is_not_archived(desk):
    letter_id = desk.answered_letter()
    with pytest.raises(NotAllowedError) as refused:
        desk.do(versions.archive, desk.version())
    assert "Open letters that use it: 1" in refused.value.blockers[0]

    desk.release(letter_id)
    desk.do(commands.send, letter_id, "email")
    desk.do(versions.withdraw, desk.version(), "label change")


def test_the_index_finds_a_version_without_reading_every_block(desk):
    plan = desk.database.read(
        lambda s: [
            row.detail
            for row in s.execute(
                text(f"EXPLAIN QUERY PLAN {where_used._USES.replace(':versions', '(:v)')}"), {"v": "x"}
            )
        ]
    )
    assert not [step for step in plan if step.startswith("SCAN")]


# Gaps


def answer_by_phone(desk):
    said = {"text": "Up to 1.2 litres a day.", "question_ids": [desk.question_id]}
    desk.do(intake.answer_verbal, desk.inquiry_id, **said)


def gaps_of(desk):
    return desk.database.read(gaps.gaps, desk.database.clock.now())


def test_an_answer_by_word_of_mouth_is_a_gap_of_its_topic(desk):
    assert gaps_of(desk) == ()
    desk.change(Inquiry, desk.inquiry_id, topic="interaction")
    answer_by_phone(desk)

    (gap,) = gaps_of(desk)

    assert (gap.product, gap.topic, gap.answers, gap.is_due) == (
        "Atorvastatin tablets",
        "interaction",
        1,
        False,
    )
    assert [inquiry_id for inquiry_id, _ in gap.inquiries] == [desk.inquiry_id]


def test_an_answer_of_approved_text_is_no_gap(desk):
    letter_id = desk.answered_letter()
    desk.release(letter_id)
    desk.do(commands.send, letter_id, "email")
    assert gaps_of(desk) == ()


def test_an_answer_before_the_window_counts_no_more(desk):
    answer_by_phone(desk)
    desk.database.clock.advance(days=91)
    assert gaps_of(desk) == ()
