"""Making and opening a workspace, through the real vault."""

import shutil

import pytest
from sqlalchemy import select

from app.errors import (
    DamagedDatabaseError,
    DamagedKeySlotsError,
    NewerDatabaseError,
    WorkspaceBusyError,
    WorkspaceMissingError,
    WrongKeyError,
)
from app.models.audit import JournalRow, JournalValue
from app.models.product import Product
from app.services.audit.queries import verify_trail
from app.services.workspace import vault as vaults
from app.services.workspace.engine import open_door
from app.services.workspace.keys import ARGON2_FLOOR, KdfPolicy
from app.services.workspace.lock import alone
from app.services.workspace.vault import VaultPorts
from app.services.workspace.workspace import NewUser, create, open_workspace

PASSPHRASE = "seven quiet herons at noon"


@pytest.fixture
def ports(clock):
    return VaultPorts(policy=KdfPolicy(cost=ARGON2_FLOOR), clock=clock)


@pytest.fixture
def folder(tmp_path, clock, ports):
    workspace, _ = create(
        tmp_path / "w", PASSPHRASE, NewUser("Priya Nilsson", "MPharm"), clock=clock, ports=ports
    )
    with workspace.database.unit() as uow:
        uow.session.add(Product(name="Atorvastatin"))
        uow.commit()
    workspace.close()
    return tmp_path / "w"


def events(workspace):
    def query(session):
        found = session.execute(
            select(JournalValue.new)
            .join(JournalRow, JournalRow.n == JournalValue.n)
            .where(JournalValue.field == "event")
            .order_by(JournalRow.n)
        )
        return list(found.scalars())

    return workspace.database.read(query)


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_what_was_written_is_there_after_opening_again(folder, clock, ports):
    workspace = open_workspace(vaults.open_with_passphrase(folder, PASSPHRASE, ports), clock=clock)
    assert workspace.database.read(lambda s: s.scalar(select(Product.name))) == "Atorvastatin"
    assert workspace.identity.user
    assert workspace.database.read(verify_trail).ok
    workspace.close()


def test_unlocks_and_failed_tries_are_rows_of_the_journal(folder, clock, ports):
    with pytest.raises(WrongKeyError):
        vaults.open_with_passphrase(folder, "not the passphrase at all", ports)
    clock.advance(hours=1)
    workspace = open_workspace(vaults.open_with_passphrase(folder, PASSPHRASE, ports), clock=clock)
    assert events(workspace) == ["workspace_created", "unlock_failed", "unlock"]
    workspace.close()


def test_four_faults_have_four_messages_and_change_nothing(folder, clock, ports, tmp_path):
    def damaged_copy(name, spoil):
        copy = tmp_path / name
        shutil.copytree(folder, copy)
        spoil(copy)
        return copy

    def spoil_page(copy):
        database = copy / "workspace.db"
        content = bytearray(database.read_bytes())
        content[100] ^= 1
        database.write_bytes(content)

    def spoil_slots(copy):
        (copy / "keyslots.json").write_text("{", encoding="utf-8")

    def make_newer(copy):
        workspace = open_workspace(vaults.open_with_passphrase(copy, PASSPHRASE, ports), clock=clock)
        with (
            workspace.database.writer.connect() as connection,
            open_door(connection, "test"),
            connection.begin(),
        ):
            connection.exec_driver_sql("PRAGMA user_version = 99")
        workspace.close()

    cases = [
        (folder, "wrong passphrase entirely", WrongKeyError),
        (damaged_copy("slots", spoil_slots), PASSPHRASE, DamagedKeySlotsError),
        (damaged_copy("page", spoil_page), PASSPHRASE, DamagedDatabaseError),
        (damaged_copy("newer", make_newer), PASSPHRASE, NewerDatabaseError),
    ]
    messages = set()
    for path, passphrase, error in cases:
        before = contents(path)
        with pytest.raises(error) as caught:
            open_workspace(vaults.open_with_passphrase(path, passphrase, ports), clock=clock)
        messages.add(str(caught.value))
        assert "delete" not in str(caught.value).replace("nothing was deleted", "")
        after = contents(path)
        for name in ("workspace.db", "keyslots.json"):
            assert after[name] == before[name]
    assert len(messages) == 4


def test_a_missing_database_is_not_made_anew(folder, clock, ports):
    (folder / "workspace.db").unlink()
    with pytest.raises(WorkspaceMissingError, match="backup"):
        open_workspace(vaults.open_with_passphrase(folder, PASSPHRASE, ports), clock=clock)
    assert not (folder / "workspace.db").exists()


def test_a_step_that_needs_the_workspace_alone_waits_for_the_window(folder, clock, ports):
    workspace = open_workspace(vaults.open_with_passphrase(folder, PASSPHRASE, ports), clock=clock)
    with pytest.raises(WorkspaceBusyError, match="Close the window"), alone(folder):
        pass
    workspace.close()
    with alone(folder):
        pass


def test_the_device_signature_is_that_of_the_device_key(folder, clock, ports):
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from app.models.people import Device

    workspace = open_workspace(vaults.open_with_passphrase(folder, PASSPHRASE, ports), clock=clock)
    signature = bytes.fromhex(workspace.sign(b"package"))
    public = workspace.database.read(lambda s: s.scalars(select(Device.public_key)).one())
    Ed25519PublicKey.from_public_bytes(public).verify(signature, b"package")
    workspace.close()
