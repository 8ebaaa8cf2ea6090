"""Paint the case page in each of its states to pictures, for the eye.

Run `python tests/ui/case/gallery_case.py FOLDER [STATE]`; it is no test.
"""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from PySide6.QtCore import QEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.models.lifecycle_inquiry import Decision
from app.services.intake import commands as intake
from app.services.letters import commands as letters
from app.services.library import queries as library_queries
from app.services.safety import commands as safety
from app.ui import theme
from app.ui.jobs import JobRunner
from app.ui.shell.actions import Registry
from app.ui.shell.main_window import MainWindow
from app.ui.shell.page import PageSpec
from tests.conftest import FakeClock, new_database
from tests.ui.case import conftest as made

SIZES = {"1440": (1440, 900), "1280": (1280, 720)}
THEMES = ("light", "dark")
OTHERS = (("contrast", 1.0), ("light", 2.0))


def settle(app, runner):
    for _ in range(200):
        QTest.qWait(15)
        if not runner.is_busy:
            break
    QTest.qWait(30)
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    app.processEvents()


def decide_safety(database, inquiry_id):
    no = Decision.NO
    database.write(safety.decide, inquiry_id, adverse_event=Decision.UNCERTAIN, description="Muscle ache")
    database.write(
        safety.decide, inquiry_id, special_situation=no, quality_complaint=no, reason="No sign in the message"
    )


def assess(database, inquiry_id):
    for question in database.read(made.queries.case, inquiry_id).questions:
        database.write(intake.assess_label, question.id, "on_label", label_version="USPI 11")
    database.write(intake.edit_fact, inquiry_id, "solicited", "unsolicited")


def to_triage(database, inquiry_id):
    database.write(intake.triage, inquiry_id)


def to_progress(database, inquiry_id):
    to_triage(database, inquiry_id)
    decide_safety(database, inquiry_id)
    assess(database, inquiry_id)
    database.write(intake.assign, inquiry_id)
    database.write(intake.start, inquiry_id)


def to_letter(database, inquiry_id):
    to_progress(database, inquiry_id)
    database.write(
        intake.verify_contact,
        inquiry_id,
        method="domain_email",
        evidence="Wrote from harborpoint.example.org",
    )
    database.write(intake.add_note, inquiry_id, "Prefers mail; back at her desk on Monday from 9.")
    letter = database.write(letters.new_letter, inquiry_id).letter_id
    questions = database.read(made.queries.case, inquiry_id).questions
    for question in questions[:2]:
        hits = database.read(library_queries.search, question.verbatim)
        usable = next((hit for hit in hits if hit.row.state == "effective"), None)
        if usable is not None:
            database.write(
                letters.insert,
                letter,
                usable.row.id,
                section_id=usable.section_id,
                question_ids=[question.id],
            )
    return letter


def to_release(database, inquiry_id):
    letter = to_letter(database, inquiry_id)
    for question in database.read(made.queries.case, inquiry_id).questions[2:]:
        hits = database.read(library_queries.search, question.verbatim)
        usable = next(hit for hit in hits if hit.row.state == "effective")
        database.write(
            letters.insert, letter, usable.row.id, section_id=usable.section_id, question_ids=[question.id]
        )
    return letter


def to_send(database, inquiry_id):
    letter = to_release(database, inquiry_id)
    database.write(letters.release, letter, passphrase_verified=True, sign=lambda payload: "0" * 128)


STATES = {
    "release": to_release,
    "send": to_send,
    "new": lambda database, inquiry_id: None,
    "triage": to_triage,
    "progress": to_progress,
    "letter": to_letter,
}


def make_window(database, runner, inquiry_id, app):
    registry = Registry()
    page = made.make_page(database, runner, files=[])
    specs = [PageSpec("inbox", "Inbox", "inbox", "Ctrl+1", made.InboxPage, chord="I")]
    specs += [
        PageSpec("case", "Case", "file-pen-line", "Ctrl+2", lambda: page, chord="C"),
        PageSpec("library", "Library", "library", "Ctrl+3", made.InboxPage, chord="L"),
        PageSpec("safety", "Safety", "shield-alert", "Ctrl+5", made.InboxPage, chord="S"),
    ]
    window = MainWindow(specs, registry=registry, runner=runner)
    registry.setParent(window)
    window.start("inbox")
    window.show()
    window.go("case", inquiry_id)
    settle(app, runner)
    return window, page


def grab(app, runner, window, path):
    settle(app, runner)
    window.grab().save(str(path))


def show_variants(app, runner, window, page, name, shoot):
    shoot(name)
    if name == "triage":
        page.left.safety._on_answered("quality_complaint", "no")
        shoot("triage-no")
        page.show_checks()
        shoot("triage-checks")
    if name == "progress":
        page.middle.words.answer_by_phone()
        record = page.read.view.safety[0]
        page.left.safety.record(record.id).ask_hand_off()
        shoot("progress-phone")
    if name in ("release", "send"):
        page.run_next()
        settle(app, runner)
        if name == "release":
            page.sheet.passphrase.setText("wrong")
            page.sheet.submit()
        shoot(f"{name}-sheet")
        page.sheet.dismiss()
        page.more.ask("escalate")
        shoot(f"{name}-more")
    if name == "letter":
        page.show_checks()
        shoot("letter-checks")
        page.right.show_tab(2)
        shoot("letter-history")


def paint(app, folder, wanted):
    for name, prepare in STATES.items():
        if wanted and wanted != name:
            continue
        for size_name, size in SIZES.items():
            looks = [(look, 1.0) for look in THEMES]
            if name == "letter" and size_name == "1440":
                looks += OTHERS
            for look, factor in looks:
                theme.apply_theme(app, look)
                theme.set_text_factor(factor)
                shown_look = look if factor == 1 else f"{look}-200"
                with tempfile.TemporaryDirectory() as place:
                    runner, clock = JobRunner(), FakeClock()
                    database = new_database(Path(place), clock)
                    made.load_library(database)
                    inquiry_id = made.take(database)
                    prepare(database, inquiry_id)
                    window, page = make_window(database, runner, inquiry_id, app)
                    window.resize(*size)

                    def shoot(shown, window=window, size_name=size_name, look=shown_look, runner=runner):
                        grab(app, runner, window, folder / f"{shown}-{size_name}-{look}.png")

                    show_variants(app, runner, window, page, name, shoot)
                    window.close()
                    window.deleteLater()
                    settle(app, runner)
                    runner.close()
                    database.close()


def main(folder, wanted=""):
    app = QApplication.instance() or QApplication([])
    folder.mkdir(parents=True, exist_ok=True)
    theme.load_fonts()
    paint(app, folder, wanted)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "")
