"""The words a field may hold: channels, roles, urgency, methods and the like."""

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.errors import InputRefusedError
from app.models.rules_data import RulesFile, Section, load_rules

HCP = "hcp"
PATIENT = "patient"

_COUNTRY = re.compile(r"[A-Z]{2}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})?")
# "UK" is reserved in ISO 3166-1 for the United Kingdom, whose code is GB.
_COUNTRY_ALIASES = MappingProxyType({"UK": "GB"})


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a vocabulary: its code, its name and how others call it."""

    code: str
    label: str
    aliases: frozenset[str]
    audience: str = ""
    level: int = 0


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Every list of terms, each in the order in which it is shown."""

    version: str
    source: str
    lists: Mapping[str, Mapping[str, Term]]

    def terms(self, name: str) -> tuple[Term, ...]:
        """List the terms of one vocabulary in order."""
        return tuple(self.lists[name].values())

    def label(self, name: str, code: str | None) -> str:
        """Return how a code is called, or the code itself if unknown."""
        term = self.lists[name].get(code or "")
        return term.label if term else (code or "")

    def check(self, name: str, code: str) -> str:
        """Return the code if the list has it, else refuse it."""
        if code in self.lists[name]:
            return code
        known = ", ".join(self.lists[name])
        raise InputRefusedError(f"“{code[:40]}” is no {noun(name)}. Choose one of {known}.")

    def recognise(self, name: str, text: str) -> str | None:
        """Return the code that a code, label or alias of others means."""
        wanted = " ".join(text.lower().replace("_", " ").split())
        return self._spoken(name).get(wanted)

    def audience(self, role: str) -> str:
        """Return for whom an answer to this role is: hcp, patient or other."""
        term = self.lists["requester_role"].get(role)
        return term.audience if term else ""

    def _spoken(self, name: str) -> Mapping[str, str]:
        return _spoken_forms(tuple(self.lists[name].values()))


@functools.cache
def vocabulary() -> Vocabulary:
    """Return the vocabularies that the program ships."""
    return vocabulary_from(load_rules("vocabulary.json"))


def vocabulary_from(rules: RulesFile) -> Vocabulary:
    """Read every list of terms from a data file."""
    body = rules.body.section("lists")
    lists = {name: _terms(body, name) for name in body.names()}
    return Vocabulary(rules.version, rules.source, MappingProxyType(lists))


def noun(name: str) -> str:
    """Return how a sentence calls a vocabulary."""
    return name.replace("_", " ")


def check_country(text: str) -> str:
    """Return an ISO 3166 alpha-2 code in capitals, or refuse it."""
    code = text.strip().upper()
    code = _COUNTRY_ALIASES.get(code, code)
    if code and not _COUNTRY.fullmatch(code):
        raise InputRefusedError(f"“{text[:40]}” is no country code. Write two letters, such as GB.")
    return code


def check_language(text: str) -> str:
    """Return a language tag such as en or pt-BR, or refuse it."""
    tag = text.strip()
    tag = tag[:3].lower() + tag[3:] if "-" not in tag[:3] else tag[:2].lower() + tag[2:]
    if not _LANGUAGE.fullmatch(tag) or len(tag) > 10:
        raise InputRefusedError(f"“{text[:40]}” is no language. Write it as en or pt-BR.")
    return tag


def _terms(body: Section, name: str) -> Mapping[str, Term]:
    rows = body.sections(name)
    return MappingProxyType({row.text("code"): _term(row) for row in rows})


def _term(row: Section) -> Term:
    return Term(
        code=row.text("code"),
        label=row.text("label"),
        aliases=frozenset(alias.lower() for alias in row.texts("aliases")),
        audience=row.text("audience") if "audience" in row else "",
        level=row.number("level") if "level" in row else 0,
    )


@functools.cache
def _spoken_forms(terms: tuple[Term, ...]) -> Mapping[str, str]:
    forms: dict[str, str] = {}
    for term in terms:
        for spoken in (*term.aliases, term.label.lower(), term.code.replace("_", " ")):
            forms[spoken] = term.code
    return MappingProxyType(forms)
