from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.models.inquiry_forms import InquiryForm, PersonForm
from app.services.intake import commands, queries
from app.services.settings.commands import add_products
from app.ui.inbox.quick_capture_page import CallsPage, call_commands, global_call_commands
from app.ui.jobs import JobRunner
from app.ui.shell.actions import Registry
from app.ui.shell.main_window import MainWindow
from app.ui.shell.page import Page, PageSpec

NOTES = "Pen did not click, window half yellow."


class Inbox(Page):
    """Where the user is when the phone rings."""


@dataclass
class Desk:
    window: MainWindow
    page: CallsPage
    runner: JobRunner
    database: object
    qtbot: object
    went: list = field(default_factory=list)
    said: list = field(default_factory=list)

    @property
    def form(self):
        return self.page.form

    def settle(self):
        self.qtbot.waitUntil(lambda: not self.runner.is_busy, timeout=10_000)

    def press(self, key, modifiers=Qt.KeyboardModifier.NoModifier):
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifiers)
        self.settle()

    def type(self, text):
        QTest.keyClicks(QApplication.focusWidget(), text)

    def ring(self):
        self.press(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)

    def alt(self, letter):
        self.press(getattr(Qt.Key, f"Key_{letter}"), Qt.KeyboardModifier.AltModifier)

    def finish(self):
        self.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    def calls(self):
        return self.database.read(queries.calls)

    def drafts(self):
        return self.database.read(queries.kept_calls)


@pytest.fixture
def runner(qtbot):
    runner = JobRunner()
    yield runner
    runner.close()


@pytest.fixture
def desk(database, themed_app, qtbot, runner):
    database.write(add_products, [{"name": "Tavelo", "substance": "tavelomab", "aliases": ["Tavelo pen"]}])
    registry = Registry()
    page = CallsPage(database, runner)
    registry.extend(call_commands(page))
    specs = [
        PageSpec("inbox", "Inbox", "inbox", "Ctrl+1", Inbox, chord="I"),
        PageSpec("calls", "Calls", "phone", "", lambda: page, chord="P"),
    ]
    window = MainWindow(specs, registry=registry, runner=runner)
    registry.setParent(window)
    registry.extend(global_call_commands(window.go))
    desk = Desk(window, page, runner, database, qtbot)
    page.go_requested.connect(lambda *place: desk.went.append(place))
    page.message_requested.connect(desk.said.append)
    qtbot.addWidget(window)
    window.start("inbox")
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    desk.settle()
    return desk


def test_a_call_becomes_an_inquiry_by_keyboard_alone(desk, clock):
    desk.ring()
    assert desk.form.notes.edit.hasFocus()
    desk.type(NOTES)
    desk.alt("Q")
    desk.type("Give a second pen today?")
    desk.press(Qt.Key.Key_Return)
    desk.type("Can it stay out of the fridge?")
    desk.form.fields["caller"].editor.setFocus()
    desk.type("Dr Aoife Brennan")
    desk.press(Qt.Key.Key_Tab)
    desk.type("+353 20 910 0142")
    desk.form.fields["product"].editor.setFocus()
    desk.type("Tavelo pen")
    started = clock.millis
    clock.advance(seconds=252)
    desk.finish()

    (call,) = desk.calls()
    case = desk.database.read(queries.case, call.inquiry_id)
    assert (call.started_at, call.seconds, call.outcome) == (started, 252, "inquiry")
    assert [question.verbatim for question in case.questions] == [
        "Give a second pen today?",
        "Can it stay out of the fridge?",
    ]
    assert (case.facts["channel"], case.facts["verbatim"], case.facts["received_at"]) == (
        "phone",
        NOTES,
        started,
    )
    assert (case.requester.fields.title, case.requester.name) == ("Dr", "Aoife Brennan")
    assert case.product == "Tavelo"
    assert desk.drafts() == ()
    assert desk.went == [("case", call.inquiry_id)]


def test_answer_later_stays_on_the_log(desk):
    desk.ring()
    desk.type(NOTES)
    desk.press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert len(desk.calls()) == 1
    assert desk.went == []
    assert "in the inbox" in desk.said[-1]


def test_several_calls_wait_as_drafts_and_are_finished_later(desk, clock):
    desk.ring()
    desk.type("First caller")
    clock.advance(seconds=60)
    desk.ring()
    desk.type("Second caller")
    desk.press(Qt.Key.Key_Escape)
    assert [draft.values["notes"] for draft in desk.drafts()] == ["Second caller", "First caller"]
    assert "2" in desk.page.log.header.fact

    clock.advance(hours=3)
    first = desk.page.log.model.index(1)
    desk.page.log.list.setCurrentIndex(first)
    desk.page.log.list.setFocus()
    desk.press(Qt.Key.Key_Return)
    assert desk.form.notes.text() == "First caller"
    desk.finish()
    (call,) = desk.calls()
    assert call.seconds == 60
    assert len(desk.drafts()) == 1


def test_what_is_typed_is_in_the_workspace_within_two_seconds(desk):
    desk.ring()
    desk.type(NOTES)
    desk.qtbot.waitUntil(lambda: [draft.values["notes"] for draft in desk.drafts()] == [NOTES], timeout=2_000)


