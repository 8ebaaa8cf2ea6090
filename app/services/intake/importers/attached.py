"""The files that hang on a mail, with names that are safe to write."""

import functools
import mimetypes
import re
import unicodedata
from dataclasses import dataclass, field
from typing import Final

from app.models.rules_data import load_rules

_MB: Final = 1024 * 1024
_MAX_NAME: Final = 120
_MEDIA_TYPE: Final = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,60}")
_FORBIDDEN: Final = re.compile(r'[<>:"/\\|?*]')
# Windows opens a device instead of a file of these names, whatever their ending.
_DEVICES: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """One file of a mail: its safe name, what it says it is, and its bytes."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a mail is taken in; the rest is named in the report."""

    mail: int
    attachment: int
    attachments: int
    parts: int


@functools.cache
def limits() -> Limits:
    """Return the limits of the data file."""
    body = load_rules("attachments.json").body
    return Limits(
        body.number("mail_mb") * _MB,
        body.number("attachment_mb") * _MB,
        body.number("attachments"),
        body.number("parts"),
    )


def safe_name(name: str, media_type: str, position: int) -> str:
    """Return a file name without folders, control or direction marks, never empty."""
    last = name.replace("\\", "/").rpartition("/")[2]
    # Cc and Cf: a mark that turns the direction makes “fdp.exe” of “exe.pdf”.
    visible = "".join(
        char for char in last if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )
    clean = _FORBIDDEN.sub("_", " ".join(visible.split())).strip(" .")
    if not clean or _DEVICES.fullmatch(clean):
        clean = f"attachment-{position}{mimetypes.guess_extension(media_type) or '.bin'}"
    stem, dot, ending = clean.rpartition(".")
    if len(clean) > _MAX_NAME:
        clean = f"{stem[: _MAX_NAME - 12]}{dot}{ending[:10]}" if dot else clean[:_MAX_NAME]
    return clean


def media_type_of(text: str) -> str:
    """Return a media type in its tidy form, the general one where it is none."""
    found = text.strip().lower()
    return found if _MEDIA_TYPE.fullmatch(found) else "application/octet-stream"
