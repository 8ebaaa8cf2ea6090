# ruff: noqa: RUF001 - PDF viewers copy typographic dashes and signs
"""Plain text of PDF viewers and of other programs, as a tree."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.models import markup as m
from app.models.markup_from_text import read_text
from app.models.normal import normal

LINE = "The recommended starting dose of the medicine in adults with the disease is"


def read(text):
    return m.render(read_text(text))


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        (f"{LINE}\nten milligrams.\n\nA second paragraph.", f"{LINE} ten milligrams.\n\nA second paragraph."),
        (f"4.2 Posology\n{LINE}\nmore than\n5\nmg/\nkg.", f"4.2 Posology\n\n{LINE} more than\n\n5 mg/kg."),
        (f"{LINE} ﬁxed and ﬂat\nwith oﬃcial e\u00adffect.", f"{LINE} fixed and flat with official effect."),
        (f"{LINE}\nrecommen\u00ad\ndation.", f"{LINE} recommendation."),
        (f"{LINE}\nin a popula-\ntion of pa-\ntients.", f"{LINE} in a population of patients."),
        (f"{LINE}\nbeta-\nblocker and COVID-\n19 or post-\nEuropean.", None),
        (f"{LINE}\nshort-\nand long-term.", f"{LINE} short- and long-term."),
        (f"The cotreatment and the\n{LINE}\nco-\ntreatment.", f"The cotreatment and the\n\n{LINE} cotreatment."),
        (f"The cotreatment, the co-treatment,\n{LINE}\nco-\ntreatment.", None),
        (f"{LINE}\nfrom 5-\n10 mg.\nAfter a break it is less.", f"{LINE} from 5-10 mg.\n\nAfter a break it is less."),
        (f"{LINE}\n• one that goes on for longer than\nthe line\n– in it\n• two", None),
        (f"{LINE}\ngiven so:\n1. one\n2. two\n\n3. three", f"{LINE} given so:\n\n1. one\n2. two\n3. three"),
        (f"{LINE}\ngiven so:\n1. one\n2. two\n1. one", f"{LINE} given so:\n\n1. one\n2. two\n\n1\\. one"),
        (f"{LINE}\nbelow a line.\n– 5 °C\n· 3\n·5 mg\n.5 mg", None),
        (f"{LINE}\nwhat – as was said –\n– or not – is\nso.", f"{LINE} what – as was said –\n\n– or not – is so."),
        (f"{LINE}\nso {LINE}\n12. May it be", f"{LINE} so {LINE} 12. May it be"),
        ("• Headache\n• Nausea", "- Headache\n- Nausea"),
    ],
)  # fmt: skip
def test_the_lines_of_a_page_become_the_paragraphs_they_were(text, markup):
    wanted = {
        "beta": f"{LINE} beta-blocker and COVID-19 or post-European.",
        "The co": f"The cotreatment, the co-treatment, {LINE} co-treatment.",
        "• one": f"{LINE}\n\n- one that goes on for longer than the line\n  - in it\n- two",
        "°C": f"{LINE} below a line.\n\n– 5 °C\n\n- 3\n\n·5 mg\n\n.5 mg",
    }
    assert read(text) == (markup or next(value for key, value in wanted.items() if key in text))


@pytest.mark.parametrize(
    "text",
    [
        "From outside\nin two lines",
        "One long line. " * 30 + "\n" + "and another one in lower case. " * 20,
        "10 mg 25%\n20 mg 30%\n40 mg 45%",
        "- a\n1. b\n# c\n| d |",
        "• alone",
        "a\tb\n\n\nc",
    ],
)
def test_other_text_keeps_its_lines_as_paragraphs(text):
    tree = read_text(text)
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    assert [m.plain_text(m.Document((block,))) for block in tree.blocks] == lines


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_any_text_has_a_canonical_tree(text):
    tree = read_text(text)
    assert m.canonical(tree) == tree
    assert m.parse(m.render(tree)) == tree


WORDS = st.text(st.sampled_from("abcdeXYZ0123456789.,;:()%±≥≤µ°/+<=|*_^~[]{}@#µ"), min_size=1, max_size=9)
SIGNS = st.sampled_from(
    ["10", "mg", "−5", "≥", "0.5", "±2", "10⁶", "m²", "–", "-", "5%", "1.", "2.", "12.", "·5", "(n"]
)
LINES = st.lists(st.one_of(WORDS, SIGNS), max_size=14).map(" ".join)


@settings(max_examples=200, deadline=None)
@given(st.lists(LINES, max_size=8))
def test_no_word_figure_or_sign_changes_when_lines_are_joined(lines):
    text = f"{LINE}\nin adults.\n" + "\n".join(lines)
    assert _words(m.plain_text(read_text(text))) == _words(text)


def _words(text):
    """The words in the form in which approved texts are compared; bullets and the space at a line's end are free."""
    text = re.sub(r"(?<![^ ])[-–·](?= [^ 0-9.,])", "", " ".join(text.split()))
    written = m.canonical(m.Document((m.Paragraph((m.Text(text),)),)))
    return normal(m.render(written)).replace(" ", "")
