"""The Word file of a letter: same letter same bytes, and the words of the letter."""

import json
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import docx
import pytest

from app.errors import EnvironmentFaultError, InputRefusedError
from app.models.audit import JournalRow, JournalValue
from app.models.base import freeze
from app.models.canonical import sha256_hex
from app.models.checks.snapshot import BlockKind
from app.models.ids import uuid7
from app.models.letter import LetterTemplate
from app.models.letter_drawing import display_tree
from app.models.manifest import manifest_hash, marks_of, verify_manifest
from app.models.markup import HardBreak, Text, render
from app.models.markup_nodes import Document, Super, inline_parts
from app.models.reference import Reference
from app.services.letters import commands
from app.services.letters.templates import new_template, prints_footer, shipped
from app.services.letters.word_read import read_tree

FOOTER = "word/footer1.xml"


def parts(document):
    with ZipFile(BytesIO(document)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def text_of(node):
    match node:
        case Text():
            return node.text
        case HardBreak():
            return "\n"
        case _:
            return "".join(map(text_of, node.children))


def lines_of(tree):
    return [
        line for block in tree.blocks for part in inline_parts(block) if (line := "".join(map(text_of, part)))
    ]


def lines_in(document):
    word = docx.Document(BytesIO(document))
    found = []
    for element in word.iter_inner_content():
        if isinstance(element, docx.table.Table):
            found += [cell.text for row in element.rows for cell in row.cells]
        else:
            found.append(element.text)
    return [line for line in found if line]


def drawn_lines(letter):
    lines = []
    for block in letter.blocks:
        if block.kind is BlockKind.REFERENCES:
            texts = ("".join(run.text for run in line.runs) for line in letter.references)
            lines += [f"{number}.\t{text}" for number, text in enumerate(texts, start=1)]
        else:
            lines += lines_of(display_tree(block.text, block.origins, letter.drawing))
    return lines


def test_the_same_letter_gives_the_same_bytes(desk):
    letter_id = desk.answered_letter()
    one, two = (desk.do(commands.export, letter_id) for _ in range(2))
    assert one.document == two.document
    assert one.sha256 == sha256_hex(one.document)
    block = desk.inserted(letter_id)[3]
    desk.do(commands.write_block, block.id, block.text + " More.", block.sha256)
    assert desk.do(commands.export, letter_id).manifest_sha256 != one.manifest_sha256


def test_the_words_of_a_released_file_are_those_of_the_letter(desk):
    letter_id = desk.answered_letter()
    desk.release(letter_id)
    document = desk.do(commands.export, letter_id).document
    expected = drawn_lines(desk.letter(letter_id))
    at = next(place for place, line in enumerate(expected) if line.startswith("Fairmere Generics processes"))
    expected[at:at] = [
        "Signed electronically by P. Nilsson, MPharm",
        "22 November 2026 23:48 Europe/London (+0000) · Meaning: released",
    ]
    assert lines_in(document) == expected
    xml = parts(document)["word/document.xml"]
    for mark in ("fldSimple", "instrText", "{{", "w:ins ", "w:del ", "bookmark", "[@"):
        assert mark not in xml


def test_a_draft_is_marked_and_shows_the_same_words(desk):
    letter_id = desk.answered_letter()
    exported = desk.do(commands.export, letter_id)
    assert lines_in(exported.document) == ["Draft, not released", *drawn_lines(desk.letter(letter_id))]
    assert "<w:t>DRAFT</w:t>" in parts(exported.document)[FOOTER]
    assert exported.is_draft
    assert exported.file_name == "MI-L-K7Q2-1-L1-draft.docx"


def test_a_draft_keeps_fields_citations_and_the_place_of_every_block(desk):
    letter_id = desk.answered_letter()
    word = docx.Document(BytesIO(desk.do(commands.export, letter_id).document))
    block = desk.inserted(letter_id)[3]
    name = f"mid_{block.id.replace('-', '')}"
    (start,) = word.element.body.xpath(f'./w:bookmarkStart[@w:name="{name}"]')
    tree = read_tree(word, [start.getnext()])
    assert render(_lowered(tree)) == block.text
    assert "{{contact.salutation}}" in render(read_tree(word))


def _lowered(tree):
    """Take citations down that a file shows raised."""

    def lowered(nodes):
        return tuple(
            child for node in nodes for child in (node.children if isinstance(node, Super) else (node,))
        )

    (paragraph,) = tree.blocks
    return Document((type(paragraph)(lowered(paragraph.children)),))


def test_everything_is_set_by_style_and_nothing_foreign_is_in_the_file(desk):
    letter_id = desk.answered_letter()
    desk.release(letter_id)
    document = desk.do(commands.export, letter_id).document
    word = docx.Document(BytesIO(document))
    styles = {paragraph.style.name for paragraph in word.paragraphs}
    assert styles <= {
        *("MID Body", "MID Heading 1", "MID Heading 2", "MID List Bullet", "MID Reference"),
        *("MID Recipient", "MID Signature", "MID Small"),
    }
    assert {"MID Reference", "MID Recipient", "MID Signature"} <= styles
    runs = [run for paragraph in word.paragraphs for run in paragraph.runs]
    assert {run.style.name for run in runs} >= {"MID Superscript", "MID Subscript", "MID Strong"}
    assert all(run.font.bold is run.font.size is run.font.superscript is None for run in runs)
    files = parts(document)
    assert [name for name in files if name.startswith("customXml")] == ["customXml/item1.xml"]
    assert "comments" not in "".join(files)
    core = word.core_properties
    assert (core.title, core.author) == ("Medical information response MI-L-K7Q2-1-L1", "Fairmere Generics")
    assert (core.last_modified_by, core.comments, core.language) == ("MI Desk", "", "en")
    with ZipFile(BytesIO(document)) as archive:
        infos = archive.infolist()
    assert {info.date_time for info in infos} == {(2026, 1, 1, 0, 0, 0)}
    assert len({info.filename for info in infos}) == len(infos)


def test_the_footer_prints_the_hash_that_the_file_and_its_manifest_bear(desk):
    letter_id = desk.answered_letter()
    desk.release(letter_id)
    exported = desk.do(commands.export, letter_id)
    sha256 = manifest_hash(exported.manifest)
    assert sha256 == exported.manifest_sha256
    assert marks_of(exported.document) == {"letter": letter_id, "edition": "1", "manifest": sha256}
    assert f"<w:t>{sha256[:16]}</w:t>" in parts(exported.document)[FOOTER]
    assert verify_manifest(exported.document, exported.manifest) == ()


def test_the_parts_of_a_template_that_are_not_ours_stay_out(desk):
    word = docx.Document(BytesIO(shipped("response-en").document))
    word.paragraphs[0].insert_paragraph_before("Our letterhead text", style="MID Body")
    word.core_properties.comments = "draft of the agency"
    target = BytesIO()
    word.save(target)
    letter_id = desk.answered_letter()
    (row,) = desk.rows(LetterTemplate)
    desk.change(LetterTemplate, row.id, document=target.getvalue())
    document = desk.do(commands.export, letter_id).document
    assert "draft of the agency" not in "".join(parts(document).values())
    assert lines_in(document)[:2] == ["Our letterhead text", "Draft, not released"]


@pytest.mark.parametrize("broken", [b"no zip", "no anchor"])
def test_a_template_that_cannot_be_used_is_refused(desk, broken):
    letter_id = desk.answered_letter()
    if broken == "no anchor":
        target = BytesIO()
        docx.Document().save(target)
        broken = target.getvalue()
    (row,) = desk.rows(LetterTemplate)
    desk.change(LetterTemplate, row.id, document=broken)
    with pytest.raises(InputRefusedError):
        desk.do(commands.export, letter_id)


def test_a_template_without_a_footer_code_blocks_the_letter(desk):
    target = BytesIO()
    word = docx.Document()
    word.add_paragraph("{{letter.body}}")
    word.save(target)
    assert not prints_footer(target.getvalue())
    form = {"id": "bare", "version": "1.0", "title": "Bare", "language": "en", "slots": []}
    desk.add(new_template(form, target.getvalue()))
    letter_id = desk.new_letter(template="bare")
    assert any("footer has no version" in line for line in desk.blocking(letter_id))


def test_an_italic_title_in_the_reference_list_and_in_a_link_are_styled(desk):
    csl = {
        "type": "book",
        "title": "Statins <i>in vitro</i>",
        "publisher": "Press",
        "URL": "https://a.example/x",
    }
    desk.add(Reference(id=uuid7(), key="book", csl=freeze(csl)))
    letter_id = desk.new_letter()
    desk.do(commands.add_block, letter_id, "As in a book [@book].")
    word = docx.Document(BytesIO(desk.do(commands.export, letter_id).document))
    (line,) = [p for p in word.paragraphs if p.style.name == "MID Reference"]
    assert line.text.startswith("1.\tStatins in vitro.")
    assert any(run.style.name == "MID Emphasis" for run in line.runs)
    assert [link.address for link in line.hyperlinks] == ["https://a.example/x"]


def test_an_export_is_in_the_trail_before_the_file_exists(desk, tmp_path):
    letter_id = desk.answered_letter()
    target = tmp_path / "letter.docx"
    exported = desk.do(commands.export, letter_id, to=target)
    assert target.read_bytes() == exported.document
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".midesk")] == []
    with pytest.raises(EnvironmentFaultError):
        desk.do(commands.export, letter_id, to=Path(tmp_path / "missing" / "letter.docx"))
    rows = desk.rows(JournalRow, JournalRow.op == "event", JournalRow.entity_id == letter_id)
    values = desk.rows(JournalValue, JournalValue.n.in_([row.n for row in rows]))
    told = {value.field: value.new for value in values}
    assert len(rows) == 2
    assert (told["event"], told["format"], told["draft"]) == ("export", "docx", True)
    assert (told["sha256"], told["manifest"]) == (exported.sha256, exported.manifest_sha256)


def test_a_manifest_names_every_block_and_the_checks_that_ran(desk):
    letter_id = desk.answered_letter()
    letter = desk.letter(letter_id)
    manifest = json.loads(desk.do(commands.export, letter_id).manifest)
    assert [block["id"] for block in manifest["blocks"]] == [block.id for block in letter.blocks]
    assert [block["state"] for block in manifest["blocks"]] == [str(block.state) for block in letter.blocks]
    assert manifest["fields"]["contact.name"] == "Dr Ana Lima, MD"
    assert manifest["checks"]["blocking"] == 0
    assert "LC16" in manifest["checks"]["rules"]
    assert manifest["release"] is None
    assert manifest["references"][0]["text"].startswith("Lipitor")
