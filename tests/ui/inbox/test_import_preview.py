import csv

import pytest
import xlsxwriter
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.services.intake import queries

TICKET = {
    "Ticket ID": "35",
    "Subject": "Crushing tablets",
    "Description": "Can it be crushed?",
    "Requester": "Dana Whitfield",
    "Requester email": "dana@clinic.example.org",
    "Created at": "2026-11-20 08:55",
    "Via": "Mail",
    "Priority": "Urgent",
}
REQUEST = {
    "Request ID": "RQ-9",
    "Request Type": "Medical information",
    "Requestor": "Dana Whitfield",
    "Request Details": "Can it be split?",
    "Date Requested": "11/20/2026 08:55:00 AM",
}


def write(path, *rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture
def importer(desk):
    desk.page.begin_import()
    return desk.page.importer


@pytest.fixture
def look(desk, importer):
    def _look(*paths):
        importer.open_files(paths)
        desk.settle()
        return importer.preview

    return _look


def choose(box, data):
    at = next(n for n in range(box.count()) if getattr(box.itemData(n), "name", box.itemData(n)) == data)
    box.setCurrentIndex(at)
    box.activated.emit(at)


def test_an_export_is_shown_before_it_is_taken_in(desk, importer, look, tmp_path):
    empty = TICKET | {"Ticket ID": "36", "Description": "", "Subject": ""}
    preview = look(write(tmp_path / "tickets.csv", TICKET, empty))
    assert preview.mapping_box.currentText() == "Zendesk: ticket export (fits)"
    assert preview.reason.text().startswith("Proposed. The heading has “")
    assert "1 will be refused, the first in line 3: no question." in preview.outcome.text()
    assert preview.columns.box_of("Description").currentText() == "Question"
    assert desk.model.rowCount() == 0
    desk.page.primary_action().trigger()
    desk.settle()
    assert (importer.outcome.taken, importer.outcome.refused) == (1, 1)


def test_what_a_column_means_can_be_changed_and_kept(desk, database, look, tmp_path):
    preview = look(write(tmp_path / "t.csv", TICKET))
    choose(preview.columns.box_of("Subject"), "question")
    desk.settle()
    choose(preview.columns.box_of("Description"), "")
    desk.settle()
    at = preview.rows.rows.fields.index("question") + 2
    assert preview.rows.model().index(0, at).data() == "Crushing tablets"
    preview.name_edit.setText("Ours")
    preview.keep_mapping()
    desk.settle()
    assert "Kept as “Ours”" in preview.reason.text()
    assert database.read(queries.mapping_named, "Ours").columns["question"][0] == "Subject"
    preview.name_edit.setText("zendesk")
    preview.keep_mapping()
    desk.settle()
    assert "comes with the program" in preview.outcome.text()


def test_when_two_fit_the_person_chooses(desk, importer, look, tmp_path):
    preview = look(write(tmp_path / "both.csv", TICKET | REQUEST))
    assert preview.mapping_box.currentText() == "Choose one"
    assert "More than one fits" in preview.reason.text()
    assert not importer.primary.isEnabled()
    choose(preview.mapping_box, "arxspan")
    desk.settle()
    assert importer.primary.isEnabled()
    desk.page.primary_action().trigger()
    desk.settle()
    assert importer.outcome.reports[0].mapping == "arxspan"


def test_a_heading_that_nobody_knows_is_told_column_by_column(desk, importer, look, tmp_path):
    row = {"Frage": "Wie viel?", "Kanal": "phone", "Eingang": "2026-11-20 10:00"}
    preview = look(write(tmp_path / "a.csv", row))
    assert preview.reason.text() == "No known export has this heading."
    for header, target in (("Frage", "question"), ("Kanal", "channel"), ("Eingang", "received_at")):
        choose(preview.columns.box_of(header), target)
        desk.settle()
    assert preview.outcome.text() == "1 rows, none will be refused"
    importer.primary.trigger()
    desk.settle()
    assert importer.outcome.taken == 1


def test_several_files_are_each_looked_at_and_a_bad_one_stops_none(desk, importer, look, tmp_path):
    book = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(book) as made:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, list(REQUEST))
        sheet.write_row(1, 0, list(REQUEST.values()))
    (tmp_path / "broken.xlsx").write_bytes(b"PK")
    mail = tmp_path / "m.eml"
    mail.write_bytes(b"From: a@b.example.org\nSubject: s\nMessage-ID: <1@b>\n\nHow long does it keep?")
    preview = look(book, tmp_path / "broken.xlsx", mail, write(tmp_path / "t.csv", TICKET))
    assert preview.file_box.count() == 4
    assert preview.mapping_box.currentText() == "Arxspan: request export (fits)"
    preview.file_box.setCurrentIndex(1)
    assert "This file will be refused" in preview.outcome.text()
    preview.file_box.setCurrentIndex(2)
    assert not preview.columns.isVisible()
    assert preview.rows.model().rowCount() == 1
    importer.primary.trigger()
    desk.settle()
    assert (importer.outcome.taken, importer.outcome.refused) == (3, 1)


def test_mails_alone_are_taken_in_at_once(desk, importer, look, tmp_path):
    mail = tmp_path / "m.eml"
    mail.write_bytes(b"From: a@b.example.org\nSubject: s\nMessage-ID: <1@b>\n\nHow long does it keep?")
    look(mail)
    assert importer.outcome.taken == 1


def test_escape_leaves_the_look_and_then_the_page(desk, importer, look, tmp_path):
    look(write(tmp_path / "t.csv", TICKET))
    QTest.keyClick(importer, Qt.Key.Key_Escape)
    assert importer.primary.text() == "Choose files"
    QTest.keyClick(importer, Qt.Key.Key_Escape)
    assert desk.page.panes() != (importer,)
