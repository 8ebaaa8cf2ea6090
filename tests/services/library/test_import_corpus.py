"""Every Word file and label of the shared data: taken in or refused with a reason, and no word lost."""

import re
import zipfile
from collections import Counter
from xml.etree import ElementTree

import docx
import pytest
from docx.table import Table, _Cell
from docx.text.hyperlink import Hyperlink

from app.models.markup import parse
from app.models.markup_nodes import inline_parts
from app.models.markup_runs import flatten
from app.services.library.importers.reading import read_file
from tests.corpus import corpus_path
from tests.services.library.read_apart import read_apart

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
WORD = re.compile(r"\w+")
# Files that hold words and are refused all the same, and why.
REFUSED_WITH_WORDS = {
    "LegacyForms.docx": "macros or controls",
    "shp-inline-shape-access.docx": "fetches a part from outside",
    "strict-format.docx": "Strict Open XML",
}


def parsed(content):
    return ElementTree.fromstring(content)  # noqa: S314 - files that the importer has let through


def docx_words(path):
    """What python-docx finds in body and tables, and the bare XML in notes and text boxes."""
    return Counter(
        word
        for text in [*block_texts(docx.Document(str(path))), *part_texts(path)]
        for word in WORD.findall(text)
    )


def block_texts(holder):
    for block in holder.iter_inner_content():
        if isinstance(block, Table):
            for cell in block._tbl.iter_tcs():
                yield from block_texts(_Cell(cell, block))
            continue
        # Not paragraph.text: it leaves out what a hyperlink shows in some versions.
        yield "".join(
            part.text for part in block.iter_inner_content() if isinstance(part, Hyperlink) or part.text
        )


def part_texts(path):
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        for name in ("word/footnotes.xml", "word/endnotes.xml"):
            if name in names:
                for note in parsed(archive.read(name)):
                    if note.get(f"{W}type", "normal") == "normal":
                        yield from paragraph_texts(note)
        # Some writers name the main part otherwise.
        main = next(name for name in sorted(names) if re.fullmatch(r"word/document\d*\.xml", name))
        root = parsed(archive.read(main))
    yield from box_texts(root)


def box_texts(element):
    if element.tag == f"{W}txbxContent":
        yield from paragraph_texts(element)
        return
    children = list(element)
    if element.tag == f"{MC}AlternateContent":
        # Word shows one of these; both often hold the same words.
        children = children[:1]
    for child in children:
        yield from box_texts(child)


def paragraph_texts(element):
    for paragraph in element.iter(f"{W}p"):
        yield "".join(text.text or "" for text in paragraph.iter(f"{W}t"))


def form_words(form):
    texts = [form.title, *(str(reference.get("note", "")) for reference in form.references)]
    for section in form.sections:
        texts += [section.heading, *markup_texts(section.text)]
    return Counter(word for text in texts for word in WORD.findall(text))


def markup_texts(markup):
    for block in parse(markup).blocks:
        for part in inline_parts(block):
            yield "".join(run.body if isinstance(run.body, str) else " " for run in flatten(part))


def test_no_word_of_a_word_file_is_lost():
    paths = sorted(corpus_path("docx").rglob("*.docx"))
    lost, found_in_all, kept_in_all, refused = {}, 0, 0, {}
    apart = read_apart(paths)
    for path, reading, reason in apart.files:
        if reading is None:
            refused[path.name] = reason
            continue
        wanted, kept = docx_words(path), form_words(reading.documents[0])
        missing = wanted - kept
        found_in_all += wanted.total()
        kept_in_all += wanted.total() - missing.total()
        if missing.total() > 0.01 * wanted.total():
            lost[path.name] = missing.most_common(8)
    assert len(paths) == 134
    assert lost == {}
    assert kept_in_all >= 0.99 * found_in_all
    assert all("Nothing was taken in." in reason for reason in refused.values())
    told = {name: reason for name, reason in refused.items() if "no text" not in reason}
    assert told.keys() == REFUSED_WITH_WORDS.keys()
    assert all(REFUSED_WITH_WORDS[name] in reason for name, reason in told.items())
    assert apart.peak < 300


def test_a_word_file_refused_for_its_emptiness_is_empty():
    empty = sorted(corpus_path("docx", "python_docx").glob("*default*.docx"))
    for path, _reading, reason in read_apart(empty).files:
        if "no text" in reason:
            assert docx_words(path).total() == 0


def test_every_label_is_taken_in_or_refused_with_a_reason():
    paths = sorted(path for path in corpus_path("labels").rglob("*") if path.suffix in (".xml", ".json"))
    taken, refused = {}, {}
    apart = read_apart(paths)
    for path, reading, reason in apart.files:
        if reading is None:
            refused[path.name] = reason
        else:
            taken[path.relative_to(corpus_path("labels")).as_posix()] = (
                len(reading.labels),
                len(reading.refused),
            )
    assert taken == {
        "dailymed_api_json/test.json": (100, 0),
        "openfda_label_json/label_keytruda_20260811.json": (0, 2),
        "openfda_label_json/test.json": (5, 0),
        "spl_xml/64f8040f-938d-4236-8e22-c838c9b5f8da.xml": (1, 0),
        "spl_xml/cough.xml": (1, 0),
        "spl_xml/humira.xml": (1, 0),
        "spl_xml/lipitor-orig.xml": (1, 0),
        "spl_xml/lipitor-repack.xml": (1, 0),
        "spl_xml/no-title.xml": (1, 0),
    }
    assert "no label" in refused.pop("METHOXSALEN.xml")
    assert all("no label" in reason for reason in refused.values())
    assert apart.peak < 300


V3 = "{urn:hl7-org:v3}"


@pytest.mark.parametrize("name", ["humira", "lipitor-orig", "no-title", "cough"])
def test_no_word_of_a_label_is_lost(name):
    path = corpus_path("labels", "spl_xml", f"{name}.xml")
    root = parsed(path.read_bytes())
    # A renderMultiMedia points to its picture; what a section says stands in its title and text.
    wanted = Counter(
        word
        for element in root.iter()
        if element.tag in (f"{V3}text", f"{V3}title")
        for word in WORD.findall(" ".join("".join(element.itertext()).split()))
        if element.tag == f"{V3}text" or element is not root.find(f"{V3}title")
    )
    # Text of a picture's description is in an observationMedia, not in the section.
    for media in root.iter(f"{V3}observationMedia"):
        for text in media.iter(f"{V3}text"):
            wanted -= Counter(WORD.findall("".join(text.itertext())))
    (label,) = read_file(path).labels
    kept = Counter(
        word
        for section in label.sections
        for text in (section.heading, *markup_texts(section.text))
        for word in WORD.findall(text)
    )
    missing = wanted - kept
    assert missing.total() <= 0.01 * wanted.total(), missing.most_common(10)
