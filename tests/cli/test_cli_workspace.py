"""Make, open, back up, restore and re-key a workspace by words, and each exit code on the way."""

import contextlib
import json
import os
import shutil
import subprocess
import sys

import pytest

from app.services.workspace import vault as vaults
from app.services.workspace.engine import open_door, write_engine
from tests.architecture.code import ROOT
from tests.cli.driving import PASSPHRASE, question, write

WRONG = "not this one at all"


def alter(cli, *statements):
    """What a holder of the key could do with a tool of their own: triggers gone, any SQL."""
    key = vaults.open_with_passphrase(cli.workspace, PASSPHRASE).database_key
    engine = write_engine(cli.workspace / "workspace.db", key.reveal())
    with engine.connect() as connection, open_door(connection, "attack"), connection.begin():
        query = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"
        triggers = connection.exec_driver_sql(query).all()
        for name, _sql in triggers:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.exec_driver_sql(statement)
        for _name, sql in triggers:
            connection.exec_driver_sql(sql)
    engine.dispose()


HOLDER = """
import sys
from pathlib import Path
from app.services.workspace import vault
from app.services.workspace.workspace import open_workspace
workspace = open_workspace(vault.open_with_passphrase(Path(sys.argv[1]), sys.argv[2]))
print("open", flush=True)
sys.stdin.read()
workspace.close()
"""


