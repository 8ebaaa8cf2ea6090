"""What goes with a letter: kept sealed, in order, behind the letter in its PDF, and never a trap."""

import json
from io import BytesIO

import pikepdf
import pytest

from app.errors import InputRefusedError, NotAllowedError, RecordNotFoundError
from app.models.conversation import Attachment
from app.models.letter import Enclosure
from app.services.letters import commands
from app.services.letters.paper import Painted
from app.services.workspace.blobs import BlobLostError, BlobStore
from app.services.workspace.copies import attached_hashes
from app.services.workspace.keys import SecretKey


def pdf(pages=1, *, mark=0, change=None, **saved):
    made = pikepdf.new()
    for _page in range(pages):
        made.add_blank_page(page_size=(200 + mark, 300))
    if change is not None:
        change(made)
    target = BytesIO()
    made.save(target, **({"deterministic_id": True} | saved if "encryption" not in saved else saved))
    return target.getvalue()


def painted(_paper):
    return Painted(pdf(2), 2)


@pytest.fixture
def blobs(tmp_path):
    return BlobStore(tmp_path / "blobs", SecretKey(b"\x05" * 32))


@pytest.fixture
def put(desk, blobs, tmp_path):
    def enclose(letter_id, name="leaflet.pdf", content=None, **kwargs):
        path = tmp_path / name
        path.write_bytes(pdf(3) if content is None else content)
        return desk.do(commands.enclose_file, blobs, letter_id, path, **kwargs)

    return enclose


def titles(desk, letter_id):
    return [each.title for each in desk.letter(letter_id).enclosures]


def test_a_pdf_goes_with_the_letter_and_is_kept_sealed(desk, put, blobs):
    letter_id = desk.new_letter()
    made = put(letter_id, kind="label", title="Prescribing  information")
    (row,) = desk.letter(letter_id).enclosures
    assert (row.id, row.kind, row.title, row.pages) == (
        made.enclosure_id,
        "label",
        "Prescribing information",
        3,
    )
    assert blobs.get(row.sha256) == pdf(3)
    # As an attachment it is part of backups and survives a change of keys.
    assert row.sha256 in desk.database.read(attached_hashes)


def test_the_order_is_that_of_the_letter_and_can_be_changed(desk, put):
    letter_id = desk.new_letter()
    ids = [put(letter_id, f"{name}.pdf", pdf(mark=at)).enclosure_id for at, name in enumerate("abcd")]
    desk.do(commands.move_enclosure, ids[0], 2)
    assert titles(desk, letter_id) == ["b", "c", "a", "d"]
    desk.do(commands.move_enclosure, ids[3], -9)
    assert titles(desk, letter_id) == ["d", "b", "c", "a"]
    desk.do(commands.move_enclosure, ids[0], 5)
    assert titles(desk, letter_id) == ["d", "b", "c", "a"]
    desk.do(commands.retire_enclosure, ids[1])
    assert titles(desk, letter_id) == ["d", "c", "a"]
    with pytest.raises(RecordNotFoundError):
        desk.do(commands.retire_enclosure, ids[1])
    assert [row.retired_at is None for row in desk.rows(Attachment)].count(False) == 1


def test_it_stands_behind_the_letter_in_the_pdf_and_in_the_manifest(desk, put, blobs):
    letter_id = desk.answered_letter()
    put(letter_id, "first.pdf", pdf(3))
    put(letter_id, "second.pdf", pdf(1, mark=7))
    desk.release(letter_id)
    done = desk.do(commands.export, letter_id, file_format="pdf", paint=painted, blobs=blobs)
    with pikepdf.open(BytesIO(done.document)) as made, made.open_outline() as outline:
        assert len(made.pages) == 2 + 3 + 1
        assert [each.title for each in outline.root] == ["first", "second"]
    listed = json.loads(done.manifest)["enclosures"]
    assert [(each["title"], each["pages"]) for each in listed] == [("first", 3), ("second", 1)]


def test_a_released_letter_keeps_what_went_with_it(desk, put):
    letter_id = desk.answered_letter()
    made = put(letter_id)
    desk.release(letter_id)
    for command, words in (
        (commands.retire_enclosure, (made.enclosure_id,)),
        (commands.move_enclosure, (made.enclosure_id, 1)),
    ):
        with pytest.raises(NotAllowedError):
            desk.do(command, *words)
    with pytest.raises(NotAllowedError):
        put(letter_id, "late.pdf", pdf(mark=1))
    assert titles(desk, letter_id) == ["leaflet"]


def test_a_file_that_is_gone_stops_the_export(desk, put, blobs):
    letter_id = desk.answered_letter()
    put(letter_id)
    for path in blobs.folder.iterdir():
        path.unlink()
    with pytest.raises(BlobLostError):
        desk.do(commands.export, letter_id, file_format="pdf", paint=painted, blobs=blobs)
    assert desk.do(commands.export, letter_id, file_format="docx").document


def with_script(made):
    made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def with_launch(made):
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Link,
        Rect=[0, 0, 9, 9],
        A=pikepdf.Dictionary(S=pikepdf.Name.Launch, F="calc.exe"),
    )
    made.pages[0].Annots = pikepdf.Array([made.make_indirect(note)])


def with_file(made):
    made.attachments["a.exe"] = b"MZ"


BAD = {
    "text": (b"no pdf", "not a PDF"),
    "empty": (b"", "not a PDF"),
    "no page": (pdf(0), "0 pages"),
    "locked": (pdf(encryption=pikepdf.Encryption(owner="a", user="b")), "password"),
    "script": (pdf(change=with_script), "script"),
    "launch": (pdf(change=with_launch), "script"),
    "file in it": (pdf(change=with_file), "holds other files"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_trap_or_no_pdf_is_refused_with_its_reason(desk, put, name):
    content, reason = BAD[name]
    letter_id = desk.new_letter()
    with pytest.raises(InputRefusedError, match=reason) as refused:
        put(letter_id, content=content)
    assert "Nothing was taken in." in str(refused.value)
    assert desk.rows(Enclosure) == []


def test_the_same_file_twice_and_an_unknown_kind_are_refused(desk, put):
    letter_id = desk.new_letter()
    put(letter_id)
    with pytest.raises(NotAllowedError, match="goes with this letter already"):
        put(letter_id, "again.pdf")
    with pytest.raises(InputRefusedError, match="no kind of enclosure"):
        put(letter_id, "other.pdf", pdf(2), kind="poem")
    assert len(desk.rows(Enclosure)) == 1
