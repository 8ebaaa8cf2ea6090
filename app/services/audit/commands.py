"""Export the audit trail, which is itself an audited event."""

import json
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
    """Write the whole trail with its values as JSON lines; readable, and verifiable offline."""
    with uow:
        lines = [json.dumps(row, ensure_ascii=False, sort_keys=True) for row in exported_rows(uow.session)]
        content = ("\n".join(lines) + "\n").encode()
        try:
            target.write_bytes(content)
        except OSError as exc:
            raise EnvironmentFaultError(
                f"{target.name} could not be written ({exc.strerror}). The trail is as it was. Choose another place."
            ) from exc
        written = ExportedTrail(len(lines), sha256_hex(content))
        uow.record_event("audit_export", type_="journal", entity_id=uow.device, sha256=written.sha256)
        uow.commit()
    return written
