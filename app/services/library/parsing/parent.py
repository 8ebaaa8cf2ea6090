"""Have a foreign file read by a child process, and outlive whatever it does to the child."""

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from app.errors import EnvironmentFaultError, InputRefusedError
from app.services.jobs import JobContext
from app.services.library.parsing import limits
from app.services.library.parsing.memory import resident_bytes

# The frozen program starts itself again with this word; `app/__main__.py` knows it.
REENTRY: Final = "--read-foreign-file"
_TICK_S: Final = 0.05
_XCPU: Final = int(getattr(signal, "SIGXCPU", 0)) or 24
_MODULE: Final = "app.services.library.parsing"
_ROOT: Final = Path(__file__).resolve().parents[4]
_KEPT_ENVIRONMENT: Final = ("SYSTEMROOT", "WINDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LANG")


def read_in_child(path: Path, kind: str, job: JobContext | None = None) -> Mapping[str, Any]:
    """Return what the child read of a file, as plain data that is still to be checked.

    Raises `InputRefusedError` for every fault of the file, also when it killed the child, and
    `JobCancelledError` once the job is cancelled.
    """
    _check_readable(path)
    job = job or JobContext()
    child = _start()
    try:
        written = _answer(child, json.dumps({"kind": kind, "path": str(path.absolute())}), job)
    finally:
        child.kill()
        child.communicate()
    return _checked(written)


def command() -> list[str]:
    """Return the command that starts the child, from source and in a frozen program."""
    if getattr(sys, "frozen", False):
        return [sys.executable, REENTRY]
    # Without -P a file named like a library in the current folder would be run.
    return [sys.executable, "-P", "-m", _MODULE]


def _check_readable(path: Path) -> None:
    try:
        found = path.stat()
    except OSError as exc:
        reason = exc.strerror or "no reason given"
        raise InputRefusedError(
            f"{path.name} cannot be read ({reason}). Nothing was taken in. Check its name and rights."
        ) from exc
    if not stat.S_ISREG(found.st_mode):
        raise InputRefusedError(f"{path.name} is no file. Nothing was taken in. Choose a file.")
    if found.st_size > limits.FILE_BYTES:
        raise InputRefusedError(
            f"{path.name} is {found.st_size // limits.MEGABYTE} MB, the limit is "
            f"{limits.FILE_BYTES // limits.MEGABYTE} MB. Nothing was taken in. Split the file."
        )


def _start() -> "subprocess.Popen[bytes]":
    environment = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
    environment |= {"PYTHONPATH": str(_ROOT), "PYTHONIOENCODING": "utf-8"}
    try:
        return subprocess.Popen(  # noqa: S603 - our own program
            command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError as exc:
        raise EnvironmentFaultError(
            "The reader for foreign files could not be started. Nothing was taken in. Try again."
        ) from exc


def _answer(child: "subprocess.Popen[bytes]", request: str, job: JobContext) -> bytes:
    ends_at = time.monotonic() + _clock_seconds()
    pending: bytes | None = request.encode() + b"\n"
    while True:
        job.checkpoint()
        try:
            written = child.communicate(pending, timeout=_TICK_S)[0]
        except subprocess.TimeoutExpired:
            pending = None
        else:
            if child.returncode == -_XCPU:
                raise _too_slow()
            return written
        if time.monotonic() > ends_at:
            raise _too_slow()
        if resident_bytes(child.pid) > limits.MEMORY_BYTES:
            raise InputRefusedError(
                f"It needs more than {limits.MEMORY_BYTES // limits.MEGABYTE} MB of memory. "
                "Nothing was taken in. Split it or make it simpler."
            )


def _clock_seconds() -> float:
    """Return how long the child may take by the clock; where it cannot limit itself, the parent does."""
    return limits.SECONDS if sys.platform == "win32" else limits.CLOCK_SECONDS


def _too_slow() -> InputRefusedError:
    return InputRefusedError(
        f"It could not be read within {limits.SECONDS:.0f} seconds. Nothing was taken in. "
        "Split it or save it again from the program it was made in."
    )


def _checked(written: bytes) -> Mapping[str, Any]:
    try:
        answer = json.loads(written)
    except (ValueError, RecursionError):
        answer = None
    if isinstance(answer, dict):
        if isinstance(read := answer.get("read"), dict):
            return read
        if isinstance(reason := answer.get("refused"), str):
            raise InputRefusedError(reason)
    raise InputRefusedError(
        "Its structure could not be read: the reader stopped. Nothing was taken in. "
        "Save it again from the program it was made in."
    )
