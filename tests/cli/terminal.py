"""Runs verbs on terminals of their own and types the answers, each when its prompt is on the screen.

One call a line on stdin: {"words": [...], "answers": [["Passphrase: ", "..."], ...], "environment": {...},
"out": PATH, "keyring": PATH or null}. A process of its own, because only a child without threads can take a
terminal as its controlling one; the program is loaded once, as that costs more than most verbs.
"""

import json
import os
import pty
import select
import sys
import time
import traceback
from pathlib import Path

import keyring
from keyring.backend import KeyringBackend

from app import cli

LONGEST_S = 90


class FileKeyring(KeyringBackend):
    """A keyring as a desktop has one, but kept in a file of the test."""

    priority = 1

    def __init__(self, store: Path) -> None:
        super().__init__()
        self._store = store

    def get_password(self, service: str, username: str) -> str | None:
        return self._all().get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self._store.write_text(json.dumps({**self._all(), username: password}))

    def delete_password(self, service: str, username: str) -> None:
        kept = {name: secret for name, secret in self._all().items() if name != username}
        self._store.write_text(json.dumps(kept))

    def _all(self) -> dict[str, str]:
        return json.loads(self._store.read_text()) if self._store.exists() else {}


# The vault trusts a keyring by the module that it comes from.
FileKeyring.__module__ = "keyring.backends.SecretService"


def main() -> None:
    """Serve until stdin ends."""
    for line in sys.stdin:
        sys.stdout.write(json.dumps(_called(json.loads(line))) + "\n")
        sys.stdout.flush()


def _called(call: dict) -> dict:
    pid, terminal = pty.fork()
    if pid == 0:
        os._exit(_run(call))
    screen, left = _driven(terminal, call["answers"])
    # A verb that still waits for an answer sees that its terminal is gone.
    os.close(terminal)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return {"code": code, "screen": screen, "not_asked": left}


def _run(call: dict) -> int:
    descriptor = os.open(call["out"], os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    os.dup2(descriptor, 1)
    sys.stdin = os.fdopen(0)
    sys.stdout = os.fdopen(1, "w")
    os.environ.clear()
    os.environ.update(call["environment"])
    if call["keyring"] is not None:
        keyring.set_keyring(FileKeyring(Path(call["keyring"])))
    try:
        code = cli.main(call["words"])
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001 - as the interpreter itself ends a process
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return code


def _driven(terminal: int, answers: list[list[str]]) -> tuple[str, list[list[str]]]:
    screen, seen, left = "", 0, list(answers)
    deadline = time.monotonic() + LONGEST_S
    while time.monotonic() < deadline:
        if left and left[0][0] in screen[seen:]:
            _prompt, answer = left.pop(0)
            seen = len(screen)
            os.write(terminal, f"{answer}\n".encode())
        readable, _, _ = select.select([terminal], [], [], 1)
        if not readable:
            continue
        try:
            read = os.read(terminal, 65536)
        except OSError:
            # Linux says so when the last process on the terminal has ended.
            break
        if not read:
            break
        screen += read.decode()
    return screen, left


if __name__ == "__main__":
    main()
