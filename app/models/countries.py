"""The English names of countries, for the address on a letter."""

import functools
from collections.abc import Mapping
from importlib import resources
from types import MappingProxyType

# Where the table of the time zone database writes names as a list sorts them, not as an envelope does.
_ON_ENVELOPES = MappingProxyType(
    {
        "AS": "American Samoa",
        "CD": "Democratic Republic of the Congo",
        "CG": "Republic of the Congo",
        "CI": "Côte d'Ivoire",
        "GB": "United Kingdom",
        "KP": "North Korea",
        "KR": "South Korea",
        "MF": "Saint Martin",
        "MM": "Myanmar",
        "SX": "Sint Maarten",
        "VG": "British Virgin Islands",
        "VI": "US Virgin Islands",
        "WS": "Samoa",
    }
)


def country_name(code: str) -> str:
    """Return the English name of a country code, or the code itself if unknown."""
    return _names().get(code.upper(), code)


def country_code(name: str) -> str:
    """Return the code of a country's English name, or the text itself if unknown."""
    return _codes().get(" ".join(name.lower().split()), name)


@functools.cache
def _codes() -> Mapping[str, str]:
    # Words of exports that are no name in the table.
    others = {"usa": "US", "united states of america": "US", "great britain": "GB", "england": "GB"}
    return MappingProxyType({name.lower(): code for code, name in _names().items()} | others)


@functools.cache
def _names() -> Mapping[str, str]:
    table = (resources.files("tzdata") / "zoneinfo" / "iso3166.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))
    return MappingProxyType({code: name for code, name, *_ in rows} | _ON_ENVELOPES)
