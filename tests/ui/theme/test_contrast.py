"""The contrast of every colour pair that look.md promises, measured by the WCAG 2 formula."""

import re
from pathlib import Path

import pytest

from app.ui.theme.tokens import THEME_NAMES, TOKENS

ROOT = Path(__file__).resolve().parents[3]
BACKGROUNDS = ("bg.window", "bg.rail", "bg.surface", "bg.sunken", "bg.hover", "bg.selected")
TEXTS = (
    "text.1",
    "text.2",
    "text.3",
    "accent",
    "ok",
    "soon",
    "over",
    "safety",
    "prov.verbatim",
    "prov.changed",
    "prov.free",
)
SOFT = (
    "accent",
    "ok",
    "soon",
    "warn",
    "over",
    "block",
    "safety",
    "prov.verbatim",
    "prov.changed",
    "prov.free",
)
CONTROL_GROUNDS = ("bg.surface", "bg.window", "bg.selected")
HEX = re.compile(r"#[0-9A-Fa-f]{6,8}\b|(?<![&\w])#[0-9A-Fa-f]{3}\b")


def luminance(colour):
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ratio(first, second):
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def contrast(theme, first, second):
    return ratio(TOKENS[theme][first], TOKENS[theme][second])


def test_the_formula_knows_black_on_white():
    assert ratio("#000000", "#FFFFFF") == pytest.approx(21)
    assert ratio("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", THEME_NAMES)
@pytest.mark.parametrize("ground", BACKGROUNDS)
@pytest.mark.parametrize("text", TEXTS)
def test_text_is_readable_on_every_ground(theme, ground, text):
    assert contrast(theme, text, ground) >= 4.5


@pytest.mark.parametrize("theme", THEME_NAMES)
@pytest.mark.parametrize("text", SOFT)
def test_text_is_readable_on_its_own_soft_colour(theme, text):
    assert contrast(theme, text, f"{text}.soft") >= 4.5


@pytest.mark.parametrize("theme", THEME_NAMES)
@pytest.mark.parametrize("fill", ["fill", "fill.hover", "safety.fill"])
def test_text_is_readable_on_filled_buttons(theme, fill):
    assert contrast(theme, "on.fill", fill) >= 4.5


@pytest.mark.parametrize("theme", THEME_NAMES)
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("text.1", "mark"),
        ("text.1", "paper"),
        ("text.1", "bg.raised"),
        ("text.2", "bg.raised"),
        ("text.2", "neutral.soft"),
        ("text.1", "accent.soft"),
        ("text.2", "accent.soft"),
        ("text.1", "soon.soft"),
        ("text.1", "over.soft"),
        ("text.2", "over.soft"),
        ("text.1", "safety.soft"),
        ("text.2", "safety.soft"),
        ("bg.surface", "text.2"),
    ],
)
def test_other_pairs_that_widgets_paint_are_readable(theme, text, ground):
    assert contrast(theme, text, ground) >= 4.5


@pytest.mark.parametrize("theme", THEME_NAMES)
@pytest.mark.parametrize("ground", CONTROL_GROUNDS)
def test_edges_of_controls_are_visible(theme, ground):
    assert contrast(theme, "line.strong", ground) >= 3


@pytest.mark.parametrize("theme", THEME_NAMES)
@pytest.mark.parametrize("ground", ["bg.rail", "bg.surface"])
def test_the_safety_fill_is_visible(theme, ground):
    assert contrast(theme, "safety.fill", ground) >= 3


@pytest.mark.parametrize("theme", THEME_NAMES)
@pytest.mark.parametrize("series", [1, 2, 3, 4])
def test_chart_series_are_visible(theme, series):
    assert contrast(theme, f"chart.{series}", "bg.surface") >= 3


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_initials_are_readable(number):
    assert contrast("light", "avatar.text", f"avatar.{number}") >= 4.5


def test_every_theme_has_the_same_tokens():
    assert set(TOKENS["light"]) == set(TOKENS["dark"]) == set(TOKENS["contrast"])


def test_only_the_theme_knows_colours():
    guilty = [
        f"{path.relative_to(ROOT)}: {found.group()}"
        for path in (ROOT / "app" / "ui").rglob("*.py")
        if path.parent.name != "theme"
        for found in HEX.finditer(path.read_text(encoding="utf-8"))
    ]
    guilty += [
        f.group() for f in HEX.finditer((ROOT / "resources/theme/app.qss").read_text(encoding="utf-8"))
    ]
    assert guilty == []


def test_the_colour_search_finds_what_it_must():
    assert HEX.search("QColor('#1A2B3C')")
    assert HEX.search("color: #fff;")
    assert not HEX.search("inquiry #4817 of the list, color #accent")
