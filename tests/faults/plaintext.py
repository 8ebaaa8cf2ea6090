"""Look for texts that must not lie on the disk in any form one could read."""

import base64
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

_DESCRIPTORS = Path("/proc/self/fd")


def scan_for_markers(folder: Path, markers: Iterable[str]) -> list[tuple[Path, str]]:
    """Name each file that holds a marker, in whatever writing; the name of the file counts, too."""
    wanted = _writings(markers)
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        found.extend((path, writing) for writing in _held(content, wanted))
        found.extend((path, writing) for writing in _held(os.fsencode(path.name), wanted))
    return found


def scan_open_files(markers: Iterable[str]) -> list[tuple[Path, str]]:
    """Name each file this process holds open that has a marker, deleted files included."""
    wanted = _writings(markers)
    found = []
    for link in sorted(_DESCRIPTORS.iterdir()) if _DESCRIPTORS.is_dir() else ():
        for content in _content(link):
            found.extend((link, writing) for writing in _held(content, wanted))
    return found


def _content(link: Path) -> Iterator[bytes]:
    try:
        if stat.S_ISREG(link.stat().st_mode):
            yield link.read_bytes()
    except FileNotFoundError:
        # The descriptor of the listing itself is closed by now.
        return


def _writings(markers: Iterable[str]) -> dict[str, bytes]:
    """Each marker as it may be written; bytes are compared in lower case but for base64."""
    found = {}
    for marker in markers:
        found[f"{marker} in UTF-8"] = marker.lower().encode()
        found[f"{marker} in UTF-16 LE"] = marker.lower().encode("utf-16-le")
        found[f"{marker} in UTF-16 BE"] = marker.lower().encode("utf-16-be")
        for shift in range(3):
            found[f"{marker} in base64, shifted by {shift}"] = _base64(marker, shift)
    return found


def _base64(marker: str, shift: int) -> bytes:
    """The part of the base64 of any text with the marker that the marker alone decides."""
    encoded = base64.b64encode(bytes(shift) + marker.encode())
    start = (0, 2, 3)[shift]
    whole = (shift + len(marker.encode())) // 3 * 4
    return encoded[start:whole]


def _held(content: bytes, wanted: dict[str, bytes]) -> Iterator[str]:
    lowered = content.lower()
    for name, writing in wanted.items():
        if writing in (content if "base64" in name else lowered):
            yield name
