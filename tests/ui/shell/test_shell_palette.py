import itertools
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.errors import EnvironmentFaultError
from app.ui.shell.palette_model import PaletteAction, PaletteItem, fold, matched_spans

CTRL = Qt.KeyboardModifier.ControlModifier


class Provider:
    """Find what a test says, and remember what was asked."""

    def __init__(self, group, prefixes, items):
        self.group, self.prefixes = group, prefixes
        self.items = items
        self.asked = []

    def find(self, query):
        self.asked.append(query)
        return self.items(query) if callable(self.items) else self.items


@pytest.fixture
def done():
    return []


@pytest.fixture
def palette(shell, done):
    inquiry = PaletteItem(
        "Dosing of Cardenza on dialysis",
        lambda: done.append("open"),
        "004817",
        actions=(
            PaletteAction("Take it", lambda: done.append("take")),
            PaletteAction("Pause it", lambda: done.append("pause")),
        ),
    )
    held = PaletteItem(
        "Dialysis, patient version", lambda: done.append("insert"), reason="On hold since 9 Nov."
    )
    shell.window.palette_card.add_provider(Provider("Inquiries", " #", [inquiry]))
    shell.window.palette_card.add_provider(Provider("Standard responses", " ", [held]))
    QTest.keyClick(shell.window, Qt.Key.Key_K, CTRL)
    return shell.window.palette_card


def titles(palette):
    model = palette._model
    return [item.title for row in range(model.rowCount()) if (item := model.item_at(row)) is not None]


def type_and_wait(palette, text, qtbot, expected):
    QTest.keyClicks(palette.field, text)
    qtbot.waitUntil(lambda: expected in titles(palette))


def press(palette, *keys):
    for key in keys:
        QTest.keyClick(palette.field, key)


def test_it_opens_with_the_commands_of_the_page(palette):
    assert palette.field.hasFocus()
    assert "Go to Case" in titles(palette)


def test_enter_runs_the_first_row_and_closes(palette, qtbot, done):
    type_and_wait(palette, "card dial", qtbot, "Dosing of Cardenza on dialysis")
    press(palette, Qt.Key.Key_Return)

    assert done == ["open"]
    assert not palette.isVisible()


def test_arrows_skip_headings_and_go_round(palette, qtbot):
    type_and_wait(palette, "dial", qtbot, "Dialysis, patient version")
    qtbot.waitUntil(lambda: len(titles(palette)) == 2)
    seen = []
    for _ in range(3):
        seen.append(palette.current_item().title)
        press(palette, Qt.Key.Key_Down)

    assert seen == [
        "Dosing of Cardenza on dialysis",
        "Dialysis, patient version",
        "Dosing of Cardenza on dialysis",
    ]


def test_a_refused_row_gives_its_reason_and_keeps_the_palette_open(palette, shell, qtbot, done):
    type_and_wait(palette, "dial", qtbot, "Dialysis, patient version")
    qtbot.waitUntil(lambda: len(titles(palette)) == 2)
    press(palette, Qt.Key.Key_Up, Qt.Key.Key_Return)

    assert done == []
    assert palette.isVisible()
    assert shell.window.notices.toast_card.text == "On hold since 9 Nov."


def test_tab_opens_the_other_actions_and_esc_steps_back(palette, qtbot, done):
    type_and_wait(palette, "card", qtbot, "Dosing of Cardenza on dialysis")
    press(palette, Qt.Key.Key_Tab)
    assert titles(palette) == ["Take it", "Pause it"]
    press(palette, Qt.Key.Key_Escape)
    assert "Dosing of Cardenza on dialysis" in titles(palette)

    press(palette, Qt.Key.Key_Tab, Qt.Key.Key_Down, Qt.Key.Key_Return)

    assert done == ["pause"]


def test_ctrl_enter_runs_the_first_other_action_not_the_page(palette, shell, qtbot, done):
    type_and_wait(palette, "card", qtbot, "Dosing of Cardenza on dialysis")
    QTest.keyClick(palette.field, Qt.Key.Key_Return, CTRL)

    assert done == ["take"]
    assert "primary" not in shell.page("inbox").seen


