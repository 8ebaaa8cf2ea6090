"""Behaviour of the small parts: chips, caps, badges, avatars, buttons, labels, splitter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QAccessible, QImage, QPainter
from PySide6.QtWidgets import QFrame, QWidget

from app.ui import theme, widgets
from app.ui.widgets.avatar import avatar_token, initials
from app.ui.widgets.badge import badge_text
from app.ui.widgets.chip import _LOOKS
from app.ui.widgets.keycap import key_names

pytestmark = pytest.mark.usefixtures("themed_app")


def colours_of(widget):
    image = widget.grab().toImage()
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


@pytest.mark.parametrize("kind", sorted(_LOOKS))
@pytest.mark.parametrize("name", theme.THEME_NAMES)
def test_a_chip_is_painted_in_the_colour_of_its_kind(themed_app, qtbot, kind, name):
    theme.apply_theme(themed_app, name)
    chip = widgets.Chip("mmmmmm HHH", kind, "clock")
    qtbot.addWidget(chip)
    chip.resize(chip.sizeHint())
    look = _LOOKS[kind]
    shown = colours_of(chip)
    assert not look.fill or theme.color(look.fill).name() in shown
    assert not look.edge or look.dashed or theme.line_width() == 1 or theme.color(look.edge).name() in shown


def test_a_chip_in_high_contrast_has_an_edge_beside_its_fill(themed_app, qtbot):
    theme.apply_theme(themed_app, "contrast")
    chip = widgets.Chip("2 h", "soon")
    qtbot.addWidget(chip)
    chip.resize(chip.sizeHint())
    image = chip.grab().toImage()
    assert image.pixelColor(image.width() // 2, 0).name() == theme.color("soon").name()


@pytest.mark.parametrize("factor", theme.TEXT_FACTORS)
@pytest.mark.parametrize("text", ["Off-label", "2 h 20 min", "1 h 04 min over", "Not on the server yet"])
def test_a_chip_never_cuts_its_text_at_its_own_size(themed_app, qtbot, factor, text):
    theme.set_text_factor(factor)
    chip = widgets.Chip(text, "over", "circle-alert")
    qtbot.addWidget(chip)
    roomy = chip.sizeHint() + QSize(40, 0)
    chip.resize(chip.sizeHint())
    own = chip.grab().toImage()
    chip.resize(roomy)
    wide = chip.grab().toImage()
    # Everything but the right edge is the same, so nothing was elided.
    part = own.width() - theme.scaled(8)
    assert own.copy(0, 0, part, own.height()) == wide.copy(0, 0, part, own.height())


def test_a_chip_grows_with_the_text(themed_app, qtbot):
    chip = widgets.Chip("Effective", "ok", "circle-check")
    qtbot.addWidget(chip)
    usual = chip.sizeHint()
    theme.set_text_factor(2.0)
    assert chip.sizeHint().height() >= 2 * usual.height() - 2
    assert chip.sizeHint().width() > 1.8 * usual.width()


def test_a_screen_reader_reads_the_words_of_a_chip(qtbot):
    chip = widgets.Chip("late by 20 min", "safety_filled", "shield-alert")
    qtbot.addWidget(chip)
    interface = QAccessible.queryAccessibleInterface(chip)
    assert interface.text(QAccessible.Text.Name) == "late by 20 min"
    chip.show_state("handed off", "plain", "shield-check")
    assert interface.text(QAccessible.Text.Name) == "handed off"


@pytest.mark.parametrize(
    ("shortcut", "keys"),
    [
        ("Ctrl+Enter", ("Ctrl", "Enter")),
        ("Ctrl+Shift+A", ("Ctrl", "Shift", "A")),
        ("N", ("N",)),
        ("/", ("/",)),
        ("G L", ("G", "L")),
        ("Ctrl++", ("Ctrl", "+")),
        ("+", ("+",)),
        ("Ctrl+-", ("Ctrl", "-")),
    ],
)
def test_a_shortcut_is_split_into_its_keys(shortcut, keys):
    assert key_names(shortcut) == keys


def test_key_caps_can_be_switched_off(qtbot):
    row = QWidget()
    qtbot.addWidget(row)
    cap = widgets.KeyCap("N", row)
    widgets.keycap_setting.turn(False)
    try:
        assert cap.isHidden()
        assert widgets.KeyCap("N").isHidden()
    finally:
        widgets.keycap_setting.turn(True)
    assert not cap.isHidden()


def test_a_badge_hides_at_zero_and_stops_at_99(qtbot):
    host = QWidget()
    qtbot.addWidget(host)
    badge = widgets.Badge(3, noun="open safety records", parent=host)
    assert badge.accessibleName() == "3 open safety records"
    badge.set_count(0)
    assert badge.isHidden()
    badge.set_count(412)
    assert not badge.isHidden()
    assert badge.accessibleName() == "412 open safety records"
    assert badge_text(412) == "99+"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("P. Nilsson", "PN"),
        ("Lucie Moreau", "LM"),
        ("Bo", "B"),
        ("", ""),
        ("Anna Maria van der Berg", "AB"),
        ("(deputy) T. Kaya", "TK"),
        ("élise Ødegård", "ÉØ"),
    ],
)
def test_initials_are_of_the_first_and_the_last_name(name, expected):
    assert initials(name) == expected


@given(st.text())
def test_initials_of_any_name_are_short(name):
    assert len(initials(name)) <= 4


@given(st.text(min_size=1))
def test_a_user_has_one_of_five_colours_and_keeps_it(user_id):
    token = avatar_token(user_id)
    assert token in theme.TOKENS["light"]
    assert avatar_token(user_id) == token


def test_nobody_is_said_and_painted_apart_from_somebody(qtbot):
    avatar = widgets.Avatar("u1", "P. Nilsson")
    qtbot.addWidget(avatar)
    avatar.resize(avatar.sizeHint())
    assert theme.color(avatar_token("u1")).name() in colours_of(avatar)
    avatar.set_user("", "")
    assert avatar.accessibleName() == "Nobody"
    assert theme.color(avatar_token("u1")).name() not in colours_of(avatar)


def test_a_button_shows_its_key_but_does_not_bind_it(qtbot):
    button = widgets.primary_button("Send to review", "Ctrl+Enter")
    qtbot.addWidget(button)
    assert button.shortcut().isEmpty()
    assert button.toolTip() == "Send to review (Ctrl+Enter)"
    assert button.accessibleDescription() == "Shortcut Ctrl+Enter"


def test_a_button_calls_what_it_was_given(qtbot):
    clicks = []
    button = widgets.secondary_button("Compare", on_click=lambda: clicks.append(1))
    qtbot.addWidget(button)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert clicks == [1, 1]


@pytest.mark.parametrize("name", theme.THEME_NAMES)
@pytest.mark.parametrize("make", [widgets.primary_button, widgets.secondary_button, widgets.safety_button])
def test_the_focus_is_seen_on_every_button(themed_app, qtbot, name, make):
    theme.apply_theme(themed_app, name)
    host = QWidget()
    qtbot.addWidget(host)
    button = make("Release")
    button.setParent(host)
    host.show()
    host.activateWindow()
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)
    button.clearFocus()
    without = button.grab().toImage()
    button.setFocus()
    assert button.grab().toImage() != without


def test_an_icon_button_names_itself(qtbot):
    button = widgets.icon_button("undo-2", "Undo", "Ctrl+Z")
    qtbot.addWidget(button)
    assert button.accessibleName() == "Undo"
    assert button.toolTip() == "Undo (Ctrl+Z)"
    assert button.sizeHint().height() >= theme.HEIGHT.smallest_target


@pytest.mark.parametrize(("size", "height"), [("header", 30), ("form", 32), ("lock", 38)])
@pytest.mark.parametrize("name", theme.THEME_NAMES)
def test_a_button_keeps_its_height_with_and_without_focus(themed_app, qtbot, name, size, height):
    theme.apply_theme(themed_app, name)
    button = widgets.secondary_button("Unlock", size=size)
    qtbot.addWidget(button)
    button.show()
    button.setFocus()
    assert button.sizeHint().height() == height
    button.clearFocus()
    assert button.sizeHint().height() == height


def test_a_label_shows_markup_as_it_was_typed(qtbot):
    label = widgets.text_label("<b>bold</b> & more")
    qtbot.addWidget(label)
    assert label.textFormat() == Qt.TextFormat.PlainText


def test_a_tone_colours_a_label(themed_app, qtbot):
    label = widgets.text_label("HHHHHHHH", tone="over", weight=700)
    qtbot.addWidget(label)
    theme.set_text_factor(2.0)
    label.resize(label.sizeHint())
    assert theme.color("over").name() in colours_of(label)
    widgets.set_tone(label, "ok")
    assert theme.color("ok").name() in colours_of(label)


def test_an_elided_label_keeps_the_whole_text_for_readers_and_tooltip(qtbot):
    label = widgets.ElidedLabel("Dosing of Cardenza in a patient\non haemodialysis")
    qtbot.addWidget(label)
    label.resize(label.sizeHint())
    label.show()
    assert not label.is_elided()
    assert label.toolTip() == ""
    label.resize(80, label.height())
    assert label.is_elided()
    assert label.toolTip() == label.text() == "Dosing of Cardenza in a patient on haemodialysis"


def test_a_card_can_be_chosen(qtbot):
    card = widgets.Card("Q1")
    qtbot.addWidget(card)
    card.resize(200, 80)
    assert theme.color("accent.soft").name() not in colours_of(card)
    card.set_kind("chosen")
    assert card.kind == "chosen"
    assert theme.color("accent.soft").name() in colours_of(card)


@pytest.fixture
def splitter(qtbot):
    made = widgets.Splitter()
    qtbot.addWidget(made)
    for _ in range(3):
        made.addWidget(QFrame())
    made.resize(1000, 300)
    made.show()
    made.set_usual_sizes([200, 500, 298])
    return made


def test_a_splitter_handle_is_one_pixel_wide_and_seven_to_grab(splitter):
    first, second = splitter.widget(0).geometry(), splitter.widget(1).geometry()
    assert second.left() - first.right() - 1 == 1
    assert splitter.grab_area(1).width() == 7
    over_the_pane = splitter.mapToGlobal(QPoint(first.right() - 2, 100))
    assert splitter.handle(1).rect().contains(splitter.handle(1).mapFromGlobal(over_the_pane))


def test_a_double_click_resets_the_widths(splitter, qtbot):
    usual = splitter.sizes()
    splitter.setSizes([400, 300, 298])
    assert splitter.sizes() != usual
    qtbot.mouseDClick(splitter.handle(1), Qt.MouseButton.LeftButton)
    assert splitter.sizes() == usual


@pytest.mark.parametrize("make", [widgets.number_field, widgets.date_field])
def test_number_and_date_fields_are_named_and_as_high_as_others(qtbot, make):
    box = make("Due")
    qtbot.addWidget(box)
    box.show()
    assert box.accessibleName() == "Due"
    assert box.sizeHint().height() == theme.HEIGHT.form_control
    assert box.lineEdit().textMargins().left() == theme.SPACE.s


def test_painters_for_delegates_leave_the_painter_as_it_was():
    image = QImage(200, 60, QImage.Format.Format_ARGB32_Premultiplied)
    with QPainter(image) as painter:
        pen, written = painter.pen(), painter.font()
        widgets.paint_chip(painter, image.rect(), "2 h", "soon", "clock")
        widgets.paint_keycap(painter, image.rect(), "Ctrl+K")
        widgets.paint_badge(painter, image.rect(), 3)
        widgets.paint_avatar(painter, image.rect(), "u1", "P. Nilsson")
        widgets.paint_avatar(painter, image.rect(), "", "")
        assert painter.pen() == pen
        assert painter.font() == written
