"""What other programs put on the clipboard, as a tree."""

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.models import markup as m
from app.models.markup_from_html import MOST_CHARACTERS, MOST_ELEMENTS, has_structure, read_html
from app.models.markup_html import html
from app.models.normal import normal
from tests import strategies as own

SAMPLES = Path(__file__).parents[1] / "data" / "clipboard"


def read(source):
    return m.render(read_html(source))


@pytest.mark.parametrize("name", ["word", "google_docs", "browser", "libreoffice", "excel"])
def test_what_each_program_copies_becomes_our_markup(name):
    copied = (SAMPLES / f"{name}.html").read_text(encoding="utf-8")
    wanted = (SAMPLES / f"{name}.md").read_text(encoding="utf-8")
    assert read(copied) == wanted.removesuffix("\n")


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<b>a</b> <strong>b</strong><i>c</i><em>d</em>", "**a** **b***cd*"),
        ("<span style='font-weight:600'>a</span><span style='font-weight:500'>b</span>", "**a**b"),
        ("<b>a<span style='font-weight:normal'>b</span></b>", "**a**b"),
        ("<span style='font:italic bold 12pt Arial'>a</span>", "***a***"),
        ("<i style='font-style:normal'>a</i>", "a"),
        ("10<sup style='vertical-align:baseline'>6</sup>", "10^6^"),
        ("10<span style='vertical-align:super'>-<span style='vertical-align:baseline'>6</span></span>", "10^-6^"),
        ("H<span style='vertical-align:-3pt'>2</span>O 10<span style='mso-text-raise:4.0pt'>6</span>", "H~2~O 10^6^"),
        ("<font face=Symbol>m</font>g <font face=Arial>m</font>", "μg m"),
        ("<span style='font-family:Symbol'>&#61619; ≥</span>", "≥ ≥"),
        ("<span style='font-family:Wingdings'>x</span> y", "\ufffd y"),
        ("<font face=Symbol>@5 &#187;</font>", "≅5 ≈"),
        ("a&nbsp;b &lt;b&gt; &amp;amp; &#8804;", "a\u00a0b <b> &amp; ≤"),
        ("<h6>deep</h6>", "#### deep"),
        ("<h2><b>all bold</b></h2><h2>one <b>bold</b></h2>", "## all bold\n\n## one **bold**"),
        ("<a href='HTTPS://a.example'>x</a><a href='ftp://a.example'>y</a>", "[x](HTTPS://a.example)y"),
        ("<a href='tel:+1'>x</a> <a href='file:///c'>y</a> <a>z</a>", "x y z"),
        ("<p>a<p>b<div>c</div>d", "a\n\nb\n\nc\n\nd"),
        ("<div>a<br>b<br> <br>c</div>", "a\\\nb\n\nc"),
        ("<pre>a\n  b</pre>", "a\\\nb"),
        ("<p>a\n b\t c</p>", "a b c"),
        ("<del>old</del><ins>new</ins><s>struck</s>", "new[struck out: struck]"),
        ("<p hidden>a</p><p style='visibility:hidden'>b</p><p style='mso-hide:all'>c</p>d", "d"),
        ("<img width=1 src=x><img src=y alt=z><svg width=16></svg><svg><text>t</text></svg>", "[figure][figure]"),
        ("[@key] {{field}} *a* # <p># b", "\\[@key] \\{{field}} \\*a\\* #\n\n\\# b"),
        ("<p>x<a href='#_ftn2'><sup>2</sup></a><a href='#_ednref2'>[2]</a>", "x[footnote][2]"),
        ("<p>a</p><!--StartFragment--><p>b</p><!--EndFragment--><p>c</p>", "b"),
        ("Version:1.0\r\nStartHTML:0000000012\r\nSourceURL:https://a.example/\r\n<p>a</p>", "a"),
        ("<div style='mso-element:comment-list'>note</div><a class=msocomanchor href='#_msocom_1'>[A1]</a>x", "x"),
    ],
)  # fmt: skip
def test_marks_and_what_is_left_out(source, text):
    assert read(source) == text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<ul><li>a<ol><li>b</li></ol></li></ul>", "- a\n  1. b"),
        ("<ul><li>a<ul><li>b<ul><li>c</ul></ul></ul>", "- a\n  - b\n  - c"),
        (
            "<ol><li>a<ol><li>b<ol><li>c</li></ol></li><li>d</ol></ol>",
            "1. a\n   1. b\\\n      1\\. c\n   2. d",
        ),
        ("<ol><li>a<ol><li>b</ol><ul><li>c</ul></ol>", "1. a\n   1. b\\\n      • c"),
        ("<ol start=4><li>a<p>more</p><li>b</ol>", "4. a\\\n   more\n5. b"),
        ("<ul><ul><li>a<li>b</ul></ul>", "- a\n- b"),
        ("<li>a<li>b", "- a\n- b"),
        ("<ul><li></li><li>a</li></ul>", "- a"),
        ("<ul><li><h3>a</h3>b</li></ul>", "- a\\\n  b"),
        ("<p style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>a.</span>x</p>", "1. x"),
        (
            "<p style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>Table 1:</span>x</p>",
            "Table 1: x",
        ),
        ("<h2 style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>4.2</span>x</h2>", "## 4.2 x"),
        ("<h2 style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>·</span>x</h2>", "## x"),
    ],
)
def test_lists_keep_their_two_levels_and_every_number(source, text):
    assert read(source) == text


