"""A case in progress with its verified contact, and a library to answer it from."""

import hashlib
import json
from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from app.models.base import freeze
from app.models.ids import uuid7
from app.models.inquiry import Inquiry, InquiryQuestion, OffLabelAssessment
from app.models.library_forms import Approval
from app.models.people import Contact, ContactVerification
from app.models.product import Product
from app.models.rules_data import resource_path
from app.models.settings import Configuration
from app.services.letters import commands, queries
from app.services.library import commands as library
from app.services.library.importers import read_documents
from app.services.library.queries import version_by_code
from app.services.workspace.database import Database
from tests.conftest import NOW

SRDS = ("SRD-ATO-001-v2", "SRD-ATO-002", "SRD-HAL-001")
PLAIN = ("email", "mail", "fax")


def sign(payload: bytes) -> str:
    return hashlib.sha512(payload).hexdigest()


@dataclass
class Desk:
    """Short ways to do what a specialist does, each with a unit of work of its own."""

    database: Database
    inquiry_id: str
    question_id: str
    contact_id: str

    def do(self, command, *args, **kwargs):
        return self.database.write(command, *args, **kwargs)

    def version(self, code="SRD-ATO-001"):
        return self.database.read(version_by_code, code)

    def change(self, model, record_id, **values):
        with self.database.unit() as uow:
            record = uow.session.get(model, record_id)
            for name, value in values.items():
                setattr(record, name, value)
            uow.commit()

    def add(self, *records):
        with self.database.unit() as uow:
            for record in records:
                uow.session.add(record)
                uow.session.flush()
            uow.commit()

    def new_letter(self, **kwargs):
        return self.do(commands.new_letter, self.inquiry_id, **kwargs).letter_id

    def letter(self, letter_id):
        return self.database.read(queries.letter, letter_id, now=self.database.clock.now())

    def check(self, letter_id):
        return self.database.read(queries.check, letter_id, now=self.database.clock.now())

    def blocking(self, letter_id):
        return [f"{f.rule}: {f.message}" for f in self.check(letter_id) if f.severity == "X"]

    def answered_letter(self, code="SRD-ATO-001"):
        """A letter of approved text alone, ready to be released."""
        letter_id = self.new_letter()
        self.do(commands.insert, letter_id, self.version(code))
        return letter_id

    def release(self, letter_id, **kwargs):
        said = {"passphrase_verified": True, "sign": sign} | kwargs
        return self.do(commands.release, letter_id, **said)

    def rows(self, model, *where):
        def found(session):
            columns = [column.key for column in model.__table__.columns]
            return [
                SimpleNamespace(**{name: getattr(row, name) for name in columns})
                for row in session.scalars(select(model).where(*where))
            ]

        return self.database.read(found)

    def slot(self, letter_id, name):
        return next(block for block in self.letter(letter_id).blocks if block.slot == name)

    def inserted(self, letter_id):
        return [block for block in self.letter(letter_id).blocks if not block.slot]


@pytest.fixture
def desk(database):
    forms = [
        form for name in SRDS for form in read_documents(resource_path("sample", "srds", f"{name}.json"))
    ]
    approval = Approval("S. Okonjo-Reyes", "2026-01-26")
    database.write(library.import_documents, forms, approval=approval, source_sha256="f" * 64)
    return new_desk(database)


def new_desk(database):
    company = json.loads(resource_path("sample", "company.json").read_text(encoding="utf-8"))
    product = Product(id=uuid7(), name="Atorvastatin tablets")
    contact = Contact(
        id=uuid7(),
        title="Dr",
        first_name="Ana",
        last_name="Lima",
        role="physician",
        credentials="MD",
        address="1 High Street\nSpringfield",
        email="ana.lima@example.org",
        phone="+1 202-555-0177",
        country="US",
    )
    inquiry = Inquiry(
        id=uuid7(),
        number="MI-L-K7Q2-1",
        state="in_progress",
        received_at=NOW - 86_400_000,
        received_zone="America/New_York",
        channel="email",
        verbatim="Can it be taken with grapefruit juice?",
        contact_id=contact.id,
        product_id=product.id,
        country="US",
        owner_id="user-1",
        adverse_event="no",
        special_situation="no",
        quality_complaint="no",
        solicited="unsolicited",
    )
    question = InquiryQuestion(
        id=uuid7(), inquiry_id=inquiry.id, position=1, verbatim="Can it be taken with grapefruit juice?"
    )
    desk = Desk(database, inquiry.id, question.id, contact.id)
    desk.add(
        Configuration(id=uuid7(), key="company", value=freeze(company)),
        product,
        contact,
        ContactVerification(
            id=uuid7(), contact_id=contact.id, method="registry", verified_at=NOW, verified_by="user-1"
        ),
        inquiry,
        question,
        assessment(question.id, "on_label"),
    )
    return desk


def assessment(question_id, value, at=NOW):
    return OffLabelAssessment(
        id=uuid7(), question_id=question_id, assessment=value, assessed_by="user-1", assessed_at=at
    )
