"""An SRD typed in Word: what becomes text, what is listed, and that no word is lost."""

import io
import re
from pathlib import Path

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import InputRefusedError
from app.models.ama import ama_text
from app.models.markup import parse
from app.models.markup_nodes import List, Table, inline_parts
from app.models.markup_runs import flatten
from app.models.standard_response import StandardResponseVersion
from app.services.library import imports, queries
from app.services.library.importers.reference_lines import reference_record
from app.services.library.importers.word import read_word
from tests.services.library.word_files import body_of, paragraph, run, written

DATA = Path(__file__).resolve().parents[2] / "data" / "library"
# One white pixel.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c4944415408d763f8ffff3f0005fe02fea735811d0000000049454e44ae426082"
)


def read(content, stem="SRD-0412"):
    return read_word(content, stem)


def text_of(content):
    return "\n\n".join(section["text"] for section in read(content)["sections"])


def listed(content, kind):
    return [each["text"] for each in read(content)["listed"] if each["kind"].startswith(kind)]


def sample_document():
    document = docx.Document()
    document.add_heading("Lumivex and grapefruit", 0)
    document.add_paragraph("For healthcare professionals.")
    document.add_heading("Summary", 1)
    document.add_paragraph("Grapefruit raises the level.[1,2]")
    document.add_heading("Dose", 2)
    document.add_paragraph("Take 10 mg.")
    document.add_heading("Data", 1)
    document.add_paragraph("Nothing else is known.")
    document.add_heading("References", 1)
    document.add_paragraph(
        "1. Smith AB, Jones C. On grapefruit and statins. J Fruit. 2019;12(3):45-9. PMID: 123456"
    )
    document.add_paragraph("2. Data on file. Lumivex Ltd.")
    return document


def test_a_document_becomes_title_sections_and_references():
    done = read(written(sample_document()))
    assert done["title"] == "Lumivex and grapefruit"
    assert [section["heading"] for section in done["sections"]] == ["", "Summary", "Data"]
    assert (
        done["sections"][1]["text"] == "Grapefruit raises the level.[@ref1; @ref2]\n\n## Dose\n\nTake 10 mg."
    )
    first, second = done["references"]
    assert (first["author"], first["container-title"]) == (
        [{"family": "Smith", "given": "AB"}, {"family": "Jones", "given": "C"}],
        "J Fruit",
    )
    assert (first["volume"], first["issue"], first["page"], first["PMID"]) == ("12", "3", "45-9", "123456")
    assert second["title"] == "Data on file. Lumivex Ltd"
    assert second["note"] == "Data on file. Lumivex Ltd."


def test_a_raised_number_is_a_citation_only_where_it_can_be_no_power():
    document = sample_document()
    place = document.paragraphs[3]
    for text, raised in (("It was shown.", "1"), (" A count of 10", "2"), (" cells per m", "2")):
        place.add_run(text)
        place.add_run(raised).font.superscript = True
    content = written(document)
    assert "It was shown.[@ref1] A count of 10^2^ cells per m^2^" in text_of(content)
    assert len(listed(content, "raised number")) == 2


def test_the_marks_of_runs_are_kept():
    document = docx.Document()
    line = document.add_paragraph("a ")
    line.add_run("bold").bold = True
    line.add_run(" and ")
    line.add_run("slanted").italic = True
    line.add_run(", 10")
    line.add_run("6").font.superscript = True
    line.add_run(" H")
    line.add_run("2").font.subscript = True
    line.add_run("O")
    assert text_of(written(document)) == "a **bold** and *slanted*, 10^6^ H~2~O"


def test_a_link_keeps_its_address_and_its_words():
    read_here = read((DATA / "footnotes.docx").read_bytes())
    assert read_here["sections"]
    document = docx.Document()
    line = document.add_paragraph("See ")
    relation = document.part.relate_to(
        "https://a.example/x",
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink",
        is_external=True,
    )
    line._p.append(
        parse_xml(
            f'<w:hyperlink {nsdecls("w", "r")} r:id="{relation}"><w:r><w:t>this page</w:t></w:r></w:hyperlink>'
        )
    )
    assert text_of(written(document)) == "See [this page](https://a.example/x)"


