"""The taxonomy of topics: what a question is about."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.errors import InputRefusedError
from app.models.rules_data import RulesFile, load_rules

SEPARATOR = "/"


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic with its subtopics and the words others use."""

    code: str
    label: str
    aliases: frozenset[str]
    subtopics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """Every topic in the order in which it is offered."""

    version: str
    source: str
    topics: Mapping[str, Topic]

    def check(self, text: str) -> str:
        """Return `topic` or `topic/subtopic` if it is known, or refuse."""
        code, _, sub = text.partition(SEPARATOR)
        topic = self.topics.get(code)
        if not text or (topic and (not sub or sub in topic.subtopics)):
            return text
        known = ", ".join(topic.subtopics if topic else self.topics)
        raise InputRefusedError(f"“{text[:40]}” is no topic. Choose one of {known or code}.")

    def recognise(self, text: str) -> str | None:
        """Return the topic that a code, label or alias of others means."""
        wanted = " ".join(text.lower().split())
        code, _, sub = wanted.partition(SEPARATOR)
        if code in self.topics and (not sub or sub in self.topics[code].subtopics):
            return wanted
        return next(
            (t.code for t in self.topics.values() if wanted in t.aliases or wanted == t.label.lower()), None
        )

    def label(self, text: str) -> str:
        """Return how a topic is called, its subtopic after a comma."""
        code, _, sub = text.partition(SEPARATOR)
        topic = self.topics.get(code)
        name = topic.label if topic else code.replace("_", " ")
        return f"{name}, {sub.replace('_', ' ')}" if sub else name


@functools.cache
def taxonomy() -> Taxonomy:
    """Return the taxonomy that the program ships."""
    return taxonomy_from(load_rules("topics.json"))


def taxonomy_from(rules: RulesFile) -> Taxonomy:
    """Read the taxonomy from a data file."""
    topics = {
        row.text("code"): Topic(
            row.text("code"),
            row.text("label"),
            frozenset(alias.lower() for alias in row.texts("aliases")),
            row.texts("subtopics"),
        )
        for row in rules.body.sections("topics")
    }
    return Taxonomy(rules.version, rules.source, MappingProxyType(topics))
