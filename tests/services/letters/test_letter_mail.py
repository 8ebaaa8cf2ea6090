"""The draft of a mail: the words of the letter twice, its files, and nothing that betrays how it was made."""

import email
import email.policy
from email.message import EmailMessage

import pytest

from app.errors import InputRefusedError
from app.models.people import Contact
from app.services.letters import commands
from app.services.letters.mail import Attached, MailFacts, build_mail
from app.services.letters.paper import Painted
from tests.services.letters.test_letter_word import lines_in

FACTS = MailFacts("Ana Lima", "ana.lima@example.org", "Fairmere", "mi@example.org", "Your inquiry MI-1", "en")


def read(content) -> EmailMessage:
    return email.message_from_bytes(content, policy=email.policy.default)


def painted(_paper):
    """The least that a painter may give: a page without a word."""
    return Painted(
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF",
        1,
    )


@pytest.fixture
def word(desk):
    letter_id = desk.answered_letter()
    return desk.do(commands.export, letter_id).document


def test_both_parts_hold_the_words_of_the_letter(word):
    mail = read(build_mail(word, FACTS, []))
    plain = mail.get_body(("plain",)).get_content()
    page = mail.get_body(("html",)).get_content()
    said = " ".join(plain.split())
    for line in lines_in(word):
        first = " ".join(line.split("\n")[0].split())
        assert first[:12] in said
    assert "<table" not in page or "<th" in page
    assert "grapefruit" in plain.lower()
    assert "grapefruit" in page.lower()


def test_it_is_a_draft_to_the_contact(word):
    mail = read(build_mail(word, FACTS, [Attached("letter.pdf", b"%PDF")]))
    assert mail["X-Unsent"] == "1"
    assert mail["To"] == "Ana Lima <ana.lima@example.org>"
    assert mail["From"] == "Fairmere <mi@example.org>"
    assert [mail["Date"], mail["Message-ID"], mail["X-Mailer"]] == [None, None, None]
    (attached,) = mail.iter_attachments()
    assert (attached.get_filename(), attached.get_content_type()) == ("letter.pdf", "application/pdf")
    assert attached.get_content() == b"%PDF"


def test_the_same_letter_gives_the_same_bytes(word):
    files = [Attached("letter.pdf", b"%PDF")]
    assert build_mail(word, FACTS, files) == build_mail(word, FACTS, files)


@pytest.mark.parametrize("address", ["", "not an address", "a@b@c", "x\n@y.example"])
def test_without_a_good_address_the_mail_program_asks_for_one(word, address):
    facts = MailFacts("Ana\nLima", address, "Fairmere", address, "Your\ninquiry", "en")
    mail = read(build_mail(word, facts, []))
    assert [mail["To"], mail["From"]] == [None, None]
    assert mail["Subject"] == "Your inquiry"


def test_a_name_in_other_letters_arrives_whole(word):
    facts = MailFacts("Søren Ångström, 李", "s@example.org", "Fairmere", "mi@example.org", "Ñandú", "en")
    mail = read(build_mail(word, facts, []))
    assert mail["To"].addresses[0].display_name == "Søren Ångström, 李"
    assert mail["Subject"] == "Ñandú"


def test_every_form_of_a_letter_is_in_the_trail(desk):
    letter_id = desk.answered_letter()
    for file_format in ("docx", "pdf", "eml"):
        done = desk.do(commands.export, letter_id, file_format=file_format, paint=painted)
        assert done.file_name.endswith(f"-draft.{file_format}")
        assert done.is_draft
    mail = read(done.document)
    assert mail["Subject"].startswith("Draft, not released: Your inquiry")
    assert mail["To"] == "Ana Lima <ana.lima@example.org>"


def test_a_mail_goes_to_the_contact_as_it_stands(desk):
    letter_id = desk.answered_letter()
    desk.change(Contact, desk.contact_id, email="")
    done = desk.do(commands.export, letter_id, file_format="eml", paint=painted)
    assert read(done.document)["To"] is None


@pytest.mark.parametrize(("file_format", "paint"), [("odt", painted), ("pdf", None), ("", painted)])
def test_a_form_that_is_none_is_refused(desk, file_format, paint):
    letter_id = desk.answered_letter()
    with pytest.raises(InputRefusedError, match="docx, pdf, eml"):
        desk.do(commands.export, letter_id, file_format=file_format, paint=paint)
