import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog

from app.errors import EnvironmentFaultError
from app.models.changes import Changes
from app.ui.shell.screen_lock import clear_own_clipboard
from app.ui.shell.window_commands import menu_ids

CTRL, ALT, SHIFT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
CHANGES = Changes(frozenset({"inquiry"}), frozenset({"i1"}))


def test_pages_are_made_when_first_seen(shell):
    assert set(shell.made) == {"inbox"}

    QTest.keyClick(shell.window, Qt.Key.Key_2, CTRL)

    assert set(shell.made) == {"inbox", "case"}
    assert shell.page("inbox").seen == ["activate", "deactivate"]
    assert shell.window.rail.button("case").isChecked()


def test_the_keyboard_starts_in_the_page(shell):
    assert shell.window.focusWidget() is shell.page("inbox").list


def test_g_and_a_letter_lead_from_list_to_list(shell):
    QTest.keyClick(shell.page("inbox").list, Qt.Key.Key_G)
    QTest.keyClick(shell.page("inbox").list, Qt.Key.Key_S)

    assert shell.window.place.page_id == "safety"
    assert shell.window.focusWidget() is shell.page("safety").list


def test_back_and_forward_visit_places_with_their_records(shell):
    shell.window.go("case", "MI-2026-004817")
    shell.window.go("case", "MI-2026-004818")
    shell.window.go("safety")

    QTest.keyClick(shell.window, Qt.Key.Key_Left, ALT)
    QTest.keyClick(shell.window, Qt.Key.Key_Left, ALT)
    assert shell.page("case").shown_target == "MI-2026-004817"
    QTest.keyClick(shell.window, Qt.Key.Key_Right, ALT)

    assert shell.page("case").shown_target == "MI-2026-004818"


def test_the_first_place_has_no_way_back_and_says_so(shell):
    assert not shell.registry.run("shell.back")
    assert shell.window.notices.toast_card.text == "This is the first page you opened."


@pytest.mark.parametrize(
    ("number", "title"),
    [
        ("MI-2026-004817", "MI-2026-004817 - MI Desk"),
        ("Eleanor Whitcombe", "MI Desk"),
        ("MI-2026-004817 Whitcombe", "MI Desk"),
    ],
)
def test_window_titles_hold_numbers_and_no_names(shell, number, title):
    shell.window.go("case", number)

    assert shell.window.windowTitle() == title


def test_f6_goes_round_rail_panes_and_status_bar(shell):
    window, page = shell.window, shell.page("inbox")
    page.field.setFocus()
    visited = []
    for _ in range(4):
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_F6)
        visited.append(window.focusWidget())

    assert visited[0] is page.list
    assert window.status_bar.isAncestorOf(visited[1])
    assert window.rail.isAncestorOf(visited[2])
    assert visited[3] is page.field
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_F6, SHIFT)
    assert window.rail.isAncestorOf(window.focusWidget())


def test_alt_and_a_number_enter_a_pane(shell):
    QTest.keyClick(shell.window.focusWidget(), Qt.Key.Key_1, ALT)
    assert shell.window.focusWidget() is shell.page("inbox").field

    QTest.keyClick(shell.window.focusWidget(), Qt.Key.Key_3, ALT)

    assert shell.window.notices.toast_card.text == "This page has no pane 3."


def test_ctrl_enter_runs_the_primary_action_of_the_page(shell):
    QTest.keyClick(shell.page("inbox").list, Qt.Key.Key_Return, CTRL)

    assert "primary" in shell.page("inbox").seen


def test_badges_show_counts_and_safety_is_magenta(shell):
    shell.window.set_badge("inbox", 6)
    shell.window.set_badge("safety", 120)

    rail = shell.window.rail
    assert (rail.button("inbox").count, rail.button("inbox").badge_token) == (6, "fill")
    assert rail.button("safety").badge_token == "safety.fill"
    assert rail.button("safety").accessibleDescription() == "120 open safety records"


def test_the_rail_is_walked_with_arrows_and_opened_with_enter(shell):
    rail = shell.window.rail
    rail.focus_current()
    QTest.keyClick(rail.button("inbox"), Qt.Key.Key_Down)
    QTest.keyClick(rail.button("case"), Qt.Key.Key_Return)

    assert shell.window.place.page_id == "case"


