"""Pack a Word document so that equal content gives equal bytes."""

from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from docx.document import Document as WordDocument

_CONTENT_TYPES = "[Content_Types].xml"
_ZIP_TIME = (2026, 1, 1, 0, 0, 0)
_APP = "docProps/app.xml"
_CORE = "docProps/core.xml"
_READABLE = 0o644
_CORE_XML = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    "<dc:title>{title}</dc:title><dc:creator>{company}</dc:creator><dc:language>{language}</dc:language>"
    "<cp:lastModifiedBy>MI Desk</cp:lastModifiedBy><cp:revision>1</cp:revision>"
    '<dcterms:created xsi:type="dcterms:W3CDTF">{at}</dcterms:created>'
    '<dcterms:modified xsi:type="dcterms:W3CDTF">{at}</dcterms:modified></cp:coreProperties>'
)
_APP_XML = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>MI Desk</Application><Company>{company}</Company></Properties>"
)


@dataclass(frozen=True, slots=True)
class PackageFacts:
    """The document properties, set on purpose; all others are removed."""

    title: str
    company: str
    language: str
    dated: datetime


def packed(document: WordDocument, facts: PackageFacts) -> bytes:
    """Return the document as a zip of fixed times and order."""
    saved = BytesIO()
    # Reading them makes sure that the package has a part for them.
    document.core_properties.revision = 1
    document.save(saved)
    with ZipFile(saved) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[_CORE] = _core(facts)
    if _APP in parts:
        parts[_APP] = _APP_XML.format(company=escape(facts.company)).encode()
    return _zip(parts)


def _core(facts: PackageFacts) -> bytes:
    at = facts.dated.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return _CORE_XML.format(
        title=escape(facts.title), company=escape(facts.company), language=escape(facts.language), at=at
    ).encode()


def _zip(parts: dict[str, bytes]) -> bytes:
    target = BytesIO()
    # Stored, because the bytes of a compressed archive depend on the version of zlib.
    with ZipFile(target, "w", ZIP_STORED) as archive:
        for name in sorted(parts, key=lambda name: (name != _CONTENT_TYPES, name)):
            entry = ZipInfo(name, _ZIP_TIME)
            entry.external_attr = _READABLE << 16
            # The system that zips would otherwise be told in the archive.
            entry.create_system = 3
            archive.writestr(entry, parts[name])
    return target.getvalue()
