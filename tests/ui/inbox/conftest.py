from dataclasses import dataclass, field

import pytest

from app.models.inquiry import Inquiry
from app.models.inquiry_forms import InquiryForm, PersonForm, QuestionForm
from app.models.lifecycle_inquiry import Decision
from app.models.people import User
from app.models.product import Product
from app.services.intake import commands, queries
from app.services.safety import commands as safety
from app.ui.inbox.actions import global_commands
from app.ui.inbox.page import InboxPage
from app.ui.jobs import JobRunner
from app.ui.shell.actions import LIST, Registry, list_of
from tests.conftest import NOW

HOUR = 3_600_000
DOCTOR = PersonForm(
    first_name="Dana", last_name="Whitfield", role="physician", email="dana@clinic.example.org", country="GB"
)


@pytest.fixture
def take(database):
    """Take an inquiry and return its id."""
    with database.unit() as uow:
        uow.session.add(Product(id="p1", name="Cardenza", substance="ravexaban", aliases=["Cardenza 5 mg"]))
        uow.session.add(User(id="user-2", name="T. Kaya", roles=["specialist"]))
        uow.commit()

    def _take(words="What dose in renal impairment?", **fields):
        form = {
            "channel": "phone",
            "verbatim": words,
            "requester": DOCTOR,
            "product_id": "p1",
            "questions": (QuestionForm(words),),
            "solicited": "unsolicited",
        }
        return database.write(commands.capture, InquiryForm(**(form | fields))).inquiry_id

    return _take


@pytest.fixture
def triaged(database, take):
    """An inquiry that can be taken."""

    def _triaged(words="What dose in renal impairment?", **fields):
        inquiry_id = take(words, **fields)
        database.write(commands.triage, inquiry_id)
        for question in database.read(queries.case, inquiry_id, "user-1").questions:
            database.write(commands.assess_label, question.id, "on_label", label_version="SmPC 4")
        decided = dict.fromkeys(("adverse_event", "special_situation", "quality_complaint"), Decision.NO)
        database.write(safety.decide, inquiry_id, **decided, reason="Asked, none told")
        return inquiry_id

    return _triaged


@pytest.fixture
def many(database):
    """Put in so many inquiries at once."""

    def _many(count):
        rows = [
            {
                "number": f"MI-L-682D-{at + 1}",
                "received_at": NOW - at % 24 * HOUR - at % 60 * 60_000,
                "received_zone": "Europe/London",
                "channel": "email",
                "title": f"Question {at} about storage",
                "verbatim": f"Question {at} about storage",
                "due_at": NOW + (at * 13 % 97) * HOUR,
            }
            for at in range(count)
        ]
        with database.unit() as uow:
            uow.insert_many(Inquiry, rows)
            uow.commit()

    return _many


@pytest.fixture
def runner(qtbot):
    runner = JobRunner()
    yield runner
    runner.close()


@dataclass
class Desk:
    """The inbox in a window of its own, with the keys of the shell."""

    page: InboxPage
    registry: Registry
    runner: JobRunner
    qtbot: object
    went: list = field(default_factory=list)
    said: list = field(default_factory=list)

    @property
    def listing(self):
        return self.page.listing

    @property
    def list(self):
        return self.page.listing.list

    @property
    def model(self):
        return self.page.listing.model

    def settle(self):
        self.qtbot.waitUntil(lambda: not self._is_busy())

    def _is_busy(self):
        gathers = self.model._gather.isActive() or self.listing.reads.preview_pause.isActive()
        return self.runner.is_busy or gathers

    def browse(self, view="all_open"):
        self.listing.browse(view)
        self.settle()
        self.page.activateWindow()
        self.qtbot.waitUntil(self.page.isActiveWindow)
        self.list.setFocus()

    def type(self, text):
        self.listing.filter_field.setText(text)
        self.listing.filter_field.search_now()
        self.settle()

    def titles(self):
        found = [self.model.index(at).data() for at in range(self.model.rowCount())]
        return [text for text in found if text]


@pytest.fixture
def make_desk(database, themed_app, qtbot, runner):
    def make(size=(1368, 840), layout=None):
        registry = Registry()
        page = InboxPage(database, runner, registry=registry)
        registry.setParent(page)
        desk = Desk(page, registry, runner, qtbot)
        page.go_requested.connect(lambda *place: desk.went.append(place))
        page.message_requested.connect(desk.said.append)
        registry.extend(global_commands(lambda _page_id, target: page.show_target(target)))
        for context in (LIST, list_of("inbox")):
            registry.attach(context, page.listing.list)
        registry.attach("inbox", page)
        registry.attach("everywhere", page)
        runner.data_changed.connect(lambda changes, initiator: page.on_changes(changes))
        qtbot.addWidget(page)
        page.restore_layout(layout or {})
        page.resize(*size)
        page.show()
        page.activateWindow()
        qtbot.waitUntil(page.isActiveWindow)
        page.activate()
        desk.settle()
        return desk

    return make


@pytest.fixture
def desk(make_desk):
    return make_desk()
