import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QListWidget, QVBoxLayout, QWidget

from app.ui.shell.actions import (
    EVERYWHERE,
    LETTER,
    LIST,
    Command,
    Registry,
    ShortcutTakenError,
    contexts_meet,
    list_of,
    shared_keys,
)


@pytest.fixture
def registry(themed_app):
    return Registry()


@pytest.fixture
def window(qtbot, registry):
    window = QWidget()
    registry.setParent(window)
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    window.list, window.field = QListWidget(), QLineEdit()
    column.addWidget(window.list)
    column.addWidget(window.field)
    registry.attach(EVERYWHERE, window)
    registry.attach(LIST, window.list)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


def command(done, command_id="take", **values):
    values.setdefault("text", command_id.capitalize())
    return Command(command_id, run=lambda: done.append(command_id), **values)


def test_a_command_runs_by_its_key(registry, window):
    done = []
    registry.add(command(done, shortcuts=("Ctrl+T",)))

    QTest.keyClick(window.list, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)

    assert done == ["take"]


def test_a_letter_works_in_the_list_and_is_typed_in_the_field(registry, window):
    done = []
    registry.add(command(done, shortcuts=("A",), context=LIST))
    window.list.setFocus()
    QTest.keyClick(window.list, Qt.Key.Key_A)
    window.field.setFocus()
    QTest.keyClick(window.field, Qt.Key.Key_A)

    assert done == ["take"]
    assert window.field.text() == "a"


def test_a_chord_of_two_letters_runs_once(registry, window):
    done = []
    registry.add(command(done, shortcuts=("Ctrl+1",), list_shortcuts=("G, I",)))
    window.list.setFocus()

    QTest.keyClick(window.list, Qt.Key.Key_G)
    QTest.keyClick(window.list, Qt.Key.Key_I)

    assert done == ["take"]


def test_single_letters_can_be_switched_off(registry, window):
    done = []
    registry.add(command(done, shortcuts=("A", "Ctrl+A"), context=LIST, list_shortcuts=("G, A",)))
    registry.set_single_letters(False)
    window.list.setFocus()
    for key in (Qt.Key.Key_A, Qt.Key.Key_G, Qt.Key.Key_A):
        QTest.keyClick(window.list, key)
    assert done == []

    QTest.keyClick(window.list, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)

    assert done == ["take"]


def test_a_refused_command_gives_its_reason_and_does_nothing(registry, window, qtbot):
    done = []
    registry.add(command(done, shortcuts=("Ctrl+T",), enabled_reason=lambda: "T. Kaya has it."))

    with qtbot.waitSignal(registry.refused) as refused:
        QTest.keyClick(window.list, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)

    assert (done, refused.args) == ([], ["Take", "T. Kaya has it."])


def test_nothing_runs_while_suspended(registry, window):
    done = []
    registry.add(command(done, shortcuts=("Ctrl+T",)))
    registry.set_suspended(True)

    QTest.keyClick(window.list, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    assert not registry.run("take")

    assert done == []


def test_adding_a_known_id_again_binds_the_same_action_anew(registry):
    done = []
    first = registry.add(command(done, text="Take it"))
    second = registry.add(command(done, text="Take this one"))

    assert first is second
    assert second.text() == "Take this one"


def test_a_removed_command_leaves_no_key_behind(registry, window):
    done = []
    registry.add(command(done, shortcuts=("Ctrl+T",), list_shortcuts=("T",)))
    registry.remove("take")
    window.list.setFocus()

    QTest.keyClick(window.list, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(window.list, Qt.Key.Key_T)

    assert done == []
    assert "take" not in registry


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (EVERYWHERE, "inbox"),
        (LIST, "inbox"),
        (LIST, list_of("inbox")),
        ("inbox", list_of("inbox")),
        (LETTER, "case"),
    ],
)
def test_one_key_for_two_commands_that_meet_is_refused(registry, one, other):
    registry.add(command([], "first", shortcuts=("Ctrl+T",), context=one))

    with pytest.raises(ShortcutTakenError, match="first"):
        registry.add(command([], "second", shortcuts=("Ctrl+T",), context=other))
    assert "second" not in registry


@pytest.mark.parametrize(
    ("one", "other"),
    [("inbox", "library"), (LIST, LETTER), (list_of("inbox"), list_of("library")), (LETTER, list_of("case"))],
)
def test_one_key_may_serve_contexts_that_never_meet(registry, one, other):
    registry.add(command([], "first", shortcuts=("Ctrl+T",), context=one))
    registry.add(command([], "second", shortcuts=("Ctrl+T",), context=other))

    assert {each.id for each in registry.commands()} == {"first", "second"}


_CONTEXTS = st.sampled_from([EVERYWHERE, LIST, LETTER, "inbox", "case", list_of("inbox"), list_of("case")])
_KEYS = st.lists(st.sampled_from(["A", "Ctrl+A", "G, I"]), max_size=2).map(tuple)


@given(_CONTEXTS, _CONTEXTS)
def test_meeting_goes_both_ways(one, other):
    assert contexts_meet(one, other) == contexts_meet(other, one)


@given(_CONTEXTS, _KEYS, _KEYS, _CONTEXTS, _KEYS, _KEYS)
def test_sharing_keys_goes_both_ways(context, keys, list_keys, other_context, other_keys, other_list_keys):
    one = Command("one", "One", print, keys, list_keys, context=context)
    other = Command("other", "Other", print, other_keys, other_list_keys, context=other_context)

    assert shared_keys(one, other) == shared_keys(other, one)


def test_menu_and_tooltip_say_what_the_registry_knows(registry, window):
    registry.add(command([], shortcuts=("Ctrl+T",)))
    menu = registry.menu(["take", "", "unknown"], window)

    assert [action.text() for action in menu.actions() if not action.isSeparator()] == ["Take"]
    assert registry.tooltip("take") == "Take (Ctrl+T)"
