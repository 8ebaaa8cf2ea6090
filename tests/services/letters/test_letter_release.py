"""Release, delivery and review: refused for each reason, frozen once done."""

import hashlib
import json
from dataclasses import replace
from io import BytesIO

import docx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text

from app.errors import AppError, NotAllowedError
from app.models.audit import Conflict, Cursor, JournalRow
from app.models.base import freeze
from app.models.canonical import sha256_hex
from app.models.inquiry import Inquiry, InquiryQuestion
from app.models.letter import DeliveryAttempt, Letter, Package, Response, Signature
from app.models.manifest import manifest_text, signing_payload, verify_manifest
from app.models.people import Contact, ContactVerification, User
from app.models.standard_response import StandardResponseVersion
from app.models.work import WorkItem
from app.services.letters import commands, queries
from app.services.workspace.engine import open_door
from tests.conftest import NOW
from tests.services.letters.conftest import assessment


@pytest.fixture
def letter_id(desk):
    return desk.answered_letter()


def refusal(desk, letter_id, **said):
    with pytest.raises(NotAllowedError) as refused:
        desk.release(letter_id, **said)
    assert desk.letter(letter_id).state == "draft"
    assert desk.rows(Package) == desk.rows(Signature) == []
    return " ".join(refused.value.blockers)


def test_a_verbatim_letter_is_frozen_and_signed_in_one_step(desk, letter_id):
    key = Ed25519PrivateKey.generate()
    released = desk.release(letter_id, sign=lambda payload: key.sign(payload).hex())
    letter = desk.letter(letter_id)
    assert (letter.state, letter.released_at, letter.letter_date) == ("released", NOW, "2026-11-22")
    frozen = desk.database.read(queries.package, letter_id)
    assert frozen.sha256 == released.sha256 == sha256_hex(frozen.document)
    assert frozen.manifest_sha256 == released.manifest_sha256
    assert frozen.problems == ()
    (signature,) = letter.signatures
    assert (signature.printed_name, signature.meaning) == ("P. Nilsson, MPharm", "released")
    assert (signature.signed_at, signature.zone, signature.sha256) == (NOW, "Europe/London", frozen.sha256)
    payload = signing_payload(
        letter_id=letter_id,
        package_sha256=frozen.sha256,
        user="user-1",
        name="P. Nilsson, MPharm",
        meaning="released",
        at=NOW,
        zone="Europe/London",
    )
    key.public_key().verify(bytes.fromhex(signature.device_signature), payload)
    release = json.loads(frozen.manifest)["release"]
    assert (release["name"], release["at"], release["meaning"]) == ("P. Nilsson", NOW, "released")
    ops = {(row.type, row.op) for row in desk.rows(JournalRow)}
    assert {
        ("signature", "sign"),
        ("package", "create"),
        ("letter", "transition"),
        ("letter", "event"),
    } <= ops


def test_a_letter_is_dated_on_the_day_of_its_release(desk, letter_id, clock):
    clock.advance(days=3)
    desk.release(letter_id)
    assert desk.letter(letter_id).fields["letter.date"] == "November 25, 2026"


def test_a_release_without_the_passphrase_is_refused(desk, letter_id):
    assert "passphrase" in refusal(desk, letter_id, passphrase_verified=False)


def test_changed_free_and_off_label_text_all_need_review_and_all_are_told(desk, letter_id):
    block = desk.inserted(letter_id)[3]
    desk.do(commands.write_block, block.id, block.text + " More.", block.sha256)
    desk.do(commands.add_block, letter_id, "My own words.", question_ids=[desk.question_id])
    desk.add(assessment(desk.question_id, "off_label", NOW + 1))
    told = refusal(desk, letter_id)
    assert "1 block is written freely" in told
    assert "1 block is changed" in told
    assert "off label" in told


def test_a_draft_is_cut_before_the_release_is_judged(desk, letter_id):
    block = desk.inserted(letter_id)[3]
    desk.do(commands.save_draft, block.id, "Typed last.", block.sha256)
    assert "1 block is changed" in refusal(desk, letter_id)
    assert desk.letter(letter_id).block(block.id).text == "Typed last."


def test_a_waiting_draft_holds_the_release(desk, letter_id):
    block = desk.inserted(letter_id)[3]
    desk.do(commands.save_draft, block.id, "Typed.", "0" * 64)
    assert "typed text that waits" in refusal(desk, letter_id)


