"""Word files for tests: made by python-docx, or put together from bare XML."""

import io
import zipfile

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

NAMES = nsdecls("w", "r", "m", "wp", "a", "pic")
EXTRA = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    'officeDocument" Target="word/document.xml"/></Relationships>'
)
DOCUMENT = (
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
    "<w:p><w:r><w:t>Take one tablet.</w:t></w:r></w:p></w:body></w:document>"
)


def written(document):
    """A python-docx document as bytes."""
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def body_of(*paragraphs, **parts):
    """A document whose body is given as XML; the prefixes of Word are declared."""
    document = docx.Document()
    for xml in paragraphs:
        element = parse_xml(f"<w:root {NAMES} {EXTRA}>{xml}</w:root>")
        section = document.element.body.sectPr
        for child in list(element):
            section.addprevious(child)
    return written(document)


def run(text, marks=""):
    return f'<w:r><w:rPr>{marks}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*runs, style="", properties=""):
    style = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{style}{properties}</w:pPr>{''.join(runs)}</w:p>"


def package(members=None, *, compression=zipfile.ZIP_DEFLATED):
    """The smallest Word file, with members put over it; None leaves one out."""
    parts = {"[Content_Types].xml": TYPES, "_rels/.rels": RELATIONS, "word/document.xml": DOCUMENT}
    parts |= members or {}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, content in parts.items():
            if content is not None:
                archive.writestr(name, content)
    return stream.getvalue()
