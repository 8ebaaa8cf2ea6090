"""The steps beside the next one: wait, escalate, hand over, end, reopen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from app.errors import InputRefusedError
from app.models.changes import Changes
from app.models.vocabulary import vocabulary
from app.services.intake import commands
from app.services.work.queries import ColleagueView
from app.services.workspace.unit_of_work import UnitOfWork
from app.ui.case.form import InlineForm
from app.ui.case.wording import read_time, words

_CANCEL_REASONS: Final = (
    ("withdrawn", "Withdrawn"),
    ("out_of_scope", "Out of scope"),
    ("spam", "Spam"),
    ("no_contact", "Nobody reached after three tries"),
)
NAMES: Final = {
    "ask_requester": ("Wait for the requester", "hourglass"),
    "ask_internal": ("Ask a colleague", "message-square"),
    "hand_over": ("Hand over", "users"),
    "escalate": ("Escalate", "arrow-up-right"),
    "transfer": ("Transfer to another desk", "external-link"),
    "cancel": ("Cancel the inquiry", "ban"),
    "reopen": ("Reopen", "rotate-ccw"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a step is told: for whom, by whom, and where time is read."""

    inquiry_id: str
    colleagues: Sequence[ColleagueView]
    zone: str


def form_of(step: str, asked: Asked) -> InlineForm:
    """Make the fields of a step; nothing in them is preset."""
    form = InlineForm(words(NAMES[step][0]), words(NAMES[step][0]))
    _FIELDS[step](form, asked)
    return form


def command_of(step: str, asked: Asked, said: dict[str, str]) -> Callable[[UnitOfWork], Changes]:
    """Return the command of a step with what was said in its form."""
    if step == "ask_requester":
        return partial(
            commands.ask_requester, inquiry_id=asked.inquiry_id, asked=said["asked"], reason=said["reason"]
        )
    if step == "ask_internal":
        return partial(
            commands.ask_internal,
            inquiry_id=asked.inquiry_id,
            asked=said["asked"],
            due_at=_due(said["due"], asked.zone),
            owner_id=said["owner"] or None,
        )
    return _ending(step, asked, said)


def _ending(step: str, asked: Asked, said: dict[str, str]) -> Callable[[UnitOfWork], Changes]:
    inquiry_id = asked.inquiry_id
    if step == "hand_over":
        return partial(
            commands.hand_over, inquiry_id=inquiry_id, owner_id=_chosen(said["owner"]), reason=said["reason"]
        )
    if step == "escalate":
        return partial(
            commands.escalate,
            inquiry_id=asked.inquiry_id,
            target=said["target"],
            reason=said["reason"],
            owner_id=said["owner"] or None,
            due_at=_due(said["due"], asked.zone),
        )
    if step == "transfer":
        return partial(
            commands.transfer, inquiry_id=inquiry_id, target=said["target"], receipt=said["receipt"]
        )
    if step == "cancel":
        return partial(commands.cancel, inquiry_id=inquiry_id, why=said["why"], note=said["note"])
    return partial(commands.reopen, inquiry_id=inquiry_id, reason=said["reason"])


def _ask_requester(form: InlineForm, _asked: Asked) -> None:
    form.add_words("asked", words("What did you ask?"))
    form.add_text("reason", words("Why does the answer wait for it?"))


def _ask_internal(form: InlineForm, asked: Asked) -> None:
    form.add_words("asked", words("What do you need?"))
    form.add_choice("owner", words("From whom"), _people(asked))
    form.add_text("due", words("Due"), placeholder="2026-11-24 17:00")


def _people(asked: Asked) -> list[tuple[str, str]]:
    return [(each.id, each.name) for each in asked.colleagues]


def _hand_over(form: InlineForm, asked: Asked) -> None:
    form.add_choice("owner", words("To whom"), _people(asked))
    form.add_text("reason", words("Why?"))


def _escalate(form: InlineForm, asked: Asked) -> None:
    level = words("{label}, level {level}")
    targets = [
        (term.code, level.format(label=term.label, level=term.level))
        for term in vocabulary().terms("escalation_target")
    ]
    form.add_choice("target", words("To whom"), targets)
    form.add_choice("owner", words("Person"), [("", words("Nobody by name")), *_people(asked)])
    form.add_words("reason", words("Why?"))
    form.add_text(
        "due", words("To be taken up by"), placeholder=words("By the service level, or 2026-11-24 17:00")
    )


def _transfer(form: InlineForm, _asked: Asked) -> None:
    form.add_text("target", words("To which desk"))
    form.add_text("receipt", words("How they confirmed that they have it"))


def _cancel(form: InlineForm, _asked: Asked) -> None:
    form.add_choice("why", words("Why?"), [(code, words(name)) for code, name in _CANCEL_REASONS])
    form.add_words("note", words("Note"))


def _reopen(form: InlineForm, _asked: Asked) -> None:
    form.add_words("reason", words("Why is it opened again?"))


def _due(text: str, zone: str) -> int | None:
    if not text.strip():
        return None
    at = read_time(text, zone)
    if at is None:
        raise InputRefusedError(words("Write the time as 2026-11-24 17:00."))
    return at


def _chosen(code: str) -> str:
    if not code:
        raise InputRefusedError(words("Choose a person."))
    return code


_FIELDS: Final[dict[str, Callable[[InlineForm, Asked], None]]] = {
    "ask_requester": _ask_requester,
    "ask_internal": _ask_internal,
    "hand_over": _hand_over,
    "escalate": _escalate,
    "transfer": _transfer,
    "cancel": _cancel,
    "reopen": _reopen,
}
