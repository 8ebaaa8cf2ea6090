"""How an import calls the fields of an inquiry."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QCoreApplication

# In the order in which a person looks for them.
FIELDS: Final = (
    "question",
    "received_at",
    "channel",
    "product",
    "subject",
    "requester_name",
    "requester_role",
    "requester_email",
    "requester_phone",
    "institution",
    "country",
    "language",
    "topic",
    "urgency",
    "solicited",
    "external_id",
)


def field_names() -> Mapping[str, str]:
    """Return the name of each field as a person reads it."""
    return {
        "question": _tr("Question"),
        "received_at": _tr("Received"),
        "channel": _tr("Channel"),
        "product": _tr("Product"),
        "subject": _tr("Subject"),
        "requester_name": _tr("Name"),
        "requester_role": _tr("Role"),
        "requester_email": _tr("E-mail"),
        "requester_phone": _tr("Phone"),
        "institution": _tr("Institution"),
        "country": _tr("Country"),
        "language": _tr("Language"),
        "topic": _tr("Topic"),
        "urgency": _tr("Urgency"),
        "solicited": _tr("Solicited"),
        "external_id": _tr("Number there"),
    }


def _tr(text: str) -> str:
    return QCoreApplication.translate("import_words", text)
