"""Hostile and broken files are refused with a reason before a library opens them."""

import io
import struct
import zipfile
import zlib

import pytest

from app.errors import InputRefusedError
from app.services.library.importers.spl import read_spl
from app.services.library.importers.word import read_word
from app.services.library.parsing import limits
from tests.services.library.word_files import DOCUMENT, RELATIONS, TYPES, package

LAUGHS = '<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
READS = '<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def related(kind, target, mode='TargetMode="External"'):
    return package(
        {
            "word/_rels/document.xml.rels": RELATIONS.split("<Relationship ")[0]
            + f'<Relationship Id="r9" Type="{RELATION}/{kind}" Target="{target}" {mode}/></Relationships>'
        }
    )


def twice():
    stream = io.BytesIO(package())
    with zipfile.ZipFile(stream, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("word/document.xml", DOCUMENT)
    return stream.getvalue()


def flagged():
    """The first member says that it is encrypted, in both of its headers."""
    content = bytearray(package())
    content[6] |= 1
    at = content.index(b"PK\x01\x02")
    content[at + 8] |= 1
    return bytes(content)


def overlapping():
    """Many names in the table of contents for the bytes of one member."""
    packed = zlib.compress(b"x" * 200_000)[2:-4]
    name = b"word/document.xml"
    local = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 0, 0, len(packed), 200_000, len(name), 0)
    content = local + name + packed
    table = b""
    for number in range(30):
        other = b"word/p%03d.xml" % number
        table += struct.pack(
            "<4s6H3I5H2I",
            b"PK\x01\x02",
            20,
            20,
            0,
            8,
            0,
            0,
            0,
            len(packed),
            200_000,
            len(other),
            0,
            0,
            0,
            0,
            0,
            0,
        )
        table += other
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 30, 30, len(table), len(content), 0)
    return content + table + end


HOSTILE = {
    "nothing": (b"", "empty"),
    "words": (b"Take one tablet.", "no Word document"),
    "rtf": (b"{\\rtf1 hello}", "RTF"),
    "pdf": (b"%PDF-1.7", "PDF"),
    "a program": (b"MZ\x90\x00", "program"),
    "old office": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "older Office file"),
    "encrypted office": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        "password",
    ),
    "half a file": (package()[:400], "damaged or cut off"),
    "no end": (package()[:-30], "damaged or cut off"),
    "no table of contents": (package({"[Content_Types].xml": None}), "table of contents"),
    "a sheet": (
        package({"[Content_Types].xml": TYPES.replace("wordprocessingml.document", "spreadsheetml.sheet")}),
        "no Word document",
    ),
    "macros by type": (
        package({"[Content_Types].xml": TYPES.replace("main+xml", "macroEnabled.main+xml")}),
        "macros",
    ),
    "macros by part": (package({"word/vbaProject.bin": b"\0"}), "macros"),
    "a control": (package({"word/activeX/activeX1.bin": b"\0"}), "controls"),
    "entities": (package({"word/document.xml": LAUGHS + DOCUMENT}), "entities"),
    "a file by an entity": (package({"word/document.xml": READS + DOCUMENT}), "entities"),
    "broken xml": (package({"word/document.xml": DOCUMENT[:-9]}), "not well-formed"),
    "deep xml": (package({"word/document.xml": "<a>" * 5_000}), "not well-formed"),
    "a bomb": (package({"word/media/a.bmp": b"\0" * 4_000_000}), "packed"),
    "a large part": (
        package(
            {"word/big.xml": b"<a>" + b" " * (limits.XML_PART_BYTES + 9)}, compression=zipfile.ZIP_STORED
        ),
        "MB",
    ),
    "many parts": (package({f"word/p{n}.xml": "<a/>" for n in range(limits.MEMBERS)}), "parts, the limit"),
    "a way out": (package({"../../startup.xml": "<a/>"}), "outside the document"),
    "an absolute path": (package({"/etc/a.xml": "<a/>"}), "outside the document"),
    "a drive": (package({"C:a.xml": "<a/>"}), "outside the document"),
    "a member twice": (twice, "twice"),
    "a member in two cases": (package({"Word/Document.xml": DOCUMENT}), "twice"),
    "an encrypted member": (flagged, "password"),
    "overlapping members": (overlapping, "overlap"),
    "a remote template": (related("attachedTemplate", "http://a.example/t.dotm"), "from outside"),
    "a picture on a share": (related("image", "\\\\a.example\\share\\p.png"), "from outside"),
    "a remote frame": (related("frame", "https://a.example/"), "from outside"),
    "no main part": (
        package({"_rels/.rels": RELATIONS.replace("word/document", "word/other")}),
        "fit together",
    ),
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_hostile_file_is_refused_with_its_reason(name):
    made, reason = HOSTILE[name]
    with pytest.raises(InputRefusedError, match=reason) as refused:
        read_word(made() if callable(made) else made, "a")
    assert "Nothing was taken in." in str(refused.value)


def test_the_same_file_without_harm_is_read():
    read = read_word(package(), "SRD-1 v2.1")
    assert read["sections"] == [{"heading": "", "text": "Take one tablet."}]
    assert (read["id"], read["version"]) == ("SRD-1", "2.1")


def test_a_link_is_no_part_from_outside():
    assert read_word(related("hyperlink", "https://a.example/"), "a")["sections"]


def test_a_template_on_this_computer_is_listed_and_not_followed():
    read = read_word(related("attachedTemplate", "file:///Normal.dotm"), "a")
    assert {"kind": "link to a file outside, not followed", "text": "attachedTemplate"} in read["listed"]


@pytest.mark.parametrize("cut", range(0, 900, 60))
def test_a_file_cut_anywhere_is_refused(cut):
    whole = package()
    with pytest.raises(InputRefusedError, match="Nothing was taken in"):
        read_word(whole[: min(cut, len(whole) - 1)], "a")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not well-formed"),
        (b"<document/>", "no label"),
        (LAUGHS.encode() + b"<d>&b;</d>", "entities"),
        (READS.encode() + b"<d>&a;</d>", "entities"),
        (b'<document xmlns="urn:hl7-org:v3">' + b"<a>" * 5_000, "not well-formed"),
        (b'<document xmlns="urn:hl7-org:v3"><setId root="a"/><title/></document>', "no section with text"),
    ],
)
def test_a_hostile_label_is_refused_with_its_reason(content, reason):
    with pytest.raises(InputRefusedError, match=reason):
        read_spl(content)
