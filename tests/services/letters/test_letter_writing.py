"""A letter begins, takes in approved text, and refuses what may not go out."""

import pytest
from sqlalchemy import event

from app.errors import InputRefusedError, NotAllowedError, RecordNotFoundError
from app.models.audit import JournalRow
from app.models.base import freeze
from app.models.checks.snapshot import BlockState
from app.models.ids import uuid7
from app.models.inquiry import Inquiry, InquiryQuestion
from app.models.letter import Letter, LetterBlock, LetterTemplate, Response
from app.models.letter_drawing import display_text
from app.models.people import Contact
from app.models.reference import Reference
from app.models.standard_response import StandardResponseVersion
from app.services.letters import commands, queries
from app.services.library.queries import document
from tests.conftest import NOW
from tests.services.letters.conftest import assessment


def test_a_new_letter_has_the_slots_of_its_template_in_order(desk):
    first, second = desk.new_letter(), desk.new_letter()
    letter = desk.letter(first)
    slots = [block.slot for block in letter.blocks]
    assert slots[:5] == ["date_reference", "recipient", "salutation", "subject", "opening"]
    assert slots[-3:] == ["references", "signature", "privacy"]
    assert "answers" not in slots
    assert "off_label" not in slots
    assert {block.state for block in letter.blocks} == {BlockState.VERBATIM, BlockState.NONE}
    assert (letter.reference, desk.letter(second).reference) == ("MI-L-K7Q2-1-L1", "MI-L-K7Q2-1-L2")
    assert (letter.state, letter.edition, letter.letter_date) == ("draft", 1, "2026-11-22")
    assert [row.kind for row in desk.rows(Response)] == ["letter", "letter"]
    assert len(desk.rows(LetterTemplate)) == 1
    assert [row.id for row in desk.database.read(queries.letters_of, desk.inquiry_id)] == [first, second]


def test_an_off_label_question_brings_its_statement_before_the_answers(desk):
    begun = desk.new_letter()
    desk.add(assessment(desk.question_id, "off_label", NOW + 1))
    slots = [block.slot for block in desk.letter(desk.new_letter()).blocks]
    assert slots[slots.index("off_label") - 1 : slots.index("off_label") + 2] == [
        "answers_heading",
        "off_label",
        "purpose",
    ]
    desk.do(commands.insert, begun, desk.version())
    desk.do(commands.refresh_slots, begun)
    desk.do(commands.refresh_slots, begun)
    slots = [block.slot for block in desk.letter(begun).blocks]
    assert slots[6:10] == ["questions", "answers_heading", "off_label", ""]
    assert slots.count("off_label") == 1


def test_a_letter_needs_an_inquiry_in_progress_and_a_template(desk):
    desk.change(Inquiry, desk.inquiry_id, state="triage")
    with pytest.raises(NotAllowedError) as refused:
        desk.new_letter()
    assert refused.value.blockers == ("The inquiry is not in progress. Start it.",)
    desk.change(Inquiry, desk.inquiry_id, state="awaiting_requester")
    for code in ("no-such", "../vocabulary"):
        with pytest.raises(RecordNotFoundError):
            desk.new_letter(template=code)
    assert desk.rows(Letter) == []


def test_a_whole_version_comes_in_verbatim_behind_the_answers_heading(desk):
    letter_id = desk.answered_letter()
    blocks = desk.letter(letter_id).blocks
    inserted = desk.inserted(letter_id)
    assert {block.state for block in inserted} == {BlockState.VERBATIM}
    assert [block.kind for block in inserted[:4]] == ["heading", "list", "heading", "paragraph"]
    assert blocks[blocks.index(inserted[0]) - 1].slot == "answers_heading"
    assert blocks[blocks.index(inserted[-1]) + 1].slot == "purpose"
    assert {block.question_ids for block in inserted} == {(desk.question_id,)}
    shares = desk.letter(letter_id).shares
    assert (shares.changed, shares.free) == (0, 0)
    assert shares.verbatim > 300


