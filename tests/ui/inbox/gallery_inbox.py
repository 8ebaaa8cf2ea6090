"""Paint the inbox to pictures, for the eye: `python tests/ui/inbox/gallery_inbox.py FOLDER`."""

import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from PySide6.QtCore import QEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.models.lifecycle_inquiry import Decision
from app.models.people import User
from app.models.product import Product
from app.services.intake import commands, queries
from app.services.safety import commands as safety
from app.services.workspace.database import Database, Identity
from app.services.workspace.migrate import upgrade
from app.ui import theme
from app.ui.inbox.actions import global_commands
from app.ui.inbox.page import InboxPage
from app.ui.jobs import JobRunner
from app.ui.shell.actions import Registry
from app.ui.shell.main_window import MainWindow
from app.ui.shell.page import Page, PageSpec

ROOT = Path(__file__).resolve().parents[3]
SAMPLE = ROOT / "resources" / "sample"
# 2026-11-22 23:48 in London
NOW = 1_795_391_280_000
SIZES = {"1440": (1440, 900), "1280": (1280, 720)}
HOUR = 3_600_000


@dataclass
class StillClock:
    millis: int = NOW

    def now(self):
        return self.millis

    def zone(self):
        return "Europe/London"


def new_database(folder: Path, clock: StillClock) -> Database:
    folder.mkdir(parents=True, exist_ok=True)
    database = Database(folder / "workspace.db", b"\x01" * 32, clock)
    upgrade(database.writer)
    database.identity = Identity("workspace-1", "device-1", "K7Q2", "user-1")
    products = json.loads((SAMPLE / "products.json").read_text(encoding="utf-8"))
    with database.unit() as uow:
        uow.session.add(User(id="user-1", name="P. Nilsson", roles=["specialist", "librarian"]))
        uow.session.add(User(id="user-2", name="T. Kaya", roles=["specialist"]))
        for at, each in enumerate(products):
            uow.session.add(
                Product(
                    id=f"product-{at}",
                    name=each["name"],
                    substance=each["substance"],
                    aliases=each["aliases"],
                )
            )
        uow.commit()
    return database


def fill_with_sample(database: Database) -> None:
    database.write(commands.import_file, SAMPLE / "inquiries.jsonl")
    query = queries.InboxQuery("all", "user-1", NOW, "Europe/London", sort="number")
    rows = database.read(queries.inbox_page, query, 100).rows
    for at, row in enumerate(rows[:10]):
        move_on(database, row.id, at)


def move_on(database: Database, inquiry_id: str, at: int) -> None:
    database.write(commands.triage, inquiry_id)
    case = database.read(queries.case, inquiry_id, "user-1")
    if case.contact is None:
        return
    for question in case.questions:
        label = "off_label" if at % 4 == 1 else "on_label"
        database.write(commands.assess_label, question.id, label, label_version="SmPC 4")
    decision = Decision.YES if at % 3 == 0 else Decision.NO
    database.write(
        safety.decide,
        inquiry_id,
        adverse_event=decision,
        special_situation=Decision.NO,
        quality_complaint=Decision.NO,
        reason="As told on the phone",
    )
    if at % 5 != 4:
        try:
            database.write(commands.assign, inquiry_id, "user-2" if at % 3 == 2 else None)
        except Exception as error:  # noqa: BLE001 - a sample that refuses a step stays in triage
            print(getattr(error, "blockers", error))  # noqa: T201 - a script for the eye
            return
    if at == 5:
        database.write(commands.start, inquiry_id)
        database.write(commands.ask_requester, inquiry_id, asked="Which renal function?", reason="Dose")


def many_rows(path: Path, count: int) -> Path:
    lines = (SAMPLE / "inquiries.jsonl").read_text(encoding="utf-8").splitlines()
    with path.open("w", encoding="utf-8") as file:
        for at in range(count):
            row = json.loads(lines[at % len(lines)])
            row["external_id"] = f"GEN-{at:06d}"
            row["question"] = f"{row['question'][:60].strip()} (copy {at})"
            file.write(json.dumps(row) + "\n")
    return path


class OtherPage(Page):
    """A place to go to."""


class Stage:
    """One window on one database."""

    def __init__(self, app: QApplication, database: Database) -> None:
        self.app, self.database = app, database
        self.runner, self.registry = JobRunner(), Registry()
        table = [
            ("inbox", "Inbox", "inbox"),
            ("case", "Case", "file-pen-line"),
            ("library", "Library", "library"),
        ]
        specs = [
            PageSpec(page_id, title, icon, f"Ctrl+{at}", self._factory(page_id))
            for at, (page_id, title, icon) in enumerate(table, start=1)
        ]
        self.window = MainWindow(specs, registry=self.registry, runner=self.runner)
        self.registry.extend(global_commands(self.window.go))
        self.window.start("inbox")
        self.page: InboxPage = self.window.current_page()

    def _factory(self, page_id):
        def make():
            if page_id == "inbox":
                return InboxPage(self.database, self.runner, registry=self.registry)
            return OtherPage()

        return make

    def settle(self, pause=120):
        for _ in range(3):
            QTest.qWait(pause)
            while self.runner.is_busy:
                QTest.qWait(10)
            self.app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QTest.qWait(60)

    def save(self, folder: Path, name: str) -> None:
        self.window.grab().save(str(folder / f"{name}.png"))

    def close(self):
        self.window.close()
        self.runner.close()
        self.window.deleteLater()
        self.app.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def show(stage: Stage, size) -> None:
    stage.window.resize(*size)
    stage.window.show()
    stage.window.activateWindow()
    stage.settle()


