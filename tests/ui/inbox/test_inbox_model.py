import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from app.services.intake import commands, queries
from app.services.workspace.database import Database
from app.ui.inbox.groups import Due, Group, GroupHead, group_of, grouped, horizon
from app.ui.inbox.item_model import MOST_PAGES, PAGE, HeadRole, InboxModel, RowRole, ShownRole
from tests.conftest import NOW

ZONE = "Europe/London"
HOUR = 3_600_000


@pytest.fixture
def model(database, runner, qtbot):
    model = InboxModel(database, runner)
    yield model
    model.clear()


def query(view="all_open", **fields):
    return queries.InboxQuery(view, "user-1", NOW, ZONE, **fields)


def show(model, qtbot, asked, *, is_grouped=False):
    with qtbot.waitSignal(model.listed):
        model.show_view(asked, is_grouped=is_grouped)


def see(model, at):
    return model.index(at).data(ShownRole)


@pytest.fixture
def reads(monkeypatch, database):
    """Every thread that read the database, and what it read."""
    seen = []

    class Watched(Database):
        def read(self, query, *args, **kwargs):
            seen.append((threading.current_thread(), query.__name__, args))
            return super().read(query, *args, **kwargs)

    database.__class__ = Watched
    yield seen
    database.__class__ = Database


