from collections.abc import Callable

import pytest

from app.models.ids import uuid7
from app.models.inquiry_forms import InquiryForm, PersonForm, QuestionForm
from app.models.lifecycle_inquiry import Decision
from app.models.people import User
from app.models.product import Product
from app.services.intake import commands, queries
from app.services.safety import commands as safety
from app.services.workspace.database import Database

DOCTOR = PersonForm(
    first_name="Dana", last_name="Whitfield", role="physician", email="dana@clinic.example.org", country="GB"
)


@pytest.fixture
def product(database: Database) -> str:
    product_id = uuid7()
    with database.unit() as uow:
        uow.session.add(
            Product(id=product_id, name="Cardenza", substance="cardenzam", aliases=["Cardenza 5 mg"])
        )
        uow.session.add(User(id="user-2", name="T. Kaya", roles=["specialist"]))
        uow.commit()
    return product_id


@pytest.fixture
def take(database: Database, product: str) -> Callable[..., str]:
    def _take(**fields: object) -> str:
        form = {
            "channel": "phone",
            "requester": DOCTOR,
            "product_id": product,
            "questions": (QuestionForm("What dose in renal impairment?"),),
            "solicited": "unsolicited",
        }
        return database.write(commands.capture, InquiryForm(**(form | fields))).inquiry_id

    return _take


@pytest.fixture
def see(database: Database) -> Callable[[str], queries.CaseView]:
    return lambda inquiry_id: database.read(queries.case, inquiry_id, "user-1")


@pytest.fixture
def ready(database: Database, take: Callable[..., str], see) -> Callable[..., str]:
    """An inquiry in triage with everything that leaving triage needs."""

    def _ready(**fields: object) -> str:
        inquiry_id = take(**fields)
        database.write(commands.triage, inquiry_id)
        for question in see(inquiry_id).questions:
            database.write(commands.assess_label, question.id, "on_label", label_version="SmPC 4")
        database.write(
            safety.decide,
            inquiry_id,
            adverse_event=Decision.NO,
            special_situation=Decision.NO,
            quality_complaint=Decision.NO,
            reason="Asked, none told",
        )
        return inquiry_id

    return _ready


@pytest.fixture
def working(database: Database, ready: Callable[..., str]) -> Callable[..., str]:
    """An inquiry in progress, owned by the user."""

    def _working(**fields: object) -> str:
        inquiry_id = ready(**fields)
        database.write(commands.assign, inquiry_id)
        database.write(commands.start, inquiry_id)
        return inquiry_id

    return _working
