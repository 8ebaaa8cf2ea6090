from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.errors import InputRefusedError, UserFacingError
from app.models.audit import JournalValue
from app.models.conversation import Attachment, Message
from app.models.inquiry import Inquiry, InquiryLink
from app.models.lifecycle_inquiry import InquiryState
from app.services.intake import commands, queries
from app.services.intake.importers.attached import safe_name
from app.services.intake.importers.msg import msg_of
from app.services.workspace.blobs import BlobStore
from app.services.workspace.keys import SecretKey
from tests.services.intake.msg_files import Storage, compound, message, properties

PDF = b"%PDF-1.7 " + b"x" * 5_000


@pytest.fixture
def blobs(tmp_path):
    return BlobStore(tmp_path / "blobs", SecretKey(b"\x02" * 32))


@pytest.fixture
def load(database, tmp_path, blobs):
    def _load(content, name="a.eml"):
        (tmp_path / name).write_bytes(content)
        return database.write(commands.import_file, tmp_path / name, blobs=blobs)

    return _load


def eml(number, *, answers="", thread="", files=(), **headers):
    mail = EmailMessage()
    fields = {
        "From": "Dana Whitfield <dana@h.example.org>",
        "To": "mi@company.example.org",
        "Subject": "Grapefruit",
        "Date": "Thu, 19 Nov 2026 09:42:10 -0500",
        "Message-ID": f"<{number}@h.example.org>",
        **({"In-Reply-To": f"<{answers}@h.example.org>"} if answers else {}),
        **({"References": " ".join(f"<{each}@h.example.org>" for each in thread)} if thread else {}),
        **headers,
    }
    for name, value in fields.items():
        mail[name] = value
    mail.set_content(f"Text of {number}.")
    for name, content in files:
        mail.add_attachment(content, maintype="application", subtype="pdf", filename=name)
    return mail.as_bytes()


def msg(number, *, answers="", files=(), **values):
    told = {
        0x0037: "Grapefruit",
        0x1000: f"Text of {number}.",
        0x1035: f"<{number}@h.example.org>",
        0x1042: f"<{answers}@h.example.org>" if answers else "",
        0x0C1A: "Dana Whitfield",
        0x5D01: "dana@h.example.org",
        0x007D: "Date: Thu, 19 Nov 2026 09:42:10 -0500\r\nTo: mi@company.example.org\r\n",
    }
    told |= {int(key.removeprefix("p"), 16): value for key, value in values.items()}
    return message(told, [{0x3707: name, 0x3701: content} for name, content in files])


def set_state(database, inquiry_id, state):
    with database.unit() as uow:
        uow.session.get_one(Inquiry, inquiry_id).state = state
        uow.commit()


def rows(database, model):
    return database.read(lambda s: s.scalars(select(model)).all())


@pytest.mark.parametrize(("make", "name"), [(eml, "a.eml"), (msg, "a.msg")])
def test_a_mail_is_kept_with_its_files(database, load, see, blobs, tmp_path, make, name):
    report = load(make("1", files=[("Label.pdf", PDF), ("Label.pdf", b"other")]), name)
    case = see(report.added[0])
    assert (case.requester.name, case.requester.fields.email) == ("Dana Whitfield", "dana@h.example.org")
    assert (case.facts["external_id"], case.facts["verbatim"]) == ("1@h.example.org", "Text of 1.")
    assert case.facts["received_at"] == 1_795_099_330_000
    (mail,) = database.read(queries.messages_of, case.id)
    assert (mail.subject, mail.body, mail.sender) == ("Grapefruit", "Text of 1.", "dana@h.example.org")
    assert (mail.recipients, mail.not_kept) == (("mi@company.example.org",), ())
    assert [(each.name, each.size) for each in mail.attachments] == [("Label.pdf", 5_009), ("Label.pdf", 5)]
    target = tmp_path / "out.pdf"
    database.write(commands.export_attachment, blobs, mail.attachments[0].id, target)
    assert target.read_bytes() == PDF
    told = database.read(lambda s: s.scalars(select(JournalValue.new).filter_by(field="event")).all())
    assert "export" in told


