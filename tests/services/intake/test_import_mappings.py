import csv
import json

import pytest
from sqlalchemy import select

from app.errors import InputRefusedError
from app.models.audit import JournalRow
from app.services.intake import commands, queries
from app.services.intake.importers.mapping import mapping_of, proposals, shipped_mappings
from tests.conftest import NOW

EXPORTS = {
    "veeva_vault": {
        "Case": "C-1",
        "Case Request": "R-000123",
        "Date Received": "11/20/2026 08:55 AM",
        "Case Origination Channel": "Inbound Call",
        "Request Details": "Can it be crushed?",
        "Case Contact": "Dana Whitfield",
        "Contact Type": "Pharmacist",
        "Case Priority": "High",
        "Product": "Cardenza",
        "Country": "United States",
        "Language": "English",
    },
    "veeva_crm": {
        "Id": "a1X000000001",
        "Account_vod__r.Name": "Dana Whitfield",
        "Inquiry_Text__c": "Can it be crushed?",
        "Delivery_Method_vod__c": "Email_vod",
        "Submitted_Date_vod__c": "2026-11-20T08:55:00.000Z",
        "Rush_Delivery__c": "1",
        "Product__c": "Cardenza",
        "Country_vod__c": "us",
        "Email_vod__c": "dana@clinic.example.org",
    },
    "salesforce_health_cloud": {
        "Inquiry Question Name": "IQ-0042",
        "Inquiry": "INQ-7",
        "InquiryChannelType": "Field Request",
        "CreatedDate": "2026-11-20T08:55:00.000+0000",
        "QuestionText": "Can it be crushed?",
        "Contact Name": "Dana Whitfield",
        "Case.Priority": "High",
        "Product Name": "Cardenza",
        "Is Solicited": "false",
        "Country": "USA",
    },
    "zendesk": {
        "Ticket ID": "35",
        "Subject": "Crushing tablets",
        "Description": "Can it be crushed?",
        "Requester": "Dana Whitfield",
        "Requester email": "dana@clinic.example.org",
        "Created at": "2026-11-20 08:55",
        "Via": "Mail",
        "Priority": "Urgent",
        "Product": "Cardenza",
        "Country": "US",
    },
    "arxspan": {
        "Request ID": "RQ-9",
        "Request Type": "Medical information",
        "Requestor": "Dana Whitfield",
        "Request Details": "Can it be crushed?",
        "Date Requested": "11/20/2026 08:55:00 AM",
        "Priority": "High",
        "Compound": "Cardenza",
        "Country": "US",
    },
}


