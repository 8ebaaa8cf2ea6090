"""The steps of the tour, in the order of the main job."""

from pathlib import Path
from typing import TypeVar

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from app.errors import EnvironmentFaultError
from app.models.manifest import verify_manifest
from app.models.rules_data import resource_path
from app.services.intake.queries import CaseView, find
from app.services.letters import queries as letters
from app.services.library.queries import document, version_by_code
from app.tour.stage import LETTER, Stage
from app.ui.case.delivery_sheet import DeliverySheet
from app.ui.case.form import InlineForm
from app.ui.case.menu_row import MenuRow
from app.ui.case.page import CasePage
from app.ui.case.release_sheet import ReleaseSheet
from app.ui.case.right_pane import CHECKS, HISTORY
from app.ui.inbox.page import InboxPage
from app.ui.library.panel import LibraryPanel
from app.ui.shell.main_window import MainWindow
from app.ui.unlock.first_run import SAMPLE_PASSPHRASE, FirstRun
from app.ui.unlock.unlock_page import UnlockPage

P = TypeVar("P", bound=QWidget)

# What stands under the e-mail.
_SIGNED_BY = {
    "credentials": "PharmD",
    "institution": "Harbor Point Community Hospital",
    "phone": "+1 207-555-0143",
    "address": "12 Breakwater Road, Port Ellery, ME 00000",
    "country": "us",
}
_QUESTIONS = (
    "Can atorvastatin be taken with grapefruit juice, and how much is too much?",
    "Is a dose adjustment of atorvastatin needed in patients with renal impairment?",
    "What should a patient do when a dose of atorvastatin is missed?",
)


def walk(stage: Stage) -> str:
    """Walk the whole path and return the SHA-256 of the released letter."""
    _begin(stage)
    _unlock(stage)
    _take_the_mail(stage)
    page = _open_the_case(stage)
    _triage(stage, page)
    _ask_what_was_asked(stage, page)
    _work(stage, page)
    _answer(stage, page)
    _release(stage, page)
    sha256 = _send(stage, page)
    _close(stage, page)
    _look_around(stage)
    return sha256


def _begin(stage: Stage) -> None:
    stage.open()
    stage.fit()
    stage.picture("first-run", "A new device: make a workspace, open one, or try the sample.")
    first = stage.window.findChild(FirstRun)
    stage.click(_found(first, "the first run").choice_step.sample_button)
    stage.wait_for(lambda: stage.desktop.workbench is not None, "the sample workspace")
    stage.settle()


def _unlock(stage: Stage) -> None:
    stage.reopen()
    stage.fit()
    unlock = _found(stage.window.findChild(UnlockPage), "the lock page")
    unlock.focus_field()
    stage.write(SAMPLE_PASSPHRASE)
    stage.picture("unlock", "Everything on disk is encrypted; the passphrase opens it.")
    stage.press("Return")
    stage.wait_for(lambda: stage.desktop.workbench is not None, "the workspace to open")
    stage.fit()


def _main(stage: Stage) -> MainWindow:
    window = stage.window
    if not isinstance(window, MainWindow):
        raise EnvironmentFaultError("The tour lost the main window. Start it again.")
    return window


def _take_the_mail(stage: Stage) -> None:
    window = _main(stage)
    window.go("inbox", "view:all_open")
    stage.settle()
    stage.picture("inbox", "The inbox: what is late is coloured, the rest is quiet.")
    inbox = window.current_page()
    if not isinstance(inbox, InboxPage):
        raise EnvironmentFaultError("The tour did not find the inbox. Start it again.")
    stage.press("Ctrl+O")
    inbox.importer.import_files([resource_path("sample", "inquiry.eml")])
    stage.settle()
    stage.picture("import", "A pharmacist's e-mail is dropped in; every row of a file is accounted for.")
    stage.press("Escape")


def _open_the_case(stage: Stage) -> CasePage:
    window = _main(stage)
    stage.press("Ctrl+K")
    stage.write("grapefruit")
    stage.picture("palette", "Ctrl+K finds inquiries, standard responses and commands.")
    stage.press("Escape")
    database = stage.desktop.opened().database
    hit = next(
        hit for hit in database.read(find, "grapefruit renal missed") if "grapefruit" in hit.title.lower()
    )
    window.go("case", hit.inquiry_id)
    stage.settle()
    page = window.current_page()
    if not isinstance(page, CasePage):
        raise EnvironmentFaultError("The tour did not find the case. Start it again.")
    return page


