from datetime import date

import pytest

from app.errors import EnvironmentFaultError, InputRefusedError
from app.models.office_hours import (
    WEEKDAYS,
    OfficeForm,
    calendar_of,
    check_office,
    fields_of,
    form_of,
    hours_of,
    read_closures,
    read_hours,
    shipped_office,
    shipped_office_from,
)
from app.models.rules_data import parse_rules, resource_path

FORM = OfficeForm(
    name="Munich",
    zone="Europe/Berlin",
    week={"monday": "09:00-12:00, 13:00-17:00", "friday": "9:00 - 12:30"},
    countries=("DE", "AT"),
    country="DE",
    subdivision="BY",
    closures="2026-12-24 to 2026-12-31 Winter closure\n2026-06-05",
    worked_holidays=("2026-06-04",),
)


def test_an_office_survives_being_kept_in_a_record():
    fields = fields_of(FORM)
    shown = form_of(FORM.name, FORM.zone, FORM.countries, fields, is_default=False)
    assert shown.week["friday"] == "09:00-12:30"
    assert (shown.closures, shown.worked_holidays) == (FORM.closures, FORM.worked_holidays)
    assert fields_of(shown) == fields
    calendar = calendar_of(fields)
    assert calendar.windows(date(2026, 11, 23)) == ((540, 720), (780, 1020))
    assert not calendar.is_business_day(date(2026, 12, 28))
    assert calendar.windows(date(2026, 12, 25)) == calendar.windows(date(2026, 6, 5)) == ()


def test_a_worked_holiday_is_worked_only_on_a_weekday_of_the_office():
    week = {day: ["09:00-17:00"] for day in WEEKDAYS[:5]}
    calendar = calendar_of(
        {"hours": week, "country": "DE", "subdivision": "BY", "worked_holidays": ["2026-06-04", "2026-10-03"]}
    )
    assert calendar.is_business_day(date(2026, 6, 4))
    assert not calendar.is_business_day(date(2026, 10, 3))


def test_the_office_that_ships_works_from_nine_to_five():
    assert hours_of(shipped_office().calendar) == {"hours": {day: ["09:00-17:00"] for day in WEEKDAYS[:5]}}
    text = resource_path("rules", "offices.json").read_text(encoding="utf-8")
    with pytest.raises(EnvironmentFaultError):
        shipped_office_from(parse_rules("offices.json", text.replace('"calendar"', '"hours"')))


@pytest.mark.parametrize(
    "text", ["9-17", "nine to five", "09:00", "09:00-25:00", "17:00-09:00", "09:60-17:00"]
)
def test_hours_that_cannot_be_are_refused(text):
    with pytest.raises(InputRefusedError):
        calendar_of({"hours": {"monday": [text]}})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 121}, "120"),
        ({"zone": "Mars/Base"}, "time zone"),
        ({"countries": ("Germany",)}, "country code"),
        ({"subdivision": ""}, "Say where in DE"),
        ({"week": {}}, "working day"),
        ({"closures": "Christmas"}, "not a date"),
        ({"closures": "2026-12-31 to 2026-12-24"}, "within a year"),
        ({"closures": "2026-01-01 to 2028-01-01"}, "within a year"),
        ({"worked_holidays": ("soon",)}, "not a date"),
        ({"week": {"monday": "09:00-13:00, 12:00-17:00"}}, "do not overlap"),
    ],
)
def test_an_office_that_cannot_be_is_refused_with_the_reason(change, said):
    values = {name: getattr(FORM, name) for name in FORM.__slots__} | change
    with pytest.raises(InputRefusedError, match=said):
        check_office(OfficeForm(**values))


def test_what_is_typed_loosely_is_understood():
    assert read_hours("9:00\u201312:00 and 13:00-17:30") == ((540, 720), (780, 1050))
    assert read_hours("  ") == ()
    (closure,) = read_closures("\n 2026-12-24 - 2026-12-31  Winter closure \n")
    assert (closure.last, closure.name) == (date(2026, 12, 31), "Winter closure")


def test_an_unknown_weekday_is_named():
    with pytest.raises(InputRefusedError, match="funday"):
        calendar_of({"hours": {"funday": ["09:00-17:00"]}})
