"""One e-mail as an inquiry or as a part of one; nothing of its markup is run."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

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
from app.services.intake.importers.attached import AttachedFile, limits
from app.services.intake.importers.files import size_of, too_big
from app.services.intake.importers.rows import ImportedRow, instant_of_moment
from app.services.intake.importers.thread_mail import Mail

MAX_BODY: Final = 90_000
MAX_THREAD: Final = 100
_MAX_ID: Final = 300
_UNSAFE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_ADDRESS = re.compile(r"[^@\s<>,;\"]{1,64}@[^@\s<>,;\"]{1,189}\.[^@\s<>,;\".]{2,}")
_ANGLED = re.compile(r"<([^<>\s]{1,300})>")
_BLANKS = re.compile(r"\n{3,}")
_BLOCKS = frozenset({"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "blockquote", "table", "ul", "ol"})
_SILENT = frozenset({"script", "style", "head", "title", "template", "noscript", "svg", "object"})


@dataclass(frozen=True, slots=True)
class Read:
    """What a mail says, before it is checked: the same for every kind of file."""

    message_id: str
    in_reply_to: str
    references: str
    subject: str
    sender_name: str
    sender_address: str
    recipients: tuple[str, ...]
    moment: datetime | None
    body: str
    attachments: tuple[AttachedFile, ...] = ()
    missing: tuple[str, ...] = ()


def bytes_of(path: Path) -> bytes:
    """Return the content of a mail file that is not too large."""
    size = size_of(path)
    if size > limits().mail:
        raise InputRefusedError(too_big(size, limits().mail))
    try:
        return path.read_bytes()
    except OSError as exc:
        raise InputRefusedError(f"{path.name[:80]} cannot be read. Nothing was imported.") from exc


def row_of_mail(read: Read, content: bytes, now: int, zone: str, source: str) -> ImportedRow:
    """Return a mail as a row that is fit to be stored, or refuse it."""
    subject, body = one_line(read.subject), tidy(read.body)
    if not body and not subject:
        raise InputRefusedError("The e-mail says nothing: no subject and no text. Nothing was imported.")
    words = check_text("text", body or subject)
    received_at, received_zone = _received(read.moment, now, zone)
    form = InquiryForm(
        channel="email",
        verbatim=words,
        title=title_of(subject or words),
        received_at=received_at,
        received_zone=received_zone,
        requester=_sender(read),
        questions=(QuestionForm(words),),
        source=source,
        given=(("subject", subject),) if subject else (),
    )
    message_id = _id(read.message_id)
    external_id = message_id or f"mail:{hashlib.sha256(content).hexdigest()}"
    mail = Mail(
        message_id=external_id,
        in_reply_to=_id(read.in_reply_to),
        references=ids_in(read.references),
        sender=one_line(read.sender_address)[:320],
        recipients=tuple(one_line(each)[:320] for each in read.recipients[:MAX_THREAD]),
        subject=subject,
        body=body,
        sent_at=received_at if read.moment is not None else None,
        attachments=read.attachments,
        missing=read.missing,
    )
    return ImportedRow(1, external_id, form, "", mail)


def plain_text_of(html: str) -> str:
    """Return the words of HTML with a line for each block."""
    reader = _Words()
    reader.feed(html)
    reader.close()
    return tidy("".join(reader.parts))


def decoded(payload: bytes, charsets: Iterable[str]) -> str:
    """Return bytes as text by the first charset that fits them."""
    for charset in (*charsets, "utf-8"):
        try:
            return payload.decode(charset)
        except (LookupError, ValueError):
            continue
    return payload.decode("cp1252", errors="replace")


def tidy(text: str) -> str:
    """Return a text without control characters and heaps of blank lines."""
    lines = (
        line.rstrip() for line in _UNSAFE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    )
    found = _BLANKS.sub("\n\n", "\n".join(lines)).strip()
    if len(found) > MAX_BODY:
        raise InputRefusedError(
            f"The e-mail has more than {MAX_BODY:,} characters of text. Nothing was imported."
        )
    return found


def one_line(text: str) -> str:
    """Return a header as one line without control characters."""
    return " ".join(_UNSAFE.sub("", text).split())[:_MAX_ID]


def ids_in(text: str) -> tuple[str, ...]:
    """Return the Message-IDs of a References header, the oldest first, without repeats."""
    found = dict.fromkeys(one_id for one_id in _ANGLED.findall(text[-50_000:]))
    return tuple(found)[-MAX_THREAD:]


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
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


def _id(text: str) -> str:
    found = _ANGLED.search(text)
    return found[1] if found else one_line(text).strip("<> ")


def _sender(read: Read) -> PersonForm:
    first, last = split_name(_UNSAFE.sub("", read.sender_name)[:120])
    address = _UNSAFE.sub("", read.sender_address)
    email = address if _ADDRESS.fullmatch(address) else ""
    if not (first or last):
        last = email.partition("@")[0]
    return check_person(PersonForm(first_name=first, last_name=last, email=check_email(email)))


def _received(moment: datetime | None, now: int, zone: str) -> tuple[int, str]:
    if moment is None:
        # Nobody knows when it came; that it is here now is certain.
        return now, zone
    try:
        return instant_of_moment(moment, zone)
    except InputRefusedError:
        return now, zone