@contextlib.contextmanager
def held_open(cli):
    """Another process that has the workspace open, as a window would."""
    command = [sys.executable, "-c", HOLDER, str(cli.workspace), PASSPHRASE]
    with subprocess.Popen(
        command, cwd=ROOT, env=cli.environment(None), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout.readline() == "open\n"
        yield
        holder.stdin.close()
        assert holder.wait(60) == 0


def test_a_process_of_its_own_makes_and_opens_a_workspace(start, tmp_path):
    """Real starts: exit codes, streams and the environment are those of the process itself."""
    cli = start.on(tmp_path / "w")
    words = ("init", "--name", "Priya Nilsson", "--json", "--recovery-out", tmp_path / "key.txt")
    made = cli.fresh(*words, "-w", cli.workspace)
    assert (made.code, set(made.document)) == (0, {"workspace", "device", "user"})
    listed = cli.fresh("inquiry", "list", "-w", cli.workspace, "--json")
    assert (listed.code, listed.document, listed.err) == (0, [], "")
    assert cli.fresh("audit", "verify", "-w", cli.workspace).code == 0
    assert cli.fresh("inquiry", "list", "-w", cli.workspace, passphrase=WRONG).code == 4


def test_init_hands_the_recovery_key_over_in_a_private_file(start, tmp_path):
    made = start.on(tmp_path / "w")("init", "--name", "P", "--recovery-out", tmp_path / "key.txt")
    key = (tmp_path / "key.txt").read_text("ascii").strip()
    assert made.code == 0
    assert (tmp_path / "key.txt").stat().st_mode & 0o777 == 0o600
    assert key not in made.out + made.err
    assert vaults.open_with_recovery_key(tmp_path / "w", key)


def test_init_shows_the_recovery_key_once_on_stderr_alone(start, tmp_path):
    made = start.on(tmp_path / "w")("init", "--name", "P", "--json")
    shown = [line.strip() for line in made.err.splitlines() if line.startswith("    ")]
    assert len(shown) == 1
    assert shown[0] not in made.out
    assert vaults.open_with_recovery_key(tmp_path / "w", shown[0])


def test_init_leaves_a_workspace_that_is_there_as_it_is(small):
    before = small.contents()
    refused = small("init", "--name", "Somebody else", "--json")
    assert refused.code != 0
    assert refused.out == ""
    assert small.contents() == before


def test_init_never_writes_over_a_file_with_the_key(start, tmp_path):
    there = tmp_path / "letter.txt"
    there.write_text("keep me", "utf-8")
    made = start.on(tmp_path / "w")("init", "--name", "P", "--recovery-out", there)
    assert made.code == 5
    assert there.read_text("utf-8") == "keep me"
    if (tmp_path / "w" / "workspace.db").exists():
        shown = [line.strip() for line in made.err.splitlines() if line.startswith("    ")]
        assert vaults.open_with_recovery_key(tmp_path / "w", shown[0])


@pytest.mark.parametrize("passphrase", ["", "short", "a" * 7])
def test_init_refuses_a_weak_passphrase_and_makes_nothing(start, tmp_path, passphrase):
    refused = start.on(tmp_path / "w")("init", "--name", "P", passphrase=passphrase)
    assert refused.code in (1, 3, 4)
    assert not (tmp_path / "w" / "workspace.db").exists()


def test_without_a_passphrase_and_a_terminal_it_says_so(small):
    refused = small("inquiry", "list", passphrase=None)
    assert refused.code == 4
    assert "MIDESK_PASSPHRASE" in refused.err


def test_a_wrong_passphrase_changes_nothing(small):
    before = small.contents()
    refused = small("inquiry", "list", "--json", passphrase=WRONG)
    assert (refused.code, refused.out) == (4, "")
    assert WRONG not in refused.err
    assert small.contents() == before
    again = small("inquiry", "list", passphrase=PASSPHRASE)
    assert again.code == 4
    assert "Next try in" in again.err


def spoil_page(cli):
    content = bytearray((cli.workspace / "workspace.db").read_bytes())
    content[100] ^= 1
    (cli.workspace / "workspace.db").write_bytes(content)


def spoil_slots(cli):
    (cli.workspace / "keyslots.json").write_text('{"format": 1, "slots": [', "utf-8")


FAULTS = {
    "wrong key": (lambda cli: None, WRONG),
    "damaged slots": (spoil_slots, PASSPHRASE),
    "damaged page": (spoil_page, PASSPHRASE),
    "newer program": (lambda cli: alter(cli, "PRAGMA user_version = 99"), PASSPHRASE),
}


def test_four_faults_have_four_messages_and_change_nothing(start, empty, tmp_path):
    messages = {}
    for name, (spoil, passphrase) in FAULTS.items():
        cli = start.on(empty).copy(tmp_path / name)
        spoil(cli)
        before = cli.contents()
        refused = cli("audit", "verify", "--json", passphrase=passphrase)
        assert (refused.code, refused.out) == (4, ""), name
        assert cli.contents() == before, name
        messages[name] = refused.err
    assert len(set(messages.values())) == len(FAULTS)
    assert "newer" in messages["newer program"]
    assert "delete" not in " ".join(messages.values()).replace("nothing was deleted", "")


def test_a_folder_without_a_workspace_is_said_to_be_one(start, tmp_path):
    refused = start.on(tmp_path / "none")("inquiry", "list")
    assert refused.code == 4
    assert not (tmp_path / "none").exists()


USAGE = [
    ["bogus"],
    ["inquiry"],
    ["inquiry", "list", "--limit", "many"],
    ["inquiry", "show"],
    ["audit", "export"],
    ["backup"],
    ["--bogus"],
]


@pytest.mark.parametrize("words", USAGE, ids=" ".join)
def test_wrong_usage_is_two_and_opens_nothing(start, tmp_path, words):
    refused = start.bare(*words, "-w", tmp_path / "none")
    assert (refused.code, refused.out) == (2, "")
    assert "usage" in refused.err


def test_options_may_stand_before_the_verb(sample):
    before = sample.bare("--json", "-w", sample.workspace, "inquiry", "list", "--limit", "2")
    after = sample.bare("inquiry", "list", "--limit", "2", "--json", "-w", sample.workspace)
    assert before.code == 0, before.err
    assert before.document == after.document


READING = [
    ["inquiry", "list"],
    ["srd", "list"],
    ["srd", "show", "SRD-ATO-001"],
    ["audit", "verify"],
]


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_json_is_one_document_and_nothing_else(sample, words):
    done = sample(*words, "--json")
    assert done.code == 0
    assert json.loads(done.out) == done.document
    assert done.err == ""


def test_the_trail_is_verified_here_and_as_a_file(sample, tmp_path):
    report = sample.json("audit", "verify")
    assert (report["ok"], report["first_bad"], report["head_signed_at"]) == (True, None, None)
    exported = sample.json("audit", "export", "--to", tmp_path / "trail.jsonl")
    assert exported["events"] >= report["events"]
    from_file = sample.json("audit", "verify", tmp_path / "trail.jsonl")
    assert (from_file["ok"], from_file["events"]) == (True, exported["events"])
    for_people = sample("audit", "verify")
    assert "The trail is whole" in for_people.out
    assert "A whole chain rewritten by the holder of the key" in for_people.out


def test_a_tampered_trail_is_answered_with_no(small, tmp_path):
    alter(small, "UPDATE journal SET actor = 'somebody else' WHERE n = 2")
    done = small("audit", "verify", "--json")
    assert (done.code, done.document["ok"], done.document["first_bad"]) == (1, False, 2)
    for_people = small("audit", "verify")
    assert for_people.code == 1
    assert "NOT whole" in for_people.out
    assert small("audit", "export", "--to", tmp_path / "bad.jsonl").code == 0
    assert small("audit", "verify", tmp_path / "bad.jsonl").code == 1


def test_a_missing_protection_is_answered_with_no(small):
    alter(small, "CREATE TABLE keep_me (a)", "DROP TABLE keep_me", "DROP INDEX ix_journal_at")
    done = small("audit", "verify", "--json")
    assert (done.code, done.document["missing_triggers"]) == (1, ["ix_journal_at"])


def test_a_file_that_is_no_trail_is_refused(small, tmp_path):
    for content in (b"[" * 200_000, b"\xff", b"{}", b""):
        refused = small("audit", "verify", write(tmp_path / "other.json", content), "--json")
        assert (refused.code, refused.out) == (3, "")


def test_a_backup_restores_into_another_folder(sample, tmp_path):
    made = sample.json("backup", tmp_path / "b.midesk-backup")
    assert made["bytes"] == (tmp_path / "b.midesk-backup").stat().st_size
    again = sample("backup", tmp_path / "b.midesk-backup")
    assert again.code in (1, 5)
    other = sample.on(tmp_path / "restored")
    restored = other.json("restore", tmp_path / "b.midesk-backup")
    assert set(restored) == {"workspace", "device"}
    assert other.json("audit", "verify")["ok"]
    assert other.json("srd", "list") == sample.json("srd", "list")


def test_a_restore_that_cannot_be_leaves_nothing(sample, tmp_path):
    sample.json("backup", tmp_path / "b")
    (tmp_path / "cut").write_bytes((tmp_path / "b").read_bytes()[:-100])
    other = sample.on(tmp_path / "restored")
    cases = [("b", WRONG, 4), ("cut", PASSPHRASE, 4), ("none", PASSPHRASE, 5)]
    for name, passphrase, code in cases:
        refused = other("restore", tmp_path / name, passphrase=passphrase)
        assert refused.code == code, (name, refused.err)
        assert not (tmp_path / "restored" / "workspace.db").exists()
    write(tmp_path / "foreign", b"PK\x03\x04" * 100)
    assert other("restore", tmp_path / "foreign").code == 3


@pytest.mark.parametrize("verb", [["backup"], ["audit", "export", "--to"]], ids=" ".join)
def test_a_place_that_cannot_be_written_is_of_the_environment(small, tmp_path, verb):
    refused = small(*verb, tmp_path / "none" / "file", "--json")
    assert (refused.code, refused.out) == (5, "")


def test_it_works_beside_an_open_window(small, tmp_path):
    path = write(tmp_path / "q.json", question("BESIDE-1"))
    with held_open(small):
        number = small.json("inquiry", "add", "--from", path)["number"]
        assert small.json("inquiry", "show", number)["state"] == "new"
        small.json("backup", tmp_path / "b")
    assert small.json("audit", "verify")["ok"]


def test_what_needs_the_workspace_alone_waits_for_the_window(small, tmp_path):
    small.json("backup", tmp_path / "b")
    with held_open(small):
        before = small.contents()
        refused = small("rekey", "--recovery-out", tmp_path / "key.txt")
        assert refused.code == 5
        assert "Close the window" in refused.err
        # Closing the window would not help: a restore never takes the place of a workspace.
        restored = small("restore", tmp_path / "b")
        assert restored.code == 1
        assert "Choose an empty folder" in restored.err
        assert small.contents() == before
        assert not (tmp_path / "key.txt").exists()
    assert small("rekey", "--recovery-out", tmp_path / "key.txt").code == 0
    assert small.json("audit", "verify")["ok"]


def test_after_a_rekey_the_old_recovery_key_opens_nothing(start, tmp_path):
    cli = start.on(tmp_path / "w")
    cli.json("init", "--name", "P", "--recovery-out", tmp_path / "old.txt")
    cli.json("rekey", "--recovery-out", tmp_path / "new.txt")
    old, new = ((tmp_path / name).read_text("ascii").strip() for name in ("old.txt", "new.txt"))
    assert vaults.open_with_recovery_key(cli.workspace, new)
    with pytest.raises(Exception, match="recovery key"):
        vaults.open_with_recovery_key(cli.workspace, old)


def test_the_passphrase_is_gone_from_the_environment_once_read(sample):
    command = {"words": ["audit", "verify", "-w", str(sample.workspace)], "passphrase": PASSPHRASE}
    sample.worker.stdin.write(json.dumps(command) + "\n")
    sample.worker.stdin.flush()
    assert json.loads(sample.worker.stdout.readline())["taken"] is True


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser writes anywhere: rights were not tried")
def test_a_folder_without_rights_is_of_the_environment(small, tmp_path):
    shutil.copytree(small.workspace, tmp_path / "closed")
    (tmp_path / "closed").chmod(0o500)
    assert small.on(tmp_path / "closed")("inquiry", "list").code == 5
