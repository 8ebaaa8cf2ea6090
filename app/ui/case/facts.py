"""The facts of a case, each edited where it stands."""

import re
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.models.vocabulary import vocabulary
from app.services.intake import commands
from app.services.intake.queries import CaseView, PersonView
from app.services.settings.queries import ProductView
from app.services.workspace.clock import is_zone
from app.ui.case.desk import CaseDesk
from app.ui.case.form import InlineForm
from app.ui.case.menu_row import Choices, FormRow, MenuRow
from app.ui.case.people import PeopleForms
from app.ui.case.section import Section
from app.ui.case.wording import moment, read_time, typed_time
from app.ui.widgets import FactRow

_NO_PRODUCT = "none"
# Where an address may go on in the next line.
_BREAKS = re.compile(r"[@._-]")
_TERMS = ("urgency", "channel", "preferred_delivery")
_LISTS = {"preferred_delivery": "delivery", "urgency": "urgency", "channel": "channel"}
_TEXTS = ("title", "country", "language", "patient_context", "indication")


class FactsSection(Section):
    """Requester, contact, product and the rest; Enter edits a fact."""

    def __init__(self, desk: CaseDesk, parent: QWidget | None = None) -> None:
        super().__init__(desk, self.tr("Facts"), parent=parent)
        self._products: tuple[ProductView, ...] = ()
        self._people = PeopleForms(self)
        self.rows: dict[str, FactRow] = {}
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self.column.addLayout(self._list)
        self._add_people()
        self._add_facts()

    def set_products(self, products: tuple[ProductView, ...]) -> None:
        """Take the company's medicines to choose from."""
        self._products = products

    def fill(self, view: CaseView) -> None:
        """Show what is known of the case."""
        self._fill_people(view)
        product = self.tr("None concerned") if view.facts["no_product"] else view.product
        self._choice("product_id").set_choice(str(view.facts["product_id"] or ""), product)
        for key in _TERMS:
            code = str(view.facts.get(key) or "")
            self._choice(key).set_choice(code, vocabulary().label(_LISTS[key], code) if code else "")
        for key in _TEXTS:
            if not self.rows[key].is_editing:
                self.rows[key].set_value(str(view.facts.get(key) or ""))
        self._fill_request(view)
        received, zone = int(view.facts["received_at"]), str(view.facts["received_zone"])
        self.rows["received"].set_value(moment(received, zone), zone)

    def focus_fact(self, key: str) -> None:
        """Put the keyboard on one fact."""
        self.rows[key].setFocus()

    def _add_people(self) -> None:
        people = self._people
        self._add(FormRow("requester", self.tr("Requester"), partial(people.ask_person, "requester")))
        self._add(FormRow("contact", self.tr("Answer to"), partial(people.ask_contact)))
        self._add(FormRow("verified", self.tr("Verified"), people.ask_verification))

    def _add_facts(self) -> None:
        self._add(MenuRow("product_id", self.tr("Product"), self._product_choices))
        self._add(FactRow("title", self.tr("Subject")))
        self._add(FactRow("indication", self.tr("Indication")))
        self._add(FactRow("patient_context", self.tr("Patient")))
        self._add(FactRow("country", self.tr("Country")))
        self._add(FactRow("language", self.tr("Language")))
        self._add(MenuRow("urgency", self.tr("Urgency"), _terms("urgency")))
        self._add(MenuRow("solicited", self.tr("Request"), _terms("solicited")))
        self._add(FormRow("attested", self.tr("Attested"), self._people.ask_attestation))
        self._add(MenuRow("channel", self.tr("Channel"), _terms("channel")))
        self._add(MenuRow("preferred_delivery", self.tr("Reply by"), _terms("delivery")))
        self._add(FormRow("received", self.tr("Received"), self._ask_received))

    def _add(self, row: FactRow) -> None:
        self.rows[row.key] = row
        row.edited.connect(self._on_edited)
        self._list.addWidget(row)

    def _choice(self, key: str) -> MenuRow:
        row = self.rows[key]
        if not isinstance(row, MenuRow):
            raise TypeError(key)
        return row

    def _fill_people(self, view: CaseView) -> None:
        self.rows["requester"].set_value(*_told(view.requester))
        if view.contact is None:
            why = str(view.facts["anonymous_reason"])
            self.rows["contact"].set_value(self.tr("Anonymous") if why else "", why)
        elif view.is_same_person:
            self.rows["contact"].set_value(self.tr("The requester"), _reach(view.contact))
        else:
            name, note = _told(view.contact)
            self.rows["contact"].set_value(
                name, "\n".join(part for part in (note, _reach(view.contact)) if part)
            )
        verified = view.verification
        if verified is None:
            self.rows["verified"].set_value("")
            return
        how = vocabulary().label("verification_method", verified.method)
        at = moment(verified.verified_at, self.desk.zone(), now=self.desk.now())
        evidence = _BREAKS.sub("\\g<0>\N{ZERO WIDTH SPACE}", verified.evidence)
        self.rows["verified"].set_value(how, f"{evidence}, {at}")

    def _fill_request(self, view: CaseView) -> None:
        code = str(view.facts["solicited"] or "")
        self._choice("solicited").set_choice(code, vocabulary().label("solicited", code) if code else "")
        is_attested = view.is_attested_unsolicited
        self.rows["attested"].set_value(self.tr("Statement recorded") if is_attested else "")
        self.rows["attested"].setVisible(code == "unsolicited" or is_attested)

    def _product_choices(self) -> Choices:
        known = [(product.id, product.name) for product in self._products]
        return [*known, (_NO_PRODUCT, self.tr("None is concerned"))]

    def _on_edited(self, key: str, value: str) -> None:
        if self.view is None:
            return
        edit = partial(commands.edit_fact, inquiry_id=self.view.id)
        if key == "product_id" and value == _NO_PRODUCT:
            self.write(partial(edit, field="no_product", value=True))
        else:
            self.write(partial(edit, field=key, value=value))

    def _ask_received(self, row: QWidget) -> None:
        if self.view is None:
            return
        at, zone = int(self.view.facts["received_at"]), str(self.view.facts["received_zone"])
        form = InlineForm(self.tr("Received"), self.tr("Keep"))
        form.add_text("at", self.tr("Day and time"), typed_time(at, zone), placeholder="2026-11-22 23:48")
        form.add_text("zone", self.tr("Time zone"), zone)
        self.open_below(row, form, self._on_received)

    def _on_received(self, values: dict[str, str]) -> None:
        zone = values["zone"].strip()
        at = read_time(values["at"], zone) if is_zone(zone) else None
        if self.view is None or self.form is None:
            return
        if at is None:
            self.form.show_error(self.tr("Write the time as 2026-11-22 23:48 and the zone as Europe/London."))
            return
        edit = partial(commands.edit_fact, inquiry_id=self.view.id)
        if zone != self.view.facts["received_zone"]:
            self.write(partial(edit, field="received_zone", value=zone))
        self.write(partial(edit, field="received_at", value=at), on_done=self.close_form)

    def open_below(self, row: QWidget, form: InlineForm, on_submit: Callable[[dict[str, str]], None]) -> None:
        """Show a form right below the fact it belongs to."""
        self.open_form(form, on_submit, below=self._list, return_to=row)
        self._list.removeWidget(form)
        self._list.insertWidget(self._list.indexOf(row) + 1, form)


def _terms(name: str) -> Sequence[tuple[str, str]]:
    return [(term.code, term.label) for term in vocabulary().terms(name)]


def _told(person: PersonView | None) -> tuple[str, str]:
    if person is None:
        return "", ""
    role = vocabulary().label("requester_role", person.fields.role)
    parts = (role, person.fields.institution, person.fields.country)
    return person.name or person.fields.institution, ", ".join(part for part in parts if part)


def _reach(person: PersonView) -> str:
    fields = person.fields
    email = _BREAKS.sub("\\g<0>\N{ZERO WIDTH SPACE}", fields.email)
    return "\n".join(part for part in (email, fields.phone, fields.address) if part)
