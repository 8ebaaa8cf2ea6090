"""One e-mail as an inquiry; nothing of its markup is run."""

import hashlib
import re
from datetime import datetime
from email import errors, message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from pathlib import Path

from app.errors import InputRefusedError
from app.models.inquiry_forms import (
    InquiryForm,
    PersonForm,
    QuestionForm,
    check_email,
    check_person,
    check_text,
    split_name,
    title_of,
)
from app.services.intake.importers.files import size_of, too_big
from app.services.intake.importers.rows import ImportedRow, instant_of_moment

MAX_MAIL = 25 * 1024 * 1024
MAX_BODY = 90_000
MAX_PARTS = 200

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
_UNSAFE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_ADDRESS = re.compile(r"[^@\s<>,;\"]{1,64}@[^@\s<>,;\"]{1,189}\.[^@\s<>,;\".]{2,}")
_BLANKS = re.compile(r"\n{3,}")
_BLOCKS = frozenset({"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "blockquote", "table", "ul", "ol"})
_SILENT = frozenset({"script", "style", "head", "title", "template", "noscript", "svg", "object"})


def mail_of(path: Path, now: int, zone: str) -> ImportedRow:
    """Read one e-mail file as an inquiry, or refuse it."""
    size = size_of(path)
    if size > MAX_MAIL:
        raise InputRefusedError(too_big(size, MAX_MAIL))
    try:
        content = path.read_bytes()
    except OSError as exc:
        raise InputRefusedError(f"{path.name[:80]} cannot be read. Nothing was imported.") from exc
    try:
        return _row(_message(content), content, now, zone)
    except _BROKEN as exc:
        raise InputRefusedError(
            f"{path.name[:80]} is no e-mail that can be read. Nothing was imported."
        ) from exc


def plain_text_of(html: str) -> str:
    """Return the words of HTML with a line for each block."""
    reader = _Words()
    reader.feed(html)
    reader.close()
    return _tidy("".join(reader.parts))


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data)


def _message(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=policy.default)
    if not message.keys() or not (message["from"] or message["subject"] or message["message-id"]):
        raise InputRefusedError("The file holds no e-mail. Nothing was imported. Choose another.")
    return message


def _row(message: EmailMessage, content: bytes, now: int, zone: str) -> ImportedRow:
    subject = _header(message, "subject")
    body = _body(message)
    if not body and not subject:
        raise InputRefusedError("The e-mail says nothing: no subject and no text. Nothing was imported.")
    words = body or subject
    received_at, received_zone = _received(message, now, zone)
    given = (("subject", subject),) if subject else ()
    form = InquiryForm(
        channel="email",
        verbatim=check_text("text", words),
        title=title_of(subject or words),
        received_at=received_at,
        received_zone=received_zone,
        requester=_sender(message),
        questions=(QuestionForm(words),),
        source="eml",
        given=given,
    )
    return ImportedRow(1, _message_id(message, content), form, "")


def _body(message: EmailMessage) -> str:
    part = message.get_body(preferencelist=("plain", "html")) if _is_small(message) else None
    if part is None:
        return ""
    text = _content(part)
    return plain_text_of(text) if part.get_content_subtype() == "html" else _tidy(text)


def _is_small(message: EmailMessage) -> bool:
    for count, _ in enumerate(message.walk(), start=1):
        if count > MAX_PARTS:
            raise InputRefusedError(f"The e-mail has more than {MAX_PARTS} parts. Nothing was imported.")
    return True


def _content(part: MIMEPart) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    for charset in (part.get_content_charset("utf-8"), "utf-8"):
        try:
            return payload.decode(charset)
        except (LookupError, ValueError):
            continue
    return payload.decode("cp1252", errors="replace")


def _tidy(text: str) -> str:
    lines = (
        line.rstrip() for line in _UNSAFE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    )
    tidy = _BLANKS.sub("\n\n", "\n".join(lines)).strip()
    if len(tidy) > MAX_BODY:
        raise InputRefusedError(
            f"The e-mail has more than {MAX_BODY:,} characters of text. Nothing was imported."
        )
    return tidy


def _header(message: EmailMessage, name: str) -> str:
    return " ".join(_UNSAFE.sub("", str(message[name] or "")).split())[:300]


def _sender(message: EmailMessage) -> PersonForm:
    header = message["from"]
    addresses = getattr(header, "addresses", ())
    name = addresses[0].display_name if addresses else ""
    address = addresses[0].addr_spec if addresses else ""
    first, last = split_name(_UNSAFE.sub("", name)[:120])
    email = address if _ADDRESS.fullmatch(_UNSAFE.sub("", address)) else ""
    if not (first or last):
        last = email.partition("@")[0]
    return check_person(PersonForm(first_name=first, last_name=last, email=check_email(email)))


def _received(message: EmailMessage, now: int, zone: str) -> tuple[int, str]:
    moment = _date(message)
    if moment is None:
        # Nobody knows when it came; that it is here now is certain.
        return now, zone
    try:
        return instant_of_moment(moment, zone)
    except InputRefusedError:
        return now, zone


def _date(message: EmailMessage) -> datetime | None:
    try:
        return parsedate_to_datetime(str(message["date"]))
    except _BROKEN:
        return None


def _message_id(message: EmailMessage, content: bytes) -> str:
    found = _header(message, "message-id").strip("<> ")
    return found or f"mail:{hashlib.sha256(content).hexdigest()}"