def test_lists_keep_two_levels_and_fold_the_third_into_its_item():
    document = docx.Document()
    for text, style in (
        ("one", "List Number"),
        ("below", "List Bullet 2"),
        ("all of these:", "List Bullet 2"),
        ("deep", "List Bullet 3"),
        ("two", "List Number"),
    ):
        document.add_paragraph(text, style=style)
    content = written(document)
    (block,) = parse(text_of(content)).blocks
    assert isinstance(block, List)
    assert text_of(content).split("\n") == [
        "1. one",
        "   - below",
        "   - all of these:\\",
        "     \u2022 deep",
        "2. two",
    ]
    assert listed(content, "list item deeper") == ["deep"]


def test_a_table_keeps_every_cell_and_leaves_merged_ones_empty():
    document = docx.Document()
    table = document.add_table(rows=3, cols=3)
    for row in range(3):
        for column in range(3):
            table.cell(row, column).text = f"{row}{column}"
    table.cell(0, 1).merge(table.cell(0, 2))
    table.cell(1, 0).merge(table.cell(2, 0))
    content = written(document)
    (block,) = parse(text_of(content)).blocks
    assert isinstance(block, Table)
    assert text_of(content).split("\n") == [
        "| 00 | 01<br>02 |  |",
        "| --- | --- | --- |",
        "| 10<br>20 | 11 | 12 |",
        "|  | 21 | 22 |",
    ]
    assert read(content)["understood"]["merged cells"] == 3


def test_a_table_in_a_table_is_kept_as_lines_and_listed():
    document = docx.Document()
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).add_table(rows=1, cols=2).cell(0, 1).text = "inner"
    table.cell(0, 1).text = "outer"
    content = written(document)
    assert "inner" in text_of(content)
    assert listed(content, "table within a table") == ["inner"]


def test_tracked_changes_are_accepted_and_listed():
    content = body_of(
        paragraph(
            run("Take "),
            '<w:del w:id="1" w:author="Ana"><w:r><w:delText>ten</w:delText></w:r></w:del>',
            f'<w:ins w:id="2" w:author="Ana">{run("five")}</w:ins>',
            run(" mg."),
        ),
        paragraph(f'<w:moveFrom w:id="3" w:author="Ben">{run("moved away")}</w:moveFrom>'),
    )
    assert text_of(content) == "Take five mg."
    assert listed(content, "tracked deletion") == ["Ana: ten"]
    assert listed(content, "tracked insertion") == ["Ana: five"]
    assert listed(content, "tracked move away") == ["Ben: moved away"]


def test_a_deleted_paragraph_mark_joins_two_paragraphs():
    mark = '<w:rPr><w:del w:id="1" w:author="Ana"/></w:rPr>'
    content = body_of(paragraph(run("Take one "), properties=mark), paragraph(run("tablet.")))
    assert text_of(content) == "Take one tablet."


def test_a_deleted_row_is_left_out_and_listed():
    def row(text, properties=""):
        return (
            f"<w:tr>{properties}<w:tc>{paragraph(run(text))}</w:tc><w:tc>{paragraph(run('x'))}</w:tc></w:tr>"
        )

    gone = '<w:trPr><w:del w:id="1" w:author="Ana"/></w:trPr>'
    content = body_of(f"<w:tbl>{row('kept')}{row('gone', gone)}</w:tbl>", paragraph())
    assert text_of(content) == "| kept | x |\n| --- | --- |"
    assert listed(content, "tracked deletion") == ["Ana: gone x"]


def test_comments_are_listed_with_their_author():
    document = docx.Document()
    line = document.add_paragraph("Take one.")
    document.add_comment(line.runs, text="Is this right?", author="Ana", initials="A")
    content = written(document)
    assert text_of(content) == "Take one."
    assert listed(content, "comment") == ["Ana: Is this right?"]