def test_the_same_mail_is_one_inquiry_whatever_its_file(database, load):
    assert len(load(eml("1")).added) == 1
    assert (load(msg("1"), "a.msg").known, load(eml("1"), "b.eml").known) == (1, 1)
    assert len(rows(database, Message)) == 1


@pytest.mark.parametrize(("make", "name"), [(eml, "b.eml"), (msg, "b.msg")])
def test_a_reply_joins_the_open_inquiry_and_its_timeline(database, load, make, name):
    first = load(eml("1")).added[0]
    report = load(make("2", answers="1", files=[("Scan.pdf", PDF)]), name)
    assert (report.added, [each.inquiry_id for each in report.joined]) == ((), [first])
    assert "was added to" in report.sentence
    assert [each.body for each in database.read(queries.messages_of, first)] == ["Text of 1.", "Text of 2."]
    told = [entry.type for entry in database.read(queries.timeline, first)]
    assert (told.count("message"), told.count("attachment")) == (2, 1)


def test_a_reply_to_a_reply_is_found_by_its_references(load):
    first = load(eml("1")).added[0]
    report = load(eml("3", answers="2", thread=("1", "2")), "c.eml")
    assert [each.inquiry_id for each in report.joined] == [first]


def test_a_reply_that_was_waited_for_is_told_and_changes_nothing(database, load, see):
    first = load(eml("1")).added[0]
    set_state(database, first, InquiryState.AWAITING_REQUESTER)
    report = load(eml("2", answers="1"), "b.eml")
    assert report.joined[0].is_awaited
    assert "read the reply and go on" in report.sentence
    assert see(first).state == "awaiting_requester"


def test_a_reply_to_a_closed_inquiry_is_a_new_one_with_a_proposal(database, load, see):
    first = load(eml("1")).added[0]
    set_state(database, first, InquiryState.CLOSED)
    report = load(eml("2", answers="1"), "b.eml")
    (second,) = report.added
    (link,) = rows(database, InquiryLink)
    assert (link.inquiry_id, link.other_id, link.kind) == (second, first, "follow_up")
    assert (link.decided_by, link.decided_at) == ("", 0)
    assert "which is closed" in link.reasons[0]
    assert "say in its case whether it is a follow-up" in report.notes[0]
    assert see(second).facts["duplicate_decision"] is None
    assert [each.body for each in database.read(queries.messages_of, second)] == ["Text of 2."]


def test_a_reply_to_a_duplicate_joins_the_inquiry_that_is_worked_on(database, load):
    first, second = load(eml("1")).added[0], load(eml("9"), "i.eml").added[0]
    with database.unit() as uow:
        inquiry = uow.session.get_one(Inquiry, second)
        inquiry.state, inquiry.first_id = InquiryState.DUPLICATE, first
        uow.commit()
    assert load(eml("2", answers="9"), "b.eml").joined[0].inquiry_id == first


def test_files_that_are_not_kept_are_named_and_the_mail_is_in(database, tmp_path, load, monkeypatch):
    (tmp_path / "n.eml").write_bytes(eml("5", files=[("a.pdf", PDF)]))
    report = database.write(commands.import_file, tmp_path / "n.eml")
    assert len(report.added) == 1
    assert report.notes == ("“a.pdf” was not kept: there is no place for files.",)
    report = load(eml("6", files=[(f"{n}.pdf", b"x") for n in range(101)]), "many.eml")
    (mail,) = database.read(queries.messages_of, report.added[0])
    assert len(mail.attachments) == 100
    assert mail.not_kept == report.notes == ("“100.pdf” was not kept: a mail may have 100 attachments.",)