@pytest.mark.parametrize(
    ("model", "values", "reason"),
    [
        (Contact, {"role": "patient"}, "The letter goes to a patient"),
        (Contact, {"role": "journalist"}, "media or legal"),
        (Contact, {"last_name": ""}, "check"),
        (Contact, {"language": "de"}, "check"),
        (Inquiry, {"tags": freeze(["KOL"])}, "opinion leader"),
        (StandardResponseVersion, {"state": "on_hold"}, "SRD-ATO-001 2.0 is not effective"),
        (User, {"credentials": ""}, "check"),
    ],
)
def test_each_reason_refuses_the_release(desk, letter_id, model, values, reason):
    ids = {
        Contact: desk.contact_id,
        Inquiry: desk.inquiry_id,
        StandardResponseVersion: desk.version(),
        User: "user-1",
    }
    desk.change(model, ids[model], **values)
    assert reason in refusal(desk, letter_id)


def test_somebody_who_wrote_nothing_of_it_does_not_release_it(desk, letter_id):
    desk.add(User(id="user-2", name="A. Moreau", credentials="PharmD", roles=["specialist"]))
    desk.database.identity = replace(desk.database.identity, user="user-2")
    assert "Only its author may release" in refusal(desk, letter_id)
    block = desk.inserted(letter_id)[0]
    desk.do(commands.set_questions, block.id, [])
    desk.release(letter_id)
    assert desk.letter(letter_id).signatures[0].printed_name == "A. Moreau, PharmD"


def test_an_expired_verification_and_a_fork_refuse_the_release(desk, letter_id):
    (verification,) = desk.rows(ContactVerification)
    desk.change(ContactVerification, verification.id, expires_at=NOW - 10 * 86_400_000)
    block = desk.inserted(letter_id)[3]
    fork = Conflict(type="letter_block", entity_id=block.id, field="text", by=freeze({}), found_at=NOW)
    desk.add(fork)
    told = refusal(desk, letter_id)
    assert "1 check still blocks" in told
    assert "1 block in conflict" in told
    assert desk.letter(letter_id).block(block.id).has_conflict


def test_what_blocks_is_told_before_the_passphrase_is_asked(desk, letter_id):
    assert told(desk, letter_id) == ()
    block = desk.inserted(letter_id)[3]
    desk.do(commands.retire_block, block.id)
    desk.do(commands.add_block, letter_id, "Free {{contact.shoe}}")
    assert len(told(desk, letter_id)) == 2


def told(desk, letter_id):
    return desk.database.read(queries.release_blockers, letter_id, "user-1", now=NOW)


def test_a_signature_that_fails_leaves_the_letter_a_draft(desk, letter_id):
    class NoKeyError(AppError):
        pass

    def fail(_payload):
        raise NoKeyError

    with pytest.raises(NoKeyError):
        desk.release(letter_id, sign=fail)
    assert desk.letter(letter_id).state == "draft"
    assert desk.rows(Package) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE package SET document = x'00'",
        "UPDATE package SET manifest = '{}'",
        "DELETE FROM package",
        "UPDATE signature SET meaning = 'approved'",
        "DELETE FROM signature",
    ],
)
def test_frozen_bytes_and_signatures_refuse_every_change(desk, letter_id, statement):
    desk.release(letter_id)
    with (
        desk.database.unit() as uow,
        open_door(uow.connection, "attack"),
        pytest.raises(Exception, match="never change"),
    ):
        uow.connection.execute(text(statement))


def test_a_released_letter_keeps_its_values_and_its_bytes_whatever_the_case_becomes(desk, letter_id):
    desk.release(letter_id)
    before = desk.do(commands.export, letter_id)
    desk.change(Contact, desk.contact_id, last_name="Costa")
    after = desk.do(commands.export, letter_id)
    assert before.document == after.document
    assert desk.letter(letter_id).fields["contact.last_name"] == "Lima"
    assert [f.rule for f in desk.check(letter_id) if f.severity == "X"] == ["LC11"]


def test_the_mark_not_yet_on_server_stands_on_letters_of_an_enrolled_device(desk, letter_id):
    assert "Not yet on server" not in _first_line(desk, letter_id)
    with desk.database.unit() as uow:
        uow.session.add(Cursor(scope="team", seq=1))
        uow.commit()
    other = desk.answered_letter()
    assert _first_line(desk, other) == "Not yet on server"


def _first_line(desk, letter_id):
    desk.release(letter_id)
    return docx.Document(BytesIO(desk.do(commands.export, letter_id).document)).paragraphs[0].text


def test_a_sent_letter_answers_its_questions(desk, letter_id):
    desk.release(letter_id)
    desk.do(commands.send, letter_id, "email")
    letter = desk.letter(letter_id)
    (attempt,) = desk.rows(DeliveryAttempt)
    assert (letter.state, letter.sent_at) == ("sent", NOW)
    assert (attempt.method, attempt.address, attempt.outcome) == ("email", "ana.lima@example.org", "sent")
    (question,) = desk.rows(InquiryQuestion)
    (response,) = desk.rows(Response)
    assert question.answered_by == response.id
    assert response.question_ids == (question.id,)
    assert response.answered_at == NOW


