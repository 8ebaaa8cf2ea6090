from email.message import EmailMessage

import pytest
from PySide6.QtWidgets import QLabel

from app.models.inquiry import Inquiry
from app.models.lifecycle_inquiry import InquiryState
from app.services.intake import commands, queries
from app.services.workspace.blobs import BlobStore
from app.services.workspace.keys import SecretKey
from app.ui.case.desk import CaseDesk
from app.ui.case.messages import MessagesCard, size_words
from app.ui.jobs import JobRunner


@pytest.fixture
def runner(qtbot):
    runner = JobRunner()
    yield runner
    runner.close()


@pytest.fixture
def load(database, tmp_path):
    database.blobs = BlobStore(tmp_path / "blobs", SecretKey(b"\x02" * 32))

    def _load(number, answers="", files=()):
        mail = EmailMessage()
        mail["From"], mail["Subject"] = "Dana Whitfield <dana@h.example.org>", f"Subject {number}"
        mail["Date"] = "Thu, 19 Nov 2026 09:42:10 -0500"
        mail["Message-ID"] = f"<{number}@h>"
        if answers:
            mail["In-Reply-To"] = f"<{answers}@h>"
        mail.set_content(f"Text of {number}.")
        for name in files:
            mail.add_attachment(b"%PDF" * 500, maintype="application", subtype="pdf", filename=name)
        path = tmp_path / f"{number}.eml"
        path.write_bytes(mail.as_bytes())
        return database.write(commands.import_file, path, blobs=database.blobs)

    return _load


@pytest.fixture
def card(database, runner, qtbot, themed_app, tmp_path):
    from PySide6.QtWidgets import QVBoxLayout, QWidget

    page = QWidget()
    desk = CaseDesk(database, runner, page)
    card = MessagesCard(desk, ask_target=lambda _parent, name: tmp_path / name)
    QVBoxLayout(page).addWidget(card)
    qtbot.addWidget(page)
    page.show()

    def show(inquiry_id):
        card.show_case(database.read(queries.case, inquiry_id, "user-1"))
        qtbot.waitUntil(lambda: not runner.is_busy)
        return card

    card.show_of = show
    card.page = page
    return card


def words(card):
    return [label.text() for label in card.findChildren(QLabel) if label.isVisibleTo(card)]


def test_mails_and_files_are_listed_and_a_file_can_be_saved(card, load, database, qtbot, runner, tmp_path):
    inquiry_id = load("1", files=["Scan.pdf"]).added[0]
    load("2", answers="1")
    shown = words(card.show_of(inquiry_id))
    assert "Subject 1" in shown
    assert "Text of 1." not in shown
    assert "Text of 2." in shown
    assert "2 KB" in shown
    ((file,), _) = [each.attachments for each in database.read(queries.messages_of, inquiry_id)]
    card.save(file)
    qtbot.waitUntil(lambda: not runner.is_busy)
    assert (tmp_path / "Scan.pdf").read_bytes() == b"%PDF" * 500
    assert "Saved as Scan.pdf. The audit trail has it." in words(card)


def test_a_reply_that_is_waited_for_is_told(card, load, database):
    inquiry_id = load("1").added[0]
    with database.unit() as uow:
        uow.session.get_one(Inquiry, inquiry_id).state = InquiryState.AWAITING_REQUESTER
        uow.commit()
    assert not any("reply is here" in each for each in words(card.show_of(inquiry_id)))
    load("2", answers="1")
    assert any("reply is here" in each for each in words(card.show_of(inquiry_id)))


def test_a_file_that_is_lost_is_told_and_a_case_without_mails_has_no_card(
    card, load, database, qtbot, runner, tmp_path
):
    inquiry_id = load("1", files=["Scan.pdf"]).added[0]
    card.show_of(inquiry_id)
    database.blobs.paths()[0].unlink()
    ((file,),) = [each.attachments for each in database.read(queries.messages_of, inquiry_id)]
    card.save(file)
    qtbot.waitUntil(lambda: not runner.is_busy)
    assert any("not in this workspace any more" in each for each in words(card))
    row = {"question": "q", "channel": "phone", "received_at": "2026-11-20"}
    other = database.write(commands.import_rows, [row], source="test").added[0]
    assert not card.show_of(other).isVisible()


@pytest.mark.parametrize(("size", "said"), [(5, "5 B"), (2_048, "2 KB"), (3 * 1024 * 1024, "3.0 MB")])
def test_sizes_are_said_as_people_read_them(size, said):
    assert size_words(size) == said
