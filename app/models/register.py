"""The register of types: scope, sync, conflict rule and personal data of each.

The source is the register of the storage design. A test holds it against the
mapped classes, so that no type is stored without an entry here.
"""

from dataclasses import dataclass
from typing import Literal

from app.models import (
    audit,
    conversation,
    inquiry,
    label,
    letter,
    office,
    passage,
    people,
    product,
    reference,
    safety,
    settings,
    standard_response,
    work,
)
from app.models.base import Base

Scope = Literal["team", "safety", "ref", "local"]
ConflictRule = Literal["field_merge", "forks", "append_only", "never_lost", "immutable", "server", "none"]
Bulk = Literal["each", "file"]


@dataclass(frozen=True, slots=True)
class TypeEntry:
    """What the journal and sync must know of one type."""

    model: type[Base]
    home: Scope
    synced: bool
    conflict: ConflictRule
    personal: frozenset[str] | Literal["all"] = frozenset()
    bulk: Bulk = "each"

    @property
    def name(self) -> str:
        """The name of the type in the journal and on the wire."""
        return str(self.model.__tablename__)


def _fields(*names: str) -> frozenset[str]:
    return frozenset(names)


_ENTRIES = (
    TypeEntry(
        inquiry.Inquiry,
        "team",
        True,
        "field_merge",
        _fields("title", "verbatim", "anonymous_reason", "referred_by"),
    ),
    TypeEntry(inquiry.InquiryQuestion, "team", True, "field_merge", _fields("verbatim", "restated")),
    TypeEntry(letter.Response, "team", True, "field_merge", _fields("text")),
    TypeEntry(inquiry.UnsolicitedAttestation, "team", True, "field_merge", _fields("attested_by")),
    TypeEntry(inquiry.OffLabelAssessment, "team", True, "field_merge"),
    TypeEntry(inquiry.Note, "team", True, "field_merge", _fields("text")),
    TypeEntry(inquiry.Escalation, "team", True, "field_merge", _fields("reason")),
    TypeEntry(inquiry.InquiryLink, "team", True, "field_merge"),
    TypeEntry(conversation.PhoneCall, "team", True, "field_merge", _fields("caller", "phone", "notes")),
    TypeEntry(conversation.Message, "team", True, "field_merge", "all"),
    TypeEntry(conversation.Attachment, "team", True, "immutable", _fields("name")),
    TypeEntry(letter.DeliveryAttempt, "team", True, "field_merge", _fields("address", "reason")),
    TypeEntry(people.Requester, "team", True, "field_merge", "all"),
    TypeEntry(people.Contact, "team", True, "field_merge", "all"),
    TypeEntry(people.ContactVerification, "team", True, "field_merge", "all"),
    TypeEntry(letter.Letter, "team", True, "field_merge"),
    TypeEntry(letter.LetterBlock, "team", True, "forks", _fields("text")),
    TypeEntry(letter.Enclosure, "team", True, "field_merge", _fields("title")),
    TypeEntry(letter.Signature, "team", True, "append_only", "all"),
    TypeEntry(letter.Package, "team", True, "append_only", "all"),
    TypeEntry(safety.AdverseEventReport, "safety", True, "never_lost", "all"),
    TypeEntry(safety.ProductQualityComplaint, "safety", True, "never_lost", "all"),
    TypeEntry(safety.SafetyHandoff, "safety", True, "never_lost", "all"),
    TypeEntry(standard_response.StandardResponse, "ref", True, "immutable"),
    TypeEntry(standard_response.StandardResponseVersion, "ref", True, "immutable"),
    TypeEntry(standard_response.StandardResponseSection, "ref", True, "immutable"),
    TypeEntry(label.Label, "ref", True, "immutable"),
    TypeEntry(label.LabelVersion, "ref", True, "immutable"),
    TypeEntry(label.LabelSection, "ref", True, "immutable"),
    TypeEntry(letter.LetterTemplate, "ref", True, "immutable"),
    TypeEntry(product.Product, "ref", True, "server"),
    TypeEntry(office.Office, "ref", True, "server"),
    TypeEntry(office.SlaPolicyRecord, "ref", True, "server"),
    TypeEntry(people.User, "ref", True, "server", _fields("name", "credentials")),
    TypeEntry(reference.Reference, "local", True, "field_merge", bulk="file"),
    TypeEntry(work.WorkItem, "team", True, "field_merge", _fields("title")),
    TypeEntry(settings.Configuration, "local", False, "server"),
    TypeEntry(settings.SavedView, "local", False, "none"),
    TypeEntry(settings.LookSetting, "local", False, "none"),
    TypeEntry(settings.DraftText, "local", False, "none", _fields("text")),
    TypeEntry(passage.PassageVector, "local", False, "none"),
    TypeEntry(people.Device, "local", False, "none"),
    TypeEntry(audit.JournalRow, "local", False, "none"),
    TypeEntry(audit.JournalValue, "local", False, "none", "all"),
    TypeEntry(audit.History, "local", False, "none", "all"),
    TypeEntry(audit.SyncBase, "local", False, "none", "all"),
    TypeEntry(audit.Conflict, "local", False, "none", "all"),
    TypeEntry(audit.Cursor, "local", False, "none"),
)

TYPES: dict[str, TypeEntry] = {entry.name: entry for entry in _ENTRIES}


def entry_of(model: type[Base]) -> TypeEntry:
    """Return the register entry of a mapped class."""
    return TYPES[str(model.__tablename__)]
