import threading

import pytest

from app.errors import InputRefusedError, NotAllowedError, RecordNotFoundError
from app.models.inquiry_forms import InquiryForm
from app.services.intake import commands as intake
from app.services.work import commands, queries
from tests.conftest import NOW


def add(database, **fields):
    form = {"kind": "training", "title": "Read SOP 12", "due_at": NOW}
    database.write(commands.add, **(form | fields))
    return database.read(queries.open_items)[-1]


def test_open_items_come_in_the_order_of_their_due_times(database):
    for due in (None, NOW + 2, NOW + 1):
        add(database, title=str(due), due_at=due)
    assert [item.due_at for item in database.read(queries.open_items)] == [NOW + 1, NOW + 2, None]


def test_an_item_is_given_done_and_opened_again(database):
    item = add(database)
    database.write(commands.give, item.id, "user-1")
    assert database.read(queries.open_items, owner_id="user-1")[0].owner == "P. Nilsson"
    database.write(commands.finish, item.id)
    assert database.read(queries.open_items) == ()
    with pytest.raises(NotAllowedError):
        database.write(commands.rename, item.id, "Else")
    database.write(commands.resume, item.id)
    database.write(commands.set_due, item.id, None)
    assert database.read(queries.open_items)[0].due_at is None


def test_wrong_items_are_refused(database):
    for fields in ({"kind": "nap"}, {"title": " "}, {"title": "x" * 501}):
        with pytest.raises(InputRefusedError):
            add(database, **fields)
    with pytest.raises(RecordNotFoundError):
        add(database, owner_id="nobody")
    assert database.read(queries.open_items) == ()


def test_items_are_found_by_the_record_they_are_about(database):
    item = add(database, linked=[("inquiry", "01a20494-b595-70f8-bb04-6ed90fadfe02")])
    found = database.read(queries.linked_to, "01a20494-b595-70f8-bb04-6ed90fadfe02")
    assert [(view.id, view.linked[0][0]) for view in found] == [(item.id, "inquiry")]
    assert database.read(queries.linked_to, "01a20494-0000-70f8-bb04-6ed90fadfe02") == ()


def test_numbers_of_two_threads_never_meet(database):
    numbers = []

    def take():
        for _ in range(10):
            numbers.append(database.write(intake.capture, InquiryForm(channel="phone", verbatim="x")).number)

    threads = [threading.Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(int(number.rsplit("-", 1)[1]) for number in numbers) == list(range(1, 21))
