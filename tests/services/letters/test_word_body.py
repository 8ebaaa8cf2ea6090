"""Trees through Word and back, and what people do in Word."""

import io
import re
import zipfile

import docx
import pytest
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml
from hypothesis import HealthCheck, given, settings

from app.models import markup as m
from app.services.letters.word_body import WordBody, read_tree
from tests import strategies as own

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
EVERYTHING = (
    "# One\n\n#### Four\n\nA **b *c*** ^d^ ~e~ [f **g**](https://x.example) "
    "[@k, p. 1] {{name}}\\\nline\n\n"
    "- a\n- b\n  1. c\n  2. d\n\n7. x\n   - y\n8. z\n\n"
    "| h | i | j |\n| --- | :-: | --: |\n| 1<br>2 | **3** | |"
)


@pytest.fixture
def word():
    return docx.Document()


def saved_and_opened(document):
    file = io.BytesIO()
    document.save(file)
    return docx.Document(io.BytesIO(file.getvalue()))


def written(word, text, **options):
    WordBody(word, **options).write(m.parse(text))
    return saved_and_opened(word)


def read(word):
    return m.render(read_tree(word))


def paragraph_of(word, runs):
    """Add a paragraph of raw WordprocessingML."""
    element = parse_xml(f"<w:p {W}>{runs}</w:p>")
    word.element.body.insert(0, element)
    return element


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(own.canonical_trees)
def test_canonical_trees_survive_word(tree):
    document = docx.Document()
    WordBody(document).write(tree)
    assert read_tree(saved_and_opened(document)) == tree


def test_every_mark_is_a_style_and_none_is_direct_formatting(word):
    body = written(word, EVERYTHING).element.body
    properties = {child.tag for element in body.iter(qn("w:rPr")) for child in element}
    assert properties == {qn("w:rStyle")}
    paragraph_properties = {child.tag for element in body.iter(qn("w:pPr")) for child in element}
    assert paragraph_properties == {qn("w:pStyle"), qn("w:numPr")}


def test_all_styles_used_bear_our_names(word):
    opened = written(word, EVERYTHING)
    used = {paragraph.style.name for paragraph in opened.paragraphs}
    used |= {run.style.name for paragraph in opened.paragraphs for run in paragraph.runs}
    assert {"MID Heading 1", "MID List Number 2", "MID Strong Emphasis", "MID Superscript"} <= used
    assert all(name.startswith("MID ") or name == "Default Paragraph Font" for name in used)
    assert opened.tables[0].style.name == "MID Table"


def test_styles_of_the_template_are_kept(word):
    style = word.styles.add_style("MID Strong", docx.enum.style.WD_STYLE_TYPE.CHARACTER)
    style.font.small_caps = True
    opened = written(word, "**a**")
    assert opened.styles["MID Strong"].font.small_caps
    assert opened.styles["MID Strong"].font.bold is None
    assert read(opened) == "**a**"


def test_header_rows_repeat_and_rows_do_not_break(word):
    rows = written(word, EVERYTHING).tables[0]._tbl.tr_lst
    assert [row.trPr.find(qn("w:tblHeader")) is not None for row in rows] == [True, False]
    assert all(row.trPr.find(qn("w:cantSplit")) is not None for row in rows)


def test_each_ordered_list_starts_at_its_own_number(word):
    opened = written(word, "1. a\n2. b\n\nbetween\n\n5. c\n6. d")
    ids = [p._p.pPr.numPr.numId.val for p in opened.paragraphs if p._p.pPr.numPr is not None]
    assert ids[0] == ids[1] != ids[2] == ids[3]
    assert read(opened) == "1. a\n2. b\n\nbetween\n\n5. c\n6. d"


def test_lists_work_in_a_template_without_numberings(word):
    part = word.part
    relation = next(key for key, rel in part.rels.items() if rel.reltype.endswith("/numbering"))
    part.drop_rel(relation)
    assert read(written(word, "4. a\n   - b")) == "4. a\n   - b"


def test_tree_goes_before_the_place_in_the_template(word):
    word.add_paragraph("Letterhead")
    place = word.add_paragraph("HERE")
    word.add_paragraph("Signature")
    WordBody(word).write(m.parse("one\n\ntwo"), before=place)
    assert [p.text for p in word.paragraphs] == ["Letterhead", "one", "two", "HERE", "Signature"]


