"""Read a filled form: what it says, or what is wrong with which field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from PySide6.QtCore import QCoreApplication, QLocale

from app.errors import InputRefusedError
from app.models.inquiry_forms import InquiryForm, PersonForm, check_person_field, check_text
from app.services.settings.queries import ProductView

PERSON_FIELDS: Final = (
    "title",
    "first_name",
    "last_name",
    "role",
    "institution",
    "email",
    "phone",
    "country",
)
CONTACT: Final = "contact."
SAME, OTHER, UNKNOWN = "same", "other", "unknown"
_ALWAYS_FILLED: Final = frozenset({"channel", "received", "contact", "urgency"})
# A minute of grace: the clock of a field has no seconds.
_GRACE_MS: Final = 60_000


@dataclass(frozen=True, slots=True)
class ReadForm:
    """The inquiry as it would be taken, or the wrong fields with a reason each."""

    form: InquiryForm | None
    errors: Mapping[str, str]


def has_words(values: Mapping[str, str]) -> bool:
    """Tell whether anybody has written something into a form."""
    return any(text.strip() for name, text in values.items() if name not in _ALWAYS_FILLED)


def product_of(text: str, products: Sequence[ProductView]) -> str | None:
    """Return the one product that these words mean, if there is one."""
    wanted = " ".join(text.lower().split())
    found = {each.id for each in products if wanted in {" ".join(w.lower().split()) for w in each.words if w}}
    return found.pop() if len(found) == 1 else None


def read_form(values: Mapping[str, str], products: Sequence[ProductView], *, now: int, zone: str) -> ReadForm:
    """Return what a form says; every wrong field is named at once."""
    errors: dict[str, str] = {}
    notes = _checked(errors, "notes", values.get("notes", ""))
    if not notes.strip() and "notes" not in errors:
        errors["notes"] = _tr("Write down what was asked, in the caller's words.")
    received = int(values["received"])
    if received > now + _GRACE_MS:
        errors["received"] = _tr("This time has not come yet. Correct it.")
    requester = _person(errors, values, "")
    asks_for_another = values.get("contact", SAME) != SAME
    contact = _person(errors, values, CONTACT) if values.get("contact") == OTHER else None
    if contact is not None and contact.is_empty:
        errors[CONTACT + "last_name"] = _tr("Say who gets the answer, or choose “Not known yet”.")
    if errors:
        return ReadForm(None, errors)
    product = values.get("product", "").strip()
    product_id = product_of(product, products) if product else None
    form = InquiryForm(
        channel=values["channel"],
        verbatim=notes,
        received_at=received,
        received_zone=zone,
        requester=requester,
        contact=contact,
        asks_for_another=asks_for_another,
        product_id=product_id,
        solicited=values.get("solicited") or None,
        urgency=values.get("urgency") or "routine",
        country=requester.country,
        given=(("product_given", product),) if product and product_id is None else (),
    )
    return ReadForm(form, {})


@cache
def countries() -> Mapping[str, str]:
    """Return every country code with its name, for completion."""
    found: dict[str, str] = {}
    for territory in QLocale.Country:
        code = QLocale.territoryToCode(territory)
        if len(code) == 2 and code.isalpha() and code not in ("ZZ",):
            found[code] = QLocale.territoryToString(territory)
    return dict(sorted(found.items(), key=lambda pair: pair[1]))


def country_of(text: str) -> str:
    """Return the code of a country given by name, code or both."""
    words = " ".join(text.split())
    for code, name in countries().items():
        if words.lower() in (name.lower(), f"{name} ({code})".lower()):
            return code
    return words


def _person(errors: dict[str, str], values: Mapping[str, str], prefix: str) -> PersonForm:
    told: dict[str, str] = {}
    for name in PERSON_FIELDS:
        text = values.get(prefix + name, "")
        try:
            told[name] = check_person_field(name, country_of(text) if name == "country" else text)
        except InputRefusedError as refusal:
            errors[prefix + name] = str(refusal)
    return PersonForm(**told)


def _checked(errors: dict[str, str], name: str, text: str) -> str:
    try:
        return check_text(name, text)
    except InputRefusedError as refusal:
        errors[name] = str(refusal)
        return ""


def _tr(text: str) -> str:
    return QCoreApplication.translate("new_inquiry", text)
