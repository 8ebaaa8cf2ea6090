import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.services.workspace.hardening import PASSPHRASE_VARIABLE, take_passphrase

ROOT = Path(__file__).parents[3]
linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")

HARDENED = """
import resource
from app.services.workspace.hardening import Hardening, harden_process
assert harden_process() == Hardening(core_dumps_off=True, tracing_off=True)
assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)
assert harden_process().core_dumps_off
"""

TAKEN = """
import os, subprocess, sys
from pathlib import Path
from app.services.workspace.hardening import take_passphrase
assert b"quiet heron" in Path("/proc/self/environ").read_bytes()
assert take_passphrase() == "quiet heron"
assert "MIDESK_PASSPHRASE" not in os.environ
assert b"quiet heron" not in Path("/proc/self/environ").read_bytes()
child = subprocess.run([sys.executable, "-c", "import os; print(os.environ)"], capture_output=True, text=True)
assert "quiet heron" not in child.stdout
assert take_passphrase() is None
"""


def run(script: str, **extra: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "PYTHONPATH": str(ROOT), **extra}
    return subprocess.run(
        [sys.executable, "-c", script], env=environ, capture_output=True, text=True, check=False
    )


@linux_only
def test_a_hardened_process_dumps_no_core_and_is_not_traced():
    result = run(HARDENED)
    assert result.returncode == 0, result.stderr


@linux_only
def test_a_passphrase_taken_is_gone_from_what_others_can_read():
    result = run(TAKEN, **{PASSPHRASE_VARIABLE: "quiet heron"})
    assert result.returncode == 0, result.stderr


def test_a_passphrase_is_taken_once():
    environ = {PASSPHRASE_VARIABLE: "quiet heron", "HOME": "/home/nilsson"}
    assert take_passphrase(environ) == "quiet heron"
    assert environ == {"HOME": "/home/nilsson"}
    assert take_passphrase(environ) is None
