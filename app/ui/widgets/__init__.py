"""Reusable parts that pages are built from."""

from app.ui.widgets.announce import announce
from app.ui.widgets.avatar import Avatar, paint_avatar
from app.ui.widgets.badge import Badge, badge_size, paint_badge
from app.ui.widgets.buttons import (
    Button,
    danger_button,
    icon_button,
    link_button,
    make_button,
    primary_button,
    quiet_button,
    safety_button,
    secondary_button,
    with_keycap,
)
from app.ui.widgets.card import Card
from app.ui.widgets.chip import Chip, ChipKind, chip_size, paint_chip
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.empty_state import EmptyState
from app.ui.widgets.fact_list import FactList, FactRow
from app.ui.widgets.fields import date_field, indent_text, number_field
from app.ui.widgets.inline_progress import InlineProgress
from app.ui.widgets.keycap import KeyCap, keycap_setting, keycap_size, paint_keycap
from app.ui.widgets.labels import divider, icon_label, section_head, set_tone, text_label
from app.ui.widgets.page_header import PageHeader
from app.ui.widgets.painting import focus_ring, rounded
from app.ui.widgets.search_field import SearchField
from app.ui.widgets.segmented_control import SegmentedControl
from app.ui.widgets.splitter import Splitter
from app.ui.widgets.step_bar import StepBar
from app.ui.widgets.toast import Toast

__all__ = [
    "Avatar",
    "Badge",
    "Button",
    "Card",
    "Chip",
    "ChipKind",
    "ElidedLabel",
    "EmptyState",
    "FactList",
    "FactRow",
    "InlineProgress",
    "KeyCap",
    "PageHeader",
    "SearchField",
    "SegmentedControl",
    "Splitter",
    "StepBar",
    "Toast",
    "announce",
    "badge_size",
    "chip_size",
    "danger_button",
    "date_field",
    "divider",
    "focus_ring",
    "icon_button",
    "icon_label",
    "indent_text",
    "keycap_setting",
    "keycap_size",
    "link_button",
    "make_button",
    "number_field",
    "paint_avatar",
    "paint_badge",
    "paint_chip",
    "paint_keycap",
    "primary_button",
    "quiet_button",
    "rounded",
    "safety_button",
    "secondary_button",
    "section_head",
    "set_tone",
    "text_label",
    "with_keycap",
]