@pytest.mark.parametrize(
    ("source", "rows"),
    [
        (
            "<table><tr><td rowspan=2>a<td>b<tr><td>c<tr><td colspan=2>d</table>",
            ["| a | b |", "| --- | --- |", "|  | c |", "| d |  |"],
        ),
        (
            "<table><tr><td colspan=900>a</td></tr><tr><td>b</td><td align=center>c</td></tr></table>",
            ["| a |  |", "| --- | :-: |", "| b | c |"],
        ),
        (
            "<table><tr><td rowspan=3 colspan=2>a<td>b<tr><td>c<tr><td>d<tr><td>e</table>",
            ["| a |  | b |", "| --- | --- | --- |", "|  |  | c |", "|  |  | d |", "| e |  |  |"],
        ),
        ("<table><tr><td><p>a<ul><li>b</ul></td><td>c|d</td></tr></table>", ["| a<br>• b | c\\|d |", "| --- | --- |"]),
        ("<table><tr><td><h2>a</h2><p>b</p></td></tr></table>", ["## a", "", "b"]),
        ("<table><tr></tr></table>", [""]),
    ],
)  # fmt: skip
def test_tables_are_laid_out_cell_by_cell(source, rows):
    assert read(source) == "\n".join(rows)


@pytest.mark.parametrize(
    ("source", "has_any"),
    [
        ("<p>a</p><p>b<br>c</p>", False),
        ("<div><span>line</span><br><span>line</span></div>", False),
        ("", False),
        ("<p>a <i>b</i></p>", True),
        ("<p><a href='https://a.example'>b</a></p>", True),
        ("<ul><li>a</li></ul>", True),
        ("<h1>a</h1>", True),
    ],
)
def test_only_what_lines_cannot_say_is_structure(source, has_any):
    assert has_structure(read_html(source)) is has_any


@pytest.mark.parametrize(
    "source",
    [
        "<p>a</p>" + " " * MOST_CHARACTERS,
        "<b></b>" * (MOST_ELEMENTS + 1),
        "<table>" + "<tr><td rowspan=9999 colspan=9999>a<td>b" * 50 + "</table>",
        "<table>" + "<tr>" + "<td colspan=200>a" * 300 + "</table>",
    ],
)
def test_what_is_too_much_is_not_taken(source):
    assert read_html(source) is None


