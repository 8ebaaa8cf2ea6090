"""F18: the process is killed at every system call of a change of passphrase."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.errors import WrongKeyError
from app.services.workspace import vault
from tests.services.workspace.vault_fakes import NEW_PASSPHRASE, PASSPHRASE, FakeClock, quick_ports

ROOT = Path(__file__).parents[3]
FILES = ("keyslots.json", "keyslots.json.previous", "keyslots.json.next", ".")
CHANGE = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from app.services.workspace import vault
from tests.services.workspace.vault_fakes import NEW_PASSPHRASE, PASSPHRASE, quick_ports
opened = vault.open_with_passphrase(Path(sys.argv[2]), PASSPHRASE, quick_ports())
opened.change_passphrase(PASSPHRASE, NEW_PASSPHRASE)
vault.open_with_passphrase(Path(sys.argv[2]), NEW_PASSPHRASE, quick_ports())
"""
STRACE = shutil.which("strace")


def change_killed_at(name: str, call: int, folder: Path) -> bool:
    """Change the passphrase in a child; say whether the kill struck."""
    paths = [part for file in FILES for part in ("-P", str(folder / file))]
    inject = f"inject={name}:signal=SIGKILL:when={call}"
    command = [STRACE, "-f", "-qq", "-o", "/dev/null", *paths, "-e", f"trace={name}", "-e", inject]
    child = subprocess.run(
        [*command, sys.executable, "-c", CHANGE, str(ROOT), str(folder)], capture_output=True, check=False
    )
    if child.returncode == 0:
        return False
    assert child.returncode in (-9, 137), child.stderr.decode()
    return True


def opens_with(folder, passphrase):
    copy = folder.with_name(f"{folder.name}-copy")
    shutil.copytree(folder, copy)
    try:
        return vault.open_with_passphrase(copy, passphrase, quick_ports(clock=FakeClock())).keys
    except WrongKeyError:
        return None
    finally:
        shutil.rmtree(copy)


@pytest.mark.skipif(STRACE is None, reason="strace is not installed")
@pytest.mark.parametrize(("name", "at_least"), [("write", 2), ("fsync", 4), ("rename", 2), ("unlink", 1)])
def test_a_kill_at_any_system_call_leaves_a_way_in(tmp_path, name, at_least):
    struck = 0
    for call in range(1, 40):
        folder = tmp_path / str(call)
        made, text = vault.create(folder, PASSPHRASE, quick_ports())
        was_killed = change_killed_at(name, call, folder)
        found = (opens_with(folder, PASSPHRASE), opens_with(folder, NEW_PASSPHRASE))
        assert found in ((made.keys, None), (None, made.keys))
        assert vault.open_with_recovery_key(folder, text, quick_ports()).keys == made.keys
        if not was_killed:
            break
        struck += 1
    assert struck >= at_least
    assert found == (None, made.keys)
