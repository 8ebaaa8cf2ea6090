import pytest
from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QAccessible, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit

from app.models.ids import uuid7
from app.services.intake import queries
from app.ui import theme
from tests.conftest import NOW

HOUR = 3_600_000


def press(desk, key):
    QTest.keyClick(desk.list, key)
    desk.settle()


def test_letters_and_arrows_walk_over_the_heads(desk, take):
    for at in range(3):
        take(f"over {at}", received_at=NOW - (500 - at) * HOUR)
    take("later")
    desk.browse()
    assert desk.model.index(desk.list.currentIndex().row()).data() == "over 0"
    for _ in range(3):
        press(desk, Qt.Key.Key_J)
    assert desk.list.currentIndex().data() == "later"
    press(desk, Qt.Key.Key_Up)
    assert desk.list.currentIndex().data() == "over 2"
    press(desk, Qt.Key.Key_Down)
    assert desk.list.currentIndex().data() == "later"
    press(desk, Qt.Key.Key_K)
    assert desk.list.currentIndex().data() == "over 2"


def test_enter_opens_the_case(desk, take):
    inquiry_id = take()
    desk.browse()
    press(desk, Qt.Key.Key_Return)
    assert desk.went == [("case", inquiry_id)]


def test_a_takes_the_inquiry_and_the_list_follows(desk, triaged, database):
    inquiry_id = triaged()
    desk.browse("unassigned")
    press(desk, Qt.Key.Key_A)
    desk.settle()
    case = database.read(queries.case, inquiry_id, "user-1")
    assert case.facts["owner_id"] == "user-1"
    assert desk.model.count == 0
    assert desk.listing.views.button("mine").count == 1
    assert desk.said == ["Taken. It is yours now."]


def test_what_is_in_the_way_of_taking_is_said_beside_the_button(desk, take):
    take()
    desk.browse()
    press(desk, Qt.Key.Key_A)
    assert desk.listing.preview._refusal.isVisible()
    assert desk.listing.preview._refusal.text()


def test_the_preview_shows_words_person_and_open_decisions(desk, take):
    take("Is it safe in pregnancy?")
    desk.browse()
    shown = [label.text() for label in desk.listing.preview.findChildren(QLabel) if label.isVisible()]
    assert "Is it safe in pregnancy?" in shown
    assert any("Dana Whitfield, physician" in text for text in shown)
    assert any(text.startswith("Safety: nobody has decided yet") for text in shown)


def test_a_change_keeps_selection_and_scroll(desk, many, database, take):
    many(300)
    desk.browse()
    desk.list.choose(200)
    desk.settle()
    number, top = desk.list.current_number(), desk.list.visualRect(desk.list.currentIndex()).top()
    take("the most urgent of all", received_at=NOW - 900 * HOUR)
    desk.listing.reload()
    desk.settle()
    assert desk.list.current_number() == number
    assert desk.list.currentIndex().row() > 200
    assert desk.list.visualRect(desk.list.currentIndex()).top() == top


def test_the_neighbour_is_chosen_when_an_inquiry_leaves_the_view(desk, triaged):
    first = triaged("first")
    triaged("second", product_id=None, no_product=True, requester=None, anonymous_reason="Asked so")
    desk.browse("unassigned")
    desk.list.choose(desk.model.place_of_id(first))
    desk.settle()
    press(desk, Qt.Key.Key_A)
    desk.settle()
    assert desk.titles()[1:] == ["second"]
    assert desk.list.currentIndex().data() == "second"


def test_the_filter_searches_as_one_types_and_esc_clears_it(desk, take):
    take("storage of the pen")
    take("dose in children")
    desk.browse()
    press(desk, Qt.Key.Key_Slash)
    assert desk.listing.filter_field.hasFocus()
    QTest.keyClicks(desk.listing.filter_field, "storage")
    desk.qtbot.waitUntil(lambda: desk.model.count == 1)
    desk.settle()
    assert desk.listing.header.fact == "1 inquiry"
    QTest.keyClick(desk.listing.filter_field, Qt.Key.Key_Escape)
    desk.settle()
    assert desk.model.count == 2
    QTest.keyClick(desk.listing.filter_field, Qt.Key.Key_Escape)
    assert desk.list.hasFocus()


def test_no_match_says_what_may_have_been_meant(desk, take):
    take("dose of Cardenza", verbatim="dose of Cardenza")
    desk.browse()
    desk.type("cardensa")
    desk.settle()
    state = desk.listing.list_area.currentWidget()
    assert state.accessibleName() == "No inquiry matches “cardensa”"
    assert state.accessibleDescription() == "Did you mean Cardenza (1)? Esc clears the filter."
    desk.type("")
    desk.settle()
    assert desk.list.isVisible()


