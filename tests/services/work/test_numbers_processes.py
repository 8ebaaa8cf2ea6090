import multiprocessing
from pathlib import Path

from sqlalchemy import select

from app.models.inquiry import Inquiry
from app.models.inquiry_forms import InquiryForm
from app.services.intake import commands
from app.services.workspace.database import Database, Identity
from tests.conftest import FakeClock

TAKEN_EACH = 8


def _take(path: Path, identity: Identity) -> None:
    database = Database(path, b"\x01" * 32, FakeClock())
    database.identity = identity
    for _ in range(TAKEN_EACH):
        database.write(commands.capture, InquiryForm(channel="phone", verbatim="x"))
    database.close()


def test_two_processes_take_no_number_twice_and_leave_no_gap(database, tmp_path):
    context = multiprocessing.get_context("spawn")
    processes = [
        context.Process(target=_take, args=(tmp_path / "workspace.db", database.identity)) for _ in range(2)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(timeout=60)
    assert [process.exitcode for process in processes] == [0, 0]
    numbers = database.read(lambda session: list(session.scalars(select(Inquiry.number))))
    serials = sorted(int(number.rsplit("-", 1)[1]) for number in numbers)
    assert serials == list(range(1, 2 * TAKEN_EACH + 1))
