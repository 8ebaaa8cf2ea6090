"""The attached files within a backup: as sealed as they lie in the workspace.

    for each file: 1 (1) | name (32) | length (8, big endian) | sealed bytes;  then 0 (1) | SHA-256 of all that (32)

The key slots in front of the backup open them, and a restored workspace has the same keys, so they are
copied as they are.
"""

import hashlib
import shutil
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Final

from app.errors import DamagedDatabaseError
from app.services.workspace.blobs import BLOB_FOLDER
from app.services.workspace.slot_store import Disk

_ENTRY: Final = struct.Struct(">32sQ")
_MORE: Final = b"\x01"
_END: Final = b"\x00"
_DIGEST_BYTES: Final = 32


def write_blobs(file: IO[bytes], paths: Iterable[Path]) -> None:
    """Append sealed files to a backup; one that is gone meanwhile was named by no row."""
    digest = hashlib.sha256()

    def out(piece: bytes) -> None:
        digest.update(piece)
        file.write(piece)

    for path in paths:
        try:
            sealed = path.read_bytes()
        except FileNotFoundError:
            continue
        out(_MORE + _ENTRY.pack(bytes.fromhex(path.name), len(sealed)))
        out(sealed)
    out(_END)
    file.write(digest.digest())


def restore_blobs(source: Path, offset: int, folder: Path, damaged: str) -> int:
    """Bring the files of a backup into a workspace folder and return how many there are.

    None takes its place unless every byte of all matches the checksum.
    """
    aside = folder / f"{BLOB_FOLDER}.restoring"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(mode=0o700, parents=True)
    try:
        with source.open("rb") as backup:
            backup.seek(offset)
            _extract(backup, source.stat().st_size - offset, aside, damaged)
        target = folder / BLOB_FOLDER
        target.mkdir(mode=0o700, exist_ok=True)
        extracted = sorted(aside.iterdir())
        for path in extracted:
            path.replace(target / path.name)
        Disk().sync_folder(target)
        return len(extracted)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _extract(backup: IO[bytes], room: int, aside: Path, damaged: str) -> None:
    digest = hashlib.sha256()

    def taken(length: int) -> bytes:
        content = backup.read(length)
        if len(content) != length:
            raise DamagedDatabaseError(damaged)
        digest.update(content)
        return content

    while taken(1) == _MORE:
        name, length = _ENTRY.unpack(taken(_ENTRY.size))
        if length > room:
            raise DamagedDatabaseError(damaged)
        # A file of the workspace is held whole by whoever opens it, so it fits here too.
        Disk().write(aside / name.hex(), taken(length))
    if backup.read(_DIGEST_BYTES) != digest.digest() or backup.read(1):
        raise DamagedDatabaseError(damaged)
