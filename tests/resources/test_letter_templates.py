"""The letter templates: slots with known fields, and a Word file that builds the same everywhere."""

import importlib.util
import json
import re
from io import BytesIO
from pathlib import Path
from types import ModuleType
from zipfile import ZipFile

import pytest
from docx import Document
from docx.enum.style import WD_STYLE_TYPE

from app.models.markup import fields, parse, render

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "resources" / "letter-templates"
JSON_TEMPLATES = sorted(TEMPLATES.glob("*.json"))
KINDS = {"fixed", "questions", "answers", "references", "signature"}
FIELDS = {
    "letter.date",
    "letter.reference",
    "contact.name",
    "contact.title",
    "contact.first_name",
    "contact.last_name",
    "contact.salutation",
    "contact.institution",
    "contact.address",
    "contact.country",
    "inquiry.number",
    "inquiry.received_on",
    "inquiry.questions",
    "product.name",
    "author.name",
    "author.credentials",
    "company.name",
    "company.address",
    "company.mi_phone",
    "company.mi_email",
    "company.safety_line",
}
PARAGRAPH_STYLES = {
    "MID Body",
    "MID Heading 1",
    "MID Heading 2",
    "MID Heading 3",
    "MID Heading 4",
    "MID List Bullet",
    "MID List Bullet 2",
    "MID List Number",
    "MID List Number 2",
    "MID Table Head",
    "MID Table Cell",
    "MID Reference",
    "MID Small",
    "MID Signature",
    "MID Recipient",
}
CHARACTER_STYLES = {"MID Strong", "MID Emphasis", "MID Superscript", "MID Subscript", "MID Link"}
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def builder() -> ModuleType:
    path = ROOT / "packaging" / "build_letter_template.py"
    spec = importlib.util.spec_from_file_location("build_letter_template", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def committed() -> bytes:
    return (TEMPLATES / "response-en.docx").read_bytes()


@pytest.mark.parametrize("path", JSON_TEMPLATES, ids=lambda path: path.stem)
def test_a_template_has_only_known_slots_and_fields(path):
    template = json.loads(path.read_text(encoding="utf-8"))
    assert template["id"] == path.stem
    assert re.fullmatch(r"\d+\.\d+", template["version"])
    assert template["source"]
    assert (TEMPLATES / template["document"]).is_file()
    names = [slot["slot"] for slot in template["slots"]]
    assert len(names) == len(set(names))
    for slot in template["slots"]:
        assert set(slot) == {"slot", "kind", "editable", "text"}
        assert slot["kind"] in KINDS
        assert isinstance(slot["editable"], bool)
        assert bool(slot["text"]) is (slot["kind"] not in {"answers", "references"})
    for slot in template["slots"] + template.get("optional", []):
        tree = parse(slot["text"])
        assert render(tree) == slot["text"]
        assert {field.name for field in fields(tree)} <= FIELDS
        assert slot["text"].count("{{") == len(fields(tree))


def test_the_response_follows_the_skeleton_of_a_letter():
    template = json.loads((TEMPLATES / "response-en.json").read_text(encoding="utf-8"))
    order = [slot["slot"] for slot in template["slots"]]
    skeleton = [
        "date_reference",
        "recipient",
        "salutation",
        "opening",
        "questions",
        "answers",
        "reporting",
        "closing",
        "enclosures",
        "references",
        "signature",
        "privacy",
    ]
    assert [name for name in order if name in skeleton] == skeleton
    text = {slot["slot"]: slot["text"] for slot in template["slots"]}
    assert "in response to your unsolicited request regarding" in text["opening"]
    assert "{{company.safety_line}}" in text["reporting"]
    assert "adverse event" in text["reporting"]
    assert not any(
        s["editable"] for s in template["slots"] if s["slot"] in {"reporting", "privacy", "references"}
    )
    assert {s["before"] for s in template["optional"]} <= set(order)
    assert re.search(r"has not been approved for", template["optional"][0]["text"])


def test_two_builds_give_the_committed_bytes(builder, committed):
    assert builder.build() == builder.build() == committed


def test_every_style_stands_in_the_template(committed):
    styles = Document(BytesIO(committed)).styles
    found = {kind: {s.name for s in styles if s.type == kind} for kind in WD_STYLE_TYPE}
    assert found[WD_STYLE_TYPE.PARAGRAPH] == PARAGRAPH_STYLES | {"Normal"}
    assert found[WD_STYLE_TYPE.CHARACTER] >= CHARACTER_STYLES
    assert "MID Table" in found[WD_STYLE_TYPE.TABLE]


def test_no_style_or_number_points_to_nothing(committed):
    document = Document(BytesIO(committed))
    styles = document.styles.element
    ids = {style.get(f"{W}styleId") for style in styles.iter(f"{W}style")}
    targets = {
        mark.get(f"{W}val")
        for tag in ("basedOn", "link", "next", "pStyle")
        for mark in styles.iter(f"{W}{tag}")
    }
    numbering = document.part.numbering_part.element
    assert targets | {mark.get(f"{W}val") for mark in numbering.iter(f"{W}pStyle")} <= ids
    numbers = {num.get(f"{W}numId") for num in numbering.iter(f"{W}num")}
    assert {mark.get(f"{W}val") for mark in styles.iter(f"{W}numId")} == numbers


def test_list_styles_have_their_level_in_the_numbering(committed):
    document = Document(BytesIO(committed))
    levels = {
        level.find(f"{W}pStyle").get(f"{W}val"): level.get(f"{W}ilvl")
        for level in document.part.numbering_part.element.iter(f"{W}lvl")
    }
    assert levels == {
        "MIDListBullet": "0",
        "MIDListBullet2": "1",
        "MIDListNumber": "0",
        "MIDListNumber2": "1",
    }


def test_the_body_is_one_anchor_on_an_a4_page(committed):
    document = Document(BytesIO(committed))
    assert [(p.text, p.style.name) for p in document.paragraphs] == [("{{letter.body}}", "MID Body")]
    assert document.element.body.find(f".//{W}bookmarkStart").get(f"{W}name") == "midesk_body"
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)


def test_letterhead_and_footer_carry_company_code_and_pages(committed):
    section = Document(BytesIO(committed)).sections[0]
    company = json.loads((ROOT / "resources" / "sample" / "company.json").read_text(encoding="utf-8"))
    header = "\n".join(p.text for p in section.header.paragraphs)
    assert company["name"] in header
    assert company["mi_phone"] in header
    footer = section.footer._element
    assert [f.get(f"{W}instr").strip() for f in footer.iter(f"{W}fldSimple")] == ["PAGE", "NUMPAGES"]
    control = footer.find(f".//{W}sdt")
    assert control.find(f".//{W}tag").get(f"{W}val") == "midesk.footer_code"
    assert "".join(t.text for t in control.iter(f"{W}t")) == "{{footer.code}}"


def test_nothing_foreign_is_left_in_the_file(committed):
    with ZipFile(BytesIO(committed)) as archive:
        infos = archive.infolist()
        everything = b"".join(archive.read(info) for info in infos)
    names = [info.filename for info in infos]
    assert names == ["[Content_Types].xml", *sorted(names[1:])]
    assert {info.date_time for info in infos} == {(2026, 1, 1, 0, 0, 0)}
    for mark in (b"customXml", b"thumbnail", b"python-docx", b"rsid", b"stylesWithEffects"):
        assert mark not in everything
    properties = Document(BytesIO(committed)).core_properties
    assert properties.author == "Fairmere Generics"
    assert properties.title == "Medical information response letter"
    assert properties.comments == ""