def test_a_failed_delivery_is_told_and_tried_again(desk, letter_id, clock):
    desk.release(letter_id)
    desk.do(commands.send, letter_id, "email")
    with pytest.raises(NotAllowedError):
        desk.do(commands.record_failure, letter_id, " ")
    desk.do(commands.record_failure, letter_id, "mailbox full")
    assert desk.letter(letter_id).state == "delivery_failed"
    clock.advance(hours=1)
    desk.do(commands.send, letter_id, "mail", "1 High Street  Springfield")
    assert desk.letter(letter_id).state == "sent"
    attempts = sorted(desk.rows(DeliveryAttempt), key=lambda row: row.attempted_at)
    assert [(row.outcome, row.reason) for row in attempts] == [("failed", "mailbox full"), ("sent", "")]


@pytest.mark.parametrize(
    ("change", "address", "reason"),
    [
        ((Contact, {"last_name": "Costa"}), None, "differ from the verified contact"),
        ((Contact, {"email": ""}), None, "differ from the verified contact"),
        (None, "somebody.else@example.org", "differ from the verified contact"),
        ((ContactVerification, {"retired_at": NOW}), None, "not verified"),
        ((Inquiry, {"special_situation": None}), None, "not decided yet"),
    ],
)
def test_a_letter_is_not_sent_to_anybody_else(desk, letter_id, change, address, reason):
    desk.release(letter_id)
    if change:
        model, values = change
        ids = {Contact: desk.contact_id, Inquiry: desk.inquiry_id}
        desk.change(model, ids.get(model) or desk.rows(model)[0].id, **values)
    with pytest.raises(NotAllowedError) as refused:
        desk.do(commands.send, letter_id, "email", address)
    assert reason in " ".join(refused.value.blockers)
    assert desk.rows(DeliveryAttempt) == []
    assert desk.letter(letter_id).state == "released"


def test_a_draft_is_not_sent(desk, letter_id):
    with pytest.raises(NotAllowedError):
        desk.do(commands.send, letter_id, "email")


def test_an_amendment_that_is_sent_supersedes_the_older_letter(desk, letter_id):
    desk.release(letter_id)
    desk.do(commands.send, letter_id, "email")
    newer = desk.answered_letter()
    desk.change(Letter, newer, amends_id=letter_id, edition=2)
    desk.release(newer)
    desk.do(commands.send, newer, "email")
    assert desk.letter(letter_id).state == "superseded"


def test_a_letter_goes_to_review_with_a_work_item_that_names_its_form(desk, letter_id):
    desk.do(commands.add_block, letter_id, "My own words.", question_ids=[desk.question_id])
    submitted = desk.do(commands.submit, letter_id)
    assert desk.letter(letter_id).state == "in_review"
    (item,) = desk.rows(WorkItem, WorkItem.id == submitted.work_item_id)
    assert (item.kind, item.title) == ("review", "Review MI-L-K7Q2-1-L1")
    assert {"type": "letter", "id": letter_id} in [dict(link) for link in item.linked]
    assert len(item.extra["manifest"]) == 64


def test_a_letter_with_a_blocking_check_does_not_go_to_review(desk, letter_id):
    desk.do(commands.add_block, letter_id, "TBD", question_ids=[desk.question_id])
    with pytest.raises(NotAllowedError) as refused:
        desk.do(commands.submit, letter_id)
    assert refused.value.blockers == ("1 check still blocks. Show the checks.",)


def test_a_manifest_and_a_file_that_do_not_belong_together_are_told(desk, letter_id):
    desk.release(letter_id)
    frozen = desk.database.read(queries.package, letter_id)
    other = desk.do(commands.export, desk.answered_letter())
    assert verify_manifest(frozen.document, frozen.manifest) == ()
    assert len(verify_manifest(other.document, frozen.manifest)) == 2
    content = json.loads(frozen.manifest)
    content["blocks"][0]["text"] += " not"
    problems = verify_manifest(frozen.document, manifest_text(content))
    assert problems[0].startswith("The manifest differs")
    assert problems[1].startswith("The text of block")
    for document, manifest in ((b"", frozen.manifest), (frozen.document, "{"), (frozen.document, "[]")):
        assert verify_manifest(document, manifest) != ()
    assert hashlib.sha256(frozen.document).hexdigest() == frozen.sha256
