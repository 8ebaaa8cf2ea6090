"""Keep secrets of the process out of core dumps and the environment."""

import ctypes
import logging
import os
import sys
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Final

logger = logging.getLogger(__name__)

PASSPHRASE_VARIABLE: Final = "MIDESK_PASSPHRASE"  # noqa: S105 - the name of the variable, not a secret
_PR_GET_DUMPABLE: Final = 3  # linux/prctl.h
_PR_SET_DUMPABLE: Final = 4


@dataclass(frozen=True, slots=True)
class Hardening:
    """What the system granted; a refusal is logged and not fatal."""

    core_dumps_off: bool
    tracing_off: bool


def harden_process() -> Hardening:
    """Forbid core dumps and, on Linux, tracing by other processes.

    Windows has neither call: its error reports are governed by the administrator, so both stay False.
    macOS has the core limit only.
    """
    hardening = Hardening(core_dumps_off=_forbid_core_dumps(), tracing_off=_forbid_tracing())
    if not hardening.core_dumps_off:
        logger.warning("Core dumps could not be switched off on this system")
    return hardening


def take_passphrase(environ: MutableMapping[str, str] = os.environ) -> str | None:
    """Read the passphrase of an automated call and remove it.

    Child processes do not inherit it, and on Linux and macOS the block that other programs can
    list (`/proc/PID/environ`, `ps e`) is overwritten too.
    """
    if environ is os.environ:
        _blank_initial_environment(PASSPHRASE_VARIABLE)
    return environ.pop(PASSPHRASE_VARIABLE, None)


def _forbid_core_dumps() -> bool:
    if sys.platform == "win32":
        return False
    import resource  # on POSIX only

    try:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (OSError, ValueError):
        return False
    return resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)


def _forbid_tracing() -> bool:
    if not sys.platform.startswith("linux"):
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    return int(libc.prctl(_PR_GET_DUMPABLE, 0, 0, 0, 0)) == 0


def _blank_initial_environment(name: str) -> None:
    # unsetenv() only drops the pointer; the text stays in the block the kernel shows.
    if sys.platform == "win32":
        return
    libc = ctypes.CDLL(None)
    libc.getenv.argtypes = [ctypes.c_char_p]
    libc.getenv.restype = ctypes.c_void_p
    address = libc.getenv(name.encode("ascii"))
    if address:
        ctypes.memset(address, 0, len(ctypes.string_at(address)))
