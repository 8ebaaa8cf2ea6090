"""The rules of the library: review periods, gaps and regions, from `library.json`."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from app.models.rules_data import load_rules


@dataclass(frozen=True, slots=True)
class LibraryRules:
    """Days and counts of one version of the rules; `regions` maps a region to its countries."""

    version: str
    review_months: int
    warn_days: int
    grace_days: int
    gap_answers: int
    gap_days: int
    regions: Mapping[str, frozenset[str]]

    def region_of(self, country: str) -> str:
        """Return the region a country belongs to, or nothing."""
        return next((code for code, members in self.regions.items() if country in members), "")

    def next_review(self, approved_on: date) -> date:
        """Return the day of the next periodic review; a day that a month lacks becomes its last."""
        month = approved_on.month - 1 + self.review_months
        first = date(approved_on.year + month // 12, month % 12 + 1, 1)
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        return first.replace(day=min(approved_on.day, last.day))


@functools.cache
def library_rules() -> LibraryRules:
    """Return the rules that the program ships."""
    rules = load_rules("library.json")
    gap = rules.body.section("gap")
    return LibraryRules(
        version=rules.version,
        review_months=rules.body.number("review_months"),
        warn_days=rules.body.number("warn_days"),
        grace_days=rules.body.number("grace_days"),
        gap_answers=gap.number("custom_answers"),
        gap_days=gap.number("window_days"),
        regions={
            row.text("code"): frozenset(row.texts("countries")) for row in rules.body.sections("regions")
        },
    )