def test_a_forwarded_mail_is_a_file_and_further_text_is_not_lost(database, load):
    inner = EmailMessage()
    inner["Subject"], inner["From"] = "Inner", "x@y.example.org"
    inner.set_content("inner text")
    mail = EmailMessage()
    mail["From"], mail["Subject"], mail["Message-ID"] = "a@b.example.org", "Outer", "<7@h>"
    mail.set_content("outer text")
    mail.add_attachment(inner)
    mail.add_attachment("second text", subtype="plain", disposition="inline")
    report = load(mail.as_bytes())
    (kept,) = database.read(queries.messages_of, report.added[0])
    assert kept.body == "outer text"
    assert [each.media_type for each in kept.attachments] == ["message/rfc822", "text/plain"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no Outlook message"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000), "no Outlook message"),
        (msg("1")[:3_000], "no Outlook message"),
        (msg("1", p001A="IPM.Appointment"), "no mail"),
        (msg("1", p001A="IPM.Note.SMIME"), "S/MIME"),
        (msg("1", p1000="", p1009=b"rtf"), "Outlook's own format"),
        (msg("1", p1000="", p0037=""), "says nothing"),
    ],
)
def test_a_msg_that_cannot_be_read_is_refused(load, content, reason):
    with pytest.raises(InputRefusedError, match=reason):
        load(content, "a.msg")


def test_a_msg_whose_streams_share_their_bytes_is_refused(tmp_path):
    root = properties({0x001A: "IPM.Note", 0x1000: "x"}, 32)
    root.storages["a"] = Storage({f"s{n}": bytes(5_000) for n in range(3)})
    content = compound(root)
    # Three entries of some KB, told to be of some MB each.
    swollen = content.replace((5_000).to_bytes(8, "little"), (5_000_000).to_bytes(8, "little"))
    assert swollen != content
    (tmp_path / "a.msg").write_bytes(swollen)
    with pytest.raises(InputRefusedError):
        msg_of(tmp_path / "a.msg", 0, "UTC")


def test_an_encrypted_eml_is_refused(load):
    mail = b"From: a@b.example.org\nContent-Type: application/pkcs7-mime; name=smime.p7m\n\nabc"
    with pytest.raises(InputRefusedError, match="encrypted"):
        load(mail)


WHOLE = msg("1", files=[("a.pdf", b"x" * 100)])


@settings(max_examples=60)
@given(st.integers(0, len(WHOLE) - 1), st.integers(0, 255), st.integers(1, len(WHOLE)))
def test_a_broken_msg_never_raises_anything_else(tmp_path_factory, at, byte, end):
    path = tmp_path_factory.getbasetemp() / "broken.msg"
    content = bytearray(WHOLE)
    content[at] = byte
    for piece in (content, content[:end]):
        path.write_bytes(piece)
        try:
            msg_of(path, 0, "UTC")
        except InputRefusedError:
            continue


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\Label.pdf", "Label.pdf"),
        ("\u202egpj.exe", "gpj.exe"),
        ("con.txt", "attachment-1.pdf"),
        ("", "attachment-1.pdf"),
        (" . ", "attachment-1.pdf"),
        ('a<b>:"c|d?.pdf', "a_b___c_d_.pdf"),
        ("line\nbreak.pdf", "linebreak.pdf"),
    ],
)
def test_names_of_files_are_safe_to_write(name, safe):
    assert safe_name(name, "application/pdf", 1) == safe


@given(st.text(max_size=400))
def test_any_name_becomes_one_that_can_be_written(name):
    safe = safe_name(name, "application/pdf", 3)
    assert 0 < len(safe) <= 120
    assert not set(safe) & set('<>:"/\\|?*\0')


def test_a_damaged_or_lost_file_is_named_and_never_shown(database, load, blobs, tmp_path):
    report = load(eml("1", files=[("a.pdf", PDF)]))
    ((file,),) = [each.attachments for each in database.read(queries.messages_of, report.added[0])]
    (sealed,) = blobs.paths()
    content = bytearray(sealed.read_bytes())
    content[-1] ^= 1
    sealed.write_bytes(content)
    for word in ("damaged", "not in this workspace"):
        with pytest.raises(UserFacingError, match=word):
            database.write(commands.export_attachment, blobs, file.id, tmp_path / "out.pdf")
        sealed.unlink(missing_ok=True)
    assert not (tmp_path / "out.pdf").exists()
    assert blobs.damaged([each.sha256 for each in rows(database, Attachment)])