def _triage(stage: Stage, page: CasePage) -> None:
    stage.picture("case-new", "The case: the caller's own words in the middle, facts at the left.")
    facts = page.left.facts
    _fill_form(stage, facts.rows["requester"], page, _SIGNED_BY, choices={"role": "pharmacist"})
    _fill_form(stage, facts.rows["contact"], page, {}, choices={"who": "same"})
    _choose(stage, facts.rows["product_id"], "Atorvastatin tablets", by_text=True)
    _next(stage, page, "triage")
    _say_no(stage, page, "adverse_event", "Read twice: no event in a patient is told")
    _say_no(stage, page, "special_situation", "")
    _say_no(stage, page, "quality_complaint", "")


def _ask_what_was_asked(stage: Stage, page: CasePage) -> None:
    for number, text in enumerate(_QUESTIONS):
        if number < len(_view(page).questions):
            card = page.left.questions.card(_view(page).questions[number].id)
            page.left.questions.choose(card.question_id)
            stage.settle()
            _edit(stage, card.restated, text)
        else:
            page.left.questions.add_question()
            _submit_form(stage, page.left.questions.form, {"verbatim": text, "restated": text})
    for question in _view(page).questions:
        page.left.questions.choose(question.id)
        stage.settle()
        _choose(stage, page.left.questions.card(question.id).label, "on_label")
    _choose(stage, page.left.facts.rows["solicited"], "unsolicited")
    stage.picture("triage", "Triage: three questions, and a person has answered each safety question.")


def _work(stage: Stage, page: CasePage) -> None:
    _next(stage, page, "assigned")
    _next(stage, page, "in_progress")
    form = {"evidence": "Wrote from the address of the hospital's own domain"}
    _fill_form(stage, page.left.facts.rows["verified"], page, form, choices={"method": "domain_email"})
    stage.press("Ctrl+Return")
    stage.wait_for(lambda: page.read is not None and page.read.letter is not None, "the letter")
    stage.settle()
    stage.picture("letter-new", "A new letter: template on the left margin, the library at the right.")


def _answer(stage: Stage, page: CasePage) -> None:
    wanted = ("SRD-ATO-001", "SRD-ATO-002", "SRD-ATO-003")
    for question, code in zip(_view(page).questions, wanted, strict=True):
        page.left.questions.choose(question.id)
        stage.settle()
        _insert_summary(stage, page, code)
    stage.picture(
        "letter-answered",
        "Approved paragraphs, each with its source in the margin and its citations numbered.",
    )
    page.right.show_tab(CHECKS)
    stage.settle()
    stage.picture("checks", "The checks: each finding leads to its sentence.")


def _insert_summary(stage: Stage, page: CasePage, code: str) -> None:
    database = stage.desktop.opened().database
    version_id = database.read(version_by_code, code)
    section = database.read(document, version_id).sections[0]
    library = page.right.library
    if not isinstance(library, LibraryPanel):
        raise EnvironmentFaultError("The tour did not find the library. Start it again.")
    library.reveal_source(version_id, section.id, -1)
    stage.settle()
    library.focus_list()
    stage.press("Return")


def _release(stage: Stage, page: CasePage) -> None:
    stage.press("Ctrl+Return")
    sheet = page.sheet
    if not isinstance(sheet, ReleaseSheet):
        raise EnvironmentFaultError(_why_not(page))
    stage.focus(sheet.passphrase)
    stage.write(SAMPLE_PASSPHRASE)
    stage.picture("release", "Release by the author: the passphrase once more, then the bytes are frozen.")
    stage.press("Return")
    stage.wait_for(lambda: page.read is not None and page.read.package is not None, "the frozen letter")


def _send(stage: Stage, page: CasePage) -> str:
    stage.press("Ctrl+Return")
    sheet = page.sheet
    if not isinstance(sheet, DeliverySheet):
        raise EnvironmentFaultError(_why_not(page))
    for button in sheet.export_buttons.values():
        stage.click(button)
    stage.picture("export", "The letter as a Word file, a PDF and the draft of a mail, the hash beside it.")
    sha256 = _keep_manifest(stage, page, stage.out / LETTER)
    stage.press("Ctrl+Return")
    stage.wait_for(
        lambda: _view(page).state in ("in_progress", "answered") and page.sheet is None, "the delivery"
    )
    return sha256


