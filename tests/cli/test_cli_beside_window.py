"""Every verb on inquiries and documents beside a real window on the same workspace, which shows what they did."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView

from app import bootstrap
from app.desktop.workbench import Workbench
from app.ui import theme
from app.ui.jobs import JobRunner
from tests.cli.driving import PASSPHRASE, question, write
from tests.cli.test_cli_inquiry import NO_SAFETY, TICKS
from tests.cli.test_cli_library import srd

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
TRIAGE = [
    *NO_SAFETY,
    "--set",
    "assessment=on_label",
    "--set",
    "contact=same",
    "--set",
    "duplicate=new",
    "--set",
    "no_product=yes",
]
APPROVAL = ["--approved-by", "S. Okonjo", "--approved-on", "2026-11-01"]


@pytest.fixture
def bench(tmp_path, qapp, qtbot):
    theme.apply_theme(qapp, "light")
    made = bootstrap.make_workspace(tmp_path / "w", "Priya Nilsson", "MPharm", PASSPHRASE, sample=False)
    runner = JobRunner()
    bench = Workbench(made.workspace, runner, choose_file=lambda *_: "", on_full_lock=lambda: None)
    bench.show()
    qtbot.waitUntil(lambda: not runner.is_busy, timeout=60_000)
    yield bench
    qtbot.waitUntil(lambda: not runner.is_busy, timeout=60_000)
    runner.close()
    bench.close()


@pytest.fixture
def cli(bench, start, tmp_path):
    return start.on(tmp_path / "w")


def shown(window, page_id):
    """Everything that the lists of a page show, as a screen reader would say it."""
    if window.stack.current_id != page_id:
        window.go(page_id, "")
    page = window.current_page()
    roles = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
    models = [view.model() for view in page.findChildren(QAbstractItemView) if view.model() is not None]
    return "\n".join(
        str(model.index(row, 0).data(role) or "")
        for model in models
        for row in range(model.rowCount())
        for role in roles
    )


def is_listed(window, *numbers):
    """Whether the inbox shows all of these; it leaves out what every number begins with."""
    said = shown(window, "inbox")
    return all(f"{number.removeprefix('MI-')}," in said for number in numbers)


def test_an_inquiry_lives_its_whole_life_beside_the_window(bench, cli, qtbot, tmp_path):
    window = bench.window
    window.go("inbox", "")
    window.current_page().listing.browse("all_open")
    added = cli.json("inquiry", "add", "--from", write(tmp_path / "q.json", question("BESIDE-1")))
    number = added["number"]
    done = cli.json("inquiry", "import", write(tmp_path / "two.jsonl", [question("B-2"), question("B-3")]))
    others = [each["number"] for each in done["added"]]
    qtbot.waitUntil(lambda: is_listed(window, number, *others), timeout=60_000)

    listed = {row["number"] for row in cli.json("inquiry", "list", "--view", "all_open", "--limit", 10)}
    assert listed == {number, *others}
    assert cli.json("inquiry", "triage", number, *TRIAGE)["state"] == "triage"
    assert cli.json("inquiry", "assign", number)["state"] == "assigned"
    assert cli.json("inquiry", "start", number)["state"] == "in_progress"
    assert cli.json("inquiry", "answer", number, "--verbal", "Yes, 10 mg at most.")["state"] == "answered"
    assert cli.json("inquiry", "close", number, *TICKS)["state"] == "closed"
    assert cli.json("inquiry", "show", number)["state"] == "closed"
    qtbot.waitUntil(lambda: not is_listed(window, number), timeout=60_000)
    assert is_listed(window, *others)
    assert cli.json("audit", "verify")["ok"]


def test_a_document_lives_its_life_beside_the_window(bench, cli, qtbot, tmp_path):
    window = bench.window
    path = write(tmp_path / "srd.json", srd("SRD-BESIDE-1", version="1.0"))
    assert cli.json("srd", "import", path)["imported"][0]["state"] == "draft"
    assert cli.json("srd", "publish", "SRD-BESIDE-1@1.0", *APPROVAL)["state"] == "effective"
    qtbot.waitUntil(lambda: "SRD-BESIDE-1" in shown(window, "library"), timeout=60_000)
    assert [row["code"] for row in cli.json("srd", "list")] == ["SRD-BESIDE-1"]
    assert cli.json("srd", "show", "SRD-BESIDE-1")["sections"][0]["heading"] == "Summary"
    ranked = cli.json("srd", "suggest", "Does grapefruit raise the level?")
    assert [hit["id"] for hit in ranked["hits"]] == ["SRD-BESIDE-1"]
    held = cli.json("srd", "hold", "SRD-BESIDE-1", "--reason", "a label change is due")
    assert held["state"] == "on_hold"
    qtbot.waitUntil(lambda: "on hold" in shown(window, "library").lower(), timeout=60_000)
    assert cli.json("audit", "verify")["ok"]


VERBS = {
    "inquiry add": ("--from", "{file}"),
    "inquiry import": ("{file}",),
    "inquiry list": (),
    "inquiry show": ("MI-1",),
    "inquiry triage": ("MI-1", "--set", "assessment=on_label"),
    "inquiry assign": ("MI-1",),
    "inquiry start": ("MI-1",),
    "inquiry answer": ("MI-1", "--verbal", "Yes."),
    "inquiry close": ("MI-1",),
    "srd import": ("{file}",),
    "srd list": (),
    "srd show": ("SRD-1",),
    "srd publish": ("SRD-1",),
    "srd hold": ("SRD-1", "--reason", "none"),
    "srd suggest": ("a question",),
}


@pytest.fixture
def words(tmp_path):
    path = write(tmp_path / "file.json", b"{ cut off")
    return lambda verb: [*verb.split(), *(each.format(file=path) for each in VERBS[verb]), "--json"]


@pytest.mark.parametrize("verb", VERBS)
def test_a_wrong_passphrase_opens_nothing(small, words, verb):
    refused = small(*words(verb), passphrase="not the one")
    assert (refused.code, refused.out) == (4, ""), refused.err


@pytest.mark.parametrize("verb", VERBS)
def test_an_option_that_is_none_is_wrong_usage(small, words, verb):
    refused = small(*words(verb), "--no-such-option")
    assert (refused.code, refused.out) == (2, ""), refused.err


@pytest.mark.parametrize("verb", [verb for verb in VERBS if any("1" in word for word in VERBS[verb])])
def test_a_record_that_is_not_there_is_wrong_usage(small, words, verb):
    before = small.json("audit", "verify")["events"]
    refused = small(*words(verb))
    assert (refused.code, refused.out) == (2, ""), refused.err
    # Each of the two verbs notes that the workspace was opened.
    assert small.json("audit", "verify")["events"] == before + 2


@pytest.mark.parametrize("verb", ["inquiry add", "inquiry import", "srd import"])
def test_a_file_that_is_none_is_refused_by_name(small, words, verb):
    refused = small(*words(verb))
    assert refused.code == 3, refused.err
    assert "file.json" in refused.err
    assert small.json("inquiry", "list") == []
    assert small.json("srd", "list") == []
