"""Behaviour of search, segments, facts, empty state, header, progress, toast and steps."""

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget

from app.services.jobs.context import Progress
from app.ui import theme, widgets
from app.ui.jobs import JobHandle
from app.ui.jobs.handle import Mailbox

pytestmark = pytest.mark.usefixtures("themed_app")


@pytest.fixture
def window(qtbot):
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    return made


@pytest.fixture
def field(qtbot):
    made = widgets.SearchField("Filter safety records", "/")
    qtbot.addWidget(made)
    made.resize(320, 30)
    made.show()
    return made


def test_typing_searches_once_after_a_pause(field, qtbot):
    asked = []
    field.searched.connect(asked.append)
    with qtbot.waitSignal(field.searched):
        qtbot.keyClicks(field, "renal")
    assert asked == ["renal"]


def test_enter_searches_at_once_and_not_twice(field, qtbot):
    asked = []
    field.searched.connect(asked.append)
    qtbot.keyClicks(field, "renal")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert asked == ["renal"]


def test_escape_clears_and_a_second_escape_leaves(field, qtbot):
    asked, left = [], []
    field.searched.connect(asked.append)
    field.left.connect(lambda: left.append(1))
    qtbot.keyClicks(field, "x")
    field.search_now()
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert (asked, left) == (["x", ""], [])
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert left == [1]


def test_the_clear_button_comes_with_the_text(field, qtbot):
    button = field._clear_button
    assert button.isHidden()
    qtbot.keyClicks(field, "x")
    assert not button.isHidden()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert field.text() == ""
    assert button.isHidden()


def test_the_words_never_run_under_the_key_cap(field):
    assert field.textMargins().right() >= widgets.keycap_size("/").width()
    assert field.textMargins().left() >= theme.scaled(16)


@pytest.fixture
def decision(qtbot):
    made = widgets.SegmentedControl(
        [("yes", "Yes"), ("no", "No"), ("unknown", "Unknown")], name="Death", tones={"yes": "safety"}
    )
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def test_a_decision_is_never_preset(decision):
    assert decision.choice == ""


def test_a_click_chooses_and_tells(decision, qtbot):
    with qtbot.waitSignal(decision.chosen) as told:
        qtbot.mouseClick(decision.button("no"), Qt.MouseButton.LeftButton)
    assert told.args == ["no"]
    assert decision.choice == "no"


def test_choosing_in_code_tells_nobody_and_can_be_undone(decision, qtbot):
    with qtbot.assertNotEmitted(decision.chosen):
        decision.choose("yes")
        assert decision.choice == "yes"
        decision.choose("")
    assert decision.choice == ""
    decision.button("no").click()
    assert decision.choice == "no"


def test_arrow_keys_move_the_focus_but_decide_nothing(decision, qtbot):
    decision.choose("yes")
    decision.button("yes").setFocus()
    qtbot.keyClick(decision.button("yes"), Qt.Key.Key_Right)
    assert decision.button("no").hasFocus()
    assert decision.choice == "yes"
    qtbot.keyClick(decision.button("no"), Qt.Key.Key_Space)
    assert decision.choice == "no"


def test_a_segment_says_what_it_decides(decision):
    assert decision.button("yes").accessibleName() == "Death: Yes"


@pytest.fixture
def facts(qtbot):
    made = widgets.FactList()
    qtbot.addWidget(made)
    made.add_fact("requester", "Requester", "E. Whitcombe", note="Hospital pharmacist, GB")
    made.add_fact("received", "Received", "Sun 22 Nov", editable=False)
    made.add_fact("product", "Product", "Cardenza 5 mg")
    made.resize(300, 200)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def open_fact(facts, qtbot, key):
    row = facts.row(key)
    row.setFocus()
    qtbot.keyClick(row, Qt.Key.Key_Return)
    return row, row.findChild(QLineEdit)


def test_enter_edits_a_fact_in_place(facts, qtbot):
    row, edit = open_fact(facts, qtbot, "product")
    assert edit.selectedText() == "Cardenza 5 mg"
    qtbot.keyClicks(edit, "Osvia")
    with qtbot.waitSignal(facts.edited) as told:
        qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert told.args == ["product", "Osvia"]
    assert row.value == "Osvia"
    assert row.hasFocus()


def test_escape_drops_an_edit(facts, qtbot):
    row, edit = open_fact(facts, qtbot, "product")
    qtbot.keyClicks(edit, "Osvia")
    with qtbot.assertNotEmitted(facts.edited):
        qtbot.keyClick(edit, Qt.Key.Key_Escape)
    assert row.value == "Cardenza 5 mg"
    assert not row.is_editing


