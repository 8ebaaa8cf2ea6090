"""Read an .eml file: headers, text and attached files."""

from collections.abc import Iterator
from datetime import datetime
from email import errors, message_from_bytes, policy
from email.message import EmailMessage, Message, MIMEPart
from email.utils import getaddresses, parsedate_to_datetime
from pathlib import Path
from typing import Any, Final

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

# What the parser of the standard library raises on hostile headers, found by fuzzing.
_BROKEN = (
    ValueError,
    LookupError,
    AttributeError,
    TypeError,
    RecursionError,
    AssertionError,
    errors.MessageError,
)
_SEALED: Final = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime", "multipart/encrypted"})


def eml_of(path: Path, now: int, zone: str) -> ImportedRow:
    """Read one .eml file as a mail, or refuse it."""
    content = bytes_of(path)
    try:
        return row_of_mail(_read(_message(content)), content, now, zone, "eml")
    except _BROKEN as exc:
        raise InputRefusedError(
            f"{path.name[:80]} is no e-mail that can be read. Nothing was imported."
        ) from exc


def _message(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=policy.default)
    if not message.keys() or not (message["from"] or message["subject"] or message["message-id"]):
        raise InputRefusedError("The file holds no e-mail. Nothing was imported. Choose another.")
    if message.get_content_type() in _SEALED:
        raise InputRefusedError(
            "The e-mail is encrypted. Nothing was imported. "
            "Open it in your mail program and save it decrypted, or copy its text."
        )
    return message


def _read(message: EmailMessage) -> Read:
    count = sum(1 for _ in zip(message.walk(), range(limits().parts + 1), strict=False))
    if count > limits().parts:
        raise InputRefusedError(f"The e-mail has more than {limits().parts} parts. Nothing was imported.")
    body = message.get_body(preferencelist=("plain", "html"))
    name, address = _sender(message)
    files, missing = _attached(message, body)
    return Read(
        message_id=_raw(message, "message-id"),
        in_reply_to=_raw(message, "in-reply-to"),
        references=_raw(message, "references"),
        subject=_raw(message, "subject"),
        sender_name=name,
        sender_address=address,
        recipients=_recipients(message),
        moment=_date(message),
        body=_text(body) if body is not None else "",
        attachments=files,
        missing=missing,
    )


def _raw(message: EmailMessage, name: str) -> str:
    return str(message[name] or "")


def _text(part: MIMEPart) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    text = decoded(payload, [part.get_content_charset("utf-8")])
    return plain_text_of(text) if part.get_content_subtype() == "html" else tidy(text)


def _sender(message: EmailMessage) -> tuple[str, str]:
    header = message["from"]
    addresses = getattr(header, "addresses", ())
    return (addresses[0].display_name, addresses[0].addr_spec) if addresses else ("", "")


def _recipients(message: EmailMessage) -> tuple[str, ...]:
    headers = [str(value) for name in ("to", "cc") for value in message.get_all(name, [])]
    return tuple(dict.fromkeys(address for _, address in getaddresses(headers) if address))


def _date(message: EmailMessage) -> datetime | None:
    try:
        return parsedate_to_datetime(str(message["date"]))
    except _BROKEN:
        return None


def _attached(
    message: EmailMessage, body: MIMEPart | None
) -> tuple[tuple[AttachedFile, ...], tuple[str, ...]]:
    files: list[AttachedFile] = []
    missing: list[str] = []
    for part, holder in _leaves(message, ""):
        if part is body or not _is_file(part, holder):
            continue
        position = len(files) + len(missing) + 1
        media_type = media_type_of(part.get_content_type())
        name = safe_name(_name(part), media_type, position)
        content = _bytes(part)
        if len(files) >= limits().attachments:
            missing.append(f"“{name}” was not kept: a mail may have {limits().attachments} attachments.")
        elif len(content) > limits().attachment:
            missing.append(f"“{name}” was not kept: it has {len(content) / 1024**2:.0f} MB.")
        else:
            files.append(AttachedFile(name, media_type, content))
    return tuple(files), tuple(missing)


def _leaves(part: Message, holder: str) -> Iterator[tuple[Any, str]]:
    # A forwarded mail is one file, so its own parts are not looked into.
    if part.get_content_maintype() == "multipart" and isinstance(part.get_payload(), list):
        for inner in part.get_payload():
            if isinstance(inner, Message):
                yield from _leaves(inner, part.get_content_subtype())
    else:
        yield part, holder


def _is_file(part: Any, holder: str) -> bool:
    if part.get_content_disposition() == "attachment" or _name(part):
        return True
    if part.get_content_maintype() == "text" and part.get_content_subtype() in ("plain", "html"):
        # Further text of a mixed mail is no other form of the body: it is kept, not dropped.
        return holder == "mixed"
    return part.get_content_maintype() not in ("multipart",) and bool(holder)


def _name(part: Any) -> str:
    try:
        return one_line(part.get_filename() or "")
    except _BROKEN:
        return ""


def _bytes(part: Any) -> bytes:
    if part.get_content_type() == "message/rfc822":
        inner = part.get_payload()
        return inner[0].as_bytes() if isinstance(inner, list) and inner else b""
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""