def _keep_manifest(stage: Stage, page: CasePage, target: Path) -> str:
    read = page.read
    if read is None or read.letter is None:
        raise EnvironmentFaultError("The tour lost its letter. Start it again.")
    package = stage.desktop.opened().database.read(letters.package, read.letter.id)
    if package is None or package.document != target.read_bytes():
        raise EnvironmentFaultError("The exported letter is not the frozen one.")
    problems = verify_manifest(package.document, package.manifest)
    if problems:
        raise EnvironmentFaultError(f"The manifest does not fit the letter: {problems[0]}")
    target.with_suffix(".manifest.json").write_text(package.manifest + "\n", encoding="utf-8")
    return package.sha256


def _close(stage: Stage, page: CasePage) -> None:
    stage.settle()
    _next(stage, page, "answered")
    for box in page.left.closing.boxes.values():
        if not box.isChecked():
            stage.focus(box)
            stage.press("Space")
    _next(stage, page, "closed")
    page.right.show_tab(HISTORY)
    stage.settle()
    stage.picture("closed", "The case is closed; its history says who did what, when and why.")


def _look_around(stage: Stage) -> None:
    window = _main(stage)
    stage.press("Ctrl+3")
    stage.picture("library", "The library: effective, on hold, superseded; each version with its text.")
    _action(stage, "look.dark").trigger()
    stage.press("Ctrl+1")
    window.go("inbox", "view:all_open")
    stage.picture("dark", "The same inbox at night.")


def _action(stage: Stage, command_id: str) -> QAction:
    workbench = stage.desktop.workbench
    if workbench is None:
        raise EnvironmentFaultError("The tour lost its workspace. Start it again.")
    return workbench.registry.action(command_id)


def _view(page: CasePage) -> CaseView:
    if page.read is None:
        raise EnvironmentFaultError("The tour lost its case. Start it again.")
    return page.read.view


def _why_not(page: CasePage) -> str:
    read, step = page.read, page.step
    told = [*(step.blockers if step else ()), *(f.message for f in (read.blocking if read else ()))]
    return "The tour could not go on: " + (" ".join(told) or "the sheet did not open.")


def _next(stage: Stage, page: CasePage, state: str) -> None:
    """Take the next step by its key, and say what blocked it if it was blocked."""
    if page.step is not None and page.step.to_fix:
        raise EnvironmentFaultError(_why_not(page))
    stage.press("Ctrl+Return")
    stage.wait_for(lambda: _view(page).state == state, f"the case to be {state.replace('_', ' ')}")
    stage.settle()


def _say_no(stage: Stage, page: CasePage, key: str, reason: str) -> None:
    row = page.left.safety.rows[key]
    stage.focus(row.control.button("yes"))
    stage.press("Alt+N")
    if reason:
        stage.write(reason)
    stage.press("Return")


def _choose(stage: Stage, row: QWidget, wanted: str, *, by_text: bool = False) -> None:
    if not isinstance(row, MenuRow):
        raise EnvironmentFaultError("The tour did not find a fact to choose.")
    stage.focus(row)
    stage.press("Return")
    menu = _found(row.menu, "the menu of a fact")
    next(each for each in menu.actions() if (each.text() if by_text else each.data()) == wanted).trigger()
    menu.close()
    stage.settle()


def _edit(stage: Stage, row: QWidget, text: str) -> None:
    stage.focus(row)
    stage.press("Return")
    field = _found(row.findChild(QLineEdit), "the field")
    field.clear()
    stage.focus(field)
    stage.write(text)
    stage.press("Return")


def _fill_form(
    stage: Stage, row: QWidget, page: CasePage, texts: dict[str, str], *, choices: dict[str, str]
) -> None:
    stage.focus(row)
    stage.press("Return")
    _submit_form(stage, page.left.facts.form, texts, choices)


def _submit_form(
    stage: Stage, form: QWidget | None, texts: dict[str, str], choices: dict[str, str] | None = None
) -> None:
    if not isinstance(form, InlineForm):
        raise EnvironmentFaultError("The tour did not find its form.")
    for key, code in (choices or {}).items():
        box = form.field(key)
        if isinstance(box, QComboBox):
            box.setCurrentIndex(box.findData(code))
    for key, text in texts.items():
        field = form.field(key)
        stage.focus(field)
        stage.press("Ctrl+A")
        stage.write(text)
    form.submit()
    stage.settle()


def _found(widget: P | None, what: str) -> P:
    if widget is None:
        raise EnvironmentFaultError(f"The tour did not find {what}. Start it again.")
    return widget
