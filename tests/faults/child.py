"""The process that is killed: forks one writer for each line of JSON on its input.

Forking saves the start of an interpreter for each of hundreds of faults. Under
strace the faults strike at a fixed call of each process, so a writer first
burns calls: it is struck at call `when - burn` of its real work.
"""

import json
import os
import sys
import time
from itertools import islice
from pathlib import Path
from typing import Any

from app.errors import EnvironmentFaultError
from app.services.workspace.database import Database
from tests.faults.invariants import open_database
from tests.faults.stream import Step, perform, steps

REOPEN_EVERY = 23
RETRIES = 5


def say(text: str, channel: int = 1) -> None:
    """Write one whole line at once, so that a kill leaves none in part."""
    os.write(channel, f"{text}\n".encode())


def burn(call: str, count: int) -> None:
    """Make calls that change nothing."""
    spare = os.open(os.devnull, os.O_WRONLY)
    for _ in range(count):
        if call == "pwrite64":
            os.pwrite(spare, b"", 0)
        else:
            try:
                os.fsync(spare)
            except OSError:
                continue
    os.close(spare)


class Writer:
    """Performs steps of one stream and says each number once it is committed."""

    def __init__(self, job: dict[str, Any]) -> None:
        self._folder = Path(job["folder"])
        self._actor = job.get("actor", "user-1")
        self._spill = job.get("spill", False)
        self._retry = job.get("retry", False)
        self._channel = os.open(job["acks"], os.O_WRONLY | os.O_APPEND) if "acks" in job else 1
        self._database: Database | None = None

    def _opened(self) -> Database:
        if self._database is None:
            self._database = open_database(self._folder, self._actor)
            if self._spill:
                with self._database.unit() as uow:
                    # So small that pages of an unfinished transaction go to the log.
                    uow.connection.connection.dbapi_connection.execute("PRAGMA cache_size = 12")
        return self._database

    def _close(self) -> None:
        if self._database is not None:
            self._database.close()
        self._database = None

    def run(self, job: dict[str, Any]) -> None:
        end = time.monotonic() + job.get("seconds", 3600)
        stream = steps(job["seed"], job.get("prefix", "s"))
        for number, step in enumerate(islice(stream, job["stop"]), start=1):
            if number <= job["start"]:
                continue
            if time.monotonic() > end:
                break
            self._perform(step)
            say(f"ack {number}", self._channel)
            if number % REOPEN_EVERY == 0:
                self._close()
        self._close()

    def _perform(self, step: Step) -> None:
        for _ in range(RETRIES if self._retry else 0):
            try:
                perform(self._opened(), step)
            except EnvironmentFaultError as error:
                say(f"fault {type(error).__name__}: {error}")
            else:
                return
        perform(self._opened(), step)


def run_job(job: dict[str, Any]) -> None:
    """Write as the job says; any error but the expected ones ends the process with its name."""
    for call, count in job.get("burn", {}).items():
        burn(call, count)
    Writer(job).run(job)


def main() -> None:
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                run_job(json.loads(line))
                status = 0
            finally:
                if status:
                    error = sys.exc_info()[1]
                    say(f"error {type(error).__name__}: {str(error)[:300]!r}")
                os._exit(status)
        say(f"pid {pid}")
        say(f"exit {os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}")


if __name__ == "__main__":
    main()
