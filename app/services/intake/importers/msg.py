"""Read an Outlook .msg file: headers, text and attached files."""

import io
import struct
from collections.abc import Iterator
from datetime import datetime
from email.utils import getaddresses, parseaddr, parsedate_to_datetime
from pathlib import Path
from typing import Final

import olefile  # type: ignore[import-untyped]  # it ships no types
from oxmsg import Message
from oxmsg.attachment import Attachment

from app.errors import InputRefusedError
from app.services.intake.importers.attached import AttachedFile, limits, media_type_of, safe_name
from app.services.intake.importers.mail import (
    Read,
    bytes_of,
    decoded,
    one_line,
    plain_text_of,
    row_of_mail,
    tidy,
)
from app.services.intake.importers.rows import ImportedRow

# MS-OXPROPS: the properties that the library has no name for.
_MESSAGE_ID: Final = 0x1035
_IN_REPLY_TO: Final = 0x1042
_REFERENCES: Final = 0x1039
_DELIVERED: Final = 0x0E06
_SMTP_SENDER: Final = 0x5D01
_SENDER_NAME: Final = 0x0C1A
_SENDER_ADDRESS: Final = 0x0C1F
_RTF: Final = 0x1009
_SMTP_RECIPIENT: Final = 0x39FE
_SHORT_NAME: Final = 0x3704
_DISPLAY_NAME: Final = 0x3001
_HTML: Final = 0x1013
_MAX_STREAMS: Final = 20_000
_SLACK: Final = 1024 * 1024
# What the readers of the compound file and of its properties raise on broken ones, found by fuzzing.
_BROKEN: Final = (
    ValueError,
    LookupError,
    AttributeError,
    TypeError,
    RecursionError,
    AssertionError,
    ArithmeticError,
    OSError,
    EOFError,
    struct.error,
)


def msg_of(path: Path, now: int, zone: str) -> ImportedRow:
    """Read one .msg file as a mail, or refuse it."""
    content = bytes_of(path)
    try:
        _refuse_swollen(content)
        return row_of_mail(_read(Message.load(content)), content, now, zone, "msg")
    except _BROKEN as exc:
        raise InputRefusedError(
            f"{path.name[:80]} is no Outlook message that can be read, or it is cut off. "
            "Nothing was imported. Save it again in Outlook."
        ) from exc


def _refuse_swollen(content: bytes) -> None:
    # Every stream is read at once, and many entries of a hostile file may name the same bytes.
    with olefile.OleFileIO(io.BytesIO(content)) as package:
        entries = [entry for entry in package.direntries if entry is not None]
        streams = [entry.size for entry in entries if entry.entry_type == olefile.STGTY_STREAM]
    if len(streams) > _MAX_STREAMS or sum(streams) > len(content) + _SLACK:
        raise InputRefusedError("The Outlook message is larger inside than its file. Nothing was imported.")


def _read(message: Message) -> Read:
    kind = message.message_class.upper()
    if not kind.startswith("IPM.NOTE") and kind:
        raise InputRefusedError(
            "The file is an Outlook item of another kind, no mail. Nothing was imported. "
            "Choose a mail, or write down by hand what it says."
        )
    if "SMIME" in kind:
        raise InputRefusedError(
            "The mail is encrypted or sealed (S/MIME). Nothing was imported. "
            "Save it decrypted, or copy its text."
        )
    headers = {name.lower(): value for name, value in message.message_headers.items()}
    text = message.properties
    name, address = _sender(message, headers.get("from", ""))
    files, missing = _attached(message)
    return Read(
        message_id=text.str_prop_value(_MESSAGE_ID) or headers.get("message-id", ""),
        in_reply_to=text.str_prop_value(_IN_REPLY_TO) or headers.get("in-reply-to", ""),
        references=text.str_prop_value(_REFERENCES) or headers.get("references", ""),
        subject=message.subject,
        sender_name=name,
        sender_address=address,
        recipients=_recipients(message, headers),
        moment=_moment(message, headers.get("date", "")),
        body=_body(message),
        attachments=files,
        missing=missing,
    )


def _body(message: Message) -> str:
    try:
        text = message.body or ""
    except ValueError:
        text = ""
    if not text.strip():
        text = _html(message)
    if not text.strip() and message.properties.binary_prop_value(_RTF):
        raise InputRefusedError(
            "The text of the mail is in Outlook's own format alone. Nothing was imported. "
            "In Outlook, set its format to plain text or HTML and save it again."
        )
    return tidy(text)


def _html(message: Message) -> str:
    payload = message.properties.binary_prop_value(_HTML)
    html = decoded(payload, [message.properties.body_encoding]) if payload else message.html_body
    return plain_text_of(html) if html else ""


def _sender(message: Message, header: str) -> tuple[str, str]:
    properties = message.properties
    name, address = parseaddr(header)
    smtp = properties.str_prop_value(_SMTP_SENDER) or ""
    given = properties.str_prop_value(_SENDER_ADDRESS) or ""
    # Within one company Exchange names people by a path; that is no address.
    address = address or smtp or (given if "@" in given else "")
    return name or (properties.str_prop_value(_SENDER_NAME) or "").strip(), address


def _recipients(message: Message, headers: dict[str, str]) -> tuple[str, ...]:
    listed = getaddresses([headers[name] for name in ("to", "cc") if name in headers])
    found = [address for _, address in listed if address]
    if not found:
        for person in message.recipients:
            smtp = person.properties.str_prop_value(_SMTP_RECIPIENT)
            found.append(smtp or one_line(person.email_address or person.name or ""))
    return tuple(dict.fromkeys(each for each in found if each))


def _moment(message: Message, header: str) -> datetime | None:
    try:
        if header:
            return parsedate_to_datetime(header)
        return message.sent_date or message.properties.date_prop_value(_DELIVERED)
    except _BROKEN:
        return None


def _attached(message: Message) -> tuple[tuple[AttachedFile, ...], tuple[str, ...]]:
    files: list[AttachedFile] = []
    missing: list[str] = []
    for position, attachment in enumerate(_attachments(message), start=1):
        media_type = media_type_of(attachment.mime_type or "")
        name = safe_name(_name(attachment), media_type, position)
        content = attachment.file_bytes
        if content is None:
            missing.append(f"“{name}” was not kept: it is an Outlook item or a link. Save it as a file.")
        elif len(content) > limits().attachment:
            missing.append(f"“{name}” was not kept: it has {len(content) / 1024**2:.0f} MB.")
        elif len(files) >= limits().attachments:
            missing.append(f"“{name}” was not kept: a mail may have {limits().attachments} attachments.")
        else:
            files.append(AttachedFile(name, media_type, content))
    return tuple(files), tuple(missing)


def _attachments(message: Message) -> Iterator[Attachment]:
    yield from message.attachments


def _name(attachment: Attachment) -> str:
    text = attachment.properties
    found = attachment.file_name or text.str_prop_value(_SHORT_NAME) or text.str_prop_value(_DISPLAY_NAME)
    return one_line(found or "")