def test_esc_gives_the_keyboard_back(palette, shell):
    press(palette, Qt.Key.Key_Escape)

    assert not palette.isVisible()
    assert shell.window.focusWidget() is shell.page("inbox").list


def test_prefixes_choose_who_is_asked(palette, qtbot):
    type_and_wait(palette, "#4817", qtbot, "Dosing of Cardenza on dialysis")
    assert titles(palette) == ["Dosing of Cardenza on dialysis"]
    inquiries, responses = palette._providers
    assert (inquiries.asked, responses.asked) == (["4817"], [])

    palette.field.clear()
    QTest.keyClicks(palette.field, ">lock")

    assert titles(palette) == ["Lock now", "Lock the screen"]


def test_help_lists_commands_that_have_keys(palette):
    QTest.keyClicks(palette.field, "?")

    assert "Find or do" in titles(palette)
    assert "About MI Desk" not in titles(palette)


def test_a_command_that_is_not_allowed_is_listed_with_its_reason(palette):
    QTest.keyClicks(palette.field, ">back")

    assert palette.current_item().reason == "This is the first page you opened."


def test_stale_answers_are_dropped(shell, qtbot):
    gate = threading.Event()

    def find(query):
        if query == "slow":
            gate.wait(5)
        return [PaletteItem(f"answer to {query}", lambda: None)]

    provider = Provider("Slow", " ", find)
    palette = shell.window.palette_card
    palette.add_provider(provider)
    palette.open_with()
    QTest.keyClicks(palette.field, "slow")
    qtbot.waitUntil(lambda: "slow" in provider.asked)
    palette.field.selectAll()
    QTest.keyClicks(palette.field, "fast")
    qtbot.waitUntil(lambda: "answer to fast" in titles(palette))
    gate.set()
    qtbot.waitUntil(lambda: not shell.runner.is_busy)

    assert titles(palette) == ["answer to fast"]


def test_a_failed_search_says_so_in_its_group(shell, qtbot):
    def find(_query):
        raise EnvironmentFaultError("The index is being rebuilt.")

    palette = shell.window.palette_card
    palette.add_provider(Provider("Literature", " ", find))
    palette.open_with()
    QTest.keyClicks(palette.field, "xyz")
    qtbot.waitUntil(lambda: palette.current_item() is not None)

    assert palette.current_item().reason == "The index is being rebuilt."


def test_no_match_is_said_in_words(palette, qtbot, shell):
    for provider in palette._providers:
        provider.items = []
    QTest.keyClicks(palette.field, "qqqq")
    qtbot.waitUntil(lambda: not shell.runner.is_busy)

    assert palette.nothing_label.isVisible()
    assert "qqqq" in palette.nothing_label.text()


def test_a_command_from_its_key_closes_the_palette(palette, shell):
    QTest.keyClick(palette.field, Qt.Key.Key_2, CTRL)

    assert shell.window.place.page_id == "case"
    assert not palette.isVisible()


def test_what_was_found_is_forgotten_when_it_closes(palette, qtbot):
    type_and_wait(palette, "card", qtbot, "Dosing of Cardenza on dialysis")
    press(palette, Qt.Key.Key_Escape)

    assert palette._model.rowCount() == 0
    assert palette.field.text() == ""


@pytest.mark.parametrize(
    ("title", "query", "spans"),
    [
        ("Dosing of Cardenza on dialysis", "card dial", ((10, 14), (22, 26))),
        ("Haemodialysis and dialysis", "dial", ((18, 22),)),
        ("Étude of naïve patients", "etude naive", ((0, 5), (9, 14))),
        ("Cardenza", "xyz", ()),
    ],
)
def test_matched_letters_stand_where_the_words_begin(title, query, spans):
    assert matched_spans(title, query) == spans


@given(st.text(max_size=40), st.text(max_size=12))
def test_marks_never_leave_the_title_and_never_overlap(title, query):
    spans = matched_spans(title, query)

    assert all(0 <= start < end <= len(title) for start, end in spans)
    assert all(one[1] < other[0] for one, other in itertools.pairwise(spans))
    assert len(fold(title)) == len(title)
