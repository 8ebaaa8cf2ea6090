"""The head of a case: its clocks are read whole, whatever else stands there."""

import pytest

from app.services.intake import commands
from tests.ui.case.gallery_case import to_progress


@pytest.mark.parametrize("width", [1440, 1280])
def test_no_clock_of_the_head_is_cut_off(make_desk, clock, width):
    desk = make_desk()
    to_progress(desk.database, desk.inquiry_id)
    desk.database.write(commands.escalate, desk.inquiry_id, target="safety", reason="Serious")
    desk.database.write(commands.edit_fact, desk.inquiry_id, "urgency", "urgent")
    desk.database.write(commands.set_tags, desk.inquiry_id, ("KOL", "Media", "Board"))
    clock.advance(hours=40)
    desk.open()
    desk.window.resize(width, 800)
    desk.settle()
    desk.page.header.layout().activate()
    for chip in (desk.page.header.due, desk.page.header.safety):
        assert chip.isVisible()
        assert chip.width() >= chip.sizeHint().width()
    assert desk.page.header.width() <= desk.page.width()


def test_the_button_of_a_sheet_is_the_loud_one(make_desk):
    desk = make_desk()
    to_progress(desk.database, desk.inquiry_id)
    desk.open()
    desk.page.more.ask("escalate")
    desk.settle()
    assert desk.page.sheet.form.keep_button.property("v") == "primary"
