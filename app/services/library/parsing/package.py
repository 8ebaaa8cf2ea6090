"""Look through a Word file before any library opens it."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from app.errors import InputRefusedError
from app.services.library.parsing import limits
from app.services.library.parsing.xml_tree import Element, parse_xml

_MAIN: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_CONTENT_TYPES: Final = "[Content_Types].xml"
_HYPERLINK: Final = "/hyperlink"
_REMOTE: Final = re.compile(r"(?i)\s*(?:https?:|ftp:|smb:|mhtml:|ms-|javascript:|file:/{0,2}[^/]|[\\/]{2})")
_ENCRYPTED: Final = 0x1
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STRICT: Final = b"http://purl.oclc.org/ooxml/"
_UNSAFE_NAME: Final = re.compile(r"^[\\/]|\\|(?:^|/)\.\.?(?:/|$)|^[A-Za-z]:|[\x00-\x1f]|^$")
_OTHER_KINDS: Final = (
    (b"{\\rtf", "an RTF file"),
    (b"%PDF", "a PDF file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
)
_SAVE_AGAIN: Final = "Open it in Word, save it as a Word document (.docx), and import that."


@dataclass(frozen=True, slots=True)
class WordPackage:
    """A file that passed the look; `linked` names what it links to outside itself."""

    content: bytes
    names: tuple[str, ...]
    linked: tuple[str, ...]


def refused(what: str, advice: str = _SAVE_AGAIN) -> InputRefusedError:
    """Return the refusal of a file with what to do about it."""
    return InputRefusedError(f"{what} Nothing was taken in. {advice}")


def open_package(content: bytes) -> WordPackage:
    """Return the package of a Word file, or refuse it with the reason.

    No member is read beyond its declared size, no target outside is followed, nothing is written.
    """
    _check_kind(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            _check_members(members, len(content))
            xml = {member.filename: archive.read(member) for member in members if _is_xml(member.filename)}
    except (zipfile.BadZipFile, zlib.error, EOFError, struct.error, OSError, ValueError) as exc:
        raise refused("It is damaged or cut off: the package cannot be unpacked.") from exc
    except (NotImplementedError, RuntimeError) as exc:
        raise refused("Its parts are packed in a way that Word does not use.") from exc
    if _is_strict(xml):
        raise refused("It is a Strict Open XML document, which this version does not read.")
    roots = {name: parse_xml(part, f"The part {name}") for name, part in xml.items()}
    _check_content(roots, [member.filename for member in members])
    return WordPackage(content, tuple(roots), tuple(_outside(roots)))


def _check_kind(content: bytes) -> None:
    if not content:
        raise refused("It is empty.")
    if content.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise refused("It is protected with a password.", "Save it without a password and import that.")
        raise refused("It is an older Office file with the ending .docx.")
    for start, kind in _OTHER_KINDS:
        if content.startswith(start):
            raise refused(f"It is {kind} with the ending .docx.")
    if not content.startswith(b"PK"):
        raise refused("It is no Word document.")


def _check_members(members: list[zipfile.ZipInfo], size: int) -> None:
    if len(members) > limits.MEMBERS:
        raise refused(f"It holds {len(members):,} parts, the limit is {limits.MEMBERS:,}.")
    seen: set[str] = set()
    for member in members:
        name = member.orig_filename
        if _UNSAFE_NAME.search(name) or member.filename != name:
            raise refused("It holds a part whose name leads outside the document.")
        if name.lower() in seen:
            raise refused(f"It holds the part {name} twice.")
        seen.add(name.lower())
        if member.flag_bits & _ENCRYPTED:
            raise refused("It is protected with a password.", "Save it without a password and import that.")
        _check_size(member)
    total = sum(member.file_size for member in members)
    if total > limits.INFLATED_BYTES:
        raise refused(f"Unpacked it would take {total // limits.MEGABYTE:,} MB.", "Make it smaller in Word.")
    if sum(member.compress_size for member in members) > size:
        raise refused("Its parts overlap each other, as in a file made to overload a computer.")


def _check_size(member: zipfile.ZipInfo) -> None:
    ratio = member.file_size / max(member.compress_size, 1)
    if member.file_size > limits.RATIO_FROM_BYTES and ratio > limits.RATIO:
        raise refused(f"The part {member.filename} is packed {ratio:,.0f}:1, as in a file made to overload.")
    if _is_xml(member.filename) and member.file_size > limits.XML_PART_BYTES:
        megabytes = member.file_size // limits.MEGABYTE
        raise refused(f"The part {member.filename} takes {megabytes:,} MB.", "Split the document.")


def _is_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels"))


def _is_strict(xml: Mapping[str, bytes]) -> bool:
    return any(_STRICT in part for name, part in xml.items() if name.lower() == "_rels/.rels")


def _check_content(roots: Mapping[str, Element], names: list[str]) -> None:
    types = roots.get(_CONTENT_TYPES)
    if types is None:
        raise refused("It is a package, but no Word document: its table of contents is missing.")
    kinds = {str(each.get("ContentType", "")).lower() for each in types}
    lowered = [name.lower() for name in names]
    if any("macroenabled" in kind or "vbaproject" in kind for kind in kinds):
        raise refused("It holds macros.")
    if any("vbaproject" in name or name.startswith("word/activex/") for name in lowered):
        raise refused("It holds macros or controls that run a program.")
    if _MAIN not in kinds:
        raise refused("It is a package, but no Word document.")


def _outside(roots: Mapping[str, Element]) -> Iterator[str]:
    for name, root in roots.items():
        if not name.lower().endswith(".rels"):
            continue
        for relation in root:
            if relation.get("TargetMode", "").lower() != "external":
                continue
            kind, target = relation.get("Type", ""), relation.get("Target", "")
            if kind.endswith(_HYPERLINK):
                continue
            what = kind.rpartition("/")[2] or "part"
            if _REMOTE.match(target):
                raise refused(f"It fetches a part from outside ({what}).")
            yield what
