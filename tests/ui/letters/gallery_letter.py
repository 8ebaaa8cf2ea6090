"""Paint an open letter in light and dark to pictures, for the eye.

Run `python tests/ui/letters/gallery_letter.py FOLDER`; it is no test.
"""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.models.library_forms import Approval
from app.models.people import Contact
from app.models.rules_data import resource_path
from app.services.library import commands as library
from app.services.library.importers import read_documents
from app.ui import theme
from app.ui.jobs import JobRunner
from app.ui.letters.autosave import DatabaseStore
from app.ui.letters.view import LetterView
from tests.conftest import FakeClock, new_database
from tests.services.letters.conftest import SRDS, new_desk


def make_desk(folder):
    database = new_database(folder, FakeClock())
    forms = [
        form for name in SRDS for form in read_documents(resource_path("sample", "srds", f"{name}.json"))
    ]
    database.write(
        library.import_documents,
        forms,
        approval=Approval("S. Okonjo-Reyes", "2026-01-26"),
        source_sha256="f" * 64,
    )
    desk = new_desk(database)
    desk.change(Contact, desk.contact_id, institution="General Hospital, Pharmacy")
    return desk


def caret_behind(view, words):
    found = view.editor.document().find(words)
    found.clearSelection()
    view.editor.setTextCursor(found)
    return found


def write(view, desk, letter_id):
    block = next(b for b in desk.inserted(letter_id) if b.kind == "paragraph")
    view.reveal(block.id)
    view.actions_by_name["unlock"].trigger()
    view.editor.moveCursor(QTextCursor.MoveOperation.NextWord)
    view.editor.moveCursor(QTextCursor.MoveOperation.NextWord)
    QTest.keyClicks(view.editor, "carefully selected ")
    last = desk.inserted(letter_id)[-1]
    view.reveal(last.id)
    view.editor.moveCursor(QTextCursor.MoveOperation.EndOfBlock)
    caret_at = view.editor.textCursor()
    caret_at.setPosition(view.editor.spans()[[s.block_id for s in view.editor.spans()].index(last.id)].end)
    view.editor.setTextCursor(caret_at)
    QTest.keyClick(view.editor, "\r")
    QTest.keyClicks(
        view.editor, "You also told us about a nosebleed that needed packing in another patient. We have"
    )
    QTest.keyClicks(
        view.editor, " recorded this as a safety report, and a colleague may call you for details."
    )
    return block.id


def shoot(app, view, folder, name):
    for theme_name in ("light", "dark"):
        theme.apply_theme(app, theme_name)
        app.processEvents()
        view.grab().save(str(folder / f"{name}-{theme_name}.png"))
    theme.apply_theme(app, "light")


def main(folder):
    app = QApplication([])
    theme.apply_theme(app, "light")
    with tempfile.TemporaryDirectory() as place:
        desk = make_desk(Path(place))
        letter_id = desk.answered_letter("SRD-ATO-002")
        runner = JobRunner()
        view = LetterView(runner, DatabaseStore(desk.database))
        view.setWindowTitle("Letter")
        view.resize(820, 1100)
        view.load(desk.letter(letter_id))
        view.show()
        view.activateWindow()
        view.focus_caret()
        QTest.qWait(50)
        runner.drain()
        shoot(app, view, folder, "letter-top")
        changed = write(view, desk, letter_id)
        runner.drain()
        shoot(app, view, folder, "letter-free")
        view.reveal(changed)
        runner.drain()
        shoot(app, view, folder, "letter-changed")
        view.actions_by_name["words"].trigger()
        shoot(app, view, folder, "letter-words")
        view.actions_by_name["words"].trigger()
        locked = next(b.id for b in desk.inserted(letter_id) if b.state == "verbatim")
        view.reveal(locked)
        QTest.keyClicks(view.editor, "x")
        shoot(app, view, folder, "letter-locked")
        view.reveal(desk.letter(letter_id).blocks[-1].id)
        shoot(app, view, folder, "letter-end")
        view.flush()
        runner.close()
        view.close()
        desk.database.close()


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    main(target)