def test_atoms_show_what_is_drawn_and_remember_their_markup(word):
    opened = written(word, "See [@k, p. 1]", draw=lambda atom: "1")
    assert "".join(text.text for text in opened.element.body.iter(qn("w:t"))) == "See 1"
    assert read(opened) == "See [@k, p. 1]"


def test_atoms_survive_the_field_form_that_word_saves(word):
    paragraph_of(
        word,
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        "<w:r><w:instrText> ADDIN MIDESK [@k, </w:instrText></w:r>"
        '<w:r><w:instrText>p. 1] </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        '<w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t>!</w:t></w:r>',
    )
    assert read(word) == "[@k, p. 1]!"


def test_text_that_looks_like_a_citation_stays_text(word):
    assert read(written(word, r"\[@k] and \{{name}}")) == r"\[@k] and \{{name}}"


@pytest.mark.parametrize(
    ("runs", "text"),
    [
        ("<w:r><w:rPr><w:b/></w:rPr><w:t>a</w:t></w:r>", "**a**"),
        ('<w:r><w:rPr><w:rStyle w:val="Strong"/></w:rPr><w:t>a</w:t></w:r>', "**a**"),
        ('<w:r><w:rPr><w:rStyle w:val="Strong"/><w:b w:val="0"/></w:rPr><w:t>a</w:t></w:r>', "a"),
        (
            '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>2</w:t></w:r>',
            "^2^",
        ),
        (
            "<w:ins><w:r><w:t>new</w:t></w:r></w:ins><w:del><w:r><w:delText>old</w:delText></w:r></w:del>",
            "new",
        ),
        ("<w:r><w:t>a</w:t><w:br/><w:t>b</w:t></w:r>", "a\\\nb"),
        ('<w:r><w:t>a</w:t><w:br w:type="page"/><w:t>b</w:t></w:r>', "ab"),
        ("<w:r><w:t>5</w:t><w:noBreakHyphen/><w:t>10</w:t><w:tab/><w:t>mg</w:t></w:r>", "5\u201110 mg"),
        ('<w:r><w:sym w:font="Symbol" w:char="F0B3"/><w:t>5</w:t></w:r>', "≥5"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>', "\ufffd"),
        ('<w:r><w:rPr><w:rFonts w:ascii="Symbol"/></w:rPr><w:t>\uf06dm\uf0a3</w:t></w:r>', "μμ≤"),
        ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r><w:r><w:t>a</w:t></w:r>", "a"),
        ("<w:r><w:t>see</w:t><w:drawing/></w:r>", "see[figure]"),
        ("<w:sdt><w:sdtContent><w:r><w:t>a</w:t></w:r></w:sdtContent></w:sdt>", "a"),
        (
            "<w:fldSimple w:instr=' HYPERLINK \"https://x.example\" '><w:r><w:t>a</w:t></w:r></w:fldSimple>",
            "[a](https://x.example)",
        ),
        ("<w:r><w:t>- a *b*</w:t></w:r>", r"\- a \*b\*"),
    ],
)
def test_what_people_write_in_word_is_read(word, runs, text):
    paragraph_of(word, runs)
    assert read(word) == text


def test_built_in_headings_and_lists_are_read(word):
    word.add_paragraph("H", style="Heading 2")
    word.add_paragraph("deep", style="Heading 7")
    word.add_paragraph("a", style="List Bullet")
    word.add_paragraph("b", style="List Bullet 2")
    word.add_paragraph("c", style="List Number")
    assert read(word) == "## H\n\n#### deep\n\n- a\n  - b\n\n1. c"


def test_a_list_interrupted_in_word_counts_on(word):
    for text, style in [("a", "List Number"), ("between", None), ("b", "List Number")]:
        word.add_paragraph(text, style=style)
    assert read(word) == "1. a\n\nbetween\n\n2. b"


def test_merged_and_nested_cells_lose_no_text(word):
    table = word.add_table(rows=2, cols=2)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "wide"
    table.cell(1, 0).text = "a\nb"
    table.cell(1, 1).add_table(rows=1, cols=2).cell(0, 1).text = "inner"
    assert read(word) == "| wide |  |\n| --- | --- |\n| a<br>b | inner |"


def test_no_mark_leaves_a_trace_outside_the_body(word):
    file = io.BytesIO()
    WordBody(word).write(m.parse(EVERYTHING))
    word.save(file)
    with zipfile.ZipFile(file) as package:
        names = package.namelist()
        xml = package.read("word/document.xml").decode()
    assert len(names) == len(set(names))
    assert re.findall(r"<w:(?:ins|del|commentReference)\b", xml) == []
