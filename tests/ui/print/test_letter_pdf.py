"""The PDF of a letter, read back with another reader: the words of the Word file, on pages one can search."""

import os
import re
import subprocess
import sys
from io import BytesIO

import docx
import pikepdf
import pytest
from docx.shared import Pt
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtPdf import QPdfDocument

from app.errors import InputRefusedError
from app.models.markup import parse
from app.models.rules_data import resource_path
from app.services.letters.paper import Line, text_of
from app.services.letters.paper_read import read_paper
from app.services.letters.pdf import Enclosed, build_pdf, page_count
from app.services.letters.word_body import WordBody
from app.ui.print.letter_pdf import paint_pdf
from tests.architecture.code import ROOT

EVERYTHING = """# First heading

A paragraph with **bold**, *italic*, H~2~O, 10^6^/L, [a link](https://example.org/a) and efficacy, difficult, office.

- one
    - two
- three

1. numbered
2. again

## A table

| Dose | Patients | Response |
| :--- | :---: | ---: |
| 10 mg | 21 | **54** |
| 20 mg | 22 | 58 |

After the table: β-blocker, ≥ 5 µg, café.
"""


def word(markup=EVERYTHING, change=None):
    document = docx.Document(resource_path("letter-templates", "response-en.docx"))
    anchor = next(each for each in document.paragraphs if "{{letter.body}}" in each.text)
    WordBody(document, lambda _atom: "1").write(parse(markup), anchor)
    anchor._p.getparent().remove(anchor._p)
    if change is not None:
        change(document)
    saved = BytesIO()
    document.save(saved)
    return saved.getvalue()


def pages_of(pdf):
    """The text of each page, as a viewer finds it."""
    buffer = QBuffer()
    buffer.setData(QByteArray(pdf))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    viewer = QPdfDocument(None)
    viewer.load(buffer)
    texts = [viewer.getAllText(page).text() for page in range(viewer.pageCount())]
    viewer.close()
    return texts


def words_of(text):
    return re.findall(r"\S+", text)


@pytest.fixture(scope="module")
def made(qapp):
    return build_pdf(word(), paint_pdf)


def test_every_word_of_the_word_file_is_found_in_order(made):
    paper = read_paper(word())
    (page,) = pages_of(made.document)
    wanted = words_of(text_of(paper.header)) + words_of(text_of(paper.body)) + words_of(text_of(paper.footer))
    # A viewer sets raised and lowered signs apart.
    assert "".join(words_of(page)) == "".join(wanted)


def test_a_ligature_is_no_obstacle_to_a_search(made):
    (page,) = pages_of(made.document)
    assert all(each in page for each in ("efficacy", "difficult", "office"))


def test_fonts_are_embedded_and_links_kept(made):
    with pikepdf.open(BytesIO(made.document)) as pdf:
        fonts = [
            each for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and each.get("/FontFile2")
        ]
        assert len(fonts) >= 2
        links = [str(each["/A"]["/URI"]) for page in pdf.pages for each in page.get("/Annots", [])]
        assert links
        assert set(links) == {"https://example.org/a"}


def test_title_language_and_bookmarks_are_set(qapp):
    def name(document):
        document.core_properties.title = "Medical information response MI-1"
        document.core_properties.language = "en-GB"
        document.core_properties.author = "Fairmere"

    made = build_pdf(word(change=name), paint_pdf, [Enclosed("Prescribing information", blank(2))])
    with pikepdf.open(BytesIO(made.document)) as pdf, pdf.open_outline() as outline:
        assert str(pdf.docinfo["/Title"]) == "Medical information response MI-1"
        assert str(pdf.docinfo["/Author"]) == "Fairmere"
        assert str(pdf.docinfo["/Producer"]).startswith("MI Desk")
        assert str(pdf.Root.Lang) == "en-GB"
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        first, last = outline.root
        assert [first.title, [each.title for each in first.children]] == ["First heading", ["A table"]]
        assert last.title == "Prescribing information"
    assert made.pages == 3
    assert page_count(made.document) == 3


def blank(pages):
    pdf = pikepdf.new()
    for _page in range(pages):
        pdf.add_blank_page()
    saved = BytesIO()
    pdf.save(saved)
    return saved.getvalue()


