"""Enter the facts of a triage: tried on a unit first, so one wrong fact enters none."""

import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import TracebackType
from typing import Concatenate, ParamSpec, Self

from app.errors import AppError, InputRefusedError
from app.models.changes import Changes
from app.models.inquiry_forms import QuestionForm
from app.models.lifecycle_inquiry import Decision
from app.models.vocabulary import vocabulary
from app.services.intake import commands, queries
from app.services.intake.queries import CaseView
from app.services.safety import commands as safety
from app.services.settings import queries as settings
from app.services.workspace.database import Database
from app.services.workspace.unit_of_work import UnitOfWork

P = ParamSpec("P")

_SAFETY = ("adverse_event", "special_situation", "quality_complaint")
_SAFETY_TEXTS = ("safety_reason", "safety_description")
_YES_NO: Mapping[str, bool] = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


class _Rehearsal(UnitOfWork):
    """A unit in which commands follow one another and of which nothing is kept."""

    def __init__(self, database: Database) -> None:
        identity = database.identity
        super().__init__(
            database.writer,
            threading.Lock(),
            actor=identity.user,
            device=identity.device,
            clock=database.clock,
        )
        self._depth = 0

    def __enter__(self) -> Self:
        if self._depth == 0:
            super().__enter__()
        self._depth += 1
        return self

    def __exit__(
        self, type_: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._depth -= 1
        if self._depth == 0:
            super().__exit__(type_, value, trace)

    def commit(self) -> Changes:
        """Show the change to the next command without making it durable."""
        self.session.flush()
        self.reason = ""
        return Changes()


class _Door:
    """Where the facts of one inquiry go: into the rehearsal, or into the workspace."""

    def __init__(self, database: Database, inquiry_id: str, rehearsal: _Rehearsal | None = None) -> None:
        self.database = database
        self.inquiry_id = inquiry_id
        self._rehearsal = rehearsal

    def write(
        self, command: Callable[Concatenate[UnitOfWork, P], object], *args: P.args, **kwargs: P.kwargs
    ) -> None:
        command(self._rehearsal or self.database.unit(), *args, **kwargs)

    def case(self) -> CaseView:
        user, now = self.database.identity.user, self.database.clock.now()
        if self._rehearsal is not None:
            return queries.case(self._rehearsal.session, self.inquiry_id, user, now)
        return self.database.read(queries.case, self.inquiry_id, user, now)


_NamedDeed = tuple[tuple[str, ...], Callable[[_Door], None]]


def enter_facts(
    database: Database, inquiry_id: str, texts: Sequence[str], tell: Callable[[str], None]
) -> None:
    """Enter every FIELD=VALUE, or none when one of them is refused.

    What another process changes between the trial and the entry can still stop it half way;
    `tell` then hears which facts were entered.
    """
    deeds = _deeds(dict(_pair(text) for text in texts))
    _rehearse(database, inquiry_id, deeds, tell)
    door, entered = _Door(database, inquiry_id), list[str]()
    for names, deed in deeds:
        try:
            deed(door)
        except AppError:
            said = (
                f"Entered before this: {', '.join(entered)}." if entered else "No fact before it was entered."
            )
            tell(f"{said} Stopped at {', '.join(names)}. Look at the inquiry before you go on.")
            raise
        entered.extend(names)


def _rehearse(
    database: Database, inquiry_id: str, deeds: Sequence[_NamedDeed], tell: Callable[[str], None]
) -> None:
    with _Rehearsal(database) as rehearsal:
        trial = _Door(database, inquiry_id, rehearsal)
        for names, deed in deeds:
            try:
                deed(trial)
            except AppError:
                tell(f"{', '.join(names)} cannot be entered, so no fact was. Nothing was changed.")
                raise


def _pair(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator:
        raise InputRefusedError(f"“{text}” is not of the form FIELD=VALUE. Nothing was changed.")
    return name.strip(), value.strip()


def _deeds(facts: Mapping[str, str]) -> list[_NamedDeed]:
    """Return what is to be done with which facts; the safety answers go together and first."""
    safe = {name: value for name, value in facts.items() if name in (*_SAFETY, *_SAFETY_TEXTS)}
    deeds: list[_NamedDeed] = []
    answers = {name: _decision(name, safe[name]) for name in _SAFETY if name in safe}
    if answers:
        reason, description = (safe.get(name, "") for name in _SAFETY_TEXTS)
        deeds.append((tuple(safe), lambda door: _decide(door, answers, reason, description)))
    for name, value in facts.items():
        if name not in safe:
            deeds.append(((name,), partial(_set_fact, name=name, value=value)))
    return deeds


def _decide(door: _Door, answers: Mapping[str, Decision], reason: str, description: str) -> None:
    door.write(safety.decide, door.inquiry_id, **answers, reason=reason, description=description)


def _decision(name: str, value: str) -> Decision:
    try:
        return Decision(value.lower())
    except ValueError as exc:
        raise InputRefusedError(
            f"{name} is yes, no or uncertain; “{value}” is none of them. Nothing was changed."
        ) from exc


def _set_fact(door: _Door, name: str, value: str) -> None:
    part, _, field = name.partition(".")
    if part == "requester" and field:
        door.write(commands.edit_person, door.inquiry_id, "requester", field, value)
    elif part == "contact" and field:
        door.write(commands.edit_person, door.inquiry_id, "contact", field, value)
    elif part == "question" and field.isdecimal():
        _set_question(door, int(field), value)
    elif name == "product":
        door.write(commands.edit_fact, door.inquiry_id, "product_id", _product_id(door.database, value))
    elif name == "contact" and value == "same":
        door.write(commands.use_requester_as_contact, door.inquiry_id)
    elif name == "duplicate":
        decision, _, first = value.partition(":")
        first_id = door.database.read(queries.resolve, first) if first else None
        door.write(commands.decide_duplicate, door.inquiry_id, decision, first_id=first_id)
    elif name == "verified":
        method, _, evidence = value.partition(":")
        door.write(commands.verify_contact, door.inquiry_id, method=method, evidence=evidence)
    elif name == "assessment":
        _assess(door, value)
    else:
        door.write(
            commands.edit_fact, door.inquiry_id, name, _yes_no(value) if name == "no_product" else value
        )


def _set_question(door: _Door, number: int, text: str) -> None:
    """Restate a question; the number after the last one adds it."""
    questions = door.case().questions
    if number == len(questions) + 1:
        door.write(commands.add_question, door.inquiry_id, QuestionForm(verbatim=text, restated=text))
    elif 1 <= number <= len(questions):
        door.write(commands.edit_question, questions[number - 1].id, restated=text)
    else:
        raise InputRefusedError(f"There is no question {number}; the inquiry has {len(questions)}.")


def _assess(door: _Door, assessment: str) -> None:
    vocabulary().check("label_assessment", assessment)
    for question in door.case().questions:
        door.write(commands.assess_label, question.id, assessment)


def _product_id(database: Database, name: str) -> str:
    for product in database.read(settings.products):
        if name.lower() in (product.name.lower(), product.substance.lower(), product.id):
            return product.id
    raise InputRefusedError(
        f"There is no product “{name}”. Nothing was changed. Look at the list of products."
    )


def _yes_no(value: str) -> bool:
    if value.lower() not in _YES_NO:
        raise InputRefusedError(f"no_product is yes or no; “{value}” is neither. Nothing was changed.")
    return _YES_NO[value.lower()]
