"""Files beside the database: sealed, found by what they hold, under names that say nothing.

    magic (14) | nonce (12) | AES-256-GCM of the content, bound to the magic and the content's SHA-256

A blob is on the disk before the row that names it is committed, so a row never names one that is not
there; what a broken-off write leaves behind is named by no row and swept later.
"""

import errno
import hashlib
import hmac
import os
import re
import secrets
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.errors import EnvironmentFaultError, UserFacingError
from app.services.jobs.context import JobContext
from app.services.workspace.keys import SecretKey, stretch
from app.services.workspace.slot_store import Disk

BLOB_FOLDER: Final = "blobs"
_MAGIC: Final = b"MIDESK BLOB 1\n"
_NONCE_BYTES: Final = 12
_NAME: Final = re.compile(r"[0-9a-f]{64}")
_SHA256_BYTES: Final = 32
# Longer than any import runs: what is younger may be about to get its row.
_GRACE_S: Final = 24 * 3600


class BlobLostError(UserFacingError):
    """A file is not on the disk any more, or its bytes are not what they were."""


class BlobStore:
    """The sealed files of one workspace; safe to use from any thread and process."""

    def __init__(self, folder: Path, key: SecretKey, disk: Disk | None = None) -> None:
        self.folder = folder
        self._seal = AESGCM(stretch(key, b"", b"midesk blob content 1").reveal())
        self._names = stretch(key, b"", b"midesk blob names 1")
        self._disk = disk or Disk()

    def put(self, content: bytes) -> str:
        """Keep bytes durably and return their SHA-256; the same bytes are kept once."""
        sha256 = hashlib.sha256(content).hexdigest()
        path = self._path(sha256)
        try:
            if not self._holds(path, sha256):
                self._write(path, self._sealed(content, sha256))
            else:
                # A sweep that runs meanwhile must take it for a new one.
                os.utime(path)
        except OSError as exc:
            raise _refused(exc) from exc
        return sha256

    def get(self, sha256: str) -> bytes:
        """Return the bytes with this SHA-256, or raise `BlobLostError`; never others."""
        try:
            sealed = self._path(sha256).read_bytes()
        except FileNotFoundError as exc:
            raise BlobLostError(
                "The attached file is not in this workspace any more. The mail's text is kept. "
                "Take the file from a backup or from the mail program."
            ) from exc
        except OSError as exc:
            raise _refused(exc) from exc
        content = self._opened(sealed, sha256)
        if content is None:
            raise BlobLostError(
                "The attached file is damaged on the disk and is not shown. The mail's text is kept. "
                "Take the file from a backup or from the mail program."
            )
        return content

    def paths(self) -> tuple[Path, ...]:
        """List the sealed files, in the order of their names."""
        try:
            names = sorted(self.folder.iterdir()) if self.folder.is_dir() else []
        except OSError as exc:
            raise _refused(exc) from exc
        return tuple(path for path in names if _NAME.fullmatch(path.name))

    def damaged(self, known: Iterable[str]) -> tuple[str, ...]:
        """Return those of these hashes whose file is gone or damaged."""
        return tuple(sha256 for sha256 in known if not self._holds(self._path(sha256), sha256))

    def sweep(self, known: Iterable[str], *, at_once: bool = False) -> int:
        """Remove files that no row names and that are a day old; `at_once` is for who is alone here."""
        named = {self._path(sha256).name for sha256 in known}
        before = time.time() - _GRACE_S
        removed = 0
        for path in self._all():
            try:
                if path.name not in named and (at_once or path.stat().st_mtime < before):
                    self._disk.remove(path)
                    removed += 1
            except OSError:
                # Held by another program; the next sweep tries again.
                continue
        return removed

    def reseal(self, other: "BlobStore", known: Iterable[str], job: JobContext) -> tuple[str, ...]:
        """Seal the files named by these hashes in another store as well; return those that are lost.

        The names differ with the key, so both may share a folder and either key still finds its own.
        """
        lost = []
        hashes = sorted(set(known))
        for done, sha256 in enumerate(hashes, start=1):
            job.report(done, len(hashes))
            try:
                other.put(self.get(sha256))
            except BlobLostError:
                lost.append(sha256)
        return tuple(lost)

    def _all(self) -> Iterator[Path]:
        if self.folder.is_dir():
            yield from (path for path in self.folder.iterdir() if path.is_file())

    def _path(self, sha256: str) -> Path:
        digest = hmac.new(self._names.reveal(), bytes.fromhex(sha256), hashlib.sha256)
        return self.folder / digest.hexdigest()

    def _holds(self, path: Path, sha256: str) -> bool:
        content = self._disk.read(path)
        return content is not None and self._opened(content, sha256) is not None

    def _sealed(self, content: bytes, sha256: str) -> bytes:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return _MAGIC + nonce + self._seal.encrypt(nonce, content, _MAGIC + bytes.fromhex(sha256))

    def _opened(self, sealed: bytes, sha256: str) -> bytes | None:
        start = len(_MAGIC)
        nonce, body = sealed[start : start + _NONCE_BYTES], sealed[start + _NONCE_BYTES :]
        if sealed[:start] != _MAGIC or len(nonce) != _NONCE_BYTES:
            return None
        try:
            content = self._seal.decrypt(nonce, body, _MAGIC + bytes.fromhex(sha256))
        except InvalidTag:
            return None
        return content if hashlib.sha256(content).hexdigest() == sha256 else None

    def _write(self, path: Path, sealed: bytes) -> None:
        is_new = not self.folder.exists()
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if is_new:
            self._disk.sync_folder(self.folder.parent)
        part = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
        try:
            self._disk.write(part, sealed)
            self._disk.rename(part, path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        self._disk.sync_folder(self.folder)


def _refused(exc: OSError) -> EnvironmentFaultError:
    if exc.errno == errno.ENOSPC:
        return EnvironmentFaultError(
            "The disk is full, so an attached file was not kept. What was kept before is whole. "
            "Free some space, then import the mail again."
        )
    return EnvironmentFaultError(
        "The system refused to read or write an attached file. Nothing was changed. "
        "Check the folder of the workspace, then try again."
    )
