"""The circle of markup and tree, closed for every string."""

import pytest
from hypothesis import given, settings
from markdown_it import MarkdownIt

from app.models import markup as m
from app.models.markup_html import html
from tests import strategies as own


def paragraph(text):
    (block,) = m.parse(text).blocks
    assert isinstance(block, m.Paragraph)
    return block.children


@settings(max_examples=200, deadline=None)
@given(own.markup_texts)
def test_every_string_has_one_canonical_tree_and_normal_form(text):
    tree = m.parse(text)
    normal_form = m.render(tree)
    assert m.canonical(tree) == tree
    assert m.parse(normal_form) == tree
    assert m.render(m.parse(normal_form)) == normal_form


@settings(max_examples=200, deadline=None)
@given(own.trees)
def test_canonical_trees_survive_markup(tree):
    canonical = m.canonical(tree)
    assert m.canonical(canonical) == canonical
    assert m.parse(m.render(canonical)) == canonical


@settings(max_examples=100, deadline=None)
@given(own.markup_texts)
def test_split_blocks_loses_nothing(text):
    pieces = m.split_blocks(text)
    assert m.parse("\n\n".join(pieces)) == m.parse(text)
    assert all(len(m.parse(piece).blocks) == 1 for piece in pieces)


def test_a_long_section_splits_into_paragraphs_lists_and_tables():
    text = "# Dosing\nTake *one*\ndaily.\n\n- a\n- b\n\n| h | i |\n|---|--:|\n| 1 | 2 |\nAfter it."
    assert m.split_blocks(text) == [
        "# Dosing",
        "Take *one* daily.",
        "- a\n- b",
        "| h | i |\n| --- | --: |\n| 1 | 2 |",
        "After it.",
    ]


@pytest.mark.parametrize(
    ("text", "children"),
    [
        ("a**(b)**c", (m.Text("a"), m.Strong((m.Text("(b)"),)), m.Text("c"))),
        ("10^6^", (m.Text("10"), m.Super((m.Text("6"),)))),
        ("H~2~O", (m.Text("H"), m.Sub((m.Text("2"),)), m.Text("O"))),
        ("** a **b", (m.Strong((m.Text("a"),)), m.Text(" b"))),
        ("**a****b**", (m.Strong((m.Text("a****b"),)),)),
        ("5 * 3", (m.Text("5 * 3"),)),
        ("***x***", (m.Strong((m.Emphasis((m.Text("x"),)),)),)),
        ("**a *b***c", (m.Strong((m.Text("a "), m.Emphasis((m.Text("b"),)))), m.Text("c"))),
        (r"\*a\*", (m.Text("*a*"),)),
        ("a\\\nb", (m.Text("a"), m.HardBreak(), m.Text("b"))),
        ("a  \nb", (m.Text("a"), m.HardBreak(), m.Text("b"))),
        ("a<br>b", (m.Text("a"), m.HardBreak(), m.Text("b"))),
        ("a\nb", (m.Text("a b"),)),
        ("<b>x</b> ![i](u)", (m.Text("<b>x</b> ![i](u)"),)),
        ("[a](https://x.example/(1))", (m.Link("https://x.example/(1)", (m.Text("a"),)),)),
        ("[](https://x.example)", (m.Link("https://x.example", (m.Text("https://x.example"),)),)),
        ("[a](javascript:alert)", (m.Text("[a](javascript:alert)"),)),
        ("[95% CI 1.2-3.4]", (m.Text("[95% CI 1.2-3.4]"),)),
        ("[@k]", (m.Citation((m.CitationItem("k"),)),)),
        ("[@k, p. 12; @l2]", (m.Citation((m.CitationItem("k", "p. 12"), m.CitationItem("l2"))),)),
        ("[@k p. 12]", (m.Text("[@k p. 12]"),)),
        ("{{ contact.last_name }}", (m.Field("contact.last_name"),)),
        ("{{a b}}", (m.Text("{{a b}}"),)),
        ("a\ufffcb\x00c\ud800", (m.Text("abc"),)),
    ],
)
def test_inline_marks(text, children):
    assert paragraph(text) == children


@pytest.mark.parametrize(
    "text",
    [
        "95% CI [1.2 to 3.4] (n = 12), 5 mg - 10 mg; e.g. A/B #3 & <5 %",
        "**a *b* c** and *d*",
        "[see **here**](https://a.example) for [@smith2020, p. 12; @lee] and {{product.name}}",
        "- a\\\n  b\n  1. c\n  2. d\n- e",
        "9. nine\n10. ten\n    - deep",
        "| a | b |\n| --- | :-: |\n| x<br>y |  |",
        "#### Deep heading",
        r"2019\. It began",
    ],
)
def test_normal_forms_stay_as_they_are(text):
    assert m.render(m.parse(text)) == text


