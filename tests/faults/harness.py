"""Start the writers, hear their acknowledgements, and inject faults into them."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from tests.conftest import FakeClock, new_database

ROOT = Path(__file__).parents[2]
STRACE = shutil.which("strace")
# The call of a writer at which strace strikes; it burns some of them to be struck earlier.
STRIKE = {"pwrite64": 2500, "fsync": 100}


def make_workspace(folder: Path) -> Path:
    """An empty workspace, folded into one file."""
    folder.mkdir(parents=True)
    new_database(folder, FakeClock()).close()
    return folder


def copy_workspace(source: Path, target: Path) -> Path:
    shutil.copytree(source, target)
    return target


@dataclass
class Outcome:
    """What one writer said before it ended."""

    status: int = 0
    acknowledged: int = 0
    faults: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def was_killed(self) -> bool:
        return self.status == -signal.SIGKILL


class Writers:
    """A process that forks writers; killed with its last writer at the end."""

    def __init__(self, prefix: Sequence[str] = (), env: Mapping[str, str] | None = None) -> None:
        self._process = subprocess.Popen(
            [*prefix, sys.executable, "-m", "tests.faults.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env={**os.environ, **(env or {})},
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()

    def start(self, **job: Any) -> int:
        """Start a writer and return its process id."""
        self._process.stdin.write(json.dumps(job, default=str) + "\n")
        self._process.stdin.flush()
        word, number = next(self._lines()).split()
        assert word == "pid"
        return int(number)

    def listen(self, outcome: Outcome, until: int | None = None) -> Outcome:
        """Take in what the writer says, to its end or to an acknowledgement."""
        for line in self._lines():
            word, rest = line.split(maxsplit=1)
            if word == "exit":
                outcome.status = int(rest)
                return outcome
            if word == "ack":
                outcome.acknowledged = int(rest)
                if outcome.acknowledged == until:
                    return outcome
            elif word == "fault":
                outcome.faults.append(rest)
            elif word == "error":
                outcome.errors.append(rest)
        raise AssertionError("the writers ended without a word")

    def run(self, **job: Any) -> Outcome:
        """Run one writer to its end."""
        self.start(**job)
        return self.listen(Outcome(acknowledged=job["start"]))

    def _lines(self) -> Iterator[str]:
        # A buffered iterator would hold lines back; readline does not.
        while line := self._process.stdout.readline():
            yield line.strip()


def struck_writers(call: str, action: str, length: int = 1) -> Writers:
    """Writers under strace who meet with the action at call number STRIKE and some calls after it."""
    assert STRACE
    inject = f"inject={call}:{action}:when={STRIKE[call]}..{STRIKE[call] + length - 1}"
    # strace 6.1 delivers no signal to calls that it hears of by the quicker way.
    quicker = [] if action.startswith("signal") else ["--seccomp-bpf"]
    return Writers([STRACE, *quicker, "-f", "-qq", "-o", os.devnull, "-e", f"trace={call}", "-e", inject])
