"""Public holidays of a country and its subdivision, such as a Land or a state."""

from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache

from app.errors import InputRefusedError


@cache
def regions() -> Mapping[str, tuple[str, ...]]:
    """Return the subdivisions of every country whose holidays are known."""
    # The tables of all countries are large, and an office without a country needs none of them.
    from holidays import list_supported_countries

    found = list_supported_countries(include_aliases=False)
    return {code: tuple(found[code]) for code in sorted(found) if len(code) == len("DE")}


def check_region(country: str, subdivision: str) -> tuple[str, str]:
    """Return both codes, or refuse them; a country that has subdivisions needs one.

    Without it a country counts only the holidays that all its parts share.
    """
    if not country:
        return "", ""
    known = regions().get(country)
    if known is None:
        raise InputRefusedError(
            f"The public holidays of “{country[:10]}” are not known. Enter them as closures."
        )
    if known and subdivision not in known:
        named = ", ".join(known)
        raise InputRefusedError(f"Say where in {country} the office is. Its holidays depend on it: {named}.")
    if subdivision and not known:
        raise InputRefusedError(f"{country} has the same holidays everywhere. Leave its part empty.")
    return country, subdivision


@lru_cache(maxsize=512)
def public_holidays(country: str, subdivision: str, year: int) -> frozenset[date]:
    """Return the public holidays of one year, with the days on which they are made up for."""
    from holidays import country_holidays

    check_region(country, subdivision)
    return frozenset(country_holidays(country, subdiv=subdivision or None, years=year, expand=False))
