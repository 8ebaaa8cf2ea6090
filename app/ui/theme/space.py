"""Distances, radii and heights in pixels at 100 % text."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Space:
    """The spacing scale and the places where each step is used."""

    xs: int = 4
    s: int = 8
    m: int = 12
    l: int = 16  # noqa: E741 - the middle of a size scale reads xs, s, m, l, xl
    xl: int = 20
    xxl: int = 24
    huge: int = 32
    page_edge: int = 20
    card_inside: int = 16
    between_cards: int = 12
    icon_to_text: int = 8
    label_to_field: int = 4
    between_groups: int = 16


@dataclass(frozen=True, slots=True)
class Radius:
    """How round the corners of each kind of shape are."""

    chip: int = 5
    keycap: int = 4
    control: int = 6
    card: int = 8
    overlay: int = 12


@dataclass(frozen=True, slots=True)
class Height:
    """How high controls, rows and bars are."""

    header_control: int = 30
    form_control: int = 32
    lock_control: int = 38
    row_comfortable: int = 48
    row_compact: int = 34
    header: int = 56
    second_bar: int = 38
    status_bar: int = 30
    smallest_target: int = 24


SPACE: Final = Space()
RADIUS: Final = Radius()
HEIGHT: Final = Height()
