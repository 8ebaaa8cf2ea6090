"""Paint every widget in every theme and text size into a folder of images.

Run `python tests/ui/gallery.py FOLDER`; it is for the eyes and no test.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QTabWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.services.jobs.context import Progress
from app.ui import theme, widgets
from app.ui.errors import CrashDialog, CrashReport, MessageAction, MessageBar, environment_facts
from app.ui.widgets.chip import _LOOKS

CHIPS = {
    "neutral": ("haemodialysis", ""),
    "ok": ("Effective", "circle-check"),
    "soon": ("2 h 20 min", "clock-alert"),
    "over": ("1 h 04 min over", "circle-alert"),
    "safety": ("21 h 12 min", "shield-alert"),
    "safety_filled": ("AE-000228 hand-off: 3 h 05 min left", "shield-alert"),
    "accent": ("Not on the server yet", "circle-arrow-up"),
    "outline": ("Off-label", ""),
    "outline_over": ("Urgent", ""),
    "dashed": ("Released", "badge-check"),
    "plain": ("Mon 10:00", "clock"),
}
STEPS = ("New", "Triage", "Assigned", "In progress", "Answered", "Closed")


def line(*parts, spacing=12):
    row = QHBoxLayout()
    row.setSpacing(spacing)
    for part in parts:
        row.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
    row.addStretch(1)
    return row


def make_header():
    header = widgets.PageHeader("On call tonight", "14 inquiries")
    header.set_field(widgets.SearchField("Filter: product, number, requester, words", "/"))
    header.add_secondary("Record adverse event", lambda: None, icon="shield-plus")
    header.set_primary("New inquiry", lambda: None, shortcut="N", icon="plus")
    return header


def make_case_header():
    header = widgets.PageHeader("Dosing of Cardenza in a patient on haemodialysis", "MI-2026-004817")
    header.add_before_title(widgets.icon_button("arrow-left", "Back", "Alt+Left"))
    header.add_after_title(widgets.Chip("Off-label", "outline"))
    header.add_widget(widgets.Chip("Due in 2 h 20 min", "soon", "clock-alert"))
    header.add_widget(widgets.Chip("AE 21 h 12 min", "safety", "shield-alert"))
    header.set_primary("Send to review", lambda: None)
    return header


def make_buttons():
    disabled = widgets.primary_button("Release")
    disabled.setEnabled(False)
    return line(
        widgets.primary_button("Send to review"),
        widgets.KeyCap("Ctrl+Enter"),
        widgets.secondary_button("Review: 3 to fix first", icon="octagon-x"),
        widgets.quiet_button("Assign", icon="user"),
        widgets.link_button("Use the system keyring"),
        widgets.danger_button("Hold everywhere"),
        widgets.safety_button("Hand off by phone", icon="phone"),
        widgets.icon_button("undo-2", "Undo", "Ctrl+Z"),
        disabled,
    )


def make_inputs():
    combo = QComboBox()
    combo.addItems(["United Kingdom", "Ireland"])
    field = QLineEdit("Eleanor Whitcombe")
    empty = QLineEdit()
    empty.setPlaceholderText("Batch number")
    checked, partial, radio = QCheckBox("Letter sent"), QCheckBox("Some rows"), QRadioButton("Phone")
    checked.setChecked(True)
    partial.setTristate(True)
    partial.setCheckState(Qt.CheckState.PartiallyChecked)
    radio.setChecked(True)
    return line(
        field,
        empty,
        combo,
        widgets.number_field("Days", value=14),
        widgets.date_field("Due"),
        checked,
        QCheckBox("Off"),
        partial,
        radio,
        QRadioButton("Mail"),
    )


def make_small():
    badges = [
        widgets.Badge(n, kind)
        for n, kind in ((6, "fill"), (3, "safety"), (1, "soon"), (3, "over"), (214, "neutral"))
    ]
    people = [
        widgets.Avatar(user, name)
        for user, name in (
            ("u1", "P. Nilsson"),
            ("u2", "Lucie Moreau"),
            ("u3", "T. Kaya"),
            ("u4", "S. Okafor"),
            ("u9", "Bo"),
            ("", ""),
        )
    ]
    return line(
        *badges, *people, widgets.KeyCap("Ctrl+Shift+A"), widgets.KeyCap("G L"), widgets.KeyCap("Ctrl++")
    )


def make_segments():
    tabs = widgets.SegmentedControl(
        [("1", "Q1 Dose"), ("2", "Q2 Bleeding"), ("w", "Whole case")], name="Question"
    )
    tabs.choose("1")
    answers = [("yes", "Yes"), ("no", "No"), ("unknown", "Unknown")]
    tones = {"yes": "safety", "unknown": "soon"}
    made = [tabs]
    for choice in ("", "yes", "no", "unknown"):
        control = widgets.SegmentedControl(answers, name="Death", tones=tones)
        control.choose(choice)
        made.append(control)
    return line(*made)


def make_facts():
    facts = widgets.FactList()
    facts.add_fact("requester", "Requester", "Eleanor Whitcombe", note="Hospital pharmacist, GB")
    facts.add_fact("reply", "Reply to", "Phone now, letter by mail")
    facts.add_fact("patient", "Patient", "")
    facts.add_fact("product", "Product", "Cardenza 5 mg tablets, pack of 28, hospital supply chain")
    facts.add_fact("received", "Received", "Sun 22 Nov, 23:48", editable=False)
    facts.row("patient").start_editing()
    return facts


def make_cards():
    row = QHBoxLayout()
    for kind, title in (
        ("plain", "Four criteria"),
        ("chosen", "Q1"),
        ("sunken", "Cannot be inserted"),
        ("safety", "AE-000231 Nosebleed, packed"),
    ):
        card = widgets.Card(title, kind)
        card.add_to_head(widgets.Chip("3 of 4", "soon", "circle-dashed"))
        card.body.addWidget(
            widgets.text_label("Is Cardenza an option in haemodialysis, and at what dose?", wraps=True)
        )
        card.body.addWidget(widgets.text_label("SRD-0412 v3.1", role="secondary", tone="text.3"))
        row.addWidget(card)
    return row


def make_bars(parent):
    bars = []
    for kind, text, action in (
        ("info", "No network. Your letter is saved here and goes out when the server is back.", "Work on"),
        (
            "soon",
            "T. Kaya took this inquiry at 23:05 while you were offline. Your notes are kept beside hers.",
            "Compare",
        ),
        ("over", "The disk is full. Your last 3 sentences are held in memory.", "Save a copy"),
    ):
        bar = MessageBar(parent)
        bar.show_message(
            text,
            kind=kind,
            action=MessageAction(action, lambda: None),
            details=["One field is not filled."] if kind == "over" else (),
        )
        bars.append(bar)
    return bars


def make_progress():
    progress = widgets.InlineProgress()
    progress.start("Import of call-log.csv", at_once=True)
    progress.set_progress(Progress(1_480, 3_050))
    return progress


def make_tables():
    tree = QTreeWidget()
    tree.setHeaderLabels(["Question", "Due"])
    for number in range(30):
        tree.addTopLevelItem(QTreeWidgetItem([f"Row {number}", "Mon 10:00"]))
    tree.setCurrentItem(tree.topLevelItem(2))
    tree.setFixedHeight(theme.scaled(130))
    tabs = QTabWidget()
    for name in ("Facts", "People", "Timeline"):
        tabs.addTab(QPlainTextEdit("Notes while on a call"), name)
    tabs.setFixedHeight(theme.scaled(130))
    row = QHBoxLayout()
    row.addWidget(tree)
    row.addWidget(tabs)
    return row


def make_sheet():
    sheet = QFrame()
    sheet.setProperty("surface", "surface")
    column = QVBoxLayout(sheet)
    column.setContentsMargins(0, 0, 0, 20)
    column.setSpacing(14)
    column.addWidget(make_header())
    column.addWidget(make_case_header())
    inner = QVBoxLayout()
    inner.setContentsMargins(20, 0, 20, 0)
    inner.setSpacing(14)
    inner.addWidget(widgets.StepBar(STEPS, 3))
    inner.addLayout(make_buttons())
    inner.addLayout(
        line(*[widgets.Chip(text, kind, icon) for kind, (text, icon) in CHIPS.items()], spacing=8)
    )
    inner.addLayout(make_small())
    inner.addLayout(make_segments())
    inner.addLayout(make_inputs())
    inner.addWidget(widgets.section_head("Questions", count=2, shortcut="Alt+1"))
    inner.addLayout(make_cards())
    pair = QHBoxLayout()
    pair.addWidget(make_facts(), 2)
    pair.addWidget(make_progress(), 3)
    inner.addLayout(pair)
    inner.addLayout(make_tables())
    column.addLayout(inner)
    for bar in make_bars(sheet):
        column.addWidget(bar)
    column.addStretch(1)
    return sheet


def make_empty():
    empty = widgets.EmptyState(
        "moon-star",
        "Nothing is waiting for you",
        "All 9 inquiries of this shift are answered or handed over. The queue was last compared with the "
        "server at 21:40; new ones appear here when you are back online.",
    )
    empty.add_step(
        "Take a call", lambda: None, reason="Notes are saved as you type", icon="phone", shortcut="N"
    )
    empty.add_step(
        "Import inquiries",
        lambda: None,
        reason="Drop .eml, .msg, CSV, XLSX or JSON anywhere in this window",
        icon="file-input",
        shortcut="Ctrl+O",
    )
    toast_host = QWidget()
    QVBoxLayout(toast_host).addWidget(empty)
    toast = widgets.Toast(toast_host)
    toast_host.resize(theme.scaled(900), theme.scaled(560))
    toast_host.show()
    toast.show_message("MI-2026-004817 was assigned to L. Moreau.", on_undo=lambda: None)
    toast._slide.setCurrentTime(1000)
    return toast_host


def save(widget, path):
    widget.show()
    QApplication.processEvents()
    widget.grab().save(str(path))
    widget.close()


def main(folder):
    app = QApplication.instance() or QApplication([])
    folder.mkdir(parents=True, exist_ok=True)
    assert set(CHIPS) == set(_LOOKS)
    for name in theme.THEME_NAMES:
        for factor in (1.0, 2.0):
            theme.apply_theme(app, name)
            theme.set_text_factor(factor)
            sheet = make_sheet()
            sheet.resize(int(1440 * (1 if factor == 1 else 1.6)), 100)
            save(sheet, folder / f"{name}-{factor:.0%}.png")
            save(make_empty(), folder / f"{name}-{factor:.0%}-empty.png")
            report = CrashReport(
                "ValueError",
                "\n".join([*environment_facts(), "", "builtins.ValueError", "  app/ui/x.py:12 in y"]),
            )
            save(CrashDialog(report, close_data=lambda: True), folder / f"{name}-{factor:.0%}-crash.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