def test_only_the_pages_that_are_looked_at_are_read_and_never_by_the_gui_thread(
    database, model, many, reads, qtbot, runner
):
    many(2_500)
    reads.clear()
    show(model, qtbot, query())
    assert model.rowCount() == 2_500
    assert model.loaded_pages == ()
    assert see(model, 0) is not None  # kept from the first page while its own page is on the way
    assert see(model, 2_000) is None
    qtbot.waitUntil(lambda: see(model, 2_000) is not None)
    qtbot.waitUntil(lambda: set(model.loaded_pages) == {0, 2_000 // PAGE})
    before = len(reads)
    for role in range(40):
        model.index(2_000).data(role)
    assert see(model, 2_001).title.startswith("Question")
    assert len(reads) == before
    assert all(thread is not threading.main_thread() for thread, _name, _args in reads)
    pages = [args[0] for _thread, name, args in reads if name == "inbox_rows"]
    assert sum(len(numbers) for numbers in pages) <= 2 * PAGE


def test_pages_used_longest_ago_leave_memory(database, many, qtbot, runner):
    many(5 * PAGE)
    model = InboxModel(database, runner, most_pages=3)
    show(model, qtbot, query())
    for page in range(5):
        qtbot.waitUntil(lambda page=page: see(model, page * PAGE) is not None and page in model.loaded_pages)
    assert model.loaded_pages == (2, 3, 4)
    assert len(model._rows) == 3 * PAGE
    assert MOST_PAGES == 40


def test_rows_come_in_the_order_of_the_query(database, model, take, qtbot):
    for words in ("one", "two", "three"):
        take(words)
    show(model, qtbot, query(sort="number", descending=True))
    qtbot.waitUntil(lambda: see(model, 2) is not None)
    assert [see(model, at).title for at in range(3)] == ["three", "two", "one"]


def test_a_stale_answer_is_dropped(database, model, take, qtbot, runner):
    take("apples")
    take("pears")
    model.show_view(query(text="apples"), is_grouped=False)
    show(model, qtbot, query(text="pears"))
    qtbot.waitUntil(lambda: not runner.is_busy)
    assert model.rowCount() == 1
    assert see(model, 0).title == "pears"


def test_the_model_keeps_the_rules_of_qt(database, model, take, qtbot):
    # Warnings of the tester fail the test, like every warning of Qt.
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    take("over", received_at=NOW - 400 * HOUR)
    take("later")
    show(model, qtbot, query(), is_grouped=True)
    model.tick(NOW + 400 * HOUR)
    model.clear()
    tester.deleteLater()


def test_heads_are_rows_that_nobody_can_choose(database, model, take, qtbot):
    take("over", received_at=NOW - 400 * HOUR)
    take("later")
    show(model, qtbot, query(), is_grouped=True)
    heads = [at for at in range(model.rowCount()) if model.index(at).data(HeadRole) is not None]
    assert heads == [0, 2]
    assert model.index(0).data(HeadRole) == GroupHead(Group.OVERDUE, 1)
    assert not model.index(0).flags() & (Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
    assert model.index(0).data(Qt.ItemDataRole.AccessibleTextRole) == "Overdue, 1"
    assert model.index(0).data(RowRole) is None


def test_a_view_of_more_than_2000_rows_is_flat(database, model, many, qtbot):
    many(2_001)
    show(model, qtbot, query(), is_grouped=True)
    qtbot.waitUntil(lambda: model.is_whole)
    assert model.is_flat
    assert model.rowCount() == 2_001


def test_time_moves_an_inquiry_into_the_overdue_group(database, model, take, qtbot, clock):
    take("soon over")
    show(model, qtbot, query(), is_grouped=True)
    assert model.index(0).data(HeadRole).group is not Group.OVERDUE
    model.tick(NOW + 400 * HOUR)
    assert model.index(0).data(HeadRole).group is Group.OVERDUE
    assert see(model, 1).due.text.endswith("over")


def test_a_reload_of_the_same_rows_shows_new_words_without_a_reset(database, model, take, qtbot, runner):
    inquiry_id = take("old words")
    show(model, qtbot, query(), is_grouped=True)
    resets = []
    model.modelReset.connect(lambda: resets.append(1))
    database.write(commands.edit_fact, inquiry_id, "title", "new words")
    with qtbot.waitSignal(model.listed):
        model.reload(NOW)
    assert see(model, 1).title == "new words"
    assert resets == []


def test_no_row_names_a_person_outside(database, model, take, qtbot):
    take()
    show(model, qtbot, query(), is_grouped=True)
    spoken = str(see(model, 1)) + str(model.index(1).data(Qt.ItemDataRole.AccessibleTextRole))
    assert "Whitfield" not in spoken
    assert "Dana" not in spoken


def test_a_voice_reads_a_row_as_a_sentence(database, model, take, qtbot):
    take("Dosing of Cardenza")
    show(model, qtbot, query(), is_grouped=True)
    sentence = model.index(1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "Dosing of Cardenza, due in" in sentence
    assert "not on the server yet" in sentence


def test_clear_forgets_every_row(database, model, take, qtbot):
    take()
    show(model, qtbot, query(), is_grouped=True)
    model.clear()
    assert model.rowCount() == 0
    assert model._rows == {}
    assert model._former == {}


@pytest.mark.parametrize(
    ("due", "group"),
    [
        (Due("new", NOW - 1, False), Group.OVERDUE),
        (Due("new", NOW + 2 * HOUR, False), Group.TONIGHT),
        (Due("new", NOW + 12 * HOUR, False), Group.AFTER_SHIFT),
        (Due("awaiting_requester", None, True), Group.WAITING),
        (Due("awaiting_internal", NOW - 1, False), Group.OVERDUE),
        (Due("answered", NOW - 1, False), Group.ANSWERED),
        (Due("closed", NOW - 1, False), Group.ENDED),
        (Due("new", None, False), Group.NO_DUE_TIME),
        (Due("new", NOW + 12 * HOUR, False, NOW - 1), Group.OVERDUE),
        (Due("closed", None, False, NOW - 1), Group.OVERDUE),
        (Due("closed", None, False, NOW + 1), Group.ENDED),
    ],
)
def test_an_inquiry_belongs_to_one_group(due, group):
    assert group_of(due, horizon(NOW, ZONE)) is group


def test_by_day_the_groups_are_today_and_after():
    noon = NOW - 12 * HOUR
    until = horizon(noon, ZONE)
    assert group_of(Due("new", noon + HOUR, False), until) is Group.TODAY
    assert group_of(Due("new", noon + 13 * HOUR, False), until) is Group.AFTER_TODAY


def test_every_row_stands_in_one_group_in_the_order_of_the_view():
    dues = [Due("new", NOW + at * HOUR, at % 5 == 0) for at in range(-20, 20)]
    entries = grouped(dues, horizon(NOW, ZONE))
    positions = [entry for entry in entries if not isinstance(entry, GroupHead)]
    assert sorted(positions) == list(range(40))
    assert sum(entry.count for entry in entries if isinstance(entry, GroupHead)) == 40
