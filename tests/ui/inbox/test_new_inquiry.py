import json

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.models.product import Product
from app.services.intake import queries
from app.services.settings.queries import ProductView
from app.ui.inbox.inquiry_values import has_words, read_form
from app.ui.inbox.stores import DraftStore
from tests.conftest import NOW

ZONE = "Europe/London"
CARDENZA = ProductView("p1", "Cardenza", "ravexaban", ())
USUAL = {"channel": "phone", "received": str(NOW), "contact": "same", "urgency": "routine"}


def read(**values):
    return read_form(USUAL | values, (CARDENZA,), now=NOW, zone=ZONE)


def test_a_form_with_words_alone_is_an_inquiry():
    form = read(notes="What dose?").form
    assert (form.verbatim, form.channel, form.received_at) == ("What dose?", "phone", NOW)
    assert form.solicited is None


def test_every_wrong_field_is_named_at_once():
    errors = read(email="x", country="Nowhere land", received=str(NOW + 600_000)).errors
    assert set(errors) == {"notes", "email", "country", "received"}


def test_a_country_may_be_written_by_name():
    assert read(notes="a", country="Ireland (IE)").form.requester.country == "IE"
    assert read(notes="a", country="ireland").form.requester.country == "IE"


def test_a_product_outside_the_list_is_kept_as_written():
    assert read(notes="a", product="ravexaban").form.product_id == "p1"
    unknown = read(notes="a", product="Nosuch").form
    assert unknown.product_id is None
    assert unknown.given == (("product_given", "Nosuch"),)


def test_another_contact_must_be_told_from_nobody():
    assert set(read(notes="a", contact="other").errors) == {"contact.last_name"}
    assert read(notes="a", contact="unknown").form.asks_for_another


def test_what_is_stamped_by_itself_is_no_word_of_the_user():
    assert not has_words(USUAL)
    assert has_words(USUAL | {"phone": "1"})


def test_an_inquiry_is_taken_and_opened_by_keyboard_alone(desk, database):
    desk.page.show_target("new")
    form = desk.page.form
    QTest.keyClicks(form.notes.edit, "Can it be crushed?")
    QTest.keyClick(form.notes.edit, Qt.Key.Key_Tab)
    desk.page.primary_action().trigger()
    desk.settle()
    (place,) = desk.went
    case = database.read(queries.case, place[1], "user-1")
    assert place[0] == "case"
    assert case.facts["verbatim"] == "Can it be crushed?"
    assert (case.facts["received_at"], case.state) == (NOW, "new")
    assert {case.facts[name] for name in ("adverse_event", "special_situation", "quality_complaint")} == {
        None
    }
    assert DraftStore(database).kept() == ()


def test_errors_stand_at_their_fields_and_nothing_is_taken(desk, database):
    desk.page.begin_new()
    form = desk.page.form
    form.fields["email"].set_text("nobody")
    form.save()
    assert form.fields["notes"].error == "Write down what was asked, in the caller's words."
    assert "no e-mail address" in form.fields["email"].error
    assert database.read(queries.view_counts, "user-1", NOW, ZONE)["all"] == 0
    form.fields["email"].set_text("")
    assert form.fields["email"].error == ""


def test_what_is_typed_is_kept_within_two_seconds(desk, database, qtbot):
    desk.page.begin_new()
    QTest.keyClicks(desk.page.form.notes.edit, "half a sen")
    qtbot.waitUntil(lambda: len(DraftStore(database).kept()) == 1, timeout=2_000)
    assert DraftStore(database).kept()[0].values["notes"] == "half a sen"


def test_esc_keeps_the_draft_says_so_and_offers_it_again(desk, database):
    desk.page.begin_new()
    QTest.keyClicks(desk.page.form.notes.edit, "half a sentence")
    QTest.keyClick(desk.page.form.notes.edit, Qt.Key.Key_Escape)
    desk.settle()
    assert desk.said == ["Draft kept, 23:48. It waits above the list."]
    strip = desk.listing.drafts
    assert strip.isVisible()
    assert "half a sentence" in strip.text
    strip.continue_button.click()
    desk.settle()
    assert desk.page.form.notes.text() == "half a sentence"


def test_an_empty_form_leaves_no_draft(desk, database):
    desk.page.begin_new()
    QTest.keyClick(desk.page.form.notes.edit, Qt.Key.Key_Escape)
    desk.settle()
    assert desk.said == []
    assert DraftStore(database).kept() == ()


def test_a_second_call_never_overwrites_the_first_draft(desk, database):
    for words in ("first call", "second call"):
        desk.page.begin_new()
        QTest.keyClicks(desk.page.form.notes.edit, words)
        desk.page.show_list()
        desk.settle()
    assert {draft.values["notes"] for draft in DraftStore(database).kept()} == {"first call", "second call"}


def test_throwing_a_draft_away_can_be_undone(desk, database):
    DraftStore(database).save("d1", {"notes": "kept words"})
    desk.page._read_drafts()
    desk.settle()
    strip = desk.listing.drafts
    strip.discard_button.click()
    strip.undo_button.click()
    strip.settle()
    desk.settle()
    assert len(DraftStore(database).kept()) == 1
    strip.discard_button.click()
    strip.settle()
    desk.settle()
    assert DraftStore(database).kept() == ()


def test_flush_saves_every_word_before_it_returns(desk, database):
    desk.page.begin_new()
    QTest.keyClicks(desk.page.form.notes.edit, "just typed")
    desk.page.flush()
    assert DraftStore(database).kept()[0].values["notes"] == "just typed"


def test_a_forgotten_draft_is_never_written_again(database):
    store = DraftStore(database)
    store.save("d1", {"notes": "a"})
    store.forget("d1")
    store.save("d1", {"notes": "b"})
    assert store.kept() == ()


def test_products_are_completed_by_every_name(desk, database):
    with database.unit() as uow:
        uow.session.add(Product(id="p1", name="Cardenza", substance="ravexaban", aliases=["RVX"]))
        uow.commit()
    desk.page.begin_new()
    desk.settle()
    completer = desk.page.form._product.line.completer()
    completer.setCompletionPrefix("vx")
    assert completer.currentCompletion() == "RVX"


def test_an_import_that_is_stopped_keeps_its_batches_and_says_so(desk, database, tmp_path):
    path = tmp_path / "long.jsonl"
    rows = (
        {
            "external_id": f"L-{at}",
            "received_at": "2026-11-20T10:00:00+00:00",
            "channel": "email",
            "question": "q",
        }
        for at in range(3_000)
    )
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    importer = desk.page.importer
    desk.page.begin_import()
    desk.runner.job_progress.connect(lambda handle, _progress: handle.cancel())
    importer.import_files([path, tmp_path / "never.csv"])
    desk.qtbot.waitUntil(lambda: not importer.is_running, timeout=30_000)
    desk.settle()
    kept = database.read(queries.view_counts, "user-1", NOW, ZONE)["all"]
    assert 0 < kept <= 3_000
    assert importer.outcome.taken == kept
    outcomes = [importer.model.index(at, 2).data() for at in range(importer.model.rowCount())]
    assert outcomes[-1] == "Not read"
    report = tmp_path / "report.txt"
    importer.write_report(report)
    assert "stay" in report.read_text(encoding="utf-8")
