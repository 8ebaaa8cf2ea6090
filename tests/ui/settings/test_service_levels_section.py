from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtWidgets import QLabel

from app.models.inquiry_forms import InquiryForm, QuestionForm
from app.models.sla import Priority, Stage
from app.services.intake import commands, queries
from app.services.settings.offices import offices
from app.services.settings.policies import change_policy, policies
from app.services.work.service_levels import service_levels
from app.ui.settings.coming_policy import ComingPolicy


@pytest.fixture
def section(settings, qtbot):
    settings.page.show_target("service_levels")
    found = settings.section("service_levels")
    settle(settings, qtbot)
    return found


def settle(settings, qtbot):
    qtbot.waitUntil(lambda: not settings.runner.is_busy)


def words_of(widget):
    return " | ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


def read(settings, query, *args):
    return settings.workspace.database.read(query, *args)


def fill(editor, **values):
    for name, text in values.items():
        getattr(editor, f"{name}_edit").setText(text)


def test_the_office_that_ships_and_the_limits_are_shown_until_somebody_changes_them(section, qtbot):
    qtbot.waitUntil(lambda: "Head office, default" in words_of(section))
    shown = words_of(section)
    assert "Mon\u2013Fri 09:00-17:00" in shown
    assert "Urgent: acknowledgement 4 h" in shown


def test_an_office_is_added_with_lunch_holidays_and_closures(section, settings, qtbot):
    section.office_row.button.click()
    editor = section.office_editor
    fill(
        editor,
        name="Munich",
        zone="Europe/Berlin",
        codes="de, at",
        country="de",
        part="BY",
        reason="New desk",
    )
    editor.day_edits["monday"].setText("9:00-12:00, 13:00-17:00")
    editor.closures_edit.setPlainText("2026-12-24 to 2026-12-31 Winter closure")
    editor.submit()
    settle(settings, qtbot)
    view = next(each for each in read(settings, offices, "UTC") if each.form.name == "Munich")
    assert (view.form.countries, view.form.country, view.form.subdivision) == (("DE", "AT"), "DE", "BY")
    assert view.form.week["monday"] == "09:00-12:00, 13:00-17:00"
    assert view.form.closures == "2026-12-24 to 2026-12-31 Winter closure"
    assert editor.isHidden()
    qtbot.waitUntil(lambda: "holidays of DE-BY" in words_of(section))
    assert "office" in settings.events()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"name": ""}, "name"),
        ({"reason": ""}, "Say why"),
        ({"zone": "Europe/Atlantis"}, "time zone"),
        ({"part": ""}, "Say where in DE"),
        ({"codes": "Germany"}, "country code"),
        ({"worked": "Christmas"}, "not a date"),
    ],
)
def test_what_is_wrong_with_an_office_is_said_and_nothing_is_lost(section, settings, qtbot, values, said):
    section.office_row.button.click()
    editor = section.office_editor
    good = {
        "name": "Munich",
        "zone": "Europe/Berlin",
        "codes": "DE",
        "country": "DE",
        "part": "BY",
        "reason": "New",
    }
    fill(editor, **(good | values))
    editor.submit()
    settle(settings, qtbot)
    assert said in editor.error_label.text()
    assert editor.isVisible()
    assert editor.zone_edit.text() == values.get("zone", "Europe/Berlin")
    assert len(read(settings, offices, "UTC")) == 1


def test_changing_the_shipped_office_makes_it_this_workspaces_default(section, settings, qtbot):
    section._edit(read(settings, offices, "Europe/London")[0])
    fill(section.office_editor, name="London desk", reason="Our own name")
    section.office_editor.submit()
    settle(settings, qtbot)
    assert [(each.form.name, each.form.is_default) for each in read(settings, offices, "UTC")] == [
        ("London desk", True)
    ]
    assert read(settings, service_levels, "UTC").office(None).name == "London desk"


def test_other_limits_are_promised_with_a_reason(section, settings, qtbot, clock):
    section.policy_row.button.click()
    editor = section.policy_editor
    editor.limit_edits[Stage.ANSWER_STANDARD, Priority.ROUTINE].setText("1 day")
    editor.submit()
    assert "Say why" in editor.error_label.text()
    editor.reason_edit.setText("SOP 12, edition 3")
    editor.submit()
    settle(settings, qtbot)
    newest = read(settings, policies, clock.now())[0]
    assert (newest.number, newest.is_in_force) == ("SL-1", True)
    qtbot.waitUntil(lambda: "standard answer 1 d" in words_of(section))


@pytest.mark.parametrize(("text", "said"), [("soon", "4 h"), ("0 h", "1 to 1,000"), ("", "4 h")])
def test_a_limit_that_cannot_be_is_refused_in_place(section, settings, qtbot, text, said):
    section.policy_row.button.click()
    editor = section.policy_editor
    editor.limit_edits[3, Priority.URGENT].setText(text)
    editor.reason_edit.setText("SOP")
    editor.submit()
    settle(settings, qtbot)
    assert said in editor.error_label.text()


def test_limits_of_a_later_day_are_announced(section, settings, qtbot, clock):
    section.policy_row.button.click()
    editor = section.policy_editor
    later = datetime.fromtimestamp(clock.now() / 1000 + 864_000, ZoneInfo("UTC"))
    fill(editor, reason="SOP", **{"from": f"{later:%Y-%m-%d} 09:00"})
    editor.submit()
    settle(settings, qtbot)
    qtbot.waitUntil(lambda: "SL-1 begins on" in words_of(section))


def test_open_inquiries_are_counted_beside_their_office(section, settings, qtbot):
    form = InquiryForm(channel="email", questions=(QuestionForm("What dose?"),), country="US")
    taken = settings.workspace.database.write(commands.capture, form)
    section.reload()
    settle(settings, qtbot)
    qtbot.waitUntil(lambda: "1 open inquiry" in words_of(section))
    case = read(settings, queries.case, taken.inquiry_id)
    assert case.service.office == "Head office"


def test_service_levels_that_have_not_begun_are_withdrawn_with_a_reason(section, settings, qtbot):
    database = settings.workspace.database
    later = database.clock.now() + 7 * 24 * 3_600_000
    policy = read(settings, policies, database.clock.now())[0].policy
    changes = database.write(change_policy, policy, reason="Busy season", effective_from=later)
    settings.page.on_changes(changes)
    qtbot.waitUntil(lambda: section.findChild(ComingPolicy) is not None)
    line = section.findChild(ComingPolicy)
    line.button.click()
    line.form.submit()
    assert "Say why they are withdrawn" in line.form.error_label.text()
    line.form.reason_edit.setText("Too early")
    line.form.submit()
    settle(settings, qtbot)
    assert [view.id for view in read(settings, policies, database.clock.now())] == [None]
    qtbot.waitUntil(lambda: " begins on " not in words_of(section))
    assert "sla_policy" in settings.events()