def test_a_section_and_a_paragraph_come_in_where_they_are_wanted(desk):
    letter_id = desk.new_letter()
    version = desk.version()
    sections = desk.database.read(document, version).sections
    one = desk.do(commands.insert, letter_id, version, section_id=sections[0].id)
    two = desk.do(
        commands.insert, letter_id, version, section_id=sections[1].id, paragraph=1, after=one.block_ids[0]
    )
    assert [block.id for block in desk.inserted(letter_id)] == [
        one.block_ids[0],
        *two.block_ids,
        one.block_ids[1],
    ]
    marks = desk.database.read(queries.inserted_paragraphs, letter_id)
    assert marks == {
        (version, sections[0].id, None): BlockState.VERBATIM,
        (version, sections[0].id, 0): BlockState.VERBATIM,
        (version, sections[1].id, 1): BlockState.VERBATIM,
    }
    with pytest.raises(RecordNotFoundError):
        desk.do(commands.insert, letter_id, version, section_id=sections[0].id, paragraph=9)


@pytest.mark.parametrize(
    ("model", "values", "reason"),
    [
        (
            StandardResponseVersion,
            {"state": "on_hold", "hold_reason": "label change"},
            "on hold: label change",
        ),
        (StandardResponseVersion, {"audience": "patient"}, "is written for patients"),
        (StandardResponseVersion, {"country": "GB"}, "is for GB, the contact is in US"),
        (StandardResponseVersion, {"effective_from": "2030-01-01"}, "effective from 2030-01-01"),
        (Contact, {"role": "patient"}, "is written for professionals"),
    ],
)
def test_a_text_that_may_not_go_to_this_contact_is_refused_with_the_reason(desk, model, values, reason):
    letter_id, version = desk.new_letter(), desk.version()
    desk.change(model, version if model is StandardResponseVersion else desk.contact_id, **values)
    with pytest.raises(NotAllowedError, match=reason) as refused:
        desk.do(commands.insert, letter_id, version)
    assert len(refused.value.blockers) == 1
    assert desk.inserted(letter_id) == []


def test_a_version_put_on_hold_later_is_stale_and_blocks(desk):
    letter_id = desk.answered_letter()
    desk.change(StandardResponseVersion, desk.version(), state="on_hold", hold_reason="label change")
    assert {block.stale for block in desk.inserted(letter_id)} == {"SRD-ATO-001 2.0 is on hold: label change"}
    assert any(line.startswith("LC08") for line in desk.blocking(letter_id))


def test_one_work_cited_by_two_documents_has_one_number(desk):
    letter_id = desk.answered_letter()
    before = len(desk.letter(letter_id).references)
    desk.do(commands.insert, letter_id, desk.version("SRD-ATO-002"))
    letter = desk.letter(letter_id)
    titles = ["".join(run.text for run in line.runs) for line in letter.references]
    assert before == 1
    assert len(titles) == len(set(titles))
    assert [line.number for line in letter.references] == list(range(1, len(titles) + 1))
    assert desk.blocking(letter_id) == []


def test_a_work_of_the_library_is_cited_at_the_end_of_a_block(desk):
    letter_id = desk.answered_letter()
    csl = {"type": "article-journal", "title": "Juice and statins", "PMID": "42"}
    desk.add(
        Reference(id=uuid7(), key="juice-1979", csl=freeze(csl)),
        Reference(id=uuid7(), key="lipitor-pi", csl=freeze({**csl, "title": "Another", "PMID": "43"})),
    )
    free = desk.do(commands.add_block, letter_id, "One study exists.").block_ids[0]
    desk.do(commands.cite, letter_id, "juice-1979")
    letter = desk.letter(letter_id)
    assert letter.block(free).text == "One study exists.[@juice-1979]"
    assert "Juice and statins" in letter.references[1].runs[0].text
    approved = desk.inserted(letter_id)[-2]
    desk.do(commands.cite, letter_id, "lipitor-pi", block_id=approved.id, locator="p. 3")
    changed = desk.letter(letter_id).block(approved.id)
    assert changed.text.endswith("[@local:lipitor-pi, p. 3]")
    assert changed.state is BlockState.CHANGED
    assert len(desk.letter(letter_id).references) == 3
    with pytest.raises(RecordNotFoundError):
        desk.do(commands.cite, letter_id, "no-such-key")


