"""Severities and patterns of the letter checks, from their data file."""

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.errors import EnvironmentFaultError
from app.models.checks.findings import Finding, Severity, shortened
from app.models.rules_data import Section, load_rules


@dataclass(frozen=True, slots=True)
class RuleConfig:
    """The title of one rule and the weight of each outcome."""

    id: str
    title: str
    severities: Mapping[str, Severity]
    section: Section

    def finding(
        self,
        outcome: str,
        message: str,
        fix: str,
        *,
        where: str | None = None,
        quote: str = "",
        offset: int | None = None,
    ) -> Finding:
        """Make a finding with the weight of this outcome."""
        return Finding(self.id, self.severities[outcome], where, shortened(quote), message, fix, offset)


@functools.cache
def rule_config(rule: str) -> RuleConfig:
    """Return what the data file says about one rule."""
    return config_from(rule, load_rules("letter_checks.json").body.section("rules").section(rule))


def config_from(rule: str, section: Section) -> RuleConfig:
    """Read the title and the weights of one rule."""
    weights = section.section("severity")
    try:
        severities = {outcome: Severity(weights.text(outcome)) for outcome in weights.names()}
    except ValueError as exc:
        raise EnvironmentFaultError(f"{section.where} holds a weight that is not X, W or I.") from exc
    return RuleConfig(rule, section.text("title"), severities, section)


@functools.cache
def pattern(rule: str, name: str, flags: re.RegexFlag = re.IGNORECASE) -> re.Pattern[str]:
    """Compile one pattern of a rule."""
    return _compiled(rule, rule_config(rule).section.text(name), flags)


@functools.cache
def patterns(rule: str, name: str, flags: re.RegexFlag = re.IGNORECASE) -> tuple[re.Pattern[str], ...]:
    """Compile a list of patterns of a rule."""
    return tuple(_compiled(rule, text, flags) for text in rule_config(rule).section.texts(name))


def _compiled(rule: str, text: str, flags: re.RegexFlag) -> re.Pattern[str]:
    try:
        return re.compile(text, flags)
    except re.error as exc:
        raise EnvironmentFaultError(f"The pattern {text!r} of {rule} cannot be read: {exc}.") from exc
