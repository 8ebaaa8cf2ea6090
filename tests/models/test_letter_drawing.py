"""Blocks drawn with their fields, and citations numbered over the whole letter."""

import pytest

from app.models.checks.snapshot import BlockKind
from app.models.citations import CitationKey
from app.models.letter_drawing import Drawing, checked_text, display_text, display_tree, living_tree
from app.models.letter_origins import TextOrigin
from app.models.letter_references import (
    LOCAL,
    CitedVersion,
    References,
    number_letter,
    reference_lines,
    requalified,
)
from app.models.markup import Citation, CitationItem, Field, HardBreak, Super, Text, atoms
from app.models.reference_runs import plain_runs

VALUES = {
    "contact.name": "Dr Ana Lima",
    "contact.institution": None,
    "contact.address": "1 High Street\nSpringfield",
    "contact.country": None,
    "company.name": "Fairmere",
    "letter.reference": None,
}


def article(title, pmid, **more):
    return {
        "type": "article-journal",
        "title": title,
        "PMID": pmid,
        "issued": {"date-parts": [[2020]]},
        **more,
    }


ONE = CitedVersion("v1", "SRD-1/1.0", {"a": article("Alpha", "1"), "b": article("Beta", "2")})
TWO = CitedVersion("v2", "SRD-2/1.0", {"a": article("Gamma", "3"), "c": article("Alpha", "1")})
REFERENCES = References({"v1": ONE, "v2": TWO}, {"x": article("Xi", "9"), "a": article("Local", "8")})


def of(version):
    return (TextOrigin("srd", version.id, version.name[:5], "1.0", "s", "H", 0, "0" * 64),)


def drawing(*blocks):
    return Drawing(VALUES, REFERENCES, number_letter(blocks, REFERENCES))


def test_numbers_follow_first_use_over_the_letter_and_join_the_same_work():
    drawn = drawing(
        (BlockKind.PARAGRAPH, "One [@b]. Two [@a].", of(ONE)),
        (BlockKind.PARAGRAPH, "Three [@c; @a].", of(TWO)),
        (BlockKind.PARAGRAPH, "Four [@x; @nowhere].", ()),
        (BlockKind.SIGNATURE, "Sincerely [@x]", ()),
    )
    lines = reference_lines(drawn.numbering, REFERENCES)
    assert [plain_runs(line.runs).split(".")[0] for line in lines] == ["Beta", "Alpha", "Gamma", "Xi"]
    assert checked_text("Three [@c; @a].", of(TWO), drawn) == "Three.[2,3]"
    assert checked_text("Four [@x; @nowhere].", (), drawn) == "Four.[4,?]"
    assert drawn.numbering.unresolved == (CitationKey(LOCAL, "nowhere"),)


def test_a_callout_is_raised_behind_stops_and_before_colons_and_folded():
    text = "Alpha [@a] [@b], and **gamma [@SRD-2/1.0:a]**: beta[@b]; end [@a, p. 12]."
    drawn = drawing((BlockKind.PARAGRAPH, text, of(ONE)))
    assert checked_text(text, of(ONE), drawn) == "Alpha,[1,2] and gamma[3]: beta[2]; end.[1]"
    tree = display_tree(text, of(ONE), drawn)
    raised = [node for node in tree.blocks[0].children if isinstance(node, Super)]
    assert [node.children for node in raised] == [(Text("1,2"),), (Text("2"),), (Text("1(p12)"),)]
    assert not list(atoms(tree))


def test_a_callout_in_a_list_a_table_and_a_heading_is_drawn_too():
    text = "## Head [@a]\n\n- item [@b].\n\n| h |\n| --- |\n| cell [@a], |"
    drawn = drawing((BlockKind.PARAGRAPH, text, of(ONE)))
    assert checked_text(text, of(ONE), drawn) == "Head[1]\n\n- item.[2]\n\nh\ncell,[1]"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{{contact.name}}\\\n{{contact.institution}}\\\n{{contact.address}}\\\n{{contact.country}}",
         "Dr Ana Lima\n1 High Street\nSpringfield"),
        ("Dear {{contact.country}},", "Dear {{contact.country}},"),
        ("Reference: {{letter.reference}}", "Reference: {{letter.reference}}"),
        ("{{letter.reference}}", "{{letter.reference}}"),
        ("{{contact.country}}", ""),
        ("Write to {{company.name}}, {{contact.address}}.", "Write to Fairmere, 1 High Street, Springfield."),
        ("{{no.such}} {{company.name}}", "{{no.such}} Fairmere"),
    ],
)  # fmt: skip
def test_fields_are_filled_and_lines_that_show_nothing_are_left_out(text, shown):
    assert display_text(text, (), drawing()) == shown


def test_a_value_never_becomes_markup():
    values = Drawing({"contact.name": "*Lima* [@x] {{company.name}}"})
    assert display_text("{{contact.name}}", (), values) == "*Lima* [@x] {{company.name}}"
    assert list(atoms(display_tree("{{contact.name}}", (), values))) == []


def test_a_living_tree_keeps_what_can_still_change():
    tree = living_tree("{{company.name}} [@a].\\\n{{contact.address}}", drawing())
    assert list(atoms(tree)) == [Field("company.name"), Citation((CitationItem("a"),))]
    assert HardBreak() in tree.blocks[0].children


def test_keys_that_clash_in_a_joined_block_are_renamed_and_cite_the_same_work():
    moved = requalified("Gamma [@a], alpha [@c].", ("v2",), ("v1", "v2"), REFERENCES)
    assert moved == "Gamma [@SRD-2/1.0:a], alpha [@c]."
    assert REFERENCES.key("SRD-2/1.0:a", ("v1", "v2")) == CitationKey("v2", "a")
    assert requalified("Mine [@a].", (), ("v1",), REFERENCES) == "Mine [@local:a]."
    assert REFERENCES.key("local:a", ("v1",)) == CitationKey(LOCAL, "a")


def test_the_same_work_under_one_key_in_two_versions_keeps_its_key():
    both = References({"v1": ONE, "v3": CitedVersion("v3", "SRD-3/1.0", {"a": article("Alpha", "1")})})
    assert requalified("Alpha [@a].", ("v3",), ("v1", "v3"), both) == "Alpha [@a]."
