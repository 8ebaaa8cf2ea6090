import json
from datetime import date

import pytest

from app.models.library_forms import Approval
from app.models.product import Product
from app.models.rules_data import resource_path
from app.services.library import commands, queries
from app.services.search.suggest import Asked, Suggester
from tests.conftest import FakeClock, new_database

TODAY = date(2026, 11, 22)
APPROVAL = Approval("S. Okonjo-Reyes", "2026-01-26")


def fill(database):
    """The sample library: one version superseded, some on hold, and the medicines it is about."""
    folder = resource_path("sample")
    with database.unit() as uow:
        for item in json.loads((folder / "products.json").read_text(encoding="utf-8")):
            fields = {name: item[name] for name in ("name", "substance", "aliases")}
            uow.session.add(Product(**fields))
        uow.commit()
    plan = json.loads((folder / "library.json").read_text(encoding="utf-8"))
    for name in plan["import_order"]:
        database.write(commands.import_file, folder / name, approval=APPROVAL)
    for held in plan["on_hold"]:
        version = database.read(queries.version_by_code, held["id"], held["version"])
        database.write(commands.hold, version, "the label change of 9 November")
    return database


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """Only read by the tests of a module."""
    opened = fill(new_database(tmp_path_factory.mktemp("library"), FakeClock()))
    yield opened
    opened.close()


@pytest.fixture
def own_library(database):
    """To be changed by one test."""
    return fill(database)


@pytest.fixture(scope="module")
def suggest(library):
    suggester = Suggester()

    def ask(text, limit=10, **more):
        return library.read(suggester.suggest, Asked(text, TODAY, **more), limit)

    return ask


def codes(found):
    return [each.row.code for each in found]
