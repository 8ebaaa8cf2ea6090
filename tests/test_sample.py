"""The sample fills a workspace with work that looks as if it came in the last days."""

import datetime

import pytest
from sqlalchemy import func, select

from app import sample
from app.errors import JobCancelledError
from app.models.audit import JournalRow
from app.models.inquiry import Inquiry
from app.models.rules_data import resource_path
from app.models.standard_response import StandardResponseVersion
from app.services.audit.queries import verify_trail
from app.services.jobs import JobContext
from app.services.settings import queries as settings
from app.services.workspace.clock import in_zone


@pytest.fixture
def filled(database):
    sample.fill_sample(database)
    return database


def test_company_products_library_and_inquiries_are_there(filled):
    lines = resource_path("sample", "inquiries.jsonl").read_text("utf-8").split("\n")
    count = filled.read(lambda s: s.scalar(select(func.count()).select_from(Inquiry)))
    assert count == sum(bool(line.strip()) for line in lines)
    assert filled.read(settings.configuration, sample.COMPANY)["name"]
    products = filled.read(settings.products)
    assert len(products) >= 4
    states = set(filled.read(lambda s: list(s.scalars(select(StandardResponseVersion.state)))))
    assert states >= {"effective", "superseded", "on_hold"}


def test_every_inquiry_names_a_product_of_the_sample(filled):
    rows = filled.read(lambda s: s.execute(select(Inquiry.product_id, Inquiry.no_product)).all())
    assert all(product_id or no_product for product_id, no_product in rows)


def test_the_inquiries_came_in_the_last_days_and_none_tomorrow(filled, clock):
    received = filled.read(lambda s: list(s.scalars(select(Inquiry.received_at))))
    today = in_zone(clock.now(), clock.zone()).date()
    days = [(today - in_zone(instant, clock.zone()).date()).days for instant in received]
    assert min(days) <= 1
    assert max(days) <= 14
    assert max(received) <= clock.now() + datetime.timedelta(days=1).total_seconds() * 1000


def test_everything_is_in_the_trail_and_whole(filled):
    assert filled.read(verify_trail).ok
    types = set(filled.read(lambda s: list(s.scalars(select(JournalRow.type)))))
    assert types >= {"inquiry", "product", "configuration", "standard_response", "standard_response_version"}


def test_filling_tells_its_progress_and_can_be_cancelled(database):
    told = []
    job = JobContext(told.append)

    def stop_at_the_third(progress):
        told.append(progress)
        if len(told) == 3:
            job.cancel()

    job = JobContext(stop_at_the_third)
    with pytest.raises(JobCancelledError):
        sample.fill_sample(database, job)
    assert [progress.done for progress in told] == [1, 2, 3]
    assert database.read(verify_trail).ok


def test_no_temporary_file_is_left(database, tmp_path, monkeypatch):
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    sample.fill_sample(database)
    assert list((tmp_path / "tmp").iterdir()) == []
