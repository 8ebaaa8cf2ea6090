"""Make the golden workspace of the present schema: `python -m tests.migrations.make_golden`.

Run it once, when a schema is released. From then on the files stay as they are,
and every later program must open a copy of them.
"""

import shutil
from pathlib import Path

from sqlalchemy import select

from app.models.inquiry import Inquiry, InquiryQuestion, Note
from app.models.migrations import SCHEMA
from app.models.people import Requester
from app.models.product import Product
from app.models.reference import Reference
from app.models.settings import Configuration, DraftText, LookSetting
from app.models.wire import RemoteChange
from app.models.work import WorkItem
from app.services.workspace.database import Database
from app.services.workspace.keys import ARGON2_FLOOR, KdfPolicy
from app.services.workspace.vault import VaultPorts
from app.services.workspace.workspace import NewUser, create
from tests.conftest import NOW, FakeClock

GOLDEN = Path(__file__).parents[1] / "data" / "golden"
FILES = ("keyslots.json", "workspace.db")
# The content is made up, so the key may be known.
PASSPHRASE = "golden heron, seven reeds"
VERBATIM = "Is “atorvastatin” safe at 80 mg with naïve β-blockers? 😀"


def ports(clock: FakeClock) -> VaultPorts:
    return VaultPorts(policy=KdfPolicy(cost=ARGON2_FLOOR), clock=clock)


def fill(database: Database) -> None:
    """A little of each door: created, edited with a reason, imported, from the server, erased."""
    with database.unit() as uow:
        session = uow.session
        session.add(Product(id="p", name="Atorvastatin", forms=[{"form": "tablet", "mg": [10, 20, 80]}]))
        session.add(Requester(id="r", first_name="Ana", last_name="Ferreira", email="ana@example.org"))
        session.flush()
        session.add(inquiry("i", requester_id="r", product_id="p", verbatim=VERBATIM))
        session.add(inquiry("e", verbatim="to be erased"))
        session.flush()
        session.add(InquiryQuestion(id="q", inquiry_id="i", position=1, verbatim=VERBATIM))
        session.add(Note(id="n", inquiry_id="i", text="called back", author_id=uow.actor, noted_at=NOW))
        session.add(WorkItem(id="w", kind="task", title="Ring again", due_at=NOW))
        uow.commit()
    with database.unit("the caller said so") as uow:
        uow.session.get_one(Inquiry, "i").title = "Atorvastatin 80 mg"
        uow.session.get_one(Inquiry, "i").state = "triaged"
        uow.session.get_one(Note, "n").retired_at = NOW
        uow.commit()
    take_in(database)
    erase(database)


def inquiry(id_: str, **values: object) -> Inquiry:
    number = f"MI-L-GOLD-{id_}"
    return Inquiry(
        id=id_, number=number, received_at=NOW, received_zone="Europe/Lisbon", channel="phone", **values
    )


def take_in(database: Database) -> None:
    body = {"name": "Bisoprolol", "substance": "bisoprolol", "created_at": NOW, "atc": "", "label_set_id": ""}
    lists = {"forms": [], "strengths": [], "aliases": ["Biso"], "extra": {}, "colour": "white"}
    remote = RemoteChange("ref", 1, "product", "s", 3, "PUT", {**body, **lists}, "u2", "d2", NOW, "new")
    with database.unit() as uow:
        uow.insert_many(
            Reference, [{"id": f"ref-{n}", "key": f"k{n}", "csl": {"n": n}} for n in range(5)], source="x.ris"
        )
        uow.apply_remote([remote])
        uow.session.add(Configuration(key="company", value={"name": "Norvane"}))
        uow.session.merge(LookSetting(key="theme", value="dark"))
        draft = {"type": "note", "entity_id": "n", "field": "text", "text": "half a"}
        uow.session.merge(DraftText(**draft, seen_sha256="", saved_at=NOW))
        uow.commit()


def erase(database: Database) -> None:
    with database.unit() as uow:
        uow.session.get_one(Inquiry, "e").verbatim = "[erased]"
        uow.commit()
    with database.unit("request of the person") as uow:
        uow.erase_values(["e"])
        uow.commit()


def make(folder: Path) -> None:
    """Make the workspace in a folder of its own and keep only the files of a closed one."""
    shutil.rmtree(folder, ignore_errors=True)
    clock = FakeClock()
    workspace, _ = create(
        folder, PASSPHRASE, NewUser("Priya Nilsson", "MPharm"), clock=clock, ports=ports(clock)
    )
    fill(workspace.database)
    assert (
        workspace.database.read(lambda s: s.scalar(select(Product.name).where(Product.id == "s")))
        == "Bisoprolol"
    )
    workspace.close()
    for path in folder.iterdir():
        if path.name not in FILES:
            path.unlink()


if __name__ == "__main__":
    make(GOLDEN / f"schema-{SCHEMA}")
