"""Blocks are saved together or not at all, and nobody's words are lost."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import InputRefusedError, NotAllowedError, RecordNotFoundError, StaleEditError
from app.models.audit import JournalRow
from app.models.checks.snapshot import BlockKind, BlockState
from app.models.ids import uuid7
from app.models.letter import Letter, LetterBlock
from app.models.letter_blocks import canonical_text, kind_of_text, text_hash
from app.models.letter_origins import origins_json
from app.models.rank import between
from app.models.settings import DraftText
from app.services.letters import commands
from app.services.letters.commands import BlockEdit
from tests.conftest import FakeClock, new_database
from tests.services.letters.conftest import new_desk


@pytest.fixture
def letter_id(desk):
    return desk.answered_letter()


def update(block, text, **more):
    return BlockEdit("update", block.id, text=text, seen_sha256=block.sha256, **more)


def test_a_written_text_is_stored_in_normal_form_and_its_hash_is_returned(desk, letter_id):
    block = desk.inserted(letter_id)[3]
    saved = desk.do(commands.save_blocks, letter_id, [update(block, "  New   __text__ ")])
    stored = desk.letter(letter_id).block(block.id)
    assert stored.text == canonical_text("  New   __text__ ")
    assert saved.sha256s == {block.id: stored.sha256} == {block.id: text_hash(stored.text)}
    assert stored.state is BlockState.CHANGED
    assert desk.letter(letter_id).review_reasons == (
        "1 block is changed from the approved text, so the letter needs review.",
    )
    desk.do(commands.restore_approved, block.id)
    assert desk.letter(letter_id).block(block.id).state is BlockState.VERBATIM


def test_a_stale_edit_changes_nothing_and_keeps_both_texts(desk, letter_id):
    mine, theirs = desk.inserted(letter_id)[3], desk.inserted(letter_id)[4]
    desk.do(commands.write_block, mine.id, "Theirs.", mine.sha256)
    with pytest.raises(StaleEditError):
        desk.do(commands.save_blocks, letter_id, [update(mine, "Mine."), update(theirs, "Also mine.")])
    letter = desk.letter(letter_id)
    assert letter.block(mine.id).text == "Theirs."
    assert letter.block(theirs.id).text == theirs.text
    assert (letter.block(mine.id).draft.text, letter.block(mine.id).draft.is_stale) == ("Mine.", True)
    assert letter.block(theirs.id).draft.text == "Also mine."
    cut = desk.do(commands.cut_drafts, letter_id)
    assert (cut.cut, cut.stale) == ((theirs.id,), (mine.id,))
    assert desk.letter(letter_id).block(theirs.id).text == "Also mine."
    desk.do(commands.clear_draft, mine.id)
    assert desk.rows(DraftText) == []


def test_a_text_of_a_block_that_was_taken_out_is_kept(desk, letter_id):
    block = desk.inserted(letter_id)[3]
    desk.do(commands.retire_block, block.id)
    with pytest.raises(StaleEditError):
        desk.do(commands.save_blocks, letter_id, [update(block, "Mine.")])
    assert [draft.text for draft in desk.rows(DraftText)] == ["Mine."]


def test_typing_leaves_no_journal_row_until_it_is_cut(desk, letter_id):
    block = desk.inserted(letter_id)[3]
    rows = len(desk.rows(JournalRow))
    for text in ("N", "Ne", "New"):
        desk.do(commands.save_draft, block.id, text, block.sha256)
    assert len(desk.rows(JournalRow)) == rows
    assert desk.letter(letter_id).block(block.id).draft.text == "New"
    desk.do(commands.cut_drafts, letter_id)
    assert len(desk.rows(JournalRow)) == rows + 1
    stored = desk.letter(letter_id).block(block.id)
    assert (stored.text, stored.draft) == ("New", None)
    assert stored.state is BlockState.CHANGED


def test_an_edit_that_is_saved_ends_its_draft(desk, letter_id):
    block = desk.inserted(letter_id)[3]
    desk.do(commands.save_draft, block.id, "Half", block.sha256)
    desk.do(commands.write_block, block.id, "Whole", block.sha256)
    assert desk.rows(DraftText) == []


def test_fixed_and_made_parts_hold(desk, letter_id):
    for name in ("reporting", "references", "signature"):
        block = desk.slot(letter_id, name)
        with pytest.raises(NotAllowedError):
            desk.do(commands.write_block, block.id, "Other.", block.sha256)
        with pytest.raises(NotAllowedError):
            desk.do(commands.retire_block, block.id)
        with pytest.raises(NotAllowedError):
            desk.do(commands.move_block, block.id, after=None)
        with pytest.raises(NotAllowedError):
            desk.do(commands.save_draft, block.id, "Other.", block.sha256)
    closing = desk.slot(letter_id, "closing")
    desk.do(commands.save_blocks, letter_id, [update(closing, "Call us.", origins=[])])
    assert desk.slot(letter_id, "closing").state is BlockState.CHANGED
    assert desk.slot(letter_id, "closing").kind is BlockKind.FIXED


def test_one_refused_edit_leaves_the_others_undone(desk, letter_id):
    block, fixed = desk.inserted(letter_id)[3], desk.slot(letter_id, "reporting")
    with pytest.raises(NotAllowedError):
        desk.do(commands.save_blocks, letter_id, [update(block, "New."), update(fixed, "Other.")])
    assert desk.letter(letter_id).block(block.id).text == block.text


def test_split_join_and_undo_keep_the_origins(desk, letter_id):
    one, two = desk.inserted(letter_id)[3:5]
    half, new_id = len(one.text) // 2, uuid7()
    split = [
        update(one, one.text[:half]),
        BlockEdit(
            "create", new_id, text=one.text[half:], origins=one.origins, rank=between(one.rank, two.rank)
        ),
    ]
    desk.do(commands.save_blocks, letter_id, split)
    letter = desk.letter(letter_id)
    assert [letter.block(name).state for name in (one.id, new_id)] == [BlockState.CHANGED] * 2
    joined = [
        update(letter.block(one.id), f"{one.text} {two.text}", origins=[*one.origins, *two.origins]),
        BlockEdit("retire", new_id),
        BlockEdit("retire", two.id),
    ]
    desk.do(commands.save_blocks, letter_id, joined)
    whole = desk.letter(letter_id).block(one.id)
    assert whole.origins == (*one.origins, *two.origins)
    undone = [
        update(whole, one.text, origins=one.origins),
        BlockEdit("create", two.id, text=two.text, origins=two.origins, rank=two.rank),
    ]
    desk.do(commands.save_blocks, letter_id, undone)
    letter = desk.letter(letter_id)
    assert [letter.block(name).state for name in (one.id, two.id)] == [BlockState.VERBATIM] * 2
    assert letter.review_reasons == ()


def test_a_split_that_forgets_the_origin_keeps_it_all_the_same(desk, letter_id):
    one, new_id = desk.inserted(letter_id)[3], uuid7()
    half = one.text.index(" ", 40)
    tail = BlockEdit("create", new_id, text=one.text[half:], rank=one.rank + "1")
    desk.do(commands.save_blocks, letter_id, [update(one, one.text[:half], origins=[]), tail])
    letter = desk.letter(letter_id)
    assert [letter.block(name).state for name in (one.id, new_id)] == [BlockState.CHANGED] * 2


def test_undoing_a_join_gives_free_text_back_and_editing_never_does(desk, letter_id):
    approved = desk.inserted(letter_id)[3]
    free_id = desk.do(commands.add_block, letter_id, "My own words.", after=approved.id).block_ids[0]
    free = desk.letter(letter_id).block(free_id)
    desk.do(
        commands.save_blocks,
        letter_id,
        [update(free, f"My own words. {approved.text}", origins=approved.origins)],
    )
    joined = desk.letter(letter_id).block(free_id)
    desk.do(commands.save_blocks, letter_id, [update(joined, "My rewritten words.", origins=[])])
    rewritten = desk.letter(letter_id).block(free_id)
    assert rewritten.origins == approved.origins
    assert rewritten.state is BlockState.CHANGED
    desk.do(commands.save_blocks, letter_id, [update(rewritten, "My own words.", origins=[])])
    assert desk.letter(letter_id).block(free_id).state is BlockState.FREE


def test_an_origin_that_the_library_does_not_have_is_refused(desk, letter_id):
    block = desk.inserted(letter_id)[3]
    (forged,) = origins_json(block.origins)
    forged["sha256"] = text_hash("Free text.")
    for origin in (forged, {**forged, "paragraph": 99}, {**forged, "kind": "label"}):
        edit = BlockEdit("create", uuid7(), text="Free text.", origins=[origin], rank="zz")
        with pytest.raises(InputRefusedError):
            desk.do(commands.save_blocks, letter_id, [edit])


def test_text_from_another_letter_brings_its_origin_along(desk, letter_id):
    block = desk.inserted(letter_id)[3]
    other = desk.new_letter()
    pasted = BlockEdit("create", uuid7(), text=block.text, origins=origins_json(block.origins), rank="zz")
    desk.do(commands.save_blocks, other, [pasted])
    assert desk.letter(other).block(pasted.block_id).state is BlockState.VERBATIM


@pytest.mark.parametrize("edit", [{"rank": None}, {"rank": "a0"}, {"rank": "zz", "kind": "fixed"}])
def test_a_new_block_needs_a_place_and_a_kind_of_its_own(desk, letter_id, edit):
    with pytest.raises(InputRefusedError):
        desk.do(commands.save_blocks, letter_id, [BlockEdit("create", uuid7(), text="x", **edit)])


def test_blocks_of_another_letter_and_unknown_ones_are_not_found(desk, letter_id):
    foreign = desk.inserted(desk.answered_letter())[0]
    for block_id in (foreign.id, "no-such-block"):
        with pytest.raises(RecordNotFoundError):
            desk.do(commands.save_blocks, letter_id, [BlockEdit("retire", block_id)])


def test_free_text_becomes_one_block_a_part_and_is_moved(desk, letter_id):
    added = desk.do(commands.add_block, letter_id, "One.\n\n- two\n- three\n\n| h |\n| --- |\n| c |")
    letter = desk.letter(letter_id)
    assert [letter.block(name).kind for name in added.block_ids] == ["paragraph", "list", "table"]
    assert letter.blocks[letter.blocks.index(letter.block(added.block_ids[-1])) + 1].slot == "purpose"
    desk.do(commands.move_block, added.block_ids[2], after=added.block_ids[0])
    desk.do(commands.move_block, added.block_ids[1], after=None)
    order = [block.id for block in desk.letter(letter_id).blocks]
    assert order[0] == added.block_ids[1]
    assert order.index(added.block_ids[2]) == order.index(added.block_ids[0]) + 1


@pytest.mark.parametrize("state", ["in_review", "released", "sent"])
def test_a_letter_that_left_its_author_does_not_change(desk, letter_id, state):
    block = desk.inserted(letter_id)[3]
    desk.do(commands.save_draft, block.id, "Late.", block.sha256)
    desk.change(Letter, letter_id, state=state)
    for command, arguments in (
        (commands.write_block, (block.id, "New.", block.sha256)),
        (commands.save_draft, (block.id, "New.", block.sha256)),
        (commands.insert, (letter_id, desk.version())),
        (commands.add_block, (letter_id, "New.")),
    ):
        with pytest.raises(NotAllowedError):
            desk.do(command, *arguments)
    assert desk.do(commands.cut_drafts, letter_id).cut == ()
    assert desk.letter(letter_id).block(block.id).text == block.text


OPS = st.lists(
    st.tuples(
        st.sampled_from(["create", "update", "move", "retire", "revive"]),
        st.integers(0, 9),
        st.sampled_from(["One.", "- a\n- b", "# Head", "", "Two **bold** [@k]."]),
        st.integers(0, 9),
    ),
    max_size=12,
)


@pytest.fixture(scope="module")
def free_desk(tmp_path_factory):
    database = new_database(tmp_path_factory.mktemp("editing"), FakeClock())
    yield new_desk(database)
    database.close()


@settings(max_examples=25)
@given(OPS)
def test_saved_blocks_are_what_a_plain_list_would_hold(free_desk, operations):
    desk = free_desk
    letter_id = desk.new_letter()
    fixed = len(desk.letter(letter_id).blocks)
    model, gone = {}, {}
    edits = []
    for op, at, text, place in operations:
        rank = f"zz{place}1"
        if op == "create":
            block_id = uuid7()
            edits.append(BlockEdit("create", block_id, text=text, rank=rank))
            model[block_id] = (rank, text)
        elif op == "revive" and gone:
            block_id = sorted(gone)[at % len(gone)]
            edits.append(BlockEdit("create", block_id, text=text, rank=rank))
            model[block_id] = (rank, text)
            del gone[block_id]
        elif model and op != "revive":
            block_id = sorted(model)[at % len(model)]
            if op == "update":
                seen = text_hash(canonical_text(model[block_id][1]))
                edits.append(BlockEdit("update", block_id, text=text, seen_sha256=seen))
                model[block_id] = (model[block_id][0], text)
            elif op == "move":
                edits.append(BlockEdit("move", block_id, rank=rank))
                model[block_id] = (rank, model[block_id][1])
            else:
                edits.append(BlockEdit("retire", block_id))
                gone[block_id] = model.pop(block_id)
    for edit in edits:
        desk.do(commands.save_blocks, letter_id, [edit])
    stored = [(block.rank, block.id, block.text, block.kind) for block in desk.inserted(letter_id)]
    assert stored == sorted(
        (rank, name, canonical_text(text), kind_of_text(text)) for name, (rank, text) in model.items()
    )
    assert len(desk.rows(LetterBlock, LetterBlock.letter_id == letter_id)) == fixed + len(model) + len(gone)
