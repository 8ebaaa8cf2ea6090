"""Build the Word template of the response letter, byte for byte the same.

Run `python packaging/build_letter_template.py` after a change here or in the sample company.
The archive is stored uncompressed so that its bytes do not depend on the version of zlib.
"""

import json
import sys
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from docx import Document
from docx.document import Document as DocxDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.opc.oxml import serialize_part_xml
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

ROOT = Path(__file__).resolve().parent.parent
COMPANY = ROOT / "resources" / "sample" / "company.json"
TARGET = ROOT / "resources" / "letter-templates" / "response-en.docx"

SERIF, FALLBACK = "Source Serif 4", "Cambria"
INK, ACCENT, QUIET = RGBColor(0x1B, 0x1F, 0x24), RGBColor(0x1F, 0x4E, 0x79), RGBColor(0x57, 0x60, 0x6A)
ANCHOR, FOOTER_CODE = "{{letter.body}}", "{{footer.code}}"
EN_DASH = "\u2013"
FIXED_TIME = (2026, 1, 1, 0, 0, 0)
FIXED_ISO = "2026-01-01T00:00:00Z"
KEPT_STYLES = {"Normal", "Default Paragraph Font", "Normal Table", "No List"}

# name: (size in points, space before, space after, left indent in mm, hanging in mm, bold, colour)
PARAGRAPHS: dict[str, tuple[float, float, float, float, float, bool, RGBColor]] = {
    "MID Body": (10.5, 0, 6, 0, 0, False, INK),
    "MID Heading 1": (13, 14, 4, 0, 0, True, ACCENT),
    "MID Heading 2": (11.5, 12, 3, 0, 0, True, ACCENT),
    "MID Heading 3": (10.5, 10, 2, 0, 0, True, INK),
    "MID Heading 4": (10.5, 8, 2, 0, 0, True, QUIET),
    "MID List Bullet": (10.5, 0, 3, 6, 6, False, INK),
    "MID List Bullet 2": (10.5, 0, 3, 12, 6, False, INK),
    "MID List Number": (10.5, 0, 3, 7, 7, False, INK),
    "MID List Number 2": (10.5, 0, 3, 14, 7, False, INK),
    "MID Table Head": (9, 2, 2, 0, 0, True, INK),
    "MID Table Cell": (9, 2, 2, 0, 0, False, INK),
    "MID Reference": (9, 0, 3, 7, 7, False, INK),
    "MID Small": (8, 0, 2, 0, 0, False, QUIET),
    "MID Signature": (10.5, 10, 0, 0, 0, False, INK),
    "MID Recipient": (10.5, 8, 12, 0, 0, False, INK),
}
# style: (numId, level); each list style is one level of one numbering definition
LISTS = {
    "MID List Bullet": (1, 0),
    "MID List Bullet 2": (1, 1),
    "MID List Number": (2, 0),
    "MID List Number 2": (2, 1),
}

