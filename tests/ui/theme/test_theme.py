"""Behaviour of the theme: colours, fonts, icons, sheet and text size."""

import gc
import logging
import re
import sys
import weakref

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QAction, QColor, QFont, QFontInfo, QFontMetrics, QImage, QPainter, QPalette
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton

from app.ui import theme
from app.ui.theme.fonts import RESOURCES
from app.ui.theme.sheet import style_sheet

ICONS = (
    "inbox file-pen-line library book-open-text shield-alert shield-check shield-plus signature "
    "chart-column refresh-cw settings phone phone-call mail globe briefcase file-input clock "
    "clock-alert circle-alert circle-pause hourglass cloud cloud-off circle-arrow-up circle-check "
    "circle-dashed circle-dot check lock pencil-line pen-line octagon-x triangle-alert info "
    "file-badge file-lock-2 file-text file-code file-diff package-x history link-2 git-merge scale "
    "search filter plus x undo-2 redo-2 bold italic superscript list table quote copy paperclip "
    "printer download send archive layers star tag arrow-left arrow-up arrow-down arrow-up-right "
    "arrow-down-right chevron-down chevron-right chevrons-up-down eye eye-off bell calendar-clock "
    "moon-star user user-check users ear text-search list-checks message-square-text badge-check ban "
    "languages target key-round hard-drive laptop database panel-left panel-right ellipsis "
    "folder-open book-marked grip-vertical "
)


@pytest.mark.parametrize(
    ("name", "expected"), [("light", "#ffffff"), ("dark", "#1b1f26"), ("contrast", "#000000")]
)
def test_a_token_has_the_colour_of_the_theme(themed_app, name, expected):
    theme.apply_theme(themed_app, name)
    assert theme.color("bg.surface").name() == expected
    assert theme.current_theme() == name


def test_an_unknown_token_is_refused(themed_app):
    with pytest.raises(KeyError):
        theme.color("text.9")


def test_an_unknown_theme_is_refused_and_changes_nothing(themed_app):
    with pytest.raises(ValueError, match="sepia"):
        theme.apply_theme(themed_app, "sepia")
    assert theme.current_theme() == "light"


def test_changing_a_colour_in_hand_changes_nobody_elses(themed_app):
    theme.color("text.1").setAlpha(10)
    assert theme.color("text.1").alpha() == 255


def test_following_the_system_gives_a_real_theme(themed_app):
    theme.apply_theme(themed_app, "system")
    assert theme.current_theme() in theme.THEME_NAMES
    assert theme.theme_choice() == "system"


def test_a_change_is_told_once(themed_app, qtbot):
    told = []
    theme.theme_signals.changed.connect(lambda: told.append(theme.current_theme()))
    theme.apply_theme(themed_app, "dark")
    assert told == ["dark"]


def test_the_palette_follows_the_theme(themed_app):
    theme.apply_theme(themed_app, "dark")
    palette = themed_app.palette()
    assert palette.color(QPalette.ColorRole.Window) == theme.color("bg.window")
    assert palette.color(QPalette.ColorRole.PlaceholderText) == theme.color("text.3")


@pytest.mark.parametrize("name", theme.THEME_NAMES)
@pytest.mark.parametrize("factor", theme.TEXT_FACTORS)
def test_the_sheet_is_filled_completely(themed_app, name, factor):
    theme.apply_theme(themed_app, name)
    theme.set_text_factor(factor)
    sheet = style_sheet()
    assert "${" not in sheet
    assert "font" not in re.sub(r"url\([^)]*\)", "", sheet)
    assert sheet.count("{") == sheet.count("}")
    assert not re.search(r"-\d+px(?! 0)", sheet)


def test_high_contrast_has_edges_of_two_pixels(themed_app):
    assert theme.line_width() == 1
    theme.apply_theme(themed_app, "contrast")
    assert theme.line_width() == 2


@pytest.mark.parametrize(
    ("role", "pixels"),
    [
        ("badge", 11),
        ("secondary", 12),
        ("body", 13),
        ("card", 14),
        ("letter", 15),
        ("case_title", 16),
        ("page_title", 18),
        ("lock_title", 22),
        ("figure", 26),
        ("mono", 12),
    ],
)
def test_a_role_has_its_size_at_every_text_size(themed_app, role, pixels):
    assert theme.font(role).pixelSize() == pixels
    theme.set_text_factor(2.0)
    assert theme.font(role).pixelSize() == 2 * pixels


def test_the_shipped_faces_are_used(themed_app):
    assert QFontInfo(theme.font("body")).family() == "Inter"
    assert QFontInfo(theme.font("letter")).family() == "Source Serif 4"
    bold = QFontInfo(theme.font("body", weight=600))
    assert bold.weight() == QFont.Weight.DemiBold
    assert QFontInfo(theme.font("letter", italic=True)).italic()


