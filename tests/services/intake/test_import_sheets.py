import datetime
import shutil
import zipfile

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import InputRefusedError
from app.services.intake import commands
from app.services.intake.importers import sheet_guard
from app.services.intake.importers.sheets import sheet_rows

HEADS = ("question", "channel", "received_at", "external_id", "requester_name", "solicited", "product")
GOOD = ("What dose?", "phone", "2026-11-20T08:55:00+01:00", "X-1", "Dana Whitfield", "", "")


@pytest.fixture
def book(tmp_path):
    """A workbook of one sheet with the heading and these rows, or with more sheets by name."""

    def _book(*rows, name="in.xlsx", heads=HEADS, **sheets):
        path = tmp_path / name
        with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as made:
            dated = made.add_format({"num_format": "yyyy-mm-dd hh:mm"})
            for title, lines in {"Inquiries": (heads, *rows), **sheets}.items():
                sheet = made.add_worksheet(title)
                for at, line in enumerate(lines):
                    for column, cell in enumerate(line):
                        _write(sheet, at, column, cell, dated)
        return path

    return _book


def _write(sheet, at, column, cell, dated):
    if isinstance(cell, datetime.datetime):
        sheet.write_datetime(at, column, cell, dated)
    elif isinstance(cell, str) and cell.startswith("{="):
        sheet.write_formula(at, column, cell[1:-1], None, "shown")
    else:
        sheet.write(at, column, cell)


def changed(path, name, edit):
    """The workbook with one part of its package changed, added or taken out."""
    target = path.with_name(f"changed-{path.name}")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        parts = {each: old.read(each) for each in old.namelist()}
        parts[name] = edit(parts.get(name, b""))
        for each, content in parts.items():
            if content is not None:
                new.writestr(each, content)
    return target


def test_cells_keep_what_they_mean(database, book, see):
    at = datetime.datetime(2026, 11, 20, 8, 55)  # noqa: DTZ001 - Excel knows no zone
    report = database.write(
        commands.import_file, book(("=2+2 mg?", "phone", at, 4711, "Dana", True, 10), GOOD)
    )
    assert report.refused == ()
    facts = see(report.added[0]).facts
    assert (facts["external_id"], facts["verbatim"]) == ("4711", "=2+2 mg?")
    assert (facts["solicited"], facts["product_given"]) == ("solicited", "10")
    assert (facts["received_at"], facts["received_zone"]) == (1_795_164_900_000, "Europe/London")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("{=A1}", *GOOD[1:]), "the question is a formula, not a value."),
        ((*GOOD[:3], 12345678901234567, "", "", ""), "the external id is a number of more than 15 digits"),
        (("Why?", "pigeon", *GOOD[2:]), "no channel"),
        (("Why?", "phone", 46346, "X-2", "", "", ""), "is no time"),
    ],
)
def test_a_wrong_row_names_its_line_in_excel_and_the_rest_is_in(database, book, row, reason):
    report = database.write(commands.import_file, book(GOOD, (), row, (*GOOD[:3], "X-9", "", "", "")))
    assert len(report.added) == 2
    ((line, said),) = [(each.line, each.reason) for each in report.refused]
    assert line == 4
    assert reason in said


def test_further_sheets_are_named_as_not_read_and_hidden_ones_are_left_alone(database, book):
    report = database.write(commands.import_file, book(GOOD, Second=[HEADS, GOOD], Empty=[]))
    assert len(report.added) == 1
    assert [each.reason.split(",")[0] for each in report.refused] == ["the sheet “Second” was not read"]


def test_a_formula_in_a_column_that_nobody_reads_does_no_harm(database, book):
    path = book((*GOOD, "{=1+1}"), heads=(*HEADS, "our sum"))
    assert len(database.write(commands.import_file, path).added) == 1


FAR = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet/>'