def test_changes_reach_the_visible_page_at_once_and_others_when_shown(shell, runner):
    shell.window.go("case")
    runner.data_changed.emit(CHANGES, None)
    assert shell.page("case").changes == [CHANGES]
    assert shell.page("inbox").is_stale

    shell.window.go("inbox")

    assert shell.page("inbox").changes == [CHANGES]
    assert not shell.page("inbox").is_stale


def test_a_page_is_not_told_of_its_own_changes(shell, runner):
    runner.data_changed.emit(CHANGES, shell.page("inbox"))

    assert shell.page("inbox").changes == []


def test_the_screen_lock_drops_every_page_and_shows_nothing(shell):
    shell.window.go("case", "MI-2026-004817")
    pages = [shell.page("inbox"), shell.page("case")]
    shell.window.lock_screen()

    assert all(page.seen.index("flush") < page.seen.index("drop") for page in pages)
    assert all(page.list.count() == 0 for page in pages)
    assert shell.window.is_locked
    assert shell.window.windowTitle() == "MI Desk"
    assert not shell.window.stack.isVisible()
    assert shell.window.unlock_page.passphrase_field.edit.hasFocus()


def test_nothing_is_told_over_the_lock_page(shell):
    shell.window.lock_screen()
    shell.window.notify("Eleanor Whitcombe called.")

    assert not shell.window.notices.toast_card.isVisible()


def test_no_shortcut_works_while_locked(shell):
    shell.window.lock_screen()
    QTest.keyClick(shell.window, Qt.Key.Key_2, CTRL)
    QTest.keyClick(shell.window, Qt.Key.Key_K, CTRL)

    assert "case" not in shell.made
    assert not shell.window.palette_card.isVisible()


def test_unlocking_returns_to_the_same_record(shell, qtbot):
    shell.window.go("case", "MI-2026-004817")
    shell.window.lock_screen()
    with qtbot.waitSignal(shell.window.screen_unlocked) as unlocked:
        QTest.keyClicks(shell.window.unlock_page.passphrase_field.edit, "night heron")
        QTest.keyClick(shell.window.unlock_page.passphrase_field.edit, Qt.Key.Key_Return)

    assert unlocked.args == ["opened by night heron"]
    assert len(shell.made["case"]) == 2
    assert shell.page("case").shown_target == "MI-2026-004817"
    assert "layout 240" in shell.page("case").seen
    assert shell.window.windowTitle() == "MI-2026-004817 - MI Desk"


def test_words_that_cannot_be_saved_survive_the_lock(shell, qtbot):
    page = shell.page("inbox")
    page.flush_error = EnvironmentFaultError("The disk is full.")
    shell.window.lock_screen()
    assert "drop" not in page.seen
    assert not page.isVisible()

    with qtbot.waitSignal(shell.window.screen_unlocked):
        QTest.keyClicks(shell.window.unlock_page.passphrase_field.edit, "x")
        QTest.keyClick(shell.window.unlock_page.passphrase_field.edit, Qt.Key.Key_Return)

    assert shell.made["inbox"] == [page]
    assert page.isVisible()


def test_idleness_locks_the_screen_and_says_when(shell):
    reasons = []
    make = shell.window._make_unlock_page
    shell.window._make_unlock_page = lambda reason: (reasons.append(reason), make(reason))[1]
    shell.seconds.value += 600
    shell.window._idle.check()

    assert shell.window.is_locked
    assert reasons == ["Locked at 02:40, after 10 minutes without a key press"]


def test_the_status_bar_counts_down_to_the_lock(shell):
    shell.seconds.value += 181
    shell.window._lock_tick.timeout.emit()

    assert shell.window.status_bar.lock_item.text() == "Locks in 7 min"


class FakeClipboard:
    """A clipboard whose owner a test decides; the off-screen one is nobody's."""

    def __init__(self, owns_copied, owns_marked):
        self.owns_copied, self.owns_marked = owns_copied, owns_marked
        self.cleared = []

    def ownsClipboard(self):  # noqa: N802 - Qt's name
        return self.owns_copied

    def ownsSelection(self):  # noqa: N802 - Qt's name
        return self.owns_marked

    def supportsSelection(self):  # noqa: N802 - Qt's name
        return True

    def clear(self, mode):
        self.cleared.append(mode.name)