def write(path, *rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.mark.parametrize("name", EXPORTS)
def test_the_export_of_each_system_is_known_by_its_heading(database, product, see, tmp_path, name):
    path = write(tmp_path / f"{name}.csv", EXPORTS[name])
    report = database.write(commands.import_file, path)
    assert (report.refused, report.mapping) == ((), name)
    assert report.mapping_reason.startswith("The heading has “")
    case = see(report.added[0])
    assert (case.facts["verbatim"], case.product) == ("Can it be crushed?", "Cardenza")
    assert (case.facts["urgency"], case.facts["source"], case.facts["country"]) == ("urgent", name, "US")
    assert case.facts["external_id"].partition(":")[2]
    assert case.requester.name == "Dana Whitfield"
    assert database.write(commands.import_file, path).known == 1


def test_values_words_and_zones_are_those_of_the_mapping(database, see, tmp_path):
    facts = {}
    for name, row in EXPORTS.items():
        path = write(tmp_path / f"{name}.csv", row)
        facts[name] = see(database.write(commands.import_file, path).added[0]).facts
    assert [facts[name]["channel"] for name in EXPORTS] == ["phone", "field", "field", "email", "other"]
    assert facts["salesforce_health_cloud"]["solicited"] == "unsolicited"
    zones = [facts[name]["received_zone"] for name in EXPORTS]
    assert zones == ["UTC", "UTC", "UTC", "Europe/London", "UTC"]
    assert facts["zendesk"]["title"] == "Crushing tablets"


def test_each_heading_fits_one_shipped_mapping_alone():
    for name, row in EXPORTS.items():
        assert [each.mapping.name for each in proposals(list(row), shipped_mappings())] == [name]


def test_when_two_fit_nothing_is_chosen_and_the_choice_is_named(database, tmp_path):
    both = write(tmp_path / "both.csv", EXPORTS["zendesk"] | EXPORTS["arxspan"])
    (report,) = database.write(commands.import_files, [both])
    assert report.added == ()
    assert "Zendesk: ticket export (zendesk)" in report.refused[0].reason
    assert "(arxspan)" in report.refused[0].reason
    chosen = database.read(queries.mapping_named, "arxspan")
    report = database.write(commands.import_file, both, mapping=chosen)
    assert (len(report.added), report.mapping) == (1, "arxspan")


def test_columns_that_nobody_knows_are_named(database, tmp_path):
    path = write(tmp_path / "a.csv", {"Frage": "Wie viel?", "Kanal": "phone"})
    with pytest.raises(InputRefusedError, match="“Frage”, “Kanal”"):
        database.write(commands.import_file, path)


def test_nested_values_of_a_json_export_are_found(database, see, tmp_path):
    ticket = {
        "id": 35,
        "subject": "s",
        "description": "Can it be crushed?",
        "created_at": "2026-11-20T08:55:00Z",
        "via": {"channel": "email"},
        "requester": {"name": "Dana Whitfield", "email": "dana@clinic.example.org"},
    }
    (tmp_path / "t.jsonl").write_text(json.dumps(ticket), encoding="utf-8")
    report = database.write(commands.import_file, tmp_path / "t.jsonl")
    facts = see(report.added[0]).facts
    assert (report.mapping, facts["external_id"], facts["channel"]) == ("zendesk", "zendesk:35", "email")


def test_the_same_number_of_two_systems_is_two_inquiries(database, tmp_path):
    rows = EXPORTS["zendesk"], EXPORTS["arxspan"] | {"Request ID": "35"}
    reports = [
        database.write(commands.import_file, write(tmp_path / f"{n}.csv", each))
        for n, each in enumerate(rows)
    ]
    assert [len(report.added) for report in reports] == [1, 1]


def test_a_mapping_of_ones_own_is_kept_proposed_and_forgotten(database, tmp_path, see):
    mine = mapping_of("x", {"columns": {"question": ["Frage"], "channel": ["Kanal"]}, "marks": [["Frage"]]})
    mine = mine.with_target("Eingang", "received_at")
    database.write(commands.save_mapping, "Berlin", mine)
    path = write(tmp_path / "a.csv", {"Frage": "Wie viel?", "Kanal": "phone", "Eingang": "2026-11-20"})
    report = database.write(commands.import_file, path)
    assert (len(report.added), report.mapping) == (1, "Berlin")
    kinds = database.read(lambda s: s.scalars(select(JournalRow.op).filter_by(type="configuration")).all())
    assert "create" in kinds
    database.write(commands.forget_mapping, "Berlin")
    with pytest.raises(InputRefusedError):
        database.read(queries.mapping_named, "Berlin")
    database.write(commands.save_mapping, "Berlin", mine)
    assert database.read(queries.mapping_named, "Berlin").columns["received_at"] == ("Eingang",)
    for name in ("zendesk", "", "a/b"):
        with pytest.raises(InputRefusedError):
            database.write(commands.save_mapping, name, mine)


@pytest.mark.parametrize(
    "content",
    [
        [],
        {"columns": []},
        {"columns": {"shoe": ["a"]}},
        {"columns": {"question": "a"}},
        {"columns": {"question": [1]}},
        {"columns": {}, "zone": "Mars/North"},
        {"columns": {}, "marks": "a"},
        {"columns": {}, "values": {"channel": {"a": 1}}},
        {"columns": {}, "constants": {"colour": "red"}},
        {"a": 1},
    ],
)
def test_what_is_no_mapping_is_refused(content):
    with pytest.raises(InputRefusedError):
        mapping_of("x", content)


def test_a_preview_tells_what_will_be_read_and_refused_and_stores_nothing(database, tmp_path):
    path = write(
        tmp_path / "z.csv", EXPORTS["zendesk"], EXPORTS["zendesk"] | {"Description": "", "Subject": ""}
    )
    shown = database.read(queries.preview, path, now=NOW, zone="UTC")
    assert shown.mapping.name == "zendesk"
    targets = {column.name: column.target for column in shown.columns}
    assert (targets["Description"], targets["Priority"]) == ("question", "urgency")
    assert (shown.tried, shown.is_whole) == (2, True)
    assert [(each.line, each.reason) for each in shown.refused] == [(3, "no question.")]
    first = shown.rows[0].cells
    assert (first["question"], first["urgency"], first["channel"]) == (
        "Can it be crushed?",
        "urgent",
        "email",
    )
    changed = shown.mapping.with_target("Description", "")
    again = database.read(queries.preview, path, now=NOW, zone="UTC", mapping=changed)
    assert again.rows[0].cells["question"] == "Crushing tablets"


def test_a_preview_of_two_fitting_mappings_waits_for_the_person(database, tmp_path):
    path = write(tmp_path / "b.csv", EXPORTS["zendesk"] | EXPORTS["arxspan"])
    shown = database.read(queries.preview, path, now=NOW, zone="UTC")
    assert shown.mapping is None
    assert {each.mapping.name for each in shown.proposals} == {"zendesk", "arxspan"}