def paint_list(app, database, folder, name, size, *, act=None):
    stage = Stage(app, database)
    show(stage, size)
    if act is not None:
        act(stage)
        stage.settle()
    stage.save(folder, name)
    stage.close()


def all_open(stage):
    stage.page.listing.browse("all_open")
    stage.settle()
    stage.page.listing.list.setFocus()
    stage.page.step_down()


def compact(stage):
    all_open(stage)
    stage.page.toggle_density()


def no_match(stage):
    all_open(stage)
    stage.page.listing.focus_filter()
    QTest.keyClicks(stage.page.listing.filter_field, "atorvastin")
    stage.settle(250)


def new_form(stage):
    stage.page.begin_new()
    stage.settle()
    form = stage.page.form
    QTest.keyClicks(
        form.notes.edit,
        "Dr Aoife Brennan, GP, Cork. Sildenafil 50 mg, patient 61, chest pain since an hour. "
        "Asks when a nitrate can be given.",
    )
    form.fields["title"].set_text("Dr")
    form.fields["last_name"].set_text("Brennan")
    form.fields["role"].set_text("physician")
    form.fields["country"].set_text("Ireland (IE)")
    form.fields["product"].set_text("Viagra 50")
    form._on_product_left()
    form.fields["urgency"].set_text("urgent")
    stage.settle(250)


def new_form_wrong(stage):
    stage.page.begin_new()
    form = stage.page.form
    form.fields["email"].set_text("brennan(at)example")
    form.fields["country"].set_text("Irland oder so")
    form.fields["contact"].control.button("other").click()
    form.save()


def draft_kept(stage):
    new_form(stage)
    stage.page.form.leave()
    stage.settle()


def import_start(stage):
    stage.page.begin_import()


def import_report(stage):
    folder = Path(tempfile.mkdtemp())
    bad = folder / "crm export november.csv"
    bad.write_text(
        "external_id,received_at,channel,question,product\n"
        "A-1,2026-11-20T10:00:00+00:00,phone,What is the dose?,Atorvastatin tablets\n"
        "A-2,yesterday,phone,Can it be crushed?,Atorvastatin tablets\n"
        "A-3,2026-11-20T10:00:00+00:00,pigeon,Can it be crushed?,Atorvastatin tablets\n"
        "A-4,2026-11-20T10:00:00+00:00,email,,Atorvastatin tablets\n",
        encoding="utf-8",
    )
    broken = folder / "mail.json"
    broken.write_text("{not json", encoding="utf-8")
    stage.page.begin_import()
    stage.page.importer.import_files([bad, SAMPLE / "inquiries.jsonl", broken])
    stage.settle(300)


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "gallery-inbox")
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication.instance() or QApplication([])
    work = Path(tempfile.mkdtemp())
    clock = StillClock()
    theme.apply_theme(app, "light")
    empty, sample, many = (new_database(work / name, clock) for name in ("empty", "sample", "many"))
    clock.millis = NOW - 20 * HOUR
    fill_with_sample(sample)
    clock.millis = NOW
    many.write(commands.import_file, many_rows(work / "many.jsonl", 5000))
    acts = {
        "list": (sample, all_open),
        "mine": (sample, None),
        "compact": (sample, compact),
        "many": (many, all_open),
        "empty": (empty, None),
        "empty-mine": (many, None),
        "no-match": (sample, no_match),
        "form": (sample, new_form),
        "form-wrong": (sample, new_form_wrong),
        "draft": (sample, draft_kept),
        "import": (sample, import_start),
        "report": (sample, import_report),
    }
    only = sys.argv[2].split(",") if len(sys.argv) > 2 else list(acts)
    for theme_name in ("light", "dark"):
        theme.apply_theme(app, theme_name)
        for size_name, size in SIZES.items():
            for name, (database, act) in acts.items():
                if name in only:
                    paint_list(app, database, folder, f"{name}-{theme_name}-{size_name}", size, act=act)
    theme.apply_theme(app, "contrast")
    paint_list(app, sample, folder, "list-contrast-1440", SIZES["1440"], act=all_open)
    theme.apply_theme(app, "light")
    theme.set_text_factor(2.0)
    paint_list(app, sample, folder, "list-light-200", SIZES["1440"], act=all_open)
    paint_list(app, sample, folder, "form-light-200", SIZES["1440"], act=new_form)
    theme.set_text_factor(1.0)


if __name__ == "__main__":
    main()
