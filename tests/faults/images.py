"""Rebuild what a disk may hold after the power went out, from the log of the recorder."""

import random
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

SECTOR = 512
ACKNOWLEDGED = "acknowledged"
_HEAD = struct.Struct("<cIQI")


@dataclass(frozen=True)
class Event:
    """One call: the kind of the recorder, the descriptor, the offset and the bytes."""

    kind: str
    fd: int
    offset: int
    content: bytes

    @property
    def path(self) -> str:
        return self.content.decode()


@dataclass
class _File:
    """One inode: what is surely on the disk, and what only the cache of the system has."""

    durable: bytearray = field(default_factory=bytearray)
    waiting: list[tuple[int, bytes | None]] = field(default_factory=list)

    def sync(self) -> None:
        for offset, content in self.waiting:
            _change(self.durable, offset, content)
        self.waiting.clear()


def _change(image: bytearray, offset: int, content: bytes | None) -> None:
    """Write, or cut off where there is no content."""
    if content is None:
        del image[offset:]
        image.extend(bytes(offset - len(image)))
        return
    image.extend(bytes(max(0, offset - len(image))))
    image[offset : offset + len(content)] = content


def read_log(log: Path) -> list[Event]:
    """The calls in the order in which they returned."""
    raw = log.read_bytes()
    events = []
    at = 0
    while at < len(raw):
        kind, fd, offset, size = _HEAD.unpack_from(raw, at)
        at += _HEAD.size
        events.append(Event(kind.decode(), fd, offset, raw[at : at + size]))
        at += size
    return events


class Disk:
    """The files of a folder between cache and platter, as the events go by."""

    def __init__(self, folder: Path, before: dict[str, bytes]) -> None:
        self._folder = str(folder)
        self._now: dict[str, _File] = {name: _File(bytearray(body)) for name, body in before.items()}
        self._durable_names = dict(self._now)
        self._name_changes: list[tuple[str, _File | None]] = []
        self._open: dict[int, _File | None] = {}
        self._renamed = ""
        self.acknowledged = 0

    def take(self, event: Event) -> None:
        """Go on by one call."""
        {
            "O": self._on_open,
            "C": lambda e: self._open.pop(e.fd, None),
            "W": self._on_write,
            "T": lambda e: self._open[e.fd].waiting.append((e.offset, None)),
            "S": self._on_sync,
            "U": lambda e: self._rename(self._name(e.path), None),
            "R": self._on_renamed_from,
            "N": lambda e: self._rename(self._name(e.path), self._now[self._renamed]),
        }[event.kind](event)

    def _name(self, path: str) -> str:
        return path[len(self._folder) + 1 :]

    def _on_open(self, event: Event) -> None:
        name = self._name(event.path)
        # The folder itself is opened only to be synced.
        if name and name not in self._now:
            self._rename(name, _File())
        self._open[event.fd] = self._now[name] if name else None

    def _on_write(self, event: Event) -> None:
        file = self._open[event.fd]
        if file is self._now.get(ACKNOWLEDGED):
            self.acknowledged = int(event.content.split()[-1])
        else:
            file.waiting.append((event.offset, event.content))

    def _on_sync(self, event: Event) -> None:
        file = self._open[event.fd]
        if file is not None:
            file.sync()
            return
        for name, target in self._name_changes:
            _set_name(self._durable_names, name, target)
        self._name_changes.clear()

    def _on_renamed_from(self, event: Event) -> None:
        self._renamed = self._name(event.path)

    def _rename(self, name: str, target: _File | None) -> None:
        _set_name(self._now, name, target)
        self._name_changes.append((name, target))

    def image(self, rng: random.Random, mode: str) -> dict[str, bytes]:
        """One thing that the platter may hold now; the mode says what became of unsynced writes."""
        names = dict(self._durable_names)
        # A journalling file system keeps the order of names, so a first part of the changes is there.
        for name, target in self._name_changes[: rng.randint(0, len(self._name_changes))]:
            _set_name(names, name, target)
        names.pop(ACKNOWLEDGED, None)
        return {name: _content(file, rng, mode) for name, file in names.items()}

    @property
    def has_unsynced(self) -> bool:
        return any(file.waiting for name, file in self._now.items() if name != ACKNOWLEDGED)


def _set_name(names: dict[str, _File], name: str, target: _File | None) -> None:
    if target is None:
        names.pop(name, None)
        return
    for known in [known for known, file in names.items() if file is target]:
        del names[known]
    names[name] = target


def _content(file: _File, rng: random.Random, mode: str) -> bytes:
    image = bytearray(file.durable)
    for offset, content in _survivors(file.waiting, rng, mode):
        _change(image, offset, content)
    return bytes(image)


def _survivors(
    waiting: list[tuple[int, bytes | None]], rng: random.Random, mode: str
) -> Iterator[tuple[int, bytes | None]]:
    """Unsynced writes that reached the platter.

    `lost`: none after a point. `reordered`: any of them. `torn`: any, and of each any sectors.
    """
    last = rng.randint(0, len(waiting))
    for index, (offset, content) in enumerate(waiting):
        if mode == "lost":
            if index < last:
                yield offset, content
        elif rng.random() < 0.5:
            if mode == "torn" and content is not None:
                yield from _torn(offset, content, rng)
            else:
                yield offset, content


def _torn(offset: int, content: bytes, rng: random.Random) -> Iterator[tuple[int, bytes]]:
    start = 0
    while start < len(content):
        # Sectors lie where the disk has them, not where the write begins.
        end = min(len(content), (offset + start) // SECTOR * SECTOR + SECTOR - offset)
        if rng.random() < 0.5:
            yield offset + start, content[start:end]
        start = end
