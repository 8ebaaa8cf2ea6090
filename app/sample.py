"""Fill a workspace with the sample: public texts of a fictional company with generic medicines."""

import json
from datetime import date, datetime, timedelta
from typing import Any

from app.models.library_forms import Approval
from app.models.rules_data import resource_path
from app.services.intake import commands as intake
from app.services.jobs import JobContext
from app.services.library import commands as library
from app.services.library import queries as documents
from app.services.settings import commands as settings
from app.services.workspace.clock import in_zone
from app.services.workspace.database import Database

COMPANY = "company"


def fill_sample(database: Database, job: JobContext | None = None) -> None:
    """Add company, products, library and inquiries; the inquiries arrive in the last days."""
    job = job or JobContext()
    company = _read("company.json")
    database.write(settings.configure, COMPANY, company)
    database.write(settings.add_products, [_product(entry) for entry in _read("products.json")])
    _fill_library(database, job)
    _fill_inbox(database, company["anchor_date"], job)


def _read(name: str) -> Any:
    return json.loads(resource_path("sample", name).read_text(encoding="utf-8"))


def _product(entry: dict[str, Any]) -> dict[str, Any]:
    fields = {name: entry[name] for name in ("name", "substance", "atc", "forms", "strengths", "aliases")}
    return {**fields, "label_set_id": entry["label"]["set_id"]}


def _fill_library(database: Database, job: JobContext) -> None:
    plan = _read("library.json")
    approval = Approval(plan["approved_by"], plan["approved_on"])
    for done, name in enumerate(plan["import_order"], start=1):
        job.report(done, len(plan["import_order"]), "Adding standard responses")
        database.write(library.import_file, resource_path("sample", *name.split("/")), approval=approval)
    for held in plan["on_hold"]:
        version_id = database.read(documents.version_by_code, held["id"], held["version"])
        database.write(library.hold, version_id, held["reason"])


def _fill_inbox(database: Database, anchor: str, job: JobContext) -> None:
    """Import the inquiries with their days moved so that the newest are of today."""
    today = in_zone(database.clock.now(), database.clock.zone()).date()
    moved = today - date.fromisoformat(anchor)
    lines = resource_path("sample", "inquiries.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [_moved(json.loads(line), moved) for line in lines if line.strip()]
    database.write(intake.import_rows, rows, source="sample", job=job)


def _moved(row: dict[str, Any], by: timedelta) -> dict[str, Any]:
    received = datetime.fromisoformat(row["received_at"]) + by
    return {**row, "received_at": received.isoformat()}
