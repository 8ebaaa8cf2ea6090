"""Hypothesis strategies that several test files share."""

from hypothesis import strategies as st

from app.models import markup as m

# Characters that mean something to the grammar, to Word or to Qt, mixed with plain ones.
HOSTILE = "\\*^~[](){}<>|#-.:;@,'\"1234 \t\n\u00a0\u2028\u00ad\ufffc\u0000é≥µab"
words = st.one_of(
    st.text(st.sampled_from(HOSTILE), max_size=6),
    st.text(max_size=3),
    st.sampled_from(
        ["dose", " ", "5 mg", "- x", "1. x", "# h", "<br>", "{{a}}", "[@k]", "**", "](http://x)"]
    ),
)
urls = st.sampled_from(["https://a.example/(1)?q=a|b", "mailto:a@b.example", "tel:+49", "http://x\\y_*é#z"])
keys = st.sampled_from(["k", "smith2020", "é:1/2.3+4-5", "_"])
citation_items = st.builds(m.CitationItem, keys, st.one_of(st.just(""), words))
citation_nodes = st.builds(m.Citation, st.lists(citation_items, min_size=1, max_size=3).map(tuple))
field_nodes = st.builds(m.Field, st.sampled_from(["a", "contact.last_name", "X-1_2."]))
leaves = st.one_of(st.builds(m.Text, words), citation_nodes, field_nodes, st.builds(m.HardBreak))


def _marked(children):
    parts = st.lists(children, max_size=3).map(tuple)
    marks = [st.builds(mark, parts) for mark in (m.Strong, m.Emphasis, m.Super, m.Sub)]
    return st.one_of(*marks, st.builds(m.Link, urls, parts))


inlines = st.lists(st.recursive(leaves, _marked, max_leaves=4), max_size=4).map(tuple)
_leaf_items = st.builds(m.ListItem, inlines)
_starts = st.integers(min_value=0, max_value=2000)


def _lists(items):
    return st.builds(m.List, st.booleans(), st.lists(items, min_size=1, max_size=3).map(tuple), _starts)


list_nodes = _lists(st.builds(m.ListItem, inlines, st.one_of(st.none(), _lists(_leaf_items))))


@st.composite
def table_nodes(draw):
    width = draw(st.integers(min_value=1, max_value=3))
    row = st.lists(inlines, min_size=width, max_size=width).map(tuple)
    align = draw(st.lists(st.sampled_from(m.Align), min_size=width, max_size=width))
    return m.Table(draw(row), tuple(align), tuple(draw(st.lists(row, max_size=2))))


blocks = st.one_of(
    st.builds(m.Paragraph, inlines),
    st.builds(m.Heading, st.integers(min_value=1, max_value=4), inlines),
    list_nodes,
    table_nodes(),
)
trees = st.lists(blocks, max_size=3).map(tuple).map(m.Document)
canonical_trees = trees.map(m.canonical)
markup_texts = st.one_of(
    st.text(), st.text(st.sampled_from(HOSTILE), max_size=60), st.lists(words, max_size=12).map("".join)
)
