"""A letter frozen for its checks: all that a rule may look at."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from app.models.csl import CslRecord, text


class BlockKind(StrEnum):
    """What a block of a letter is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST = "list"
    TABLE = "table"
    FIXED = "fixed"
    EVIDENCE_TABLE = "evidence_table"
    REFERENCES = "references"
    SIGNATURE = "signature"


class BlockState(StrEnum):
    """How a block stands to its origin; made blocks have none."""

    VERBATIM = "verbatim"
    CHANGED = "changed"
    FREE = "free"
    NONE = ""


class OriginKind(StrEnum):
    """Where the text of a block comes from."""

    SRD = "srd"
    LABEL = "label"
    TEMPLATE = "template"


class LetterKind(StrEnum):
    """What a letter is for; its template says so."""

    ANSWER = "answer"
    INTERIM = "interim"
    ACKNOWLEDGEMENT = "acknowledgement"


@dataclass(frozen=True, slots=True)
class Origin:
    """The version that a block came from, as it stands today.

    An empty country means a core text; it serves another country only if it is marked exportable.
    """

    kind: OriginKind
    document: str
    version: str
    status: str = "effective"
    effective_from: date | None = None
    effective_to: date | None = None
    country: str = ""
    audience: str = ""
    language: str = ""
    exportable: bool = True

    @property
    def name(self) -> str:
        """Return how a sentence names this version."""
        return f"{self.document} {self.version}".strip()


@dataclass(frozen=True, slots=True)
class Block:
    """One block: its markup, and its text as it will be read.

    In `drawn` the merge fields are filled and every citation stands as numbers in brackets, whatever its
    style on paper.
    """

    id: str
    kind: BlockKind
    drawn: str
    markup: str = ""
    origins: tuple[Origin, ...] = ()
    state: BlockState = BlockState.NONE
    stale: bool = False
    question_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the inquiry; a spoken answer needs no block."""

    id: str
    text: str
    answered_elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """A name and address, as on the letter or in the contact."""

    name: str = ""
    title: str = ""
    address: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class ContactCard:
    """For whom the answer is, and until when that is verified."""

    person: Person = Person()
    is_verified: bool = False
    verified_until: date | None = None
    country: str = ""
    audience: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Citation:
    """One use of a reference key in a block; unresolved without a number."""

    block_id: str
    key: str
    number: int | None


@dataclass(frozen=True, slots=True)
class ReferenceEntry:
    """One entry of the reference list; its place is its number."""

    key: str
    record: CslRecord = field(default_factory=lambda: MappingProxyType({}))

    @property
    def name(self) -> str:
        """Return how a finding names this work."""
        return text(self.record, "title") or self.key


@dataclass(frozen=True, slots=True)
class SignatureBlock:
    """Who signs, and the letters after the name."""

    author_name: str = ""
    credentials: str = ""


@dataclass(frozen=True, slots=True)
class LetterSnapshot:
    """A whole letter with everything its checks compare it to."""

    today: date
    kind: LetterKind = LetterKind.ANSWER
    number: str = ""
    letter_date: date | None = None
    reference: str = ""
    version_footer: str = ""
    language: str = ""
    blocks: tuple[Block, ...] = ()
    questions: tuple[Question, ...] = ()
    recipient: Person = Person()
    contact: ContactCard = ContactCard()
    other_names: tuple[str, ...] = ()
    product_names: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    references: tuple[ReferenceEntry, ...] = ()
    off_label: bool = False
    opinion_leader: bool = False
    media_or_legal: bool = False
    signature: SignatureBlock = SignatureBlock()
    package_hash: str = ""
    approved_hash: str = ""

    def block(self, block_id: str) -> Block | None:
        """Return the block of this id, if the letter has it."""
        return next((block for block in self.blocks if block.id == block_id), None)
