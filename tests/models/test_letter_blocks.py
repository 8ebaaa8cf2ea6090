"""States of blocks, and that no sequence of edits makes approved text free."""

from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from app.models.checks.snapshot import BlockKind, BlockState
from app.models.letter_blocks import cut_from, kept_origins, place, shares, state_of
from app.models.letter_origins import (
    TemplateOrigin,
    TextOrigin,
    heading_hash,
    heading_markup,
    joined_origins,
    origins_from,
    origins_json,
)
from app.models.markup import parse, render
from app.models.normal import NORMAL_VERSION, content_hash
from app.models.rank import is_rank
from tests.strategies import markup_texts

TEXTS = {
    "s1": "Grapefruit juice raises the exposure to atorvastatin by 37% after one glass.",
    "s2": "Store below 25 degrees in the original package and keep away from children.",
}


def origin(section="s1", **changes):
    fields = {
        "kind": "srd",
        "version": f"v-{section}",
        "code": "SRD-1",
        "number": "1.0",
        "section": section,
        "heading": "Summary",
        "paragraph": 0,
        "sha256": content_hash(TEXTS[section]),
    }
    return TextOrigin(**(fields | changes))


def test_a_whole_unchanged_paragraph_is_verbatim_whatever_its_quotes_and_spaces():
    text = "He said “stop”  at 5 mg."
    source = origin(sha256=content_hash('He said "stop" at 5 mg.'))
    assert state_of("paragraph", text, (source,)) is BlockState.VERBATIM
    assert state_of("paragraph", text.replace("5", "50"), (source,)) is BlockState.CHANGED


def test_made_blocks_have_no_state_and_text_without_origin_is_free():
    assert state_of("references", "", ()) is BlockState.NONE
    assert state_of("signature", "Sincerely", (origin(),)) is BlockState.NONE
    assert state_of("paragraph", TEXTS["s1"], ()) is BlockState.FREE


def test_halves_of_a_split_and_joined_blocks_are_changed():
    first, second = TEXTS["s1"][:30], TEXTS["s1"][30:]
    assert {state_of("paragraph", half, (origin(),)) for half in (first, second)} == {BlockState.CHANGED}
    both = joined_origins((origin(),), (origin("s2"),), (origin(),))
    assert both == (origin(), origin("s2"))
    assert state_of("paragraph", TEXTS["s1"], both) is BlockState.CHANGED


def test_a_hash_by_rules_of_another_version_is_never_verbatim():
    source = origin(normal=NORMAL_VERSION + 1)
    assert state_of("paragraph", TEXTS["s1"], (source,)) is BlockState.CHANGED


@pytest.mark.parametrize("heading", ["Summary", "C~max~ and *in vitro* data", "  two   spaces ", "# odd"])
def test_a_heading_is_verbatim_as_it_was_inserted(heading):
    source = origin(paragraph=None, sha256=heading_hash(heading))
    assert state_of("heading", heading_markup(heading), (source,)) is BlockState.VERBATIM
    assert state_of("heading", heading_markup(f"{heading} x"), (source,)) is BlockState.CHANGED


def test_origins_survive_their_json():
    template = TemplateOrigin("response-en", "1.0", "closing", "a" * 64, editable=True)
    origins = (origin(), origin("s2", kind="label", paragraph=None), template)
    assert origins_from(origins_json(origins)) == origins
    assert {value["kind"] for value in origins_json(origins)} == {"srd", "label", "template"}


def test_an_origin_leaves_for_verbatim_text_or_for_what_the_block_was():
    stored = (origin(), origin("s2"))
    assert kept_origins("Rewritten word by word.", stored, ()) == stored
    assert kept_origins(TEXTS["s2"], stored, (origin("s2"),)) == (origin("s2"),)
    earlier = {("My own words.", ())}
    assert kept_origins("My own words.", stored, (), earlier) == ()
    assert kept_origins("My own words!", stored, (), earlier) == stored


def test_what_was_cut_off_keeps_the_origin_of_where_it_stood():
    before = [("My own words.", ()), (TEXTS["s1"], (origin(),))]
    assert cut_from("exposure to **atorvastatin**  by", before) == (origin(),)
    assert cut_from("own words", before) == cut_from("elsewhere", before) == cut_from(" ", before) == ()


def test_a_template_slot_is_never_lost():
    slot = TemplateOrigin("response-en", "1.0", "closing", "a" * 64, editable=True)
    assert kept_origins("x", (slot,), ()) == (slot,)