def test_elements_may_stand_in_each_other_to_any_depth():
    assert read("<div>" * 9000 + "a" + "</div>" * 9000 + "b") == "a\n\nb"
    assert read("<ul><li>" * 9000 + "a") == "- a"
    assert "a" in read("<table><tr><td>x<td>" * 4000 + "a")


TEXTS = st.one_of(
    st.builds(m.Paragraph, own.inlines),
    st.builds(m.Heading, st.integers(min_value=1, max_value=4), own.inlines),
    own.table_nodes(),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(TEXTS, max_size=3).map(tuple))
def test_what_this_program_writes_for_mail_keeps_its_words(blocks):
    tree = m.map_inline(m.Document(blocks), lambda _atom: ())
    back = read_html(html(tree))
    assert m.parse(m.render(back)) == back
    assert _letters(m.plain_text(back)) == _letters(m.plain_text(tree))


def _letters(text):
    return [sign for sign in normal(text) if sign.isalnum()]


TAGS = [
    "p",
    "div",
    "b",
    "i",
    "sup",
    "span",
    "h1",
    "h7",
    "ul",
    "ol",
    "li",
    "table",
    "tr",
    "td",
    "th",
    "a",
    "br",
    "pre",
]
TAGS += [
    "style",
    "script",
    "title",
    "math",
    "svg",
    "img",
    "o:p",
    "thead",
    "caption",
    "del",
    "font",
    "plaintext",
]
ATTRIBUTES = [
    "",
    " style='mso-list:l0 level2 lfo1'",
    " style='mso-list:Ignore'",
    " style='font-family:Symbol'",
]
ATTRIBUTES += [
    " colspan=3",
    " rowspan=0",
    " rowspan=2",
    " href='https://a.example'",
    " href='#_ftn1'",
    " hidden",
]
ATTRIBUTES += [
    " style='white-space:pre;vertical-align:sub'",
    " start=-1",
    " value=7",
    " style='display:block'",
    " class",
]
PIECES = st.one_of(
    st.builds("<{}{}>".format, st.sampled_from(TAGS), st.sampled_from(ATTRIBUTES)),
    st.builds("</{}>".format, st.sampled_from(TAGS)),
    st.sampled_from(["<!--StartFragment-->", "<!--EndFragment-->", "<!--", "-->", "<![if !x]>", "<![endif]>"]),
    st.sampled_from(["<style>.a{b:c}", "&nbsp;", "&#0;", "&#xd800;", "<?xml ?>", "<", ">", "·", "3.", "a)", "\n", "|"]),
    own.words,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join))
@example("<table><td><table><tr><td>a</td></tr></table>b</table>c")
@example("<h1><li>a</h1>b</li>")
@example("\ud800\x00\uffff<p \x00=\x01>")
def test_any_soup_of_tags_has_a_canonical_tree(soup):
    tree = read_html(soup)
    assert tree is not None
    assert m.canonical(tree) == tree
    assert m.parse(m.render(tree)) == tree


@settings(max_examples=150, deadline=None)
@given(st.text())
def test_any_text_has_a_tree(text):
    tree = read_html(text)
    assert m.parse(m.render(tree)) == tree


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.text(st.sampled_from("abc 0123456789.,±≥µ%-/()*_^~[]|"), min_size=1, max_size=12), max_size=6)
)
def test_characters_between_tags_all_come_through(texts):
    soup = "".join(f"<p><b>{text}</b></p>" for text in texts)
    assert m.plain_text(read_html(soup)).split() == " ".join(texts).split()


@pytest.mark.parametrize(
    "source",
    ["<p>Do <s>not</s> stop.</p>", '<p>Do <span style="text-decoration:line-through">not</span> stop.</p>'],
)
def test_what_is_struck_out_is_never_taken_as_said(source):
    assert m.plain_text(read_html(source)) == "Do [struck out: not] stop."