def test_leaving_a_field_keeps_what_was_typed(facts, qtbot):
    row, edit = open_fact(facts, qtbot, "product")
    qtbot.keyClicks(edit, "Osvia")
    facts.row("requester").setFocus()
    assert row.value == "Osvia"
    assert not row.is_editing


def test_an_unchanged_fact_is_not_told(facts, qtbot):
    _row, edit = open_fact(facts, qtbot, "product")
    with qtbot.assertNotEmitted(facts.edited):
        qtbot.keyClick(edit, Qt.Key.Key_Return)


def test_a_fixed_fact_does_not_open(facts):
    row = facts.row("received")
    row.start_editing()
    assert not row.is_editing
    assert row.focusPolicy() == Qt.FocusPolicy.NoFocus


def test_a_refresh_does_not_overwrite_what_is_being_typed(facts, qtbot):
    row, edit = open_fact(facts, qtbot, "product")
    qtbot.keyClicks(edit, "Osvia")
    facts.set_value("product", "Tavelo")
    assert edit.text() == "Osvia"
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert row.value == "Osvia"


def test_arrows_skip_fixed_facts(facts, qtbot):
    facts.row("requester").setFocus()
    qtbot.keyClick(facts.row("requester"), Qt.Key.Key_Down)
    assert facts.row("product").hasFocus()


def test_a_missing_fact_says_so(facts):
    facts.set_value("product", "")
    assert facts.row("product").accessibleName() == "Product: Not known"


def test_an_empty_state_offers_its_steps(qtbot):
    taken = []
    empty = widgets.EmptyState("moon-star", "Nothing is waiting for you", "All 9 are answered.")
    qtbot.addWidget(empty)
    step = empty.add_step("Take a call", lambda: taken.append("call"), reason="Notes are saved", shortcut="N")
    empty.show()
    qtbot.mouseClick(step, Qt.MouseButton.LeftButton)
    assert taken == ["call"]
    assert step.accessibleName() == "Take a call"
    empty.set_words("No inquiry matches 'ravexban'", "Esc clears the filter.")
    assert empty.accessibleName() == "No inquiry matches 'ravexban'"


@pytest.fixture
def header(qtbot):
    made = widgets.PageHeader("On call tonight", "14 inquiries")
    qtbot.addWidget(made)
    made.resize(1200, 56)
    made.show()
    return made


def x_of(header, widget):
    return widget.mapTo(header, widget.rect().topLeft()).x()


def test_a_header_keeps_its_order(header, qtbot):
    tag, chip = widgets.Chip("Off-label", "outline"), widgets.Chip("Due", "soon")
    field = widgets.SearchField("Filter", "/")
    primary = header.set_primary("New inquiry", lambda: None)
    header.set_field(field)
    header.add_after_title(tag)
    header.add_widget(chip)
    secondary = header.add_secondary("Record adverse event", lambda: None)
    back = widgets.icon_button("arrow-left", "Back")
    header.add_before_title(back)
    qtbot.waitUntil(lambda: back.isVisible() and secondary.isVisible())
    header.grab()
    places = [
        x_of(header, each)
        for each in (back, header._title, header._fact, tag, field, chip, secondary, primary)
    ]
    assert places == sorted(places)


def test_a_header_has_one_primary_button(header, qtbot):
    header.set_primary("Send to review", lambda: None)
    send = header.set_primary("Send", lambda: None)
    qtbot.waitUntil(send.isVisible)
    shown = [b.text() for b in header.findChildren(QPushButton) if not b.isHidden()]
    assert shown == ["Send"]
    header.remove_primary()
    assert header.primary is None


@pytest.fixture
def handle(qapp):
    return JobHandle("Import of call-log.csv", Mailbox(lambda: None))


def test_a_quick_job_shows_no_progress(handle, qtbot):
    progress = widgets.InlineProgress()
    qtbot.addWidget(progress)
    progress.follow(handle)
    assert progress.isHidden()
    handle.end()
    assert not progress._delay.isActive()
    assert progress.isHidden()


def test_a_long_job_shows_what_and_how_far_and_can_be_cancelled(handle, qtbot):
    progress = widgets.InlineProgress()
    qtbot.addWidget(progress)
    progress.follow(handle)
    progress._delay.timeout.emit()
    handle.progressed.emit(Progress(1480, 3050))
    words = [label.text() for label in progress.findChildren(QLabel)]
    assert progress.isVisible()
    assert "Import of call-log.csv" in words
    assert "1,480 of 3,050" in words
    qtbot.mouseClick(progress.findChild(QPushButton), Qt.MouseButton.LeftButton)
    assert handle.is_cancelled
    handle.end()
    assert progress.isHidden()


