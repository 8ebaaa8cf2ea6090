"""What is asked on a terminal: passphrases and recovery keys, typed on a real one and never shown."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from app.errors import WrongKeyError
from app.services.audit import queries as audit
from app.services.workspace import vault as vaults
from app.services.workspace.keys import ARGON2_FLOOR, KdfPolicy
from app.services.workspace.keyslots import SlotKind
from app.services.workspace.vault import VaultPorts
from app.services.workspace.workspace import NewUser, create, open_workspace
from tests.architecture.code import ROOT
from tests.cli.driving import PASSPHRASE, Cli

pytest.importorskip("pty", reason="this system has no pseudo-terminals: the prompts were not tried")

NEW = "nine loud otters at dawn"
WRONG = "not this one at all"
NOW_PROMPT, NEW_PROMPT, AGAIN_PROMPT = "Passphrase now: ", "New passphrase: ", "Once more: "


@dataclass
class Seen:
    """How a verb on a terminal ended, what the screen showed, and what went to stdout."""

    code: int
    screen: str
    out: str
    not_asked: list


@dataclass
class Terminal:
    """A person at a terminal with one workspace."""

    cli: Cli
    folder: Path
    recovery_key: str
    driver: subprocess.Popen

    def __call__(self, *words: object, answers=(), passphrase=None, keyring=None) -> Seen:
        call = {
            "words": [*map(str, words), "-w", str(self.cli.workspace)],
            "answers": list(answers),
            "environment": self.cli.environment(passphrase),
            "out": str(self.folder / "stdout"),
            "keyring": str(keyring) if keyring else None,
        }
        self.driver.stdin.write(json.dumps(call) + "\n")
        self.driver.stdin.flush()
        ended = json.loads(self.driver.stdout.readline())
        seen = Seen(out=(self.folder / "stdout").read_text("utf-8"), **ended)
        assert "Traceback" not in seen.screen, seen.screen
        for _prompt, answer in answers:
            assert answer not in seen.screen + seen.out
        return seen

    def opens(self, passphrase: str, kind: SlotKind = SlotKind.PASSPHRASE) -> bool:
        """Try the slots themselves, so that no delay of a wrong try stands in the way."""
        slots = (self.cli.workspace / "keyslots.json").read_bytes()
        try:
            vaults.unlock_copy(slots, kind, passphrase)
        except WrongKeyError:
            return False
        return True

    def acts(self) -> list[str]:
        """The acts in the trail, without the unlocks."""
        workspace = open_workspace(vaults.open_with_recovery_key(self.cli.workspace, self.recovery_key))
        try:
            rows = workspace.database.read(lambda session: list(audit.exported_rows(session)))
        finally:
            workspace.close()
        acts = [row["values"]["event"]["new"] for row in rows if row["op"] == "event"]
        return [act for act in acts if act != "unlock"]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("terminal")
    ports = VaultPorts(policy=KdfPolicy(cost=ARGON2_FLOOR))
    workspace, recovery_key = create(folder / "w", PASSPHRASE, NewUser("Priya Nilsson"), ports=ports)
    workspace.close()
    return folder / "w", recovery_key


@pytest.fixture(scope="module")
def driver():
    command = [sys.executable, "-m", "tests.cli.terminal"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as started:
        yield started
        started.stdin.close()


@pytest.fixture
def terminal(made, driver, start, tmp_path) -> Terminal:
    source, recovery_key = made
    shutil.copytree(source, tmp_path / "w")
    return Terminal(start.on(tmp_path / "w"), tmp_path, recovery_key, driver)


def test_the_passphrase_is_changed_and_the_trail_says_so(terminal):
    answers = [(NOW_PROMPT, PASSPHRASE), (NEW_PROMPT, NEW), (AGAIN_PROMPT, NEW)]
    # One in the environment opens nothing here: who sits at the terminal is asked.
    seen = terminal("passphrase", answers=answers, passphrase=PASSPHRASE)
    assert (seen.code, seen.not_asked) == (0, [])
    assert "The passphrase is changed" in seen.out
    assert (terminal.opens(NEW), terminal.opens(PASSPHRASE)) == (True, False)
    assert terminal.acts()[-1] == "passphrase_changed"


@pytest.mark.parametrize(
    ("answers", "code", "says"),
    [
        ([(NOW_PROMPT, WRONG)], 4, "does not open"),
        (
            [(NOW_PROMPT, PASSPHRASE), (NEW_PROMPT, NEW), (AGAIN_PROMPT, WRONG)],
            1,
            "The two passphrases differ",
        ),
        ([(NOW_PROMPT, PASSPHRASE), (NEW_PROMPT, "short"), (AGAIN_PROMPT, "short")], 1, "needs at least"),
    ],
    ids=["wrong", "differ", "short"],
)
def test_a_passphrase_that_cannot_be_changed_stays(terminal, answers, code, says):
    before = terminal.cli.contents()["keyslots.json"]
    seen = terminal("passphrase", "--json", answers=answers)
    assert (seen.code, seen.out, seen.not_asked) == (code, "", [])
    assert says in seen.screen
    assert terminal.cli.contents()["keyslots.json"] == before


def test_the_recovery_key_sets_a_new_passphrase(terminal):
    answers = [("Recovery key: ", terminal.recovery_key.lower()), (NEW_PROMPT, NEW), (AGAIN_PROMPT, NEW)]
    seen = terminal("recover", "--json", answers=answers)
    assert (seen.code, set(json.loads(seen.out))) == (0, {"workspace"})
    assert (terminal.opens(NEW), terminal.opens(PASSPHRASE)) == (True, False)
    assert terminal.acts()[-1] == "passphrase_recovered"


def test_a_backup_restores_with_the_recovery_key(terminal):
    backup = terminal.folder / "b"
    assert terminal.cli("backup", backup).code == 0
    other = replace(terminal, cli=terminal.cli.on(terminal.folder / "restored"))
    seen = other("restore", backup, "--recovery", answers=[("Recovery key: ", terminal.recovery_key)])
    assert (seen.code, seen.not_asked) == (0, [])
    assert other.acts()[-1] == "restored_from_backup"


def test_a_rekey_asks_and_shows_the_new_recovery_key_once(terminal):
    seen = terminal("rekey", answers=[("Passphrase: ", PASSPHRASE)])
    shown = [line.strip() for line in seen.screen.splitlines() if line.startswith("    ")]
    assert (seen.code, len(shown)) == (0, 1)
    assert not terminal.opens(terminal.recovery_key, SlotKind.RECOVERY)
    terminal.recovery_key = shown[0]
    assert terminal.acts()[-1] == "rekeyed"


@pytest.mark.parametrize("there", ["file", "link", "folder"])
def test_a_rekey_is_refused_before_it_begins_if_its_file_is_there(terminal, there):
    target = terminal.folder / "key.txt"
    make = {"file": lambda: target.write_text("keep me"), "folder": target.mkdir}
    make.get(there, lambda: target.symlink_to("nowhere"))()
    before = terminal.cli.contents()
    refused = terminal.cli("rekey", "--recovery-out", target)
    assert refused.code == 5
    assert "Name a new file" in refused.err
    assert terminal.cli.contents() == before


def test_a_verb_asks_for_the_passphrase_where_nothing_else_opens(terminal):
    seen = terminal("inquiry", "list", "--json", answers=[("Passphrase: ", PASSPHRASE)])
    assert (seen.code, json.loads(seen.out)) == (0, [])


def test_the_system_keyring_is_switched_on_and_off(terminal):
    store = terminal.folder / "keyring.json"
    asked = [(NOW_PROMPT, PASSPHRASE)]
    on = terminal("passphrase", "--keyring", "on", "--json", answers=asked, keyring=store)
    assert (on.code, json.loads(on.out)["keyring"]) == (0, "on")
    assert len(json.loads(store.read_text())) == 1
    by_itself = terminal("inquiry", "list", "--json", keyring=store)
    assert (by_itself.code, by_itself.out) == (0, "[]\n")
    off = terminal("passphrase", "--keyring", "off", "--json", answers=asked, keyring=store)
    assert (off.code, json.loads(off.out)["keyring"]) == (0, "off")
    assert json.loads(store.read_text()) == {}
    assert terminal.acts()[-2:] == ["keyring_switched_on", "keyring_switched_off"]
    assert terminal.opens(PASSPHRASE)


def test_the_keyring_itself_cannot_switch_the_keyring(terminal):
    store = terminal.folder / "keyring.json"
    seen = terminal("passphrase", "--keyring", "on", answers=[(NOW_PROMPT, WRONG)], keyring=store)
    assert seen.code == 4
    assert not store.exists()


def test_a_system_without_a_safe_keyring_answers_no(terminal):
    seen = terminal("passphrase", "--keyring", "on", "--json", answers=[(NOW_PROMPT, PASSPHRASE)])
    assert (seen.code, seen.out) == (1, "")
    assert "no keyring that keeps secrets safely" in seen.screen


def test_a_script_hands_the_passphrase_over_by_a_descriptor(terminal):
    read, write = os.pipe()
    os.write(write, f"{PASSPHRASE}\n".encode())
    os.close(write)
    words = ("passphrase", "--keyring", "off", "--json", "--passphrase-fd", read)
    command = [sys.executable, "-m", "app", *map(str, words), "-w", str(terminal.cli.workspace)]
    ran = subprocess.run(
        command,
        cwd=ROOT,
        env=terminal.cli.environment(None),
        pass_fds=[read],
        capture_output=True,
        check=False,
    )
    os.close(read)
    assert (ran.returncode, json.loads(ran.stdout)["keyring"]) == (0, "off"), ran.stderr


@pytest.mark.parametrize("descriptor", ["99", "-1"])
def test_a_descriptor_that_is_not_open_is_of_the_environment(terminal, descriptor):
    refused = terminal.cli("passphrase", "--keyring", "off", "--passphrase-fd", descriptor)
    assert refused.code == 5
    assert "Nothing was changed" in refused.err
