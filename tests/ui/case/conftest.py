import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.models.inquiry_forms import InquiryForm, PersonForm, QuestionForm
from app.models.library_forms import Approval
from app.services.intake import commands, queries
from app.services.library.commands import import_file
from app.services.settings.commands import add_products, configure
from app.services.settings.queries import products
from app.ui.case.actions import case_commands
from app.ui.case.page import CasePage
from app.ui.jobs import JobRunner
from app.ui.library.label_panel import LabelPanel
from app.ui.library.panel import LibraryPanel
from app.ui.shell.actions import Registry
from app.ui.shell.main_window import MainWindow
from app.ui.shell.page import Page, PageSpec

SAMPLE = Path(__file__).resolve().parents[3] / "resources" / "sample"
DANA = PersonForm(
    first_name="Dana",
    last_name="Whitfield",
    role="pharmacist",
    credentials="PharmD",
    institution="Harbor Point Community Hospital",
    address="12 Breakwater Road, Port Ellery, ME 00000, United States",
    email="dana.whitfield@harborpoint.example.org",
    phone="+1 207-555-0143",
    country="US",
)
VERBATIM = (
    "I am the clinical pharmacist of an outpatient clinic. One of our patients started your atorvastatin "
    "tablets 40 mg last month, and I have three questions:\n\n"
    "1. Can atorvastatin be taken with grapefruit juice, and how much is too much?\n"
    "2. His renal function is declining. Is a dose adjustment of atorvastatin needed in patients with renal "
    "impairment?\n"
    "3. What should a patient do when a dose of atorvastatin is missed?\n\n"
    "A written answer by e-mail would be best. I ask on my own initiative; nobody from your company has "
    "contacted me about this."
)
QUESTIONS = (
    QuestionForm(
        "Can atorvastatin be taken with grapefruit juice, and how much is too much?",
        "Atorvastatin and grapefruit juice: how much is too much?",
        "drug_interaction/food",
    ),
    QuestionForm(
        "Is a dose adjustment of atorvastatin needed in patients with renal impairment?",
        "",
        "special_population/renal_impairment",
    ),
    QuestionForm(
        "What should a patient do when a dose of atorvastatin is missed?",
        "",
        "dosing_administration/missed_dose",
    ),
)
PASSPHRASE = "three blind mice on a wire"


class InboxPage(Page):
    """Where the way back leads."""


@dataclass
class Desk:
    """A window with a case page over a real database."""

    window: MainWindow
    page: CasePage
    runner: JobRunner
    database: object
    inquiry_id: str
    qtbot: object
    files: list

    def view(self):
        return self.database.read(queries.case, self.inquiry_id, "user-1", self.database.clock.now())

    def settle(self):
        self.qtbot.waitUntil(lambda: not self.runner.is_busy, timeout=10_000)

    def open(self):
        self.window.go("case", self.inquiry_id)
        self.settle()
        return self

    def press(self, *keys):

        for keys_text in keys:
            combination = QKeySequence(keys_text)[0]
            target = QApplication.focusWidget() or self.window
            QTest.keyClick(target, combination.key(), combination.keyboardModifiers())
        self.settle()

    def write(self, text):

        QTest.keyClicks(QApplication.focusWidget(), text)


def load_library(database):
    products = json.loads((SAMPLE / "products.json").read_text(encoding="utf-8"))
    fields = ("name", "substance", "aliases")
    database.write(add_products, [{key: item[key] for key in fields if key in item} for item in products])
    company = json.loads((SAMPLE / "company.json").read_text(encoding="utf-8"))
    database.write(configure, "company", company)
    for name in ("SRD-ATO-001-v2", "SRD-ATO-003", "SRD-ATO-005", "FAQ-ATO-001"):
        path = SAMPLE / "srds" / f"{name}.json"
        if path.exists():
            database.write(import_file, path, approval=Approval("A. Reviewer", "2026-01-15"))


def product_id(database):
    return next(item.id for item in database.read(products) if "torvastatin" in item.name)


def take(database, **changes):
    received = int(datetime(2026, 11, 22, 22, 5, tzinfo=UTC).timestamp() * 1000)
    facts = {
        "channel": "email",
        "verbatim": VERBATIM,
        "title": "Atorvastatin tablets: grapefruit juice, renal impairment, missed dose",
        "requester": DANA,
        "contact": DANA,
        "product_id": product_id(database),
        "country": "US",
        "questions": QUESTIONS,
        "received_at": received,
        "received_zone": "America/New_York",
        **changes,
    }
    return database.write(commands.capture, InquiryForm(**facts)).inquiry_id


def make_page(database, runner, *, files):
    return CasePage(
        database,
        runner,
        make_library_panel=lambda: LibraryPanel(database, runner),
        make_label_panel=lambda: LabelPanel(database, runner),
        verify_passphrase=lambda text: text == PASSPHRASE,
        sign=lambda payload: "0" * 128,
        choose_file=lambda _parent, _name: files.pop() if files else None,
        choose_pdf=lambda _parent: files.pop() if files else None,
    )


@pytest.fixture
def runner(qtbot):
    runner = JobRunner()
    yield runner
    runner.close()


@pytest.fixture
def library(database):
    load_library(database)
    return database


@pytest.fixture
def make_desk(themed_app, qtbot, runner, library):
    def make(**changes):
        registry, files = Registry(), []
        inquiry_id = take(library, **changes)
        page = make_page(library, runner, files=files)
        registry.extend(case_commands(page))
        specs = [
            PageSpec("inbox", "Inbox", "inbox", "Ctrl+1", InboxPage, chord="I"),
            PageSpec("case", "Case", "file-pen-line", "Ctrl+2", lambda: page, chord="C"),
        ]
        window = MainWindow(specs, registry=registry, runner=runner)
        registry.setParent(window)
        qtbot.addWidget(window)
        window.start("inbox")
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        return Desk(window, page, runner, library, inquiry_id, qtbot, files)

    return make


@pytest.fixture
def desk(make_desk):
    return make_desk().open()