def test_a_figure_leaves_a_visible_mark_and_is_listed():
    document = docx.Document()
    document.add_picture(io.BytesIO(PNG))
    document.inline_shapes[0]._inline.docPr.set("descr", "Mean level over time")
    content = written(document)
    assert text_of(content) == "[Figure: Mean level over time]"
    assert listed(content, "figure") == ["Mean level over time"]


def test_an_equation_keeps_its_meaning_in_one_line():
    fraction = (
        "<m:oMath><m:f><m:num><m:r><m:t>140-age</m:t></m:r></m:num><m:den><m:r><m:t>72</m:t></m:r></m:den></m:f>"
        "<m:sSup><m:e><m:r><m:t>x</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath>"
    )
    content = body_of(paragraph(run("Use "), fraction))
    assert parsed_words(text_of(content)) == "Use (140-age)/72x^2"
    assert listed(content, "equation") == ["(140-age)/72x^2"]


def test_hidden_words_are_left_out_and_listed_and_struck_ones_are_kept_and_listed():
    content = body_of(
        paragraph(run("shown "), run("hidden", "<w:vanish/>"), run("struck", "<w:strike/>"), run(" end"))
    )
    assert text_of(content) == "shown struck end"
    assert listed(content, "hidden text") == ["hidden"]
    assert listed(content, "struck-through") == ["struck"]


def test_of_two_forms_of_a_text_box_one_is_read():
    box = f"<w:txbxContent>{paragraph(run('in the box'))}</w:txbxContent>"
    both = (
        f"<mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent>"
    )
    content = body_of(paragraph(run("before"), f"<w:r>{both}</w:r>"), paragraph(run("after")))
    assert text_of(content) == "before\n\nin the box\n\nafter"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("footnotes.docx", ["[note 1]", "Notes"]),
        ("endnotes.docx", ["[note 1]", "Notes"]),
        ("text-box.docx", []),
    ],
)
def test_notes_and_boxes_of_real_files_are_read(name, words):
    done = read((DATA / name).read_bytes())
    whole = " ".join(section["heading"] + " " + section["text"] for section in done["sections"])
    assert all(word in parsed_words(whole) for word in words)
    assert done["understood"].get("notes") or done["understood"].get("text boxes")


def test_headers_and_footers_are_listed():
    document = docx.Document()
    document.add_paragraph("Take one.")
    document.sections[0].header.paragraphs[0].text = "Confidential"
    document.sections[0].footer.paragraphs[0].text = "Page 1"
    content = written(document)
    assert listed(content, "page header") == ["Confidential"]
    assert listed(content, "page footer") == ["Page 1"]


def test_a_style_with_an_outline_level_is_a_heading():
    document = docx.Document()
    style = document.styles.add_style("Company Head", WD_STYLE_TYPE.PARAGRAPH)
    style.font.size = Pt(14)
    style.element.get_or_add_pPr().append(parse_xml(f'<w:outlineLvl {nsdecls("w")} w:val="0"/>'))
    document.add_paragraph("Dose", style="Company Head")
    document.add_paragraph("Take one.")
    document.add_paragraph("Data", style="Company Head")
    done = read(written(document))
    assert [section["heading"] for section in done["sections"]] == ["Dose", "Data"]


@pytest.mark.parametrize(
    ("stem", "code", "number"),
    [
        ("SRD-0412 v2.1", "SRD-0412", "2.1"),
        ("SRD-0412_version 3", "SRD-0412", "3"),
        ("FAQ-7", "FAQ-7", ""),
        ("v1", "v1", ""),
    ],
)
def test_the_name_of_the_file_gives_code_and_version(stem, code, number):
    done = read(written(sample_document()), stem)
    assert (done["id"], done["version"]) == (code, number)
    assert done["kind"] == ("faq" if stem.startswith("FAQ") else "srd")