@pytest.fixture
def toast(window):
    made = widgets.Toast(window)
    yield made
    made.dismiss()


def test_a_toast_lies_at_the_bottom_centre(toast, window):
    toast.show_message("Assigned to L. Moreau.")
    toast._slide.setCurrentTime(1000)
    assert abs(toast.geometry().center().x() - window.rect().center().x()) <= 1
    assert toast.geometry().bottom() < window.height() - theme.HEIGHT.status_bar
    window.resize(700, 400)
    assert abs(toast.geometry().center().x() - window.rect().center().x()) <= 1


def test_undo_takes_back_and_closes(toast, qtbot):
    undone = []
    toast.show_message("Tag removed.", on_undo=lambda: undone.append(1))
    button = next(b for b in toast.findChildren(QPushButton) if b.text() == "Undo")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert undone == [1]
    assert toast.isHidden()


def test_a_toast_without_undo_offers_none(toast):
    toast.show_message("Saved.")
    assert [b for b in toast.findChildren(QPushButton) if b.isVisible()] == []


def test_a_new_toast_replaces_the_last_and_its_undo(toast):
    undone = []
    toast.show_message("Tag removed.", on_undo=lambda: undone.append("tag"))
    toast.show_message("Moved.", on_undo=lambda: undone.append("move"))
    toast._undo.click()
    assert undone == ["move"]
    assert toast.text == "Moved."


def test_a_toast_stays_while_the_mouse_is_in_it(toast):
    toast.show_message("Moved.")
    assert toast._timer.isActive()
    toast.enterEvent(QEnterEvent(QPointF(), QPointF(), QPointF()))
    assert not toast._timer.isActive()
    toast.leaveEvent(QEvent(QEvent.Type.Leave))
    assert toast._timer.isActive()
    toast._timer.timeout.emit()
    assert toast.isHidden()


def test_a_long_toast_stays_inside_a_small_window(toast, window):
    window.resize(400, 300)
    toast.show_message("2 of 214 rows were not imported: no product. The other 212 are in the inbox. " * 2)
    toast._slide.setCurrentTime(1000)
    assert window.rect().contains(toast.geometry())


STEPS = ("New", "Triage", "Assigned", "In progress", "Answered", "Closed")


def test_a_step_bar_says_where_it_is(qtbot):
    bar = widgets.StepBar(STEPS, 3)
    qtbot.addWidget(bar)
    assert bar.accessibleName() == "Step 4 of 6: In progress"
    bar.set_current(3, "Waiting")
    assert bar.accessibleName() == "Step 4 of 6: Waiting"
    said = [label.accessibleName() for label in bar.findChildren(QLabel) if label.accessibleName()]
    assert said == [
        "New, done",
        "Triage, done",
        "Assigned, done",
        "Waiting, now",
        "Answered, to come",
        "Closed, to come",
    ]


def test_the_current_step_alone_is_bold_wherever_it_moves(qtbot):
    bar = widgets.StepBar(STEPS)
    qtbot.addWidget(bar)
    bar.show()
    for at in (0, 3, 1):
        bar.set_current(at)
        bold = [place for place, step in enumerate(bar._steps) if step.name.font().weight() >= 600]
        assert bold == [at]


def test_a_narrow_step_bar_shows_the_current_step_alone(qtbot):
    bar = widgets.StepBar(STEPS, 1)
    qtbot.addWidget(bar)
    bar.resize(900, 24)
    bar.show()
    assert sum(1 for step in bar._steps if step.box.isVisible()) == 6
    bar.resize(180, 24)
    assert [step.name.text() for step in bar._steps if step.box.isVisible()] == ["Triage"]
    assert bar._place.text() == "2 of 6"
    assert bar._place.isVisible()


FOCUSABLE = [
    lambda: widgets.SearchField("Filter", "/"),
    lambda: widgets.SegmentedControl([("a", "A")], name="Side"),
    lambda: widgets.PageHeader("Inbox"),
    widgets.InlineProgress,
    lambda: widgets.EmptyState("inbox", "Nothing due"),
]


@pytest.mark.parametrize("make", FOCUSABLE)
def test_everything_that_takes_the_focus_has_a_name(make, qtbot):
    made = make()
    qtbot.addWidget(made)
    for each in [made, *made.findChildren(QWidget)]:
        if each.focusPolicy() != Qt.FocusPolicy.NoFocus:
            assert each.accessibleName() or each.property("text"), each