@pytest.mark.parametrize("seed", ["0", "1", "random"])
def test_the_same_letter_gives_the_same_bytes_in_another_process(qapp, tmp_path, seed):
    source, target = tmp_path / "a.docx", tmp_path / "a.pdf"
    source.write_bytes(word())
    code = (
        "import sys, pathlib; from app.bootstrap import letter_painter; "
        "from app.services.letters.pdf import build_pdf; "
        "word = pathlib.Path(sys.argv[1]).read_bytes(); "
        "pathlib.Path(sys.argv[2]).write_bytes(build_pdf(word, letter_painter()).document)"
    )
    seeds = {"PYTHONHASHSEED": seed, **({"QT_HASH_SEED": "0"} if seed == "0" else {})}
    subprocess.run([sys.executable, "-c", code, source, target], cwd=ROOT, check=True, env=os.environ | seeds)
    assert target.read_bytes() == build_pdf(source.read_bytes(), paint_pdf).document


def test_a_long_table_shows_its_head_on_each_page(qapp):
    rows = "".join(f"| {number} mg | {2 * number} |\n" for number in range(120))
    pdf = build_pdf(word(f"| Dose | Patients |\n| --- | --- |\n{rows}"), paint_pdf)
    pages = pages_of(pdf.document)
    assert pdf.pages == len(pages) > 2
    assert all("Dose" in page and "Patients" in page for page in pages)
    assert [f"Page {number} of {len(pages)}" in page for number, page in enumerate(pages, 1)] == [True] * len(
        pages
    )
    doses = [int(dose) for page in pages for dose in re.findall(r"(\d+) mg", page)]
    assert doses == list(range(120))


@pytest.mark.parametrize("lines", range(20, 60, 3))
def test_a_heading_stays_with_what_follows(qapp, lines):
    text = "\n\n".join(f"Paragraph number {number}." for number in range(lines))
    pdf = build_pdf(word(f"{text}\n\n## The last heading\n\nWhat follows."), paint_pdf)
    with_heading = [page for page in pages_of(pdf.document) if "The last heading" in page]
    assert len(with_heading) == 1
    assert "What follows." in with_heading[0]


def test_no_line_is_painted_on_two_pages(qapp):
    text = "\n\n".join(f"Paragraph {number} with a raised^{number}^ sign." for number in range(90))
    words = [each for page in pages_of(build_pdf(word(text), paint_pdf).document) for each in words_of(page)]
    assert [words.count("Paragraph"), words.count("sign.")] == [90, 90]


def test_styles_are_resolved_along_their_ancestry(qapp):
    def change(document):
        document.styles["MID Body"].font.size = Pt(14)
        document.styles["MID Body"].paragraph_format.left_indent = Pt(20)

    line = next(each for each in read_paper(word("Text.", change)).body if isinstance(each, Line))
    assert (line.look.points, line.shape.left, line.look.family) == (14, 20, "Source Serif 4")


def test_hidden_text_is_not_painted(qapp):
    def change(document):
        run = document.paragraphs[0].add_run(" nobody sees this")
        run.font.hidden = True

    assert "nobody" not in text_of(read_paper(word("Text.", change)).body)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"%PDF-1.7"])
def test_what_is_no_word_file_is_refused(qapp, content):
    with pytest.raises(InputRefusedError, match="not a Word file"):
        read_paper(content)


def test_an_enclosure_that_is_no_pdf_is_refused(qapp):
    with pytest.raises(InputRefusedError, match="Leaflet is not a PDF"):
        build_pdf(word("Text."), paint_pdf, [Enclosed("Leaflet", b"no pdf at all")])


def test_an_enclosure_under_a_password_is_refused(qapp):
    with pikepdf.open(BytesIO(blank(1))) as pdf:
        saved = BytesIO()
        pdf.save(saved, encryption=pikepdf.Encryption(owner="a", user="b"))
    with pytest.raises(InputRefusedError, match="password"):
        build_pdf(word("Text."), paint_pdf, [Enclosed("Leaflet", saved.getvalue())])
