"""The forms for who asked, who is answered, and how that was verified."""

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.models.inquiry_forms import PersonForm
from app.models.vocabulary import vocabulary
from app.services.intake import commands
from app.services.intake.people import Part
from app.services.intake.queries import CaseView, PersonView
from app.ui.case.form import InlineForm

if TYPE_CHECKING:
    from app.ui.case.facts import FactsSection

STATEMENT_VERSION: Final = "1.0"
_FIELDS: Final = (
    ("title", "Title"),
    ("first_name", "First name"),
    ("last_name", "Last name"),
    ("credentials", "Credentials"),
    ("institution", "Institution"),
    ("email", "E-mail"),
    ("phone", "Phone"),
    ("address", "Postal address"),
    ("country", "Country, two letters"),
)


class PeopleForms(QObject):
    """Open and keep the forms that concern people."""

    def __init__(self, section: "FactsSection") -> None:
        super().__init__(section)
        self._section = section

    def ask_person(self, part: Part, row: QWidget) -> None:
        """Open the fields of the requester or the contact."""
        view = self._view()
        if view is None:
            return
        person = view.requester if part == "requester" else view.contact
        title = self.tr("Requester") if part == "requester" else self.tr("Another contact")
        form = InlineForm(title, self.tr("Keep"))
        fields = person.fields if person is not None else PersonForm()
        roles = [(term.code, term.label) for term in vocabulary().terms("requester_role")]
        for key, label in _FIELDS:
            form.add_text(key, self.tr(label), getattr(fields, key))
            if key == "last_name":
                form.add_choice("role", self.tr("Role"), roles, fields.role)
        self._section.open_below(row, form, partial(self._keep_person, part, person))

    def ask_contact(self, row: QWidget) -> None:
        """Ask whether the answer goes to the requester, another, or nobody."""
        form = InlineForm(self.tr("Answer to"), self.tr("Keep"))
        choices = [
            ("same", self.tr("The requester")),
            ("other", self.tr("Somebody else")),
            ("anonymous", self.tr("Nobody: anonymous")),
        ]
        form.add_choice("who", self.tr("Who gets the answer?"), choices, self._who())
        reason = form.add_text("reason", self.tr("Why anonymous?"))
        reason.setPlaceholderText(self.tr("Needed for an anonymous inquiry"))
        self._section.open_below(row, form, partial(self._keep_contact, row))

    def ask_verification(self, row: QWidget) -> None:
        """Ask how the identity of the contact was verified."""
        form = InlineForm(self.tr("Verification"), self.tr("Keep"))
        methods = [(term.code, term.label) for term in vocabulary().terms("verification_method")]
        form.add_choice("method", self.tr("How"), methods)
        form.add_text(
            "evidence", self.tr("Evidence"), placeholder=self.tr("What you saw, or whom you called when")
        )
        self._section.open_below(row, form, self._keep_verification)

    def ask_attestation(self, row: QWidget) -> None:
        """Ask for the statement that nobody prompted the request."""
        view = self._view()
        name = view.requester.name if view is not None and view.requester is not None else ""
        form = InlineForm(self.tr("Attestation"), self.tr("Record the statement"))
        text = self.tr("I ask on my own initiative; nobody of the company has prompted this request.")
        form.add_words("statement", self.tr("Statement"), text)
        form.add_text("attested_by", self.tr("Made by"), name)
        self._section.open_below(row, form, self._keep_attestation)

    def _view(self) -> CaseView | None:
        return self._section.view

    def _who(self) -> str:
        view = self._view()
        if view is None:
            return ""
        if view.contact is not None:
            return "same" if view.is_same_person else "other"
        return "anonymous" if view.facts["anonymous_reason"] else ""

    def _keep_person(self, part: Part, known: PersonView | None, values: dict[str, str]) -> None:
        view = self._view()
        if view is None:
            return
        kept = known.fields.values() if known is not None else PersonForm().values()
        person = PersonForm(**{**kept, **values})
        command = partial(commands.set_person, inquiry_id=view.id, part=part, form=person)
        self._section.write(command, on_done=self._section.close_form)

    def _keep_contact(self, row: QWidget, values: dict[str, str]) -> None:
        view = self._view()
        if view is None:
            return
        if values["who"] == "other":
            self.ask_person("contact", row)
        elif values["who"] == "same":
            command = partial(commands.use_requester_as_contact, inquiry_id=view.id)
            self._section.write(command, on_done=self._section.close_form)
        elif values["who"] == "anonymous":
            anonymous = partial(commands.set_anonymous, inquiry_id=view.id, reason=values["reason"])
            self._section.write(anonymous, on_done=self._section.close_form)
        elif self._section.form is not None:
            self._section.form.show_error(self.tr("Choose who gets the answer."))

    def _keep_verification(self, values: dict[str, str]) -> None:
        view = self._view()
        if view is None or self._section.form is None:
            return
        if not values["method"]:
            self._section.form.show_error(self.tr("Choose how the contact was verified."))
            return
        command = partial(
            commands.verify_contact,
            inquiry_id=view.id,
            method=values["method"],
            evidence=values["evidence"],
        )
        self._section.write(command, on_done=self._section.close_form)

    def _keep_attestation(self, values: dict[str, str]) -> None:
        view = self._view()
        if view is None:
            return
        command = partial(
            commands.attest_unsolicited,
            inquiry_id=view.id,
            statement=values["statement"],
            text_version=STATEMENT_VERSION,
            attested_by=values["attested_by"],
        )
        self._section.write(command, on_done=self._section.close_form)