def test_shares_count_the_answer_alone():
    counted = shares(
        [
            ("paragraph", "one two three", BlockState.VERBATIM),
            ("list", "- four\n- five", BlockState.CHANGED),
            ("fixed", "Dear Dr Lima,", BlockState.VERBATIM),
            ("heading", "## Six", BlockState.FREE),
        ]
    )
    assert (counted.verbatim, counted.changed, counted.free, counted.total) == (3, 2, 1, 6)


@given(st.lists(st.sampled_from(["A", "B", "C"]), max_size=6).map(sorted), st.data())
def test_newcomers_stand_where_they_were_placed(ranks, data):
    index = data.draw(st.integers(0, len(ranks)))
    count = data.draw(st.integers(1, 4))
    placed = place(ranks, index, count)
    after = list(ranks)
    for at, moved in placed.moved:
        after[at] = moved
    whole = [*after[:index], *placed.ranks, *after[index:]]
    assert whole == sorted(whole)
    assert all(map(is_rank, placed.ranks))
    assert len({*placed.ranks}) == count
    assert not index or whole[index - 1] < whole[index]
    assert index == len(ranks) or whole[index + count - 1] < whole[index + count]


@given(markup_texts, markup_texts)
def test_a_state_is_verbatim_exactly_when_the_normal_forms_agree(approved, text):
    state = state_of("paragraph", text, (origin(sha256=content_hash(approved)),))
    assert (state is BlockState.VERBATIM) is (content_hash(text) == content_hash(approved))


@dataclass(frozen=True)
class Piece:
    """A block as the model knows it: `made_of` is where its words truly come from."""

    text: str
    origins: tuple
    made_of: frozenset
    earlier: frozenset = frozenset()


class Editing(RuleBasedStateMachine):
    """An editor that splits, joins, types and undoes as it likes.

    It may propose no origins at all, as a faulty one would; only the rule stands between.
    """

    def __init__(self):
        super().__init__()
        self.blocks = [
            self.fresh(TEXTS["s1"], (origin(),)),
            self.fresh("My own words.", ()),
            self.fresh(TEXTS["s2"], (origin("s2"),)),
        ]

    def fresh(self, text, origins):
        return Piece(text, origins, frozenset(origins), frozenset({(text, origins)}))

    def save(self, at, text, proposed, made_of):
        old = self.blocks[at]
        origins = kept_origins(text, old.origins, proposed, old.earlier)
        self.blocks[at] = Piece(text, origins, made_of, old.earlier | {(text, origins)})

    @rule(at=st.integers(0, 20), cut=st.integers(0, 90), honest=st.booleans())
    def split(self, at, cut, honest):
        at %= len(self.blocks)
        old = self.blocks[at]
        self.save(at, old.text[:cut], old.origins if honest else (), old.made_of)
        second = replace(self.fresh(old.text[cut:], old.origins), made_of=old.made_of)
        self.blocks.insert(at + 1, second)

    @rule(at=st.integers(0, 20))
    def join(self, at):
        if len(self.blocks) > 1:
            at %= len(self.blocks) - 1
            one, two = self.blocks[at : at + 2]
            both = joined_origins(one.origins, two.origins)
            self.save(at, f"{one.text} {two.text}", both, one.made_of | two.made_of)
            del self.blocks[at + 1]

    @rule(at=st.integers(0, 20), typed=st.sampled_from(["not ", "37", "**", " "]), where=st.integers(0, 90))
    def type_something(self, at, typed, where):
        at %= len(self.blocks)
        old = self.blocks[at]
        self.save(at, old.text[:where] + typed + old.text[where:], (), old.made_of)

    @rule(at=st.integers(0, 20), data=st.data())
    def undo_a_block(self, at, data):
        at %= len(self.blocks)
        text, origins = data.draw(st.sampled_from(sorted(self.blocks[at].earlier, key=repr)))
        self.save(at, text, origins, frozenset(origins))

    @invariant()
    def approved_words_are_never_free(self):
        for block in self.blocks:
            if block.made_of:
                assert state_of("paragraph", block.text, block.origins) is not BlockState.FREE

    @invariant()
    def verbatim_words_are_the_approved_ones(self):
        for block in self.blocks:
            if state_of(BlockKind.PARAGRAPH, block.text, block.origins) is BlockState.VERBATIM:
                assert render(parse(block.text)) in TEXTS.values()


TestEditing = Editing.TestCase
TestEditing.settings = settings(max_examples=60, stateful_step_count=12)
