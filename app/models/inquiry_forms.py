"""What a person or a file says of an inquiry, checked before it is stored."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from app.errors import InputRefusedError
from app.models.vocabulary import check_country, check_language, vocabulary

MAX_TEXT = 100_000
MAX_TITLE = 120
MAX_NAME = 120

_EMAIL = re.compile(r"[^@\s<>,;\"]{1,64}@[^@\s<>,;\"]{1,189}\.[^@\s<>,;\".]{2,}")
_HALF = re.compile(r"[\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# A numbered line and the lines that go on with it, up to a blank one.
_ITEM = re.compile(
    r"^[ \t]*\(?(\d{1,2})[.)][ \t]+(\S.*(?:\n(?![ \t]*\(?\d{1,2}[.)][ \t]|[ \t]*\n).+)*)", re.MULTILINE
)
_INLINE_ITEM = re.compile(r"\((\d{1,2})\)\s+([^()]*(?:\((?!\d{1,2}\))[^()]*\)[^()]*)*)")

# The widths of the columns, so that nothing is cut off without a word.
_WIDTHS: Mapping[str, int] = {
    "title": 40,
    "first_name": 120,
    "last_name": 120,
    "role": 40,
    "credentials": 80,
    "specialty": 120,
    "institution": 200,
    "address": 2_000,
    "email": 254,
    "phone": 60,
    "country": 2,
    "language": 10,
}


@dataclass(frozen=True, slots=True)
class PersonForm:
    """What is known of the person who asks or is answered."""

    title: str = ""
    first_name: str = ""
    last_name: str = ""
    role: str = ""
    credentials: str = ""
    specialty: str = ""
    institution: str = ""
    address: str = ""
    email: str = ""
    phone: str = ""
    country: str = ""
    language: str = "en"

    def values(self) -> dict[str, str]:
        """Return the fields as the columns of a person."""
        return {item.name: getattr(self, item.name) for item in fields(self)}

    @property
    def is_empty(self) -> bool:
        """Whether nothing tells this person from any other."""
        told = (self.first_name, self.last_name, self.email, self.phone, self.institution, self.address)
        return not any(told)


@dataclass(frozen=True, slots=True)
class QuestionForm:
    """One question as it was asked and as it is understood."""

    verbatim: str
    restated: str = ""
    topic: str = ""


@dataclass(frozen=True, slots=True)
class InquiryForm:
    """All that is said when an inquiry is taken; most may follow later.

    Without a time of receipt it is now; without a contact the requester is the contact, unless
    `asks_for_another` says that somebody else is and is not known yet.
    """

    channel: str
    verbatim: str = ""
    note: str = ""
    title: str = ""
    received_at: int | None = None
    received_zone: str = ""
    requester: PersonForm | None = None
    contact: PersonForm | None = None
    asks_for_another: bool = False
    referred_by: str = ""
    anonymous_reason: str = ""
    product_id: str | None = None
    no_product: bool = False
    topic: str = ""
    country: str = ""
    language: str = "en"
    solicited: str | None = None
    urgency: str = "routine"
    tags: tuple[str, ...] = ()
    questions: tuple[QuestionForm, ...] = ()
    source: str = ""
    external_id: str | None = None
    given: tuple[tuple[str, str], ...] = ()


def check_person(form: PersonForm) -> PersonForm:
    """Return the person with tidy fields, or refuse the first wrong one."""
    tidy = {name: check_person_field(name, value) for name, value in form.values().items()}
    return replace(form, **tidy)


def check_person_field(name: str, value: str) -> str:
    """Return one field of a person in its tidy form, or refuse it."""
    if name not in _WIDTHS:
        raise InputRefusedError(f"A person has no field “{name[:40]}”.")
    text = check_text(name.replace("_", " "), value, _WIDTHS[name] if name != "country" else 40).strip()
    if name == "email":
        return check_email(text)
    if name == "role":
        return vocabulary().check("requester_role", text) if text else ""
    if name == "country":
        return check_country(text)
    if name == "language":
        return check_language(text or "en")
    return text


def check_email(text: str) -> str:
    """Return an e-mail address, or refuse what is none."""
    if text and not _EMAIL.fullmatch(text):
        raise InputRefusedError(f"“{text[:60]}” is no e-mail address. Correct it or leave it out.")
    return text


def check_text(what: str, value: str, limit: int = MAX_TEXT) -> str:
    """Refuse a text that is too long or holds control characters."""
    if len(value) > limit:
        raise InputRefusedError(f"The {what} has {len(value):,} characters, the limit is {limit:,}.")
    if _CONTROL.search(value):
        raise InputRefusedError(f"The {what} holds control characters. Remove them.")
    if _HALF.search(value):
        raise InputRefusedError(f"The {what} holds half a character. Save the file as UTF-8.")
    return value


def split_name(name: str) -> tuple[str, str]:
    """Return first and last name of a name as it is written."""
    name = " ".join(name.split())
    if "," in name:
        last, _, first = name.partition(",")
        return first.strip(), last.strip()
    first, _, last = name.rpartition(" ")
    return first, last


def title_of(text: str) -> str:
    """Return the first words of a text as the title of a list."""
    words = " ".join(text.split())
    if len(words) <= MAX_TITLE:
        return words
    return words[: MAX_TITLE - 1].rsplit(" ", 1)[0] + "…"


def proposed_questions(text: str) -> tuple[str, ...]:
    """Propose the numbered questions of a message, none if it has fewer than two."""
    text = text.replace("\r\n", "\n")
    found = [(int(m[1]), " ".join(m[2].split())) for m in _ITEM.finditer(text)]
    if len(found) < 2:
        found = [(int(m[1]), " ".join(m[2].split())) for m in _INLINE_ITEM.finditer(text)]
    expected = list(range(1, len(found) + 1))
    if len(found) < 2 or [number for number, _ in found] != expected:
        return ()
    return tuple(question for _, question in found)
