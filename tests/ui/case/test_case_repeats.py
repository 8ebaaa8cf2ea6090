from dataclasses import replace

import pytest

from app.models.inquiry_forms import QuestionForm
from app.services.intake import queries
from app.ui.case.repeats_merge import MergeSheet, lines_of
from tests.ui.case.conftest import DANA, take

MORE = (QuestionForm("Is the film coat free of lactose?"),)


@pytest.fixture
def pair(make_desk, library):
    """A case that looks like an earlier one of the same person."""
    first = take(library)
    desk = make_desk(questions=MORE, requester=replace(DANA, email=""), contact=None, verbatim="Lactose?")
    return desk.open(), first


def decide(desk, key):
    desk.page.left.repeats.focus_first()
    desk.press(key)


def test_a_proposal_says_why_and_is_decided_by_one_key(pair):
    desk, first = pair
    (row,) = desk.page.left.repeats.rows
    assert row.proposal.inquiry_id == first
    assert "Same phone number" in row.accessibleName()
    assert desk.page.left.repeats.is_undecided
    decide(desk, "F")
    assert desk.view().facts["first_id"] == first
    assert not desk.page.left.repeats.is_undecided


@pytest.mark.parametrize(("key", "kind"), [("R", "repeat"), ("U", "unrelated")])
def test_the_other_links_have_a_key_each(pair, key, kind):
    desk, first = pair
    decide(desk, key)
    assert [(link.kind, link.other_id) for link in desk.view().links] == [(kind, first)]
    assert desk.page.left.repeats.rows == []


def test_a_link_is_taken_back_with_a_reason(pair):
    desk, first = pair
    decide(desk, "U")
    section = desk.page.left.repeats
    section._ask_undo(desk.view().links[0])
    section.form.submit()
    desk.settle()
    assert desk.view().links != ()
    section.form.field("reason").setText("Same practice")
    section.form.submit()
    desk.settle()
    assert desk.view().links == ()
    assert [proposal.inquiry_id for proposal in desk.view().proposals] == [first]


def test_both_are_laid_side_by_side_before_a_merge(pair):
    desk, _ = pair
    decide(desk, "M")
    sheet = desk.page.sheet
    assert isinstance(sheet, MergeSheet)
    assert [box.accessibleName() for box in sheet.questions.values()] == [MORE[0].verbatim]
    assert desk.view().state == "new"
    desk.press("Esc")
    assert desk.view().state == "new"
    assert desk.page.sheet is None


def test_a_merge_ends_the_case_and_gives_what_was_ticked(pair):
    desk, first = pair
    decide(desk, "M")
    sheet = desk.page.sheet
    next(iter(sheet.questions.values())).setChecked(True)
    sheet.reason.setText("Rang twice")
    desk.press("Ctrl+Return")
    assert desk.view().state == "duplicate"
    merged = desk.database.read(queries.case, first)
    assert MORE[0].verbatim in [question.verbatim for question in merged.questions]


def test_what_differs_is_told_line_by_line(pair):
    desk, first = pair
    lines = {line.label: line for line in lines_of(desk.view(), desk.database.read(queries.case, first))}
    assert lines["Product"].is_same
    assert not lines["Questions"].is_same


def test_a_case_that_came_first_warns_before_it_is_merged_away(make_desk, library, clock):
    desk = make_desk().open()
    later = take(library, received_at=clock.millis - 60_000, verbatim="Again")
    desk.page.left.repeats.compare(later)
    desk.settle()
    assert desk.page.sheet._hint.isVisible()


def test_a_case_without_likeness_shows_no_section(make_desk):
    desk = make_desk().open()
    assert desk.page.left.repeats.isHidden()


def test_a_call_back_is_logged_from_the_case(make_desk):
    desk = make_desk().open()
    calls = desk.page.left.calls
    calls.ask()
    assert calls.form.field("phone").text() == DANA.phone
    calls.form.submit()
    assert desk.view().calls == ()
    box = calls.form.field("outcome")
    box.setCurrentIndex(box.findData("voicemail"))
    calls.form.field("minutes").setText("3")
    calls.form.submit()
    desk.settle()
    (call,) = desk.view().calls
    assert (call.direction, call.outcome, call.seconds) == ("out", "voicemail", 180)
    assert calls.form is None


def test_linked_cases_lead_to_each_other(pair):
    desk, first = pair
    decide(desk, "R")
    desk.page.left.repeats.opened.emit(first)
    desk.settle()
    assert desk.page.target() == first
    assert [link.is_later for link in desk.page.read.view.links] == [False]
