"""Outlook messages for tests, written as the compound file format asks (MS-CFB, MS-OXMSG)."""

import itertools
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_SECTOR, _MINI, _CUTOFF = 512, 64, 4096
STRING, BINARY, INTEGER, TIME = 0x001F, 0x0102, 0x0003, 0x0040


@dataclass
class Storage:
    """A folder of streams, bytes by name."""

    streams: dict[str, bytes] = field(default_factory=dict)
    storages: dict[str, "Storage"] = field(default_factory=dict)


def properties(values: Mapping[int, object], header: int) -> Storage:
    """A storage whose property stream tells these values by their ids."""
    storage, rows = Storage(), b""
    for pid, value in sorted(values.items()):
        if isinstance(value, int):
            rows += struct.pack("<HHIQ", INTEGER, pid, 6, value)
            continue
        kind, content = (STRING, value.encode("utf-16-le")) if isinstance(value, str) else (BINARY, value)
        length = len(content) + (2 if kind == STRING else 0)
        rows += struct.pack("<HHIII", kind, pid, 6, length, 0)
        storage.streams[f"__substg1.0_{pid:04X}{kind:04X}"] = content
    storage.streams["__properties_version1.0"] = bytes(header) + rows
    return storage


def message(values: Mapping[int, object], attachments: list[Mapping[int, object]] | None = None) -> bytes:
    """One .msg file with these properties, its attachments in their order."""
    root = properties({0x001A: "IPM.Note", **values}, 32)
    for number, each in enumerate(attachments or []):
        root.storages[f"__attach_version1.0_#{number:08X}"] = properties({0x3705: 1, **each}, 8)
    return compound(root)


def compound(root: Storage) -> bytes:
    """A compound file of version 3 with one sector of directory at a time."""
    entries: list[list[object]] = []
    small = bytearray()
    mini_fat: list[int] = []
    large: list[tuple[int, bytes]] = []

    def add(name: str, kind: int) -> int:
        entries.append([name, kind, _FREE, _FREE, _END, 0])
        return len(entries) - 1

    def add_stream(name: str, content: bytes) -> int:
        at = add(name, 2)
        entries[at][5] = len(content)
        if len(content) >= _CUTOFF:
            large.append((at, content))
        elif content:
            entries[at][4] = len(small) // _MINI
            count = -(-len(content) // _MINI)
            first = len(mini_fat)
            mini_fat.extend([*range(first + 1, first + count), _END])
            small.extend(content.ljust(count * _MINI, b"\0"))
        return at

    def fill(at: int, storage: Storage) -> None:
        kids = [add_stream(name, content) for name, content in storage.streams.items()]
        for name, inner in storage.storages.items():
            kid = add(name, 1)
            fill(kid, inner)
            kids.append(kid)
        # Every brother hangs to the right of the one before: a poor tree, but one.
        for before, after in itertools.pairwise(kids):
            entries[before][2] = after
        entries[at][3] = kids[0] if kids else _FREE

    fill(add("Root Entry", 5), root)
    return _laid_out(entries, bytes(small), mini_fat, large)


def _laid_out(
    entries: list[list[object]], small: bytes, mini_fat: list[int], large: list[tuple[int, bytes]]
) -> bytes:
    body, fat = bytearray(), []

    def place(content: bytes) -> int:
        if not content:
            return _END
        first, count = len(fat), -(-len(content) // _SECTOR)
        fat.extend([*range(first + 1, first + count), _END])
        body.extend(content.ljust(count * _SECTOR, b"\0"))
        return first

    for at, content in large:
        entries[at][4] = place(content)
    entries[0][4], entries[0][5] = place(small), len(small)
    mini_start = place(b"".join(struct.pack("<I", each) for each in mini_fat).ljust(_SECTOR, b"\xff"))
    directory = b"".join(_entry(*each) for each in entries)
    directory_start = place(directory + _entry("", 0, _FREE, _FREE, 0, 0) * (-len(entries) % 4))
    fat_sectors = -(-(len(fat) + 4) // 128)
    fat_start = len(fat)
    fat.extend([_FAT] * fat_sectors)
    fat.extend([_FREE] * (fat_sectors * 128 - len(fat)))
    body.extend(b"".join(struct.pack("<I", each) for each in fat))
    places = [fat_start + each for each in range(fat_sectors)]
    head = struct.pack(
        "<8s16sHHHHH6xIIIIIIIII",
        *(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", bytes(16), 0x3E, 3, 0xFFFE, 9, 6, 0, fat_sectors),
        *(directory_start, 0, _CUTOFF, mini_start, -(-len(mini_fat) // 128) or 1, _END, 0),
    )
    return (
        head + b"".join(struct.pack("<I", each) for each in [*places, *[_FREE] * (109 - len(places))]) + body
    )


def _entry(name: str, kind: int, right: int, child: int, start: int, size: int) -> bytes:
    encoded = name.encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII16sIQQIQ",
        *(encoded, len(encoded) + 2 if name else 0, kind, 1, _FREE, right, child, bytes(16), 0, 0, 0),
        *(start, size),
    )
