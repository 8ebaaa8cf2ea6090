"""Export the audit trail, which is itself an audited event."""

import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.errors import EnvironmentFaultError
from app.models.canonical import sha256_hex
from app.services.audit.queries import exported_rows
from app.services.workspace.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class ExportedTrail:
    """What was written: how many rows, and the hash of the file."""

    events: int
    sha256: str


def export_trail(uow: UnitOfWork, target: Path) -> ExportedTrail:
    """Write the whole trail with its values as JSON lines; readable, and verifiable offline.

    The file appears only after the trail says that it was exported.
    """
    # The name is the program's own, so no file of the user is ever taken for it.
    part = target.with_name(f".{target.name[:100]}.{secrets.token_hex(4)}.part")
    with _without_leftovers(target, part), uow:
        lines = [json.dumps(row, ensure_ascii=False, sort_keys=True) for row in exported_rows(uow.session)]
        content = ("\n".join(lines) + "\n").encode()
        _write(target, part, content)
        written = ExportedTrail(len(lines), sha256_hex(content))
        uow.record_event("audit_export", type_="journal", entity_id=uow.device, sha256=written.sha256)
        uow.commit()
        _put_in_place(target, part)
    return written


def _write(target: Path, part: Path, content: bytes) -> None:
    try:
        if target.is_dir():
            raise IsADirectoryError(0, "it is a folder")
        with part.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as exc:
        raise EnvironmentFaultError(
            f"{target.name} could not be written ({exc.strerror}). The trail is as it was. Choose another place."
        ) from exc


def _put_in_place(target: Path, part: Path) -> None:
    try:
        part.replace(target)
    except OSError as exc:
        raise EnvironmentFaultError(
            f"{target.name} could not be put in its place ({exc.strerror}). No file was written, but the trail "
            "already names this export. Choose another place."
        ) from exc


@contextmanager
def _without_leftovers(target: Path, part: Path) -> Iterator[None]:
    """Take the unfinished file away whatever happens."""
    try:
        yield
    finally:
        try:
            part.unlink(missing_ok=True)
        except OSError as exc:
            raise EnvironmentFaultError(
                f"{part.name} beside {target.name} could not be removed ({exc.strerror}). "
                "It holds the trail. Remove it."
            ) from exc