@pytest.mark.parametrize(
    ("text", "normal_form"),
    [
        ("1. a\n1. b", "1. a\n2. b"),
        ("- a\n\n- b\n      - c\n          - d", "- a\n- b\n  - c\n  - d"),
        ("- a\n\n  more", "- a\\\n  more"),
        ("It began in\n2019. The end", "It began in 2019. The end"),
        ("text\n1. one", "text\n\n1. one"),
        ("# a #\n##### b", "# a\n\n##### b"),
        ("a | b\n--|--\n1 | 2 | 3", "| a | b |  |\n| --- | --- | --- |\n| 1 | 2 | 3 |"),
        ("| a\\|b |\n|:-:|", "| a\\|b |\n| :-: |"),
        ("a\r\nb\u2029c", "a b\n\nc"),
        ("\ufffc\x00", ""),
    ],
)
def test_other_spellings_have_one_normal_form(text, normal_form):
    assert m.render(m.parse(text)) == normal_form


@pytest.mark.parametrize(
    "text",
    [
        "# Dose\n\nTake **5 mg** *once*.\n\n- a\n- b\n  1. c\n  2. d\n\n3. x\n4. y",
        "> no | quote".replace(">", "\\>"),
        "a [link](https://a.example/b?c=d&e=f)\n\n| h | i |\n| --- | --- |\n| 1 | **2** |",
        "first line\\\nsecond line",
    ],
)
def test_blocks_read_as_commonmark_reads_them(text):
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    kinds = {"paragraph_open": m.Paragraph, "heading_open": m.Heading, "table_open": m.Table}
    kinds |= {"bullet_list_open": m.List, "ordered_list_open": m.List}
    expected = [kinds[token.type] for token in tokens if token.level == 0 and token.nesting == 1]
    assert [type(block) for block in m.parse(text).blocks] == expected


@pytest.mark.parametrize(
    "piece",
    [
        "[@a," + " " * 20000,
        "[" * 20000,
        "*" * 20000,
        "](http://" * 4000,
        "{{a" * 9000,
        "- " * 9000,
        "a|b\n" * 9000,
    ],
)
def test_hostile_text_is_parsed_in_linear_time(piece):
    tree = m.parse(piece)
    assert m.parse(m.render(tree)) == tree


def test_citations_and_fields_come_in_reading_order():
    tree = m.parse("# [@a]\n\n- x **[@b; @c]**\n  - {{one}}\n\n| [@d] | {{two}} |\n|---|---|\n| [@a] | |")
    keys = [[item.key for item in citation.items] for citation in m.citations(tree)]
    assert keys == [["a"], ["b", "c"], ["d"], ["a"]]
    assert [field.name for field in m.fields(tree)] == ["one", "two"]


def test_map_inline_draws_atoms_where_they_stand():
    tree = m.parse("Dear {{name}}, **see [@a]**.")

    def draw(atom):
        return [m.Text("Dr Lee")] if isinstance(atom, m.Field) else [m.Super((m.Text("1"),))]

    assert m.render(m.map_inline(tree, draw)) == "Dear Dr Lee, **see ^1^**."


def test_plain_text_keeps_the_meaning_of_raised_figures():
    text = "10^6^ cells, m^2^, 1^st^, x^a\\~b^, H~2~O, C~max~ for {{name}} [@k]"
    assert m.plain_text(m.parse(text)) == "10⁶ cells, m², 1st, x^(a~b), H₂O, Cmax for {{name}}"


def test_plain_text_draws_lists_and_tables_as_lines():
    text = "3. a\n   - b\n\n| h | i |\n|---|---|\n| 1<br>x | 2 |"
    assert m.plain_text(m.parse(text)) == "3. a\n  - b\n\nh | i\n1 x | 2"


def test_html_escapes_and_keeps_only_allowed_links():
    tree = m.parse(
        '<script> **a** [b](https://a.example/?x="1"&y) {{f}}\n\n3. x\n   - y\n\n| h |\n|--:|\n| 1 |'
    )
    lines = html(tree, lambda atom: "<Lee>").split("\n")
    assert lines[0] == (
        "<p>&lt;script&gt; <strong>a</strong> "
        '<a href="https://a.example/?x=&quot;1&quot;&amp;y">b</a> &lt;Lee&gt;</p>'
    )
    assert lines[1] == '<ol start="3">'
    assert lines[2] == "<li>x<ul><li>y</li></ul></li>"
    assert '<th scope="col" style="text-align:right">h</th>' in "".join(lines)
    assert "<a" not in html(m.Document((m.Paragraph((m.Link("javascript:x", (m.Text("a"),)),)),)))


def test_malformed_atoms_stay_visible_as_text():
    bad = m.Document((m.Paragraph((m.Field("a b"), m.Citation((m.CitationItem("k]"),)))),))
    assert m.canonical(bad) == m.Document((m.Paragraph((m.Text("{{a b}}[@k]]"),)),))