@pytest.mark.parametrize(
    ("owns_copied", "owns_marked", "cleared"),
    [(True, True, ["Clipboard", "Selection"]), (False, True, ["Selection"]), (False, False, [])],
)
def test_the_clipboard_is_cleared_where_it_is_ours(owns_copied, owns_marked, cleared):
    clipboard = FakeClipboard(owns_copied, owns_marked)

    assert clear_own_clipboard(clipboard) is bool(cleared)
    assert clipboard.cleared == cleared


def test_dialogs_close_with_the_lock_unless_their_words_cannot_be_saved(shell, qtbot):
    class Notes(QDialog):
        def flush(self):
            raise EnvironmentFaultError

    plain, notes = QDialog(shell.window), Notes(shell.window)
    plain.show()
    notes.show()
    shell.window.lock_screen()
    assert not plain.isVisible()
    assert not notes.isVisible()

    with qtbot.waitSignal(shell.window.screen_unlocked):
        shell.window.unlock_page.unlocked.emit("open")

    assert notes.isVisible()
    assert not plain.isVisible()
    notes.hide()


def test_lock_now_saves_and_then_locks_fully(shell):
    QTest.keyClick(shell.window, Qt.Key.Key_L, CTRL | SHIFT)

    assert "flush" in shell.page("inbox").seen
    assert shell.full_locks == ["now"]


def test_lock_now_stays_open_if_words_cannot_be_saved(shell):
    shell.page("inbox").flush_error = EnvironmentFaultError("The disk is full.")
    shell.window.lock_now()

    assert shell.full_locks == []
    assert shell.window.notices.bar.text.startswith("The disk is full.")


def test_without_a_full_lock_lock_now_locks_the_screen(make_shell):
    shell = make_shell(can_lock_fully=False)
    shell.window.status_bar.lock_item.click()

    assert shell.window.is_locked


def test_closing_saves_first_and_is_refused_if_that_fails(shell):
    shell.page("inbox").flush_error = EnvironmentFaultError("The disk is full.")
    assert not shell.window.close()
    assert shell.window.isVisible()

    shell.page("inbox").flush_error = None

    assert shell.window.close()


def test_layout_is_remembered(make_shell):
    first = make_shell()
    first.window.resize(960, 640)
    first.window.close()
    second = make_shell(first.store)

    assert (second.window.width(), second.window.height()) == (960, 640)
    assert "layout 240" in second.page("inbox").seen


def test_every_menu_entry_runs_something(shell):
    known = [each for each in menu_ids() if each in shell.registry]

    assert {"shell.palette", "shell.lock", "shell.help", "shell.about", "shell.quit"} <= set(known)


def test_text_size_changes_by_keys_and_the_window_stays_usable(shell):
    QTest.keyClick(shell.window, Qt.Key.Key_Plus, CTRL)
    rail_button = shell.window.rail.button("inbox")
    assert rail_button.sizeHint().width() <= shell.window.rail.width()
    QTest.keyClick(shell.window, Qt.Key.Key_0, CTRL)

    assert shell.window.minimumWidth() == 960


def test_help_lists_the_keys_of_this_page_with_reasons(shell):
    QTest.keyClick(shell.page("inbox").list, Qt.Key.Key_F1)
    card = shell.window._overlays.help
    rows = [card._model.item_at(row) for row in range(card._model.rowCount())]
    found = {item.title: item for item in rows if item is not None}

    assert card.title_label.text() == "Keys: Inbox"
    assert found["Back"].reason == "This is the first page you opened."
    assert found["Find or do"].keys == "Ctrl+K"
    QTest.keyClick(card.filter_edit, Qt.Key.Key_Escape)
    assert not card.isVisible()
    assert shell.window.focusWidget() is shell.page("inbox").list


def test_about_names_the_version_and_licences(shell):
    shell.window.show_about()
    model = shell.window._overlays.about._model
    rows = {
        item.title.split()[0]: item.subtitle
        for row in range(model.rowCount())
        if (item := model.item_at(row))
    }

    assert rows["Inter"] == "OFL-1.1"
    assert rows["lxml"]