def test_only_tabular_figures_are_equally_wide(themed_app):
    usual, tabular = theme.font("figure"), theme.font("figure", tabular=True)
    assert QFontMetrics(usual).horizontalAdvance("1111") != QFontMetrics(usual).horizontalAdvance("0000")
    assert QFontMetrics(tabular).horizontalAdvance("1111") == QFontMetrics(tabular).horizontalAdvance("0000")


def test_a_damaged_font_file_is_skipped_and_logged(themed_app, tmp_path, caplog, qtlog):
    (tmp_path / "broken.ttf").write_bytes(b"no font")
    with caplog.at_level(logging.WARNING), qtlog.disabled():
        assert theme.load_fonts(tmp_path) == ()
    assert "broken.ttf" in caplog.text


@pytest.mark.parametrize("factor", [0.1, 9.0])
def test_a_text_size_no_window_can_show_is_refused(themed_app, factor):
    with pytest.raises(ValueError, match="cannot be shown"):
        theme.set_text_factor(factor)
    assert theme.text_factor() == 1.0


def test_every_icon_of_the_list_is_shipped():
    assert [name for name in ICONS.split() if not theme.has_icon(name)] == []
    assert not theme.has_icon("no-such-icon")


def test_no_icon_file_holds_a_script_or_a_link():
    for path in (RESOURCES / "icons").glob("*.svg"):
        text = path.read_text(encoding="utf-8")
        assert "<script" not in text
        assert "href" not in text


def painted_colours(pixmap):
    image = pixmap.toImage().convertToFormat(QImage.Format.Format_ARGB32)
    dots = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return {dot.name() for dot in dots if dot.alpha() == 255}


def test_an_icon_has_the_colour_of_its_token(themed_app):
    # Antialiased dots may be off by one; the solid ones are exact.
    assert theme.color("over").name() in painted_colours(theme.pixmap("octagon-x", "over", 48, 1))
    theme.apply_theme(themed_app, "dark")
    assert theme.color("over").name() in painted_colours(theme.pixmap("octagon-x", "over", 48, 1))


@pytest.mark.parametrize("dpr", [1.0, 1.25, 1.5, 2.0])
def test_an_icon_is_as_sharp_as_the_screen(themed_app, dpr):
    pixmap = theme.pixmap("phone", "text.2", 16, dpr)
    assert pixmap.size() == QSize(round(16 * dpr), round(16 * dpr))
    assert pixmap.deviceIndependentSize().toSize() == QSize(16, 16)


def test_an_icon_is_painted_once(themed_app):
    first = theme.pixmap("phone", "text.2", 16, 2.0)
    assert theme.pixmap("phone", "text.2", 16, 2.0).cacheKey() == first.cacheKey()


def test_a_widget_keeps_its_font_role_through_text_sizes(themed_app, qtbot):
    label = QLabel("x")
    qtbot.addWidget(label)
    theme.set_font(label, "page_title")
    theme.set_text_factor(1.5)
    assert label.font().pixelSize() == 27


def test_a_button_takes_the_icon_of_the_new_theme(themed_app, qtbot):
    button = QToolButton()
    qtbot.addWidget(button)
    theme.set_icon(button, "phone", "text.1")
    before = button.icon().cacheKey()
    theme.apply_theme(themed_app, "dark")
    assert button.icon().cacheKey() != before
    theme.set_text_factor(2.0)
    assert button.iconSize() == QSize(32, 32)


def test_a_second_icon_replaces_the_first(themed_app, qtbot):
    button = QPushButton("Undo")
    qtbot.addWidget(button)
    theme.set_icon(button, "undo-2")
    theme.set_icon(button, "")
    theme.apply_theme(themed_app, "dark")
    assert button.icon().isNull()


def test_an_action_follows_the_theme(themed_app):
    action = QAction("Sync")
    theme.set_icon(action, "refresh-cw")
    before = action.icon().cacheKey()
    theme.apply_theme(themed_app, "dark")
    assert action.icon().cacheKey() != before


def test_a_themed_widget_can_be_freed(themed_app):
    label = QLabel("x")
    theme.set_font(label, "body")
    theme.set_picture(label, "phone")
    seen = weakref.ref(label)
    del label
    gc.collect()
    theme.apply_theme(themed_app, "dark")
    assert seen() is None


def test_the_mark_is_painted(themed_app):
    assert theme.color("fill").name() in painted_colours(theme.app_mark(64))
    assert not theme.app_icon().isNull()


def test_painting_keeps_the_references_of_none(themed_app):
    image = QImage(16, 16, QImage.Format.Format_ARGB32_Premultiplied)
    colour = QColor(theme.color("text.1"))
    # PySide6 6.12.0 dropped a reference to None at every void call on Python 3.10 and 3.11.
    before = sys.getrefcount(None)
    for _ in range(1_000):
        with QPainter(image) as painter:
            painter.setPen(colour)
            painter.drawLine(0, 0, 8, 8)
            painter.drawText(0, 8, "x")
    assert abs(sys.getrefcount(None) - before) < 50
