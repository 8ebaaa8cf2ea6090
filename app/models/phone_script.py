"""What is said on a call, step by step, in the caller's language and country."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from app.errors import EnvironmentFaultError, InputRefusedError
from app.models.rules_data import RulesFile, Section, load_rules


@dataclass(frozen=True, slots=True)
class ScriptStep:
    """One thing to say; `asks` names the safety question that it puts."""

    id: str
    title: str
    text: str
    note: str
    language: str
    is_required: bool
    asks: str
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PhoneScript:
    """The steps of one call in their order, with the version that was shown."""

    version: str
    source: str
    steps: tuple[ScriptStep, ...]


@dataclass(frozen=True, slots=True)
class CallOutcomes:
    """How a call may end, by direction; `call_only` makes no inquiry."""

    incoming: Mapping[str, str]
    outgoing: Mapping[str, str]
    call_only: tuple[str, ...]

    def of(self, direction: str) -> Mapping[str, str]:
        """Return the outcomes of calls in or out, each with its label."""
        return self.outgoing if direction == "out" else self.incoming

    def check(self, direction: str, code: str) -> str:
        """Return the code of an outcome, or refuse an unknown one."""
        if code not in self.of(direction):
            known = ", ".join(self.of(direction))
            raise InputRefusedError(f"“{code[:40]}” is no outcome of a call. Choose one of {known}.")
        return code

    def label(self, direction: str, code: str) -> str:
        """Return the words of an outcome; an unknown code stands for itself."""
        return self.of(direction).get(code, code)


def phone_script(language: str = "en", country: str = "") -> PhoneScript:
    """Return the steps in the nearest wording: country, then language, then the fallback."""
    return script_from(load_rules("phone_script.json"), language, country)


@functools.cache
def call_outcomes() -> CallOutcomes:
    """Return how a call may end."""
    return outcomes_from(load_rules("phone_script.json"))


def script_from(rules: RulesFile, language: str, country: str) -> PhoneScript:
    """Read a script of which every step has a wording in the fallback language."""
    fallback = rules.body.text("fallback")
    steps = tuple(
        _step(row, language.lower()[:2], country.upper(), fallback) for row in rules.body.sections("steps")
    )
    if len({step.id for step in steps}) != len(steps):
        raise EnvironmentFaultError(f"{rules.name} names a step twice. Install MI Desk again.")
    return PhoneScript(rules.version, rules.source, steps)


def outcomes_from(rules: RulesFile) -> CallOutcomes:
    """Read the outcomes of calls in and out."""
    rows = rules.body.section("outcomes")
    sides = {
        side: {row.text("code"): row.text("label") for row in rows.sections(side)} for side in ("in", "out")
    }
    call_only = rules.body.texts("call_only")
    unknown = [code for code in call_only if code not in sides["in"]]
    if unknown:
        raise EnvironmentFaultError(f"{rules.name} knows no outcome {unknown[0]}. Install MI Desk again.")
    return CallOutcomes(sides["in"], sides["out"], call_only)


def _step(row: Section, language: str, country: str, fallback: str) -> ScriptStep:
    text, spoken = _nearest(row.sections("text"), row.where, language, country, fallback)
    title, _ = _nearest(row.sections("title"), row.where, spoken, country, fallback)
    notes = row.sections("note") if "note" in row else ()
    note, _ = _nearest(notes, row.where, spoken, country, fallback) if notes else ("", "")
    return ScriptStep(
        id=row.text("id"),
        title=title,
        text=text,
        note=note,
        language=spoken,
        is_required=row.flag("required"),
        asks=row.text("asks") if "asks" in row else "",
        marks=row.texts("marks"),
    )


def _nearest(
    rows: tuple[Section, ...], where: str, language: str, country: str, fallback: str
) -> tuple[str, str]:
    wordings = {(row.text("language"), row.text("country") if "country" in row else ""): row for row in rows}
    for key in ((language, country), (language, ""), (fallback, country), (fallback, "")):
        if key in wordings:
            return wordings[key].text("text"), key[0]
    raise EnvironmentFaultError(f"{where} has no wording in {fallback}. Install MI Desk again.")