NUMBERING = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:numbering {nsdecls("w")}>%s</w:numbering>
"""
FONT_TABLE = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:fonts {nsdecls("w")}>
<w:font w:name="{SERIF}"><w:altName w:val="{FALLBACK}"/><w:charset w:val="00"/><w:family w:val="roman"/>\
<w:pitch w:val="variable"/></w:font>
<w:font w:name="{FALLBACK}"><w:altName w:val="Georgia"/><w:charset w:val="00"/><w:family w:val="roman"/>\
<w:pitch w:val="variable"/></w:font>
</w:fonts>
"""
SETTINGS = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:settings {nsdecls("w")}><w:zoom w:percent="100"/><w:defaultTabStop w:val="720"/>\
<w:characterSpacingControl w:val="doNotCompress"/><w:compat><w:compatSetting w:name="compatibilityMode" \
w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat><w:themeFontLang w:val="en-US"/>\
<w:decimalSymbol w:val="."/><w:listSeparator w:val=","/></w:settings>
"""
APP = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">\
<Application>MI Desk</Application><Company>%s</Company></Properties>
"""
CORE = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" \
xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" \
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\
<dc:title>Medical information response letter</dc:title>\
<dc:creator>%s</dc:creator><dc:language>en-US</dc:language><cp:lastModifiedBy>MI Desk</cp:lastModifiedBy>\
<cp:revision>1</cp:revision><dcterms:created xsi:type="dcterms:W3CDTF">{FIXED_ISO}</dcterms:created>\
<dcterms:modified xsi:type="dcterms:W3CDTF">{FIXED_ISO}</dcterms:modified></cp:coreProperties>
"""
TABLE_STYLE = f"""<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="MIDTable">\
<w:name w:val="MID Table"/><w:basedOn w:val="TableNormal"/><w:uiPriority w:val="59"/><w:qFormat/>\
<w:tblPr><w:tblStyleRowBandSize w:val="1"/>\
<w:tblBorders><w:top w:val="single" w:sz="8" w:space="0" w:color="1F4E79"/>\
<w:bottom w:val="single" w:sz="8" w:space="0" w:color="1F4E79"/>\
<w:insideH w:val="single" w:sz="4" w:space="0" w:color="C8CED6"/></w:tblBorders>\
<w:tblCellMar><w:top w:w="28" w:type="dxa"/><w:left w:w="85" w:type="dxa"/><w:bottom w:w="28" w:type="dxa"/>\
<w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr>\
<w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr>\
<w:tblPr/><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr><w:tcPr><w:tcBorders>\
<w:bottom w:val="single" w:sz="8" w:space="0" w:color="1F4E79"/></w:tcBorders>\
<w:shd w:val="clear" w:color="auto" w:fill="EAF0F6"/></w:tcPr></w:tblStylePr></w:style>"""


def build() -> bytes:
    """Return the template as the bytes of a .docx file."""
    company = json.loads(COMPANY.read_text(encoding="utf-8"))
    document = Document()
    drop_foreign_styles(document)
    set_defaults(document)
    add_paragraph_styles(document)
    add_character_styles(document)
    document.styles.element.append(parse_xml(TABLE_STYLE))
    lay_out_page(document)
    write_header(document.sections[0], company)
    write_footer(document.sections[0], company)
    write_anchor(document)
    return repack(document, company["name"])


def drop_foreign_styles(document: DocxDocument) -> None:
    """Remove every style that the letter does not use."""
    for style in list(document.styles):
        if style.name not in KEPT_STYLES:
            style.delete()
    for mark in document.styles.element.findall(f"*/{qn('w:rsid')}"):
        mark.getparent().remove(mark)
    latent = document.styles.element.find(qn("w:latentStyles"))
    if latent is not None:
        document.styles.element.remove(latent)


def set_defaults(document: DocxDocument) -> None:
    """Set the fonts and the language of the whole document."""
    defaults = document.styles.element.find(qn("w:docDefaults"))
    document.styles.element.replace(
        defaults,
        parse_xml(
            f'<w:docDefaults {nsdecls("w")}><w:rPrDefault><w:rPr><w:rFonts w:ascii="{SERIF}" '
            f'w:hAnsi="{SERIF}" w:eastAsia="{FALLBACK}" w:cs="{FALLBACK}"/><w:sz w:val="21"/>'
            '<w:szCs w:val="21"/><w:lang w:val="en-US" w:eastAsia="en-US" w:bidi="ar-SA"/></w:rPr>'
            "</w:rPrDefault><w:pPrDefault/></w:docDefaults>"
        ),
    )


def add_paragraph_styles(document: DocxDocument) -> None:
    """Add the paragraph styles, lists with their numbering."""
    for name, (size, before, after, left, hanging, bold, colour) in PARAGRAPHS.items():
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Normal"]
        style.quick_style, style.hidden, style.locked = True, False, False
        style.font.size, style.font.bold, style.font.color.rgb = Pt(size), bold or None, colour
        form = style.paragraph_format
        form.space_before, form.space_after = Pt(before), Pt(after)
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.MULTIPLE, 1.15
        form.widow_control = True
        if left:
            form.left_indent, form.first_line_indent = Mm(left), Mm(-hanging)
        refine(style)


def refine(style: ParagraphStyle) -> None:
    """Add what only some of the styles have: outline, numbers."""
    name, form = style.name or "", style.paragraph_format
    if name.startswith("MID Heading"):
        form.keep_with_next = form.keep_together = True
        outline = OxmlElement("w:outlineLvl")
        outline.set(qn("w:val"), str(int(name[-1]) - 1))
        style.element.get_or_add_pPr().append(outline)
    if name == "MID Signature":
        form.keep_with_next = True
    if name in LISTS:
        number, level = LISTS[name]
        properties = style.element.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val = level
        properties.get_or_add_numId().val = number


def add_character_styles(document: DocxDocument) -> None:
    """Add the character styles that the markup maps to."""
    fonts = {
        name: document.styles.add_style(name, WD_STYLE_TYPE.CHARACTER).font
        for name in ("MID Strong", "MID Emphasis", "MID Superscript", "MID Subscript", "MID Link")
    }
    fonts["MID Strong"].bold = True
    fonts["MID Emphasis"].italic = True
    fonts["MID Superscript"].superscript = True
    fonts["MID Subscript"].subscript = True
    fonts["MID Link"].color.rgb, fonts["MID Link"].underline = ACCENT, True


def lay_out_page(document: DocxDocument) -> None:
    """Set A4 with margins that leave a readable line."""
    document.element.body.sectPr.attrib.clear()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(25)
    section.top_margin, section.bottom_margin = Mm(34), Mm(27)
    section.header_distance, section.footer_distance = Mm(13), Mm(11)


def write_header(section: Section, company: dict[str, list[str]]) -> None:
    """Write the letterhead of the sample company."""
    first = section.header.paragraphs[0]
    first.style = "MID Heading 1"
    first.paragraph_format.space_before = Pt(0)
    first.add_run(str(company["name"]))
    second = section.header.add_paragraph(style="MID Small")
    second.add_run(", ".join(company["address"][1:]))
    third = section.header.add_paragraph(style="MID Small")
    third.add_run(f"{company['mi_phone']} · {company['mi_email']}")
    rule(third, "bottom")


def write_footer(section: Section, company: dict[str, list[str]]) -> None:
    """Write the footer code and the page of pages."""
    line = section.footer.paragraphs[0]
    line.style = "MID Small"
    line.paragraph_format.tab_stops.add_tab_stop(Mm(160), WD_TAB_ALIGNMENT.RIGHT)
    rule(line, "top")
    add_marker(line, "Footer code", "midesk.footer_code", FOOTER_CODE)
    line.add_run("\tPage ")
    add_field(line, "PAGE")
    line.add_run(" of ")
    add_field(line, "NUMPAGES")
    note = section.footer.add_paragraph(style="MID Small")
    note.add_run(f"{company['legal_name']} · Confidential: sent in answer to an individual request")


def rule(paragraph: Paragraph, side: str) -> None:
    """Draw a thin line above or below the paragraph."""
    borders = parse_xml(
        f'<w:pBdr {nsdecls("w")}><w:{side} w:val="single" w:sz="6" w:space="4" w:color="1F4E79"/></w:pBdr>'
    )
    properties = paragraph.paragraph_format.element.get_or_add_pPr()
    # The schema orders the children of pPr; borders come before tabs and spacing.
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")


def add_marker(paragraph: Paragraph, alias: str, tag: str, text: str) -> None:
    """Add a named plain-text content control around the text."""
    control = parse_xml(
        f'<w:sdt {nsdecls("w")}><w:sdtPr><w:alias w:val="{alias}"/><w:tag w:val="{tag}"/>'
        f'<w:id w:val="100001"/><w:text/></w:sdtPr>'
        f"<w:sdtContent><w:r><w:t>{text}</w:t></w:r></w:sdtContent></w:sdt>"
    )
    paragraph.paragraph_format.element.append(control)


def add_field(paragraph: Paragraph, instruction: str) -> None:
    """Add a field that Word computes when it paginates."""
    paragraph.paragraph_format.element.append(
        parse_xml(
            f'<w:fldSimple {nsdecls("w")} w:instr=" {instruction} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
        )
    )


def write_anchor(document: DocxDocument) -> None:
    """Put the one bookmarked paragraph where the letter goes."""
    anchor = document.add_paragraph(style="MID Body")
    start = parse_xml(f'<w:bookmarkStart {nsdecls("w")} w:id="0" w:name="midesk_body"/>')
    end = parse_xml(f'<w:bookmarkEnd {nsdecls("w")} w:id="0"/>')
    element = anchor.paragraph_format.element
    element.append(start)
    anchor.add_run(ANCHOR)
    element.append(end)


def numbering() -> str:
    """Return the definitions of the bullets and the numbers."""
    levels = [
        [("bullet", "•", "MIDListBullet", 340, 340), ("bullet", EN_DASH, "MIDListBullet2", 680, 340)],
        [("decimal", "%1.", "MIDListNumber", 397, 397), ("lowerLetter", "%2.", "MIDListNumber2", 794, 397)],
    ]
    definitions = "".join(abstract_number(number, level) for number, level in enumerate(levels, start=1))
    uses = "".join(
        f'<w:num w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>'
        for number in range(1, len(levels) + 1)
    )
    return NUMBERING % (definitions + uses)


def abstract_number(number: int, levels: list[tuple[str, str, str, int, int]]) -> str:
    """Return one numbering definition, its levels tied to styles."""
    inner = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:pStyle w:val="{style}"/>'
        f'<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="{left}" w:hanging="{hanging}"/></w:pPr></w:lvl>'
        for depth, (form, text, style, left, hanging) in enumerate(levels)
    )
    return (
        f'<w:abstractNum w:abstractNumId="{number}"><w:nsid w:val="4D4944{number:02X}"/>'
        f'<w:multiLevelType w:val="multilevel"/><w:tmpl w:val="4D4945{number:02X}"/>{inner}</w:abstractNum>'
    )


def repack(document: DocxDocument, company: str) -> bytes:
    """Save, drop what is not ours and zip in fixed order."""
    saved = BytesIO()
    document.save(saved)
    with ZipFile(saved) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts |= {
        "word/numbering.xml": numbering().encode(),
        "word/fontTable.xml": FONT_TABLE.encode(),
        "word/settings.xml": SETTINGS.encode(),
        "docProps/app.xml": (APP % escape(company)).encode(),
        "docProps/core.xml": (CORE % escape(company)).encode(),
    }
    return zip_parts(without_foreign(parts))


def without_foreign(parts: dict[str, bytes]) -> dict[str, bytes]:
    """Remove foreign parts and everything that points to them."""
    foreign = {name for name in parts if is_foreign(name)}
    kept = {name: data for name, data in parts.items() if name not in foreign}
    for name in [name for name in kept if name.endswith(".rels") or name == "[Content_Types].xml"]:
        root = parse_xml(kept[name])
        for entry in list(root):
            if is_foreign(entry.get("Target", entry.get("PartName", ""))) or entry.get("Extension") == "jpeg":
                root.remove(entry)
        kept[name] = serialize_part_xml(root)
    return kept


def is_foreign(name: str) -> bool:
    """Return whether a part is left over from python-docx."""
    return any(mark in name for mark in ("customXml", "thumbnail", "stylesWithEffects", "webSettings"))


def zip_parts(parts: dict[str, bytes]) -> bytes:
    """Zip the parts sorted, content types first, without a clock."""
    target = BytesIO()
    with ZipFile(target, "w", ZIP_STORED) as archive:
        for name in sorted(parts, key=lambda part: (part != "[Content_Types].xml", part)):
            info = ZipInfo(name, FIXED_TIME)
            info.external_attr, info.create_system = 0o644 << 16, 3
            archive.writestr(info, parts[name])
    return target.getvalue()


def main() -> int:
    """Write the template to its place in the resources."""
    TARGET.write_bytes(build())
    sys.stdout.write(f"{TARGET.relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
