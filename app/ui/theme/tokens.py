"""Every colour of the interface, by token and theme."""

from typing import Final, Literal

ThemeName = Literal["light", "dark", "contrast"]
ThemeChoice = Literal["light", "dark", "contrast", "system"]

# The three columns of the colour table: light, dark, high contrast.
_TABLE: Final[dict[str, tuple[str, str, str]]] = {
    "bg.window": ("#F4F5F7", "#15181D", "#000000"),
    "bg.rail": ("#E9EBEF", "#101216", "#000000"),
    "bg.surface": ("#FFFFFF", "#1B1F26", "#000000"),
    "bg.sunken": ("#F8F9FB", "#181B21", "#0A0A0A"),
    "bg.raised": ("#FFFFFF", "#242932", "#111111"),
    "bg.hover": ("#EFF2F7", "#232933", "#1F1F1F"),
    "bg.selected": ("#E1E9FC", "#273356", "#003A8C"),
    "line.soft": ("#E2E5EB", "#2B313B", "#8A8A8A"),
    "line.strong": ("#7A8292", "#778191", "#FFFFFF"),
    "fill": ("#2B54CC", "#4462D6", "#FFD400"),
    "fill.hover": ("#2246AE", "#4F6DE0", "#FFE666"),
    "on.fill": ("#FFFFFF", "#FFFFFF", "#000000"),
    "safety.fill": ("#A01C67", "#C0367F", "#FF9BD2"),
    "accent.soft": ("#E4EBFC", "#252F4D", "#00264D"),
    "ok.soft": ("#E3F3EA", "#1D3329", "#00331A"),
    "soon.soft": ("#FCF0D9", "#3A2F1A", "#332600"),
    "over.soft": ("#FCE8E8", "#43232A", "#3D0000"),
    "safety.soft": ("#FBE7F2", "#42213A", "#3D0024"),
    "prov.verbatim.soft": ("#E0F3EF", "#17332F", "#00332B"),
    "prov.changed.soft": ("#EFE9FB", "#2F2748", "#241052"),
    "prov.free.soft": ("#EEF0F3", "#262B34", "#1F1F1F"),
    "paper": ("#FFFFFF", "#1E232B", "#000000"),
    "paper.line": ("#DDE1E8", "#2F3641", "#FFFFFF"),
    "mark": ("#FFE9A8", "#5A4A17", "#5C4A00"),
    "text.1": ("#1A1E26", "#E6E9EE", "#FFFFFF"),
    "text.2": ("#474E5B", "#B6BDC9", "#F0F0F0"),
    "text.3": ("#5F6776", "#969FAE", "#D6D6D6"),
    "accent": ("#2B54CC", "#93ABFF", "#7FC4FF"),
    "ok": ("#1D7348", "#6CC596", "#7CFFB0"),
    "soon": ("#855000", "#E8B35A", "#FFD166"),
    "over": ("#B4232F", "#FF8F8B", "#FF9C9C"),
    "safety": ("#A01C67", "#F790C4", "#FF9BD2"),
    "prov.verbatim": ("#0B7063", "#5FCDBB", "#7FFFE5"),
    "prov.changed": ("#6A3DC0", "#BBA0FF", "#D2BFFF"),
    "prov.free": ("#5B6472", "#9AA3B2", "#D6D6D6"),
    "chart.1": ("#2B54CC", "#7C97FF", "#7FC4FF"),
    "chart.2": ("#2E9486", "#4FC3B1", "#7FFFE5"),
    "chart.3": ("#9A7BD6", "#B69AF2", "#D2BFFF"),
    "chart.4": ("#7E899A", "#6C7686", "#D6D6D6"),
    "avatar.1": ("#3D6FB6", "#3D6FB6", "#3D6FB6"),
    "avatar.2": ("#8A5A9E", "#8A5A9E", "#8A5A9E"),
    "avatar.3": ("#2F7D6B", "#2F7D6B", "#2F7D6B"),
    "avatar.4": ("#9A6A2E", "#9A6A2E", "#9A6A2E"),
    "avatar.5": ("#A0525F", "#A0525F", "#A0525F"),
    "avatar.text": ("#FFFFFF", "#FFFFFF", "#FFFFFF"),
    # The page behind the palette is dimmed, never hidden; Qt writes the alpha first.
    "scrim": ("#6B1A1E26", "#99000000", "#CC000000"),
    "shadow": ("#331A1E26", "#80000000", "#00000000"),
}

# Names that say the meaning where the colour is the same.
_ALIASES: Final[dict[str, str]] = {
    "warn": "soon",
    "warn.soft": "soon.soft",
    "block": "over",
    "block.soft": "over.soft",
    "neutral.soft": "prov.free.soft",
}

THEME_NAMES: Final[tuple[ThemeName, ...]] = ("light", "dark", "contrast")
TEXT_TOKENS: Final = (
    "text.1",
    "text.2",
    "text.3",
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
    "on.fill",
)


def _column(index: int) -> dict[str, str]:
    colours = {token: row[index] for token, row in _TABLE.items()}
    return colours | {alias: colours[token] for alias, token in _ALIASES.items()}


TOKENS: Final[dict[ThemeName, dict[str, str]]] = {
    name: _column(index) for index, name in enumerate(THEME_NAMES)
}