def test_a_reference_says_that_there_are_more_authors():
    record = reference_record(
        "3. Smith AB, Jones C, et al. On grapefruit. J Fruit. 2019 Mar 5;12(3):45-9.", 3
    )
    assert record["author"][1:] == [{"family": "Jones", "given": "C"}, {"family": "et al"}]
    assert ama_text(record).startswith("Smith AB, Jones C, et al. On grapefruit.")


def test_a_reference_that_nobody_understands_is_kept_word_for_word():
    assert reference_record("7. Company brochure, unpublished", 7) == {
        "id": "ref7",
        "type": "document",
        "title": "Company brochure, unpublished",
        "note": "Company brochure, unpublished",
    }
    assert reference_record("...", 1) is None or reference_record("...", 1)["note"] == "..."


def test_the_import_makes_a_draft_that_keeps_what_was_listed(database, tmp_path):
    document = sample_document()
    document.add_comment(document.paragraphs[1].runs, text="Check.", author="Ana", initials="A")
    path = tmp_path / "SRD-0412 v1.1.docx"
    path.write_bytes(written(document))
    outcome = database.write(imports.import_file, path)
    (taken,) = outcome.imported
    assert (taken.code, taken.number, taken.state) == ("SRD-0412", "1.1", "draft")
    assert [each.text for each in taken.listed if each.kind == "comment"] == ["Ana: Check."]
    shown = database.read(queries.document, taken.id)
    assert [section.heading for section in shown.sections] == ["", "Summary", "Data"]
    assert shown.references[0]["PMID"] == "123456"

    def kept(session):
        return session.get(StandardResponseVersion, taken.id).extra["imported"]

    assert database.read(kept)["file"] == path.name
    again = database.write(imports.import_file, path)
    assert [each.known for each in again.imported] == [True]


def test_one_bad_file_does_not_stop_another_and_leaves_nothing(database, tmp_path):
    bad = tmp_path / "bad.docx"
    bad.write_bytes(written(sample_document())[:2000])
    with pytest.raises(InputRefusedError, match="damaged or cut off"):
        database.write(imports.import_file, bad)
    assert database.read(queries.documents) == []


# A tree of plain words, through Word and back.

plain_words = st.text(st.sampled_from("abcdé µ≥10%,-()*_[]#|\\"), min_size=1, max_size=12).filter(
    lambda text: re.search(r"\w", text) is not None
)
pieces = st.lists(
    st.one_of(
        st.tuples(st.just("p"), plain_words),
        st.tuples(st.just("h"), plain_words),
        st.tuples(st.just("b"), plain_words),
        st.tuples(st.just("n"), plain_words),
        st.tuples(st.just("t"), st.lists(plain_words, min_size=4, max_size=4)),
    ),
    min_size=1,
    max_size=8,
)


@given(pieces)
@settings(max_examples=30)
def test_every_word_comes_back_in_order(drawn):
    document = docx.Document()
    wanted = []
    for kind, text in [*drawn, ("p", "The end.")]:
        if kind == "t":
            table = document.add_table(rows=2, cols=2)
            for cell, words in zip(table._cells, text, strict=True):
                cell.text = words
                wanted.append(words)
            continue
        wanted.append(text)
        if kind == "h":
            document.add_heading(text, 2)
        else:
            style = {"p": None, "b": "List Bullet", "n": "List Number"}[kind]
            document.add_paragraph(text, style=style)
    done = read(written(document), "x")
    found = []
    for section in done["sections"]:
        found += [section["heading"], *inline_texts(section["text"])]
    assert tokens(found) == tokens(wanted)
    assert not [each for each in done["listed"] if each["kind"].startswith("words that found")]


def tokens(texts):
    return re.findall(r"\S+", " ".join(texts))


def inline_texts(markup):
    return [
        "".join(each.body if isinstance(each.body, str) else " " for each in flatten(part))
        for block in parse(markup).blocks
        for part in inline_parts(block)
    ]


def parsed_words(markup):
    return " ".join(inline_texts(markup))
