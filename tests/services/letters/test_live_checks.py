"""The checks on what stands in the editor: the same answer as on stored text, and nothing written."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import JobCancelledError
from app.models.audit import JournalRow
from app.models.checks.snapshot import BlockKind
from app.models.people import Contact
from app.models.settings import DraftText
from app.services.jobs.context import JobContext
from app.services.letters import commands
from app.services.letters.queries import LiveCheck, TypedBlock

WORDS = [
    "plain",
    "TBD",
    "{{contact.email}}",
    "{{nothing.here}}",
    "seen [@nobody2020]",
    "as in [7]",
    "[[gap]]",
]


@pytest.fixture
def letter_id(desk):
    return desk.answered_letter()


@pytest.fixture
def check(desk, letter_id):
    def run(blocks, before=None, **more):
        now = desk.database.clock.now()
        return desk.database.read((before or LiveCheck()).rerun, letter_id, blocks, now=now, **more)

    return run


def typed(desk, letter_id):
    blocks = desk.letter(letter_id).blocks
    return [TypedBlock(b.id, b.kind, b.text, b.origins, b.question_ids) for b in blocks]


def own(desk, block_id="new-1", text="My own words.", **more):
    return TypedBlock(block_id, BlockKind.PARAGRAPH, text, (), (desk.question_id,), **more)


def test_stored_text_is_judged_as_it_is_everywhere_else(desk, letter_id, check):
    desk.do(commands.add_block, letter_id, "Dose: TBD. Seen before [@nobody2020].")
    assert check(typed(desk, letter_id)).findings == desk.check(letter_id)
    assert desk.check(letter_id)


def test_what_is_typed_is_found_and_written_nowhere(desk, letter_id, check):
    rows, drafts = len(desk.rows(JournalRow)), len(desk.rows(DraftText))
    found = check([*typed(desk, letter_id), own(desk, text="Dose: TBD.")]).findings
    (finding,) = [item for item in found if item.rule == "LC01"]
    assert (finding.where, finding.quote, finding.offset) == ("new-1", "TBD", 6)
    assert (len(desk.rows(JournalRow)), len(desk.rows(DraftText))) == (rows, drafts)


def test_a_changed_approved_block_is_told(desk, letter_id, check):
    blocks = typed(desk, letter_id)
    at = next(n for n, block in enumerate(blocks) if block.kind is BlockKind.PARAGRAPH)
    blocks[at] = replace(blocks[at], text=blocks[at].text + " More.")
    assert [item.where for item in check(blocks).findings if item.rule == "LC09"] == [blocks[at].id]


def test_a_question_is_unanswered_once_its_answer_is_deleted(desk, letter_id, check):
    frame = [block for block in typed(desk, letter_id) if not block.question_ids]
    assert any("no answer" in item.message for item in check(frame).findings)


def test_a_change_of_the_case_reaches_blocks_that_did_not_change(desk, letter_id, check):
    blocks = [*typed(desk, letter_id), own(desk, text="Write to {{contact.institution}} of Bo Quist.")]
    before = check(blocks)
    desk.add(Contact(id="other", first_name="Bo", last_name="Quist", role="nurse"))
    desk.change(Contact, desk.contact_id, email="")
    after = check(blocks, before)
    assert after.findings == check(blocks).findings
    assert "LC11" in {item.rule for item in after.findings} - {item.rule for item in before.findings}


def test_a_cancelled_run_stops(desk, letter_id, check):
    job = JobContext()
    job.cancel()
    with pytest.raises(JobCancelledError):
        check(typed(desk, letter_id), job=job)


@settings(max_examples=12)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["type", "add", "drop", "swap"]), st.integers(0, 99), st.sampled_from(WORDS)
        ),
        max_size=6,
    )
)
def test_a_run_that_goes_on_from_another_finds_what_a_fresh_one_does(desk, letter_id, check, steps):
    blocks, last = typed(desk, letter_id), LiveCheck()
    for number, (deed, at, words) in enumerate(steps):
        place = at % len(blocks)
        if deed == "type" and blocks[place].kind is BlockKind.PARAGRAPH:
            blocks[place] = replace(blocks[place], text=f"{blocks[place].text} {words}")
        elif deed == "add":
            blocks.insert(place, own(desk, f"new-{number}", words))
        elif deed == "drop" and len(blocks) > 2:
            del blocks[place]
        elif deed == "swap":
            blocks[place], blocks[0] = blocks[0], blocks[place]
        last = check(blocks, last)
        assert last.findings == check(blocks).findings
