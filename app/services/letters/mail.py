"""A letter as the draft of an e-mail, which mail programs open ready to be sent."""

import hashlib
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from io import BytesIO
from typing import Final

import docx

from app.models.markup import Document
from app.models.markup_html import html
from app.models.markup_plain import plain_text
from app.services.letters.word_read import read_tree

_TYPES: Final = {
    "pdf": ("application", "pdf"),
    "docx": ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document"),
}
_PAGE: Final = (
    '<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title></head>'
    '<body style="font-family: Georgia, serif; line-height: 1.4">{body}</body></html>'
)


@dataclass(frozen=True, slots=True)
class MailFacts:
    """Who writes to whom, about what."""

    to_name: str
    to_address: str
    from_name: str
    from_address: str
    subject: str
    language: str


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that goes with the mail."""

    name: str
    document: bytes


def build_mail(word: bytes, facts: MailFacts, attached: list[Attached]) -> bytes:
    """Return a mail whose text is the letter's, in plain text and HTML, with its files.

    `X-Unsent` makes mail programs open it as a draft (Microsoft, "X-Unsent header"). It has no date and no
    Message-ID: the program that sends it gives both. The same letter gives the same bytes.
    """
    tree = read_tree(docx.Document(BytesIO(word)), as_shown=True)
    message = EmailMessage(policy=SMTP)
    message["X-Unsent"] = "1"
    sender = _address(facts.from_name, facts.from_address)
    recipient = _address(facts.to_name, facts.to_address)
    for name, address in (("From", sender), ("To", recipient)):
        if address is not None:
            message[name] = address
    message["Subject"] = _line(facts.subject)
    message["Content-Language"] = facts.language
    message.set_content(plain_text(tree) + "\n", cte="quoted-printable")
    message.add_alternative(_html(tree, facts), subtype="html", cte="quoted-printable")
    for each in attached:
        main, sub = _TYPES.get(each.name.rpartition(".")[2].lower(), ("application", "octet-stream"))
        message.add_attachment(each.document, maintype=main, subtype=sub, filename=each.name)
    _set_boundaries(message, hashlib.sha256(word).hexdigest())
    return message.as_bytes()


def _html(tree: Document, facts: MailFacts) -> str:
    title = facts.subject.replace("&", "&amp;").replace("<", "&lt;")
    return _PAGE.format(language=facts.language, title=title, body=html(tree)) + "\n"


def _address(name: str, address: str) -> Address | None:
    """Return an address, None if it is none: the mail program then asks for it."""
    try:
        return Address(display_name=_line(name), addr_spec=address) if address else None
    except (HeaderParseError, ValueError, IndexError):
        return None


def _line(text: str) -> str:
    return " ".join(text.split())


def _set_boundaries(message: EmailMessage, seed: str) -> None:
    """Name the borders after the letter, where the library would draw lots."""
    parts = [part for part in message.walk() if part.is_multipart()]
    for place, part in enumerate(parts):
        part.set_boundary(f"=_midesk_{seed[:40]}_{place}")