def test_an_empty_view_says_what_is_done_and_what_is_next(desk, take):
    take()
    desk.listing.browse("mine")
    desk.listing.reload()
    desk.settle()
    state = desk.listing.list_area.currentWidget()
    steps = [button.accessibleName() for button in state.findChildren(QAbstractButton)]
    assert state.accessibleName() == "Nothing is waiting for you"
    assert "As of 23:48" in state.accessibleDescription()
    assert steps == ["Take a call", "Import inquiries", "Show “Unassigned”"]


def test_whoever_owns_nothing_first_sees_all_that_is_open(make_desk, take):
    take("waits in the team")
    desk = make_desk()
    assert desk.listing.view == "all_open"
    assert desk.titles()[-1] == "waits in the team"


def test_a_view_of_ones_own_choice_is_kept_even_if_it_is_empty(make_desk, take):
    take()
    desk = make_desk()
    desk.browse("mine")
    layout = desk.page.save_layout()
    other = make_desk(layout=layout)
    assert other.listing.view == "mine"


def test_a_view_that_nobody_chose_is_not_remembered(make_desk, take):
    take()
    assert make_desk().page.save_layout()["view"] == ""


def test_a_new_workspace_offers_the_first_steps(desk):
    assert desk.listing.list_area.currentWidget().accessibleName() == "No inquiries yet"


@pytest.mark.parametrize(
    ("size", "fold", "views", "preview"),
    [
        ((1368, 840), "wide", True, True),
        ((1208, 680), "folded", False, True),
        ((800, 600), "single", False, False),
    ],
)
def test_panes_fold_as_the_page_gets_narrow(desk, take, size, fold, views, preview):
    take()
    desk.browse()
    desk.page.resize(*size)
    desk.settle()
    assert desk.listing.fold == fold
    assert desk.listing.views.isVisible() == views
    assert desk.listing.preview.isVisible() == preview
    assert desk.listing.title.button.isVisible() != views


def test_space_shows_the_preview_alone_on_a_narrow_page(desk, take):
    take()
    desk.page.resize(800, 600)
    desk.browse()
    press(desk, Qt.Key.Key_Space)
    assert desk.listing.preview.isVisible()
    assert not desk.list.isVisible()
    desk.listing.toggle_preview()
    assert desk.list.isVisible()


def test_order_and_density_are_remembered(desk, make_desk, take):
    take()
    desk.listing.sort_by("received", is_descending=True)
    desk.page.toggle_density()
    desk.browse("unassigned")
    layout = desk.page.save_layout()
    other = make_desk()
    other.page.restore_layout(layout)
    assert (other.listing.view, other.listing.sort, other.listing.is_descending) == (
        "unassigned",
        "received",
        True,
    )
    assert other.list.delegate.is_compact


def test_rows_grow_with_the_text(desk):
    roomy = desk.list.delegate.row_height()
    assert roomy == theme.HEIGHT.row_comfortable
    theme.set_text_factor(2.0)
    assert desk.list.delegate.row_height() >= 2 * roomy - 4
    theme.set_text_factor(1.0)
    desk.page.toggle_density()
    assert desk.list.delegate.row_height() == theme.HEIGHT.row_compact


def test_dropping_the_page_leaves_no_record(desk, take):
    take("very private words")
    desk.browse()
    desk.page.drop()
    assert desk.model.rowCount() == 0
    assert desk.listing.preview.words == ""
    assert desk.page.form.notes.text() == ""


def test_files_dropped_on_the_page_are_imported(desk, tmp_path, take):
    path = tmp_path / "in.csv"
    path.write_text(
        "external_id,received_at,channel,question\n"
        "A-1,2026-11-20T10:00:00+00:00,phone,What dose?\n"
        "A-2,yesterday,phone,What dose?\n",
        encoding="utf-8",
    )
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    no_keys, left = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    drop = QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, mime, left, no_keys, QEvent.Type.Drop)
    desk.page.dropEvent(drop)
    desk.settle()
    desk.page.primary_action().trigger()
    desk.settle()
    outcome = desk.page.importer.outcome
    assert (outcome.taken, outcome.refused) == (1, 1)
    assert desk.page.importer.model.rowCount() == 2
    desk.page.primary_action().trigger()
    desk.settle()
    assert desk.titles() == ["What dose?"]


def test_every_stop_of_the_tab_key_has_a_name(desk, take):
    take()
    desk.browse()
    for widget in desk.page.findChildren(QAbstractButton) + desk.page.findChildren(QLineEdit):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible():
            interface = QAccessible.queryAccessibleInterface(widget)
            assert interface.text(QAccessible.Text.Name), widget


def test_an_unknown_target_leaves_the_list(desk, take):
    take()
    desk.browse()
    desk.page.show_target(uuid7())
    assert desk.model.count == 1