def test_every_field_of_a_letter_is_filled_from_its_case(desk):
    letter = desk.letter(desk.answered_letter())
    drawn = "\n".join(display_text(b.text, b.origins, letter.drawing) for b in letter.blocks)
    assert "{{" not in drawn
    assert "Dr Ana Lima, MD\n1 High Street\nSpringfield\nUnited States" in drawn
    assert "or to Fairmere Generics, Medical Information, 1 Example Quay" in drawn
    assert "safety.us@fairmere.example.org" in drawn
    assert "Can it be taken with grapefruit juice?" in drawn


def test_a_letter_of_approved_text_passes_every_check(desk):
    letter_id = desk.answered_letter()
    assert desk.check(letter_id) == ()
    assert desk.letter(letter_id).review_reasons == ()


def test_two_questions_must_each_be_tied_to_an_answer(desk):
    second = InquiryQuestion(id=uuid7(), inquiry_id=desk.inquiry_id, position=2, verbatim="And tea?")
    letter_id = desk.answered_letter()
    desk.add(second)
    assert [line[:4] for line in desk.blocking(letter_id)] == ["LC02"]
    coverage = desk.letter(letter_id).questions
    assert [question.is_answered for question in coverage] == [True, False]
    block = desk.inserted(letter_id)[1]
    desk.do(commands.set_questions, block.id, [second.id, desk.question_id])
    assert desk.blocking(letter_id) == []
    assert desk.letter(letter_id).questions[1].block_ids == (block.id,)
    with pytest.raises(InputRefusedError):
        desk.do(commands.set_questions, block.id, ["another-question"])


def test_a_long_letter_is_read_in_a_handful_of_statements(desk):
    letter_id = desk.new_letter()
    for _ in range(12):
        desk.do(commands.insert, letter_id, desk.version())
    statements = []

    def count(_connection, _cursor, statement, *_rest):
        if statement.startswith("SELECT"):
            statements.append(statement)

    event.listen(desk.database.reader, "before_cursor_execute", count)
    letter = desk.letter(letter_id)
    assert len(letter.blocks) > 200
    assert len(statements) <= 22
    statements.clear()
    desk.check(letter_id)
    assert len(statements) <= 24


def test_what_a_block_came_from_is_shown_as_whole_words(desk):
    letter_id = desk.answered_letter()
    block = desk.inserted(letter_id)[3]
    desk.do(commands.write_block, block.id, block.text.replace("CoA", "CoB"), block.sha256)
    (source,) = desk.database.read(queries.block_source, block.id)
    assert source.approved == block.text
    assert source.status == "effective"
    pieces = [(piece.kind, piece.text) for piece in source.diff if piece.kind != "same"]
    assert [kind for kind, _ in pieces] == ["deleted", "inserted"]
    (slot,) = desk.database.read(queries.block_source, desk.slot(letter_id, "closing").id)
    assert slot.approved.startswith("If you need anything further")


def test_the_trail_tells_who_made_every_block(desk):
    letter_id = desk.answered_letter()
    blocks = {row.id for row in desk.rows(LetterBlock)}
    rows = desk.rows(JournalRow, JournalRow.type == "letter_block")
    assert {row.entity_id for row in rows} == blocks
    assert {row.op for row in rows} == {"create"}
    assert len(desk.letter(letter_id).blocks) == len(blocks)