def test_a_wrong_number_is_kept_without_an_inquiry(desk):
    desk.ring()
    desk.type("Wanted the pharmacy next door")
    desk.alt("W")
    desk.qtbot.waitUntil(desk.form.menu.isVisible)
    action = next(each for each in desk.form.menu.actions() if each.text() == "Wrong number")
    desk.form.menu.close()
    action.trigger()
    desk.settle()
    (call,) = desk.calls()
    assert (call.outcome, call.inquiry_id) == ("wrong_number", "")
    assert desk.drafts() == ()


def test_a_suspected_event_is_never_kept_without_an_inquiry(desk):
    desk.ring()
    desk.type("Swollen lips since the injection")
    desk.alt("Y")
    desk.form.keep_only("no_question")
    desk.settle()
    assert desk.calls() == ()
    assert desk.form.notes.text() == "Swollen lips since the injection"


def test_safety_is_decided_by_the_person_and_opens_its_record(desk):
    desk.ring()
    desk.type("Swollen lips since the injection")
    assert desk.form.decisions.current == "adverse_event"
    desk.alt("Y")
    desk.alt("U")
    desk.finish()
    case = desk.database.read(queries.case, desk.calls()[0].inquiry_id)
    decided = [case.facts[name] for name in ("adverse_event", "special_situation", "quality_complaint")]
    assert decided == ["yes", "uncertain", None]
    assert len(case.safety) == 1


def test_no_without_a_reason_stays_open_and_saves_all_the_same(desk):
    desk.ring()
    desk.type(NOTES)
    desk.alt("N")
    desk.finish()
    case = desk.database.read(queries.case, desk.calls()[0].inquiry_id)
    assert case.facts["adverse_event"] is None
    assert "stays open" in desk.said[-1]


def test_ticked_steps_of_the_script_are_recorded_with_the_call(desk):
    desk.ring()
    desk.type(NOTES)
    desk.alt("D")
    desk.alt("D")
    desk.alt("Y")
    desk.finish()
    (call,) = desk.calls()
    assert call.said == ("greeting", "recording", "adverse_event")
    assert call.script_version == desk.form.script.version


def test_the_script_follows_language_and_country(desk):
    desk.ring()
    desk.form.script.switch.button("de").click()
    assert "Medizinische Information" in desk.form.script.step("greeting").box.accessibleDescription()
    desk.form.script.switch.button("en").click()
    desk.form.fields["country"].set_text("United States (US)")
    assert "FDA" in desk.form.script.step("privacy").box.accessibleDescription()


def test_an_empty_call_leaves_nothing(desk):
    desk.ring()
    desk.press(Qt.Key.Key_Escape)
    assert (desk.drafts(), desk.calls()) == ((), ())


def test_a_call_without_any_words_says_what_is_missing(desk):
    desk.ring()
    desk.finish()
    assert desk.calls() == ()
    assert "what was asked" in desk.form._problem.text()


def test_backspace_takes_an_empty_question_away(desk):
    desk.ring()
    desk.alt("Q")
    desk.type("One")
    desk.press(Qt.Key.Key_Return)
    assert len(desk.form.questions.lines) == 2
    desk.press(Qt.Key.Key_Backspace)
    assert [line.text() for line in desk.form.questions.lines] == ["One"]


def test_who_asked_before_is_shown_with_the_reason(desk):
    doctor = PersonForm(last_name="Brennan", phone="+353 (20) 910-0142")
    form = InquiryForm(channel="phone", verbatim="The pen did not click at all", requester=doctor)
    desk.database.write(commands.capture, form)
    desk.ring()
    desk.type("The pen did not click at all")
    desk.form.before.look_now()
    desk.settle()
    assert "Same words" in desk.form.before.proposals[0].reason
    desk.alt("L")
    assert desk.went == [("case", desk.form.before.proposals[0].inquiry_id)]
    assert desk.form.has_words


def test_notes_thrown_away_come_back(desk):
    desk.ring()
    desk.type(NOTES)
    desk.press(Qt.Key.Key_Escape)
    log = desk.page.log
    log._throw_away(log.chosen.draft)
    desk.settle()
    assert desk.drafts() == ()
    log._bring_back()
    desk.settle()
    assert [draft.values["notes"] for draft in desk.drafts()] == [NOTES]


def test_the_log_finds_a_call_and_opens_its_case(desk, clock):
    for name in ("Dana Whitfield", "Aoife Brennan"):
        call = commands.CallForm(started_at=clock.millis, caller=name, notes="x")
        desk.database.write(commands.take_call, call, InquiryForm(channel="phone", verbatim=name))
    desk.window.go("calls")
    desk.settle()
    log = desk.page.log
    log.filter_field.setText("whitf")
    log.filter_field.search_now()
    desk.settle()
    assert [log.model.row(at).head for at in range(log.model.rowCount())] == ["Dana Whitfield"]
    log.open_chosen()
    assert desk.went[-1] == ("case", log.model.row(0).call.inquiry_id)