@pytest.mark.parametrize(
    ("part", "edit", "reason"),
    [
        ("xl/worksheets/sheet1.xml", lambda old: old.replace(b"</sheetData>", FAR), "column 16,384"),
        ("xl/worksheets/sheet1.xml", lambda old: old.replace(b'"A1"', b'"&#65;&#65;A1"'), "column 703"),
        ("xl/worksheets/sheet1.xml", lambda _old: ENTITY, "no Excel file"),
        ("xl/worksheets/sheet1.xml", lambda old: old[:200], "no Excel file"),
        ("xl/worksheets/sheet1.xml", lambda _old: None, "no Excel file"),
        ("xl/workbook.xml", lambda _old: b"", "no Excel file"),
        ("xl/_rels/workbook.xml.rels", lambda old: old.replace(b"worksheets/", b"media/"), "no Excel file"),
        ("xl/externalLinks/externalLink1.xml", lambda _old: b"<x/>", "values of other files"),
        ("xl/vbaProject.bin", lambda _old: b"x", "holds macros"),
        ("xl/media/zeros.bin", lambda _old: bytes(3_000_000), "unpacks to more than"),
    ],
)
def test_a_hostile_workbook_is_refused_before_it_is_opened(database, book, monkeypatch, part, edit, reason):
    monkeypatch.setattr(sheet_guard, "MAX_UNPACKED", 2_000_000)
    with pytest.raises(InputRefusedError, match=reason):
        database.write(commands.import_file, changed(book(GOOD), part, edit))


def test_cells_without_a_place_and_repeated_texts_count_too(book, monkeypatch):
    path = book(*[("x" * 1000, *GOOD[1:]) for _ in range(30)])
    monkeypatch.setattr(sheet_guard, "MAX_TEXT", 20_000)
    with pytest.raises(InputRefusedError, match="of text"):
        sheet_guard.inspect(path)
    monkeypatch.setattr(sheet_guard, "MAX_TEXT", 200_000)
    monkeypatch.setattr(sheet_guard, "MAX_COLUMNS", 20)
    cells = b'<row r="1">' + b"<c><v>1</v></c>" * 21 + b"</row></sheetData>"
    wide = changed(path, "xl/worksheets/sheet1.xml", lambda old: old.replace(b"</sheetData>", cells))
    with pytest.raises(InputRefusedError, match="larger"):
        sheet_guard.inspect(wide)


def test_the_directory_of_a_package_cannot_lie_about_its_size(book, monkeypatch):
    path = changed(book(GOOD), "xl/media/a.bin", lambda _old: bytes(500_000))
    content = path.read_bytes()
    claimed = content.replace((500_000).to_bytes(4, "little"), (5).to_bytes(4, "little"))
    path.write_bytes(claimed)
    assert claimed != content
    monkeypatch.setattr(sheet_guard, "MAX_UNPACKED", 200_000)
    with pytest.raises(InputRefusedError):
        sheet_guard.inspect(path)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no Excel file"),
        (b"PK\x03\x04", "no Excel file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "password"),
    ],
)
def test_what_is_no_workbook_is_refused(database, tmp_path, content, reason):
    (tmp_path / "a.xlsx").write_bytes(content)
    with pytest.raises(InputRefusedError, match=reason):
        database.write(commands.import_file, tmp_path / "a.xlsx")


@settings(max_examples=40)
@given(cut=st.integers(1, 5_000), flip=st.integers(0, 5_000), bit=st.integers(0, 7))
def test_a_broken_workbook_never_raises_anything_else(tmp_path_factory, cut, flip, bit):
    folder = tmp_path_factory.getbasetemp() / "broken"
    folder.mkdir(exist_ok=True)
    whole = folder / "whole.xlsx"
    if not whole.exists():
        with xlsxwriter.Workbook(whole) as made:
            made.add_worksheet().write_row(0, 0, HEADS)
    content = bytearray(shutil.copy(whole, folder / "broken.xlsx").read_bytes())
    content[flip % len(content)] ^= 1 << bit
    (folder / "broken.xlsx").write_bytes(content[: max(1, len(content) - cut % len(content))])
    (folder / "flipped.xlsx").write_bytes(content)
    for name in ("broken.xlsx", "flipped.xlsx"):
        try:
            list(sheet_rows(folder / name))
        except InputRefusedError:
            continue
