"""The import pane with Word files and labels: what was read, what was listed, what was refused."""

import shutil
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication

from app.models.library_forms import Listed, Understood
from app.models.product import Product
from app.services.library import labels, queries
from app.services.library.commands import Imported
from app.ui.library.import_run import _line
from app.ui.library.page import LibraryPage

DATA = Path(__file__).resolve().parents[2] / "data" / "library"


@pytest.fixture
def page(library, runner, shown):
    return shown(LibraryPage(library, runner, choose_files=lambda _parent: []))


def test_a_word_file_is_taken_in_with_what_was_read_and_listed(page, settle, tmp_path, library):
    with library.unit() as uow:
        uow.session.add(Product(name="Atorvastatin tablets"))
        uow.commit()
    document = Path(shutil.copy(DATA / "footnotes.docx", tmp_path / "SRD-W1 v1.2.docx"))
    bad = tmp_path / "cut.docx"
    bad.write_bytes(document.read_bytes()[:900])
    page.ask_import([document, bad])
    settle()
    pane = page.import_pane
    assert pane.medicine.isVisible()
    assert not pane.labels_note.isVisible()
    pane.medicine_edit.setText("atorvastatin tablets")
    pane.as_drafts.setChecked(True)
    pane.submit()
    settle()
    shown = pane.report.toPlainText()
    assert "SRD-W1 v1.2" in shown
    assert "Read: 2 notes" in shown
    assert "No headings: The whole text is one section." in shown
    assert "cut.docx" in shown
    assert "damaged or cut off" in shown
    row = library.read(queries.document, library.read(queries.version_by_code, "SRD-W1")).row
    assert (row.product, row.state) == ("Atorvastatin tablets", "draft")
    pane.copy_report()
    assert "listed: no headings" in QGuiApplication.clipboard().text()


def test_labels_need_no_approval(page, settle, library):
    page.ask_import([DATA / "cough.xml"])
    pane = page.import_pane
    assert pane.labels_note.isVisible()
    assert not pane.question.isVisible()
    assert not pane.medicine.isVisible()
    pane.submit()
    settle()
    assert "Drug Facts v1" in pane.report.toPlainText()
    assert [row.title for row in library.read(labels.labels)] == ["Drug Facts"]
    page.ask_import([DATA / "cough.xml"])
    pane.submit()
    settle()
    assert "in the library already, the current version" in pane.report.toPlainText()


def test_files_of_both_kinds_are_told_apart(page, tmp_path):
    page.ask_import([DATA / "cough.xml", DATA / "footnotes.docx"])
    pane = page.import_pane
    assert pane.labels_note.text().startswith("1 label (.xml) comes in")
    assert pane.question.isVisible()
    pane.submit()
    assert pane.problem.isVisible()


def test_a_medicine_that_is_not_there_takes_nothing_in(page, settle, tmp_path, library):
    before = len(library.read(queries.documents))
    page.ask_import([DATA / "footnotes.docx"])
    pane = page.import_pane
    pane.medicine_edit.setText("Nothing such")
    pane.as_drafts.setChecked(True)
    pane.submit()
    settle()
    assert pane.form.isVisible()
    assert pane.medicine_edit.text() == "Nothing such"
    assert len(library.read(queries.documents)) == before


def test_many_listed_things_are_one_line_a_kind_on_screen_and_all_in_the_copy():
    listed = tuple(Listed("figure", f"picture {number}") for number in range(6))
    line = _line(
        Imported("v", "SRD-1", "1.0", "T", "draft", understood=(Understood("tables", 3),), listed=listed)
    )
    assert line.understood == "3 tables"
    assert line.listed == (
        "Figure (6): picture 0 \u00b7 picture 1 \u00b7 picture 2 \u00b7 picture 3 and 2 more",
    )
    assert len(line.all_listed) == 6
