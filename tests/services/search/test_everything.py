"""Find anything while typing: inquiries, letters, documents and labels, each with its passage."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.models.inquiry import Inquiry
from app.models.label import Label, LabelSection, LabelVersion
from app.models.letter import Letter, LetterBlock, Response
from app.services.search.everything import Kind, find_everything
from app.services.search.suggest import Asked, Suggester
from tests.conftest import NOW, FakeClock, new_database
from tests.services.search.conftest import TODAY, codes, fill


def add_case(uow, *, verbatim, origin_code, state="sent"):
    """An inquiry with a letter whose one block comes from a document."""
    inquiry = Inquiry(
        number=f"MI-{origin_code}-{state}", received_at=NOW, received_zone="UTC", channel="email",
        title=verbatim[:40], verbatim=verbatim,
    )  # fmt: skip
    uow.session.add(inquiry)
    uow.session.flush()
    response = Response(inquiry_id=inquiry.id, kind="letter", author_id="user-1")
    uow.session.add(response)
    uow.session.flush()
    letter = Letter(
        response_id=response.id, inquiry_id=inquiry.id, reference=f"L-{origin_code}", state=state,
        template="t", template_version="1", author_id="user-1",
    )  # fmt: skip
    uow.session.add(letter)
    uow.session.flush()
    origin = {
        "kind": "srd", "version": "v", "code": origin_code, "number": "1", "section": "s", "heading": "Answer",
        "paragraph": 0, "sha256": "", "normal": 1,
    }  # fmt: skip
    uow.session.add(
        LetterBlock(
            letter_id=letter.id, rank="V", kind="paragraph",
            text="Thank you for asking about **hyperkalaemia**.", origins=[origin],
        )
    )  # fmt: skip
    return inquiry.id


def add_label(uow):
    label = Label(set_id="set-1", kind="uspi", title="Lipitor (atorvastatin calcium) tablet")
    uow.session.add(label)
    uow.session.flush()
    version = LabelVersion(label_id=label.id, number="1", effective_from="2014-01-13")
    uow.session.add(version)
    uow.session.flush()
    text = "Rhabdomyolysis with hyperkalaemia has been reported."
    uow.session.add(LabelSection(version_id=version.id, position=0, heading="5.1 Muscle", text=text))


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    opened = fill(new_database(tmp_path_factory.mktemp("everything"), FakeClock()))
    with opened.unit() as uow:
        add_case(uow, verbatim="Is hyperkalaemia known with your statin?", origin_code="SRD-ATO-005")
        add_label(uow)
        uow.commit()
    yield opened
    opened.close()


def test_a_beginning_of_a_word_finds_every_kind_with_its_passage(full):
    found = full.read(find_everything, "hyperk")
    assert {each.kind for each in found} == {Kind.INQUIRY, Kind.LETTER, Kind.LABEL}
    for each in found:
        assert [each.passage[start:end].lower() for start, end in each.marks] == ["hyperkalaemia"]


def test_a_passage_is_plain_text(full):
    letter = full.read(find_everything, "hyperk", kinds=[Kind.LETTER])[0]
    assert letter.passage == "Thank you for asking about hyperkalaemia."


def test_every_typed_word_is_wanted(full):
    assert full.read(find_everything, "grapefruit zoster") == ()
    documents = full.read(find_everything, "grapef jui", kinds=[Kind.DOCUMENT])
    assert "SRD-ATO-001" in {each.number for each in documents}


def test_a_document_comes_once_and_at_most_as_many_as_wanted(full):
    found = full.read(find_everything, "atorvastatin", kinds=[Kind.DOCUMENT], limit=4)
    assert len(found) == len({each.opens for each in found}) == 4


@pytest.mark.parametrize("words", ["", " ", "a", "MI-2026-000001", "\x00", '"', "*"])
def test_nothing_is_found_for_nothing(full, words):
    assert full.read(find_everything, words) == ()


@settings(max_examples=50)
@given(words=st.text(max_size=40))
def test_any_typing_is_answered(full, words):
    for each in full.read(find_everything, words, limit=2):
        assert all(0 <= start < end <= len(each.passage) for start, end in each.marks)


def test_what_answered_a_similar_question_is_raised_and_says_so(own_library):
    asked = Asked("high potassium in the blood, hyperkalaemia, with this medicine?", TODAY)
    before = {each.row.code: each for each in own_library.read(Suggester().suggest, asked, 50)}
    with own_library.unit() as uow:
        add_case(uow, verbatim="Hyperkalaemia with this medicine?", origin_code="SRD-ATO-005")
        add_case(uow, verbatim="Hyperkalaemia with this medicine?", origin_code="SRD-HAL-004", state="draft")
        uow.commit()
    after = {each.row.code: each for each in own_library.read(Suggester().suggest, asked, 50)}
    assert "answered a similar question" in after["SRD-ATO-005"].why
    assert after["SRD-ATO-005"].score > (before["SRD-ATO-005"].score if "SRD-ATO-005" in before else 0)
    assert "answered a similar question" not in (after["SRD-HAL-004"].why if "SRD-HAL-004" in after else ())


def test_the_letter_at_hand_is_no_past_answer(own_library):
    with own_library.unit() as uow:
        inquiry = add_case(uow, verbatim="Torsades with this medicine?", origin_code="SRD-HAL-001")
        uow.commit()
    found = own_library.read(Suggester().suggest, Asked("torsades", TODAY, inquiry_id=inquiry))
    assert codes(found)[0] == "SRD-HAL-001"
    assert "answered a similar question" not in found[0].why


def test_a_label_that_begins_later_leaves_the_present_one_in_force(database):
    with database.unit() as uow:
        add_label(uow)
        label = uow.session.query(Label).one()
        later = LabelVersion(label_id=label.id, number="2", effective_from="2031-01-01")
        uow.session.add(later)
        uow.session.flush()
        uow.session.add(
            LabelSection(version_id=later.id, position=0, heading="5.1 Muscle", text="Rhabdomyolysis, anew.")
        )
        uow.commit()
    for today, number in ((TODAY, "1"), (date(2031, 1, 1), "2")):
        found = database.read(Suggester().suggest, Asked("rhabdomyolysis", today), 5)
        assert [each.row.number for each in found] == [number]


def test_a_label_is_suggested_after_documents_of_like_worth_and_can_be_left_out(full):
    found = full.read(Suggester().suggest, Asked("hyperkalaemia rhabdomyolysis", TODAY), 50)
    label = next(each for each in found if each.row.kind == "label")
    assert (label.row.code, label.heading) == ("set-1", "5.1 Muscle")
    without = full.read(Suggester().suggest, Asked("hyperkalaemia rhabdomyolysis", TODAY, labels=False), 50)
    assert "label" not in {each.row.kind for each in without}
