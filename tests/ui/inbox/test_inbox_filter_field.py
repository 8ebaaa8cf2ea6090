from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from app.services.intake import bulk, inbox_views, queries
from app.services.intake.inbox_views import SavedQuery

KEY = Qt.Key


def type_in(desk, text):
    field = desk.listing.filter_field
    desk.listing.focus_filter()
    desk.settle()
    QTest.keyClicks(field, text)
    return field


def offered(field):
    return [offer.label for offer in field.card.rows.offers] if field.card and field.card.isVisible() else []


def press(desk, key, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(desk.list, key, modifier)
    desk.settle()


def test_keys_and_values_are_completed_with_the_keyboard_alone(desk, take):
    take("about storage")
    take("without a product", product_id=None, no_product=True)
    desk.browse()
    field = type_in(desk, "prod")
    assert offered(field) == ["product:"]
    QTest.keyClick(field, KEY.Key_Tab)
    assert field.text() == "product:"
    assert offered(field)[0].startswith("Cardenza")
    QTest.keyClick(field, KEY.Key_Down)
    QTest.keyClick(field, KEY.Key_Return)
    assert field.text() == "product:Cardenza "
    assert not offered(field)
    desk.settle()
    assert desk.titles()[1:] == ["about storage"]
    assert field.hasFocus()


def test_esc_leaves_the_offers_and_then_clears_the_filter(desk, take):
    take()
    desk.browse()
    field = type_in(desk, "prod")
    QTest.keyClick(field, KEY.Key_Down)
    QTest.keyClick(field, KEY.Key_Escape)
    assert (field.text(), offered(field)) == ("prod", [])
    QTest.keyClick(field, KEY.Key_Escape)
    assert field.text() == ""


def test_a_fault_is_said_beside_the_field_and_rows_stay(desk, take):
    take()
    desk.browse()
    field = type_in(desk, "state:treage")
    assert field.card.problem.text() == "There is no state “treage”. Did you mean state:triage?"
    field.search_now()
    desk.settle()
    assert desk.model.count == 1
    assert field.accessibleDescription().startswith("There is no state")


def test_a_name_that_nothing_bears_offers_the_one_that_was_meant(desk, take):
    take()
    desk.browse()
    desk.type("storage product:cardensa")
    state = desk.listing.list_area.currentWidget()
    assert state.accessibleDescription() == "No product is called “cardensa”."
    state.findChildren(QAbstractButton)[0].click()
    desk.settle()
    assert "product:Cardenza" in desk.listing.filter_field.text()


def test_a_view_is_saved_counted_and_opened_by_its_digit(desk, take):
    take("about storage", tags=("kol",))
    take("about dose")
    desk.browse()
    desk.type("tag:kol")
    desk.listing.show_columns(("due", "received"))
    desk.listing.saved.ask_save()
    sheet = desk.listing.saved._sheet
    sheet.edit.setText("KOL")
    sheet.submit()
    desk.settle()
    (view,) = desk.listing.saved.views
    assert view.query == SavedQuery("all_open", "tag:kol", columns=("due", "received"))
    assert desk.listing.views.button(f"saved:{view.id}").count == 1
    desk.browse("unassigned")
    desk.listing.show_columns(())
    press(desk, KEY.Key_1)
    assert desk.listing.key == f"saved:{view.id}"
    assert desk.listing.header.title == "KOL"
    assert desk.titles()[1:] == ["about storage"]
    assert desk.list.delegate.columns == ("due", "received")


def test_saved_views_are_renamed_moved_deleted_and_remembered(desk, make_desk, database, take):
    take()
    for name in ("One", "Two"):
        database.write(inbox_views.save_view, name, SavedQuery("all_open", name))
    desk.listing.reload()
    desk.settle()
    saved = desk.listing.saved
    second = saved.views[1].id
    saved.move(second, -1)
    desk.settle()
    saved.ask_rename(second)
    saved._sheet.edit.setText("one")
    saved._sheet.submit()
    assert "already" in saved._sheet.error.text()
    saved._sheet.edit.setText("First")
    saved._sheet.submit()
    desk.settle()
    assert [view.name for view in saved.views] == ["First", "One"]
    desk.browse(f"saved:{second}")
    other = make_desk(layout=desk.page.save_layout())
    assert other.listing.key == f"saved:{second}"
    saved.delete(second)
    desk.settle()
    assert [view.name for view in saved.views] == ["One"]
    assert desk.listing.key == "all_open"


def test_everything_of_the_view_is_chosen_and_tagged(desk, many, database):
    many(300)
    desk.browse()
    press(desk, KEY.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert desk.list.chosen_count() == len(desk.list.chosen_numbers()) == 300
    assert desk.listing.chosen_bar.isVisible()
    assert desk.listing.chosen_bar.count_label.text() == "300 chosen"
    press(desk, KEY.Key_T)
    sheet = desk.listing.bulk.sheet
    sheet.edit.setText("kol, phase IV")
    sheet.submit()
    desk.settle()
    assert desk.said[-1] == "300 tagged."
    assert desk.list.chosen_count() == 300
    query = queries.InboxQuery("all", "user-1", 0, "UTC", 'tag:kol tag:"phase iv"')
    assert database.read(queries.inbox_count, query) == 300
    press(desk, KEY.Key_Escape)
    assert desk.list.chosen_count() == 1
    assert not desk.listing.chosen_bar.isVisible()


def test_those_that_refuse_are_named_with_their_reason(desk, triaged, take):
    first = triaged("first")
    take("second", product_id=None, no_product=True, requester=None, anonymous_reason="Asked so")
    desk.browse()
    desk.list.selectAll()
    press(desk, KEY.Key_A)
    report = desk.listing.bulk.sheet
    assert report.card.accessibleName() == "1 stayed as they were"
    assert "MI-L-" in report.lines.toPlainText()
    report.dismiss()
    assert desk.page._database.read(queries.case, first, "user-1").state == "assigned"


def test_shift_and_arrows_choose_a_run_and_a_change_keeps_it(desk, many):
    many(40)
    desk.browse()
    for _ in range(3):
        press(desk, KEY.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    chosen = desk.list.chosen_numbers()
    assert len(chosen) == 4
    desk.listing.bulk._run(
        "Tagging", "tagged", lambda db, numbers, job: db.write(bulk.tag, numbers, add=("x",), job=job)
    )
    desk.settle()
    assert desk.list.chosen_numbers() == chosen


def test_the_chosen_are_exported_without_personal_columns(desk, many, tmp_path):
    many(20)
    desk.browse()
    desk.list.selectAll()
    desk.listing.bulk.choose_path = lambda _parent, name: tmp_path / name
    press(desk, KEY.Key_E)
    sheet = desk.listing.bulk.sheet
    assert not sheet.boxes["email"].isChecked()
    assert not sheet.warning.isVisible()
    sheet.csv_button.click()
    desk.settle()
    assert (tmp_path / "inquiries.csv").read_text("utf-8-sig").count("\n") == 21
    assert "audit trail" in desk.said[-1]
